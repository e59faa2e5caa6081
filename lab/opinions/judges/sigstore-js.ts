// sigstore, the npm package; it reads trusted roots only from a TUF repository, so each of them is served by one.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Bundle, createVerifier, type VerifyOptions } from 'sigstore';

import { startTuf, type TufHandle } from '../../services/start.ts';
import { type Judge, type Opinion, opinionOf, type Room } from '../judge.ts';
import type { Question } from '../question.ts';
import { contentOf, isOursAlone, witnessOf } from '../facts.ts';

export const sigstoreJs: Judge = {
  name: 'sigstore (npm)',
  cannot(question) {
    if (witnessOf(question) === 'nobody') return 'it wants a time';
    if ('digest' in question.artifact && contentOf(question) === 'message')
      return 'it wants the artifact of a message signature, not its digest';
    return isOursAlone(question);
  },
  async judge(questions, room) {
    const tuf = await startTuf();
    try {
      const opinions = new Map<Question, Opinion>();
      for (const [trustedRoot, alike] of Map.groupBy(
        questions,
        (question) => question.trustedRoot,
      )) {
        const served = await serve(trustedRoot, tuf, room);
        for (const question of alike) opinions.set(question, await judge(question, served));
      }
      return questions.map(
        (question) => opinions.get(question) ?? { accepted: false, reason: 'not asked' },
      );
    } finally {
      await tuf.stop();
    }
  },
};

async function serve(
  trustedRoot: string,
  tuf: TufHandle,
  { folder }: Room,
): Promise<VerifyOptions> {
  await tuf.set({ targets: { 'trusted_root.json': await readFile(trustedRoot, 'utf8') } });
  const tufCachePath = await mkdtemp(join(folder, 'tuf-'));
  const tufRootPath = join(tufCachePath, 'root.json');
  await writeFile(tufRootPath, tuf.rootJson);
  return { tufMirrorURL: tuf.url, tufRootPath, tufCachePath, tufForceCache: true, retry: false };
}

async function judge(question: Question, served: VerifyOptions): Promise<Opinion> {
  try {
    const verifier = await createVerifier({
      ...served,
      ...(await signerOptions(question)),
      ...thresholds(question),
    });
    const bundle = JSON.parse(await readFile(question.bundle, 'utf8')) as Bundle;
    const { artifact } = question;
    verifier.verify(bundle, 'path' in artifact ? await readFile(artifact.path) : undefined);
    return opinionOf(true, 'verified');
  } catch (error) {
    return opinionOf(false, String(error));
  }
}

async function signerOptions({ signer }: Question): Promise<VerifyOptions> {
  if (signer.kind === 'key') {
    const key = await readFile(signer.path, 'utf8');
    return { keySelector: () => key };
  }
  // It reads an identity as a regular expression.
  return {
    certificateIdentityURI: `^${signer.identity.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`,
    certificateIssuer: signer.issuer,
  };
}

function thresholds(question: Question): VerifyOptions {
  return witnessOf(question) === 'log' ? {} : { tlogThreshold: 0, ctLogThreshold: 0 };
}
