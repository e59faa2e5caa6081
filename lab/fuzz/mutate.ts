// Changes a bundle in one to three places: bits, fields, elements, encodings, and parts of another bundle.
import { isDeepStrictEqual } from 'node:util';
import type { Chance } from './random.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A position in a document: the list or object that contains it, and the key. */
interface Place {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string;
}

type Change = (place: Place, donor: Json, random: Chance) => void;

const BASE64 = /^[A-Za-z0-9+/]{8,}={0,2}$/;

const CHANGES: readonly [Change, ...Change[]] = [
  flipBit,
  flipBit,
  flipBit,
  flipCharacter,
  remove,
  ({ holder, key }) => {
    if (Array.isArray(holder))
      holder.splice(Number(key), 0, structuredClone(read({ holder, key })));
  },
  (place) => {
    write(place, reencoded(read(place)));
  },
  (place, donor, random) => {
    write(
      place,
      structuredClone(random.pick<Json>([null, '', 0, [], {}, 'AAAA', -1, 1e15, donor])),
    );
  },
  ({ holder, key }, donor) => {
    const other = valueNamed(donor, key);
    if (other !== undefined) write({ holder, key }, structuredClone(other));
  },
  ({ holder, key }, _, random) => {
    const { [key]: value } = holder as { [key: string]: Json };
    if (typeof value === 'string' && /^\d+$/.test(value))
      write({ holder, key }, String(Number(value) + random.below(7) - 3));
  },
];

/** A different copy; `donor` is another valid bundle, whose parts may be swapped in. */
export function mutate(bundle: Json, donor: Json, random: Chance): Json {
  const copy = structuredClone(bundle);
  for (let count = 1 + random.below(3); count > 0 || isDeepStrictEqual(copy, bundle); count--) {
    const [first, ...others] = placesIn(copy);
    if (first) random.pick(CHANGES)(random.pick([first, ...others]), donor, random);
  }
  return copy;
}

function placesIn(value: Json): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    { holder: value, key },
    ...placesIn(inner),
  ]);
}

function flipBit(place: Place, _: Json, random: Chance): void {
  const value = read(place);
  if (typeof value !== 'string' || !BASE64.test(value)) return;
  const bytes = Buffer.from(value, 'base64');
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  write(place, bytes.toString('base64'));
}

function flipCharacter(place: Place, _: Json, random: Chance): void {
  const value = read(place);
  if (typeof value !== 'string' || value === '') return;
  const at = random.below(value.length);
  write(
    place,
    `${value.slice(0, at)}${String.fromCharCode(33 + random.below(94))}${value.slice(at + 1)}`,
  );
}

/** The same value in another encoding, or almost: DER and base64 have more encodings than one. */
function reencoded(value: Json): Json {
  if (typeof value !== 'string') return value;
  if (!BASE64.test(value)) return `${value} `;
  const bytes = Buffer.from(value, 'base64');
  if (bytes[0] !== 0x30 || bytes[1] === undefined || bytes[1] < 0x81)
    return bytes.toString('base64url');
  // A DER length with an unnecessary leading zero, which BER would allow.
  return Buffer.concat([Buffer.from([0x30, bytes[1] + 1, 0]), bytes.subarray(2)]).toString(
    'base64',
  );
}

function read({ holder, key }: Place): Json {
  return (holder as { [key: string]: Json })[key] ?? null;
}

function write({ holder, key }: Place, value: Json): void {
  (holder as { [key: string]: Json })[key] = value;
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

function valueNamed(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && name in value) return value[name];
  return Object.values(value)
    .map((inner) => valueNamed(inner, name))
    .find((inner) => inner !== undefined);
}
