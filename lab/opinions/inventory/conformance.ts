// The cases of sigstore-conformance: those ending in "_fail" must be rejected, all others must verify.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ANY_REFUSAL, type Question } from '../question.ts';

const IDENTITY =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

export function conformanceCases(vectors: string): readonly Question[] {
  const suite = join(vectors, 'conformance-bundle-verify');
  const cases = readdirSync(suite, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return cases.map(({ name }): Question => {
    const own = (file: string, otherwise: string): string =>
      existsSync(join(suite, name, file)) ? join(suite, name, file) : otherwise;
    const word = (file: string, otherwise: string): string =>
      existsSync(join(suite, name, file))
        ? readFileSync(join(suite, name, file), 'utf8').trim()
        : otherwise;
    const key = own('key.pub', '');
    return {
      name: `conformance/${name}`,
      collection: 'vectors of others',
      bundle: join(suite, name, 'bundle.sigstore.json'),
      signer: key
        ? { kind: 'key', path: key }
        : {
            kind: 'identity',
            identity: word('identity', IDENTITY),
            issuer: word('issuer', ISSUER),
          },
      trustedRoot: own('trusted_root.json', join(vectors, 'trusted-roots/prod-trusted_root.json')),
      artifact: { path: own('artifact', join(suite, 'a.txt')) },
      refusal: name.endsWith('_fail') ? ANY_REFUSAL : undefined,
    };
  });
}
