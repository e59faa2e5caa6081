// The cases of sigstore-conformance: a name that ends in "_fail" must be rejected, any other must verify.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { type Verdict, verifyBundle } from './verify-bundle.ts';
import { digestOf } from '../../src/model/digest.ts';
import { areOthersHere, othersVectors } from '../vectors/of-others.ts';
import { describeOthers } from '../vectors/describe-others.ts';

const suite = join(othersVectors, 'conformance-bundle-verify');
const cases = areOthersHere
  ? readdirSync(suite, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  : ['(none)'];

const IDENTITY =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';
const MAIN = join(import.meta.dirname, 'main.ts');

/** Rejected before the bundle is verified: an invalid key and an invalid root. */
const UNUSABLE = new Map([
  ['managed-key-wrong-key_fail', /is not a public key/],
  ['trust-root-tlog-missing-validity-start_fail', /has no valid date in validFor\.start/],
]);
/** The code of a rejection, which no missing file has. */
const REJECTED = /^[A-Z_]+: /;

interface Changes {
  readonly identity?: string;
  readonly issuer?: string;
  readonly artifact?: string;
}

function artifactIn(name: string): string {
  const own = join(suite, name, 'artifact');
  return existsSync(own) ? own : join(suite, 'a.txt');
}

/** As the suite calls a client for one of its cases. */
function argumentsFor(name: string, changes: Changes = {}): readonly string[] {
  const own = (file: string): string => join(suite, name, file);
  const artifact = changes.artifact ?? artifactIn(name);
  const word = (file: string, otherwise: string): string =>
    existsSync(own(file)) ? readFileSync(own(file), 'utf8').trim() : otherwise;
  const signer = existsSync(own('key.pub'))
    ? ['--key', own('key.pub')]
    : [
        '--certificate-identity',
        changes.identity ?? word('identity', IDENTITY),
        '--certificate-oidc-issuer',
        changes.issuer ?? word('issuer', ISSUER),
      ];
  const root = existsSync(own('trusted_root.json'))
    ? own('trusted_root.json')
    : join(othersVectors, 'trusted-roots/prod-trusted_root.json');
  return [
    'verify-bundle',
    '--bundle',
    own('bundle.sigstore.json'),
    ...signer,
    '--trusted-root',
    root,
    artifact,
  ];
}

/** A key or a root that cannot be used is a rejection, too. */
function judge(args: readonly string[]): Promise<Verdict> {
  return verifyBundle(args).catch((error: unknown) => ({ refused: String(error) }));
}

async function run(
  args: readonly string[],
): Promise<{ readonly exit: unknown; readonly stderr: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [exit]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<unknown[]>,
  ]);
  return { exit, stderr };
}

describeOthers('sigstore-conformance, bundle-verify', () => {
  it('has cases of both kinds', () => {
    expect(cases.length).toBeGreaterThanOrEqual(45);
    expect(cases.filter((name) => name.endsWith('_fail')).length).toBeGreaterThanOrEqual(25);
  });

  describe.each([
    ['as a file', (path: string): string => path],
    ['by its digest', (path: string): string => digestOf(readFileSync(path))],
  ])('a case with the artifact %s', (_, artifactOf) => {
    it.each(cases)('has the expected result: %s', async (name) => {
      const artifact = artifactOf(artifactIn(name));
      expect(await judge(argumentsFor(name, { artifact }))).toEqual(
        name.endsWith('_fail')
          ? { refused: expect.stringMatching(UNUSABLE.get(name) ?? REJECTED) }
          : 'verified',
      );
    });
  });
});

describeOthers('the conformance client', () => {
  const DSSE = 'rekor2-dsse-happy-path';
  const MESSAGE = 'happy-path-v0.3-new-mediaType';

  it.each<[string, string, Changes, string]>([
    [
      'another identity',
      MESSAGE,
      { identity: `${IDENTITY}s` },
      'CERTIFICATE_IDENTITY: certificate-identity',
    ],
    ['another issuer', MESSAGE, { issuer: `${ISSUER}/` }, 'CERTIFICATE_IDENTITY: issuer'],
    ['another artifact than the signed one', MESSAGE, { artifact: join(suite, 'README.md') }, ''],
    ['another artifact than the subject', DSSE, { artifact: join(suite, 'README.md') }, 'SUBJECT'],
    [
      "another digest than the subject's",
      DSSE,
      { artifact: `sha256:${'00'.repeat(32)}` },
      'SUBJECT',
    ],
    [
      'another digest than the signed one',
      MESSAGE,
      { artifact: `sha256:${'00'.repeat(32)}` },
      'SUBJECT: message digest',
    ],
  ])('rejects %s', async (_, name, changes, reason) =>
    expect(await judge(argumentsFor(name, changes))).toEqual({
      refused: expect.stringContaining(reason),
    }),
  );

  it('accepts the digest of a subject', async () => {
    expect(
      await judge(argumentsFor(DSSE, { artifact: digestOf(readFileSync(join(suite, 'a.txt'))) })),
    ).toBe('verified');
  });

  it('exits with 0 for a valid bundle, otherwise with 1 and one line', async () => {
    expect(await run(argumentsFor(MESSAGE))).toEqual({ exit: 0, stderr: '' });
    expect(await run(argumentsFor('set-invalid-signature_fail'))).toEqual({
      exit: 1,
      stderr: expect.stringMatching(/^[A-Z_]+: .+\n$/),
    });
  });
});

it.each<[string, readonly string[], string]>([
  ['no command', [], 'not supported'],
  ['another command', ['sign-bundle', 'a.txt'], 'not supported'],
  ['no bundle', ['verify-bundle', '--key', 'key.pub', 'a.txt'], '--bundle'],
  ['no signer', ['verify-bundle', '--bundle', 'b.json', 'a.txt'], '--key'],
  [
    'an identity without an issuer',
    ['verify-bundle', '--bundle', 'b.json', '--certificate-identity', 'me', 'a.txt'],
    '--certificate-oidc-issuer',
  ],
  [
    'a key and an identity',
    [
      'verify-bundle',
      '--bundle',
      'b.json',
      '--key',
      'key.pub',
      '--certificate-identity',
      'me',
      '--certificate-oidc-issuer',
      'it',
      'a.txt',
    ],
    'either',
  ],
  [
    'no artifact',
    ['verify-bundle', '--bundle', 'b.json', '--key', 'key.pub'],
    'one file or digest',
  ],
  [
    'an invalid digest',
    ['verify-bundle', '--bundle', 'b.json', '--key', 'key.pub', 'sha256:00'],
    'not a digest',
  ],
  [
    'staging without its root',
    ['verify-bundle', '--bundle', 'b.json', '--key', 'key.pub', '--staging', 'a.txt'],
    '--trusted-root',
  ],
])('rejects a command line with %s', async (_, args, reason) =>
  expect(await judge(args)).toEqual({ refused: expect.stringContaining(reason) }),
);
