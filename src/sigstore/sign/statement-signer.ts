// Signs statements keylessly: identity token, Fulcio certificate, DSSE, transparency log and timestamp in parallel, bundle v0.3.
import { bundleToJSON } from '@sigstore/bundle';
import type { Witness } from '@sigstore/sign';
// The package's main file would load clients that nothing here calls.
import { DSSEBundleBuilder } from '@sigstore/sign/dist/bundler/dsse.js';
import type { Transport } from '../../http/message.ts';
import { type SignedBundle, signedBundle } from '../../model/bundle.ts';
import type { NonEmpty } from '../../model/non-empty.ts';
import { PAYLOAD_TYPE, serializeStatement, type Statement } from '../../model/statement.ts';
import type { Subject } from '../../model/subject.ts';
import { certificateSigner } from './certificate-signer.ts';
import type { TokenHolder } from './fulcio.ts';
import { rekorV1Witness } from './rekor-v1.ts';
import { type LogIds, rekorV2Witness } from './rekor-v2.ts';
import type { SigningServices } from './signing-config.ts';
import { UnreadableEntry } from './signing-service.ts';
import { timestampWitness } from './timestamp.ts';

export interface StatementSigner {
  sign(statement: Statement, subjects: NonEmpty<Subject>): Promise<SignedBundle>;
}

interface Options {
  readonly holder: TokenHolder;
  readonly services: SigningServices;
  readonly logIds: LogIds;
  readonly transport: Transport;
}

/** Gets the certificate; everything that is signed afterwards shares it, its key and the token. */
export async function openStatementSigner(options: Options): Promise<StatementSigner> {
  const { holder, services, transport } = options;
  const builder = new DSSEBundleBuilder({
    signer: await certificateSigner(services.fulcio, holder, transport),
    witnesses: witnesses(options),
  });
  return {
    async sign(statement, subjects) {
      const artifact = { data: serializeStatement(statement), type: PAYLOAD_TYPE };
      const bundle = await builder.create(artifact).catch((error: unknown) => {
        // ECDSA signs with a new random number each time: what is signed afresh is another entry.
        if (error instanceof UnreadableEntry) return builder.create(artifact);
        throw error;
      });
      return signedBundle({
        subjects,
        predicateType: statement.predicateType,
        json: Buffer.from(JSON.stringify(bundleToJSON(bundle))),
      });
    },
  };
}

function witnesses({ services, logIds, transport }: Options): Witness[] {
  return [
    ...services.logs.map(({ url, version }) =>
      version === 2 ? rekorV2Witness(url, logIds, transport) : rekorV1Witness(url, transport),
    ),
    ...services.timestampAuthorities.map((url) => timestampWitness(url, transport)),
  ];
}
