// Brings node_modules up to the lockfile before a script runs; it runs on whatever Node the machine has, so it is plain JavaScript.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

const modified = (file) =>
  statSync(new URL(`../${file}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  console.log('Installing dependencies: npm ci');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: new URL('..', import.meta.url),
    stdio: 'inherit',
  });
}
