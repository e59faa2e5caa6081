// Bundles from real production systems; the data belongs to other projects and is read from COUNTERSIGN_VECTORS.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { bundleOfLayer, SIGNATURE_LAYER } from '../../../src/cosign/layer.ts';
import { parsePublicKeys } from '../../../src/keys/public-key.ts';
import type { Digest } from '../../../src/model/digest.ts';
import { contradictionsIn } from '../../../src/policy/provenance.ts';
import { isProblem } from '../../../src/text/parsed.ts';
import type { Concluded } from '../../../src/model/verdict.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import { byCertificates, byKeys } from '../../../src/sigstore/verify/trusted.ts';
import {
  type Conclude,
  conclusive,
  createVerifier,
} from '../../../src/sigstore/verify/verifier.ts';
import { othersVectors as vectors } from '../../../lab/vectors/of-others.ts';
import { describeOthers } from '../../../lab/vectors/describe-others.ts';

const KUBEWARDEN = 'oci-bundles/kubewarden-controller-v1.34.0-cosign-sign.sigstore.json';

describeOthers('production bundles', () => {
  let verify: Conclude;

  beforeAll(async () => {
    verify = conclusive(
      createVerifier(
        byCertificates(await trustFromFile(join(vectors, 'trusted-roots/prod-trusted_root.json'))),
      ),
    );
  });

  const check = (file: string, digest?: Digest): Promise<Concluded> => {
    const json = readFileSync(join(vectors, file));
    return verify({ source: 'registry', place: file, json }, digest ?? digestIn(json));
  };

  it('accepts a signature of cosign v3 in GitHub Actions with its signer and claims', async () => {
    const checked = await check(KUBEWARDEN);
    if ('rejected' in checked) throw new Error(JSON.stringify(checked.rejected.finding));
    expect(checked.verified.statement.predicateType).toBe('https://sigstore.dev/cosign/sign/v1');
    expect(checked.verified.signer).toMatchObject({
      san: 'https://github.com/kubewarden/kubewarden-controller/.github/workflows/release.yml@refs/tags/v1.34.0',
      issuer: 'https://token.actions.githubusercontent.com',
      claims: {
        sourceRepositoryUri: 'https://github.com/kubewarden/kubewarden-controller',
        runnerEnvironment: 'github-hosted',
      },
    });
    expect(checked.verified.logEntries).toEqual([
      {
        log: 'https://rekor.sigstore.dev',
        index: '1261105807',
        link: 'https://search.sigstore.dev/?logIndex=1261105807',
      },
    ]);
  });

  it('rejects a signature of cosign v3 for another image', async () =>
    expect(await check(KUBEWARDEN, `sha256:${'00'.repeat(32)}`)).toMatchObject({
      rejected: { code: 'SUBJECT' },
    }));

  it("accepts bundles of GitHub's instance, which has no log, with the roots that gh prints", async () => {
    const both = conclusive(
      createVerifier(
        byCertificates(await trustFromFile(join(vectors, 'trusted-roots/gh-trusted_root.jsonl'))),
      ),
    );
    const judge = (file: string): Promise<Concluded> =>
      both(
        { source: 'github', place: file, json: readFileSync(join(vectors, file)) },
        digestIn(readFileSync(join(vectors, file))),
      );
    expect(await judge('github/github_provenance_demo-bundle.jsonl')).toMatchObject({
      verified: { times: [{ source: 'timestamp-authority' }], logEntries: [] },
    });
    expect(await judge(KUBEWARDEN)).toMatchObject({
      verified: { logEntries: [{ log: 'https://rekor.sigstore.dev' }] },
    });
  });

  it.each([
    ['github/bcr-MODULE.bazel.intoto.jsonl', 11],
    ['java/bundle.dsse.sigstore', 11],
    ['slsa-bundles/valid-v0.3.intoto.sigstore', 11],
  ])('accepts %s, with provenance that matches its certificate', async (file, facts) => {
    const checked = await check(file);
    if ('rejected' in checked) throw new Error(JSON.stringify(checked.rejected.finding));
    expect(checked.verified.statement.provenance?.run).toHaveLength(facts);
    expect(contradictionsIn(checked.verified)).toEqual([]);
  });

  it.each([
    ['slsa-bundles/invalid-dsse-sig.intoto.sigstore', 'TRANSPARENCY_LOG'],
    // Its chain contains a root; the only other problem is that it is not about an image.
    ['sigstore-go/dsse.sigstore.json', 'SUBJECT'],
    ['java/bundle.dsse.rekor-v2.mismatched-signature.sigstore', 'TIMESTAMP'],
    ['java/bundle.v3.no.inclusion.sigstore', 'BUNDLE_MALFORMED'],
    ['github/github_provenance_demo-bundle.jsonl', 'CERTIFICATE'],
  ])('rejects %s: %s', async (file, code) =>
    expect(await check(file, `sha256:${'00'.repeat(32)}`)).toMatchObject({ rejected: { code } }),
  );
});

describeOthers('signatures of cosign v2', () => {
  const root = join(vectors, 'trusted-roots/prod-trusted_root.json');

  async function judge(
    name: string,
    { key, payload, digest }: { key?: string; payload?: Buffer; digest?: Digest } = {},
  ): Promise<Concluded> {
    const vector = JSON.parse(readFileSync(join(vectors, 'cosign-legacy', name), 'utf8')) as {
      payload: string;
      annotations: Record<string, string>;
      signedDigest: Digest;
    };
    const layer = payload ?? Buffer.from(vector.payload, 'base64');
    const json = bundleOfLayer({
      mediaType: SIGNATURE_LAYER,
      annotations: vector.annotations,
      blob: layer,
    });
    const keys = key === undefined ? undefined : parsePublicKeys(key, 'cosign.pub');
    if (keys && isProblem(keys)) throw new Error(keys.problem);
    const trusted = await trustFromFile(root);
    const known = keys ? byKeys(keys.value, trusted) : byCertificates(trusted);
    return conclusive(createVerifier(known))(
      { source: 'legacy', place: name, json, layer },
      digest ?? vector.signedDigest,
    );
  }

  it.each([
    [
      'gha-keyless-salrashid123-c05263d2ff65.json',
      'https://github.com/salrashid123/go-bazel-github-workflow/.github/workflows/release.yaml@refs/tags/v0.0.30',
    ],
    ['gha-keyless-salrashid123-d454b76c23ed.json', 'salrashid123@gmail.com'],
    ['containers-image-fulcio-rekor.json', 'mitr@redhat.com'],
  ])('accepts %s as a keyless signature by %s', async (name, san) => {
    expect(await judge(name)).toMatchObject({
      verified: {
        statement: { predicateType: 'application/vnd.dev.cosign.simplesigning.v1+json' },
        signer: { san },
        times: [{ source: 'transparency-log' }],
      },
    });
  });

  const keyOf = (): string =>
    (
      JSON.parse(
        readFileSync(join(vectors, 'cosign-legacy/containers-image-key-rekor.json'), 'utf8'),
      ) as { publicKey: string }
    ).publicKey;
  const otherKey = (): string =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ format: 'pem', type: 'spki' })
      .toString();

  it('accepts a key signature only with that key, alone or among others', async () => {
    expect(
      await judge('containers-image-key-rekor.json', { key: `${otherKey()}${keyOf()}` }),
    ).toMatchObject({
      verified: {
        signer: { from: 'cosign.pub' },
        logEntries: [{ log: 'https://rekor.sigstore.dev' }],
      },
    });
    expect(await judge('containers-image-key-rekor.json', { key: otherKey() })).toMatchObject({
      rejected: { code: 'SIGNATURE' },
    });
    expect(await judge('containers-image-key-rekor.json')).toMatchObject({
      rejected: { code: 'KEY' },
    });
    expect(await judge('containers-image-fulcio-rekor.json', { key: keyOf() })).toMatchObject({
      rejected: { code: 'KEY' },
    });
  });

  it('rejects a key signature over another payload or for another image', async () => {
    const payload = Buffer.from('{"critical":{}}');
    expect(await judge('containers-image-fulcio-rekor.json', { payload })).toMatchObject({
      rejected: { code: 'TRANSPARENCY_LOG' },
    });
    expect(await judge('containers-image-key-rekor.json', { key: keyOf(), payload })).toMatchObject(
      { rejected: { code: 'SIGNATURE' } },
    );
    expect(
      await judge('containers-image-fulcio-rekor.json', { digest: `sha256:${'00'.repeat(32)}` }),
    ).toMatchObject({ rejected: { code: 'SUBJECT' } });
  });

  it.each([
    ['slsa-container-v1.10.0', 'dsse 0.0.1'],
    ['slsa-container-v1.4.0', 'intoto 0.0.1'],
  ])('accepts %s: an attestation of an image, logged as %s', async (name) => {
    const layout = join(vectors, 'oci-layouts', name);
    const blob = (digest: string): Buffer =>
      readFileSync(join(layout, 'blobs', digest.replace(':', '/')));
    const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
      manifests: { digest: Digest; annotations: { kind: string } }[];
    };
    const [image, attestations] = manifests;
    if (!image || !attestations) throw new Error('an unexpected layout');
    const { layers } = JSON.parse(blob(attestations.digest).toString()) as {
      layers: { mediaType: string; digest: string; annotations: Record<string, string> }[];
    };
    const verify = conclusive(createVerifier(byCertificates(await trustFromFile(root))));
    for (const { mediaType, digest, annotations } of layers) {
      const layer = blob(digest);
      const found = {
        source: 'legacy',
        place: name,
        json: bundleOfLayer({ mediaType, annotations, blob: layer }),
        layer,
      } as const;
      const checked = await verify(found, image.digest);
      expect(checked).toMatchObject({
        verified: { statement: { predicateType: 'https://slsa.dev/provenance/v0.2' } },
      });
      expect('verified' in checked && contradictionsIn(checked.verified)).toEqual([]);
      const spaced = Buffer.from(`${layer.toString()} `);
      if (name.endsWith('v1.4.0'))
        expect(await verify({ ...found, layer: spaced }, image.digest)).toMatchObject({
          rejected: {
            code: 'TRANSPARENCY_LOG',
            finding: { found: 'the entry records another envelope' },
          },
        });
    }
  });
});

/** The digest that the statement names, which for these bundles is not an image. */
function digestIn(json: Buffer): Digest {
  const { dsseEnvelope } = JSON.parse(json.toString()) as { dsseEnvelope: { payload: string } };
  const { subject } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as {
    subject: { digest: { sha256: string } }[];
  };
  return `sha256:${subject[0]?.digest.sha256 ?? ''}`;
}
