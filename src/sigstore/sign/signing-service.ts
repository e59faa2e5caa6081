// Common parts of the signing services: an invalid response is an error that names the service and the status, without quoting the response.
import type { TransparencyLogEntry } from '@sigstore/bundle';
import type { SignatureBundle } from '@sigstore/sign';
import { ActionError } from '../../errors.ts';
import { nameOf } from '../../http/faults.ts';
import type { HttpAnswer, HttpRequest } from '../../http/message.ts';
import { describeStatus } from '../../http/status.ts';

export interface SigningService {
  /** The requested action, after "Cannot". */
  readonly task: string;
  /** The expected kind of service, after "check that it is". */
  readonly kind: string;
}

export type Entry = TransparencyLogEntry;

export type Asked = Pick<HttpRequest, 'method' | 'url'>;

/** A log that contains this exact signature already and does not return it: another signature gets a new entry. */
export class UnreadableEntry extends ActionError {}

/** Signs again if a log does not return an existing entry. Only signatures with a random number get another entry. */
export function unlessUnreadable<Made>(make: () => Promise<Made>): Promise<Made> {
  return make().catch((error: unknown) => {
    if (error instanceof UnreadableEntry) return make();
    throw error;
  });
}

export function isDone({ status }: HttpAnswer): boolean {
  return status === 200 || status === 201;
}

/** `lacking`: what is missing in a response with a successful status. */
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

/** A conflict means that the response to an earlier attempt was lost: the entry exists, and `readEntry` must find it. */
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
