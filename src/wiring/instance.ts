// Selects the Sigstore instance of a step: its services, and the trusted roots that check what it signed.
import type { Environment } from '../action/environment.ts';
import { stepLog } from '../action/log.ts';
import { ActionError, allOrProblems } from '../errors.ts';
import { rootsAt } from '../model/policy.ts';
import type { InstanceName } from '../model/report.ts';
import type { Instance, SignRequest } from '../model/request.ts';
import type { TokenClaims } from '../model/token.ts';
import { isTenant } from '../names/github-server.ts';
import {
  servicesFromFile,
  servicesFromTuf,
  servicesOfGitHub,
  type SignedBy,
  type SigningServices,
} from '../sigstore/sign/signing-config.ts';
import type { TrustStore } from '../sigstore/trust/trust.ts';
import { trustOfGitHub } from '../sigstore/trust/trust-tuf.ts';
import { assertFormatsFit } from './formats.ts';
import type { OwnKey } from './key-signing.ts';
import { type SharedServices, trustStore } from './shared.ts';

export interface SigningInstance {
  readonly name: InstanceName;
  readonly loadServices: () => Promise<SigningServices>;
  readonly trust: TrustStore;
}

/** The claims are those of the identity token, if one was requested. Throws before any request to the instance. */
export type ChooseInstance = (claims: TokenClaims | undefined) => SigningInstance;

type LoadingKey = Promise<OwnKey | undefined>;

/** Files are inputs and are checked now, all of them; `auto` depends on the claims. */
export async function instanceChooser(
  request: SignRequest,
  { serverUrl, event }: Environment,
  { tuf, loadingKey }: Pick<SharedServices, 'tuf'> & { readonly loadingKey?: LoadingKey },
): Promise<ChooseInstance> {
  const { instance, key, trustedRoot } = request;
  const by = key ? 'key' : 'certificate';
  const roots = rootsAt(trustedRoot);
  const [trust, services, ownKey] = await allOrProblems([
    trustStore(roots, tuf, key ? 'with keys' : 'with certificates'),
    servicesOf(instance, by),
    loadingKey ?? Promise.resolve(undefined),
  ] as const);
  if (services) {
    assertFormatsFit(request, services, ownKey);
    return () => ({ name: 'custom', loadServices: () => Promise.resolve(services), trust });
  }
  const publicGood: SigningInstance = {
    name: 'public-good',
    loadServices: () => servicesFromTuf(tuf.publicGood, by),
    trust,
  };
  const github: SigningInstance = {
    name: 'github',
    loadServices: () => Promise.resolve(servicesOfGitHub(serverUrl)),
    trust: roots.kind === 'tuf' ? trustOfGitHub(tuf) : trust,
  };
  return (claims) => {
    if (instance.kind === 'public-good') return publicGood;
    const visibility = claims?.repository_visibility ?? event.visibility;
    const isPublic = visibility === 'public' && !isTenant(serverUrl);
    if (key) return isPublic ? publicGood : unlogged(publicGood);
    if (instance.kind === 'auto' && isPublic) return publicGood;
    if (visibility === 'public') throw publicAtGitHub(claims?.repository ?? request.thisRepository);
    return github;
  };
}

async function servicesOf(instance: Instance, by: SignedBy): Promise<SigningServices | undefined> {
  return instance.kind === 'custom' ? servicesFromFile(instance.signingConfig, by) : undefined;
}

/** A timestamp authority receives only a digest; a log receives the names of the images. */
function unlogged(instance: SigningInstance): SigningInstance {
  stepLog.info(
    'Signing with a timestamp and without a log entry, because this repository is not known to be public; "sigstore: public-good" logs the signature',
  );
  return {
    ...instance,
    async loadServices() {
      return { ...(await instance.loadServices()), logs: [], rekorV1: undefined };
    },
  };
}

/** Our verifier would reject it: GitHub's instance has no log that could show that a signature for a public repository is missing. */
function publicAtGitHub(repository: string): ActionError {
  return new ActionError('input', 'INPUT_CONFLICT', {
    message: `Cannot sign with "sigstore: github": "${repository}" is public, and GitHub's Sigstore instance has no public log`,
    remedy: 'remove "sigstore", so that the public-good instance is used',
  });
}
