// Bundles signed with keys of every kind, logged if a log accepts the kind, otherwise only timestamped.
import { holderOf, type Kind, KINDS, pemOf } from '../../bundles/keys.ts';
import type { Parts } from '../../bundles/compose.ts';
import { type Draft, good } from '../draft.ts';
import type { LogKind } from '../../bundles/clients/propose.ts';
import type { Workshop } from '../workshop.ts';

/** Rekor v1 hashes with SHA-256 for dsse 0.0.1, Rekor v2 with the key's hash; neither accepts RSA-PSS. */
const LOGS: Readonly<Record<string, LogKind>> = {
  'ECDSA P-256': 'Rekor v2 hashedrekord 0.0.2',
  'ECDSA P-384 with SHA-256': 'Rekor v1 dsse 0.0.1',
  'ECDSA P-384 with SHA-384': 'Rekor v2 hashedrekord 0.0.2',
  'ECDSA P-521 with SHA-256': 'Rekor v1 dsse 0.0.1',
  'ECDSA P-521 with SHA-512': 'Rekor v2 hashedrekord 0.0.2',
  Ed25519: 'Rekor v1 dsse 0.0.1',
  'RSA PKCS#1 v1.5': 'Rekor v2 hashedrekord 0.0.2',
};

export async function keys({ sign, of }: Workshop): Promise<readonly Draft[]> {
  const signed = async (kind: Kind, parts: Partial<Parts>): Promise<ReturnType<typeof of>> =>
    of(await sign({ by: holderOf(kind), ...parts }), { keys: pemOf(kind.pair) });
  const [plain, , other] = KINDS;
  const ofEachKind = KINDS.map(async (kind) => {
    const log = LOGS[kind.name];
    const name = `key-${kind.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
    return log
      ? good(
          name,
          `Signed with a key, ${kind.name}, and logged as ${log}`,
          await signed(kind, { logs: [log], timestamp: 'none' }),
        )
      : good(
          name,
          `Signed with a key, ${kind.name}, which no log takes, and timestamped`,
          await signed(kind, { logs: [] }),
        );
  });
  return [
    ...(await Promise.all(ofEachKind)),
    good(
      'key-timestamp',
      'Signed with a key, with a timestamp and no log entry',
      await signed(plain, { logs: [] }),
    ),
    good('key-of-two', 'Signed with the second of two trusted keys', {
      ...(await signed(plain, {})),
      keys: `${pemOf(other.pair)}${pemOf(plain.pair)}`,
    }),
    good(
      'key-unseen',
      'Signed with a key, without a log entry or timestamp, which the policy ignores',
      {
        ...(await signed(plain, { logs: [], timestamp: 'none' })),
        witness: 'insecure-ignored',
      },
    ),
  ];
}
