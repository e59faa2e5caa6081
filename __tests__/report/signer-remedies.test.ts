// What a refused signer's user has to change: the input, and where it is plain, the very line.
import { expect, test } from '@jest/globals';

import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Finding } from '../../src/model/verdict.ts';
import { remedyForSigner } from '../../src/report/signer-remedies.ts';

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
    'if runs on "pull_request" may sign this image, name "pull_request" in "event"',
  ],
  [
    'another ref of the source',
    [finding('source-ref', 'refs/tags/v*', 'refs/heads/main')],
    'if builds of "refs/heads/main" may be deployed, name "refs/heads/main" in "source-ref"',
  ],
  [
    'another ref of the workflow',
    [finding('signer-workflow', MAIN, `https://${FILE}@refs/tags/v1`)],
    `if it may sign at that ref too, add "${FILE}@refs/tags/v1" to "signer-workflow", or leave the ref out there and name refs in "source-ref"`,
  ],
  [
    'a workflow from elsewhere',
    [finding('signer-workflow', 'https://github.com/acme/app/*', `https://${CALLED}@refs/tags/v1`)],
    `if that workflow may sign, add "signer-workflow: ${CALLED}"`,
  ],
  [
    'a repository made anew',
    [finding('repository-id', '1', '2')],
    'if the repository was made anew under its name, set "repository", which compares the name alone',
  ],
  [
    'another workflow',
    [finding('signer-workflow', MAIN, `https://${CALLED}@refs/heads/main`)],
    'if the signer that was found is the right one, change "signer-workflow"',
  ],
  [
    'somebody with an e-mail address',
    [finding('signer-workflow', 'https://github.com/acme/app/*', 'dev@acme.example')],
    'if the signer that was found is the right one, change "signer-workflow"',
  ],
  [
    'a certificate that does not say it',
    [finding('event', 'push', 'nothing in the certificate')],
    'if the signer that was found is the right one, change "event"',
  ],
  [
    'another repository, whose workflow lies below it',
    [
      finding('repository', 'https://github.com/acme/app', 'https://github.com/acme/db'),
      finding('signer-workflow', 'https://github.com/acme/app/*', `https://${CALLED}@refs/tags/v1`),
    ],
    'if the signer that was found is the right one, change "repository"',
  ],
  [
    'several at once',
    [
      finding('issuer', 'a', 'b'),
      finding('repository-id', '1', '2'),
      finding('owner-id', '1', '2'),
      finding('event', 'push', 'schedule'),
    ],
    'if the signer that was found is the right one, change "certificate-oidc-issuer", "repository", "event"',
  ],
])('%s', (_, findings, change) =>
  expect(remedyForSigner(findings)).toBe(`${change}; if not, do not deploy this image`),
);
