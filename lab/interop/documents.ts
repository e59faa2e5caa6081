// The tables for SBOMs and documents of any type: policies that require them, and the policy that the signing step prints.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Check, unavailable } from '../checks/check.ts';
import { runCountersign } from '../peers/countersign.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { createKeyPair, type KeyPair, PASSWORD } from '../peers/legacy/writer.ts';
import { identityOf, jobOf, type Signer } from '../peers/signer.ts';
import type { Stack } from '../stack/stack.ts';
import type { Toolbox } from '../tools/build.ts';
import { inParallel } from '../tools/parallel.ts';
import { admit, clusterImagePolicy, disagreement } from './admission.ts';

const NAMES = ['all documents', 'SPDX only', 'by another signer', 'unsigned'] as const;
type Name = (typeof NAMES)[number];

interface Means {
  readonly format: 'bundle' | 'legacy';
  readonly signer: Signer;
  readonly key?: KeyPair;
}

interface Kind {
  readonly name: string;
  readonly expected: Means;
  readonly other: Means;
}

interface Policy {
  readonly name: string;
  readonly text: string;
  readonly accepts: readonly Name[];
}

const SPDX = 'https://spdx.dev/Document/v2.3';
const CYCLONEDX = 'https://cyclonedx.org/bom';
const SCAN = 'https://acme.example/scan/v1';
const FILES = {
  'sbom.spdx.json': { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: 'acme/app' },
  'sbom.cdx.json': { bomFormat: 'CycloneDX', specVersion: '1.6', components: [] },
  'scan.json': { scanner: 'acme', findings: [] },
};
const SPDX_ONLY = 'sbom=sbom.spdx.json';
const ALL = `${SPDX_ONLY}\nsbom=sbom.cdx.json\n${SCAN}=scan.json`;

export async function judgeDocuments(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const missing = unavailable(toolbox['policy-tester']) ?? unavailable(toolbox['cosign-v2']);
  const place = { table: 'Policies that require documents', row: 'all', column: 'all' };
  if (missing) return [{ ...place, name: 'as expected', ...missing }];
  try {
    const checks: Check[] = [];
    for (const kind of await kindsOn(stack)) checks.push(...(await judgeKind(kind, stack)));
    return checks;
  } catch (error) {
    return [{ ...place, name: 'ready', outcome: 'failed', detail: String(error) }];
  }
}

async function kindsOn(stack: Stack): Promise<readonly Kind[]> {
  const signer = expectedSigner(stack);
  const build = { ...signer, workflow: 'acme/app/.github/workflows/build.yml' };
  const [key, otherKey] = [await createKeyPair(stack), await createKeyPair(stack)];
  const by = (format: Means['format']): Omit<Kind, 'name'> => ({
    expected: { format, signer },
    other: { format, signer: build },
  });
  return [
    { name: 'in bundles, by certificate', ...by('bundle') },
    { name: 'in .att, by certificate', ...by('legacy') },
    {
      name: 'in .att, by a key',
      expected: { format: 'legacy', signer, key },
      other: { format: 'legacy', signer, key: otherKey },
    },
  ];
}

async function judgeKind({ name, expected, other }: Kind, stack: Stack): Promise<readonly Check[]> {
  const { image, printed } = await attest(ALL, expected, stack);
  const images: Readonly<Record<Name, Image>> = {
    'all documents': image,
    'SPDX only': (await attest(SPDX_ONLY, expected, stack)).image,
    'by another signer': (await attest(ALL, other, stack)).image,
    unsigned: await pushImage(stack, stack.registries[0]),
  };
  const policies: readonly Policy[] = [
    ...(await policiesFor(expected)),
    { name: 'the policy as printed', text: printed, accepts: ['all documents'] },
  ];
  const cases = policies.flatMap((policy) => NAMES.map((column) => ({ policy, column })));
  return inParallel(cases, async ({ policy, column }): Promise<Check> => {
    const admission = await admit(policy.text, images[column], stack);
    const expectation = policy.accepts.includes(column);
    const { theirs, ours } = admission;
    const isRight = theirs.accepted === expectation && ours.accepted === expectation;
    return {
      table: `Policies that require documents, ${name}`,
      row: policy.name,
      column,
      name: expectation ? 'accepted' : 'refused',
      outcome: isRight ? 'passed' : 'failed',
      detail: isRight ? '' : disagreement(admission),
    };
  });
}

async function policiesFor(means: Means): Promise<readonly Policy[]> {
  const authority = await authorityOf(means);
  const policy = (name: string, accepts: readonly Name[], ...types: readonly string[]): Policy => {
    const attestations = types.map((predicateType, index) => ({
      name: `document-${index}`,
      predicateType,
    }));
    const authorities = [{ ...authority, attestations }];
    return {
      name,
      accepts,
      text: clusterImagePolicy('documents', { images: [{ glob: '**' }], authorities }),
    };
  };
  return [
    policy('an SPDX document of its version', ['all documents', 'SPDX only'], SPDX),
    policy('the name spdx, which has no version', [], 'spdx'),
    policy('the name cyclonedx', ['all documents'], 'cyclonedx'),
    policy('a type of our own', ['all documents'], SCAN),
    policy('another version of that type', [], `${SCAN}.1`),
    policy('all three', ['all documents'], SPDX, CYCLONEDX, SCAN),
    policy('all three and a fourth', [], SPDX, CYCLONEDX, SCAN, 'vuln'),
  ];
}

async function authorityOf({ format, signer, key }: Means): Promise<object> {
  const trustRootRef = 'loopback';
  if (key) return { key: { data: await readFile(key.public, 'utf8') }, ctlog: { trustRootRef } };
  const identities = [{ issuer: signer.issuer.url, subject: identityOf(signer) }];
  const keyless = { trustRootRef, insecureIgnoreSCT: true, identities };
  return { signatureFormat: format, keyless, rfc3161timestamp: { trustRootRef } };
}

async function attest(
  attestations: string,
  { format, signer, key }: Means,
  stack: Stack,
): Promise<{ readonly image: Image; readonly printed: string }> {
  const image = await pushImage(stack, stack.registries[0]);
  const workspace = await mkdtemp(join(stack.folder, 'documents-'));
  for (const [name, document] of Object.entries(FILES))
    await writeFile(join(workspace, name), JSON.stringify(document));
  const inputs = {
    mode: 'sign',
    images: image.reference,
    signature: 'false',
    attestations,
    'signature-format': format,
    sigstore: stack.trust.signingConfigs.rekorV1,
    'trusted-root': stack.trust.trustedRoot,
    ...(key ? { key: key.private, 'key-password': PASSWORD } : {}),
  };
  const job = { ...jobOf(signer), GITHUB_WORKSPACE: workspace };
  return runCountersign(inputs, job, ({ exit, log, outputs, stderr }) => {
    if (exit !== 0) throw new Error(`Countersign did not attest: ${log}${stderr}`);
    return Promise.resolve({ image, printed: outputs['cluster-image-policy'] ?? '' });
  });
}
