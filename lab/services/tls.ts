// A TLS certificate for 127.0.0.1 and the names of hosts in tests, of an authority that is created for it.
import { generateKeyPairSync } from 'node:crypto';

import {
  buildTbs,
  createAuthority,
  encodeName,
  extension,
  newSerial,
  signCertificate,
  toPem,
} from './sigstore/certificate.ts';
import { sequence, tagged } from './sigstore/der.ts';

/** All of them PEM. */
export interface TlsCertificate {
  readonly key: string;
  readonly cert: string;
  readonly authority: string;
}

export function certificateFor(...names: readonly string[]): TlsCertificate {
  const validity = {
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
  };
  const authority = createAuthority(
    { organization: 'Loopback', commonName: 'Loopback CA' },
    validity,
    0,
  );
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const addresses = [
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
    ...names.map((name) => tagged(0x82, Buffer.from(name))),
  ];
  const leaf = signCertificate(
    authority,
    buildTbs(authority, {
      subject: encodeName({ organization: 'Loopback', commonName: '127.0.0.1' }),
      key: publicKey,
      validity,
      extensions: [extension('2.5.29.17', sequence(...addresses))],
      serial: newSerial(),
    }),
  );
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: toPem(leaf),
    authority: authority.chain.map(toPem).join(''),
  };
}
