// The working folder of a verifier, and an environment without network access.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Toolbox } from '../tools/build.ts';
import type { Room } from './judge.ts';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

export async function furnishRoom(toolbox: Toolbox): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-opinions-'));
  const home = join(folder, 'home');
  await mkdir(home);
  return {
    folder,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: folder,
      HTTP_PROXY: NOWHERE,
      HTTPS_PROXY: NOWHERE,
      NO_PROXY: '127.0.0.1',
    },
    tool(name) {
      const found = toolbox[name];
      if (!('path' in found)) throw new Error(`${name} is not there`);
      return found.path;
    },
  };
}
