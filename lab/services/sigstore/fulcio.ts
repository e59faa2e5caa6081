// Fulcio: exchanges an identity token and a proof of possession for a certificate that is valid for ten minutes.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';

import { type Answer, type Exchange, isObject, json, parseObject, Refusal } from '../answer.ts';
import {
  type Authority,
  buildTbs,
  createAuthority,
  extension,
  keyIdentifiers,
  leafUsage,
  newSerial,
  signCertificate,
  toPem,
} from './certificate.ts';
import { CtLog, sctList } from './ct-log.ts';
import { sequence, tagged } from './der.ts';
import { type Claims, fulcioExtensions } from './extensions.ts';
import { checkIdentityToken, type TrustedIssuer } from './identity-token.ts';

export interface FulcioSettings {
  issuers: readonly TrustedIssuer[];
  /** Seconds between now and the start of the certificate. */
  startsIn: number;
  lifetimeSeconds: number;
  /** Object identifier of the extended key usage; an empty one omits the extension. */
  extendedKeyUsage: string;
  /** `foreign` gets the SCT of the certificate from an untrusted log. */
  sct: 'good' | 'none' | 'foreign';
  /** Last arcs of the Fulcio extensions to omit, such as "8". */
  omittedExtensions: readonly string[];
  /** Replaces the subject alternative name that is derived from the claims. */
  subject: string;
}

export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';
const YEAR = 365 * 24 * 3600 * 1000;

export class Fulcio {
  readonly ctLog = new CtLog();
  readonly #foreignLog = new CtLog();
  readonly #authority: Authority;
  readonly #settings: FulcioSettings;

  constructor(organization: string, settings: FulcioSettings) {
    const validity = {
      notBefore: new Date(Date.now() - YEAR),
      notAfter: new Date(Date.now() + 9 * YEAR),
    };
    const root = createAuthority({ organization, commonName: 'sigstore' }, validity, 1);
    this.#authority = createAuthority(
      { organization, commonName: 'sigstore-intermediate' },
      validity,
      0,
      root,
    );
    this.#settings = settings;
  }

  get chain(): readonly Buffer[] {
    return this.#authority.chain;
  }

  async serve({ method, url, headers, body }: Exchange): Promise<Answer> {
    if (`${method} ${url.pathname}` !== 'POST /api/v2/signingCert') return { status: 404 };
    const request = parseObject(body);
    const token = identityToken(request, headers.authorization);
    const claims = await checkIdentityToken(token, this.#settings.issuers).catch(
      (error: unknown) => {
        throw refuse(401, 16, `There was an error processing the identity token: ${String(error)}`);
      },
    );
    const key = provenKey(request, claims);
    const certificates = [this.#issue(key, claims), ...this.#authority.chain].map((der) =>
      toPem(der),
    );
    return json(200, { signedCertificateEmbeddedSct: { chain: { certificates } } });
  }

  #issue(key: KeyObject, claims: Claims): Buffer {
    const { startsIn, lifetimeSeconds, extendedKeyUsage, sct, omittedExtensions, subject } =
      this.#settings;
    const now = new Date();
    const notBefore = new Date(now.getTime() + startsIn * 1000);
    const validity = {
      notBefore,
      notAfter: new Date(notBefore.getTime() + lifetimeSeconds * 1000),
    };
    const uri = subject || `https://github.com/${String(claims['job_workflow_ref'])}`;
    const extensions = [
      ...leafUsage(extendedKeyUsage || undefined, 'plain'),
      ...keyIdentifiers(key, this.#authority.publicKey),
      extension('2.5.29.17', sequence(tagged(0x86, Buffer.from(uri))), 'critical'),
      ...fulcioExtensions(claims, omittedExtensions),
    ];
    const template = { subject: sequence(), key, validity, extensions, serial: newSerial() };
    const tbs = buildTbs(this.#authority, template);
    if (sct === 'none') return signCertificate(this.#authority, tbs);
    const log = sct === 'good' ? this.ctLog : this.#foreignLog;
    const list = extension(SCT_LIST, sctList(log.timestamp(tbs, this.#authority.publicKey, now)));
    return signCertificate(
      this.#authority,
      buildTbs(this.#authority, { ...template, extensions: [...extensions, list] }),
    );
  }
}

function identityToken(
  request: Record<string, unknown> | undefined,
  authorization: string | undefined,
): string {
  const credentials = request?.['credentials'];
  const inBody = isObject(credentials) ? credentials['oidcIdentityToken'] : undefined;
  return typeof inBody === 'string' ? inBody : (authorization ?? '').replace(/^Bearer /i, '');
}

/** The proof of possession is a signature over the subject claim. */
function provenKey(request: Record<string, unknown> | undefined, claims: Claims): KeyObject {
  const wanted = request?.['publicKeyRequest'];
  const publicKey = isObject(wanted) ? wanted['publicKey'] : undefined;
  const pem = isObject(publicKey) ? publicKey['content'] : undefined;
  const proof = isObject(wanted) ? wanted['proofOfPossession'] : undefined;
  let key: KeyObject;
  try {
    key = createPublicKey(String(pem));
  } catch {
    throw refuse(400, 3, 'The public key supplied in the request could not be parsed');
  }
  const challenge = Buffer.from(String(claims['sub']));
  if (!verify(hashOf(key), challenge, key, Buffer.from(String(proof), 'base64'))) {
    throw refuse(400, 3, 'The signature supplied in the request could not be verified');
  }
  return key;
}

/** The hash for each key: https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md */
function hashOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | null {
  if (asymmetricKeyType === 'ed25519') return null;
  const hashes: Readonly<Record<string, string>> = { secp384r1: 'sha384', secp521r1: 'sha512' };
  return hashes[asymmetricKeyDetails?.namedCurve ?? ''] ?? 'sha256';
}

function refuse(status: number, code: number, message: string): Refusal {
  return new Refusal(json(status, { code, message, details: [] }));
}
