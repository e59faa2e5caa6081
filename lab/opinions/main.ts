// node lab/opinions/main.ts: runs only the other verifiers, without a stack.
import { buildTools } from '../tools/build.ts';
import { render } from '../checks/report.ts';
import { judgeOpinions } from './table.ts';

const checks = await judgeOpinions(await buildTools());
console.log(`\n${render(checks)}`);
process.exitCode = checks.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
