// Builds the tools that are missing or whose pin has changed, and returns their paths.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cache } from './cache.ts';
import { run, succeed } from './command.ts';
import {
  type GoCommand,
  type GoModule,
  type PythonPackage,
  type Tool,
  type ToolName,
  tools,
} from './tools.ts';

export type Available =
  { readonly path: string } | { readonly without: 'go' | 'python3' } | { readonly broken: string };

export type Toolbox = Readonly<Record<ToolName, Available>>;

const bin = join(cache, 'bin');
const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
const HALF_AN_HOUR = 30 * 60_000;

export async function buildTools(): Promise<Toolbox> {
  await mkdir(bin, { recursive: true });
  const built: [string, Available][] = [];
  for (const [name, tool] of Object.entries(tools)) built.push([name, await provide(name, tool)]);
  return Object.fromEntries(built) as Record<ToolName, Available>;
}

/** Builds only this one. */
export async function buildTool(name: ToolName): Promise<Available> {
  await mkdir(bin, { recursive: true });
  return provide(name, tools[name]);
}

/** The path of the tool, if it was built from its current pin. */
export function findTool(name: ToolName): Promise<string | undefined> {
  return find(name, tools[name]);
}

async function find(name: string, tool: Tool): Promise<string | undefined> {
  const path = pathOf(name, tool);
  const isThere = existsSync(path) && existsSync(pinFileOf(name));
  if (!isThere) return undefined;
  const pin = await readFile(pinFileOf(name), 'utf8');
  return pin === (await pinOf(tool)) ? path : undefined;
}

function pathOf(name: string, tool: Tool): string {
  return tool.kind === 'python package' ? join(bin, name, 'bin', tool.command) : join(bin, name);
}

function pinFileOf(name: string): string {
  return join(bin, `${name}.pin`);
}

async function provide(name: string, tool: Tool): Promise<Available> {
  const found = await find(name, tool);
  if (found !== undefined) return { path: found };

  const builder = tool.kind === 'python package' ? 'python3' : 'go';
  if (!(await isInstalled(builder))) return { without: builder };
  const started = performance.now();
  process.stdout.write(`building ${name} … `);
  try {
    await build(tool, join(bin, name));
  } catch (error) {
    console.log('failed');
    return { broken: String(error) };
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  await writeFile(pinFileOf(name), await pinOf(tool));
  return { path: pathOf(name, tool) };
}

async function pinOf(tool: Tool): Promise<string> {
  if (tool.kind !== 'go module') return JSON.stringify(tool);
  const sources = ['main.go', 'go.mod', 'go.sum']
    .map((file) => join(import.meta.dirname, tool.folder, file))
    .filter(existsSync);
  const hash = createHash('sha256');
  for (const source of sources) hash.update(await readFile(source));
  return JSON.stringify({ ...tool, sources: hash.digest('hex') });
}

async function isInstalled(builder: 'go' | 'python3'): Promise<boolean> {
  const asked = run(builder, [builder === 'go' ? 'version' : '--version'], { env });
  return (await asked.catch(() => undefined))?.exit === 0;
}

function build(tool: Tool, output: string): Promise<void> {
  switch (tool.kind) {
    case 'go command':
      return buildCommand(tool, output);
    case 'go module':
      return buildModule(tool, output);
    case 'python package':
      return installPackage(tool, output);
  }
}

/** A temporary main module, because `go install` rejects some modules and requests version lists that the proxy lacks for others. */
async function buildCommand({ module, version, folder }: GoCommand, output: string): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'countersign-build-'));
  await writeFile(join(cwd, 'go.mod'), `module tool\n\ngo 1.26\n\nrequire ${module} ${version}\n`);
  try {
    await go(['-mod=mod', '-o', output, folder ? `${module}/${folder}` : module], cwd);
  } finally {
    await rm(cwd, { recursive: true });
  }
}

async function buildModule(
  { folder, command, tags = '' }: GoModule,
  output: string,
): Promise<void> {
  const args = ['-mod=readonly', '-tags', tags, '-o', output, command];
  await go(args, join(import.meta.dirname, folder));
}

async function go(args: readonly string[], cwd: string): Promise<void> {
  await succeed('go', ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', ...args], {
    env,
    cwd,
    timeout: HALF_AN_HOUR,
  });
}

async function installPackage({ name, version }: PythonPackage, output: string): Promise<void> {
  await rm(output, { recursive: true, force: true });
  await succeed('python3', ['-m', 'venv', output], { env, timeout: HALF_AN_HOUR });
  await succeed(join(output, 'bin', 'pip'), ['install', '--quiet', `${name}==${version}`], {
    env,
    timeout: HALF_AN_HOUR,
  });
}
