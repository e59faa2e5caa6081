// The verifiers that are compared with ours.
import type { Judge } from '../judge.ts';
import { cosign } from './cosign.ts';
import { sigstoreJs } from './sigstore-js.ts';
import { sigstorePython } from './sigstore-python.ts';

export const peers: readonly Judge[] = [sigstoreJs, cosign, sigstorePython];
