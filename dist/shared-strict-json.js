import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
import {
  isNonEmpty
} from "./shared-non-empty.js";
import {
  digestOf,
  formatRepository,
  isSameRepository
} from "./shared-reference.js";
import {
  isRecord
} from "./shared-errors.js";

// src/model/subject.ts
function formatSubject({ repository, digest }) {
  return `${formatRepository(repository)}@${digest}`;
}
function formatForClusters({ repository: { registry, path }, digest }) {
  return `${registry === "docker.io" ? "index.docker.io" : registry}/${path}@${digest}`;
}
function isSameSubject(one, other) {
  return one.digest === other.digest && isSameRepository(one.repository, other.repository);
}
function includesSubject(subjects, subject) {
  return subjects.some((each) => isSameSubject(each, subject));
}
function groupByDigest([first, ...others]) {
  const groups = [[first]];
  for (const subject of others) {
    const group = groups.find(([{ digest }]) => digest === subject.digest);
    if (!group) groups.push([subject]);
    else if (!includesSubject(group, subject)) group.push(subject);
  }
  return groups;
}
function distinctSubjects(subjects) {
  const known2 = /* @__PURE__ */ new Map();
  for (const subject of subjects) {
    const name = formatSubject(subject);
    const earlier = known2.get(name);
    if (!earlier || earlier.listedAs && !subject.listedAs) known2.set(name, subject);
  }
  const [first = subjects[0], ...others] = known2.values();
  return [first, ...others];
}
function namedIn(subjects) {
  const named = subjects.filter(({ listedAs }) => listedAs === void 0);
  return isNonEmpty(named) ? named : subjects;
}

// src/text/strict-json.ts
var DEEPEST = 64;
var VALUES = 5e5;
var REMEDY = "sign again with a tool that writes plain JSON";
function parseStrictJson(bytes, mostValues = VALUES) {
  const survey = surveyOf(bytes, mostValues);
  if ("problem" in survey) return { ...survey, remedy: REMEDY };
  let text;
  let value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: "it is not UTF-8", remedy: REMEDY };
  }
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "it is not JSON", remedy: REMEDY };
  }
  return membersIn(value) === survey.members ? { value } : { problem: `it has the key "${doubledKeyIn(bytes).slice(0, 40)}" twice`, remedy: REMEDY };
}
var [QUOTE, BACKSLASH, COMMA, COLON, PLUS, MINUS, POINT, ZERO, NINE] = [
  34,
  92,
  44,
  58,
  43,
  45,
  46,
  48,
  57
];
var [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
function surveyOf(bytes, mostValues, onMember) {
  const open = [];
  let [values, members, objects, keyFrom, keyTo] = [0, 0, 0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      keyFrom = at;
      at = endOfString(bytes, at);
      keyTo = at + 1;
    } else if (byte === COLON) {
      members++;
      onMember?.(open.at(-1) ?? 0, bytes.subarray(keyFrom, keyTo));
    } else if (byte === COMMA) {
      values++;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      values++;
      if (open.push(objects++) > DEEPEST)
        return { problem: `it is nested more than ${DEEPEST} levels deep` };
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      open.pop();
    } else if (byte === MINUS || byte >= ZERO && byte <= NINE) {
      const end = endOfNumber(bytes, at);
      if (!isExact(bytes, at, end))
        return {
          problem: `it has the number ${textOf(bytes.subarray(at, Math.min(end, at + 40)))}, which not every JSON parser reads the same way`
        };
      at = end - 1;
    }
    if (values > mostValues) return { problem: `it has more than ${mostValues} values` };
  }
  return { members };
}
function endOfString(bytes, from) {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
function endOfNumber(bytes, from) {
  let at = from;
  while (at < bytes.length && isNumeral(bytes[at] ?? 0)) at++;
  return at;
}
function isNumeral(byte) {
  return byte >= ZERO && byte <= NINE || byte === MINUS || byte === PLUS || byte === POINT || isExponent(byte);
}
function isExponent(byte) {
  return byte === 101 || byte === 69;
}
function isExact(bytes, from, to) {
  const digits = bytes.subarray(from, to);
  if (to - from <= 15 && !digits.some(isExponent)) return true;
  const number = textOf(digits);
  return /^-?\d+$/.test(number) ? Number.isSafeInteger(Number(number)) : Number.isFinite(Number(number));
}
function membersIn(value) {
  if (Array.isArray(value))
    return value.reduce((members2, each) => members2 + membersIn(each), 0);
  if (!isRecord(value)) return 0;
  let members = 0;
  for (const key in value) members += 1 + membersIn(value[key]);
  return members;
}
function doubledKeyIn(bytes) {
  const seen = /* @__PURE__ */ new Set();
  let doubled = "";
  surveyOf(bytes, Infinity, (object, key) => {
    const name = JSON.parse(textOf(key));
    if (seen.has(`${object} ${name}`)) doubled ||= name;
    seen.add(`${object} ${name}`);
  });
  return doubled;
}
function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}

// src/model/bundle.ts
var BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
var BUNDLE_LIMIT = 16 << 20;
function signedBundle(parts) {
  return { id: digestOf(parts.json), ...parts };
}
function formatOf({ layer }) {
  return layer ? "layer" : "bundle";
}
function isWitnessed(bundle) {
  return !("unwitnessed" in bundle);
}

// src/http/addresses.ts
import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
var LOOKUP_TIMEOUT = 2e3;
var INTERNAL = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["fc00::", 7],
  ["fe80::", 9],
  ["ff00::", 8]
];
var internal = new BlockList();
for (const [network, prefix] of INTERNAL)
  internal.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4");
function isLoopback(hostname) {
  const isName = /^(.*\.)?localhost\.?$/.test(hostname);
  return isName || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
async function whyRefused(target, from, lookUp = lookUpOnce) {
  if (target.origin === from.origin) return void 0;
  if (!isSecure(target) || from.protocol === "https:" && target.protocol !== "https:") {
    return "that is not https";
  }
  const isInward = await isInternal(target.hostname, lookUp);
  if (!isInward || await isInternal(from.hostname, lookUp)) return void 0;
  return `that is an internal address, and ${from.host} is a public one`;
}
function isSecure(url) {
  return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}
async function isInternal(hostname, lookUp) {
  if (isLoopback(hostname)) return true;
  const literal = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  const isLiteral = hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
  const addresses = isLiteral ? [literal] : await lookUp(hostname);
  return addresses.some((address) => internal.check(address, familyOf(address)));
}
function familyOf(address) {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
var known = /* @__PURE__ */ new Map();
function lookUpOnce(hostname) {
  const addresses = known.get(hostname) ?? lookUpNow(hostname);
  known.set(hostname, addresses);
  return addresses;
}
async function lookUpNow(hostname) {
  const found = lookup(hostname, { all: true }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => []
  );
  return Promise.race([found, sleep(LOOKUP_TIMEOUT, [], { ref: false })]);
}

export {
  formatSubject,
  formatForClusters,
  isSameSubject,
  includesSubject,
  groupByDigest,
  distinctSubjects,
  namedIn,
  parseStrictJson,
  isLoopback,
  whyRefused,
  isSecure,
  BUNDLE_MEDIA_TYPE,
  BUNDLE_LIMIT,
  signedBundle,
  formatOf,
  isWitnessed
};
