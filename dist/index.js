const require = process.getBuiltinModule;
import {
  nearestName
} from "./shared-nearest.js";
import {
  anyOf,
  exactly,
  formatMatcher,
  matches
} from "./shared-matcher.js";
import {
  BUNDLE_FILE_LIMIT,
  PREDICATE_FILE_LIMIT,
  needsToken,
  noIdentityToken,
  objectIn,
  parseBundleFile,
  parsePredicate,
  tokenServiceIn
} from "./shared-identity-token.js";
import {
  WITH_IMAGE,
  evidenceRepository,
  formatTag,
  isGitHubCom,
  isTenant,
  proxyVariables,
  publishNothingYet,
  publishProblems,
  publishReport,
  publishSkip,
  unusableProxies
} from "./shared-explain.js";
import {
  rootsAt
} from "./shared-policy.js";
import "./shared-place.js";
import {
  readBoundedFile
} from "./shared-bounded-file.js";
import "./shared-file-kind.js";
import {
  getInput,
  groupByDigest,
  info,
  isSameSubject,
  isSecure,
  notice,
  parseStrictJson,
  setSecret
} from "./shared-core.js";
import {
  CYCLONEDX_TYPE,
  NAMED_TYPES,
  PROVENANCE_TYPE,
  SIGNATURE_TYPE,
  SPDX_TYPE
} from "./shared-types.js";
import {
  flatten,
  groupBy,
  isNonEmpty,
  mapEach
} from "./shared-non-empty.js";
import {
  formatImage,
  formatRepository,
  isPinned,
  isSameRepository,
  isTag,
  parseDigest,
  parseReference
} from "./shared-reference.js";
import {
  isProblem
} from "./shared-parsed.js";
import {
  ActionError,
  ActionErrors,
  actionErrorsOf,
  isRecord,
  parseJson
} from "./shared-errors.js";
import "./shared-runtime.js";

// src/action/end.ts
function end() {
  process.stdout.write("", () => process.exit());
}

// src/action/environment.ts
const { tmpdir } = process.getBuiltinModule("node:os");

// src/action/event.ts
const { readFileSync } = process.getBuiltinModule("node:fs");
var PULL_REQUEST = /^pull_request(_review|_review_comment)?$/;
function readEvent(env) {
  const { GITHUB_EVENT_PATH: path, GITHUB_EVENT_NAME: name = "", GITHUB_ACTOR: actor } = env;
  const payload = path ? payloadAt(path) : void 0;
  const visibility = memberOf(memberOf(payload, "repository"), "visibility");
  const known = { visibility: typeof visibility === "string" ? visibility : "" };
  if (!PULL_REQUEST.test(name)) return known;
  if (isFromFork(memberOf(payload, "pull_request"))) return { ...known, stranger: "fork" };
  return actor === "dependabot[bot]" ? { ...known, stranger: "dependabot" } : known;
}
function isFromFork(pullRequest) {
  const base = memberOf(memberOf(memberOf(pullRequest, "base"), "repo"), "id");
  const head = memberOf(memberOf(memberOf(pullRequest, "head"), "repo"), "id");
  return base !== void 0 && base !== head;
}
function memberOf(json, name) {
  return isRecord(json) ? json[name] : void 0;
}
function payloadAt(path) {
  try {
    return parseJson(readFileSync(path, "utf8"));
  } catch {
    return void 0;
  }
}

// src/action/login-files.ts
const { homedir } = process.getBuiltinModule("node:os");
const { join } = process.getBuiltinModule("node:path");
function loginFilesIn(env) {
  const docker = env["DOCKER_CONFIG"] || join(homedir(), ".docker");
  return [join(docker, "config.json"), ...podmanFilesIn(env)];
}
function podmanFilesIn(env) {
  const chosen = env["REGISTRY_AUTH_FILE"];
  if (chosen) return [chosen];
  const runtime = env["XDG_RUNTIME_DIR"];
  const config = env["XDG_CONFIG_HOME"] || join(homedir(), ".config");
  return [
    runtime ? `${runtime}/containers/auth.json` : `/run/containers/${process.getuid?.()}/auth.json`,
    join(config, "containers/auth.json")
  ];
}

// src/action/inputs.ts
var INPUTS = {
  mode: "both",
  images: "both",
  digest: "both",
  metadata: "both",
  files: "verify",
  recursive: "both",
  stores: "sign",
  attestations: "sign",
  signature: "sign",
  "signature-format": "sign",
  annotations: "both",
  tags: "sign",
  sigstore: "sign",
  "if-no-identity": "sign",
  "if-signed": "sign",
  "dry-run": "sign",
  policy: "verify",
  repository: "verify",
  owner: "verify",
  "signer-workflow": "verify",
  "source-ref": "verify",
  "source-digest": "verify",
  "signer-digest": "verify",
  event: "verify",
  environment: "verify",
  "deny-self-hosted-runners": "verify",
  "certificate-identity": "verify",
  "certificate-identity-regexp": "verify",
  "certificate-oidc-issuer": "verify",
  "certificate-oidc-issuer-regexp": "verify",
  key: "both",
  "key-password": "sign",
  "insecure-ignore-tlog": "verify",
  require: "verify",
  "max-age": "verify",
  sources: "verify",
  bundle: "verify",
  wait: "verify",
  "on-failure": "verify",
  "copy-evidence-to": "verify",
  "signature-repository": "both",
  "trusted-root": "both",
  "github-token": "both",
  "registry-username": "both",
  "registry-password": "both",
  "retry-timeout": "both",
  summary: "both"
};
var DEFAULTS = {
  stores: "registry",
  "signature-format": "bundle",
  sigstore: "auto",
  "if-no-identity": "fail",
  "if-signed": "skip",
  "dry-run": "false",
  "deny-self-hosted-runners": "false",
  "certificate-oidc-issuer": "https://token.actions.githubusercontent.com",
  "insecure-ignore-tlog": "false",
  require: "signature",
  sources: "registry, github",
  wait: "0s",
  "on-failure": "fail"
};
function readInputs() {
  const inputs = Object.fromEntries(
    Object.keys(INPUTS).map((name) => [name, getInput(name)])
  );
  for (const name of ["github-token", "registry-password", "key-password"])
    if (inputs[name] !== "") setSecret(inputs[name]);
  if (inputs.key.includes("PRIVATE KEY-----")) setSecret(inputs.key);
  return inputs;
}

// src/action/undeclared.ts
var PREFIX = "INPUT_";
var NAMES = Object.keys(INPUTS);
function undeclaredInputs(env) {
  return Object.keys(env).filter((variable) => variable.startsWith(PREFIX)).map((variable) => variable.slice(PREFIX.length).toLowerCase()).filter((name) => !NAMES.includes(name)).sort();
}
function refuseUndeclared(names, problems) {
  for (const name of names) {
    const nearest = nearestName(name.replaceAll("_", "-"), NAMES);
    problems.add(
      "INPUT_INVALID",
      `Cannot use "${name}": this action has no such input`,
      nearest === void 0 ? `remove it from "with", or rename the variable INPUT_${name.toUpperCase()} if "env" sets it` : `did you mean "${nearest}"?`
    );
  }
}

// src/action/environment.ts
function readEnvironment() {
  const { env } = process;
  const tokenService = tokenServiceIn(env);
  const read = (name, otherwise) => env[name] || otherwise;
  return Object.freeze({
    repository: read("GITHUB_REPOSITORY", ""),
    repositoryId: read("GITHUB_REPOSITORY_ID", ""),
    repositoryOwnerId: read("GITHUB_REPOSITORY_OWNER_ID", ""),
    serverUrl: read("GITHUB_SERVER_URL", "https://github.com").replace(/\/+$/, ""),
    apiUrl: read("GITHUB_API_URL", "https://api.github.com").replace(/\/+$/, ""),
    temp: read("RUNNER_TEMP", tmpdir()),
    artifactsList: read("GITHUB_ARTIFACTS_LIST", ""),
    loginFiles: loginFilesIn(env),
    ...env["COSIGN_REPOSITORY"] ? { cosignRepository: env["COSIGN_REPOSITORY"] } : {},
    event: readEvent(env),
    identityToken: tokenService ? "available" : "unavailable",
    ...tokenService ? { tokenService } : {},
    proxy: proxyVariables(env),
    unusableProxies: unusableProxies(env),
    undeclaredInputs: undeclaredInputs(env),
    variable: (name) => env[name],
    workspace: read("GITHUB_WORKSPACE", process.cwd())
  });
}

// src/action/request.ts
const { resolve: resolve6 } = process.getBuiltinModule("node:path");

// src/action/problems.ts
var Problems = class {
  #errors = [];
  add(code, message, remedy) {
    this.#errors.push(new ActionError("input", code, { message, remedy }));
  }
  include(error) {
    this.#errors.push(error);
  }
  /** The value, or undefined with the problem noted under the input's name. */
  take(input, parsed) {
    if (!isProblem(parsed)) return parsed.value;
    this.add("INPUT_INVALID", `Cannot use "${input}": ${parsed.problem}`, parsed.remedy);
    return void 0;
  }
  /** The valid values of a list, noting the problem of each invalid one; an explicitly set list must not be empty. */
  takeEach(input, items, parse) {
    if (items.length === 0)
      this.add(
        "INPUT_INVALID",
        `Cannot use "${input}": it has no value`,
        `write a value, or remove "${input}"`
      );
    return items.flatMap((item) => this.take(input, parse(item)) ?? []);
  }
  /** The parsed value; throws the collected problems if there are any. */
  conclude(parsed) {
    if (this.#errors.length > 0) throw new ActionErrors(this.#errors);
    if (parsed === void 0) throw new RangeError("nothing was parsed, and no problem was noted");
    return parsed;
  }
};
function listOf(text) {
  return linesOf(text.replaceAll(",", "\n"));
}
function linesOf(text) {
  return text.split("\n").map((item) => item.trim()).filter((item) => item !== "");
}
function isTrue(input, inputs, problems) {
  return choiceOf(input, inputs, ["true", "false"], problems) === "true";
}
function choiceOf(input, inputs, [one, other], problems) {
  const value = inputs[input];
  if (value === one) return one;
  if (value !== other)
    problems.add(
      "INPUT_INVALID",
      `Cannot use "${input}": "${value}" is neither ${one} nor ${other}`,
      `write "${one}" or "${other}"`
    );
  return other;
}

// src/action/annotations.ts
var LIMIT = 16 << 10;
var FORM = 'write one "key=value" a line';
function parseAnnotations(text, problems) {
  const parsed = parsePairs(text);
  if (!isProblem(parsed)) return Object.fromEntries(parsed.value);
  problems.add("INPUT_INVALID", `Cannot use "annotations": ${parsed.problem}`, parsed.remedy);
  return {};
}
function parsePairs(text) {
  if (text.length > LIMIT)
    return {
      problem: `they have ${text.length} characters, over the limit of ${LIMIT}`,
      remedy: 'sign a document with "attestations" instead'
    };
  const pairs2 = /* @__PURE__ */ new Map();
  for (const line of linesOf(text)) {
    const pair = parsePair(line);
    if (isProblem(pair)) return pair;
    const [key, value] = pair.value;
    if (pairs2.has(key)) return { problem: `"${key}" is there twice`, remedy: "keep one of them" };
    pairs2.set(key, value);
  }
  return { value: [...pairs2].sort(([one], [other]) => one < other ? -1 : 1) };
}
function parsePair(line) {
  const at = line.indexOf("=");
  if (at < 0) return malformed(line, 'has no "="');
  const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  if (key === "") return malformed(line, "has no key");
  if (value === "") return malformed(line, "has no value");
  if (key === "timestamp")
    return {
      problem: '"timestamp" is a number to Podman, which refuses a signature that has text there',
      remedy: "choose another key; the time of the signature is in its log entry and timestamp"
    };
  return { value: [key, value] };
}
function malformed(line, state) {
  return { problem: `"${line}" ${state}`, remedy: FORM };
}

// src/action/attestations.ts
const { resolve } = process.getBuiltinModule("node:path");

// src/predicates/sbom.ts
var REMEDY = 'write SPDX or CycloneDX as JSON: "format: spdx-json" of anchore/sbom-action, "-o cyclonedx-json" of Syft, "--format spdx-json" of Trivy';
var SPDX_2_VERSION = /^SPDX-(2\.\d+)$/;
var SPDX_3_CONTEXT = /^https?:\/\/spdx\.org\/rdf\/v?3\.[\d.]+\/spdx-context\.jsonld$/;
var CYCLONEDX_VERSION = /^1\.\d+$/;
function parseSbom(bytes) {
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  const textKind = TEXT_KINDS.find(([pattern]) => pattern.test(text))?.[1];
  if (textKind !== void 0) return refused(`it is ${textKind}`);
  const parsed = parsePredicate(bytes);
  if (isProblem(parsed)) return parsed;
  const predicate = parsed.value;
  const predicateType = typeOf(predicate);
  return isProblem(predicateType) ? predicateType : { value: { predicateType: predicateType.value, predicate } };
}
function typeOf(json) {
  const { spdxVersion, SPDXID, bomFormat, specVersion } = json;
  const isSpdx3 = contextsOf(json).some((context) => SPDX_3_CONTEXT.test(context));
  const is = [spdxVersion !== void 0, isSpdx3, bomFormat !== void 0].filter(Boolean).length;
  if (is > 1) return refused("it is more than one kind of SBOM at once");
  if (spdxVersion !== void 0) return typeOfSpdx2(spdxVersion, SPDXID);
  if (isSpdx3) return typeOfSpdx3(json["@graph"]);
  if (bomFormat !== void 0) return typeOfCycloneDx(bomFormat, specVersion);
  const kind = JSON_KINDS.find(([isOf]) => isOf(json))?.[1];
  return refused(kind === void 0 ? "it is neither SPDX nor CycloneDX" : `it is ${kind}`);
}
function typeOfSpdx2(version, id) {
  const [, number] = SPDX_2_VERSION.exec(String(version)) ?? [];
  if (number === void 0) return refused(`its spdxVersion is ${JSON.stringify(version)}`);
  if (typeof id !== "string" || id === "") return refused("it has a spdxVersion, and no SPDXID");
  return { value: `${SPDX_TYPE}/v${number}` };
}
function typeOfSpdx3(graph) {
  if (!Array.isArray(graph) || graph.length === 0)
    return refused("it has the context of SPDX 3, and nothing in its @graph");
  return { value: `${SPDX_TYPE}/v3` };
}
function typeOfCycloneDx(format, version) {
  if (format !== "CycloneDX") return refused(`its bomFormat is ${JSON.stringify(format)}`);
  if (typeof version !== "string" || !CYCLONEDX_VERSION.test(version))
    return refused(`its specVersion is ${JSON.stringify(version ?? null)}`);
  return { value: CYCLONEDX_TYPE };
}
function contextsOf(json) {
  const context = json["@context"];
  const contexts = Array.isArray(context) ? context : [context];
  return contexts.filter((each) => typeof each === "string");
}
var TEXT_KINDS = [
  [/^\s*(#.*\n\s*)*SPDXVersion:/, "SPDX as tags and values"],
  [/<bom\s[^>]*cyclonedx\.org/i, "CycloneDX as XML"],
  [/^\s*<\?xml[^]*spdx\.org\/rdf/i, "SPDX as RDF"]
];
var JSON_KINDS = [
  [
    ({ sbom }) => isRecord(sbom) && "spdxVersion" in sbom,
    'an answer of the GitHub API; the SBOM is the member "sbom" in it'
  ],
  [
    ({ _type }) => typeof _type === "string" && _type.startsWith("https://in-toto.io/Statement/"),
    'an in-toto statement; the SBOM is the member "predicate" in it'
  ],
  [
    ({ mediaType }) => typeof mediaType === "string" && mediaType.startsWith("application/vnd.dev.sigstore.bundle"),
    "a Sigstore bundle"
  ],
  [({ payloadType }) => typeof payloadType === "string", "a signed envelope"],
  [
    ({ artifacts, descriptor }) => Array.isArray(artifacts) && isRecord(descriptor),
    "the format of Syft itself"
  ],
  [
    ({ Results, SchemaVersion }) => Array.isArray(Results) && SchemaVersion !== void 0,
    "a report of Trivy"
  ]
];
function refused(problem) {
  return { problem, remedy: REMEDY };
}

// src/action/attestation-line.ts
var FORM2 = "write provenance, sbom=FILE or TYPE-URI=FILE, one a line";
var NAMES2 = ["provenance", "sbom"];
var NAMES_OF_COSIGN = {
  spdx: "sbom",
  spdxjson: "sbom",
  cyclonedx: "sbom",
  slsaprovenance: "provenance",
  slsaprovenance1: "provenance",
  vuln: "https://cosign.sigstore.dev/attestation/vuln/v1",
  openvex: "https://openvex.dev/ns"
};
var URI = /^[a-z][a-z0-9+.-]+:[!-~]+$/i;
var LONGEST_TYPE = 1024;
function parseAttestationLine(line) {
  const at = line.indexOf("=");
  const name = (at < 0 ? line : line.slice(0, at)).trim();
  const file = at < 0 ? void 0 : line.slice(at + 1).trim();
  if (name === "provenance") return provenance(line, file);
  if (name !== "sbom" && !isType(name)) return unknown(name);
  if (file === void 0 || file === "")
    return { problem: `"${line}" names no file`, remedy: `write "${name}=FILE"` };
  if (name === "sbom") return { value: { kind: "sbom", line, file } };
  if (name === SIGNATURE_TYPE)
    return {
      problem: `"${name}" is the type of signatures, and a signature is not an attestation`,
      remedy: `remove the line "${line}"`
    };
  return { value: { kind: "predicate", line, predicateType: name, file } };
}
function provenance(line, file) {
  if (file === void 0) return { value: { kind: "provenance", line } };
  return {
    problem: '"provenance" has a file, and is made from the identity token of the job',
    remedy: 'write "provenance" alone, or the type URI of your own document: TYPE-URI=FILE'
  };
}
function isType(name) {
  return name.length <= LONGEST_TYPE && URI.test(name) && URL.canParse(name);
}
function unknown(name) {
  const meant = Object.hasOwn(NAMES_OF_COSIGN, name) ? NAMES_OF_COSIGN[name] : nearestName(name.toLowerCase(), NAMES2);
  const problem = `"${name}" is neither provenance, nor sbom, nor the URI of a type`;
  if (meant === void 0) return { problem, remedy: FORM2 };
  return { problem, remedy: `did you mean "${meant}"? ${FORM2}` };
}

// src/action/attestations.ts
async function readAttestations(text, workspace, problems) {
  const lines = problems.takeEach("attestations", linesOf(text), parseAttestationLine);
  const attestations = [];
  const lineOfType = /* @__PURE__ */ new Map();
  for (const each of lines) {
    const attestation = await readAttestation(each, workspace, problems);
    if (!attestation) continue;
    const type = typeOf2(attestation);
    const earlier = lineOfType.get(type);
    if (earlier !== void 0) refuseSecond(type, [earlier, each.line], problems);
    lineOfType.set(type, each.line);
    attestations.push(attestation);
  }
  return attestations;
}
async function readAttestation(line, workspace, problems) {
  if (line.kind === "provenance") return { kind: "provenance" };
  const bytes = await readBoundedFile(resolve(workspace, line.file), PREDICATE_FILE_LIMIT);
  const document = isProblem(bytes) ? bytes : documentIn(bytes.value, line);
  if (!isProblem(document)) return document.value;
  const message = `Cannot attest "${line.file}": ${document.problem}`;
  problems.include(new ActionError("input", "INPUT_FILE", { message, remedy: document.remedy }));
  return void 0;
}
function documentIn(bytes, line) {
  if (line.kind === "sbom") {
    const sbom = parseSbom(bytes);
    return isProblem(sbom) ? sbom : { value: { kind: "document", ...sbom.value } };
  }
  const { predicateType } = line;
  const predicate = parsePredicate(bytes);
  if (isProblem(predicate)) return predicate;
  return { value: { kind: "document", predicateType, predicate: predicate.value } };
}
function typeOf2(attestation) {
  return attestation.kind === "provenance" ? PROVENANCE_TYPE : attestation.predicateType;
}
function refuseSecond(type, lines, problems) {
  problems.add(
    "INPUT_CONFLICT",
    `Cannot use "attestations": "${lines.join('" and "')}" are both of the type ${type}`,
    "keep one of them"
  );
}

// src/action/claims.ts
async function readClaims(inputs, stores, { workspace }, problems) {
  const signature = parseSignature(inputs, stores, problems);
  const attestations = await attestationsOf(inputs, stores, workspace, problems);
  const claims = [...signature, ...attestations];
  if (claims.length === 0 && inputs.signature === "false")
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "signature: false": nothing is left to sign, because "attestations" is empty',
      'set "attestations: provenance", or remove "signature"'
    );
  return claims;
}
function parseSignature(inputs, stores, problems) {
  const annotations = parseAnnotations(inputs.annotations, problems);
  if (isSigned(inputs, stores, problems)) return [{ kind: "signature", annotations }];
  if (inputs.annotations !== "")
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "annotations": they are part of the signature, and this step creates none',
      'add "registry" to "stores" and remove "signature: false", or remove "annotations"'
    );
  return [];
}
function isSigned(inputs, stores, problems) {
  const isInRegistry = stores.includes("registry");
  if (inputs.signature === "") return isInRegistry;
  const isWanted = isTrue("signature", inputs, problems);
  if (!isWanted || isInRegistry) return isWanted;
  if (stores.length > 0)
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "signature": "stores" does not include "registry", the only place for a signature',
      'add "registry" to "stores", or remove "signature"'
    );
  return false;
}
async function attestationsOf({ attestations }, stores, workspace, problems) {
  if (attestations !== "") return readAttestations(attestations, workspace, problems);
  return stores.includes("github") ? [{ kind: "provenance" }] : [];
}

// src/names/refs.ts
var COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
var PATTERN = /[*^?\\[]/;
var FORBIDDEN = /[\s~:\p{Cc}]|\.\.|\/[/.]|@\{/u;
function parseCommit(text) {
  if (COMMIT.test(text)) return { value: text };
  if (COMMIT.test(text.toLowerCase()))
    return { problem: `"${text}" has upper-case digits`, remedy: `write "${text.toLowerCase()}"` };
  return {
    problem: `"${text}" is not a full commit`,
    remedy: "write all 40 or 64 hex digits of the commit"
  };
}
function parseRef(text) {
  const problem = problemWith(text, text);
  if (problem) return problem;
  if (text.endsWith("/"))
    return {
      problem: `"${text}" is not a complete ref`,
      remedy: "add the name of the branch or tag"
    };
  return { value: text };
}
function parseRefPattern(text) {
  if (text.endsWith("*")) {
    const prefix = text.slice(0, -1);
    return problemWith(prefix, text) ?? { value: { kind: "prefix", prefix } };
  }
  const ref = parseRef(text);
  if (!isProblem(ref)) return { value: exactly(ref.value) };
  return text.startsWith("refs/") && text.endsWith("/") ? { problem: ref.problem, remedy: `write "${text}*" for all refs under it` } : ref;
}
function problemWith(ref, text) {
  if (COMMIT.test(ref))
    return { problem: `"${text}" is a commit`, remedy: 'use "source-digest" for commits' };
  if (PATTERN.test(ref))
    return {
      problem: `"${text}" is a pattern, and only a single "*" at the end is supported`,
      remedy: 'write the full ref, or a prefix followed by "*": "refs/tags/v*"'
    };
  if (!ref.startsWith("refs/"))
    return {
      problem: `"${text}" does not begin with "refs/"`,
      remedy: `write "refs/heads/${text}" for a branch, "refs/tags/${text}" for a tag`
    };
  if (FORBIDDEN.test(ref) || ref.includes(",refs/"))
    return { problem: `"${text}" is not a ref`, remedy: "write one ref per line, as git names it" };
  return void 0;
}

// src/action/circumstances.ts
var CIRCUMSTANCE_INPUTS = [
  "source-ref",
  "source-digest",
  "signer-digest",
  "event",
  "environment",
  "deny-self-hosted-runners"
];
var CERTIFICATE_INPUTS = [
  "repository",
  "owner",
  "signer-workflow",
  ...CIRCUMSTANCE_INPUTS,
  "certificate-identity",
  "certificate-identity-regexp",
  "certificate-oidc-issuer",
  "certificate-oidc-issuer-regexp"
];
var PROPOSALS = {
  name: "event",
  matcher: { kind: "none-of", values: ["pull_request", "pull_request_target"] }
};
function parseCircumstances(inputs, problems) {
  const any = (name, itemsOf, parse) => {
    if (inputs[name] === "") return [];
    const matchers = problems.takeEach(name, itemsOf(inputs[name]), parse);
    return isNonEmpty(matchers) ? [{ name, matcher: { kind: "any-of", matchers } }] : [];
  };
  return [
    ...any("source-ref", linesOf, parseRefPattern),
    ...any("source-digest", listOf, parseDigest2),
    ...any("signer-digest", listOf, parseDigest2),
    ...any("event", listOf, parseEvent),
    ...any("environment", linesOf, (name) => ({ value: exactly(name) })),
    ...isTrue("deny-self-hosted-runners", inputs, problems) ? [{ name: "deny-self-hosted-runners", matcher: exactly("github-hosted") }] : []
  ];
}
function withoutProposals(circumstances) {
  const isNamed = circumstances.some(({ name }) => name === "event");
  return isNamed ? circumstances : [PROPOSALS, ...circumstances];
}
function parseDigest2(text) {
  const commit = parseCommit(text);
  return isProblem(commit) ? commit : { value: exactly(commit.value) };
}
function parseEvent(text) {
  return /^[a-z][a-z0-9_]*$/.test(text) ? { value: exactly(text) } : {
    problem: `"${text}" is not an event name`,
    remedy: "use the names of workflow triggers: push, workflow_dispatch, pull_request"
  };
}

// src/action/cluster-policies.ts
var REPLACED = [
  ...CERTIFICATE_INPUTS,
  "key",
  "insecure-ignore-tlog",
  "require",
  "annotations",
  "max-age"
];
async function readClusterPolicies(inputs, { workspace }, trustedRoot, problems) {
  refuseOthers(inputs, problems);
  const globs = linesOf(inputs.policy);
  const { readPolicies } = await import("./read-policies.js");
  const read = await readPolicies(globs, { workspace, trustedRoot });
  for (const { problem, remedy, place } of read.problems)
    problems.include(
      new ActionError("input", "INPUT_FILE", {
        message: `Cannot use "policy": ${problem}`,
        remedy,
        ...place ? { place } : {}
      })
    );
  if (!read.policies && read.problems.length === 0)
    problems.add(
      "INPUT_UNSAFE",
      'Cannot use "policy": it names no policy, which would accept any image',
      "name at least one file with a ClusterImagePolicy"
    );
  if (read.source && inputs["signature-repository"] !== "")
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "signature-repository": the policies read signatures from ${formatRepository(read.source)}`,
      'remove "signature-repository", or "source" from the policies'
    );
  return read;
}
function refuseOthers(inputs, problems) {
  const names = REPLACED.filter(
    (name) => inputs[name] !== "" && inputs[name] !== (DEFAULTS[name] ?? "")
  );
  if (!isNonEmpty(names)) return;
  const listed = `"${names.join('" and "')}"`;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot combine "policy" with ${listed}: the policy says who must have signed what`,
    `remove ${listed}, or verify in another step without "policy"`
  );
}

// src/action/evidence-place.ts
var VARIABLE = "COSIGN_REPOSITORY";
function parseEvidencePlace(inputs, { cosignRepository }, images, problems) {
  const input = inputs["signature-repository"];
  const repository = input === "" ? fromVariable(cosignRepository, problems) : problems.take("signature-repository", parseBareRepository(input));
  if (!repository) return WITH_IMAGE;
  if (inputs["registry-username"] !== "") refuseOtherRegistry(repository, images, problems);
  return { kind: "repository", repository };
}
function parsePlaceToSign(stores, ...given) {
  if (stores.length === 0 || stores.includes("registry")) return parseEvidencePlace(...given);
  const [inputs, , , problems] = given;
  if (inputs["signature-repository"] !== "")
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "signature-repository": "stores" does not include "registry"',
      'add "registry" to "stores", or remove "signature-repository"'
    );
  return WITH_IMAGE;
}
function fromVariable(text, problems) {
  if (text === void 0) return void 0;
  const parsed = parseBareRepository(text);
  if (!isProblem(parsed)) return parsed.value;
  const message = `Cannot use the environment variable ${VARIABLE}: ${parsed.problem}`;
  problems.add("INPUT_INVALID", message, `${parsed.remedy}, or remove ${VARIABLE} from "env"`);
  return void 0;
}
function parseBareRepository(text) {
  const reference = parseReference(text);
  if (isProblem(reference)) return reference;
  const { repository, tag, digest } = reference.value;
  if (tag === void 0 && digest === void 0) return { value: repository };
  return {
    problem: `"${text}" has a ${tag === void 0 ? "digest" : "tag"}`,
    remedy: `write the repository alone: ${formatRepository(repository)}`
  };
}
function refuseOtherRegistry({ registry }, images, problems) {
  const others = images.map(({ repository }) => repository.registry);
  const other = others.find((each) => each !== registry);
  if (other === void 0) return;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot use "registry-username": the signatures are in ${registry}, and the images in ${other}`,
    'log in to each with docker/login-action, and remove "registry-username" and "registry-password"'
  );
}

// src/action/copy-targets.ts
function parseCopyTargets(inputs, images, place, problems) {
  const text = inputs["copy-evidence-to"];
  if (text === "") return [];
  const parsed = problems.takeEach("copy-evidence-to", listOf(text), parseBareRepository);
  const targets = parsed.filter(
    (target, index) => parsed.findIndex((each) => isSameRepository(each, target)) === index
  );
  const own = images.flatMap(({ repository }) => [
    repository,
    evidenceRepository(place, repository)
  ]);
  for (const target of targets) {
    if (own.some((each) => isSameRepository(each, target))) refuseOwn(target, problems);
  }
  if (inputs["registry-username"] !== "") refuseOtherRegistry2(targets, images, problems);
  return targets;
}
function refuseOwn(target, problems) {
  problems.add(
    "INPUT_CONFLICT",
    `Cannot use "copy-evidence-to": "${formatRepository(target)}" is where an image of this step or its evidence is read`,
    "name the repository that the image is copied to"
  );
}
function refuseOtherRegistry2(targets, images, problems) {
  const registries = images.map(({ repository }) => repository.registry);
  for (const { registry } of targets) {
    const other = registries.find((each) => each !== registry);
    if (other === void 0) continue;
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "registry-username": the evidence is copied to ${registry}, and the images are in ${other}`,
      'log in to each with docker/login-action, and remove "registry-username" and "registry-password"'
    );
    return;
  }
}

// src/action/duration.ts
var UNITS = {
  s: 1e3,
  m: 6e4,
  h: 36e5,
  d: 864e5
};
function parseDuration(text, units, examples) {
  const [, number = "", unit = ""] = /^(\d{1,5})([a-z])$/.exec(text) ?? [];
  const milliseconds = units.includes(unit) ? Number(number) * (UNITS[unit] ?? Number.NaN) : Number.NaN;
  return Number.isNaN(milliseconds) ? { problem: `"${text}" is not a duration`, remedy: `write a number and a unit: ${examples}` } : { value: milliseconds };
}

// src/names/github-name.ts
var OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
var REPOSITORY = /^([A-Za-z0-9][A-Za-z0-9_-]*)\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;
var WORKFLOW = /^([^/]+\/[^/]+)\/(\.github\/workflows\/[^/@\s]+\.ya?ml)$/;
var WITH_HOST = /^(?:https:\/\/|(?=[^/]*\.))([A-Za-z0-9.-]+(?::\d{1,5})?)\/(.+)$/;
var PATTERN2 = /[*^?\\[]|\.\+|\$$/;
var WORKFLOW_FORM = 'owner/name/.github/workflows/file.yml, followed by "@ref" if only that ref may sign';
function parseOwner(text, thisServer) {
  return withId(text, (name) => parseOwnerName(name, thisServer));
}
function parseRepository(text, thisServer) {
  return withId(text, (name) => parseRepositoryName(name, thisServer));
}
function withId(text, parse) {
  const at = text.indexOf("#");
  if (at < 0) return parse(text);
  const [name, id] = [text.slice(0, at), text.slice(at + 1)];
  if (!/^[1-9]\d{0,18}$/.test(id))
    return {
      problem: `"${text}" has no number after the "#"`,
      remedy: `write the numeric id, as in "${name}#1000001"; "gh api" shows it: gh api repos/OWNER/NAME --jq .id, gh api users/OWNER --jq .id`
    };
  const parsed = parse(name);
  return isProblem(parsed) ? parsed : { value: { ...parsed.value, id } };
}
function parseOwnerName(text, thisServer) {
  const { server, path } = placeOf(text, thisServer);
  if (OWNER.test(path)) return { value: { server, owner: path, path } };
  if (REPOSITORY.test(path))
    return { problem: `"${text}" is a repository`, remedy: `write "repository: ${text}"` };
  return notOfTheForm(text, "the name alone");
}
function parseRepositoryName(text, thisServer) {
  const repository = repositoryAt(placeOf(text, thisServer));
  if (repository === void 0)
    return notOfTheForm(text, 'owner/name, or use "owner" for all repositories of an owner');
  if (text.endsWith(".git"))
    return { problem: `"${text}" ends in ".git"`, remedy: `write "${text.slice(0, -4)}"` };
  return { value: repository };
}
function parseWorkflowName(text, thisServer) {
  const at = text.indexOf("@");
  const file = at < 0 ? text : text.slice(0, at);
  const name = parseWorkflowFile(file, thisServer);
  if (isProblem(name) || at < 0) return name;
  if (text.endsWith("@")) return notOfTheForm(text, WORKFLOW_FORM);
  const ref = parseSignerRef(text.slice(at + 1), file);
  return isProblem(ref) ? ref : { value: { ...name.value, ref: ref.value } };
}
function urlOf({ server, path }) {
  return `${server}/${path}`;
}
function parseWorkflowFile(text, thisServer) {
  const { server, path } = placeOf(text, thisServer);
  const [, name = "", file = ""] = WORKFLOW.exec(path) ?? [];
  const repository = repositoryAt({ server, path: name });
  return repository === void 0 || PATTERN2.test(file) ? notOfTheForm(text, WORKFLOW_FORM) : { value: { repository, file } };
}
function parseSignerRef(text, file) {
  if (PATTERN2.test(text)) {
    const refs = isProblem(parseRefPattern(text)) ? "refs/tags/v*" : text;
    return {
      problem: `"${text}" is a pattern, but the ref of a workflow is compared literally`,
      remedy: `remove the ref ("${file}"), and use "source-ref: ${refs}" to restrict which refs may be built`
    };
  }
  if (/^[0-9a-f]{40,64}$/i.test(text)) return parseCommit(text);
  if (text.startsWith("refs/")) return parseRef(text);
  return {
    problem: `"${text}" is neither a ref nor a full commit`,
    remedy: `write "@refs/tags/${text}" for a tag, "@refs/heads/${text}" for a branch, or all digits of a commit`
  };
}
function placeOf(text, thisServer) {
  const [, host, path] = WITH_HOST.exec(text) ?? [];
  return host === void 0 || path === void 0 ? { server: thisServer, path: text } : { server: `https://${host.toLowerCase()}`, path };
}
function repositoryAt({ server, path }) {
  const [, owner] = REPOSITORY.exec(path) ?? [];
  return owner === void 0 ? void 0 : { server, owner, path };
}
function notOfTheForm(text, form) {
  return PATTERN2.test(text) ? {
    problem: `"${text}" is a pattern, but names are compared literally`,
    remedy: `write ${form}`
  } : { problem: `"${text}" is not of the expected form`, remedy: `write ${form}` };
}

// src/action/github-names.ts
function parseGitHubNames(inputs, { serverUrl }, problems) {
  const each = (input, parse) => inputs[input] === "" ? [] : problems.takeEach(input, listOf(inputs[input]), (text) => parse(text, serverUrl));
  return {
    repositories: each("repository", parseRepository),
    owners: each("owner", parseOwner),
    workflows: each("signer-workflow", parseWorkflowName)
  };
}
function attestationsOf2({ repositories, owners, workflows }, { repository: here, serverUrl }) {
  const sources = repositories.length > 0 ? repositories : owners;
  const callers = sources.length > 0 ? sources : workflows.map(({ repository }) => repository);
  const onThisServer = callers.flatMap(({ server, path }) => server === serverUrl ? [path] : []);
  const asked = [...new Set(sources.length > 0 ? onThisServer : [here, ...onThisServer])];
  return isNonEmpty(asked) ? asked : [here];
}

// src/names/pinned-image.ts
function parsePinnedImage(name, digest) {
  const reference = parseReference(name);
  if (isProblem(reference)) return reference;
  const beside = parseDigest(digest);
  if (isProblem(beside)) return beside;
  const within = reference.value.digest ?? beside.value;
  if (within === beside.value) return { value: { ...reference.value, digest: beside.value } };
  return {
    problem: `"${name}" has another digest beside it: ${beside.value}`,
    remedy: "write the digest once"
  };
}

// src/names/metadata.ts
var LIMIT2 = 4 << 20;
var REMEDY2 = "pass the output of the step that builds: metadata: ${{ steps.build.outputs.metadata }}";
var PUSH = 'set "push: true" in the step that builds, and name the image in its tags';
function parseMetadata(text) {
  const bytes = Buffer.from(text);
  if (bytes.length > LIMIT2)
    return refused2(`it has ${bytes.length} bytes, over the limit of ${LIMIT2}`);
  const parsed = objectIn(parseStrictJson(bytes), bytes, REMEDY2);
  if (isProblem(parsed)) return parsed;
  const builds = buildsIn(parsed.value);
  return isProblem(builds) ? builds : imagesOfAll(builds.value);
}
function buildsIn(json) {
  if (isBuild(json)) return { value: [{ json }] };
  if (Array.isArray(json["tags"]) && isRecord(json["labels"])) {
    return {
      problem: "it is the output of docker/metadata-action, which names images before they are built",
      remedy: `${REMEDY2}; or pass its tags as "images" with "digest"`
    };
  }
  const entries = Object.entries(json).filter(([key]) => !key.startsWith("buildx."));
  const builds = entries.flatMap(
    ([target, each]) => isTarget(each) ? [{ target, json: each }] : []
  );
  const other = entries.find(([, each]) => !isTarget(each));
  if (other) return refused2(`it is JSON of another kind: "${other[0]}" is not a target of bake`);
  return { value: builds };
}
function isTarget(json) {
  return isRecord(json) && (isBuild(json) || Object.keys(json).length === 0);
}
function isBuild(json) {
  return Object.keys(json).some(
    (key) => key === "image.name" || key.startsWith("containerimage.") || key.startsWith("buildx.build.") && key !== "buildx.build.warnings"
  );
}
function imagesOfAll(builds) {
  const images = [];
  const unpushed = [];
  for (const build of builds) {
    const parsed = imagesOf(build);
    if (isProblem(parsed)) return parsed;
    images.push(...parsed.value);
    if (parsed.value.length === 0) unpushed.push(build.target ?? "");
  }
  return isNonEmpty(images) ? { value: { images, unpushed } } : nothingPushed(unpushed);
}
function imagesOf({ target, json }) {
  const { "image.name": names = "", "containerimage.digest": digest = "" } = json;
  if (typeof names !== "string" || typeof digest !== "string")
    return inTarget(target, refused2("its image.name or containerimage.digest is not text"));
  const isLoaded = digest === json["containerimage.config.digest"];
  if (names === "" || digest === "" || isLoaded) return { value: [] };
  const images = [];
  for (const name of names.split(",")) {
    const image = parsePinnedImage(name.trim(), digest);
    if (isProblem(image)) return inTarget(target, image);
    images.push(image.value);
  }
  return { value: images };
}
function nothingPushed(targets) {
  const names = targets.filter((target) => target !== "").map((target) => `"${target}"`);
  const who = names.length === 0 ? "no build in it" : `no target in it (${names.join(", ")})`;
  return { problem: `${who} has both image.name and containerimage.digest`, remedy: PUSH };
}
function inTarget(target, { problem, remedy }) {
  return { problem: target === void 0 ? problem : `target "${target}": ${problem}`, remedy };
}
function refused2(problem) {
  return { problem, remedy: REMEDY2 };
}

// src/names/artifacts-list.ts
var ARTIFACTS_LIST_LIMIT = 4 << 20;
var VERSION = 1;
var VALUES = 1e4;
var REMEDY3 = 'name the images in "images"';
function parseArtifactsList(bytes) {
  if (bytes.every(isWhiteSpace)) return { value: [] };
  const parsed = objectIn(parseStrictJson(bytes, VALUES), bytes, REMEDY3);
  if (isProblem(parsed)) return parsed;
  const { version, subjects } = parsed.value;
  if (version !== VERSION)
    return refused3(`its version is ${JSON.stringify(version ?? null)}, not ${VERSION}`);
  if (!Array.isArray(subjects)) return refused3("it has no list of subjects");
  const images = [];
  for (const subject of subjects) {
    const parsedSubject = imagesIn(subject);
    if (isProblem(parsedSubject)) return parsedSubject;
    images.push(...parsedSubject.value);
  }
  return { value: images };
}
function imagesIn(subject) {
  if (!isRecord(subject)) return refused3("a subject in it is not an object");
  const { name, digest, kind } = subject;
  if (typeof name !== "string" || typeof digest !== "string")
    return refused3("a subject in it has no name or no digest");
  if (kind === "file") return { value: [] };
  if (kind !== "oci")
    return refused3(
      `"${name}" in it is of the kind ${JSON.stringify(kind ?? null)}, neither oci nor file`
    );
  const image = parsePinnedImage(name, digest);
  return isProblem(image) ? { problem: `the image "${name}" in it: ${image.problem}`, remedy: REMEDY3 } : { value: [image.value] };
}
function isWhiteSpace(byte) {
  return byte === 32 || byte >= 9 && byte <= 13;
}
function refused3(problem) {
  return { problem, remedy: REMEDY3 };
}

// src/action/artifacts-list.ts
async function readArtifactsList(path, problems) {
  if (path === "") return [];
  const bytes = await readBoundedFile(path, ARTIFACTS_LIST_LIMIT);
  const images = isProblem(bytes) ? bytes : parseArtifactsList(bytes.value);
  if (!isProblem(images)) return images.value;
  const message = `Cannot use the images in $GITHUB_ARTIFACTS_LIST: ${images.problem}`;
  problems.include(
    new ActionError("input", "INPUT_FILE", { message, remedy: 'name the images in "images"' })
  );
  return [];
}

// src/action/built-images.ts
async function readBuiltImages({ images, metadata, files }, { artifactsList }, problems) {
  if (metadata !== "") return imagesInMetadata(metadata, problems);
  return images === "" && files === "" ? readArtifactsList(artifactsList, problems) : [];
}
function imagesInMetadata(metadata, problems) {
  const built = problems.take("metadata", parseMetadata(metadata));
  if (!built) return [];
  const { unpushed } = built;
  if (unpushed.length > 0)
    notice(`"metadata" has targets without a pushed image: ${unpushed.join(", ")}`, {
      title: "Countersign"
    });
  return built.images;
}

// src/action/deployment-files.ts
async function readImagesInFiles({ files }, { workspace, variable }, problems) {
  const { imagesInFiles } = await import("./images-in-files.js");
  const found = await imagesInFiles(linesOf(files), { path: workspace, variable });
  for (const { problem, remedy, place } of found.problems) {
    const message = `Cannot use "files": ${problem}`;
    const said = { message, remedy, ...place ? { place } : {} };
    problems.include(new ActionError("input", "INPUT_FILE", said));
  }
  for (const file of found.without) info(`No image in ${file}`);
  return found.references;
}

// src/action/skip.ts
var IF_OWN = "if: github.event_name != 'pull_request' || (github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]')";
var SKIPS = {
  "fork-pull-request": {
    reason: "fork-pull-request",
    message: "Skipped signing: GitHub gives pull requests from forks no identity token",
    remedy: `add to the step: ${IF_OWN}`
  },
  "dependabot-pull-request": {
    reason: "dependabot-pull-request",
    message: "Skipped signing: GitHub gives pull requests of Dependabot no identity token",
    remedy: `add to the step: ${IF_OWN}`
  },
  "no-identity": {
    reason: "no-identity",
    message: "Skipped signing: this job is not allowed to request an identity token",
    remedy: `if it should sign, add "id-token: write" to the permissions of the job; otherwise skip the step, for example with: if: github.event_name != 'pull_request'`
  }
};
function parseSkip({ "if-no-identity": choice }, wanted, { event, identityToken }, problems) {
  if (choice !== "fail" && choice !== "skip")
    problems.add(
      "INPUT_INVALID",
      `Cannot use "if-no-identity": "${choice}" is neither fail nor skip`,
      'write "fail" or "skip"'
    );
  if (!needsToken(wanted)) return void 0;
  if (event.stranger) return SKIPS[`${event.stranger}-pull-request`];
  return choice === "skip" && identityToken === "unavailable" ? SKIPS["no-identity"] : void 0;
}
function isWithoutSecrets({ key }, { event }) {
  return event.stranger !== void 0 && key.trim() === "";
}
function withoutEmptySecrets(inputs, environment) {
  if (!isWithoutSecrets(inputs, environment)) return inputs;
  const hasPassword = inputs["registry-password"] !== "";
  return {
    ...inputs,
    "key-password": "",
    "registry-username": hasPassword ? inputs["registry-username"] : ""
  };
}

// src/action/images.ts
var FROM_BUILD = 'set "digest: ${{ steps.build.outputs.digest }}"; if it is set already, the expression is empty: the build step needs "id: build" and "push: true" (or "outputs: type=registry")';
async function readImagesToSign(inputs, environment, problems) {
  if (isWithoutSecrets(inputs, environment)) {
    checkForms(inputs, problems);
    return void 0;
  }
  const built = await readBuiltImages(inputs, environment, problems);
  const references = parseReferences(inputs, built, problems, refuseWithoutDigest);
  if (inputs["registry-username"] !== "") refuseSeveralRegistries(references, problems);
  return isNonEmpty(references) && isEachPinned(references) ? references : void 0;
}
function checkForms({ images, digest }, problems) {
  if (digest !== "") problems.take("digest", parseDigest(digest));
  for (const text of listOf(images)) problems.take("images", parseReference(text));
}
async function readImagesToVerify(inputs, environment, problems) {
  const built = await readBuiltImages(inputs, environment, problems);
  const inFiles = inputs.files === "" ? [] : await readImagesInFiles(inputs, environment, problems);
  const refuseUnnamed = inputs.mode === "verify" ? refuseWithoutTag : () => void 0;
  const named2 = parseReferences(inputs, built, problems, refuseUnnamed);
  const references = withPlaces(named2, inFiles);
  if (inputs["registry-username"] !== "") refuseSeveralRegistries(references, problems);
  return isNonEmpty(references) ? references : void 0;
}
function withPlaces(named2, inFiles) {
  const isSame = (one, other) => formatImage(one) === formatImage(other);
  const others = inFiles.filter((each) => !named2.some((one) => isSame(one, each)));
  return [
    ...named2.map((one) => ({ ...inFiles.find((each) => isSame(one, each)), ...one })),
    ...others
  ];
}
function isEachPinned(references) {
  return references.every(isPinned);
}
function parseReferences(inputs, built, problems, refuseUnnamed) {
  const digest = inputs.digest === "" ? void 0 : problems.take("digest", parseDigest(inputs.digest));
  const texts = listOf(inputs.images);
  const isNoneNamed = texts.length === 0 && built.length === 0;
  if (isNoneNamed && inputs.metadata === "" && inputs.files === "") refuseNoImage(problems);
  const written = texts.map((text) => problems.take("images", parseReference(text))).filter((reference) => reference !== void 0);
  const references = [...written, ...built];
  if (inputs.digest === "") refuseUnnamed(references, problems);
  return references.map((reference) => withDigest(reference, digest));
}
function refuseNoImage(problems) {
  problems.add(
    "INPUT_MISSING",
    'Missing required input "images"',
    "list the images, one per line: images: ghcr.io/owner/name; or pass what was built: metadata: ${{ steps.build.outputs.metadata }}"
  );
}
function withDigest(reference, digest) {
  return reference.digest === void 0 && digest !== void 0 ? { ...reference, digest } : reference;
}
function refuseWithoutDigest(references, problems) {
  for (const { text } of references.filter((reference) => !isPinned(reference))) {
    problems.add(
      "INPUT_MISSING",
      `Cannot sign "${text}": it has no digest, and a tag may have moved since the build`,
      FROM_BUILD
    );
  }
}
function refuseWithoutTag(references, problems) {
  const unnamed = references.filter(({ digest, tag }) => digest === void 0 && tag === void 0);
  for (const { text } of unnamed) {
    problems.add(
      "INPUT_MISSING",
      `Cannot verify "${text}": it has neither a tag nor a digest`,
      "add the tag or the digest that you are about to deploy"
    );
  }
}
function refuseSeveralRegistries(references, problems) {
  const registries = [...new Set(references.map(({ repository }) => repository.registry))];
  if (registries.length < 2) return;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot use "registry-username": the images are in ${registries.join(" and ")}`,
    'log in to each with docker/login-action, and remove "registry-username" and "registry-password"'
  );
}

// src/action/instance.ts
const { resolve: resolve2 } = process.getBuiltinModule("node:path");
function parseInstance({ sigstore, "trusted-root": root }, key, environment, problems) {
  const kind = sigstore === "" ? "auto" : sigstore;
  if (kind === "auto" || kind === "public-good" || kind === "github") {
    if (key) refuseGitHubForKey(kind, problems);
    else refuseOtherServer(kind, environment, problems);
    return { kind };
  }
  if (root === "")
    problems.add(
      "INPUT_MISSING",
      'Cannot verify signatures of a private Sigstore instance: "trusted-root" is empty',
      'set "trusted-root" to the trusted_root.json that belongs to the signing configuration; or set "sigstore" to auto, public-good or github'
    );
  return { kind: "custom", signingConfig: resolve2(environment.workspace, sigstore) };
}
function refuseGitHubForKey(kind, problems) {
  if (kind !== "github") return;
  problems.add(
    "INPUT_CONFLICT",
    'Cannot combine "key" with "sigstore: github": the Sigstore instance of GitHub signs with certificates only',
    'remove "sigstore", or remove "key" to sign keylessly'
  );
}
function refuseOtherServer(kind, { serverUrl }, problems) {
  if (isGitHubCom(serverUrl) || isTenant(serverUrl) && kind !== "public-good") return;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot use "sigstore: ${kind}" on ${serverUrl}: that Sigstore instance does not accept its identity tokens`,
    isTenant(serverUrl) ? 'set "sigstore: github"' : 'set "sigstore" to the signing configuration of a private Sigstore instance, together with "trusted-root", or sign with "key"'
  );
}

// src/action/patterns.ts
var PAIRS = ["certificate-identity", "certificate-oidc-issuer"];
async function readPatterns(inputs, problems) {
  for (const exact of PAIRS) {
    const isBoth = inputs[exact] !== DEFAULTS[exact] && inputs[exact] !== "";
    if (isBoth && inputs[`${exact}-regexp`] !== "")
      problems.add(
        "INPUT_CONFLICT",
        `Cannot combine "${exact}" with "${exact}-regexp": one is exact and the other a pattern`,
        `remove one of them; a pattern for an exact value is the value with "\\" before each dot`
      );
  }
  return {
    identities: await readEach("certificate-identity-regexp", "identity", inputs, problems),
    issuers: await readEach("certificate-oidc-issuer-regexp", "issuer", inputs, problems)
  };
}
async function readEach(input, part, inputs, problems) {
  if (inputs[input] === "") return [];
  const { parseIdentityPattern } = await import("./identity-pattern.js");
  return problems.takeEach(
    input,
    linesOf(inputs[input]),
    (source) => parseIdentityPattern(source, part)
  );
}

// src/action/conditions.ts
function parseConditions(inputs, problems) {
  const pairs2 = Object.entries(parseAnnotations(inputs.annotations, problems));
  return {
    all: parseMaxAge(inputs["max-age"], problems),
    signatures: pairs2.map(([key, value]) => ({ kind: "annotation", key, value }))
  };
}
function parseMaxAge(limit, problems) {
  if (limit === "") return [];
  const age = problems.take("max-age", parseDuration(limit, "smhd", "90d, 12h"));
  if (age === void 0) return [];
  return [{ kind: "max-age", notBefore: new Date(Date.now() - age), limit }];
}

// src/action/certificate-identities.ts
var PATTERN3 = /[*^\\]|\.\+|\$$/;
var SEVERAL = /\s|,https?:\/\/|^(?!.*:\/\/).*,/;
var WORKFLOW2 = /^(https:\/\/[^/]+\/[^/]+\/[^/]+\/\.github\/workflows\/[^@]+)(?:@(.*))?$/;
function parseIssuers(text, problems) {
  const issuers = listOf(text);
  for (const issuer of issuers.filter((each) => !URL.canParse(each) || each.includes("*"))) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use "certificate-oidc-issuer": "${issuer}" is not a URL`,
      "write the issuer exactly as in the certificate; for GitHub Actions that is https://token.actions.githubusercontent.com"
    );
  }
  if (isNonEmpty(issuers)) return issuers;
  problems.add(
    "INPUT_UNSAFE",
    'Cannot verify: "certificate-oidc-issuer" is empty, which would accept any issuer',
    'remove "certificate-oidc-issuer" to use the issuer of GitHub Actions'
  );
  return [""];
}
function certificateIdentities(inputs, patterns, issuers, problems) {
  const literal = inputs["certificate-identity"] === "" ? [] : problems.takeEach(
    "certificate-identity",
    linesOf(inputs["certificate-identity"]),
    parseIdentity
  );
  const identities = [...literal.map((san) => exactly(san)), ...patterns];
  if (!isNonEmpty(identities)) return [identityOf(exactly(""), issuers)];
  if (identities.length === 1 || issuers.length === 1)
    return mapEach(identities, (san) => identityOf(san, issuers));
  if (identities.length !== issuers.length)
    problems.add(
      "INPUT_CONFLICT",
      `Cannot pair ${identities.length} values of "${nameOf("certificate-identity", inputs)}" with ${issuers.length} of "${nameOf("certificate-oidc-issuer", inputs)}"`,
      "write one issuer per identity, in the same order, or a single issuer for all"
    );
  return mapEach(identities, (san, position) => identityOf(san, [issuers[position] ?? issuers[0]]));
}
function nameOf(input, inputs) {
  return inputs[`${input}-regexp`] === "" ? input : `${input}-regexp`;
}
function identityOf(san, issuers) {
  return { issuer: anyOf(issuers), rules: [{ name: "certificate-identity", matcher: san }] };
}
function parseIdentity(text) {
  if (SEVERAL.test(text))
    return { problem: `"${text}" is not one identity`, remedy: "write one identity per line" };
  if (PATTERN3.test(text))
    return {
      problem: `"${text}" is a pattern, but identities are compared literally`,
      remedy: 'write the full identity, or use "repository" or "owner" with "signer-workflow" and "source-ref", or "certificate-identity-regexp"'
    };
  const [, file, ref] = WORKFLOW2.exec(text) ?? [];
  if (file === void 0) return { value: text };
  if (ref === void 0 || ref === "")
    return {
      problem: `"${text}" has no ref, but certificates always include one`,
      remedy: `write "${file}@refs/heads/main", or use "signer-workflow" for any ref`
    };
  const parsed = parseSignerRef(ref, file);
  return isProblem(parsed) ? parsed : { value: text };
}

// src/action/identities.ts
function parseIdentities(inputs, { names, patterns }, environment, problems) {
  const issuers = isNonEmpty(patterns.issuers) ? patterns.issuers : mapEach(parseIssuers(inputs["certificate-oidc-issuer"], problems), (each) => exactly(each));
  const input = ["certificate-identity", "certificate-identity-regexp"].find(
    (name) => inputs[name] !== ""
  );
  if (input !== void 0) {
    refuseNames(input, inputs, problems);
    return certificateIdentities(inputs, patterns.identities, issuers, problems);
  }
  const isDefault = patterns.issuers.length === 0 && inputs["certificate-oidc-issuer"] === GITHUB_ISSUER;
  return mapEach(alternatives(names, environment, problems), ({ server, rules }) => ({
    issuer: isDefault ? exactly(issuerOf(server)) : anyOf(issuers),
    rules
  }));
}
var GITHUB_ISSUER = "https://token.actions.githubusercontent.com";
function issuerOf(server) {
  const [, tenant] = /^https:\/\/([^/]+\.ghe\.com)$/.exec(server) ?? [];
  return tenant === void 0 ? GITHUB_ISSUER : `https://token.actions.${tenant}`;
}
function runsOnGitHub({ issuer, rules }) {
  const literal = rules.find(({ name }) => name === "certificate-identity");
  if (!literal) return true;
  if (literal.matcher.kind !== "pattern") return false;
  return /token\.actions\./.test(formatMatcher(issuer)) || matches(issuer, GITHUB_ISSUER);
}
function refuseNames(input, inputs, problems) {
  const names = ["repository", "owner", "signer-workflow"].filter(
    (name) => inputs[name] !== ""
  );
  if (names.length === 0) return;
  const listed = `"${names.join('" and "')}"`;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot combine "${input}" with ${listed}: both specify who must have signed`,
    `use ${listed} for GitHub workflows, or "${input}" for any other signer`
  );
}
function alternatives(names, environment, problems) {
  const { workflows } = names;
  const sources = sourcesOf(names, problems);
  if (isNonEmpty(sources) && isNonEmpty(workflows)) return pairs(sources, workflows, problems);
  if (isNonEmpty(sources))
    return mapEach(sources, ({ name, rules }) => ({
      server: name.server,
      rules: [...rules, below(urlOf(name))]
    }));
  if (isNonEmpty(workflows))
    return mapEach(workflows, (workflow) => ({
      server: workflow.repository.server,
      rules: [signedBy(workflow), calledBy(workflow, environment)]
    }));
  return [{ server: environment.serverUrl, rules: thisRepository(environment, problems) }];
}
function sourcesOf({ repositories, owners }, problems) {
  if (repositories.length === 0)
    return owners.map((name) => ({ name, rules: named("owner", name) }));
  if (owners.length > 0) rejectOtherOwners(repositories, owners, problems);
  return repositories.map((name) => {
    const owner = owners.find((each) => urlOf(each) === ownerUrlOf(name));
    return {
      name,
      rules: [...named("repository", name), ...owner ? named("owner", owner) : []]
    };
  });
}
function named(what, name) {
  return [
    rule(what, exactly(urlOf(name))),
    ...name.id === void 0 ? [] : [rule(`${what}-id`, exactly(name.id))]
  ];
}
function rejectOtherOwners(repositories, owners, problems) {
  const strangers = inOneOnly(repositories.map(ownerUrlOf), owners.map(urlOf));
  if (strangers.length === 0) return;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot combine "owner" with "repository": both must match, and only one of them names ${strangers.join(" and ")}`,
    'remove "owner": each value of "repository" includes its owner'
  );
}
function pairs(sources, workflows, problems) {
  const paired = sources.flatMap(
    ({ name: name2, rules: rules2 }) => workflows.filter(({ repository }) => repository.server === name2.server).map((workflow) => ({
      server: name2.server,
      rules: [...rules2, signedBy(workflow)]
    }))
  );
  const strangers = inOneOnly(
    sources.map(({ name: name2 }) => name2.server),
    workflows.map(({ repository }) => repository.server)
  );
  if (strangers.length > 0)
    problems.add(
      "INPUT_CONFLICT",
      `Cannot combine "signer-workflow" with "repository" or "owner": both must match, and only one of them is on ${strangers.join(" and ")}`,
      "write both with the server: https://host/owner/name, https://host/owner/name/.github/workflows/file.yml"
    );
  const [{ name, rules }] = sources;
  return isNonEmpty(paired) ? paired : [{ server: name.server, rules }];
}
function inOneOnly(some, others) {
  return [.../* @__PURE__ */ new Set([...some, ...others])].filter(
    (each) => !some.includes(each) || !others.includes(each)
  );
}
function thisRepository({ repository, repositoryId, repositoryOwnerId, serverUrl }, problems) {
  if (repository === "")
    problems.add(
      "INPUT_UNSAFE",
      "Cannot verify: no signer is configured, and outside of GitHub Actions there is no repository to use as the default",
      'set "repository" to the source repository of the image'
    );
  const here = `${serverUrl}/${repository}`;
  return [
    rule("repository", exactly(here)),
    ...repositoryId === "" ? [] : [rule("repository-id", exactly(repositoryId))],
    ...repositoryOwnerId === "" ? [] : [rule("owner-id", exactly(repositoryOwnerId))],
    below(here)
  ];
}
function below(url) {
  return rule("signer-workflow", { kind: "prefix", prefix: `${url}/` });
}
function signedBy({ repository, file, ref }) {
  const url = `${urlOf(repository)}/${file}`;
  return rule(
    "signer-workflow",
    ref === void 0 ? { kind: "any-ref", url } : exactly(`${url}@${ref}`)
  );
}
function calledBy({ repository }, { repository: here, serverUrl }) {
  const own = urlOf(repository);
  return rule("repository", here === "" ? exactly(own) : exactly(own, `${serverUrl}/${here}`));
}
function ownerUrlOf({ server, owner }) {
  return `${server}/${owner}`;
}
function rule(name, matcher) {
  return { name, matcher };
}

// src/action/keys.ts
const { resolve: resolve3 } = process.getBuiltinModule("node:path");
var PEM_BLOCK = /-----BEGIN [A-Z0-9 ]+-----[^-]*-----END [A-Z0-9 ]+-----/g;
function parseKeys(inputs, { workspace }, roots, problems) {
  const both = CERTIFICATE_INPUTS.filter(
    (name) => inputs[name] !== "" && inputs[name] !== DEFAULTS[name]
  );
  if (isNonEmpty(both)) {
    problems.add(
      "INPUT_CONFLICT",
      `Cannot combine "key" with "${both.join('" and "')}": a key carries no identity and no information about the build`,
      `use "key" for images signed with that key, or "${both.join('" and "')}" for keyless signatures`
    );
  }
  const blocks = [...inputs.key.matchAll(PEM_BLOCK)].map(([text]) => ({
    kind: "pem",
    text
  }));
  const rest = inputs.key.replaceAll(PEM_BLOCK, "\n");
  const others = rest.includes("-----BEGIN") ? [{ kind: "pem", text: rest }] : listOf(rest).flatMap((item) => locationOf(item, workspace, problems) ?? []);
  const locations = [...blocks, ...others];
  const keys = isNonEmpty(locations) ? locations : [{ kind: "pem", text: inputs.key }];
  const witness = isTrue("insecure-ignore-tlog", inputs, problems) ? "insecure-ignored" : "required";
  return { kind: "key", keys, witness, roots };
}
function locationOf(item, workspace, problems) {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(item))
    return { kind: "file", path: resolve3(workspace, item) };
  const url = URL.canParse(item) ? new URL(item) : void 0;
  if (url && (url.username !== "" || url.password !== "")) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use "key": the URL at "${url.host}" contains credentials`,
      "remove the credentials from the URL, or keep the key in a file"
    );
    return void 0;
  }
  if (url && isSecure(url)) return { kind: "url", url };
  problems.add(
    "INPUT_INVALID",
    `Cannot use "key": "${item}" is not an https URL`,
    "use an https URL, a path, or the PEM text of the key"
  );
  return void 0;
}

// src/action/policy.ts
function parsePolicy(inputs, signers, environment, roots, problems) {
  const types = parseRequire(inputs.require, problems);
  const anyOf2 = inputs.key === "" ? parseKeyless(inputs, signers, environment, roots, problems) : [parseKeys(inputs, environment, roots, problems)];
  const { all, signatures } = parseConditions(inputs, problems);
  if (signatures.length > 0 && !types.some(({ name }) => name === "signature"))
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "annotations": "require" has no signature, and only signatures have annotations',
      'add "signature" to "require", or remove "annotations"'
    );
  return {
    name: "inputs",
    origin: "inputs",
    images: EVERY_IMAGE,
    mode: "enforce",
    alternatives: [
      {
        kind: "evidence",
        name: "inputs",
        requirements: mapEach(types, (type) => ({
          ...type,
          conditions: type.name === "signature" ? [...all, ...signatures] : all,
          anyOf: anyOf2
        }))
      }
    ]
  };
}
var EVERY_IMAGE = { kind: "prefix", prefix: "" };
function parseKeyless(inputs, signers, environment, roots, problems) {
  if (inputs["insecure-ignore-tlog"] !== "false")
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "insecure-ignore-tlog" without "key": a certificate can only be verified for a known time of signing',
      'remove "insecure-ignore-tlog" from the step'
    );
  const identities = parseIdentities(inputs, signers, environment, problems);
  const circumstances = parseCircumstances(inputs, problems);
  const [first, ...others] = groupBy(identities, (identity) => String(runsOnGitHub(identity)));
  return mapEach([first ?? identities, ...others], (group) => ({
    kind: "keyless",
    identities: group,
    circumstances: runsOnGitHub(group[0]) ? withoutProposals(circumstances) : circumstances,
    roots
  }));
}
function parseRequire(text, problems) {
  const types = listOf(text).map((name) => {
    const named2 = Object.hasOwn(NAMED_TYPES, name) ? NAMED_TYPES[name] : void 0;
    if (!named2 && !URL.canParse(name))
      problems.add(
        "INPUT_INVALID",
        `Cannot use "require": "${name}" is neither a known name nor a URI`,
        `use ${Object.keys(NAMED_TYPES).join(", ")} or the URI of a predicate type`
      );
    return { name, predicateTypes: named2 ?? [name] };
  });
  if (isNonEmpty(types)) return types;
  problems.add(
    "INPUT_UNSAFE",
    'Cannot verify: "require" is empty, and an empty list would accept anything',
    'remove "require" to require a signature, or list what to require'
  );
  return [{ name: "", predicateTypes: [""] }];
}

// src/action/signing-key.ts
const { resolve: resolve4 } = process.getBuiltinModule("node:path");
function parseSigningKey({ key: text, "key-password": password }, { workspace }, problems) {
  const key = text.trim();
  if (key === "") {
    if (password !== "")
      problems.add(
        "INPUT_CONFLICT",
        'Cannot use "key-password" without "key"',
        'set "key" to the private key, or remove "key-password"'
      );
    return void 0;
  }
  const isPem = key.includes("-----BEGIN");
  if (!isPem && /^[a-z][a-z0-9+.-]*:\/\//i.test(key)) {
    problems.add(
      "INPUT_INVALID",
      'Cannot use "key": it is a URL, and a private key is not fetched',
      "pass the PEM text of the private key from a secret, or a path to it"
    );
    return void 0;
  }
  return {
    location: isPem ? { kind: "pem", text } : { kind: "file", path: resolve4(workspace, key) },
    ...password === "" ? {} : { password }
  };
}
function refuseWithoutToken(wanted, { identityToken }, problems) {
  if (identityToken === "available" || !needsToken(wanted)) return;
  problems.include(wanted.key ? noProvenance() : noIdentityToken());
}
function refuseKeyInGitHub(key, stores, problems) {
  if (!key || !stores.includes("github")) return;
  problems.add(
    "INPUT_CONFLICT",
    'Cannot combine "key" with "stores: github": GitHub takes attestations that are signed with a certificate only',
    'use "stores: registry", or remove "key" to sign keylessly'
  );
}
function noProvenance() {
  return new ActionError("permission", "PERMISSION_ID_TOKEN", {
    message: "Cannot create provenance: it consists of facts from the identity token, and this job is not allowed to request one",
    remedy: 'add "id-token: write" to the permissions of the job, or remove "provenance"'
  });
}

// src/action/signature-format.ts
var PLACES = {
  bundle: "registry",
  legacy: "legacy"
};
function inFormats(stores, formats) {
  return stores.flatMap(
    (store) => store === "registry" ? formats.map((format) => PLACES[format]) : [store]
  );
}
function refuseFormatElsewhere({ "signature-format": format }, stores, problems) {
  if (stores.length === 0 || stores.includes("registry")) return;
  if (format === DEFAULTS["signature-format"]) return;
  problems.add(
    "INPUT_CONFLICT",
    'Cannot use "signature-format": "stores" does not include "registry", and GitHub takes bundles only',
    'add "registry" to "stores", or remove "signature-format"'
  );
}

// src/action/sources.ts
const { resolve: resolve5 } = process.getBuiltinModule("node:path");
var SOURCES = ["registry", "github"];
var NAMES3 = 'use registry, github, or both, one per line, or none to read the files of "bundle" alone';
async function readSources(inputs, environment, problems) {
  return {
    sources: parseSources(inputs, problems),
    bundles: await readBundles(inputs, environment, problems)
  };
}
function parseSources(inputs, problems) {
  const items = listOf(inputs.sources);
  const unknown2 = items.filter((item) => ![...SOURCES, "none"].includes(item));
  for (const item of unknown2)
    problems.add("INPUT_INVALID", `Cannot use "sources": "${item}" is not a source`, NAMES3);
  if (items.length === 0) problems.add("INPUT_UNSAFE", 'Cannot use "sources": it is empty', NAMES3);
  if (items.includes("none") && items.length > 1)
    problems.add("INPUT_CONFLICT", 'Cannot use "sources": it has "none" and others', NAMES3);
  if (items.includes("none") && inputs.bundle === "")
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "sources: none" without "bundle": there would be nothing to verify',
      'list bundle files in "bundle", or remove "sources"'
    );
  const named2 = SOURCES.filter((source) => items.includes(source));
  return inputs.policy === "" ? named2 : withoutGitHub(named2, problems);
}
function withoutGitHub(sources, problems) {
  const others = sources.filter((source) => source !== "github");
  if (sources.length > 0 && others.length === 0)
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "sources: github" with "policy": a ClusterImagePolicy is about signatures in registries',
      'remove "sources"'
    );
  return others;
}
async function readBundles({ bundle }, { workspace }, problems) {
  const read = await Promise.all(
    linesOf(bundle).map(async (name) => {
      const bytes = await readBoundedFile(resolve5(workspace, name), BUNDLE_FILE_LIMIT);
      return { name, bundles: isProblem(bytes) ? bytes : parseBundleFile(bytes.value) };
    })
  );
  return read.flatMap(({ name, bundles }) => {
    if (isProblem(bundles)) {
      const message = `Cannot use "bundle": "${name}" cannot be read, ${bundles.problem}`;
      problems.include(new ActionError("input", "INPUT_FILE", { message, remedy: bundles.remedy }));
      return [];
    }
    return bundles.value.map(({ line, json }) => ({
      source: "file",
      place: line === void 0 ? name : `${name}, line ${line}`,
      json
    }));
  });
}

// src/action/tags.ts
function parseTags({ tags }, images, problems) {
  if (tags === "") return [];
  const written = problems.takeEach("tags", [...new Set(listOf(tags))], parseTag);
  if (!images) return [];
  const subjects = flatten(groupByDigest(images));
  const placed = written.flatMap((each) => problems.take("tags", placeTag(each, subjects)) ?? []);
  refuseOneForTwo(placed, problems);
  return placed.filter(
    (tag, index) => placed.findIndex((other) => isSameTag(tag, other)) === index
  );
}
function parseTag(text) {
  const parsed = parseForm(text);
  if (isProblem(parsed) || !/^sha256-[0-9a-f]{64}/.test(parsed.value.tag)) return parsed;
  return {
    problem: `"${text}" has the form of a tag that lists signatures`,
    remedy: 'choose a tag that does not begin with "sha256-" and a digest'
  };
}
function parseForm(text) {
  if (isTag(text)) return { value: { text, tag: text, of: void 0 } };
  if (!/[/:@]/.test(text))
    return {
      problem: `"${text}" is not a valid tag`,
      remedy: 'write at most 128 letters, digits, ".", "_" and "-", without "." or "-" in front'
    };
  const reference = parseReference(text);
  if (isProblem(reference)) return reference;
  const { tag } = reference.value;
  if (tag === void 0)
    return {
      problem: `"${text}" has no tag`,
      remedy: "write a tag, or an image with one: v1, ghcr.io/acme/app:v1"
    };
  return { value: { text, tag, of: reference.value } };
}
function placeTag({ text, tag, of }, subjects) {
  const named2 = of ? subjects.filter((subject) => isMeant(subject, of)) : subjects;
  if (of && named2.length === 0) return notAnImage(text, of, subjects);
  const crowded = named2.find(
    (one) => named2.filter((other) => isSameRepository(one.repository, other.repository)).length > 1
  );
  if (!crowded) return { value: named2.map((subject) => ({ subject, tag })) };
  const repository = formatRepository(crowded.repository);
  return {
    problem: `"${text}" could be a tag of several images in "${repository}"`,
    remedy: `name the image of each tag by its digest: ${repository}:${tag}@${crowded.digest}`
  };
}
function isMeant(subject, of) {
  const isDigestMeant = of.digest === void 0 || of.digest === subject.digest;
  return isDigestMeant && isSameRepository(subject.repository, of.repository);
}
function notAnImage(text, { repository }, subjects) {
  const names = [...new Set(subjects.map((subject) => formatRepository(subject.repository)))];
  const name = formatRepository(repository);
  return {
    problem: names.includes(name) ? `"${text}" names a digest that no image of this step has` : `"${text}" is a tag in "${name}", which no image of this step is in`,
    remedy: `use tags of ${names.join(" and ")}, or add the image to "images"`
  };
}
function refuseOneForTwo(tags, problems) {
  const names = Map.groupBy(tags, formatTag);
  for (const [name, [first, ...others]] of names) {
    if (!first || others.every((other) => isSameTag(first, other))) continue;
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "tags": "${name}" is given to two images`,
      "give each image tags of its own"
    );
  }
}
function isSameTag(one, other) {
  return one.tag === other.tag && isSameSubject(one.subject, other.subject);
}

// src/action/request.ts
var STORES = ["registry", "github"];
var FORMATS = ["bundle", "legacy"];
var ON_FAILURE = ["fail", "warn"];
async function parseRequest(inputs, environment) {
  const problems = new Problems();
  const mode = parseMode(inputs, problems);
  if (mode !== void 0) refuseOtherMode(inputs, mode, problems);
  refuseUndeclared(environment.undeclaredInputs, problems);
  refuseProxies(environment.unusableProxies, problems);
  const parse = mode === "sign" ? parseSignRequest : parseVerifyRequest;
  const parsed = await parse(inputs, environment, problems);
  return problems.conclude(parsed);
}
function parseMode({ mode }, problems) {
  if (mode === "sign" || mode === "verify") return mode;
  const remedy = 'write "mode: sign" or "mode: verify"';
  if (mode === "") problems.add("INPUT_MISSING", 'Missing required input "mode"', remedy);
  else {
    const message = `Cannot use "mode": "${mode}" is neither sign nor verify`;
    problems.add("INPUT_INVALID", message, remedy);
  }
  return void 0;
}
function refuseProxies(names, problems) {
  for (const name of names) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use the proxy in ${name}: its value is not the address of an HTTP proxy`,
      'write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded ("/" is %2F, "#" is %23)'
    );
  }
}
function refuseOtherMode(inputs, mode, problems) {
  for (const name of Object.keys(INPUTS)) {
    const belongs = INPUTS[name] === "both" || INPUTS[name] === mode;
    if (belongs || inputs[name] === "" || inputs[name] === DEFAULTS[name]) continue;
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "${name}" with "mode: ${mode}": it belongs to "mode: ${INPUTS[name]}"`,
      `remove "${name}" from the step`
    );
  }
}
function parseCommon(inputs, environment, problems) {
  const {
    "registry-username": username,
    "registry-password": password,
    "trusted-root": root,
    "github-token": token
  } = inputs;
  if (username === "" !== (password === "")) {
    const [set, missing] = username === "" ? ["registry-password", "registry-username"] : ["registry-username", "registry-password"];
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "${set}" without "${missing}"`,
      `set "${missing}" too, or remove "${set}"`
    );
  }
  return {
    retryTimeout: problems.take(
      "retry-timeout",
      parseDuration(inputs["retry-timeout"], "smh", "30s, 5m, 1h; 0s for no retries")
    ) ?? 0,
    thisRepository: environment.repository,
    summary: isTrue("summary", inputs, problems) ? "write" : "leave",
    ...root === "" ? {} : { trustedRoot: resolve6(environment.workspace, root) },
    ...token === "" ? {} : { githubToken: token },
    ...username === "" ? {} : { credentials: { username, password } }
  };
}
async function parseSignRequest(given, environment, problems) {
  const inputs = withoutEmptySecrets(given, environment);
  const images = await readImagesToSign(inputs, environment, problems);
  const common = parseCommon(inputs, environment, problems);
  const stores = oneOf(inputs, "stores", STORES, problems);
  const formats = oneOf(inputs, "signature-format", FORMATS, problems);
  refuseFormatElsewhere(inputs, stores, problems);
  const evidencePlace = parsePlaceToSign(stores, inputs, environment, images ?? [], problems);
  const claims = await readClaims(inputs, stores, environment, problems);
  const key = parseSigningKey(inputs, environment, problems);
  const wanted = { claims, ...key ? { key } : {} };
  const skip = parseSkip(inputs, wanted, environment, problems);
  if (!skip) refuseWithoutToken(wanted, environment, problems);
  refuseKeyInGitHub(key, stores, problems);
  const instance = parseInstance(inputs, key, environment, problems);
  const reach = parseReach(inputs, problems);
  const tags = parseTags(inputs, images, problems);
  const ifSigned = choiceOf("if-signed", inputs, ["skip", "sign"], problems);
  const run2 = isTrue("dry-run", inputs, problems) ? "dry" : "real";
  const places = inFormats(stores, formats);
  if (skip) return { mode: "skip", skip, summary: common.summary };
  if (!images || !isNonEmpty(places) || !isNonEmpty(claims)) return void 0;
  return {
    ...common,
    ...wanted,
    mode: "sign",
    images,
    reach,
    stores: places,
    evidencePlace,
    claims,
    instance,
    ifSigned,
    run: run2,
    tags
  };
}
async function parseVerifyRequest(inputs, environment, problems) {
  const images = await readImagesToVerify(inputs, environment, problems);
  const common = parseCommon(inputs, environment, problems);
  const evidencePlace = parseEvidencePlace(inputs, environment, images ?? [], problems);
  const names = parseGitHubNames(inputs, environment, problems);
  const policies = await parsePolicies(inputs, names, environment, common.trustedRoot, problems);
  const places = await readSources(inputs, environment, problems);
  const reach = parseReach(inputs, problems);
  const wait = problems.take("wait", parseDuration(inputs.wait, "smh", "30s, 5m; 0s for none")) ?? 0;
  const [onFailure] = oneOf(inputs, "on-failure", ON_FAILURE, problems);
  const place = policies.source ? { kind: "repository", repository: policies.source } : evidencePlace;
  const copyTo = parseCopyTargets(inputs, images ?? [], place, problems);
  if (!images || !onFailure || !policies.written) return void 0;
  return {
    ...common,
    evidencePlace: place,
    reach,
    wait,
    onFailure,
    copyTo,
    ...places,
    mode: "verify",
    images,
    policies: policies.written,
    attestationsOf: attestationsOf2(names, environment)
  };
}
function parseReach(inputs, problems) {
  return isTrue("recursive", inputs, problems) ? "tree" : "manifest";
}
async function parsePolicies(inputs, names, environment, trustedRoot, problems) {
  if (inputs.policy !== "") {
    const { policies, source } = await readClusterPolicies(
      inputs,
      environment,
      trustedRoot,
      problems
    );
    return { written: policies, source };
  }
  const patterns = await readPatterns(inputs, problems);
  const signers = { names, patterns };
  const policy = parsePolicy(inputs, signers, environment, rootsAt(trustedRoot), problems);
  return { written: [policy] };
}
function oneOf(inputs, input, allowed, problems) {
  const items = [...new Set(listOf(inputs[input]))];
  const known = allowed.filter((value) => items.includes(value));
  for (const item of items.filter((each) => !known.some((value) => value === each))) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use "${input}": "${item}" is not supported`,
      `use ${allowed.join(" or ")}, one per line`
    );
  }
  if (items.length === 0)
    problems.add(
      "INPUT_MISSING",
      `Cannot use "${input}": it is empty`,
      `use ${allowed.join(" or ")}`
    );
  return known;
}

// src/main.ts
async function main() {
  const inputs = readInputs();
  publishNothingYet(inputs.mode);
  try {
    const environment = readEnvironment();
    const request = await parseRequest(inputs, environment);
    if (request.mode === "skip") {
      await publishSkip(request);
      return;
    }
    const report = await run(request, environment);
    await publishReport(report, request, environment);
  } catch (error) {
    publishProblems(actionErrorsOf(error));
  }
}
async function run(request, environment) {
  if (request.mode === "sign") {
    const { runSign } = await import("./sign.js");
    return runSign(request, environment);
  }
  const { runVerify } = await import("./verify.js");
  return runVerify(request, environment);
}

// src/index.ts
await main();
end();
