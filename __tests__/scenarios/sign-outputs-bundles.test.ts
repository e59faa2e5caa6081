// Every bundle is in a file for later steps, and commands of other tools are ready to paste.
import { readFile } from 'node:fs/promises';

import { afterAll, describe, expect, test } from '@jest/globals';

import { entries, ISSUER, startWorld } from './world.ts';

const WORKFLOW = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';
const world = await startWorld();

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test('writes bundles as JSON Lines and one file each, and outputs verify-commands', async () => {
    const [one, two] = [
      await world.push('acme/app', { content: `${entry} one` }),
      await world.push('acme/app', { content: `${entry} two` }),
    ];
    const images = `${one.reference}\n${two.reference}`;
    const { exit, outputs, temp, log, summary } = await world.run(entry, {
      mode: 'sign',
      images,
      stores: 'registry, github',
    });
    expect(exit).toBe(0);

    const path = outputs['bundle-path'] ?? '';
    expect(path.startsWith(temp)).toBe(true);
    const text = await readFile(path, 'utf8');
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    const results = JSON.parse(outputs['results'] ?? '') as {
      image: string;
      bundles: { file: string }[];
    }[];
    expect(results.map(({ image }) => image)).toEqual([one.reference, two.reference]);
    const files = results.flatMap(({ bundles }) => bundles.map(({ file }) => file));
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(lines);
    expect(new Set(files).size).toBe(4);

    const root = `--trusted-root ${world.trust.trustedRoot} --certificate-identity ${WORKFLOW} --certificate-oidc-issuer ${ISSUER}`;
    const commands = outputs['verify-commands']?.split('\n') ?? [];
    expect(commands).toEqual(
      expect.arrayContaining([
        `cosign verify ${root} ${one.reference}`,
        `cosign verify ${root} ${two.reference}`,
        `cosign verify-attestation --type https://slsa.dev/provenance/v1 ${root} ${one.reference}`,
      ]),
    );
    for (const command of commands) {
      expect(log).toContain(`Verify with: ${command}`);
      expect(summary).toContain(command);
    }
  });
});
