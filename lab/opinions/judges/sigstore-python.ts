// sigstore-python: its command line, run for all vectors in one process, because it takes a second to start.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { succeed } from '../../tools/command.ts';
import { type Judge, type Opinion, opinionOf, type Room } from '../judge.ts';
import type { Question } from '../question.ts';
import { isOursAlone, witnessOf } from '../facts.ts';

const SCRIPT = join(import.meta.dirname, 'sigstore_python.py');

export const sigstorePython: Judge = {
  name: 'sigstore-python',
  tool: 'sigstore-python',
  cannot(question) {
    if (question.signer.kind === 'key') return 'it verifies certificates only';
    return (
      isOursAlone(question) ??
      (witnessOf(question) === 'log' ? undefined : 'it wants a log in the trusted root')
    );
  },
  async judge(questions, room) {
    const folder = await mkdtemp(join(room.folder, 'sigstore-python-'));
    const configs = new Map<string, string>();
    for (const { trustedRoot } of questions) {
      if (!configs.has(trustedRoot))
        configs.set(
          trustedRoot,
          await writeTrustConfig(trustedRoot, join(folder, `${configs.size}.json`)),
        );
    }
    const batch = join(folder, 'batch.json');
    await writeFile(
      batch,
      JSON.stringify(
        questions.map((question) =>
          argumentsFor(question, configs.get(question.trustedRoot) ?? ''),
        ),
      ),
    );
    return ask(batch, room);
  },
};

async function ask(batch: string, { env, tool }: Room): Promise<readonly Opinion[]> {
  const python = join(dirname(tool('sigstore-python')), 'python');
  const answers = JSON.parse(
    await succeed(python, ['-I', SCRIPT, batch], { env }),
  ) as readonly Opinion[];
  return answers.map(({ accepted, reason }) => opinionOf(accepted, withoutAdvice(reason)));
}

function withoutAdvice(message: string): string {
  return message.replace(
    /^FAIL: .*$|\s*An issue occurred while parsing[^]*?Additional context:|\[type=.*$|^\s*For (detailed|further) .*$/gm,
    '',
  );
}

function argumentsFor({ bundle, signer, artifact }: Question, config: string): readonly string[] {
  if (signer.kind === 'key') throw new TypeError('it verifies certificates only');
  const policy = ['--cert-identity', signer.identity, '--cert-oidc-issuer', signer.issuer];
  return [
    '--trust-config',
    config,
    'verify',
    'identity',
    '--bundle',
    bundle,
    ...policy,
    'path' in artifact ? artifact.path : artifact.digest,
  ];
}

/** It accepts a trusted root in a file only together with the addresses of services, which verification never uses. */
async function writeTrustConfig(trustedRoot: string, path: string): Promise<string> {
  const service = {
    url: 'http://127.0.0.1:9',
    majorApiVersion: 1,
    validFor: { start: '2020-01-01T00:00:00Z' },
    operator: 'none',
  };
  await writeFile(
    path,
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
      trustedRoot: JSON.parse(await readFile(trustedRoot, 'utf8')) as unknown,
      signingConfig: {
        mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
        caUrls: [service],
        oidcUrls: [service],
        rekorTlogUrls: [service],
        tsaUrls: [service],
        rekorTlogConfig: { selector: 'ANY' },
        tsaConfig: { selector: 'ANY' },
      },
    }),
  );
  return path;
}
