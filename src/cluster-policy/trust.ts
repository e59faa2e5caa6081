// The trusted root of an authority, and the services that must have recorded its signatures.
import { type Roots, rootsAt } from '../model/policy.ts';
import type { Fields } from './fields.ts';
import type { Surroundings } from './surroundings.ts';

const PUBLIC_GOOD: Readonly<Record<string, string>> = {
  keyless: 'https://fulcio.sigstore.dev',
  ctlog: 'https://rekor.sigstore.dev',
};
const REFERRING = ['keyless', 'ctlog', 'rfc3161timestamp'] as const;

/** A TrustRoot is an object of the cluster; the input `trusted-root` has its contents. */
export function readRoots(authority: Fields, { trustedRoot, shared }: Surroundings): Roots {
  const references = REFERRING.flatMap(
    (name) => authority.fields(name)?.text('trustRootRef') ?? [],
  );
  const [reference = 'none'] = references;
  shared.trustRootRef ??= reference;
  const others = [...references, reference].filter((each) => each !== shared.trustRootRef);
  const first = REFERRING.find((name) => authority.has(name)) ?? 'key';
  if (others.length > 0)
    authority.refuse(
      first,
      `refers to the TrustRoot "${others[0] ?? ''}", and another part of the policies to "${shared.trustRootRef}"`,
      'use one TrustRoot for all policies of a step, or verify in several steps',
    );
  if (reference !== 'none' && trustedRoot === undefined)
    authority.refuse(
      first,
      `refers to the TrustRoot "${reference}", which is in the cluster`,
      'set "trusted-root" to a trusted_root.json with the same contents',
    );
  for (const [name, usual] of Object.entries(PUBLIC_GOOD)) {
    const url = authority.fields(name)?.text('url') ?? usual;
    if (url.replace(/\/$/, '') !== usual && trustedRoot === undefined)
      authority.refuse(
        name,
        `names the private instance "${url}"`,
        'set "trusted-root" to its trusted_root.json',
      );
  }
  return rootsAt(trustedRoot);
}

/** `ctlog: {}` disables the log (policy-controller, TLog); a timestamp can replace it. */
export function readTimes(authority: Fields): 'some' | 'none' {
  const log = authority.fields('ctlog');
  const stamps = authority.fields('rfc3161timestamp');
  stamps?.requiredText('trustRootRef');
  stamps?.refuseOthers();
  if (!log) return 'some';
  const isNamed = log.has('url') || log.has('trustRootRef');
  log.refuseOthers();
  return isNamed || stamps ? 'some' : 'none';
}
