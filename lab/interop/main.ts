// npm run interop: builds missing tools, starts a Sigstore instance, verifies everything with real clients, and stops all services.
import '../runner/scratch.ts';
import { buildTools, type Toolbox } from '../tools/build.ts';
import { type Check, unavailable } from '../checks/check.ts';
import { judgeCaches } from './caches.ts';
import { judgeCopies } from './copies.ts';
import { judgeDefaults } from './defaults/table.ts';
import { judgeDocuments } from './documents.ts';
import { runExamples } from './examples.ts';
import { judgeLegacy } from './legacy.ts';
import { judgeRecursive } from './recursive.ts';
import { judgeOpinions } from '../opinions/table.ts';
import { judgePolicies } from './policies.ts';
import { judgePrinted } from './printed.ts';
import { judgeRegistries } from './registries.ts';
import { render } from '../checks/report.ts';
import { startStack } from '../stack/stack.ts';
import { judgeAll } from './table.ts';
import { stackTools } from '../tools/tools.ts';
import { judgeUploads } from './uploads.ts';
import { runWorkflow } from './workflow.ts';

// Services end with this process, and a process that is ended by a signal cannot stop them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(130));

const toolbox = await buildTools();
const checks = [
  ...(await judgeOpinions(toolbox)),
  ...(await judgeOnStack(toolbox)),
  ...(await runExamples(toolbox)),
];
console.log(`\n${render(checks)}`);
process.exitCode = checks.some(({ outcome }) => outcome === 'failed') ? 1 : 0;

async function judgeOnStack(toolbox: Toolbox): Promise<readonly Check[]> {
  const missing = stackTools.flatMap((name): Check[] => {
    const outcome = unavailable(toolbox[name]);
    return outcome ? [ofStack(name, outcome)] : [];
  });
  if (missing.length > 0) return missing;

  const stack = await startStack(toolbox).catch(String);
  if (typeof stack === 'string') return [ofStack('start', { outcome: 'failed', detail: stack })];
  try {
    return [
      ...(await judgeAll(stack, toolbox)),
      ...(await judgeLegacy(stack, toolbox)),
      ...(await judgePrinted(stack, toolbox)),
      ...(await judgeRecursive(stack, toolbox)),
      ...(await judgeCopies(stack, toolbox)),
      ...(await judgeUploads(stack, toolbox)),
      ...(await judgeCaches(stack, toolbox)),
      ...(await judgeRegistries(stack, toolbox)),
      ...(await judgePolicies(stack, toolbox)),
      ...(await judgeDocuments(stack, toolbox)),
      ...(await judgeDefaults(stack, toolbox)),
      ...(await runWorkflow(stack, toolbox)),
    ];
  } finally {
    await stack.stop();
  }
}

function ofStack(row: string, outcome: Pick<Check, 'outcome' | 'detail'>): Check {
  return { table: 'The stack', row, column: 'on loopback', name: 'runs', ...outcome };
}
