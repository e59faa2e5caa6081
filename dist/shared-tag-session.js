const require = process.getBuiltinModule;
import {
  BYTES,
  DOCKER_MANIFEST,
  EMPTY_CONFIG,
  IMAGE_MANIFEST,
  MANIFEST_LIMIT,
  NO_HEADERS,
  OCI_INDEX,
  OCI_MANIFEST,
  SIGNATURE_LAYER,
  counting,
  entriesOf,
  fallbackTag,
  layerEntry,
  layersIn,
  listLinkedReferrers,
  mediaTypeOf,
  mismatch,
  readManifest,
  referrersApiOf,
  sideBySide,
  sizeOfList,
  withLayers
} from "./shared-referrers.js";
import {
  BUNDLE_MEDIA_TYPE,
  formatSubject,
  includesSubject,
  namedIn,
  whyRefused
} from "./shared-core.js";
import {
  groupBy,
  isNonEmpty,
  mapEach
} from "./shared-non-empty.js";
import {
  digestOf,
  formatRepository,
  isDigest,
  isSameRepository
} from "./shared-reference.js";
import {
  isProblem
} from "./shared-parsed.js";
import {
  ActionError,
  allOrProblems,
  isRecord,
  parseJson,
  settle,
  throwOnePerRemedy
} from "./shared-errors.js";

// src/registry/upload.ts
var ANSWER_LIMIT = 1 << 20;
var CHUNK = 512 << 10;
var GONE = [404, 416];
var NOT_WHOLE = [405, 413, 416, 501];
async function startUpload(client) {
  return locationIn(client, await openUpload(client, [202]));
}
async function openUploads(client, count, blob) {
  const [isThere, uploads] = await allOrProblems([
    hasBlob(client, blob),
    allOrProblems(Array.from({ length: count }, () => startUpload(client)))
  ]);
  if (isThere) return uploads;
  const [first, ...others] = uploads;
  if (!first) {
    await finishUpload(client, await startUpload(client), blob);
    return [];
  }
  const [, another] = await allOrProblems([
    finishUpload(client, first, blob),
    startUpload(client)
  ]);
  return [...others, another];
}
async function finishUpload(client, upload, bytes) {
  const first = await putWhole(client, upload, bytes, [...GONE, ...NOT_WHOLE]);
  if (first.status === 201) return;
  if (GONE.includes(first.status)) {
    const second = await putWhole(client, await startUpload(client), bytes, NOT_WHOLE);
    if (second.status === 201) return;
  }
  await putInChunks(client, bytes);
}
async function ensureBlob(client, bytes) {
  if (!await hasBlob(client, bytes)) await finishUpload(client, await startUpload(client), bytes);
}
async function hasBlob(client, bytes) {
  const head = await client.send(
    { method: "HEAD", path: `blobs/${digestOf(bytes)}`, purpose: "look for a blob in", limit: 0 },
    [200, 404]
  );
  return head.status === 200 && mediaTypeOf(head.headers) !== "text/html";
}
async function mountBlob(client, digest, from) {
  const mount = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from.path)}`;
  const answer = await openUpload(client, [201, 202], mount).catch(() => void 0);
  return answer?.status === 201;
}
function openUpload(client, accepted, query = "") {
  const path = `blobs/uploads/${query}`;
  return client.send({ method: "POST", path, purpose: "push to", limit: ANSWER_LIMIT }, accepted);
}
function putWhole(client, upload, bytes, others) {
  return put(client, upload, { bytes, digest: digestOf(bytes) }, [201, ...others]);
}
async function putInChunks(client, bytes) {
  const first = await sendChunks(client, bytes, [202, 416]);
  const upload = first ?? await sendChunks(client, bytes, [202]);
  if (!upload) throw new RangeError("an upload without an answer");
  await put(client, upload, { bytes: Buffer.alloc(0), digest: digestOf(bytes) }, [201]);
}
async function sendChunks(client, bytes, accepted) {
  const opened = await openUpload(client, [202]);
  const size = Math.max(CHUNK, Number(opened.headers.get("oci-chunk-min-length")) || 0);
  let upload = await locationIn(client, opened);
  for (let start = 0; start < bytes.length; start += size) {
    const chunk = bytes.subarray(start, start + size);
    const answer = await client.send(
      {
        method: "PATCH",
        path: upload,
        purpose: "push a part of a blob to",
        limit: ANSWER_LIMIT,
        body: chunk,
        headers: {
          "content-type": "application/octet-stream",
          "content-range": `${start}-${start + chunk.length - 1}`
        }
      },
      accepted
    );
    if (answer.status !== 202) return void 0;
    upload = await locationIn(client, answer);
  }
  return upload;
}
function put(client, { href, search }, { bytes, digest }, accepted) {
  return client.send(
    {
      method: "PUT",
      path: new URL(`${href}${search ? "&" : "?"}digest=${encodeURIComponent(digest)}`),
      purpose: "push a blob to",
      limit: ANSWER_LIMIT,
      body: bytes,
      headers: { "content-type": "application/octet-stream" }
    },
    accepted
  );
}
async function locationIn(client, answer) {
  const header = answer.headers.get("location") ?? "";
  const location = header === "" ? null : URL.parse(header, answer.url.href);
  if (!location) throw noUpload(client, "the registry gave no Location for the upload");
  const reason = await whyRefused(location, client.origin);
  if (reason === void 0) return location;
  throw noUpload(client, `the registry sends the upload to ${location.origin}, but ${reason}`);
}
function noUpload(client, state) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot push to "${formatRepository(client.repository)}": ${state}`,
    remedy: `check that ${client.origin.host} is the registry`
  });
}

// src/registry/shared-blobs.ts
var WORTH_A_COPY = 256 << 10;
var SharedBlobs = class {
  /** The repository that has the blob, by registry and digest; undefined where the upload failed. */
  #first = /* @__PURE__ */ new Map();
  /** Calls `upload` unless the registry has the blob in another repository and copies it. */
  async put(client, bytes, upload) {
    const digest = digestOf(bytes);
    if (bytes.length < WORTH_A_COPY) return upload();
    const first = this.#first.get(keyOf(client, digest));
    if (!first) return this.#putFirst(client, digest, upload());
    const from = await first;
    if (from && await mountBlob(client, digest, from)) return;
    await upload();
  }
  #putFirst(client, digest, uploading) {
    const { repository } = client;
    const first = uploading.then(
      () => repository,
      () => void 0
    );
    this.#first.set(keyOf(client, digest), first);
    return uploading;
  }
};
function keyOf({ origin }, digest) {
  return `${origin.host} ${digest}`;
}

// src/concurrency/look-again.ts
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
var PAUSES = [500, 1500, 3e3];
async function lookAgain(look) {
  for (const pause of PAUSES) {
    const seen = await look();
    if (seen !== void 0) return seen;
    await sleep(pause);
  }
  return look();
}

// src/registry/read-subject.ts
async function readSubject(client, subject, onManifest) {
  const manifest = await lookAgain(() => readManifest(client, subject.digest));
  if (manifest) {
    onManifest?.(subject, manifest);
    return manifest;
  }
  throw new ActionError("input", "SUBJECT_MISSING", {
    message: `Cannot sign "${formatSubject(subject)}": the registry has no such manifest`,
    remedy: "sign in the job that pushed the image, after the push, and pass its digest: digest: ${{ steps.build.outputs.digest }}"
  });
}

// src/registry/shared-tag.ts
const { setTimeout: sleep3 } = process.getBuiltinModule("node:timers/promises");

// src/registry/tag-errors.ts
var INDEX_LIMIT = 4 << 20;
var FORBIDDEN = [405, 409, 412, 422];
var FORBIDDEN_CHANGE = [400, 401, 403, ...FORBIDDEN];
function mayBeImmutable(status, was) {
  return (was === "made" ? FORBIDDEN : FORBIDDEN_CHANGE).includes(status);
}
function remedyForTag(status, usual, was) {
  return mayBeImmutable(status, was) ? `if the registry makes tags immutable, exclude tags that begin with "sha256-" from the rule; otherwise ${usual}` : usual;
}
function unusableTag(client, tag, { problem, remedy }) {
  return new ActionError("service", "STORE_UNLISTED", {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${tag} ${problem}`,
    remedy
  });
}
function tooLarge(client, { tag, makeRoom }, size) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${tag} would grow to ${size} bytes of ${INDEX_LIMIT}`,
    remedy: makeRoom
  });
}
function unconfirmed(client, tag, state) {
  return new ActionError("service", "STORE_UNLISTED", {
    message: `Cannot confirm the signature in "${formatRepository(client.repository)}": it is stored, but tag ${tag} ${state}`,
    remedy: "run the job again when fewer jobs sign this image at once: a new run uses this signature if it finds it, and otherwise adds another"
  });
}
function unlisted(client, tag, cause, stored) {
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": it is stored as ${stored.join(" and ")}, but tag ${tag} does not list it (${cause.message})`,
    remedy: cause.remedy,
    cause
  });
}
function unread(client, place, cause, stored = []) {
  const as = stored.length > 0 ? ` as ${stored.join(" and ")}` : "";
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot confirm the signature in "${formatRepository(client.repository)}": it is stored${as}, but it is unknown whether ${place} lists it (${cause.message})`,
    remedy: `${cause.remedy}; a new run uses this signature if it finds it, and otherwise adds another`,
    cause
  });
}

// src/registry/sightings.ts
var NONE = /* @__PURE__ */ new Set();
var Sightings = class {
  /** On the clock of `performance.now()`: since when the list is known to have its current form. */
  changedAt = 0;
  /** Whether all of our entries were listed at some time. */
  wasListed = false;
  /** Whether an entry of others was added since the first read. */
  isContended = false;
  #own;
  #entriesIn;
  #others = /* @__PURE__ */ new Map();
  #lists = /* @__PURE__ */ new Map();
  #shown;
  #written = NONE;
  constructor(own, entriesIn2) {
    this.#own = own;
    this.#entriesIn = entriesIn2;
  }
  /** A list that the tag contained at some time. */
  remember({ digest, bytes }) {
    if (this.#lists.has(digest)) return;
    const entries = this.#entriesIn(bytes);
    const keys = new Set(entries.map(({ key }) => key));
    const own = new Set(this.#own.map(({ key }) => key));
    const news = entries.filter(({ key }) => !own.has(key) && !this.#others.has(key));
    for (const entry of news) this.#others.set(entry.key, entry);
    this.isContended ||= this.#shown !== void 0 && news.length > 0;
    this.wasListed ||= isAmong(own, keys);
    this.#lists.set(digest, keys);
  }
  /** The remembered list that the tag contains now, and at the latest since `at`. */
  note(shown, at) {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.changedAt = at;
  }
  /** The list that we wrote last. */
  wrote(list) {
    this.#written = new Set(this.#entriesIn(list).map(({ key }) => key));
  }
  /** If the listed manifest was deleted, its entry is dropped too. */
  forget({ key }) {
    this.#others.delete(key);
  }
  get listed() {
    const shown = this.#shown;
    return shown !== void 0 && shown !== "nothing" && this.#lists.get(shown) || NONE;
  }
  get missingOwn() {
    return this.#own.filter(({ key }) => !this.listed.has(key));
  }
  /** Entries of others that the tag listed earlier and does not list now, in their order. */
  get missingOthers() {
    return [...this.#others.values()].filter(({ key }) => !this.listed.has(key));
  }
  get missing() {
    return [...this.missingOwn, ...this.missingOthers];
  }
  /** Whether the tag contains a part of what we wrote and nothing else: then our write is not visible yet, and was not replaced. */
  get isOlder() {
    const missing = this.missing.map(({ key }) => key);
    return missing.length > 0 && isAmong([...missing, ...this.listed], this.#written);
  }
};
function isAmong(some, all) {
  return [...some].every((key) => all.has(key));
}

// src/registry/tag-content.ts
function heldBy(tag, subject, current) {
  return current?.digest === subject && tag === fallbackTag(subject) ? void 0 : current;
}
function assertForm(client, form, subject, current) {
  const state = current.digest === subject ? "the registry returns the image itself" : form.whyNot(current);
  if (state === void 0) return;
  const problem = `${form.isNot}, ${state}`;
  throw unusableTag(client, form.tag, { problem, remedy: form.instead });
}
function contentWith(client, form, current, entries) {
  const content = form.extend(current, entries);
  if (isProblem(content)) throw unusableTag(client, form.tag, content);
  const size = content.value.bytes.byteLength;
  if (size > INDEX_LIMIT) throw tooLarge(client, form, size);
  return content.value;
}
function conditionFor(current) {
  if (!current) return { "if-none-match": "*" };
  return current.etag === void 0 ? void 0 : { "if-match": current.etag };
}

// src/registry/tag-read.ts
const { setTimeout: sleep2 } = process.getBuiltinModule("node:timers/promises");
async function readTagNow(client, { tag, subject }, signal) {
  const started = performance.now();
  const current = heldBy(tag, subject, await readManifest(client, tag, signal));
  return { current, started, ended: performance.now() };
}
async function readingOn(write2, reading) {
  const over = new AbortController();
  void keepReading(reading, AbortSignal.any([over.signal, reading.end]));
  return write2().finally(() => over.abort());
}
async function keepReading({ read, most, readAt, pause }, over) {
  const started = performance.now();
  let [open, last] = [0, readAt];
  const glimpse = async () => {
    open++;
    await read().catch(() => void 0);
    open--;
  };
  for (; ; ) {
    const left = last + pause(performance.now() - started) - performance.now();
    if (left > 0) await sleep2(left, void 0, { signal: over }).catch(() => void 0);
    if (over.aborted) return;
    last = performance.now();
    if (open < most) void glimpse();
  }
}

// src/registry/write-manifest.ts
async function writeManifest(client, reference, draft, { again, refusals = [], ...request } = {}) {
  let last = draft;
  const redraft = async (next) => {
    const renewed = await next();
    if (!renewed) return { status: 201, headers: NO_HEADERS, body: NOTHING, url: client.origin };
    last = renewed;
    return sent(renewed);
  };
  const { status, headers } = await client.send(
    {
      purpose: `write the manifest ${reference} to`,
      ...request,
      ...sent(draft),
      method: "PUT",
      path: `manifests/${reference}`,
      limit: MANIFEST_LIMIT,
      ...again ? { again: () => redraft(again) } : {}
    },
    [201, ...refusals]
  );
  const stored = headers.get("docker-content-digest");
  const expected = digestOf(last.bytes);
  if (status === 201 && stored !== null && stored !== expected)
    throw mismatch(client, expected, stored);
  return { status, linkedTo: headers.get("oci-subject") };
}
var NOTHING = Buffer.alloc(0);
function sent({ bytes, mediaType, condition }) {
  return { body: bytes, headers: { "content-type": mediaType, ...condition } };
}

// src/registry/tag-session.ts
var [SHORTEST_PACE, LONGEST_PACE] = [250, 3e3];
var SHORTEST_PAUSE = 10;
var LOOKS_AT_ONCE = 4;
var LONG_FLIGHT = 2500;
var CONFIRMATIONS = 10;
var MOST_TURNS = 5;
var FRESH = 250;
var NO_CONDITIONS = [400, 501];
var TagSession = class {
  tag;
  subject;
  sightings;
  attempts = 0;
  /** Attempts with a successful response. */
  writes = 0;
  /** A write that was given up may have been executed. */
  isInDoubt = false;
  /** Duration of the last write in milliseconds. */
  flight = 0;
  #client;
  #form;
  #options;
  #confirmed = /* @__PURE__ */ new Set();
  #stored = /* @__PURE__ */ new Set();
  #end = new AbortController();
  #current;
  #roundTrip = 0;
  #lookedAt = 0;
  #answeredAt = 0;
  #written;
  #observedLag = 0;
  #usesConditions = true;
  #refused;
  constructor(client, { form, subject, entries }, options) {
    this.tag = form.tag;
    this.sightings = new Sightings(entries, form.entriesIn);
    this.#client = client;
    this.#form = form;
    this.subject = subject;
    this.#options = options;
  }
  close() {
    this.#end.abort();
  }
  /** Milliseconds. */
  get pace() {
    const alone = Math.max(SHORTEST_PACE, 2 * this.#roundTrip);
    return Math.min(alone * this.#options.share, LONGEST_PACE);
  }
  /** Milliseconds since the list last changed. The real value may differ by the time until our own write was visible. */
  get quiet() {
    return this.#lookedAt - this.#quietSince;
  }
  get #quietSince() {
    return this.sightings.changedAt + this.#observedLag;
  }
  /** Milliseconds until the next read: at the normal pace, and the last one exactly when the list has been quiet for this long. */
  pauseFor(settling) {
    const left = this.#quietSince + settling - performance.now();
    if (left > this.pace + this.#roundTrip) return this.pace;
    return Math.max(Math.ceil(left) + 1, 0);
  }
  get isBehind() {
    return this.sightings.isOlder && this.#lookedAt - this.#answeredAt < this.#options.lag;
  }
  /** `ahead` is a read that ran beside other requests, and counts if it is fresh. */
  async begin(ahead) {
    if (!ahead || performance.now() - ahead.ended > FRESH) return this.look();
    this.#remember(ahead.current);
    this.#show(ahead);
  }
  async look() {
    this.#show(await this.#read());
  }
  #show({ current, started, ended }) {
    const isFirstAfterWrite = this.#lookedAt < this.#answeredAt;
    const isAsWritten = isFirstAfterWrite && current?.digest === this.#written;
    this.#current = current;
    this.#lookedAt = started;
    this.#roundTrip = ended - started;
    this.sightings.note(current?.digest ?? "nothing", isAsWritten ? this.#answeredAt : ended);
    if (this.isBehind) this.#observedLag = started - this.#answeredAt;
  }
  /** One write of everything that is missing, based on the latest read. */
  async write() {
    await this.#confirmOthers();
    const draft = await this.#draft();
    if (!draft) return;
    this.attempts++;
    let [last, isFound] = [draft, false];
    let started = performance.now();
    const again = async () => {
      await this.look();
      await this.#confirmOthers();
      const next = await this.#draft();
      isFound = !next;
      if (!next) return void 0;
      started = performance.now();
      return last = next;
    };
    const isThere = this.#current !== void 0;
    const { status } = await this.#lookingOn(
      () => writeManifest(this.#client, this.tag, last, {
        again,
        refusals: this.#usesConditions ? [412, ...NO_CONDITIONS] : [],
        remedy: (refusal, usual) => remedyForTag(refusal, usual, isThere ? "changed" : "made")
      })
    ).catch((error) => this.#mayBeWritten(error));
    this.flight = performance.now() - started;
    if (status === 201) this.#answered(last, isFound ? void 0 : digestOf(last.bytes));
    else this.#refuse(status, last);
  }
  /** Undefined if everything is there. Referenced blobs are stored first, and the content includes what others wrote in the meantime. */
  async #draft() {
    for (let turn = 1; ; turn++) {
      const { missing } = this.sightings;
      if (missing.length === 0) return void 0;
      const content = contentWith(this.#client, this.#form, this.#current, missing);
      const read = this.#current;
      const condition = this.#usesConditions ? conditionFor(read) : void 0;
      const draft = { ...content, ...condition && { condition } };
      if (!content.blob || this.#stored.has(digestOf(content.blob))) return draft;
      await finishUpload(this.#client, await startUpload(this.#client), content.blob);
      this.#stored.add(digestOf(content.blob));
      await this.look();
      if (this.#current?.digest === read?.digest || turn === MOST_TURNS) return draft;
    }
  }
  /** `written` is undefined if the tag already had the entries. */
  #answered({ bytes }, written) {
    this.writes++;
    this.#answeredAt = performance.now();
    this.#written = written;
    this.#refused = void 0;
    this.sightings.wrote(bytes);
  }
  /** No conditions are sent if their support is unknown or they failed for long although the tag did not change. */
  #refuse(status, { condition }) {
    const now = performance.now();
    const digest = this.#current?.digest;
    if (this.#refused?.digest !== digest || !this.#refused) this.#refused = { digest, at: now };
    const isLasting = now - this.#refused.at > this.#options.lag;
    if (isLasting || !condition || NO_CONDITIONS.includes(status)) this.#usesConditions = false;
  }
  /** A write that was given up, because its responses were lost, may be in the list. */
  async #mayBeWritten(error) {
    if (!(error instanceof ActionError && error.code === "SERVICE_UNREACHABLE")) throw error;
    this.isInDoubt = true;
    await this.look();
    this.isInDoubt = false;
    if (this.sightings.missingOwn.length > 0) throw error;
    return { status: 201 };
  }
  /** An entry that others write and we then replace cannot be detected afterwards: frequent reads make this less likely. */
  async #lookingOn(write2) {
    return readingOn(write2, {
      read: () => this.#read(),
      most: LOOKS_AT_ONCE,
      readAt: this.#lookedAt + this.#roundTrip,
      pause: (taken) => taken > LONG_FLIGHT ? this.pace : Math.max(SHORTEST_PAUSE, this.#roundTrip / LOOKS_AT_ONCE) * this.#options.share,
      end: this.#end.signal
    });
  }
  async #read() {
    const read = await readTagNow(this.#client, this, this.#end.signal);
    this.#remember(read.current);
    return read;
  }
  #remember(current) {
    if (!current) return;
    assertForm(this.#client, this.#form, this.subject, current);
    this.sightings.remember(current);
  }
  /** An entry whose manifest is gone was removed, not lost. */
  async #confirmOthers() {
    const asked = this.sightings.missingOthers.filter(({ key }) => !this.#confirmed.has(key));
    if (asked.length === 0) return;
    await sideBySide(asked, CONFIRMATIONS, async (entry) => {
      this.#confirmed.add(entry.key);
      if (!isDigest(entry.key)) return;
      const found = await readManifest(this.#client, entry.key, this.#end.signal).catch(() => null);
      if (found === void 0) this.sightings.forget(entry);
    });
    await this.look();
  }
};

// src/registry/shared-tag.ts
var TIMING = { settling: 3e3, contended: 6e3, lag: 4e3, patience: 12e4 };
var IGNORED = 3;
var LONGEST_TURN = 4e3;
async function addToTag(client, addition, { share = 1, timing = TIMING, ahead, onListed } = {}) {
  const session = new TagSession(client, addition, { share, lag: timing.lag });
  try {
    await session.begin(await ahead);
    if (await settles(session, timing, onListed)) return;
  } catch (error) {
    throw error instanceof ActionError ? explained(error, client, session, addition) : error;
  } finally {
    session.close();
  }
  throw unconfirmed(client, session.tag, stateOf(session));
}
function explained(error, client, { tag, writes, isInDoubt }, { stored = [] }) {
  if (writes > 0 || isInDoubt) return unread(client, `tag ${tag}`, error, stored);
  return stored.length > 0 ? unlisted(client, tag, error, stored) : error;
}
async function settles(session, timing, onListed) {
  const { sightings } = session;
  let [writeAt, until, ignored] = [0, Infinity, 0];
  while (performance.now() < until) {
    if (sightings.missing.length === 0) {
      onListed?.();
      const settling = sightings.isContended ? timing.contended : timing.settling;
      if (session.quiet >= settling) return true;
      writeAt = 0;
      await sleep3(session.pauseFor(settling));
    } else if (session.isBehind) {
      await sleep3(session.pace);
    } else if ((writeAt ||= turnOf(session)) > performance.now()) {
      await sleep3(Math.min(writeAt - performance.now(), session.pace));
    } else if (sightings.isOlder && ++ignored === IGNORED) {
      return false;
    } else {
      await session.write();
      writeAt = 0;
      until = Math.min(until, performance.now() + timing.patience);
    }
    await session.look();
  }
  return false;
}
function turnOf({ flight, attempts }) {
  return performance.now() + Math.min(flight * 2 ** attempts, LONGEST_TURN) * Math.random();
}
function stateOf({ sightings, writes }) {
  if (!sightings.wasListed) return `has not listed it after ${writes} writes`;
  return sightings.missingOwn.length > 0 ? "no longer lists it" : "lists it and keeps changing";
}

// src/stores/signature-image.ts
async function assertRoomFor(client, subject, tag, count) {
  if (count === 0) return;
  const form = signatureImage(signatureTag(subject, tag));
  const current = await readManifest(client, form.tag);
  if (!current) return;
  assertForm(client, form, subject, current);
  const empty = { key: "", text: "{}" };
  contentWith(
    client,
    form,
    current,
    Array.from({ length: count }, () => empty)
  );
}
async function addToSignatureImage(client, subject, tag, layers, options = {}) {
  const form = signatureImage(signatureTag(subject, tag));
  await addToTag(client, { form, subject, entries: layers.map(layerEntry) }, options);
}
function signatureTag(subject, tag) {
  return `${fallbackTag(subject)}.${tag}`;
}
function signatureImage(tag) {
  return {
    tag,
    isNot: "is not an image of signatures",
    instead: 'set "signature-format: bundle"',
    makeRoom: "remove signatures that are no longer needed",
    whyNot,
    entriesIn: layersIn,
    extend: (current, layers) => contentOf(withLayers(current?.bytes, layers))
  };
}
function whyNot({ mediaType, json }) {
  const { layers } = json;
  const isImage = mediaType === IMAGE_MANIFEST || mediaType === DOCKER_MANIFEST;
  if (!isImage || !Array.isArray(layers)) return `it holds ${mediaType || "something else"}`;
  return layers.every(isRecord) ? void 0 : "its layers are not where others read them";
}
function contentOf(image) {
  if (isProblem(image)) return image;
  const { manifest, mediaType, config } = image.value;
  return { value: { bytes: manifest, mediaType, blob: config } };
}

// src/stores/store.ts
function together(outcomes) {
  return {
    stored: outcomes.flatMap(({ stored }) => stored),
    failures: outcomes.flatMap(({ failures }) => failures)
  };
}

// src/stores/legacy.ts
var WIDTH = 64;
function legacyStore(clients) {
  const takes = (_predicateType, format) => format === "layer";
  return {
    name: "legacy",
    takes,
    async prepare(subjects, claims) {
      const shelves = await allOrProblems(
        groupBy(
          subjects,
          (subject) => formatRepository(clients.evidenceFor(subject).repository)
        ).map((each) => prepareShelf(each, clients, claims))
      );
      const blobs = new SharedBlobs();
      const of = shelves.reduce((sum, { places }) => sum + places.length, 0);
      let done = 0;
      return {
        takes,
        places: shelves.map(({ client }) => `${formatRepository(client.repository)} (cosign v2)`),
        async store(bundles, onPlaced = () => void 0) {
          const placed = () => onPlaced(++done, of);
          return together(
            await Promise.all(shelves.map((shelf) => storeOn(shelf, bundles, { blobs, placed })))
          );
        }
      };
    }
  };
}
async function prepareShelf(subjects, { clientFor, evidenceFor, onManifest }, claims) {
  const client = evidenceFor(subjects[0]);
  const places = groupBy(subjects, ({ digest }) => digest);
  const unread2 = subjects.filter(({ listedAs, readAs }) => !listedAs && !readAs);
  const [upload] = await allOrProblems([
    startUpload(client),
    allOrProblems(unread2.map((subject) => readSubject(clientFor(subject), subject, onManifest))),
    sideBySide(places, WIDTH, (place) => assertRoom(client, place, claims))
  ]).catch(throwOnePerRemedy);
  return { client, places, uploads: [upload] };
}
async function assertRoom(client, place, claims) {
  const signatures = claims.filter(({ kind }) => kind === "signature").length;
  const room = { sig: signatures * place.length, att: claims.length - signatures };
  await allOrProblems([
    assertRoomFor(client, place[0].digest, "sig", room.sig),
    assertRoomFor(client, place[0].digest, "att", room.att)
  ]);
}
async function storeOn(shelf, bundles, { blobs: shared, placed }) {
  const { client, uploads } = shelf;
  const all = layersIn2(bundles);
  const places = shelf.places.filter(
    (place) => all.some((each) => subjectsOf(each, place).length > 0)
  );
  const layers = all.filter((each) => places.some((place) => subjectsOf(each, place).length > 0));
  const blobs = groupBy(layers, ({ layer: { blob } }) => digestOf(blob));
  const { values: pushed, failures } = await settle(
    blobs.map(async (each) => {
      const { blob } = each[0].layer;
      await shared.put(client, blob, () => pushBlob(client, blob, uploads.pop()));
      return each;
    })
  );
  const share = Math.min(shelf.places.length, WIDTH);
  const outcomes = await sideBySide(
    places,
    WIDTH,
    (place) => storeAt(client, place, pushed.flat(), share).finally(placed)
  );
  return together([{ stored: [], failures }, ...outcomes]);
}
function layersIn2(bundles) {
  return bundles.flatMap((each) => {
    const { layer } = each.signed;
    return layer ? [{ ...each, layer }] : [];
  });
}
function subjectsOf({ signed }, place) {
  return place.filter((subject) => includesSubject(signed.subjects, subject));
}
function pushBlob(client, blob, upload) {
  return upload ? finishUpload(client, upload, blob) : ensureBlob(client, blob);
}
async function storeAt(client, place, layers, share) {
  const here = layers.filter((each) => subjectsOf(each, place).length > 0);
  const { values, failures } = await settle(
    groupBy(here, tagOf).map(async (each) => {
      const tag = tagOf(each[0]);
      const [{ digest }] = place;
      const added = mapEach(each, ({ layer }) => layer);
      await addToSignatureImage(client, digest, tag, added, { share });
      return each.flatMap((layer) => storedIn(client, place, layer));
    })
  );
  return { stored: values.flat(), failures };
}
function tagOf({ layer: { mediaType } }) {
  return mediaType === SIGNATURE_LAYER ? "sig" : "att";
}
function storedIn(client, place, layer) {
  const subjects = subjectsOf(layer, place);
  if (!isNonEmpty(subjects)) return [];
  const { repository } = client;
  const isElsewhere2 = subjects.some((each) => !isSameRepository(each.repository, repository));
  return [
    {
      id: layer.signed.id,
      store: "legacy",
      subjects,
      place: `${formatRepository(repository)}:${signatureTag(subjects[0].digest, tagOf(layer))}`,
      ...isElsewhere2 ? { repository } : {}
    }
  ];
}

// src/registry/bundle-manifest.ts
var EMPTY_JSON = Buffer.from("{}");
function bundleManifest({
  subject,
  bundle,
  mediaType = BUNDLE_MEDIA_TYPE,
  predicateType,
  created
}) {
  const annotations = {
    "dev.sigstore.bundle.content": "dsse-envelope",
    "dev.sigstore.bundle.predicateType": predicateType,
    "org.opencontainers.image.created": created.toISOString().replace(/\.\d+Z$/, "Z")
  };
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      // `cosign clean` deletes only manifests whose config has this type, too.
      config: {
        mediaType: EMPTY_CONFIG,
        size: EMPTY_JSON.byteLength,
        digest: digestOf(EMPTY_JSON),
        artifactType: mediaType
      },
      layers: [{ mediaType, size: bundle.byteLength, digest: digestOf(bundle) }],
      annotations,
      subject: { mediaType: subject.mediaType, size: subject.size, digest: subject.digest },
      artifactType: mediaType
    })
  );
  const referrer = {
    mediaType: OCI_MANIFEST,
    digest: digestOf(bytes),
    size: bytes.byteLength,
    artifactType: mediaType,
    annotations
  };
  return { bytes, mediaType: OCI_MANIFEST, referrer };
}

// src/registry/list-text.ts
var EMPTY_LIST = Buffer.from(
  JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] })
);
function entryOf(descriptor) {
  return { key: descriptor.digest, text: Buffer.from(JSON.stringify(descriptor)).toString(BYTES) };
}
function entriesIn(list) {
  return entriesOf(list, "manifests", keyOf2);
}
function withInFront(list, entries) {
  const text = list.toString(BYTES);
  const start = startIn(text);
  if (start === void 0) return void 0;
  const rest = text.slice(start);
  const added = entries.map((entry) => entry.text).join(",");
  const needsComma = entries.length > 0 && !/^\s*\]/.test(rest);
  return Buffer.from(`${text.slice(0, start)}${added}${needsComma ? "," : ""}${rest}`, BYTES);
}
function keyOf2(text) {
  const entry = parseJson(text);
  return isRecord(entry) && typeof entry["digest"] === "string" ? entry["digest"] : text;
}
function startIn(text) {
  let [depth, name] = [0, ""];
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] ?? "";
    if (mark === '"') {
      const end = endOfString(text, at);
      if (depth === 1) name = text.slice(at, end);
      at = end - 1;
    } else if (mark === "[" && depth === 1 && name === '"manifests"') {
      return at + 1;
    } else if (mark === "{" || mark === "[") {
      depth++;
    } else if (mark === "}" || mark === "]") {
      depth--;
    }
  }
  return void 0;
}
function endOfString(text, from) {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

// src/registry/fallback-tag.ts
async function listInFallbackTag(client, subject, entries, options = {}) {
  const form = listOfReferrers(fallbackTag(subject));
  const stored = entries.map(({ digest }) => digest);
  await addToTag(client, { form, subject, entries: entries.map(entryOf), stored }, options);
}
async function assertRoomInList(client, subject, entries) {
  const form = listOfReferrers(fallbackTag(subject));
  const added = entries.map(entryOf);
  const size = sizeOfList(client, subject);
  const more = withInFront(EMPTY_LIST, added)?.byteLength ?? 0;
  if (size !== void 0 && size + more <= INDEX_LIMIT) return;
  const current = heldBy(form.tag, subject, await readManifest(client, form.tag));
  if (!current) return;
  assertForm(client, form, subject, current);
  contentWith(client, form, current, added);
}
function readListAhead(client, subject) {
  if (referrersApiOf(client) !== "absent") return Promise.resolve(void 0);
  return readTagNow(client, { tag: fallbackTag(subject), subject }).catch(() => void 0);
}
function listOfReferrers(tag) {
  const isNot = "is not a list of referrers";
  const instead = 'use a registry with the OCI 1.1 Referrers API or with plain tags, or "stores: github"';
  return {
    tag,
    isNot,
    instead,
    makeRoom: "remove old referrers of this image",
    entriesIn,
    whyNot({ mediaType, json }) {
      const isList = mediaType === OCI_INDEX && Array.isArray(json["manifests"]);
      return isList ? void 0 : `it holds ${mediaType || "something else"}`;
    },
    extend(current, more) {
      const bytes = withInFront(current?.bytes ?? EMPTY_LIST, more);
      return bytes ? { value: { bytes, mediaType: OCI_INDEX } } : {
        problem: `${isNot}, its entries are not in the place where readers expect them`,
        remedy: instead
      };
    }
  };
}

// src/stores/listing.ts
async function listForReaders(client, about, written, options) {
  const manifests = written.map(({ manifest }) => manifest);
  const isLinked2 = written.every(({ linkedTo }) => linkedTo === about);
  if (isLinked2 && await getListed(client, about, manifests)) return;
  const referrers = manifests.map(({ referrer }) => referrer);
  await listInFallbackTag(client, about, referrers, options);
}
async function getListed(client, about, manifests) {
  let unlisted2 = [];
  const isListed = await lookAgain(async () => {
    for (const manifest of unlisted2)
      await writeManifest(client, manifest.referrer.digest, manifest);
    const { referrers, failures } = await listLinkedReferrers(client, about);
    unlisted2 = manifests.filter(
      ({ referrer }) => !referrers.some(({ digest }) => digest === referrer.digest)
    );
    if (unlisted2.length === 0) return true;
    const stored = manifests.map(({ referrer }) => referrer.digest);
    if (failures[0]) throw unread(client, "the registry", failures[0], stored);
    return void 0;
  });
  return isListed ?? false;
}

// src/stores/shelf.ts
var WIDTH2 = 64;
async function storeOn2(shelf, bundles, { share, blobs, placed }) {
  const places = shelf.places.filter((place) => bundlesFor(place, bundles).length > 0);
  const about = bundles.filter(
    (each) => places.some((place) => bundlesFor(place, [each]).length > 0)
  );
  const { values: pushed, failures } = await settle(
    about.map((each) => pushBlob2(each, shelf, blobs))
  );
  const [named, below] = byName(places);
  const first = await sideBySide(named, WIDTH2, async (place) => ({
    ...await writeTo(place, bundlesFor(place, pushed)),
    listed: Promise.withResolvers()
  }));
  const findable = pushed.map(async (each) => await isFindable(each, first) ? [each] : []);
  const list = (written, onListed) => listPlaced(written, { share, onListed }).finally(placed);
  const outcomes = await Promise.all([
    sideBySide(first, WIDTH2, (written) => {
      const { resolve } = written.listed;
      if (isLinked(written)) resolve(true);
      return list(written, () => resolve(true)).finally(() => resolve(false));
    }),
    sideBySide(below, WIDTH2, async (place) => {
      const found = (await Promise.all(findable)).flat();
      return list(await writeTo(place, bundlesFor(place, found)));
    })
  ]);
  return together([{ stored: [], failures }, ...outcomes.flat()]);
}
async function isFindable(bundle, first) {
  const about = first.filter(({ place }) => bundlesFor(place, [bundle]).length > 0);
  const found = await Promise.all(
    about.map(
      async ({ values, listed }) => values.some(({ id }) => id === bundle.signed.id) && await listed.promise
    )
  );
  return found.every(Boolean);
}
function isLinked({ place, values }) {
  return values.every(({ linkedTo }) => linkedTo === place.subjects[0].digest);
}
function byName(places) {
  const isNamed = ({ subjects }) => subjects.some(({ listedAs }) => listedAs === void 0);
  return [places.filter(isNamed), places.filter((place) => !isNamed(place))];
}
async function pushBlob2(bundle, { client, uploads }, blobs) {
  const { json } = bundle.signed;
  await blobs.put(client, json, () => {
    const upload = uploads.pop();
    return upload ? finishUpload(client, upload, json) : ensureBlob(client, json);
  });
  return bundle;
}
function bundlesFor({ subjects }, bundles) {
  return bundles.filter(
    ({ signed }) => subjects.some((subject) => includesSubject(signed.subjects, subject))
  );
}
async function writeTo(place, bundles) {
  const ahead = readListAhead(place.client, place.subjects[0].digest);
  return { place, ahead, ...await settle(bundles.map((bundle) => write(bundle, place))) };
}
async function listPlaced({ place, ahead, values: written, failures }, options) {
  if (written.length === 0) return { stored: [], failures };
  const { client, subjects } = place;
  const listing = await settle([
    listForReaders(client, subjects[0].digest, written, { ...options, ahead })
  ]);
  if (listing.failures.length > 0) {
    return { stored: [], failures: [...failures, ...listing.failures] };
  }
  return { stored: written.map((each) => storedIn2(place, each)), failures };
}
async function write(bundle, place) {
  const { client, descriptor } = place;
  const { id, json, mediaType, predicateType } = bundle.signed;
  const manifest = bundleManifest({
    subject: descriptor,
    bundle: json,
    mediaType,
    predicateType,
    created: signingTime(bundle)
  });
  const { linkedTo } = await writeManifest(client, manifest.referrer.digest, manifest, {
    ...isElsewhere(place) ? { remedy: remedyAt(place) } : {}
  });
  return { id, manifest, linkedTo };
}
function signingTime({ verified: { times } }) {
  const [earliest = 0] = times.map(({ time }) => time.getTime()).sort((a, b) => a - b);
  return new Date(earliest);
}
function isElsewhere({ client, subjects }) {
  return subjects.some(({ repository }) => !isSameRepository(repository, client.repository));
}
function remedyAt({ ifImageMissing }) {
  return (status, usual) => [400, 404, 409, 422].includes(status) ? ifImageMissing : usual;
}
function storedIn2(place, { id, manifest }) {
  const { client, subjects } = place;
  const { digest } = manifest.referrer;
  return {
    id,
    store: "registry",
    subjects,
    referrer: digest,
    place: `${formatRepository(client.repository)}@${digest}`,
    ...isElsewhere(place) ? { repository: client.repository } : {}
  };
}

// src/stores/registry.ts
function registryStore(clients) {
  const takes = (_predicateType, format) => format === "bundle";
  return {
    name: "registry",
    takes,
    async prepare(subjects, claims) {
      const shelves = await allOrProblems(
        groupBy(
          subjects,
          (subject) => formatRepository(clients.evidenceFor(subject).repository)
        ).map((each) => prepareShelf2(each, clients, claims.length))
      );
      const share = Math.min(subjects.length, WIDTH2);
      const blobs = new SharedBlobs();
      const of = shelves.reduce((sum, { places }) => sum + places.length, 0);
      let done = 0;
      return {
        takes,
        places: shelves.map(({ client }) => formatRepository(client.repository)),
        async store(bundles, onPlaced = () => void 0) {
          const placed = () => onPlaced(++done, of);
          return together(
            await Promise.all(
              shelves.map((shelf) => storeOn2(shelf, bundles, { share, blobs, placed }))
            )
          );
        }
      };
    }
  };
}
async function prepareShelf2(subjects, clients, claims) {
  const client = clients.evidenceFor(subjects[0]);
  const statements = new Set(namedIn(subjects).map(({ digest }) => digest)).size;
  const images = groupBy(subjects, ({ digest }) => digest);
  const [places, uploads] = await allOrProblems([
    allOrProblems(images.map((each) => preparePlace(each, client, clients))),
    openUploads(client, claims * statements, EMPTY_JSON)
  ]).catch(throwOnePerRemedy);
  return { client, places, uploads: [...uploads] };
}
async function preparePlace(subjects, client, { clientFor, ifImageMissing, onManifest }) {
  const [descriptor] = await allOrProblems(
    mapEach(
      subjects,
      async (subject) => subject.listedAs ?? subject.readAs ?? readSubject(clientFor(subject), subject, onManifest)
    )
  );
  return { client, subjects, descriptor, ifImageMissing };
}

// src/wiring/counted-store.ts
var COUNTS = {
  registry: () => counting("Stored what was signed for", "images"),
  legacy: () => counting("Stored what was signed for", "images in the tags of cosign v2"),
  github: () => counting("Recorded", "attestations at GitHub")
};
function countedStore(store) {
  return {
    ...store,
    prepare: async (...asked) => {
      const prepared = await store.prepare(...asked);
      const onPlaced = COUNTS[store.name]();
      return {
        ...prepared,
        store: (bundles) => prepared.store(bundles, onPlaced)
      };
    }
  };
}

export {
  EMPTY_JSON,
  bundleManifest,
  mayBeImmutable,
  startUpload,
  writeManifest,
  assertRoomInList,
  lookAgain,
  readSubject,
  legacyStore,
  registryStore,
  countedStore
};
