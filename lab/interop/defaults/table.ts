// Accepted signers by default and with inputs: one image for each signer, verified by Countersign, gh and cosign with equivalent settings.
import type { Toolbox } from '../../tools/build.ts';
import { type Check, unavailable } from '../../checks/check.ts';
import { expectedSigner } from '../../peers/exhibits.ts';
import { type Image, pushImage } from '../../peers/image.ts';
import { inParallel } from '../../tools/parallel.ts';
import type { Answer } from '../../peers/readers/reader.ts';
import type { Signer } from '../../peers/signer.ts';
import type { Stack } from '../../stack/stack.ts';
import { cosign } from '../../peers/writers/cosign.ts';
import { type Case, type Expected, expectedOf, type NotAskable, verdictOf } from './case.ts';
import { cases } from './cases.ts';
import { type Judge, judges } from './judges.ts';
import { renderCases } from './markdown.ts';

interface Judged {
  readonly one: Case;
  readonly judge: Judge;
  readonly verdict: string;
  readonly check: Check;
}

export async function judgeDefaults(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const started = performance.now();
  try {
    const judged = await judgeAll(stack, toolbox);
    console.log(
      `who is let in: ${((performance.now() - started) / 1000).toFixed(1)} s\n\n${render(judged)}\n`,
    );
    return judged.map(({ check }) => check);
  } catch (error) {
    return [{ ...place('cosign v3', 'signs'), outcome: 'failed', detail: String(error) }];
  }
}

async function judgeAll(stack: Stack, toolbox: Toolbox): Promise<readonly Judged[]> {
  const signed = await signAll(stack);
  const questions = signed.flatMap(({ one, image }) =>
    judges.map((judge) => ({ one, image, judge })),
  );
  return inParallel(questions, async ({ one, image, judge }): Promise<Judged> => {
    const at = place(judge.title, `${one.signed} | ${JSON.stringify(one.inputs)}`);
    const expected = expectedOf(one, judge.name);
    const missing = unavailable(judge.tool && toolbox[judge.tool]);
    if (missing) return { one, judge, verdict: missing.outcome, check: { ...at, ...missing } };
    if (expected === 'no flag')
      return { one, judge, verdict: expected, check: { ...at, outcome: 'impossible', detail: '' } };
    const answer = await judge.ask(one, image, stack);
    const verdict = answer.accepted ? 'accepts' : 'rejects';
    return { one, judge, verdict, check: { ...at, ...compared(answer, expected) } };
  });
}

/** Cases that differ only in their inputs share an image. cosign signs: it attaches one bundle after the other, and this registry may lose one of two that arrive at once. */
async function signAll(
  stack: Stack,
): Promise<readonly { readonly one: Case; readonly image: Image }[]> {
  const alike = [...Map.groupBy(cases, (one) => JSON.stringify(signerOf(one, stack))).values()];
  const signed = await inParallel(alike, async (group) => {
    const image = await pushImage(stack, stack.registries[0]);
    const [first] = group;
    if (first) await cosign.write(image, signerOf(first, stack), stack);
    return group.map((one) => ({ one, image }));
  });
  const images = new Map(signed.flat().map(({ one, image }) => [one, image]));
  return cases.flatMap((one) => {
    const image = images.get(one);
    return image ? [{ one, image }] : [];
  });
}

function signerOf({ repository, workflow, claims }: Case, stack: Stack): Signer {
  const usual = expectedSigner(stack);
  return {
    ...usual,
    repository: repository ?? usual.repository,
    workflow: workflow ?? usual.workflow,
    ...(claims && { claims }),
  };
}

function compared(
  { accepted, message }: Answer,
  expected: Exclude<Expected | NotAskable, 'no flag'>,
): Pick<Check, 'outcome' | 'detail'> {
  const complaint = complaintAbout(accepted, message, expected);
  return complaint === undefined
    ? { outcome: 'passed', detail: '' }
    : { outcome: 'failed', detail: complaint };
}

function complaintAbout(
  accepted: boolean,
  message: string,
  expected: Expected,
): string | undefined {
  if (expected === 'accepts') return accepted ? undefined : `refuses it: ${message}`;
  if (accepted) return 'accepts it';
  return expected.refuses.test(message)
    ? undefined
    : `refuses it without ${String(expected.refuses)}: ${message}`;
}

function place(row: string, name: string): Pick<Check, 'table' | 'row' | 'column' | 'name'> {
  return { table: 'Who is let in', row, column: 'all cases', name };
}

function render(judged: readonly Judged[]): string {
  return renderCases(
    cases,
    (one, name) =>
      judged.find((each) => each.one === one && each.judge.name === name)?.verdict ??
      verdictOf(expectedOf(one, name)),
  );
}
