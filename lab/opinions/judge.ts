// The role of a verifier that is compared: it gives a result for every vector that it supports.
import type { Environment } from '../tools/command.ts';
import type { ToolName } from '../tools/tools.ts';
import type { Question } from './question.ts';

export interface Judge {
  readonly name: JudgeName;
  readonly tool?: ToolName;
  /** Why it does not support this; undefined if it does. */
  readonly cannot: (question: Question) => string | undefined;
  /** One result for each question, in their order. */
  readonly judge: (questions: readonly Question[], room: Room) => Promise<readonly Opinion[]>;
}

export type JudgeName = 'Countersign' | 'sigstore (npm)' | 'cosign v3' | 'sigstore-python';

export interface Opinion {
  readonly accepted: boolean;
  /** In one line. */
  readonly reason: string;
}

export interface Room {
  /** For any files of a verifier; removed at the end. */
  readonly folder: string;
  /** Nothing of the user's environment but the search path, and no network access. */
  readonly env: Environment;
  readonly tool: (name: ToolName) => string;
}

/** Throws if the verifier could not run: it must not use the network, and a failed request is not a result. */
export function opinionOf(accepted: boolean, message: string): Opinion {
  const text = message.replace(/\s+/g, ' ').trim();
  if (UNREACHABLE.test(text)) throw new Error(`it asked the network: ${text}`);
  return { accepted, reason: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text };
}

const UNREACHABLE = /127\.0\.0\.1:9\b|proxyconnect|connection refused|ECONNREFUSED|TUFError/i;
const LONGEST = 160;
