// Signed payloads that are wrong: payload type, statement, subject (docs/verification.md, section 3, rows 13 and 17 to 19).
import type { KeyObject } from 'node:crypto';

import { type BundleJson, changed, envelopeOf } from '../../bundles/bundle-json.ts';
import { certifiedHolder } from '../../bundles/holder.ts';
import { bad, type Draft } from '../draft.ts';
import { statementAbout } from '../../bundles/statement.ts';
import type { Workshop } from '../workshop.ts';

export async function statement(workshop: Workshop): Promise<readonly Draft[]> {
  const { v1, sign, signUnlogged, issue, of, digest, unloggedRoot } = workshop;
  const by = await issue();
  const about = JSON.stringify(statementAbout(digest));
  const hex = digest.replace('sha256:', '');
  const ofSubjects = (...subject: unknown[]): object => statementAbout(digest, { subject });
  const ofDigest = (set: object): object => ofSubjects({ name: 'app', digest: set });
  const statements: readonly (readonly [
    name: string,
    about: string,
    payload: object | string,
    found: RegExp,
  ])[] = [
    ['statement-no-json', 'The payload is a word instead of JSON', 'hello', /it is not JSON$/],
    [
      'statement-byte-order-mark',
      'A byte order mark precedes the statement',
      `\ufeff${about}`,
      /it is not JSON$/,
    ],
    [
      'statement-subject-twice',
      'The statement has two lists of subjects',
      about.replace('"subject":', '"subject":[],"subject":'),
      /it has the key "subject" twice$/,
    ],
    [
      'statement-number-too-large',
      'The predicate contains a number that some parsers round',
      about.replace('"predicate":{', '"predicate":{"x":9007199254740993'),
      /it has the number 9007199254740993,/,
    ],
    [
      'statement-nested',
      'The predicate contains a hundred nested lists',
      about.replace('"predicate":{', `"predicate":{"x":${'['.repeat(100)}${']'.repeat(100)}`),
      /64 levels/,
    ],
    [
      'statement-list',
      'The statement is in a list',
      `[${about}]`,
      /the payload is not a JSON object$/,
    ],
    [
      'statement-of-another-type',
      'The statement is of an unknown type',
      statementAbout(digest, { _type: 'https://example.com/Statement/v1' }),
      /_type is "https:\/\/example\.com/,
    ],
    [
      'statement-without-predicate-type',
      'The statement has no predicate type',
      statementAbout(digest, { predicateType: undefined }),
      /there is no predicateType$/,
    ],
    [
      'statement-of-a-word',
      'The predicate is a string',
      statementAbout(digest, { predicate: 'signed' }),
      /the predicate is not a JSON object$/,
    ],
    [
      'statement-without-subjects',
      'The statement has no subject',
      ofSubjects(),
      /a subject has no digest$|no subject/,
    ],
    [
      'statement-with-a-subject-without-digest',
      'A second subject has no digest',
      ofSubjects({ digest: { sha256: hex } }, { name: 'app' }),
      /a subject has no digest$/,
    ],
    [
      'statement-with-too-many-subjects',
      'The statement has 1025 subjects, the image first',
      ofSubjects(
        { digest: { sha256: hex } },
        ...Array.from({ length: 1024 }, () => ({ digest: { a: '' } })),
      ),
      /it has 1025 subjects, over the limit of 1024$/,
    ],
  ];
  const subjects: readonly (readonly [
    name: string,
    about: string,
    payload: object,
    found: RegExp,
  ])[] = [
    [
      'subject-another',
      'The statement is about another image',
      ofDigest({ sha256: 'ab'.repeat(32) }),
      /^sha256:(?:ab){32}$/,
    ],
    [
      'subject-in-upper-case',
      'The digest is in upper case',
      ofDigest({ sha256: hex.toUpperCase() }),
      /^sha256:(?:C0DE){16}$/,
    ],
    [
      'subject-too-short',
      'The statement contains only the beginning of the digest',
      ofDigest({ sha256: hex.slice(0, -2) }),
      /^sha256:[0-9a-f]{62}$/,
    ],
    [
      'subject-too-long',
      'The digest is followed by two thousand digits',
      ofDigest({ sha256: hex.repeat(32) }),
      /^sha256:[0-9a-f]{293}…$/,
    ],
    [
      'subject-with-algorithm',
      'The digest begins with the name of its algorithm',
      ofDigest({ sha256: digest }),
      /^sha256:sha256:/,
    ],
    [
      'subject-of-sha512',
      'The digest is labelled sha512',
      ofDigest({ sha512: hex }),
      /^sha256:\(none\)$/,
    ],
    [
      'subject-of-sha1',
      'The digest is labelled sha1',
      ofDigest({ sha1: hex }),
      /^sha256:\(none\)$/,
    ],
  ];
  const text = (payload: object | string): string =>
    typeof payload === 'string' ? payload : JSON.stringify(payload);
  const otherPayload = JSON.stringify(statementAbout(`sha256:${'ab'.repeat(32)}`));
  const swapped = changed(
    await signUnlogged({ payload: otherPayload }),
    (bundle) => (envelopeOf(bundle).payload = Buffer.from(about).toString('base64')),
  );
  const stranger = await issue();
  const drafts: Draft[] = [
    bad(
      'signature-of-another-payload',
      'The signature is over another payload; without logs, only the signature itself shows this',
      of(swapped, { trustedRoot: unloggedRoot }),
      'SIGNATURE',
      /^signature verification failed$/,
    ),
    bad(
      'signature-of-another-type',
      'The signature is over another payload type, which dsse entries do not record',
      of(changed(v1, (bundle) => (envelopeOf(bundle).payloadType = 'application/json'))),
      'SIGNATURE',
      /^signature verification failed$/,
    ),
    bad(
      'signature-of-another-key',
      "The signature is by another key than the certificate's",
      of(await strangerSigns(workshop, stranger.key), { trustedRoot: unloggedRoot }),
      'SIGNATURE',
      /^signature verification failed$/,
    ),
    bad(
      'payload-type',
      'The payload type is that of plain JSON',
      of(await sign({ by, payloadType: 'application/json' })),
      'PAYLOAD_TYPE',
      /^application\/json$/,
    ),
    bad(
      'payload-type-in-upper-case',
      'The payload type is written in upper case',
      of(await sign({ by, payloadType: 'application/vnd.in-toto+JSON' })),
      'PAYLOAD_TYPE',
      /^application\/vnd\.in-toto\+JSON$/,
    ),
  ];
  for (const [name, what, payload, found] of statements)
    drafts.push(
      bad(name, what, of(await sign({ by, payload: text(payload) })), 'STATEMENT', found),
    );
  for (const [name, what, payload, found] of subjects)
    drafts.push(bad(name, what, of(await sign({ by, payload: text(payload) })), 'SUBJECT', found));
  return drafts;
}

async function strangerSigns({ signUnlogged }: Workshop, key: KeyObject): Promise<BundleJson> {
  const own = await signUnlogged();
  const rawBytes = own.verificationMaterial.certificate?.rawBytes ?? '';
  return signUnlogged({ by: certifiedHolder(key, Buffer.from(rawBytes, 'base64')) });
}
