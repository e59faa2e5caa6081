// The signed payload in cosign v2's format equals that of cosign byte for byte.
import { expect, test } from '@jest/globals';
import { simpleSigningPayload } from '../../src/cosign/payload.ts';
import { parseSimpleSigning } from '../../src/cosign/simple-signing.ts';
import { parseReference, type Repository } from '../../src/model/reference.ts';
import { isProblem } from '../../src/text/parsed.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}` as const;

function repository(name: string): Repository {
  const reference = parseReference(name);
  if (isProblem(reference)) throw new Error(reference.problem);
  return reference.value.repository;
}

const textFor = (name: string, annotations?: Readonly<Record<string, string>>): string =>
  simpleSigningPayload(repository(name), DIGEST, annotations).toString();

test('has the fields of cosign in the same order', () => {
  const text = textFor('ghcr.io/acme/app:1.0');
  expect(text).toBe(
    `{"critical":{"identity":{"docker-reference":"ghcr.io/acme/app"},"image":{"docker-manifest-digest":"${DIGEST}"},"type":"cosign container image signature"},"optional":null}`,
  );
});

test.each([
  ['alpine', 'index.docker.io/library/alpine'],
  ['docker.io/acme/app', 'index.docker.io/acme/app'],
  ['localhost:5000/app', 'localhost:5000/app'],
])('names %s as %s', (name, reference) => {
  expect(textFor(name)).toContain(`{"docker-reference":"${reference}"}`);
});

test('sorts annotations by name and escapes them as Go does', () => {
  const annotations = {
    b: 'x',
    a: '<&>\u2028\u2029"\\\n',
    10: 'ten',
    9: 'nine',
    '\u{1F600}': '',
    '\uFFFD': '',
  };
  expect(textFor('ghcr.io/acme/app', annotations)).toMatch(
    /,"optional":\{"10":"ten","9":"nine","a":"\\u003c\\u0026\\u003e\\u2028\\u2029\\"\\\\\\n","b":"x","\uFFFD":"","\u{1F600}":""\}\}$/u,
  );
});

test('is read back by the parser', () => {
  const payload = simpleSigningPayload(repository('ghcr.io/acme/app'), DIGEST, { env: 'a<b' });
  expect(parseSimpleSigning(payload)).toMatchObject({
    value: {
      subject: [
        {
          name: 'ghcr.io/acme/app',
          digest: { sha256: DIGEST.slice(7) },
          annotations: { env: 'a<b' },
        },
      ],
    },
  });
});
