// Files that a user names are read up to a limit, whatever their kind.
import { execFile } from 'node:child_process';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from '@jest/globals';

import { readBoundedFile } from '../../src/text/bounded-file.ts';

const directory = await mkdtemp(join(tmpdir(), 'bounded-'));
const path = join(directory, 'file');
const [link, pipe] = [join(directory, 'link'), join(directory, 'pipe')];
await writeFile(path, 'abc');
await symlink(path, link);
await promisify(execFile)('mkfifo', [pipe]);

test.each([
  ['a file at the size limit', path],
  ['the target of a link', link],
])('reads %s', async (_, name) => {
  expect(await readBoundedFile(name, 3)).toEqual({ value: Buffer.from('abc') });
});

test.each([
  ['a file over the size limit', path, 'it has 3 bytes, over the limit of 2'],
  [
    'a file that reports size zero',
    '/proc/self/status',
    'it has more than 2 bytes, over the limit of 2',
  ],
  ['a file that does not exist', join(directory, 'none'), 'it does not exist'],
  ['a directory', directory, 'it is a directory'],
  ['a pipe', pipe, 'it is not a regular file'],
  ['a device', '/dev/zero', 'it is not a regular file'],
  ['an invalid name', 'a\0b', 'it cannot be read (ERR_INVALID_ARG_VALUE)'],
])('rejects %s', async (_, name, problem) => {
  expect(await readBoundedFile(name, 2)).toMatchObject({ problem });
});
