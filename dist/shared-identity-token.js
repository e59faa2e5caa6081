const require = process.getBuiltinModule;
import {
  describeStatus
} from "./shared-explain.js";
import {
  kindOfText
} from "./shared-file-kind.js";
import {
  BUNDLE_LIMIT,
  parseStrictJson,
  setSecret
} from "./shared-core.js";
import {
  mapEach
} from "./shared-non-empty.js";
import {
  formatRepository,
  hexOf
} from "./shared-reference.js";
import {
  isProblem
} from "./shared-parsed.js";
import {
  ActionError,
  isRecord,
  parseJson
} from "./shared-errors.js";

// src/action/identity-token.ts
var AUDIENCE = "sigstore";
var ANSWER_LIMIT = 64 << 10;
var TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
function tokenServiceIn(env) {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return address && bearer ? { address, bearer } : void 0;
}
async function getIdentityToken(service, transport) {
  if (!service) throw noIdentityToken();
  const url = URL.parse(service.address);
  if (!url) throw unobtainable("ACTIONS_ID_TOKEN_REQUEST_URL is not an address");
  url.searchParams.set("audience", AUDIENCE);
  const answer = await transport({
    method: "GET",
    url,
    headers: { authorization: `Bearer ${service.bearer}`, accept: "application/json" },
    limit: ANSWER_LIMIT,
    redirect: "return"
  });
  const json = parseJson(answer.body.toString());
  const token = isRecord(json) ? json["value"] : void 0;
  if (typeof token === "string" && token !== "") setSecret(token);
  if (answer.status === 200 && typeof token === "string" && TOKEN.test(token)) return token;
  const state = answer.status === 200 ? "200 without a token" : describeStatus(answer);
  throw unobtainable(`the runner's token service answered ${state}`);
}
function unobtainable(state) {
  return new ActionError("service", "SERVICE_REFUSED", {
    message: `Cannot get an identity token: ${state}`,
    remedy: 'run the job again; if it keeps failing, check "permissions: id-token: write" and https://www.githubstatus.com'
  });
}
function noIdentityToken() {
  return new ActionError("permission", "PERMISSION_ID_TOKEN", {
    message: "Cannot sign: this job is not allowed to request an identity token",
    remedy: [
      "add to the job (and to the job that calls it, if this is a reusable workflow):",
      "  permissions:",
      "    contents: read",
      "    id-token: write",
      "    packages: write",
      'or set "if-no-identity: skip", if the job is not meant to sign'
    ].join("\n")
  });
}

// src/text/json-object.ts
var BEGINNING = 4096;
function objectIn(parsed, bytes, remedy) {
  if (isProblem(parsed)) {
    const kind2 = kindOfText(
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, BEGINNING))
    );
    return { problem: kind2.startsWith("JSON") ? parsed.problem : `it is ${kind2}`, remedy };
  }
  if (isRecord(parsed.value)) return { value: parsed.value };
  const kind = Array.isArray(parsed.value) ? "a JSON list" : "a single JSON value";
  return { problem: `it is ${kind}, not an object`, remedy };
}

// src/predicates/predicate.ts
function subjectOf({ repository, digest }) {
  return { name: formatRepository(repository), digest: { sha256: hexOf(digest) } };
}

// src/predicates/document.ts
var PREDICATE_FILE_LIMIT = 16 << 20;
var PREDICATE_LIMIT = 11 << 20;
var VALUES = 49e4;
var [OPEN, CLOSE] = [Buffer.from("["), Buffer.from("]")];
function documentStatement({ predicateType, predicate }) {
  return (subjects) => ({ subject: mapEach(subjects, subjectOf), predicateType, predicate });
}
function parsePredicate(bytes) {
  const remedy = "write one JSON object, in UTF-8";
  const predicate = objectIn(parseOneLevelDown(bytes, remedy), bytes, remedy);
  if (isProblem(predicate)) return predicate;
  const size = Buffer.byteLength(JSON.stringify(predicate.value));
  if (size <= PREDICATE_LIMIT) return predicate;
  return {
    problem: `it has ${size} bytes without white space, over the limit of ${PREDICATE_LIMIT} that fit into a bundle`,
    remedy: "omit what is not needed: for an SBOM, the files (SYFT_FILE_METADATA_SELECTION=none with Syft)"
  };
}
function parseOneLevelDown(bytes, remedy) {
  const list = parseStrictJson(Buffer.concat([OPEN, bytes, CLOSE]), VALUES);
  if (isProblem(list)) return list;
  const values = Array.isArray(list.value) ? list.value : [];
  return values.length === 1 ? { value: values[0] } : { problem: "it is not JSON", remedy };
}

// src/model/request.ts
function needsToken({ key, claims }) {
  return !key || claims.some(({ kind }) => kind === "provenance");
}

// src/names/bundle-file.ts
var BUNDLE_FILE_LIMIT = 64 << 20;
function parseBundleFile(bytes) {
  const text = bytes.toString();
  if (isJson(text)) return withinLimit([{ json: bytes }]);
  const lines = text.split("\n").flatMap((line, index) => {
    return line.trim() === "" ? [] : [{ line: index + 1, json: Buffer.from(line) }];
  });
  const broken = lines.find(({ json }) => !isJson(json.toString()));
  if (broken)
    return { problem: `line ${broken.line ?? 1} of it is not JSON`, remedy: ONE_PER_LINE };
  if (lines.length === 0) return { problem: "it is empty", remedy: ONE_PER_LINE };
  return withinLimit(lines);
}
var ONE_PER_LINE = 'pass a Sigstore bundle as JSON, or several with one per line, as "gh attestation download" writes them';
function withinLimit(bundles) {
  if (bundles.every(({ json }) => json.length <= BUNDLE_LIMIT)) return { value: bundles };
  return {
    problem: `it has a bundle of over ${BUNDLE_LIMIT} bytes`,
    remedy: "take that bundle out of the file"
  };
}
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export {
  tokenServiceIn,
  getIdentityToken,
  noIdentityToken,
  objectIn,
  subjectOf,
  PREDICATE_FILE_LIMIT,
  documentStatement,
  parsePredicate,
  needsToken,
  BUNDLE_FILE_LIMIT,
  parseBundleFile
};
