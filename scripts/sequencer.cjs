// The order of test files. Jest runs the longest first, and those mostly wait: side by side they leave the machine idle. Here they are spread from the start to near the end.
const { default: Sequencer } = require('@jest/test-sequencer');

const LAST = 0.2; // of the time of the short ones: they fill the end
// The first run in a clone knows no durations: these wait for retries, pauses and deadlines.
const WAITING = [
  'concurrently',
  'copies-evidence',
  'cosign-v2',
  'deadline',
  'fallback-tag-races',
  'identity-token',
  'lost-responses',
  'pace',
  'problems-first',
  'record-once',
  'reuses-signatures',
  'shared-tags',
  'statement-signer',
  'stays-listed',
  'stores/registry',
  'says-how-far',
  'transient-faults',
  'gate-waits',
  'write-tag',
  'writes-referrers',
];

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests).sort((a, b) => time(b) - time(a));
    const average = total(sorted) / sorted.length;
    const long = sorted.filter((test) => time(test) > 2 * average);
    const short = sorted.slice(long.length);
    const share = ((1 - LAST) * total(short)) / total(long);
    const order = [];
    let due = 0;
    for (const test of spread(long)) {
      order.push(test);
      due += share * time(test);
      while (due > 0 && short.length > 0) {
        const next = short.shift();
        order.push(next);
        due -= time(next);
      }
    }
    return [...order, ...short];
  }
};

/** The longest is followed by one of the middle, and so on: each pair takes about as long. */
function spread(tests) {
  const half = Math.ceil(tests.length / 2);
  const middle = tests.slice(half);
  return tests.slice(0, half).flatMap((test) => [test, ...middle.splice(0, 1)]);
}

function total(tests) {
  return tests.reduce((sum, test) => sum + time(test), 0);
}

/** Milliseconds. */
function time({ duration, path }) {
  if (duration !== undefined) return duration;
  if (WAITING.some((name) => path.includes(name))) return 20_000;
  return path.includes('scenarios') ? 5000 : 1000;
}
