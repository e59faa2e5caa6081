// npm run conformance -- verify-bundle …: the client for the suite of sigstore-conformance; exits with 0 if the bundle verifies, else with 1 and the reason.
import '../runner/scratch.ts';
import { actionErrorsOf, ActionError, ActionErrors, messageOf } from '../../src/errors.ts';
import { verifyBundle } from './verify-bundle.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const verdict = await verifyBundle(args).catch((error: unknown) => ({
    refused: reasonOf(error),
  }));
  if (verdict === 'verified') return 0;
  console.error(verdict.refused.replaceAll(/\s+/g, ' '));
  return 1;
}

function reasonOf(error: unknown): string {
  if (error instanceof ActionError || error instanceof ActionErrors)
    return actionErrorsOf(error)
      .map(({ message }) => message)
      .join('; ');
  return messageOf(error);
}
