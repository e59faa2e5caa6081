// The table of policies and images: the tester of policy-controller and Countersign give the same result for the same file.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Check, unavailable } from '../checks/check.ts';
import { runCountersign } from '../peers/countersign.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { cosignV2, createKeyPair } from '../peers/legacy/writer.ts';
import { ask } from '../peers/readers/answer.ts';
import { identityOf } from '../peers/signer.ts';
import { writers } from '../peers/writers/index.ts';
import type { Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { inParallel } from '../tools/parallel.ts';

type Name = 'attested' | 'attested by another workflow' | 'signed with a key' | 'unsigned';
type Images = Readonly<Record<Name, Image>>;

interface Policy {
  readonly name: string;
  readonly spec: object;
  /** The images that it accepts. */
  readonly accepts: readonly Name[];
}

const TABLE = 'Policies of clusters';

export async function judgePolicies(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const missing = unavailable(toolbox['policy-tester']) ?? unavailable(toolbox['cosign-v2']);
  if (missing)
    return [{ table: TABLE, row: 'all', column: 'all', name: 'as expected', ...missing }];
  try {
    const { images, policies } = await prepare(stack);
    const cases = policies.flatMap((policy) =>
      (Object.keys(images) as Name[]).map((name) => ({ policy, name })),
    );
    return await inParallel(cases, ({ policy, name }) => judge(policy, name, images[name], stack));
  } catch (error) {
    const detail = String(error);
    return [{ table: TABLE, row: 'all', column: 'all', name: 'ready', outcome: 'failed', detail }];
  }
}

async function prepare(
  stack: Stack,
): Promise<{ readonly images: Images; readonly policies: readonly Policy[] }> {
  const [registry] = stack.registries;
  const [writer] = writers;
  if (!writer) throw new Error('no writer');
  const us = expectedSigner(stack);
  const another = { ...us, workflow: 'acme/app/.github/workflows/build.yml' };
  const attest = async (signer: typeof us): Promise<Image> => {
    const image = await pushImage(stack, registry);
    await writer.write(image, signer, stack);
    return image;
  };
  const [key, otherKey] = [await createKeyPair(stack), await createKeyPair(stack)];
  const images = {
    attested: await attest(us),
    'attested by another workflow': await attest(another),
    'signed with a key': await cosignV2.sign(stack, registry, { key, log: 'unlogged' }),
    unsigned: await pushImage(stack, registry),
  };
  const keys = [
    await readFile(key.public, 'utf8'),
    await readFile(otherKey.public, 'utf8'),
  ] as const;
  return { images, policies: policiesFor(us.issuer.url, identityOf(us), keys) };
}

function policiesFor(
  issuer: string,
  subject: string,
  [key, otherKey]: readonly [string, string],
): readonly Policy[] {
  const trustRootRef = 'loopback';
  const keyless = (identity: object, type = 'https://slsa.dev/provenance/v1'): object => ({
    signatureFormat: 'bundle',
    keyless: { trustRootRef, insecureIgnoreSCT: true, identities: [identity] },
    rfc3161timestamp: { trustRootRef },
    attestations: [{ name: 'required', predicateType: type }],
  });
  const withKey = (data: string): object => ({ key: { data }, ctlog: {} });
  const exact = { issuer, subject };
  const ofAnyWorkflow = String.raw`https://github\.com/acme/app/.+@refs/heads/main`;
  const policy = (name: string, accepts: readonly Name[], ...authorities: object[]): Policy => ({
    name,
    accepts,
    spec: { images: [{ glob: '**' }], authorities },
  });
  return [
    policy('an exact identity', ['attested'], keyless(exact)),
    policy(
      'identities by a pattern',
      ['attested', 'attested by another workflow'],
      keyless({ issuer, subjectRegExp: ofAnyWorkflow }),
    ),
    policy('another issuer', [], keyless({ issuer: 'https://issuer.example', subject })),
    policy('an attestation of another type', [], keyless(exact, 'https://acme.example/scan/v1')),
    policy('a key', ['signed with a key'], withKey(key)),
    policy('another key', [], withKey(otherKey)),
    policy('any of two keys', ['signed with a key'], withKey(otherKey), withKey(key)),
    policy(
      'a static pass',
      ['attested', 'attested by another workflow', 'signed with a key', 'unsigned'],
      { static: { action: 'pass' } },
    ),
    policy('a static fail', [], { static: { action: 'fail', message: 'retired' } }),
  ];
}

async function judge(
  { name: row, spec, accepts }: Policy,
  column: Name,
  image: Image,
  stack: Stack,
): Promise<Check> {
  const workspace = await mkdtemp(join(stack.folder, 'policy-'));
  const file = join(workspace, 'policy.yaml');
  const policy = {
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: 'release' },
    spec,
  };
  await writeFile(file, JSON.stringify(policy));
  const { trust } = stack;
  const theirs = await ask(stack, 'policy-tester', [
    ...['-policy', file, '-trustroot', trust.kubernetesTrustRoot, '-image', image.reference],
  ]);
  const inputs = {
    mode: 'verify',
    images: image.reference,
    policy: 'policy.yaml',
    'trusted-root': trust.trustedRoot,
  };
  const env = { GITHUB_WORKSPACE: workspace, GITHUB_API_URL: stack.emptyGitHub.url };
  const ours = await runCountersign(inputs, env, ({ exit, log }) =>
    Promise.resolve({ accepted: exit === 0, message: log }),
  );
  const expected = accepts.includes(column);
  const isAsExpected = theirs.accepted === expected && ours.accepted === expected;
  return {
    table: TABLE,
    row,
    column,
    name: expected ? 'accepted' : 'refused',
    outcome: isAsExpected ? 'passed' : 'failed',
    detail: isAsExpected
      ? ''
      : `policy-controller: ${String(theirs.accepted)} ${theirs.message}\nCountersign: ${String(ours.accepted)} ${ours.message}`,
  };
}
