// The servers of the stack: their ports, keys and dependencies, and when each is ready.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ToolName } from '../tools/tools.ts';
import type { Authorities } from './authorities.ts';
import { fulcioConfig } from './fulcio-config.ts';
import type { ServiceSpec } from './service.ts';
import { logNames } from './trust.ts';

export const portNames = [
  'ctLog',
  'fulcio',
  'fulcioGrpc',
  'fulcioMetrics',
  'rekorV2',
  'rekorV2Grpc',
  'rekorV2Metrics',
  'trillian',
  'rekorV1',
  'timestamp',
  'olareg',
  'distribution',
] as const;

export type Ports = Readonly<Record<(typeof portNames)[number], number>>;

export interface Ground {
  readonly folder: string;
  readonly ports: Ports;
  readonly authorities: Authorities;
  readonly issuers: readonly string[];
  readonly tool: (name: ToolName) => string;
}

type ServiceName =
  'ctLog' | 'fulcio' | 'rekorV2' | 'trillian' | 'rekorV1' | 'timestamp' | 'olareg' | 'distribution';

const HOST = '127.0.0.1';
const REKOR_V1_ENDPOINTS =
  'getLogInfo,getPublicKey,getLogProof,createLogEntry,getLogEntryByIndex,getLogEntryByUUID,searchLogQuery';

export async function describeServices(
  ground: Ground,
): Promise<Readonly<Record<ServiceName, ServiceSpec>>> {
  const { folder, ports, tool } = ground;
  const files = await writeFiles(ground);
  const at = (port: number): string => `http://${HOST}:${port}`;
  return {
    ctLog: {
      name: 'ct-log',
      command: [
        tool('ct-log'),
        '-listen',
        `${HOST}:${ports.ctLog}`,
        '-key',
        files.ctLogKey,
        '-roots',
        files.fulcioRoot,
        '-dir',
        join(folder, 'ct-log'),
      ],
      ready: `${at(ports.ctLog)}/ct/v1/get-roots`,
    },
    fulcio: {
      name: 'fulcio',
      command: [
        tool('fulcio'),
        'serve',
        '--host',
        HOST,
        '--port',
        `${ports.fulcio}`,
        '--grpc-host',
        HOST,
        '--grpc-port',
        `${ports.fulcioGrpc}`,
        '--metrics-port',
        `${ports.fulcioMetrics}`,
        '--config-path',
        files.fulcioConfig,
        '--ca',
        'fileca',
        '--fileca-cert',
        files.fulcioChain,
        '--fileca-key',
        files.fulcioKey,
        '--fileca-key-passwd',
        '',
        '--fileca-watch=false',
        '--ct-log-url',
        at(ports.ctLog),
        '--ct-log-public-key-path',
        files.ctLogPublicKey,
      ],
      ready: `${at(ports.fulcio)}/healthz`,
    },
    rekorV2: {
      name: 'rekor-v2',
      command: [
        tool('rekor-v2'),
        'serve',
        '--hostname',
        logNames.rekorV2,
        '--http-address',
        HOST,
        '--http-port',
        `${ports.rekorV2}`,
        '--grpc-address',
        HOST,
        '--grpc-port',
        `${ports.rekorV2Grpc}`,
        '--http-metrics-port',
        `${ports.rekorV2Metrics}`,
        '--storage-dir',
        join(folder, 'rekor-v2'),
        '--signer-filepath',
        files.rekorV2Key,
        '--checkpoint-interval',
        '100ms',
        '--batch-max-age',
        '50ms',
      ],
      ready: `${at(ports.rekorV2)}/healthz`,
    },
    trillian: {
      name: 'trillian',
      command: [tool('trillian-mem'), '-listen', `${HOST}:${ports.trillian}`],
      ready: `tcp://${HOST}:${ports.trillian}`,
    },
    rekorV1: {
      name: 'rekor-v1',
      command: [
        tool('rekor-v1'),
        'serve',
        '--rekor_server.address',
        HOST,
        '--port',
        `${ports.rekorV1}`,
        '--rekor_server.hostname',
        logNames.rekorV1,
        '--rekor_server.signer',
        files.rekorV1Key,
        '--trillian_log_server.address',
        HOST,
        '--trillian_log_server.port',
        `${ports.trillian}`,
        '--enable_retrieve_api=false',
        '--enabled_api_endpoints',
        REKOR_V1_ENDPOINTS,
      ],
      ready: `${at(ports.rekorV1)}/api/v1/log/publicKey`,
    },
    timestamp: {
      name: 'timestamp-authority',
      command: [
        tool('timestamp-authority'),
        'serve',
        '--host',
        HOST,
        '--port',
        `${ports.timestamp}`,
        '--timestamp-signer',
        'file',
        '--file-signer-key-path',
        files.timestampKey,
        '--certificate-chain-path',
        files.timestampChain,
        '--disable-ntp-monitoring',
      ],
      ready: `${at(ports.timestamp)}/ping`,
    },
    olareg: {
      name: 'olareg',
      command: [
        tool('olareg'),
        'serve',
        '--addr',
        HOST,
        '--port',
        `${ports.olareg}`,
        '--store-type',
        'mem',
        '--gc-frequency',
        '-1s',
      ],
      ready: `${at(ports.olareg)}/v2/`,
    },
    distribution: {
      name: 'distribution',
      command: [tool('distribution'), 'serve', files.distributionConfig],
      ready: `${at(ports.distribution)}/v2/`,
    },
  };
}

async function writeFiles({
  folder,
  ports,
  authorities,
  issuers,
}: Ground): Promise<Readonly<Record<FileName, string>>> {
  const { fulcio, timestamp, ctLog, rekorV1, rekorV2 } = authorities;
  const privateKey = { type: 'pkcs8', format: 'pem' } as const;
  const contents: Record<FileName, Buffer | string> = {
    fulcioChain: fulcio.chain.join(''),
    fulcioRoot: fulcio.chain.at(-1) ?? '',
    fulcioKey: fulcio.key.export(privateKey),
    fulcioConfig: fulcioConfig(issuers),
    ctLogKey: ctLog.privateKey.export(privateKey),
    ctLogPublicKey: ctLog.publicKey.export({ type: 'spki', format: 'pem' }),
    rekorV2Key: rekorV2.privateKey.export(privateKey),
    rekorV1Key: rekorV1.privateKey.export(privateKey),
    timestampKey: timestamp.key.export(privateKey),
    timestampChain: timestamp.chain.join(''),
    distributionConfig: JSON.stringify({
      version: '0.1',
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: join(folder, 'distribution') },
        delete: { enabled: true },
      },
      http: { addr: `${HOST}:${ports.distribution}` },
    }),
  };
  await mkdir(folder, { recursive: true });
  const written = Object.entries(contents).map(async ([name, content]) => {
    const file = join(folder, `${name}.${name.endsWith('Config') ? 'yaml' : 'pem'}`);
    await writeFile(file, content);
    return [name, file];
  });
  return Object.fromEntries(await Promise.all(written)) as Record<FileName, string>;
}

type FileName =
  | 'fulcioChain'
  | 'fulcioRoot'
  | 'fulcioKey'
  | 'fulcioConfig'
  | 'ctLogKey'
  | 'ctLogPublicKey'
  | 'rekorV2Key'
  | 'rekorV1Key'
  | 'timestampKey'
  | 'timestampChain'
  | 'distributionConfig';
