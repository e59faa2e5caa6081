// The tables for large blobs: copied by the registry to a second repository, and in chunks where a server in front of it limits the size of a body.
import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Check, unavailable } from '../checks/check.ts';
import { runCountersign } from '../peers/countersign.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { ask } from '../peers/readers/answer.ts';
import { answerTo } from '../peers/readers/countersign.ts';
import type { Answer } from '../peers/readers/reader.ts';
import { identityOf, jobOf, type Signer } from '../peers/signer.ts';
import type { Registry, Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { succeed } from '../tools/command.ts';
import { type Front, largerThan, type Passed, startFront } from './front.ts';

type Row = 'Countersign' | 'cosign v3' | 'uploads';

interface Way {
  readonly name: string;
  readonly largestBody: number;
  readonly repositories: readonly string[];
  /** What is wrong with the uploads; undefined if nothing is. */
  readonly problem: (passed: readonly Passed[]) => string | undefined;
}

const TYPE = 'https://acme.example/scan/v1';
/** Random text, in bytes: the bundle has it in base64. */
const DOCUMENT = 1 << 20;
const LIMIT = 600 << 10;
const REFUSED = /rejected|expected SAN value/;

const COPIED: Way = {
  name: 'copied',
  largestBody: Infinity,
  repositories: ['acme/app', 'acme/mirror'],
  problem(passed) {
    const copies = passed.filter(({ path, status }) => /[?&]mount=/.test(path) && status === 201);
    if (copies.length !== 1) return `${copies.length} copies`;
    const uploads = passed.filter(({ method, size }) => method === 'PUT' && size > DOCUMENT);
    return uploads.length === 1 ? undefined : `${uploads.length} uploads of one blob`;
  },
};
const IN_CHUNKS: Way = {
  name: 'in chunks',
  largestBody: LIMIT,
  repositories: ['acme/app'],
  problem(passed) {
    const chunks = passed.filter(({ method, status }) => method === 'PATCH' && status === 202);
    if (chunks.length < 3) return `${chunks.length} chunks`;
    return passed.some(({ status }) => status === 413) ? undefined : 'no body was too large';
  },
};

export async function judgeUploads(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const registry of stack.registries)
    checks.push(
      ...(await judgeWay(COPIED, registry, stack, toolbox)),
      ...(await judgeWay(IN_CHUNKS, registry, stack, toolbox)),
      await judgeLimit(registry, stack),
    );
  return checks;
}

/** A limit under the size of a chunk: nothing can be stored, and the step says what to change. */
async function judgeLimit(registry: Registry, stack: Stack): Promise<Check> {
  const front = await startFront(registry.host, largerThan(LIMIT / 10));
  const signer = expectedSigner(stack);
  const attesting = attest(IN_CHUNKS, { registry, front, signer }, stack);
  const problem = await attesting.then(() => 'is signed', String).finally(() => front.stop());
  const isRight = /answered 413\n\s*To fix: raise the limit/.test(problem);
  return {
    table: `Large blobs, through ${registry.name}`,
    row: 'uploads',
    column: 'over the limit',
    name: 'explained',
    outcome: isRight ? 'passed' : 'failed',
    detail: isRight ? '' : problem,
  };
}

async function judgeWay(
  way: Way,
  registry: Registry,
  stack: Stack,
  toolbox: Toolbox,
): Promise<readonly Check[]> {
  const check = (row: Row, name: string, problem: string | undefined): Check => ({
    table: `Large blobs, through ${registry.name}`,
    row,
    column: way.name,
    name,
    outcome: problem === undefined ? 'passed' : 'failed',
    detail: problem ?? '',
  });
  const missing = unavailable(toolbox['cosign-v3']);
  if (missing) return [{ ...check('cosign v3', 'as expected', undefined), ...missing }];
  const us = expectedSigner(stack);
  const other = { ...us, workflow: 'acme/app/.github/workflows/build.yml' };
  const front = await startFront(registry.host, largerThan(way.largestBody));
  try {
    const images = await attest(way, { registry, front, signer: us }, stack);
    const checks = [check('uploads', 'as expected', way.problem(front.passed))];
    for (const image of images) {
      const { name } = image;
      const readers = { Countersign: askCountersign, 'cosign v3': askCosign } as const;
      for (const [row, judge] of Object.entries(readers) as [Row, typeof askCosign][]) {
        const accepted = await judge(image, us, stack);
        const refused = await judge(image, other, stack);
        const isRefused = !refused.accepted && REFUSED.test(refused.message);
        checks.push(
          check(row, `as expected in ${name}`, accepted.accepted ? undefined : accepted.message),
          check(row, `workflow in ${name}`, isRefused ? undefined : refused.message),
        );
      }
    }
    return checks;
  } catch (error) {
    return [check('uploads', 'as expected', String(error))];
  } finally {
    await front.stop();
  }
}

/** The same image in each repository, attested through the server in front. */
async function attest(
  { repositories }: Way,
  { registry, front, signer }: { registry: Registry; front: Front; signer: Signer },
  stack: Stack,
): Promise<readonly Image[]> {
  const { digest, reference } = await pushImage(stack, registry);
  const images = repositories.map((repository): Image => {
    const name = `${registry.host}/${repository}`;
    return { name, digest, reference: `${name}@${digest}` };
  });
  for (const image of images.slice(1))
    await succeed(stack.tool('crane'), ['copy', reference, image.reference], stack);
  const workspace = await mkdtemp(join(stack.folder, 'large-'));
  const document = { findings: randomBytes(DOCUMENT / 2).toString('hex') };
  await writeFile(join(workspace, 'scan.json'), JSON.stringify(document));
  const inputs = {
    mode: 'sign',
    images: repositories.map((repository) => `${front.host}/${repository}@${digest}`).join('\n'),
    attestations: `${TYPE}=scan.json`,
    sigstore: stack.trust.signingConfigs.rekorV2,
    'trusted-root': stack.trust.trustedRoot,
  };
  const job = { ...jobOf(signer), GITHUB_WORKSPACE: workspace };
  await runCountersign(inputs, job, ({ exit, log, stderr }) => {
    if (exit !== 0) throw new Error(`Countersign did not sign: ${log}${stderr}`);
    return Promise.resolve();
  });
  return images;
}

function askCountersign(image: Image, signer: Signer, stack: Stack): Promise<Answer> {
  const inputs = {
    mode: 'verify',
    images: image.reference,
    'certificate-identity': identityOf(signer),
    'certificate-oidc-issuer': signer.issuer.url,
    require: `signature\n${TYPE}`,
    'trusted-root': stack.trust.trustedRoot,
  };
  return answerTo(inputs, stack);
}

function askCosign(image: Image, signer: Signer, stack: Stack): Promise<Answer> {
  return ask(stack, 'cosign-v3', [
    ...['verify-attestation', '--type', TYPE, '--trusted-root', stack.trust.trustedRoot],
    ...['--certificate-identity', identityOf(signer)],
    ...['--certificate-oidc-issuer', signer.issuer.url, image.reference],
  ]);
}
