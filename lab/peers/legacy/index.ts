// The writers and readers of the tables for cosign v2's tags and for keys, in their order.
import { containersPolicy } from './containers-policy.ts';
import { countersignIn } from './countersign.ts';
import { type LegacyReader, readers } from './readers.ts';
import { cosignV2, type LegacyWriter } from './writer.ts';

export const legacyWriters: readonly LegacyWriter[] = [
  cosignV2,
  countersignIn('legacy'),
  countersignIn('bundle'),
  countersignIn('bundle\nlegacy'),
];

export const legacyReaders: readonly LegacyReader[] = [...readers, containersPolicy];
