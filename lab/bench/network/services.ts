// Embedded services behind relays that delay their responses, and images to sign and verify there.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInstance } from '../../bundles/instance.ts';
import { makeBundle } from '../../bundles/signing.ts';
import { statementAbout } from '../../bundles/statement.ts';
import { relayWithDelay } from '../../services/delay.ts';
import { MANIFEST, pushImage } from '../../services/image.ts';
import { attach, tagAs } from '../../services/referrer.ts';
import { startGitHub, startRegistry } from '../../services/start.ts';

export interface Variant {
  readonly name: string;
  readonly referrers: 'api' | 'none';
  /** `bearer`: a token realm, which wants a login. */
  readonly auth: 'none' | 'bearer';
}

/** Addresses are those of the relays. */
export interface Network {
  readonly registry: string;
  readonly github: { readonly url: string; readonly token: string };
  readonly trustedRoot: string;
  readonly signingConfig: string;
  /** The environment of a job. */
  readonly oidc: Readonly<Record<string, string>>;
  /** For a client that gets its identity token elsewhere; without delay. */
  identityToken(): Promise<string>;
  /** A folder with config.json, which has the login. */
  readonly dockerConfig: string;
  /** A new image in a repository of its own, with so many signatures; gives its name with the digest. */
  push(signatures: number): Promise<string>;
  delay(milliseconds: number): void;
  /** Forgets the requests. */
  clear(): Promise<unknown>;
  /** How many there have been since. */
  requests(): Promise<number>;
  stop(): Promise<unknown>;
}

const TOKEN = 'ghs_tokenOfTheBench000000000000000000000';
const LOGIN = { username: 'octocat', password: 'correct horse battery staple' };

export async function openNetwork({ referrers, auth }: Variant): Promise<Network> {
  const [instance, registry, github] = await Promise.all([
    startInstance(),
    startRegistry({ referrers, auth, ...LOGIN }),
    startGitHub({ tokens: { [TOKEN]: 'write' } }),
  ]);
  const { sigstore, oidc, trust } = instance;
  const services = [registry, github, sigstore, oidc];
  const origins = [
    registry.url,
    github.url,
    oidc.url,
    ...[sigstore.fulcio, sigstore.rekorV1, sigstore.rekorV2, sigstore.tsa],
  ];
  const relays = await Promise.all(
    origins.map(async (origin) => [origin, await relayWithDelay(origin)] as const),
  );
  const relayed = (text: string): string =>
    relays.reduce((changed, [origin, { url }]) => changed.replaceAll(origin, url), text);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-network-'));
  const host = new URL(relayed(registry.url)).host;
  const login = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');
  const config = auth === 'none' ? {} : { auths: { [host]: { auth: login } } };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const signingConfig = join(folder, 'signing-config.json');
  const written = await readFile(trust.signingConfigs.rekor2, 'utf8');
  await writeFile(signingConfig, relayed(written));
  let images = 0;
  return {
    registry: host,
    github: { url: relayed(github.url), token: TOKEN },
    trustedRoot: trust.trustedRoot,
    signingConfig,
    oidc: {
      ...oidc.env,
      ACTIONS_ID_TOKEN_REQUEST_URL: relayed(oidc.env.ACTIONS_ID_TOKEN_REQUEST_URL),
    },
    identityToken: () => oidc.token('sigstore'),
    dockerConfig: folder,
    async push(signatures) {
      const repository = `acme/image-${++images}`;
      const target = auth === 'none' ? registry : { ...registry, ...LOGIN };
      const image = await pushImage(target, repository, { content: repository });
      const subject = { mediaType: MANIFEST, digest: image.digest, size: image.bytes.byteLength };
      const entries: object[] = [];
      for (let number = 0; number < signatures; number++) {
        const payload = statementAbout(image.digest);
        const content = JSON.stringify(await makeBundle(instance, { payload }));
        const attachment = { subject: image.digest, content, manifest: { subject } };
        entries.push(await attach(target, repository, attachment));
      }
      if (referrers === 'none' && signatures > 0)
        await tagAs(target, repository, image.digest, entries);
      return `${host}/${repository}@${image.digest}`;
    },
    delay: (milliseconds) => relays.forEach(([, relay]) => relay.delay(milliseconds)),
    clear: () => Promise.all(services.map((service) => service.clear())),
    async requests() {
      const seen = (await Promise.all(services.map((service) => service.requests()))).flat();
      // The certificate authority fetches the keys of the issuer itself.
      return seen.filter(({ path }) => !path.includes('jwks')).length;
    },
    stop() {
      relays.forEach(([, relay]) => relay.stop());
      return Promise.all([instance.stop(), registry.stop(), github.stop()]);
    },
  };
}
