// A key that cannot be fetched from its URL stops the gate before it reads an image.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { CLOSED_PORT, serve, serveTls } from '../../lab/services/loopback.ts';
import { asked } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const vendor = holderOf(newKind());
const image = await world.push('vendor/app', { content: 'unread' });
const gone = new URL(`http://127.0.0.1:${CLOSED_PORT}`);
const page = { body: '<!DOCTYPE html>\n<title>cosign.pub at main</title>' };
const https = await serveTls(() => ({ body: pemOf(vendor) }));
const http = await serve(({ path }) => {
  if (path === '/moved.pub') return { status: 302, headers: { location: '/cosign.pub' } };
  if (path === '/cosign.pub') return { body: pemOf(vendor) };
  if (path === '/busy.pub') return { status: 503 };
  if (path === '/large.pub') return { body: pemOf(vendor).padEnd(65_537) };
  return path === '/page.pub' ? page : { status: 404 };
});
const at = (path: string, server: URL = http.url): string => new URL(path, server).href;

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test.each([
    [
      'whose URL redirects',
      at('/moved.pub'),
      /^Cannot use the key "\S+\/moved\.pub": it redirects to http:\S+\nTo fix: use the URL of the key file itself/,
    ],
    [
      'that does not exist',
      at('/none.pub'),
      /^Cannot use the key "\S+\/none\.pub": it answered 404\nTo fix: check the URL/,
    ],
    [
      'that is too large',
      at('/large.pub'),
      /^Cannot use the key "\S+\/large\.pub": it is larger than 65536 bytes\nTo fix: use the URL of the key file itself/,
    ],
    [
      'that is a web page',
      at('/page.pub'),
      /^Cannot use the key "\S+\/page\.pub": it is a web page, not a PEM public key\nTo fix: .*on GitHub, the link of the "Raw" button/,
    ],
    [
      'whose server is overloaded',
      at('/busy.pub'),
      /^Cannot fetch the key "\S+\/busy\.pub": .* answered 503 .*\nTo fix: run the job again later, or raise "retry-timeout"; or keep the key in a file/,
    ],
    [
      'whose server does not listen',
      at('/cosign.pub', gone),
      /^Cannot fetch the key .* failed: ECONNREFUSED .*\nTo fix: check the address/,
    ],
    [
      'whose server has an untrusted certificate',
      at('/cosign.pub', https.url),
      /^Cannot fetch the key .*\nTo fix: .*NODE_EXTRA_CA_CERTS/,
    ],
  ])('fails before any request to the registry for a key %s', async (_, key, message) => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      key: `${key}\n${pemOf(vendor)}`,
      'retry-timeout': '0s',
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(message);
    expect(await asked(world.registry)).toEqual([]);
  });
});
