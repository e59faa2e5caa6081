// The trusted root and the signing configurations that describe the running services to a client.
import type { Fulcio } from './fulcio.ts';
import type { TransparencyLog } from './log.ts';
import type { TimestampAuthority } from './tsa.ts';

export interface Deployment {
  readonly organization: string;
  readonly fulcio: { readonly url: string; readonly service: Fulcio };
  readonly rekorV1: { readonly url: string; readonly log: TransparencyLog };
  readonly rekorV2: { readonly url: string; readonly log: TransparencyLog };
  readonly tsa: { readonly url: string; readonly service: TimestampAuthority };
  readonly oidc: string;
}

export type SigningConfigKind = 'rekor1' | 'rekor2' | 'both' | 'timestamp-only';

export interface Trust {
  readonly trustedRoot: object;
  readonly signingConfigs: Readonly<Record<SigningConfigKind, object>>;
}

const validFor = { start: new Date(Date.now() - 30 * 24 * 3600 * 1000).toISOString() };

export function describeTrust(deployment: Deployment): Trust {
  return { trustedRoot: trustedRoot(deployment), signingConfigs: signingConfigs(deployment) };
}

function trustedRoot({ organization, fulcio, rekorV1, rekorV2, tsa }: Deployment): object {
  const ctLog = { id: fulcio.service.ctLog.id, publicKey: fulcio.service.ctLog.publicKey };
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      describeLog(rekorV1.url, rekorV1.log, 'PKIX_ECDSA_P256_SHA_256'),
      describeLog(rekorV2.url, rekorV2.log, 'PKIX_ED25519'),
    ],
    certificateAuthorities: [
      describeAuthority(organization, 'sigstore', fulcio.url, fulcio.service.chain),
    ],
    ctlogs: [describeLog(`${fulcio.url}/ct`, ctLog, 'PKIX_ECDSA_P256_SHA_256')],
    timestampAuthorities: [
      describeAuthority(organization, 'sigstore-tsa', tsa.url, tsa.service.chain),
    ],
  };
}

function signingConfigs({
  fulcio,
  rekorV1,
  rekorV2,
  tsa,
  oidc,
}: Deployment): Trust['signingConfigs'] {
  const service = (url: string, majorApiVersion: number): object => ({
    url,
    majorApiVersion,
    validFor,
    operator: 'embedded',
  });
  const withLogs = (...logs: object[]): object => ({
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service(fulcio.url, 1)],
    oidcUrls: [service(oidc, 1)],
    ...(logs.length > 0 && { rekorTlogUrls: logs, rekorTlogConfig: { selector: 'ANY' } }),
    tsaUrls: [service(`${tsa.url}/api/v1/timestamp`, 1)],
    tsaConfig: { selector: 'ANY' },
  });
  const first = service(rekorV1.url, 1);
  const second = service(rekorV2.url, 2);
  return {
    rekor1: withLogs(first),
    rekor2: withLogs(second),
    both: withLogs(second, first),
    'timestamp-only': withLogs(),
  };
}

function describeLog(
  baseUrl: string,
  { id, publicKey }: { id: Buffer; publicKey: Buffer },
  keyDetails: string,
): object {
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: publicKey.toString('base64'), keyDetails, validFor },
    logId: { keyId: id.toString('base64') },
  };
}

function describeAuthority(
  organization: string,
  commonName: string,
  uri: string,
  chain: readonly Buffer[],
): object {
  return {
    subject: { organization, commonName },
    uri,
    certChain: { certificates: chain.map((der) => ({ rawBytes: der.toString('base64') })) },
    validFor,
  };
}
