// The table for `recursive`: an index, its manifests, and the readers of each.
import { type Check, unavailable } from '../checks/check.ts';
import { runCountersign } from '../peers/countersign.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type IndexImage, pushIndex } from '../peers/index-image.ts';
import { readers as legacyReaders } from '../peers/legacy/readers.ts';
import { cosignV2Verify, cosignVerify } from '../peers/readers/cosign.ts';
import { countersign } from '../peers/readers/countersign.ts';
import { judgeWithDocker } from '../peers/readers/docker.ts';
import { ghFromRegistry } from '../peers/readers/gh.ts';
import type { Answer, Expectation } from '../peers/readers/reader.ts';
import { jobOf, type Signer } from '../peers/signer.ts';
import type { Registry, Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { inParallel } from '../tools/parallel.ts';
import type { ToolName } from '../tools/tools.ts';

type Part = keyof IndexImage;

interface Reader {
  readonly name: string;
  readonly tool?: ToolName;
  /** The checks that it supports. */
  readonly parts: readonly Part[];
  /** Its message for a signature by another workflow, of another root, and for an index that is not signed. */
  readonly refusals: Readonly<Record<'workflow' | 'root' | 'unsigned', RegExp>>;
  readonly judge: (expectation: Expectation, stack: Stack) => Answer | Promise<Answer>;
}

type Format = keyof typeof readers;

const ALL: readonly Part[] = ['index', 'platform', 'attestation'];
const ofBundles: readonly Reader[] = [
  ...[countersign, cosignVerify, cosignV2Verify, ghFromRegistry].map((reader): Reader => {
    const { workflow, root, unsigned = /^$/ } = reader.refusals;
    return { ...reader, parts: ALL, refusals: { workflow, root, unsigned } };
  }),
  {
    name: 'Docker build policies',
    tool: 'docker-policy',
    parts: ['index'],
    refusals: {
      workflow: /allowed: \S+build\.yml/,
      root: /refused: .*(log|certificate)/,
      unsigned: /no signature of the attestation manifest/,
    },
    judge: judgeWithDocker,
  },
];
/** Where there are no bundles, they read the tags of cosign v2 for each digest. */
const ofTags: readonly Reader[] = legacyReaders.flatMap(({ keysOnly, judge, ...reader }) => {
  const { workflow, root } = reader.refusals;
  if (keysOnly !== undefined || !workflow || !root) return [];
  const unsigned = /^unattested|no signatures found|no matching attestations/;
  return {
    ...reader,
    parts: ALL,
    refusals: { workflow, root, unsigned },
    judge: ({ image, signer, trust }: Expectation, stack: Stack) =>
      judge({ image, authority: { signer }, trust }, stack),
  };
});
const readers = { bundle: ofBundles, legacy: ofTags };

export async function judgeRecursive(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const registry of stack.registries)
    for (const format of ['bundle', 'legacy'] as const)
      checks.push(...(await judgeOn(registry, format, stack, toolbox)));
  return checks;
}

async function judgeOn(
  registry: Registry,
  format: Format,
  stack: Stack,
  toolbox: Toolbox,
): Promise<readonly Check[]> {
  const table = `Signed with recursive, ${format}, through ${registry.name}`;
  const us = expectedSigner(stack);
  const other = { ...us, workflow: 'acme/app/.github/workflows/build.yml' };
  const [signed, workflow] = await inParallel([us, other], (signer) =>
    signIndex(registry, format, stack, signer),
  );
  const unsigned = await pushIndex(registry);
  const { trust, otherTrust } = stack;
  const cases = [
    { name: 'as expected', image: signed, trust },
    { name: 'workflow', image: workflow, trust },
    { name: 'root', image: signed, trust: otherTrust },
    { name: 'unsigned', image: unsigned, trust },
  ] as const;
  const questions = readers[format].flatMap((reader) =>
    reader.parts.flatMap((part) => cases.map((each) => ({ reader, part, each }))),
  );
  return inParallel(questions, async ({ reader, part, each }): Promise<Check> => {
    const place = { table, row: reader.name, column: part, name: each.name };
    const missing = unavailable(reader.tool && toolbox[reader.tool]);
    if (missing) return { ...place, ...missing };
    const expectation = { image: each.image[part], signer: us, trust: each.trust };
    const { accepted, message } = await reader.judge(expectation, stack);
    const isRight =
      each.name === 'as expected'
        ? accepted
        : !accepted && reader.refusals[each.name].test(message);
    return { ...place, outcome: isRight ? 'passed' : 'failed', detail: isRight ? '' : message };
  });
}

async function signIndex(
  registry: Registry,
  format: Format,
  stack: Stack,
  signer: Signer,
): Promise<IndexImage> {
  const image = await pushIndex(registry);
  const inputs = {
    mode: 'sign',
    images: image.index.reference,
    recursive: 'true',
    attestations: 'provenance',
    'signature-format': format,
    sigstore: stack.trust.signingConfigs.rekorV1,
    'trusted-root': stack.trust.trustedRoot,
  };
  await runCountersign(inputs, jobOf(signer), ({ exit, log, stderr }) => {
    if (exit !== 0) throw new Error(`Countersign did not sign: ${log}${stderr}`);
    return Promise.resolve();
  });
  return image;
}
