// npm run vectors: starts a Sigstore instance on loopback, signs in every way that is accepted and in every way that is rejected, and keeps the results in data/.
import { join } from 'node:path';

import { buildTools } from '../tools/build.ts';
import { startStack } from '../stack/stack.ts';
import { certificate } from './bad/certificate.ts';
import { entry } from './bad/entry.ts';
import { fields } from './bad/fields.ts';
import { identity } from './bad/identity.ts';
import { json } from './bad/json.ts';
import { key } from './bad/key.ts';
import { layer } from './bad/layer.ts';
import { log } from './bad/log.ts';
import { root } from './bad/root.ts';
import { statement } from './bad/statement.ts';
import { time } from './bad/time.ts';
import type { Draft } from './draft.ts';
import { clients } from './good/clients.ts';
import { cosignV2 } from './good/cosign-v2.ts';
import { instances } from './good/instances.ts';
import { keyless } from './good/keyless.ts';
import { keys } from './good/keys.ts';
import { spellings } from './good/spellings.ts';
import { publish } from './publish.ts';
import { startEd25519Log } from './services/ed25519-log.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

const sets: readonly ((workshop: Workshop) => Promise<readonly Draft[]>)[] = [
  keyless,
  spellings,
  instances,
  clients,
  cosignV2,
  keys,
  json,
  fields,
  certificate,
  identity,
  time,
  log,
  entry,
  statement,
  layer,
  key,
  root,
];

// Services end with this process, and a process that is ended by a signal cannot stop them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(130));

const stack = await startStack(await buildTools());
const ed25519Log = await startEd25519Log(stack);
try {
  const workshop = await openWorkshop(stack, ed25519Log);
  const drafts: Draft[] = [];
  for (const set of sets) drafts.push(...(await set(workshop)));
  await publish(drafts, join(import.meta.dirname, 'data'));
  const goodOnes = drafts.filter(({ expect }) => expect === 'verified');
  console.log(`${goodOnes.length} good vectors, ${drafts.length - goodOnes.length} bad ones`);
} finally {
  await ed25519Log.stop();
  await stack.stop();
}
