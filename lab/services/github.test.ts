// The embedded attestations API: permissions, paging, and bundles behind URLs.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { encodeSnappy } from './github/snappy.ts';
import { startGitHub } from './start.ts';
import { defaultSettings, type GitHubSettings } from './github/settings.ts';

const settings: GitHubSettings = {
  ...defaultSettings,
  tokens: { writer: 'write', reader: 'read', stranger: 'none' },
};
const github = await startGitHub(settings);
let digest = '';
let count = 0;

beforeEach(async () => {
  await github.set(settings);
  digest = (count += 1).toString(16).padStart(64, '0');
});
afterAll(() => github.stop());

function bundle(predicateType = 'https://slsa.dev/provenance/v1'): object {
  const subject = [{ digest: { sha256: digest } }];
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType,
    predicate: {},
  };
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {},
    dsseEnvelope: {
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      signatures: [{ sig: 'x' }],
    },
  };
}

function post(body: object, token?: string): Promise<Response> {
  return fetch(`${github.url}/repos/acme/app/attestations`, {
    method: 'POST',
    body: JSON.stringify({ bundle: body }),
    headers: token === undefined ? {} : { Authorization: `token ${token}` },
  });
}

function list(owner = 'repos/acme/app', query = ''): Promise<Response> {
  return fetch(`${github.url}/${owner}/attestations/sha256:${digest}${query}`);
}

interface Listed {
  readonly attestations: readonly { readonly bundle: object | null; readonly bundle_url: string }[];
}

function decodeSnappy(input: Buffer): Buffer {
  let position = 0;
  while (input.readUInt8(position++) > 127);
  const out: number[] = [];
  while (position < input.length) {
    const tag = input.readUInt8(position++);
    if ((tag & 3) === 0) {
      const extra = Math.max((tag >> 2) - 59, 0);
      const length = (extra === 0 ? tag >> 2 : input.readUIntLE(position, extra)) + 1;
      position += extra;
      out.push(...input.subarray(position, position + length));
      position += length;
    } else {
      const width = [0, 1, 2, 4][tag & 3] ?? 0;
      const low = input.readUIntLE(position, width);
      position += width;
      const offset = width === 1 ? ((tag >> 5) << 8) | low : low;
      const length = width === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      for (let copied = 0; copied < length; copied += 1) out.push(out[out.length - offset] ?? 0);
    }
  }
  return Buffer.from(out);
}

describe('creating an attestation', () => {
  test('requires the write permission', async () => {
    const created = await post(bundle(), 'writer');
    expect([created.status, await created.json()]).toEqual([201, { id: expect.any(Number) }]);
    const refused = await post(bundle(), 'reader');
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { message: 'Resource not accessible by integration' },
    ]);
    expect((await post(bundle(), 'unknown')).status).toBe(401);
    expect((await post(bundle())).status).toBe(404);
  });

  test('requires a DSSE bundle', async () => {
    expect(
      (await post({ ...bundle(), dsseEnvelope: undefined, messageSignature: {} }, 'writer')).status,
    ).toBe(422);
  });
});

describe('listing attestations', () => {
  test('can lag', async () => {
    await github.set({ listLag: 60_000 });
    await post(bundle(), 'writer');
    expect((await list()).status).toBe(404);
    await github.set({ listLag: 0 });
    expect((await list()).status).toBe(200);
  });

  test('works by repository, organization and user', async () => {
    await post(bundle(), 'writer');
    expect((await list()).status).toBe(200);
    expect((await list('repos/ACME/app')).status).toBe(200);
    expect((await list('orgs/acme')).status).toBe(200);
    expect((await list('users/acme')).status).toBe(200);
    expect((await list('repos/acme/other')).status).toBe(404);
    expect((await list('orgs/octocat')).status).toBe(404);
  });

  test('returns pages, newest first, with cursors', async () => {
    await github.set({ bundles: 'inline', pageSize: 2 });
    for (const type of ['a', 'b', 'c']) await post(bundle(type), 'writer');
    const first = await list('repos/acme/app', '?per_page=100');
    const [, next] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    expect(next).toContain('after=');
    const second = await fetch(next ?? '');
    expect(second.headers.get('link')).toBeNull();
    expect(((await first.json()) as Listed).attestations).toHaveLength(2);
    expect(((await second.json()) as Listed).attestations).toMatchObject([{ bundle: bundle('a') }]);
  });

  test('filters by predicate type and by its short name', async () => {
    await post(bundle(), 'writer');
    expect((await list('repos/acme/app', '?predicate_type=provenance')).status).toBe(200);
    expect((await list('repos/acme/app', '?predicate_type=sbom')).status).toBe(404);
    expect(
      (
        await list(
          'repos/acme/app',
          `?predicate_type=${encodeURIComponent('https://slsa.dev/provenance/v1')}`,
        )
      ).status,
    ).toBe(200);
  });

  test('hides private repositories', async () => {
    await post(bundle(), 'writer');
    await github.set({ visibility: 'private' });
    expect((await list()).status).toBe(404);
    const url = `${github.url}/repos/acme/app/attestations/sha256:${digest}`;
    expect((await fetch(url, { headers: { Authorization: 'Bearer reader' } })).status).toBe(200);
    expect((await fetch(url, { headers: { Authorization: 'Bearer stranger' } })).status).toBe(403);
  });

  test('points to blob storage that accepts no credentials', async () => {
    await post(bundle(), 'writer');
    const [attestation] = ((await (await list()).json()) as Listed).attestations;
    const url = attestation?.bundle_url ?? '';
    expect([attestation?.bundle, new URL(url).origin]).toEqual([null, github.blobs]);
    expect((await fetch(url, { headers: { Authorization: 'Bearer writer' } })).status).toBe(400);
    const blob = await fetch(url);
    expect(blob.headers.get('content-type')).toBe('application/x-snappy');
    expect(JSON.parse(decodeSnappy(Buffer.from(await blob.arrayBuffer())).toString())).toEqual(
      bundle(),
    );
    await github.set({ encoding: 'json' });
    expect(await (await fetch(url)).json()).toEqual(bundle());
    expect((await fetch(url.replace(/sig=.*/, 'sig=other'))).status).toBe(403);
  });
});

test.each([0, 1, 59, 60, 61, 255, 256, 300, 70_000])(
  'snappy blocks of %i bytes are decoded again',
  (size) => {
    const mixed = Buffer.from(
      Array.from({ length: size }, (_, index) =>
        index % 97 < 40 ? index % 7 : (index * index) % 251,
      ),
    );
    for (const bytes of [
      mixed,
      Buffer.alloc(size, 'a'),
      Buffer.concat([mixed, Buffer.alloc(70_000, 'xyzw'), mixed]),
    ]) {
      expect(decodeSnappy(encodeSnappy(bytes)).equals(bytes)).toBe(true);
    }
  },
);
