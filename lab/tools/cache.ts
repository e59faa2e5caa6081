// The one folder outside the repository that interop writes to: built tools and the logs of the last run.
import { homedir } from 'node:os';
import { join } from 'node:path';

const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');

export const cache = join(base, 'countersign-interop');
