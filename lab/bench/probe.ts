// Preloaded into the process of the action: at its end, reports how long the event loop was blocked, and how much memory was used.
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync, writeFileSync } from 'node:fs';

export interface Probed {
  /** Milliseconds: the longest time in which no timer ran, and the longest that the main thread computed in such a time; the rest is the machine's. */
  readonly pause: number;
  readonly computing: number;
  /** Bytes: the peak of resident memory, and its amount at the first request. */
  readonly most: number;
  readonly first: number;
}

const EVERY = 5;
let [first, pause, computing] = [0, 0, 0];
let [seen, computed] = [0, 0];

function look(): void {
  const [now, cpu] = [performance.now(), threadTime()];
  [pause, computing] = [Math.max(pause, now - seen), Math.max(computing, cpu - computed)];
  [seen, computed] = [now, cpu];
}

function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

// Before the first request the modules are loaded, and no response is awaited.
subscribe('http.client.request.start', () => {
  if (first > 0) return;
  first = process.memoryUsage.rss();
  [seen, computed] = [performance.now(), threadTime()];
  setInterval(look, EVERY).unref();
});

/** Of this process only: the kernel's count includes memory of the parent. */
function mostResident(): number {
  const [, kibibytes] =
    /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

process.on('exit', () => {
  look();
  const probed: Probed = { pause, computing, most: mostResident(), first };
  writeFileSync(process.env['BENCH_PROBE'] ?? '/dev/null', JSON.stringify(probed));
});
