// A vendor's image that is signed with a key, as cosign v2 did it: the gate trusts the key that the user names, by URL, file or text.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import { serve } from '../loopback.ts';
import { newKeyPair, signWithKey } from './old-cosign.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const [vendor, other] = [newKeyPair(), newKeyPair()];
const [signed, unlogged, foreign] = await Promise.all(['signed', 'unlogged', 'foreign'].map((content) => world.push('vendor/app', { content, tag: content })));
if (!signed || !unlogged || !foreign) throw new Error('no images');
await signWithKey(world, signed, vendor);
await signWithKey(world, unlogged, vendor, { log: 'none' });
await signWithKey(world, foreign, vendor, { digest: signed.digest });
const { url } = await serve(({ path }) => (path === '/cosign.pub' ? { body: vendor.publicKey } : path === '/moved.pub' ? { status: 302, headers: { location: '/cosign.pub' } } : { status: 404 }));
const file = join(await mkdtemp(join(tmpdir(), 'key-')), 'cosign.pub');
await writeFile(file, `${other.publicKey}${vendor.publicKey}`);

afterAll(() => world.stop());

describe.each(entries)('from %s', (entry) => {
  test.each([
    ['by URL', new URL('/cosign.pub', url).href],
    ['in a file, with the next key beside it', file],
    ['as text', vendor.publicKey],
  ])('accepts the key %s', async (_, key) => {
    const { exit, outputs, summary, annotations } = await world.run(entry, { mode: 'verify', images: `${world.registry.host}/vendor/app:signed`, key });
    expect({ exit, annotations, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({ exit: 0, annotations: [], verdict: 'accepted', image: signed.reference });
    expect(summary).toMatch(/\| key \| <code>sha256:[0-9a-f]{64}<\/code> from /);
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([{ evidence: [{ requirement: 'signature', bundles: [{ source: 'legacy', predicateType: 'application/vnd.dev.cosign.simplesigning.v1+json' }] }] }]);
  });

  test.each([
    ['of another key', signed.reference, { key: other.publicKey }, 'rejected', /signature: expected "made by key over this payload", found "made by another key/],
    ['without a key, by whoever holds it', signed.reference, {}, 'rejected', /signer: expected "a certificate", found "a key; "key" names the keys to trust"/],
    ['that no log has seen', unlogged.reference, { key: file }, 'rejected', /log entry or timestamp: expected "at least one", found "neither; "insecure-ignore-tlog" asks for none"/],
    ['for another image', foreign.reference, { key: file }, 'rejected', /subject: expected "sha256:\w+", found "sha256:\w+"/],
    ['as the provenance that is required', signed.reference, { key: file, require: 'provenance' }, 'rejected', /no acceptable provenance/],
  ])('refuses a signature %s', async (_, images, inputs: Readonly<Record<string, string>>, verdict, message) => {
    const { exit, outputs, annotations } = await world.run(entry, { mode: 'verify', images, ...inputs });
    expect({ exit, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({ exit: 1, verdict, image: undefined });
    expect(annotations[0]?.message).toMatch(message);
  });

  test('says loudly that no witness was asked for', async () => {
    const { exit, outputs, summary, annotations } = await world.run(entry, { mode: 'verify', images: unlogged.reference, key: vendor.publicKey, 'insecure-ignore-tlog': 'true' });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(summary).toContain('> ⚠️ insecure-ignore-tlog');
    expect(annotations).toMatchObject([{ level: 'warning', message: expect.stringContaining('insecure-ignore-tlog') }]);
  });

  test.each([
    ['that redirects', new URL('/moved.pub', url).href, /it redirects to/],
    ['that is missing', new URL('/none.pub', url).href, /it answered 404/],
    ['file that is not there', 'nowhere.pub', /cannot be read \(ENOENT\)/],
  ])('stops at a key %s', async (_, key, message) => {
    const { exit, outputs, annotations } = await world.run(entry, { mode: 'verify', images: signed.reference, key });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(message);
  });
});
