// Records a bundle in GitHub's attestation store, as actions/attest does.
import type { BundleJson } from '../../lab/bundles/bundle-json.ts';
import { type Services, TOKEN } from './world.ts';

export async function record(
  { github }: Pick<Services, 'github'>,
  repository: string,
  bundle: BundleJson,
): Promise<void> {
  const response = await fetch(`${github.url}/repos/${repository}/attestations`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ bundle }),
  });
  if (!response.ok) throw new Error(`${response.status}`);
}
