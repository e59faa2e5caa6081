// The input `attestations`: its files are read, and all of its problems are reported.
import { mkdir, mkdtemp, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { readAttestations } from '../../src/action/attestations.ts';
import { Problems } from '../../src/action/problems.ts';
import { type ActionError, actionErrorsOf } from '../../src/errors.ts';
import type { Claim } from '../../src/model/claim.ts';

const SPDX = { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', packages: [] };
const CYCLONEDX = { bomFormat: 'CycloneDX', specVersion: '1.6' };
const VULN = 'https://cosign.sigstore.dev/attestation/vuln/v1';

const workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
await Promise.all([
  writeFile(join(workspace, 'sbom.spdx.json'), JSON.stringify(SPDX)),
  writeFile(join(workspace, 'a=b, c.json'), JSON.stringify(CYCLONEDX)),
  writeFile(join(workspace, 'scan.json'), '{"scanner":{}}'),
  writeFile(join(workspace, 'list.json'), '[]'),
  writeFile(join(workspace, 'huge.json'), ''),
  mkdir(join(workspace, 'reports')),
]);
await truncate(join(workspace, 'huge.json'), (16 << 20) + 1);

async function read(
  ...lines: readonly string[]
): Promise<{ readonly claims: readonly Claim[]; readonly errors: readonly ActionError[] }> {
  const problems = new Problems();
  const claims = await readAttestations(lines.join('\n'), workspace, problems);
  try {
    return { claims: problems.conclude(claims), errors: [] };
  } catch (error) {
    return { claims, errors: actionErrorsOf(error) };
  }
}

test('creates one claim per line, in the order of the lines', async () => {
  const { claims, errors } = await read(
    'provenance',
    `  ${VULN} = scan.json`,
    '',
    'sbom=sbom.spdx.json',
    `sbom=${join(workspace, 'a=b, c.json')}`,
  );
  expect(errors).toEqual([]);
  expect(claims).toEqual([
    { kind: 'provenance' },
    { kind: 'document', predicateType: VULN, predicate: { scanner: {} } },
    { kind: 'document', predicateType: 'https://spdx.dev/Document/v2.3', predicate: SPDX },
    { kind: 'document', predicateType: 'https://cyclonedx.org/bom', predicate: CYCLONEDX },
  ]);
});

describe('an invalid line', () => {
  test.each<[string, string, string, string]>([
    ['a misspelled name', 'provenence', '"provenence" is neither', 'did you mean "provenance"?'],
    [
      'a name that cosign uses',
      'spdxjson=sbom.spdx.json',
      '"spdxjson" is neither',
      'did you mean "sbom"?',
    ],
    [
      'a name that cosign uses for another type',
      'vuln=scan.json',
      '"vuln" is neither',
      `did you mean "${VULN}"?`,
    ],
    ['an unknown name', 'x=scan.json', '"x" is neither', 'write provenance, sbom=FILE or'],
    ['several names', 'provenance, sbom=scan.json', '"provenance, sbom" is neither', 'one a line'],
    [
      'a type that is not a URI',
      'acme.example/scan=scan.json',
      'nor the URI of a type',
      'TYPE-URI=FILE',
    ],
    ['a type with a space', 'https://acme.example/a b=scan.json', 'nor the URI', 'TYPE-URI'],
    ['no file', 'sbom', '"sbom" names no file', 'write "sbom=FILE"'],
    ['an empty file name', 'sbom=', '"sbom=" names no file', 'write "sbom=FILE"'],
    ['only a type', VULN, 'names no file', `write "${VULN}=FILE"`],
    [
      'a file for provenance',
      'provenance=scan.json',
      '"provenance" has a file',
      'write "provenance" alone',
    ],
    [
      'the type of signatures',
      'https://sigstore.dev/cosign/sign/v1=scan.json',
      'is the type of signatures',
      'remove the line',
    ],
  ])('is rejected: %s', async (_, line, problem, remedy) => {
    const { claims, errors } = await read(line);
    expect(claims).toEqual([]);
    expect(errors).toMatchObject([
      {
        kind: 'input',
        code: 'INPUT_INVALID',
        message: expect.stringMatching(/^Cannot use "attestations": /),
        remedy: expect.stringContaining(remedy),
      },
    ]);
    expect(errors[0]?.message).toContain(problem);
  });
});

describe('an invalid file', () => {
  test.each<[string, string, string]>([
    [
      'one that does not exist',
      'sbom=missing.json',
      'Cannot attest "missing.json": it does not exist',
    ],
    ['a directory', 'sbom=reports', 'Cannot attest "reports": it is a directory'],
    ['a device', 'sbom=/dev/zero', 'Cannot attest "/dev/zero": it is not a regular file'],
    [
      'one that is too large',
      'sbom=huge.json',
      'Cannot attest "huge.json": it has 16777217 bytes, over the limit of 16777216',
    ],
    [
      'one that is not an SBOM',
      'sbom=scan.json',
      'Cannot attest "scan.json": it is neither SPDX nor CycloneDX',
    ],
    [
      'one that is not a JSON object',
      `${VULN}=list.json`,
      'Cannot attest "list.json": it is a JSON list, not an object',
    ],
  ])('is rejected: %s', async (_, line, message) => {
    const { errors } = await read(line);
    expect(errors).toMatchObject([{ kind: 'input', code: 'INPUT_FILE', message }]);
  });
});

test.each<[string, readonly [string, string], string]>([
  ['provenance', ['provenance', 'provenance'], 'https://slsa.dev/provenance/v1'],
  ['one file', ['sbom=sbom.spdx.json', 'sbom=sbom.spdx.json'], 'https://spdx.dev/Document/v2.3'],
  [
    'one type',
    ['provenance', 'https://slsa.dev/provenance/v1=scan.json'],
    'https://slsa.dev/provenance/v1',
  ],
])('rejects %s twice', async (_, [one, other], type) => {
  expect((await read(one, other)).errors).toMatchObject([
    {
      code: 'INPUT_CONFLICT',
      message: `Cannot use "attestations": "${one}" and "${other}" are both of the type ${type}`,
    },
  ]);
});

test('reports every problem at once', async () => {
  const { errors } = await read(
    'sbom',
    'sbom=missing.json',
    'sbom=scan.json',
    'provenance',
    'provenance',
  );
  expect(errors.map(({ code }) => code)).toEqual([
    'INPUT_INVALID',
    'INPUT_FILE',
    'INPUT_FILE',
    'INPUT_CONFLICT',
  ]);
});
