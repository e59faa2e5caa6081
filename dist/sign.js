const require = process.getBuiltinModule;
import {
  IDLE,
  MOST_SUBJECTS,
  PAYLOAD_TYPE,
  PUBLIC_GOOD,
  SOURCES,
  annotationsOf,
  artifactReporter,
  byCertificates,
  byKeys,
  checkWorkOf,
  conclusive,
  counter,
  kindOfDocument,
  merged,
  onCancel,
  parseStatement,
  payloadIn,
  readImageTree,
  require_dist,
  require_dist2,
  require_dist3,
  serializeStatement,
  sharedServices,
  trustOfGitHub,
  trustStore,
  typeOfKey,
  verifierLoader
} from "./shared-protobuf-specs.js";
import {
  BUNDLE_FILE_LIMIT,
  documentStatement,
  getIdentityToken,
  needsToken,
  subjectOf
} from "./shared-identity-token.js";
import {
  ALL_BUNDLES,
  KEPT_IN,
  bundleFiles,
  describeStatus,
  evidenceRepository,
  formatTag,
  isKeyHolder,
  isTenant
} from "./shared-explain.js";
import {
  rootsAt
} from "./shared-policy.js";
import "./shared-place.js";
import {
  readBoundedFile
} from "./shared-bounded-file.js";
import {
  kindOfText,
  whyUnreadable
} from "./shared-file-kind.js";
import {
  EMPTY_JSON,
  assertRoomInList,
  bundleManifest,
  countedStore,
  legacyStore,
  lookAgain,
  mayBeImmutable,
  readSubject,
  registryStore,
  startUpload,
  writeManifest
} from "./shared-tag-session.js";
import {
  ATTESTATION_LAYER,
  SIGNATURE_LAYER,
  annotationsIn,
  bundleOfLayer,
  counting,
  goJson,
  goMap,
  nameOf,
  needsFallbackTag,
  readManifest,
  sideBySide,
  stepLog
} from "./shared-referrers.js";
import {
  distinctSubjects,
  formatOf,
  formatSubject,
  groupByDigest,
  includesSubject,
  isSecure,
  isWitnessed,
  namedIn,
  signedBundle
} from "./shared-core.js";
import {
  PROVENANCE_TYPE,
  SIGNATURE_TYPE,
  SIMPLE_SIGNING_TYPE
} from "./shared-types.js";
import {
  flatten,
  groupBy,
  isNonEmpty,
  mapEach
} from "./shared-non-empty.js";
import {
  digestOf,
  formatRepository,
  isSameRepository
} from "./shared-reference.js";
import {
  isProblem
} from "./shared-parsed.js";
import {
  ActionError,
  ActionErrors,
  actionErrorsOf,
  allOrProblems,
  codeOf,
  distinct,
  isRecord,
  messageOf,
  parseJson,
  settle,
  throwOnePerRemedy
} from "./shared-errors.js";
import {
  __commonJS,
  __require,
  __toESM
} from "./shared-runtime.js";

// node_modules/@sigstore/sign/dist/util/oidc.js
var require_oidc = __commonJS({
  "node_modules/@sigstore/sign/dist/util/oidc.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.extractJWTSubject = extractJWTSubject;
    var core_1 = require_dist3();
    function extractJWTSubject(jwt) {
      const parts = jwt.split(".", 3);
      const payload = JSON.parse(core_1.encoding.base64Decode(parts[1]));
      if (payload.email) {
        if (!payload.email_verified) {
          throw new Error("JWT email not verified by issuer");
        }
        return payload.email;
      }
      if (payload.sub) {
        return payload.sub;
      } else {
        throw new Error("JWT subject not found");
      }
    }
  }
});

// node_modules/@sigstore/sign/package.json
var require_package = __commonJS({
  "node_modules/@sigstore/sign/package.json"(exports, module) {
    module.exports = {
      name: "@sigstore/sign",
      version: "5.1.0",
      description: "Sigstore signing library",
      main: "dist/index.js",
      types: "dist/index.d.ts",
      scripts: {
        clean: "shx rm -rf dist *.tsbuildinfo",
        build: "tsc --build",
        test: "jest"
      },
      files: [
        "dist"
      ],
      author: "bdehamer@github.com",
      license: "Apache-2.0",
      repository: {
        type: "git",
        url: "git+https://github.com/sigstore/sigstore-js.git"
      },
      bugs: {
        url: "https://github.com/sigstore/sigstore-js/issues"
      },
      homepage: "https://github.com/sigstore/sigstore-js/tree/main/packages/sign#readme",
      publishConfig: {
        provenance: true
      },
      devDependencies: {
        "@sigstore/jest": "^0.0.0",
        "@sigstore/mock": "^0.13.1",
        "@sigstore/rekor-types": "^5.0.0",
        "@types/make-fetch-happen": "^10.0.4"
      },
      dependencies: {
        "@gar/promise-retry": "^1.0.2",
        "@sigstore/bundle": "^5.0.1",
        "@sigstore/core": "^4.0.0",
        "@sigstore/protobuf-specs": "^0.5.2",
        "make-fetch-happen": "^16.0.1",
        "proc-log": "^7.0.0"
      },
      engines: {
        node: "^22.22.2 || ^24.15.0 || >=26.0.0"
      }
    };
  }
});

// node_modules/@sigstore/sign/dist/util/ua.js
var require_ua = __commonJS({
  "node_modules/@sigstore/sign/dist/util/ua.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.getUserAgent = void 0;
    var os_1 = __importDefault(__require("os"));
    var getUserAgent = () => {
      const packageVersion = require_package().version;
      const nodeVersion = process.version;
      const platformName = os_1.default.platform();
      const archName = os_1.default.arch();
      return `sigstore-js/${packageVersion} (Node ${nodeVersion}) (${platformName}/${archName})`;
    };
    exports.getUserAgent = getUserAgent;
  }
});

// node_modules/@sigstore/sign/dist/util/index.js
var require_util = __commonJS({
  "node_modules/@sigstore/sign/dist/util/index.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ua = exports.oidc = exports.pem = exports.json = exports.encoding = exports.dsse = exports.crypto = void 0;
    var core_1 = require_dist3();
    Object.defineProperty(exports, "crypto", { enumerable: true, get: function() {
      return core_1.crypto;
    } });
    Object.defineProperty(exports, "dsse", { enumerable: true, get: function() {
      return core_1.dsse;
    } });
    Object.defineProperty(exports, "encoding", { enumerable: true, get: function() {
      return core_1.encoding;
    } });
    Object.defineProperty(exports, "json", { enumerable: true, get: function() {
      return core_1.json;
    } });
    Object.defineProperty(exports, "pem", { enumerable: true, get: function() {
      return core_1.pem;
    } });
    exports.oidc = __importStar(require_oidc());
    exports.ua = __importStar(require_ua());
  }
});

// node_modules/@sigstore/sign/dist/bundler/base.js
var require_base = __commonJS({
  "node_modules/@sigstore/sign/dist/bundler/base.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.BaseBundleBuilder = void 0;
    var BaseBundleBuilder = class {
      signer;
      witnesses;
      constructor(options) {
        this.signer = options.signer;
        this.witnesses = options.witnesses;
      }
      // Executes the signing/witnessing process for the given artifact.
      async create(artifact) {
        const signature = await this.prepare(artifact).then((blob) => this.signer.sign(blob));
        const bundle = await this.package(artifact, signature);
        const verificationMaterials = await Promise.all(this.witnesses.map((witness) => witness.testify(bundle.content, publicKey(signature.key))));
        const tlogEntryList = [];
        const timestampList = [];
        verificationMaterials.forEach(({ tlogEntries, rfc3161Timestamps }) => {
          tlogEntryList.push(...tlogEntries ?? []);
          timestampList.push(...rfc3161Timestamps ?? []);
        });
        bundle.verificationMaterial.tlogEntries = tlogEntryList;
        bundle.verificationMaterial.timestampVerificationData = {
          rfc3161Timestamps: timestampList
        };
        return bundle;
      }
      // Override this function to apply any pre-signing transformations to the
      // artifact. The returned buffer will be signed by the signer. The default
      // implementation simply returns the artifact data.
      async prepare(artifact) {
        return artifact.data;
      }
    };
    exports.BaseBundleBuilder = BaseBundleBuilder;
    function publicKey(key) {
      switch (key.$case) {
        case "publicKey":
          return key.publicKey;
        case "x509Certificate":
          return key.certificate;
      }
    }
  }
});

// node_modules/@sigstore/sign/dist/bundler/bundle.js
var require_bundle = __commonJS({
  "node_modules/@sigstore/sign/dist/bundler/bundle.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toMessageSignatureBundle = toMessageSignatureBundle;
    exports.toDSSEBundle = toDSSEBundle;
    var sigstore = __importStar(require_dist2());
    var util_1 = require_util();
    function toMessageSignatureBundle(artifact, signature) {
      const digest = util_1.crypto.digest("sha256", artifact.data);
      return sigstore.toMessageSignatureBundle({
        digest,
        signature: signature.signature,
        certificate: signature.key.$case === "x509Certificate" ? util_1.pem.toDER(signature.key.certificate) : void 0,
        keyHint: signature.key.$case === "publicKey" ? signature.key.hint : void 0,
        certificateChain: true
      });
    }
    function toDSSEBundle(artifact, signature, certificateChain) {
      return sigstore.toDSSEBundle({
        artifact: artifact.data,
        artifactType: artifact.type,
        signature: signature.signature,
        certificate: signature.key.$case === "x509Certificate" ? util_1.pem.toDER(signature.key.certificate) : void 0,
        keyHint: signature.key.$case === "publicKey" ? signature.key.hint : void 0,
        certificateChain
      });
    }
  }
});

// node_modules/@sigstore/sign/dist/bundler/dsse.js
var require_dsse = __commonJS({
  "node_modules/@sigstore/sign/dist/bundler/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSEBundleBuilder = void 0;
    var util_1 = require_util();
    var base_1 = require_base();
    var bundle_1 = require_bundle();
    var DSSEBundleBuilder2 = class extends base_1.BaseBundleBuilder {
      certificateChain;
      constructor(options) {
        super(options);
        this.certificateChain = options.certificateChain ?? false;
      }
      // DSSE requires the artifact to be pre-encoded with the payload type
      // before the signature is generated.
      async prepare(artifact) {
        const a = artifactDefaults(artifact);
        return util_1.dsse.preAuthEncoding(a.type, a.data);
      }
      // Packages the artifact and signature into a DSSE bundle
      async package(artifact, signature) {
        return (0, bundle_1.toDSSEBundle)(artifactDefaults(artifact), signature, this.certificateChain);
      }
    };
    exports.DSSEBundleBuilder = DSSEBundleBuilder2;
    function artifactDefaults(artifact) {
      return {
        ...artifact,
        type: artifact.type ?? ""
      };
    }
  }
});

// src/action/kept-before.ts
const { readdir, stat } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
var FILES = 20;
async function keptBefore(temp) {
  const names = await readdir(temp).catch(() => []);
  const files = names.filter((name) => name.startsWith(KEPT_IN)).map((name) => join(temp, name, ALL_BUNDLES));
  const dated = await Promise.all(files.map(withTime));
  const newest = dated.sort((a, b) => b.time - a.time).slice(0, FILES);
  const read = await Promise.all(newest.map(({ file }) => bundlesIn(file)));
  return read.flat();
}
async function withTime(file) {
  const time = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0
  );
  return { file, time };
}
async function bundlesIn(file) {
  const bytes = await readBoundedFile(file, BUNDLE_FILE_LIMIT);
  if (isProblem(bytes)) return [];
  return bytes.value.toString().split("\n").map((line, index) => {
    return { source: "file", place: `${file}, line ${index + 1}`, json: Buffer.from(line) };
  }).filter(({ json }) => json.length > 0);
}

// src/predicates/provenance.ts
var BUILD_TYPE = "https://actions.github.io/buildtypes/workflow/v1";
function provenanceStatement(server) {
  return ([first, ...others], claims) => {
    if (!claims) throw new RangeError("provenance without the facts of an identity token");
    const [, workflowPath = "", workflowRef = ""] = /^([^@]*)@(.*)$/.exec(claims.workflow_ref.replace(`${claims.repository}/`, "")) ?? [];
    return {
      subject: [subjectOf(first), ...others.map(subjectOf)],
      predicateType: PROVENANCE_TYPE,
      predicate: {
        buildDefinition: {
          buildType: BUILD_TYPE,
          externalParameters: {
            workflow: {
              ref: workflowRef,
              repository: `${server}/${claims.repository}`,
              path: workflowPath
            }
          },
          internalParameters: {
            github: {
              event_name: claims.event_name,
              repository_id: claims.repository_id,
              repository_owner_id: claims.repository_owner_id,
              runner_environment: claims.runner_environment
            }
          },
          resolvedDependencies: [
            {
              uri: `git+${server}/${claims.repository}@${claims.ref}`,
              digest: { gitCommit: claims.sha }
            }
          ]
        },
        runDetails: {
          builder: { id: `${server}/${claims.job_workflow_ref}` },
          metadata: {
            invocationId: `${server}/${claims.repository}/actions/runs/${claims.run_id}/attempts/${claims.run_attempt}`
          }
        }
      }
    };
  };
}

// src/predicates/signature.ts
function signatureStatement(annotations) {
  return (subjects) => ({
    subject: mapEach(subjects, (subject) => ({ ...subjectOf(subject), annotations })),
    predicateType: SIGNATURE_TYPE,
    predicate: {}
  });
}

// src/predicates/index.ts
function statementOf(claim, server) {
  switch (claim.kind) {
    case "signature":
      return signatureStatement(claim.annotations);
    case "provenance":
      return provenanceStatement(server);
    case "document":
      return documentStatement(claim);
  }
}

// src/self-check.ts
async function selfCheck(bundle, verify) {
  const [first, ...others] = bundle.signed.subjects;
  const verified = await verifiedFor(first, bundle, verify);
  const digests = /* @__PURE__ */ new Set([first.digest]);
  for (const subject of others) {
    if (digests.has(subject.digest)) continue;
    digests.add(subject.digest);
    await verifiedFor(subject, bundle, verify);
  }
  return { ...bundle, verified };
}
async function verifiedFor(subject, { signed: { json, layer }, file }, verify) {
  const found = {
    source: "this step",
    place: "this step",
    json,
    ...layer && { layer: layer.blob }
  };
  const checked = await verify(found, subject.digest);
  if ("rejected" in checked) throw failedCheck(subject, checked.rejected, file);
  if (!isWitnessed(checked.verified))
    throw failedCheck(subject, checked.verified.unwitnessed, file);
  return checked.verified;
}
function failedCheck(subject, { code, finding }, file) {
  return new ActionError("bundle", "BUNDLE_SELF_CHECK", {
    message: `Cannot store the signature of "${formatSubject(subject)}": it does not verify (${code}), ${finding.rule} is not ${finding.expected}: ${finding.found}`,
    remedy: `pass the "trusted-root" that belongs to the signing configuration in "sigstore"; the bundle is kept in ${file}`
  });
}

// src/signing-tasks.ts
var FORMATS = ["bundle", "layer"];
function signingTasks(groups, claims, stores, statementOf2) {
  const tasks = groups.flatMap(
    (subjects) => claims.flatMap((claim) => {
      const statement = statementOf2(claim, subjects);
      const formats = FORMATS.filter(
        (format) => stores.some((store) => store.takes(statement.predicateType, format))
      );
      return formats.map((format) => ({ claim, statement, subjects, format }));
    })
  );
  if (!isNonEmpty(tasks)) throw new RangeError("no store takes what was to be signed");
  return tasks;
}
function tasksByImage(tasks) {
  const images = /* @__PURE__ */ new Map();
  for (const task of tasks) {
    const digests = task.subjects.map(({ digest }) => digest);
    const shared = new Set(digests.flatMap((digest) => images.get(digest) ?? []));
    const together = [...shared, task];
    for (const { subjects } of together)
      for (const { digest } of subjects) images.set(digest, together);
  }
  return new Map(tasks.map((task) => [task, images.get(task.subjects[0].digest) ?? [task]]));
}
async function perform({ statement, subjects, format }, signer) {
  if (!signer) throw new RangeError("something to sign, and no signer");
  if (format === "layer") return signer.signLayers(statement, subjects);
  return [await signer.sign(statement, subjects)];
}

// src/making.ts
var WIDTH = 16;
async function makeAll({ tasks, done, stores, outcome: signer, verify }, { keep, onMade }) {
  const make = async (task) => {
    const signed = done.get(task) ?? await perform(task, signer);
    const kept = await Promise.all(signed.map(keep));
    return allOrProblems(kept.map((bundle) => selfCheck(bundle, verify)));
  };
  const images = tasksByImage(tasks);
  const outcomes = /* @__PURE__ */ new Map();
  const madeOf = (some) => some.flatMap((task) => outcomes.get(task)?.values.flat() ?? []);
  const storing = [];
  const count = counter(tasks.length, onMade);
  await sideBySide(tasks, WIDTH, async (task) => {
    outcomes.set(task, await settle([make(task)]));
    count();
    const image = images.get(task) ?? [];
    const made2 = image.every((each) => outcomes.has(each)) ? madeOf(image) : [];
    if (made2.length > 0) storing.push(storeEverywhere(stores, made2));
  });
  const made = madeOf(tasks);
  const problems = tasks.flatMap((task) => outcomes.get(task)?.failures ?? []);
  const failures = firstUnverified(distinct(problems));
  if (isNonEmpty(made)) return { made, failures, storing };
  throw new ActionErrors(failures);
}
function firstUnverified(failures) {
  const first = failures.find(({ kind }) => kind === "bundle");
  return failures.filter((each) => each.kind !== "bundle" || each === first);
}
async function storeEverywhere(stores, made) {
  const { values: outcomes, failures } = await settle(
    stores.map(
      async (store) => store.store(made.filter(({ signed }) => store.takes(signed.predicateType, formatOf(signed))))
    )
  );
  return {
    stored: outcomes.flatMap(({ stored }) => stored),
    failures: [...failures, ...outcomes.flatMap((outcome) => outcome.failures)]
  };
}

// src/cosign/payload.ts
function simpleSigningPayload(repository, digest, annotations = {}) {
  const critical = {
    identity: { "docker-reference": dockerReference(repository) },
    image: { "docker-manifest-digest": digest },
    type: "cosign container image signature"
  };
  const isBare = Object.keys(annotations).length === 0;
  const optional = isBare ? "null" : goMap(annotations);
  return Buffer.from(`{"critical":${goJson(critical)},"optional":${optional}}`);
}
function dockerReference({ registry, path }) {
  return `${registry === "docker.io" ? "index.docker.io" : registry}/${path}`;
}

// src/signed-before.ts
async function findDone(tasks, found, judging) {
  const done = /* @__PURE__ */ new Map();
  const split = async (task) => {
    const parts = await Promise.all(
      partsOf(task).map(async (part) => ({ part, own: await firstOwn(part, found, judging) }))
    );
    const bundles = parts.flatMap(({ own }) => own ? [own] : []);
    const missing = parts.flatMap(({ part, own }) => own ? [] : part.subjects);
    if (!isNonEmpty(bundles)) return [task];
    const finished = { ...task, subjects: flatten(mapEach(bundles, ({ subjects }) => subjects)) };
    done.set(finished, bundles);
    return isNonEmpty(missing) ? [finished, { ...task, subjects: missing }] : [finished];
  };
  return { tasks: flatten(await Promise.all(mapEach(tasks, split))), done };
}
function partsOf({ statement, subjects, format }) {
  const { predicateType } = statement;
  const whole = { subjects, predicateType };
  if (format === "bundle")
    return [{ ...whole, says: ({ layer, json }) => !layer && isSame(payloadIn(json), statement) }];
  if (predicateType !== SIGNATURE_TYPE) {
    const says = ({ layer, json }) => layer !== void 0 && isSame(payloadIn(json), statement);
    return [{ ...whole, mediaType: ATTESTATION_LAYER, says }];
  }
  const annotations = annotationsOf(statement);
  return subjects.map((subject) => {
    const { repository, digest } = subject;
    const payload = simpleSigningPayload(repository, digest, annotations);
    return {
      subjects: [subject],
      predicateType: SIMPLE_SIGNING_TYPE,
      mediaType: SIGNATURE_LAYER,
      says: ({ layer }) => layer?.equals(payload) ?? false
    };
  });
}
async function firstOwn({ subjects, predicateType, mediaType, says }, found, { own, loading }) {
  for (const candidate of found.filter(says)) {
    const checked = await (await loading)(candidate, subjects[0].digest);
    if (!("verified" in checked) || !isOwn(checked.verified.signer, own)) continue;
    const { json, layer: blob, annotations = {}, place } = candidate;
    const layer = blob && mediaType !== void 0 ? { mediaType, blob, annotations } : void 0;
    return signedBundle({
      subjects,
      predicateType,
      json,
      foundAt: place,
      ...layer ? { layer } : {}
    });
  }
  return void 0;
}
function isOwn(signer, own) {
  if ("key" in own) return isKeyHolder(signer) && signer.key === own.key;
  if (isKeyHolder(signer)) return false;
  const { san, issuer, claims } = signer;
  return san === own.san && issuer === own.issuer && claims.sourceRepositoryDigest === own.sourceDigest && claims.buildTrigger === own.event;
}
function isSame(payload, statement) {
  if (!payload) return false;
  if (statement.predicateType !== PROVENANCE_TYPE)
    return payload.equals(serializeStatement(statement));
  const parsed = parseStatement(payload);
  if (isProblem(parsed)) return false;
  return withoutAttempt(parsed.value).equals(withoutAttempt(statement));
}
function withoutAttempt({ predicate, ...statement }) {
  const details = isRecord(predicate["runDetails"]) ? predicate["runDetails"] : {};
  const runDetails = { ...details, metadata: {} };
  return serializeStatement({ ...statement, predicate: { ...predicate, runDetails } });
}

// src/preparation.ts
async function prepare(request, services, whenDecided) {
  const groups = await services.resolve();
  const subjects = distinctSubjects(flatten(groups));
  const loading = services.loadVerifier();
  const preparing = allOrProblems(
    services.stores.map((store) => store.prepare(subjects, request.claims))
  );
  const assertRoom = (planned) => services.assertRoom(planned).catch((error) => throwWithOthers(error, preparing));
  const [stores, decided, verify, tags] = await allOrProblems([
    preparing,
    decide(groups, request, { ...services, assertRoom, loading }).then(async (known) => ({
      ...known,
      outcome: await whenDecided(known)
    })),
    loading,
    services.tagger.prepare(request.tags)
  ]);
  return { subjects, ...decided, stores, tags, verify };
}
async function throwWithOthers(error, others) {
  const reported2 = await others.then(() => [], actionErrorsOf);
  const remedies = new Set(reported2.map(({ remedy }) => remedy));
  const news = actionErrorsOf(error).filter(({ remedy }) => !remedies.has(remedy));
  throw new ActionErrors([...reported2, ...news]);
}
function whereSigned(subjects, stores) {
  return stores.some(({ name }) => name === "legacy") ? subjects : namedIn(subjects);
}
async function decide(groups, { claims }, services) {
  const { stores, statementOf: statementOf2, loading } = services;
  const [party, found] = await allOrProblems([
    services.identify(),
    services.lookBack(whereSigned(distinctSubjects(flatten(groups)), stores))
  ]);
  const planned = signingTasks(
    groups,
    claims,
    stores,
    (claim, subjects) => statementOf2(claim)(subjects, party.claims)
  );
  const { tasks, done } = await findDone(planned, found, { own: party.own, loading });
  const bundles = tasks.filter((task) => task.format === "bundle" && !done.has(task));
  await services.assertRoom(
    bundles.map(({ statement: { predicateType }, subjects }) => ({ predicateType, subjects }))
  );
  return { party, tasks, done };
}

// src/sign.ts
async function sign(request, services) {
  const prepared = await prepare(request, services, openSignerIfNeeded);
  const { subjects, party, tags } = prepared;
  const { made, failures: unmade, storing } = await makeAll(prepared, services);
  const [bundlePath, outcomes] = await Promise.all([services.keepAll(made), Promise.all(storing)]);
  const stored = outcomes.flatMap((outcome) => outcome.stored);
  const failures = [...unmade, ...outcomes.flatMap((outcome) => outcome.failures)];
  const tagging = await tags.write({ stored, failures });
  return {
    mode: "sign",
    instance: party.instance,
    publicKey: party.publicKey,
    subjects,
    bundles: mapEach(made, (bundle) => reported(bundle, stored)),
    bundlePath,
    failures,
    tagging
  };
}
async function dryRun(request, services) {
  const { subjects, party, tasks, done, stores, tags } = await prepare(
    request,
    services,
    () => Promise.resolve()
  );
  return {
    mode: "dry-run",
    instance: party.instance,
    own: party.own,
    services: party.services,
    subjects,
    signings: mapEach(tasks, (task) => ({
      subjects: task.subjects,
      predicateType: task.statement.predicateType,
      format: task.format,
      foundAt: done.get(task)?.map(({ foundAt = "" }) => foundAt) ?? []
    })),
    places: stores.flatMap((store) => store.places),
    tags: tags.planned
  };
}
async function openSignerIfNeeded({
  party,
  tasks,
  done
}) {
  return tasks.every((task) => done.has(task)) ? void 0 : party.openSigner();
}
function reported(bundle, stored) {
  return { ...bundle, stored: stored.filter(({ id }) => id === bundle.signed.id) };
}

// src/sources/collect.ts
var IDLE_AFTER = 6e4;
async function collect(sources, images, onSearched = () => void 0) {
  const stop = new AbortController();
  const searched = counter(images.length, onSearched);
  const streams = images.flatMap((image) => {
    let open2 = sources.length;
    const ended = () => {
      open2 -= 1;
      if (open2 === 0) searched();
    };
    return sources.map((source) => until(source.find(image, stop.signal), ended));
  });
  const found = [];
  const failures = [];
  for await (const discovery of merged(streams, IDLE_AFTER)) {
    if (discovery === IDLE) continue;
    if ("found" in discovery) found.push(discovery.found);
    if ("failure" in discovery) failures.push(discovery.failure);
  }
  return { found, failures };
}
async function* until(stream, ended) {
  yield* stream;
  ended();
}

// src/stores/list-room.ts
var WIDTH2 = 64;
async function assertRoomFor(bundles, evidenceFor) {
  const planned = bundles.flatMap(
    (bundle) => bundle.subjects.map((subject) => ({ client: evidenceFor(subject), subject, bundle }))
  );
  const places = groupBy(planned, ({ client: { repository } }) => formatRepository(repository));
  await allOrProblems(places.map(assertRoomAt)).catch(throwOnePerRemedy);
}
async function assertRoomAt(planned) {
  const [{ client, subject }] = planned;
  if (!await needsFallbackTag(client, subject.digest)) return;
  const images = groupBy(planned, (each) => each.subject.digest);
  const outcomes = await sideBySide(images, WIDTH2, (image) => {
    const about = [...new Set(image.map(({ bundle }) => bundle))];
    return settle([assertRoomInList(client, image[0].subject.digest, about.map(entryFor))]);
  });
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  if (failures.length > 0) throw new ActionErrors(failures);
}
function entryFor({ predicateType, subjects: [{ digest }] }) {
  return bundleManifest({
    subject: { mediaType: "", digest, size: 0 },
    bundle: EMPTY_JSON,
    predicateType,
    created: /* @__PURE__ */ new Date(0)
  }).referrer;
}

// src/stores/github.ts
function githubStore(attestations, repository, server) {
  const takes = (predicateType, format) => format === "bundle" && predicateType !== SIGNATURE_TYPE;
  return {
    name: "github",
    takes,
    prepare(subjects, claims) {
      if (!attestations) return Promise.reject(noToken());
      const images = new Set(namedIn(subjects).map(({ digest }) => digest)).size;
      const of = images * claims.filter(({ kind }) => kind !== "signature").length;
      let done = 0;
      return Promise.resolve({
        takes,
        places: [`attestations of ${repository}`],
        async store(bundles, onPlaced = () => void 0) {
          const { values, failures } = await settle(
            bundles.map(async ({ signed }) => {
              const { id, subjects: subjects2, json, foundAt } = signed;
              const recorded = await attestations.record(
                repository,
                subjects2[0].digest,
                json,
                foundAt === void 0 ? "this step" : "earlier run"
              );
              onPlaced(++done, of);
              return { id, store: "github", subjects: subjects2, ...placeOf(recorded, repository, server) };
            })
          );
          return { stored: values, failures };
        }
      });
    }
  };
}
function placeOf({ id, copies }, repository, server) {
  const page = `${server}/${repository}/attestations`;
  const listed = copies > 1 ? ` (listed ${copies} times)` : "";
  if (id === void 0) {
    return {
      place: `attestations of ${repository}, id unknown${listed}`,
      attestation: { url: page }
    };
  }
  return {
    place: `attestation ${id} of ${repository}${listed}`,
    attestation: { id, url: `${page}/${id}` }
  };
}
function noToken() {
  return new ActionError("input", "INPUT_MISSING", {
    message: 'Cannot record an attestation: "github-token" is empty',
    remedy: 'remove "github-token" from the step; it defaults to ${{ github.token }}'
  });
}

// src/stores/index.ts
var STORES = {
  registry: (services) => registryStore(services),
  legacy: (services) => legacyStore(services),
  github: ({ attestations, repository, server }) => githubStore(attestations, repository, server)
};

// src/subjects/pinned.ts
function pinnedSubjects(images) {
  return mapEach(images, ({ repository, digest }) => ({ repository, digest }));
}

// src/subjects/tree-subjects.ts
function treeSubjects(repositories, tree) {
  const subjects = flatten(
    mapEach(
      tree,
      (manifest) => mapEach(repositories, (repository) => subjectIn(repository, manifest, repositories[0]))
    )
  );
  if (subjects.length <= MOST_SUBJECTS) return subjects;
  throw new ActionError("input", "LIMIT_EXCEEDED", {
    message: `Cannot sign "${formatSubject(subjects[0])}" with everything below it: ${tree.length} manifests in ${repositories.length} repositories are over the limit of ${MOST_SUBJECTS} subjects`,
    remedy: "sign fewer repositories in one step"
  });
}
function subjectIn(repository, { mediaType, digest, size, path }, readIn) {
  const descriptor = { mediaType, digest, size };
  if (path.length > 0) return { repository, digest, listedAs: descriptor };
  return { repository, digest, ...repository === readIn ? { readAs: descriptor } : {} };
}

// src/subjects/statement-subjects.ts
function statementSubjects({ images, reach }, clientFor, onRead = () => void 0) {
  const groups = groupByDigest(pinnedSubjects(images));
  if (reach === "manifest") return Promise.resolve(groups);
  const read = counter(groups.length, onRead);
  return allOrProblems(
    mapEach(groups, async (group) => {
      const [first] = group;
      const tree = await readImageTree(clientFor(first), first.digest, "as listed");
      read();
      const repositories = mapEach(group, ({ repository }) => repository);
      return treeSubjects(repositories, tree);
    })
  );
}

// src/sigstore/sign/signing-config.ts
var import_protobuf_specs = __toESM(require_dist(), 1);
const { readFile } = process.getBuiltinModule("node:fs/promises");
var MEDIA_TYPE = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
async function servicesFromFile(path, by) {
  const text = await readFile(path, "utf8").catch((error) => {
    throw unusable(path, whyUnreadable(codeOf(error)));
  });
  return selectServices(text, path, /* @__PURE__ */ new Date(), by);
}
async function servicesFromTuf(readTarget, by) {
  const text = await readTarget(PUBLIC_GOOD.signingConfig);
  return selectServices(text, PUBLIC_GOOD.signingConfig, /* @__PURE__ */ new Date(), by);
}
function servicesOfGitHub(serverUrl) {
  const { hostname } = new URL(serverUrl);
  const domain = hostname === "github.com" ? "githubapp.com" : hostname;
  return {
    fulcio: `https://fulcio.${domain}`,
    logs: [],
    timestampAuthorities: [`https://timestamp.${domain}`]
  };
}
function selectServices(text, from, now, by) {
  const json = parseJson(text);
  if (!isRecord(json) || json["mediaType"] !== MEDIA_TYPE)
    throw unusable(
      from,
      `it is ${json === void 0 ? kindOfText(text) : kindOfDocument(json)}, not one of type ${MEDIA_TYPE}`
    );
  const config = parse(json, from);
  for (const { url } of [...config.caUrls, ...config.rekorTlogUrls, ...config.tsaUrls]) {
    assertSafe(url, from);
  }
  const usable2 = (services, versions) => newestVersion(
    services.filter((service) => isOpen(service, now)),
    versions
  );
  const [fulcio] = usable2(config.caUrls, [1]);
  const [rekorV1] = usable2(config.rekorTlogUrls, [1]);
  const logs = choose(usable2(config.rekorTlogUrls, [1, 2]), config.rekorTlogConfig);
  const authorities = choose(usable2(config.tsaUrls, [1]), config.tsaConfig);
  if (!fulcio && by === "certificate")
    throw unusable(from, "it names no certificate authority that is in use");
  if (!logs || !authorities)
    throw unusable(from, "its selectors require more services than are in use");
  if (logs.length + authorities.length === 0)
    throw unusable(from, "it names neither a log nor a timestamp authority that is in use");
  return {
    fulcio: fulcio && trimmed(fulcio.url),
    logs: logs.map(({ url, majorApiVersion }) => ({
      url: trimmed(url),
      version: majorApiVersion === 2 ? 2 : 1
    })),
    rekorV1: rekorV1 && trimmed(rekorV1.url),
    timestampAuthorities: authorities.map(({ url }) => url)
  };
}
function parse(json, from) {
  try {
    return import_protobuf_specs.SigningConfig.fromJSON(json);
  } catch (error) {
    throw unusable(from, `it is malformed: ${messageOf(error)}`);
  }
}
function assertSafe(address, from) {
  const url = URL.parse(address);
  if (!url) throw unusable(from, `"${address}" is not an address`);
  if (url.username !== "" || url.password !== "") {
    throw unusable(from, `the address of "${url.host}" contains a user name or a password`);
  }
  if (isSecure(url)) return;
  throw new ActionError("input", "INPUT_UNSAFE", {
    message: `Cannot use the signing configuration "${from}": "${address}" is not https`,
    remedy: "use an https address; plain http is only allowed for services on this machine"
  });
}
function isOpen({ validFor }, now) {
  return validFor?.start !== void 0 && validFor.start <= now && (validFor.end === void 0 || now <= validFor.end);
}
function newestVersion(services, versions) {
  const version = Math.max(
    ...services.map(({ majorApiVersion }) => majorApiVersion).filter((candidate) => versions.includes(candidate))
  );
  const started = ({ validFor }) => validFor?.start?.getTime() ?? 0;
  const newest = services.filter(({ majorApiVersion }) => majorApiVersion === version).sort((a, b) => started(b) - started(a));
  return newest.filter(
    (service, index) => service.operator === "" || newest.findIndex(({ operator }) => operator === service.operator) === index
  );
}
function choose(services, config) {
  if (services.length === 0)
    return config?.selector === import_protobuf_specs.ServiceSelector.EXACT && config.count > 0 ? void 0 : [];
  switch (config?.selector) {
    case import_protobuf_specs.ServiceSelector.ALL:
      return services;
    case import_protobuf_specs.ServiceSelector.ANY:
      return services.slice(0, 1);
    case import_protobuf_specs.ServiceSelector.EXACT:
      return services.length < config.count ? void 0 : services.slice(0, config.count);
    default:
      return void 0;
  }
}
function trimmed(url) {
  return url.replace(/\/+$/, "");
}
function unusable(from, state) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot use the signing configuration "${from}": ${state}`,
    remedy: 'set "sigstore" to auto, public-good or github, or to the path of a signing_config.json, for example from "cosign signing-config create"'
  });
}

// src/sigstore/sign/layer-signer.ts
var import_core2 = __toESM(require_dist3(), 1);

// src/cosign/signed-layer.ts
function signatureLayer(payload, signature, evidence) {
  return {
    mediaType: SIGNATURE_LAYER,
    blob: payload,
    annotations: annotationsOf2(signature.toString("base64"), evidence)
  };
}
function attestationLayer(envelope, predicateType, evidence) {
  return {
    mediaType: ATTESTATION_LAYER,
    blob: envelope,
    annotations: { ...annotationsOf2("", evidence), predicateType }
  };
}
function annotationsOf2(signature, { certified, entry, timestamp: timestamp2 }) {
  return {
    "dev.cosignproject.cosign/signature": signature,
    ...entry && { "dev.sigstore.cosign/bundle": rekorBundle(entry) },
    ...certified && {
      "dev.sigstore.cosign/certificate": certified.certificate,
      "dev.sigstore.cosign/chain": certified.chain.join("")
    },
    ...timestamp2 && {
      "dev.sigstore.cosign/rfc3161timestamp": JSON.stringify({
        SignedRFC3161Timestamp: timestamp2.toString("base64")
      })
    }
  };
}
function rekorBundle(entry) {
  const { body, integratedTime, logIndex, logId, signedEntryTimestamp } = entry;
  return JSON.stringify({
    SignedEntryTimestamp: signedEntryTimestamp.toString("base64"),
    Payload: {
      body: body.toString("base64"),
      integratedTime,
      logIndex,
      logID: logId.toString("hex")
    }
  });
}

// src/sigstore/sign/key-algorithm.ts
const { sign: sign2 } = process.getBuiltinModule("node:crypto");
var CURVES = {
  prime256v1: { details: "PKIX_ECDSA_P256_SHA_256", hash: "sha256" },
  secp384r1: { details: "PKIX_ECDSA_P384_SHA_384", hash: "sha384" },
  secp521r1: { details: "PKIX_ECDSA_P521_SHA_512", hash: "sha512" }
};
function algorithmOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details
}) {
  if (type === "ec") return CURVES[details?.namedCurve ?? ""];
  if (type !== "rsa") return void 0;
  return { details: `PKIX_RSA_PKCS1V15_${details?.modulusLength ?? 0}_SHA256`, hash: "sha256" };
}
function signWith(key, data, hash) {
  return sign2(key.asymmetricKeyType === "ed25519" ? null : hash, data, key);
}
function hashForLogs(key, logs) {
  const versions = new Set(logs.map(({ version }) => version));
  if (!versions.has(2)) return "sha256";
  const algorithm = algorithmOf(key);
  if (!algorithm) throw unloggable("Rekor v2 accepts no signature of an Ed25519 key");
  if (versions.has(1) && algorithm.hash !== "sha256")
    throw unloggable(
      `Rekor v1 hashes with SHA-256, and Rekor v2 with ${algorithm.hash.replace("sha", "SHA-")} for this key`
    );
  return algorithm.hash;
}
function assertDigestIsLogged(key) {
  if (algorithmOf(key)?.hash !== "sha256")
    throw unloggable("in cosign v2's format Rekor v1 takes ECDSA P-256 and RSA alone");
}
function unloggable(state) {
  return new ActionError("input", "INPUT_CONFLICT", {
    message: `Cannot log what the key signs: ${state}`,
    remedy: "sign with an ECDSA P-256 key, which every log takes"
  });
}

// src/sigstore/sign/rekor-v1.ts
var import_bundle4 = __toESM(require_dist2(), 1);
const { createHash } = process.getBuiltinModule("node:crypto");

// src/sigstore/sign/signing-service.ts
var UnreadableEntry = class extends ActionError {
};
function unlessUnreadable(make) {
  return make().catch((error) => {
    if (error instanceof UnreadableEntry) return make();
    throw error;
  });
}
function isDone({ status }) {
  return status === 200 || status === 201;
}
function notAnswered({ task, kind }, asked, answer, lacking) {
  const state = isDone(answer) ? `${answer.status} without ${lacking}` : describeStatus(answer);
  return new ActionError("service", "SERVICE_REFUSED", {
    message: `Cannot ${task}: ${nameOf(asked)} answered ${state}`,
    remedy: `check the signing configuration: ${asked.url.origin} must be ${kind}; see https://status.sigstore.dev if it is the public one`
  });
}
async function logged(log, asked, answer, { entryIn: entryIn3, readEntry: readEntry3 }) {
  const isThere2 = answer.status === 409;
  const entry = isThere2 ? await readEntry3(answer).catch(() => void 0) : entryIn3(answer);
  if (entry) return entry;
  if (!isThere2) throw notAnswered(log, asked, answer, "a log entry");
  throw new UnreadableEntry("service", "SERVICE_REFUSED", {
    message: `Cannot ${log.task}: ${nameOf(asked)} answered that it already has the entry, but the entry could not be read`,
    remedy: `run the job again; ${asked.url.origin} must be ${log.kind} that returns its entries`
  });
}
function envelopeIn(content) {
  if (content.$case !== "dsseEnvelope") throw new TypeError("only DSSE envelopes are witnessed");
  return content.dsseEnvelope;
}

// src/sigstore/sign/rekor-v1.ts
var LOG = { task: "log the signature", kind: "a Rekor v1 log" };
var ANSWER_LIMIT = 1 << 20;
var HASH = /^[0-9a-f]{64}$/;
var UUID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;
var BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
async function logInRekorV1(log, proposed, transport) {
  const asked = { method: "POST", url: new URL(`${log}/api/v1/log/entries`) };
  const answer = await transport({
    ...asked,
    limit: ANSWER_LIMIT,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: Buffer.from(JSON.stringify(proposed))
  });
  return logged(LOG, asked, answer, {
    entryIn: (shown) => entryIn(shown, proposed),
    readEntry: (conflict) => readEntry(conflict, proposed, transport)
  });
}
function dsseEntry(envelope, verifier) {
  const proposedContent = { envelope, verifiers: [base64Of(verifier)] };
  return { apiVersion: "0.0.1", kind: "dsse", spec: { proposedContent } };
}
function hashedRekordEntry(data, signature, verifier) {
  const value = createHash("sha256").update(data).digest("hex");
  return {
    apiVersion: "0.0.1",
    kind: "hashedrekord",
    spec: {
      data: { hash: { algorithm: "sha256", value } },
      signature: {
        content: signature.toString("base64"),
        publicKey: { content: base64Of(verifier) }
      }
    }
  };
}
function rekorV1Witness(log, transport) {
  return {
    async testify(content, verifier) {
      const envelope = JSON.stringify((0, import_bundle4.envelopeToJSON)(envelopeIn(content)));
      const entry = await logInRekorV1(log, dsseEntry(envelope, verifier), transport);
      return { tlogEntries: [entry] };
    }
  };
}
async function readEntry({ headers, url }, proposed, transport) {
  const uuid = headers.get("location")?.split("/").at(-1) ?? "";
  if (!UUID.test(uuid)) return void 0;
  const answer = await transport({
    method: "GET",
    url: new URL(`${url.href}/${uuid}`),
    limit: ANSWER_LIMIT,
    headers: { accept: "application/json" }
  });
  return entryIn(answer, proposed);
}
function entryIn(answer, proposed) {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : void 0;
  const [entry, ...others] = isRecord(json) ? Object.values(json) : [];
  if (!isRecord(entry) || others.length > 0) return void 0;
  const { body, integratedTime, logID, logIndex, verification } = entry;
  const isWhole = isText(body, BASE64) && isText(logID, HASH) && isCount(logIndex) && isCount(integratedTime);
  if (!isWhole || !isRecord(verification)) return void 0;
  const kindVersion = kindIn(body, proposed);
  const inclusionProof = proofIn(verification["inclusionProof"]);
  const { signedEntryTimestamp } = verification;
  if (!kindVersion || !inclusionProof || !isText(signedEntryTimestamp, BASE64)) return void 0;
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, "hex") },
    kindVersion,
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, "base64") },
    inclusionProof,
    canonicalizedBody: Buffer.from(body, "base64")
  };
}
function kindIn(body, proposed) {
  const entry = parseJson(Buffer.from(body, "base64").toString());
  if (!isRecord(entry)) return void 0;
  const { kind, apiVersion } = proposed;
  const isOurs = entry["kind"] === kind && entry["apiVersion"] === apiVersion;
  return isOurs ? { kind, version: apiVersion } : void 0;
}
function proofIn(proof) {
  if (!isRecord(proof)) return void 0;
  const { logIndex, treeSize, rootHash, hashes, checkpoint } = proof;
  const isWhole = isCount(logIndex) && isCount(treeSize) && isText(rootHash, HASH) && isText(checkpoint, /^/);
  if (!isWhole || !Array.isArray(hashes)) return void 0;
  if (!hashes.every((hash) => isText(hash, HASH))) return void 0;
  return {
    logIndex: String(logIndex),
    treeSize: String(treeSize),
    rootHash: Buffer.from(rootHash, "hex"),
    hashes: hashes.map((hash) => Buffer.from(hash, "hex")),
    checkpoint: { envelope: checkpoint }
  };
}
function base64Of(text) {
  return Buffer.from(text).toString("base64");
}
function isText(value, form) {
  return typeof value === "string" && form.test(value);
}
function isCount(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

// src/sigstore/sign/timestamp.ts
var import_core = __toESM(require_dist3(), 1);
const { createHash: createHash2 } = process.getBuiltinModule("node:crypto");
var AUTHORITY = { task: "get a timestamp", kind: "an RFC 3161 timestamp authority" };
var ANSWER_LIMIT2 = 64 << 10;
var REQUEST = Buffer.from("30360201013031300d060960864801650304020105000420", "hex");
var SIGNED_DATA = "1.2.840.113549.1.7.2";
var TST_INFO = "1.2.840.113549.1.9.16.1.4";
async function timestamp(address, bytes, transport) {
  const url = new URL(address);
  if (url.pathname === "/") url.pathname = "/api/v1/timestamp";
  const asked = { method: "POST", url };
  const answer = await transport({
    ...asked,
    limit: ANSWER_LIMIT2,
    headers: {
      "content-type": "application/timestamp-query",
      accept: "application/timestamp-reply"
    },
    body: Buffer.concat([REQUEST, createHash2("sha256").update(bytes).digest()])
  });
  if (isDone(answer) && isTimestampOf(answer, bytes)) return answer.body;
  throw notAnswered(AUTHORITY, asked, answer, "a timestamp of the signature");
}
function timestampWitness(address, transport) {
  return {
    async testify(content) {
      const signature = envelopeIn(content).signatures[0]?.sig ?? Buffer.alloc(0);
      const signedTimestamp = await timestamp(address, signature, transport);
      return { rfc3161Timestamps: [{ signedTimestamp }] };
    }
  };
}
function isTimestampOf({ body }, bytes) {
  try {
    checkWorkOf([body]);
    const { status, contentType, eContentType, tstInfo } = import_core.RFC3161Timestamp.parse(
      Buffer.from(body)
    );
    tstInfo.verify(bytes);
    const isGranted = status === 0n || status === 1n;
    return isGranted && contentType === SIGNED_DATA && eContentType === TST_INFO;
  } catch {
    return false;
  }
}

// src/sigstore/sign/layer-signer.ts
function layerSigner(holder, services, transport) {
  const witness = (entry, stamped) => evidenceOf(holder, entry, stamped, { services, transport });
  const signPayload = async (payload) => {
    if (services.logs.length > 0) assertDigestIsLogged(holder.publicKey);
    const signature = holder.sign(payload, "sha256");
    const entry = hashedRekordEntry(payload, signature, holder.verifier);
    return signatureLayer(payload, signature, await witness(entry, signature));
  };
  const signEnvelope = async (statement) => {
    const payload = serializeStatement(statement);
    const signature = holder.sign(import_core2.dsse.preAuthEncoding(PAYLOAD_TYPE, payload), "sha256");
    const envelope = envelopeOf(payload, signature);
    const entry = dsseEntry(envelope.toString(), holder.verifier);
    const evidence = await witness(entry, envelope);
    return attestationLayer(envelope, statement.predicateType, evidence);
  };
  return {
    signPayload: (payload) => unlessUnreadable(() => signPayload(payload)),
    signEnvelope: (statement) => unlessUnreadable(() => signEnvelope(statement))
  };
}
function legacyLog({ logs, rekorV1 }) {
  const log = logs.find(({ version }) => version === 1)?.url ?? rekorV1;
  if (log !== void 0 || logs.length === 0) return log;
  throw new ActionError("input", "INPUT_CONFLICT", {
    message: "Cannot sign in cosign v2's format: the signing configuration has no Rekor v1 log",
    remedy: 'set "signature-format: bundle", or name a signing configuration with a Rekor v1 log in "sigstore"'
  });
}
function assertFormatIsLogged(services, payloads, key) {
  const log = legacyLog(services);
  if (key && log !== void 0 && payloads === "with payloads") assertDigestIsLogged(key);
}
async function evidenceOf({ certified }, proposed, stamped, { services, transport }) {
  const log = legacyLog(services);
  const [authority] = services.timestampAuthorities;
  const [entry, stamp] = await Promise.all([
    log === void 0 ? void 0 : logInRekorV1(log, proposed, transport),
    authority === void 0 ? void 0 : timestamp(authority, stamped, transport)
  ]);
  return { certified, entry: entry && promised(entry), timestamp: stamp };
}
function promised(entry) {
  return {
    body: entry.canonicalizedBody,
    integratedTime: Number(entry.integratedTime),
    logIndex: Number(entry.logIndex),
    logId: entry.logId.keyId,
    signedEntryTimestamp: entry.inclusionPromise?.signedEntryTimestamp ?? Buffer.alloc(0)
  };
}
function envelopeOf(payload, signature) {
  return Buffer.from(
    JSON.stringify({
      payloadType: PAYLOAD_TYPE,
      payload: payload.toString("base64"),
      signatures: [{ keyid: "", sig: signature.toString("base64") }]
    })
  );
}

// src/wiring/formats.ts
function assertFormatsFit({ stores, claims }, services, key) {
  if (!stores.includes("legacy")) return;
  const isSigned = claims.some(({ kind }) => kind === "signature");
  const payloads = isSigned ? "with payloads" : "envelopes alone";
  assertFormatIsLogged(services, payloads, key?.pair.publicKey);
}

// src/wiring/instance.ts
async function instanceChooser(request, { serverUrl, event }, { tuf, loadingKey }) {
  const { instance, key, trustedRoot } = request;
  const by = key ? "key" : "certificate";
  const roots = rootsAt(trustedRoot);
  const [trust, services, ownKey] = await allOrProblems([
    trustStore(roots, tuf, key ? "with keys" : "with certificates"),
    servicesOf(instance, by),
    loadingKey ?? Promise.resolve(void 0)
  ]);
  if (services) {
    assertFormatsFit(request, services, ownKey);
    return () => ({ name: "custom", loadServices: () => Promise.resolve(services), trust });
  }
  const publicGood = {
    name: "public-good",
    loadServices: () => servicesFromTuf(tuf.publicGood, by),
    trust
  };
  const github = {
    name: "github",
    loadServices: () => Promise.resolve(servicesOfGitHub(serverUrl)),
    trust: roots.kind === "tuf" ? trustOfGitHub(tuf) : trust
  };
  return (claims) => {
    if (instance.kind === "public-good") return publicGood;
    const visibility = claims?.repository_visibility ?? event.visibility;
    const isPublic = visibility === "public" && !isTenant(serverUrl);
    if (key) return isPublic ? publicGood : unlogged(publicGood);
    if (instance.kind === "auto" && isPublic) return publicGood;
    if (visibility === "public") throw publicAtGitHub(claims?.repository ?? request.thisRepository);
    return github;
  };
}
async function servicesOf(instance, by) {
  return instance.kind === "custom" ? servicesFromFile(instance.signingConfig, by) : void 0;
}
function unlogged(instance) {
  stepLog.info(
    'Signing with a timestamp and without a log entry, because this repository is not known to be public; "sigstore: public-good" logs the signature'
  );
  return {
    ...instance,
    async loadServices() {
      return { ...await instance.loadServices(), logs: [], rekorV1: void 0 };
    }
  };
}
function publicAtGitHub(repository) {
  return new ActionError("input", "INPUT_CONFLICT", {
    message: `Cannot sign with "sigstore: github": "${repository}" is public, and GitHub's Sigstore instance has no public log`,
    remedy: 'remove "sigstore", so that the public-good instance is used'
  });
}

// src/keys/load-signing-key.ts
const { readFile: readFile2 } = process.getBuiltinModule("node:fs/promises");

// src/keys/private-key.ts
const { createPrivateKey, createPublicKey } = process.getBuiltinModule("node:crypto");

// src/keys/secretbox.ts
const { scrypt } = process.getBuiltinModule("node:crypto");
const { promisify } = process.getBuiltinModule("node:util");

// node_modules/@noble/ciphers/utils.js
function isBytes(a) {
  return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
}
var atitle = (title) => title ? `"${title}" ` : "";
function abool(value, title = "") {
  if (typeof value !== "boolean")
    throw new TypeError(atitle(title) + "expected boolean, got type=" + typeof value);
  return value;
}
function anumber(n, title = "") {
  if (typeof n !== "number")
    throw new TypeError(atitle(title) + "expected number, got " + typeof n);
  if (!Number.isSafeInteger(n) || n < 0)
    throw new RangeError(atitle(title) + "expected integer >= 0, got " + n);
  return n;
}
function abytes(value, length, title = "") {
  if (isBytes(value) && (length === void 0 || value.length === length))
    return value;
  if (length !== void 0)
    anumber(length, "length");
  const bytes = isBytes(value);
  const ofLen = length !== void 0 ? ` of length ${length}` : "";
  const got = bytes ? `length=${value.length}` : `type=${typeof value}`;
  const message = atitle(title) + "expected Uint8Array" + ofLen + ", got " + got;
  if (!bytes)
    throw new TypeError(message);
  throw new RangeError(message);
}
var aobject = (value, label) => {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(label === "object" ? "expected valid options object" : `"${label}" expected object, got type=${typeof value}`);
};
function aexists(instance, checkFinished = true) {
  if (instance.destroyed)
    throw new Error("hash was destroyed");
  if (checkFinished && instance.finished)
    throw new Error("digest() was already called");
}
function aoutput(out, instance) {
  abytes(out, void 0, "output");
  const min = instance.outputLen;
  if (!(out.length >= min)) {
    throw new RangeError('"output" expected length >= ' + min);
  }
}
function u32(arr) {
  return new Uint32Array(arr.buffer, arr.byteOffset, Math.floor(arr.byteLength / 4));
}
function clean(...arrays) {
  for (let i = 0; i < arrays.length; i++) {
    arrays[i].fill(0);
  }
}
var isLE = /* @__PURE__ */ (() => new Uint8Array(new Uint32Array([287454020]).buffer)[0] === 68)();
function byteSwap(word) {
  return word << 24 & 4278190080 | word << 8 & 16711680 | word >>> 8 & 65280 | word >>> 24 & 255;
}
function byteSwap32(arr) {
  for (let i = 0; i < arr.length; i++) {
    arr[i] = byteSwap(arr[i]);
  }
  return arr;
}
var swap32IfBE = isLE ? (u) => u : byteSwap32;
function overlapBytes(a, b) {
  if (!a.byteLength || !b.byteLength)
    return false;
  return a.buffer === b.buffer && // best we can do, may fail with an obscure Proxy
  a.byteOffset < b.byteOffset + b.byteLength && // a starts before b end
  b.byteOffset < a.byteOffset + a.byteLength;
}
function complexOverlapBytes(input, output) {
  if (overlapBytes(input, output) && input.byteOffset < output.byteOffset)
    throw new Error("complex overlap of input and output is not supported");
}
function checkOpts(defaults, opts) {
  aobject(defaults, "defaults");
  aobject(opts, "opts");
  const merged2 = Object.assign(defaults, opts);
  return merged2;
}
function equalBytes(a, b) {
  a = abytes(a);
  b = abytes(b);
  if (a.length !== b.length)
    return false;
  let diff = 0;
  for (let i = 0; i < a.length; i++)
    diff |= a[i] ^ b[i];
  return diff === 0;
}
function wrapMacConstructor(keyLen, macCons, fromMsg) {
  const mac = macCons;
  const getArgs = fromMsg || (() => []);
  const macC = (msg, key) => mac(key, ...getArgs(msg)).update(msg).digest();
  const tmp = mac(new Uint8Array(keyLen), ...getArgs(new Uint8Array(0)));
  macC.outputLen = tmp.outputLen;
  macC.blockLen = tmp.blockLen;
  macC.create = (key, ...args) => mac(key, ...args);
  return macC;
}
var wrapCipher = /* @__NO_SIDE_EFFECTS__ */ (params, constructor) => {
  function wrappedCipher(key, ...args) {
    abytes(key, void 0, "key");
    if (params.nonceLength !== void 0) {
      const nonce = args[0];
      abytes(nonce, params.varSizeNonce ? void 0 : params.nonceLength, "nonce");
    }
    const tagl = params.tagLength;
    const aadStart = params.nonceLength !== void 0 ? 1 : 0;
    if (!params.withAAD) {
      for (let i = aadStart; i < args.length; i++)
        if (isBytes(args[i]))
          throw new Error("AAD not supported");
    }
    if (params.withAAD && args[aadStart] !== void 0)
      abytes(args[aadStart], void 0, "AAD");
    const cipher = constructor(key, ...args);
    const checkOutput = (fnLength, output) => {
      if (output !== void 0) {
        if (fnLength !== 2)
          throw new Error("cipher output not supported");
        abytes(output, void 0, "output");
      }
    };
    let called = false;
    const wrCipher = {
      encrypt(data, output) {
        if (called)
          throw new Error("cannot encrypt() twice with same key + nonce");
        called = true;
        abytes(data, void 0, "data");
        checkOutput(cipher.encrypt.length, output);
        return cipher.encrypt(data, output);
      },
      decrypt(data, output) {
        abytes(data, void 0, "data");
        if (tagl && data.length < tagl)
          throw new Error('"ciphertext" expected length >= tagLength=' + tagl);
        checkOutput(cipher.decrypt.length, output);
        return cipher.decrypt(data, output);
      }
    };
    return wrCipher;
  }
  Object.assign(wrappedCipher, params);
  return wrappedCipher;
};
function getOutput(expectedLength, out, onlyAligned = true) {
  if (out === void 0)
    return new Uint8Array(expectedLength);
  abytes(out, expectedLength, "output");
  if (onlyAligned && !isAligned32(out))
    throw new Error("invalid output, must be aligned");
  return out;
}
function isAligned32(bytes) {
  return bytes.byteOffset % 4 === 0;
}
function copyBytes(bytes) {
  return Uint8Array.from(abytes(bytes));
}

// node_modules/@noble/ciphers/_arx.js
var encodeStr = (str) => Uint8Array.from(str.split(""), (c) => c.charCodeAt(0));
var sigma16_32 = /* @__PURE__ */ (() => swap32IfBE(u32(encodeStr("expand 16-byte k"))))();
var sigma32_32 = /* @__PURE__ */ (() => swap32IfBE(u32(encodeStr("expand 32-byte k"))))();
function rotl(a, b) {
  return a << b | a >>> 32 - b;
}
var BLOCK_LEN = 64;
var BLOCK_LEN32 = 16;
var MAX_COUNTER = /* @__PURE__ */ (() => 2 ** 32 - 1)();
var U32_EMPTY = /* @__PURE__ */ Uint32Array.of();
function runCipher(core, sigma, key, nonce, data, output, counter2, rounds) {
  const len = data.length;
  const block = new Uint8Array(BLOCK_LEN);
  const b32 = u32(block);
  const isAligned = isLE && isAligned32(data) && isAligned32(output);
  const d32 = isAligned ? u32(data) : U32_EMPTY;
  const o32 = isAligned ? u32(output) : U32_EMPTY;
  if (!isLE) {
    for (let pos = 0; pos < len; counter2++) {
      core(sigma, key, nonce, b32, counter2, rounds);
      swap32IfBE(b32);
      if (counter2 >= MAX_COUNTER)
        throw new Error("arx: counter overflow");
      const take = Math.min(BLOCK_LEN, len - pos);
      for (let j = 0, posj; j < take; j++) {
        posj = pos + j;
        output[posj] = data[posj] ^ block[j];
      }
      pos += take;
    }
    return;
  }
  for (let pos = 0; pos < len; counter2++) {
    core(sigma, key, nonce, b32, counter2, rounds);
    if (counter2 >= MAX_COUNTER)
      throw new Error("arx: counter overflow");
    const take = Math.min(BLOCK_LEN, len - pos);
    if (isAligned && take === BLOCK_LEN) {
      const pos32 = pos / 4;
      if (pos % 4 !== 0)
        throw new Error("arx: invalid block position");
      for (let j = 0, posj; j < BLOCK_LEN32; j++) {
        posj = pos32 + j;
        o32[posj] = d32[posj] ^ b32[j];
      }
      pos += BLOCK_LEN;
      continue;
    }
    for (let j = 0, posj; j < take; j++) {
      posj = pos + j;
      output[posj] = data[posj] ^ block[j];
    }
    pos += take;
  }
}
function createCipher(core, opts) {
  const { allowShortKeys, extendNonceFn, counterLength, counterRight, rounds } = checkOpts({ allowShortKeys: false, counterLength: 8, counterRight: false, rounds: 20 }, opts);
  if (typeof core !== "function")
    throw new Error("core must be a function");
  anumber(counterLength);
  anumber(rounds);
  abool(counterRight);
  abool(allowShortKeys);
  return (key, nonce, data, output, counter2 = 0) => {
    abytes(key, void 0, "key");
    abytes(nonce, void 0, "nonce");
    abytes(data, void 0, "data");
    const len = data.length;
    const hasOutput = output !== void 0;
    output = getOutput(len, output, false);
    if (hasOutput)
      complexOverlapBytes(data, output);
    anumber(counter2);
    if (counter2 < 0 || counter2 >= MAX_COUNTER)
      throw new Error("arx: counter overflow");
    const toClean = [];
    let l = key.length;
    let k;
    let sigma;
    if (l === 32) {
      toClean.push(k = copyBytes(key));
      sigma = sigma32_32;
    } else if (l === 16 && allowShortKeys) {
      k = new Uint8Array(32);
      k.set(key);
      k.set(key, 16);
      sigma = sigma16_32;
      toClean.push(k);
    } else {
      abytes(key, 32, "arx key");
      throw new Error("invalid key size");
    }
    if (!isLE || !isAligned32(nonce))
      toClean.push(nonce = copyBytes(nonce));
    let k32 = u32(k);
    if (extendNonceFn) {
      if (nonce.length !== 24)
        throw new Error("arx: extended nonce must be 24 bytes");
      const n16 = nonce.subarray(0, 16);
      if (isLE)
        extendNonceFn(sigma, k32, u32(n16), k32);
      else {
        const sigmaRaw = swap32IfBE(Uint32Array.from(sigma));
        extendNonceFn(sigmaRaw, k32, u32(n16), k32);
        clean(sigmaRaw);
        swap32IfBE(k32);
      }
      nonce = nonce.subarray(16);
    } else if (!isLE)
      swap32IfBE(k32);
    const nonceNcLen = 16 - counterLength;
    if (nonceNcLen !== nonce.length)
      throw new Error(`arx: nonce must be ${nonceNcLen} or 16 bytes`);
    if (nonceNcLen !== 12) {
      const nc = new Uint8Array(12);
      nc.set(nonce, counterRight ? 0 : 12 - nonce.length);
      nonce = nc;
      toClean.push(nonce);
    }
    const n32 = swap32IfBE(u32(nonce));
    try {
      runCipher(core, sigma, k32, n32, data, output, counter2, rounds);
      return output;
    } finally {
      clean(...toClean);
    }
  };
}

// node_modules/@noble/ciphers/_poly1305.js
function u8to16(a, i) {
  return a[i++] & 255 | (a[i++] & 255) << 8;
}
var Poly1305 = class {
  blockLen = 16;
  outputLen = 16;
  buffer = new Uint8Array(16);
  r = new Uint16Array(10);
  // Allocating 1 array with .subarray() here is slower than 3
  h = new Uint16Array(10);
  pad = new Uint16Array(8);
  pos = 0;
  finished = false;
  destroyed = false;
  // Can be speed-up using BigUint64Array, at the cost of complexity
  constructor(key) {
    key = copyBytes(abytes(key, 32, "key"));
    const t0 = u8to16(key, 0);
    const t1 = u8to16(key, 2);
    const t2 = u8to16(key, 4);
    const t3 = u8to16(key, 6);
    const t4 = u8to16(key, 8);
    const t5 = u8to16(key, 10);
    const t6 = u8to16(key, 12);
    const t7 = u8to16(key, 14);
    this.r[0] = t0 & 8191;
    this.r[1] = (t0 >>> 13 | t1 << 3) & 8191;
    this.r[2] = (t1 >>> 10 | t2 << 6) & 7939;
    this.r[3] = (t2 >>> 7 | t3 << 9) & 8191;
    this.r[4] = (t3 >>> 4 | t4 << 12) & 255;
    this.r[5] = t4 >>> 1 & 8190;
    this.r[6] = (t4 >>> 14 | t5 << 2) & 8191;
    this.r[7] = (t5 >>> 11 | t6 << 5) & 8065;
    this.r[8] = (t6 >>> 8 | t7 << 8) & 8191;
    this.r[9] = t7 >>> 5 & 127;
    for (let i = 0; i < 8; i++)
      this.pad[i] = u8to16(key, 16 + 2 * i);
  }
  process(data, offset, isLast = false) {
    const hibit = isLast ? 0 : 1 << 11;
    const { h, r } = this;
    const r0 = r[0];
    const r1 = r[1];
    const r2 = r[2];
    const r3 = r[3];
    const r4 = r[4];
    const r5 = r[5];
    const r6 = r[6];
    const r7 = r[7];
    const r8 = r[8];
    const r9 = r[9];
    const t0 = u8to16(data, offset + 0);
    const t1 = u8to16(data, offset + 2);
    const t2 = u8to16(data, offset + 4);
    const t3 = u8to16(data, offset + 6);
    const t4 = u8to16(data, offset + 8);
    const t5 = u8to16(data, offset + 10);
    const t6 = u8to16(data, offset + 12);
    const t7 = u8to16(data, offset + 14);
    let h0 = h[0] + (t0 & 8191);
    let h1 = h[1] + ((t0 >>> 13 | t1 << 3) & 8191);
    let h2 = h[2] + ((t1 >>> 10 | t2 << 6) & 8191);
    let h3 = h[3] + ((t2 >>> 7 | t3 << 9) & 8191);
    let h4 = h[4] + ((t3 >>> 4 | t4 << 12) & 8191);
    let h5 = h[5] + (t4 >>> 1 & 8191);
    let h6 = h[6] + ((t4 >>> 14 | t5 << 2) & 8191);
    let h7 = h[7] + ((t5 >>> 11 | t6 << 5) & 8191);
    let h8 = h[8] + ((t6 >>> 8 | t7 << 8) & 8191);
    let h9 = h[9] + (t7 >>> 5 | hibit);
    let c = 0;
    let d0 = c + h0 * r0 + h1 * (5 * r9) + h2 * (5 * r8) + h3 * (5 * r7) + h4 * (5 * r6);
    c = d0 >>> 13;
    d0 &= 8191;
    d0 += h5 * (5 * r5) + h6 * (5 * r4) + h7 * (5 * r3) + h8 * (5 * r2) + h9 * (5 * r1);
    c += d0 >>> 13;
    d0 &= 8191;
    let d1 = c + h0 * r1 + h1 * r0 + h2 * (5 * r9) + h3 * (5 * r8) + h4 * (5 * r7);
    c = d1 >>> 13;
    d1 &= 8191;
    d1 += h5 * (5 * r6) + h6 * (5 * r5) + h7 * (5 * r4) + h8 * (5 * r3) + h9 * (5 * r2);
    c += d1 >>> 13;
    d1 &= 8191;
    let d2 = c + h0 * r2 + h1 * r1 + h2 * r0 + h3 * (5 * r9) + h4 * (5 * r8);
    c = d2 >>> 13;
    d2 &= 8191;
    d2 += h5 * (5 * r7) + h6 * (5 * r6) + h7 * (5 * r5) + h8 * (5 * r4) + h9 * (5 * r3);
    c += d2 >>> 13;
    d2 &= 8191;
    let d3 = c + h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * (5 * r9);
    c = d3 >>> 13;
    d3 &= 8191;
    d3 += h5 * (5 * r8) + h6 * (5 * r7) + h7 * (5 * r6) + h8 * (5 * r5) + h9 * (5 * r4);
    c += d3 >>> 13;
    d3 &= 8191;
    let d4 = c + h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0;
    c = d4 >>> 13;
    d4 &= 8191;
    d4 += h5 * (5 * r9) + h6 * (5 * r8) + h7 * (5 * r7) + h8 * (5 * r6) + h9 * (5 * r5);
    c += d4 >>> 13;
    d4 &= 8191;
    let d5 = c + h0 * r5 + h1 * r4 + h2 * r3 + h3 * r2 + h4 * r1;
    c = d5 >>> 13;
    d5 &= 8191;
    d5 += h5 * r0 + h6 * (5 * r9) + h7 * (5 * r8) + h8 * (5 * r7) + h9 * (5 * r6);
    c += d5 >>> 13;
    d5 &= 8191;
    let d6 = c + h0 * r6 + h1 * r5 + h2 * r4 + h3 * r3 + h4 * r2;
    c = d6 >>> 13;
    d6 &= 8191;
    d6 += h5 * r1 + h6 * r0 + h7 * (5 * r9) + h8 * (5 * r8) + h9 * (5 * r7);
    c += d6 >>> 13;
    d6 &= 8191;
    let d7 = c + h0 * r7 + h1 * r6 + h2 * r5 + h3 * r4 + h4 * r3;
    c = d7 >>> 13;
    d7 &= 8191;
    d7 += h5 * r2 + h6 * r1 + h7 * r0 + h8 * (5 * r9) + h9 * (5 * r8);
    c += d7 >>> 13;
    d7 &= 8191;
    let d8 = c + h0 * r8 + h1 * r7 + h2 * r6 + h3 * r5 + h4 * r4;
    c = d8 >>> 13;
    d8 &= 8191;
    d8 += h5 * r3 + h6 * r2 + h7 * r1 + h8 * r0 + h9 * (5 * r9);
    c += d8 >>> 13;
    d8 &= 8191;
    let d9 = c + h0 * r9 + h1 * r8 + h2 * r7 + h3 * r6 + h4 * r5;
    c = d9 >>> 13;
    d9 &= 8191;
    d9 += h5 * r4 + h6 * r3 + h7 * r2 + h8 * r1 + h9 * r0;
    c += d9 >>> 13;
    d9 &= 8191;
    c = (c << 2) + c | 0;
    c = c + d0 | 0;
    d0 = c & 8191;
    c = c >>> 13;
    d1 += c;
    h[0] = d0;
    h[1] = d1;
    h[2] = d2;
    h[3] = d3;
    h[4] = d4;
    h[5] = d5;
    h[6] = d6;
    h[7] = d7;
    h[8] = d8;
    h[9] = d9;
  }
  finalize() {
    const { h, pad } = this;
    const g = new Uint16Array(10);
    let c = h[1] >>> 13;
    h[1] &= 8191;
    for (let i = 2; i < 10; i++) {
      h[i] += c;
      c = h[i] >>> 13;
      h[i] &= 8191;
    }
    h[0] += c * 5;
    c = h[0] >>> 13;
    h[0] &= 8191;
    h[1] += c;
    c = h[1] >>> 13;
    h[1] &= 8191;
    h[2] += c;
    g[0] = h[0] + 5;
    c = g[0] >>> 13;
    g[0] &= 8191;
    for (let i = 1; i < 10; i++) {
      g[i] = h[i] + c;
      c = g[i] >>> 13;
      g[i] &= 8191;
    }
    g[9] -= 1 << 13;
    let mask = (c ^ 1) - 1;
    for (let i = 0; i < 10; i++)
      g[i] &= mask;
    mask = ~mask;
    for (let i = 0; i < 10; i++)
      h[i] = h[i] & mask | g[i];
    h[0] = (h[0] | h[1] << 13) & 65535;
    h[1] = (h[1] >>> 3 | h[2] << 10) & 65535;
    h[2] = (h[2] >>> 6 | h[3] << 7) & 65535;
    h[3] = (h[3] >>> 9 | h[4] << 4) & 65535;
    h[4] = (h[4] >>> 12 | h[5] << 1 | h[6] << 14) & 65535;
    h[5] = (h[6] >>> 2 | h[7] << 11) & 65535;
    h[6] = (h[7] >>> 5 | h[8] << 8) & 65535;
    h[7] = (h[8] >>> 8 | h[9] << 5) & 65535;
    let f = h[0] + pad[0];
    h[0] = f & 65535;
    for (let i = 1; i < 8; i++) {
      f = (h[i] + pad[i] | 0) + (f >>> 16) | 0;
      h[i] = f & 65535;
    }
    clean(g);
  }
  update(data) {
    aexists(this);
    abytes(data);
    data = copyBytes(data);
    const { buffer, blockLen } = this;
    const len = data.length;
    for (let pos = 0; pos < len; ) {
      const take = Math.min(blockLen - this.pos, len - pos);
      if (take === blockLen) {
        for (; blockLen <= len - pos; pos += blockLen)
          this.process(data, pos);
        continue;
      }
      buffer.set(data.subarray(pos, pos + take), this.pos);
      this.pos += take;
      pos += take;
      if (this.pos === blockLen) {
        this.process(buffer, 0, false);
        this.pos = 0;
      }
    }
    return this;
  }
  destroy() {
    this.destroyed = true;
    clean(this.h, this.r, this.buffer, this.pad);
  }
  digestInto(out) {
    aexists(this);
    aoutput(out, this);
    this.finished = true;
    const { buffer, h } = this;
    let { pos } = this;
    if (pos) {
      buffer[pos++] = 1;
      for (; pos < 16; pos++)
        buffer[pos] = 0;
      this.process(buffer, 0, true);
    }
    this.finalize();
    let opos = 0;
    for (let i = 0; i < 8; i++) {
      out[opos++] = h[i] >>> 0;
      out[opos++] = h[i] >>> 8;
    }
  }
  digest() {
    const { buffer, outputLen } = this;
    this.digestInto(buffer);
    const res = buffer.slice(0, outputLen);
    this.destroy();
    return res;
  }
};
var poly1305 = /* @__PURE__ */ wrapMacConstructor(32, (key) => new Poly1305(key));

// node_modules/@noble/ciphers/salsa.js
function salsaCore(s, k, n, out, cnt, rounds = 20, cntHi = 0) {
  let y00 = s[0], y01 = k[0], y02 = k[1], y03 = k[2], y04 = k[3], y05 = s[1], y06 = n[0], y07 = n[1], y08 = cnt, y09 = cntHi, y10 = s[2], y11 = k[4], y12 = k[5], y13 = k[6], y14 = k[7], y15 = s[3];
  let x00 = y00, x01 = y01, x02 = y02, x03 = y03, x04 = y04, x05 = y05, x06 = y06, x07 = y07, x08 = y08, x09 = y09, x10 = y10, x11 = y11, x12 = y12, x13 = y13, x14 = y14, x15 = y15;
  for (let r = 0; r < rounds; r += 2) {
    x04 ^= rotl(x00 + x12 | 0, 7);
    x08 ^= rotl(x04 + x00 | 0, 9);
    x12 ^= rotl(x08 + x04 | 0, 13);
    x00 ^= rotl(x12 + x08 | 0, 18);
    x09 ^= rotl(x05 + x01 | 0, 7);
    x13 ^= rotl(x09 + x05 | 0, 9);
    x01 ^= rotl(x13 + x09 | 0, 13);
    x05 ^= rotl(x01 + x13 | 0, 18);
    x14 ^= rotl(x10 + x06 | 0, 7);
    x02 ^= rotl(x14 + x10 | 0, 9);
    x06 ^= rotl(x02 + x14 | 0, 13);
    x10 ^= rotl(x06 + x02 | 0, 18);
    x03 ^= rotl(x15 + x11 | 0, 7);
    x07 ^= rotl(x03 + x15 | 0, 9);
    x11 ^= rotl(x07 + x03 | 0, 13);
    x15 ^= rotl(x11 + x07 | 0, 18);
    x01 ^= rotl(x00 + x03 | 0, 7);
    x02 ^= rotl(x01 + x00 | 0, 9);
    x03 ^= rotl(x02 + x01 | 0, 13);
    x00 ^= rotl(x03 + x02 | 0, 18);
    x06 ^= rotl(x05 + x04 | 0, 7);
    x07 ^= rotl(x06 + x05 | 0, 9);
    x04 ^= rotl(x07 + x06 | 0, 13);
    x05 ^= rotl(x04 + x07 | 0, 18);
    x11 ^= rotl(x10 + x09 | 0, 7);
    x08 ^= rotl(x11 + x10 | 0, 9);
    x09 ^= rotl(x08 + x11 | 0, 13);
    x10 ^= rotl(x09 + x08 | 0, 18);
    x12 ^= rotl(x15 + x14 | 0, 7);
    x13 ^= rotl(x12 + x15 | 0, 9);
    x14 ^= rotl(x13 + x12 | 0, 13);
    x15 ^= rotl(x14 + x13 | 0, 18);
  }
  let oi = 0;
  out[oi++] = y00 + x00 | 0;
  out[oi++] = y01 + x01 | 0;
  out[oi++] = y02 + x02 | 0;
  out[oi++] = y03 + x03 | 0;
  out[oi++] = y04 + x04 | 0;
  out[oi++] = y05 + x05 | 0;
  out[oi++] = y06 + x06 | 0;
  out[oi++] = y07 + x07 | 0;
  out[oi++] = y08 + x08 | 0;
  out[oi++] = y09 + x09 | 0;
  out[oi++] = y10 + x10 | 0;
  out[oi++] = y11 + x11 | 0;
  out[oi++] = y12 + x12 | 0;
  out[oi++] = y13 + x13 | 0;
  out[oi++] = y14 + x14 | 0;
  out[oi++] = y15 + x15 | 0;
}
function hsalsa(s, k, i, out) {
  const s2 = isLE ? s : swap32IfBE(s.slice(0, 4));
  const k2 = isLE ? k : swap32IfBE(k.slice(0, 8));
  const i2 = isLE ? i : swap32IfBE(i.slice(0, 4));
  const t = new Uint32Array(16);
  salsaCore(s2, k2, i2.subarray(0, 2), t, i2[2], 20, i2[3]);
  let oi = 0;
  out[oi++] = t[0] - s2[0] | 0;
  out[oi++] = t[5] - s2[1] | 0;
  out[oi++] = t[10] - s2[2] | 0;
  out[oi++] = t[15] - s2[3] | 0;
  out[oi++] = t[6] - i2[0] | 0;
  out[oi++] = t[7] - i2[1] | 0;
  out[oi++] = t[8] - i2[2] | 0;
  out[oi++] = t[9] - i2[3] | 0;
  swap32IfBE(out);
  if (!isLE)
    clean(s2, k2, i2);
  clean(t);
}
var xsalsa20 = /* @__PURE__ */ createCipher(salsaCore, {
  counterRight: true,
  extendNonceFn: hsalsa
});
var xsalsa20poly1305 = /* @__PURE__ */ wrapCipher({ blockSize: 64, nonceLength: 24, tagLength: 16 }, (key, nonce) => {
  return {
    encrypt(plaintext, output) {
      output = getOutput(plaintext.length + 32, output, false);
      const authKey = output.subarray(0, 32);
      const ciphPlaintext = output.subarray(32);
      output.set(plaintext, 32);
      clean(authKey);
      xsalsa20(key, nonce, output, output);
      const tag = poly1305(ciphPlaintext, authKey);
      output.set(tag, 16);
      clean(output.subarray(0, 16), tag);
      return output.subarray(16);
    },
    decrypt(ciphertext, output) {
      abytes(ciphertext, void 0, "data");
      output = getOutput(ciphertext.length + 32, output, false);
      const tmp = output.subarray(0, 32);
      const passedTag = output.subarray(32, 48);
      const ciphPlaintext = output.subarray(48);
      output.set(ciphertext, 32);
      clean(tmp);
      const authKey = xsalsa20(key, nonce, tmp, tmp);
      const tag = poly1305(ciphPlaintext, authKey);
      if (!equalBytes(passedTag, tag)) {
        clean(output);
        throw new Error("invalid tag");
      }
      xsalsa20(key, nonce, output.subarray(16), output.subarray(16));
      clean(tmp, passedTag, tag);
      return ciphPlaintext;
    }
  };
});
function secretbox(key, nonce) {
  const xs = xsalsa20poly1305(key, nonce);
  return { seal: xs.encrypt, open: xs.decrypt };
}

// src/keys/secretbox.ts
var SCRYPT_LIMIT = 128 << 20;
var SCRYPT_OVERHEAD = 1 << 20;
var KEY_BYTES = 32;
var NONCE_BYTES = 24;
var TAG_BYTES = 16;
var BASE642 = /^[A-Za-z0-9+/]*={0,2}$/;
var derive = promisify(
  scrypt
);
async function openSecretbox(json, password) {
  const box = parseBox(parseJson(json));
  if (isProblem(box)) return box;
  const { salt, cost, nonce, ciphertext } = box.value;
  const maxmem = SCRYPT_LIMIT + SCRYPT_OVERHEAD;
  const key = await derive(password, salt, KEY_BYTES, { ...cost, maxmem }).catch(() => void 0);
  if (!key) return damaged();
  try {
    return { value: Buffer.from(secretbox(key, nonce).open(ciphertext)) };
  } catch {
    return { value: void 0 };
  }
}
function parseBox(json) {
  const [kdf, cipher] = isRecord(json) ? [json["kdf"], json["cipher"]] : [];
  if (!isRecord(json) || !isRecord(kdf) || !isRecord(cipher)) return damaged();
  if (kdf["name"] !== "scrypt" || cipher["name"] !== "nacl/secretbox")
    return other("it is encrypted in another way than by scrypt and nacl/secretbox");
  const salt = bytesIn(kdf["salt"]);
  const nonce = bytesIn(cipher["nonce"]);
  const ciphertext = bytesIn(json["ciphertext"]);
  const cost = costIn(kdf["params"]);
  if (!salt || !cost || nonce?.length !== NONCE_BYTES || !ciphertext) return damaged();
  if (ciphertext.length < TAG_BYTES) return damaged();
  if (128 * cost.N * cost.r * cost.p > SCRYPT_LIMIT)
    return other(
      `its scrypt parameters N=${cost.N}, r=${cost.r}, p=${cost.p} are over the limit of ${SCRYPT_LIMIT} bytes`
    );
  return { value: { salt, cost, nonce, ciphertext } };
}
function costIn(params) {
  if (!isRecord(params)) return void 0;
  const { N, r, p } = params;
  if (!isPositive(N) || !isPositive(r) || !isPositive(p)) return void 0;
  const isPowerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  return isPowerOfTwo ? { N, r, p } : void 0;
}
function isPositive(value) {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
function bytesIn(value) {
  return typeof value === "string" && BASE642.test(value) ? Buffer.from(value, "base64") : void 0;
}
function damaged() {
  return other("it is damaged");
}
function other(problem) {
  return { problem, remedy: 'encrypt the key anew with "cosign import-key-pair"' };
}

// src/keys/private-key.ts
var BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;
var PLAIN = /* @__PURE__ */ new Set(["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"]);
var BOXED = /* @__PURE__ */ new Set(["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"]);
var OLD_ENCRYPTION = "Proc-Type: 4,ENCRYPTED";
var CURVES2 = /* @__PURE__ */ new Set(["prime256v1", "secp384r1", "secp521r1"]);
var RSA_BITS = /* @__PURE__ */ new Set([2048, 3072, 4096]);
var MAKE_ONE = "pass the text of a PEM private key, for example of cosign.key, or a path to it";
async function parsePrivateKey(text, password) {
  const blocks = [...text.matchAll(BLOCK)].map(([pem2, label = "", body = ""]) => ({
    pem: pem2,
    label,
    body
  }));
  const [block, ...others] = blocks.filter(({ label }) => label.includes("PRIVATE KEY"));
  if (!block) return otherThanKey(text);
  if (others.length > 0)
    return { problem: `it holds ${others.length + 1} private keys`, remedy: "pass one of them" };
  const key = await open(block, password);
  return isProblem(key) ? key : usable(key.value);
}
function otherThanKey(text) {
  const kind = kindOfText(text);
  if (kind === "a private key")
    return {
      problem: "it is not a whole PEM private key",
      remedy: 'pass all of it, with its line breaks and the lines that begin with "-----"'
    };
  const remedy = kind === "a public key" ? "pass the private half, for example cosign.key" : MAKE_ONE;
  return { problem: `it is ${kind}, not a PEM private key`, remedy };
}
function open(block, password) {
  const { pem: pem2, label, body } = block;
  if (BOXED.has(label)) return openBoxed(body, password);
  if (label === "ENCRYPTED PRIVATE KEY") return Promise.resolve(openEncrypted(pem2, password));
  if (!PLAIN.has(label)) return Promise.resolve(unknownKind(label));
  if (body.includes(OLD_ENCRYPTION)) return Promise.resolve(openEncrypted(pem2, password));
  return Promise.resolve(openPlain(block, password));
}
async function openBoxed(body, password) {
  const der = await openSecretbox(Buffer.from(body, "base64").toString(), password ?? "");
  if (isProblem(der)) return der;
  if (!der.value) return wrongPassword(password);
  try {
    return { value: createPrivateKey({ key: der.value, format: "der", type: "pkcs8" }) };
  } catch {
    return { problem: "what is encrypted is not a PKCS#8 private key", remedy: MAKE_ONE };
  }
}
function openEncrypted(pem2, password) {
  try {
    return { value: createPrivateKey({ key: pem2, passphrase: password ?? "" }) };
  } catch {
    return wrongPassword(password);
  }
}
function openPlain({ pem: pem2, label }, password) {
  if (password !== void 0)
    return {
      problem: "it is not encrypted, and a password is given",
      remedy: 'leave out "key-password", or pass the encrypted key'
    };
  try {
    return { value: createPrivateKey(pem2) };
  } catch {
    return { problem: `its block "${label}" is damaged`, remedy: MAKE_ONE };
  }
}
function wrongPassword(password) {
  return password === void 0 ? {
    problem: "it is encrypted, and no password is given",
    remedy: 'set "key-password" to its password, from a secret'
  } : {
    problem: "the password does not open it",
    remedy: 'check "key-password": it is the one that the key was made with, without a line break'
  };
}
function unknownKind(label) {
  if (label.startsWith("PGP"))
    return { problem: "it is a PGP key, which images are not signed with", remedy: MAKE_ONE };
  const remedy = label === "OPENSSH PRIVATE KEY" ? "convert it: ssh-keygen -p -m PKCS8 -f FILE" : "convert it to PKCS#8: openssl pkcs8 -topk8 -in FILE";
  return { problem: `its block "${label}" is of another kind`, remedy };
}
function usable(privateKey) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey;
  const isGood = type === "ed25519" || type === "ec" && CURVES2.has(details?.namedCurve ?? "") || type === "rsa" && RSA_BITS.has(details?.modulusLength ?? 0);
  if (isGood) return { value: { privateKey, publicKey: createPublicKey(privateKey) } };
  return {
    problem: `it is a key of type ${typeOfKey(privateKey)}`,
    remedy: "use ECDSA P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits, or Ed25519"
  };
}

// src/keys/load-signing-key.ts
async function loadSigningKey(location, password) {
  const text = await textAt(location);
  const key = await parsePrivateKey(text, password);
  if (isProblem(key)) throw unusable2(nameOf2(location), key.problem, key.remedy);
  return key.value;
}
async function textAt(location) {
  if (location.kind === "pem") return location.text;
  return readFile2(location.path, "utf8").catch((error) => {
    throw unusable2(
      'the private key at the path in "key"',
      whyUnreadable(codeOf(error)),
      "check the path, which is relative to the workspace, or pass the whole PEM text with its line breaks"
    );
  });
}
function nameOf2(location) {
  return location.kind === "pem" ? 'the private key "key"' : `the private key "${location.path}"`;
}
function unusable2(name, state, remedy) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot sign with ${name}: ${state}`,
    remedy
  });
}

// src/wiring/key-signing.ts
async function ownKeyOf(key) {
  if (!key) return void 0;
  const { location, password } = key;
  const pair = await loadSigningKey(location, password);
  const spki = pair.publicKey.export({ format: "der", type: "spki" });
  const from = location.kind === "pem" ? "key" : location.path;
  const publicPem = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
  return {
    pair,
    publicPem,
    trusted: { key: pair.publicKey, spki, fingerprint: digestOf(spki), from }
  };
}

// src/model/token.ts
var CLAIM_NAMES = [
  "iss",
  "sub",
  "ref",
  "sha",
  "repository",
  "repository_id",
  "repository_owner_id",
  "repository_visibility",
  "workflow_ref",
  "workflow_sha",
  "job_workflow_ref",
  "event_name",
  "runner_environment",
  "run_id",
  "run_attempt"
];
function parseToken(token) {
  const payload = parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  if (!isRecord(payload))
    return {
      problem: "it is not a JSON Web Token",
      remedy: "check which service answers at ACTIONS_ID_TOKEN_REQUEST_URL"
    };
  const missing = CLAIM_NAMES.filter((name) => typeof payload[name] !== "string");
  if (missing.length > 0)
    return { problem: `it lacks ${missing.join(", ")}`, remedy: "sign in a GitHub Actions job" };
  return {
    value: Object.fromEntries(CLAIM_NAMES.map((name) => [name, payload[name]]))
  };
}

// src/sigstore/sign/statement-signer.ts
var import_bundle6 = __toESM(require_dist2(), 1);
var import_dsse = __toESM(require_dsse(), 1);

// src/sigstore/sign/key-holder.ts
const { createHash: createHash3, generateKeyPairSync } = process.getBuiltinModule("node:crypto");

// src/sigstore/sign/fulcio.ts
const { sign: sign3, X509Certificate } = process.getBuiltinModule("node:crypto");
var FULCIO = { task: "get a signing certificate", kind: "a Fulcio instance" };
var ANSWER_LIMIT3 = 256 << 10;
var REFUSALS = /* @__PURE__ */ new Set([400, 401, 403]);
var PEM = /^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+\r?\n-----END CERTIFICATE-----\s*$/;
async function requestCertificate(fulcio, { token, subject }, { privateKey, publicKey }, transport) {
  const asked = { method: "POST", url: new URL(`${fulcio}/api/v2/signingCert`) };
  const answer = await transport({
    ...asked,
    limit: ANSWER_LIMIT3,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: Buffer.from(
      JSON.stringify({
        credentials: { oidcIdentityToken: token },
        publicKeyRequest: {
          publicKey: {
            algorithm: "ECDSA",
            content: publicKey.export({ format: "pem", type: "spki" }).toString()
          },
          proofOfPossession: sign3("sha256", Buffer.from(subject), privateKey).toString("base64")
        }
      })
    )
  });
  if (REFUSALS.has(answer.status)) {
    throw new ActionError("permission", "PERMISSION_SIGNER", {
      message: `Cannot ${FULCIO.task}: ${nameOf(asked)} answered ${answer.status}`,
      remedy: 'check that this Fulcio accepts tokens of the issuer of this server; for GitHub Enterprise Server use a signing configuration of your own with "sigstore"'
    });
  }
  const [leaf, ...authorities] = certificatesIn(answer);
  if (!leaf) throw notAnswered(FULCIO, asked, answer, "a certificate chain");
  if (!leaf.checkPrivateKey(privateKey)) {
    throw notAnswered(FULCIO, asked, answer, "a certificate for the key that it was sent");
  }
  return { certificate: leaf.toString(), chain: authorities.map(String) };
}
function certificatesIn(answer) {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : void 0;
  if (!isRecord(json)) return [];
  const signed = json["signedCertificateEmbeddedSct"] ?? json["signedCertificateDetachedSct"];
  const chain = isRecord(signed) ? signed["chain"] : void 0;
  const certificates = isRecord(chain) ? chain["certificates"] : void 0;
  if (!Array.isArray(certificates)) return [];
  const parsed = certificates.map(certificateIn);
  const whole = parsed.filter((certificate) => certificate !== void 0);
  return whole.length === parsed.length ? whole : [];
}
function certificateIn(pem2) {
  if (typeof pem2 !== "string" || !PEM.test(pem2)) return void 0;
  try {
    return new X509Certificate(pem2);
  } catch {
    return void 0;
  }
}

// src/sigstore/sign/key-holder.ts
async function certifiedKey(fulcio, holder, transport) {
  if (fulcio === void 0) throw new RangeError("no certificate authority to ask");
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys = { privateKey, publicKey };
  const certified = await requestCertificate(fulcio, holder, keys, transport);
  return {
    publicKey,
    verifier: certified.certificate,
    certified,
    sign: (data, hash) => signWith(privateKey, data, hash)
  };
}
function bareKey({ privateKey, publicKey }) {
  return {
    publicKey,
    verifier: publicKey.export({ format: "pem", type: "spki" }).toString(),
    certified: void 0,
    sign: (data, hash) => signWith(privateKey, data, hash)
  };
}
function hintOf({ publicKey }) {
  return createHash3("sha256").update(publicKey.export({ format: "der", type: "spki" })).digest("base64");
}

// src/sigstore/sign/rekor-v2.ts
var import_core3 = __toESM(require_dist3(), 1);
var import_protobuf_specs2 = __toESM(require_dist(), 1);
const { createHash: createHash5, createPublicKey: createPublicKey2 } = process.getBuiltinModule("node:crypto");

// src/sigstore/sign/log-tiles.ts
const { createHash: createHash4 } = process.getBuiltinModule("node:crypto");
var WIDTH3 = 256;
var HEIGHT = 8;
var HASH_BYTES = 32;
var SIZE = /^\d{1,12}$/;
async function proveInclusion(read, entry, index) {
  const checkpoint = (await read("checkpoint")).toString();
  const [, size = "", root = ""] = checkpoint.split("\n", 3);
  const treeSize = Number(SIZE.exec(size)?.[0]);
  if (Number.isNaN(treeSize)) throw new RangeError("the checkpoint has no size");
  if (index >= treeSize) return void 0;
  const hashAt = tileReader(read, treeSize);
  if (!(await hashAt(0, index)).equals(sha256(0, entry)))
    throw new RangeError("another entry is there");
  const subtree = async (start, end) => {
    const level = Math.log2(end - start);
    const isOutside = index < start || index >= end;
    if (level === 0 || isOutside && Number.isInteger(level))
      return { root: await hashAt(level, start / 2 ** level), path: [] };
    const middle = start + 2 ** Math.ceil(level - 1);
    const left = await subtree(start, middle);
    const right = await subtree(middle, end);
    const path = index < middle ? [...left.path, right.root] : [...right.path, left.root];
    return { root: sha256(1, left.root, right.root), path };
  };
  const whole = await subtree(0, treeSize);
  if (whole.root.toString("base64") !== root) throw new RangeError("the tiles are of another tree");
  return { treeSize, rootHash: whole.root, hashes: whole.path, checkpoint };
}
function tileReader(read, treeSize) {
  const tiles = /* @__PURE__ */ new Map();
  return async (level, number) => {
    const tileLevel = Math.floor(level / HEIGHT);
    const within = level % HEIGHT;
    const first = number * 2 ** within;
    const path = pathOf(tileLevel, Math.floor(first / WIDTH3), treeSize);
    const reading = tiles.get(path) ?? read(path);
    tiles.set(path, reading);
    return rootOf((await reading).subarray(first % WIDTH3 * HASH_BYTES), within);
  };
}
function pathOf(level, tile, treeSize) {
  const hashes = Math.floor(treeSize / WIDTH3 ** level);
  const width = Math.min(hashes - tile * WIDTH3, WIDTH3);
  const digits = String(tile).padStart(Math.ceil(String(tile).length / 3) * 3, "0");
  const groups = digits.replaceAll(/\d{3}(?!$)/g, "x$&/");
  return `tile/${level}/${groups}${width < WIDTH3 ? `.p/${width}` : ""}`;
}
function rootOf(hashes, height) {
  if (height > 0) {
    const half = hashes.subarray(2 ** (height - 1) * HASH_BYTES);
    return sha256(1, rootOf(hashes, height - 1), rootOf(half, height - 1));
  }
  if (hashes.length < HASH_BYTES) throw new RangeError("a tile is cut short");
  return hashes.subarray(0, HASH_BYTES);
}
function sha256(prefix, ...parts) {
  return createHash4("sha256").update(Buffer.concat([Buffer.from([prefix]), ...parts])).digest();
}

// src/sigstore/sign/rekor-v2.ts
var LOG2 = { task: "log the signature", kind: "a Rekor v2 log" };
var ANSWER_LIMIT4 = 1 << 20;
var ANSWER_TIMEOUT = 6e4;
var P256 = { details: "PKIX_ECDSA_P256_SHA_256", hash: "sha256" };
var KIND = "hashedrekord";
var VERSION = "0.0.2";
var INDEX = /^\d{1,15}$/;
function rekorV2Witness(log, logIds, transport) {
  const asked = { method: "POST", url: new URL(`${log}/api/v2/log/entries`) };
  const read = async (path) => {
    const url = new URL(`${log}/api/v2/${path}`);
    const { status, body } = await transport({ method: "GET", url, limit: ANSWER_LIMIT4 });
    if (status !== 200) throw new RangeError(`${path} answered ${status}`);
    return body;
  };
  return {
    async testify(content, pemText) {
      const verifier = verifierIn(pemText);
      const record = hashedRekord(content, verifier);
      const answer = await transport({
        ...asked,
        limit: ANSWER_LIMIT4,
        timeout: ANSWER_TIMEOUT,
        headers: { "content-type": "application/json", accept: "application/json" },
        body: Buffer.from(JSON.stringify({ hashedRekordRequestV002: record }))
      });
      const entry = await logged(LOG2, asked, answer, {
        entryIn: entryIn2,
        readEntry: (conflict) => readEntry2(read, { ...record, algorithm: verifier.algorithm }, conflict, logIds)
      });
      return { tlogEntries: [entry] };
    }
  };
}
function verifierIn(text) {
  const rawBytes = import_core3.pem.toDER(text).toString("base64");
  if (text.includes("BEGIN CERTIFICATE"))
    return { algorithm: P256, recorded: { x509Certificate: { rawBytes } } };
  const algorithm = algorithmOf(createPublicKey2(text));
  if (!algorithm) throw new TypeError("a key of a kind that Rekor v2 does not take");
  return { algorithm, recorded: { publicKey: { rawBytes } } };
}
function hashedRekord(content, { algorithm, recorded }) {
  const { payload, payloadType, signatures } = envelopeIn(content);
  return {
    // The pre-authentication encoding is signed, and so it is hashed.
    digest: createHash5(algorithm.hash).update(import_core3.dsse.preAuthEncoding(payloadType, payload)).digest("base64"),
    signature: {
      content: signatures[0]?.sig.toString("base64"),
      verifier: { keyDetails: algorithm.details, ...recorded }
    }
  };
}
function entryIn2(answer) {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : void 0;
  if (!isRecord(json)) return void 0;
  try {
    const { logId, kindVersion, ...entry } = import_protobuf_specs2.TransparencyLogEntry.fromJSON(json);
    const { logIndex, inclusionProof, canonicalizedBody } = entry;
    const isOurs = kindVersion?.kind === KIND && kindVersion.version === VERSION;
    if (!isOurs || !logId?.keyId.length || !canonicalizedBody.length) return void 0;
    if (!inclusionProof?.checkpoint || !INDEX.test(logIndex)) return void 0;
    return { ...entry, logId, kindVersion };
  } catch {
    return void 0;
  }
}
async function readEntry2(read, { digest, signature, algorithm }, conflict, logIds) {
  const index = indexIn(conflict);
  if (index === void 0) return void 0;
  const data = { algorithm: algorithm.hash.replace("sha", "SHA2_"), digest };
  const hashedRekordV002 = { data, signature };
  const canonicalizedBody = Buffer.from(
    JSON.stringify({ apiVersion: VERSION, kind: KIND, spec: { hashedRekordV002 } })
  );
  const proof = await lookAgain(() => proveInclusion(read, canonicalizedBody, Number(index)));
  if (!proof) return void 0;
  const { treeSize, rootHash, hashes, checkpoint } = proof;
  const keyId = (await logIds()).find((id) => isSignedBy(checkpoint, id));
  return keyId && {
    logIndex: index,
    logId: { keyId },
    kindVersion: { kind: KIND, version: VERSION },
    integratedTime: "0",
    inclusionPromise: void 0,
    inclusionProof: {
      logIndex: index,
      treeSize: String(treeSize),
      rootHash,
      hashes,
      checkpoint: { envelope: checkpoint }
    },
    canonicalizedBody
  };
}
function indexIn({ headers, body }) {
  const json = parseJson(body.toString());
  const message = isRecord(json) ? String(json["message"]) : "";
  const index = headers.get("x-log-index") ?? /\bwith index (\d+)$/.exec(message)?.[1] ?? "";
  return INDEX.test(index) ? index : void 0;
}
function isSignedBy(checkpoint, id) {
  const lines = [...checkpoint.matchAll(/^\u2014 \S+ ([A-Za-z0-9+/]+=*)$/gm)];
  return lines.some(
    ([, signature = ""]) => Buffer.from(signature, "base64").subarray(0, 4).equals(id.subarray(0, 4))
  );
}

// src/sigstore/sign/sign-layers.ts
var WIDTH4 = 16;
async function signLayers(signer, statement, subjects) {
  const { predicateType } = statement;
  if (predicateType !== SIGNATURE_TYPE)
    return [signedAs(predicateType, subjects, await signer.signEnvelope(statement))];
  const annotations = annotationsOf(statement);
  const signed = await sideBySide(subjects, WIDTH4, async (subject) => {
    const payload = simpleSigningPayload(subject.repository, subject.digest, annotations);
    return signedAs(SIMPLE_SIGNING_TYPE, [subject], await signer.signPayload(payload));
  });
  if (!isNonEmpty(signed)) throw new RangeError("a statement about nothing");
  return signed;
}
function signedAs(predicateType, subjects, layer) {
  const json = bundleOfLayer({ ...layer, annotations: annotationsIn(layer.annotations) });
  return signedBundle({ subjects, predicateType, json, layer });
}

// src/sigstore/sign/statement-signer.ts
async function openStatementSigner(options) {
  const { services, transport } = options;
  const keyHolder = "key" in options ? bareKey(options.key) : await certifiedKey(services.fulcio, options.holder, transport);
  const makeBundle = bundleMaker(keyHolder, options);
  const layers = layerSigner(keyHolder, services, transport);
  return {
    ...layers,
    signLayers: (statement, subjects) => signLayers(layers, statement, subjects),
    async sign(statement, subjects) {
      const json = await unlessUnreadable(() => makeBundle(serializeStatement(statement)));
      return signedBundle({ subjects, predicateType: statement.predicateType, json });
    }
  };
}
function bundleMaker(holder, options) {
  const hash = hashForLogs(holder.publicKey, options.services.logs);
  const builder = new import_dsse.DSSEBundleBuilder({
    signer: {
      sign: (data) => Promise.resolve({ signature: holder.sign(data, hash), key: keyMaterial(holder) })
    },
    witnesses: witnesses(options)
  });
  return async (data) => {
    const bundle = await builder.create({ data, type: PAYLOAD_TYPE });
    const { content } = bundle.verificationMaterial;
    if (content.$case === "publicKey") content.publicKey.hint = hintOf(holder);
    return Buffer.from(JSON.stringify((0, import_bundle6.bundleToJSON)(bundle)));
  };
}
function keyMaterial({
  verifier,
  certified
}) {
  return certified ? { $case: "x509Certificate", certificate: verifier } : { $case: "publicKey", publicKey: verifier };
}
function witnesses({ services, logIds, transport }) {
  return [
    ...services.logs.map(
      ({ url, version }) => version === 2 ? rekorV2Witness(url, logIds, transport) : rekorV1Witness(url, transport)
    ),
    ...services.timestampAuthorities.map((url) => timestampWitness(url, transport))
  ];
}

// src/wiring/party.ts
function identifier(request, { identity, chosen, key, transport, server }) {
  return async () => {
    const { name, loadServices, trust } = await chosen();
    const logIds = async () => {
      const trusts = await trust.all();
      return trusts.flatMap(({ material }) => material.tlogs.map(({ logID }) => logID));
    };
    const read = await identity();
    const means = key ? { key: key.pair } : holderOf(read);
    const services = await loadServices();
    assertFormatsFit(request, services, key);
    return {
      instance: name,
      publicKey: key?.publicPem,
      claims: read?.claims,
      own: key ? { key: key.trusted.fingerprint } : ownIdentity(read, server),
      services: addressesOf(services, key ? "key" : "certificate", request),
      openSigner: () => openStatementSigner({ ...means, services, logIds, transport })
    };
  };
}
function identityReader(request, environment, transport) {
  let reading;
  return async () => needsToken(request) ? reading ??= readToken(environment, transport) : void 0;
}
async function readToken({ tokenService }, transport) {
  const token = await getIdentityToken(tokenService, transport);
  const claims = parseToken(token);
  if (!isProblem(claims)) return { token, claims: claims.value };
  throw new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot use the identity token: ${claims.problem}`,
    remedy: claims.remedy
  });
}
function ownIdentity(identity, server) {
  if (!identity) throw new RangeError("neither a key nor an identity token");
  const { claims } = identity;
  return {
    san: `${server}/${claims.job_workflow_ref}`,
    issuer: claims.iss,
    sourceDigest: claims.sha,
    event: claims.event_name
  };
}
function addressesOf({ fulcio, logs, rekorV1, timestampAuthorities }, by, { stores }) {
  const addresses = [
    by === "certificate" ? fulcio : void 0,
    ...logs.map(({ url }) => url),
    stores.includes("legacy") ? rekorV1 : void 0,
    ...timestampAuthorities
  ];
  return [...new Set(addresses.filter((address) => address !== void 0))];
}
function holderOf(identity) {
  if (!identity) throw new RangeError("neither a key nor an identity token");
  return { holder: { token: identity.token, subject: identity.claims.sub } };
}

// src/wiring/progress.ts
const { dirname } = process.getBuiltinModule("node:path");
var Progress = class {
  #isSigning = false;
  #keptIn;
  #places = /* @__PURE__ */ new Set();
  /** The services, with their calls recorded here. */
  watch(services) {
    return {
      ...services,
      stores: mapEach(services.stores, (store) => this.#watchStore(store)),
      identify: async () => {
        const party = await services.identify();
        const openSigner = () => {
          this.#isSigning = true;
          return party.openSigner();
        };
        return { ...party, openSigner };
      },
      keep: async (signed) => {
        const kept = await services.keep(signed);
        this.#keptIn = dirname(kept.file);
        return kept;
      }
    };
  }
  describe() {
    if (!this.#isSigning && this.#keptIn === void 0)
      return {
        message: "Cannot finish signing: the step was cancelled before anything was signed",
        remedy: "run the job again"
      };
    const kept = this.#keptIn === void 0 ? "" : `, kept in ${this.#keptIn}`;
    const stored = this.#places.size > 0 ? `, stored at ${[...this.#places].join(", ")}` : "";
    return {
      message: `Cannot finish signing: the step was cancelled when a certificate or signatures may have been logged${kept}${stored}`,
      remedy: "run the job again: what is stored is not signed again, and what is missing is stored"
    };
  }
  #watchStore(store) {
    return {
      ...store,
      prepare: async (...asked) => {
        const prepared = await store.prepare(...asked);
        return {
          ...prepared,
          store: async (...given) => {
            const outcome = await prepared.store(...given);
            for (const { place } of outcome.stored) this.#places.add(place);
            return outcome;
          }
        };
      }
    };
  }
};

// src/registry/write-tag.ts
async function readTag(client, tag) {
  return (await readManifest(client, tag))?.digest;
}
async function writeTag(client, tag, manifest) {
  const before = await readTag(client, tag);
  if (before === manifest.digest) return before;
  await putTag(client, tag, manifest, before);
  await confirmTag(client, tag, manifest.digest);
  return before;
}
async function putTag(client, tag, manifest, before) {
  let repetitions = 0;
  const again = async () => {
    repetitions++;
    return await readTag(client, tag) === manifest.digest ? void 0 : manifest;
  };
  try {
    await writeManifest(client, tag, manifest, { ...inWords(tag, before), again });
  } catch (error) {
    const isInDoubt = repetitions > 0 || isUnanswered(error);
    if (!isInDoubt || !await isThere(client, tag, manifest.digest)) throw error;
  }
}
function inWords(tag, before) {
  const was = before === void 0 ? "made" : "changed";
  return {
    purpose: before === void 0 ? `write tag "${tag}" to` : `move tag "${tag}" from ${before} in`,
    remedy: (status, usual) => mayBeImmutable(status, was) ? `if the registry makes tags immutable, choose a tag that does not exist yet, or exclude this tag from the rule; otherwise ${usual}` : usual
  };
}
function isUnanswered(error) {
  return error instanceof ActionError && error.code === "SERVICE_UNREACHABLE";
}
function isThere(client, tag, digest) {
  return confirmTag(client, tag, digest).then(
    () => true,
    () => false
  );
}
async function confirmTag(client, tag, digest) {
  let shown;
  const isShown = await lookAgain(async () => {
    shown = await readTag(client, tag).catch((error) => {
      throw error instanceof ActionError ? unread(client, tag, error) : error;
    });
    return shown === digest ? true : void 0;
  });
  if (!isShown) throw unconfirmed(client, tag, shown);
}
function unread(client, tag, cause) {
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot confirm tag "${tag}" in "${formatRepository(client.repository)}": it was written, but could not be read back (${cause.message})`,
    remedy: cause.remedy,
    cause
  });
}
function unconfirmed(client, tag, shown) {
  const state = shown === void 0 ? "does not show it" : `shows ${shown}`;
  return new ActionError("service", "TAG_UNCONFIRMED", {
    message: `Cannot confirm tag "${tag}" in "${formatRepository(client.repository)}": it was written, but the registry ${state}`,
    remedy: "check whether another job writes the same tag or the registry is slow to show it, then run the job again"
  });
}

// src/tagging/registry-tagger.ts
var WIDTH5 = 10;
function registryTagger(clientFor) {
  return {
    async prepare(tags) {
      const places = await allOrProblems(
        groupBy(tags, ({ subject }) => formatSubject(subject)).map(
          (each) => preparePlace(clientFor(each[0].subject), each)
        )
      );
      return {
        planned: places.flatMap(({ tags: each }) => each),
        write: ({ stored, failures }) => writeAll(places, failures.length > 0 ? NOTHING_STORED : stored)
      };
    }
  };
}
var NOTHING_STORED = [];
async function preparePlace(client, tags) {
  const [{ subject }] = tags;
  const [manifest, , seen] = await allOrProblems([
    readSubject(client, subject),
    startUpload(client),
    allOrProblems(
      mapEach(tags, async (each) => ({ ...each, before: await readTag(client, each.tag) }))
    )
  ]).catch(throwOnePerRemedy);
  return { client, manifest, tags: seen };
}
async function writeAll(places, stored) {
  const isStored = ({ tags: [{ subject }] }) => stored.some(({ subjects }) => includesSubject(subjects, subject));
  const ready = places.filter(isStored);
  const withheld = places.filter((place) => !isStored(place)).flatMap(({ tags }) => tags);
  const writes = ready.flatMap((place) => place.tags.map((tag) => ({ ...place, ...tag })));
  const outcomes = await sideBySide(writes, WIDTH5, writeOne);
  return {
    tagged: outcomes.flatMap(({ tagged }) => tagged),
    failures: [
      ...isNonEmpty(withheld) ? [withheldError(withheld)] : [],
      ...outcomes.flatMap(({ failures }) => failures)
    ]
  };
}
async function writeOne({ client, manifest, subject, tag }) {
  try {
    const before = await writeTag(client, tag, manifest);
    return { tagged: [{ subject, tag, before }], failures: [] };
  } catch (error) {
    return { tagged: [], failures: actionErrorsOf(error) };
  }
}
function withheldError(tags) {
  const names = tags.map((tag) => `"${formatTag(tag)}"`).join(", ");
  return new ActionError("service", "TAG_WITHHELD", {
    message: `Cannot write ${names}: not every signature and attestation is stored`,
    remedy: "fix the problem that is reported with this one, then run the job again"
  });
}

// src/wiring/sign.ts
async function runSign(request, environment) {
  const shared = sharedServices(request, environment, { accessTo: accessFor(request) });
  const services = {
    ...shared,
    ifImageMissing: 'the registry may not accept signatures of an image that is in another repository: copy the image there first, or remove "signature-repository" (or COSIGN_REPOSITORY) to store them with the image',
    onManifest: artifactReporter(stepLog.info),
    repository: environment.repository,
    server: environment.serverUrl
  };
  const loadingKey = ownKeyOf(request.key);
  const [key, choose2] = await allOrProblems([
    loadingKey,
    instanceChooser(request, environment, { ...shared, loadingKey })
  ]);
  const identity = identityReader(request, environment, shared.transport);
  let choosing;
  const chosen = () => choosing ??= identity().then((read) => choose2(read?.claims));
  const progress = new Progress();
  onCancel(() => progress.describe());
  const signServices = progress.watch({
    async loadVerifier() {
      const { trust } = await chosen();
      const trusted = key ? byKeys([key.trusted], trust) : byCertificates(trust);
      return conclusive(await verifierLoader(trusted)());
    },
    resolve: () => statementSubjects(request, shared.clientFor, counting("Read", "images")),
    stores: mapEach(request.stores, (name) => countedStore(STORES[name](services))),
    statementOf: (claim) => statementOf(claim, environment.serverUrl),
    identify: identifier(request, {
      identity,
      chosen,
      key,
      transport: shared.transport,
      server: environment.serverUrl
    }),
    ...bundleFiles(environment.temp),
    onMade: counting("Signed", "statements"),
    lookBack: backLooker(request, environment, shared),
    assertRoom: request.stores.includes("registry") ? (planned) => assertRoomFor(planned, shared.evidenceFor) : () => Promise.resolve(),
    tagger: registryTagger(shared.clientFor)
  });
  return request.run === "dry" ? dryRun(request, signServices) : sign(request, signServices);
}
function backLooker({ ifSigned, stores, thisRepository }, { temp }, { evidenceFor, attestations }) {
  if (ifSigned === "sign") return () => Promise.resolve([]);
  const services = {
    evidenceFor,
    attestations,
    attestationsOf: [thisRepository],
    bundles: [],
    memory: { used: 0 }
  };
  const sources = stores.map((name) => SOURCES[name](services));
  return async (images) => {
    const [{ found, failures }, kept] = await Promise.all([
      collect(sources, images, counting("Searched", "images for earlier signatures")),
      keptBefore(temp)
    ]);
    for (const { message } of failures)
      stepLog.info(`Could not read earlier signatures: ${message}`);
    return [...found, ...kept];
  };
}
function accessFor({ evidencePlace, tags }) {
  const isTagged = (repository) => tags.some(({ subject }) => isSameRepository(subject.repository, repository));
  const hasEvidence = (repository) => isSameRepository(evidenceRepository(evidencePlace, repository), repository);
  return (repository) => isTagged(repository) || hasEvidence(repository) ? "pull,push" : "pull";
}
export {
  runSign
};
