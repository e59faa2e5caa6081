// Common parts of the signing services: an invalid response is an error that names the service and the status, without quoting the response.
import type { TransparencyLogEntry } from '@sigstore/bundle';
import type { SignatureBundle } from '@sigstore/sign';
import { ActionError } from '../../errors.ts';
import { nameOf } from '../../http/faults.ts';
import type { HttpAnswer, HttpRequest } from '../../http/message.ts';
import { describeStatus } from '../../http/status.ts';

export interface SigningService {
  /** What it is asked for, behind "Cannot". */
  readonly task: string;
  /** What it has to be, behind "check that it is". */
  readonly kind: string;
}

export type Entry = TransparencyLogEntry;

export type Asked = Pick<HttpRequest, 'method' | 'url'>;

/** A log that has this very signature already and does not show it: another signature gets an entry of its own. */
export class UnreadableEntry extends ActionError {}

/** What is made afresh where a log does not show what it has. Only who signs with random numbers gets another entry by it. */
export function unlessUnreadable<Made>(make: () => Promise<Made>): Promise<Made> {
  return make().catch((error: unknown) => {
    if (error instanceof UnreadableEntry) return make();
    throw error;
  });
}

export function isDone({ status }: HttpAnswer): boolean {
  return status === 200 || status === 201;
}

/** `lacking`: what a good status came without. */
export function notAnswered(
  { task, kind }: SigningService,
  asked: Asked,
  answer: HttpAnswer,
  lacking: string,
): ActionError {
  const state = isDone(answer) ? `${answer.status} without ${lacking}` : describeStatus(answer);
  return new ActionError('service', 'SERVICE_REFUSED', {
    message: `Cannot ${task}: ${nameOf(asked)} answered ${state}`,
    remedy: `check the signing configuration: ${asked.url.origin} must be ${kind}; see https://status.sigstore.dev if it is the public one`,
  });
}

/** A conflict means that the answer to an earlier attempt was lost: the entry is there, and `readEntry` has to find it. */
export async function logged(
  log: SigningService,
  asked: Asked,
  answer: HttpAnswer,
  { entryIn, readEntry }: EntryReaders,
): Promise<Entry> {
  const isThere = answer.status === 409;
  const entry = isThere ? await readEntry(answer).catch(() => undefined) : entryIn(answer);
  if (entry) return entry;
  if (!isThere) throw notAnswered(log, asked, answer, 'a log entry');
  throw new UnreadableEntry('service', 'SERVICE_REFUSED', {
    message: `Cannot ${log.task}: ${nameOf(asked)} answered that it already has the entry, but the entry could not be read`,
    remedy: `run the job again; ${asked.url.origin} must be ${log.kind} that returns its entries`,
  });
}

export interface EntryReaders {
  readonly entryIn: (answer: HttpAnswer) => Entry | undefined;
  readonly readEntry: (conflict: HttpAnswer) => Promise<Entry | undefined>;
}

/** The only kind of content that is signed here. */
export function envelopeIn(
  content: SignatureBundle,
): Extract<SignatureBundle, { $case: 'dsseEnvelope' }>['dsseEnvelope'] {
  if (content.$case !== 'dsseEnvelope') throw new TypeError('only DSSE envelopes are witnessed');
  return content.dsseEnvelope;
}
