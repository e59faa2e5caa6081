// Imported first by a command: what it and its children leave in the temporary directory ends with it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const scratch = mkdtempSync(join(tmpdir(), 'countersign-'));

process.env['TMPDIR'] = scratch;
process.once('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
// A signal ends a process without "exit".
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
