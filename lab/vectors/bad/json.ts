// Bundles that are not JSON, ambiguous JSON (docs/verification.md, section 3, row 1), or over the limits.
import { envelopeOf, toBytes } from '../../bundles/bundle-json.ts';
import { replaced } from '../../bundles/damage.ts';
import { bad, type Draft } from '../draft.ts';
import { MARK } from '../vector.ts';
import type { Workshop } from '../workshop.ts';

const MEGABYTE = 1_000_000;
const LONG = 10_000;
/** What a finding says of it at most. */
const CUT_OFF = /^application\/.{50,288}…$/;

export async function json({ v2, sign, of }: Workshop): Promise<readonly Draft[]> {
  const text = toBytes(v2).toString();
  const also = (member: string): Buffer => Buffer.from(`${text.slice(0, -1)},${member}}`);
  const malformed = (name: string, about: string, bytes: Buffer | string, found: RegExp): Draft =>
    bad(name, about, of(Buffer.from(bytes)), 'BUNDLE_MALFORMED', found);
  const long = await sign({ payloadType: `application/${'x'.repeat(LONG)}` });
  return [
    malformed('nothing', 'The file is empty', '', /^it is not JSON$/),
    malformed('no-json', 'The last brace is missing', text.slice(0, -1), /^it is not JSON$/),
    malformed(
      'byte-order-mark',
      'A byte order mark precedes the object',
      `\ufeff${text}`,
      /^it is not JSON$/,
    ),
    malformed(
      'not-utf-8',
      'A member contains a byte that is invalid in UTF-8',
      Buffer.concat([
        Buffer.from(`${text.slice(0, -1)},"x":"`),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]),
      /^it is not UTF-8$/,
    ),
    malformed('list', 'The bundle is in a list', `[${text}]`, /^other JSON$/),
    malformed(
      'envelope-twice',
      'The member "dsseEnvelope" occurs twice',
      also('"dsseEnvelope":{}'),
      /^it has the key "dsseEnvelope" twice$/,
    ),
    malformed(
      'payload-twice',
      'The member "payload" occurs twice, the second time with an escape in its name',
      replaced(text, '"dsseEnvelope":{', '"dsseEnvelope":{"p\\u0061yload":"e30=",'),
      /^it has the key "payload" twice$/,
    ),
    malformed(
      'number-too-large',
      'A member contains a number that some parsers round',
      also('"x":9007199254740993'),
      /^it has the number 9007199254740993,/,
    ),
    malformed(
      'number-without-end',
      'A member contains a number that some parsers read as infinity',
      also('"x":1e999'),
      /^it has the number 1e999,/,
    ),
    malformed(
      'nested',
      'A member contains a hundred nested lists',
      also(`"x":${'['.repeat(100)}${']'.repeat(100)}`),
      /64 levels/,
    ),
    malformed(
      'values-without-end',
      'A member contains a list of 10,001 numbers',
      also(`"x":[${'0,'.repeat(10_000)}0]`),
      /^it has more than \d+ values$/,
    ),
    bad(
      'megabyte-member',
      'An unknown member is a megabyte long',
      { ...of(also(`"x":"${MARK}"`)), grown: MEGABYTE },
      'BUNDLE_MALFORMED',
      /^1000000$/,
    ),
    bad(
      'megabyte-version',
      'The media type is a megabyte long',
      { ...of(Buffer.from(replaced(text, /bundle\.v0\.3/, `bundle.${MARK}`))), grown: MEGABYTE },
      'BUNDLE_VERSION',
      CUT_OFF,
    ),
    bad(
      'long-payload-type',
      'The payload type is ten thousand letters long, and is covered by a valid signature',
      {
        ...of(
          Buffer.from(
            replaced(toBytes(long).toString(), envelopeOf(long).payloadType, `application/${MARK}`),
          ),
        ),
        grown: LONG,
      },
      'PAYLOAD_TYPE',
      CUT_OFF,
    ),
  ];
}
