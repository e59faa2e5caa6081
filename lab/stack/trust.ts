// The trusted root of an instance, in the form that each client reads.
import { createHash, type KeyPairKeyObjectResult } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Authorities, CertificateAuthority } from './authorities.ts';

export interface Endpoints {
  readonly issuer: string;
  readonly fulcio: string;
  readonly ctLog: string;
  readonly rekorV2: string;
  readonly rekorV1: string;
  readonly timestamp: string;
}

export interface TrustFiles {
  readonly trustedRoot: string;
  /** gh: one trusted root per line. */
  readonly trustedRootLines: string;
  /** sigstore-python: trusted root and signing config in one. */
  readonly trustConfig: string;
  /** policy-controller: a Kubernetes TrustRoot with the name `loopback`. */
  readonly kubernetesTrustRoot: string;
  readonly signingConfigs: { readonly rekorV1: string; readonly rekorV2: string };
}

/** Logs sign their checkpoints with these names; clients expect the host of the log's URL in the trusted root. */
export const logNames = { rekorV2: 'rekor-v2.local', rekorV1: 'rekor-v1.local' };

const validFor = { start: '2024-01-01T00:00:00Z' };

export async function writeTrust(
  folder: string,
  authorities: Authorities,
  endpoints: Endpoints,
): Promise<TrustFiles> {
  await mkdir(folder, { recursive: true });
  const write = async (name: string, value: object): Promise<string> => {
    const file = join(folder, name);
    // gh ignores a last line without a line feed.
    await writeFile(file, `${JSON.stringify(value)}\n`);
    return file;
  };
  const trustedRoot = renderTrustedRoot(authorities, endpoints);
  const rekorV2 = renderSigningConfig(endpoints, [service(endpoints.rekorV2, 2)]);
  const rekorV1 = renderSigningConfig(endpoints, [service(endpoints.rekorV1)]);
  return {
    trustedRoot: await write('trusted_root.json', trustedRoot),
    trustedRootLines: await write('trusted_root.jsonl', trustedRoot),
    trustConfig: await write('trust_config.json', {
      mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
      trustedRoot,
      signingConfig: rekorV2,
    }),
    kubernetesTrustRoot: await write(
      'trust-root.yaml',
      renderKubernetesTrustRoot(authorities, endpoints),
    ),
    signingConfigs: {
      rekorV1: await write('signing_config.rekor-v1.json', rekorV1),
      rekorV2: await write('signing_config.rekor-v2.json', rekorV2),
    },
  };
}

function renderTrustedRoot(authorities: Authorities, endpoints: Endpoints): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      log(authorities.rekorV2, `http://${logNames.rekorV2}`),
      log(authorities.rekorV1, `http://${logNames.rekorV1}`),
    ],
    ctlogs: [log(authorities.ctLog, endpoints.ctLog)],
    certificateAuthorities: [certificateAuthority(authorities.fulcio, endpoints.fulcio)],
    timestampAuthorities: [certificateAuthority(authorities.timestamp, endpoints.timestamp)],
  };
}

function log({ publicKey }: KeyPairKeyObjectResult, baseUrl: string): object {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: spki.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor,
    },
    logId: { keyId: createHash('sha256').update(spki).digest('base64') },
  };
}

function certificateAuthority(
  { organization, commonName, chain }: CertificateAuthority,
  uri: string,
): object {
  const certificates = chain.map((pem) => ({ rawBytes: pem.replace(/-----[^-]+-----|\s/g, '') }));
  return { subject: { organization, commonName }, uri, certChain: { certificates }, validFor };
}

function renderSigningConfig(endpoints: Endpoints, rekorTlogUrls: readonly object[]): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service(endpoints.fulcio)],
    oidcUrls: [service(endpoints.issuer)],
    rekorTlogUrls,
    rekorTlogConfig: { selector: 'ANY' },
    tsaUrls: [service(`${endpoints.timestamp}/api/v1/timestamp`)],
    tsaConfig: { selector: 'ANY' },
  };
}

function service(url: string, majorApiVersion = 1): object {
  return { url, majorApiVersion, validFor, operator: 'loopback' };
}

function renderKubernetesTrustRoot(authorities: Authorities, endpoints: Endpoints): object {
  const authority = (
    { organization, commonName, chain }: CertificateAuthority,
    uri: string,
  ): object => ({
    subject: { organization, commonName },
    uri,
    certChain: base64(chain.join('')),
  });
  const transparencyLog = ({ publicKey }: KeyPairKeyObjectResult, baseURL: string): object => ({
    baseURL,
    hashAlgorithm: 'sha-256',
    publicKey: base64(publicKey.export({ type: 'spki', format: 'pem' })),
  });
  return {
    apiVersion: 'policy.sigstore.dev/v1alpha1',
    kind: 'TrustRoot',
    metadata: { name: 'loopback' },
    spec: {
      sigstoreKeys: {
        certificateAuthorities: [authority(authorities.fulcio, endpoints.fulcio)],
        timestampAuthorities: [authority(authorities.timestamp, endpoints.timestamp)],
        tLogs: [
          transparencyLog(authorities.rekorV2, `http://${logNames.rekorV2}`),
          transparencyLog(authorities.rekorV1, `http://${logNames.rekorV1}`),
        ],
        ctLogs: [transparencyLog(authorities.ctLog, endpoints.ctLog)],
      },
    },
  };
}

function base64(text: Buffer | string): string {
  return Buffer.from(text).toString('base64');
}
