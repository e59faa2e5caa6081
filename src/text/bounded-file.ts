// A file that a user named, read up to a size limit.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { whyUnreadable } from './file-kind.ts';
import type { Parsed, Problem } from './parsed.ts';

/** The bytes of the file, at most `limit` of them; a problem starts with "it". */
export async function readBoundedFile(path: string, limit: number): Promise<Parsed<Buffer>> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) return unreadable('it is a directory');
    // Opening a pipe waits for its writer, and a device may never end.
    if (!facts.isFile()) return unreadable('it is not a regular file');
    if (facts.size > limit) return tooLarge(`${facts.size} bytes`, limit);
    const bytes = await readUpTo(path, limit + 1);
    return bytes.length > limit ? tooLarge(`more than ${limit} bytes`, limit) : { value: bytes };
  } catch (error) {
    return unreadable(whyUnreadable(codeIn(error)));
  }
}

async function readUpTo(path: string, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stream = createReadStream(path, { end: bytes - 1 });
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function codeIn(error: unknown): string | undefined {
  if (!Error.isError(error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function unreadable(problem: string): Problem {
  return { problem, remedy: 'check the path; it is relative to the workspace' };
}

function tooLarge(size: string, limit: number): Problem {
  return {
    problem: `it has ${size}, over the limit of ${limit}`,
    remedy: 'check that this is the right file, and make it smaller if it is',
  };
}
