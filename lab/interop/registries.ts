// The tables for other real registries: without the Referrers API of one that has it, and with a token service. What the step writes there, in bundles and in cosign v2's tags, is read by every reader.
import { type Check, unavailable } from '../checks/check.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { countersignIn } from '../peers/legacy/countersign.ts';
import { readers as legacyReaders } from '../peers/legacy/readers.ts';
import { readers as bundleReaders } from '../peers/readers/index.ts';
import type { Answer } from '../peers/readers/reader.ts';
import type { Signer } from '../peers/signer.ts';
import { countersignRekorV2 } from '../peers/writers/countersign.ts';
import type { Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { inParallel } from '../tools/parallel.ts';
import type { ToolName } from '../tools/tools.ts';
import { type OtherRegistry, starters } from './registries/start.ts';

type Case = 'as expected' | 'workflow' | 'unsigned';

interface Reader {
  readonly name: string;
  readonly tool?: ToolName;
  readonly refusals: Readonly<Record<Exclude<Case, 'as expected'>, RegExp>>;
  readonly judge: (image: Image, stack: Stack) => Promise<Answer>;
}

interface Format {
  readonly column: string;
  /** A new image, signed by this signer. */
  readonly write: (registry: OtherRegistry, signer: Signer, stack: Stack) => Promise<Image>;
  readonly readers: readonly Reader[];
}

const BUNDLES: Format = {
  column: 'bundles',
  async write(registry, signer, stack) {
    const image = await pushImage(stack, registry);
    await countersignRekorV2.write(image, signer, stack);
    return image;
  },
  readers: bundleReaders.flatMap((reader) => {
    const { workflow, unsigned } = reader.refusals;
    if (reader.reads !== 'registry' || !unsigned) return [];
    const judge = (image: Image, stack: Stack): Promise<Answer> =>
      reader.judge({ image, signer: expectedSigner(stack), trust: stack.trust }, stack);
    return { ...reader, refusals: { workflow, unsigned }, judge };
  }),
};

const TAGS: Format = {
  column: "cosign v2's tags",
  write: (registry, signer, stack) => countersignIn('legacy').sign(stack, registry, { signer }),
  readers: legacyReaders.flatMap(({ keysOnly, judge, refusals, ...reader }) => {
    if (keysOnly !== undefined || !refusals.workflow) return [];
    const unsigned = /^unattested|no signatures found|no matching attestations/;
    return {
      ...reader,
      refusals: { workflow: refusals.workflow, unsigned },
      judge: (image, stack) =>
        judge({ image, authority: { signer: expectedSigner(stack) }, trust: stack.trust }, stack),
    };
  }),
};

const NOT_STARTED = {
  table: 'Other registries',
  row: 'start',
  column: 'on loopback',
  name: 'runs',
} as const;

export async function judgeRegistries(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const start of starters) {
    const registry = await start(stack).catch(String);
    if (typeof registry === 'string') {
      checks.push({ ...NOT_STARTED, outcome: 'failed', detail: registry });
      continue;
    }
    const env = { ...stack.env, DOCKER_CONFIG: registry.dockerConfig };
    try {
      for (const format of [BUNDLES, TAGS])
        checks.push(...(await judgeFormat(format, registry, { ...stack, env }, toolbox)));
    } finally {
      await registry.stop();
    }
  }
  return checks;
}

async function judgeFormat(
  { column, write, readers }: Format,
  registry: OtherRegistry,
  stack: Stack,
  toolbox: Toolbox,
): Promise<readonly Check[]> {
  const at = ({ name }: Pick<Reader, 'name'>): Pick<Check, 'table' | 'row' | 'column'> => ({
    table: `Through ${registry.name}`,
    row: name,
    column,
  });
  try {
    const us = expectedSigner(stack);
    const other = { ...us, workflow: 'acme/app/.github/workflows/build.yml' };
    const images: Readonly<Record<Case, Image>> = {
      'as expected': await write(registry, us, stack),
      workflow: await write(registry, other, stack),
      unsigned: await pushImage(stack, registry),
    };
    const questions = readers.flatMap((reader) =>
      (Object.keys(images) as Case[]).map((name) => ({ reader, name })),
    );
    return await inParallel(questions, async ({ reader, name }): Promise<Check> => {
      const missing = unavailable(reader.tool && toolbox[reader.tool]);
      if (missing) return { ...at(reader), name, ...missing };
      const problem = problemWith(await reader.judge(images[name], stack), reader, name);
      const outcome = problem === undefined ? 'passed' : 'failed';
      return { ...at(reader), name, outcome, detail: problem ?? '' };
    });
  } catch (error) {
    const failed = { name: 'as expected', outcome: 'failed', detail: String(error) } as const;
    return readers.map((reader) => ({ ...at(reader), ...failed }));
  }
}

function problemWith(
  { accepted, message }: Answer,
  { refusals }: Reader,
  name: Case,
): string | undefined {
  if (name === 'as expected') return accepted ? undefined : `refuses it: ${message}`;
  if (accepted) return `accepts it: ${message}`;
  return refusals[name].test(message)
    ? undefined
    : `refuses it without ${String(refusals[name])}: ${message}`;
}
