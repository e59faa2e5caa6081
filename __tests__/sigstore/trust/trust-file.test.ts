// Trusted roots from files: which instance is trusted for what, and the errors if there is none.
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import { trustOf } from '../../../src/sigstore/trust/trust.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import { fileWith, github, own, verdictOf, withoutLogs } from './trust-fixture.ts';

/** Unusable authorities, and these. */
function rootWith(lists: object): string {
  const authorities = [
    {
      uri: 'https://authority.example',
      certChain: { certificates: [] },
      validFor: { start: '2026-01-01T00:00:00Z' },
    },
  ];
  return JSON.stringify({
    certificateAuthorities: authorities,
    timestampAuthorities: authorities,
    ...lists,
  });
}

describe('a trusted root', () => {
  it('requires a proof from each kind of service in it', async () => {
    const json = JSON.parse(await readFile(own.trust.trustedRoot, 'utf8')) as object;
    expect(trustOf(json, { kind: 'tuf' }).thresholds).toEqual({
      tlogThreshold: 1,
      ctlogThreshold: 1,
      timestampThreshold: 1,
    });
    expect(trustOf(withoutLogs(json), { kind: 'tuf' }).thresholds).toEqual({
      tlogThreshold: 0,
      ctlogThreshold: 0,
      timestampThreshold: 1,
    });
  });
});

describe('a trusted root file', () => {
  it('with several lines trusts each instance only for what it issued, with its own thresholds', async () => {
    const trust = await trustFromFile(
      await fileWith(
        `${JSON.stringify(own.sigstore.trustedRoot)}\n${JSON.stringify(withoutLogs(github.sigstore.trustedRoot))}\n`,
      ),
    );
    expect([await verdictOf(trust, own), await verdictOf(trust, github, 'none')]).toEqual([
      'verified',
      'verified',
    ]);
    expect(await verdictOf(trust, own, 'none')).toBe('TRANSPARENCY_LOG');
  });

  it('tries every line that names the authority', async () => {
    const stale = {
      ...own.sigstore.trustedRoot,
      timestampAuthorities: (github.sigstore.trustedRoot as { timestampAuthorities: object[] })
        .timestampAuthorities,
    };
    const trust = await trustFromFile(
      await fileWith(`${JSON.stringify(stale)}\n${JSON.stringify(own.sigstore.trustedRoot)}\n`),
    );
    expect(await verdictOf(trust, own)).toBe('verified');
  });

  it('needs no certificate authority for a key whose signatures have timestamps', async () => {
    // JSON omits undefined values, as ProtoJSON does with empty lists.
    const file = await fileWith(
      JSON.stringify({
        ...own.sigstore.trustedRoot,
        certificateAuthorities: undefined,
        tlogs: [],
        ctlogs: [],
      }),
    );
    const [trust] = await (await trustFromFile(file, 'with keys')).all();
    expect(trust?.material).toMatchObject({
      certificateAuthorities: [],
      tlogs: [],
      timestampAuthorities: [expect.anything()],
    });
    await expect(trustFromFile(file)).rejects.toMatchObject({
      code: 'INPUT_FILE',
      message: expect.stringMatching(/it names no certificate authority$/),
    });
    await expect(
      trustFromFile(await fileWith('{"certificateAuthorities":[]}'), 'with keys'),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/names neither a transparency log nor/),
    });
  });

  it.each<[string, string, RegExp]>([
    ['is empty', ' \n', /it is empty, not a trusted root$/],
    [
      'is YAML',
      'apiVersion: policy.sigstore.dev/v1alpha1\nkind: TrustRoot\n',
      /it is YAML, not a trusted root$/,
    ],
    [
      'is a certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      /it is a certificate, not a trusted root$/,
    ],
    ['is a web page', '<!DOCTYPE html>\n<html>', /it is a web page, not a trusted root$/],
    [
      'has the encoding of PowerShell',
      '\ufeff{}',
      /byte order mark, as PowerShell writes it, not a trusted root$/,
    ],
    [
      'is truncated',
      '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[',
      /it is JSON, or the beginning of it, not a trusted root$/,
    ],
    ['is text', 'hello', /it is text of another kind, not a trusted root$/],
    ['is a list', '[]', /it is JSON, but not an object, not/],
    [
      'is a signing configuration',
      '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[]}',
      /it is a signing configuration, which says where to sign, not a trusted root/,
    ],
    [
      'is a client trust configuration',
      '{"mediaType":"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json","trustedRoot":{},"signingConfig":{}}',
      /it is a client trust configuration, which contains a trusted root .*, not/,
    ],
    [
      'is TUF metadata',
      '{"signatures":[],"signed":{"_type":"root","version":16}}',
      /it is TUF metadata of the role "root"/,
    ],
    [
      'is a bundle',
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{}}',
      /it is a Sigstore bundle/,
    ],
    [
      'is a policy',
      '{"apiVersion":"policy.sigstore.dev/v1alpha1","kind":"TrustRoot","spec":{}}',
      /it is a Kubernetes resource of kind "TrustRoot"/,
    ],
    [
      'is something else',
      '{"name":"countersign"}',
      /it is JSON of another kind, not a trusted root with "certificateAuthorities"$/,
    ],
    [
      'has a line that is not a trusted root',
      `${rootWith({})}\nhello\n`,
      /line 2: it is text of another kind, not a trusted root$/,
    ],
    [
      'has a line with an invalid trusted root',
      `${rootWith({})}\n\n${rootWith({ tlogs: [{ baseUrl: 'https://log.example' }] })}`,
      /line 3: "https:\/\/log\.example" has no valid date in validFor\.start$/,
    ],
    [
      'names no authority',
      '{"certificateAuthorities":[],"tlogs":[],"ctlogs":[],"timestampAuthorities":[]}',
      /it names no certificate authority$/,
    ],
    [
      'names no log and no timestamp authority',
      rootWith({ timestampAuthorities: [], ctlogs: [] }),
      /it names neither a transparency log nor a timestamp authority$/,
    ],
    [
      'has logs that are not a list, and would require no log entry',
      rootWith({ tlogs: {} }),
      /its "tlogs" is not a list of objects$/,
    ],
    [
      'has a log without a start',
      rootWith({ tlogs: [{ baseUrl: 'https://log.example', publicKey: { rawBytes: 'AA==' } }] }),
      /"https:\/\/log.example" has no valid date in validFor.start/,
    ],
    [
      'has a log with a start that is not a date',
      rootWith({
        ctlogs: [
          {
            baseUrl: 'https://log.example',
            publicKey: { rawBytes: 'AA==', validFor: { start: 'now' } },
          },
        ],
      }),
      /"https:\/\/log.example" has no valid date in validFor.start/,
    ],
    [
      'has an invalid key',
      rootWith({
        tlogs: [
          {
            baseUrl: 'https://log.example',
            logId: { keyId: 'AA==' },
            publicKey: {
              keyDetails: 'PKIX_ECDSA_P256_SHA_256',
              rawBytes: 'AA==',
              validFor: { start: '2026-01-01T00:00:00Z' },
            },
          },
        ],
      }),
      /it is malformed: Failed to read asymmetric key$/,
    ],
  ])('that %s is rejected with what it is', async (_, text, message) => {
    await expect(trustFromFile(await fileWith(text))).rejects.toMatchObject({
      kind: 'input',
      code: 'INPUT_FILE',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('trusted_root.json'),
    });
  });

  it.each([
    ['missing', '/nowhere/trusted_root.json', 'it does not exist'],
    ['a directory', tmpdir(), 'it is a directory'],
  ])('that is %s is rejected with its path', async (_, path, state) => {
    await expect(trustFromFile(path)).rejects.toMatchObject({
      code: 'INPUT_FILE',
      message: expect.stringContaining(`"${path}": ${state}`),
    });
  });
});
