// The annotations of the layer that a bundle was made from: cosign specs/SIGNATURE_SPEC.md, the other way round.
import type { FoundBundle } from '../../src/model/found.ts';
import { isRecord, parseJson } from '../../src/text/json.ts';
import type { Json } from './mutate.ts';

export function annotationsOf({ json }: FoundBundle): { [key: string]: Json } {
  const bundle = parseJson(json.toString());
  const material = at(bundle, 'verificationMaterial');
  const entry = at(material, 'tlogEntries', '0');
  const certificate = text(material, 'x509CertificateChain', 'certificates', '0', 'rawBytes');
  const Payload = {
    body: text(entry, 'canonicalizedBody'),
    integratedTime: Number(text(entry, 'integratedTime')),
    logIndex: Number(text(entry, 'logIndex')),
    logID: Buffer.from(text(entry, 'logId', 'keyId'), 'base64').toString('hex'),
  };
  const SignedEntryTimestamp = text(entry, 'inclusionPromise', 'signedEntryTimestamp');
  const timestamp = text(
    material,
    'timestampVerificationData',
    'rfc3161Timestamps',
    '0',
    'signedTimestamp',
  );
  return {
    'dev.cosignproject.cosign/signature': text(bundle, 'messageSignature', 'signature'),
    'dev.sigstore.cosign/certificate': `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
    ...(entry === undefined
      ? {}
      : { 'dev.sigstore.cosign/bundle': JSON.stringify({ SignedEntryTimestamp, Payload }) }),
    ...(timestamp === ''
      ? {}
      : {
          'dev.sigstore.cosign/rfc3161timestamp': JSON.stringify({
            SignedRFC3161Timestamp: timestamp,
          }),
        }),
  };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, key) => {
    if (Array.isArray(inner)) return (inner as unknown[])[Number(key)];
    return isRecord(inner) ? inner[key] : undefined;
  }, value);
}

function text(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}
