// Loads what policies refer to: keys, for the policies themselves, and the authorities that a verifier needs.
import { stepLog } from '../action/log.ts';
import { allOrProblems } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import { loadKeys } from '../keys/load.ts';
import type { TrustedKey } from '../keys/trusted-key.ts';
import type { KeyHolder } from '../model/identity.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { KeyLocation, Policy, Roots, WrittenPolicy } from '../model/policy.ts';
import { insecureIn, needsOf, withKeys } from '../policy/authorities.ts';
import { trustedTogether } from '../sigstore/trust/several-trusts.ts';
import type { Signers, TrustStore } from '../sigstore/trust/trust.ts';
import type { TufRepositories } from '../sigstore/trust/trust-tuf.ts';
import type { Trusted } from '../sigstore/verify/trusted.ts';
import { trustStore } from './shared.ts';

type Keys = ReadonlyMap<NonEmpty<KeyLocation>, NonEmpty<TrustedKey>>;

/** Throws the problems of all keys, or of all trusted roots, that cannot be used. */
export async function openPolicies(
  written: NonEmpty<WrittenPolicy>,
  { transport, tuf }: { readonly transport: Transport; readonly tuf: TufRepositories },
): Promise<{ readonly policies: NonEmpty<Policy>; readonly trusted: Trusted }> {
  const needs = needsOf(written);
  const keys = await readKeys(needs.keys, transport);
  const all = [...keys.values()].flat();
  for (const { fingerprint, from } of all)
    stepLog.info(`Trusting the key ${fingerprint} from ${from}`);
  if (isNonEmpty(insecureIn(written)))
    stepLog.warning('insecure-ignore-tlog: neither a log entry nor a timestamp is required');
  // A file is an input even if it is not needed, and an invalid one is reported.
  await openRoots(needs.unasked, tuf, 'with keys');
  return {
    policies: withKeys(written, (places) => holdersIn(keys, places)),
    trusted: {
      certificates: await openRoots(needs.certificates, tuf, 'with certificates'),
      keys: all,
      witnesses: await openRoots(needs.witnesses, tuf, 'with keys'),
    },
  };
}

async function readKeys(
  lists: readonly NonEmpty<KeyLocation>[],
  transport: Transport,
): Promise<Keys> {
  const read = lists.map(async (places) => [places, await loadKeys(places, transport)] as const);
  return new Map(await allOrProblems(read));
}

function holdersIn(keys: Keys, places: NonEmpty<KeyLocation>): NonEmpty<KeyHolder> {
  const read = keys.get(places);
  if (!read) throw new RangeError('keys that were not read');
  return mapEach(read, ({ fingerprint, from }) => ({ key: fingerprint, from }));
}

async function openRoots(
  roots: readonly Roots[],
  tuf: TufRepositories,
  signers: Signers,
): Promise<TrustStore | undefined> {
  const stores = await allOrProblems(roots.map((each) => trustStore(each, tuf, signers)));
  return isNonEmpty(stores) ? trustedTogether(stores) : undefined;
}
