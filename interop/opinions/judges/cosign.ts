// cosign v3: verify-blob-attestation for envelopes, verify-blob for message signatures.
import { hexOf } from '../../../src/model/digest.ts';
import { run } from '../../command.ts';
import { inParallel } from '../../parallel.ts';
import { inOneLine } from '../judge.ts';
import type { Judge, Opinion, Room } from '../judge.ts';
import type { Question } from '../question.ts';
import { contentOf, namesLog, predicateTypeOf } from '../witnesses.ts';

export const cosign: Judge = {
  name: 'cosign v3',
  tool: 'cosign-v3',
  cannot: () => undefined,
  judge: (questions, room) => inParallel(questions, (question) => judge(question, room)),
};

async function judge(question: Question, { env, tool }: Room): Promise<Opinion> {
  const { exit, stdout, stderr } = await run(tool('cosign-v3'), argumentsFor(question), { env });
  const message = `${stdout}${stderr}`;
  if (exit === null) throw new Error(`cosign was ended by a signal: ${message}`);
  return { accepted: exit === 0, reason: inOneLine(/error during command execution: ([^]*)/.exec(message)?.[1] ?? message) };
}

function argumentsFor({ bundle, signer, trustedRoot, artifact, unwitnessed }: Question): readonly string[] {
  const by = signer.kind === 'key' ? ['--key', signer.path] : ['--certificate-identity', signer.identity, '--certificate-oidc-issuer', signer.issuer];
  const unlogged = namesLog(trustedRoot) ? [] : ['--insecure-ignore-tlog', '--insecure-ignore-sct', '--use-signed-timestamps'];
  const witnesses = unwitnessed ? ['--insecure-ignore-tlog'] : unlogged;
  const shared = ['--bundle', bundle, ...by, '--trusted-root', trustedRoot, ...witnesses];
  if (contentOf(bundle) === 'message') return ['verify-blob', ...shared, 'path' in artifact ? artifact.path : artifact.digest];
  const about = 'path' in artifact ? [artifact.path] : ['--digest', hexOf(artifact.digest), '--digestAlg', 'sha256'];
  return ['verify-blob-attestation', ...shared, '--type', predicateTypeOf(bundle) ?? 'custom', ...about];
}
