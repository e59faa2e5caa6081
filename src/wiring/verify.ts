// Gives the gate its services.
import { onCancel } from '../action/cancel.ts';
import { stepLog } from '../action/log.ts';
import { patience } from '../concurrency/patience.ts';
import type { Environment } from '../action/environment.ts';
import type { CopyServices } from '../copying.ts';
import type { Remedied } from '../errors.ts';
import { EvidenceBytes } from '../evidence-bytes.ts';
import { deadlineIn, outOfTime } from '../http/deadline.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import { isSameRepository, type Repository } from '../model/reference.ts';
import type { VerifyReport } from '../model/report.ts';
import type { SourceName } from '../model/found.ts';
import type { VerifyRequest } from '../model/request.ts';
import { SOURCES } from '../sources/index.ts';
import { partsBy } from '../subjects/parts.ts';
import { resolveBy, withoutConfirmation } from '../subjects/resolve.ts';
import { verify } from '../verify.ts';
import { artifactReporter } from './artifacts.ts';
import { attestedPartsBy } from './attested-parts.ts';
import { counting } from './counting.ts';
import { openPolicies } from './policies.ts';
import { type SharedServices, sharedServices, verifierLoader } from './shared.ts';

/** Milliseconds that a gate is allowed to read, even without retries. */
const SHORTEST_READING = 15_000;

export async function runVerify(
  request: VerifyRequest,
  environment: Environment,
): Promise<VerifyReport> {
  onCancel(() => cancelled(request));
  const deadline = deadlineIn(Math.max(request.retryTimeout, SHORTEST_READING) + request.wait);
  const { clientFor, evidenceFor, copyingFor, attestations, tuf, transport } = sharedServices(
    request,
    environment,
    {
      accessTo: (repository) => (isTarget(repository, request) ? 'pull,push' : 'pull'),
      deadline,
    },
  );
  // Repositories whose clients exist already share tokens.
  for (const image of request.images) clientFor(image);
  const { attestationsOf, bundles } = request;
  const services = { evidenceFor, attestations, attestationsOf, bundles, memory: { used: 0 } };
  const { policies, trusted } = await openPolicies(request.policies, { transport, tuf });
  const resolve = resolveBy(clientFor, artifactReporter(stepLog.info));
  const sources = mapEach(sourcesOf(request), (name) => SOURCES[name](services));
  const bytes = new EvidenceBytes();
  const copying = await copyServicesFor(request, bytes, copyingFor);
  return verify(request, policies, {
    loadVerifier: verifierLoader(trusted),
    resolve: request.sources.length > 0 ? resolve : withoutConfirmation(resolve),
    partsOf: request.reach === 'tree' ? partsBy(clientFor) : () => Promise.resolve([]),
    onJudged: counting('Verified', 'images'),
    again: patience(request.wait, stepLog.info),
    sources,
    ...(request.sources.length > 0
      ? { attestedPartsOf: attestedPartsBy({ clientFor, sources, signal: deadline.signal }) }
      : {}),
    deadline: deadline.signal,
    outOfTime: (state) => outOfTime(state, deadline),
    ...(copying ? { copying, keepEvidence: bytes.keep.bind(bytes) } : {}),
  });
}

function cancelled({ copyTo }: VerifyRequest): Remedied {
  if (copyTo.length === 0)
    return {
      message: 'Cannot finish verifying: the step was cancelled before there was a verdict',
      remedy: 'run the job again',
    };
  return {
    message:
      'Cannot finish verifying: the step was cancelled before all evidence was copied, and some of it may have been',
    remedy: 'run the job again: what is there is not written twice',
  };
}

/** What stores is not loaded if nothing is to be copied. */
async function copyServicesFor(
  { copyTo }: VerifyRequest,
  bytes: EvidenceBytes,
  clientFor: SharedServices['copyingFor'],
): Promise<CopyServices | undefined> {
  if (!isNonEmpty(copyTo)) return undefined;
  const { copyServices } = await import('./copying.ts');
  return copyServices(copyTo, bytes, clientFor);
}

function isTarget(repository: Repository, { copyTo }: VerifyRequest): boolean {
  return copyTo.some((target) => isSameRepository(target, repository));
}

/** Files first: they cost nothing. */
function sourcesOf({ sources, bundles }: VerifyRequest): NonEmpty<SourceName> {
  const names: readonly SourceName[] = [
    ...(bundles.length > 0 ? (['file'] as const) : []),
    ...(sources.includes('registry') ? (['registry', 'legacy'] as const) : []),
    ...(sources.includes('github') ? (['github'] as const) : []),
  ];
  if (!isNonEmpty(names)) throw new RangeError('a gate without sources');
  return names;
}
