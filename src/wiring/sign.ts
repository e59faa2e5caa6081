// Gives the signing step its services, the identity among them.
import { keepBundles } from '../action/files.ts';
import type { Environment } from '../action/environment.ts';
import { getIdentityToken } from '../action/identity-token.ts';
import { ActionError } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import { isProblem } from '../text/parsed.ts';
import { evidenceRepository } from '../model/evidence-place.ts';
import { mapEach } from '../model/non-empty.ts';
import { rootsAt } from '../model/policy.ts';
import { isSameRepository, type Repository } from '../model/reference.ts';
import type { SignReport } from '../model/report.ts';
import type { Instance, SignRequest } from '../model/request.ts';
import { parseToken, type TokenClaims } from '../model/token.ts';
import { statementOf } from '../predicates/index.ts';
import type { Access } from '../registry/auth.ts';
import { sign, type SignServices } from '../sign.ts';
import {
  servicesFromFile,
  servicesFromTuf,
  type SigningServices,
} from '../sigstore/sign/signing-config.ts';
import { openStatementSigner } from '../sigstore/sign/statement-signer.ts';
import type { TokenHolder } from '../sigstore/sign/fulcio.ts';
import type { TrustStore } from '../sigstore/trust/trust.ts';
import { byCertificates, byKeys } from '../sigstore/verify/trusted.ts';
import { conclusive } from '../sigstore/verify/verifier.ts';
import { STORES } from '../stores/index.ts';
import { statementSubjects } from '../subjects/statement-subjects.ts';
import { type OwnKey, ownKeyOf } from './key-signing.ts';
import { registryTagger } from '../tagging/registry-tagger.ts';
import { type SharedServices, sharedServices, trustStore, verifierLoader } from './shared.ts';

export async function runSign(request: SignRequest, environment: Environment): Promise<SignReport> {
  const shared = sharedServices(request, environment, { accessTo: accessFor(request) });
  const services = { ...shared, repository: environment.repository, server: environment.serverUrl };
  const loadServices = await signingServicesLoader(request, shared);
  const key = await ownKeyOf(request.key);
  const trust = await trustStore(
    rootsAt(request.trustedRoot),
    shared.tuf,
    key ? 'with keys' : 'with certificates',
  );
  const trusted = key ? byKeys([key.trusted], trust) : byCertificates(trust);
  const loadVerifier = verifierLoader(trusted);
  return sign(request, {
    loadVerifier: async () => conclusive(await loadVerifier()),
    resolve: () => statementSubjects(request, shared.clientFor),
    stores: mapEach(request.stores, (name) => STORES[name](services)),
    statementOf: (claim) => statementOf(claim, environment.serverUrl),
    identify: identifier(request, { environment, loadServices, trust, shared, key }),
    keep: (signed) => keepBundles(environment.temp, signed),
    tagger: registryTagger(shared.clientFor),
  });
}

/** A repository whose image is only read needs no right to push. */
function accessFor({ evidencePlace, tags }: SignRequest): (repository: Repository) => Access {
  const isTagged = (repository: Repository): boolean =>
    tags.some(({ subject }) => isSameRepository(subject.repository, repository));
  const hasEvidence = (repository: Repository): boolean =>
    isSameRepository(evidenceRepository(evidencePlace, repository), repository);
  return (repository) => (isTagged(repository) || hasEvidence(repository) ? 'pull,push' : 'pull');
}

/** As with the trusted root: a file is an input and is judged now. */
async function signingServicesLoader(
  { instance, key }: SignRequest,
  { tuf }: SharedServices,
): Promise<() => Promise<SigningServices>> {
  const by = key ? 'key' : 'certificate';
  if (instance.kind !== 'custom') return () => servicesFromTuf(tuf.publicGood, by);
  const services = await servicesFromFile(instance.signingConfig, by);
  return () => Promise.resolve(services);
}

interface Identifying {
  readonly environment: Environment;
  readonly loadServices: () => Promise<SigningServices>;
  readonly trust: TrustStore;
  readonly shared: SharedServices;
  /** Undefined for a keyless step. */
  readonly key: OwnKey | undefined;
}

function identifier(
  { instance, claims: wanted }: SignRequest,
  { environment, loadServices, trust, shared: { transport }, key }: Identifying,
): SignServices['identify'] {
  const logIds = async (): Promise<readonly Buffer[]> => {
    const trusts = await trust.all();
    return trusts.flatMap(({ material }) => material.tlogs.map(({ logID }) => logID));
  };
  const isTokenNeeded = !key || wanted.some(({ kind }) => kind === 'provenance');
  return async () => {
    const identity = isTokenNeeded ? await readToken(environment, transport) : undefined;
    const means = key ? { key: key.pair } : holderOf(identity, instance);
    const services = await loadServices();
    const signer = await openStatementSigner({ ...means, services, logIds, transport });
    return { claims: identity?.claims, signer };
  };
}

interface Identity {
  readonly token: string;
  readonly claims: TokenClaims;
}

async function readToken({ tokenService }: Environment, transport: Transport): Promise<Identity> {
  const token = await getIdentityToken(tokenService, transport);
  const claims = parseToken(token);
  if (!isProblem(claims)) return { token, claims: claims.value };
  throw new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot use the identity token: ${claims.problem}`,
    remedy: claims.remedy,
  });
}

function holderOf(
  identity: Identity | undefined,
  instance: Instance,
): { readonly holder: TokenHolder } {
  if (!identity) throw new RangeError('neither a key nor an identity token');
  refuseToPublish(identity.claims, instance);
  return { holder: { token: identity.token, subject: identity.claims.sub } };
}

/** The certificate names repository and workflow, and public logs keep it for ever. */
function refuseToPublish(
  { repository, repository_visibility: visibility }: TokenClaims,
  { kind }: Instance,
): void {
  if (kind !== 'public-by-default' || visibility === 'public') return;
  throw new ActionError('input', 'INPUT_UNSAFE', {
    message: `Cannot sign: "${repository}" is ${visibility}, and signing would publish its name permanently in public logs`,
    remedy:
      'set "sigstore: public-good" to accept that, or name the signing configuration of a private Sigstore instance',
  });
}
