const require = process.getBuiltinModule;
import {
  formatPlace
} from "./shared-place.js";
import {
  endGroup,
  error,
  formatSubject,
  includesSubject,
  info,
  isSameSubject,
  namedIn,
  notice,
  setOutput,
  setSecret,
  startGroup,
  summary,
  warning
} from "./shared-core.js";
import {
  PROVENANCE_TYPE,
  SIMPLE_SIGNING_TYPE,
  nameOfType
} from "./shared-types.js";
import {
  isNonEmpty
} from "./shared-non-empty.js";
import {
  formatRepository,
  hexOf
} from "./shared-reference.js";
import {
  isRecord,
  messageOf,
  parseJson
} from "./shared-errors.js";

// src/action/files.ts
const { appendFile, mkdtemp, rename, writeFile } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
var KEPT_IN = "countersign-";
var ALL_BUNDLES = "bundles.jsonl";
function bundleFiles(temp) {
  let making;
  const directory = () => making ??= mkdtemp(join(temp, KEPT_IN));
  return {
    keep: async (signed) => keepBundle(await directory(), signed),
    keepAll: async (bundles) => keepAll(await directory(), bundles)
  };
}
async function keepAll(directory, bundles) {
  const lines = bundles.flatMap(({ signed }) => signed.layer ? [] : [lineOf(signed)]);
  if (lines.length === 0) return "";
  const file = join(directory, ALL_BUNDLES);
  const next = join(directory, `${ALL_BUNDLES}.next`);
  await writeFile(next, lines.join(""));
  await rename(next, file);
  return file;
}
function lineOf({ json }) {
  return `${json.toString()}
`;
}
async function keepBundle(directory, signed) {
  const file = join(directory, fileNameOf(signed));
  await writeFile(file, signed.json, { flag: "wx" });
  const payload = payloadOf(signed);
  if (payload) await writeFile(`${file}.payload`, payload, { flag: "wx" });
  if (!signed.layer) await appendFile(join(directory, ALL_BUNDLES), lineOf(signed));
  return { signed, file };
}
function payloadOf({ predicateType, layer }) {
  return predicateType === SIMPLE_SIGNING_TYPE ? layer?.blob : void 0;
}
function fileNameOf({ id, predicateType, subjects: [{ digest }] }) {
  const type = nameOfType(predicateType).replaceAll(/[^\w.-]+/g, "-");
  return `${startOf(digest)}-${type}-${startOf(id)}.sigstore.json`;
}
function startOf(digest) {
  return hexOf(digest).slice(0, 12);
}
async function keepResults(temp, results) {
  const file = join(await mkdtemp(join(temp, KEPT_IN)), "results.json");
  await writeFile(file, JSON.stringify(results));
  return file;
}

// src/model/evidence-place.ts
var WITH_IMAGE = { kind: "with-image" };
function evidenceRepository(place, image) {
  return place.kind === "repository" ? place.repository : image;
}

// src/action/proxy.ts
var VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
function proxyVariables(env) {
  const names = [...VARIABLES, "NO_PROXY", "no_proxy"];
  return Object.fromEntries(names.flatMap((name) => env[name] ? [[name, env[name]]] : []));
}
function supportedProxy(variables) {
  const name = VARIABLES.find((each) => variables[each]);
  if (name === void 0 || process.allowedNodeEnvironmentFlags.has("--use-env-proxy"))
    return variables;
  warning(
    `${name} is set, but Node ${process.version} cannot use it for this action: requests are sent directly. Update the runner`,
    { title: "Countersign" }
  );
  return {};
}
function unusableProxies(env) {
  return VARIABLES.filter((name) => {
    const address = env[name] ?? "";
    return address !== "" && !isProxy(address);
  });
}
function isProxy(address) {
  const url = URL.parse(address);
  if (!url) return false;
  if (url.password !== "") setSecret(url.password);
  const isPlain = ["", "/"].includes(url.pathname) && url.hash === "" && url.search === "";
  return isPlain && ["http:", "https:"].includes(url.protocol) && url.hostname !== "";
}

// src/model/tag.ts
function formatTag({ subject, tag }) {
  return `${formatRepository(subject.repository)}:${tag}`;
}
function describeMove({ subject, before }) {
  const after = subject.digest;
  return before === after ? `unchanged, ${after}` : `${before ?? "new"} \u2192 ${after}`;
}

// src/report/untrusted.ts
var LONGEST = 1e3;
function forLog(text) {
  return inOneLine(text).replaceAll("##[", "##\\u{5b}");
}
function forMarkdown(text) {
  return inOneLine(text).replaceAll(JOINT, "$&\n").replaceAll(LONG_WORD, "$&\n").replaceAll(/[&<>|`\\*_[\]()#!~]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll("\n", "<wbr>");
}
var JOINT = /[:@](?=\S)|\/(?=[^\s/])|www(?=\.)/gi;
var LONG_WORD = /\S{24}(?=\S)/gu;
function inOneLine(text) {
  const shortened = text.length > LONGEST ? `${text.slice(0, LONGEST)}\u2026` : text;
  return shortened.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  );
}

// src/model/identity.ts
var CLAIM_EXTENSIONS = {
  buildSignerUri: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceRepositoryUri: 12,
  sourceRepositoryDigest: 13,
  sourceRepositoryRef: 14,
  sourceRepositoryIdentifier: 15,
  sourceRepositoryOwnerUri: 16,
  sourceRepositoryOwnerIdentifier: 17,
  buildConfigUri: 18,
  buildConfigDigest: 19,
  buildTrigger: 20,
  runInvocationUri: 21,
  sourceRepositoryVisibility: 22,
  deploymentEnvironment: 23,
  tokenSubject: 24
};
function isKeyHolder(signer) {
  return "key" in signer;
}

// src/report/commands.ts
var ISSUER = "https://token.actions.githubusercontent.com";
function verifyCommands({ bundles, instance, publicKey }, trustedRoot) {
  const options = rootOptions(instance, trustedRoot);
  const lines = bundles.flatMap(({ verified, stored, signed: { predicateType, json } }) => {
    const facts = { verified, predicateType, json, options, publicKey };
    return stored.filter(isOfImage).map((place) => lineFor(place, facts));
  });
  return [...new Set(lines)].filter((line) => line !== "");
}
function isOfImage({ subjects: [{ listedAs }] }) {
  return listedAs === void 0;
}
function rootOptions(instance, trustedRoot) {
  if (trustedRoot === void 0) return instance === "github" ? void 0 : "";
  const root = ` --trusted-root ${quoted(trustedRoot)}`;
  return instance === "github" ? `${root} --insecure-ignore-sct` : root;
}
function lineFor(place, facts) {
  const { verified, predicateType, json, options, publicKey } = facts;
  const { store, subjects, repository } = place;
  const image = formatSubject(subjects[0]);
  const isSignature = nameOfType(predicateType) === "signature";
  const isForGh = !repository && !publicKey && store !== "legacy" && (options === void 0 || options === "" && !isSignature);
  if (isForGh) return ghLine(image, verified, store === "registry" ? " --bundle-from-oci" : "");
  if (store === "github" || options === void 0) return "";
  const where = repository ? `COSIGN_REPOSITORY=${quoted(formatRepository(repository))} ` : "";
  const verb = isSignature ? "verify" : `verify-attestation --type ${predicateType}`;
  const { variable, who } = signerOptions(verified, json, publicKey);
  return `${where}${variable}cosign ${verb}${options}${timeOptions(verified)} ${who} ${image}`;
}
function timeOptions({ logEntries }) {
  return logEntries.length > 0 ? "" : " --use-signed-timestamps --insecure-ignore-tlog";
}
function signerOptions({ signer }, json, publicKey) {
  if (!isKeyHolder(signer))
    return {
      variable: "",
      who: `--certificate-identity ${quoted(signer.san)} --certificate-oidc-issuer ${quoted(signer.issuer)}`
    };
  const lines = (publicKey ?? "").trim().split("\n").map(quoted).join(" ");
  return {
    variable: `COSIGN_PUBLIC_KEY="$(printf '%s\\n' ${lines})" `,
    who: `${hashOption(json)}--key env://COSIGN_PUBLIC_KEY`
  };
}
function hashOption(json) {
  const entries = logEntriesIn(json);
  const bodies = entries.map(
    (entry) => Buffer.from(String(entry["canonicalizedBody"]), "base64").toString()
  );
  const [, bits] = /"algorithm":"SHA2_(384|512)"/.exec(bodies.join("\n")) ?? [];
  return bits === void 0 ? "" : `--signature-digest-algorithm sha${bits} `;
}
function logEntriesIn(bundle) {
  const json = parseJson(bundle.toString());
  const material = isRecord(json) ? json["verificationMaterial"] : void 0;
  const entries = isRecord(material) ? material["tlogEntries"] : void 0;
  return Array.isArray(entries) ? entries.filter(isRecord) : [];
}
function ghLine(image, { signer, statement }, from) {
  if (isKeyHolder(signer)) return "";
  const source = new URL(signer.claims.sourceRepositoryUri ?? signer.san);
  const repository = source.pathname.split("/").slice(1, 3).join("/");
  const isReusable = !signer.san.startsWith(`${signer.claims.sourceRepositoryUri ?? ""}/`);
  const workflow = isReusable ? ` --signer-workflow ${quoted(signer.san.replace(/^https:\/\//, "").replace(/@.*$/, ""))}` : "";
  return `gh attestation verify oci://${image} --repo ${repository}${workflow}${serverOptions(source, signer)} --predicate-type ${quoted(statement.predicateType)}${from}`;
}
function serverOptions({ hostname }, { issuer }) {
  if (hostname !== "github.com") return ` --hostname ${quoted(hostname)}`;
  return issuer === ISSUER ? "" : ` --cert-oidc-issuer ${quoted(issuer)}`;
}
function quoted(value) {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

// src/report/log-part.ts
function linesOf(texts) {
  return texts.map((text) => ({ kind: "line", text }));
}
function groupOf(title, entries) {
  if (entries.length === 0) return [];
  return [{ kind: "group", title: `${title}: ${entries.length}`, lines: entries.flat() }];
}
function failuresOf(failures) {
  return failures.map((about) => ({ kind: "failure", about }));
}

// src/report/many.ts
var FEW = 5;
function areMany(images) {
  return images.length > FEW;
}
function countEach(found, names) {
  return names.flatMap((name) => {
    const count = found.filter((each) => each === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
}

// src/report/signed-subjects.ts
function signedSubjects(subjects) {
  const [first, ...more] = namedIn(subjects);
  const digests = new Set(subjects.map(({ digest }) => digest));
  const count = digests.size - 1;
  const noun = count === 1 ? "manifest" : "manifests";
  return {
    images: [formatSubject(first), ...more.map(formatSubject)],
    others: count === 0 ? "" : `and ${count} ${noun} of its index`
  };
}

// src/report/dry-run.ts
var DRY_RUN = "Dry run: nothing was signed, logged, stored or tagged";
function dryRunLog(report) {
  const isMany = areMany(namedIn(report.subjects));
  return rowsOf(report).flatMap(([what, values]) => {
    const lines = values.map((value) => `${what} ${value}`);
    return isMany && areMany(values) ? groupOf(
      titleOf(what),
      lines.map((line) => [line])
    ) : linesOf(lines);
  });
}
function titleOf(what) {
  return what.replace(/:$/, "");
}
function rowsOf({
  own,
  services,
  signings,
  places,
  tags
}) {
  const isDone = ({ foundAt }) => foundAt.length > 0;
  const open = signings.filter((each) => !isDone(each));
  return [
    ["Would sign", open.map(describe)],
    [
      "Already signed:",
      signings.filter(isDone).map((each) => `${describe(each)}, at ${each.foundAt.join(", ")}`)
    ],
    ["Would sign as", open.length > 0 ? ["key" in own ? own.key : own.san] : []],
    ["Would use", open.length > 0 ? services : []],
    ["Would store in", places],
    ["Would tag", tags.map((tag) => `${formatTag(tag)}: ${describeMove(tag)}`)]
  ];
}
function describe({ subjects, predicateType, format }) {
  const { images, others } = signedSubjects(subjects);
  const what = [images.join(", "), others].filter((part) => part !== "").join(" ");
  const suffix = format === "layer" ? " in cosign v2's format" : "";
  return `${what}: ${nameOfType(predicateType)}${suffix}`;
}
function plannedImage(subject, { signings, tags }) {
  return {
    image: formatSubject(subject),
    digest: subject.digest,
    planned: signings.filter(({ subjects }) => includesSubject(subjects, subject)).map(({ predicateType, format, foundAt }) => ({
      predicateType,
      // As "signature-format" names it.
      format: format === "layer" ? "legacy" : "bundle",
      foundAt
    })),
    tags: tags.filter((each) => isSameSubject(each.subject, subject)).map(({ tag, before }) => ({ tag, ...before === void 0 ? {} : { before } }))
  };
}

// src/report/copies.ts
function copiesOf(bundle, copying) {
  if (copying?.kind !== "done") return void 0;
  return copying.copied.find((each) => each.bundle === bundle)?.stored;
}
function explainCopying(copying) {
  if (copying.kind === "withheld") return [withheld(copying)];
  const lines = copying.copied.flatMap(({ bundle: { found, statement }, stored }) => {
    const what = `${nameOfType(statement.predicateType)} at ${found.place}`;
    return stored.map(({ place }) => forLog(`Copied ${what} to ${place}`));
  });
  const isNothing = copying.copied.length === 0 && copying.failures.length === 0;
  return isNothing ? [`No evidence to copy to ${targetsOf(copying)}`] : lines;
}
function withheld(copying) {
  return `No evidence was copied to ${targetsOf(copying)}: not every image is accepted`;
}
function targetsOf({ targets }) {
  return targets.map(formatRepository).join(", ");
}

// src/report/candidates.ts
function candidatesIn({ unacceptable, rejections, ignored }) {
  return folded([
    ...nearestFirst(unacceptable).map(({ bundle, findings }) => ({
      place: bundle.found.place,
      signer: bundle.signer,
      type: nameOfType(bundle.statement.predicateType),
      findings
    })),
    ...rejections.map(({ found, finding }) => ({
      place: found.place,
      signer: void 0,
      type: "",
      findings: [finding]
    })),
    ...ignored.map(({ found, statement: { predicateType } }) => ({
      place: found.place,
      signer: void 0,
      type: nameOfType(predicateType),
      findings: [{ rule: "type", expected: "a required type", found: predicateType }]
    }))
  ]);
}
function nearestFirst(unacceptable) {
  return unacceptable.toSorted((a, b) => a.findings.length - b.findings.length);
}
function signedBy(signer) {
  return isKeyHolder(signer) ? `with the key ${signer.key} (${signer.from})` : `by ${signer.san} (${signer.issuer})`;
}
var WHO = new Set(
  "issuer repository repository-id owner owner-id signer-workflow certificate-identity".split(" ")
);
function linesFor({ signer, findings }) {
  if (!signer || isKeyHolder(signer) || !findings.every(({ rule }) => WHO.has(rule))) return [];
  const { san, issuer, workflow, claims } = signer;
  const source = claims.sourceRepositoryUri;
  if (workflow && source !== void 0 && !findings.some(({ rule }) => rule === "issuer"))
    return [
      `repository: ${source.replace(/^https:\/\/github\.com\//, "")}`,
      `signer-workflow: ${san.replace(/^https:\/\/github\.com\//, "")}`
    ];
  return [`certificate-identity: ${san}`, `certificate-oidc-issuer: ${issuer}`];
}
function folded(candidates) {
  const keyOf = ({ signer, type, findings }) => JSON.stringify([signer ? signedBy(signer) : "", type, findings]);
  return [...Map.groupBy(candidates, keyOf).values()].flatMap(
    ([first, ...others]) => first ? [{ ...first, alike: others.length }] : []
  );
}

// src/model/rejection.ts
var LOG_OR_TIMESTAMP = "log entry or timestamp";
var NOT_STATED = "not in the certificate";

// src/report/likely-cause.ts
function likelyCause(seen, unmet) {
  const [near] = nearestFirst(seen.unacceptable);
  if (near) {
    if (near.findings.every(({ rule }) => rule.startsWith("provenance-")))
      return "The provenance contradicts the certificate that signs it";
    const [first, ...others] = near.findings;
    return others.length === 0 ? causeOf(first, isKeyHolder(near.bundle.signer)) : void 0;
  }
  const isOnlyProvenance = seen.rejections.length === 0 && seen.ignored.length > 0 && seen.ignored.every(({ statement }) => statement.predicateType === PROVENANCE_TYPE);
  return isOnlyProvenance && unmet.includes("signature") ? "A provenance attestation is not a signature" : void 0;
}
function causeOf({ rule, expected, found }, isKey) {
  if (found === NOT_STATED) return void 0;
  switch (rule) {
    case "source-ref":
      return "Only the ref of the build differs";
    case "event":
      return "Only the event of the run differs";
    case "certificate":
      return isKey ? 'It is signed with a key, and this gate has no "key"' : void 0;
    case "key":
      return isKey ? "It is signed with another key" : "It is signed with a certificate, and this gate requires a key";
    case "signer-workflow":
      return causeInWorkflow(expected, found);
    default:
      return void 0;
  }
}
function causeInWorkflow(expected, found) {
  const fileOf = (url) => url.split("@")[0] ?? "";
  if (fileOf(expected) === fileOf(found)) return "Only the ref of the signing workflow differs";
  return expected.endsWith("/*") ? "A reusable workflow of another repository signed it" : void 0;
}

// src/report/rejections.ts
var AGAIN = "sign the image again; do not deploy it as is";
var MEANINGS = {
  BUNDLE_MALFORMED: {
    state: "the bundle is malformed or is not a Sigstore bundle",
    remedy: AGAIN
  },
  BUNDLE_VERSION: {
    state: "the bundle has an unsupported version",
    remedy: "sign with a tool that writes bundle version 0.3, or update this action"
  },
  BUNDLE_UNSUPPORTED: {
    state: "the bundle signs a file, not an image",
    remedy: "sign the image"
  },
  CERTIFICATE: {
    state: "the certificate was not issued by a trusted authority, or was not valid at the time of signing",
    remedy: 'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as is'
  },
  CERTIFICATE_USAGE: { state: "the certificate is not valid for code signing", remedy: AGAIN },
  CERTIFICATE_IDENTITY: {
    state: "the certificate does not identify exactly one signer",
    remedy: AGAIN
  },
  SIGNATURE: {
    state: "the signature does not match this content and key",
    remedy: `${AGAIN}; if another key signed it, set "key" to that key`
  },
  KEY: {
    state: "the image is signed with a key but a certificate is required, or the other way round",
    remedy: 'set "key" for an image signed with a key, or "repository" or another identity input for a keyless signature'
  },
  TIMESTAMP: {
    state: "no trusted timestamp or log entry proves when it was signed",
    remedy: 'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again with a timestamp; do not deploy it as is'
  },
  TRANSPARENCY_LOG: {
    state: "the signature has no valid entry in a trusted transparency log",
    remedy: 'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as is'
  },
  LOG_ENTRY_KEY: {
    state: "the transparency log recorded the signature with another key",
    remedy: AGAIN
  },
  PAYLOAD_TYPE: { state: "the signed payload is not an in-toto statement", remedy: AGAIN },
  STATEMENT: {
    state: "the signed payload is not a valid statement about an image",
    remedy: AGAIN
  },
  SUBJECT: {
    state: "the signature is for another image",
    remedy: "sign this image; the signature that was found belongs to another one"
  }
};
function sentenceOf({ code: code2, finding: { rule, expected, found } }) {
  return `${MEANINGS[code2].state} (${rule}: expected "${expected}", found "${found}")`;
}
function remedyOf({ code: code2, finding }) {
  return finding.rule === LOG_OR_TIMESTAMP ? 'sign again with a transparency log, or set "insecure-ignore-tlog: true" to accept signatures without a known time of signing' : MEANINGS[code2].remedy;
}

// src/report/signer-remedies.ts
var INPUT_OF = {
  issuer: "certificate-oidc-issuer",
  "repository-id": "repository",
  "owner-id": "owner"
};
var CONTRADICTION = "provenance-";
function remedyForSigner(findings, signer) {
  const inputs = findings.filter((finding) => !follows(finding, findings)).map(inputOf);
  const [first, ...others] = findings;
  const change = remedyForContradiction(findings) ?? remedyForIssuer(findings, signer) ?? (others.length === 0 ? remedyForOne(first) : void 0) ?? `if the signer that was found is the right one, change ${[...new Set(inputs)].join(", ")}`;
  return `${change}; otherwise do not deploy this image`;
}
function remedyForContradiction(findings) {
  return findings.some(({ rule }) => rule.startsWith(CONTRADICTION)) ? "if that build is yours, sign its provenance in the run that builds the image" : void 0;
}
function remedyForIssuer(findings, signer) {
  if (isKeyHolder(signer) || !findings.some(({ rule }) => rule === "issuer")) return void 0;
  return `if that signer is allowed to sign, set "certificate-identity: ${signer.san}" and "certificate-oidc-issuer: ${signer.issuer}"`;
}
function inputOf({ rule }) {
  return `"${INPUT_OF[rule] ?? rule}"`;
}
function follows({ rule, expected }, findings) {
  return rule === "signer-workflow" && expected.endsWith("/*") && findings.some((other) => other.rule === "repository" || other.rule === "owner");
}
function remedyForOne({ rule, expected, found }) {
  if (found === NOT_STATED) return void 0;
  switch (rule) {
    case "event":
      return `if runs on "${found}" are allowed to sign this image, add "${found}" to "event"`;
    case "source-ref":
      return `if builds of "${found}" are allowed to be deployed, add "${found}" to "source-ref"`;
    case "repository-id":
      return `if the repository was deleted and created again under the same name, set "repository" to the name with its new id "#${found}"`;
    case "owner-id":
      return `if the account was deleted and created again under the same name, set "owner" to the name with its new id "#${found}"`;
    case "signatureFormat":
      return found.startsWith("bundle") ? 'set "signatureFormat: bundle" in the policy, or also sign in the format of cosign v2' : 'remove "signatureFormat" from the policy, or sign with a tool that writes bundles';
    case "max-age":
      return 'sign the image again in the workflow that builds it, or raise "max-age"';
    case "signer-workflow":
      return remedyForWorkflow(expected, found);
    default:
      return void 0;
  }
}
function remedyForWorkflow(expected, found) {
  const [file = "", ref] = splitAtRef(found);
  const [, name] = /^https:\/\/(.+\/\.github\/workflows\/.+)$/.exec(file) ?? [];
  if (name === void 0 || ref === void 0) return void 0;
  if (file === splitAtRef(expected)[0])
    return `if it is allowed to sign at that ref, add "${name}@${ref}" to "signer-workflow", or remove the ref there and restrict refs with "source-ref"`;
  return expected.endsWith("/*") ? `if that workflow is allowed to sign, add "signer-workflow: ${name}"` : void 0;
}
function splitAtRef(url) {
  const at = url.indexOf("@");
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}

// src/report/explain.ts
var AUDIT = 'Audit only: "on-failure: warn" is set, so images that are not accepted do not fail this job';
function explainVerdict(image) {
  const { places, verdict } = image;
  return [
    forLog(`${inShort(verdict)}: ${nameOf(image)}`),
    ...places.map((place) => `  named in ${forLog(formatPlace(place))}`),
    ...reasons(verdict).map((reason) => `  ${forLog(reason)}`)
  ];
}
function failureOf(image) {
  const { message, remedy } = failure(image);
  return { message: forLog(message), remedy: forLog(remedy) };
}
var SIGN_FIRST = "sign the image in the workflow that builds it, before this step; for one platform of a signed multi-platform image, verify the index instead";
var SIGN_PARTS = 'set "recursive: true" in the step that signs the image, or remove "recursive" from this step to verify the index alone';
function nameOf({ reference, part, subject }) {
  const name = subject ? formatSubject(subject) : reference;
  return part === void 0 ? name : `${name} (${part} of ${reference})`;
}
function failure(judged) {
  const { reference, part, verdict } = judged;
  const image = nameOf(judged);
  if ("failures" in verdict) {
    const [{ message, remedy }] = verdict.failures;
    return {
      message: message.includes(`"${reference}"`) ? `${message} (${verdict.outcome})` : `Cannot verify "${image}": ${verdict.outcome}. ${message}`,
      remedy
    };
  }
  switch (verdict.outcome) {
    case "accepted":
      return { message: `${image} is accepted`, remedy: "nothing" };
    case "unattested":
      return {
        message: `Cannot accept "${image}": unattested, no signature or attestation found (${verdict.looked.length} places searched, listed in the log)`,
        remedy: part === void 0 ? SIGN_FIRST : SIGN_PARTS
      };
    case "rejected":
      return {
        message: `Cannot accept "${image}": rejected, no acceptable ${verdict.unmet.join(" and no acceptable ")}. ${causeOf2(verdict, verdict.unmet)}${closest(verdict)}`,
        remedy: remedyFor(verdict, verdict.unmet)
      };
  }
}
function inShort(verdict) {
  if (verdict.outcome !== "accepted") return verdict.outcome;
  if (verdict.evidence.length === 0) return "accepted without verification";
  return verdict.warnings ? "accepted with warnings" : "accepted";
}
function notesOn(verdict) {
  const exemptions = "exemptions" in verdict ? verdict.exemptions ?? [] : [];
  return [
    ...exemptions.map(
      ({ policy, alternative }) => `not verified: policy "${policy}" accepts it without evidence ("${alternative}" is static)`
    ),
    ...(verdict.warnings ?? []).map((missing) => `warning: no acceptable ${missing}`)
  ];
}
function reasons(verdict) {
  const evidence = verdict.outcome === "accepted" ? verdict.evidence : [];
  const failures = "failures" in verdict ? verdict.failures : [];
  return [
    ...notesOn(verdict),
    ...evidence.map(
      ({ requirement, acceptances: [first, ...others] }) => [`${requirement}: ${describe2(first.bundle)}`, ...moreThan(others)].join(", ")
    ),
    ...firstOf(candidatesIn({ ...verdict, rejections: [], ignored: [] }).flatMap(linesOf2)),
    ...firstOf(sentencesOf(verdict.rejections)),
    ...firstOf(
      verdict.ignored.map(
        ({ found, statement }) => `${found.place}: verified, but of type ${statement.predicateType}, which "require" does not list`
      )
    ),
    ...firstOf(failures.map(({ code: code2, message }) => `${code2}: ${message}`)),
    ...verdict.looked.map(({ place, answer }) => `searched ${place}: ${answer}`)
  ];
}
var READ = 20;
function firstOf(lines) {
  const more = lines.length - READ;
  return more > 0 ? [...lines.slice(0, READ), `and ${more} more, see "results-path"`] : lines;
}
function moreThan(others) {
  return others.length > 0 ? [`and ${others.length} more`] : [];
}
function linesOf2(candidate) {
  const { type, place, signer, findings, alike } = candidate;
  const what = `${type} at ${place}`;
  const paste = linesFor(candidate);
  return [
    ...signer ? [`${what}: signed ${signedBy(signer)}`] : [],
    ...findings.map((finding) => `${what}: ${inWords(finding)}`),
    ...paste.length > 0 ? [`${what}: to accept this signer instead of others, set "${paste.join('" and "')}"`] : [],
    ...alike > 0 ? [`${what}: and ${alike} more like it`] : []
  ];
}
function sentencesOf(rejections) {
  const alike = Map.groupBy(rejections, (each) => `${each.code}, ${sentenceOf(each)}`);
  return [...alike].map(
    ([sentence, [first, ...others]]) => [`${first?.found.place ?? ""}: ${sentence}`, ...moreThan(others)].join(", ")
  );
}
function describe2({ signer, times: [first], found }) {
  const time = first ? `at ${first.time.toISOString()}` : "without a trusted timestamp";
  return `signed ${signedBy(signer)} ${time}, found at ${found.place}`;
}
function inWords({ rule, expected, found }) {
  return `${rule}: expected "${expected}", found "${found}"`;
}
function causeOf2(verdict, unmet) {
  const cause = likelyCause(verdict, unmet);
  return cause === void 0 ? "" : `${cause}. `;
}
function closest(verdict) {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return inWords(near.findings[0]);
  const [broken] = verdict.rejections;
  if (broken) return `Found at ${broken.found.place}: ${sentenceOf(broken)}`;
  const [other] = verdict.ignored;
  return other ? `Found only a bundle of type ${other.statement.predicateType}` : "";
}
function remedyFor(verdict, unmet) {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return remedyForSigner(near.findings, near.bundle.signer);
  const [broken] = verdict.rejections;
  if (broken) return remedyOf(broken);
  if (unmet.includes("provenance") && !unmet.includes("signature"))
    return 'set "attestations: provenance" in the step that signs the image';
  return verdict.ignored.length > 0 ? 'sign the image, or list the type that was found in "require"' : "sign the image";
}

// src/report/judged-images.ts
var FAILED = ["rejected", "unattested", "inconclusive"];
function sortImages(images) {
  const passed = images.filter(({ verdict }) => verdict.outcome === "accepted");
  return {
    failed: images.filter(({ verdict }) => verdict.outcome !== "accepted"),
    exceptions: passed.filter(({ verdict }) => notesOn(verdict).length > 0),
    accepted: passed.filter(({ verdict }) => notesOn(verdict).length === 0)
  };
}
function countVerdicts(images) {
  const verdicts = images.map(({ verdict }) => inShort(verdict));
  const passed = images.filter(({ verdict }) => verdict.outcome === "accepted");
  const others = countEach(verdicts, [
    ...FAILED,
    "accepted without verification",
    "accepted with warnings"
  ]);
  return [`${passed.length} of ${images.length} accepted`, ...others].join(", ");
}
function areManyImages(images) {
  return areMany(images.filter(({ part }) => part === void 0));
}

// src/report/gate-log.ts
var RECOPY = "When the job runs again, what is there is not written twice, and what is missing is copied.";
function gateLog(report) {
  const { images, onFailure, copying } = report;
  return [
    ...linesOf(onFailure === "warn" ? [AUDIT] : []),
    ...areManyImages(images) ? manyVerdicts(report) : fewVerdicts(report),
    ...copying ? copyParts(copying, report) : []
  ];
}
function fewVerdicts({ images, onFailure }) {
  return images.flatMap((image) => [verdictGroup(image), ...annotationFor(image, onFailure)]);
}
function manyVerdicts({ images, onFailure }) {
  const { failed, exceptions, accepted } = sortImages(images);
  return [
    ...linesOf([`Verified ${images.length} images: ${countVerdicts(images)}`]),
    ...failed.flatMap((image) => annotationFor(image, onFailure)),
    ...[...failed, ...exceptions].map(verdictGroup),
    ...groupOf("accepted", accepted.map(explainVerdict))
  ];
}
function verdictGroup(image) {
  const [title = "", ...lines] = explainVerdict(image);
  return { kind: "group", title, lines };
}
function annotationFor(image, onFailure) {
  if (image.verdict.outcome === "accepted") return [];
  const about = { ...failureOf(image), place: image.places[0] };
  return onFailure === "fail" ? failuresOf([about]) : [{ kind: "warning", about: { ...about, message: `Audit only: ${about.message}` } }];
}
function copyParts(copying, { images }) {
  const lines = explainCopying(copying);
  if (copying.kind === "withheld") return linesOf(lines);
  const isFolded = areManyImages(images) && copying.copied.length > 0;
  return [
    ...isFolded ? groupOf(
      "copied",
      lines.map((line) => [line])
    ) : linesOf(lines),
    ...failuresOf(copying.failures),
    ...linesOf(
      copying.failures.length > 0 ? [`The images are accepted, and not all of their evidence is copied. ${RECOPY}`] : []
    )
  ];
}

// src/report/block-yaml.ts
function blockYaml(value) {
  return `${linesOf3(value).join("\n")}
`;
}
function linesOf3(value) {
  if (typeof value !== "object") return [JSON.stringify(value)];
  if (isList(value)) return value.flatMap(itemLines);
  return Object.entries(value).flatMap(
    ([name, member]) => member === void 0 ? [] : memberLines(name, member)
  );
}
function itemLines(item) {
  return linesOf3(item).map((line, index) => `${index === 0 ? "- " : "  "}${line}`);
}
function memberLines(name, member) {
  const lines = linesOf3(member);
  if (typeof member !== "object") return [`${name}: ${lines.join("")}`];
  return [`${name}:`, ...lines.map((line) => `  ${line}`)];
}
function isList(value) {
  return Array.isArray(value);
}

// src/report/cluster-image-policy.ts
var TRUST_ROOTS = { "public-good": void 0, github: "github", custom: "sigstore" };
var REKOR = "https://rekor.sigstore.dev";
function clusterImagePolicy(report) {
  const bundles = report.bundles.filter(({ stored }) => stored.some(isInRegistry));
  const authority = authorityOf(bundles, report);
  if (!authority) return "";
  const repositories = [
    ...new Set(bundles.flatMap(({ stored }) => stored.filter(isInRegistry).map(repositoryOf)))
  ];
  const policy = blockYaml({
    apiVersion: "policy.sigstore.dev/v1beta1",
    kind: "ClusterImagePolicy",
    metadata: { name: nameFor(repositories[0] ?? "") },
    spec: {
      images: repositories.map((name) => ({ glob: globFor(name) })),
      authorities: [{ ...authority, ...sourceOf(bundles) }]
    }
  });
  return `${commentOn(bundles, report.instance)}${policy}`;
}
function isInRegistry({ store }) {
  return store !== "github";
}
function repositoryOf({ subjects: [{ repository }] }) {
  return formatRepository(repository);
}
function authorityOf(bundles, { instance, publicKey }) {
  const inBundles = bundles.filter(({ signed }) => !signed.layer);
  const inLayers = bundles.filter(({ signed }) => signed.layer);
  const isBundle = inBundles.length > 0 && publicKey === void 0;
  const read = isBundle ? inBundles : inLayers;
  const trustRootRef = TRUST_ROOTS[instance];
  const isSeen = trustRootRef === void 0 ? isLogged : isStamped;
  if (read.length === 0 || !read.every(isSeen)) return void 0;
  const format = isBundle ? { signatureFormat: "bundle", attestations: attestationsIn(read) } : demandOf(read);
  const time = trustRootRef === void 0 ? {} : { rfc3161timestamp: { trustRootRef } };
  const log = trustRootRef === void 0 && !isBundle ? { ctlog: { url: REKOR } } : {};
  const who = whoSigned(read, publicKey, trustRootRef);
  return who && { ...who, ...time, ...log, ...format };
}
function whoSigned([first], publicKey, trustRootRef) {
  if (publicKey !== void 0)
    return { name: "key", key: { data: publicKey, hashAlgorithm: "sha256" } };
  const signer = first?.verified.signer;
  if (!signer || isKeyHolder(signer)) return void 0;
  return { name: "workflow", keyless: keylessOf(signer, trustRootRef) };
}
function isLogged({ verified: { logEntries } }) {
  return logEntries.length > 0;
}
function isStamped({ verified: { times } }) {
  return times.some(({ source }) => source === "timestamp-authority");
}
function keylessOf({ issuer, san }, trustRootRef) {
  const identities = [{ issuer, subject: san }];
  return trustRootRef === void 0 ? { identities } : { trustRootRef, insecureIgnoreSCT: true, identities };
}
function demandOf(layers) {
  const hasSignature = layers.some(
    ({ signed }) => nameOfType(signed.predicateType) === "signature"
  );
  return hasSignature ? {} : { attestations: attestationsIn(layers) };
}
function attestationsIn(bundles) {
  const types = [...new Set(bundles.map(({ signed }) => signed.predicateType))];
  return types.map((predicateType, index) => ({ name: `attestation-${index + 1}`, predicateType }));
}
function sourceOf(bundles) {
  const place = bundles.flatMap(({ stored }) => stored).find(isElsewhere);
  return place ? { source: [{ oci: formatRepository(place.repository) }] } : {};
}
function isElsewhere(place) {
  return isInRegistry(place) && place.repository !== void 0;
}
function commentOn([first], instance) {
  const root = TRUST_ROOTS[instance];
  const needs = root === void 0 ? "" : `# Needs a TrustRoot with the name "${root}".
`;
  const signer = first?.verified.signer;
  if (!signer || isKeyHolder(signer)) return needs;
  const { sourceRepositoryUri: source } = signer.claims;
  const isReusable = source !== void 0 && !signer.san.startsWith(`${source}/`);
  return isReusable ? `${needs}# The signer is a reusable workflow: images of every repository that calls it are accepted.
` : needs;
}
function globFor(name) {
  return `${name.replace(/^docker\.io\//, "index.docker.io/")}*`;
}
function nameFor(repository) {
  const name = repository.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return name.slice(0, 63).replace(/^-+|-+$/g, "");
}

// src/report/results.ts
function resultsOf(report) {
  if (report.mode === "verify") {
    const audit = report.onFailure === "warn" ? { audit: true } : {};
    return report.images.map((image) => ({ ...audit, ...judgedImage(image, report.copying) }));
  }
  if (report.mode === "dry-run")
    return report.subjects.map((subject) => plannedImage(subject, report));
  return report.subjects.map((subject) => signedImage(subject, report));
}
function signedImage(subject, { bundles, tagging }) {
  const about = bundles.filter(({ signed }) => includesSubject(signed.subjects, subject));
  const tags = tagging.tagged.filter((each) => isSameSubject(each.subject, subject));
  return {
    image: formatSubject(subject),
    digest: subject.digest,
    bundles: about.map((each) => signedResult(each, subject)),
    tags: tags.map(tagResult)
  };
}
function signedResult({ signed, verified, file, stored }, subject) {
  const here = stored.filter(({ subjects }) => includesSubject(subjects, subject));
  const { foundAt } = signed;
  return {
    ...bundleResult(verified),
    file,
    ...foundAt === void 0 ? {} : { foundAt },
    stored: here.map(storedResult)
  };
}
function tagResult({ tag, before, subject }) {
  return { tag, ...before === void 0 ? {} : { before }, after: subject.digest };
}
function storedResult({ store, place, referrer, attestation }) {
  return {
    store,
    place,
    ...referrer ? { referrer } : {},
    ...attestation ? { attestation } : {}
  };
}
function judgedImage({ reference, places, part, subject, verdict }, copying) {
  const evidence = verdict.outcome === "accepted" ? verdict.evidence : [];
  const failures = "failures" in verdict ? verdict.failures : [];
  return {
    image: reference,
    places,
    ...part === void 0 ? {} : { part },
    ...subject ? { pinned: formatSubject(subject), digest: subject.digest } : {},
    verdict: verdict.outcome,
    evidence: evidence.map(({ policy, requirement, acceptances }) => ({
      ...policy === "inputs" ? {} : { policy },
      requirement,
      bundles: acceptances.map(({ bundle }) => evidenceResult(bundle, copying))
    })),
    unacceptable: verdict.unacceptable.map(({ bundle, findings }) => ({
      ...bundleResult(bundle),
      findings
    })),
    rejections: verdict.rejections.map((rejection) => ({
      source: rejection.found.source,
      place: rejection.found.place,
      code: rejection.code,
      ...rejection.finding,
      message: sentenceOf(rejection)
    })),
    ignored: verdict.ignored.map(bundleResult),
    looked: verdict.looked,
    failures: failures.map(({ kind, code: code2, message, remedy }) => ({ kind, code: code2, message, remedy })),
    ...exceptionsIn(verdict)
  };
}
function evidenceResult(bundle, copying) {
  const copies = copiesOf(bundle, copying);
  return { ...bundleResult(bundle), ...copies ? { copied: copies.map(storedResult) } : {} };
}
function exceptionsIn(verdict) {
  const exemptions = "exemptions" in verdict ? verdict.exemptions ?? [] : [];
  const { warnings } = verdict;
  return {
    ...exemptions.length > 0 ? { exemptions } : {},
    ...warnings ? { warnings } : {}
  };
}
function bundleResult({ found, statement, signer, times, logEntries }) {
  const { provenance } = statement;
  return {
    source: found.source,
    place: found.place,
    predicateType: statement.predicateType,
    ...signerResult(signer),
    ...isKeyHolder(signer) ? {} : { ...signer.workflow ? { workflow: signer.workflow } : {}, claims: signer.claims },
    times: times.map(({ time, source }) => ({ time: time.toISOString(), source })),
    logEntries,
    ...provenance ? { provenance: provenanceResult(provenance) } : {}
  };
}
function provenanceResult({ buildType, builder, materials }) {
  return { buildType, ...builder === void 0 ? {} : { builder }, materials };
}
function signerResult(signer) {
  return isKeyHolder(signer) ? { key: signer.key } : { identity: signer.san, issuer: signer.issuer };
}

// src/report/shorten.ts
var RESULTS_LIMIT = 1e5;
var LEVELS = [
  { refusals: 20, bundles: 20 },
  { refusals: 5, bundles: 5 },
  { refusals: 1, bundles: 1 },
  { refusals: 0, bundles: 1 },
  { refusals: 0, bundles: 0 }
];
var REFUSALS = ["unacceptable", "rejections", "ignored", "looked", "failures"];
function shorten(results, limit = RESULTS_LIMIT) {
  const whole = JSON.stringify(results);
  if (whole.length <= limit) return whole;
  for (const level of LEVELS) {
    const text = JSON.stringify(results.map((result) => reduced(result, level)));
    if (text.length <= limit) return text;
  }
  return fewer(results, limit);
}
function reduced(result, level) {
  if ("planned" in result) return result;
  return "verdict" in result ? reducedVerdict(result, level) : reducedBundles(result, level);
}
function reducedVerdict(result, { refusals, bundles }) {
  const omitted = {};
  const evidence = result.evidence.map((each) => {
    const left = each.bundles.length - bundles;
    if (left > 0) omitted["evidence"] = (omitted["evidence"] ?? 0) + left;
    return { ...each, bundles: each.bundles.slice(0, bundles) };
  });
  const lists = REFUSALS.map((name) => {
    const left = result[name].length - refusals;
    if (left > 0) omitted[name] = left;
    return [name, nearestFirst2(name, result).slice(0, refusals)];
  });
  return { ...result, evidence, ...Object.fromEntries(lists), omitted };
}
function reducedBundles({ bundles, ...image }, level) {
  const kept = bundles.slice(0, level.bundles);
  return { ...image, bundles: kept, omitted: { bundles: bundles.length - kept.length } };
}
function nearestFirst2(name, result) {
  if (name !== "unacceptable") return result[name];
  return result.unacceptable.toSorted((a, b) => findingsIn(a) - findingsIn(b));
}
function findingsIn({ findings }) {
  return Array.isArray(findings) ? findings.length : 0;
}
function fewer(results, limit) {
  const smallest = results.map((result) => reduced(result, { refusals: 0, bundles: 0 }));
  const kept = [];
  let size = JSON.stringify([{ omitted: { images: results.length } }]).length;
  for (const each of smallest) {
    size += JSON.stringify(each).length + 1;
    if (size > limit) break;
    kept.push(each);
  }
  return JSON.stringify([...kept, { omitted: { images: results.length - kept.length } }]);
}

// src/report/outputs.ts
var DRY_RUN_OUTPUTS = { signed: "false", "skip-reason": "dry-run" };
function outputsOf(report, { commands, resultsPath }) {
  const results = { results: shorten(resultsOf(report)), "results-path": resultsPath };
  if (report.mode === "dry-run")
    return { ...imagesOf(namedIn(report.subjects)), ...DRY_RUN_OUTPUTS, ...results };
  return report.mode === "sign" ? { ...imagesOf(namedIn(report.subjects)), ...signOutputs(report, commands), ...results } : { ...verifyOutputs(report), ...results };
}
function imagesOf(subjects) {
  if (!isNonEmpty(subjects)) return {};
  const [first] = subjects;
  return {
    digest: first.digest,
    image: formatSubject(first),
    images: subjects.map(formatSubject).join("\n")
  };
}
function signOutputs({ bundles, bundlePath, failures, tagging, instance, publicKey }, commands) {
  const [{ verified: first }] = bundles;
  const stored = bundles.flatMap((bundle) => bundle.stored);
  const attestation = stored.find((each) => each.attestation)?.attestation;
  return {
    signed: String(failures.length === 0),
    // Signed, but not in this run.
    "skip-reason": bundles.every(({ signed }) => signed.foundAt) ? "already-signed" : "",
    identity: isKeyHolder(first.signer) ? "" : first.signer.san,
    issuer: isKeyHolder(first.signer) ? "" : first.signer.issuer,
    "bundle-path": bundlePath,
    "attestation-id": attestation?.id ?? "",
    "attestation-url": attestation?.url ?? "",
    "log-index": first.logEntries[0]?.index ?? "",
    tags: tagging.tagged.map(formatTag).join("\n"),
    "verify-commands": commands.join("\n"),
    "cluster-image-policy": clusterImagePolicy({ bundles, instance, publicKey })
  };
}
function verifyOutputs({ images, outcome, onFailure }) {
  const isPassedOn = outcome === "accepted" || onFailure === "warn";
  const named = images.filter(({ part }) => part === void 0);
  const pinned = named.flatMap(({ subject }) => subject ?? []);
  return {
    verified: String(outcome === "accepted"),
    verdict: outcome,
    ...isPassedOn ? imagesOf(pinned) : {}
  };
}

// src/report/signing-log.ts
const { dirname } = process.getBuiltinModule("node:path");

// src/report/signed-bundles.ts
function shownBundles(bundles) {
  const shown = bundles.filter(
    ({ signed }) => signed.subjects.some(({ listedAs }) => listedAs === void 0)
  );
  const count = bundles.length - shown.length;
  const noun = count === 1 ? "signature" : "signatures";
  return { shown, others: count === 0 ? "" : `and ${count} more ${noun}, of what the index lists` };
}
function nameOfSigned({ predicateType, layer }) {
  const name = nameOfType(predicateType);
  return layer ? `${name} in cosign v2's format` : name;
}

// src/report/signed-images.ts
var STATES = ["signed", "already signed", "not stored", "not signed"];
function countSigned(report) {
  const images = namedIn(report.subjects);
  const states = images.map((image) => stateOf(image, report));
  return `${images.length} images: ${countEach(states, STATES).join(", ")}`;
}
function areManySigned({ subjects }) {
  return areMany(namedIn(subjects));
}
function stateOf(image, { bundles }) {
  const about = bundles.filter(({ signed }) => includesSubject(signed.subjects, image));
  if (about.length === 0) return "not signed";
  const isStored = about.every(
    ({ stored }) => stored.some(({ subjects }) => includesSubject(subjects, image))
  );
  if (!isStored) return "not stored";
  return about.every(({ signed }) => signed.foundAt) ? "already signed" : "signed";
}

// src/report/signing-log.ts
var RERUN = "When the job runs again, what is stored is not signed again, and what is missing is stored.";
function signingLog(report, commands) {
  const { bundles, failures, tagging } = report;
  const { shown, others } = shownBundles(bundles);
  const signed = shown.map(linesAbout);
  const rest = linesOf(others === "" ? [] : [others]);
  const tagged = tagging.tagged.map((tag) => `Tagged ${formatTag(tag)}: ${describeMove(tag)}`);
  const failed = failuresOf([...failures, ...tagging.failures]);
  const kept = linesOf(
    failures.length > 0 ? [
      `Everything signed is kept in ${dirname(bundles[0].file)}, and in a log for good. ${RERUN}`
    ] : []
  );
  const verify = commands.map((command) => `Verify with: ${command}`);
  if (!areManySigned(report))
    return [
      ...linesOf(signed.flat()),
      ...rest,
      ...linesOf([...verify, ...tagged]),
      ...failed,
      ...kept
    ];
  return [
    ...linesOf([countSigned(report)]),
    ...failed,
    ...kept,
    ...groupOf("Signatures and attestations", signed),
    ...rest,
    ...groupOf(
      "Commands that verify them",
      verify.map((line) => [line])
    ),
    ...groupOf(
      "Tags",
      tagged.map((line) => [line])
    )
  ];
}
function linesAbout({ signed, verified, stored }) {
  const { images, others } = signedSubjects(signed.subjects);
  const what = [images.join(", "), others].filter((part) => part !== "").join(" ");
  const done = signed.foundAt === void 0 ? "Signed" : "Already signed:";
  return [
    `${done} ${what}: ${nameOfSigned(signed)}`,
    `  ${signedBy(verified.signer)}`,
    ...verified.logEntries.map(({ log, index }) => `  logged in ${log} at ${index}`),
    ...stored.map(({ place }) => `  stored at ${place}`)
  ];
}

// src/report/fold.ts
var MORE = "see the output `results-path`";
function fitting(items, bytes, textOf) {
  let size = 0;
  const end = items.findIndex((item) => (size += Buffer.byteLength(textOf(item))) > bytes);
  return end < 0 ? items : items.slice(0, end);
}
function andMore(count, place = MORE) {
  return count > 0 ? [`and ${count} more, ${place}`] : [];
}
function within(sections, bytes) {
  const shown = fitting(sections, bytes, (section) => section);
  return [...shown, ...andMore(sections.length - shown.length)];
}
function folded2(title, sections) {
  return [`<details><summary>${title}</summary>`, ...sections, "</details>"].join("\n\n");
}

// src/report/markdown.ts
function table(header, rows) {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
function code(value) {
  return value === "" ? "" : `<code>${forMarkdown(value)}</code>`;
}
function link(url) {
  return /^https:\/\/[\w.-]+(?:\/[\w.-]+)*$/.test(url) ? `[${forMarkdown(url)}](${url})` : forMarkdown(url);
}

// src/report/signer-rows.ts
function signerRows(bundle) {
  const [first] = bundle.times;
  return [
    ...whoRows(bundle),
    ...withValue(
      ["time", first && `${first.time.toISOString()} (${first.source})`],
      ["log entry", entriesIn(bundle)]
    )
  ];
}
function whoRows({ signer }) {
  if (isKeyHolder(signer)) return [["key", `${code(signer.key)} from ${forMarkdown(signer.from)}`]];
  const { san, issuer, claims } = signer;
  const source = claims.sourceRepositoryUri;
  return withValue(
    ["signer", code(san)],
    ["issuer", code(issuer)],
    [
      "source",
      source && `${link(source)} ${code(claims.sourceRepositoryRef ?? "")} ${code(claims.sourceRepositoryDigest ?? "")}`
    ],
    ["run", claims.runInvocationUri && link(claims.runInvocationUri)],
    ["event", claims.buildTrigger && forMarkdown(claims.buildTrigger)]
  );
}
function entriesIn({ logEntries }) {
  return logEntries.map(entryLink).join("<br>");
}
function entryLink({ log, index, link: link2 }) {
  return link2 === void 0 || !/^\d+$/.test(index) ? forMarkdown(`${index} in ${log}`) : `[${index}](${link2})`;
}
function withValue(...rows) {
  return rows.flatMap(([name, value]) => value ? [[name, value]] : []);
}

// src/report/by-signer.ts
var LARGEST = 12e4;
function bySigner(rows, header) {
  const known = /* @__PURE__ */ new Set();
  const shown = fitting(rows, LARGEST, (row) => {
    const who = whoTable(row);
    const isNew = !known.has(who);
    known.add(who);
    return `${isNew ? who : ""}${cellsOf(row).join(" | ")}`;
  });
  return [
    ...[...Map.groupBy(shown, whoTable)].flatMap(([who, group]) => [
      who,
      table(["image", "time", "log entry", ...header], group.map(cellsOf))
    ]),
    ...andMore(rows.length - shown.length)
  ];
}
function whoTable({ title, bundle }) {
  return table(["", title], whoRows(bundle));
}
function cellsOf({ image, bundle, cells }) {
  const [first] = bundle.times;
  return [image, first?.time.toISOString() ?? "", entriesIn(bundle), ...cells];
}

// src/report/sign-summary.ts
var LARGEST2 = 1e5;
function signSections(report, commands) {
  return [
    "## Signed images",
    ...(areManySigned(report) ? manyImages : fewImages)(report, commands)
  ];
}
function fewImages({ bundles, failures, tagging }, commands) {
  const { shown, others } = shownBundles(bundles);
  return [
    ...shown.map(
      ({ signed, verified, stored }) => table(
        ["", nameOfSigned(signed)],
        [
          ["image", imagesIn(signed.subjects)],
          ...signerRows(verified),
          ["stored", placesIn(stored)]
        ]
      )
    ),
    ...others === "" ? [] : [others],
    ...tagging.tagged.length > 0 ? [tagTable(tagging.tagged)] : [],
    ...[...failures, ...tagging.failures].map(failureSection),
    ...commands.length > 0 ? ["Verify with:", commandLines(commands)] : []
  ];
}
function manyImages(report, commands) {
  const {
    bundles,
    failures,
    tagging: { tagged, failures: untagged }
  } = report;
  const { shown, others } = shownBundles(bundles);
  const tags = fitting(tagged, LARGEST2, (tag) => tagTable([tag]));
  const lines = fitting(commands, LARGEST2, (command) => command);
  return [
    countSigned(report),
    ...within([...failures, ...untagged].map(failureSection), LARGEST2),
    folded2(`Signatures and attestations: ${bundles.length}`, [
      ...bySigner(shown.map(bundleRow), ["stored"]),
      ...others === "" ? [] : [others]
    ]),
    ...tags.length > 0 ? [
      folded2(`Tags: ${tagged.length}`, [
        tagTable(tags),
        ...andMore(tagged.length - tags.length)
      ])
    ] : [],
    ...lines.length > 0 ? [
      folded2(`Commands that verify them: ${commands.length}`, [
        commandLines(lines),
        ...andMore(commands.length - lines.length, "see the output `verify-commands`")
      ])
    ] : []
  ];
}
function bundleRow({ signed, verified, stored }) {
  return {
    image: imagesIn(signed.subjects),
    title: nameOfSigned(signed),
    bundle: verified,
    cells: [placesIn(stored)]
  };
}
function imagesIn(subjects) {
  const { images, others } = signedSubjects(subjects);
  return [...images.map(code), others].filter((line) => line !== "").join("<br>");
}
function placesIn(stored) {
  const places = stored.map(
    ({ place, attestation }) => attestation ? `[${forMarkdown(place)}](${attestation.url})` : code(place)
  );
  return places.join("<br>") || "not confirmed anywhere";
}
function tagTable(tagged) {
  const rows = tagged.map((each) => [
    code(formatTag(each)),
    code(each.before ?? "new"),
    code(each.subject.digest)
  ]);
  return table(["tag", "before", "now"], rows);
}
function failureSection({ message, remedy }) {
  return `> \u274C ${forMarkdown(message)}  
> To fix: ${forMarkdown(remedy)}`;
}
function commandLines(commands) {
  return `\`\`\`sh
${commands.join("\n")}
\`\`\``;
}

// src/report/verdict-section.ts
var MARKS = { accepted: "\u2705", rejected: "\u274C", unattested: "\u274C", inconclusive: "\u26A0\uFE0F" };
var SHOWN = 20;
var LARGEST3 = 5e4;
function verdictSection(image, copying) {
  const { places, subject, verdict } = image;
  return [
    `### ${marked(verdict)}: ${titleOf2(image)}`,
    ...subject ? [code(formatSubject(subject))] : [],
    ...places.length > 0 ? [`named in ${places.map(formatPlace).map(code).join(", ")}`] : [],
    ...notesOn(verdict).map((note) => `> \u26A0\uFE0F ${forMarkdown(note)}`),
    ...verdict.outcome === "accepted" ? verdict.evidence.flatMap((evidence) => evidenceSection(evidence, copying)) : refusalSection(image)
  ];
}
function marked(verdict) {
  const isException = verdict.outcome === "accepted" && notesOn(verdict).length > 0;
  return `${isException ? "\u26A0\uFE0F" : MARKS[verdict.outcome]} ${inShort(verdict)}`;
}
function titleOf2({ reference, part }) {
  return code(reference) + (part === void 0 ? "" : ` ${forMarkdown(part)}`);
}
function evidenceSection({ requirement, acceptances: [{ bundle }, ...others] }, copying) {
  const copies = copiesOf(bundle, copying)?.map(({ place }) => code(place));
  const rows = [
    ...signerRows(bundle),
    ["found at", code(bundle.found.place)],
    ...copies ? [["copied to", copies.join("<br>") || "nowhere"]] : []
  ];
  return [table(["", forMarkdown(requirement)], rows), ...andMore(others.length)];
}
function refusalSection(image) {
  const { message, remedy } = failureOf(image);
  const [nearest, ...others] = candidatesIn(image.verdict);
  const looked = image.verdict.looked.map((each) => [
    forMarkdown(each.place),
    forMarkdown(each.answer)
  ]);
  return [
    `${forMarkdown(message)}  
To fix: ${forMarkdown(remedy)}`,
    ...nearest ? nearestSection(nearest) : [],
    ...others.length > 0 ? [othersSection(others)] : [],
    ...looked.length > 0 ? [table(["searched", "result"], looked)] : []
  ];
}
function nearestSection(candidate) {
  const { place, type, signer, findings } = candidate;
  const lines = linesFor(candidate);
  const rows = findings.map(({ rule, expected, found }) => [
    forMarkdown(rule),
    code(expected),
    code(found)
  ]);
  return [
    `Nearest candidate: ${forMarkdown(type)} ${code(place)}${signer ? `, signed ${code(signedBy(signer))}` : ""}${alikeIn(candidate)}`,
    table(["requirement", "expected", "found"], rows),
    ...lines.length > 0 ? [`To accept this signer instead of others:  
${lines.map(code).join("  \n")}`] : []
  ];
}
function othersSection(others) {
  const shown = fitting(others.slice(0, SHOWN).map(rowsAbout), LARGEST3, (rows) => rows.join());
  return folded2(`Other candidates: ${others.length}`, [
    table(["candidate", "requirement", "expected", "found"], shown.flat()),
    ...andMore(others.length - shown.length)
  ]);
}
function rowsAbout(candidate) {
  const { place, signer, findings } = candidate;
  const who = signer ? [["signer", "", code(signedBy(signer))]] : [];
  const broken = findings.map(({ rule, expected, found }) => [
    forMarkdown(rule),
    code(expected),
    code(found)
  ]);
  return [...who, ...broken].map((cells, index) => [
    index === 0 ? code(place) + alikeIn(candidate) : "",
    ...cells
  ]);
}
function alikeIn({ alike }) {
  return alike > 0 ? ` and ${alike} more like it` : "";
}

// src/report/verify-summary.ts
var LARGEST4 = { sections: 25e4, table: 6e4 };
function verifySections(report) {
  const isAudit = report.onFailure === "warn";
  return [
    `## Image verification${isAudit ? " (audit only)" : ""}`,
    ...isAudit ? [`> \u26A0\uFE0F ${AUDIT}`] : [],
    ...report.insecure.map((check) => `> \u26A0\uFE0F ${forMarkdown(check)}`),
    ...areManyImages(report.images) ? manyImages2(report) : fewImages2(report)
  ];
}
function fewImages2({ images, copying }) {
  return [
    ...overview(images),
    ...copySection(copying),
    ...images.map((image) => verdictSection(image, copying).join("\n\n"))
  ];
}
function overview(images) {
  if (images.length < 2) return [];
  const accepted = images.filter(({ verdict }) => verdict.outcome === "accepted").length;
  return [`${accepted} of ${images.length} accepted`, verdictTable(images)];
}
function verdictTable(images) {
  const rows = images.map((image) => [titleOf2(image), marked(image.verdict)]);
  return table(["image", "verdict"], rows);
}
function manyImages2({ images, copying }) {
  const { failed, exceptions, accepted } = sortImages(images);
  const open = [...failed, ...exceptions];
  const listed = fitting(open, LARGEST4.table, (image) => verdictTable([image]));
  return [
    countVerdicts(images),
    ...copySection(copying),
    ...open.length > 1 ? [verdictTable(listed), ...andMore(open.length - listed.length)] : [],
    ...within(
      open.map((image) => verdictSection(image, copying).join("\n\n")),
      LARGEST4.sections
    ),
    ...accepted.length > 0 ? [acceptedSection(accepted, copying)] : []
  ];
}
function acceptedSection(images, copying) {
  const isCopied = copying?.kind === "done";
  return folded2(
    `\u2705 accepted: ${images.length}`,
    bySigner(
      images.flatMap((image) => evidenceRows(image, copying)),
      ["found at", ...isCopied ? ["copied to"] : []]
    )
  );
}
function evidenceRows(image, copying) {
  const { verdict } = image;
  if (verdict.outcome !== "accepted") return [];
  return verdict.evidence.map(({ requirement, acceptances: [{ bundle }, ...others] }) => {
    const found = [code(bundle.found.place), ...andMore(others.length)].join("<br>");
    const copies = copiesOf(bundle, copying)?.map(({ place }) => code(place));
    return {
      image: namesOf(image).join("<br>"),
      title: forMarkdown(requirement),
      bundle,
      cells: [found, ...copies ? [copies.join("<br>") || "nowhere"] : []]
    };
  });
}
function namesOf(image) {
  const { reference, subject, places } = image;
  const isPinned = !subject || reference.includes(subject.digest);
  return [
    titleOf2(image),
    ...isPinned ? [] : [code(subject.digest)],
    ...places.map(formatPlace).map(code)
  ];
}
function copySection(copying) {
  if (!copying) return [];
  if (copying.kind === "withheld") return [`> \u26A0\uFE0F ${forMarkdown(withheld(copying))}`];
  return copying.failures.map(
    ({ message, remedy }) => `> \u274C ${forMarkdown(message)}  
> To fix: ${forMarkdown(remedy)}`
  );
}

// src/report/summary.ts
var LARGEST5 = { summary: 5e5, list: 1e5 };
function renderSummary(report, commands) {
  const sections = sectionsOf(report, commands);
  return `${within(sections, LARGEST5.summary).join("\n\n")}
`;
}
function renderSkip({ message, remedy }) {
  return `## Images not signed

${forMarkdown(message)}

To do without this notice: ${forMarkdown(remedy)}
`;
}
function sectionsOf(report, commands) {
  if (report.mode === "sign") return signSections(report, commands);
  if (report.mode === "dry-run") return dryRunSections(report);
  return verifySections(report);
}
function dryRunSections(report) {
  const rows = rowsOf(report).filter(([, values]) => values.length > 0);
  const isMany = areMany(namedIn(report.subjects));
  const isLong = (values) => isMany && areMany(values);
  const short = rows.filter(([, values]) => !isLong(values));
  const long = rows.filter(([, values]) => isLong(values));
  return [
    "## Images not signed",
    DRY_RUN,
    table(
      ["", "dry run"],
      short.map(([what, values]) => [what, values.map(code).join("<br>")])
    ),
    ...long.map(
      ([what, values]) => folded2(`${titleOf(what)}: ${values.length}`, [
        within(values.map(code), LARGEST5.list).join("<br>")
      ])
    )
  ];
}

// src/action/publish.ts
var ANNOTATIONS = 10;
function publishNothingYet(mode) {
  if (mode === "verify") {
    setOutput("verified", "false");
    setOutput("verdict", "inconclusive");
  }
  if (mode === "sign") setOutput("signed", "false");
}
async function publishReport(report, request, { temp }) {
  const commands = report.mode === "sign" ? verifyCommands(report, request.trustedRoot) : [];
  const resultsPath = await keepResults(temp, resultsOf(report)).catch((error2) => {
    info(`Could not write the results file: ${messageOf(error2)}`);
    return "";
  });
  for (const [name, value] of Object.entries(outputsOf(report, { commands, resultsPath }))) {
    setOutput(name, value);
  }
  print(logOf(report, commands));
  if (report.mode === "dry-run") notice(DRY_RUN, { title: "Countersign" });
  if (request.summary === "write") await writeSummary(renderSummary(report, commands));
}
async function publishSkip({ skip, summary: choice }) {
  setOutput("skip-reason", skip.reason);
  notice(`${skip.message}
To do without this notice: ${skip.remedy}`, { title: "Countersign" });
  if (choice === "write") await writeSummary(renderSkip(skip));
}
function publishProblems(problems) {
  print(failuresOf(problems));
}
function logOf(report, commands) {
  if (report.mode === "sign") return signingLog(report, commands);
  return report.mode === "verify" ? gateLog(report) : dryRunLog(report);
}
function print(parts) {
  const annotated = parts.filter((part) => "about" in part);
  const first = annotated.length > ANNOTATIONS ? annotated[0] : void 0;
  for (const part of parts) {
    if (part === first) printPart({ ...part, about: tooMany(annotated.length) });
    printPart(part);
  }
}
function printPart(part) {
  if ("about" in part) annotators[part.kind](part.about);
  else if (part.kind === "line") info(part.text);
  else {
    startGroup(part.title);
    for (const line of part.lines) info(line);
    endGroup();
  }
}
function tooMany(count) {
  return {
    message: `Cannot show all of ${count} problems as annotations: GitHub shows ${ANNOTATIONS} for a step`,
    remedy: "read the log of this step, which has all of them"
  };
}
var annotators = {
  failure({ message, remedy, place }) {
    error(`${message}
To fix: ${remedy}`, annotationAt(place));
    process.exitCode = 1;
  },
  warning({ message, remedy, place }) {
    warning(`${message}
To fix: ${remedy}`, annotationAt(place));
  }
};
function annotationAt(place) {
  const where = place ? { file: place.file, startLine: place.line } : {};
  return { title: "Countersign", ...where };
}
async function writeSummary(markdown) {
  try {
    await summary.addRaw(markdown).write();
  } catch (error2) {
    info(`Could not write the job summary: ${messageOf(error2)}`);
  }
}

// src/names/github-server.ts
function isGitHubCom(serverUrl) {
  return serverUrl === "https://github.com";
}
function isTenant(serverUrl) {
  const url = URL.parse(serverUrl);
  return url?.protocol === "https:" && url.hostname.endsWith(".ghe.com");
}

// src/http/status.ts
function describeStatus({ status, headers, url }) {
  const location = status >= 300 && status < 400 ? headers.get("location") : null;
  const target = location === null ? null : URL.parse(location, url.href);
  return target ? `${status}, a redirect to ${target.origin}, which is not followed` : String(status);
}

export {
  describeStatus,
  proxyVariables,
  supportedProxy,
  unusableProxies,
  CLAIM_EXTENSIONS,
  isKeyHolder,
  formatTag,
  forLog,
  LOG_OR_TIMESTAMP,
  NOT_STATED,
  KEPT_IN,
  ALL_BUNDLES,
  bundleFiles,
  publishNothingYet,
  publishReport,
  publishSkip,
  publishProblems,
  WITH_IMAGE,
  evidenceRepository,
  isGitHubCom,
  isTenant
};
