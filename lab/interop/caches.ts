// The table for a pull-through cache (distribution with `proxy.remoteurl`): what the gate and cosign find through it, and where they must look if it does not pass on what lists signatures.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Check, unavailable } from '../checks/check.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { ask } from '../peers/readers/answer.ts';
import { answerTo } from '../peers/readers/countersign.ts';
import type { Answer } from '../peers/readers/reader.ts';
import { identityOf, type Signer } from '../peers/signer.ts';
import { countersignRekorV2 } from '../peers/writers/countersign.ts';
import { freePorts } from '../stack/ports.ts';
import { type Service, startService } from '../stack/service.ts';
import type { Registry, Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { cache } from '../tools/cache.ts';

type Case = 'as expected' | 'another workflow' | 'unsigned';

interface Reader {
  readonly name: string;
  /** Its message for an image in which it finds nothing, and for a signature by another workflow. */
  readonly nothing: RegExp;
  readonly refuses: RegExp;
  /** `place`: the repository with the signatures, if it is not the image's. */
  readonly judge: (image: Image, stack: Stack, place?: string) => Promise<Answer>;
}

const readers: readonly Reader[] = [
  {
    name: 'Countersign',
    nothing: /^unattested/,
    refuses: /^rejected[^]*certificate-identity/,
    judge: (image, stack, place = '') =>
      answerTo(
        {
          mode: 'verify',
          images: image.reference,
          'certificate-identity': identityOf(expectedSigner(stack)),
          'certificate-oidc-issuer': stack.issuer.url,
          'signature-repository': place,
          'trusted-root': stack.trust.trustedRoot,
        },
        stack,
      ),
  },
  {
    name: 'cosign v3',
    nothing: /no signatures found/,
    refuses: /expected SAN value/,
    judge: (image, stack, place = '') =>
      ask(
        stack,
        'cosign-v3',
        [
          ...['verify', '--trusted-root', stack.trust.trustedRoot],
          ...['--certificate-identity', identityOf(expectedSigner(stack))],
          ...['--certificate-oidc-issuer', stack.issuer.url, image.reference],
        ],
        place === '' ? {} : { COSIGN_REPOSITORY: place },
      ),
  },
];

export async function judgeCaches(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const registry of stack.registries)
    checks.push(...(await judgeCacheOf(registry, stack, toolbox)));
  return checks;
}

async function judgeCacheOf(
  registry: Registry,
  stack: Stack,
  toolbox: Toolbox,
): Promise<readonly Check[]> {
  const table = `Through a cache of ${registry.name}`;
  const missing = unavailable(toolbox['cosign-v3']);
  const at = { table, row: 'cosign v3', column: 'through the cache', name: 'as expected' };
  if (missing) return [{ ...at, ...missing }];
  const { host, service } = await startCache(registry, stack);
  try {
    // distribution, the cache, has no Referrers API, and passes on tags only.
    const isListed = registry.name.includes('fallback tag');
    const image = await pushImage(stack, registry);
    const foreign = await pushImage(stack, registry);
    const cached = through(host, image);
    const checks: Check[] = [];
    const judge = async (reader: Reader, name: Case, of: Image, place?: string): Promise<void> => {
      const column = place === undefined ? 'through the cache' : 'signatures at their origin';
      const isFound = name !== 'unsigned' && (isListed || place !== undefined);
      const answer = await reader.judge(of, stack, place);
      const problem = problemWith(answer, reader, isFound ? name : 'unsigned');
      checks.push({
        ...{ table, row: reader.name, column, name },
        outcome: problem === undefined ? 'passed' : 'failed',
        detail: problem ?? '',
      });
    };
    // Before it is signed, so that the cache would have to forget what it has answered.
    for (const reader of readers) await judge(reader, 'unsigned', cached);
    await sign(image, expectedSigner(stack), stack);
    await sign(foreign, otherSigner(stack), stack);
    for (const reader of readers)
      for (const place of [undefined, image.name]) {
        await judge(reader, 'as expected', cached, place);
        await judge(reader, 'another workflow', through(host, foreign), place);
      }
    return checks;
  } catch (error) {
    return [{ ...at, outcome: 'failed', detail: String(error) }];
  } finally {
    await service.stop();
  }
}

function problemWith(
  { accepted, message }: Answer,
  { nothing, refuses }: Reader,
  name: Case,
): string | undefined {
  if (name === 'as expected') return accepted ? undefined : `refuses it: ${message}`;
  if (accepted) return `accepts it: ${message}`;
  const expected = name === 'unsigned' ? nothing : refuses;
  return expected.test(message) ? undefined : `without ${String(expected)}: ${message}`;
}

async function startCache(
  registry: Registry,
  stack: Stack,
): Promise<{ readonly host: string; readonly service: Service }> {
  const folder = await mkdtemp(join(stack.folder, 'cache-'));
  const { http } = await freePorts(['http']);
  const host = `127.0.0.1:${http}`;
  const config = join(folder, 'config.yaml');
  const settings = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
    http: { addr: host },
    proxy: { remoteurl: `http://${registry.host}` },
  };
  await writeFile(config, JSON.stringify(settings));
  const service = await startService(
    {
      name: 'distribution-cache',
      command: [stack.tool('distribution'), 'serve', config],
      ready: `http://${host}/v2/`,
    },
    { env: stack.env, cwd: folder, logs: join(cache, 'logs') },
  );
  return { host, service };
}

function through(host: string, { name, digest }: Image): Image {
  const cached = name.replace(/^[^/]+/, host);
  return { name: cached, digest, reference: `${cached}@${digest}` };
}

async function sign(image: Image, signer: Signer, stack: Stack): Promise<void> {
  await countersignRekorV2.write(image, signer, stack);
}

function otherSigner(stack: Stack): Signer {
  return { ...expectedSigner(stack), workflow: 'acme/app/.github/workflows/build.yml' };
}
