// The input `sigstore`: which Sigstore instance signs, and conflicts with other inputs.
import { resolve } from 'node:path';
import type { Instance, KeyToSign } from '../model/request.ts';
import { isGitHubCom, isTenant } from '../names/github-server.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

export function parseInstance(
  { sigstore, 'trusted-root': root }: RawInputs,
  key: KeyToSign | undefined,
  environment: Environment,
  problems: Problems,
): Instance {
  const kind = sigstore === '' ? 'auto' : sigstore;
  if (kind === 'auto' || kind === 'public-good' || kind === 'github') {
    if (key) refuseGitHubForKey(kind, problems);
    else refuseOtherServer(kind, environment, problems);
    return { kind };
  }
  if (root === '')
    problems.add(
      'INPUT_MISSING',
      'Cannot verify signatures of a private Sigstore instance: "trusted-root" is empty',
      'set "trusted-root" to the trusted_root.json that belongs to the signing configuration; or set "sigstore" to auto, public-good or github',
    );
  return { kind: 'custom', signingConfig: resolve(environment.workspace, sigstore) };
}

type Named = Exclude<Instance['kind'], 'custom'>;

/** GitHub's instance signs for workflows, and has no log that would show the use of a key. */
function refuseGitHubForKey(kind: Named, problems: Problems): void {
  if (kind !== 'github') return;
  problems.add(
    'INPUT_CONFLICT',
    'Cannot combine "key" with "sigstore: github": the Sigstore instance of GitHub signs with certificates only',
    'remove "sigstore", or remove "key" to sign keylessly',
  );
}

/** Neither instance accepts tokens of a GitHub Enterprise Server, and the public one accepts none of a tenant of ghe.com. */
function refuseOtherServer(kind: Named, { serverUrl }: Environment, problems: Problems): void {
  if (isGitHubCom(serverUrl) || (isTenant(serverUrl) && kind !== 'public-good')) return;
  problems.add(
    'INPUT_CONFLICT',
    `Cannot use "sigstore: ${kind}" on ${serverUrl}: that Sigstore instance does not accept its identity tokens`,
    isTenant(serverUrl)
      ? 'set "sigstore: github"'
      : 'set "sigstore" to the signing configuration of a private Sigstore instance, together with "trusted-root", or sign with "key"',
  );
}
