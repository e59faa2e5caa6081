// What the payload of an event tells; one that cannot be read tells nothing.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { readEvent } from '../../src/action/event.ts';

const file = path.join(await mkdtemp(path.join(tmpdir(), 'event-')), 'event.json');

test.each([
  ['a private repository', '{"repository":{"visibility":"private"}}', 'private'],
  ['a schedule without a repository', '{"schedule":"0 0 * * *"}', ''],
  ['a repository of no visibility', '{"repository":{"visibility":7}}', ''],
  ['text', 'push', ''],
  ['a list', '[]', ''],
])('%s', async (_, text, visibility) => {
  await writeFile(file, text);
  expect(readEvent(file)).toEqual({ visibility });
});

test.each([undefined, '', '/no/such/file'])('no payload at %j', (missing) => {
  expect(readEvent(missing)).toEqual({ visibility: '' });
});
