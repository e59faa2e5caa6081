// The role of a writer: it signs an image as a given workflow and stores the evidence.
import type { Image } from '../image.ts';
import type { Signer } from '../signer.ts';
import type { Stack } from '../../stack/stack.ts';
import type { ToolName } from '../../tools/tools.ts';

/** Evidence as files of bundles, JSON Lines, in addition to the registry. */
export interface Written {
  /** The files of the writer: `bundle-path`, `cosign --bundle`. */
  readonly file?: string;
  /** The content of the GitHub attestation store afterwards. */
  readonly recorded?: string;
}

export interface Writer {
  readonly name: string;
  readonly tool?: ToolName;
  /** Throws the output of the tool if it does not sign. */
  readonly write: (image: Image, signer: Signer, stack: Stack) => Promise<Written>;
}
