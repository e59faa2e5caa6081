// A line of a file in the workspace.

export interface FilePlace {
  /** Relative to the workspace, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** `k8s/app.yaml:12`. */
export function formatPlace({ file, line }: FilePlace): string {
  return `${file}:${line}`;
}
