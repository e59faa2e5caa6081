// A gate reads bundles from files, alone or with other sources, and searches only the configured sources.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, LOGIN, startWorld } from './world.ts';
import { pushImage } from '../../lab/services/image.ts';

const world = await startWorld();
const cwd = await mkdtemp(path.join(tmpdir(), 'bundles-'));
const image = await world.push('acme/app', { content: 'signed' });
const other = await world.push('acme/app', { content: 'other' });
const inputs = { mode: 'sign', images: `${image.reference}\n${other.reference}` };
const { outputs: signed } = await world.run('src', inputs);
const lines = await readFile(signed['bundle-path'] ?? '', 'utf8');
await writeFile(path.join(cwd, 'all.jsonl'), lines);
const [first = '', second = ''] = lines.split('\n');
await writeFile(path.join(cwd, 'pretty.json'), JSON.stringify(JSON.parse(first), null, 2));
await writeFile(path.join(cwd, 'other.json'), second);
await writeFile(path.join(cwd, 'broken.jsonl'), `${first}\nx\n`);
/** The same image in a repository without bundles. */
const bare = { ...world.registry, ...LOGIN };
const { digest } = await pushImage(bare, 'acme/copy', { content: 'signed' });
const copy = `${world.registry.host}/acme/copy@${digest}`;

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  const gate = (changes: Readonly<Record<string, string>>): ReturnType<typeof world.run> =>
    world.run(entry, { mode: 'verify', images: copy, ...changes }, { cwd });

  test.each(['all.jsonl', 'pretty.json'])(
    'with only %s as source, sends no request',
    async (bundle) => {
      const run = await gate({ sources: 'none', bundle });
      expect(run.exit).toBe(0);
      expect(await counted(world)).toEqual({});
      expect(JSON.parse(run.outputs['results'] ?? '')).toMatchObject([
        { evidence: [{ bundles: [{ source: 'file', place: expect.stringContaining(bundle) }] }] },
      ]);
    },
  );

  test('rejects a bundle for another image', async () => {
    const run = await gate({ sources: 'none', bundle: 'other.json' });
    expect([run.exit, run.outputs['verdict']]).toEqual([1, 'rejected']);
    expect(JSON.parse(run.outputs['results'] ?? '')).toMatchObject([
      { rejections: [{ code: 'SUBJECT', place: 'other.json' }] },
    ]);
  });

  test('combines bundle files and the registry, and requires that the image exists', async () => {
    expect((await gate({ bundle: 'all.jsonl' })).exit).toBe(0);
    const gone = `${world.registry.host}/acme/gone@${digest}`;
    expect((await gate({ bundle: 'all.jsonl', images: gone })).exit).toBe(1);
  });

  test.each([
    ['registry', 'github'],
    ['github', 'referrers'],
  ])('with "sources: %s", does not search the other source', async (sources, foreign) => {
    const run = await gate({ sources });
    expect(run.outputs['verdict']).toBe('unattested');
    const searched = run.log.match(/searched .*/g)?.join('\n') ?? '';
    expect(searched).not.toBe('');
    expect(searched).not.toContain(foreign === 'github' ? 'attestations of' : foreign);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['"sources: none" without a bundle file', { sources: 'none' }, /without "bundle"/],
    [
      '"none" combined with other sources',
      { sources: 'none, registry', bundle: 'all.jsonl' },
      /"none" and others/,
    ],
    ['an unknown source', { sources: 'docker' }, /"docker" is not a source/],
    ['a bundle file that does not exist', { bundle: 'gone.json' }, /"gone.json" cannot be read/],
    [
      'a bundle file with a line that is not JSON',
      { bundle: 'broken.jsonl' },
      /line 2 of it is not JSON/,
    ],
  ])('rejects %s', async (_what, changes, message) => {
    const run = await gate(changes);
    expect(run.annotations).toMatchObject([{ message: expect.stringMatching(message) }]);
    expect(await counted(world)).toEqual({});
  });
});
