// An attestation reported as recorded is in GitHub's list exactly once; every other response fails the step.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Fault } from '../../lab/services/start.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const page = { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html>SECRET-DETAIL' };

beforeEach(() => Promise.all([world.forget(), world.github.set({ listLag: 0 })]));
afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test.each<[string, Fault['action'], string]>([
    ['200 and a page', { status: 200, ...page }, '200, not 201 with the id of a record'],
    ['200 and {}', { status: 200, body: '{}' }, '200, not 201 with the id of a record'],
    ['204', { status: 204 }, '204, not 201 with the id of a record'],
    ['201 and a page', { status: 201, ...page }, '201 without the id of a record'],
    ['201 and {}', { status: 201, body: '{}' }, '201 without the id of a record'],
    [
      '201 and an invalid id',
      { status: 201, body: '{"id":{"toString":1}}' },
      '201 without the id of a record',
    ],
    [
      'a redirect on the same server',
      { status: 307, headers: { location: '/repositories/1/attestations' } },
      'which is not followed',
    ],
  ])('fails if GitHub answers the record with %s', async (what, action, state) => {
    const image = await world.push('acme/app', { content: `${entry} ${what}` });
    await world.github.fault({ method: 'POST', path: '', action });
    const { exit, outputs, annotations, stdout, summary } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'github',
    });
    expect(exit).toBe(1);
    expect(outputs).toMatchObject({
      signed: 'false',
      'attestation-id': '',
      'attestation-url': '',
    });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      /^Cannot record the attestation in "acme\/app": GitHub answered /,
    );
    expect(annotations[0]?.message).toContain(state);
    expect(summary).toContain('not confirmed anywhere');
    expect(stdout).not.toContain('SECRET-DETAIL');
  });

  test('fails if the list does not contain the recorded id', async () => {
    const image = await world.push('acme/app', { content: `${entry} liar` });
    await world.github.fault({
      method: 'POST',
      path: '',
      action: { status: 201, body: '{"id":7}' },
    });
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'github',
      'retry-timeout': '0s',
    });
    expect({ exit, signed: outputs['signed'], id: outputs['attestation-id'] }).toEqual({
      exit: 1,
      signed: 'false',
      id: '',
    });
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Cannot confirm attestation 7 in "acme\/app": .*\nTo fix: check whether it is there before/,
      ),
    ]);
  });

  test('waits for a list that is updated late', async () => {
    const image = await world.push('acme/app', { content: `${entry} late` });
    await world.github.set({ listLag: 2000 });
    const { exit, outputs } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'github',
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(outputs['attestation-id']).toMatch(/^\d+$/);
  });
});
