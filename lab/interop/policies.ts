// The table of policies and images: the tester of policy-controller and Countersign give the same result for the same file.
import { readFile } from 'node:fs/promises';

import { type Check, unavailable } from '../checks/check.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { cosignV2, createKeyPair } from '../peers/legacy/writer.ts';
import { identityOf } from '../peers/signer.ts';
import { writers } from '../peers/writers/index.ts';
import type { Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { succeed } from '../tools/command.ts';
import { inParallel } from '../tools/parallel.ts';
import { admit, clusterImagePolicy, disagreement } from './admission.ts';

const NAMES = [
  'attested',
  'attested by another workflow',
  'signed with a key',
  'copied without its signature',
  'unsigned',
] as const;
type Name = (typeof NAMES)[number];
type Images = Readonly<Record<Name, Image>>;

/** The documents of one file, and what is decided by them. */
interface Policy {
  readonly name: string;
  readonly specs: readonly object[];
  /** The images that it accepts. */
  readonly accepts: readonly Name[];
  /** Those that policy-controller admits, where docs/policy.md says that it differs. */
  readonly admits?: readonly Name[];
}

const TABLE = 'Policies of clusters';
const PROVENANCE = 'https://slsa.dev/provenance/v1';
const SCAN = 'https://acme.example/scan/v1';

export async function judgePolicies(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const missing = unavailable(toolbox['policy-tester']) ?? unavailable(toolbox['cosign-v2']);
  if (missing)
    return [{ table: TABLE, row: 'all', column: 'all', name: 'as expected', ...missing }];
  try {
    const { images, policies } = await prepare(stack);
    const cases = policies.flatMap((policy) => NAMES.map((name) => ({ policy, name })));
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
  const signed = await cosignV2.sign(stack, registry, { key, log: 'unlogged' });
  const copy = `${registry.host}/acme/copy@${signed.digest}`;
  await succeed(stack.tool('crane'), ['copy', signed.reference, copy], stack);
  const images = {
    attested: await attest(us),
    'attested by another workflow': await attest(another),
    'signed with a key': signed,
    'copied without its signature': {
      ...signed,
      name: `${registry.host}/acme/copy`,
      reference: copy,
    },
    unsigned: await pushImage(stack, registry),
  };
  const keys = [
    await readFile(key.public, 'utf8'),
    await readFile(otherKey.public, 'utf8'),
  ] as const;
  const authorities = authoritiesFor(us.issuer.url, identityOf(us), keys);
  return { images, policies: policiesFor(registry.host, authorities) };
}

type Authorities = ReturnType<typeof authoritiesFor>;

function authoritiesFor(
  issuer: string,
  subject: string,
  [key, otherKey]: readonly [string, string],
) {
  const trustRootRef = 'loopback';
  const keyless = (identity: object, ...types: readonly string[]): object => ({
    signatureFormat: 'bundle',
    keyless: { trustRootRef, insecureIgnoreSCT: true, identities: [identity] },
    rfc3161timestamp: { trustRootRef },
    attestations: types.map((predicateType, index) => ({ name: `type-${index}`, predicateType })),
  });
  const exact = { issuer, subject };
  const ofAnyWorkflow = String.raw`https://github\.com/acme/app/.+@refs/heads/main`;
  return {
    exact: keyless(exact, PROVENANCE),
    pattern: keyless({ issuer, subjectRegExp: ofAnyWorkflow }, PROVENANCE),
    otherIssuer: keyless({ issuer: 'https://issuer.example', subject }, PROVENANCE),
    otherType: keyless(exact, SCAN),
    twoTypes: keyless(exact, PROVENANCE, SCAN),
    key: { key: { data: key }, ctlog: {} },
    loggedKey: { key: { data: key }, ctlog: { trustRootRef } },
    otherKey: { key: { data: otherKey }, ctlog: {} },
    pass: { static: { action: 'pass' } },
    fail: { static: { action: 'fail', message: 'retired' } },
  };
}

function policiesFor(host: string, by: Authorities): readonly Policy[] {
  const spec = (authorities: readonly object[], glob = '**', more: object = {}): object => ({
    images: [{ glob }],
    authorities,
    ...more,
  });
  const policy = (name: string, accepts: readonly Name[], ...authorities: object[]): Policy => ({
    name,
    accepts,
    specs: [spec(authorities)],
  });
  const globbed = (glob: string, accepts: readonly Name[]): Policy => ({
    name: `the glob ${glob.replace(host, 'HOST')}`,
    accepts,
    specs: [spec([by.pass], glob)],
  });
  const warning = { mode: 'warn' };
  const workflows: readonly Name[] = ['attested', 'attested by another workflow'];
  const inApp = NAMES.filter((name) => name !== 'copied without its signature');
  return [
    policy('an exact identity', ['attested'], by.exact),
    policy('identities by a pattern', workflows, by.pattern),
    policy('another issuer', [], by.otherIssuer),
    policy('an attestation of another type', [], by.otherType),
    policy('two attestations, of which one is missing', [], by.twoTypes),
    policy('a key', ['signed with a key'], by.key),
    policy('another key', [], by.otherKey),
    policy('any of two keys', ['signed with a key'], by.otherKey, by.key),
    policy(
      'a key, with signatures in a source',
      ['signed with a key', 'copied without its signature'],
      { ...by.key, source: [{ oci: `${host}/acme/app` }] },
    ),
    policy('a key, with signatures in another source', [], {
      ...by.key,
      source: [{ oci: `${host}/acme/other` }],
    }),
    policy('a static pass', NAMES, by.pass),
    policy('a static fail', [], by.fail),
    {
      name: 'mode warn alone',
      accepts: ['attested'],
      admits: NAMES,
      specs: [spec([by.exact], '**', warning)],
    },
    {
      name: 'mode warn next to a policy that enforces',
      accepts: workflows,
      specs: [spec([by.pattern]), spec([by.exact], '**', warning)],
    },
    {
      name: 'two policies, of which one accepts less',
      accepts: ['attested'],
      specs: [spec([by.pattern]), spec([by.exact])],
    },
    {
      name: 'two policies that no image meets',
      accepts: [],
      specs: [spec([by.exact]), spec([by.loggedKey])],
    },
    {
      name: 'two policies, of which one is for other images',
      accepts: ['attested'],
      specs: [spec([by.exact]), spec([by.fail], 'registry.example/**')],
    },
    {
      name: 'a static pass next to a policy that enforces',
      accepts: ['attested'],
      specs: [spec([by.pass]), spec([by.exact])],
    },
    globbed(`${host}/**`, NAMES),
    globbed(`${host}/*`, []),
    globbed(`${host}/acme/*`, NAMES),
    globbed(`${host}/acme/app@*`, inApp),
    globbed(`${host}/acme/app@sha256:**`, inApp),
    globbed(`${host}/*/copy*`, ['copied without its signature']),
    globbed('**/acme/ap*', inApp),
    globbed('*', []),
    globbed('*/*', []),
  ];
}

async function judge(
  { name: row, specs, accepts, admits = accepts }: Policy,
  column: Name,
  image: Image,
  stack: Stack,
): Promise<Check> {
  const documents = specs.map((spec, index) => clusterImagePolicy(`release-${index}`, spec));
  const admission = await admit(documents.join('\n---\n'), image, stack);
  const { theirs, ours } = admission;
  const expected = accepts.includes(column);
  const isAsExpected = theirs.accepted === admits.includes(column) && ours.accepted === expected;
  return {
    table: TABLE,
    row,
    column,
    name: expected ? 'accepted' : 'refused',
    outcome: isAsExpected ? 'passed' : 'failed',
    detail: isAsExpected ? '' : disagreement(admission),
  };
}
