// The role of a judge: it answers every question that it can be asked.
import type { Environment } from '../command.ts';
import type { ToolName } from '../tools.ts';
import type { Question } from './question.ts';

export interface Judge {
  readonly name: JudgeName;
  readonly tool?: ToolName;
  /** Why it cannot be asked this; undefined when it can. */
  readonly cannot: (question: Question) => string | undefined;
  /** One answer for each question, in their order. */
  readonly judge: (questions: readonly Question[], room: Room) => Promise<readonly Opinion[]>;
}

export type JudgeName = 'Countersign' | 'sigstore (npm)' | 'cosign v3' | 'sigstore-python';

export interface Opinion {
  readonly accepted: boolean;
  /** In one line. */
  readonly reason: string;
}

export interface Room {
  /** For whatever a judge writes; removed at the end. */
  readonly folder: string;
  /** Nothing of the user's environment but the search path, and no way out of the machine. */
  readonly env: Environment;
  readonly tool: (name: ToolName) => string;
}

/** What a program said, as a reason. */
export function inOneLine(message: string): string {
  const text = message.replace(/\s+/g, ' ').trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 160;
