const require = process.getBuiltinModule;
import {
  formatMatcher,
  matches
} from "./shared-matcher.js";
import {
  IDLE,
  Refusal,
  SOURCES,
  artifactReporter,
  counter,
  deadlineIn,
  merged,
  onCancel,
  outOfTime,
  parsePublicKeys,
  parseStatement,
  payloadIn,
  readImageTree,
  sharedServices,
  trustStore,
  verifierLoader
} from "./shared-protobuf-specs.js";
import {
  NOT_STATED,
  isKeyHolder
} from "./shared-explain.js";
import {
  nameOfRoots
} from "./shared-policy.js";
import "./shared-place.js";
import {
  whyUnreadable
} from "./shared-file-kind.js";
import {
  ATTESTATION_LAYER,
  IMAGE_MANIFEST,
  SIGNATURE_LAYER,
  counting,
  readBlob,
  readManifest,
  sideBySide,
  stepLog
} from "./shared-referrers.js";
import {
  BUNDLE_MEDIA_TYPE,
  distinctSubjects,
  formatForClusters,
  formatOf,
  formatSubject,
  includesSubject,
  isWitnessed,
  signedBundle
} from "./shared-core.js";
import {
  NAMED_TYPES,
  SIMPLE_SIGNING_TYPE
} from "./shared-types.js";
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
  actionErrorsOf,
  allOrProblems,
  codeOf,
  distinct,
  isRecord,
  parseJson,
  settle
} from "./shared-errors.js";
import "./shared-runtime.js";

// src/concurrency/patience.ts
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
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

// src/evidence-bytes.ts
var LIMIT = 256 << 20;
var EvidenceBytes = class {
  #found = /* @__PURE__ */ new Map();
  #limit;
  #used = 0;
  constructor(limit = LIMIT) {
    this.#limit = limit;
  }
  /** Beyond the limit nothing is kept. */
  keep(bundle, found) {
    const size = (found.layer ?? found.json).length;
    if (this.#used + size > this.#limit) return;
    this.#used += size;
    this.#found.set(bundle, found);
  }
  /** Undefined for what was not kept. */
  of(bundle) {
    return this.#found.get(bundle);
  }
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
function resolveBy(clientFor, onManifest) {
  return async (reference) => {
    const client = clientFor(reference);
    const { repository, digest, tag } = reference;
    if (digest === void 0) {
      const manifest = await readManifest(client, tag ?? "latest");
      if (!manifest) throw missing(reference);
      const subject2 = { repository, digest: manifest.digest };
      onManifest?.(subject2, manifest);
      return { subject: subject2, confirmed: Promise.resolve() };
    }
    const subject = { repository, digest };
    const confirmed = readManifest(client, tag ?? digest).then((manifest) => {
      const same = confirm(reference, manifest);
      onManifest?.(subject, same);
    });
    confirmed.catch(() => void 0);
    return { subject, confirmed };
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
  if (!manifest) throw missing(reference);
  if (manifest.digest === reference.digest) return manifest;
  throw new ActionError("input", "SUBJECT_MOVED", {
    message: `Cannot verify "${reference.text}": tag ${reference.tag ?? ""} points to ${manifest.digest}`,
    remedy: "find out who moved the tag; to verify the digest regardless of the tag, remove the tag from the reference"
  });
}
function missing({ text, repository, tag, digest }) {
  return new ActionError("input", "SUBJECT_MISSING", {
    message: `Cannot verify "${text}": "${formatRepository(repository)}" has no ${tag === void 0 ? `manifest ${digest ?? ""}` : `tag "${tag}"`}`,
    remedy: "check the name, and that the image was pushed to this registry"
  });
}

// src/copying.ts
async function copyEvidence(images, { targets, bytesOf, describe }) {
  const { values: read, failures: unread } = await settle(
    evidenceOf(images).map(async ({ image, bundle }) => {
      const found = bytesOf(bundle);
      if (!found) throw tooMuch(image);
      const subject = attestationOf(found, image) ?? await describe(image);
      return { bundle, found, subject };
    })
  );
  const evidence = groupBy(read, nameOf2).map(storable);
  const outcomes = await Promise.all(
    targets.flatMap(({ stores }) => stores.map((store) => storeIn(store, evidence)))
  );
  const stored = outcomes.flatMap((outcome) => outcome.stored);
  return {
    kind: "done",
    targets: mapEach(targets, ({ repository }) => repository),
    copied: read.map((each) => copiedOf(each, stored)),
    failures: distinct([...unread, ...outcomes.flatMap(({ failures }) => failures)])
  };
}
function evidenceOf(images) {
  return images.flatMap(({ subject: image, verdict }) => {
    if (!image || verdict.outcome !== "accepted") return [];
    const acceptances = verdict.evidence.flatMap((each) => each.acceptances);
    const bundles = new Set(acceptances.map(({ bundle }) => bundle));
    return [...bundles].map((bundle) => ({ image, bundle }));
  });
}
function attestationOf({ attested }, { repository }) {
  if (!attested) return void 0;
  const { manifest } = attested;
  const digest = digestOf(manifest);
  const mediaType = mediaTypeIn(manifest) ?? IMAGE_MANIFEST;
  return { repository, digest, readAs: { mediaType, digest, size: manifest.length } };
}
function nameOf2({ found }) {
  return `${found.layer ? "layer" : "bundle"} ${digestOf(found.json)}`;
}
function storable(found) {
  const [{ bundle, found: first }] = found;
  const subjects = distinctSubjects(mapEach(found, ({ subject }) => subject));
  return { signed: signedOf(first, subjects), verified: bundle };
}
function signedOf({ json, layer: blob, annotations = {} }, subjects) {
  const payload = payloadIn(json);
  const statement = payload ? parseStatement(payload) : void 0;
  const predicateType = statement && !isProblem(statement) ? statement.value.predicateType : SIMPLE_SIGNING_TYPE;
  if (!blob) {
    const mediaType2 = mediaTypeIn(json) ?? BUNDLE_MEDIA_TYPE;
    return signedBundle({ subjects, predicateType, json, mediaType: mediaType2 });
  }
  const mediaType = payload ? ATTESTATION_LAYER : SIGNATURE_LAYER;
  return signedBundle({ subjects, predicateType, json, layer: { mediaType, blob, annotations } });
}
function mediaTypeIn(document) {
  const json = parseJson(document.toString());
  const type = isRecord(json) ? json["mediaType"] : void 0;
  return typeof type === "string" ? type : void 0;
}
async function storeIn(store, evidence) {
  const bundles = evidence.filter(
    ({ signed }) => store.takes(signed.predicateType, formatOf(signed))
  );
  const subjects = bundles.flatMap(({ signed }) => signed.subjects);
  if (!isNonEmpty(subjects)) return { stored: [], failures: [] };
  try {
    const prepared = await store.prepare(distinctSubjects(subjects), []);
    return await prepared.store(bundles);
  } catch (error) {
    return { stored: [], failures: actionErrorsOf(error) };
  }
}
function copiedOf({ bundle, found, subject }, stored) {
  const id = digestOf(found.json);
  const here = stored.filter((each) => each.id === id && includesSubject(each.subjects, subject));
  return { bundle, stored: here };
}
function tooMuch(image) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot copy all evidence of "${formatSubject(image)}": the evidence of all images of this step is too large to be kept in memory`,
    remedy: "verify and copy fewer images in one step"
  });
}

// src/policy/authorities.ts
function authoritiesIn(policies) {
  return policies.flatMap(requirementsFor).flatMap(({ anyOf }) => anyOf);
}
function requirementsFor({ alternatives }) {
  return alternatives.flatMap((each) => each.kind === "evidence" ? each.requirements : []);
}
function needsOf(policies) {
  const authorities = authoritiesIn(policies);
  const issuers = authorities.filter((each) => each.kind === "keyless");
  const holders = authorities.filter((each) => each.kind === "key");
  const rootsWhere = (witness) => distinct2(holders.filter((each) => each.witness === witness).map(({ roots }) => roots));
  return {
    certificates: distinct2(issuers.map(({ roots }) => roots)),
    witnesses: rootsWhere("required"),
    unasked: rootsWhere("insecure-ignored"),
    keys: [...new Set(holders.map(({ keys }) => keys))]
  };
}
function distinct2(roots) {
  return [...new Map(roots.map((each) => [nameOfRoots(each), each])).values()];
}
function withKeys(policies, holdersOf) {
  const read = (authority) => authority.kind === "key" ? { ...authority, keys: holdersOf(authority.keys) } : authority;
  return mapEach(policies, (policy) => ({
    ...policy,
    alternatives: mapEach(
      policy.alternatives,
      (alternative) => alternative.kind === "static" ? alternative : {
        ...alternative,
        requirements: mapEach(alternative.requirements, (requirement) => ({
          ...requirement,
          anyOf: mapEach(requirement.anyOf, read)
        }))
      }
    )
  }));
}
function insecureIn(policies) {
  const ignores = authoritiesIn(policies).some(
    (each) => each.kind === "key" && each.witness === "insecure-ignored"
  );
  const passing = policies.filter(
    ({ alternatives }) => alternatives.some((each) => each.kind === "static" && each.action === "pass")
  );
  const unverified = passing.map(
    ({ name }) => `policy "${name}": "static: pass" accepts its images without verification`
  );
  return ignores ? [
    ...unverified,
    "insecure-ignore-tlog: the time of signing is not verified, so a signature made with a stolen or retired key is accepted"
  ] : unverified;
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
  return conditions.flatMap((condition) => {
    switch (condition.kind) {
      case "annotation":
        return findingsOnAnnotation(condition, bundle);
      case "max-age":
        return findingsOnAge(condition, bundle);
      case "format":
        return findingsOnFormat(condition.format, bundle);
    }
  });
}
function findingsOnFormat(format, { found: { source } }) {
  const expected = FORMATS[format];
  if (expected.sources.some((each) => each === source)) return [];
  const found = Object.values(FORMATS).find(
    ({ sources }) => sources.some((each) => each === source)
  );
  return [{ rule: "signatureFormat", expected: expected.text, found: found?.text ?? source }];
}
var FORMATS = {
  legacy: { sources: ["legacy"], text: "legacy, a tag of cosign v2" },
  bundle: { sources: ["registry", "file"], text: "bundle, in the registry" }
};
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

// src/policy/provenance.ts
var FACTS2 = {
  builder: ({ san, workflow, claims }) => claims.buildSignerUri ?? (workflow && san),
  repository: ({ claims }) => claims.sourceRepositoryUri,
  ref: ({ claims }) => claims.sourceRepositoryRef,
  commit: ({ claims }) => claims.sourceRepositoryDigest,
  workflow: ({ claims }) => claims.buildConfigUri,
  run: ({ claims }) => claims.runInvocationUri,
  event: ({ claims }) => claims.buildTrigger,
  runner: ({ claims }) => claims.runnerEnvironment,
  "repository-id": ({ claims }) => claims.sourceRepositoryIdentifier,
  "owner-id": ({ claims }) => claims.sourceRepositoryOwnerIdentifier
};
var LEFT_OUT = {
  workflow: "@",
  run: "/attempts/"
};
function contradictionsIn({ signer, statement }) {
  if (isKeyHolder(signer)) return [];
  return (statement.provenance?.run ?? []).flatMap((fact) => {
    const certified = FACTS2[fact.name](signer);
    if (certified === void 0 || agrees(fact, certified)) return [];
    return [{ rule: `provenance-${fact.name}`, expected: certified, found: fact.value }];
  });
}
function agrees({ name, value }, certified) {
  if (value === certified) return true;
  const rest = LEFT_OUT[name];
  return rest !== void 0 && certified.startsWith(`${value}${rest}`);
}

// src/policy/requirement.ts
function isAcceptance(judged) {
  return !("findings" in judged);
}
function judgedBy(requirement, bundle) {
  if (!requirement.predicateTypes.includes(bundle.statement.predicateType)) return void 0;
  const unmet = [
    ...contradictionsIn(bundle),
    ...findingsOnConditions(requirement.conditions, bundle)
  ];
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

// src/policy/weigh.ts
function weigh(policy, verified) {
  return {
    policy,
    alternatives: policy.alternatives.map((alternative) => ({
      alternative,
      requirements: alternative.kind === "static" ? [] : alternative.requirements.map((requirement) => ({
        requirement: requirement.name,
        judged: verified.flatMap((bundle) => judgedBy(requirement, bundle) ?? [])
      }))
    }))
  };
}
function isMet({ alternatives }) {
  return alternatives.some(isAlternativeMet);
}
function isDenied({ policy }) {
  return policy.alternatives.every((each) => each.kind === "static" && each.action === "fail");
}
function requirementsOf({ alternatives }) {
  return alternatives.flatMap(({ requirements }) => requirements);
}
function evidenceIn({ policy, alternatives }) {
  const met = alternatives.filter(isAlternativeMet).flatMap(({ requirements }) => requirements);
  return met.flatMap(({ requirement, judged }) => {
    const acceptances = judged.filter(isAcceptance);
    return isNonEmpty(acceptances) ? [{ policy: policy.name, requirement, acceptances }] : [];
  });
}
function exemptionsIn({ policy, alternatives }) {
  return alternatives.filter(({ alternative }) => isPass(alternative)).map(({ alternative }) => ({ policy: policy.name, alternative: alternative.name }));
}
function unmetIn({ policy, alternatives }) {
  const [nearest] = alternatives.map(missingFor).toSorted((a, b) => a.length - b.length);
  const missing2 = nearest ?? [];
  return policy.origin === "inputs" ? missing2 : missing2.map((each) => `${each} for policy "${policy.name}"`);
}
function isAlternativeMet({ alternative, requirements }) {
  if (alternative.kind === "static") return isPass(alternative);
  return requirements.length > 0 && requirements.every(({ judged }) => judged.some(isAcceptance));
}
function isPass(alternative) {
  return alternative.kind === "static" && alternative.action === "pass";
}
function missingFor({ alternative, requirements }) {
  if (alternative.kind === "static")
    return [alternative.message === "" ? "exception" : `exception (${alternative.message})`];
  return requirements.filter(({ judged }) => !judged.some(isAcceptance)).map(({ requirement }) => requirement);
}

// src/policy/evaluate.ts
function isFor({ images }, image) {
  return matches(images, formatForClusters(image));
}
function isEvidence(policies, image, bundle) {
  return policies.filter((policy) => isFor(policy, image)).flatMap(requirementsFor).some((requirement) => {
    const judged = judgedBy(requirement, bundle);
    return judged !== void 0 && isAcceptance(judged);
  });
}
function evaluate(policies, image, { checked, looked, failures }) {
  const matching = policies.filter((policy) => isFor(policy, image));
  const standing = checked.map((each) => standingOf(each, matching));
  const verified = standing.flatMap((each) => "verified" in each ? [each.verified] : []);
  const weighed = matching.map((policy) => weigh(policy, verified));
  const unmet = weighed.filter((each) => !isMet(each));
  const deciding = unmet.filter(({ policy }) => policy.mode === "enforce");
  const warnings = unmet.filter(({ policy }) => policy.mode === "warn").flatMap(unmetIn);
  const seen = {
    rejections: standing.flatMap((each) => "rejected" in each ? [each.rejected] : []),
    ...sorted(verified, weighed.flatMap(requirementsOf)),
    looked,
    ...warnings.length > 0 ? { warnings } : {}
  };
  if (matching.length === 0)
    return { ...seen, outcome: "rejected", failures: [unmatched(policies, image)] };
  if (deciding.length === 0) {
    const met = weighed.filter(isMet);
    const evidence = met.flatMap(evidenceIn);
    const exemptions = met.flatMap(exemptionsIn);
    if (isNonEmpty(evidence)) return { ...seen, outcome: "accepted", evidence, exemptions };
    if (isNonEmpty(exemptions)) return { ...seen, outcome: "accepted", evidence: [], exemptions };
  }
  const names = (deciding.length > 0 ? deciding : unmet).flatMap(unmetIn);
  const [first = "policy for this image", ...others] = names;
  const reasons = [first, ...others];
  if (deciding.some(isDenied)) return { ...seen, outcome: "rejected", unmet: reasons };
  if (isNonEmpty(failures)) return { ...seen, outcome: "inconclusive", failures };
  return { ...seen, outcome: checked.length > 0 ? "rejected" : "unattested", unmet: reasons };
}
function isFinal({ outcome, warnings = [] }) {
  return outcome === "accepted" && warnings.length === 0;
}
function unmatched(policies, image) {
  const globs = policies.map(({ images }) => formatMatcher(images)).join(", ");
  return {
    kind: "input",
    code: "POLICY_UNMATCHED",
    message: `Cannot verify "${formatForClusters(image)}": no policy is for this image`,
    remedy: `add a policy whose "images" match it; those that were read match ${globs}`
  };
}
function standingOf(checked, policies) {
  if (!("verified" in checked) || isWitnessed(checked.verified)) return checked;
  const bundle = checked.verified;
  const isTaken = authoritiesIn(policies).some((each) => "acceptance" in opinionOf(each, bundle));
  return isTaken ? checked : { rejected: bundle.unwitnessed };
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

// src/gathering.ts
var NOTHING = { checked: [], looked: [], failures: [] };
var IDLE_AFTER = 1e3;
var POSTPONED_LIMIT = 32 << 20;
async function gather(image, services, known = NOTHING) {
  const done = new AbortController();
  const signal = AbortSignal.any([image.stop, done.signal]);
  const streams = services.sources.map((source) => source.find(image.subject, signal));
  try {
    const gathering = new Gathering(image, services, await services.loadVerifier(), known);
    for await (const discovery of merged(streams, IDLE_AFTER)) {
      if (discovery === IDLE) await gathering.decidePostponed();
      else await gathering.take(discovery);
      if (gathering.isComplete) return gathering.gathered();
    }
    await gathering.decidePostponed();
    return gathering.gathered();
  } finally {
    done.abort();
  }
}
var Gathering = class {
  #image;
  #services;
  #verify;
  #checked;
  #looked;
  #failures;
  #postponed = [];
  #postponedBytes = 0;
  #isLate = false;
  #isAccepted = false;
  constructor(image, services, verify2, { checked, looked, failures }) {
    this.#image = image;
    this.#services = services;
    this.#verify = verify2;
    this.#checked = [...checked];
    this.#looked = [...looked];
    this.#failures = [...failures];
  }
  /** Whether more bundles cannot change the verdict, or the deadline has passed. */
  get isComplete() {
    return this.#isAccepted || this.#isLate;
  }
  async take(discovery) {
    if ("looked" in discovery) this.#looked.push(discovery.looked);
    if ("failure" in discovery) this.#failures.push(discovery.failure);
    if ("found" in discovery && this.#isInTime()) await this.#check(discovery.found);
  }
  async decidePostponed() {
    const postponed = this.#postponed.splice(0);
    this.#postponedBytes = 0;
    for (const { found, decide } of postponed) {
      if (this.isComplete || !this.#isInTime()) return;
      await this.#note(found, decide);
    }
  }
  gathered() {
    const failures = rarestFirst(this.#failures);
    return { checked: this.#checked, looked: this.#looked, failures };
  }
  async #check(found) {
    const { digest } = this.#image.subject;
    await this.#note(found, () => this.#verify(found, found.attested?.image ?? digest));
    if (this.#postponedBytes > POSTPONED_LIMIT) await this.decidePostponed();
  }
  async #note(found, check) {
    try {
      const checked = await check();
      if ("postponed" in checked) {
        this.#postponed.push({ found, decide: checked.postponed });
        this.#postponedBytes += (found.layer ?? found.json).length;
        return;
      }
      this.#checked.push(checked);
      if (!("verified" in checked)) return;
      this.#keep(checked.verified, found);
      this.#isAccepted = isFinal(this.#verdict());
    } catch (error) {
      this.#failures.push(...actionErrorsOf(error));
    }
  }
  #keep(bundle, found) {
    const { subject, policies } = this.#image;
    const { keepEvidence } = this.#services;
    if (keepEvidence && isEvidence(policies, subject, bundle)) keepEvidence(bundle, found);
  }
  #verdict() {
    return evaluate(this.#image.policies, this.#image.subject, this.gathered());
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

// src/attestation-chain.ts
var WIDTH = 4;
async function throughAttestations(direct, image, services) {
  const { subject, policies, index } = image;
  const verdict = evaluate(policies, subject, direct);
  const { attestedPartsOf, deadline } = services;
  if (verdict.outcome === "accepted" || !attestedPartsOf || deadline.aborted) return verdict;
  if (!policies.some(wantsProvenance)) return verdict;
  try {
    const parts = (await attestedPartsOf(index)).filter(
      (part) => subject === index || part.subject.digest === subject.digest
    );
    if (parts.every(({ sources }) => sources.length === 0)) return verdict;
    const verdicts = await sideBySide(
      parts,
      WIDTH,
      async ({ sources }) => evaluate(policies, subject, await gather(image, { ...services, sources }, direct))
    );
    return together(verdicts) ?? verdict;
  } catch (error) {
    const failures = [...direct.failures, ...actionErrorsOf(error)];
    return evaluate(policies, subject, { ...direct, failures });
  }
}
function wantsProvenance(policy) {
  return requirementsFor(policy).some(
    ({ predicateTypes }) => predicateTypes.some((type) => NAMED_TYPES["provenance"]?.includes(type))
  );
}
function together(verdicts) {
  const [first] = verdicts;
  const refused = verdicts.find(({ outcome }) => outcome !== "accepted");
  if (refused || first?.outcome !== "accepted") return refused;
  const all = verdicts.flatMap((each) => each.outcome === "accepted" ? each.evidence : []);
  const evidence = [...Map.groupBy(all, nameOf3).values()].flatMap(joined);
  return isNonEmpty(evidence) ? { ...first, evidence } : first;
}
function nameOf3({ policy, requirement }) {
  return JSON.stringify([policy, requirement]);
}
function joined(same) {
  const [first] = same;
  const byBundle = new Map(
    same.flatMap(({ acceptances: acceptances2 }) => acceptances2.map((each) => [each.bundle, each]))
  );
  const acceptances = [...byBundle.values()];
  return first && isNonEmpty(acceptances) ? [{ ...first, acceptances }] : [];
}

// src/gate.ts
var PARTS_AT_ONCE = 4;
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
      judgeSubject(image, policies, services, { stop }),
      services.partsOf(image),
      resolved.confirmed
    ]);
    const others = await sideBySide(parts, PARTS_AT_ONCE, async (part) => ({
      ...about,
      part: part.name,
      subject: part.subject,
      verdict: await judgePart(part.subject, image, policies, services)
    }));
    return [{ ...about, subject: image, verdict }, ...others];
  } catch (error) {
    return [{ ...about, subject, verdict: verdictOf(actionErrorsOf(error)) }];
  } finally {
    stop.abort();
  }
}
function judgePart(subject, index, policies, services) {
  return judgeSubject(subject, policies, services, { index }).catch(
    (error) => verdictOf(actionErrorsOf(error))
  );
}
function isNothingYet({ verdict }) {
  if (verdict.outcome === "accepted") return false;
  if (verdict.rejections.length + verdict.unacceptable.length > 0) return false;
  if (!("failures" in verdict)) return true;
  const isSearched = verdict.looked.length > 0;
  return verdict.failures.every(
    ({ code }) => code === "SUBJECT_MISSING" || isSearched && code === "SERVICE_ANSWER"
  );
}
function isRefused(image) {
  return image.verdict.outcome !== "accepted" && !isNothingYet(image);
}
async function judgeSubject(subject, policies, services, { stop = new AbortController(), index = subject } = {}) {
  if (!policies.some((policy) => isFor(policy, subject)))
    return evaluate(policies, subject, NOTHING);
  const image = { subject, policies, stop: stop.signal };
  const direct = await gather(image, services);
  return throughAttestations(direct, { ...image, index }, services);
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

// src/verify.ts
var WIDTH2 = 25;
var WORST_FIRST = ["rejected", "unattested", "inconclusive", "accepted"];
async function verify({ images: references, onFailure }, policies, { onJudged, ...services }) {
  const count = counter(references.length, onJudged);
  const verdicts = await sideBySide(
    references,
    WIDTH2,
    (reference) => judge(reference, policies, services).finally(count)
  );
  const images = verdicts.flat();
  if (!isNonEmpty(images)) throw new RangeError("a request without images");
  const outcome = worstOf(images);
  const { copying } = services;
  return {
    mode: "verify",
    images,
    outcome,
    onFailure,
    insecure: insecureIn(policies),
    ...copying ? { copying: await copyIf(outcome, images, copying) } : {}
  };
}
function worstOf(images) {
  const outcome = WORST_FIRST.find(
    (each) => images.some(({ verdict }) => verdict.outcome === each)
  );
  return outcome ?? "inconclusive";
}
async function copyIf(outcome, images, copying) {
  if (outcome === "accepted") return copyEvidence(images, copying);
  const targets = mapEach(copying.targets, ({ repository }) => repository);
  return { kind: "withheld", targets };
}

// src/sources/attested.ts
function attestedSource(source, { subject, attested }) {
  return {
    name: source.name,
    async *find(_image, signal) {
      for await (const discovery of source.find(subject, signal)) {
        if (!("found" in discovery)) yield discovery;
        else yield { found: { ...discovery.found, attested } };
      }
    }
  };
}

// src/subjects/attestations.ts
var MANIFESTS = 64;
var STATEMENTS = 4;
var BYTES = 64 << 20;
var WIDTH3 = 8;
var IN_TOTO = "application/vnd.in-toto+json";
var PREDICATE_TYPE = "in-toto.io/predicate-type";
async function readAttestations(client, image, signal) {
  const [, ...listed] = await readImageTree(client, image.digest, "as listed");
  const manifests = listed.filter(({ role }) => role.kind === "attestation");
  if (manifests.length > MANIFESTS) throw beyond(image, `${manifests.length} attestations`);
  let read = 0;
  const onBytes = (count) => {
    read += count;
    if (read > BYTES) throw beyond(image, `attestations of more than ${BYTES} bytes`);
  };
  const all = await sideBySide(
    manifests,
    WIDTH3,
    (manifest) => readStatements(client, manifest, { signal, onBytes })
  );
  const attestations = all.flat();
  return listed.filter(({ role }) => role.kind === "platform").map(({ digest }) => ({
    subject: { repository: image.repository, digest },
    attestations: attestations.filter(({ attested }) => attested.image === digest)
  }));
}
async function readStatements(client, { digest, role }, options) {
  const manifest = await readManifest(client, digest, options.signal);
  if (!manifest || role.kind !== "attestation") return [];
  const layers = provenanceIn(manifest.json).slice(0, STATEMENTS);
  return sideBySide(layers, STATEMENTS, async (layer) => ({
    subject: { repository: client.repository, digest },
    attested: {
      image: role.of,
      manifest: manifest.bytes,
      statement: await readBlob(client, layer.digest, layer.size, options)
    }
  }));
}
function provenanceIn({ layers }) {
  if (!Array.isArray(layers)) return [];
  return layers.filter(isRecord).flatMap(({ mediaType, digest, size, ...rest }) => {
    const { annotations } = rest;
    const type = isRecord(annotations) ? annotations[PREDICATE_TYPE] : void 0;
    if (mediaType !== IN_TOTO || !isDigest(digest) || typeof size !== "number") return [];
    if (!(size >= 0 && size <= BYTES)) return [];
    return NAMED_TYPES["provenance"]?.some((each) => each === type) ? [{ digest, size }] : [];
  });
}
function beyond(image, state) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot read what BuildKit states about "${formatSubject(image)}": it has ${state}`,
    remedy: 'sign the image itself, or name the digests of its platforms in "images"'
  });
}

// src/wiring/attested-parts.ts
function attestedPartsBy({ clientFor, sources, signal }) {
  const known = /* @__PURE__ */ new Map();
  return (index) => {
    const name = formatSubject(index);
    const reading = known.get(name) ?? read(index);
    known.set(name, reading);
    return reading;
  };
  async function read(index) {
    const parts = await readAttestations(clientFor(index), index, signal);
    return parts.map(({ subject, attestations }) => ({
      subject,
      sources: attestations.flatMap(
        (each) => sources.map((source) => attestedSource(source, each))
      )
    }));
  }
}

// src/keys/load.ts
const { readFile } = process.getBuiltinModule("node:fs/promises");
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
  if (location.kind === "pem") return keysIn(location.text, location.from ?? "key");
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
  onCancel(() => cancelled(request));
  const deadline = deadlineIn(Math.max(request.retryTimeout, SHORTEST_READING) + request.wait);
  const { clientFor, evidenceFor, copyingFor, attestations, tuf, transport } = sharedServices(
    request,
    environment,
    {
      accessTo: (repository) => isTarget(repository, request) ? "pull,push" : "pull",
      deadline
    }
  );
  for (const image of request.images) clientFor(image);
  const { attestationsOf, bundles } = request;
  const services = { evidenceFor, attestations, attestationsOf, bundles, memory: { used: 0 } };
  const { policies, trusted } = await openPolicies(request.policies, { transport, tuf });
  const resolve = resolveBy(clientFor, artifactReporter(stepLog.info));
  const sources = mapEach(sourcesOf(request), (name) => SOURCES[name](services));
  const bytes = new EvidenceBytes();
  const copying = await copyServicesFor(request, bytes, copyingFor);
  return verify(request, policies, {
    loadVerifier: verifierLoader(trusted),
    resolve: request.sources.length > 0 ? resolve : withoutConfirmation(resolve),
    partsOf: request.reach === "tree" ? partsBy(clientFor) : () => Promise.resolve([]),
    onJudged: counting("Verified", "images"),
    again: patience(request.wait, stepLog.info),
    sources,
    ...request.sources.length > 0 ? { attestedPartsOf: attestedPartsBy({ clientFor, sources, signal: deadline.signal }) } : {},
    deadline: deadline.signal,
    outOfTime: (state) => outOfTime(state, deadline),
    ...copying ? { copying, keepEvidence: bytes.keep.bind(bytes) } : {}
  });
}
function cancelled({ copyTo }) {
  if (copyTo.length === 0)
    return {
      message: "Cannot finish verifying: the step was cancelled before there was a verdict",
      remedy: "run the job again"
    };
  return {
    message: "Cannot finish verifying: the step was cancelled before all evidence was copied, and some of it may have been",
    remedy: "run the job again: what is there is not written twice"
  };
}
async function copyServicesFor({ copyTo }, bytes, clientFor) {
  if (!isNonEmpty(copyTo)) return void 0;
  const { copyServices } = await import("./copying.js");
  return copyServices(copyTo, bytes, clientFor);
}
function isTarget(repository, { copyTo }) {
  return copyTo.some((target) => isSameRepository(target, repository));
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
