// If a place cannot be read, the image never passes: the verdict is inconclusive and names the place.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { type Fault, startRegistry } from '../../lab/services/start.ts';
import { attach } from './attach.ts';
import { entries, sampled, startWorld } from './world.ts';

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
const login = { status: 302, headers: { Location: '/login' } };
const json = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{}' };

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
    'a proxy that answers a web page for the referrers',
    'registry',
    { path: '/referrers/', action: page },
    /Cannot list all referrers .*: the response is not an index \(text\/html\)\nTo fix: check that 127/,
  ],
  [
    'a login page for the referrers, which is not there',
    'registry',
    { path: '/referrers/', action: login },
    /: GET referrers\/\S+ was redirected to http:\/\/127\S+\/login, which answered 404\nTo fix: check that 127/,
  ],
  [
    'an error as JSON for the fallback tag',
    'registry',
    { path: '/manifests/sha256-\\w+$', action: json },
    /Cannot list all referrers .*: the response is not a manifest\nTo fix: check that 127/,
  ],
  [
    "an error as JSON for cosign's tag",
    'registry',
    { path: '/manifests/sha256-\\w+\\.sig$', action: json },
    /Cannot check every layer .*: it is not a manifest\n/,
  ],
  [
    'an error as JSON for the image',
    'registry',
    { path: `/manifests/${image.digest}`, action: json },
    /answered application\/json, which is not a manifest\nTo fix: check that 127/,
  ],
  [
    'a login page in front of the GitHub API, which is not there',
    'github',
    { path: '/attestations/', action: login },
    /Cannot list the attestations in "acme\/app": the response from GitHub is not a list/,
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
  test.each(sampled(faults))('is inconclusive for %s', async (_what, service, fault, message) => {
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
      /Cannot reach "127\S+": .* failed: ECONNREFUSED \(attempt 1( after \d+ s)?\)\nTo fix: check the address/,
    );
  });
});
