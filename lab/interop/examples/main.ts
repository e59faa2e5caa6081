// Runs the examples alone.
import { render } from '../../checks/report.ts';
import { buildTool } from '../../tools/build.ts';
import { runExamples } from '../examples.ts';

const checks = await runExamples({ act: await buildTool('act') });
console.log(`\n${render(checks)}`);
process.exitCode = checks.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
