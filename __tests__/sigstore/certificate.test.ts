// The signer that a certificate names, including certificates that two readers could read differently.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseWorkflow } from '../../src/model/workflow.ts';
import { isForCodeSigning, identityOf, parseCertificate } from '../../src/sigstore/certificate.ts';
import {
  buildTbs,
  createAuthority,
  extension,
  newSerial,
  signCertificate,
} from '../../lab/services/sigstore/certificate.ts';
import { octets, oid, sequence, tagged, text } from '../../lab/services/sigstore/der.ts';

const FULCIO = '1.3.6.1.4.1.57264.1';
const ISSUER = 'https://token.actions.githubusercontent.com';
const WORKFLOW = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';
const validity = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
};
const authority = createAuthority({ organization: 'example', commonName: 'root' }, validity, 0);
const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const uri = (value: string): Buffer => tagged(0x86, Buffer.from(value));
const email = (value: string): Buffer => tagged(0x81, Buffer.from(value));
const otherName = (value: string): Buffer =>
  tagged(0xa0, oid(`${FULCIO}.7`), tagged(0xa0, text(value)));
const san = (...names: Buffer[]): Buffer => extension('2.5.29.17', sequence(...names), 'critical');
const claim = (number: number, value: Buffer): Buffer => extension(`${FULCIO}.${number}`, value);
const usage = (...purposes: string[]): Buffer =>
  extension('2.5.29.37', sequence(...purposes.map(oid)));
const issuer = claim(8, text(ISSUER));

function certificate(...extensions: Buffer[]): ReturnType<typeof parseCertificate> {
  return parseCertificate(
    signCertificate(
      authority,
      buildTbs(authority, { subject: sequence(), key, validity, extensions, serial: newSerial() }),
    ),
  );
}

describe('identityOf()', () => {
  it('reads name, issuer and claims', () => {
    const repository = `https://github.com/acme/${'a'.repeat(150)}`;
    expect(
      identityOf(
        certificate(
          san(uri(WORKFLOW)),
          issuer,
          claim(12, text(repository)),
          claim(20, text('push')),
        ),
      ),
    ).toEqual({
      value: {
        san: WORKFLOW,
        workflow: parseWorkflow(WORKFLOW),
        issuer: ISSUER,
        claims: { sourceRepositoryUri: repository, buildTrigger: 'push' },
      },
    });
  });

  it('reads an email address', () =>
    expect(identityOf(certificate(san(email('dev@example.com')), issuer))).toMatchObject({
      value: { san: 'dev@example.com' },
    }));

  it('reads the deprecated issuer of old certificates, which is plain text', () => {
    expect(
      identityOf(certificate(san(uri(WORKFLOW)), claim(1, Buffer.from(ISSUER)))),
    ).toMatchObject({ value: { issuer: ISSUER } });
  });

  it.each<[string, readonly Buffer[], RegExp]>([
    ['no name', [issuer], /not exactly one/],
    [
      'two names',
      [
        san(
          uri(WORKFLOW),
          uri('https://github.com/mallory/app/.github/workflows/x.yml@refs/heads/main'),
        ),
        issuer,
      ],
      /not exactly one/,
    ],
    [
      'two kinds of name',
      [san(email('dev@example.com'), uri(WORKFLOW)), issuer],
      /not exactly one/,
    ],
    ['another kind of name', [san(otherName('octocat')), issuer], /not exactly one/],
    ['an empty name', [san(uri('')), issuer], /not exactly one/],
    ['no issuer', [san(uri(WORKFLOW))], /no issuer/],
    ['an empty issuer', [san(uri(WORKFLOW)), claim(8, text(''))], /no issuer/],
    [
      'an issuer as plain text where DER is required',
      [san(uri(WORKFLOW)), claim(8, Buffer.from(ISSUER)), claim(1, Buffer.from(ISSUER))],
      /not a DER UTF8String/,
    ],
    [
      'two different issuers',
      [san(uri(WORKFLOW)), issuer, claim(1, Buffer.from('https://accounts.example'))],
      /issuer extensions differ/,
    ],
    [
      'a duplicate claim',
      [
        san(uri(WORKFLOW)),
        issuer,
        claim(12, text('https://github.com/acme/app')),
        claim(12, text('https://github.com/mallory/app')),
      ],
      /57264\.1\.12 occurs twice/,
    ],
  ])('rejects %s', (_, extensions, problem) =>
    expect(identityOf(certificate(...extensions))).toEqual(
      expect.objectContaining({ problem: expect.stringMatching(problem) }),
    ),
  );

  it.each<[string, Buffer]>([
    ['plain text', Buffer.from('https://github.com/acme/app')],
    [
      'text followed by other bytes',
      Buffer.concat([text('https://github.com/acme/app'), Buffer.from([0])]),
    ],
    ['another string type', tagged(0x16, Buffer.from('https://github.com/acme/app'))],
    ['a string inside another', octets(text('https://github.com/acme/app'))],
  ])('ignores a claim that is %s', (_, value) => {
    expect(identityOf(certificate(san(uri(WORKFLOW)), issuer, claim(12, value)))).toMatchObject({
      value: { claims: {} },
    });
  });
});

describe('isForCodeSigning()', () => {
  it.each<[string, readonly Buffer[], boolean]>([
    ['code signing', [usage('1.3.6.1.5.5.7.3.3')], true],
    ['code signing and other uses', [usage('1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.3')], true],
    ['another use', [usage('1.3.6.1.5.5.7.3.2')], false],
    ['any use', [usage('2.5.29.37.0')], false],
    ['no use', [], false],
  ])('returns the right result for %s', (_, extensions, expected) =>
    expect(isForCodeSigning(certificate(...extensions))).toBe(expected),
  );
});
