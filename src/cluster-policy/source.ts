// Where the signatures of an authority are: in the image's repository, or in another one for all authorities.
import { formatRepository, isSameRepository, parseReference } from '../model/reference.ts';
import { isProblem } from '../text/parsed.ts';
import type { Fields } from './fields.ts';
import type { Surroundings } from './surroundings.ts';

export function readSource(authority: Fields, { shared }: Surroundings): void {
  const [source, ...others] = authority.list('source');
  if (others.length > 0)
    authority.refuse('source', 'has several entries', 'keep one: policy-controller reads one, too');
  const repository = source && readRepository(source);
  const place = repository ?? 'with-image';
  shared.source ??= place;
  const isSame =
    place === shared.source ||
    (place !== 'with-image' &&
      shared.source !== 'with-image' &&
      isSameRepository(place, shared.source));
  if (isSame) return;
  const first =
    shared.source === 'with-image' ? 'the image itself' : formatRepository(shared.source);
  authority.refuse(
    'source',
    `differs from that of another authority, which is ${first}`,
    'use the same source in all policies of a step, or verify in several steps',
  );
}

function readRepository(source: Fields): ReturnType<typeof repositoryIn> {
  // Credentials of the cluster; this step has its own.
  source.ignore('signaturePullSecrets');
  const repository = repositoryIn(source);
  if (source.has('tagPrefix'))
    source.refuse('tagPrefix', 'is not supported', 'store the signatures under their usual tags');
  source.refuseOthers();
  return repository;
}

function repositoryIn(source: Fields): ReturnType<typeof repositoryOf> {
  const text = source.requiredText('oci');
  return text === undefined ? undefined : repositoryOf(text, source);
}

function repositoryOf(
  text: string,
  source: Fields,
): Exclude<Surroundings['shared']['source'], 'with-image'> {
  const parsed = parseReference(text);
  if (!isProblem(parsed) && parsed.value.tag === undefined && parsed.value.digest === undefined)
    return parsed.value.repository;
  source.refuse('oci', `"${text}" is not a repository`, 'write registry/name, without a tag');
  return undefined;
}
