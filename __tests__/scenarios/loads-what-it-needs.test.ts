// A step loads only the files of dist/ that it needs: an invalid input no client, a step without `files` no parser for them, a gate neither the signer nor, with a trusted root, TUF.
import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

import type { ActionResult } from '../../lab/runner/run-action.ts';
import { signAndAttach } from './attach.ts';
import { type Inputs, startWorld } from './world.ts';

const DIST = join(import.meta.dirname, '../../dist');
const SIGSTORE = /^node_modules\/@sigstore\//;
const SIGNER = /^(src\/sign\.ts|src\/sigstore\/sign\/|node_modules\/@sigstore\/sign\/)/;
const TUF = /^node_modules\/(tuf-js|@tufjs)\//;
const PATTERNS = /^node_modules\/re2js\//;
const FILES = /^(src\/deployments\/|node_modules\/yaml\/)/;
const POLICIES = /^src\/cluster-policy\//;
const PROGRAMS = /^(src\/action\/run-program\.ts|node_modules\/@actions\/exec\/)/;
const NETWORK = /^src\/(http\/transport\.ts|registry\/|github\/)/;

const world = await startWorld();
const image = await world.push('acme/app');
await signAndAttach(world, image);

afterAll(() => world.stop());

interface Loading {
  readonly run: ActionResult;
  /** The modules in the loaded files, by their names in the build. */
  readonly modules: readonly string[];
}

async function load(inputs: Inputs): Promise<Loading> {
  const coverage = await mkdtemp(join(tmpdir(), 'loaded-'));
  const env = { NODE_V8_COVERAGE: coverage };
  const run = await world.run('dist', { images: image.reference, ...inputs }, { env });
  return { run, modules: await modulesIn(await filesLoaded(coverage)) };
}

/** Node lists every script that it loaded. */
async function filesLoaded(coverage: string): Promise<readonly string[]> {
  const reports = await readdir(coverage);
  const urls = await Promise.all(
    reports.map(async (report) => {
      const { result } = JSON.parse(await readFile(join(coverage, report), 'utf8')) as {
        result: readonly { url: string }[];
      };
      return result.map(({ url }) => url);
    }),
  );
  const prefix = `file://${DIST}/`;
  return urls
    .flat()
    .filter((url) => url.startsWith(prefix))
    .map((url) => url.slice(prefix.length));
}

async function modulesIn(files: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(files.map((file) => readFile(join(DIST, file), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(/^ *\/\/ ((?:src|node_modules)\/.+)$/gm)].map(([, name = '']) => name),
  );
}

function loadedBy({ modules }: Loading): object {
  const has = (pattern: RegExp): boolean => modules.some((name) => pattern.test(name));
  return {
    main: has(/^src\/main\.ts$/),
    network: has(NETWORK),
    verifier: has(SIGSTORE),
    signer: has(SIGNER),
    tuf: has(TUF),
    patterns: has(PATTERNS),
    files: has(FILES),
    policies: has(POLICIES),
    programs: has(PROGRAMS),
  };
}

test('an invalid input loads no client', async () => {
  const loading = await load({ mode: 'verify', require: '' });
  expect(loading.run.exit).toBe(1);
  expect(loadedBy(loading)).toEqual({
    main: true,
    network: false,
    verifier: false,
    signer: false,
    tuf: false,
    patterns: false,
    files: false,
    policies: false,
    programs: false,
  });
});

test('a gate with a trusted root loads neither the signer nor TUF', async () => {
  const loading = await load({ mode: 'verify' });
  expect(loading.run.outputs['verdict']).toBe('accepted');
  expect(loadedBy(loading)).toEqual({
    main: true,
    network: true,
    verifier: true,
    signer: false,
    tuf: false,
    patterns: false,
    files: false,
    policies: false,
    programs: false,
  });
});

test('a gate loads the regular-expression engine only for a pattern', async () => {
  const loading = await load({
    mode: 'verify',
    'certificate-identity-regexp': 'https://github.com/acme/app/.*',
  });
  expect(loading.run.outputs['verdict']).toBe('accepted');
  expect(loadedBy(loading)).toMatchObject({ network: true, tuf: false, patterns: true });
});

test('a gate loads what writes to a registry only for "copy-evidence-to"', async () => {
  const hasStores = ({ modules }: Loading): boolean =>
    modules.some((name) => /^src\/stores\//.test(name));
  expect(hasStores(await load({ mode: 'verify' }))).toBe(false);
  const target = `${world.registry.host}/prod/app`;
  const copying = await load({ mode: 'verify', 'copy-evidence-to': target });
  expect([copying.run.exit, hasStores(copying)]).toEqual([0, true]);
  expect(loadedBy(copying)).toMatchObject({ signer: false, tuf: false });
});

test('a signing step with a trusted root loads no TUF', async () => {
  const loading = await load({ mode: 'sign' });
  expect(loading.run.outputs['signed']).toBe('true');
  expect(loadedBy(loading)).toEqual({
    main: true,
    network: true,
    verifier: true,
    signer: true,
    tuf: false,
    patterns: false,
    files: false,
    policies: false,
    programs: false,
  });
});

test.each(['verify', 'sign'])('mode %s does not load the client behind fetch', async (mode) => {
  const list = join(await mkdtemp(join(tmpdir(), 'loaded-')), 'modules');
  const probe = `import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n')));`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(probe)}` };
  const { exit } = await world.run('dist', { mode, images: image.reference }, { env });
  const modules = await readFile(list, 'utf8');
  expect(exit).toBe(0);
  expect(modules).toContain('NativeModule https');
  expect(modules).not.toContain('undici');
});

test('a gate loads the parser of policy files only for a policy file', async () => {
  const loading = await load({ mode: 'verify', policy: 'none.yaml' });
  expect(loading.run.exit).toBe(1);
  expect(loadedBy(loading)).toMatchObject({ network: false, policies: true, patterns: true });
});

test('a gate loads the parser of deployment files only for "files"', async () => {
  const loading = await load({ mode: 'verify', files: 'Dockerfile' });
  expect(loading.run.exit).toBe(1);
  expect(loadedBy(loading)).toMatchObject({ network: false, files: true });
});

test('dist/ contains TUF and the signer and has at most 2 MiB', async () => {
  const files = await readdir(DIST);
  const modules = await modulesIn(files.filter((file) => file.endsWith('.js')));
  for (const pattern of [SIGSTORE, SIGNER, TUF, FILES, NETWORK, PATTERNS, PROGRAMS])
    expect(modules.some((name) => pattern.test(name))).toBe(true);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(DIST, file))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(2 * 2 ** 20);
});
