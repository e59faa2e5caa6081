// A ClusterImagePolicy that accepts exactly the signer of this step: https://docs.sigstore.dev/policy-controller/overview/
import type { StoredBundle } from '../model/bundle.ts';
import { isKeyHolder, type SignerIdentity } from '../model/identity.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import type { InstanceName, ReportedBundle, SignReport } from '../model/report.ts';
import { nameOfType } from '../model/types.ts';
import { blockYaml, type Plain } from './block-yaml.ts';

type Signed = Pick<SignReport, 'bundles' | 'instance' | 'publicKey'>;
type Authority = { readonly [name: string]: Plain | undefined };

/** The name of the cluster's TrustRoot; the public-good instance needs none. */
const TRUST_ROOTS = { 'public-good': undefined, github: 'github', custom: 'sigstore' } as const;
const REKOR = 'https://rekor.sigstore.dev';

/** Empty if policy-controller could read nothing of what was stored. */
export function clusterImagePolicy(report: Signed): string {
  const bundles = report.bundles.filter(({ stored }) => stored.some(isInRegistry));
  const authority = authorityOf(bundles, report);
  if (!authority) return '';
  const repositories = [
    ...new Set(bundles.flatMap(({ stored }) => stored.filter(isInRegistry).map(repositoryOf))),
  ];
  const policy = blockYaml({
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: nameFor(repositories[0] ?? '') },
    spec: {
      images: repositories.map((name) => ({ glob: globFor(name) })),
      authorities: [{ ...authority, ...sourceOf(bundles) }],
    },
  });
  return `${commentOn(bundles, report.instance)}${policy}`;
}

function isInRegistry({ store }: StoredBundle): boolean {
  return store !== 'github';
}

function repositoryOf({ subjects: [{ repository }] }: StoredBundle): string {
  return formatRepository(repository);
}

/** It reads only certificates and attestations in bundles, and also keys and signatures in cosign v2's format. */
function authorityOf(
  bundles: readonly ReportedBundle[],
  { instance, publicKey }: Signed,
): Authority | undefined {
  const inBundles = bundles.filter(({ signed }) => !signed.layer);
  const inLayers = bundles.filter(({ signed }) => signed.layer);
  const isBundle = inBundles.length > 0 && publicKey === undefined;
  const read = isBundle ? inBundles : inLayers;
  const trustRootRef = TRUST_ROOTS[instance];
  // With a custom trust root, it finds no log in bundles: the time comes from the timestamps.
  const isSeen = trustRootRef === undefined ? isLogged : isStamped;
  if (read.length === 0 || !read.every(isSeen)) return undefined;
  const format = isBundle
    ? { signatureFormat: 'bundle', attestations: attestationsIn(read) }
    : demandOf(read);
  const time = trustRootRef === undefined ? {} : { rfc3161timestamp: { trustRootRef } };
  const log = trustRootRef === undefined && !isBundle ? { ctlog: { url: REKOR } } : {};
  const who = whoSigned(read, publicKey, trustRootRef);
  return who && { ...who, ...time, ...log, ...format };
}

function whoSigned(
  [first]: readonly ReportedBundle[],
  publicKey: string | undefined,
  trustRootRef: string | undefined,
): Authority | undefined {
  if (publicKey !== undefined)
    return { name: 'key', key: { data: publicKey, hashAlgorithm: 'sha256' } };
  const signer = first?.verified.signer;
  if (!signer || isKeyHolder(signer)) return undefined;
  return { name: 'workflow', keyless: keylessOf(signer, trustRootRef) };
}

function isLogged({ verified: { logEntries } }: ReportedBundle): boolean {
  return logEntries.length > 0;
}

function isStamped({ verified: { times } }: ReportedBundle): boolean {
  return times.some(({ source }) => source === 'timestamp-authority');
}

function keylessOf({ issuer, san }: SignerIdentity, trustRootRef: string | undefined): Plain {
  const identities = [{ issuer, subject: san }];
  return trustRootRef === undefined
    ? { identities }
    : { trustRootRef, insecureIgnoreSCT: true, identities };
}

/** It verifies the signature if no attestation is required. */
function demandOf(layers: readonly ReportedBundle[]): Authority {
  const hasSignature = layers.some(
    ({ signed }) => nameOfType(signed.predicateType) === 'signature',
  );
  return hasSignature ? {} : { attestations: attestationsIn(layers) };
}

function attestationsIn(bundles: readonly ReportedBundle[]): readonly Plain[] {
  const types = [...new Set(bundles.map(({ signed }) => signed.predicateType))];
  return types.map((predicateType, index) => ({ name: `attestation-${index + 1}`, predicateType }));
}

function sourceOf(bundles: readonly ReportedBundle[]): Authority {
  const place = bundles.flatMap(({ stored }) => stored).find(isElsewhere);
  return place ? { source: [{ oci: formatRepository(place.repository) }] } : {};
}

function isElsewhere(
  place: StoredBundle,
): place is StoredBundle & { readonly repository: Repository } {
  return isInRegistry(place) && place.repository !== undefined;
}

/** What the cluster needs, and what the policy cannot express. */
function commentOn([first]: readonly ReportedBundle[], instance: InstanceName): string {
  const root = TRUST_ROOTS[instance];
  const needs = root === undefined ? '' : `# Needs a TrustRoot with the name "${root}".\n`;
  const signer = first?.verified.signer;
  if (!signer || isKeyHolder(signer)) return needs;
  const { sourceRepositoryUri: source } = signer.claims;
  const isReusable = source !== undefined && !signer.san.startsWith(`${source}/`);
  return isReusable
    ? `${needs}# The signer is a reusable workflow: images of every repository that calls it are accepted.\n`
    : needs;
}

/** Its globs cannot match the "@" before a digest; "*" stops at the next "/". */
function globFor(name: string): string {
  return `${name.replace(/^docker\.io\//, 'index.docker.io/')}*`;
}

function nameFor(repository: string): string {
  const name = repository.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return name.slice(0, 63).replace(/^-+|-+$/g, '');
}
