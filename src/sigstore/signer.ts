// Signs statements keylessly: identity token, Fulcio certificate, DSSE, transparency log beside timestamp, bundle v0.3.
import { bundleToJSON } from '@sigstore/bundle';
import {
  DSSEBundleBuilder,
  InternalError,
  RekorWitness,
  TSAWitness,
  type Witness,
} from '@sigstore/sign';
import { ActionError, codeOf } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import type { SignedBundle } from '../model/bundle.ts';
import type { NonEmpty } from '../model/parsed.ts';
import { PAYLOAD_TYPE, serializeStatement, type Statement } from '../model/statement.ts';
import type { Subject } from '../model/subject.ts';
import { certificateSigner } from './certificate-signer.ts';
import { type NetworkOptions, networkOptions } from './network.ts';
import { rekorV2Witness } from './rekor-v2.ts';
import type { SigningServices } from './signing-config.ts';

export interface Signer {
  sign(statement: Statement, subjects: NonEmpty<Subject>): Promise<SignedBundle>;
}

/** Gets the certificate; everything that is signed afterwards shares it, its key and the token. */
export async function openSigner({
  token,
  services,
  retryTimeout,
  transport,
}: {
  readonly token: string;
  readonly services: SigningServices;
  readonly retryTimeout: number;
  readonly transport: Transport;
}): Promise<Signer> {
  const network = networkOptions(retryTimeout);
  const signer = certificateSigner(services.fulcio, token, network);
  await signer.ready().catch((error: unknown) => {
    throw explained(error, services);
  });
  const builder = new DSSEBundleBuilder({
    signer,
    witnesses: witnesses(services, network, transport),
  });
  return {
    async sign(statement, subjects) {
      try {
        const bundle = await builder.create({
          data: serializeStatement(statement),
          type: PAYLOAD_TYPE,
        });
        return {
          subjects,
          predicateType: statement.predicateType,
          json: Buffer.from(JSON.stringify(bundleToJSON(bundle))),
        };
      } catch (error) {
        throw explained(error, services);
      }
    },
  };
}

function witnesses(
  { logs, timestampAuthorities }: SigningServices,
  network: NetworkOptions,
  transport: Transport,
): Witness[] {
  return [
    ...logs.map(({ url, version }) =>
      version === 2
        ? rekorV2Witness(url, transport)
        : new RekorWitness({
            rekorBaseURL: url,
            majorApiVersion: 1,
            entryType: 'dsse',
            ...network,
          }),
    ),
    ...timestampAuthorities.map((url) => new TSAWitness({ tsaBaseURL: url, ...network })),
  ];
}

/** The library's errors hide the cause and may quote the identity token, so their text is not passed on. */
function explained(
  error: unknown,
  { fulcio, logs, timestampAuthorities }: SigningServices,
): unknown {
  if (!(error instanceof InternalError)) return error;
  const [action, address] = actionOf(error.code, {
    fulcio,
    log: logs[0]?.url ?? '',
    authority: timestampAuthorities[0] ?? '',
  });
  const cause: unknown = error.cause;
  const status =
    Error.isError(cause) && 'statusCode' in cause ? Number(cause.statusCode) : undefined;
  const reason = codeOf(cause) ?? (Error.isError(cause) ? cause.name : 'no answer');
  const message = `Cannot ${action}: ${address} answered ${status ?? reason}`;
  if (status === undefined || status === 429 || status >= 500) {
    return new ActionError('service', 'SERVICE_UNREACHABLE', {
      message,
      remedy: `run the job again, or raise "retry-timeout"; see https://status.sigstore.dev if ${new URL(address).host} is the public service`,
    });
  }
  return error.code === 'CA_CREATE_SIGNING_CERTIFICATE_ERROR'
    ? new ActionError('permission', 'PERMISSION_SIGNER', {
        message,
        remedy:
          'check that this Fulcio accepts tokens of the issuer of this server; for GitHub Enterprise Server use a signing configuration of your own with "sigstore"',
      })
    : new ActionError('service', 'SERVICE_REFUSED', {
        message,
        remedy: `check the signing configuration: ${address} does not take what it was sent`,
      });
}

function actionOf(
  code: string,
  { fulcio, log, authority }: { fulcio: string; log: string; authority: string },
): readonly [string, string] {
  if (code.startsWith('TLOG')) return ['log the signature', log];
  if (code.startsWith('TSA')) return ['get a timestamp', authority];
  return ['get a signing certificate', fulcio];
}
