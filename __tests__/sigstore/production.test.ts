// Bundles that real production systems made; the data is other projects' and is read where COUNTERSIGN_VECTORS says.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Digest } from '../../src/model/digest.ts';
import type { Checked } from '../../src/model/verdict.ts';
import { trustFromFile } from '../../src/sigstore/trust-file.ts';
import { createVerifier, type Verify } from '../../src/sigstore/verifier.ts';

const vectors = process.env['COUNTERSIGN_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors');
const areHere = existsSync(join(vectors, 'INDEX.md'));
const KUBEWARDEN = 'oci-bundles/kubewarden-controller-v1.34.0-cosign-sign.sigstore.json';

it('the vectors are here wherever CI runs', () => {
  expect(areHere || !process.env['CI']).toBe(true);
});

(areHere ? describe : describe.skip)('production bundles (COUNTERSIGN_VECTORS)', () => {
  let verify: Verify;

  beforeAll(async () => {
    verify = createVerifier(await trustFromFile(join(vectors, 'trusted-roots/prod-trusted_root.json')));
  });

  const check = (file: string, digest?: Digest): Promise<Checked> => {
    const json = readFileSync(join(vectors, file));
    return verify({ source: 'registry', place: file, json }, digest ?? digestIn(json));
  };

  it('of cosign v3 in GitHub Actions: a signature, its signer and its claims', async () => {
    const checked = await check(KUBEWARDEN);
    if ('rejected' in checked) throw new Error(JSON.stringify(checked.rejected.finding));
    expect(checked.verified.statement.predicateType).toBe('https://sigstore.dev/cosign/sign/v1');
    expect(checked.verified.signer).toMatchObject({
      san: 'https://github.com/kubewarden/kubewarden-controller/.github/workflows/release.yml@refs/tags/v1.34.0',
      issuer: 'https://token.actions.githubusercontent.com',
      claims: { sourceRepositoryUri: 'https://github.com/kubewarden/kubewarden-controller', runnerEnvironment: 'github-hosted' },
    });
    expect(checked.verified.logEntries).toEqual([{ log: 'https://rekor.sigstore.dev', index: '1261105807' }]);
  });

  it('of cosign v3, for another image', async () => expect(await check(KUBEWARDEN, `sha256:${'00'.repeat(32)}`)).toMatchObject({ rejected: { code: 'SUBJECT' } }));

  it('of GitHub\'s own instance, which keeps no log, verify with the roots that gh prints', async () => {
    const both = createVerifier(await trustFromFile(join(vectors, 'trusted-roots/gh-trusted_root.jsonl')));
    const judge = (file: string): Promise<Checked> => both({ source: 'github', place: file, json: readFileSync(join(vectors, file)) }, digestIn(readFileSync(join(vectors, file))));
    expect(await judge('github/github_provenance_demo-bundle.jsonl')).toMatchObject({ verified: { times: [{ source: 'timestamp-authority' }], logEntries: [] } });
    expect(await judge(KUBEWARDEN)).toMatchObject({ verified: { logEntries: [{ log: 'https://rekor.sigstore.dev' }] } });
  });

  it.each(['github/bcr-MODULE.bazel.intoto.jsonl', 'slsa-bundles/valid-v0.3.intoto.sigstore'])('%s verifies', async (file) => expect(await check(file)).toHaveProperty('verified'));

  it.each([
    ['slsa-bundles/invalid-dsse-sig.intoto.sigstore', 'TRANSPARENCY_LOG'],
    ['java/bundle.dsse.rekor-v2.mismatched-signature.sigstore', 'TIMESTAMP'],
    ['java/bundle.v3.no.inclusion.sigstore', 'BUNDLE_MALFORMED'],
    ['github/github_provenance_demo-bundle.jsonl', 'CERTIFICATE'],
  ])('%s is refused: %s', async (file, code) => expect(await check(file, `sha256:${'00'.repeat(32)}`)).toMatchObject({ rejected: { code } }));
});

/** The digest that the statement names, which for these bundles is not an image. */
function digestIn(json: Buffer): Digest {
  const { dsseEnvelope } = JSON.parse(json.toString()) as { dsseEnvelope: { payload: string } };
  const { subject } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as { subject: { digest: { sha256: string } }[] };
  return `sha256:${subject[0]?.digest.sha256 ?? ''}`;
}
