// Programs that the step runs: real ones, within limits.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { runProgram } from '../../src/action/run-program.ts';

const directory = await mkdtemp(path.join(tmpdir(), 'programs-'));
const before = process.env['PATH'];

beforeAll(() => {
  process.env['PATH'] = `${directory}:${before}`;
  process.env['INPUT_KEY'] = 'a private key';
});
afterAll(() => {
  process.env['PATH'] = before;
  delete process.env['INPUT_KEY'];
});

let count = 0;
async function program(script: string): Promise<string> {
  const name = `program-${(count += 1)}`;
  await writeFile(path.join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return name;
}

test('passes arguments and input unchanged', async () => {
  const name = await program('printf "%s|" "$@"; cat');
  expect(await runProgram(name, ['get', '$(id); "a b"'], 'https://registry')).toEqual({
    kind: 'ended',
    exitCode: 0,
    output: 'get|$(id); "a b"|https://registry',
  });
});

test('reports the exit code or signal', async () => {
  const name = await program('echo nothing here; exit 3');
  expect(await runProgram(name, [], '')).toEqual({
    kind: 'ended',
    exitCode: 3,
    output: 'nothing here\n',
  });
});

test('does not pass the inputs of the step', async () => {
  const name = await program('echo "$INPUT_KEY|$PATH"');
  expect(await runProgram(name, [], '')).toMatchObject({
    output: `|${process.env['PATH']}\n`,
  });
});

test('reports a program that does not exist', async () => {
  expect(await runProgram('no-such-program', [], '')).toEqual({ kind: 'missing' });
});

test('stops only the program that does not end', async () => {
  const hanging = await program('exec sleep 60');
  const slow = await program('sleep 1; echo done');
  const [stopped, ended] = await Promise.all([
    runProgram(hanging, [], '', { time: 500 }),
    runProgram(slow, [], ''),
  ]);
  expect(stopped).toEqual({ kind: 'stopped', reason: 'it did not end within 0.5 s' });
  expect(ended).toMatchObject({ exitCode: 0, output: 'done\n' });
});

test.each(['', ' >&2'])('stops a program that writes without end%s', async (where) => {
  const name = await program(
    `while :; do echo 0123456789012345678901234567890123456789${where}; done`,
  );
  expect(await runProgram(name, [], '')).toEqual({
    kind: 'stopped',
    reason: 'it wrote more than 65536 bytes',
  });
});
