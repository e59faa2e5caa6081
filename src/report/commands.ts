// Command lines of other tools that give the same verdict, ready to paste.
import type { StoredBundle, VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type SignerIdentity } from '../model/identity.ts';
import { formatRepository } from '../model/reference.ts';
import type { SignReport } from '../model/report.ts';
import { formatSubject } from '../model/subject.ts';
import { nameOfType } from '../model/types.ts';
import { isRecord, parseJson } from '../text/json.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';

type Signed = Pick<SignReport, 'bundles' | 'instance' | 'publicKey'>;

/** One line for each image and tool; `trustedRoot` is the file that the step verified with, undefined with TUF. */
export function verifyCommands(
  { bundles, instance, publicKey }: Signed,
  trustedRoot: string | undefined,
): readonly string[] {
  const options = rootOptions(instance, trustedRoot);
  const lines = bundles.flatMap(({ verified, stored, signed: { predicateType, json } }) => {
    const facts = { verified, predicateType, json, options, publicKey };
    return stored.filter(isOfImage).map((place) => lineFor(place, facts));
  });
  return [...new Set(lines)].filter((line) => line !== '');
}

/** Omitted for a manifest in the index of an image: its commands would be the same with another digest. */
function isOfImage({ subjects: [{ listedAs }] }: StoredBundle): boolean {
  return listedAs === undefined;
}

/** The flags that make cosign trust an instance; undefined if no line to paste can do that. */
function rootOptions(
  instance: SignReport['instance'],
  trustedRoot: string | undefined,
): string | undefined {
  if (trustedRoot === undefined) return instance === 'github' ? undefined : '';
  const root = ` --trusted-root ${quoted(trustedRoot)}`;
  // Its certificates are in no certificate transparency log.
  return instance === 'github' ? `${root} --insecure-ignore-sct` : root;
}

interface Facts {
  readonly verified: VerifiedBundle;
  readonly predicateType: string;
  readonly json: Buffer;
  readonly options: string | undefined;
  readonly publicKey: string | undefined;
}

function lineFor(place: StoredBundle, facts: Facts): string {
  const { verified, predicateType, json, options, publicKey } = facts;
  const { store, subjects, repository } = place;
  const image = formatSubject(subjects[0]);
  const isSignature = nameOfType(predicateType) === 'signature';
  // gh reads trusted roots only as JSON Lines, only the image's own repository, and no tags of cosign v2, so cosign is used for the others.
  const isForGh =
    !repository &&
    !publicKey &&
    store !== 'legacy' &&
    (options === undefined || (options === '' && !isSignature));
  if (isForGh) return ghLine(image, verified, store === 'registry' ? ' --bundle-from-oci' : '');
  if (store === 'github' || options === undefined) return '';
  const where = repository ? `COSIGN_REPOSITORY=${quoted(formatRepository(repository))} ` : '';
  const verb = isSignature ? 'verify' : `verify-attestation --type ${predicateType}`;
  const { variable, who } = signerOptions(verified, json, publicKey);
  return `${where}${variable}cosign ${verb}${options}${timeOptions(verified)} ${who} ${image}`;
}

function timeOptions({ logEntries }: VerifiedBundle): string {
  return logEntries.length > 0 ? '' : ' --use-signed-timestamps --insecure-ignore-tlog';
}

/** cosign reads a key from a variable, so the line needs no file. */
function signerOptions(
  { signer }: VerifiedBundle,
  json: Buffer,
  publicKey: string | undefined,
): { readonly variable: string; readonly who: string } {
  if (!isKeyHolder(signer))
    return {
      variable: '',
      who: `--certificate-identity ${quoted(signer.san)} --certificate-oidc-issuer ${quoted(signer.issuer)}`,
    };
  const lines = (publicKey ?? '').trim().split('\n').map(quoted).join(' ');
  return {
    variable: `COSIGN_PUBLIC_KEY="$(printf '%s\\n' ${lines})" `,
    who: `${hashOption(json)}--key env://COSIGN_PUBLIC_KEY`,
  };
}

/** cosign hashes with SHA-256 for every key, unlike Rekor v2, which records the hash of the key's algorithm. */
function hashOption(json: Buffer): string {
  const entries = logEntriesIn(json);
  const bodies = entries.map((entry) =>
    Buffer.from(String(entry['canonicalizedBody']), 'base64').toString(),
  );
  const [, bits] = /"algorithm":"SHA2_(384|512)"/.exec(bodies.join('\n')) ?? [];
  return bits === undefined ? '' : `--signature-digest-algorithm sha${bits} `;
}

function logEntriesIn(bundle: Buffer): readonly Readonly<Record<string, unknown>>[] {
  const json = parseJson(bundle.toString());
  const material = isRecord(json) ? json['verificationMaterial'] : undefined;
  const entries = isRecord(material) ? material['tlogEntries'] : undefined;
  return Array.isArray(entries) ? (entries as unknown[]).filter(isRecord) : [];
}

function ghLine(image: string, { signer, statement }: VerifiedBundle, from: string): string {
  if (isKeyHolder(signer)) return '';
  const source = new URL(signer.claims.sourceRepositoryUri ?? signer.san);
  const repository = source.pathname.split('/').slice(1, 3).join('/');
  const isReusable = !signer.san.startsWith(`${signer.claims.sourceRepositoryUri ?? ''}/`);
  const workflow = isReusable
    ? ` --signer-workflow ${quoted(signer.san.replace(/^https:\/\//, '').replace(/@.*$/, ''))}`
    : '';
  return `gh attestation verify oci://${image} --repo ${repository}${workflow}${serverOptions(source, signer)} --predicate-type ${quoted(statement.predicateType)}${from}`;
}

/** gh knows the issuer of github.com and of each tenant of ghe.com, but not that of an enterprise. */
function serverOptions({ hostname }: URL, { issuer }: SignerIdentity): string {
  if (hostname !== 'github.com') return ` --hostname ${quoted(hostname)}`;
  return issuer === ISSUER ? '' : ` --cert-oidc-issuer ${quoted(issuer)}`;
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
