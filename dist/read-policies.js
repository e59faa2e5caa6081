const require = process.getBuiltinModule;
import {
  nearestName
} from "./shared-nearest.js";
import {
  anyOf,
  exactly
} from "./shared-matcher.js";
import {
  parseIdentityPattern,
  parsePattern
} from "./shared-re2js.js";
import {
  findFiles,
  isNull,
  parseYaml
} from "./shared-yaml.js";
import {
  rootsAt
} from "./shared-policy.js";
import {
  readBoundedFile
} from "./shared-bounded-file.js";
import "./shared-file-kind.js";
import {
  CYCLONEDX_TYPE,
  PROVENANCE_TYPE,
  SIGNATURE_TYPES,
  SPDX_TYPE
} from "./shared-types.js";
import {
  isNonEmpty,
  mapEach
} from "./shared-non-empty.js";
import {
  formatRepository,
  isSameRepository,
  parseReference
} from "./shared-reference.js";
import {
  isProblem
} from "./shared-parsed.js";
import "./shared-runtime.js";

// src/cluster-policy/identities.ts
function readIdentities(keyless) {
  keyless.ignore("url", "trustRootRef");
  keyless.isTrue("insecureIgnoreSCT");
  if (keyless.has("ca-cert"))
    keyless.refuse(
      "ca-cert",
      "is not supported",
      'set "trusted-root" to a trusted_root.json with this certificate authority'
    );
  return keyless.requiredList("identities").flatMap((identity) => {
    const issuer = readMatcher(identity, "issuer");
    const subject = readMatcher(identity, "subject");
    identity.refuseOthers();
    if (!issuer || !subject) return [];
    return [{ issuer, rules: [{ name: "certificate-identity", matcher: subject }] }];
  });
}
function readMatcher(identity, what) {
  const pattern = `${what}RegExp`;
  const exact = identity.text(what);
  const source = identity.text(pattern);
  if (exact !== void 0 && source !== void 0)
    identity.refuse(pattern, `is beside "${what}"`, "remove one of them");
  if (exact !== void 0) return exactly(exact);
  if (source === void 0) {
    if (!identity.has(what) && !identity.has(pattern))
      identity.refuse(
        what,
        `and "${pattern}" are missing, which would accept any ${what}`,
        `add "${what}" or "${pattern}"`
      );
    return void 0;
  }
  const parsed = parseIdentityPattern(source, what === "issuer" ? "issuer" : "identity");
  if (!isProblem(parsed)) return parsed.value;
  identity.refuse(pattern, `cannot be used: ${parsed.problem}`, parsed.remedy);
  return void 0;
}

// src/cluster-policy/predicate-types.ts
var NAMES = {
  custom: "https://cosign.sigstore.dev/attestation/v1",
  slsaprovenance: "https://slsa.dev/provenance/v0.2",
  slsaprovenance02: "https://slsa.dev/provenance/v0.2",
  slsaprovenance1: PROVENANCE_TYPE,
  spdx: SPDX_TYPE,
  spdxjson: SPDX_TYPE,
  cyclonedx: CYCLONEDX_TYPE,
  link: "https://in-toto.io/Link/v1",
  vuln: "https://cosign.sigstore.dev/attestation/vuln/v1",
  openvex: "https://openvex.dev/ns"
};
var TYPE_NAMES = Object.keys(NAMES).join(", ");
function predicateTypesOf(written) {
  const named = Object.hasOwn(NAMES, written) ? NAMES[written] : void 0;
  if (named !== void 0) return [named];
  return URL.canParse(written) ? [written] : void 0;
}

// src/cluster-policy/source.ts
function readSource(authority, { shared }) {
  const [source, ...others] = authority.list("source");
  if (others.length > 0)
    authority.refuse("source", "has several entries", "keep one: policy-controller reads one, too");
  const repository = source && readRepository(source);
  const place = repository ?? "with-image";
  shared.source ??= place;
  const isSame = place === shared.source || place !== "with-image" && shared.source !== "with-image" && isSameRepository(place, shared.source);
  if (isSame) return;
  const first = shared.source === "with-image" ? "the image itself" : formatRepository(shared.source);
  authority.refuse(
    "source",
    `differs from that of another authority, which is ${first}`,
    "use the same source in all policies of a step, or verify in several steps"
  );
}
function readRepository(source) {
  source.ignore("signaturePullSecrets");
  const repository = repositoryIn(source);
  if (source.has("tagPrefix"))
    source.refuse("tagPrefix", "is not supported", "store the signatures under their usual tags");
  source.refuseOthers();
  return repository;
}
function repositoryIn(source) {
  const text = source.requiredText("oci");
  return text === void 0 ? void 0 : repositoryOf(text, source);
}
function repositoryOf(text, source) {
  const parsed = parseReference(text);
  if (!isProblem(parsed) && parsed.value.tag === void 0 && parsed.value.digest === void 0)
    return parsed.value.repository;
  source.refuse("oci", `"${text}" is not a repository`, "write registry/name, without a tag");
  return void 0;
}

// src/cluster-policy/trust.ts
var PUBLIC_GOOD = {
  keyless: "https://fulcio.sigstore.dev",
  ctlog: "https://rekor.sigstore.dev"
};
var REFERRING = ["keyless", "ctlog", "rfc3161timestamp"];
function readRoots(authority, { trustedRoot, shared }) {
  const references = REFERRING.flatMap(
    (name) => authority.fields(name)?.text("trustRootRef") ?? []
  );
  const [reference = "none"] = references;
  shared.trustRootRef ??= reference;
  const others = [...references, reference].filter((each) => each !== shared.trustRootRef);
  const first = REFERRING.find((name) => authority.has(name)) ?? "key";
  if (others.length > 0)
    authority.refuse(
      first,
      `refers to the TrustRoot "${others[0] ?? ""}", and another part of the policies to "${shared.trustRootRef}"`,
      "use one TrustRoot for all policies of a step, or verify in several steps"
    );
  if (reference !== "none" && trustedRoot === void 0)
    authority.refuse(
      first,
      `refers to the TrustRoot "${reference}", which is in the cluster`,
      'set "trusted-root" to a trusted_root.json with the same contents'
    );
  for (const [name, usual] of Object.entries(PUBLIC_GOOD)) {
    const url = authority.fields(name)?.text("url") ?? usual;
    if (url.replace(/\/$/, "") !== usual && trustedRoot === void 0)
      authority.refuse(
        name,
        `names the private instance "${url}"`,
        'set "trusted-root" to its trusted_root.json'
      );
  }
  return rootsAt(trustedRoot);
}
function readTimes(authority) {
  const log = authority.fields("ctlog");
  const stamps = authority.fields("rfc3161timestamp");
  stamps?.requiredText("trustRootRef");
  stamps?.refuseOthers();
  if (!log) return "some";
  const isNamed = log.has("url") || log.has("trustRootRef");
  log.refuseOthers();
  return isNamed || stamps ? "some" : "none";
}

// src/cluster-policy/authority.ts
function readAuthority(authority, index, surroundings) {
  const name = authority.text("name") ?? `authority-${index}`;
  const kinds = ["key", "keyless", "static"].filter((kind2) => authority.has(kind2));
  const [kind] = kinds;
  if (kind === void 0 || kinds.length > 1) {
    authority.refuse(
      kind ?? "key",
      kind === void 0 ? 'is missing, as are "keyless" and "static"' : `is beside ${kinds.slice(1).join(" and ")}`,
      "write exactly one of key, keyless and static in each authority"
    );
    return void 0;
  }
  const read = kind === "static" ? readStatic(authority, name) : readEvidence(authority, name, surroundings);
  authority.refuseOthers();
  return read;
}
function readStatic(authority, name) {
  const decision = authority.fields("static");
  if (!decision) return void 0;
  for (const other of ["attestations", "source", "ctlog", "rfc3161timestamp", "signatureFormat"])
    if (authority.has(other))
      authority.refuse(other, 'has no meaning beside "static"', "remove it");
  const action = decision.requiredText("action");
  const message = decision.text("message") ?? "";
  decision.refuseOthers();
  if (action === "pass" || action === "fail") return { kind: "static", name, action, message };
  if (action !== void 0)
    decision.refuse("action", `"${action}" is neither pass nor fail`, "write pass or fail");
  return void 0;
}
function readEvidence(authority, name, surroundings) {
  const roots = readRoots(authority, surroundings);
  const who = authority.has("key") ? readKey(authority, roots, surroundings) : readKeyless(authority, roots);
  readSource(authority, surroundings);
  const conditions = readFormat(authority);
  const requirements = readRequirements(authority, conditions, who);
  return isNonEmpty(requirements) ? { kind: "evidence", name, requirements } : void 0;
}
function readKey(authority, roots, { origin }) {
  const key = authority.fields("key");
  const times = readTimes(authority);
  if (!key) return void 0;
  for (const [field, what] of [
    ["secretRef", "names a Secret of the cluster, which this step cannot read"],
    ["kms", "names a key service, which this step cannot ask"]
  ])
    if (key.has(field)) key.refuse(field, what, 'write the public key itself as "data"');
  const algorithm = key.text("hashAlgorithm") ?? "sha256";
  if (algorithm !== "sha256")
    key.refuse("hashAlgorithm", `"${algorithm}" is not supported`, "remove it: the key decides");
  const text = key.has("secretRef") || key.has("kms") ? key.text("data") : key.requiredText("data");
  key.refuseOthers();
  if (text === void 0) return void 0;
  const keys = [{ kind: "pem", text, from: `${origin}:${key.line}` }];
  return { kind: "key", keys, witness: times === "none" ? "insecure-ignored" : "required", roots };
}
function readKeyless(authority, roots) {
  if (readTimes(authority) === "none")
    authority.refuse(
      "ctlog",
      "without a log leaves the time of signing unknown, which a certificate needs",
      'remove "ctlog", or add "rfc3161timestamp"'
    );
  const keyless = authority.fields("keyless");
  if (!keyless) return void 0;
  const identities = readIdentities(keyless);
  keyless.refuseOthers();
  return isNonEmpty(identities) ? { kind: "keyless", identities, circumstances: [], roots } : void 0;
}
function readFormat(authority) {
  const format = authority.text("signatureFormat") ?? "legacy";
  if (format === "bundle" && authority.has("key"))
    authority.refuse(
      "signatureFormat",
      '"bundle" needs "keyless": policy-controller cannot verify bundles with a key',
      "remove it, and sign with a tool that writes the format of cosign v2"
    );
  if (format === "legacy" || format === "bundle") return [{ kind: "format", format }];
  authority.refuse("signatureFormat", `"${format}" is unknown`, "write legacy or bundle");
  return [];
}
function readRequirements(authority, conditions, who) {
  const attestations = authority.list("attestations").map(readAttestation);
  if (!who) return [];
  const anyOf2 = [who];
  if (!isNonEmpty(attestations))
    return [{ name: "signature", predicateTypes: SIGNATURE_TYPES, conditions, anyOf: anyOf2 }];
  return mapEach(attestations, (type) => ({ ...type, conditions, anyOf: anyOf2 }));
}
function readAttestation(attestation) {
  attestation.requiredText("name");
  const written = attestation.requiredText("predicateType") ?? "";
  if (attestation.has("policy"))
    attestation.refuse(
      "policy",
      "is a CUE or Rego policy, which this action does not evaluate",
      "keep the policy in a ClusterImagePolicy of its own, which only the cluster reads"
    );
  const predicateTypes = predicateTypesOf(written);
  if (!predicateTypes && written !== "")
    attestation.refuse("predicateType", `"${written}" is unknown`, `write a URI, or ${TYPE_NAMES}`);
  attestation.refuseOthers();
  return { name: written, predicateTypes: predicateTypes ?? [""] };
}

// src/cluster-policy/fields.ts
var Troubles = class {
  all = [];
  /** Reported once: several parts of a policy read the same field. */
  add(line, problem, remedy) {
    if (this.all.some((each) => each.line === line && each.problem === problem)) return;
    this.all.push({ line, problem, remedy });
  }
};
var Fields = class _Fields {
  line;
  /** `spec.authorities[0]`; empty for the document. */
  #path;
  #troubles;
  #entries = /* @__PURE__ */ new Map();
  #lines = /* @__PURE__ */ new Map();
  #read = /* @__PURE__ */ new Set();
  constructor(map, path, troubles) {
    this.line = map.line;
    this.#path = path;
    this.#troubles = troubles;
    for (const { key, line, value } of map.entries) {
      this.#lines.set(key, line);
      if (!isNull(value)) this.#entries.set(key, value);
    }
  }
  /** Whether the field is there and has a value. */
  has(name) {
    this.#read.add(name);
    return this.#entries.has(name);
  }
  text(name) {
    const node = this.#take(name);
    if (!node) return void 0;
    if (node.kind === "scalar" && typeof node.value === "string" && node.value !== "")
      return node.value;
    this.#wrong(name, node.line, "is not text", "put it in quotes, or remove it");
    return void 0;
  }
  requiredText(name) {
    if (!this.has(name)) this.#missing(name);
    return this.text(name);
  }
  isTrue(name) {
    const node = this.#take(name);
    if (!node) return false;
    if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
    this.#wrong(name, node.line, "is neither true nor false", "write true or false");
    return false;
  }
  fields(name) {
    const node = this.#take(name);
    return node && this.#fieldsOf(node, this.pathOf(name));
  }
  requiredFields(name) {
    if (!this.has(name)) this.#missing(name);
    return this.fields(name);
  }
  /** The mappings of a list; empty without it. */
  list(name) {
    const node = this.#take(name);
    if (!node) return [];
    if (node.kind !== "list") {
      this.#wrong(name, node.line, "is not a list", 'begin each item with "- "');
      return [];
    }
    return node.items.flatMap(
      (item, index) => this.#fieldsOf(item, `${this.pathOf(name)}[${index}]`) ?? []
    );
  }
  /** The same, for a list with at least one item. */
  requiredList(name) {
    if (!this.has(name)) this.#missing(name);
    const node = this.#entries.get(name);
    if (node?.kind === "list" && node.items.length === 0)
      this.#wrong(name, node.line, "is empty", "add an item: an empty list matches nothing");
    return this.list(name);
  }
  /** Notes a problem of a field. */
  refuse(name, problem, remedy) {
    this.#wrong(name, this.#lines.get(name) ?? this.line, problem, remedy);
  }
  /** Fields that have no effect here. */
  ignore(...names) {
    for (const name of names) this.#read.add(name);
  }
  /** Called last: reports the fields that were never read. */
  refuseOthers() {
    const known = [...this.#read];
    for (const [name, line] of this.#lines) {
      if (this.#read.has(name)) continue;
      const near = nearestName(name, known);
      this.#wrong(
        name,
        line,
        "is not a field of a ClusterImagePolicy that this action knows",
        near === void 0 ? `remove it, or use one of ${known.join(", ")}` : `did you mean "${near}"?`
      );
    }
  }
  pathOf(name) {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
  #take(name) {
    this.#read.add(name);
    return this.#entries.get(name);
  }
  #fieldsOf(node, path) {
    if (node.kind === "map") return new _Fields(node, path, this.#troubles);
    this.#troubles.add(node.line, `"${path}" is not a mapping`, 'write "name: value" lines');
    return void 0;
  }
  #missing(name) {
    this.#troubles.add(this.line, `"${this.pathOf(name)}" is missing`, `add "${name}"`);
  }
  #wrong(name, line, problem, remedy) {
    this.#troubles.add(line, `"${this.pathOf(name)}" ${problem}`, remedy);
  }
};

// src/cluster-policy/images.ts
var VALID = /^[\w:/*.@-]+$/;
var SHORT = {
  "*": "index.docker.io/library/*",
  "*/*": "index.docker.io/*/*"
};
var DIGEST = /@sha256:[0-9a-f]{64}$/;
var DOCKER_HUB = /^(?:docker\.io|registry-1\.docker\.io)\//;
function readImages(spec) {
  const matchers = spec.requiredList("images").flatMap((image) => {
    const glob = image.requiredText("glob");
    if (image.has("regex"))
      image.refuse("regex", "is not supported by policy-controller either", 'use "glob"');
    image.refuseOthers();
    if (glob === void 0) return [];
    const parsed = parseGlob(glob);
    if (!isProblem(parsed)) return [parsed.value];
    image.refuse("glob", parsed.problem, parsed.remedy);
    return [];
  });
  return isNonEmpty(matchers) ? anyOf(matchers) : void 0;
}
function parseGlob(written) {
  const glob = SHORT[written] ?? written;
  if (!VALID.test(glob))
    return {
      problem: `"${written}" is not a glob`,
      remedy: 'use letters, digits, "-", "_", ".", ":", "@", "/", "*" and "**" only'
    };
  if (DOCKER_HUB.test(glob))
    return {
      problem: `"${written}" matches no image: in a cluster, Docker Hub is index.docker.io`,
      remedy: `write "${glob.replace(DOCKER_HUB, "index.docker.io/")}"`
    };
  if (!glob.slice(glob.lastIndexOf("/") + 1).includes("*") && !DIGEST.test(glob))
    return {
      problem: `"${written}" matches no image: images are compared by digest, as name@sha256:\u2026`,
      remedy: `write "${glob.replace(/[:@][^/]*$/, "")}*"`
    };
  const source = glob.replaceAll(".", String.raw`\.`).replaceAll(/\*\*?/g, (stars) => stars === "**" ? ".*" : "[^/]*");
  const pattern = parsePattern(source);
  if (isProblem(pattern)) return pattern;
  return {
    value: { kind: "pattern", source: written, accepts: (name) => pattern.value.accepts(name) }
  };
}

// src/cluster-policy/document.ts
var GROUP = "policy.sigstore.dev";
var VERSIONS = [`${GROUP}/v1alpha1`, `${GROUP}/v1beta1`];
function readDocument(node, troubles, surroundings) {
  if (node.kind !== "map") {
    troubles.add(node.line, "it is not a ClusterImagePolicy", "write one policy per document");
    return void 0;
  }
  const document = new Fields(node, "", troubles);
  if (!isClusterImagePolicy(document)) return void 0;
  const metadata = document.requiredFields("metadata");
  const name = metadata?.requiredText("name") ?? "";
  document.ignore("status");
  const spec = document.requiredFields("spec");
  document.refuseOthers();
  return spec && readSpec(spec, { name, line: document.line }, surroundings);
}
function isClusterImagePolicy(document) {
  const version = document.requiredText("apiVersion");
  const kind = document.requiredText("kind");
  if (version === void 0 || kind === void 0) return false;
  if (kind === "ClusterImagePolicy" && VERSIONS.includes(version)) return true;
  if (kind === "ClusterImagePolicy" && version.startsWith("config.openshift.io/"))
    document.refuse(
      "apiVersion",
      `"${version}" is OpenShift's own policy, another thing of the same name`,
      `write the policy for ${VERSIONS.join(" or ")}`
    );
  else if (kind === "ClusterImagePolicy")
    document.refuse("apiVersion", `"${version}" is unknown`, `use ${VERSIONS.join(" or ")}`);
  else if (kind === "TrustRoot")
    document.refuse(
      "kind",
      '"TrustRoot" is not read',
      'set "trusted-root" to a trusted_root.json with its contents, and move it to another file'
    );
  else
    document.refuse(
      "kind",
      `"${kind}" is not a ClusterImagePolicy`,
      'move it to a file that "policy" does not name'
    );
  return false;
}
function readSpec(spec, { name, line }, surroundings) {
  const images = readImages(spec);
  const alternatives = spec.requiredList("authorities").flatMap((authority, index) => readAuthority(authority, index, surroundings) ?? []);
  const mode = spec.text("mode") ?? "enforce";
  if (spec.has("policy"))
    spec.refuse(
      "policy",
      "is a CUE or Rego policy, which this action does not evaluate",
      "keep it in a ClusterImagePolicy of its own, which only the cluster reads"
    );
  if (spec.has("match"))
    spec.refuse(
      "match",
      "restricts the policy to some resources of the cluster, and a step has none",
      "remove it, or keep the policy in a file that only the cluster reads"
    );
  spec.refuseOthers();
  if (mode !== "enforce" && mode !== "warn") {
    spec.refuse("mode", `"${mode}" is unknown`, "write enforce or warn");
    return void 0;
  }
  if (!images || !isNonEmpty(alternatives)) return void 0;
  return { name, origin: `${surroundings.origin}:${line}`, images, mode, alternatives };
}

// src/cluster-policy/read-policies.ts
var LIMIT = 1 << 20;
async function readPolicies(globs, {
  workspace,
  trustedRoot
}) {
  const { files, problems } = await findFiles(globs, workspace);
  const shared = {};
  const all = [...problems];
  const policies = [];
  for (const { name, path } of files) {
    const bytes = await readBoundedFile(path, LIMIT);
    if (isProblem(bytes)) {
      all.push({ ...bytes, place: { file: name, line: 1 } });
      continue;
    }
    const read = readFile(bytes.value.toString(), { origin: name, trustedRoot, shared });
    policies.push(...read.policies);
    all.push(...read.troubles.map((trouble) => placed(trouble, name)));
  }
  const { source } = shared;
  return {
    policies: isNonEmpty(policies) ? policies : void 0,
    source: source === "with-image" ? void 0 : source,
    problems: all
  };
}
function readFile(text, surroundings) {
  const documents = parseYaml(text);
  if (isProblem(documents)) return { policies: [], troubles: [documents] };
  const troubles = new Troubles();
  const written = documents.value.filter((document) => !isNull(document));
  if (written.length === 0)
    troubles.add(1, "it is empty", "write a ClusterImagePolicy into it, or leave it out");
  const policies = written.flatMap(
    (document) => readDocument(document, troubles, surroundings) ?? []
  );
  return { policies, troubles: troubles.all };
}
function placed({ line, problem, remedy }, file) {
  return { problem: `line ${line} of "${file}": ${problem}`, remedy, place: { file, line } };
}
export {
  readPolicies
};
