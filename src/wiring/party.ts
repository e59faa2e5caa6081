// The signer: the holder of the identity token or the key, on the instance that is selected for it.
import type { Environment } from '../action/environment.ts';
import { getIdentityToken } from '../action/identity-token.ts';
import { ActionError } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import type { OwnIdentity } from '../model/identity.ts';
import { needsToken, type SignRequest } from '../model/request.ts';
import { parseToken, type TokenClaims } from '../model/token.ts';
import type { SignServices } from '../sign.ts';
import type { TokenHolder } from '../sigstore/sign/fulcio.ts';
import type { SignedBy, SigningServices } from '../sigstore/sign/signing-config.ts';
import { openStatementSigner } from '../sigstore/sign/statement-signer.ts';
import { isProblem } from '../text/parsed.ts';
import { assertFormatsFit } from './formats.ts';
import type { SigningInstance } from './instance.ts';
import type { OwnKey } from './key-signing.ts';

interface Identifying {
  readonly identity: () => Promise<Identity | undefined>;
  readonly chosen: () => Promise<SigningInstance>;
  /** Undefined for a keyless step. */
  readonly key: OwnKey | undefined;
  readonly transport: Transport;
  /** URL of the GitHub server. */
  readonly server: string;
}

/** No request is sent to an instance before the token was read and the instance was selected. */
export function identifier(
  request: SignRequest,
  { identity, chosen, key, transport, server }: Identifying,
): SignServices['identify'] {
  return async () => {
    const { name, loadServices, trust } = await chosen();
    const logIds = async (): Promise<readonly Buffer[]> => {
      const trusts = await trust.all();
      return trusts.flatMap(({ material }) => material.tlogs.map(({ logID }) => logID));
    };
    const read = await identity();
    const means = key ? { key: key.pair } : holderOf(read);
    const services = await loadServices();
    assertFormatsFit(request, services, key);
    return {
      instance: name,
      publicKey: key?.publicPem,
      claims: read?.claims,
      own: key ? { key: key.trusted.fingerprint } : ownIdentity(read, server),
      services: addressesOf(services, key ? 'key' : 'certificate', request),
      openSigner: () => openStatementSigner({ ...means, services, logIds, transport }),
    };
  };
}

interface Identity {
  readonly token: string;
  readonly claims: TokenClaims;
}

/** One token for the step. */
export function identityReader(
  request: SignRequest,
  environment: Environment,
  transport: Transport,
): () => Promise<Identity | undefined> {
  let reading: Promise<Identity> | undefined;
  return async () =>
    needsToken(request) ? (reading ??= readToken(environment, transport)) : undefined;
}

async function readToken({ tokenService }: Environment, transport: Transport): Promise<Identity> {
  const token = await getIdentityToken(tokenService, transport);
  const claims = parseToken(token);
  if (!isProblem(claims)) return { token, claims: claims.value };
  throw new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot use the identity token: ${claims.problem}`,
    remedy: claims.remedy,
  });
}

/** The subject alternative name that Fulcio gives a workflow of GitHub: https://github.com/sigstore/fulcio/blob/main/docs/oidc.md */
function ownIdentity(identity: Identity | undefined, server: string): OwnIdentity {
  if (!identity) throw new RangeError('neither a key nor an identity token');
  const { claims } = identity;
  return {
    san: `${server}/${claims.job_workflow_ref}`,
    issuer: claims.iss,
    sourceDigest: claims.sha,
    event: claims.event_name,
  };
}

function addressesOf(
  { fulcio, logs, rekorV1, timestampAuthorities }: SigningServices,
  by: SignedBy,
  { stores }: SignRequest,
): readonly string[] {
  const addresses = [
    by === 'certificate' ? fulcio : undefined,
    ...logs.map(({ url }) => url),
    stores.includes('legacy') ? rekorV1 : undefined,
    ...timestampAuthorities,
  ];
  return [...new Set(addresses.filter((address) => address !== undefined))];
}

function holderOf(identity: Identity | undefined): { readonly holder: TokenHolder } {
  if (!identity) throw new RangeError('neither a key nor an identity token');
  return { holder: { token: identity.token, subject: identity.claims.sub } };
}
