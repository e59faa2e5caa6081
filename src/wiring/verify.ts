// Gives the gate its services.
import type { Environment } from '../action/environment.ts';
import { stepLog } from '../action/log.ts';
import { deadlineIn, outOfTime } from '../http/deadline.ts';
import type { Transport } from '../http/message.ts';
import { loadKeys } from '../keys/load.ts';
import type { VerifyReport } from '../model/report.ts';
import type { RequiredSigner, VerifyRequest } from '../model/request.ts';
import type { TrustedKeys } from '../sigstore/verify/by-key.ts';
import { SOURCES } from '../sources/index.ts';
import { resolveBy } from '../subjects/resolve.ts';
import { verify } from '../verify.ts';
import { sharedServices, verifierLoader } from './shared.ts';

/** Milliseconds that a gate may read, also where nothing is retried. */
const SHORTEST_READING = 15_000;

export async function runVerify(
  request: VerifyRequest,
  environment: Environment,
): Promise<VerifyReport> {
  const deadline = deadlineIn(Math.max(request.retryTimeout, SHORTEST_READING));
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
  const keys = await trustedKeys(request.requirements.signer, transport);
  return verify(request, {
    loadVerifier: await verifierLoader(request.trustedRoot, tuf, keys),
    resolve: resolveBy(clientFor),
    sources: [SOURCES.registry(services), SOURCES.legacy(services), SOURCES.github(services)],
    deadline: deadline.signal,
    outOfTime: (state) => outOfTime(state, deadline),
  });
}

async function trustedKeys(
  signer: RequiredSigner,
  transport: Transport,
): Promise<TrustedKeys | undefined> {
  if (signer.kind !== 'key') return undefined;
  const keys = await loadKeys(signer.keys, transport);
  for (const { fingerprint, from } of keys)
    stepLog.info(`Trusting the key ${fingerprint} from ${from}`);
  if (signer.witness === 'insecure-ignored')
    stepLog.warning('insecure-ignore-tlog: neither a log entry nor a timestamp is required');
  return { keys, witness: signer.witness };
}
