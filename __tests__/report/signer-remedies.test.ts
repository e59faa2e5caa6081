// What to change to accept a rejected signer: the input, or the exact line.
import { expect, test } from '@jest/globals';

import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Finding } from '../../src/model/rejection.ts';
import { remedyForSigner } from '../../src/report/signer-remedies.ts';
import { ISSUER, SAN, verifiedBundle } from '../../lab/bundles/evidence.ts';

const FILE = 'github.com/acme/app/.github/workflows/release.yml';
const MAIN = `https://${FILE}@refs/heads/main`;
const CALLED = 'github.com/acme/ci/.github/workflows/build.yml';

function finding(rule: string, expected: string, found: string): Finding {
  return { rule, expected, found };
}

test.each<[string, NonEmpty<Finding>, string]>([
  [
    'a pull request',
    [finding('event', 'anything but pull_request and pull_request_target', 'pull_request')],
    'if runs on "pull_request" are allowed to sign this image, add "pull_request" to "event"',
  ],
  [
    'provenance that contradicts its certificate',
    [
      finding('provenance-run', 'https://github.com/acme/app/actions/runs/1/attempts/1', 'another'),
      finding('event', 'push', 'schedule'),
    ],
    'if that build is yours, sign its provenance in the run that builds the image',
  ],
  [
    'another ref of the source',
    [finding('source-ref', 'refs/tags/v*', 'refs/heads/main')],
    'if builds of "refs/heads/main" are allowed to be deployed, add "refs/heads/main" to "source-ref"',
  ],
  [
    'another ref of the workflow',
    [finding('signer-workflow', MAIN, `https://${FILE}@refs/tags/v1`)],
    `if it is allowed to sign at that ref, add "${FILE}@refs/tags/v1" to "signer-workflow", or remove the ref there and restrict refs with "source-ref"`,
  ],
  [
    'a workflow of another repository',
    [finding('signer-workflow', 'https://github.com/acme/app/*', `https://${CALLED}@refs/tags/v1`)],
    `if that workflow is allowed to sign, add "signer-workflow: ${CALLED}"`,
  ],
  [
    'a repository that was deleted and created again',
    [finding('repository-id', '1', '2')],
    'if the repository was deleted and created again under the same name, set "repository" to the name with its new id "#2"',
  ],
  [
    'an account that was deleted and created again',
    [finding('owner-id', '1', '2')],
    'if the account was deleted and created again under the same name, set "owner" to the name with its new id "#2"',
  ],
  [
    'another workflow',
    [finding('signer-workflow', MAIN, `https://${CALLED}@refs/heads/main`)],
    'if the signer that was found is the right one, change "signer-workflow"',
  ],
  [
    'an email address',
    [finding('signer-workflow', 'https://github.com/acme/app/*', 'dev@acme.example')],
    'if the signer that was found is the right one, change "signer-workflow"',
  ],
  [
    'a certificate without the required fact',
    [finding('event', 'push', 'not in the certificate')],
    'if the signer that was found is the right one, change "event"',
  ],
  [
    'another repository, with a workflow in it',
    [
      finding('repository', 'https://github.com/acme/app', 'https://github.com/acme/db'),
      finding('signer-workflow', 'https://github.com/acme/app/*', `https://${CALLED}@refs/tags/v1`),
    ],
    'if the signer that was found is the right one, change "repository"',
  ],
  [
    'several differences at once',
    [
      finding('repository-id', '1', '2'),
      finding('owner-id', '1', '2'),
      finding('event', 'push', 'schedule'),
    ],
    'if the signer that was found is the right one, change "repository", "owner", "event"',
  ],
  [
    'another issuer',
    [finding('issuer', 'a', 'b'), finding('repository', 'a', 'not in the certificate')],
    `if that signer is allowed to sign, set "certificate-identity: ${SAN}" and "certificate-oidc-issuer: ${ISSUER}"`,
  ],
])('suggests how to accept %s', (_, findings, change) =>
  expect(remedyForSigner(findings, verifiedBundle().signer)).toBe(
    `${change}; otherwise do not deploy this image`,
  ),
);
