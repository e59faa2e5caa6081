// If a place cannot be read, the image never passes: the verdict is inconclusive and names the place.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { type Fault, startRegistry } from '../../lab/services/start.ts';
import { attach } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
await attach(world, image, 'junk');
const gone = await startRegistry();
await gone.stop();
const page = {
  status: 200,
  headers: { 'Content-Type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
};

beforeEach(() => world.forget());
afterAll(() => world.stop());

const faults: readonly (readonly [string, 'registry' | 'github', Fault, RegExp])[] = [
  [
    'a registry that answers 401',
    'registry',
    { path: '^/v2/', action: { status: 401 } },
    /GET \/v2\/acme\/app\/\S+ answered 401.*\nTo fix: log in to 127/,
  ],
  [
    'a registry that answers 403',
    'registry',
    { path: '^/v2/', action: { status: 403 } },
    /answered 403.*\nTo fix: log in to 127/,
  ],
  [
    'a registry that answers web pages',
    'registry',
    { path: '^/v2/', action: page },
    /answered text\/html, which is not a manifest.*\nTo fix: check that 127\S+ is the registry/,
  ],
  [
    'a registry that is overloaded',
    'registry',
    { path: '^/v2/', action: { status: 503 } },
    /Cannot reach "127.*answered 503.*\nTo fix: run the job again later, or raise "retry-timeout"/,
  ],
  [
    'a registry that closes connections',
    'registry',
    { path: '^/v2/', action: { reset: true } },
    /Cannot reach "127.*\nTo fix: run the job again/,
  ],
  [
    'a GitHub API that fails',
    'github',
    { path: '', action: { status: 500 } },
    /Cannot reach "127.*answered 500.*\nTo fix: run the job again/,
  ],
  [
    'a GitHub API that rejects the token',
    'github',
    { path: '', action: { status: 401 } },
    /Cannot list the attestations in "acme\/app": GitHub answered 401.*\nTo fix: pass a valid "github-token"/,
  ],
];

describe.each(entries)('gate run from %s', (entry) => {
  test.each(faults)('is inconclusive for %s', async (_what, service, fault, message) => {
    await world[service].fault(fault);
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      'retry-timeout': '0s',
    });
    expect({
      exit,
      verified: outputs['verified'],
      verdict: outputs['verdict'],
      image: outputs['image'],
    }).toEqual({ exit: 1, verified: 'false', verdict: 'inconclusive' });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(message);
    expect(annotations[0]?.message).toContain('inconclusive');
  });

  test('is inconclusive for a registry that does not listen', async () => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: `${gone.host}/acme/app@${image.digest}`,
      'retry-timeout': '0s',
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(
      /Cannot reach "127\S+": .* failed: ECONNREFUSED \(attempt 1\)\nTo fix: check the address/,
    );
  });
});
