// Docker's credential helpers, the command `get`: https://github.com/docker/docker-credential-helpers#development.
import { ActionError } from '../errors.ts';
import type { RunProgram } from '../model/program.ts';
import { isRecord, parseJson } from '../text/json.ts';
import type { Credentials } from './login.ts';

export interface HelperCall {
  /** The suffix of `docker-credential-…`. */
  readonly suffix: string;
  /** The file that configures the helper. */
  readonly file: string;
  /** The server that the helper gets as input. */
  readonly server: string;
}

const SUFFIX = /^[A-Za-z0-9._-]+$/;
const NOT_FOUND = 'credentials not found in native keychain';

/** Errors of common helpers. Output of a helper is printed only if it is one of these, because anything else may be a secret. */
const KNOWN = [
  'no credentials server URL',
  'no credentials username',
  'executable file not found',
  'You do not currently have an active account selected',
  'Reauthentication failed',
  'error getting credentials',
  'Cannot autolaunch D-Bus without X11',
  'gpg: decryption failed',
  'pass not initialized',
  'ExpiredToken',
  'NoCredentialProviders',
  'AccessDenied',
];

/** Undefined if the helper has no login for this server. */
export async function askHelper(
  { suffix, file, server }: HelperCall,
  run: RunProgram,
): Promise<Credentials | undefined> {
  if (!SUFFIX.test(suffix)) {
    const state = `"${file}" names a helper that is not a program name: only letters, digits, ".", "_" and "-" are allowed`;
    throw refused(server, state);
  }
  const name = `docker-credential-${suffix}`;
  const result = await run(name, ['get'], server);
  if (result.kind === 'missing')
    throw refused(server, `"${file}" names "${name}", and there is no such program in PATH`);
  if (result.kind === 'stopped') throw refused(server, `"${name}" failed: ${result.reason}`);
  if (result.exitCode !== 0) {
    if (result.output.trim() === NOT_FOUND) return undefined;
    const words = KNOWN.find((known) => result.output.includes(known));
    const said = words === undefined ? '' : ` and said "${words}"`;
    throw refused(server, `"${name}" ended with exit code ${result.exitCode}${said}`);
  }
  const credentials = fromAnswer(result.output, `${name} in ${file}`);
  if (credentials === undefined)
    throw refused(server, `the answer of "${name}" has no "Username" and "Secret"`);
  return credentials === 'none' ? undefined : credentials;
}

/** https://github.com/docker/docker-credential-helpers: the user `<token>` means an identity token. */
function fromAnswer(output: string, from: string): Credentials | 'none' | undefined {
  const json = parseJson(output);
  if (!isRecord(json)) return undefined;
  const { Username: username, Secret: secret } = json;
  if (typeof username !== 'string' || typeof secret !== 'string') return undefined;
  if (username === '' || secret === '') return 'none';
  if (username === '<token>') return { kind: 'identity-token', token: secret, from };
  return { kind: 'password', username, password: secret, from };
}

function refused(server: string, state: string): ActionError {
  return new ActionError('permission', 'PERMISSION_REGISTRY', {
    message: `Cannot read the login of "${server}" from its credential helper: ${state}`,
    remedy:
      'run the login action of the registry before this step, or set "registry-username" and "registry-password"',
  });
}
