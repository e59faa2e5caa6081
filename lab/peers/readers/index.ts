// The readers of the table, in its order.
import { cosignV2Verify, cosignVerify, cosignVerifyAttestation } from './cosign.ts';
import { countersign } from './countersign.ts';
import { ghFromFile, ghFromRegistry, ghFromStore } from './gh.ts';
import { policyController } from './policy-controller.ts';
import type { Reader } from './reader.ts';
import { sigstorePython } from './sigstore-python.ts';

export const readers: readonly Reader[] = [
  countersign,
  cosignVerify,
  cosignVerifyAttestation,
  cosignV2Verify,
  ghFromRegistry,
  policyController,
  ghFromFile,
  ghFromStore,
  sigstorePython,
];
