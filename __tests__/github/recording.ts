// Records a bundle in the store of the fixture, and counts the requests for that.
import type { Recorded } from '../../src/github/attestations.ts';
import { bundleAbout } from './bundle.ts';
import { digest, github, storeAt } from './github-fixture.ts';

export interface Circumstances {
  readonly apiUrl?: string;
  readonly token?: string;
  readonly retryTimeout?: number;
}

export const record = ({
  apiUrl = github.url,
  token = 'ghs_writer',
  retryTimeout = 0,
}: Circumstances = {}): Promise<Recorded> =>
  storeAt(apiUrl, token, retryTimeout).record(
    'acme/app',
    digest,
    Buffer.from(JSON.stringify(bundleAbout(digest))),
  );

/** `METHOD first part of the path`, oldest first. */
export const asked = async (): Promise<readonly string[]> =>
  (await github.requests()).map(({ method, path }) => `${method} ${path.split('/')[1] ?? ''}`);

export const posts = async (): Promise<number> =>
  (await asked()).filter((request) => request === 'POST repos').length;
