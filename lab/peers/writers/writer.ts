// The role of a writer: it signs an image as a given workflow and stores the evidence.
import type { Image } from '../image.ts';
import type { Signer } from '../signer.ts';
import type { Stack } from '../../stack/stack.ts';
import type { ToolName } from '../../tools/tools.ts';

/** Evidence as files of bundles, JSON Lines, beside what lies in the registry. */
export interface Written {
  /** What the writer hands on: `bundle-path`, `cosign --bundle`. */
  readonly file?: string;
  /** What the GitHub attestation store holds afterwards. */
  readonly recorded?: string;
}

export interface Writer {
  readonly name: string;
  readonly tool?: ToolName;
  /** Throws, with what the tool said, when it does not sign. */
  readonly write: (image: Image, signer: Signer, stack: Stack) => Promise<Written>;
}
