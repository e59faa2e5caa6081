// Loads the keys in the `key` input: PEM text, files, https URLs.
import { readFile } from 'node:fs/promises';
import { ActionError, allOrProblems, codeOf } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import { whyUnreadable } from '../text/file-kind.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import { isProblem } from '../text/parsed.ts';
import type { KeyLocation } from '../model/policy.ts';
import type { TrustedKey } from './trusted-key.ts';
import { parsePublicKeys } from './public-key.ts';

const KEY_LIMIT = 64 << 10;
/** Milliseconds: a key is a few hundred bytes. */
const KEY_TIMEOUT = 10_000;

/** All keys of all locations; throws all problems, those of files before any request. */
export async function loadKeys(
  locations: NonEmpty<KeyLocation>,
  transport: Transport,
): Promise<NonEmpty<TrustedKey>> {
  const here = await allOrProblems(
    locations.filter((location) => location.kind !== 'url').map((location) => readHere(location)),
  );
  const fetched = await allOrProblems(
    locations
      .filter((location) => location.kind === 'url')
      .map((location) => fetchKeys(location.url, transport)),
  );
  const keys = [...here, ...fetched].flat();
  if (!isNonEmpty(keys)) throw new RangeError('no location of a key');
  return keys;
}

async function readHere(
  location: Exclude<KeyLocation, { readonly kind: 'url' }>,
): Promise<NonEmpty<TrustedKey>> {
  if (location.kind === 'pem') return keysIn(location.text, location.from ?? 'key');
  const text = await readFile(location.path, 'utf8').catch((error: unknown) => {
    throw unusable(
      location.path,
      whyUnreadable(codeOf(error)),
      'check the path; it is relative to the workspace',
    );
  });
  return keysIn(text, location.path);
}

/** The user chose this address, but not the target of a redirect. */
async function fetchKeys(url: URL, transport: Transport): Promise<NonEmpty<TrustedKey>> {
  // A query may contain the secret of a signed URL.
  const from = `${url.origin}${url.pathname}`;
  const { status, body, headers } = await transport({
    method: 'GET',
    url,
    limit: KEY_LIMIT,
    timeout: KEY_TIMEOUT,
    redirect: 'return',
  }).catch((error: unknown) => {
    throw unfetched(from, error);
  });
  if (status === 200) return keysIn(body.toString(), from);
  const location = headers.get('location');
  throw location === null
    ? unusable(from, `it answered ${status}`, 'check the URL; it is fetched without credentials')
    : unusable(
        from,
        `it redirects to ${new URL(location, url).origin}`,
        'use the URL of the key file itself, for example on raw.githubusercontent.com at a commit',
      );
}

function unfetched(from: string, error: unknown): unknown {
  if (!(error instanceof ActionError)) return error;
  if (error.code === 'LIMIT_EXCEEDED')
    return unusable(
      from,
      `it is larger than ${KEY_LIMIT} bytes`,
      'use the URL of the key file itself',
    );
  return new ActionError(error.kind, error.code, {
    message: `Cannot fetch the key "${from}": ${error.message}`,
    remedy: `${error.remedy}; or keep the key in a file or in the workflow`,
    cause: error,
  });
}

function keysIn(text: string, from: string): NonEmpty<TrustedKey> {
  const keys = parsePublicKeys(text, from);
  if (isProblem(keys)) throw unusable(from, keys.problem, keys.remedy);
  return keys.value;
}

function unusable(from: string, state: string, remedy: string): ActionError {
  return new ActionError('input', 'INPUT_FILE', {
    message: `Cannot use the key "${from}": ${state}`,
    remedy,
  });
}
