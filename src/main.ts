// Composition root: the environment and the inputs become a request, the request gets its services, the report goes to the runner.
import { join } from 'node:path';
import { keepBundles } from './action/bundle-files.ts';
import { type Environment, readEnvironment } from './action/environment.ts';
import { getIdentityToken } from './action/identity-token.ts';
import { readInputs } from './action/inputs.ts';
import { stepLog } from './action/log.ts';
import { publishProblems, publishReport } from './action/publish.ts';
import { parseRequest } from './action/request.ts';
import { ActionError, actionErrorsOf } from './errors.ts';
import { attestationStore } from './github/attestations.ts';
import { createTransport, type Transport, useProxyFromEnvironment } from './http.ts';
import { isProblem } from './model/parsed.ts';
import { formatRepository, type Reference } from './model/reference.ts';
import type { Report } from './model/report.ts';
import type { Instance, SignRequest, VerifyRequest } from './model/request.ts';
import { parseToken, type TokenClaims } from './model/token.ts';
import { predicatesFor } from './predicates/index.ts';
import type { Access } from './registry/auth.ts';
import { RegistryClient } from './registry/client.ts';
import { createKeychain } from './registry/credentials.ts';
import { sign, type SignServices } from './sign.ts';
import { openSigner, type Signer } from './sigstore/signer.ts';
import { servicesFromFile, servicesFromTuf, type SigningServices } from './sigstore/signing-config.ts';
import { trustFromFile, trustFromTuf } from './sigstore/trust.ts';
import { openTuf, type ReadTarget } from './sigstore/tuf.ts';
import { createVerifier, type Verify } from './sigstore/verifier.ts';
import { SOURCES } from './sources/index.ts';
import { STORES } from './stores/index.ts';
import { resolveBy } from './subjects/resolve.ts';
import { verify } from './verify.ts';

export async function main(): Promise<void> {
  const inputs = readInputs();
  try {
    const environment = readEnvironment();
    const request = parseRequest(inputs, environment);
    await publishReport(await run(request, environment), request);
  } catch (error) {
    publishProblems(actionErrorsOf(error), inputs.mode);
  }
}

async function run(request: SignRequest | VerifyRequest, environment: Environment): Promise<Report> {
  useProxyFromEnvironment();
  const transport = createTransport({ retryTimeout: request.retryTimeout, onRetry: stepLog.info });
  const readTarget = openTuf(join(environment.temp, 'countersign-tuf'));
  const loadVerifier = await verifierLoader(request.trustedRoot, readTarget);
  const shared = sharedServices(request, environment, transport);
  if (request.mode === 'verify') {
    const { clientFor, attestations } = shared('pull');
    const { attestationsOf } = request;
    const services = { clientFor, attestations, attestationsOf };
    return verify(request, { loadVerifier, resolve: resolveBy(clientFor), sources: [SOURCES.registry(services), SOURCES.github(services)] });
  }
  const services = { ...shared('pull,push'), repository: environment.repository, server: environment.serverUrl };
  const [first, ...others] = request.stores;
  return sign(request, {
    loadVerifier,
    stores: [STORES[first](services), ...others.map((name) => STORES[name](services))],
    predicates: predicatesFor(environment.serverUrl),
    identify: await identifier(request, readTarget, transport),
    keep: (bundles) => keepBundles(environment.temp, bundles),
  });
}

/** A file is read at once, so that a wrong one is an input problem; TUF is asked when the root is first needed. */
async function verifierLoader(trustedRoot: string | undefined, readTarget: ReadTarget): Promise<() => Promise<Verify>> {
  if (trustedRoot !== undefined) {
    const verifier = createVerifier(await trustFromFile(trustedRoot));
    return () => Promise.resolve(verifier);
  }
  let loaded: Promise<Verify> | undefined;
  return () => (loaded ??= trustFromTuf(readTarget).then(createVerifier));
}

function sharedServices({ credentials, githubToken }: SignRequest | VerifyRequest, { dockerConfig, apiUrl }: Environment, transport: Transport) {
  const keychain = createKeychain({ dockerConfig, ...(credentials ? { explicit: credentials } : {}), ...(githubToken === undefined ? {} : { githubToken }) });
  const clients = new Map<string, RegistryClient>();
  return (access: Access) => ({
    // One client for each repository, so that a challenge of its registry is answered once.
    clientFor: ({ repository }: Pick<Reference, 'repository'>): RegistryClient => {
      const name = formatRepository(repository);
      const client = clients.get(name) ?? new RegistryClient(repository, access, { transport, keychain });
      clients.set(name, client);
      return client;
    },
    attestations: githubToken === undefined ? undefined : attestationStore({ apiUrl, token: githubToken, transport }),
  });
}

async function identifier({ instance, retryTimeout }: SignRequest, readTarget: ReadTarget, transport: Transport): Promise<SignServices['identify']> {
  const fromFile = instance.kind === 'custom' ? await servicesFromFile(instance.signingConfig) : undefined;
  const loadServices = (): Promise<SigningServices> => (fromFile ? Promise.resolve(fromFile) : servicesFromTuf(readTarget));
  return async (): Promise<{ claims: TokenClaims; signer: Signer }> => {
    const [token, services] = await Promise.all([getIdentityToken(), loadServices()]);
    const claims = parseToken(token);
    if (isProblem(claims)) throw new ActionError('service', 'SERVICE_ANSWER', { message: `Cannot use the identity token: ${claims.problem}`, remedy: claims.remedy });
    refuseToPublish(claims.value, instance);
    return { claims: claims.value, signer: await openSigner({ token, services, retryTimeout, transport }) };
  };
}

/** The certificate names repository and workflow, and public logs keep it for ever. */
function refuseToPublish({ repository, repository_visibility: visibility }: TokenClaims, { kind }: Instance): void {
  if (kind !== 'public-by-default' || visibility === 'public') return;
  throw new ActionError('input', 'INPUT_UNSAFE', {
    message: `Cannot sign: "${repository}" is ${visibility}, and its name would stay in public logs for ever`,
    remedy: 'set "sigstore: public-good" to accept that, or name the signing configuration of a private Sigstore instance',
  });
}
