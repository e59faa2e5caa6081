// Lists of referrers that are incomplete, and entries that are not valid.
import { describe, expect, test } from '@jest/globals';

import { OCI_INDEX } from '../../src/registry/media-types.ts';
import { parseReferrers } from '../../src/registry/referrer.ts';
import type { Referrers } from '../../src/registry/referrers.ts';
import { type Answer, type Loopback, serve } from '../../lab/services/loopback.ts';
import { connect } from './connect.ts';
import { listReferrers } from './list-referrers.ts';
import { entry, subject } from './referrers-fixture.ts';

describe('a list that is cut short says so', () => {
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

  test('when its pages never end', async () => {
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

  test('when it goes on elsewhere, where nothing is asked', async () => {
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

  test('when its next page is nowhere', async () => {
    expect((await pages(() => page('http://['))).referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [{ code: 'SERVICE_ANSWER', message: expect.stringContaining('"http://["') }],
    });
  });

  test.each<[string, Answer]>([
    ['answered 404', { status: 404 }],
    ['page 2 is not an index (text/html)', { headers: { 'content-type': 'text/html' } }],
  ])('when a later page cannot be read: %s', async (state, answer) => {
    const { referrers } = await pages((number) => (number === 0 ? page('?page=1') : answer));
    expect(referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [{ message: expect.stringContaining(state) }],
    });
  });
});

describe('entries', () => {
  test.each<[string, unknown]>([
    ['no object', 'x'],
    ['nothing', null],
    ['without type', { ...entry('a'), mediaType: undefined }],
    ['without digest', { ...entry('a'), digest: undefined }],
    ['with another algorithm', entry('a', { digest: `sha512:${'a'.repeat(128)}` })],
    ['with a digest that leads elsewhere', entry('a', { digest: '../../other/manifests/v1' })],
    ['without size', entry('a', { size: '7' })],
  ])('that are junk are left out: %s', (_, junk) => {
    expect(parseReferrers({ manifests: [junk, entry('b')] })).toEqual([entry('b')]);
  });

  test('keep only what is of the right form', () => {
    expect(
      parseReferrers({
        manifests: [entry('a', { artifactType: 7, annotations: [], urls: ['x'] })],
      }),
    ).toEqual([entry('a')]);
  });

  test.each([undefined, null, [], {}, { manifests: {} }])('of %j are none', (index) =>
    expect(parseReferrers(index)).toEqual([]),
  );
});
