// The services of steps that are killed or meet faults: processes on loopback, and the files that make a step trust them.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type GitHubHandle,
  type OidcHandle,
  type RegistryHandle,
  startGitHub,
  startOidc,
  startRegistry,
  startSigstore,
  startTuf,
  type SigstoreHandle,
  type TrustFiles,
  type TufHandle,
} from '../../services/start.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));
export const TOKEN = 'ghs_tokenOfTheKills000000000000000000000';
export const LOGIN = { username: 'octocat', password: 'correct horse battery staple' };

export interface World {
  readonly oidc: OidcHandle;
  readonly sigstore: SigstoreHandle;
  readonly registry: RegistryHandle;
  readonly github: GitHubHandle;
  readonly tuf: TufHandle;
  readonly trust: TrustFiles;
  /** Paths of PEM files. */
  readonly keys: { readonly private: string; readonly public: string };
  /** A directory. */
  readonly home: string;
  /** The shipped action with this world's TUF repository in place of Sigstore's. */
  readonly tufEntry: string;
  stop(): Promise<unknown>;
}

export async function openWorld(): Promise<World> {
  const [oidc, sigstore, registry, github, home] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
    startRegistry(LOGIN),
    startGitHub({ tokens: { [TOKEN]: 'write' } }),
    mkdtemp(join(tmpdir(), 'countersign-kills-')),
  ]);
  await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const tuf = await startTuf({
    targets: { 'trusted_root.json': JSON.stringify(sigstore.trustedRoot) },
  });
  return {
    oidc,
    sigstore,
    registry,
    github,
    tuf,
    trust: await sigstore.writeTrust(),
    keys: await writeKeys(home),
    home,
    tufEntry: await writeEntry(home, tuf),
    stop: () =>
      Promise.all([
        ...[oidc, sigstore, registry, github, tuf].map((service) => service.stop()),
        rm(home, { recursive: true, force: true }),
      ]),
  };
}

async function writeKeys(home: string): Promise<World['keys']> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = { private: join(home, 'signing.key'), public: join(home, 'signing.pub') };
  await writeFile(keys.private, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(keys.public, publicKey.export({ type: 'spki', format: 'pem' }));
  return keys;
}

/** Where trust starts is written in the code, and cannot be changed otherwise. */
async function writeEntry(home: string, { url, rootJson }: TufHandle): Promise<string> {
  const directory = join(home, 'dist');
  await cp(DIST, directory, { recursive: true });
  const compact = JSON.stringify(JSON.parse(rootJson));
  const pin = createHash('sha256').update(compact).digest('hex');
  const start =
    /mirror: "https:\/\/tuf-repo-cdn[^"]*",\s*firstRoot: \{\s*version: \d+,\s*sha256: "[0-9a-f]{64}"/;
  let count = 0;
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const text = await readFile(file, 'utf8');
    if (!start.test(text)) continue;
    count++;
    await writeFile(
      file,
      text.replace(start, `mirror: "${url}", firstRoot: { version: 1, sha256: "${pin}"`),
    );
  }
  if (count !== 1) throw new Error(`The start of trust is in ${count} files of dist/`);
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  return join(directory, 'index.js');
}
