// The order of test files. Jest runs the longest first, and most of those wait: side by side they would leave the machine idle, so each is followed by a few short ones.
const { default: Sequencer } = require('@jest/test-sequencer');

const SHORT_AFTER_EACH = 4;

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const long = sorted.slice(0, Math.ceil(sorted.length / (SHORT_AFTER_EACH + 1)));
    const short = sorted.slice(long.length);
    return long.flatMap((test, index) => [
      test,
      ...short.slice(index * SHORT_AFTER_EACH, (index + 1) * SHORT_AFTER_EACH),
    ]);
  }
};
