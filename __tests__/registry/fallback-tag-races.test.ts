// Concurrent writers of one tag without a lock: overlapping reads and writes, slow or rejected writes, lost responses.
import { describe, expect, test } from '@jest/globals';

import { connect, problemOf } from './connect.ts';
import { listInFallbackTag } from '../../src/registry/fallback-tag.ts';
import { OCI_INDEX } from '../../src/registry/media-types.ts';
import { fallbackTag } from '../../src/registry/referrer.ts';
import { serve } from '../../lab/services/loopback.ts';
import { AT_ONCE, entry, PATIENT, tagFixture } from './tag-fixture.ts';

const fixture = await tagFixture();
const writeOnce = { method: 'PUT', path: '/manifests/sha256-', times: 1 };

describe('eight writers at once', () => {
  const entries = [1, 2, 3, 4, 5, 6, 7, 8].map(entry);

  test.each([1, 2, 3])('are all listed: round %i', async () => {
    await Promise.all(entries.map((each) => fixture.add([each], { timing: PATIENT })));
    expect([...(await fixture.listed())].sort()).toEqual(entries.map(({ digest }) => digest));
  });

  test('lose no entries if the registry supports conditions', async () => {
    await fixture.registry.set({ conditions: 'honoured' });
    await Promise.all(entries.map((each) => fixture.add([each], { timing: PATIENT })));
    expect(await fixture.listed()).toHaveLength(8);
    const writes = await fixture.requests('PUT');
    expect(writes.filter(({ status }) => status === 201)).toHaveLength(8);
  });
});

describe('a writer that has not read our list', () => {
  test('is waited for if it writes soon after us, and our entry is restored', async () => {
    const other = await fixture.foreign('other');
    const adding = fixture.add([entry(1)], { timing: PATIENT });
    await fixture.firstWrite();
    await fixture.replace([other]);
    await adding;
    expect(await fixture.listed()).toEqual([entry(1).digest, other.digest]);
  });

  test('is waited for longer if others write', async () => {
    const other = await fixture.foreign('other');
    const started = performance.now();
    const adding = fixture.add([entry(1)], { timing: { ...PATIENT, contended: 3000 } });
    await fixture.firstWrite();
    await fixture.replace([other, entry(1)]);
    await adding;
    expect(performance.now() - started).toBeGreaterThan(3000);
  });
});

describe('a slow write', () => {
  test('restores what it replaced', async () => {
    await fixture.registry.fault({ ...writeOnce, action: { delay: 1000 } });
    const other = await fixture.foreign('other');
    const adding = fixture.add([entry(1)]);
    await fixture.firstWrite();
    await fixture.replace([other]);
    await adding;
    expect([...(await fixture.listed())].sort()).toEqual([entry(1).digest, other.digest].sort());
  });

  test('does not restore an entry whose manifest was deleted', async () => {
    await fixture.registry.fault({ ...writeOnce, action: { delay: 1000 } });
    const adding = fixture.add([entry(1)]);
    await fixture.firstWrite();
    await fixture.replace([entry(2)]);
    await adding;
    expect(await fixture.listed()).toEqual([entry(1).digest]);
  });
});

describe('a write that the registry rejects temporarily', () => {
  test.each([
    [503, { 'Retry-After': '1' }],
    [503, {}],
    [429, { 'Retry-After': '1' }],
  ] as const)('with %i %j is repeated with the current list', async (status, headers) => {
    await fixture.registry.fault({ ...writeOnce, action: { status, headers } });
    const adding = fixture.add([entry(1)], { retryTimeout: 10_000 });
    await fixture.firstWrite();
    // Of a manifest that does not exist: it was found in the list, and is not remembered.
    await fixture.replace([entry(2)]);
    await adding;
    expect(await fixture.listed()).toEqual([entry(1).digest, entry(2).digest]);
  });
});

describe('a write whose response is lost', () => {
  test('is not repeated', async () => {
    await fixture.registry.fault({ ...writeOnce, action: { reset: true, processed: true } });
    await fixture.add([entry(1)], { retryTimeout: 10_000 });
    expect(await fixture.requests('PUT')).toHaveLength(1);
    expect(await fixture.listed()).toEqual([entry(1).digest]);
  });

  test('is detected even without time to repeat it', async () => {
    await fixture.registry.fault({ ...writeOnce, action: { reset: true, processed: true } });
    await fixture.add([entry(1)]);
    expect(await fixture.listed()).toEqual([entry(1).digest]);
  });

  test('is repeated if it was not executed', async () => {
    await fixture.registry.fault({ ...writeOnce, action: { reset: true } });
    await fixture.add([entry(1)], { retryTimeout: 10_000 });
    expect(await fixture.listed()).toEqual([entry(1).digest]);
  });

  test('is an error if it was never executed', async () => {
    await fixture.registry.fault({ ...writeOnce, times: 9, action: { reset: true } });
    expect(await problemOf(fixture.add([entry(1)]))).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringMatching(
        /^Cannot list the signature in ".*": it is stored as sha256:\w+, but tag sha256-\w+ does not list it \(Cannot reach .* PUT .*\/manifests\/sha256-/,
      ),
    });
  });

  test('leaves the listing unknown if the tag cannot be read either', async () => {
    let isWritten = false;
    const server = await serve(({ method }) => {
      isWritten ||= method === 'PUT';
      return isWritten ? 'reset' : { status: 404 };
    });
    const digest = `sha256:${'f'.repeat(64)}` as const;
    const adding = listInFallbackTag(connect(server.url.host, 'acme/app'), digest, [entry(1)]);
    expect(await problemOf(adding)).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining(
        `it is stored as ${entry(1).digest}, but it is unknown whether tag ${fallbackTag(digest)} lists it`,
      ),
    });
  });
});

describe('reads that lag', () => {
  test('are waited for and are not mistaken for other writers', async () => {
    await fixture.registry.set({ tagLag: 1500 });
    const started = performance.now();
    await fixture.add([entry(1)], { timing: PATIENT });
    expect(await fixture.requests('PUT')).toHaveLength(1);
    // Until it is visible, and as long again as another's write can take.
    expect(performance.now() - started).toBeGreaterThan(2 * 1500 + PATIENT.settling - 500);
  });

  test('do not lose the entry of a first writer if a second one writes meanwhile', async () => {
    await fixture.registry.set({ tagLag: 1500 });
    const first = fixture.add([entry(1)], { timing: PATIENT });
    await fixture.firstWrite();
    await Promise.all([first, fixture.add([entry(2)], { timing: PATIENT })]);
    await fixture.registry.set({ tagLag: 0 });
    expect([...(await fixture.listed())].sort()).toEqual([entry(1).digest, entry(2).digest]);
  });

  test('lead to another write if they show an older list', async () => {
    const bodies = [undefined, [], [entry(1)]];
    let writes = 0;
    const server = await serve(({ method }) => {
      if (method === 'PUT') writes++;
      const manifests = bodies[writes];
      if (method === 'PUT') return { status: 201 };
      if (!manifests) return { status: 404 };
      const body = JSON.stringify({ mediaType: OCI_INDEX, manifests });
      return { headers: { 'content-type': OCI_INDEX }, body };
    });
    const digest = `sha256:${'f'.repeat(64)}` as const;
    const client = connect(server.url.host, 'acme/app');
    await listInFallbackTag(client, digest, [entry(1)], { timing: AT_ONCE });
    const [first, second] = server.asked.filter(({ method }) => method === 'PUT');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(AT_ONCE.lag - 50);
  });
});
