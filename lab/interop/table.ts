// The table: every writer's evidence, on every registry, before every reader.
import type { Toolbox } from '../tools/build.ts';
import { type Check, unavailable } from '../checks/check.ts';
import { type Exhibits, expectedSigner, prepare } from '../peers/exhibits.ts';
import { inParallel } from '../tools/parallel.ts';
import { readers } from '../peers/readers/index.ts';
import type { Answer, Difference, Reader } from '../peers/readers/reader.ts';
import type { Registry, Stack } from '../stack/stack.ts';
import { writers } from '../peers/writers/index.ts';
import type { Writer } from '../peers/writers/writer.ts';

type Case = 'as expected' | Difference;

interface Question {
  readonly reader: Reader;
  readonly case: Case;
}

export async function judgeAll(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const registry of stack.registries) {
    for (const writer of writers) {
      const started = performance.now();
      checks.push(...(await judgeWriter(writer, registry, stack, toolbox)));
      console.log(
        `${writer.name} on ${registry.name}: ${((performance.now() - started) / 1000).toFixed(1)} s`,
      );
    }
  }
  return checks;
}

async function judgeWriter(
  writer: Writer,
  registry: Registry,
  stack: Stack,
  toolbox: Toolbox,
): Promise<readonly Check[]> {
  // The result of a reader for a file does not depend on the registry of the image.
  const asked = readers.filter(
    ({ reads }) => reads === 'registry' || registry === stack.registries[0],
  );
  const place = (reader: Reader): Pick<Check, 'table' | 'row' | 'column'> => ({
    table: reader.reads === 'registry' ? `Through ${registry.name}` : 'From a file',
    row: reader.name,
    column: writer.name,
  });
  const all = (outcome: Pick<Check, 'outcome' | 'detail'>): readonly Check[] =>
    asked.map((reader) => ({ ...place(reader), name: 'as expected', ...outcome }));

  const missing = unavailable(writer.tool && toolbox[writer.tool]);
  if (missing) return all(missing);
  try {
    const exhibits = await prepare(writer, registry, stack);
    const questions = asked.flatMap((reader) =>
      casesOf(reader).map((name) => ({ reader, case: name })),
    );
    return await inParallel(questions, async (question): Promise<Check> => {
      const { reader, case: name } = question;
      const unasked =
        impossible(reader, writer, exhibits) ?? unavailable(reader.tool && toolbox[reader.tool]);
      return { ...place(reader), name, ...(unasked ?? (await ask(question, exhibits, stack))) };
    });
  } catch (error) {
    return all({ outcome: 'failed', detail: String(error) });
  }
}

function casesOf({ refusals }: Reader): readonly Case[] {
  return ['as expected', ...(Object.keys(refusals) as Difference[])];
}

function impossible(
  reader: Reader,
  writer: Writer,
  exhibits: Exhibits,
): Pick<Check, 'outcome' | 'detail'> | undefined {
  const reason = reader.cannotRead?.[writer.name];
  if (reason !== undefined) return { outcome: 'impossible', detail: reason };
  const hasFile =
    reader.reads === 'registry' || exhibits['as expected'].written[reader.reads] !== undefined;
  return hasFile ? undefined : { outcome: 'impossible', detail: '' };
}

async function ask(
  { reader, case: name }: Question,
  exhibits: Exhibits,
  stack: Stack,
): Promise<Pick<Check, 'outcome' | 'detail'>> {
  try {
    const answer = await judge(reader, exhibits[name], stack);
    const complaint =
      name === 'as expected'
        ? missingAcceptance(answer)
        : missingRefusal(answer, reader.refusals[name]);
    return complaint === undefined
      ? { outcome: 'passed', detail: '' }
      : { outcome: 'failed', detail: complaint };
  } catch (error) {
    return { outcome: 'failed', detail: String(error) };
  }
}

function judge(
  reader: Reader,
  { image, written, trust }: Exhibits[Case],
  stack: Stack,
): Promise<Answer> {
  const expectation = { image, signer: expectedSigner(stack), trust };
  if (reader.reads === 'registry') return reader.judge(expectation, stack);
  const file = written[reader.reads];
  if (file === undefined) throw new Error('There is no file to read');
  return reader.judge(expectation, stack, file);
}

function missingAcceptance({ accepted, message }: Answer): string | undefined {
  return accepted ? undefined : `refuses it: ${message}`;
}

function missingRefusal(
  { accepted, message }: Answer,
  reason: RegExp | undefined,
): string | undefined {
  if (accepted) return `accepts it: ${message}`;
  return reason?.test(message) ? undefined : `refuses it without ${String(reason)}: ${message}`;
}
