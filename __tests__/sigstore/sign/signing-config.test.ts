// Which services a signing configuration selects: protobuf-specs, `SigningConfig`.
import { describe, expect, it } from '@jest/globals';
import {
  selectServices,
  type SignedBy,
  type SigningServices,
} from '../../../src/sigstore/sign/signing-config.ts';

const now = new Date('2026-06-01T00:00:00Z');
const open = { start: '2026-01-01T00:00:00Z' };

const PAST = { start: '2026-05-01T00:00:00Z', end: '2026-05-31T00:00:00Z' };
const V1: Entry = { url: 'https://v1' };
const V2: Entry = { url: 'https://v2', majorApiVersion: 2 };

interface Entry {
  readonly url: string;
  readonly majorApiVersion?: number;
  readonly validFor?: { readonly start?: string; readonly end?: string };
  readonly operator?: string;
}

function service({ majorApiVersion = 1, validFor = open, operator = '', ...rest }: Entry): object {
  return { majorApiVersion, validFor, operator, ...rest };
}

function config({
  cas = [{ url: 'https://ca.example' }],
  logs = [{ url: 'https://log.example' }],
  tsas = [{ url: 'https://tsa.example/api/v1/timestamp' }],
  selector = { selector: 'ANY' },
}: {
  cas?: readonly Entry[];
  logs?: readonly Entry[];
  tsas?: readonly Entry[];
  selector?: object;
} = {}): string {
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: cas.map(service),
    rekorTlogUrls: logs.map(service),
    rekorTlogConfig: selector,
    tsaUrls: tsas.map(service),
    tsaConfig: { selector: 'ANY' },
  });
}

const select = (text: string, by: SignedBy = 'certificate'): SigningServices =>
  selectServices(text, 'signing_config.json', now, by);

describe('selectServices()', () => {
  it('selects one service of each kind', () => {
    expect(select(config())).toEqual({
      fulcio: 'https://ca.example',
      logs: [{ url: 'https://log.example', version: 1 }],
      rekorV1: 'https://log.example',
      timestampAuthorities: ['https://tsa.example/api/v1/timestamp'],
    });
  });

  it.each<[string, readonly Entry[], object, readonly string[]]>([
    [
      'prefers the newer API version',
      [{ url: 'https://v1' }, { url: 'https://v2', majorApiVersion: 2 }],
      { selector: 'ANY' },
      ['https://v2'],
    ],
    [
      'ignores unknown API versions',
      [
        { url: 'https://v1' },
        { url: 'https://v3', majorApiVersion: 3 },
        { url: 'https://v0', majorApiVersion: 0 },
      ],
      { selector: 'ANY' },
      ['https://v1'],
    ],
    [
      'prefers the newest start',
      [{ url: 'https://old' }, { url: 'https://new', validFor: { start: '2026-05-01T00:00:00Z' } }],
      { selector: 'ANY' },
      ['https://new'],
    ],
    [
      'ignores a service that has not started',
      [
        { url: 'https://now' },
        { url: 'https://later', validFor: { start: '2026-07-01T00:00:00Z' } },
      ],
      { selector: 'ANY' },
      ['https://now'],
    ],
    [
      'ignores a service that has ended',
      [
        { url: 'https://now' },
        {
          url: 'https://past',
          validFor: { start: '2026-05-01T00:00:00Z', end: '2026-05-31T00:00:00Z' },
        },
      ],
      { selector: 'ANY' },
      ['https://now'],
    ],
    [
      'selects all services with ALL',
      [
        { url: 'https://a', operator: 'a' },
        { url: 'https://b', operator: 'b' },
      ],
      { selector: 'ALL' },
      ['https://a', 'https://b'],
    ],
    [
      'selects the exact number of services',
      [
        { url: 'https://a', operator: 'a' },
        { url: 'https://b', operator: 'b' },
        { url: 'https://c', operator: 'c' },
      ],
      { selector: 'EXACT', count: 2 },
      ['https://a', 'https://b'],
    ],
    [
      'selects one service per operator',
      [
        { url: 'https://a1', operator: 'a' },
        { url: 'https://a2', operator: 'a' },
        { url: 'https://b', operator: 'b' },
      ],
      { selector: 'ALL' },
      ['https://a1', 'https://b'],
    ],
  ])('%s', (_, logs, selector, urls) =>
    expect(select(config({ logs, selector })).logs.map(({ url }) => url)).toEqual(urls),
  );

  it.each<[string, readonly Entry[], string | undefined]>([
    ['next to a newer one', [V1, V2], 'https://v1'],
    ['not if it has ended', [{ ...V1, validFor: PAST }, V2], undefined],
    ['not if there is none', [V2], undefined],
  ])('reports a Rekor v1 log: %s', (_, logs, rekorV1) =>
    expect(select(config({ logs }))).toMatchObject({
      logs: [{ url: 'https://v2', version: 2 }],
      rekorV1,
    }),
  );

  it('requires no certificate authority for a key', () =>
    expect(select(config({ cas: [] }), 'key').fulcio).toBeUndefined());

  it.each<[string, string, RegExp]>([
    [
      'another document',
      '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}',
      /it is a trusted root, which says whom to trust, not one of type /,
    ],
    ['text that is not JSON', 'caUrls: []', /it is YAML, not one of type /],
    [
      'an older version',
      '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.1+json"}',
      /it is a signing configuration, .* not one of type .*v0\.2/,
    ],
    [
      'invalid services',
      '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[null]}',
      /it is malformed: /,
    ],
    [
      'a configuration without an authority',
      config({ cas: [] }),
      /no certificate authority that is in use/,
    ],
    [
      'too few logs',
      config({ selector: { selector: 'EXACT', count: 2 } }),
      /more services than are in use/,
    ],
    ['an undefined selector', config({ selector: {} }), /more services than are in use/],
    [
      'a configuration without log and timestamp authority',
      config({ logs: [], tsas: [] }),
      /neither a log nor a timestamp authority/,
    ],
  ])('rejects %s', (_, text, message) => expect(() => select(text)).toThrow(message));

  const safe = ['https://a.example', 'http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1'];
  it.each(safe)('accepts the address %s', (url) =>
    expect(select(config({ cas: [{ url }], logs: [{ url }], tsas: [{ url }] }))).toMatchObject({
      fulcio: url,
    }),
  );

  const unsafe: readonly (readonly [string, string, string])[] = [
    ['http://a.example', '"http://a.example" is not https', 'INPUT_UNSAFE'],
    ['http://10.0.0.1', '"http://10.0.0.1" is not https', 'INPUT_UNSAFE'],
    ['ftp://a.example', '"ftp://a.example" is not https', 'INPUT_UNSAFE'],
    ['a.example', '"a.example" is not an address', 'INPUT_FILE'],
    ['', '"" is not an address', 'INPUT_FILE'],
    [
      'https://user:SECRET@a.example/x',
      'the address of "a.example" contains a user name or a password',
      'INPUT_FILE',
    ],
  ];
  describe.each(unsafe)('rejects the address %s', (url, state, code) => {
    it.each([
      ['a certificate authority', { cas: [{ url }] }],
      ['a log', { logs: [{ url }] }],
      ['a timestamp authority', { tsas: [{ url }] }],
      [
        'a log that is not in use yet',
        { logs: [{ url: 'https://log' }, { url, validFor: { start: '2027-01-01T00:00:00Z' } }] },
      ],
    ])('of %s', (_, services) => {
      const refused = (): unknown => select(config(services));
      expect(refused).toThrow(
        expect.objectContaining({
          kind: 'input',
          code,
          message: `Cannot use the signing configuration "signing_config.json": ${state}`,
        }),
      );
      expect(refused).not.toThrow('SECRET');
    });
  });
});
