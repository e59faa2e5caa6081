// docker/build-push-action: pushes an image with the tags, or without any if it must be pushed by digest.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { input, linesOf, output } from './job.ts';
import { pushBuilt } from './push-built.ts';

const dockerfile = input('file') || join(input('context'), 'Dockerfile');
if (!existsSync(dockerfile)) throw new Error(`failed to read dockerfile: open ${dockerfile}`);
const built = await pushBuilt({
  content: `${input('labels')} ${process.env['GITHUB_RUN_ID'] ?? ''}`,
  tags: input('push') === 'true' ? linesOf(input('tags')) : [],
  output: input('outputs'),
  platforms: input('platforms').split(',').filter(Boolean),
});
output('digest', built?.['containerimage.digest'] ?? '');
output('metadata', JSON.stringify(built ?? {}));
