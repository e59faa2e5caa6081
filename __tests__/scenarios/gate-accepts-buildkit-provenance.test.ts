// BuildKit provenance on an attestation manifest with a signature counts for the image, with the certificate of the signer.
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { fromBuildKit } from '../../lab/bundles/provenance.ts';
import { PROVENANCE } from '../../lab/bundles/statement.ts';
import { signAndAttach, type Signing } from './attach.ts';
import { type Image, type Inputs, startWorld } from './world.ts';

const PLATFORMS = ['linux/amd64', 'linux/arm64'];
const GATE = { mode: 'verify', require: 'provenance', sources: 'registry' };
const RUN = 'https://github.com/acme/app/actions/runs/4242/attempts/1';
const world = await startWorld();
const builtBy = (content: string, builder = RUN): Promise<Image> =>
  world.push('acme/app', {
    content,
    platforms: PLATFORMS,
    provenance: fromBuildKit(builder) as { predicateType: string; predicate: object },
  });
const whole = await builtBy('whole');
const half = await builtBy('half');
const signed = await builtBy('signed');
const foreign = await builtBy('foreign');
const elsewhere = await builtBy('elsewhere', RUN.replace('4242', '1'));
const claimed = await builtBy('claimed');
const swapped = await builtBy('swapped');

async function signAttestations(
  image: Image,
  platforms = PLATFORMS,
  signing: Signing = {},
): Promise<void> {
  for (const platform of platforms) {
    const digest = image.attestations[platform] ?? '';
    await signAndAttach(world, { ...image, digest }, signing);
  }
}

beforeAll(async () => {
  await signAttestations(whole);
  await signAttestations(half, ['linux/amd64']);
  await signAttestations(signed);
  await signAndAttach(world, signed);
  await signAttestations(foreign, PLATFORMS, { claims: { repository: 'mallory/app' } });
  await signAttestations(elsewhere);
  await signAttestations(claimed, PLATFORMS, { predicateType: PROVENANCE });
  await signAttestations(swapped, PLATFORMS, { digest: whole.attestations['linux/amd64'] ?? '' });
});
afterAll(() => world.stop());

interface Judged {
  readonly exit: number;
  readonly [name: string]: unknown;
}

async function judge(image: Image, inputs: Inputs = {}): Promise<Judged> {
  const run = await world.run('src', { ...GATE, images: image.reference, ...inputs });
  const [result, ...parts] = JSON.parse(run.outputs['results'] ?? '[]') as object[];
  return { exit: run.exit, ...result, parts };
}

test('accepts BuildKit provenance signed for each platform and reports its builder and materials', async () => {
  expect(await judge(whole)).toMatchObject({
    exit: 0,
    verdict: 'accepted',
    evidence: [
      {
        requirement: 'provenance',
        bundles: [0, 1].map(() => ({
          predicateType: PROVENANCE,
          identity: expect.stringContaining('acme/app/.github/workflows/release.yml'),
          provenance: {
            builder: RUN,
            materials: [{ uri: expect.stringContaining('alpine') }, {}],
          },
        })),
      },
    ],
  });
});

test('accepts BuildKit provenance of one platform as provenance of that platform', async () => {
  const judged = await judge(whole, { recursive: 'true' });
  expect(judged).toMatchObject({ exit: 0, parts: [0, 1].map(() => ({ verdict: 'accepted' })) });
  const { parts } = await judge(half, { recursive: 'true' });
  expect(parts).toMatchObject([{ verdict: 'accepted' }, { verdict: 'unattested' }]);
});

test('accepts BuildKit provenance as provenance next to a signature, but not as a signature', async () => {
  const both = { require: 'signature\nprovenance' };
  expect(await judge(signed, both)).toMatchObject({ exit: 0, verdict: 'accepted' });
  expect(await judge(whole, both)).toMatchObject({ exit: 1, verdict: 'rejected' });
  expect(await judge(whole, { require: 'signature' })).toMatchObject({ verdict: 'unattested' });
});

test('reads no attestation manifest if the image itself satisfies the policy', async () => {
  await world.forget();
  expect(await judge(signed, { require: 'signature' })).toMatchObject({ exit: 0 });
  const paths = (await world.registry.requests()).map(({ path }) => path);
  expect(paths.filter((path) => path.includes(signed.attestations['linux/amd64'] ?? ''))).toEqual(
    [],
  );
});

test.each<[string, Image, object]>([
  ['is missing for one platform', half, { verdict: 'unattested' }],
  [
    'another repository signed',
    foreign,
    { verdict: 'rejected', unacceptable: [{ findings: [{ rule: 'repository' }, {}, {}] }] },
  ],
  [
    'another run built',
    elsewhere,
    { verdict: 'rejected', unacceptable: [{ findings: [{ rule: 'provenance-run' }] }] },
  ],
  [
    'is signed with a statement that is not a signature',
    claimed,
    { verdict: 'rejected', rejections: [{ code: 'STATEMENT', rule: 'type' }] },
  ],
  [
    'has only the signature of another attestation',
    swapped,
    { verdict: 'rejected', rejections: [{ code: 'SUBJECT', rule: 'subject' }] },
  ],
])('rejects BuildKit provenance that %s', async (_, image, verdict) => {
  expect(await judge(image)).toMatchObject({ exit: 1, ...verdict });
});
