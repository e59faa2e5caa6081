// Signs in cosign v2's format: a payload for the tag `.sig`, an envelope for `.att`, each logged in Rekor v1 and timestamped.
import type { KeyObject } from 'node:crypto';
import { dsse } from '@sigstore/core';
import {
  attestationLayer,
  type LayerEvidence,
  type PromisedEntry,
  signatureLayer,
} from '../../cosign/signed-layer.ts';
import { ActionError } from '../../errors.ts';
import type { Transport } from '../../http/message.ts';
import type { SignedLayer } from '../../model/bundle.ts';
import { PAYLOAD_TYPE, serializeStatement, type Statement } from '../../model/statement.ts';
import { assertDigestIsLogged } from './key-algorithm.ts';
import type { KeyHolder } from './key-holder.ts';
import { dsseEntry, hashedRekordEntry, logInRekorV1, type ProposedEntry } from './rekor-v1.ts';
import type { SigningServices } from './signing-config.ts';
import { type Entry, unlessUnreadable } from './signing-service.ts';
import { timestamp } from './timestamp.ts';

export interface LayerSigner {
  /** Signs a simple-signing payload unchanged. */
  signPayload(payload: Buffer): Promise<SignedLayer>;
  signEnvelope(statement: Statement): Promise<SignedLayer>;
}

/** Both throw `input` errors if the logs or the key do not fit: `assertFormatIsLogged` detects this beforehand. */
export function layerSigner(
  holder: KeyHolder,
  services: SigningServices,
  transport: Transport,
): LayerSigner {
  const witness = (entry: ProposedEntry, stamped: Buffer): Promise<LayerEvidence> =>
    evidenceOf(holder, entry, stamped, { services, transport });
  const signPayload = async (payload: Buffer): Promise<SignedLayer> => {
    if (services.logs.length > 0) assertDigestIsLogged(holder.publicKey);
    const signature = holder.sign(payload, 'sha256');
    const entry = hashedRekordEntry(payload, signature, holder.verifier);
    return signatureLayer(payload, signature, await witness(entry, signature));
  };
  const signEnvelope = async (statement: Statement): Promise<SignedLayer> => {
    const payload = serializeStatement(statement);
    const signature = holder.sign(dsse.preAuthEncoding(PAYLOAD_TYPE, payload), 'sha256');
    const envelope = envelopeOf(payload, signature);
    const entry = dsseEntry(envelope.toString(), holder.verifier);
    // For attestations, cosign timestamps the whole envelope: pkg/cosign/verify.go, `VerifyRFC3161Timestamp`.
    const evidence = await witness(entry, envelope);
    return attestationLayer(envelope, statement.predicateType, evidence);
  };
  return {
    signPayload: (payload) => unlessUnreadable(() => signPayload(payload)),
    signEnvelope: (statement) => unlessUnreadable(() => signEnvelope(statement)),
  };
}

/** The log that this format supports, undefined if nothing is logged; throws an `input` error if only others are in use. */
export function legacyLog({ logs, rekorV1 }: SigningServices): string | undefined {
  const log = logs.find(({ version }) => version === 1)?.url ?? rekorV1;
  if (log !== undefined || logs.length === 0) return log;
  throw new ActionError('input', 'INPUT_CONFLICT', {
    message: "Cannot sign in cosign v2's format: the signing configuration has no Rekor v1 log",
    remedy:
      'set "signature-format: bundle", or name a signing configuration with a Rekor v1 log in "sigstore"',
  });
}

/** Checks that what is signed in this format can be logged, without a request. Throws `input` errors. */
export function assertFormatIsLogged(
  services: SigningServices,
  payloads: 'with payloads' | 'envelopes alone',
  key: KeyObject | undefined,
): void {
  const log = legacyLog(services);
  if (key && log !== undefined && payloads === 'with payloads') assertDigestIsLogged(key);
}

async function evidenceOf(
  { certified }: KeyHolder,
  proposed: ProposedEntry,
  stamped: Buffer,
  { services, transport }: { readonly services: SigningServices; readonly transport: Transport },
): Promise<LayerEvidence> {
  const log = legacyLog(services);
  // The format allows one timestamp.
  const [authority] = services.timestampAuthorities;
  const [entry, stamp] = await Promise.all([
    log === undefined ? undefined : logInRekorV1(log, proposed, transport),
    authority === undefined ? undefined : timestamp(authority, stamped, transport),
  ]);
  return { certified, entry: entry && promised(entry), timestamp: stamp };
}

function promised(entry: Entry): PromisedEntry {
  return {
    body: entry.canonicalizedBody,
    integratedTime: Number(entry.integratedTime),
    logIndex: Number(entry.logIndex),
    logId: entry.logId.keyId,
    signedEntryTimestamp: entry.inclusionPromise?.signedEntryTimestamp ?? Buffer.alloc(0),
  };
}

/** Members in the order of Go's `dsse.Envelope`. */
function envelopeOf(payload: Buffer, signature: Buffer): Buffer {
  return Buffer.from(
    JSON.stringify({
      payloadType: PAYLOAD_TYPE,
      payload: payload.toString('base64'),
      signatures: [{ keyid: '', sig: signature.toString('base64') }],
    }),
  );
}
