// Layers of the `.sig` and `.att` tags as cosign v2 writes them: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
import { toPem } from '../services/sigstore/certificate.ts';
import type { EntryJson } from './bundle-json.ts';
import type { Endpoints } from './clients/endpoints.ts';
import { type LogKind, proposals, type ProposedEntry } from './clients/propose.ts';
import { logged } from './clients/rekor.ts';
import { timestamp, type TimestampForm } from './clients/timestamp.ts';
import { signEnvelope } from './envelope.ts';
import { type Holder, verifierOf } from './holder.ts';
import type { StatementJson } from './statement.ts';

export interface Layer {
  readonly mediaType: string;
  readonly blob: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Witnesses<Log> {
  readonly by: Holder;
  readonly log?: Log | 'none';
  readonly timestamp?: TimestampForm | 'none';
}

export interface SignatureParts extends Witnesses<'Rekor v1 hashedrekord 0.0.1'> {
  /** As `simpleSigning` returns it. */
  readonly payload: string;
}

export interface AttestationParts extends Witnesses<LogKind> {
  readonly payload: StatementJson;
}

export const CERTIFICATE_ANNOTATION = 'dev.sigstore.cosign/certificate';
export const SIGNATURE_ANNOTATION = 'dev.cosignproject.cosign/signature';
const BUNDLE_ANNOTATION = 'dev.sigstore.cosign/bundle';
const TIMESTAMP_ANNOTATION = 'dev.sigstore.cosign/rfc3161timestamp';

/** The layer that `cosign sign` creates. */
export async function composeSignatureLayer(
  endpoints: Endpoints,
  { by, payload, log = 'Rekor v1 hashedrekord 0.0.1', timestamp: form = 'none' }: SignatureParts,
): Promise<Layer> {
  const blob = Buffer.from(payload);
  const signature = by.sign(blob);
  const signed = { content: blob, signature, verifier: verifierOf(by) };
  const annotations = {
    [SIGNATURE_ANNOTATION]: signature.toString('base64'),
    ...certificateOf(by),
    ...(log !== 'none' && (await inLog(endpoints, proposals[log](signed)))),
    ...(form !== 'none' && (await stamped(endpoints, signature, form))),
  };
  return { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', blob, annotations };
}

/** The layer that `cosign attest` creates; its timestamp is over the whole envelope. */
export async function composeAttestationLayer(
  endpoints: Endpoints,
  { by, payload, log = 'Rekor v1 dsse 0.0.1', timestamp: form = 'none' }: AttestationParts,
): Promise<Layer> {
  const signed = signEnvelope(by, payload);
  const blob = Buffer.from(JSON.stringify(signed.envelope));
  const annotations = {
    [SIGNATURE_ANNOTATION]: '',
    predicateType: String(payload['predicateType']),
    ...certificateOf(by),
    ...(log !== 'none' && (await inLog(endpoints, proposals[log](signed)))),
    ...(form !== 'none' && (await stamped(endpoints, blob, form))),
  };
  return { mediaType: 'application/vnd.dsse.envelope.v1+json', blob, annotations };
}

/** The payload of a signature: containers-signature(5). */
export function simpleSigning(
  digest: string,
  {
    reference = 'registry.example/acme/app',
    type = 'cosign container image signature',
    optional = null,
  }: { readonly reference?: string; readonly type?: string; readonly optional?: unknown } = {},
): string {
  const critical = {
    identity: { 'docker-reference': reference },
    image: { 'docker-manifest-digest': digest },
    type,
  };
  return JSON.stringify({ critical, optional });
}

function certificateOf({ certificate }: Holder): Readonly<Record<string, string>> {
  return certificate ? { [CERTIFICATE_ANNOTATION]: toPem(certificate) } : {};
}

async function inLog(
  endpoints: Endpoints,
  proposed: ProposedEntry,
): Promise<Readonly<Record<string, string>>> {
  const entry: EntryJson = await logged(endpoints, proposed);
  const { canonicalizedBody: body, integratedTime, logId, logIndex, inclusionPromise } = entry;
  const payload = {
    body,
    integratedTime: Number(integratedTime),
    logIndex: Number(logIndex),
    logID: Buffer.from(logId.keyId, 'base64').toString('hex'),
  };
  const bundle = {
    SignedEntryTimestamp: inclusionPromise?.signedEntryTimestamp,
    Payload: payload,
  };
  return { [BUNDLE_ANNOTATION]: JSON.stringify(bundle) };
}

async function stamped(
  endpoints: Endpoints,
  content: Buffer,
  form: TimestampForm,
): Promise<Readonly<Record<string, string>>> {
  const SignedRFC3161Timestamp = await timestamp(endpoints.timestamp, content, form);
  return { [TIMESTAMP_ANNOTATION]: JSON.stringify({ SignedRFC3161Timestamp }) };
}
