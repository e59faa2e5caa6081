// Gives the signing step its services, the identity among them.
import { keepBundles } from '../action/files.ts';
import type { Environment } from '../action/environment.ts';
import { getIdentityToken } from '../action/identity-token.ts';
import { ActionError } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import { isProblem } from '../text/parsed.ts';
import { evidenceRepository } from '../model/evidence-place.ts';
import { mapEach } from '../model/non-empty.ts';
import { isSameRepository, type Repository } from '../model/reference.ts';
import type { SignReport } from '../model/report.ts';
import { needsToken, type SignRequest } from '../model/request.ts';
import { parseToken, type TokenClaims } from '../model/token.ts';
import { statementOf } from '../predicates/index.ts';
import type { Access } from '../registry/auth.ts';
import { sign, type SignServices } from '../sign.ts';
import { openStatementSigner } from '../sigstore/sign/statement-signer.ts';
import type { TokenHolder } from '../sigstore/sign/fulcio.ts';
import { byCertificates, byKeys } from '../sigstore/verify/trusted.ts';
import { conclusive } from '../sigstore/verify/verifier.ts';
import { STORES } from '../stores/index.ts';
import { statementSubjects } from '../subjects/statement-subjects.ts';
import { assertFormatsFit } from './formats.ts';
import { instanceChooser, type SigningInstance } from './instance.ts';
import { type OwnKey, ownKeyOf } from './key-signing.ts';
import { registryTagger } from '../tagging/registry-tagger.ts';
import { sharedServices, verifierLoader } from './shared.ts';

export async function runSign(request: SignRequest, environment: Environment): Promise<SignReport> {
  const shared = sharedServices(request, environment, { accessTo: accessFor(request) });
  const services = { ...shared, repository: environment.repository, server: environment.serverUrl };
  const key = await ownKeyOf(request.key);
  const choose = await instanceChooser(request, environment, { ...shared, ownKey: key });
  const identity = identityReader(request, environment, shared.transport);
  const chosen = once(async () => choose((await identity())?.claims));
  return sign(request, {
    async loadVerifier() {
      const { trust } = await chosen();
      const trusted = key ? byKeys([key.trusted], trust) : byCertificates(trust);
      return conclusive(await verifierLoader(trusted)());
    },
    resolve: () => statementSubjects(request, shared.clientFor),
    stores: mapEach(request.stores, (name) => STORES[name](services)),
    statementOf: (claim) => statementOf(claim, environment.serverUrl),
    identify: identifier(request, { identity, chosen, key, transport: shared.transport }),
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

interface Identifying {
  readonly identity: () => Promise<Identity | undefined>;
  readonly chosen: () => Promise<SigningInstance>;
  /** Undefined for a keyless step. */
  readonly key: OwnKey | undefined;
  readonly transport: Transport;
}

/** Nothing is sent to an instance before the token has been read and the instance is chosen. */
function identifier(
  request: SignRequest,
  { identity, chosen, key, transport }: Identifying,
): SignServices['identify'] {
  return async () => {
    const { name, loadServices, trust } = await chosen();
    const logIds = async (): Promise<readonly Buffer[]> => {
      const trusts = await trust.all();
      return trusts.flatMap(({ material }) => material.tlogs.map(({ logID }) => logID));
    };
    const read = await identity();
    const means = key ? { key: key.pair } : holderOf(read);
    const services = await loadServices();
    assertFormatsFit(request, services, key);
    const signer = await openStatementSigner({ ...means, services, logIds, transport });
    return { instance: name, publicKey: key?.publicPem, claims: read?.claims, signer };
  };
}

interface Identity {
  readonly token: string;
  readonly claims: TokenClaims;
}

/** One token for the step. */
function identityReader(
  request: SignRequest,
  environment: Environment,
  transport: Transport,
): () => Promise<Identity | undefined> {
  return once(async () => (needsToken(request) ? readToken(environment, transport) : undefined));
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

function holderOf(identity: Identity | undefined): { readonly holder: TokenHolder } {
  if (!identity) throw new RangeError('neither a key nor an identity token');
  return { holder: { token: identity.token, subject: identity.claims.sub } };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
