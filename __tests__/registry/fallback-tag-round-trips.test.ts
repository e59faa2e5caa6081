// The requests that the writer of a fallback tag waits for, one after the other.
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from '@jest/globals';

import { listInFallbackTag, readListAhead } from '../../src/registry/fallback-tag.ts';
import { listLinkedReferrers } from '../../src/registry/referrers.ts';
import { type Answer, type Asked, type Loopback, serve } from '../../lab/services/loopback.ts';
import { connect } from './connect.ts';
import { list, SUBJECT } from './scripted-tag.ts';
import { AT_ONCE, entry } from './tag-fixture.ts';

/** A registry without the Referrers API, whose tag has what was last written. */
async function emptyRegistry(delay = 0): Promise<Loopback> {
  let written: string | undefined;
  return serve(async ({ method, body }): Promise<Answer> => {
    const shown = written;
    if (method === 'PUT') written = body;
    await sleep(delay);
    if (method === 'PUT') return { status: 201 };
    return shown === undefined ? { status: 404 } : list(shown);
  });
}

const readsBeforeWrite = (asked: readonly Asked[]): number => {
  const tag = asked.filter(({ path }) => path.includes('/manifests/'));
  return tag.findIndex(({ method }) => method === 'PUT');
};

describe('the first read of the list', () => {
  test('can begin while the manifests are written', async () => {
    const { url, asked } = await emptyRegistry();
    const client = connect(url.host, 'acme/app');
    await listLinkedReferrers(client, SUBJECT);
    const read = await readListAhead(client, SUBJECT);
    if (!read) throw new Error('The list was not read');
    // On a busy machine the read would be too old by now.
    const later = performance.now() + 5000;
    const ahead = Promise.resolve({ ...read, started: later, ended: later });
    await listInFallbackTag(client, SUBJECT, [entry(1)], { timing: AT_ONCE, ahead });
    expect(readsBeforeWrite(asked)).toBe(1);
  });

  test('is repeated if the manifests took longer', async () => {
    const { url, asked } = await emptyRegistry();
    const client = connect(url.host, 'acme/app');
    await listLinkedReferrers(client, SUBJECT);
    const ahead = readListAhead(client, SUBJECT);
    await ahead;
    await sleep(400);
    await listInFallbackTag(connect(url.host, 'acme/app'), SUBJECT, [entry(2)], {
      timing: AT_ONCE,
    });
    await listInFallbackTag(client, SUBJECT, [entry(1)], { timing: AT_ONCE, ahead });
    const written = asked.filter(({ method }) => method === 'PUT').map(({ body }) => body);
    expect(written).toEqual([
      expect.stringContaining(entry(2).digest),
      expect.stringContaining(entry(2).digest),
    ]);
  });

  test('begins later at a registry that may list referrers itself', async () => {
    const { url, asked } = await emptyRegistry();
    expect(await readListAhead(connect(url.host, 'acme/app'), SUBJECT)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test('is repeated if it failed', async () => {
    let reads = 0;
    const { url, asked } = await serve(({ method, path }) => {
      if (method === 'PUT') return { status: 201 };
      if (path.includes('/referrers/') || ++reads === 2) return { status: 404 };
      return reads === 1 ? 'reset' : list(JSON.stringify({ manifests: [entry(1)] }));
    });
    const client = connect(url.host, 'acme/app');
    await listLinkedReferrers(client, SUBJECT);
    const ahead = readListAhead(client, SUBJECT);
    await listInFallbackTag(client, SUBJECT, [entry(1)], { timing: AT_ONCE, ahead });
    expect(asked.some(({ method }) => method === 'PUT')).toBe(true);
  });
});

test('the settling time begins with the response to the write, and one read ends it', async () => {
  const [delay, settling] = [800, 2600];
  const { url, asked } = await emptyRegistry(delay);
  const client = connect(url.host, 'acme/app');
  await listInFallbackTag(client, SUBJECT, [entry(1)], {
    timing: { ...AT_ONCE, settling, contended: settling },
  });
  const [confirming = 0, last = 0] = asked.slice(-2).map(({ at }) => at);
  expect(last - confirming).toBeGreaterThan(settling - delay);
});
