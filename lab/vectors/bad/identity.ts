// Certificates that name no signer, or more than one (docs/verification.md, section 3, row 16), from the instance without logs, because some of them could not be logged.
import { extension } from '../../services/sigstore/certificate.ts';
import { explicit, octets, oid, sequence, tagged, text } from '../../services/sigstore/der.ts';
import { bad, type Draft } from '../draft.ts';
import {
  alternativeNames,
  email,
  issuerExtension,
  oldIssuerExtension,
  uri,
} from '../services/issue.ts';
import type { Workshop } from '../workshop.ts';

const NO_ONE_NAME = /^there is not exactly one URI or e-mail address as subject alternative name$/;

export async function identity({
  signUnlogged,
  of,
  signer,
  unloggedRoot,
}: Workshop): Promise<readonly Draft[]> {
  const [name, issuer] = [uri(signer.san), issuerExtension(signer.issuer)];
  const names = alternativeNames(name);
  const cases: readonly (readonly [
    name: string,
    about: string,
    extensions: readonly Buffer[],
    found: RegExp,
  ])[] = [
    ['name-missing', 'The certificate has no subject alternative name', [issuer], NO_ONE_NAME],
    [
      'name-empty',
      'The subject alternative name is an empty URI',
      [alternativeNames(uri('')), issuer],
      NO_ONE_NAME,
    ],
    [
      'names-of-none',
      'The list of subject alternative names is empty',
      [alternativeNames(), issuer],
      NO_ONE_NAME,
    ],
    [
      'names-of-two',
      'There are two subject alternative names',
      [alternativeNames(name, uri('https://github.com/acme/other')), issuer],
      NO_ONE_NAME,
    ],
    [
      'names-of-two-kinds',
      'There is an e-mail address in addition to the URI',
      [alternativeNames(name, email('somebody@example.com')), issuer],
      NO_ONE_NAME,
    ],
    // RFC 5280 section 4.2.1.6, with the type that Fulcio has for user names
    [
      'name-of-a-user',
      'The subject alternative name is an otherName',
      [
        alternativeNames(tagged(0xa0, oid('1.3.6.1.4.1.57264.1.7'), explicit(0, text('somebody')))),
        issuer,
      ],
      NO_ONE_NAME,
    ],
    [
      'name-of-a-host',
      'The subject alternative name is a host name',
      [alternativeNames(tagged(0x82, Buffer.from('github.com'))), issuer],
      NO_ONE_NAME,
    ],
    [
      'names-twice',
      'The extension of the subject alternative name occurs twice',
      [names, alternativeNames(uri('https://github.com/acme/other')), issuer],
      /^extension 2\.5\.29\.17 occurs twice$/,
    ],
    ['issuer-missing', 'The certificate states no issuer', [names], /^there is no issuer$/],
    [
      'issuer-empty',
      'The certificate states an empty issuer',
      [names, issuerExtension('')],
      /^there is no issuer$/,
    ],
    [
      'issuer-of-another-type',
      'The issuer is not a UTF8String',
      [names, extension('1.3.6.1.4.1.57264.1.8', octets(Buffer.from(signer.issuer)))],
      /^the issuer is not a DER UTF8String$/,
    ],
    [
      'issuer-in-a-sequence',
      'The issuer is a sequence',
      [names, extension('1.3.6.1.4.1.57264.1.8', sequence(text(signer.issuer)))],
      /^the issuer is not a DER UTF8String$/,
    ],
    [
      'issuers-that-differ',
      'The two issuer extensions differ',
      [names, issuer, oldIssuerExtension('https://accounts.example.com')],
      /^the two issuer extensions differ$/,
    ],
    [
      'issuer-twice',
      'The extension of the issuer occurs twice',
      [names, issuer, issuerExtension('https://accounts.example.com')],
      /^extension 1\.3\.6\.1\.4\.1\.57264\.1\.8 occurs twice$/,
    ],
  ];
  return Promise.all(
    cases.map(async ([caseName, about, extensions, found]) =>
      bad(
        caseName,
        about,
        of(await signUnlogged({}, { identity: extensions }), { trustedRoot: unloggedRoot }),
        'CERTIFICATE_IDENTITY',
        found,
      ),
    ),
  );
}
