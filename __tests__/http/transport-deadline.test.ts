// The deadline of a step, and requests that are cancelled.
import { describe, expect, test } from '@jest/globals';

import { deadlineIn } from '../../src/http/deadline.ts';
import { type Answer, serveInOrder } from '../../lab/services/loopback.ts';
import { until } from '../../lab/services/until.ts';
import { get, good, refusalOf, transportWith } from './transport-fixture.ts';

describe('the deadline of a step', () => {
  const late = (what: string): object => ({
    kind: 'service',
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(
      new RegExp(`^Cannot finish reading: GET \\S+/ ${what} within the 1 s allowed for reading$`),
    ),
  });
  const none = 'had no answer';

  test.concurrent.each<[string, Answer, string]>([
    ['a response that does not arrive', 'hang', none],
    [
      'another attempt',
      { status: 503, headers: { 'retry-after': '300' } },
      'answered 503 \\(attempt 1 after \\d s\\) and had no other answer',
    ],
  ])('ends the wait for %s', async (_, answer, what) => {
    const server = await serveInOrder(answer);
    const transport = transportWith(600_000, deadlineIn(1000));
    expect(await refusalOf(get(server.url, {}, transport))).toMatchObject(late(what));
  });

  test.concurrent('prevents every request after it', async () => {
    const server = await serveInOrder(good);
    const transport = transportWith(0, { signal: AbortSignal.abort(), milliseconds: 1000 });
    expect(await refusalOf(get(server.url, {}, transport))).toMatchObject(late(none));
    expect(server.asked).toEqual([]);
  });

  test.concurrent('does not delay an aborted request', async () => {
    const server = await serveInOrder('hang');
    const stop = new AbortController();
    const asking = get(server.url, { signal: stop.signal }, transportWith(0, deadlineIn(60_000)));
    void until(() => server.asked.length === 1).then(() => stop.abort());
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a cancelled request', () => {
  test('is never sent', async () => {
    const server = await serveInOrder(good);
    await expect(get(server.url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(server.asked).toEqual([]);
  });

  test.each<[string, Answer]>([
    ['while it is sent', 'hang'],
    ['while it waits for another attempt', { status: 503, headers: { 'retry-after': '300' } }],
  ])('ends at once %s', async (_, answer) => {
    const server = await serveInOrder(answer);
    const stop = new AbortController();
    const asking = get(server.url, { signal: stop.signal }, transportWith(600_000));
    void until(() => server.asked.length === 1).then(() => stop.abort());
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.asked).toHaveLength(1);
  });
});
