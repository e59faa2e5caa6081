// The files that globs match, all of them inside the workspace.
import { glob, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Problem } from '../text/parsed.ts';

export interface FoundFile {
  /** Relative to the workspace, with `/`. */
  readonly name: string;
  readonly path: string;
  /** Whether the user wrote this name rather than a pattern. */
  readonly naming: 'literal' | 'pattern';
}

const MOST_FILES = 1000;
const MAGIC = /[*?[\]{}]/;

/** Each file once, sorted by name; lines that start with `!` exclude files. */
export async function findFiles(
  lines: readonly string[],
  workspace: string,
): Promise<{ readonly files: readonly FoundFile[]; readonly problems: readonly Problem[] }> {
  const excluded = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1).trim());
  const problems: Problem[] = [];
  const files = new Map<string, FoundFile>();
  const root = await realpath(workspace).catch(() => workspace);
  for (const line of lines.filter((each) => !each.startsWith('!'))) {
    const pattern = isAbsolute(line) ? relative(workspace, line) : line;
    if (pattern.split(/[\\/]/).includes('..') || isAbsolute(pattern)) {
      problems.push(outside(line));
      continue;
    }
    const found = await matching(pattern, root, excluded);
    if (found.length === 0) problems.push(noFile(line));
    for (const file of found) {
      if (await isInside(file.path, root)) files.set(file.name, files.get(file.name) ?? file);
      else problems.push(outside(file.name));
    }
  }
  const sorted = [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (sorted.length <= MOST_FILES) return { files: sorted, problems };
  return { files: [], problems: [...problems, tooMany(sorted.length)] };
}

async function matching(
  pattern: string,
  root: string,
  exclude: readonly string[],
): Promise<readonly FoundFile[]> {
  const naming = MAGIC.test(pattern) ? 'pattern' : 'literal';
  const found: FoundFile[] = [];
  for await (const entry of glob(pattern, { cwd: root, exclude, withFileTypes: true })) {
    if (entry.isDirectory() && naming === 'pattern') continue;
    const path = resolve(entry.parentPath, entry.name);
    found.push({ name: relative(root, path).split(sep).join('/'), path, naming });
  }
  return found;
}

/** A link may lead out of the workspace, where other jobs of the machine have their files. */
async function isInside(path: string, root: string): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  return real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

function noFile(line: string): Problem {
  return {
    problem: `"${line}" matches no file`,
    remedy:
      'check the path, which is relative to the workspace, and that actions/checkout ran before this step',
  };
}

function outside(name: string): Problem {
  return {
    problem: `"${name}" leads out of the workspace`,
    remedy: 'copy the file into the workspace, and name it there',
  };
}

function tooMany(count: number): Problem {
  return {
    problem: `it matches ${count} files, over the limit of ${MOST_FILES}`,
    remedy: 'use narrower patterns, or take files out with a line "!PATTERN"',
  };
}
