// Measures the work that DER causes in the engine's reader, before it is read: a few hundred bytes can keep the reader busy for years.
import type { Bundle } from '@sigstore/bundle';
import { Refusal } from './refusal.ts';

/** For all certificates and timestamps of a bundle: a certificate of Fulcio needs about 300, a timestamp with its chain about 500. */
const OBJECTS = 10_000;
/** The maximum depth of the reader. */
const DEEPEST = 100;
const OCTET_STRING = 0x04;
const CONSTRUCTED = 0x20;

export function checkWork({ verificationMaterial }: Bundle): void {
  checkWorkOf(dersIn(verificationMaterial));
}

/**
 * The reader of `@sigstore/core` tries to parse the content of every octet string as objects, which may reach beyond the string into the following bytes,
 * where they are parsed once more, and so on. This code performs and counts the same steps without storing anything.
 */
export function checkWorkOf(ders: readonly Uint8Array[]): void {
  let objects = 0;
  const endOf = (der: Uint8Array, at: number, depth: number): number | undefined => {
    if (++objects > OBJECTS)
      throw new Refusal(
        'BUNDLE_MALFORMED',
        'certificates and timestamps',
        `at most ${OBJECTS} objects of ASN.1`,
        'more',
      );
    const { start, end } = extentOf(der, at);
    if (depth > DEEPEST || end > der.length) return undefined;
    const tag = der[at] ?? 0;
    const isConstructed = (tag & CONSTRUCTED) !== 0;
    if (!isConstructed && tag !== OCTET_STRING) return end;
    let next: number | undefined = start;
    while (next !== undefined && next < end) next = endOf(der, next, depth + 1);
    return next === end || !isConstructed ? end : undefined;
  };
  for (const der of ders) endOf(der, 0, 0);
}

function dersIn({
  content,
  timestampVerificationData,
}: Bundle['verificationMaterial']): readonly Uint8Array[] {
  return [
    ...certificatesIn(content).map(({ rawBytes }) => rawBytes),
    ...(timestampVerificationData?.rfc3161Timestamps ?? []).map(
      ({ signedTimestamp }) => signedTimestamp,
    ),
  ];
}

function certificatesIn(
  content: Bundle['verificationMaterial']['content'],
): readonly { readonly rawBytes: Uint8Array }[] {
  if (content.$case === 'certificate') return [content.certificate];
  if (content.$case === 'x509CertificateChain') return content.x509CertificateChain.certificates;
  return [];
}

function extentOf(der: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const length = der[at + 1] ?? 0xff;
  const start = at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  return {
    start,
    end:
      start +
      (length < 0x80
        ? length
        : der.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)),
  };
}
