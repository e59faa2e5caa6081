// A program that the step can run: its input and its result.
export type ProgramResult =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly output: string }
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'missing' };

/** Runs a program from PATH with these arguments and this input. */
export type RunProgram = (
  name: string,
  args: readonly string[],
  input: string,
) => Promise<ProgramResult>;
