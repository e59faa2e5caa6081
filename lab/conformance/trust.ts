// The trusted root of the client: from a file, or the public-good one from TUF.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transport } from '../../src/http/message.ts';
import { createTransport } from '../../src/http/transport.ts';
import { agentsFor } from '../../src/http/proxy.ts';
import type { Roots } from '../../src/model/policy.ts';
import { GITHUB, PUBLIC_GOOD, type TufRepository } from '../../src/sigstore/trust/instances.ts';
import { trustFromFile } from '../../src/sigstore/trust/trust-file.ts';
import { trustFromTuf } from '../../src/sigstore/trust/trust-tuf.ts';
import type { Signers, TrustStore } from '../../src/sigstore/trust/trust.ts';
import { openTuf, type ReadTarget } from '../../src/sigstore/trust/tuf.ts';

/** Milliseconds. */
const RETRY_TIMEOUT = 30_000;

export const transport: Transport = createTransport({
  retryTimeout: RETRY_TIMEOUT,
  onRetry: () => undefined,
  agentFor: agentsFor(process.env),
});

export function trustFor(roots: Roots, signers: Signers): Promise<TrustStore> {
  return roots.kind === 'tuf' ? trustThroughTuf() : trustFromFile(roots.path, signers);
}

async function trustThroughTuf(): Promise<TrustStore> {
  const cache = await mkdtemp(join(tmpdir(), 'countersign-conformance-'));
  const open = ({ tuf }: { readonly tuf: TufRepository }): ReadTarget =>
    openTuf(cache, tuf, transport);
  return trustFromTuf({ publicGood: open(PUBLIC_GOOD), github: open(GITHUB) });
}
