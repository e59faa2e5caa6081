const require = process.getBuiltinModule;
import {
  info,
  parseStrictJson,
  setSecret,
  warning
} from "./shared-core.js";
import {
  SIMPLE_SIGNING_TYPE
} from "./shared-types.js";
import {
  digestOf,
  formatRepository,
  hexOf,
  isDigest
} from "./shared-reference.js";
import {
  isProblem
} from "./shared-parsed.js";
import {
  ActionError,
  actionErrorsOf,
  codeOf,
  isRecord,
  parseJson
} from "./shared-errors.js";

// src/action/log.ts
var stepLog = {
  info,
  warning: (message) => warning(message, { title: "Countersign" })
};
var SHORTEST_LINE = 8;
function maskSecret(secret) {
  const lines = secret.split(/[\r\n]+/);
  const secrets = lines.length === 1 ? lines : lines.filter(({ length }) => length >= SHORTEST_LINE);
  for (const line of secrets) if (line !== "") setSecret(line);
}

// src/http/faults.ts
var UNREACHABLE = /* @__PURE__ */ new Set(["ECONNREFUSED", "ENOTFOUND"]);
var PASSING = /^(timeout|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|ERR_PROXY_TUNNEL|5\d\d from the proxy)$/;
var HEAD_TOO_LARGE = "headers of over 16 KiB";
var UNSENT = "the request could not be sent";
function isUnreachable({ state }) {
  return UNREACHABLE.has(state);
}
function transientFault(outcome) {
  if ("error" in outcome) {
    const fault = { state: stateOf(outcome.error) };
    return PASSING.test(fault.state) || isUnreachable(fault) ? fault : void 0;
  }
  const { status, body, headers } = outcome;
  const text2 = body.subarray(0, 4096).toString();
  const isRateLimit = status === 403 && (headers.has("retry-after") || /rate limit/i.test(text2));
  if (![408, 425, 429].includes(status) && status < 500 && !isRateLimit) return void 0;
  if (status === 501 || status === 505) return void 0;
  const retryAfter = waitIn(headers.get("retry-after") ?? "none");
  return {
    state: String(status),
    ...Number.isFinite(retryAfter) ? { retryAfter } : {},
    ...status === 429 || isRateLimit ? { isRateLimit: true } : {}
  };
}
function waitIn(header) {
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1e3;
  return Math.max(Date.parse(header) - Date.now(), 0);
}
function stateOf(error) {
  if (!Error.isError(error)) return String(error);
  if (error.name === "TimeoutError") return "timeout";
  if (error.name === "TypeError") return UNSENT;
  const code = codeOf(error);
  if (code === "ERR_PROXY_TUNNEL" && "statusCode" in error)
    return `${String(error.statusCode)} from the proxy`;
  return code === "HPE_HEADER_OVERFLOW" ? HEAD_TOO_LARGE : code ?? error.message;
}
function nameOf({ method, url }) {
  return `${method} ${url.host}${url.pathname}`;
}
function resultOf(request, state) {
  return /^\d/.test(state) ? `${nameOf(request)} answered ${state}` : `${nameOf(request)} failed: ${state}`;
}
function triesOf(request, state, { attempts, since }) {
  const seconds = Math.round((Date.now() - since) / 1e3);
  const time = seconds === 0 ? "" : ` after ${seconds} s`;
  return `${resultOf(request, state)} (attempt ${attempts}${time})`;
}
function unavailable(request, state, tries) {
  const { host } = request.url;
  return new ActionError("service", "SERVICE_UNREACHABLE", {
    message: `Cannot reach "${host}": ${triesOf(request, state, tries)}`,
    remedy: remedyFor(state, host)
  });
}
function remedyFor(state, host) {
  if (/SELF_SIGNED|ISSUER|VERIFY|CERT_SIGNATURE/.test(state)) {
    return `trust the CA that issued the certificate of ${host}: set NODE_EXTRA_CA_CERTS in the environment of the runner`;
  }
  if (state === HEAD_TOO_LARGE) {
    return `find out why the headers of ${host} are so large; to read up to 64 KiB of them, set NODE_OPTIONS to --max-http-header-size=65536 in "env" of the step`;
  }
  if (PASSING.test(state) || /^\d+$/.test(state)) {
    return 'run the job again later, or raise "retry-timeout"';
  }
  if (state === UNSENT) return `check the address, and the credentials for ${host}`;
  return `check the address, and that this runner can connect to ${host}`;
}
function refusal(request, state, code = "SERVICE_ANSWER") {
  return new ActionError("service", code, {
    message: `Cannot use the response to ${nameOf(request)}: ${state}`,
    remedy: `check what answers at ${request.url.host}: the address may be wrong, or a proxy may answer instead`
  });
}

// src/registry/media-types.ts
var OCI_INDEX = "application/vnd.oci.image.index.v1+json";
var OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
var DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
var DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
var EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";
var ACCEPT_MANIFESTS = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");
var BUNDLE_PREFIX = "application/vnd.dev.sigstore.bundle";
function isManifestType(mediaType) {
  return /^application\/vnd\.(oci|docker)\./.test(mediaType);
}
function mediaTypeOf(headers) {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

// src/registry/content.ts
var MANIFEST_LIMIT = 8 << 20;
var MANIFEST_VALUES = 1e5;
var ARTIFACT_VALUES = 1e4;
async function readManifest(client, reference, signal) {
  const answer = await askForManifest(client, reference, MANIFEST_LIMIT, signal);
  if (answer.status === 404) return void 0;
  if (SCHEMA_1.test(mediaTypeOf(answer.headers))) throw schema1(client, reference);
  const digest = digestOf(answer.body);
  const claimed = isDigest(reference) ? reference : answer.headers.get("docker-content-digest") ?? digest;
  if (claimed !== digest) throw wrongContent(client, claimed, answer);
  const json = recordIn(answer.body, MANIFEST_VALUES);
  if (json?.["schemaVersion"] === 1) throw schema1(client, reference);
  const isAmbiguous = json?.["manifests"] !== void 0 && json["layers"] !== void 0;
  if (!json || !isManifest(answer, json) || isAmbiguous)
    throw notManifest(client, reference, answer);
  const { mediaType } = json;
  const etag = answer.headers.get("etag");
  return {
    digest,
    mediaType: typeof mediaType === "string" ? mediaType : mediaTypeOf(answer.headers),
    size: answer.body.byteLength,
    bytes: answer.body,
    json,
    ...etag?.startsWith('"') ? { etag } : {}
  };
}
var SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(json|prettyjws)$/;
function schema1(client, reference) {
  return new ActionError("input", "INPUT_INVALID", {
    message: `Cannot use "${formatRepository(client.repository)}" at "${reference}": it is a Docker image of schema 1, whose digest is not that of its bytes`,
    remedy: "build the image again, or pull and push it with a current Docker, and use the digest of that push"
  });
}
var ARTIFACT_LIMIT = 256 << 10;
async function readArtifact(client, digest, signal) {
  const answer = await askForManifest(client, digest, ARTIFACT_LIMIT, signal);
  const { status, body } = answer;
  if (status === 404) return void 0;
  if (digestOf(body) !== digest) throw wrongContent(client, digest, answer);
  return { size: body.byteLength, json: recordIn(body, ARTIFACT_VALUES) ?? {} };
}
function askForManifest(client, reference, limit, signal) {
  const request = {
    method: "GET",
    path: `manifests/${reference}`,
    purpose: `read the manifest ${reference} from`,
    limit,
    headers: { accept: ACCEPT_MANIFESTS },
    ...signal ? { signal } : {}
  };
  return client.send(request, [200, 404]);
}
function recordIn(bytes2, values) {
  const parsed = parseStrictJson(bytes2, values);
  return isProblem(parsed) || !isRecord(parsed.value) ? void 0 : parsed.value;
}
async function readBlob(client, digest, limit, { signal, onBytes }) {
  let chunks = [];
  const sink = () => {
    chunks = [];
    return (chunk) => {
      chunks.push(chunk);
      onBytes(chunk.byteLength);
    };
  };
  const purpose = `read the blob ${digest} from`;
  await client.send(
    { method: "GET", path: `blobs/${digest}`, purpose, limit, signal, sink },
    [200]
  );
  const body = Buffer.concat(chunks);
  if (digestOf(body) !== digest) throw mismatch(client, digest, digestOf(body));
  return body;
}
function wrongContent(client, claimed, answer) {
  return isManifest(answer, recordIn(answer.body, MANIFEST_VALUES)) ? mismatch(client, claimed, digestOf(answer.body)) : notManifest(client, claimed, answer);
}
function isManifest({ headers }, json) {
  const type = mediaTypeOf(headers);
  if (type === "" || isManifestType(type) || json?.["schemaVersion"] === 2) return true;
  return isManifestType(String(json?.["mediaType"]));
}
function notManifest(client, reference, { url, headers }) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot read the manifest ${reference} from "${formatRepository(client.repository)}": ${nameOf({ method: "GET", url })} answered ${mediaTypeOf(headers) || "no type"}, which is not a manifest`,
    remedy: `check that ${client.origin.host} is the registry and not a login page or proxy in front of it`
  });
}
function mismatch(client, expected, actual) {
  return new ActionError("service", "DIGEST_MISMATCH", {
    message: `Cannot trust "${formatRepository(client.repository)}": requested ${expected}, but the content returned has digest ${actual}`,
    remedy: `find out what changed the content at ${client.origin.host}: a proxy, a cache, or an attacker; do not deploy this image`
  });
}

// src/concurrency/tally.ts
var EVERY = 5e3;
function tally(say, every = EVERY) {
  let saidAt = performance.now();
  return (done, of) => {
    const now = performance.now();
    if (done >= of || now - saidAt < every) return;
    saidAt = now;
    say(done, of);
  };
}

// src/wiring/counting.ts
function counting(done, what) {
  return tally((count, of) => stepLog.info(`${done} ${count} of ${of} ${what}`));
}

// src/concurrency/side-by-side.ts
async function sideBySide(items, width, work) {
  const results = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}

// src/cosign/layer.ts
const { createHash } = process.getBuiltinModule("node:crypto");
var SIGNATURE_LAYER = SIMPLE_SIGNING_TYPE;
var ATTESTATION_LAYER = "application/vnd.dsse.envelope.v1+json";
var CERTIFICATE = "dev.sigstore.cosign/certificate";
var SIGNATURE = "dev.cosignproject.cosign/signature";
var REKOR_BUNDLE = "dev.sigstore.cosign/bundle";
var TIMESTAMP = "dev.sigstore.cosign/rfc3161timestamp";
var CHAIN = "dev.sigstore.cosign/chain";
var PREDICATE_TYPE = "predicateType";
var LONGEST = 64 << 10;
function annotationsIn(annotations) {
  if (!isRecord(annotations)) return {};
  const names = [CERTIFICATE, CHAIN, SIGNATURE, REKOR_BUNDLE, TIMESTAMP, PREDICATE_TYPE];
  const isKept = (value) => typeof value === "string" && value.length <= LONGEST;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = annotations[name];
      return isKept(value) ? [[name, value]] : [];
    })
  );
}
var BUNDLE_V01 = "application/vnd.dev.sigstore.bundle+json;version=0.1";
function bundleOfLayer({ mediaType, annotations, blob }) {
  return Buffer.from(
    JSON.stringify({
      mediaType: BUNDLE_V01,
      verificationMaterial: {
        ...keyMaterial(annotations),
        tlogEntries: logEntries(annotations),
        timestampVerificationData: { rfc3161Timestamps: timestamps(annotations) }
      },
      ...mediaType === SIGNATURE_LAYER ? { messageSignature: messageSignature(annotations, blob) } : { dsseEnvelope: jsonIn(blob) }
    })
  );
}
function keyMaterial(annotations) {
  const pem = text(annotations, CERTIFICATE);
  if (pem === "") return { publicKey: { hint: "key" } };
  const der = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/.exec(pem)?.[1]?.replaceAll(/\s/g, "") ?? "";
  return { x509CertificateChain: { certificates: [{ rawBytes: der }] } };
}
function messageSignature(annotations, blob) {
  return {
    messageDigest: {
      algorithm: "SHA2_256",
      digest: createHash("sha256").update(blob).digest("base64")
    },
    signature: text(annotations, SIGNATURE)
  };
}
function logEntries(annotations) {
  const bundle = jsonIn(Buffer.from(text(annotations, REKOR_BUNDLE)));
  const payload = isRecord(bundle) ? bundle["Payload"] : void 0;
  if (!isRecord(bundle) || !isRecord(payload)) return [];
  const { body, integratedTime, logIndex, logID } = payload;
  const entry = typeof body === "string" ? jsonIn(Buffer.from(body, "base64")) : void 0;
  return [
    {
      logIndex: decimal(logIndex),
      logId: { keyId: typeof logID === "string" ? base64Of(logID) : void 0 },
      kindVersion: isRecord(entry) ? { kind: entry["kind"], version: entry["apiVersion"] } : {},
      integratedTime: decimal(integratedTime),
      inclusionPromise: { signedEntryTimestamp: bundle["SignedEntryTimestamp"] },
      canonicalizedBody: body
    }
  ];
}
function decimal(value) {
  return typeof value === "number" ? String(value) : value;
}
function base64Of(hex) {
  return Buffer.from(hex, "hex").toString("base64");
}
function timestamps(annotations) {
  const timestamp = jsonIn(Buffer.from(text(annotations, TIMESTAMP)));
  return isRecord(timestamp) ? [{ signedTimestamp: timestamp["SignedRFC3161Timestamp"] }] : [];
}
function jsonIn(bytes2) {
  const parsed = parseStrictJson(bytes2);
  return isProblem(parsed) ? void 0 : parsed.value;
}
function text(annotations, name) {
  const value = annotations[name];
  return typeof value === "string" ? value : "";
}

// src/http/link.ts
var NEXT = /<([^>]+)>\s*;\s*rel="?next"?/i;
function nextLinkIn(headers) {
  return NEXT.exec(headers.get("link") ?? "")?.[1];
}

// src/registry/known-lists.ts
var apis = /* @__PURE__ */ new WeakMap();
var listSizes = /* @__PURE__ */ new WeakMap();
function referrersApiOf(client) {
  return apis.get(client);
}
function noteReferrersApi(client, api) {
  apis.set(client, api);
}
function sizeOfList(client, subject) {
  return listSizes.get(client)?.get(subject);
}
function noteSizeOfList(client, subject, size) {
  const sizes = listSizes.get(client) ?? /* @__PURE__ */ new Map();
  listSizes.set(client, sizes.set(subject, size));
}

// src/registry/listing.ts
const { createHash: createHash2 } = process.getBuiltinModule("node:crypto");

// src/text/json-list.ts
var [QUOTE, BACKSLASH, COMMA, COLON, SPACE, NULL] = [34, 92, 44, 58, 32, 110];
var [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
var [MEMBERS, ENTRIES] = [1, 2];
var LONGEST_NAME = 256;
var JsonListReader = class {
  #options;
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #isMalformed = false;
  #isEnded = false;
  #isInList = false;
  #hasList = false;
  /** The last string among the members, and the one before the colon. */
  #text = "";
  #name = "";
  #mediaType = "";
  #entry;
  #entrySize = 0;
  #tooLarge = 0;
  constructor(options) {
    this.#options = options;
  }
  write(chunk) {
    const bytes2 = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    let entryFrom = 0;
    while (at < bytes2.length && !this.#isMalformed) {
      if (this.#isString) {
        at = this.#readString(bytes2, at);
        continue;
      }
      const byte = bytes2[at] ?? SPACE;
      if (byte === OPEN_OBJECT && this.#isInList && this.#depth === ENTRIES) {
        [this.#entry, this.#entrySize, entryFrom] = [[], 0, at];
      }
      this.#step(byte);
      at++;
      if (byte === CLOSE_OBJECT && this.#entry && this.#depth === ENTRIES) {
        this.#handOver(bytes2.subarray(entryFrom, at));
      }
    }
    if (this.#entry) this.#keep(bytes2.subarray(entryFrom));
  }
  end() {
    const isWhole = this.#isEnded && !this.#isMalformed;
    return {
      isWhole,
      hasList: this.#hasList,
      tooLarge: this.#tooLarge,
      mediaType: this.#mediaType
    };
  }
  #step(byte) {
    if (byte <= SPACE) return;
    if (this.#isEnded || this.#depth === 0 && byte !== OPEN_OBJECT) {
      this.#isMalformed = true;
      return;
    }
    switch (byte) {
      case QUOTE:
        this.#isString = true;
        this.#text = "";
        return;
      case COLON:
        if (this.#depth === MEMBERS) this.#name = this.#text;
        return;
      case COMMA:
        if (this.#depth === MEMBERS) this.#name = "";
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
        this.#hasList ||= this.#depth === MEMBERS && this.#name === this.#options.list;
    }
  }
  #open(byte) {
    if (this.#depth === MEMBERS && byte === OPEN_LIST && this.#name === this.#options.list) {
      this.#isInList = true;
      this.#hasList = true;
    }
    this.#depth++;
  }
  #close() {
    this.#depth--;
    if (this.#depth === MEMBERS) this.#isInList = false;
    if (this.#depth === 0) this.#isEnded = true;
  }
  /** Jumps from one quote or backslash to the next: most of a large document is in strings. */
  #readString(bytes2, from) {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    let quote = bytes2.indexOf(QUOTE, at);
    for (; ; ) {
      const backslash = bytes2.subarray(at, quote === -1 ? void 0 : quote).indexOf(BACKSLASH);
      if (backslash === -1) break;
      at += backslash + 2;
      if (quote !== -1 && quote < at) quote = bytes2.indexOf(QUOTE, at);
    }
    this.#isEscaped = at > bytes2.length;
    const end = quote === -1 ? bytes2.length : quote;
    if (this.#depth === MEMBERS) this.#remember(bytes2.subarray(from, end));
    if (quote === -1) return bytes2.length;
    this.#isString = false;
    if (this.#depth === MEMBERS && this.#name === "mediaType") this.#mediaType ||= this.#text;
    return quote + 1;
  }
  #remember(part) {
    if (this.#text.length < LONGEST_NAME) this.#text += part.toString("latin1", 0, LONGEST_NAME);
  }
  /** For an entry that continues in the next chunk. */
  #keep(part) {
    this.#entrySize += part.length;
    if (this.#entrySize <= this.#options.entryLimit) this.#entry?.push(Buffer.from(part));
    else this.#entry = [];
  }
  #handOver(last) {
    const before = this.#entry ?? [];
    this.#entry = void 0;
    if (this.#entrySize + last.length > this.#options.entryLimit) this.#tooLarge++;
    else this.#options.onEntry(before.length === 0 ? last : Buffer.concat([...before, last]));
  }
};

// src/registry/listing.ts
var LISTING_LIMIT = 100 << 20;
var ENTRY_LIMIT = 4 << 20;
var ENTRY_VALUES = 1e3;
function recordIn2(entry) {
  const parsed = parseStrictJson(entry, ENTRY_VALUES);
  return isProblem(parsed) || !isRecord(parsed.value) ? void 0 : parsed.value;
}
async function readListing(client, { path, list, accept, accepted, purpose, onEntry, signal }) {
  let reader = new JsonListReader({ list, entryLimit: ENTRY_LIMIT, onEntry });
  let hash = createHash2("sha256");
  let size = 0;
  const answer = await client.send(
    {
      method: "GET",
      path,
      purpose,
      limit: LISTING_LIMIT,
      headers: { accept },
      sink: () => {
        reader = new JsonListReader({ list, entryLimit: ENTRY_LIMIT, onEntry });
        hash = createHash2("sha256");
        size = 0;
        return (chunk) => {
          reader.write(chunk);
          hash.update(chunk);
          size += chunk.byteLength;
        };
      },
      ...signal ? { signal } : {}
    },
    accepted
  );
  const { status, headers, url } = answer;
  const contentType = mediaTypeOf(headers);
  const { isWhole, hasList, tooLarge, mediaType } = reader.end();
  return {
    status,
    headers,
    url,
    contentType,
    mediaType: mediaType || contentType,
    digest: `sha256:${hash.digest("hex")}`,
    size,
    isWhole,
    hasList,
    tooLarge
  };
}
async function readTaggedListing(client, tag, request) {
  const listing = await readListing(client, {
    ...request,
    path: `manifests/${tag}`,
    purpose: `read the manifest ${tag} from`,
    accept: ACCEPT_MANIFESTS,
    accepted: [200, 404]
  });
  if (listing.status === 404) return void 0;
  const claimed = listing.headers.get("docker-content-digest");
  if (isDigest(claimed) && claimed !== listing.digest) {
    throw mismatch(client, claimed, listing.digest);
  }
  return listing;
}

// src/registry/referrer.ts
function fallbackTag(digest) {
  return `sha256-${hexOf(digest)}`;
}
var SHORTEST_ENTRY = 90;
function referrerIn(json) {
  if (json.length < SHORTEST_ENTRY) return void 0;
  const referrer = toReferrer(recordIn2(json));
  if (!referrer) return void 0;
  const { mediaType, digest, size, artifactType } = referrer;
  return { mediaType, digest, size, ...artifactType === void 0 ? {} : { artifactType } };
}
function toReferrer(entry) {
  if (!isRecord(entry)) return void 0;
  const { mediaType, digest, size, artifactType, annotations } = entry;
  if (typeof mediaType !== "string" || !isDigest(digest)) return void 0;
  if (typeof size !== "number" || !(size >= 0)) return void 0;
  return {
    mediaType,
    digest,
    size,
    ...typeof artifactType === "string" ? { artifactType } : {},
    ...isRecord(annotations) ? { annotations } : {}
  };
}

// src/registry/referrers.ts
var PAGES = 50;
var UNSUPPORTED = [400, 404, 405, 406, 415, 501];
async function needsFallbackTag(client, digest) {
  if (referrersApiOf(client) === void 0) await listLinkedReferrers(client, digest);
  return referrersApiOf(client) === "absent";
}
function listEachPlace(client, digest, signal, collect) {
  const tag = `tag ${fallbackTag(digest)}`;
  return [
    listPlace("referrers API", collect(), (take) => fromApi(client, digest, take, signal)),
    listPlace(tag, collect(), (take) => fromTag(client, digest, take, signal))
  ];
}
async function listLinkedReferrers(client, digest) {
  const taken = [];
  const referrers = [];
  const collector = {
    take: (each) => void taken.push(each),
    end: () => void referrers.push(...taken)
  };
  const place = await listPlace("referrers API", collector, async (take) => {
    const ended = await fromApi(client, digest, take, void 0);
    return ended.kind === "list" ? ended : noList(ended.answer);
  });
  return { ...place, referrers };
}
var Entries = class {
  count = 0;
  take;
  constructor(take) {
    this.take = (json) => {
      const referrer = referrerIn(json);
      if (!referrer) return;
      this.count++;
      take(referrer);
    };
  }
};
async function listPlace(place, collector, read) {
  try {
    const { answer, failures, kind } = await read((referrer) => collector.take(referrer));
    if (kind === "list") collector.end();
    return { looked: [{ place, answer }], failures };
  } catch (error) {
    collector.end();
    return { looked: [{ place, answer: "could not be read" }], failures: actionErrorsOf(error) };
  }
}
async function fromApi(client, digest, take, signal) {
  const entries = new Entries(take);
  const readPage = (path, accepted) => readListing(client, {
    path,
    list: "manifests",
    purpose: "list the referrers in",
    accept: OCI_INDEX,
    accepted,
    onEntry: entries.take,
    signal
  });
  const first = await readPage(`referrers/${digest}`, [200, ...UNSUPPORTED]);
  const isList = first.status === 200 && first.contentType === OCI_INDEX;
  noteReferrersApi(client, isList ? "present" : "absent");
  if (first.status !== 200) return noList(`${first.status}`);
  if (!isList) {
    const state = `not an index (${first.contentType || "no type"})`;
    return noList(state, notAll(client, "SERVICE_ANSWER", `the response is ${state}`));
  }
  const failures = await readOn(client, first, (url) => readPage(url, [200])).then(
    (pages) => faultsOf(client, pages),
    actionErrorsOf
  );
  return listed(entries.count, failures);
}
function noList(answer, ...failures) {
  return { answer, failures, kind: "no list" };
}
function listed(count, failures) {
  const answer = `${count} listed${failures.length > 0 ? " (incomplete)" : ""}`;
  return { answer, failures, kind: "list" };
}
async function readOn(client, first, readPage) {
  const pages = [first];
  for (; ; ) {
    const last = pages.at(-1) ?? first;
    const link = nextLinkIn(last.headers);
    if (link === void 0) return pages;
    if (pages.length === PAGES) {
      throw notAll(client, "LIMIT_EXCEEDED", `the list has more than ${PAGES} pages`);
    }
    const url = URL.parse(link, last.url.href);
    const number = pages.length + 1;
    if (url?.origin !== client.origin.origin) {
      const address = url?.origin ?? link;
      throw notAll(client, "SERVICE_ANSWER", `page ${number} is on another server, "${address}"`);
    }
    const page = await readPage(url);
    if (page.contentType !== OCI_INDEX) {
      const type = page.contentType || "no type";
      throw notAll(client, "SERVICE_ANSWER", `page ${number} is not an index (${type})`);
    }
    pages.push(page);
  }
}
function faultsOf(client, listings) {
  const broken = listings.filter(({ isWhole, hasList }) => !isWhole || !hasList);
  const tooLarge = listings.reduce((sum, listing) => sum + listing.tooLarge, 0);
  return [
    ...broken.map(() => notAll(client, "SERVICE_ANSWER", "a response is not a JSON list")),
    ...tooLarge > 0 ? [
      notAll(
        client,
        "LIMIT_EXCEEDED",
        `${tooLarge} entries are larger than ${ENTRY_LIMIT} bytes`
      )
    ] : []
  ];
}
function notAll(client, code, state) {
  return new ActionError("service", code, {
    message: `Cannot list all referrers of the image in "${formatRepository(client.repository)}": ${state}`,
    remedy: code === "LIMIT_EXCEEDED" ? "remove referrers that are no longer needed (each signing run adds one)" : `check that ${client.origin.host} is the registry`
  });
}
async function fromTag(client, digest, take, signal) {
  const entries = new Entries(take);
  const listing = await readTaggedListing(client, fallbackTag(digest), {
    list: "manifests",
    onEntry: entries.take,
    signal
  });
  if (!listing) {
    noteSizeOfList(client, digest, 0);
    return noList("absent");
  }
  const state = "not a list of referrers";
  if (listing.digest === digest) return noList(state);
  if (!isManifestType(listing.mediaType)) {
    return noList(state, notAll(client, "SERVICE_ANSWER", "the response is not a manifest"));
  }
  if (listing.mediaType !== OCI_INDEX) return noList(state);
  if (listing.hasList) noteSizeOfList(client, digest, listing.size);
  return listed(entries.count, faultsOf(client, [listing]));
}

// src/text/list-entries.ts
var BYTES = "latin1";
function entriesOf(document, list, keyOf2) {
  const texts = [];
  const reader = new JsonListReader({
    list,
    entryLimit: document.byteLength,
    onEntry: (json) => void texts.push(json.toString(BYTES))
  });
  reader.write(document);
  return texts.map((text2) => ({ key: keyOf2(text2), text: text2 }));
}

// src/cosign/go-json.ts
var ESCAPED = /[<>&\u2028\u2029]/g;
function goJson(value) {
  return JSON.stringify(value).replaceAll(ESCAPED, escape);
}
function goMap(texts) {
  const members = Object.entries(texts).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(([name, text2]) => `${goJson(name)}:${goJson(text2)}`);
  return `{${members.join(",")}}`;
}
function escape(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/cosign/image.ts
var IMAGE_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
var IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json";
var MOST_LAYERS = 1e3;
function layerEntry({ mediaType, blob, annotations }) {
  const digest = digestOf(blob);
  const head = goJson({ mediaType, size: blob.byteLength, digest }).slice(0, -1);
  const text2 = `${head},"annotations":${goMap(annotations)}}`;
  return { key: keyOf(text2), text: Buffer.from(text2).toString(BYTES) };
}
function layersIn(manifest) {
  return entriesOf(manifest, "layers", (text2) => keyOf(Buffer.from(text2, BYTES).toString()));
}
function withLayers(current, added) {
  const layers = [...current ? layersIn(current) : [], ...added];
  if (layers.length > MOST_LAYERS)
    return {
      problem: `would have ${layers.length} layers, of which cosign reads ${MOST_LAYERS}`,
      remedy: "remove signatures that are no longer needed"
    };
  const config = configFor(layers);
  const before = current ? parseJson(current.toString()) : void 0;
  const { mediaType, ...others } = isRecord(before) ? before : {};
  const type = typeof mediaType === "string" ? mediaType : IMAGE_MANIFEST;
  const members = {
    schemaVersion: 2,
    mediaType: type,
    ...others,
    config: descriptorOf(config, others["config"]),
    layers: []
  };
  const manifest = Object.entries(members).map(
    ([name, value]) => name === "layers" ? `"layers":[${textOf(layers)}]` : bytes(`${goJson(name)}:${goJson(value)}`)
  );
  return {
    value: { manifest: Buffer.from(`{${manifest.join(",")}}`, BYTES), mediaType: type, config }
  };
}
function configFor(layers) {
  const created = "0001-01-01T00:00:00Z";
  return Buffer.from(
    goJson({
      architecture: "",
      created,
      history: layers.map(() => ({ created })),
      os: "",
      rootfs: { type: "layers", diff_ids: layers.map(digestIn) },
      config: {}
    })
  );
}
function descriptorOf(config, before) {
  const type = isRecord(before) ? before["mediaType"] : void 0;
  return {
    mediaType: typeof type === "string" ? type : IMAGE_CONFIG,
    size: config.byteLength,
    digest: digestOf(config)
  };
}
function keyOf(text2) {
  const layer = parseJson(text2);
  const annotations = isRecord(layer) ? layer["annotations"] : void 0;
  if (!isRecord(layer) || !isRecord(annotations)) return text2;
  const sorted = Object.entries(annotations).sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([layer["mediaType"], layer["digest"], sorted]);
}
function digestIn({ text: text2 }) {
  const layer = parseJson(Buffer.from(text2, BYTES).toString());
  return isRecord(layer) ? layer["digest"] : void 0;
}
function textOf(layers) {
  return layers.map(({ text: text2 }) => text2).join(",");
}
function bytes(text2) {
  return Buffer.from(text2).toString(BYTES);
}

// src/http/message.ts
var NO_HEADERS = { get: () => null, has: () => false };

export {
  stepLog,
  maskSecret,
  sideBySide,
  SIGNATURE_LAYER,
  ATTESTATION_LAYER,
  annotationsIn,
  bundleOfLayer,
  goJson,
  goMap,
  isUnreachable,
  transientFault,
  stateOf,
  nameOf,
  resultOf,
  triesOf,
  unavailable,
  refusal,
  OCI_INDEX,
  OCI_MANIFEST,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  EMPTY_CONFIG,
  BUNDLE_PREFIX,
  isManifestType,
  mediaTypeOf,
  MANIFEST_LIMIT,
  readManifest,
  ARTIFACT_LIMIT,
  readArtifact,
  readBlob,
  mismatch,
  JsonListReader,
  ENTRY_LIMIT,
  recordIn2 as recordIn,
  readTaggedListing,
  fallbackTag,
  nextLinkIn,
  referrersApiOf,
  sizeOfList,
  needsFallbackTag,
  listEachPlace,
  listLinkedReferrers,
  BYTES,
  entriesOf,
  NO_HEADERS,
  IMAGE_MANIFEST,
  layerEntry,
  layersIn,
  withLayers,
  counting
};
