// Rekor v1: logs DSSE and hashedrekord entries and returns a signed entry timestamp and an inclusion proof.
import { type Answer, type Exchange, json, parseObject } from '../answer.ts';
import { canonicalJson } from '../canonical-json.ts';
import { entryHash, type LoggedEntry, TransparencyLog } from './log.ts';
import { canonicalize } from './proposed-entry.ts';

const ENTRIES = '/api/v1/log/entries';
const TREE_ID = '1193050959916656';
/** Entries of earlier shards: the index in the log differs from the one in the tree. */
const EARLIER_ENTRIES = 4_163_431;

export class RekorV1 {
  readonly log: TransparencyLog;

  constructor(name: string) {
    this.log = new TransparencyLog('P-256', name, `${name} - ${TREE_ID}`);
  }

  serve({ method, url, body }: Exchange): Answer {
    const { pathname } = url;
    if (method === 'POST' && pathname === ENTRIES) return this.#add(body);
    if (method === 'GET' && pathname === ENTRIES)
      return this.#byIndex(Number(url.searchParams.get('logIndex')));
    if (method === 'GET' && pathname.startsWith(`${ENTRIES}/`))
      return this.#byId(pathname.slice(ENTRIES.length + 1));
    if (method === 'GET' && pathname === '/api/v1/log/publicKey') return this.#publicKey();
    return refuse(404, `path ${pathname} was not found`);
  }

  #add(request: Buffer): Answer {
    const proposed = parseObject(request);
    if (!proposed) return refuse(400, 'parsing body failed');
    let body: Buffer;
    try {
      body = Buffer.from(canonicalJson(canonicalize(proposed)));
    } catch (error) {
      return refuse(400, `error processing entry: ${String(error)}`);
    }
    const existing = this.log.find((entry) => entry.body.equals(body));
    if (existing) {
      const message = `an equivalent entry already exists in the transparency log with UUID ${uuid(existing)}`;
      return refuse(409, message, { Location: `${ENTRIES}/${uuid(existing)}` });
    }
    const entry = this.log.append(body);
    // Go clients find the entry in the response by its ETag.
    return this.#answer(201, entry, { Location: `${ENTRIES}/${uuid(entry)}`, ETag: uuid(entry) });
  }

  #byId(id: string): Answer {
    const entry = this.log.find((logged) => uuid(logged) === id || entryHash(logged) === id);
    return entry ? this.#answer(200, entry) : refuse(404, 'entry not found');
  }

  #byIndex(logIndex: number): Answer {
    const entry = this.log.find(({ index }) => index + EARLIER_ENTRIES === logIndex);
    return entry ? this.#answer(200, entry) : refuse(404, 'entry not found');
  }

  #publicKey(): Answer {
    const pem = `-----BEGIN PUBLIC KEY-----\n${this.log.publicKey.toString('base64')}\n-----END PUBLIC KEY-----\n`;
    return { status: 200, headers: { 'Content-Type': 'application/x-pem-file' }, body: pem };
  }

  #answer(
    status: number,
    entry: LoggedEntry,
    headers: Readonly<Record<string, string>> = {},
  ): Answer {
    const { integratedTime, index } = entry;
    const promised = {
      body: entry.body.toString('base64'),
      integratedTime,
      logID: this.log.id.toString('hex'),
      logIndex: index + EARLIER_ENTRIES,
    };
    const { treeSize, rootHash, hashes, checkpoint } = this.log.prove(index);
    const verification = {
      inclusionProof: {
        checkpoint,
        hashes: hashes.map(hex),
        logIndex: index,
        rootHash: hex(rootHash),
        treeSize,
      },
      signedEntryTimestamp: this.log.sign(Buffer.from(canonicalJson(promised))).toString('base64'),
    };
    return json(status, { [uuid(entry)]: { ...promised, verification } }, headers);
  }
}

function uuid(entry: LoggedEntry): string {
  return BigInt(TREE_ID).toString(16).padStart(16, '0') + entryHash(entry);
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}

function refuse(
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json(code, { code, message }, headers);
}
