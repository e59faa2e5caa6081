// What responses have shown about the lists of referrers in a repository, so that nothing is read twice.
import type { Digest } from '../model/digest.ts';
import type { RegistryClient } from './client.ts';

const apis = new WeakMap<RegistryClient, 'present' | 'absent'>();
const listSizes = new WeakMap<RegistryClient, Map<Digest, number>>();

/** Whether the registry has the Referrers API; undefined before it was asked. */
export function referrersApiOf(client: RegistryClient): 'present' | 'absent' | undefined {
  return apis.get(client);
}

export function noteReferrersApi(client: RegistryClient, api: 'present' | 'absent'): void {
  apis.set(client, api);
}

/** Bytes of the list in the fallback tag, 0 if there is no tag; undefined if it was not read, or is not a list. */
export function sizeOfList(client: RegistryClient, subject: Digest): number | undefined {
  return listSizes.get(client)?.get(subject);
}

export function noteSizeOfList(client: RegistryClient, subject: Digest, size: number): void {
  const sizes = listSizes.get(client) ?? new Map<Digest, number>();
  listSizes.set(client, sizes.set(subject, size));
}
