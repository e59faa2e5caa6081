// Bundles whose time is missing, repeated or from another signature (docs/verification.md, section 3, rows 6 and 7).
import { nothing, sequence } from '../../services/sigstore/der.ts';
import { type BundleJson, changed, entryOf, type MaterialJson } from '../../bundles/bundle-json.ts';
import { flipped } from '../../bundles/damage.ts';
import { bad, type Draft } from '../draft.ts';
import { PAST, soon, within } from '../root.ts';
import type { Workshop } from '../workshop.ts';

const UNVERIFIED = /^timestamp could not be verified$/;

export async function time({
  v1,
  v2,
  sign,
  of,
  trustedRoot,
  otherRoot,
}: Workshop): Promise<readonly Draft[]> {
  const refused = (
    name: string,
    about: string,
    bundle: BundleJson,
    found: RegExp,
    root = trustedRoot,
  ): Draft => bad(name, about, of(bundle, { trustedRoot: root }), 'TIMESTAMP', found);
  const withStamps = (change: (stamps: string[]) => readonly string[]): BundleJson =>
    changed(v2, ({ verificationMaterial }) => restamp(verificationMaterial, change));
  const [other = ''] = stampsOf((await sign()).verificationMaterial);
  const unstamped = changed(
    v2,
    ({ verificationMaterial }) => delete verificationMaterial.timestampVerificationData,
  );
  return [
    refused(
      'no-time',
      'There is no timestamp, and entries of Rekor v2 have no time',
      unstamped,
      /^expected 1 timestamps, got 0$/,
    ),
    refused(
      'time-without-promise',
      'The only time is in a log entry without a promise',
      changed(
        unstamped,
        (bundle) => (entryOf(bundle).integratedTime = entryOf(v1).integratedTime ?? ''),
      ),
      /^expected 1 timestamps, got 0$/,
    ),
    refused(
      'timestamp-twice',
      'The bundle contains its timestamp twice',
      withStamps((stamps) => [...stamps, ...stamps]),
      /^duplicate timestamp$/,
    ),
    refused(
      'timestamp-of-another-signature',
      'The timestamp is that of another bundle',
      withStamps(() => [other]),
      UNVERIFIED,
    ),
    refused(
      'timestamp-of-another-signature-beside',
      'The bundle contains the timestamp of another bundle in addition to its own',
      withStamps((stamps) => [...stamps, other]),
      UNVERIFIED,
    ),
    refused(
      'timestamp-damaged',
      "One bit of the timestamp's signature is changed",
      withStamps((stamps) => stamps.map(damaged)),
      UNVERIFIED,
    ),
    bad(
      'timestamp-without-end',
      'The timestamp is a sequence of 10,001 nulls',
      of(
        withStamps(() => [sequence(...Array.from({ length: 10_001 }, nothing)).toString('base64')]),
      ),
      'BUNDLE_MALFORMED',
      /^more$/,
    ),
    refused(
      'timestamp-authority-unknown',
      'The trusted root has another timestamp authority with this name',
      v2,
      UNVERIFIED,
      { ...trustedRoot, timestampAuthorities: otherRoot.timestampAuthorities },
    ),
    refused(
      'timestamp-authority-over',
      'The timestamp authority was no longer trusted',
      v2,
      UNVERIFIED,
      within(trustedRoot, 'timestampAuthorities', PAST),
    ),
    refused(
      'timestamp-authority-to-come',
      'The timestamp authority was not yet trusted, and was a minute later',
      v2,
      UNVERIFIED,
      within(trustedRoot, 'timestampAuthorities', soon()),
    ),
  ];
}

function stampsOf({ timestampVerificationData }: MaterialJson): string[] {
  return (
    timestampVerificationData?.rfc3161Timestamps.map(({ signedTimestamp }) => signedTimestamp) ?? []
  );
}

function restamp(material: MaterialJson, change: (stamps: string[]) => readonly string[]): void {
  material.timestampVerificationData = {
    rfc3161Timestamps: change(stampsOf(material)).map((signedTimestamp) => ({ signedTimestamp })),
  };
}

/** The signature is at the end of a timestamp. */
function damaged(stamp: string): string {
  const bytes = Buffer.from(stamp, 'base64');
  return Buffer.concat([
    bytes.subarray(0, -16),
    Buffer.from(flipped(bytes.subarray(-16).toString('base64')), 'base64'),
  ]).toString('base64');
}
