// The role of a reader: given the expectations for an image, it accepts or rejects it.
import type { Image } from '../image.ts';
import type { Signer } from '../signer.ts';
import type { Stack } from '../../stack/stack.ts';
import type { TrustFiles } from '../../stack/trust.ts';
import type { ToolName } from '../../tools/tools.ts';
import type { Written } from '../writers/writer.ts';

export interface Expectation {
  readonly image: Image;
  readonly signer: Signer;
  readonly trust: TrustFiles;
}

export interface Answer {
  readonly accepted: boolean;
  readonly message: string;
}

/** The differences of an image from the expectation, for which it must be rejected. */
export const differences = [
  'repository',
  'caller',
  'workflow',
  'issuer',
  'root',
  'digest',
  'unsigned',
] as const;

export type Difference = (typeof differences)[number];

/**
 * The required message, because a rejection for another reason proves nothing. Two differences do not apply to every reader: `caller` is the
 * expected workflow run for another repository, which a reader of the SAN accepts, and a file cannot be `unsigned`.
 */
export type Refusals = Readonly<Record<Exclude<Difference, 'caller' | 'unsigned'>, RegExp>> &
  Readonly<Partial<Record<'caller' | 'unsigned', RegExp>>>;

interface Described {
  readonly name: string;
  readonly tool?: ToolName;
  readonly refusals: Refusals;
  /** Writers whose evidence it cannot read, and why. */
  readonly cannotRead?: Readonly<Record<string, string>>;
}

export interface RegistryReader extends Described {
  readonly reads: 'registry';
  readonly judge: (expectation: Expectation, stack: Stack) => Promise<Answer>;
}

export interface FileReader extends Described {
  readonly reads: keyof Written;
  readonly judge: (expectation: Expectation, stack: Stack, file: string) => Promise<Answer>;
}

export type Reader = RegistryReader | FileReader;
