// The input `attestations`: what it names is read, and all that is wrong with it is told.
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

test('each line is a claim, in the order written', async () => {
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

describe('a line is refused', () => {
  test.each<[string, string, string, string]>([
    [
      'with a name that is near one',
      'provenence',
      '"provenence" is neither',
      'did you mean "provenance"?',
    ],
    [
      'with a name of cosign',
      'spdxjson=sbom.spdx.json',
      '"spdxjson" is neither',
      'did you mean "sbom"?',
    ],
    [
      'with a name of cosign for another type',
      'vuln=scan.json',
      '"vuln" is neither',
      `did you mean "${VULN}"?`,
    ],
    [
      'with a name that nobody knows',
      'x=scan.json',
      '"x" is neither',
      'write provenance, sbom=FILE or',
    ],
    [
      'with several names',
      'provenance, sbom=scan.json',
      '"provenance, sbom" is neither',
      'one a line',
    ],
    [
      'with a type that is no URI',
      'acme.example/scan=scan.json',
      'nor the URI of a type',
      'TYPE-URI=FILE',
    ],
    [
      'with a type that has a space in it',
      'https://acme.example/a b=scan.json',
      'nor the URI',
      'TYPE-URI',
    ],
    ['without a file', 'sbom', '"sbom" names no file', 'write "sbom=FILE"'],
    ['with an empty file name', 'sbom=', '"sbom=" names no file', 'write "sbom=FILE"'],
    ['with a type alone', VULN, 'names no file', `write "${VULN}=FILE"`],
    [
      'with a file of provenance',
      'provenance=scan.json',
      '"provenance" has a file',
      'write "provenance" alone',
    ],
    [
      'with the type of signatures',
      'https://sigstore.dev/cosign/sign/v1=scan.json',
      'is the type of signatures',
      'remove the line',
    ],
  ])('%s', async (_, line, problem, remedy) => {
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

describe('a file is refused', () => {
  test.each<[string, string, string]>([
    ['that is not there', 'sbom=missing.json', 'Cannot attest "missing.json": it does not exist'],
    ['that is a directory', 'sbom=reports', 'Cannot attest "reports": it is a directory'],
    ['that is a device', 'sbom=/dev/zero', 'Cannot attest "/dev/zero": it is not a regular file'],
    [
      'that is huge',
      'sbom=huge.json',
      'Cannot attest "huge.json": it has 16777217 bytes, over the limit of 16777216',
    ],
    [
      'that is no SBOM',
      'sbom=scan.json',
      'Cannot attest "scan.json": it is neither SPDX nor CycloneDX',
    ],
    [
      'that is no object',
      `${VULN}=list.json`,
      'Cannot attest "list.json": it is a JSON list, not an object',
    ],
  ])('%s', async (_, line, message) => {
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
])('%s twice is refused', async (_, [one, other], type) => {
  expect((await read(one, other)).errors).toMatchObject([
    {
      code: 'INPUT_CONFLICT',
      message: `Cannot use "attestations": "${one}" and "${other}" are both of the type ${type}`,
    },
  ]);
});

test('everything that is wrong is told at once', async () => {
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
