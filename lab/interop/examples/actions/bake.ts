// docker/bake-action: pushes an image for each target of docker-bake.json.
import { readFileSync } from 'node:fs';

import { input, linesOf, output } from './job.ts';
import { pushBuilt } from './push-built.ts';

interface BakeFile {
  readonly target: Readonly<Record<string, { readonly tags?: readonly string[] }>>;
}

const { target } = JSON.parse(readFileSync('docker-bake.json', 'utf8')) as BakeFile;
const outputs = linesOf(input('set')).map((line) => /^\*\.output=(.*)$/.exec(line)?.[1] ?? '');
const metadata: Record<string, object> = {};
for (const [name, { tags = [] }] of Object.entries(target)) {
  const built = await pushBuilt({
    content: `${name} ${process.env['GITHUB_RUN_ID'] ?? ''}`,
    tags: input('push') === 'true' ? tags : [],
    output: outputs[0] ?? '',
    platforms: [],
  });
  metadata[name] = built ?? {};
}
output('metadata', JSON.stringify(metadata));
