// Records a bundle in GitHub's store once, even if the response is lost, and finds it again in the list.
import { setTimeout as sleep } from 'node:timers/promises';
import { sideBySide } from '../concurrency/side-by-side.ts';
import { ActionError, settle } from '../errors.ts';
import { type HttpAnswer, NO_HEADERS } from '../http/message.ts';
import { envelopeIn } from '../text/envelope.ts';
import { isRecord, parseJson } from '../text/json.ts';
import { attestationsPath } from './api.ts';
import { readBundle } from './bundle.ts';
import { notRecorded, unknownRecord, unlistedRecord } from './failures.ts';
import { type ListedAttestation, listAttestations, type Query } from './listing.ts';

export interface Recorded {
  /** Undefined if the response with the id was lost: the list has no ids. */
  readonly id?: string;
  /** How often the list contains it; more than once only if a response was lost and the list was late. */
  readonly copies: number;
}

/** A bundle for the listed digest, for a repository. */
export interface Recording extends Query {
  readonly bundle: Buffer;
  /** An earlier run may have recorded it. */
  readonly origin: 'this step' | 'earlier run';
  /** Milliseconds that the list can lag. */
  readonly patience: number;
}

/** Bundles that are read at once. */
const WIDTH = 10;
const LOOK_AGAIN = [500, 1500, 3000];
/** Used in place of a lost response. */
const LISTED: HttpAnswer = {
  status: 201,
  headers: NO_HEADERS,
  body: Buffer.alloc(0),
  url: new URL('about:blank'),
};

export async function recordOnce(recording: Recording): Promise<Recorded> {
  const { of } = recording;
  if (recording.origin === 'earlier run') {
    const copies = await countOnce(recording);
    if (copies > 0) return { copies };
  }
  const sent = await send(recording);
  if ('copies' in sent) return sent;
  const id = idIn(sent);
  if (id === undefined) throw notRecorded(of, sent);
  const copies = await countCopies(recording, (cause) => unlistedRecord(of, id, cause));
  if (copies === 0) throw unlistedRecord(of, id);
  return { id, copies };
}

/** The response, or the record in the list if it was lost: an attempt without a response may have been executed. */
async function send(recording: Recording): Promise<HttpAnswer | Recorded> {
  const { api, of, bundle } = recording;
  const body = Buffer.concat([Buffer.from('{"bundle":'), bundle, Buffer.from('}')]);
  let copies = 0;
  const lookFirst = async (): Promise<HttpAnswer | object> => {
    copies = await countCopies(recording, (cause) => unknownRecord(of, cause));
    return copies > 0 ? LISTED : {};
  };
  const answer = await api
    .post(attestationsPath('repos', of), body, lookFirst)
    .catch(async (error: unknown) => {
      copies = await countCopies(recording).catch(() => 0);
      if (copies === 0) throw error;
      return LISTED;
    });
  return answer === LISTED ? { copies } : answer;
}

function idIn({ status, body }: HttpAnswer): string | undefined {
  const json = status === 201 ? parseJson(body.toString()) : undefined;
  const id = isRecord(json) ? json['id'] : undefined;
  const isId =
    typeof id === 'string' ? /^\d{1,20}$/.test(id) : Number.isSafeInteger(id) && Number(id) >= 0;
  return isId ? String(id) : undefined;
}

/** Rejects if that cannot be determined, with the error that `explain` creates from the reason. */
async function countCopies(
  recording: Recording,
  explain = (cause: ActionError): ActionError => cause,
): Promise<number> {
  try {
    let waited = 0;
    for (const wait of LOOK_AGAIN) {
      const copies = await countOnce(recording);
      waited += wait;
      if (copies > 0 || waited > recording.patience) return copies;
      await sleep(wait);
    }
    return await countOnce(recording);
  } catch (error) {
    throw error instanceof ActionError ? explain(error) : error;
  }
}

async function countOnce(recording: Recording): Promise<number> {
  const wanted = signedIn(recording.bundle);
  if (wanted === undefined) throw new TypeError('a bundle without an envelope');
  const listed: ListedAttestation[] = [];
  const { failures } = await listAttestations(recording, (each) => void listed.push(each));
  const read = await sideBySide(listed, WIDTH, (each) => settle([readBundle(each, recording)]));
  const bundles = read.flatMap(({ values }) => values);
  const copies = bundles.filter((bundle) => signedIn(bundle) === wanted).length;
  const [failure] = [...failures, ...read.flatMap((each) => each.failures)];
  if (copies === 0 && failure) throw failure;
  return copies;
}

/** Payload and signature of an envelope, in either alphabet of base64. */
function signedIn(bundle: Buffer): string | undefined {
  const envelope = envelopeIn(bundle);
  if (!envelope || !Array.isArray(envelope['signatures'])) return undefined;
  const { payload, signatures } = envelope;
  const signature: unknown = (signatures as readonly unknown[])[0];
  const sig = isRecord(signature) ? signature['sig'] : undefined;
  if (typeof payload !== 'string' || typeof sig !== 'string') return undefined;
  return [payload, sig].map((text) => Buffer.from(text, 'base64').toString('base64')).join(' ');
}
