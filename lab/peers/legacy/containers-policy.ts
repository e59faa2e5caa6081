// Podman, CRI-O and skopeo: a policy.json that requires a signature by a key, in the tag `.sig`, for this exact repository.
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ask } from '../readers/answer.ts';
import type { TrustFiles } from '../../stack/trust.ts';
import type { Authority, LegacyReader } from './readers.ts';

interface TrustedRoot {
  readonly tlogs: readonly { readonly publicKey: { readonly rawBytes: string } }[];
}

export const containersPolicy: LegacyReader = {
  name: 'containers/image',
  tool: 'containers-policy',
  reads: 'tags',
  keysOnly: 'its keyless form wants an e-mail address or a host name as the identity',
  refusals: {
    root: /cryptographic signature verification of Rekor SET failed/,
    digest: /Signature for digest \S+ does not match/,
    key: /publicKey in Rekor SET does not match|cryptographic signature verification failed: invalid signature/,
    unlogged: /missing dev\.sigstore\.cosign\/bundle annotation/,
    name: /Signature for identity .*acme\/app.* is not accepted/,
  },
  async judge({ image, authority, trust }, stack) {
    const folder = await mkdtemp(join(stack.folder, 'policy-json-'));
    const [policy, registries] = [join(folder, 'policy.json'), join(folder, 'registries.d')];
    await mkdir(registries);
    await writeFile(
      join(registries, 'tags.yaml'),
      'default-docker:\n  use-sigstore-attachments: true\n',
    );
    await writeFile(policy, JSON.stringify(await policyFor(authority, trust)));
    return ask(stack, 'containers-policy', [policy, registries, image.reference]);
  },
};

async function policyFor(authority: Authority, trust: TrustFiles): Promise<object> {
  if (!('key' in authority)) throw new TypeError('only keys are judged');
  const logs = authority.log === 'ignored' ? {} : { rekorPublicKeyDatas: await logKeys(trust) };
  return {
    default: [
      {
        type: 'sigstoreSigned',
        keyPath: authority.key,
        ...logs,
        signedIdentity: { type: 'matchRepository' },
      },
    ],
  };
}

/** Base64 of PEM, as in policy.json. */
async function logKeys({ trustedRoot }: TrustFiles): Promise<readonly string[]> {
  const { tlogs } = JSON.parse(await readFile(trustedRoot, 'utf8')) as TrustedRoot;
  return tlogs.map(({ publicKey: { rawBytes } }) => {
    const pem = `-----BEGIN PUBLIC KEY-----\n${rawBytes}\n-----END PUBLIC KEY-----\n`;
    return Buffer.from(pem).toString('base64');
  });
}
