// The cost of the DER writer of `@sigstore/core` for one bundle: docs/adr/0013-der-writer.md proposes the other writer.
import { ASN1Obj } from '@sigstore/core';
import { startInstance } from '../bundles/instance.ts';
import { compare } from './compare.ts';
import { makeKinds } from './kinds.ts';

type Write = (this: ASN1Obj) => Buffer;

const theirs = Object.getOwnPropertyDescriptor(ASN1Obj.prototype, 'toDER')?.value as Write;

/** The same bytes, in a buffer of their own length. */
const proposed: Write = function (this: ASN1Obj): Buffer {
  const value =
    this.subs.length === 0 ? this.value : Buffer.concat(this.subs.map((sub) => sub.toDER()));
  return Buffer.concat([Buffer.from([this.tag.toDER()]), lengthOf(value), value]);
};

/** X.690, 8.1.3. */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 128) return Buffer.from([length]);
  const bytes = Buffer.from(
    length.toString(16).padStart(2 * Math.ceil(byteCount(length)), '0'),
    'hex',
  );
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function byteCount(length: number): number {
  return Math.ceil(Math.log2(length + 1) / 8);
}

/** In this process only; the action uses the library unchanged. */
function writingWith(write: Write): void {
  ASN1Obj.prototype.toDER = write;
}

export async function measureDerWriter(): Promise<readonly (readonly string[])[]> {
  const instance = await startInstance();
  try {
    const kinds = (await makeKinds(instance)).filter(({ name }) =>
      /^keyless, Rekor v\d$/.test(name),
    );
    const rows: (readonly string[])[] = [
      ['the DER writer, one bundle warm', 'as it is', 'as proposed', 'ratio'],
    ];
    for (const { name, ours, plain } of kinds) {
      rows.push(
        await rowOf(`Countersign, ${name}`, ours),
        await rowOf(`@sigstore/verify, ${name}`, plain),
      );
    }
    return rows;
  } finally {
    writingWith(theirs);
    await instance.stop();
  }
}

async function rowOf(name: string, verify: () => unknown): Promise<readonly string[]> {
  const by = (write: Write) => (): unknown => {
    writingWith(write);
    return verify();
  };
  const { first, second, ratio } = await compare(by(theirs), by(proposed));
  return [name, `${first.toFixed(2)} ms`, `${second.toFixed(2)} ms`, ratio.toFixed(2)];
}
