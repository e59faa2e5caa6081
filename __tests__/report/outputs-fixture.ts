// Expected bundles in the outputs, and the parsed results.
import type { outputsOf } from '../../src/report/outputs.ts';
import { DIGEST, ISSUER, SAN } from '../../lab/bundles/evidence.ts';

export const NOTHING = { commands: [], resultsPath: '' };
export const IMAGE = `ghcr.io/acme/app@${DIGEST}`;

export const claims = {
  sourceRepositoryUri: 'https://github.com/acme/app',
  sourceRepositoryOwnerUri: 'https://github.com/acme',
  sourceRepositoryRef: 'refs/heads/main',
  sourceRepositoryDigest: '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60',
  runInvocationUri: 'https://github.com/acme/app/actions/runs/4242/attempts/1',
  buildTrigger: 'push',
};

export function bundle(
  predicateType: string,
  place: string,
  source: string,
  index: string,
): object {
  const times = [{ time: '2026-01-02T03:04:05.000Z', source: 'timestamp-authority' }];
  const workflow = {
    server: 'https://github.com',
    repository: 'acme/app',
    path: '.github/workflows/release.yml',
    ref: 'refs/heads/main',
  };
  const logEntries = [
    {
      log: 'https://rekor.sigstore.dev',
      index,
      link: `https://search.sigstore.dev/?logIndex=${index}`,
    },
  ];
  return {
    source,
    place,
    predicateType,
    identity: SAN,
    issuer: ISSUER,
    workflow,
    claims,
    times,
    logEntries,
  };
}

export function resultsOf(outputs: ReturnType<typeof outputsOf>): unknown {
  return JSON.parse(outputs['results'] ?? '');
}
