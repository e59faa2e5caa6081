// Gives the signing step its services.
import { onCancel } from '../action/cancel.ts';
import { bundleFiles } from '../action/files.ts';
import { keptBefore } from '../action/kept-before.ts';
import type { Environment } from '../action/environment.ts';
import { stepLog } from '../action/log.ts';
import { allOrProblems } from '../errors.ts';
import { evidenceRepository } from '../model/evidence-place.ts';
import { mapEach } from '../model/non-empty.ts';
import { isSameRepository, type Repository } from '../model/reference.ts';
import type { SignRequest } from '../model/request.ts';
import type { DryRunReport, SignReport } from '../model/report.ts';
import { statementOf } from '../predicates/index.ts';
import type { Access } from '../registry/access-remedy.ts';
import { dryRun, sign, type SignServices } from '../sign.ts';
import { byCertificates, byKeys } from '../sigstore/verify/trusted.ts';
import { conclusive } from '../sigstore/verify/verifier.ts';
import { collect } from '../sources/collect.ts';
import { SOURCES } from '../sources/index.ts';
import { assertRoomFor } from '../stores/list-room.ts';
import { STORES } from '../stores/index.ts';
import { statementSubjects } from '../subjects/statement-subjects.ts';
import { artifactReporter } from './artifacts.ts';
import { instanceChooser, type SigningInstance } from './instance.ts';
import { ownKeyOf } from './key-signing.ts';
import { identifier, identityReader } from './party.ts';
import { countedStore } from './counted-store.ts';
import { counting } from './counting.ts';
import { Progress } from './progress.ts';
import { registryTagger } from '../tagging/registry-tagger.ts';
import { type SharedServices, sharedServices, verifierLoader } from './shared.ts';

export async function runSign(
  request: SignRequest,
  environment: Environment,
): Promise<SignReport | DryRunReport> {
  const shared = sharedServices(request, environment, { accessTo: accessFor(request) });
  const services = {
    ...shared,
    ifImageMissing:
      'the registry may not accept signatures of an image that is in another repository: copy the image there first, or remove "signature-repository" (or COSIGN_REPOSITORY) to store them with the image',
    onManifest: artifactReporter(stepLog.info),
    repository: environment.repository,
    server: environment.serverUrl,
  };
  const loadingKey = ownKeyOf(request.key);
  const [key, choose] = await allOrProblems([
    loadingKey,
    instanceChooser(request, environment, { ...shared, loadingKey }),
  ] as const);
  const identity = identityReader(request, environment, shared.transport);
  let choosing: Promise<SigningInstance> | undefined;
  const chosen = (): Promise<SigningInstance> =>
    (choosing ??= identity().then((read) => choose(read?.claims)));
  const progress = new Progress();
  onCancel(() => progress.describe());
  const signServices = progress.watch({
    async loadVerifier() {
      const { trust } = await chosen();
      const trusted = key ? byKeys([key.trusted], trust) : byCertificates(trust);
      return conclusive(await verifierLoader(trusted)());
    },
    resolve: () => statementSubjects(request, shared.clientFor, counting('Read', 'images')),
    stores: mapEach(request.stores, (name) => countedStore(STORES[name](services))),
    statementOf: (claim) => statementOf(claim, environment.serverUrl),
    identify: identifier(request, {
      identity,
      chosen,
      key,
      transport: shared.transport,
      server: environment.serverUrl,
    }),
    ...bundleFiles(environment.temp),
    onMade: counting('Signed', 'statements'),
    lookBack: backLooker(request, environment, shared),
    assertRoom: request.stores.includes('registry')
      ? (planned) => assertRoomFor(planned, shared.evidenceFor)
      : () => Promise.resolve(),
    tagger: registryTagger(shared.clientFor),
  });
  return request.run === 'dry' ? dryRun(request, signServices) : sign(request, signServices);
}

/** An unreadable signature is made again: a second signature does no harm. */
function backLooker(
  { ifSigned, stores, thisRepository }: SignRequest,
  { temp }: Environment,
  { evidenceFor, attestations }: SharedServices,
): SignServices['lookBack'] {
  if (ifSigned === 'sign') return () => Promise.resolve([]);
  const services = {
    evidenceFor,
    attestations,
    attestationsOf: [thisRepository] as const,
    bundles: [],
    memory: { used: 0 },
  };
  const sources = stores.map((name) => SOURCES[name](services));
  return async (images) => {
    const [{ found, failures }, kept] = await Promise.all([
      collect(sources, images, counting('Searched', 'images for earlier signatures')),
      keptBefore(temp),
    ]);
    for (const { message } of failures)
      stepLog.info(`Could not read earlier signatures: ${message}`);
    // Stored signatures come first: one that was only kept may be a second signature.
    return [...found, ...kept];
  };
}

/** A repository whose image is only read requires no push access. */
function accessFor({ evidencePlace, tags }: SignRequest): (repository: Repository) => Access {
  const isTagged = (repository: Repository): boolean =>
    tags.some(({ subject }) => isSameRepository(subject.repository, repository));
  const hasEvidence = (repository: Repository): boolean =>
    isSameRepository(evidenceRepository(evidencePlace, repository), repository);
  return (repository) => (isTagged(repository) || hasEvidence(repository) ? 'pull,push' : 'pull');
}
