import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
import {
  formatMatcher,
  matches
} from "./shared-index-verify.js";
import {
  ARTIFACT_LIMIT,
  ATTESTATION_LAYER,
  BUNDLE_PREFIX,
  EMPTY_CONFIG,
  ENTRY_LIMIT,
  Refusal,
  SIGNATURE_LAYER,
  annotationsIn,
  bundleOfLayer,
  deadlineIn,
  fallbackTag,
  listEachPlace,
  outOfTime,
  parsePublicKeys,
  readArtifact,
  readBlob,
  readImageTree,
  readManifest,
  readTaggedListing,
  recordIn,
  sharedServices,
  sideBySide,
  stepLog,
  trustStore,
  verifierLoader
} from "./shared-sign-verify.js";
import {
  BUNDLE_LIMIT,
  NOT_STATED,
  formatSubject,
  isKeyHolder,
  isWitnessed,
  nameOfRoots
} from "./shared-index-sign-verify.js";
import {
  digestOf,
  formatRepository,
  isDigest,
  whyUnreadable
} from "./shared-images-in-files-index-sign-verify.js";
import {
  isNonEmpty,
  mapEach
} from "./shared-identity-pattern-index-sign-verify.js";
import {
  isProblem
} from "./shared-identity-pattern-images-in-files-index-sign-verify.js";
import {
  ActionError,
  actionErrorsOf,
  allOrProblems,
  codeOf,
  isRecord
} from "./shared-index-sign-tuf-verify.js";
import "./shared-identity-pattern-images-in-files-index-sign-tuf-verify.js";

// src/concurrency/patience.ts
import { setTimeout as sleep } from "node:timers/promises";
var PAUSE = 5e3;
function patience(milliseconds, onWait) {
  const end = performance.now() + milliseconds;
  return async (what) => {
    const left = end - performance.now();
    if (left <= 0) return false;
    onWait(`Nothing found yet for ${what}: looking again, for another ${Math.ceil(left / 1e3)} s`);
    await sleep(Math.min(PAUSE, left));
    return true;
  };
}

// src/sources/files.ts
function fileSource(bundles) {
  return {
    name: "file",
    async *find() {
      for (const found of bundles) yield await Promise.resolve({ found });
      yield { looked: { place: 'the files of "bundle"', answer: `${bundles.length} listed` } };
    }
  };
}

// src/sources/reading.ts
var LIMITS = {
  width: 50,
  patience: 500,
  small: 64 << 10,
  memory: 20 << 20,
  total: 128 << 20
};
var PROGRESS = 16 << 10;
var Reading = class {
  #limits;
  #memory;
  #outer;
  #stop = new AbortController();
  #waiting = [];
  #running = /* @__PURE__ */ new Set();
  #ready = [];
  #read = 0;
  #left = 0;
  #isEnded = false;
  #wake = () => void 0;
  constructor(memory, signal, limits = {}) {
    this.#memory = memory;
    this.#outer = signal;
    this.#limits = { ...LIMITS, ...limits };
  }
  /** A candidate with this declared size in bytes. */
  add(size, read) {
    this.#waiting.push({ size, read });
    this.#begin();
  }
  /** An outcome that needs no reading. */
  put(outcome) {
    this.#ready.push({ outcome, size: 0 });
    this.#wake();
  }
  /** Nothing is added any more, but by candidates that are being read. */
  end() {
    this.#isEnded = true;
    this.#wake();
  }
  /** Outcomes as they arrive, the smallest of those that are there first; ends when all are read, and stops everything when the caller does. */
  async *[Symbol.asyncIterator]() {
    const timer = setInterval(() => this.#begin(), this.#limits.patience / 2);
    try {
      for (; ; ) {
        const next = takeSmallest(this.#ready);
        if (next) {
          yield next.outcome;
          this.#memory.used -= next.size;
          this.#begin();
          continue;
        }
        if (this.#isEnded && this.#running.size === 0 && this.#waiting.length === 0) break;
        await new Promise((resolve) => this.#wake = resolve);
      }
      if (this.#left > 0) yield { failure: this.#tooMuch() };
    } finally {
      clearInterval(timer);
      this.#stop.abort();
      for (const { size } of this.#ready.splice(0)) this.#memory.used -= size;
    }
  }
  #begin() {
    while (this.#mayBegin()) {
      const task = takeSmallest(this.#waiting);
      if (!task) return;
      if (this.#read + task.size > this.#limits.total) this.#left++;
      else void this.#run(task);
    }
  }
  #mayBegin() {
    const smallest = Math.min(...this.#waiting.map(({ size }) => size));
    if (smallest === Infinity || this.#stop.signal.aborted || this.#outer.aborted) return false;
    const active = [...this.#running].filter((each) => !this.#isStalled(each));
    if (active.length >= this.#limits.width) return false;
    if (smallest <= this.#limits.small) return true;
    if (active.some(({ size }) => size <= this.#limits.small)) return false;
    const promised = active.reduce((sum, { size, received }) => sum + size - received, 0);
    const isRoom = this.#memory.used + promised + smallest <= this.#limits.memory;
    return isRoom || this.#memory.used + promised === 0;
  }
  #isStalled({ since }) {
    return performance.now() - since > this.#limits.patience;
  }
  async #run({ size, read }) {
    const stop = new AbortController();
    const running = { size, stop, received: 0, since: performance.now() };
    this.#running.add(running);
    try {
      const signal = AbortSignal.any([stop.signal, this.#stop.signal, this.#outer]);
      const outcome = await read(signal, (count) => this.#charge(running, count));
      if (outcome) this.#ready.push({ outcome, size: running.received });
      else this.#memory.used -= running.received;
    } catch (error) {
      this.#memory.used -= running.received;
      const failures = stop.signal.aborted ? [tooMuchAtOnce()] : actionErrorsOf(error);
      for (const failure of failures) this.#ready.push({ outcome: { failure }, size: 0 });
    } finally {
      this.#running.delete(running);
      this.#wake();
      this.#begin();
    }
  }
  #charge(running, count) {
    const before = Math.floor(running.received / PROGRESS);
    running.received += count;
    this.#read += count;
    this.#memory.used += count;
    if (Math.floor(running.received / PROGRESS) > before) running.since = performance.now();
    if (this.#memory.used > 2 * this.#limits.memory) running.stop.abort();
  }
  #tooMuch() {
    const { total } = this.#limits;
    return new ActionError("service", "LIMIT_EXCEEDED", {
      message: `Cannot read every candidate: ${this.#left} of them are beyond the limit of ${total} bytes per image`,
      remedy: "store smaller attestations, or remove some that are no longer needed"
    });
  }
};
function tooMuchAtOnce() {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: "Cannot read a candidate: too many large ones arrived at the same time",
    remedy: "run the job again; store smaller attestations, or remove some that are no longer needed"
  });
}
function takeSmallest(items) {
  let at = 0;
  for (const [index, { size }] of items.entries()) if (size < (items[at]?.size ?? 0)) at = index;
  return items.splice(at, 1)[0];
}

// src/sources/github.ts
function githubSource(attestations, owners, memory) {
  return {
    name: "github",
    find(subject, signal) {
      const reading = new Reading(memory, signal);
      const lists = owners.map((of) => find(attestations, of, { subject, reading }, signal));
      void Promise.all(lists).then(() => reading.end());
      return reading;
    }
  };
}
async function find(store, of, { subject, reading }, signal) {
  const place = `attestations of ${of}`;
  if (!store) {
    reading.put({ looked: { place, answer: "could not be read" } });
    reading.put({ failure: noToken(of) });
    return;
  }
  const { count, failures } = await store.list(of, subject.digest, signal, (attestation) => {
    const found = { source: "github", place: `${place}, number ${attestation.position}` };
    reading.add(attestation.json.length, async (stop, onBytes) => ({
      found: { ...found, json: await store.read(attestation, stop, onBytes) }
    }));
  });
  const isUnread = count === 0 && failures.length > 0;
  const answer = isUnread ? "could not be read" : `${count} listed`;
  reading.put({ looked: { place, answer } });
  for (const failure of failures) reading.put({ failure });
}
function noToken(of) {
  return new ActionError("input", "INPUT_MISSING", {
    message: `Cannot list the attestations of "${of}": "github-token" is empty`,
    remedy: 'remove "github-token" from the step; it defaults to ${{ github.token }}'
  });
}

// src/sources/source.ts
function tooLarge(what, place, size, limit) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot read the ${what} at ${place}: its declared size of ${size} bytes is over the limit of ${limit}`,
    remedy: "store smaller attestations, or remove the one that is too large"
  });
}

// src/sources/legacy.ts
var SUFFIXES = [".sig", ".att"];
var LAYERS = 500;
function legacySource(evidenceFor, memory) {
  return {
    name: "legacy",
    find(subject, signal) {
      const reading = new Reading(memory, signal);
      const client = evidenceFor(subject);
      const tags = SUFFIXES.map((suffix) => {
        const tag = `${fallbackTag(subject.digest)}${suffix}`;
        const place = `${formatRepository(client.repository)} tag ${tag}`;
        return readTag({ client, tag, place, reading }, signal).then((discoveries) => {
          for (const discovery of discoveries) reading.put(discovery);
        });
      });
      void Promise.all(tags).then(() => reading.end());
      return reading;
    }
  };
}
async function readTag({ client, tag, place, reading }, signal) {
  let count = 0;
  const seen = /* @__PURE__ */ new Set();
  const read = readerOfBlobs(client);
  const onEntry = (json) => {
    const layer = layerIn(json);
    const name = digestOf(json);
    if (!layer || seen.has(name)) return;
    if (++count > LAYERS) return;
    seen.add(name);
    addLayer(reading, layer, `${place}, layer ${count}`, read);
  };
  try {
    const request = { list: "layers", onEntry, signal };
    const listing = await readTaggedListing(client, tag, request);
    if (!listing) return [{ looked: { place, answer: "absent" } }];
    const failures = faultsOf(listing, place, count);
    const answer = `${count} listed${failures.length > 0 ? " (incomplete)" : ""}`;
    return [{ looked: { place, answer } }, ...failures.map((failure) => ({ failure }))];
  } catch (error) {
    const failures = actionErrorsOf(error).map((failure) => ({ failure }));
    return [{ looked: { place, answer: "could not be read" } }, ...failures];
  }
}
function layerIn(json) {
  const layer = recordIn(json);
  if (!layer) return void 0;
  const { mediaType, digest, size, annotations } = layer;
  if (mediaType !== SIGNATURE_LAYER && mediaType !== ATTESTATION_LAYER) return void 0;
  if (!isDigest(digest) || typeof size !== "number" || !(size >= 0)) return void 0;
  return { mediaType, digest, size, annotations: annotationsIn(annotations) };
}
function readerOfBlobs(client) {
  const blobs = /* @__PURE__ */ new Map();
  return ({ digest, size }, signal, onBytes) => {
    const name = `${digest} ${size}`;
    const blob = blobs.get(name) ?? readBlob(client, digest, size, { signal, onBytes });
    blobs.set(name, blob);
    return blob;
  };
}
function addLayer(reading, layer, place, read) {
  if (layer.size > BUNDLE_LIMIT) {
    reading.put({ failure: tooLarge("layer", place, layer.size, BUNDLE_LIMIT) });
    return;
  }
  reading.add(layer.size, async (signal, onBytes) => {
    const blob = await read(layer, signal, onBytes);
    return { found: new FoundLayer(place, { ...layer, blob }) };
  });
}
var FoundLayer = class {
  source = "legacy";
  place;
  #layer;
  constructor(place, layer) {
    this.place = place;
    this.#layer = layer;
  }
  get json() {
    return bundleOfLayer(this.#layer);
  }
  get layer() {
    return this.#layer.blob;
  }
};
function faultsOf({ isWhole, tooLarge: passedBy }, place, count) {
  const remedy = "remove signatures that are no longer needed";
  const limit = (state) => new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot check every layer in ${place}: ${state}`,
    remedy
  });
  return [
    ...isWhole ? [] : [limit("it is not a JSON object")],
    ...count > LAYERS ? [limit(`${count} layers are listed, and at most ${LAYERS} are read`)] : [],
    ...passedBy > 0 ? [limit(`${passedBy} layers have descriptors larger than ${ENTRY_LIMIT} bytes`)] : []
  ];
}

// src/sources/registry.ts
var CANDIDATES = 500;
function registrySource(evidenceFor, memory) {
  return {
    name: "registry",
    find: (subject, signal) => find2({ client: evidenceFor(subject), subject }, memory, signal)
  };
}
function find2(place, memory, signal) {
  const reading = new Reading(memory, signal);
  void readLists(place, reading, signal).then(() => reading.end());
  return reading;
}
async function readLists(place, reading, signal) {
  const { client, subject } = place;
  const seen = /* @__PURE__ */ new Set();
  const lists = listEachPlace(client, subject.digest, signal, () => {
    const others = [];
    let certain = 0;
    let count = 0;
    return {
      take(referrer) {
        if (!mayBeBundle(referrer) || seen.has(referrer.digest)) return;
        count++;
        if (!isBundle(referrer)) {
          if (others.length < CANDIDATES) others.push(referrer);
          return;
        }
        if (certain++ >= CANDIDATES) return;
        seen.add(referrer.digest);
        addManifest(reading, referrer, place);
      },
      end() {
        const room = Math.max(CANDIDATES - certain, 0);
        for (const referrer of others.filter(({ digest }) => !seen.has(digest)).slice(0, room)) {
          seen.add(referrer.digest);
          addManifest(reading, referrer, place);
        }
        if (count > CANDIDATES) reading.put({ failure: tooMany(subject, count) });
      }
    };
  });
  await Promise.all(
    lists.map(async (list) => {
      const { looked, failures } = await list;
      for (const { place: where, answer } of looked) {
        const at = `${formatRepository(client.repository)} ${where}`;
        reading.put({ looked: { place: at, answer } });
      }
      for (const failure of failures) reading.put({ failure });
    })
  );
}
function isBundle({ artifactType }) {
  return artifactType?.startsWith(BUNDLE_PREFIX) ?? false;
}
function mayBeBundle(referrer) {
  const { artifactType } = referrer;
  if (artifactType === void 0 || artifactType === EMPTY_CONFIG || isBundle(referrer)) {
    return true;
  }
  return artifactType.includes(".config.v1+json");
}
function addManifest(reading, { digest, size }, { client, subject }) {
  const place = `${formatRepository(client.repository)}@${digest}`;
  if (size > ARTIFACT_LIMIT) {
    reading.put({ failure: tooLarge("manifest", place, size, ARTIFACT_LIMIT) });
    return;
  }
  reading.add(size, async (signal, onBytes) => {
    const manifest = await readArtifact(client, digest, signal);
    if (!manifest) throw missing(place);
    onBytes(manifest.size);
    const layer = bundleLayerOf(manifest.json, subject.digest);
    if (layer) addBundle(reading, layer, place, client);
    return void 0;
  });
}
function bundleLayerOf(json, about) {
  const { subject, layers } = json;
  if (!isRecord(subject) || subject["digest"] !== about) return void 0;
  const bundles = (Array.isArray(layers) ? layers : []).filter(isRecord).filter(
    ({ mediaType }) => typeof mediaType === "string" && mediaType.startsWith(BUNDLE_PREFIX)
  );
  const { digest, size } = bundles[0] ?? {};
  if (bundles.length !== 1 || !isDigest(digest) || typeof size !== "number" || !(size >= 0)) {
    return void 0;
  }
  return { digest, size };
}
function addBundle(reading, { digest, size }, place, client) {
  if (size > BUNDLE_LIMIT) {
    reading.put({ failure: tooLarge("bundle", place, size, BUNDLE_LIMIT) });
    return;
  }
  reading.add(size, async (signal, onBytes) => {
    const json = await readBlob(client, digest, size, { signal, onBytes });
    const found = { source: "registry", place, json };
    return { found };
  });
}
function tooMany(subject, count) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot check every referrer of "${formatSubject(subject)}": ${count} are listed, and at most ${CANDIDATES} are read`,
    remedy: "remove referrers that are no longer needed (each signing run adds one)"
  });
}
function missing(place) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot read the manifest at ${place}: it is listed, but the registry does not have it`,
    remedy: "run the job again; if it keeps failing, remove the entry from the list of referrers"
  });
}

// src/sources/index.ts
var SOURCES = {
  registry: ({ evidenceFor, memory }) => registrySource(evidenceFor, memory),
  legacy: ({ evidenceFor, memory }) => legacySource(evidenceFor, memory),
  github: ({ attestations, attestationsOf, memory }) => githubSource(attestations, attestationsOf, memory),
  file: ({ bundles }) => fileSource(bundles)
};

// src/subjects/parts.ts
function partsBy(clientFor) {
  return async ({ repository, digest: root }) => {
    const [, ...listed] = await readImageTree(clientFor({ repository }), root, "read");
    return listed.filter(({ role }) => role.kind !== "attestation").map(({ digest, mediaType, size, role }) => ({
      subject: { repository, digest, listedAs: { digest, mediaType, size } },
      name: nameOf(role)
    }));
  };
}
function nameOf(role) {
  if (role.kind !== "platform" || !role.platform) return role.kind;
  const { os, architecture, variant } = role.platform;
  return [os, architecture, variant].filter((part) => part !== void 0).join("/");
}

// src/subjects/resolve.ts
function resolveBy(clientFor) {
  return async (reference) => {
    const client = clientFor(reference);
    const { repository, digest, tag } = reference;
    if (digest === void 0) {
      const manifest = await readManifest(client, tag ?? "latest");
      if (!manifest) throw missing2(reference);
      return { subject: { repository, digest: manifest.digest }, confirmed: Promise.resolve() };
    }
    const confirmed = readManifest(client, tag ?? digest).then(
      (manifest) => confirm(reference, manifest)
    );
    confirmed.catch(() => void 0);
    return { subject: { repository, digest }, confirmed };
  };
}
function withoutConfirmation(resolve) {
  return async (reference) => {
    const { repository, digest } = reference;
    if (digest === void 0) return resolve(reference);
    return { subject: { repository, digest }, confirmed: Promise.resolve() };
  };
}
function confirm(reference, manifest) {
  if (!manifest) throw missing2(reference);
  if (manifest.digest === reference.digest) return;
  throw new ActionError("input", "SUBJECT_MOVED", {
    message: `Cannot verify "${reference.text}": tag ${reference.tag ?? ""} points to ${manifest.digest}`,
    remedy: "find out who moved the tag; to verify the digest regardless of the tag, remove the tag from the reference"
  });
}
function missing2({ text, repository, tag, digest }) {
  return new ActionError("input", "SUBJECT_MISSING", {
    message: `Cannot verify "${text}": "${formatRepository(repository)}" has no ${tag === void 0 ? `manifest ${digest ?? ""}` : `tag "${tag}"`}`,
    remedy: "check the name, and that the image was pushed to this registry"
  });
}

// src/concurrency/merged.ts
var IDLE = /* @__PURE__ */ Symbol("idle");
async function* merged(streams, idleAfter) {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const ask = async (iterator) => ({
    iterator,
    result: await iterator.next()
  });
  const pending = new Map(iterators.map((iterator) => [iterator, ask(iterator)]));
  try {
    while (pending.size > 0) {
      const arrival = await firstOf([...pending.values()], idleAfter);
      if (arrival === IDLE) {
        yield IDLE;
        continue;
      }
      const { iterator, result } = arrival;
      pending.delete(iterator);
      if (result.done) continue;
      yield result.value;
      pending.set(iterator, ask(iterator));
    }
  } finally {
    for (const iterator of iterators) void iterator.return?.();
  }
}
async function firstOf(promises, idleAfter) {
  let timer;
  const idle = new Promise((resolve) => {
    timer = setTimeout(() => resolve(IDLE), idleAfter);
  });
  try {
    return await Promise.race([...promises, idle]);
  } finally {
    clearTimeout(timer);
  }
}

// src/policy/authorities.ts
function authoritiesIn(policies) {
  return policies.flatMap(({ requirements }) => requirements.flatMap(({ anyOf }) => anyOf));
}
function needsOf(policies) {
  const authorities = authoritiesIn(policies);
  const issuers = authorities.filter((each) => each.kind === "keyless");
  const holders = authorities.filter((each) => each.kind === "key");
  const rootsWhere = (witness) => distinct(holders.filter((each) => each.witness === witness).map(({ roots }) => roots));
  return {
    certificates: distinct(issuers.map(({ roots }) => roots)),
    witnesses: rootsWhere("required"),
    unasked: rootsWhere("insecure-ignored"),
    keys: [...new Set(holders.map(({ keys }) => keys))]
  };
}
function distinct(roots) {
  return [...new Map(roots.map((each) => [nameOfRoots(each), each])).values()];
}
function withKeys(policies, holdersOf) {
  const read = (authority) => authority.kind === "key" ? { ...authority, keys: holdersOf(authority.keys) } : authority;
  return mapEach(policies, (policy) => ({
    ...policy,
    requirements: mapEach(policy.requirements, (requirement) => ({
      ...requirement,
      anyOf: mapEach(requirement.anyOf, read)
    }))
  }));
}
function insecureIn(policies) {
  const ignores = authoritiesIn(policies).some(
    (each) => each.kind === "key" && each.witness === "insecure-ignored"
  );
  return ignores ? [
    "insecure-ignore-tlog: the time of signing is not verified, so a signature made with a stolen or retired key is accepted"
  ] : [];
}

// src/policy/rules.ts
var FACTS = {
  issuer: ({ issuer }) => issuer,
  repository: ({ claims }) => claims.sourceRepositoryUri,
  "repository-id": ({ claims }) => claims.sourceRepositoryIdentifier,
  owner: ({ claims }) => claims.sourceRepositoryOwnerUri,
  "owner-id": ({ claims }) => claims.sourceRepositoryOwnerIdentifier,
  "signer-workflow": ({ san }) => san,
  "certificate-identity": ({ san }) => san,
  "source-ref": ({ claims }) => claims.sourceRepositoryRef,
  "source-digest": ({ claims }) => claims.sourceRepositoryDigest,
  "signer-digest": ({ claims }) => claims.buildSignerDigest,
  event: ({ claims }) => claims.buildTrigger,
  environment: ({ claims }) => claims.deploymentEnvironment,
  "deny-self-hosted-runners": ({ claims }) => claims.runnerEnvironment
};
function findingsFor(signer, { identities, circumstances }) {
  const ofIdentity = identities.map((identity) => broken(rulesOf(identity), signer)).reduce((nearest, each) => each.length < nearest.length ? each : nearest);
  return [...ofIdentity, ...broken(circumstances, signer)];
}
function rulesOf({ issuer, rules }) {
  return [{ name: "issuer", matcher: issuer }, ...rules];
}
function broken(rules, signer) {
  return rules.flatMap(({ name, matcher }) => {
    const fact = FACTS[name](signer);
    if (fact !== void 0 && matches(matcher, fact)) return [];
    return [{ rule: name, expected: formatMatcher(matcher), found: fact ?? NOT_STATED }];
  });
}

// src/policy/authority.ts
function opinionOf(authority, bundle) {
  return authority.kind === "keyless" ? opinionOfIssuer(authority, bundle) : opinionOfKey(authority, bundle);
}
function isForKindOf(authority, { signer }) {
  return authority.kind === "key" === isKeyHolder(signer);
}
function opinionOfIssuer(authority, bundle) {
  if (!isWitnessed(bundle)) return { authority, findings: [noCertificate(bundle.signer)] };
  const { signer, roots } = bundle;
  if (isKeyHolder(signer)) return { authority, findings: [noCertificate(signer)] };
  const findings = [...findingsOnRoots(authority.roots, roots), ...findingsFor(signer, authority)];
  return isNonEmpty(findings) ? { authority, findings } : { acceptance: { authority, bundle } };
}
function opinionOfKey(authority, bundle) {
  const { signer } = bundle;
  if (!isKeyHolder(signer)) return { authority, findings: [noKey(signer)] };
  if (!authority.keys.some(({ key }) => key === signer.key))
    return { authority, findings: [anotherKey(authority, signer.key)] };
  if (authority.witness === "insecure-ignored") return { acceptance: { authority, bundle } };
  if (!isWitnessed(bundle)) return { authority, findings: [bundle.unwitnessed.finding] };
  const findings = findingsOnRoots(authority.roots, bundle.roots);
  return isNonEmpty(findings) ? { authority, findings } : { acceptance: { authority, bundle } };
}
function findingsOnRoots(required, found) {
  const expected = nameOfRoots(required);
  if (found.includes(expected)) return [];
  return [{ rule: "trusted-root", expected, found: found.join(" and ") }];
}
function noCertificate({ key }) {
  const found = `signed with the key ${key}`;
  return { rule: "certificate", expected: "a signature made with a certificate", found };
}
function noKey({ san }) {
  return { rule: "key", expected: "a signature made with the key", found: san };
}
function anotherKey({ keys }, found) {
  return { rule: "key", expected: keys.map(({ key }) => key).join(" or "), found };
}

// src/policy/conditions.ts
function findingsOnConditions(conditions, bundle) {
  return conditions.flatMap(
    (condition) => condition.kind === "annotation" ? findingsOnAnnotation(condition, bundle) : findingsOnAge(condition, bundle)
  );
}
function findingsOnAnnotation({ key, value }, { statement: { annotations = {} } }) {
  const found = Object.hasOwn(annotations, key) ? annotations[key] : void 0;
  if (found === value) return [];
  return [
    {
      rule: "annotations",
      expected: `${key}=${value}`,
      found: found === void 0 ? "not in the signature" : `${key}=${found}`
    }
  ];
}
function findingsOnAge({ notBefore, limit }, { times }) {
  const [earliest] = times.map(({ time }) => time).toSorted((a, b) => a.getTime() - b.getTime());
  if (earliest && earliest >= notBefore) return [];
  return [
    {
      rule: "max-age",
      expected: `at most ${limit}, signed at ${notBefore.toISOString()} or later`,
      found: earliest ? earliest.toISOString() : "no verified time"
    }
  ];
}

// src/policy/requirement.ts
function isAcceptance(judged) {
  return !("findings" in judged);
}
function judgedBy(requirement, bundle) {
  if (!requirement.predicateTypes.includes(bundle.statement.predicateType)) return void 0;
  const unmet = findingsOnConditions(requirement.conditions, bundle);
  const opinions = mapEach(
    requirement.anyOf,
    (authority) => restricted(opinionOf(authority, bundle), unmet)
  );
  const accepting = opinions.find((opinion) => "acceptance" in opinion);
  if (accepting) return accepting.acceptance;
  const refusing = opinions.filter((opinion) => "findings" in opinion);
  const refusals = refusing.map((each) => ({ ...each, bundle, requirement: requirement.name }));
  return isNonEmpty(refusals) ? nearestOf(refusals) : void 0;
}
function restricted(opinion, unmet) {
  if ("findings" in opinion) return { ...opinion, findings: [...opinion.findings, ...unmet] };
  const { authority } = opinion.acceptance;
  return isNonEmpty(unmet) ? { authority, findings: unmet } : opinion;
}
function nearestOf(refusals) {
  const ofKind = refusals.filter(({ authority, bundle }) => isForKindOf(authority, bundle));
  const near = isNonEmpty(ofKind) ? ofKind : refusals;
  return near.reduce(
    (nearest, each) => each.findings.length < nearest.findings.length ? each : nearest
  );
}

// src/policy/evaluate.ts
function evaluate(policies, image, { checked, looked, failures }) {
  const matching = policies.filter(({ images }) => matches(images, formatRepository(image)));
  const standing = checked.map((each) => standingOf(each, matching));
  const verified = standing.flatMap((each) => "verified" in each ? [each.verified] : []);
  const weighed = matching.flatMap((policy) => weigh(policy, verified));
  const seen = {
    rejections: standing.flatMap((each) => "rejected" in each ? [each.rejected] : []),
    ...sorted(verified, weighed),
    looked
  };
  const evidence = weighed.flatMap(evidenceIn);
  const unmet = weighed.filter(({ judged }) => !judged.some(isAcceptance));
  if (isNonEmpty(evidence) && unmet.length === 0) return { ...seen, outcome: "accepted", evidence };
  if (isNonEmpty(failures)) return { ...seen, outcome: "inconclusive", failures };
  const names = unmet.map(({ requirement }) => requirement);
  return {
    ...seen,
    outcome: checked.length > 0 ? "rejected" : "unattested",
    unmet: isNonEmpty(names) ? names : ["policy for this image"]
  };
}
function standingOf(checked, policies) {
  if (!("verified" in checked) || isWitnessed(checked.verified)) return checked;
  const bundle = checked.verified;
  const isTaken = authoritiesIn(policies).some((each) => "acceptance" in opinionOf(each, bundle));
  return isTaken ? checked : { rejected: bundle.unwitnessed };
}
function weigh(policy, verified) {
  return policy.requirements.map((requirement) => ({
    policy: policy.name,
    requirement: requirement.name,
    judged: verified.flatMap((bundle) => judgedBy(requirement, bundle) ?? [])
  }));
}
function sorted(verified, weighed) {
  const judged = Map.groupBy(
    weighed.flatMap((each) => each.judged),
    ({ bundle }) => bundle
  );
  return {
    unacceptable: verified.flatMap((bundle) => {
      const refusals = (judged.get(bundle) ?? []).filter((each) => "findings" in each);
      return isNonEmpty(refusals) ? [nearestOf(refusals)] : [];
    }),
    ignored: verified.filter((bundle) => !judged.has(bundle))
  };
}
function evidenceIn({ policy, requirement, judged }) {
  const acceptances = judged.filter(isAcceptance);
  return isNonEmpty(acceptances) ? [{ policy, requirement, acceptances }] : [];
}

// src/gate.ts
var IDLE_AFTER = 1e3;
var PARTS_AT_ONCE = 4;
var POSTPONED_LIMIT = 32 << 20;
async function judge(reference, policies, services) {
  for (; ; ) {
    const verdicts = await judgeOnce(reference, policies, services);
    if (!verdicts.some(isNothingYet) || verdicts.some(isRefused)) return verdicts;
    if (!await services.again(reference.text)) return verdicts;
  }
}
async function judgeOnce(reference, policies, services) {
  const { text, places = [] } = reference;
  const about = { reference: text, places };
  let subject;
  const stop = new AbortController();
  try {
    const resolved = await services.resolve(reference);
    const image = subject = resolved.subject;
    const [verdict, parts] = await Promise.all([
      judgeSubject(image, policies, services, stop),
      services.partsOf(image),
      resolved.confirmed
    ]);
    const others = await sideBySide(parts, PARTS_AT_ONCE, async (part) => ({
      ...about,
      part: part.name,
      subject: part.subject,
      verdict: await judgePart(part.subject, policies, services)
    }));
    return [{ ...about, subject: image, verdict }, ...others];
  } catch (error) {
    return [{ ...about, subject, verdict: verdictOf(actionErrorsOf(error)) }];
  } finally {
    stop.abort();
  }
}
function judgePart(subject, policies, services) {
  return judgeSubject(subject, policies, services).catch(
    (error) => verdictOf(actionErrorsOf(error))
  );
}
function isNothingYet({ verdict }) {
  if (verdict.outcome === "accepted") return false;
  if ("failures" in verdict)
    return verdict.failures.every(({ code }) => code === "SUBJECT_MISSING");
  return verdict.rejections.length + verdict.unacceptable.length === 0;
}
function isRefused(image) {
  return image.verdict.outcome !== "accepted" && !isNothingYet(image);
}
async function judgeSubject(subject, policies, services, stop = new AbortController()) {
  const streams = services.sources.map((source) => source.find(subject, stop.signal));
  try {
    const gathering = new Gathering(subject, policies, services, await services.loadVerifier());
    for await (const discovery of merged(streams, IDLE_AFTER)) {
      if (discovery === IDLE) await gathering.decidePostponed();
      else await gathering.take(discovery);
      if (gathering.isComplete) return gathering.verdict();
    }
    await gathering.decidePostponed();
    return gathering.verdict();
  } finally {
    stop.abort();
  }
}
function verdictOf([failure, ...failures]) {
  if (!failure) throw new RangeError("a failure without a reason");
  return {
    outcome: outcomeOf(failure),
    failures: [failure, ...failures],
    rejections: [],
    unacceptable: [],
    ignored: [],
    looked: []
  };
}
function outcomeOf({ code }) {
  return code === "SUBJECT_MOVED" || code === "DIGEST_MISMATCH" ? "rejected" : "inconclusive";
}
var Gathering = class {
  #subject;
  #policies;
  #services;
  #verify;
  #checked = [];
  #looked = [];
  #failures = [];
  #postponed = [];
  #postponedBytes = 0;
  #isLate = false;
  #isAccepted = false;
  constructor(subject, policies, services, verify2) {
    this.#subject = subject;
    this.#policies = policies;
    this.#services = services;
    this.#verify = verify2;
  }
  /** Whether more bundles cannot change the verdict, or the deadline has passed. */
  get isComplete() {
    return this.#isAccepted || this.#isLate;
  }
  async take(discovery) {
    if ("looked" in discovery) this.#looked.push(discovery.looked);
    if ("failure" in discovery) this.#failures.push(discovery.failure);
    if (this.#isInTime() && "found" in discovery) await this.#check(discovery.found);
  }
  /** Bundles that may only verify with another trusted root. */
  async decidePostponed() {
    const postponed = this.#postponed.splice(0);
    this.#postponedBytes = 0;
    for (const { postponed: decide } of postponed) {
      if (this.isComplete || !this.#isInTime()) return;
      await this.#note(decide);
    }
  }
  verdict() {
    return evaluate(this.#policies, this.#subject.repository, {
      checked: this.#checked,
      looked: this.#looked,
      failures: rarestFirst(this.#failures)
    });
  }
  async #check(found) {
    const size = (found.layer ?? found.json).length;
    await this.#note(() => this.#verify(found, this.#subject.digest), size);
    if (this.#postponedBytes > POSTPONED_LIMIT) await this.decidePostponed();
  }
  async #note(check, size = 0) {
    try {
      const checked = await check();
      if ("postponed" in checked) {
        this.#postponed.push(checked);
        this.#postponedBytes += size;
        return;
      }
      this.#checked.push(checked);
      if ("verified" in checked) this.#isAccepted = this.verdict().outcome === "accepted";
    } catch (error) {
      this.#failures.push(...actionErrorsOf(error));
    }
  }
  #isInTime() {
    if (!this.#services.deadline.aborted) return true;
    if (!this.#isLate)
      this.#failures.push(this.#services.outOfTime("not every bundle was verified"));
    this.#isLate = true;
    return false;
  }
};
function rarestFirst(failures) {
  const alike = Map.groupBy(failures, ({ code, remedy }) => `${code} ${remedy}`);
  return [...alike.values()].sort((a, b) => a.length - b.length).flat();
}

// src/verify.ts
var WIDTH = 16;
var WORST_FIRST = ["rejected", "unattested", "inconclusive", "accepted"];
async function verify({ images: references, onFailure }, policies, services) {
  const verdicts = await sideBySide(
    references,
    WIDTH,
    (reference) => judge(reference, policies, services)
  );
  const images = verdicts.flat();
  if (!isNonEmpty(images)) throw new RangeError("a request without images");
  const outcome = WORST_FIRST.find(
    (each) => images.some(({ verdict }) => verdict.outcome === each)
  );
  return {
    mode: "verify",
    images,
    outcome: outcome ?? "inconclusive",
    onFailure,
    insecure: insecureIn(policies)
  };
}

// src/keys/load.ts
import { readFile } from "node:fs/promises";
var KEY_LIMIT = 64 << 10;
var KEY_TIMEOUT = 1e4;
async function loadKeys(locations, transport) {
  const here = await allOrProblems(
    locations.filter((location) => location.kind !== "url").map((location) => readHere(location))
  );
  const fetched = await allOrProblems(
    locations.filter((location) => location.kind === "url").map((location) => fetchKeys(location.url, transport))
  );
  const keys = [...here, ...fetched].flat();
  if (!isNonEmpty(keys)) throw new RangeError("no location of a key");
  return keys;
}
async function readHere(location) {
  if (location.kind === "pem") return keysIn(location.text, "key");
  const text = await readFile(location.path, "utf8").catch((error) => {
    throw unusable(
      location.path,
      whyUnreadable(codeOf(error)),
      "check the path; it is relative to the workspace"
    );
  });
  return keysIn(text, location.path);
}
async function fetchKeys(url, transport) {
  const from = `${url.origin}${url.pathname}`;
  const { status, body, headers } = await transport({
    method: "GET",
    url,
    limit: KEY_LIMIT,
    timeout: KEY_TIMEOUT,
    redirect: "return"
  }).catch((error) => {
    throw unfetched(from, error);
  });
  if (status === 200) return keysIn(body.toString(), from);
  const location = headers.get("location");
  throw location === null ? unusable(from, `it answered ${status}`, "check the URL; it is fetched without credentials") : unusable(
    from,
    `it redirects to ${new URL(location, url).origin}`,
    "use the URL of the key file itself, for example on raw.githubusercontent.com at a commit"
  );
}
function unfetched(from, error) {
  if (!(error instanceof ActionError)) return error;
  if (error.code === "LIMIT_EXCEEDED")
    return unusable(
      from,
      `it is larger than ${KEY_LIMIT} bytes`,
      "use the URL of the key file itself"
    );
  return new ActionError(error.kind, error.code, {
    message: `Cannot fetch the key "${from}": ${error.message}`,
    remedy: `${error.remedy}; or keep the key in a file or in the workflow`,
    cause: error
  });
}
function keysIn(text, from) {
  const keys = parsePublicKeys(text, from);
  if (isProblem(keys)) throw unusable(from, keys.problem, keys.remedy);
  return keys.value;
}
function unusable(from, state, remedy) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot use the key "${from}": ${state}`,
    remedy
  });
}

// src/sigstore/trust/several-trusts.ts
function trustedTogether(stores) {
  const [first, ...others] = stores;
  if (others.length === 0) return first;
  return {
    issuersOf: (certificate) => issuersIn(stores, certificate),
    all: loadAll(stores.map((store) => () => store.all()))
  };
}
async function issuersIn(stores, certificate) {
  const refusals = [];
  const answers = stores.map(
    (store) => store.issuersOf(certificate).catch((error) => {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
      return { known: [] };
    })
  );
  const issuers = await Promise.all(answers);
  const known = issuers.flatMap((each) => each.known);
  const loads = issuers.flatMap(({ other }) => other ?? []);
  const [refusal] = refusals;
  if (refusal && known.length === 0 && loads.length === 0) throw refusal;
  return isNonEmpty(loads) ? { known, other: loadAll(loads) } : { known };
}
function loadAll(loads) {
  return async () => (await Promise.all(loads.map((load) => load()))).flat();
}

// src/wiring/policies.ts
async function openPolicies(written, { transport, tuf }) {
  const needs = needsOf(written);
  const keys = await readKeys(needs.keys, transport);
  const all = [...keys.values()].flat();
  for (const { fingerprint, from } of all)
    stepLog.info(`Trusting the key ${fingerprint} from ${from}`);
  if (isNonEmpty(insecureIn(written)))
    stepLog.warning("insecure-ignore-tlog: neither a log entry nor a timestamp is required");
  await openRoots(needs.unasked, tuf, "with keys");
  return {
    policies: withKeys(written, (places) => holdersIn(keys, places)),
    trusted: {
      certificates: await openRoots(needs.certificates, tuf, "with certificates"),
      keys: all,
      witnesses: await openRoots(needs.witnesses, tuf, "with keys")
    }
  };
}
async function readKeys(lists, transport) {
  const read = lists.map(async (places) => [places, await loadKeys(places, transport)]);
  return new Map(await allOrProblems(read));
}
function holdersIn(keys, places) {
  const read = keys.get(places);
  if (!read) throw new RangeError("keys that were not read");
  return mapEach(read, ({ fingerprint, from }) => ({ key: fingerprint, from }));
}
async function openRoots(roots, tuf, signers) {
  const stores = await allOrProblems(roots.map((each) => trustStore(each, tuf, signers)));
  return isNonEmpty(stores) ? trustedTogether(stores) : void 0;
}

// src/wiring/verify.ts
var SHORTEST_READING = 15e3;
async function runVerify(request, environment) {
  const deadline = deadlineIn(Math.max(request.retryTimeout, SHORTEST_READING) + request.wait);
  const { clientFor, evidenceFor, attestations, tuf, transport } = sharedServices(
    request,
    environment,
    {
      accessTo: () => "pull",
      deadline
    }
  );
  const { attestationsOf, bundles } = request;
  const services = { evidenceFor, attestations, attestationsOf, bundles, memory: { used: 0 } };
  const { policies, trusted } = await openPolicies(request.policies, { transport, tuf });
  const resolve = resolveBy(clientFor);
  return verify(request, policies, {
    loadVerifier: verifierLoader(trusted),
    resolve: request.sources.length > 0 ? resolve : withoutConfirmation(resolve),
    partsOf: request.reach === "tree" ? partsBy(clientFor) : () => Promise.resolve([]),
    again: patience(request.wait, stepLog.info),
    sources: mapEach(sourcesOf(request), (name) => SOURCES[name](services)),
    deadline: deadline.signal,
    outOfTime: (state) => outOfTime(state, deadline)
  });
}
function sourcesOf({ sources, bundles }) {
  const names = [
    ...bundles.length > 0 ? ["file"] : [],
    ...sources.includes("registry") ? ["registry", "legacy"] : [],
    ...sources.includes("github") ? ["github"] : []
  ];
  if (!isNonEmpty(names)) throw new RangeError("a gate without sources");
  return names;
}
export {
  runVerify
};
