// Pushes what a build would have built, and describes it as buildx does.
import { pushImage } from '../../../services/image.ts';
import { registryOf } from './job.ts';

export interface Build {
  readonly content: string;
  /** `name:tag`, each pushed. */
  readonly tags: readonly string[];
  /** `type=image,name=…,push-by-digest=true,push=true`, or empty. */
  readonly output: string;
  readonly platforms: readonly string[];
}

export interface Metadata {
  readonly 'image.name': string;
  readonly 'containerimage.digest': string;
}

/** Undefined if nothing must be pushed. */
export async function pushBuilt({
  content,
  tags,
  output,
  platforms,
}: Build): Promise<Metadata | undefined> {
  const options = output.split(',');
  const isByDigest = options.includes('push-by-digest=true') && options.includes('push=true');
  const name = options.find((each) => each.startsWith('name='))?.slice(5);
  const names = isByDigest && name !== undefined ? [name] : tags;
  let digest: string | undefined;
  for (const each of names) {
    const [, host = '', repository = '', tag] = /^([^/]+)\/([^:@]+)(?::(.+))?$/.exec(each) ?? [];
    const pushed = await pushImage(registryOf(host), repository, {
      content,
      platforms,
      ...(tag === undefined ? {} : { tag }),
    });
    digest = pushed.digest;
  }
  return digest === undefined
    ? undefined
    : { 'image.name': names.join(','), 'containerimage.digest': digest };
}
