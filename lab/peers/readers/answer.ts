// How the result of a command-line peer is read: exit status 0 accepts, another one rejects, and a signal is neither.
import { type Environment, run } from '../../tools/command.ts';
import type { Stack } from '../../stack/stack.ts';
import type { ToolName } from '../../tools/tools.ts';
import type { Answer } from './reader.ts';

export async function ask(
  stack: Stack,
  tool: ToolName,
  args: readonly string[],
  env: Environment = {},
): Promise<Answer> {
  const { exit, stdout, stderr } = await run(stack.tool(tool), args, {
    env: { ...stack.env, ...env },
  });
  const message = `${stdout}${stderr}`;
  if (exit === null) throw new Error(`${tool} was ended by a signal: ${message}`);
  return { accepted: exit === 0, message };
}
