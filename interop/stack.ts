// A whole Sigstore and two registries on loopback, started together and stopped together.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { startGitHub } from '../__tests__/services/start.ts';
import type { GitHubHandle } from '../__tests__/services/start.ts';
import type { Toolbox } from './build.ts';
import { cache } from './cache.ts';
import type { Environment } from './command.ts';
import { createAuthorities } from './stack/authorities.ts';
import { writeFirstEntries } from './stack/first-entry.ts';
import { startIssuer } from './stack/issuer.ts';
import type { Issuer } from './stack/issuer.ts';
import { freePorts, isFree } from './stack/ports.ts';
import { startService } from './stack/service.ts';
import type { Service, ServiceSpec } from './stack/service.ts';
import { describeServices, portNames } from './stack/services.ts';
import { writeTrust } from './stack/trust.ts';
import type { TrustFiles } from './stack/trust.ts';
import type { ToolName } from './tools.ts';

export interface Registry {
  readonly name: string;
  readonly host: string;
}

export interface Stack {
  /** For whatever a run writes; removed at the end. */
  readonly folder: string;
  readonly tool: (name: ToolName) => string;
  /** For peers: nothing of the user's environment but the search path. */
  readonly env: Environment;
  readonly issuer: Issuer;
  /** Fulcio trusts this one as well. */
  readonly otherIssuer: Issuer;
  /** The attestation store; the one part that is not the real one. */
  readonly github: GitHubHandle;
  /** For readers that would look there as well, so that what they find lies in the registry. */
  readonly emptyGitHub: GitHubHandle;
  readonly trust: TrustFiles;
  /** A trusted root of the same shape with other keys in it. */
  readonly otherTrust: TrustFiles;
  readonly registries: readonly [Registry, ...Registry[]];
  readonly stop: () => Promise<void>;
}

const TIMESTAMP_METRICS_PORT = 2112;

export async function startStack(toolbox: Toolbox): Promise<Stack> {
  if (!(await isFree(TIMESTAMP_METRICS_PORT))) {
    throw new Error(`Cannot start the timestamp authority: port ${TIMESTAMP_METRICS_PORT}, where it insists on serving its metrics, is in use`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'countersign-interop-'));
  const issuer = await startIssuer();
  const otherIssuer = await startIssuer();
  const github = await startGitHub({ bundles: 'inline' });
  const emptyGitHub = await startGitHub();
  const stops = [(): Promise<void> => rm(folder, { recursive: true }), issuer.stop, otherIssuer.stop, () => github.stop(), () => emptyGitHub.stop()];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };

  try {
    const tool = (name: ToolName): string => pathOf(toolbox, name);
    const ports = await freePorts(portNames);
    const authorities = await createAuthorities('countersign.example');
    const issuers = [issuer.url, otherIssuer.url];
    const services = await describeServices({ folder: join(folder, 'services'), ports, authorities, issuers, tool });

    const env = await peerEnvironment(folder);
    const room = { env, cwd: join(folder, 'empty'), logs: join(cache, 'logs') };
    await Promise.all([room.cwd, room.logs].map((path) => mkdir(path, { recursive: true })));
    const start = async (spec: ServiceSpec): Promise<void> => {
      const service: Service = await startService(spec, room);
      stops.push(service.stop);
    };
    const { rekorV1, ...others } = services;
    await allSettled(Object.values(others).map(start));
    // After Trillian, which it asks for its tree, and after the timestamp authority, whose metrics port it would take.
    await start(rekorV1);

    const at = (port: number): string => `http://127.0.0.1:${port}`;
    const endpoints = {
      issuer: issuer.url,
      fulcio: at(ports.fulcio),
      ctLog: at(ports.ctLog),
      rekorV2: at(ports.rekorV2),
      rekorV1: at(ports.rekorV1),
      timestamp: at(ports.timestamp),
    };
    await writeFirstEntries(endpoints);
    return {
      folder, tool, env, issuer, otherIssuer, github, emptyGitHub, stop,
      trust: await writeTrust(join(folder, 'trust'), authorities, endpoints),
      otherTrust: await writeTrust(join(folder, 'other-trust'), await createAuthorities('countersign.example'), endpoints),
      registries: [
        { name: 'olareg (Referrers API)', host: `127.0.0.1:${ports.olareg}` },
        { name: 'distribution (fallback tag)', host: `127.0.0.1:${ports.distribution}` },
      ],
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function pathOf(toolbox: Toolbox, name: ToolName): string {
  const found = toolbox[name];
  if (!('path' in found)) throw new Error(`${name} is not there`);
  return found.path;
}

async function peerEnvironment(folder: string): Promise<Environment> {
  const home = join(folder, 'home');
  await mkdir(home);
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return { PATH: path, HOME: home, TMPDIR: folder, OTEL_METRICS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
}

/** Unlike Promise.all, waits for all of them before it throws, so that nothing starts after the others were stopped. */
async function allSettled(promises: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
