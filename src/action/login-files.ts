// Where Docker and podman keep logins for registries: https://docs.docker.com/reference/cli/docker/login/ and containers-auth.json(5).
import { homedir } from 'node:os';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** In the order in which they are read; they need not exist. */
export function loginFilesIn(env: Variables): readonly string[] {
  const docker = env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  return [join(docker, 'config.json'), ...podmanFilesIn(env)];
}

function podmanFilesIn(env: Variables): readonly string[] {
  const chosen = env['REGISTRY_AUTH_FILE'];
  if (chosen) return [chosen];
  const runtime = env['XDG_RUNTIME_DIR'];
  const config = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return [
    runtime ? `${runtime}/containers/auth.json` : `/run/containers/${process.getuid?.()}/auth.json`,
    join(config, 'containers/auth.json'),
  ];
}
