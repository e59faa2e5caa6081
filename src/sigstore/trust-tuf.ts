// Trusted roots through TUF: the public-good one always, GitHub's own when a certificate says that GitHub issued it.
import { ActionError, messageOf } from '../errors.ts';
import { parseJson } from '../model/parsed.ts';
import { issuersAmong, type Trust, type TrustStore, trustOf } from './trust.ts';
import type { ReadTarget } from './tuf.ts';

const TARGET = 'trusted_root.json';
/** The organisation in the name of GitHub's authorities; it only decides what is loaded, the chain decides what is believed. */
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
      const trusts = [...(await all())];
      if (certificate.issuer.includes(GITHUB)) trusts.push(await (other ??= readTrust(github)));
      return issuersAmong(trusts, certificate);
    },
  };
}

async function readTrust(readTarget: ReadTarget): Promise<Trust> {
  const text = await readTarget(TARGET);
  try {
    return trustOf(parseJson(text));
  } catch (error) {
    throw new ActionError('service', 'SERVICE_TRUST', {
      message: `Cannot use the trusted root that came through TUF: ${messageOf(error)}`,
      remedy:
        'run the job again with a newer version of Countersign, or pass a file with "trusted-root"',
    });
  }
}
