// The trusted root of a GitHub server: https://docs.github.com/rest/meta/meta, `domains.artifact_attestations.trust_domain`.
import { ActionError } from '../errors.ts';
import { describeStatus } from '../http/status.ts';
import type { Transport } from '../http/message.ts';
import { isRecord, parseJson } from '../text/json.ts';
import { githubApi } from './api.ts';

/** Part of the name of a file. */
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?$/i;

/** The trust domain of a tenant of ghe.com. */
export async function trustDomainAt(
  apiUrl: string,
  token: string | undefined,
  transport: Transport,
): Promise<string> {
  const answer = await githubApi(apiUrl, token, transport).get('/meta', {});
  const meta = answer.status === 200 ? parseJson(answer.body.toString()) : undefined;
  const domains = isRecord(meta) ? meta['domains'] : undefined;
  const attestations = isRecord(domains) ? domains['artifact_attestations'] : undefined;
  const domain = isRecord(attestations) ? attestations['trust_domain'] : undefined;
  if (typeof domain === 'string' && DOMAIN.test(domain)) return domain;
  const state = answer.status === 200 ? '200 without a trust domain' : describeStatus(answer);
  throw new ActionError('service', 'SERVICE_TRUST', {
    message: `Cannot find the trusted root of ${answer.url.host}: GET /meta answered ${state}`,
    remedy:
      'run the job again, or set "trusted-root" to the output of "gh attestation trusted-root"',
  });
}
