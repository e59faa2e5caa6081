// cosign v3: verify-blob-attestation for envelopes, verify-blob for message signatures.
import { hexOf } from '../../../src/model/digest.ts';
import { run } from '../../tools/command.ts';
import { inParallel } from '../../tools/parallel.ts';
import { type Judge, type Opinion, opinionOf, type Room } from '../judge.ts';
import type { Question } from '../question.ts';
import { contentOf, isOursAlone, predicateTypeOf, witnessOf } from '../facts.ts';

export const cosign: Judge = {
  name: 'cosign v3',
  tool: 'cosign-v3',
  cannot: isOursAlone,
  judge: (questions, room) => inParallel(questions, (question) => judge(question, room)),
};

async function judge(question: Question, { env, tool }: Room): Promise<Opinion> {
  const { exit, stdout, stderr } = await run(tool('cosign-v3'), argumentsFor(question), { env });
  const message = `${stdout}${stderr}`;
  if (exit === null) throw new Error(`cosign was ended by a signal: ${message}`);
  return opinionOf(
    exit === 0,
    /error during command execution: ([^]*)/.exec(message)?.[1] ?? message,
  );
}

function argumentsFor(question: Question): readonly string[] {
  const { bundle, signer, trustedRoot, artifact } = question;
  const by =
    signer.kind === 'key'
      ? ['--key', signer.path]
      : ['--certificate-identity', signer.identity, '--certificate-oidc-issuer', signer.issuer];
  const shared = [
    '--bundle',
    bundle,
    ...by,
    '--trusted-root',
    trustedRoot,
    ...WITNESSES[witnessOf(question)],
  ];
  if (contentOf(question) === 'message')
    return ['verify-blob', ...shared, 'path' in artifact ? artifact.path : artifact.digest];
  const about =
    'path' in artifact
      ? [artifact.path]
      : ['--digest', hexOf(artifact.digest), '--digestAlg', 'sha256'];
  return [
    'verify-blob-attestation',
    ...shared,
    '--type',
    predicateTypeOf(question) ?? 'custom',
    ...about,
  ];
}

const WITNESSES = {
  log: [],
  'timestamp authority': [
    '--insecure-ignore-tlog',
    '--insecure-ignore-sct',
    '--use-signed-timestamps',
  ],
  nobody: ['--insecure-ignore-tlog'],
} as const;
