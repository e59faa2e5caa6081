// The inputs `key` and `key-password` of a signing step: the private key that signs instead of a certificate. Its text is in no message.
import { resolve } from 'node:path';
import { type KeyToSign, needsToken, type TokenNeed } from '../model/request.ts';
import type { StoreName } from '../model/bundle.ts';
import { ActionError } from '../errors.ts';
import type { Environment } from './environment.ts';
import { noIdentityToken } from './identity-token.ts';
import type { RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

/** Undefined for a keyless signature, or with the problem noted. */
export function parseSigningKey(
  { key: text, 'key-password': password }: RawInputs,
  { workspace }: Environment,
  problems: Problems,
): KeyToSign | undefined {
  const key = text.trim();
  if (key === '') {
    if (password !== '')
      problems.add(
        'INPUT_CONFLICT',
        'Cannot use "key-password" without "key"',
        'set "key" to the private key, or remove "key-password"',
      );
    return undefined;
  }
  const isPem = key.includes('-----BEGIN');
  if (!isPem && /^[a-z][a-z0-9+.-]*:\/\//i.test(key)) {
    problems.add(
      'INPUT_INVALID',
      'Cannot use "key": it is a URL, and a private key is not fetched',
      'pass the PEM text of the private key from a secret, or a path to it',
    );
    return undefined;
  }
  return {
    location: isPem ? { kind: 'pem', text } : { kind: 'file', path: resolve(workspace, key) },
    ...(password === '' ? {} : { password }),
  };
}

export function refuseWithoutToken(
  wanted: TokenNeed,
  { identityToken }: Environment,
  problems: Problems,
): void {
  if (identityToken === 'available' || !needsToken(wanted)) return;
  problems.include(wanted.key ? noProvenance() : noIdentityToken());
}

/** GitHub's store names the repository and workflow of each record, which it reads from the certificate. */
export function refuseKeyInGitHub(
  key: KeyToSign | undefined,
  stores: readonly StoreName[],
  problems: Problems,
): void {
  if (!key || !stores.includes('github')) return;
  problems.add(
    'INPUT_CONFLICT',
    'Cannot combine "key" with "stores: github": GitHub takes attestations that are signed with a certificate only',
    'use "stores: registry", or remove "key" to sign keylessly',
  );
}

function noProvenance(): ActionError {
  return new ActionError('permission', 'PERMISSION_ID_TOKEN', {
    message:
      'Cannot create provenance: it consists of facts from the identity token, and this job is not allowed to request one',
    remedy: 'add "id-token: write" to the permissions of the job, or remove "provenance"',
  });
}
