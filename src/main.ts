// Runs the action: inputs become a request, and the request becomes a report; each mode loads only what it needs.
import { type Environment, readEnvironment } from './action/environment.ts';
import { readInputs } from './action/inputs.ts';
import {
  publishNothingYet,
  publishProblems,
  publishReport,
  publishSkip,
} from './action/publish.ts';
import { parseRequest } from './action/request.ts';
import { actionErrorsOf } from './errors.ts';
import type { Report } from './model/report.ts';
import type { SignRequest, VerifyRequest } from './model/request.ts';

export async function main(): Promise<void> {
  const inputs = readInputs();
  publishNothingYet(inputs.mode);
  try {
    const environment = readEnvironment();
    const request = await parseRequest(inputs, environment);
    if (request.mode === 'skip') {
      await publishSkip(request);
      return;
    }
    const report = await run(request, environment);
    await publishReport(report, request, environment);
  } catch (error) {
    publishProblems(actionErrorsOf(error));
  }
}

/** Each mode is a file of its own in dist/. */
async function run(
  request: SignRequest | VerifyRequest,
  environment: Environment,
): Promise<Report> {
  if (request.mode === 'sign') {
    const { runSign } = await import('./wiring/sign.ts');
    return runSign(request, environment);
  }
  const { runVerify } = await import('./wiring/verify.ts');
  return runVerify(request, environment);
}
