// One bundle, warm: our verifier compared with plain `@sigstore/verify`.
import { startInstance } from '../bundles/instance.ts';
import { compare } from './compare.ts';
import { makeKinds } from './kinds.ts';

export async function measureOneBundle(): Promise<readonly (readonly string[])[]> {
  const instance = await startInstance();
  try {
    const rows: (readonly string[])[] = [
      ['one bundle, warm', 'Countersign', '@sigstore/verify', 'ratio'],
    ];
    for (const { name, ours, plain } of await makeKinds(instance)) {
      const { first, second, ratio } = await compare(ours, plain);
      rows.push([name, `${first.toFixed(2)} ms`, `${second.toFixed(2)} ms`, ratio.toFixed(2)]);
    }
    return rows;
  } finally {
    await instance.stop();
  }
}
