// A second Rekor v2, with an Ed25519 key like that of the public instance; not every client of the interop run supports one.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';

import { cache } from '../../tools/cache.ts';
import type { Stack } from '../../stack/stack.ts';
import { writeFirstEntries } from '../../stack/first-entry.ts';
import { freePorts } from '../../stack/ports.ts';
import { startService } from '../../stack/service.ts';
import { describeServices, portNames } from '../../stack/services.ts';
import { logNames } from '../../stack/trust.ts';
import type { LogJson } from '../root.ts';

export interface Ed25519Log {
  readonly url: string;
  /** In the form of a trusted root. */
  readonly json: LogJson;
  readonly stop: () => Promise<void>;
}

const NAME = 'rekor-v2-ed25519.local';

export async function startEd25519Log(stack: Stack): Promise<Ed25519Log> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const ports = await freePorts(portNames);
  const ground = {
    folder: join(stack.folder, 'ed25519'),
    ports,
    authorities: { ...stack.authorities, rekorV2: { privateKey, publicKey } },
    issuers: [],
    tool: stack.tool,
  };
  const { rekorV2 } = await describeServices(ground);
  const [program, ...args] = rekorV2.command;
  const spec = {
    ...rekorV2,
    name: 'rekor-v2-ed25519',
    command: [
      program,
      ...args.map((argument) => (argument === logNames.rekorV2 ? NAME : argument)),
    ] as const,
  };
  const { stop } = await startService(spec, {
    env: stack.env,
    cwd: join(stack.folder, 'empty'),
    logs: join(cache, 'logs'),
  });
  const url = `http://127.0.0.1:${ports.rekorV2}`;
  await writeFirstEntries({ ...stack.endpoints, rekorV2: url });

  const spki = publicKey.export({ type: 'spki', format: 'der' });
  // The ID of an Ed25519 key is derived from name and key, as in its checkpoints: C2SP signed-note.md, "Signatures"
  const keyId = createHash('sha256')
    .update(`${NAME}\n\x01`)
    .update(spki.subarray(-32))
    .digest('base64');
  const validFor = { start: '2024-01-01T00:00:00Z' };
  return {
    url,
    stop,
    json: {
      baseUrl: `http://${NAME}`,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: spki.toString('base64'), keyDetails: 'PKIX_ED25519', validFor },
      logId: { keyId },
    },
  };
}
