// An artifact that is not an image, such as a Helm chart, is signed and verified like one, also with the name that Helm uses.
import { afterAll, describe, expect, test } from '@jest/globals';

import { putBlob, putManifest } from '../../lab/services/image.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const name = `${world.registry.host}/acme/charts/app`;

afterAll(() => world.stop());

async function pushChart(content: string, change: object = {}): Promise<string> {
  const put = async (text: string, mediaType: string): Promise<object> => ({
    mediaType,
    digest: await putBlob(world.registry, 'acme/charts/app', text),
    size: Buffer.byteLength(text),
  });
  return putManifest(world.registry, 'acme/charts/app', {
    schemaVersion: 2,
    config: await put(`{"name":"${content}"}`, 'application/vnd.cncf.helm.config.v1+json'),
    layers: [await put(content, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip')],
    ...change,
  });
}

describe.each(entries)('signing step run from %s', (entry) => {
  test.each([
    ['a Helm chart', {}, 'application/vnd.cncf.helm.config.v1+json'],
    [
      'an artifact with a type',
      { artifactType: 'application/vnd.acme.config.v1+json' },
      'application/vnd.acme.config.v1+json',
    ],
  ])('signs and verifies %s, and logs its type', async (_, change, type) => {
    const images = `oci://${name}@${await pushChart(entry, change)}`;
    const signed = await world.run(entry, { mode: 'sign', images });
    expect(signed).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    expect(signed.outputs['image']).toBe(images.slice('oci://'.length));
    const note = `Not an image: ${images.slice('oci://'.length)} is an artifact of type ${type}\n`;
    expect(signed.log).toContain(note);
    const verified = await world.run(entry, { mode: 'verify', images });
    expect(verified).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    expect(verified.log.split(note)).toHaveLength(2);
  });
});
