// Writing manifests: links to subjects, conditions, and what is repeated.
import { describe, expect, test } from '@jest/globals';

import { digestOf } from '../../src/model/digest.ts';
import { readManifest } from '../../src/registry/content.ts';
import { type Draft, writeManifest } from '../../src/registry/write-manifest.ts';
import { OCI_MANIFEST } from '../../src/registry/media-types.ts';
import { connect, problemOf } from './connect.ts';
import { answering, client, digest, registry } from './content-fixture.ts';

describe('writing a manifest', () => {
  const manifest = {
    mediaType: OCI_MANIFEST,
    bytes: Buffer.from(JSON.stringify({ mediaType: OCI_MANIFEST, subject: { digest } })),
  };

  test('reports whether the registry linked it to its subject', async () => {
    expect(await writeManifest(client, digestOf(manifest.bytes), manifest)).toEqual({
      status: 201,
      linkedTo: digest,
    });
    await registry.set({ subjectHeader: 'never' });
    expect(await writeManifest(client, digestOf(manifest.bytes), manifest)).toEqual({
      status: 201,
      linkedTo: null,
    });
  });

  test('changes nothing and does not fail if its condition is not met', async () => {
    await registry.set({ conditions: 'honoured' });
    const draft = { ...manifest, condition: { 'if-match': '"other"' } };
    expect(await writeManifest(client, 'v1', draft, { refusals: [412] })).toMatchObject({
      status: 412,
    });
    expect(await readManifest(client, 'v1')).toMatchObject({ digest });
  });

  test('fails with an unmet condition if its caller does not expect it', async () => {
    expect(
      await problemOf(writeManifest(await answering({ status: 412 }), 'v1', manifest)),
    ).toMatchObject({ code: 'SERVICE_REFUSED' });
  });

  test('gets the new content from its caller before a retry', async () => {
    await registry.fault({ method: 'PUT', path: '/v1$', times: 1, action: { status: 503 } });
    const patient = connect(registry.host, 'acme/app', { retryTimeout: 10_000 });
    const other = { ...manifest, bytes: Buffer.from(JSON.stringify({ schemaVersion: 2 })) };
    const again = (): Promise<Draft> => Promise.resolve(other);
    expect(await writeManifest(patient, 'v1', manifest, { again })).toMatchObject({ status: 201 });
    expect(await readManifest(client, 'v1')).toMatchObject({ digest: digestOf(other.bytes) });
  });

  test('is not repeated if its caller finds it written', async () => {
    await registry.fault({ method: 'PUT', path: '/v9$', action: { status: 503 } });
    const patient = connect(registry.host, 'acme/app', { retryTimeout: 10_000 });
    const again = (): Promise<undefined> => Promise.resolve(undefined);
    expect(await writeManifest(patient, 'v9', manifest, { again })).toMatchObject({ status: 201 });
  });

  test('fails if the registry stored other bytes', async () => {
    const other = digestOf(Buffer.from('other'));
    expect(
      await problemOf(
        writeManifest(
          await answering({ status: 201, headers: { 'docker-content-digest': other } }),
          'v1',
          manifest,
        ),
      ),
    ).toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringContaining(
        `requested ${digestOf(manifest.bytes)}, but the content returned has digest ${other}`,
      ),
    });
  });
});
