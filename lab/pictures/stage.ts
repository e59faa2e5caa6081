// The summaries of jobs that sign an image, accept it, and reject what an attacker pushed; and of jobs with many images.
import { makeBundle } from '../bundles/signing.ts';
import { statementAbout, type StatementJson } from '../bundles/statement.ts';
import { type ActionResult, runAction } from '../runner/run-action.ts';
import { pushImage } from '../services/image.ts';
import { attach, BUNDLE } from '../services/referrer.ts';
import { startGitHub, startOidc, startRegistry, startSigstore } from '../services/start.ts';
import { forMarkdown } from '../../src/report/untrusted.ts';
import { ATTACKS } from './attacks.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const TOKEN = 'ghs_tokenOfTheJob000000000000000000000000';
const REPOSITORY = 'acme/app';
const GATE = {
  mode: 'verify',
  require: 'signature\nprovenance',
  'source-ref': 'refs/heads/main',
} as const;

export type Summaries = Readonly<
  Record<'signed' | 'accepted' | 'rejected' | 'many-signed' | 'many-verified', string>
>;

/** Images of a job with many; one of them is not signed. */
const MANY = 24;

export async function makeSummaries(): Promise<Summaries> {
  const [oidc, registry, github] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startRegistry(),
    startGitHub({ tokens: { [TOKEN]: 'write' } }),
  ]);
  const sigstore = await startSigstore({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const { trustedRoot, signingConfigs } = await sigstore.writeTrust();
  const run = async (exit: number, inputs: Readonly<Record<string, string>>): Promise<string> => {
    const result = await runAction({
      entry: 'src',
      token: TOKEN,
      inputs: { 'trusted-root': trustedRoot, ...inputs },
      env: { ...oidc.env, GITHUB_API_URL: github.url },
    });
    return published(summaryOf(result, exit));
  };
  /** Names instead of ports on loopback. */
  const published = (summary: string): string =>
    summary
      .replaceAll(forMarkdown(registry.host), 'ghcr.io')
      .replaceAll(forMarkdown(sigstore.rekorV2), forMarkdown('https://rekor.example.com'));
  try {
    const good = await pushImage(registry, REPOSITORY, { tag: 'v1', content: 'v1' });
    const bad = await pushImage(registry, REPOSITORY, { tag: 'v2', content: 'v2' });
    for (const attack of ATTACKS) {
      const payload = statementAbout(bad.digest, changesOf(attack));
      const bundle = await makeBundle({ oidc, sigstore }, { payload, claims: attack.claims });
      await attach(registry, REPOSITORY, {
        subject: bad.digest,
        content: JSON.stringify({ ...bundle, ...attack.members }),
        artifactType: BUNDLE,
      });
    }
    const image = `${registry.host}/${REPOSITORY}`;
    const signed = await run(0, {
      mode: 'sign',
      images: `${image}:v1`,
      digest: good.digest,
      attestations: 'provenance',
      stores: 'registry\ngithub',
      sigstore: signingConfigs.rekor2,
    });
    const many = await Promise.all(
      Array.from({ length: MANY }, (_, number) =>
        pushImage(registry, REPOSITORY, { tag: `many-${number}`, content: `many-${number}` }),
      ),
    );
    const named = many.map(({ digest }, number) => `${image}:many-${number}@${digest}`);
    const manySigned = await run(0, {
      mode: 'sign',
      images: named.slice(1).join('\n'),
      attestations: 'provenance',
      sigstore: signingConfigs.rekor2,
    });
    return {
      'many-signed': manySigned,
      'many-verified': await run(1, { ...GATE, images: named.join('\n') }),
      signed,
      accepted: await run(0, { ...GATE, images: `${image}:v1` }),
      rejected: await run(1, { ...GATE, images: `${image}:v2` }),
    };
  } finally {
    await Promise.all([oidc, registry, github, sigstore].map((service) => service.stop()));
  }
}

function changesOf({ predicateType }: { readonly predicateType?: string }): StatementJson {
  return predicateType === undefined ? {} : { predicateType };
}

function summaryOf({ exit, log, stderr, summary }: ActionResult, expected: number): string {
  if (exit !== expected) throw new Error(`The action ended with ${exit}:\n${log}${stderr}`);
  return summary;
}
