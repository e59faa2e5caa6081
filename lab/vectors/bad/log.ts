// Log entries that no trusted log confirms, or that belong to another log (docs/verification.md, section 3, rows 10 and 12).
import { generateKeyPairSync } from 'node:crypto';

import {
  type BundleJson,
  changed,
  type EntryJson,
  entryOf,
  type ProofJson,
} from '../../bundles/bundle-json.ts';
import { flipped, plusOne, replaced } from '../../bundles/damage.ts';
import { bad, type Draft } from '../draft.ts';
import { PAST, soon, within } from '../root.ts';
import { resigned } from '../services/log-key.ts';
import type { Workshop } from '../workshop.ts';

const NO_PROMISE = /^inclusion promise could not be verified$/;
const NO_CHECKPOINT = /^invalid checkpoint signature$/;

export async function log(workshop: Workshop): Promise<readonly Draft[]> {
  const { v1, v2, sign, of, stack, trustedRoot, otherRoot, ed25519Log } = workshop;
  const {
    rekorV2: { privateKey },
    rekorV1,
  } = stack.authorities;
  const refused = (
    name: string,
    about: string,
    bundle: BundleJson,
    found: RegExp,
    root = trustedRoot,
  ): Draft => bad(name, about, of(bundle, { trustedRoot: root }), 'TRANSPARENCY_LOG', found);
  const withEntry = (bundle: BundleJson, change: (entry: EntryJson) => unknown): BundleJson =>
    changed(bundle, (copy) => change(entryOf(copy)));
  const withProof = (change: (proof: ProofJson) => unknown): BundleJson =>
    withEntry(v2, ({ inclusionProof }) => inclusionProof && change(inclusionProof));
  const withCheckpoint = (change: (envelope: string) => string, bundle = v2): BundleJson =>
    withEntry(
      bundle,
      ({ inclusionProof }) =>
        inclusionProof?.checkpoint &&
        (inclusionProof.checkpoint.envelope = change(inclusionProof.checkpoint.envelope)),
    );
  const ed25519 = await sign({}, { ...stack.endpoints, rekorV2: ed25519Log.url });
  const otherOrigin = (note: string): string => replaced(note, /^[^\n]+/, 'rekor.example');
  return [
    refused(
      'promise-of-an-unknown-log',
      'The trusted root has another Rekor v1 with this name',
      v1,
      NO_PROMISE,
      { ...trustedRoot, tlogs: otherRoot.tlogs },
    ),
    refused(
      'proof-of-an-unknown-log',
      'The trusted root has another Rekor v2 with this name',
      v2,
      NO_CHECKPOINT,
      { ...trustedRoot, tlogs: otherRoot.tlogs },
    ),
    refused(
      'promise-of-a-log-that-was-over',
      'Rekor v1 was no longer trusted at the time of its promise',
      v1,
      NO_PROMISE,
      within(trustedRoot, 'tlogs', PAST),
    ),
    refused(
      'proof-of-a-log-that-was-over',
      'Rekor v2 was no longer trusted at the time of the timestamp',
      v2,
      /^not in use at 20/,
      within(trustedRoot, 'tlogs', PAST),
    ),
    refused(
      'promise-of-a-log-to-come',
      'Rekor v1 was not yet trusted at the time of its promise, and was a minute later',
      v1,
      NO_PROMISE,
      within(trustedRoot, 'tlogs', soon()),
    ),
    refused(
      'proof-of-a-log-to-come',
      'Rekor v2 was not yet trusted at the time of the timestamp, and was a minute later',
      v2,
      /^not in use at 20/,
      within(trustedRoot, 'tlogs', soon()),
    ),
    refused(
      'promise-damaged',
      'One bit of the promise is changed',
      withEntry(
        v1,
        ({ inclusionPromise: promise }) =>
          promise && (promise.signedEntryTimestamp = flipped(promise.signedEntryTimestamp)),
      ),
      NO_PROMISE,
    ),
    refused(
      'promise-of-another-time',
      'The promise is for a time one second earlier than the entry states',
      withEntry(v1, (entry) => (entry.integratedTime = plusOne(entry.integratedTime))),
      NO_PROMISE,
    ),
    refused(
      'promise-of-another-index',
      'The promise is for another index',
      withEntry(v1, (entry) => (entry.logIndex = plusOne(entry.logIndex))),
      NO_PROMISE,
    ),
    refused(
      'log-id-of-another-log',
      'The Rekor v2 entry has the log ID of Rekor v1',
      withEntry(v2, (entry) => (entry.logId = entryOf(v1).logId)),
      NO_CHECKPOINT,
    ),
    refused(
      'proof-of-another-index',
      'The proof is for another index in the tree',
      withProof((proof) => (proof.logIndex = String(Number(proof.logIndex) ^ 1))),
      /^calculated root hash does not match inclusion proof$|^invalid (?:hash count|index: \d+)$/,
    ),
    refused(
      'proof-damaged',
      'One bit of a hash in the proof is changed',
      withProof(
        (proof) =>
          (proof.hashes = proof.hashes.map((hash, index) => (index === 0 ? flipped(hash) : hash))),
      ),
      /^calculated root hash does not match inclusion proof$/,
    ),
    refused(
      'checkpoint-of-another-size',
      'The checkpoint has another tree size than the one that the log signed',
      withCheckpoint((envelope) => replaced(envelope, /\n\d+\n/, '\n999\n')),
      NO_CHECKPOINT,
    ),
    refused(
      'checkpoint-by-another-key',
      'The checkpoint is signed with another key, under the name of the log',
      withCheckpoint((envelope) =>
        resigned(
          envelope,
          (note) => note,
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
        ),
      ),
      NO_CHECKPOINT,
    ),
    refused(
      'checkpoint-by-another-name',
      'The signature of the checkpoint names another log',
      withCheckpoint((envelope) => replaced(envelope, /\u2014 \S+/, '\u2014 rekor.example')),
      NO_CHECKPOINT,
    ),
    refused(
      'checkpoint-of-another-origin',
      "The log's key has signed a checkpoint of another log",
      withCheckpoint((envelope) => resigned(envelope, otherOrigin, privateKey)),
      /^rekor\.example$/,
    ),
    refused(
      'checkpoint-of-another-origin-v1',
      'The key of Rekor v1 has signed a checkpoint of another log',
      withCheckpoint((envelope) => resigned(envelope, otherOrigin, rekorV1.privateKey), v1),
      /^rekor\.example$/,
    ),
    refused(
      'checkpoint-unsigned',
      'The checkpoint has no signature',
      withCheckpoint((envelope) => replaced(envelope, /\u2014 .*\n/, '')),
      /^no signatures found in checkpoint$/,
    ),
    refused(
      'checkpoint-ed25519-damaged',
      'One bit of the signature of an Ed25519 checkpoint is changed',
      withCheckpoint(
        (envelope) =>
          replaced(envelope, /\S+\n$/, `${flipped(/(\S+)\n$/.exec(envelope)?.[1] ?? '')}\n`),
        ed25519,
      ),
      NO_CHECKPOINT,
    ),
    refused(
      'not-logged',
      'There is no log entry',
      await sign({ logs: [] }),
      /^expected 1 tlog entries, got 0$/,
    ),
    refused(
      'entry-twice',
      'The bundle contains its log entry twice',
      changed(v2, ({ verificationMaterial }) => verificationMaterial.tlogEntries.push(entryOf(v2))),
      /^duplicate tlog entry$/,
    ),
    refused(
      'entry-twice-with-two-indexes',
      'The bundle contains its log entry twice, once with another index',
      changed(v2, ({ verificationMaterial }) =>
        verificationMaterial.tlogEntries.push({
          ...entryOf(v2),
          logIndex: plusOne(entryOf(v2).logIndex),
        }),
      ),
      /^duplicate tlog entry$/,
    ),
  ];
}
