// From the runner and back to it: inputs become a request, and the request becomes a report; each mode loads only what it needs.
import { readEnvironment } from './action/environment.ts';
import { readInputs } from './action/inputs.ts';
import { publishNothingYet, publishProblems, publishReport } from './action/publish.ts';
import { parseRequest } from './action/request.ts';
import { actionErrorsOf } from './errors.ts';
import { useProxyFromEnvironment } from './http/proxy.ts';

export async function main(): Promise<void> {
  const inputs = readInputs();
  publishNothingYet(inputs.mode);
  try {
    const environment = readEnvironment();
    const request = parseRequest(inputs, environment);
    useProxyFromEnvironment();
    const report =
      request.mode === 'sign'
        ? await (await import('./wiring/sign.ts')).runSign(request, environment)
        : await (await import('./wiring/verify.ts')).runVerify(request, environment);
    await publishReport(report, request, environment);
  } catch (error) {
    publishProblems(actionErrorsOf(error));
  }
}
