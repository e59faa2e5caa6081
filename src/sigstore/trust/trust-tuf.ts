// Trusted roots from TUF: the public-good one always, GitHub's own if a certificate names GitHub as its issuer.
import type { X509Certificate } from '@sigstore/core';
import { ActionError, messageOf } from '../../errors.ts';
import { parseJson } from '../../text/json.ts';
import { claimOf } from '../certificate.ts';
import { Refusal } from '../refusal.ts';
import { issuersAmong, type Trust, type TrustStore, trustOf } from './trust.ts';
import type { ReadTarget } from './tuf.ts';

const TARGET = 'trusted_root.json';
/** The organisation in the name of GitHub's authorities; it only selects which root is loaded, the chain decides what is trusted. */
const GITHUB = Buffer.from('GitHub, Inc.');

export interface TufRepositories {
  readonly publicGood: ReadTarget;
  readonly github: ReadTarget;
}

/** Each root is read when it is first needed. */
export function trustFromTuf({ publicGood, github }: TufRepositories): TrustStore {
  let own: Promise<Trust> | undefined;
  let other: Promise<Trust> | undefined;
  const all = async (): Promise<readonly Trust[]> => [await (own ??= readTrust(publicGood))];
  return {
    all,
    async issuersOf(certificate) {
      const known = issuersAmong(await all(), certificate);
      if (!certificate.issuer.includes(GITHUB)) return { known };
      refusePublic(certificate);
      const load = async (): Promise<readonly Trust[]> =>
        issuersAmong([await (other ??= readTrust(github))], certificate);
      return { known, other: load };
    },
  };
}

/** A tenant of ghe.com has its own targets in GitHub's repository, with its trust domain as prefix. */
export function targetsOfTenant(read: ReadTarget, trustDomain: () => Promise<string>): ReadTarget {
  return async (name) => read(`${await trustDomain()}.${name}`);
}

/** Only GitHub's instance, for signing there: the public-good root is not read. */
export function trustOfGitHub({ github }: TufRepositories): TrustStore {
  let own: Promise<Trust> | undefined;
  const all = async (): Promise<readonly Trust[]> => [await (own ??= readTrust(github))];
  return {
    all,
    async issuersOf(certificate) {
      refusePublic(certificate);
      return { known: issuersAmong(await all(), certificate) };
    },
  };
}

/** GitHub signs with its own instance only for private repositories, and has no log that could show that a signature for a public one is missing. */
function refusePublic(certificate: X509Certificate): void {
  if (claimOf(certificate, 'sourceRepositoryVisibility') !== 'public') return;
  throw new Refusal(
    'CERTIFICATE',
    'source repository visibility',
    'private or internal, because the Sigstore instance of GitHub has no public log',
    'public',
  );
}

async function readTrust(readTarget: ReadTarget): Promise<Trust> {
  const text = await readTarget(TARGET);
  try {
    return trustOf(parseJson(text), { kind: 'tuf' });
  } catch (error) {
    throw new ActionError('service', 'SERVICE_TRUST', {
      message: `Cannot use the trusted root from TUF: ${messageOf(error)}`,
      remedy:
        'run the job again with a newer version of Countersign, or set "trusted-root" to a file',
    });
  }
}
