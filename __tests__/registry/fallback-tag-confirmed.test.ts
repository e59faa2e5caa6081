// Writing a tag under conditions, and confirming that it lists what was written.
import { describe, expect, test } from '@jest/globals';

import { fallbackTag } from '../../src/registry/referrer.ts';
import type { Answer, Asked } from '../../lab/services/loopback.ts';
import { problemOf } from './connect.ts';
import { AT_ONCE, entry, PATIENT, tagFixture } from './tag-fixture.ts';
import { addAt, list, SUBJECT } from './scripted-tag.ts';

const fixture = await tagFixture();

describe('conditions of a write', () => {
  const conditionOf = ({ headers }: Pick<Asked, 'headers'>): string | undefined =>
    headers['if-match'] ?? headers['if-none-match'];

  test('are sent for a first write and for a change of a tag with a strong ETag', async () => {
    await fixture.registry.set({ conditions: 'etag' });
    await fixture.add([entry(1)]);
    await fixture.add([entry(2)]);
    expect((await fixture.requests('PUT')).map(conditionOf)).toEqual([
      '*',
      expect.stringMatching(/^"sha256:/),
    ]);
  });

  test.each([400, 501])('are omitted after %i', async (status) => {
    const { asked, adding } = await addAt((each, writes) => {
      if (each.method === 'PUT') return { status: conditionOf(each) ? status : 201 };
      return writes < 2 ? { status: 404 } : list(JSON.stringify({ manifests: [entry(1)] }));
    });
    await adding;
    const sent = asked.filter(({ method }) => method === 'PUT').map(conditionOf);
    expect(sent).toEqual(['*', undefined]);
  });

  test('are omitted if they fail repeatedly although nothing changes', async () => {
    let isWritten = false;
    const { asked, adding } = await addAt((each) => {
      if (each.method === 'GET')
        return isWritten ? list(JSON.stringify({ manifests: [entry(1)] })) : { status: 404 };
      isWritten = !conditionOf(each);
      return { status: isWritten ? 201 : 412 };
    });
    await adding;
    const sent = asked.filter(({ method }) => method === 'PUT');
    expect(sent.at(-1)?.headers['if-none-match']).toBeUndefined();
    expect((sent.at(-1)?.at ?? 0) - (sent[0]?.at ?? 0)).toBeGreaterThan(AT_ONCE.lag);
  });
});

describe('an unconfirmed write', () => {
  const never = { ...AT_ONCE, lag: 1000 };
  const place = (host: string): string => `"${host}/acme/app"`;
  const fails = async (
    answer: (asked: Asked, writes: number) => Answer,
    timing = AT_ONCE,
  ): Promise<string> => {
    const { adding } = await addAt(answer, timing);
    const { message, remedy } = await problemOf(adding);
    expect(remedy).toContain(
      'a new run uses this signature if it finds it, and otherwise adds another',
    );
    return message.replace(/127\.0\.0\.1:\d+/g, 'HOST').replaceAll(fallbackTag(SUBJECT), 'TAG');
  };

  test('fails if the tag never shows it', async () => {
    expect(await fails(({ method }) => (method === 'PUT' ? { status: 201 } : list()), never)).toBe(
      `Cannot confirm the signature in ${place('HOST')}: it is stored, but tag TAG has not listed it after 3 writes`,
    );
  });

  test('fails if others replace it until the retries end', async () => {
    let [reads, most] = [0, 0];
    const junk = (): object => ({ number: (reads += 1) });
    const message = await fails(
      ({ method }, writes) => {
        most = writes;
        if (method === 'PUT') return { status: 201 };
        return list(JSON.stringify({ manifests: [junk(), ...(writes === 1 ? [entry(1)] : [])] }));
      },
      { ...AT_ONCE, settling: 5000, contended: 5000, patience: 2000 },
    );
    expect(message).toContain('but tag TAG no longer lists it');
    // In growing intervals, because others write as well.
    expect(most).toBeLessThan(30);
  });

  test('fails if the list keeps changing', async () => {
    const entries: unknown[] = [entry(1)];
    const message = await fails(
      ({ method }, writes) => {
        if (method === 'PUT') return { status: 201 };
        entries.push(entries.length);
        return writes === 0 ? list() : list(JSON.stringify({ manifests: entries }));
      },
      { ...PATIENT, patience: 2000 },
    );
    expect(message).toContain('but tag TAG lists it and keeps changing');
  });

  test.each<[string, Answer, RegExp]>([
    ['answers 500', { status: 500 }, /^Cannot reach .* answered 500/],
    [
      'leads to a login page',
      { status: 302, headers: { location: '/login' } },
      /^Cannot read .*: GET manifests\/TAG was redirected to http:\/\/HOST\/login, which answered 404/,
    ],
    [
      'never stops redirecting',
      { status: 302, headers: { location: '/v2/acme/app/' } },
      /^Cannot use .*: it redirects more than 5 times/,
    ],
  ])('is reported as stored and possibly unlisted if the tag %s', async (_, answer, why) => {
    const message = await fails(({ method, path }, writes) => {
      if (method === 'PUT') return { status: 201 };
      return writes === 0 || path === '/login' ? { status: 404 } : answer;
    });
    const [, cause = ''] =
      /^Cannot confirm the signature in "HOST\/acme\/app": it is stored as sha256:\w+, but it is unknown whether tag TAG lists it \((.*)\)$/.exec(
        message,
      ) ?? [];
    expect(cause).toMatch(why);
  });

  test('is a permission error if the tag is not allowed to be read', async () => {
    const { adding } = await addAt(({ method }, writes) => {
      if (method === 'PUT') return { status: 201 };
      return { status: writes === 0 ? 404 : 403 };
    });
    expect(await problemOf(adding)).toMatchObject({
      kind: 'permission',
      code: 'PERMISSION_REGISTRY',
      message: expect.stringContaining('answered 403)'),
    });
  });
});
