// The `key` input: PEM text, paths and https URLs; it cannot be combined with identity inputs.
import { resolve } from 'node:path';
import { isSecure } from '../http/addresses.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { KeyAuthority, KeyLocation, Roots } from '../model/policy.ts';
import { CERTIFICATE_INPUTS } from './circumstances.ts';
import type { Environment } from './environment.ts';
import { DEFAULTS, type RawInputs } from './inputs.ts';
import { isTrue, listOf, type Problems } from './problems.ts';

const PEM_BLOCK = /-----BEGIN [A-Z0-9 ]+-----[^-]*-----END [A-Z0-9 ]+-----/g;

export function parseKeys(
  inputs: RawInputs,
  { workspace }: Environment,
  roots: Roots,
  problems: Problems,
): KeyAuthority<KeyLocation> {
  const both = CERTIFICATE_INPUTS.filter(
    (name) => inputs[name] !== '' && inputs[name] !== DEFAULTS[name],
  );
  if (isNonEmpty(both)) {
    problems.add(
      'INPUT_CONFLICT',
      `Cannot combine "key" with "${both.join('" and "')}": a key carries no identity and no information about the build`,
      `use "key" for images signed with that key, or "${both.join('" and "')}" for keyless signatures`,
    );
  }
  const blocks = [...inputs.key.matchAll(PEM_BLOCK)].map(([text]): KeyLocation => ({
    kind: 'pem',
    text,
  }));
  const rest = inputs.key.replaceAll(PEM_BLOCK, '\n');
  // Text with a PEM header is not a list of paths, and must not be printed: it may be a private key.
  const others = rest.includes('-----BEGIN')
    ? [{ kind: 'pem' as const, text: rest }]
    : listOf(rest).flatMap((item) => locationOf(item, workspace, problems) ?? []);
  const locations = [...blocks, ...others];
  const keys: NonEmpty<KeyLocation> = isNonEmpty(locations)
    ? locations
    : [{ kind: 'pem', text: inputs.key }];
  const witness = isTrue('insecure-ignore-tlog', inputs, problems)
    ? 'insecure-ignored'
    : 'required';
  return { kind: 'key', keys, witness, roots };
}

function locationOf(item: string, workspace: string, problems: Problems): KeyLocation | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(item))
    return { kind: 'file', path: resolve(workspace, item) };
  const url = URL.canParse(item) ? new URL(item) : undefined;
  if (url && (url.username !== '' || url.password !== '')) {
    problems.add(
      'INPUT_INVALID',
      `Cannot use "key": the URL at "${url.host}" contains credentials`,
      'remove the credentials from the URL, or keep the key in a file',
    );
    return undefined;
  }
  if (url && isSecure(url)) return { kind: 'url', url };
  problems.add(
    'INPUT_INVALID',
    `Cannot use "key": "${item}" is not an https URL`,
    'use an https URL, a path, or the PEM text of the key',
  );
  return undefined;
}
