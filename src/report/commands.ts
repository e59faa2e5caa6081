// Command lines of other tools that come to the same verdict, ready to paste.
import type { StoredBundle, VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder } from '../model/identity.ts';
import { formatRepository } from '../model/reference.ts';
import type { SignReport } from '../model/report.ts';
import { formatSubject } from '../model/subject.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';

/** One line for each image and tool; `trustedRoot` is the file of a private instance. */
export function verifyCommands(
  { bundles }: SignReport,
  trustedRoot: string | undefined,
): readonly string[] {
  const lines = bundles.flatMap(({ verified, stored, signed }) =>
    stored.filter(isOfImage).map(({ store, subjects: [subject], repository }) => {
      const image = formatSubject(subject);
      const where = repository ? `COSIGN_REPOSITORY=${quoted(formatRepository(repository))} ` : '';
      if (signed.predicateType === SIGNATURE_TYPE)
        return cosignLine(`${where}cosign verify`, image, verified, trustedRoot);
      // gh reads private roots as JSON Lines only and the image's own repository alone, so cosign is the tool for the others.
      if (trustedRoot !== undefined || repository)
        return store === 'registry'
          ? cosignLine(
              `${where}cosign verify-attestation --type ${signed.predicateType}`,
              image,
              verified,
              trustedRoot,
            )
          : '';
      return ghLine(image, verified, store === 'registry' ? ' --bundle-from-oci' : '');
    }),
  );
  return [...new Set(lines)].filter((line) => line !== '');
}

/** Not of a manifest that the index of an image lists: its commands would be the same with another digest. */
function isOfImage({ subjects: [{ listedAs }] }: StoredBundle): boolean {
  return listedAs === undefined;
}

function cosignLine(
  command: string,
  image: string,
  { signer }: VerifiedBundle,
  trustedRoot: string | undefined,
): string {
  if (isKeyHolder(signer)) return '';
  const root = trustedRoot === undefined ? '' : ` --trusted-root ${quoted(trustedRoot)}`;
  return `${command}${root} --certificate-identity ${quoted(signer.san)} --certificate-oidc-issuer ${quoted(signer.issuer)} ${image}`;
}

function ghLine(image: string, { signer, statement }: VerifiedBundle, from: string): string {
  if (isKeyHolder(signer)) return '';
  const repository = new URL(signer.claims.sourceRepositoryUri ?? signer.san).pathname
    .split('/')
    .slice(1, 3)
    .join('/');
  const isReusable = !signer.san.startsWith(`${signer.claims.sourceRepositoryUri ?? ''}/`);
  const workflow = isReusable
    ? ` --signer-workflow ${quoted(signer.san.replace(/^https:\/\//, '').replace(/@.*$/, ''))}`
    : '';
  return `gh attestation verify oci://${image} --repo ${repository}${workflow} --predicate-type ${statement.predicateType}${from}`;
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
