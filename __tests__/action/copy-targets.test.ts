// `copy-evidence-to`: repositories by their names alone, which are not where the images or their evidence are.
import { describe, expect, test } from '@jest/globals';

import { parse, problemsOf, SIGN, VERIFY } from './given.ts';

const ECR = '1234.dkr.ecr.eu-west-1.amazonaws.com';
const LOGIN = { 'registry-username': 'u', 'registry-password': 'p' };

const copying = (targets: string): typeof VERIFY => ({ ...VERIFY, 'copy-evidence-to': targets });

async function targetsOf(text: string): Promise<unknown> {
  const request = await parse(copying(text));
  return 'copyTo' in request ? request.copyTo : undefined;
}

test('copies nothing without "copy-evidence-to"', async () => {
  expect(await targetsOf('')).toEqual([]);
});

test('reads several repositories, each once, with or without "oci://"', async () => {
  expect(await targetsOf(`${ECR}/app\noci://quay.io/acme/app, ${ECR}/app`)).toEqual([
    { registry: ECR, path: 'app' },
    { registry: 'quay.io', path: 'acme/app' },
  ]);
});

describe('"copy-evidence-to"', () => {
  test.each([
    [`${ECR}/app:v1`, 'has a tag', `write the repository alone: ${ECR}/app`],
    [`${ECR}/app@sha256:${'ab'.repeat(32)}`, 'has a digest', 'write the repository alone'],
    ['https://quay.io/acme/app', 'is an address', 'write it without "https://"'],
    [' ,', 'it has no value', 'write a value'],
  ])('rejects %j', async (text, problem, remedy) => {
    const [first, ...others] = await problemsOf(copying(text));
    expect(others).toEqual([]);
    expect(first?.message).toContain('Cannot use "copy-evidence-to":');
    expect(first?.message).toContain(problem);
    expect(first?.remedy).toContain(remedy);
  });

  test.each([
    ['the repository of the image', {}, 'ghcr.io/acme/app'],
    [
      'the repository of its signatures',
      { 'signature-repository': 'ghcr.io/acme/signatures' },
      'ghcr.io/acme/signatures',
    ],
    [
      'the repository of one image of several',
      { images: 'ghcr.io/acme/other:v1\nquay.io/acme/app:v1' },
      'quay.io/acme/app',
    ],
  ])('rejects %s', async (_, inputs, target) => {
    expect(await problemsOf({ ...copying(target), ...inputs })).toMatchObject([
      {
        code: 'INPUT_CONFLICT',
        message: `Cannot use "copy-evidence-to": "${target}" is where an image of this step or its evidence is read`,
        remedy: 'name the repository that the image is copied to',
      },
    ]);
  });

  test('rejects "registry-username" for two registries', async () => {
    expect(await problemsOf({ ...copying('ghcr.io/acme/prod'), ...LOGIN })).toEqual([]);
    expect(await problemsOf({ ...copying(`${ECR}/app`), ...LOGIN })).toMatchObject([
      {
        code: 'INPUT_CONFLICT',
        message: `Cannot use "registry-username": the evidence is copied to ${ECR}, and the images are in ghcr.io`,
      },
    ]);
  });

  test('is rejected in mode sign', async () => {
    const inputs = { ...SIGN, 'copy-evidence-to': `${ECR}/app` };
    expect(await problemsOf(inputs)).toMatchObject([
      { message: 'Cannot use "copy-evidence-to" with "mode: sign": it belongs to "mode: verify"' },
    ]);
  });
});
