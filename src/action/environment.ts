// The environment that the runner gives a step, read once: the only place that knows `process.env`.
import { tmpdir } from 'node:os';
import { type GitHubEvent, readEvent } from './event.ts';
import { type TokenService, tokenServiceIn } from './identity-token.ts';
import { loginFilesIn } from './login-files.ts';
import { proxyVariables, unusableProxies } from './proxy.ts';
import { undeclaredInputs } from './undeclared.ts';

export interface Environment {
  /** `owner/name`. */
  readonly repository: string;
  /** Ids that GitHub never reuses; empty if the runner does not provide them. */
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** A directory that the runner empties after the job. */
  readonly temp: string;
  /** The runner's file of artifacts that earlier steps declared; empty if the runner has none. */
  readonly artifactsList: string;
  /** Docker's `config.json` and podman's `auth.json`; they need not exist. */
  readonly loginFiles: readonly string[];
  /** COSIGN_REPOSITORY: the repository in which cosign stores signatures in this job. */
  readonly cosignRepository?: string;
  /** Whether the job is allowed to request an identity token. */
  readonly identityToken: 'available' | 'unavailable';
  readonly event: GitHubEvent;
  /** The address for requesting it. */
  readonly tokenService?: TokenService;
  /** The proxy variables of the job, unchanged. */
  readonly proxy: Readonly<Record<string, string>>;
  /** Names of proxy variables whose value is not the address of a proxy. */
  readonly unusableProxies: readonly string[];
  /** Names of inputs that action.yml does not declare. */
  readonly undeclaredInputs: readonly string[];
  /** A variable of the job, for files that refer to it. */
  readonly variable: (name: string) => string | undefined;
  /** The base of relative paths in inputs. */
  readonly workspace: string;
}

export function readEnvironment(): Environment {
  const { env } = process;
  const tokenService = tokenServiceIn(env);
  const read = (name: string, otherwise: string): string => env[name] || otherwise;
  return Object.freeze({
    repository: read('GITHUB_REPOSITORY', ''),
    repositoryId: read('GITHUB_REPOSITORY_ID', ''),
    repositoryOwnerId: read('GITHUB_REPOSITORY_OWNER_ID', ''),
    serverUrl: read('GITHUB_SERVER_URL', 'https://github.com').replace(/\/+$/, ''),
    apiUrl: read('GITHUB_API_URL', 'https://api.github.com').replace(/\/+$/, ''),
    temp: read('RUNNER_TEMP', tmpdir()),
    artifactsList: read('GITHUB_ARTIFACTS_LIST', ''),
    loginFiles: loginFilesIn(env),
    ...(env['COSIGN_REPOSITORY'] ? { cosignRepository: env['COSIGN_REPOSITORY'] } : {}),
    event: readEvent(env),
    identityToken: tokenService ? 'available' : 'unavailable',
    ...(tokenService ? { tokenService } : {}),
    proxy: proxyVariables(env),
    unusableProxies: unusableProxies(env),
    undeclaredInputs: undeclaredInputs(env),
    variable: (name: string) => env[name],
    workspace: read('GITHUB_WORKSPACE', process.cwd()),
  } as const);
}
