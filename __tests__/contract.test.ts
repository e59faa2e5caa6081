// One contract in four places: action.yml, the code that reads inputs and sets outputs, and the tables of README.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { DEFAULTS, type InputName, INPUTS } from '../src/action/inputs.ts';
import { outputsOf } from '../src/report/outputs.ts';
import { accepted, imageVerdict, signReport, verifyReport } from './report/reports.ts';
import { readInputDefaults } from '../lab/runner/action-metadata.ts';
import { tools } from '../lab/tools/tools.ts';

const PROJECT = path.join(import.meta.dirname, '..');
const read = (file: string): Promise<string> => readFile(path.join(PROJECT, file), 'utf8');

const readme = await read('README.md');
const action = await read('action.yml');
const defaults = await readInputDefaults(path.join(PROJECT, 'action.yml'), {
  'github.token': '${{ github.token }}',
});

/** Cells of the table with this header, by the name in backticks of the first column. */
function tableOf(...header: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const lines = readme.split('\n');
  const start = lines.findIndex(
    (line) => cellsOf(line).slice(0, header.length).join() === header.join(),
  );
  if (start < 0) throw new Error(`README has no table ${header.join(' | ')}`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return new Map(
    rows.slice(0, end < 0 ? undefined : end).flatMap((line) => {
      const [first = '', ...others] = cellsOf(line);
      return [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']): [string, readonly string[]] => [
        name,
        others,
      ]);
    }),
  );
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('the inputs in action.yml and README', () => {
  const table = tableOf('input', 'default', 'meaning');
  const names = Object.keys(INPUTS) as InputName[];

  test('are those that the code reads, in one order', () => {
    expect([...defaults.keys()]).toEqual(names);
    expect([...table.keys()]).toEqual(names);
  });

  test.each(names)('have one default: %s', (name) => {
    const value = defaults.get(name) ?? '';
    const [documented = ''] = table.get(name) ?? [];
    // An input of one mode must be recognizable as omitted in the other.
    if (INPUTS[name] !== 'both') expect(DEFAULTS[name] ?? '').toBe(value);
    else expect(DEFAULTS).not.toHaveProperty(name);
    if (value !== '') expect(documented).toBe(`\`${value}\``);
    else expect(documented).not.toMatch(/^`[^`]*`$/);
  });

  test.each(names)('belong to the same modes as in the code: %s', (name) => {
    expect(table.get(name)?.[2]).toBe(INPUTS[name]);
    const inAction =
      new RegExp(`^  ${name}:\n    description: '(Sign: |Verify: )?`, 'm').exec(action)?.[1] ??
      'both';
    expect(inAction.toLowerCase().replace(': ', '')).toBe(INPUTS[name]);
  });
});

describe('the outputs in action.yml and README', () => {
  test('are those that the code sets, in one order', async () => {
    const declared = [
      ...(action.split(/^outputs:$/m)[1]?.split(/^\S/m)[0] ?? '').matchAll(/^ {2}([\w-]+):$/gm),
    ].map(([, name = '']) => name);
    const reports = [signReport(), verifyReport(imageVerdict(accepted()))].flatMap((report) =>
      Object.keys(outputsOf(report, { commands: [], resultsPath: '' })),
    );
    const literals = [
      ...(await read('src/action/publish.ts')).matchAll(/setOutput\('([^']*)'/g),
    ].map(([, name = '']) => name);
    expect([...new Set([...reports, ...literals])].sort()).toEqual([...declared].sort());
    expect([...tableOf('output', 'meaning').keys()]).toEqual(declared);
  });
});

test('action.yml runs the file that the build creates', async () => {
  const [, folder, name] = /^ {2}main: (.+)\/(.+)\.js$/m.exec(action) ?? [];
  const script = await read('scripts/bundle.ts');
  expect(script).toContain(`outdir: '${String(folder)}'`);
  expect(script).toContain(`entryPoints: ['src/${String(name)}.ts']`);
});

test('README names the versions of the readers that the interop suite builds', async () => {
  const required = async (module: string, name: string): Promise<string> => {
    const text = await read(`lab/tools/${module}/go.mod`);
    return new RegExp(`^require ${name} v(.+)$`, 'm').exec(text)?.[1] ?? 'nothing';
  };
  const named = (reader: string): readonly string[] =>
    [...readme.matchAll(new RegExp(`^\\| ${reader} ([\\d.]+)`, 'gm'))].map(
      ([, version = '']) => version,
    );
  const built = ({ version }: { readonly version: string }): string => version.replace('v', '');

  expect(new Set(named('cosign'))).toEqual(
    new Set([built(tools['cosign-v3']), built(tools['cosign-v2'])]),
  );
  expect(new Set(named('gh'))).toEqual(new Set([built(tools.gh)]));
  expect(named('sigstore-python')).toEqual([built(tools['sigstore-python'])]);
  expect(named('policy-controller')).toEqual([
    await required('policy-tester', 'github.com/sigstore/policy-controller'),
  ]);
  expect(named('containers/image')).toEqual([
    await required('containers-policy', 'go.podman.io/image/v5'),
  ]);
});
