// The only maker of a VerifiedBundle: everything that cryptography can say about a bundle, and nothing about who is welcome.
import { type Bundle, bundleFromJSON } from '@sigstore/bundle';
import { RFC3161Timestamp, type X509Certificate } from '@sigstore/core';
import { toSignedEntity, VerificationError, Verifier as Engine } from '@sigstore/verify';
import { ActionError, messageOf } from '../errors.ts';
import type { FoundBundle, LogEntry, VerifiedBundle, VerifiedTime } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import { isNonEmpty, isProblem, isRecord, parseJson } from '../model/parsed.ts';
import { isAbout, parseStatement, PAYLOAD_TYPE } from '../model/statement.ts';
import type { Checked, RejectionCode } from '../model/verdict.ts';
import { identityOf, isForCodeSigning, parseCertificate } from './certificate.ts';
import { recordedKeys } from './log-entry-key.ts';
import type { Trust, TrustFor } from './trust.ts';

/** Verifies one bundle for one manifest; a refusal is a value, whatever the bundle holds. Throws `service` errors when a trusted root cannot be had. */
export type Verify = (found: FoundBundle, digest: Digest) => Promise<Checked>;

/** Versions 0.1 to 0.3: sigstore protobuf-specs, `Bundle.media_type`. */
const MEDIA_TYPES = new Set<unknown>([
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
]);

class Refusal extends Error {
  readonly code: RejectionCode;
  readonly rule: string;
  readonly expected: string;
  readonly found: string;

  constructor(code: RejectionCode, rule: string, expected: string, found: string) {
    super(found);
    this.code = code;
    this.rule = rule;
    this.expected = expected;
    this.found = found;
  }
}

export function createVerifier(trustFor: TrustFor): Verify {
  return async (found, digest) => {
    try {
      return { verified: await verify(found, digest, trustFor) };
    } catch (error) {
      if (error instanceof ActionError) throw error;
      const { code, rule, expected, found: state } = error instanceof Refusal ? error : refusalOf(error);
      return { rejected: { found, code, finding: { rule, expected, found: state } } };
    }
  };
}

// The order of the Sigstore client specification, "Verification", with the checks that the engine leaves to its caller behind it.
async function verify(found: FoundBundle, digest: Digest, trustFor: TrustFor): Promise<VerifiedBundle> {
  const bundle = parseBundle(found.json);
  if (bundle.content.$case !== 'dsseEnvelope') throw new Refusal('BUNDLE_UNSUPPORTED', 'content', 'a DSSE envelope', 'a message signature');
  const certificate = certificateOf(bundle);
  const trust = checkCryptography(bundle, await trustFor(certificate));
  if (!isForCodeSigning(certificate)) throw new Refusal('CERTIFICATE_USAGE', 'certificate usage', 'code signing', 'another use');
  checkRecordedKeys(bundle, certificate);
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE) throw new Refusal('PAYLOAD_TYPE', 'payload type', PAYLOAD_TYPE, payloadType);
  const statement = parseStatement(payload);
  if (isProblem(statement)) throw new Refusal('STATEMENT', 'statement', 'an in-toto statement', statement.problem);
  if (!isAbout(statement.value, digest)) {
    const subjects = statement.value.subject.slice(0, 3).map((subject) => `sha256:${subject.digest['sha256'] ?? '(none)'}`);
    throw new Refusal('SUBJECT', 'subject', digest, subjects.join(', '));
  }
  const signer = identityOf(certificate);
  if (isProblem(signer)) throw new Refusal('CERTIFICATE_IDENTITY', 'certificate identity', 'one subject alternative name and an issuer', signer.problem);
  const times = timesOf(bundle);
  if (!isNonEmpty(times)) throw new Refusal('TIMESTAMP', 'verified time', 'a timestamp or a signed log entry', 'none');
  const evidence: Omit<VerifiedBundle, keyof VerifiedBundle & symbol> = {
    found, statement: statement.value, signer: signer.value, times, logEntries: logEntriesOf(bundle, trust),
  };
  return evidence as VerifiedBundle;
}

/** The instance that the bundle holds for. One authority may be in several roots: it is enough that one of them bears the bundle out. */
function checkCryptography(bundle: Bundle, trusts: readonly Trust[]): Trust {
  const [first, ...others] = trusts;
  if (!first) throw new Refusal('CERTIFICATE', 'certificate', 'issued by a trusted authority', 'the name of its issuer is not among the trusted authorities');
  try {
    new Engine(first.material, first.thresholds).verify(toSignedEntity(bundle));
    return first;
  } catch (error) {
    if (others.length === 0) throw error;
    return checkCryptography(bundle, others);
  }
}

function parseBundle(bytes: Buffer): Bundle {
  const json = parseJson(bytes.toString('utf8'));
  if (!isRecord(json)) throw new Refusal('BUNDLE_MALFORMED', 'bundle', 'a JSON object', json === undefined ? 'not JSON' : 'other JSON');
  const { mediaType } = json;
  if (!MEDIA_TYPES.has(mediaType)) throw new Refusal('BUNDLE_VERSION', 'bundle version', '0.1, 0.2 or 0.3', typeof mediaType === 'string' ? mediaType : 'no mediaType');
  return bundleFromJSON(json);
}

function certificateOf({ verificationMaterial: { content } }: Bundle): X509Certificate {
  switch (content.$case) {
    case 'certificate':
      return parseCertificate(content.certificate.rawBytes);
    case 'x509CertificateChain': {
      const [leaf] = content.x509CertificateChain.certificates;
      if (!leaf) throw new Refusal('BUNDLE_MALFORMED', 'certificate', 'a certificate', 'an empty chain');
      return parseCertificate(leaf.rawBytes);
    }
    case 'publicKey':
      throw new Refusal('BUNDLE_UNSUPPORTED', 'verification material', 'a certificate', 'a public key');
  }
}

/** The engine compares signature and digest with the log entry, not the key: a foreign entry for the same signature would count. */
function checkRecordedKeys({ verificationMaterial }: Bundle, certificate: X509Certificate): void {
  for (const entry of verificationMaterial.tlogEntries) {
    const [key] = recordedKeys(entry);
    if (!key?.equals(certificate.root.toDER())) throw new Refusal('LOG_ENTRY_KEY', 'key in the log entry', 'the certificate of the bundle', key ? 'another' : 'none');
  }
}

/** The engine has verified every one of them, or it would have refused. */
function timesOf({ verificationMaterial: { tlogEntries, timestampVerificationData } }: Bundle): readonly VerifiedTime[] {
  const stamps = (timestampVerificationData?.rfc3161Timestamps ?? [])
    .map(({ signedTimestamp }) => ({ time: RFC3161Timestamp.parse(Buffer.from(signedTimestamp)).signingTime, source: 'timestamp-authority' as const }));
  const entries = tlogEntries
    .filter((entry) => entry.inclusionPromise && Number(entry.integratedTime) > 0)
    .map((entry) => ({ time: new Date(Number(entry.integratedTime) * 1000), source: 'transparency-log' as const }));
  return [...stamps, ...entries];
}

function logEntriesOf({ verificationMaterial }: Bundle, trust: Trust): readonly LogEntry[] {
  return verificationMaterial.tlogEntries.map(({ logId, logIndex }) => ({
    log: trust.material.tlogs.find((log) => logId && log.logID.equals(logId.keyId))?.baseURL ?? 'unknown',
    index: logIndex,
  }));
}

function refusalOf(error: unknown): Refusal {
  const state = messageOf(error);
  if (!(error instanceof VerificationError)) return new Refusal('BUNDLE_MALFORMED', 'bundle', 'a well-formed Sigstore bundle', state);
  switch (error.code) {
    case 'CERTIFICATE_ERROR':
    case 'PUBLIC_KEY_ERROR':
      return new Refusal('CERTIFICATE', 'certificate', 'issued by a trusted authority and valid when it signed', state);
    case 'SIGNATURE_ERROR':
      return new Refusal('SIGNATURE', 'signature', 'made by the certificate\'s key over this payload', state);
    case 'TIMESTAMP_ERROR':
      return new Refusal('TIMESTAMP', 'timestamp', 'from a trusted timestamp authority or log', state);
    default:
      return new Refusal('TRANSPARENCY_LOG', 'transparency log', 'an entry of a trusted log for this signature', state);
  }
}
