// A registry without the Referrers API: the embedded one, which ignores conditions, or distribution, as interop builds it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '../../services/start.ts';
import { findTool } from '../../tools/build.ts';
import { freePorts } from '../../stack/ports.ts';
import { startService } from '../../stack/service.ts';

export interface RaceRegistry {
  readonly url: string;
  /** Between rounds: the embedded one stores its requests. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

export type RegistryName = 'embedded' | 'distribution';

export async function startRaceRegistry(name: RegistryName): Promise<RaceRegistry> {
  if (name === 'distribution') return startDistribution();
  const registry = await startRegistry({ referrers: 'none' });
  return { url: registry.url, forget: () => registry.clear(), stop: () => registry.stop() };
}

async function startDistribution(): Promise<RaceRegistry> {
  const tool = await findTool('distribution');
  if (tool === undefined) throw new Error('distribution is not built: npm run interop builds it');
  const folder = await mkdtemp(join(tmpdir(), 'countersign-race-'));
  const { port } = await freePorts(['port']);
  const config = join(folder, 'distribution.yaml');
  const settings = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { inmemory: {} },
    http: { addr: `127.0.0.1:${port}` },
  };
  await writeFile(config, JSON.stringify(settings));
  const url = `http://127.0.0.1:${port}`;
  const service = await startService(
    { name: 'race-distribution', command: [tool, 'serve', config], ready: `${url}/v2/` },
    { env: { PATH: process.env['PATH'] }, cwd: folder, logs: folder },
  );
  return {
    url,
    forget: () => Promise.resolve(),
    async stop() {
      await service.stop();
      await rm(folder, { recursive: true });
    },
  };
}
