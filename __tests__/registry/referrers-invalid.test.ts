// Lists of referrers that are incomplete, and entries that are not valid.
import { describe, expect, test } from '@jest/globals';

import { OCI_INDEX } from '../../src/registry/media-types.ts';
import { parseReferrers } from '../../src/registry/referrer.ts';
import type { Referrers } from '../../src/registry/referrers.ts';
import { type Answer, type Loopback, serve } from '../../lab/services/loopback.ts';
import { connect } from './connect.ts';
import { listReferrers } from './list-referrers.ts';
import { entry, subject } from './referrers-fixture.ts';

describe('an incomplete list', () => {
  const pages = async (
    answer: (page: number) => Answer,
  ): Promise<{ readonly server: Loopback; readonly referrers: Referrers }> => {
    const server = await serve(({ path }) =>
      path.includes('/referrers/')
        ? answer(Number(/page=(\d+)/.exec(path)?.[1] ?? 0))
        : { status: 404 },
    );
    return {
      server,
      referrers: await listReferrers(connect(server.url.host, 'acme/app'), subject),
    };
  };
  const page = (link: string): Answer => ({
    headers: { 'content-type': OCI_INDEX, link: `<${link}>; rel="next"` },
    body: JSON.stringify({ manifests: [entry('a')] }),
  });

  test('is reported if its pages never end', async () => {
    const { server, referrers } = await pages((number) => page(`?page=${number + 1}`));
    expect(server.asked.filter(({ path }) => path.includes('/referrers/'))).toHaveLength(50);
    expect(referrers).toMatchObject({
      referrers: [entry('a')],
      looked: [{ answer: '50 listed (incomplete)' }, {}],
      failures: [
        {
          code: 'LIMIT_EXCEEDED',
          message: `Cannot list all referrers of the image in "${server.url.host}/acme/app": the list has more than 50 pages`,
        },
      ],
    });
  });

  test('is reported if its next page is at another host, which gets no request', async () => {
    const elsewhere = await serve(() => ({}));
    const { referrers } = await pages(() => page(elsewhere.url.href));
    expect(referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [
        {
          message: expect.stringContaining(
            `page 2 is on another server, "${elsewhere.url.origin}"`,
          ),
        },
      ],
    });
    expect(elsewhere.asked).toEqual([]);
  });

  test('is reported if its next page has no valid address', async () => {
    expect((await pages(() => page('http://['))).referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [{ code: 'SERVICE_ANSWER', message: expect.stringContaining('"http://["') }],
    });
  });

  test.each<[string, Answer]>([
    ['answered 404', { status: 404 }],
    ['page 2 is not an index (text/html)', { headers: { 'content-type': 'text/html' } }],
  ])('is reported if a later page cannot be read: %s', async (state, answer) => {
    const { referrers } = await pages((number) => (number === 0 ? page('?page=1') : answer));
    expect(referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [{ message: expect.stringContaining(state) }],
    });
  });
});

describe('entries of a list of referrers', () => {
  test.each<[string, unknown]>([
    ['not an object', 'x'],
    ['nothing', null],
    ['without a type', { ...entry('a'), mediaType: undefined }],
    ['without a digest', { ...entry('a'), digest: undefined }],
    ['with another algorithm', entry('a', { digest: `sha512:${'a'.repeat(128)}` })],
    ['with a path in its digest', entry('a', { digest: '../../other/manifests/v1' })],
    ['without a size', entry('a', { size: '7' })],
  ])('are skipped if invalid: %s', (_, junk) => {
    expect(parseReferrers({ manifests: [junk, entry('b')] })).toEqual([entry('b')]);
  });

  test('keep only valid fields', () => {
    expect(
      parseReferrers({
        manifests: [entry('a', { artifactType: 7, annotations: [], urls: ['x'] })],
      }),
    ).toEqual([entry('a')]);
  });

  test.each([undefined, null, [], {}, { manifests: {} }])('are empty for %j', (index) =>
    expect(parseReferrers(index)).toEqual([]),
  );
});
