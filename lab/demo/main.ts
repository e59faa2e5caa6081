// npm run demo: the main job of the action on this machine, with images that a gate must reject.
import '../runner/scratch.ts';
import { type Act, play } from './act.ts';
import { ACTS } from './acts.ts';
import { openStage } from './stage.ts';

/** Runs in order, because later acts change what earlier ones left. */
async function playAll(acts: readonly Act[]): Promise<readonly string[]> {
  const stage = await openStage();
  try {
    console.log(
      "A registry, GitHub's token issuer and attestation API, and a Sigstore run on 127.0.0.1; each step runs dist/index.js.",
    );
    console.log('Digests are cut to twelve digits.');
    const broken: string[] = [];
    for (const [index, act] of acts.entries()) {
      const complaints = await play(act, index + 1, stage).catch((error: unknown) => [
        `could not be played: ${String(error)}`,
      ]);
      broken.push(
        ...complaints.map((complaint) => `${index + 1}. ${act.headline}\n   ${complaint}`),
      );
    }
    return broken;
  } finally {
    await stage.close();
  }
}

const started = performance.now();
const broken = await playAll(ACTS);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  broken.length === 0
    ? `\nAll ${ACTS.length} acts did what they must (${seconds} s).`
    : `\nThis does not hold:\n${broken.join('\n')}`,
);
process.exitCode = broken.length === 0 ? 0 : 1;
