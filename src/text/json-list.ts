// Reads one list out of a JSON document as it arrives, entry by entry, with any other content and any size.

export interface JsonListOptions {
  /** The member of the document that is the list: `manifests`. */
  readonly list: string;
  /** Maximum bytes of an entry; a larger one is counted and skipped. */
  readonly entryLimit: number;
  /** Receives each entry that is an object, as unparsed JSON; the bytes are only valid during the call. */
  readonly onEntry: (json: Buffer) => void;
}

export interface JsonListEnd {
  /** Whether this was one JSON object, judging by brackets and strings. */
  readonly isWhole: boolean;
  readonly hasList: boolean;
  readonly tooLarge: number;
  /** The member `mediaType`, empty without one. */
  readonly mediaType: string;
}

const [QUOTE, BACKSLASH, COMMA, COLON, SPACE, NULL] = [0x22, 0x5c, 0x2c, 0x3a, 0x20, 0x6e];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Depth of the members of the document, and of the entries of its lists. */
const [MEMBERS, ENTRIES] = [1, 2];
/** Maximum characters of a member's name or of the media type. */
const LONGEST_NAME = 256;

export class JsonListReader {
  readonly #options: JsonListOptions;
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #isMalformed = false;
  #isEnded = false;
  #isInList = false;
  #hasList = false;
  /** The last string among the members, and the one before the colon. */
  #text = '';
  #name = '';
  #mediaType = '';
  #entry: Buffer[] | undefined;
  #entrySize = 0;
  #tooLarge = 0;

  constructor(options: JsonListOptions) {
    this.#options = options;
  }

  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    let entryFrom = 0;
    while (at < bytes.length && !this.#isMalformed) {
      if (this.#isString) {
        at = this.#readString(bytes, at);
        continue;
      }
      const byte = bytes[at] ?? SPACE;
      if (byte === OPEN_OBJECT && this.#isInList && this.#depth === ENTRIES) {
        [this.#entry, this.#entrySize, entryFrom] = [[], 0, at];
      }
      this.#step(byte);
      at++;
      if (byte === CLOSE_OBJECT && this.#entry && this.#depth === ENTRIES) {
        this.#handOver(bytes.subarray(entryFrom, at));
      }
    }
    if (this.#entry) this.#keep(bytes.subarray(entryFrom));
  }

  end(): JsonListEnd {
    const isWhole = this.#isEnded && !this.#isMalformed;
    return {
      isWhole,
      hasList: this.#hasList,
      tooLarge: this.#tooLarge,
      mediaType: this.#mediaType,
    };
  }

  #step(byte: number): void {
    if (byte <= SPACE) return;
    if (this.#isEnded || (this.#depth === 0 && byte !== OPEN_OBJECT)) {
      this.#isMalformed = true;
      return;
    }
    switch (byte) {
      case QUOTE:
        this.#isString = true;
        this.#text = '';
        return;
      case COLON:
        if (this.#depth === MEMBERS) this.#name = this.#text;
        return;
      case COMMA:
        if (this.#depth === MEMBERS) this.#name = '';
        return;
      case OPEN_OBJECT:
      case OPEN_LIST:
        this.#open(byte);
        return;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        this.#close();
        return;
      case NULL:
        // Go writes an empty list as null.
        this.#hasList ||= this.#depth === MEMBERS && this.#name === this.#options.list;
    }
  }

  #open(byte: number): void {
    if (this.#depth === MEMBERS && byte === OPEN_LIST && this.#name === this.#options.list) {
      this.#isInList = true;
      this.#hasList = true;
    }
    this.#depth++;
  }

  #close(): void {
    this.#depth--;
    if (this.#depth === MEMBERS) this.#isInList = false;
    if (this.#depth === 0) this.#isEnded = true;
  }

  /** Jumps from one quote or backslash to the next: most of a large document is in strings. */
  #readString(bytes: Buffer, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    let quote = bytes.indexOf(QUOTE, at);
    for (;;) {
      const backslash = bytes.subarray(at, quote === -1 ? undefined : quote).indexOf(BACKSLASH);
      if (backslash === -1) break;
      at += backslash + 2;
      if (quote !== -1 && quote < at) quote = bytes.indexOf(QUOTE, at);
    }
    this.#isEscaped = at > bytes.length;
    const end = quote === -1 ? bytes.length : quote;
    if (this.#depth === MEMBERS) this.#remember(bytes.subarray(from, end));
    if (quote === -1) return bytes.length;
    this.#isString = false;
    if (this.#depth === MEMBERS && this.#name === 'mediaType') this.#mediaType ||= this.#text;
    return quote + 1;
  }

  #remember(part: Buffer): void {
    if (this.#text.length < LONGEST_NAME) this.#text += part.toString('latin1', 0, LONGEST_NAME);
  }

  /** For an entry that continues in the next chunk. */
  #keep(part: Buffer): void {
    this.#entrySize += part.length;
    if (this.#entrySize <= this.#options.entryLimit) this.#entry?.push(Buffer.from(part));
    else this.#entry = [];
  }

  #handOver(last: Buffer): void {
    const before = this.#entry ?? [];
    this.#entry = undefined;
    if (this.#entrySize + last.length > this.#options.entryLimit) this.#tooLarge++;
    else this.#options.onEntry(before.length === 0 ? last : Buffer.concat([...before, last]));
  }
}
