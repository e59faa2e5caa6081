// Writes a manifest, also one with several writers: OCI distribution-spec, "Pushing Manifests".
import { NO_HEADERS } from '../http/message.ts';
import { digestOf } from '../model/digest.ts';
import type { RegistryClient, RegistryRequest } from './client.ts';
import { MANIFEST_LIMIT, mismatch } from './content.ts';

/** What is to be written; the condition is one of RFC 9110 section 13.1, as a header. */
export interface Draft {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly condition?: Readonly<Record<string, string>>;
}

/** How to write a manifest that others change, too. */
export interface Writing extends Partial<Pick<RegistryRequest, 'remedy' | 'purpose'>> {
  /** Called before each retry for the manifest to write now; undefined if it is there already. */
  readonly again?: () => Promise<Draft | undefined>;
  /** Error statuses that the caller handles. */
  readonly refusals?: readonly number[];
}

export interface Written {
  readonly status: number;
  /** The subject to which the registry linked the manifest (`OCI-Subject`), if any. */
  readonly linkedTo: string | null;
}

/** Writes a manifest by digest or tag. */
export async function writeManifest(
  client: RegistryClient,
  reference: string,
  draft: Draft,
  { again, refusals = [], ...request }: Writing = {},
): Promise<Written> {
  let last = draft;
  const redraft = async (next: NonNullable<Writing['again']>): Promise<Repetition> => {
    const renewed = await next();
    if (!renewed) return { status: 201, headers: NO_HEADERS, body: NOTHING, url: client.origin };
    last = renewed;
    return sent(renewed);
  };
  const { status, headers } = await client.send(
    {
      purpose: `write the manifest ${reference} to`,
      ...request,
      ...sent(draft),
      method: 'PUT',
      path: `manifests/${reference}`,
      limit: MANIFEST_LIMIT,
      ...(again ? { again: () => redraft(again) } : {}),
    },
    [201, ...refusals],
  );
  const stored = headers.get('docker-content-digest');
  const expected = digestOf(last.bytes);
  if (status === 201 && stored !== null && stored !== expected)
    throw mismatch(client, expected, stored);
  return { status, linkedTo: headers.get('oci-subject') };
}

type Repetition = Awaited<ReturnType<NonNullable<RegistryRequest['again']>>>;

const NOTHING = Buffer.alloc(0);

function sent({ bytes, mediaType, condition }: Draft): Pick<RegistryRequest, 'headers' | 'body'> {
  return { body: bytes, headers: { 'content-type': mediaType, ...condition } };
}
