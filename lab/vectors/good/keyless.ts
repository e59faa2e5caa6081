// Bundles of keyless signatures in the forms that differ by log entry, timestamp, version and kind of key.
import { generateKeyPairSync, X509Certificate } from 'node:crypto';

import { type BundleJson, changed } from '../../bundles/bundle-json.ts';
import type { Parts } from '../../bundles/compose.ts';
import { type Draft, good } from '../draft.ts';
import {
  alternativeNames,
  email,
  issuerExtension,
  oldIssuerExtension,
  uri,
} from '../services/issue.ts';
import { statementAbout } from '../../bundles/statement.ts';
import type { Workshop } from '../workshop.ts';

export async function keyless(workshop: Workshop): Promise<readonly Draft[]> {
  const { v1, v2, sign, issue, certify, of, signer, digest, stack, ed25519Log } = workshop;
  const as = (bundle: BundleJson): ReturnType<Workshop['of']> & Pick<Draft, 'signer'> => ({
    ...of(bundle),
    signer,
  });
  const signed = async (parts: Partial<Parts>): Promise<ReturnType<typeof as>> =>
    as(await sign({ by: await certify(), ...parts }));
  const withKey = async (namedCurve: string): Promise<ReturnType<typeof as>> =>
    signed({ by: await certify(generateKeyPairSync('ec', { namedCurve }).privateKey) });
  const withChain = changed(
    await sign({ by: await certify(), logs: ['Rekor v1 dsse 0.0.1'], version: '0.1' }),
    ({ verificationMaterial }) =>
      verificationMaterial.x509CertificateChain?.certificates.push(
        ...stack.authorities.fulcio.chain.map((pem) => ({
          rawBytes: new X509Certificate(pem).raw.toString('base64'),
        })),
      ),
  );
  const person = { san: 'somebody@example.com', issuer: 'https://accounts.example.com' };
  const several = [
    { name: 'other', digest: { sha256: 'ab'.repeat(32) } },
    { name: 'app', digest: { sha512: 'cd'.repeat(64), sha256: digest.replace('sha256:', '') } },
  ];
  return [
    good(
      'rekor-v1-dsse',
      'Logged in Rekor v1 as dsse 0.0.1, with a timestamp',
      await signed({ logs: ['Rekor v1 dsse 0.0.1'] }),
    ),
    good(
      'rekor-v1-dsse-short',
      'The same with a certificate that contains only name and issuer; most invalid vectors are changed copies of this one',
      as(v1),
    ),
    good(
      'rekor-v2-hashedrekord',
      'Logged in Rekor v2 as hashedrekord 0.0.2, with a timestamp',
      await signed({}),
    ),
    good(
      'rekor-v2-hashedrekord-short',
      'The same with a certificate that contains only name and issuer; most invalid vectors are changed copies of this one',
      as(v2),
    ),
    good(
      'rekor-v2-ed25519',
      'Logged in an instance of Rekor v2 with an Ed25519 key',
      as(await sign({ by: await certify() }, { ...stack.endpoints, rekorV2: ed25519Log.url })),
    ),
    good(
      'rekor-v1-hashedrekord',
      'Logged in Rekor v1 as hashedrekord 0.0.1 over the pre-authentication encoding',
      await signed({ logs: ['Rekor v1 hashedrekord 0.0.1'] }),
    ),
    good(
      'rekor-v1-intoto-0.0.2',
      'Logged in Rekor v1 as intoto 0.0.2',
      await signed({ logs: ['Rekor v1 intoto 0.0.2'] }),
    ),
    good(
      'rekor-v1-without-timestamp',
      'The time of the Rekor v1 entry is the only trusted time',
      await signed({ logs: ['Rekor v1 dsse 0.0.1'], timestamp: 'none' }),
    ),
    good(
      'both-logs',
      'Logged in Rekor v1 and in Rekor v2',
      await signed({ logs: ['Rekor v1 dsse 0.0.1', 'Rekor v2 hashedrekord 0.0.2'] }),
    ),
    good(
      'timestamp-with-certificates',
      'The timestamp contains the certificates of its authority',
      await signed({ timestamp: 'with certificates' }),
    ),
    good(
      'bundle-0.1',
      'Version 0.1, with a certificate chain and a Rekor v1 entry that has a promise and a proof',
      await signed({ logs: ['Rekor v1 dsse 0.0.1'], version: '0.1' }),
    ),
    good(
      'bundle-0.2',
      'Version 0.2, with a certificate chain',
      await signed({ logs: ['Rekor v1 dsse 0.0.1'], version: '0.2' }),
    ),
    good(
      'bundle-0.1-with-chain',
      'Version 0.1, with a chain that includes the certificates of the authority and its root, as in 2022 and 2023',
      as(withChain),
    ),
    good(
      'p-384',
      'Signed with a certificate for a P-384 key, with SHA-384',
      await withKey('secp384r1'),
    ),
    good(
      'p-521',
      'Signed with a certificate for a P-521 key, with SHA-512',
      await withKey('secp521r1'),
    ),
    good(
      'several-subjects',
      'The statement has two subjects, and the image is the second one',
      await signed({ payload: statementAbout(digest, { subject: several }) }),
    ),
    good('e-mail', 'The certificate names a person by e-mail address', {
      ...of(
        await sign({
          by: await issue({
            identity: [alternativeNames(email(person.san)), issuerExtension(person.issuer)],
          }),
        }),
      ),
      signer: person,
    }),
    good(
      'issuer-of-2022',
      'The certificate has its issuer only in extension 1, as in 2022',
      await signed({
        by: await issue({
          identity: [alternativeNames(uri(signer.san)), oldIssuerExtension(signer.issuer)],
        }),
      }),
    ),
  ];
}
