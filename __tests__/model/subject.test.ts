// One manifest in several places, and one place named twice.
import { expect, test } from '@jest/globals';

import {
  formatSubject,
  groupByDigest,
  isSameSubject,
  type Subject,
} from '../../src/model/subject.ts';

const subject = (path: string, digit: string): Subject => ({
  repository: { registry: 'ghcr.io', path },
  digest: `sha256:${digit.repeat(64)}`,
});

test('groups places by digest, without duplicates and in order', () => {
  const groups = groupByDigest([
    subject('acme/app', '1'),
    subject('acme/db', '2'),
    subject('acme/copy', '1'),
    subject('acme/app', '1'),
  ]);
  expect(groups).toEqual([
    [subject('acme/app', '1'), subject('acme/copy', '1')],
    [subject('acme/db', '2')],
  ]);
});

test.each([
  ['itself', subject('acme/app', '1'), true],
  ['another digest', subject('acme/app', '2'), false],
  ['another repository', subject('acme/db', '1'), false],
  [
    'another registry',
    { ...subject('acme/app', '1'), repository: { registry: 'quay.io', path: 'acme/app' } },
    false,
  ],
])('compares a subject with %s', (_, other, isSame) =>
  expect(isSameSubject(subject('acme/app', '1'), other)).toBe(isSame),
);

test('prints a subject as a pullable reference', () =>
  expect(formatSubject(subject('acme/app', 'a'))).toBe(
    `ghcr.io/acme/app@sha256:${'a'.repeat(64)}`,
  ));
