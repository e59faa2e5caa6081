// The timestamp authority: answers RFC 3161 queries, as DER or in the JSON of Sigstore's server.
import { generateKeyPairSync, sign } from 'node:crypto';

import { ASN1Obj } from '@sigstore/core';

import { type Answer, type Exchange, json, parseObject, Refusal } from '../answer.ts';
import {
  buildTbs,
  createAuthority,
  encodeName,
  keyIdentifiers,
  leafUsage,
  newSerial,
  signCertificate,
} from './certificate.ts';
import {
  explicit,
  generalizedTime,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  tagged,
  utcTime,
} from './der.ts';
import { sha256 } from './signed-digest.ts';

export interface TsaSettings {
  /** Seconds by which the clock of the authority is ahead. */
  clockAhead: number;
}

interface Query {
  readonly hashOid: string;
  readonly hash: Buffer;
  readonly nonce: Buffer | undefined;
  readonly certificates: boolean;
}

const hashOids: Readonly<Record<string, { readonly oid: string; readonly bytes: number }>> = {
  sha256: { oid: '2.16.840.1.101.3.4.2.1', bytes: 32 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', bytes: 48 },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', bytes: 64 },
};
const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing());
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const YEAR = 365 * 24 * 3600 * 1000;

export class TimestampAuthority {
  /** Signing certificate first, root last. */
  readonly chain: readonly Buffer[];
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #serial = newSerial();
  readonly #issuerName: Buffer;
  readonly #settings: TsaSettings;

  constructor(organization: string, settings: TsaSettings) {
    const validity = {
      notBefore: new Date(Date.now() - YEAR),
      notAfter: new Date(Date.now() + 9 * YEAR),
    };
    const root = createAuthority(
      { organization, commonName: 'sigstore-tsa-selfsigned' },
      validity,
      0,
    );
    const key = this.#keys.publicKey;
    const template = {
      subject: encodeName({ organization, commonName: 'sigstore-tsa' }),
      key,
      validity,
      extensions: [...leafUsage(TIME_STAMPING, 'critical'), ...keyIdentifiers(key, root.publicKey)],
      serial: this.#serial,
    };
    this.chain = [signCertificate(root, buildTbs(root, template)), ...root.chain];
    this.#issuerName = encodeName(root.name);
    this.#settings = settings;
  }

  serve({ method, url, headers, body }: Exchange): Answer {
    if (`${method} ${url.pathname}` !== 'POST /api/v1/timestamp') return { status: 404 };
    const type = headers['content-type'] ?? '';
    const query = type.startsWith('application/timestamp-query') ? parseDer(body) : parseJson(body);
    return {
      status: 201,
      headers: { 'Content-Type': 'application/timestamp-reply' },
      body: this.#respond(query),
    };
  }

  #respond(query: Query): Buffer {
    const granted = sequence(integer(0));
    return sequence(
      granted,
      sequence(oid('1.2.840.113549.1.7.2'), explicit(0, this.#signedData(query))),
    );
  }

  // https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
  #signedData({ hashOid, hash, nonce, certificates }: Query): Buffer {
    const now = new Date(Date.now() + this.#settings.clockAhead * 1000);
    const info = sequence(
      integer(1),
      oid('1.3.6.1.4.1.57264.2'),
      sequence(sequence(oid(hashOid), nothing()), octets(hash)),
      integer(newSerial()),
      generalizedTime(now),
      sequence(integer(1)),
      ...(nonce ? [tagged(0x02, nonce)] : []),
    );
    const [leaf = Buffer.alloc(0)] = this.chain;
    return sequence(
      integer(3),
      setOf(SHA256),
      sequence(oid(TST_INFO), explicit(0, octets(info))),
      ...(certificates ? [explicit(0, leaf)] : []),
      setOf(this.#signerInfo(info, leaf, now)),
    );
  }

  // https://www.rfc-editor.org/rfc/rfc5652#section-5.3
  #signerInfo(info: Buffer, leaf: Buffer, now: Date): Buffer {
    const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), setOf(value));
    const attributes = setOf(
      attribute('1.2.840.113549.1.9.3', oid(TST_INFO)),
      attribute('1.2.840.113549.1.9.5', utcTime(now)),
      attribute('1.2.840.113549.1.9.4', octets(sha256(info))),
      attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(sha256(leaf)))))),
    );
    // The signature covers the attributes as a SET, the message carries them under an implicit tag.
    const carried = Buffer.concat([Buffer.from([0xa0]), attributes.subarray(1)]);
    return sequence(
      integer(1),
      sequence(this.#issuerName, integer(this.#serial)),
      SHA256,
      carried,
      sequence(oid('1.2.840.10045.4.3.2')),
      octets(sign('sha256', attributes, this.#keys.privateKey)),
    );
  }
}

function parseJson(body: Buffer): Query {
  const { artifactHash, hashAlgorithm, nonce, certificates } = parseObject(body) ?? {};
  const algorithm = hashOids[String(hashAlgorithm)];
  const hash = Buffer.from(String(artifactHash), 'base64');
  if (!algorithm || hash.length !== algorithm.bytes)
    throw refuse('invalid artifact hash or hash algorithm');
  const given = typeof nonce === 'number' ? integer(nonce).subarray(2) : undefined;
  return { hashOid: algorithm.oid, hash, nonce: given, certificates: certificates === true };
}

// https://www.rfc-editor.org/rfc/rfc3161#section-2.4.1
function parseDer(body: Buffer): Query {
  try {
    const [, imprint, ...options] = ASN1Obj.parseBuffer(Buffer.from(body)).subs;
    const [algorithm, hash] = imprint?.subs ?? [];
    if (!algorithm?.subs[0] || !hash) throw new Error('no message imprint');
    const nonce = options.find(({ tag }) => tag.isUniversal() && tag.number === 0x02);
    const certificates = options.some((option) => option.tag.isBoolean() && option.toBoolean());
    return {
      hashOid: algorithm.subs[0].toOID(),
      hash: hash.value,
      nonce: nonce?.value,
      certificates,
    };
  } catch (error) {
    throw refuse(`error parsing timestamp query: ${String(error)}`);
  }
}

function refuse(message: string): Refusal {
  return new Refusal(json(400, { code: 400, message }));
}
