// A complete Sigstore instance and two registries on loopback, started together and stopped together.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { type GitHubHandle, startGitHub } from '../services/start.ts';
import type { Toolbox } from '../tools/build.ts';
import { cache } from '../tools/cache.ts';
import type { Environment } from '../tools/command.ts';
import { type Authorities, createAuthorities } from './authorities.ts';
import { writeFirstEntries } from './first-entry.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { freePorts, isFree } from './ports.ts';
import { type ServiceRoom, type ServiceSpec, startService } from './service.ts';
import { describeServices, portNames, type Ports } from './services.ts';
import { type Endpoints, type TrustFiles, writeTrust } from './trust.ts';
import type { ToolName } from '../tools/tools.ts';

export interface Registry {
  readonly name: string;
  readonly host: string;
}

export interface Stack {
  /** For files of a run; removed at the end. */
  readonly folder: string;
  readonly tool: (name: ToolName) => string;
  /** For peers: nothing of the user's environment but the search path. */
  readonly env: Environment;
  readonly issuer: Issuer;
  /** Fulcio trusts this one as well. */
  readonly otherIssuer: Issuer;
  /** The attestation store; the only part that is not the real one. */
  readonly github: GitHubHandle;
  /** For readers that would also search there, so that they only find what is in the registry. */
  readonly emptyGitHub: GitHubHandle;
  /** For a writer that reads no signing config. */
  readonly endpoints: Endpoints;
  /** The private keys of the services, for content that they would refuse to sign. */
  readonly authorities: Authorities;
  readonly trust: TrustFiles;
  /** A trusted root of the same form with other keys. */
  readonly otherTrust: TrustFiles;
  readonly registries: readonly [Registry, ...Registry[]];
  readonly stop: () => Promise<void>;
}

type Stop = () => Promise<void>;

const TIMESTAMP_METRICS_PORT = 2112;
/** gh chooses its policy by the organization of the issuing certificate; it does not know this one. */
const ORGANIZATION = 'countersign.example';

export async function startStack(toolbox: Toolbox): Promise<Stack> {
  if (!(await isFree(TIMESTAMP_METRICS_PORT))) {
    throw new Error(
      `Cannot start the timestamp authority: port ${TIMESTAMP_METRICS_PORT}, where it insists on serving its metrics, is in use`,
    );
  }
  const stops: Stop[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    return { ...(await assemble(toolbox, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(toolbox: Toolbox, stops: Stop[]): Promise<Omit<Stack, 'stop'>> {
  const stopping = <Started extends { readonly stop: Stop }>(started: Started): Started => {
    stops.push(started.stop);
    return started;
  };
  const folder = await mkdtemp(join(tmpdir(), 'countersign-interop-'));
  stops.push(() => rm(folder, { recursive: true }));
  const issuer = stopping(await startIssuer());
  const otherIssuer = stopping(await startIssuer());
  const github = stopping(await startGitHub({ bundles: 'inline' }));
  const emptyGitHub = stopping(await startGitHub());

  const tool = (name: ToolName): string => pathOf(toolbox, name);
  const ports = await freePorts(portNames);
  const authorities = createAuthorities(ORGANIZATION);
  const issuers = [issuer.url, otherIssuer.url];
  const { rekorV1, ...others } = await describeServices({
    folder: join(folder, 'services'),
    ports,
    authorities,
    issuers,
    tool,
  });
  const env = await peerEnvironment(folder);
  const room = await furnish(folder, env);
  const start = async (spec: ServiceSpec): Promise<void> =>
    void stopping(await startService(spec, room));
  await allSettled(Object.values(others).map(start));
  // After Trillian, which creates its tree, and after the timestamp authority, whose metrics port it would use.
  await start(rekorV1);

  const endpoints = endpointsAt(ports, issuer.url);
  await writeFirstEntries(endpoints);
  return {
    folder,
    tool,
    env,
    issuer,
    otherIssuer,
    github,
    emptyGitHub,
    endpoints,
    authorities,
    trust: await writeTrust(join(folder, 'trust'), authorities, endpoints),
    otherTrust: await writeTrust(
      join(folder, 'other-trust'),
      createAuthorities(ORGANIZATION),
      endpoints,
    ),
    registries: [
      { name: 'olareg (Referrers API)', host: `127.0.0.1:${ports.olareg}` },
      { name: 'distribution (fallback tag)', host: `127.0.0.1:${ports.distribution}` },
    ],
  };
}

function pathOf(toolbox: Toolbox, name: ToolName): string {
  const found = toolbox[name];
  if (!('path' in found)) throw new Error(`${name} is not there`);
  return found.path;
}

function endpointsAt(ports: Ports, issuer: string): Endpoints {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  const { fulcio, ctLog, rekorV2, rekorV1, timestamp } = ports;
  return {
    issuer,
    fulcio: at(fulcio),
    ctLog: at(ctLog),
    rekorV2: at(rekorV2),
    rekorV1: at(rekorV1),
    timestamp: at(timestamp),
  };
}

async function furnish(folder: string, env: Environment): Promise<ServiceRoom> {
  const room = { env, cwd: join(folder, 'empty'), logs: join(cache, 'logs') };
  for (const path of [room.cwd, room.logs]) await mkdir(path, { recursive: true });
  return room;
}

async function peerEnvironment(folder: string): Promise<Environment> {
  const home = join(folder, 'home');
  await mkdir(home);
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return {
    PATH: path,
    HOME: home,
    TMPDIR: folder,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  };
}

/** Unlike Promise.all, waits for all of them before it throws, so that nothing starts after the others were stopped. */
async function allSettled(promises: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find(
    (result) => result.status === 'rejected',
  );
  if (failed) throw failed.reason;
}
