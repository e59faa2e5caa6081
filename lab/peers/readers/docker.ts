// Docker's build policies: from an index over the attestation manifest of a platform to the first bundle that refers to it.
import { identityOf } from '../signer.ts';
import { ask } from './answer.ts';
import type { Answer, Expectation } from './reader.ts';
import type { Stack } from '../../stack/stack.ts';

export async function judgeWithDocker(
  { image, signer, trust }: Expectation,
  stack: Stack,
): Promise<Answer> {
  const answer = await ask(stack, 'docker-policy', [
    trust.trustedRoot,
    image.reference,
    'linux/amd64',
  ]);
  // The policy decides on the signer; it reads the identity that is printed.
  const isExpected = answer.message.includes(`allowed: ${identityOf(signer)}\n`);
  return { ...answer, accepted: answer.accepted && isExpected };
}
