// cosign v3: a signature and a provenance attestation, both as bundles.
import { readFile, writeFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import { succeed } from '../../tools/command.ts';
import { identityOf, REF, type Signer, tokenOf } from '../signer.ts';
import type { Writer } from './writer.ts';

export const cosign: Writer = {
  name: 'cosign v3',
  tool: 'cosign-v3',
  async write(image, signer, stack) {
    const folder = await mkdtemp(join(stack.folder, 'cosign-'));
    const file = (name: string): string => join(folder, name);
    const { trustedRoot, signingConfigs } = stack.trust;
    const common = [
      '--yes',
      '--trusted-root',
      trustedRoot,
      '--signing-config',
      signingConfigs.rekorV2,
      '--identity-token',
      tokenOf(signer),
    ];
    const cosign = (...args: string[]): Promise<string> =>
      succeed(stack.tool('cosign-v3'), args, stack);

    await cosign('sign', ...common, '--bundle', file('signature.json'), image.reference);
    await writeFile(file('predicate.json'), JSON.stringify(provenance(signer)));
    await cosign(
      'attest',
      ...common,
      '--bundle',
      file('provenance.json'),
      '--type',
      'slsaprovenance1',
      '--predicate',
      file('predicate.json'),
      image.reference,
    );

    const bundles = await Promise.all(
      ['signature.json', 'provenance.json'].map((name) => readFile(file(name), 'utf8')),
    );
    await writeFile(file('bundles.jsonl'), bundles.map((bundle) => `${bundle.trim()}\n`).join(''));
    return { file: file('bundles.jsonl') };
  },
};

export function provenance(signer: Signer): object {
  const { repository } = signer;
  const workflow = {
    repository: `https://github.com/${repository}`,
    ref: REF,
    path: '.github/workflows/release.yml',
  };
  return {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow },
    },
    runDetails: { builder: { id: identityOf(signer) } },
  };
}
