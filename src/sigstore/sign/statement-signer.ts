// Signs statements with a certificate for an identity token or with a key: DSSE, transparency log and timestamp, bundle v0.3.
import { bundleToJSON } from '@sigstore/bundle';
import type { Witness } from '@sigstore/sign';
// The package's main file would load clients that nothing here calls.
import { DSSEBundleBuilder } from '@sigstore/sign/dist/bundler/dsse.js';
import type { Transport } from '../../http/message.ts';
import type { SigningKey } from '../../keys/private-key.ts';
import { type SignedBundle, signedBundle } from '../../model/bundle.ts';
import type { NonEmpty } from '../../model/non-empty.ts';
import { PAYLOAD_TYPE, serializeStatement, type Statement } from '../../model/statement.ts';
import type { Subject } from '../../model/subject.ts';
import type { TokenHolder } from './fulcio.ts';
import { hashForLogs } from './key-algorithm.ts';
import { bareKey, certifiedKey, hintOf, type KeyHolder } from './key-holder.ts';
import { type LayerSigner, layerSigner } from './layer-signer.ts';
import { rekorV1Witness } from './rekor-v1.ts';
import { type LogIds, rekorV2Witness } from './rekor-v2.ts';
import { signLayers } from './sign-layers.ts';
import type { SigningServices } from './signing-config.ts';
import { unlessUnreadable } from './signing-service.ts';
import { timestampWitness } from './timestamp.ts';

export interface StatementSigner extends LayerSigner {
  sign(statement: Statement, subjects: NonEmpty<Subject>): Promise<SignedBundle>;
  /** In cosign v2's format. */
  signLayers(statement: Statement, subjects: NonEmpty<Subject>): Promise<NonEmpty<SignedBundle>>;
}

/** A certificate for the holder of a token, or a key. */
type Means = { readonly holder: TokenHolder } | { readonly key: SigningKey };

interface Services {
  readonly services: SigningServices;
  readonly logIds: LogIds;
  readonly transport: Transport;
}

/** Gets the certificate; all signatures share it, its key and the token. Throws `input` errors for a key that the logs do not accept. */
export async function openStatementSigner(options: Means & Services): Promise<StatementSigner> {
  const { services, transport } = options;
  const keyHolder =
    'key' in options
      ? bareKey(options.key)
      : await certifiedKey(services.fulcio, options.holder, transport);
  const makeBundle = bundleMaker(keyHolder, options);
  const layers = layerSigner(keyHolder, services, transport);
  return {
    ...layers,
    signLayers: (statement, subjects) => signLayers(layers, statement, subjects),
    async sign(statement, subjects) {
      const json = await unlessUnreadable(() => makeBundle(serializeStatement(statement)));
      return signedBundle({ subjects, predicateType: statement.predicateType, json });
    },
  };
}

function bundleMaker(holder: KeyHolder, options: Services): (data: Buffer) => Promise<Buffer> {
  const hash = hashForLogs(holder.publicKey, options.services.logs);
  const builder = new DSSEBundleBuilder({
    signer: {
      sign: (data) =>
        Promise.resolve({ signature: holder.sign(data, hash), key: keyMaterial(holder) }),
    },
    witnesses: witnesses(options),
  });
  return async (data) => {
    const bundle = await builder.create({ data, type: PAYLOAD_TYPE });
    const { content } = bundle.verificationMaterial;
    // The builder would also name the key in the envelope, which cosign does not do.
    if (content.$case === 'publicKey') content.publicKey.hint = hintOf(holder);
    return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
  };
}

function keyMaterial({
  verifier,
  certified,
}: KeyHolder): Awaited<ReturnType<DSSEBundleBuilder['signer']['sign']>>['key'] {
  return certified
    ? { $case: 'x509Certificate', certificate: verifier }
    : { $case: 'publicKey', publicKey: verifier };
}

function witnesses({ services, logIds, transport }: Services): Witness[] {
  return [
    ...services.logs.map(({ url, version }) =>
      version === 2 ? rekorV2Witness(url, logIds, transport) : rekorV1Witness(url, transport),
    ),
    ...services.timestampAuthorities.map((url) => timestampWitness(url, transport)),
  ];
}
