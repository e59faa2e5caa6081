// The command line of sigstore-conformance: https://github.com/sigstore/sigstore-conformance/blob/main/docs/cli_protocol.md
import { parseArgs } from 'node:util';
import { type Digest, isDigest } from '../../src/model/digest.ts';

export interface Arguments {
  readonly bundle: string;
  readonly signer: ExpectedSigner;
  /** Without it the root of the public-good instance comes from TUF. */
  readonly trustedRoot: string | undefined;
  readonly artifact: { readonly path: string } | { readonly digest: Digest };
}

export type ExpectedSigner =
  | { readonly kind: 'identity'; readonly identity: string; readonly issuer: string }
  | { readonly kind: 'key'; readonly path: string };

const OPTIONS = {
  bundle: { type: 'string' },
  'certificate-identity': { type: 'string' },
  'certificate-oidc-issuer': { type: 'string' },
  key: { type: 'string' },
  'trusted-root': { type: 'string' },
  staging: { type: 'boolean' },
} as const;

/** Throws the problem with them. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
  const [command, artifact, ...more] = positionals;
  if (command !== 'verify-bundle')
    throw new RangeError(
      `not supported: the command ${command ?? '(none)'}; only verify-bundle is`,
    );
  if (!values.bundle) throw new RangeError('--bundle is missing');
  if (!artifact || more.length > 0)
    throw new RangeError('one file or digest is expected after the options');
  const trustedRoot = values['trusted-root'];
  if (values.staging && trustedRoot === undefined)
    throw new RangeError('not supported: --staging without --trusted-root');
  return {
    bundle: values.bundle,
    signer: signerIn(values['certificate-identity'], values['certificate-oidc-issuer'], values.key),
    trustedRoot,
    artifact: artifactIn(artifact),
  };
}

function signerIn(
  identity: string | undefined,
  issuer: string | undefined,
  key: string | undefined,
): ExpectedSigner {
  if (key !== undefined && identity === undefined && issuer === undefined)
    return { kind: 'key', path: key };
  if (key === undefined && identity && issuer) return { kind: 'identity', identity, issuer };
  throw new RangeError(
    'either --certificate-identity with --certificate-oidc-issuer, or --key, is expected',
  );
}

function artifactIn(text: string): Arguments['artifact'] {
  if (!text.startsWith('sha256:')) return { path: text };
  if (!isDigest(text)) throw new RangeError(`"${text}" is not a digest`);
  return { digest: text };
}
