// The tables for cosign v2's tags and for keys: signatures by certificate, by a key with a log entry and by a key alone.
import type { Toolbox } from '../tools/build.ts';
import { type Check, unavailable } from '../checks/check.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { inParallel } from '../tools/parallel.ts';
import type { Answer } from '../peers/readers/reader.ts';
import type { Registry, Stack } from '../stack/stack.ts';
import {
  type Authority,
  type LegacyDifference,
  type LegacyExpectation,
  type LegacyReader,
} from '../peers/legacy/readers.ts';
import {
  copyToAnother,
  createKeyPair,
  type LegacyWriter,
  moveToAnImage,
} from '../peers/legacy/writer.ts';
import { legacyReaders, legacyWriters } from '../peers/legacy/index.ts';

type Case = 'as expected' | LegacyDifference;
type Outcome = Pick<Check, 'outcome' | 'detail'>;

interface Exhibit {
  readonly column: 'keyless' | 'key' | 'key, not logged';
  readonly name: Case;
  readonly expectation: LegacyExpectation;
}

export async function judgeLegacy(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const registry of stack.registries) {
    for (const writer of legacyWriters) {
      const started = performance.now();
      checks.push(...(await judgeOn(registry, writer, stack, toolbox)));
      console.log(
        `${writer.name} on ${registry.name}: ${((performance.now() - started) / 1000).toFixed(1)} s`,
      );
    }
  }
  return checks;
}

async function judgeOn(
  registry: Registry,
  writer: LegacyWriter,
  stack: Stack,
  toolbox: Toolbox,
): Promise<readonly Check[]> {
  const table = `Written by ${writer.name}, through ${registry.name}`;
  const all = (outcome: Outcome): readonly Check[] =>
    legacyReaders.map(({ name }) => ({
      table,
      row: name,
      column: 'keyless',
      name: 'as expected',
      ...outcome,
    }));
  // cosign v2 makes the keys of every writer.
  const missing = unavailable(toolbox['cosign-v2']);
  if (missing) return all(missing);
  try {
    const exhibits = [
      ...(await keyless(writer, registry, stack)),
      ...(await withKeys(writer, registry, stack)),
    ];
    const questions = legacyReaders.flatMap((reader) =>
      exhibits
        .filter(({ name }) => name === 'as expected' || reader.refusals[name] !== undefined)
        .map((exhibit) => ({ reader, exhibit })),
    );
    return await inParallel(questions, async ({ reader, exhibit }): Promise<Check> => {
      const outcome =
        impossible(reader, writer, exhibit) ??
        unavailable(reader.tool && toolbox[reader.tool]) ??
        (await ask(reader, exhibit, stack));
      return { table, row: reader.name, column: exhibit.column, name: exhibit.name, ...outcome };
    });
  } catch (error) {
    return all({ outcome: 'failed', detail: String(error) });
  }
}

async function keyless(
  writer: LegacyWriter,
  registry: Registry,
  stack: Stack,
): Promise<readonly Exhibit[]> {
  const { trust, otherTrust, otherIssuer } = stack;
  const us = expectedSigner(stack);
  const signers = [
    us,
    { ...us, workflow: 'acme/app/.github/workflows/build.yml' },
    { ...us, issuer: otherIssuer },
  ] as const;
  const [image, workflow, issuer] = await inParallel(signers, (signer) =>
    writer.sign(stack, registry, { signer }),
  );
  const expected = { image, authority: { signer: us }, trust };
  const exhibit = (name: Case, change: Partial<LegacyExpectation> = {}): Exhibit => ({
    column: 'keyless',
    name,
    expectation: { ...expected, ...change },
  });
  return [
    exhibit('as expected'),
    exhibit('workflow', { image: workflow }),
    exhibit('issuer', { image: issuer }),
    exhibit('root', { trust: otherTrust }),
    exhibit('digest', { image: await moveToAnImage(writer, stack, registry, image) }),
  ];
}

async function withKeys(
  writer: LegacyWriter,
  registry: Registry,
  stack: Stack,
): Promise<readonly Exhibit[]> {
  const { trust, otherTrust } = stack;
  const [key, otherKey] = [await createKeyPair(stack), await createKeyPair(stack)];
  const [logged, unlogged] = await inParallel(['logged', 'unlogged'], (log) =>
    writer.sign(stack, registry, { key, log }),
  );
  const [movedLogged, movedUnlogged] = await inParallel([logged, unlogged], (image) =>
    moveToAnImage(writer, stack, registry, image),
  );
  const by = (pair: { readonly public: string }, log: 'demanded' | 'ignored'): Authority => ({
    key: pair.public,
    log,
  });
  return [
    {
      column: 'key',
      name: 'as expected',
      expectation: { image: logged, authority: by(key, 'demanded'), trust },
    },
    {
      column: 'key',
      name: 'key',
      expectation: { image: logged, authority: by(otherKey, 'demanded'), trust },
    },
    {
      column: 'key',
      name: 'root',
      expectation: { image: logged, authority: by(key, 'demanded'), trust: otherTrust },
    },
    {
      column: 'key',
      name: 'digest',
      expectation: { image: movedLogged, authority: by(key, 'demanded'), trust },
    },
    ...(writer.formats.includes('tags')
      ? [
          {
            column: 'key',
            name: 'name',
            expectation: {
              image: await copyToAnother(stack, logged),
              authority: by(key, 'demanded'),
              trust,
            },
          } as const,
        ]
      : []),
    {
      column: 'key, not logged',
      name: 'as expected',
      expectation: { image: unlogged, authority: by(key, 'ignored'), trust },
    },
    {
      column: 'key, not logged',
      name: 'unlogged',
      expectation: { image: unlogged, authority: by(key, 'demanded'), trust },
    },
    {
      column: 'key, not logged',
      name: 'key',
      expectation: { image: unlogged, authority: by(otherKey, 'ignored'), trust },
    },
    {
      column: 'key, not logged',
      name: 'digest',
      expectation: { image: movedUnlogged, authority: by(key, 'ignored'), trust },
    },
  ];
}

function impossible(
  { keysOnly, reads }: LegacyReader,
  { formats, alwaysLogs }: LegacyWriter,
  { column }: Exhibit,
): Outcome | undefined {
  const reason =
    (column === 'keyless' ? keysOnly : undefined) ??
    (column === 'key, not logged' ? alwaysLogs : undefined) ??
    (reads !== undefined && !formats.includes(reads) ? `it reads ${reads} only` : undefined);
  return reason === undefined ? undefined : { outcome: 'impossible', detail: reason };
}

async function ask(
  reader: LegacyReader,
  { name, expectation }: Exhibit,
  stack: Stack,
): Promise<Outcome> {
  try {
    const complaint = complaintAbout(
      await reader.judge(expectation, stack),
      name === 'as expected' ? undefined : reader.refusals[name],
    );
    return complaint === undefined
      ? { outcome: 'passed', detail: '' }
      : { outcome: 'failed', detail: complaint };
  } catch (error) {
    return { outcome: 'failed', detail: String(error) };
  }
}

function complaintAbout(
  { accepted, message }: Answer,
  refusal: RegExp | undefined,
): string | undefined {
  if (!refusal) return accepted ? undefined : `refuses it: ${message}`;
  if (accepted) return `accepts it: ${message}`;
  return refusal.test(message) ? undefined : `refuses it without ${String(refusal)}: ${message}`;
}
