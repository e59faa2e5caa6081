// Valid bundles of every kind, each with two verifiers that accept it: ours, and `@sigstore/verify` as its simplest caller uses it.
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { toBytes } from '../bundles/bundle-json.ts';
import type { Instance } from '../bundles/instance.ts';
import { holderOf, newKind, pemOf } from '../bundles/keys.ts';
import { makeBundle } from '../bundles/signing.ts';
import { DIGEST, statementAbout } from '../bundles/statement.ts';
import { parsePublicKeys } from '../../src/keys/public-key.ts';
import type { Digest } from '../../src/model/digest.ts';
import { isProblem } from '../../src/text/parsed.ts';
import { trustFromFile } from '../../src/sigstore/trust/trust-file.ts';
import { byCertificates, byKeys } from '../../src/sigstore/verify/trusted.ts';
import { createVerifier, type Verify } from '../../src/sigstore/verify/verifier.ts';
import { areOthersHere, othersVectors } from '../vectors/of-others.ts';
import { sbom } from './sbom.ts';

export interface Kind {
  readonly name: string;
  readonly ours: () => Promise<void>;
  readonly plain: () => void;
}

const MEGABYTES = 5;
const KUBEWARDEN = 'oci-bundles/kubewarden-controller-v1.34.0-cosign-sign.sigstore.json';

export async function makeKinds(instance: Instance): Promise<readonly Kind[]> {
  const root = instance.trust.trustedRoot;
  const plain = await plainVerifier(root);
  const keyless = async (name: string, making: Parameters<typeof makeBundle>[1]): Promise<Kind> => {
    const json = toBytes(await makeBundle(instance, making));
    return { name, ...pair(json, DIGEST, instance.verify, plain) };
  };
  return [
    await keyless('keyless, Rekor v1', { logs: ['Rekor v1 dsse 0.0.1'] }),
    await keyless('keyless, Rekor v2', {}),
    await keyless(`keyless, Rekor v2, an SBOM of ${MEGABYTES} MB`, {
      payload: statementAbout(DIGEST, {
        predicateType: 'https://spdx.dev/Document',
        predicate: sbom(MEGABYTES),
      }),
    }),
    await withKey(instance),
    ...(await fromProduction()),
  ];
}

async function withKey(instance: Instance): Promise<Kind> {
  const by = holderOf(newKind());
  const bundle = await makeBundle(instance, {
    by,
    logs: ['Rekor v1 dsse 0.0.1'],
    timestamp: 'none',
  });
  const keys = parsePublicKeys(pemOf(by), 'key');
  if (isProblem(keys)) throw new Error(keys.problem);
  const seen = await trustFromFile(instance.trust.trustedRoot);
  const verify = createVerifier(byKeys(keys.value, seen));
  return {
    name: 'with a key, Rekor v1',
    ...pair(
      toBytes(bundle),
      DIGEST,
      verify,
      await plainVerifier(instance.trust.trustedRoot, by.publicKey),
    ),
  };
}

async function fromProduction(): Promise<readonly Kind[]> {
  if (!areOthersHere) return [];
  const root = join(othersVectors, 'trusted-roots/prod-trusted_root.json');
  const json = await readFile(join(othersVectors, KUBEWARDEN));
  return [
    {
      name: 'production: kubewarden, cosign v3',
      ...pair(
        json,
        digestIn(json),
        createVerifier(byCertificates(await trustFromFile(root))),
        await plainVerifier(root),
      ),
    },
  ];
}

function pair(
  json: Buffer,
  digest: Digest,
  verify: Verify,
  plain: (json: Buffer) => void,
): Pick<Kind, 'ours' | 'plain'> {
  return {
    ours: async () => {
      const checked = await verify({ source: 'registry', place: 'bench', json }, digest);
      if ('rejected' in checked)
        throw new Error(`${checked.rejected.code}: ${checked.rejected.finding.found}`);
    },
    plain: () => plain(json),
  };
}

/** From bytes to the engine's result, as in its README: trust material and verifier are created once. */
async function plainVerifier(
  trustedRoot: string,
  key?: KeyObject,
): Promise<(json: Buffer) => void> {
  const root = TrustedRoot.fromJSON(JSON.parse(await readFile(trustedRoot, 'utf8')));
  const verifier = key
    ? new Verifier(
        toTrustMaterial(root, () => ({ publicKey: key, validFor: () => true })),
        { ctlogThreshold: 0, tlogThreshold: 1, timestampThreshold: 1 },
      )
    : new Verifier(toTrustMaterial(root));
  return (json) =>
    void verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(json.toString()))));
}

function digestIn(json: Buffer): Digest {
  const { dsseEnvelope } = JSON.parse(json.toString()) as { dsseEnvelope: { payload: string } };
  const { subject } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as {
    subject: { digest: { sha256: string } }[];
  };
  return `sha256:${subject[0]?.digest.sha256 ?? ''}`;
}
