// Gives the gate its services.
import { stepLog } from '../action/log.ts';
import { patience } from '../concurrency/patience.ts';
import type { Environment } from '../action/environment.ts';
import { deadlineIn, outOfTime } from '../http/deadline.ts';
import type { VerifyReport } from '../model/report.ts';
import type { VerifyRequest } from '../model/request.ts';
import { SOURCES } from '../sources/index.ts';
import { partsBy } from '../subjects/parts.ts';
import { resolveBy } from '../subjects/resolve.ts';
import { verify } from '../verify.ts';
import { openPolicies } from './policies.ts';
import { sharedServices, verifierLoader } from './shared.ts';

/** Milliseconds that a gate may read, also where nothing is retried. */
const SHORTEST_READING = 15_000;

export async function runVerify(
  request: VerifyRequest,
  environment: Environment,
): Promise<VerifyReport> {
  const deadline = deadlineIn(Math.max(request.retryTimeout, SHORTEST_READING) + request.wait);
  const { clientFor, evidenceFor, attestations, tuf, transport } = sharedServices(
    request,
    environment,
    {
      accessTo: () => 'pull',
      deadline,
    },
  );
  const { attestationsOf } = request;
  const services = { evidenceFor, attestations, attestationsOf, memory: { used: 0 } };
  const { policies, trusted } = await openPolicies(request.policies, { transport, tuf });
  return verify(request, policies, {
    loadVerifier: verifierLoader(trusted),
    resolve: resolveBy(clientFor),
    partsOf: request.reach === 'tree' ? partsBy(clientFor) : () => Promise.resolve([]),
    again: patience(request.wait, stepLog.info),
    sources: [SOURCES.registry(services), SOURCES.legacy(services), SOURCES.github(services)],
    deadline: deadline.signal,
    outOfTime: (state) => outOfTime(state, deadline),
  });
}
