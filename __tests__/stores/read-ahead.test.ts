// The list of a fallback tag is read while the manifests are written, at a registry that is known to need it.
import { afterAll, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import type { Subject } from '../../src/model/subject.ts';
import { SIGNATURE_TYPE } from '../../src/model/types.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import { fallbackTag } from '../../src/registry/referrer.ts';
import { registrySource } from '../../src/sources/registry.ts';
import { registryStore } from '../../src/stores/registry.ts';
import { pushImage } from '../../lab/services/image.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect } from '../registry/connect.ts';
import { collect } from '../sources/collect.ts';
import { madeBundle } from './made.ts';

const registry = await startRegistry({ referrers: 'none' });
afterAll(() => registry.stop());

test('the list is read before it is known that the manifest was written', async () => {
  const path = 'acme/app';
  const digest = (await pushImage(registry, path)).digest as Digest;
  const subject: Subject = { repository: { registry: registry.host, path }, digest };
  const client = connect(registry.host, path);
  const same = (): RegistryClient => client;
  const looking = registrySource(same, { used: 0 });
  await collect(looking.find(subject, new AbortController().signal));
  await registry.clear();
  const clients = { clientFor: same, evidenceFor: same, ifImageMissing: 'copy it' };
  const claim = { kind: 'signature', annotations: {} } as const;
  const prepared = await registryStore(clients).prepare([subject], [claim]);
  await registry.fault({ method: 'PUT', path: '/manifests/', action: { status: 400 } });
  const bundle = madeBundle({
    subjects: [subject],
    predicateType: SIGNATURE_TYPE,
    json: Buffer.from('{}'),
  });
  expect((await prepared.store([bundle])).stored).toEqual([]);
  const tag = fallbackTag(digest);
  const reads = (await registry.requests()).filter(({ path: asked }) => asked.endsWith(tag));
  expect(reads.map(({ method }) => method)).toEqual(['GET']);
});
