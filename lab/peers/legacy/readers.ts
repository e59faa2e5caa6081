// The readers for cosign v2: Countersign, cosign v2 and cosign v3.
import type { Image } from '../image.ts';
import { ask } from '../readers/answer.ts';
import { answerTo, countersign } from '../readers/countersign.ts';
import type { Answer } from '../readers/reader.ts';
import { identityOf, type Signer } from '../signer.ts';
import type { Stack } from '../../stack/stack.ts';
import type { TrustFiles } from '../../stack/trust.ts';
import type { ToolName } from '../../tools/tools.ts';

export type Authority =
  { readonly signer: Signer } | { readonly key: string; readonly log: 'demanded' | 'ignored' };

export interface LegacyExpectation {
  readonly image: Image;
  readonly authority: Authority;
  readonly trust: TrustFiles;
}

/** The differences of the evidence from the expectation. */
export type LegacyDifference =
  'workflow' | 'issuer' | 'root' | 'digest' | 'key' | 'unlogged' | 'name';

export interface LegacyReader {
  readonly name: string;
  readonly tool?: ToolName;
  /** Other differences are not checked. */
  readonly refusals: Readonly<Partial<Record<LegacyDifference, RegExp>>>;
  /** Absent for one that reads both. */
  readonly reads?: 'tags' | 'referrers';
  /** Why it does not support an identity. */
  readonly keysOnly?: string;
  readonly judge: (expectation: LegacyExpectation, stack: Stack) => Promise<Answer>;
}

/** Of layers, and of bundles, which are read by other code. Without a log entry next to the signature cosign searches for one in the log. */
const refusals = {
  workflow:
    /none of the expected identities matched|expected SAN value \S+release\.yml\S+, got \S+build\.yml/,
  issuer: /none of the expected identities matched|expected issuer value/,
  root: /rekor log public key not found|not enough verified log entries/,
  digest:
    /invalid or missing digest in claim|no matching subject digest found|artifact digest does not match any digest in statement/,
  key: /comparing public key PEMs|invalid signature|accepted signatures do not match threshold|transparency log certificate does not match/,
  unlogged: /searching log query|signature not found in transparency log/,
};

export const readers: readonly LegacyReader[] = [
  {
    name: 'Countersign',
    refusals: {
      workflow: /^rejected[^]*signer-workflow: expected \S+release\.yml.*, found \S+build\.yml/,
      issuer: /^rejected[^]*issuer: expected/,
      root: /^rejected[^]*(certificate: expected "issued by a trusted authority|transparency log: expected "an entry of a trusted log|timestamp: expected "from a trusted timestamp authority or log)/,
      digest: /^rejected[^]*subject: expected "sha256:/,
      key: /^rejected[^]*signature: expected "made with .*found "made with another key/,
      unlogged: /^rejected[^]*log entry or timestamp: expected "at least one", found "neither/,
    },
    judge: judgeWithCountersign,
  },
  cosignReader('cosign v2 verify', 'cosign-v2', ['verify']),
  {
    ...cosignReader('cosign v2 verify-attestation', 'cosign-v2', [
      'verify-attestation',
      '--type',
      'slsaprovenance1',
    ]),
    keysOnly: 'by an identity it takes a trusted root for bundles alone',
  },
  cosignReader('cosign v3 verify', 'cosign-v3', ['verify']),
  cosignReader('cosign v3 verify-attestation', 'cosign-v3', [
    'verify-attestation',
    '--type',
    'slsaprovenance1',
  ]),
];

function judgeWithCountersign(
  { image, authority, trust }: LegacyExpectation,
  stack: Stack,
): Promise<Answer> {
  if ('signer' in authority)
    return Promise.resolve(countersign.judge({ image, signer: authority.signer, trust }, stack));
  const inputs = {
    mode: 'verify',
    images: image.reference,
    key: authority.key,
    'insecure-ignore-tlog': String(authority.log === 'ignored'),
    require: 'signature\nprovenance',
    'trusted-root': trust.trustedRoot,
  };
  return answerTo(inputs, stack);
}

function cosignReader(name: string, tool: ToolName, command: readonly string[]): LegacyReader {
  return {
    name,
    tool,
    refusals,
    judge: ({ image, authority, trust }, stack) =>
      ask(stack, tool, [
        ...command,
        '--rekor-url',
        stack.endpoints.rekorV1,
        '--trusted-root',
        trust.trustedRoot,
        ...argsFor(authority),
        image.reference,
      ]),
  };
}

function argsFor(authority: Authority): readonly string[] {
  if ('key' in authority)
    return [
      '--key',
      authority.key,
      `--insecure-ignore-tlog=${String(authority.log === 'ignored')}`,
    ];
  return [
    '--certificate-identity',
    identityOf(authority.signer),
    '--certificate-oidc-issuer',
    authority.signer.issuer.url,
  ];
}
