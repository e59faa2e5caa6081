// SBOMs and other documents are signed as attestations; annotations are signed with the image.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, type Image, type Inputs, startWorld } from './world.ts';

interface Statement {
  readonly subject: readonly { readonly annotations?: object }[];
  readonly predicateType: string;
  readonly predicate: object;
}

const SPDX = { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: 'app' };
const VEX = { statements: [{ status: 'not_affected' }] };
const VEX_TYPE = 'https://openvex.dev/ns';
const workspace = await mkdtemp(path.join(tmpdir(), 'workspace-'));
const world = await startWorld();
let image: Image;

beforeAll(async () => {
  image = await world.push('acme/app', { content: 'documents' });
  await writeFile(path.join(workspace, 'sbom.json'), JSON.stringify(SPDX, undefined, 2));
  await writeFile(path.join(workspace, 'vex.json'), JSON.stringify(VEX));
  await writeFile(path.join(workspace, 'notes.txt'), 'no JSON');
});
beforeEach(() => world.forget());
afterAll(() => world.stop());

function statementsIn(lines: string): readonly Statement[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly dsseEnvelope: { readonly payload: string } })
    .map(({ dsseEnvelope: { payload } }) => Buffer.from(payload, 'base64').toString())
    .map((text) => JSON.parse(text) as Statement);
}

describe.each(entries)('signing step run from %s', (entry) => {
  const inWorkspace = { env: { GITHUB_WORKSPACE: workspace } };
  const sign = (inputs: Inputs): ReturnType<typeof world.run> =>
    world.run(
      entry,
      { mode: 'sign', images: image.reference, 'if-signed': 'sign', ...inputs },
      inWorkspace,
    );

  test('attests documents in the order of the inputs, with the predicate as it is in the file', async () => {
    const { exit, outputs, log } = await sign({
      attestations: `sbom=sbom.json\n${VEX_TYPE}=vex.json\nprovenance`,
      annotations: 'run=42\nenv=prod',
    });
    expect(exit).toBe(0);
    expect(log).toContain(`Signed ${image.reference}: https://spdx.dev/Document/v2.3`);
    const statements = statementsIn(await readFile(outputs['bundle-path'] ?? '', 'utf8'));
    expect(statements.map(({ predicateType }) => predicateType)).toEqual([
      'https://sigstore.dev/cosign/sign/v1',
      'https://spdx.dev/Document/v2.3',
      VEX_TYPE,
      'https://slsa.dev/provenance/v1',
    ]);
    const [signature, sbom, vex] = statements;
    expect(signature?.subject).toMatchObject([{ annotations: { env: 'prod', run: '42' } }]);
    expect(sbom?.predicate).toEqual(SPDX);
    expect(vex?.predicate).toEqual(VEX);

    const gate = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      require: `signature\nhttps://spdx.dev/Document/v2.3\n${VEX_TYPE}`,
    });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });

  test('uploads a large attestation to one of two repositories and copies it to the other', async () => {
    const document = { ...SPDX, comment: 'x'.repeat(300_000) };
    await writeFile(path.join(workspace, 'large.json'), JSON.stringify(document));
    const content = `${entry} copied`;
    const [one, two] = await Promise.all([
      world.push('acme/app', { content }),
      world.push('acme/copy', { content }),
    ]);
    await world.forget();
    const images = `${one.reference}\n${two.reference}`;
    const { exit } = await sign({ images, attestations: 'sbom=large.json', signature: 'false' });
    expect(exit).toBe(0);
    const stored = (await world.registry.requests())
      .filter(({ path: to, status }) => to.includes('/blobs/uploads/') && status === 201)
      // Every repository gets the empty config.
      .filter(({ body }) => body.toString() !== '{}')
      .map(({ method, path: to, body }) => [method, /mount=|$/.exec(to)?.[0], body.length > 9999]);
    expect(stored).toEqual([
      ['PUT', '', true],
      ['POST', 'mount=', false],
    ]);
    const gate = await world.run(entry, { mode: 'verify', images, require: 'sbom' });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });

  test('stores attestations in every store, without a signature if none is requested', async () => {
    const { exit, outputs } = await sign({
      stores: 'registry, github',
      attestations: 'sbom=sbom.json',
      signature: 'false',
    });
    expect(exit).toBe(0);
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      {
        bundles: [
          {
            predicateType: 'https://spdx.dev/Document/v2.3',
            stored: [{ store: 'registry' }, { store: 'github' }],
          },
        ],
      },
    ]);
  });

  test('sends nothing if a file cannot be attested', async () => {
    const { exit, annotations, outputs } = await sign({
      attestations: `sbom=notes.txt\n${VEX_TYPE}=missing.json`,
    });
    expect(exit).toBe(1);
    expect(outputs['signed']).toBe('false');
    expect(annotations.map(({ message }) => message.split('\n')[0])).toEqual([
      expect.stringMatching(/^Cannot attest "notes.txt": /),
      expect.stringMatching(/^Cannot attest "missing.json": /),
    ]);
    expect(await counted(world)).toEqual({});
  });
});
