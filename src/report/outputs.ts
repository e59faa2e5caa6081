// The outputs of a run: names and shapes are part of the contract with workflows.
import { isNonEmpty } from '../model/non-empty.ts';
import type { Report, SignReport, VerifyReport } from '../model/report.ts';
import { formatSubject, namedIn, type Subject } from '../model/subject.ts';
import { isKeyHolder } from '../model/identity.ts';
import { clusterImagePolicy } from './cluster-image-policy.ts';
import { resultsOf } from './results.ts';
import { formatTag } from '../model/tag.ts';
import { shorten } from './shorten.ts';

export type Outputs = Readonly<Record<string, string>>;

const DRY_RUN_OUTPUTS: Outputs = { signed: 'false', 'skip-reason': 'dry-run' };

export interface Published {
  /** Command lines of other tools. */
  readonly commands: readonly string[];
  /** The file with all results; empty if it could not be written. */
  readonly resultsPath: string;
}

export function outputsOf(report: Report, { commands, resultsPath }: Published): Outputs {
  const results = { results: shorten(resultsOf(report)), 'results-path': resultsPath };
  if (report.mode === 'dry-run')
    return { ...imagesOf(namedIn(report.subjects)), ...DRY_RUN_OUTPUTS, ...results };
  return report.mode === 'sign'
    ? { ...imagesOf(namedIn(report.subjects)), ...signOutputs(report, commands), ...results }
    : { ...verifyOutputs(report), ...results };
}

function imagesOf(subjects: readonly Subject[]): Outputs {
  if (!isNonEmpty(subjects)) return {};
  const [first] = subjects;
  return {
    digest: first.digest,
    image: formatSubject(first),
    images: subjects.map(formatSubject).join('\n'),
  };
}

function signOutputs(
  { bundles, bundlePath, failures, tagging, instance, publicKey }: SignReport,
  commands: readonly string[],
): Outputs {
  const [{ verified: first }] = bundles;
  const stored = bundles.flatMap((bundle) => bundle.stored);
  const attestation = stored.find((each) => each.attestation)?.attestation;
  return {
    signed: String(failures.length === 0),
    // Signed, but not in this run.
    'skip-reason': bundles.every(({ signed }) => signed.foundAt) ? 'already-signed' : '',
    identity: isKeyHolder(first.signer) ? '' : first.signer.san,
    issuer: isKeyHolder(first.signer) ? '' : first.signer.issuer,
    'bundle-path': bundlePath,
    'attestation-id': attestation?.id ?? '',
    'attestation-url': attestation?.url ?? '',
    'log-index': first.logEntries[0]?.index ?? '',
    tags: tagging.tagged.map(formatTag).join('\n'),
    'verify-commands': commands.join('\n'),
    'cluster-image-policy': clusterImagePolicy({ bundles, instance, publicKey }),
  };
}

function verifyOutputs({ images, outcome, onFailure }: VerifyReport): Outputs {
  // Only accepted images are output: a later step cannot deploy a rejected image by mistake. An audit changes nothing for later steps.
  const isPassedOn = outcome === 'accepted' || onFailure === 'warn';
  const named = images.filter(({ part }) => part === undefined);
  const pinned = named.flatMap(({ subject }) => subject ?? []);
  return {
    verified: String(outcome === 'accepted'),
    verdict: outcome,
    ...(isPassedOn ? imagesOf(pinned) : {}),
  };
}
