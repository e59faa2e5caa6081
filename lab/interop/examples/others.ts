// What others have published before a gate runs: images without a signature, by workflows of other repositories, and by a vendor with a key.
import { type KeyPairKeyObjectResult } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { runAction } from '../../runner/run-action.ts';
import { pushImage } from '../../services/image.ts';
import { JOB_TOKEN, type Site } from './site.ts';

type Named = Readonly<Record<string, string>>;

const LOGIN = { username: 'octocat', password: JOB_TOKEN };
const REF = 'refs/tags/v1.0.0';

/** `repository:tag` on ghcr.io, with new content in every call. Returns its reference by digest. */
export async function push({ ghcr }: Site, image: string): Promise<string> {
  const [repository = '', tag = ''] = image.split(':');
  const content = `${image} ${performance.now()}`;
  const { digest } = await pushImage({ ...ghcr, ...LOGIN }, repository, { tag, content });
  return `${ghcr.host}/${repository}@${digest}`;
}

/** By a workflow of this repository, in one of the stores. */
export async function signAs(
  site: Site,
  image: string,
  repository: string,
  stores: 'registry' | 'github',
): Promise<void> {
  const owner = repository.replace(/\/.*/, '');
  const workflow = `${repository}/.github/workflows/publish.yml@${REF}`;
  const claims = {
    repository,
    repository_id: '7000007',
    repository_owner: owner,
    repository_owner_id: '8000008',
    ref: REF,
    workflow_ref: workflow,
    job_workflow_ref: workflow,
  };
  await site.oidc.set({ claims });
  const env = { GITHUB_REPOSITORY: repository, GITHUB_REPOSITORY_OWNER: owner, GITHUB_REF: REF };
  await sign(site, { images: image, stores }, env);
}

/** In the tags of cosign v2. */
export async function signWithKey(
  site: Site,
  image: string,
  { privateKey }: KeyPairKeyObjectResult,
): Promise<void> {
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await sign(site, { images: image, key, 'signature-format': 'legacy' });
}

async function sign({ oidc, github, trust }: Site, given: Named, env: Named = {}): Promise<void> {
  const inputs = {
    mode: 'sign',
    sigstore: trust.signingConfigs.rekor1,
    'trusted-root': trust.trustedRoot,
    'registry-username': LOGIN.username,
    'registry-password': LOGIN.password,
    ...given,
  };
  const job = { ...oidc.env, GITHUB_API_URL: github.url, ...env };
  const { exit, log, temp } = await runAction({
    entry: 'dist',
    token: JOB_TOKEN,
    inputs,
    env: job,
  });
  await rm(join(temp, '..'), { recursive: true });
  if (exit !== 0) throw new Error(`Countersign did not sign: ${log}`);
}
