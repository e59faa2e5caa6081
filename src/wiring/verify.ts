// Gives the gate its services.
import type { Environment } from '../action/environment.ts';
import type { VerifyReport } from '../model/report.ts';
import type { VerifyRequest } from '../model/request.ts';
import { SOURCES } from '../sources/index.ts';
import { resolveBy } from '../subjects/resolve.ts';
import { verify } from '../verify.ts';
import { sharedServices, verifierLoader } from './shared.ts';

export async function runVerify(request: VerifyRequest, environment: Environment): Promise<VerifyReport> {
  const { clientFor, attestations, tuf } = sharedServices(request, environment, 'pull');
  const services = { clientFor, attestations, attestationsOf: request.attestationsOf };
  return verify(request, {
    loadVerifier: await verifierLoader(request.trustedRoot, tuf),
    resolve: resolveBy(clientFor),
    sources: [SOURCES.registry(services), SOURCES.legacy(services), SOURCES.github(services)],
  });
}
