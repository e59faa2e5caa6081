// Trusted roots through TUF: the public-good one always, GitHub's own when a certificate says that GitHub issued it.
import type { X509Certificate } from '@sigstore/core';
import { ActionError, messageOf } from '../errors.ts';
import { issuersAmong, type Trust, type TrustFor, trustOf } from './trust.ts';
import type { ReadTarget } from './tuf.ts';

const TARGET = 'trusted_root.json';
/** The organisation in the name of GitHub's authorities; it only decides what is loaded, the chain decides what is believed. */
const GITHUB = Buffer.from('GitHub, Inc.');

export interface TufRepositories {
  readonly publicGood: ReadTarget;
  readonly github: ReadTarget;
}

/** The public-good root is read now, so that it is there when the first bundle is. */
export async function trustFromTuf({ publicGood, github }: TufRepositories): Promise<TrustFor> {
  const own = await readTrust(publicGood);
  let other: Promise<Trust> | undefined;
  return async (certificate: X509Certificate) => {
    const trusts = [own];
    if (certificate.issuer.includes(GITHUB)) trusts.push(await (other ??= readTrust(github)));
    return issuersAmong(trusts, certificate);
  };
}

async function readTrust(readTarget: ReadTarget): Promise<Trust> {
  const text = await readTarget(TARGET);
  try {
    return trustOf(JSON.parse(text));
  } catch (error) {
    throw new ActionError('service', 'SERVICE_TRUST', {
      message: `Cannot use the trusted root that came through TUF: ${messageOf(error)}`,
      remedy: 'run the job again with a newer version of Countersign, or pass a file with "trusted-root"',
    });
  }
}
