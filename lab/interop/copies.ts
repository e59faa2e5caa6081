// The table for `copy-evidence-to`: an image that crane has copied, and the readers of the evidence that a gate has written beside it.
import { type Check, unavailable } from '../checks/check.ts';
import { runCountersign } from '../peers/countersign.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { readers as legacyReaders } from '../peers/legacy/readers.ts';
import { cosignV2 } from '../peers/legacy/writer.ts';
import { cosignV2Verify, cosignVerify, cosignVerifyAttestation } from '../peers/readers/cosign.ts';
import { countersign } from '../peers/readers/countersign.ts';
import { ghFromRegistry } from '../peers/readers/gh.ts';
import { policyController } from '../peers/readers/policy-controller.ts';
import type { Answer, Expectation } from '../peers/readers/reader.ts';
import type { Signer } from '../peers/signer.ts';
import { cosign } from '../peers/writers/cosign.ts';
import { countersignRekorV2 } from '../peers/writers/countersign.ts';
import type { Registry, Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { succeed } from '../tools/command.ts';
import { inParallel } from '../tools/parallel.ts';
import type { ToolName } from '../tools/tools.ts';

interface Reader {
  readonly name: string;
  readonly tool?: ToolName;
  /** What it says with another trusted root, and where nothing was copied. */
  readonly refusals: Readonly<Record<'root' | 'unsigned', RegExp>>;
  readonly judge: (expectation: Expectation, stack: Stack) => Promise<Answer>;
}

interface Column {
  readonly name: string;
  readonly tool?: ToolName;
  readonly write: (stack: Stack, registry: Registry, signer: Signer) => Promise<Image>;
  /** Of the gate that copies, beside the signer. */
  readonly gate: Readonly<Record<string, string>>;
  readonly readers: readonly Reader[];
}

const BOTH = { require: 'signature\nprovenance' };
const ofBundles = [cosignVerify, cosignV2Verify].map(asReader);
const ofProvenance = [cosignVerifyAttestation, ghFromRegistry, policyController].map(asReader);
const us = asReader(countersign);

const columns: readonly Column[] = [
  ...[countersignRekorV2, cosign].map((writer): Column => ({
    name: writer.name,
    ...(writer.tool && { tool: writer.tool }),
    gate: BOTH,
    readers: [us, ...ofBundles, ...ofProvenance],
    async write(stack, registry, signer) {
      const image = await pushImage(stack, registry);
      await writer.write(image, signer, stack);
      return image;
    },
  })),
  {
    name: "GitHub's store",
    gate: { require: 'provenance', sources: 'github' },
    readers: ofProvenance,
    async write(stack, registry, signer) {
      const image = await pushImage(stack, registry);
      await countersignRekorV2.write(image, signer, stack);
      return image;
    },
  },
  {
    name: 'cosign v2',
    tool: 'cosign-v2',
    gate: BOTH,
    readers: legacyReaders.flatMap(({ keysOnly, refusals: { root }, judge, ...reader }) => {
      if (keysOnly !== undefined || !root) return [];
      const refusals = {
        root,
        unsigned: /^unattested|no signatures found|no matching attestations/,
      };
      const asked: Reader['judge'] = ({ image, signer, trust }, stack) =>
        judge({ image, authority: { signer }, trust }, stack);
      return [{ ...reader, refusals, judge: asked }];
    }),
    write: (stack, registry, signer) => cosignV2.sign(stack, registry, { signer }),
  },
];

function asReader(reader: typeof countersign): Reader {
  const { root, unsigned = /^$/ } = reader.refusals;
  return { ...reader, refusals: { root, unsigned } };
}

export async function judgeCopies(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const registry of stack.registries)
    for (const column of columns)
      checks.push(...(await judgeColumn(column, registry, stack, toolbox)));
  return checks;
}

async function judgeColumn(
  column: Column,
  registry: Registry,
  stack: Stack,
  toolbox: Toolbox,
): Promise<readonly Check[]> {
  const place = { table: `Copied evidence, through ${registry.name}`, column: column.name };
  const all = (outcome: Pick<Check, 'outcome' | 'detail'>): readonly Check[] =>
    column.readers.map(({ name: row }) => ({ ...place, row, name: 'as expected', ...outcome }));
  const missing = unavailable(column.tool && toolbox[column.tool]);
  if (missing) return all(missing);
  try {
    const expected = expectedSigner(stack);
    const other = { ...expected, workflow: 'acme/app/.github/workflows/build.yml' };
    const [copied, refused] = await inParallel([expected, other], (signer) =>
      promote(column, registry, stack, signer),
    );
    const cases = [
      { name: 'as expected', image: copied, trust: stack.trust },
      { name: 'root', image: copied, trust: stack.otherTrust },
      { name: 'unsigned', image: refused, trust: stack.trust },
    ] as const;
    const questions = column.readers.flatMap((reader) => cases.map((each) => ({ reader, each })));
    return await inParallel(questions, async ({ reader, each }): Promise<Check> => {
      const named = { ...place, row: reader.name, name: each.name };
      const without = unavailable(reader.tool && toolbox[reader.tool]);
      if (without) return { ...named, ...without };
      const { accepted, message } = await reader.judge({ ...each, signer: expected }, stack);
      const isRight =
        each.name === 'as expected'
          ? accepted
          : !accepted && reader.refusals[each.name].test(message);
      return { ...named, outcome: isRight ? 'passed' : 'failed', detail: isRight ? '' : message };
    });
  } catch (error) {
    return all({ outcome: 'failed', detail: String(error) });
  }
}

/** The image as it is copied, and its evidence if it is of the workflow that is expected. */
async function promote(
  { write, gate }: Column,
  registry: Registry,
  stack: Stack,
  signer: Signer,
): Promise<Image> {
  const expected = expectedSigner(stack);
  const image = await write(stack, registry, signer);
  const name = `${registry.host}/production/app`;
  const copy = { name, digest: image.digest, reference: `${name}@${image.digest}` };
  const inputs = {
    mode: 'verify',
    images: image.reference,
    repository: expected.repository,
    'signer-workflow': expected.workflow,
    'certificate-oidc-issuer': expected.issuer.url,
    'trusted-root': stack.trust.trustedRoot,
    'copy-evidence-to': name,
    ...gate,
  };
  const env = { GITHUB_API_URL: stack.github.url };
  await runCountersign(inputs, env, ({ exit, log }) => {
    if ((exit === 0) !== (signer.workflow === expected.workflow)) throw new Error(log);
    return Promise.resolve();
  });
  await succeed(stack.tool('crane'), ['copy', image.reference, copy.reference], stack);
  return copy;
}
