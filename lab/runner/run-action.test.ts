// The runner emulator, tested with an action of a few lines.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { runAction } from './run-action.ts';

const metadata = `name: Sample
inputs:
  mode:
    description: 'What to do: sign or verify'
    required: true
  github-token:
    description: Token
    default: \${{ github.token }}
  summary:
    default: 'true' # quoted
  retry-timeout:
    default: "60"
  stores:
    default: registry   # plain
outputs:
  digest:
    description: The digest
runs:
  using: node24
  main: dist/index.js
`;

const script = `
import fs from 'node:fs';
const out = (text) => process.stdout.write(text + '\\n');
const append = (file, text) => fs.appendFileSync(process.env[file], text);
if (process.env.INPUT_MODE === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
out('::add-mask::hunter2%0Asecond');
out('::group::Signing');
out('plain text with hunter2');
out('::error title=Cannot sign%3A no token,file=a.js::line one%0Aline two, 100%25');
out('::warning::careful');
out('::stop-commands::pause');
out('::error::not a command');
out('::pause::');
out('::notice title=Done::fine');
append('GITHUB_OUTPUT', 'digest=sha256:00=\\nlist<<ghadelimiter_1\\none\\n\\ntwo\\nghadelimiter_1\\n');
append('GITHUB_STEP_SUMMARY', '# Summary\\n');
append('GITHUB_OUTPUT', 'environment<<E\\n' + JSON.stringify(process.env) + '\\nE\\n');
append('GITHUB_OUTPUT', 'event<<E\\n' + fs.readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8') + '\\nE\\n');
process.exitCode = 3;
`;

let action: string;

beforeAll(async () => {
  action = await mkdtemp(path.join(tmpdir(), 'action-'));
  await writeFile(path.join(action, 'action.yml'), metadata);
  await writeFile(path.join(action, 'package.json'), '{"type":"module"}');
  await mkdir(path.join(action, 'dist'));
  await mkdir(path.join(action, 'src'));
  await writeFile(path.join(action, 'dist/index.js'), script);
  await writeFile(
    path.join(action, 'src/index.ts'),
    "const greeting: string = 'from source';\nconsole.log(greeting);\n",
  );
});

describe('runAction', () => {
  test('returns what the action wrote', async () => {
    const result = await runAction({ entry: 'dist', action, inputs: { mode: 'sign' } });
    expect(result).toMatchObject({ exit: 3, stderr: '', summary: '# Summary\n' });
    expect(result.outputs).toMatchObject({ digest: 'sha256:00=', list: 'one\n\ntwo' });
    expect(result.annotations).toEqual([
      {
        level: 'error',
        title: 'Cannot sign: no token',
        message: 'line one\nline two, 100%',
        place: 'a.js',
      },
      { level: 'warning', title: undefined, message: 'careful' },
      { level: 'notice', title: 'Done', message: 'fine' },
    ]);
  });

  test('lists printed values that were masked and hides them in the log', async () => {
    const result = await runAction({
      entry: 'dist',
      action,
      inputs: { mode: 'sign', 'github-token': 'other' },
      token: 'ghs_job',
    });
    expect(result.masks).toEqual(['ghs_job', 'hunter2', 'second']);
    expect(result.leaks).toEqual(['hunter2']);
    expect(result.log).toContain('plain text with ***');
    expect(result.log).toContain('::error::not a command');
  });

  test('sets inputs with their defaults and nothing else of the environment', async () => {
    process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = 'outer';
    process.env['DOCKER_CONFIG'] = '/outer';
    process.env['HTTPS_PROXY'] = 'http://outer';
    const env = { GITHUB_REF: 'refs/tags/v1', CI: undefined };
    const { outputs, temp } = await runAction({
      entry: 'dist',
      action,
      inputs: { mode: 'sign' },
      token: 'ghs_job',
      env,
    });
    const environment = JSON.parse(outputs['environment'] ?? '') as Record<string, string>;
    expect(environment).toMatchObject({
      INPUT_MODE: 'sign',
      'INPUT_GITHUB-TOKEN': 'ghs_job',
      INPUT_SUMMARY: 'true',
      'INPUT_RETRY-TIMEOUT': '60',
      INPUT_STORES: 'registry',
      GITHUB_REF: 'refs/tags/v1',
      GITHUB_REPOSITORY: 'acme/app',
      RUNNER_TEMP: temp,
    });
    for (const name of [
      'CI',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      'DOCKER_CONFIG',
      'HTTPS_PROXY',
      'NODE_OPTIONS',
    ]) {
      expect(environment).not.toHaveProperty(name);
    }
  });

  test('runs the source without a build', async () => {
    const result = await runAction({
      entry: 'src',
      action,
      inputs: { mode: 'sign' },
      event: { number: 7 },
    });
    expect(result).toMatchObject({ exit: 0, stdout: 'from source\n', stderr: '' });
  });

  test('passes the event', async () => {
    const { outputs } = await runAction({
      entry: 'dist',
      action,
      inputs: { mode: 'sign' },
      event: { number: 7 },
    });
    expect(outputs['event']).toBe('{"number":7}');
  });

  test('kills an action that hangs', async () => {
    const result = await runAction({
      entry: 'dist',
      action,
      inputs: { mode: 'hang' },
      timeout: 1000,
    });
    expect(result.exit).toBe(137);
  });

  test('rejects an input that action.yml does not declare', async () => {
    await expect(runAction({ entry: 'dist', action, inputs: { image: 'x' } })).rejects.toThrow(
      'action.yml does not declare image',
    );
  });
});
