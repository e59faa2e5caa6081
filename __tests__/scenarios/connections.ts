// Records every connection that a run of the action tries to open, so that no request can bypass a proxy unnoticed.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Connections {
  /** For the environment of a job. */
  readonly env: { readonly NODE_OPTIONS: string; readonly CONNECTIONS: string };
  /** `address:port` of every attempt, each once; then forgets them. */
  tried(): Promise<readonly string[]>;
}

const RECORDER = `
  import { subscribe } from 'node:diagnostics_channel';
  import { appendFileSync } from 'node:fs';
  subscribe('net.client.socket', ({ socket }) => socket.on('connectionAttempt', (address, port) => appendFileSync(process.env.CONNECTIONS, address + ':' + port + '\\n')));
`;

export async function recordConnections(): Promise<Connections> {
  const file = join(await mkdtemp(join(tmpdir(), 'connections-')), 'connections');
  await writeFile(file, '');
  return {
    env: {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(RECORDER)}`,
      CONNECTIONS: file,
    },
    async tried() {
      const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
      await writeFile(file, '');
      return [...new Set(lines)].sort();
    },
  };
}
