const require = process.getBuiltinModule;
import {
  CLAIM_EXTENSIONS,
  LOG_OR_TIMESTAMP,
  describeStatus,
  evidenceRepository,
  forLog,
  isGitHubCom,
  isTenant,
  publishProblems,
  supportedProxy
} from "./shared-explain.js";
import {
  nameOfRoots
} from "./shared-policy.js";
import {
  kindOfText,
  whyUnreadable
} from "./shared-file-kind.js";
import {
  ARTIFACT_LIMIT,
  ATTESTATION_LAYER,
  BUNDLE_PREFIX,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  EMPTY_CONFIG,
  ENTRY_LIMIT,
  JsonListReader,
  MANIFEST_LIMIT,
  NO_HEADERS,
  OCI_INDEX,
  OCI_MANIFEST,
  SIGNATURE_LAYER,
  annotationsIn,
  bundleOfLayer,
  fallbackTag,
  isManifestType,
  isUnreachable,
  listEachPlace,
  maskSecret,
  mediaTypeOf,
  nameOf,
  nextLinkIn,
  readArtifact,
  readBlob,
  readManifest,
  readTaggedListing,
  recordIn,
  refusal,
  resultOf,
  sideBySide,
  stateOf,
  stepLog,
  transientFault,
  triesOf,
  unavailable
} from "./shared-referrers.js";
import {
  BUNDLE_LIMIT,
  formatSubject,
  isLoopback,
  parseStrictJson,
  whyRefused
} from "./shared-core.js";
import {
  NAMED_TYPES,
  PROVENANCE_TYPE,
  SIGNATURE_TYPES,
  SIMPLE_SIGNING_TYPE
} from "./shared-types.js";
import {
  isNonEmpty,
  mapEach
} from "./shared-non-empty.js";
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
  messageOf,
  parseJson,
  settle
} from "./shared-errors.js";
import {
  __commonJS,
  __require,
  __toESM
} from "./shared-runtime.js";

// node_modules/@sigstore/protobuf-specs/dist/__generated__/envelope.js
var require_envelope = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/envelope.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Signature = exports.Envelope = void 0;
    exports.Envelope = {
      fromJSON(object) {
        return {
          payload: isSet(object.payload) ? Buffer.from(bytesFromBase64(object.payload)) : Buffer.alloc(0),
          payloadType: isSet(object.payloadType) ? globalThis.String(object.payloadType) : "",
          signatures: globalThis.Array.isArray(object?.signatures) ? object.signatures.map((e) => exports.Signature.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.payload.length !== 0) {
          obj.payload = base64FromBytes(message.payload);
        }
        if (message.payloadType !== "") {
          obj.payloadType = message.payloadType;
        }
        if (message.signatures?.length) {
          obj.signatures = message.signatures.map((e) => exports.Signature.toJSON(e));
        }
        return obj;
      }
    };
    exports.Signature = {
      fromJSON(object) {
        return {
          sig: isSet(object.sig) ? Buffer.from(bytesFromBase64(object.sig)) : Buffer.alloc(0),
          keyid: isSet(object.keyid) ? globalThis.String(object.keyid) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.sig.length !== 0) {
          obj.sig = base64FromBytes(message.sig);
        }
        if (message.keyid !== "") {
          obj.keyid = message.keyid;
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/google/protobuf/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/google/protobuf/timestamp.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Timestamp = void 0;
    exports.Timestamp = {
      fromJSON(object) {
        return {
          seconds: isSet(object.seconds) ? globalThis.String(object.seconds) : "0",
          nanos: isSet(object.nanos) ? globalThis.Number(object.nanos) : 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.seconds !== "0") {
          obj.seconds = message.seconds;
        }
        if (message.nanos !== 0) {
          obj.nanos = Math.round(message.nanos);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_common.js
var require_sigstore_common = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_common.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.TimeRange = exports.X509CertificateChain = exports.SubjectAlternativeName = exports.X509Certificate = exports.DistinguishedName = exports.ObjectIdentifierValuePair = exports.ObjectIdentifier = exports.PublicKeyIdentifier = exports.PublicKey = exports.RFC3161SignedTimestamp = exports.LogId = exports.MessageSignature = exports.HashOutput = exports.SubjectAlternativeNameType = exports.PublicKeyDetails = exports.HashAlgorithm = void 0;
    exports.hashAlgorithmFromJSON = hashAlgorithmFromJSON;
    exports.hashAlgorithmToJSON = hashAlgorithmToJSON;
    exports.publicKeyDetailsFromJSON = publicKeyDetailsFromJSON;
    exports.publicKeyDetailsToJSON = publicKeyDetailsToJSON;
    exports.subjectAlternativeNameTypeFromJSON = subjectAlternativeNameTypeFromJSON;
    exports.subjectAlternativeNameTypeToJSON = subjectAlternativeNameTypeToJSON;
    var timestamp_1 = require_timestamp();
    var HashAlgorithm;
    (function(HashAlgorithm2) {
      HashAlgorithm2[HashAlgorithm2["HASH_ALGORITHM_UNSPECIFIED"] = 0] = "HASH_ALGORITHM_UNSPECIFIED";
      HashAlgorithm2[HashAlgorithm2["SHA2_256"] = 1] = "SHA2_256";
      HashAlgorithm2[HashAlgorithm2["SHA2_384"] = 2] = "SHA2_384";
      HashAlgorithm2[HashAlgorithm2["SHA2_512"] = 3] = "SHA2_512";
      HashAlgorithm2[HashAlgorithm2["SHA3_256"] = 4] = "SHA3_256";
      HashAlgorithm2[HashAlgorithm2["SHA3_384"] = 5] = "SHA3_384";
    })(HashAlgorithm || (exports.HashAlgorithm = HashAlgorithm = {}));
    function hashAlgorithmFromJSON(object) {
      switch (object) {
        case 0:
        case "HASH_ALGORITHM_UNSPECIFIED":
          return HashAlgorithm.HASH_ALGORITHM_UNSPECIFIED;
        case 1:
        case "SHA2_256":
          return HashAlgorithm.SHA2_256;
        case 2:
        case "SHA2_384":
          return HashAlgorithm.SHA2_384;
        case 3:
        case "SHA2_512":
          return HashAlgorithm.SHA2_512;
        case 4:
        case "SHA3_256":
          return HashAlgorithm.SHA3_256;
        case 5:
        case "SHA3_384":
          return HashAlgorithm.SHA3_384;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum HashAlgorithm");
      }
    }
    function hashAlgorithmToJSON(object) {
      switch (object) {
        case HashAlgorithm.HASH_ALGORITHM_UNSPECIFIED:
          return "HASH_ALGORITHM_UNSPECIFIED";
        case HashAlgorithm.SHA2_256:
          return "SHA2_256";
        case HashAlgorithm.SHA2_384:
          return "SHA2_384";
        case HashAlgorithm.SHA2_512:
          return "SHA2_512";
        case HashAlgorithm.SHA3_256:
          return "SHA3_256";
        case HashAlgorithm.SHA3_384:
          return "SHA3_384";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum HashAlgorithm");
      }
    }
    var PublicKeyDetails;
    (function(PublicKeyDetails2) {
      PublicKeyDetails2[PublicKeyDetails2["PUBLIC_KEY_DETAILS_UNSPECIFIED"] = 0] = "PUBLIC_KEY_DETAILS_UNSPECIFIED";
      PublicKeyDetails2[PublicKeyDetails2["PKCS1_RSA_PKCS1V5"] = 1] = "PKCS1_RSA_PKCS1V5";
      PublicKeyDetails2[PublicKeyDetails2["PKCS1_RSA_PSS"] = 2] = "PKCS1_RSA_PSS";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V5"] = 3] = "PKIX_RSA_PKCS1V5";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS"] = 4] = "PKIX_RSA_PSS";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V15_2048_SHA256"] = 9] = "PKIX_RSA_PKCS1V15_2048_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V15_3072_SHA256"] = 10] = "PKIX_RSA_PKCS1V15_3072_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V15_4096_SHA256"] = 11] = "PKIX_RSA_PKCS1V15_4096_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS_2048_SHA256"] = 16] = "PKIX_RSA_PSS_2048_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS_3072_SHA256"] = 17] = "PKIX_RSA_PSS_3072_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS_4096_SHA256"] = 18] = "PKIX_RSA_PSS_4096_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P256_HMAC_SHA_256"] = 6] = "PKIX_ECDSA_P256_HMAC_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P256_SHA_256"] = 5] = "PKIX_ECDSA_P256_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P384_SHA_384"] = 12] = "PKIX_ECDSA_P384_SHA_384";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P521_SHA_512"] = 13] = "PKIX_ECDSA_P521_SHA_512";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ED25519"] = 7] = "PKIX_ED25519";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ED25519_PH"] = 8] = "PKIX_ED25519_PH";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P384_SHA_256"] = 19] = "PKIX_ECDSA_P384_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P521_SHA_256"] = 20] = "PKIX_ECDSA_P521_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["LMS_SHA256"] = 14] = "LMS_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["LMOTS_SHA256"] = 15] = "LMOTS_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["ML_DSA_44"] = 23] = "ML_DSA_44";
      PublicKeyDetails2[PublicKeyDetails2["ML_DSA_65"] = 21] = "ML_DSA_65";
      PublicKeyDetails2[PublicKeyDetails2["ML_DSA_87"] = 22] = "ML_DSA_87";
    })(PublicKeyDetails || (exports.PublicKeyDetails = PublicKeyDetails = {}));
    function publicKeyDetailsFromJSON(object) {
      switch (object) {
        case 0:
        case "PUBLIC_KEY_DETAILS_UNSPECIFIED":
          return PublicKeyDetails.PUBLIC_KEY_DETAILS_UNSPECIFIED;
        case 1:
        case "PKCS1_RSA_PKCS1V5":
          return PublicKeyDetails.PKCS1_RSA_PKCS1V5;
        case 2:
        case "PKCS1_RSA_PSS":
          return PublicKeyDetails.PKCS1_RSA_PSS;
        case 3:
        case "PKIX_RSA_PKCS1V5":
          return PublicKeyDetails.PKIX_RSA_PKCS1V5;
        case 4:
        case "PKIX_RSA_PSS":
          return PublicKeyDetails.PKIX_RSA_PSS;
        case 9:
        case "PKIX_RSA_PKCS1V15_2048_SHA256":
          return PublicKeyDetails.PKIX_RSA_PKCS1V15_2048_SHA256;
        case 10:
        case "PKIX_RSA_PKCS1V15_3072_SHA256":
          return PublicKeyDetails.PKIX_RSA_PKCS1V15_3072_SHA256;
        case 11:
        case "PKIX_RSA_PKCS1V15_4096_SHA256":
          return PublicKeyDetails.PKIX_RSA_PKCS1V15_4096_SHA256;
        case 16:
        case "PKIX_RSA_PSS_2048_SHA256":
          return PublicKeyDetails.PKIX_RSA_PSS_2048_SHA256;
        case 17:
        case "PKIX_RSA_PSS_3072_SHA256":
          return PublicKeyDetails.PKIX_RSA_PSS_3072_SHA256;
        case 18:
        case "PKIX_RSA_PSS_4096_SHA256":
          return PublicKeyDetails.PKIX_RSA_PSS_4096_SHA256;
        case 6:
        case "PKIX_ECDSA_P256_HMAC_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P256_HMAC_SHA_256;
        case 5:
        case "PKIX_ECDSA_P256_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P256_SHA_256;
        case 12:
        case "PKIX_ECDSA_P384_SHA_384":
          return PublicKeyDetails.PKIX_ECDSA_P384_SHA_384;
        case 13:
        case "PKIX_ECDSA_P521_SHA_512":
          return PublicKeyDetails.PKIX_ECDSA_P521_SHA_512;
        case 7:
        case "PKIX_ED25519":
          return PublicKeyDetails.PKIX_ED25519;
        case 8:
        case "PKIX_ED25519_PH":
          return PublicKeyDetails.PKIX_ED25519_PH;
        case 19:
        case "PKIX_ECDSA_P384_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P384_SHA_256;
        case 20:
        case "PKIX_ECDSA_P521_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P521_SHA_256;
        case 14:
        case "LMS_SHA256":
          return PublicKeyDetails.LMS_SHA256;
        case 15:
        case "LMOTS_SHA256":
          return PublicKeyDetails.LMOTS_SHA256;
        case 23:
        case "ML_DSA_44":
          return PublicKeyDetails.ML_DSA_44;
        case 21:
        case "ML_DSA_65":
          return PublicKeyDetails.ML_DSA_65;
        case 22:
        case "ML_DSA_87":
          return PublicKeyDetails.ML_DSA_87;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum PublicKeyDetails");
      }
    }
    function publicKeyDetailsToJSON(object) {
      switch (object) {
        case PublicKeyDetails.PUBLIC_KEY_DETAILS_UNSPECIFIED:
          return "PUBLIC_KEY_DETAILS_UNSPECIFIED";
        case PublicKeyDetails.PKCS1_RSA_PKCS1V5:
          return "PKCS1_RSA_PKCS1V5";
        case PublicKeyDetails.PKCS1_RSA_PSS:
          return "PKCS1_RSA_PSS";
        case PublicKeyDetails.PKIX_RSA_PKCS1V5:
          return "PKIX_RSA_PKCS1V5";
        case PublicKeyDetails.PKIX_RSA_PSS:
          return "PKIX_RSA_PSS";
        case PublicKeyDetails.PKIX_RSA_PKCS1V15_2048_SHA256:
          return "PKIX_RSA_PKCS1V15_2048_SHA256";
        case PublicKeyDetails.PKIX_RSA_PKCS1V15_3072_SHA256:
          return "PKIX_RSA_PKCS1V15_3072_SHA256";
        case PublicKeyDetails.PKIX_RSA_PKCS1V15_4096_SHA256:
          return "PKIX_RSA_PKCS1V15_4096_SHA256";
        case PublicKeyDetails.PKIX_RSA_PSS_2048_SHA256:
          return "PKIX_RSA_PSS_2048_SHA256";
        case PublicKeyDetails.PKIX_RSA_PSS_3072_SHA256:
          return "PKIX_RSA_PSS_3072_SHA256";
        case PublicKeyDetails.PKIX_RSA_PSS_4096_SHA256:
          return "PKIX_RSA_PSS_4096_SHA256";
        case PublicKeyDetails.PKIX_ECDSA_P256_HMAC_SHA_256:
          return "PKIX_ECDSA_P256_HMAC_SHA_256";
        case PublicKeyDetails.PKIX_ECDSA_P256_SHA_256:
          return "PKIX_ECDSA_P256_SHA_256";
        case PublicKeyDetails.PKIX_ECDSA_P384_SHA_384:
          return "PKIX_ECDSA_P384_SHA_384";
        case PublicKeyDetails.PKIX_ECDSA_P521_SHA_512:
          return "PKIX_ECDSA_P521_SHA_512";
        case PublicKeyDetails.PKIX_ED25519:
          return "PKIX_ED25519";
        case PublicKeyDetails.PKIX_ED25519_PH:
          return "PKIX_ED25519_PH";
        case PublicKeyDetails.PKIX_ECDSA_P384_SHA_256:
          return "PKIX_ECDSA_P384_SHA_256";
        case PublicKeyDetails.PKIX_ECDSA_P521_SHA_256:
          return "PKIX_ECDSA_P521_SHA_256";
        case PublicKeyDetails.LMS_SHA256:
          return "LMS_SHA256";
        case PublicKeyDetails.LMOTS_SHA256:
          return "LMOTS_SHA256";
        case PublicKeyDetails.ML_DSA_44:
          return "ML_DSA_44";
        case PublicKeyDetails.ML_DSA_65:
          return "ML_DSA_65";
        case PublicKeyDetails.ML_DSA_87:
          return "ML_DSA_87";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum PublicKeyDetails");
      }
    }
    var SubjectAlternativeNameType;
    (function(SubjectAlternativeNameType2) {
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED"] = 0] = "SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED";
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["EMAIL"] = 1] = "EMAIL";
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["URI"] = 2] = "URI";
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["OTHER_NAME"] = 3] = "OTHER_NAME";
    })(SubjectAlternativeNameType || (exports.SubjectAlternativeNameType = SubjectAlternativeNameType = {}));
    function subjectAlternativeNameTypeFromJSON(object) {
      switch (object) {
        case 0:
        case "SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED":
          return SubjectAlternativeNameType.SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED;
        case 1:
        case "EMAIL":
          return SubjectAlternativeNameType.EMAIL;
        case 2:
        case "URI":
          return SubjectAlternativeNameType.URI;
        case 3:
        case "OTHER_NAME":
          return SubjectAlternativeNameType.OTHER_NAME;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum SubjectAlternativeNameType");
      }
    }
    function subjectAlternativeNameTypeToJSON(object) {
      switch (object) {
        case SubjectAlternativeNameType.SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED:
          return "SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED";
        case SubjectAlternativeNameType.EMAIL:
          return "EMAIL";
        case SubjectAlternativeNameType.URI:
          return "URI";
        case SubjectAlternativeNameType.OTHER_NAME:
          return "OTHER_NAME";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum SubjectAlternativeNameType");
      }
    }
    exports.HashOutput = {
      fromJSON(object) {
        return {
          algorithm: isSet(object.algorithm) ? hashAlgorithmFromJSON(object.algorithm) : 0,
          digest: isSet(object.digest) ? Buffer.from(bytesFromBase64(object.digest)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.algorithm !== 0) {
          obj.algorithm = hashAlgorithmToJSON(message.algorithm);
        }
        if (message.digest.length !== 0) {
          obj.digest = base64FromBytes(message.digest);
        }
        return obj;
      }
    };
    exports.MessageSignature = {
      fromJSON(object) {
        return {
          messageDigest: isSet(object.messageDigest) ? exports.HashOutput.fromJSON(object.messageDigest) : void 0,
          signature: isSet(object.signature) ? Buffer.from(bytesFromBase64(object.signature)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.messageDigest !== void 0) {
          obj.messageDigest = exports.HashOutput.toJSON(message.messageDigest);
        }
        if (message.signature.length !== 0) {
          obj.signature = base64FromBytes(message.signature);
        }
        return obj;
      }
    };
    exports.LogId = {
      fromJSON(object) {
        return { keyId: isSet(object.keyId) ? Buffer.from(bytesFromBase64(object.keyId)) : Buffer.alloc(0) };
      },
      toJSON(message) {
        const obj = {};
        if (message.keyId.length !== 0) {
          obj.keyId = base64FromBytes(message.keyId);
        }
        return obj;
      }
    };
    exports.RFC3161SignedTimestamp = {
      fromJSON(object) {
        return {
          signedTimestamp: isSet(object.signedTimestamp) ? Buffer.from(bytesFromBase64(object.signedTimestamp)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.signedTimestamp.length !== 0) {
          obj.signedTimestamp = base64FromBytes(message.signedTimestamp);
        }
        return obj;
      }
    };
    exports.PublicKey = {
      fromJSON(object) {
        return {
          rawBytes: isSet(object.rawBytes) ? Buffer.from(bytesFromBase64(object.rawBytes)) : void 0,
          keyDetails: isSet(object.keyDetails) ? publicKeyDetailsFromJSON(object.keyDetails) : 0,
          validFor: isSet(object.validFor) ? exports.TimeRange.fromJSON(object.validFor) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.rawBytes !== void 0) {
          obj.rawBytes = base64FromBytes(message.rawBytes);
        }
        if (message.keyDetails !== 0) {
          obj.keyDetails = publicKeyDetailsToJSON(message.keyDetails);
        }
        if (message.validFor !== void 0) {
          obj.validFor = exports.TimeRange.toJSON(message.validFor);
        }
        return obj;
      }
    };
    exports.PublicKeyIdentifier = {
      fromJSON(object) {
        return { hint: isSet(object.hint) ? globalThis.String(object.hint) : "" };
      },
      toJSON(message) {
        const obj = {};
        if (message.hint !== "") {
          obj.hint = message.hint;
        }
        return obj;
      }
    };
    exports.ObjectIdentifier = {
      fromJSON(object) {
        return { id: globalThis.Array.isArray(object?.id) ? object.id.map((e) => globalThis.Number(e)) : [] };
      },
      toJSON(message) {
        const obj = {};
        if (message.id?.length) {
          obj.id = message.id.map((e) => Math.round(e));
        }
        return obj;
      }
    };
    exports.ObjectIdentifierValuePair = {
      fromJSON(object) {
        return {
          oid: isSet(object.oid) ? exports.ObjectIdentifier.fromJSON(object.oid) : void 0,
          value: isSet(object.value) ? Buffer.from(bytesFromBase64(object.value)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.oid !== void 0) {
          obj.oid = exports.ObjectIdentifier.toJSON(message.oid);
        }
        if (message.value.length !== 0) {
          obj.value = base64FromBytes(message.value);
        }
        return obj;
      }
    };
    exports.DistinguishedName = {
      fromJSON(object) {
        return {
          organization: isSet(object.organization) ? globalThis.String(object.organization) : "",
          commonName: isSet(object.commonName) ? globalThis.String(object.commonName) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.organization !== "") {
          obj.organization = message.organization;
        }
        if (message.commonName !== "") {
          obj.commonName = message.commonName;
        }
        return obj;
      }
    };
    exports.X509Certificate = {
      fromJSON(object) {
        return { rawBytes: isSet(object.rawBytes) ? Buffer.from(bytesFromBase64(object.rawBytes)) : Buffer.alloc(0) };
      },
      toJSON(message) {
        const obj = {};
        if (message.rawBytes.length !== 0) {
          obj.rawBytes = base64FromBytes(message.rawBytes);
        }
        return obj;
      }
    };
    exports.SubjectAlternativeName = {
      fromJSON(object) {
        return {
          type: isSet(object.type) ? subjectAlternativeNameTypeFromJSON(object.type) : 0,
          identity: isSet(object.regexp) ? { $case: "regexp", regexp: globalThis.String(object.regexp) } : isSet(object.value) ? { $case: "value", value: globalThis.String(object.value) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.type !== 0) {
          obj.type = subjectAlternativeNameTypeToJSON(message.type);
        }
        if (message.identity?.$case === "regexp") {
          obj.regexp = message.identity.regexp;
        } else if (message.identity?.$case === "value") {
          obj.value = message.identity.value;
        }
        return obj;
      }
    };
    exports.X509CertificateChain = {
      fromJSON(object) {
        return {
          certificates: globalThis.Array.isArray(object?.certificates) ? object.certificates.map((e) => exports.X509Certificate.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.certificates?.length) {
          obj.certificates = message.certificates.map((e) => exports.X509Certificate.toJSON(e));
        }
        return obj;
      }
    };
    exports.TimeRange = {
      fromJSON(object) {
        return {
          start: isSet(object.start) ? fromJsonTimestamp(object.start) : void 0,
          end: isSet(object.end) ? fromJsonTimestamp(object.end) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.start !== void 0) {
          obj.start = message.start.toISOString();
        }
        if (message.end !== void 0) {
          obj.end = message.end.toISOString();
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function fromTimestamp(t) {
      let millis = (globalThis.Number(t.seconds) || 0) * 1e3;
      millis += (t.nanos || 0) / 1e6;
      return new globalThis.Date(millis);
    }
    function fromJsonTimestamp(o) {
      if (o instanceof globalThis.Date) {
        return o;
      } else if (typeof o === "string") {
        return new globalThis.Date(o);
      } else {
        return fromTimestamp(timestamp_1.Timestamp.fromJSON(o));
      }
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_rekor.js
var require_sigstore_rekor = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_rekor.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.TransparencyLogEntry = exports.InclusionPromise = exports.InclusionProof = exports.Checkpoint = exports.KindVersion = void 0;
    var sigstore_common_1 = require_sigstore_common();
    exports.KindVersion = {
      fromJSON(object) {
        return {
          kind: isSet(object.kind) ? globalThis.String(object.kind) : "",
          version: isSet(object.version) ? globalThis.String(object.version) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.kind !== "") {
          obj.kind = message.kind;
        }
        if (message.version !== "") {
          obj.version = message.version;
        }
        return obj;
      }
    };
    exports.Checkpoint = {
      fromJSON(object) {
        return { envelope: isSet(object.envelope) ? globalThis.String(object.envelope) : "" };
      },
      toJSON(message) {
        const obj = {};
        if (message.envelope !== "") {
          obj.envelope = message.envelope;
        }
        return obj;
      }
    };
    exports.InclusionProof = {
      fromJSON(object) {
        return {
          logIndex: isSet(object.logIndex) ? globalThis.String(object.logIndex) : "0",
          rootHash: isSet(object.rootHash) ? Buffer.from(bytesFromBase64(object.rootHash)) : Buffer.alloc(0),
          treeSize: isSet(object.treeSize) ? globalThis.String(object.treeSize) : "0",
          hashes: globalThis.Array.isArray(object?.hashes) ? object.hashes.map((e) => Buffer.from(bytesFromBase64(e))) : [],
          checkpoint: isSet(object.checkpoint) ? exports.Checkpoint.fromJSON(object.checkpoint) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.logIndex !== "0") {
          obj.logIndex = message.logIndex;
        }
        if (message.rootHash.length !== 0) {
          obj.rootHash = base64FromBytes(message.rootHash);
        }
        if (message.treeSize !== "0") {
          obj.treeSize = message.treeSize;
        }
        if (message.hashes?.length) {
          obj.hashes = message.hashes.map((e) => base64FromBytes(e));
        }
        if (message.checkpoint !== void 0) {
          obj.checkpoint = exports.Checkpoint.toJSON(message.checkpoint);
        }
        return obj;
      }
    };
    exports.InclusionPromise = {
      fromJSON(object) {
        return {
          signedEntryTimestamp: isSet(object.signedEntryTimestamp) ? Buffer.from(bytesFromBase64(object.signedEntryTimestamp)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.signedEntryTimestamp.length !== 0) {
          obj.signedEntryTimestamp = base64FromBytes(message.signedEntryTimestamp);
        }
        return obj;
      }
    };
    exports.TransparencyLogEntry = {
      fromJSON(object) {
        return {
          logIndex: isSet(object.logIndex) ? globalThis.String(object.logIndex) : "0",
          logId: isSet(object.logId) ? sigstore_common_1.LogId.fromJSON(object.logId) : void 0,
          kindVersion: isSet(object.kindVersion) ? exports.KindVersion.fromJSON(object.kindVersion) : void 0,
          integratedTime: isSet(object.integratedTime) ? globalThis.String(object.integratedTime) : "0",
          inclusionPromise: isSet(object.inclusionPromise) ? exports.InclusionPromise.fromJSON(object.inclusionPromise) : void 0,
          inclusionProof: isSet(object.inclusionProof) ? exports.InclusionProof.fromJSON(object.inclusionProof) : void 0,
          canonicalizedBody: isSet(object.canonicalizedBody) ? Buffer.from(bytesFromBase64(object.canonicalizedBody)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.logIndex !== "0") {
          obj.logIndex = message.logIndex;
        }
        if (message.logId !== void 0) {
          obj.logId = sigstore_common_1.LogId.toJSON(message.logId);
        }
        if (message.kindVersion !== void 0) {
          obj.kindVersion = exports.KindVersion.toJSON(message.kindVersion);
        }
        if (message.integratedTime !== "0") {
          obj.integratedTime = message.integratedTime;
        }
        if (message.inclusionPromise !== void 0) {
          obj.inclusionPromise = exports.InclusionPromise.toJSON(message.inclusionPromise);
        }
        if (message.inclusionProof !== void 0) {
          obj.inclusionProof = exports.InclusionProof.toJSON(message.inclusionProof);
        }
        if (message.canonicalizedBody.length !== 0) {
          obj.canonicalizedBody = base64FromBytes(message.canonicalizedBody);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_bundle.js
var require_sigstore_bundle = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_bundle.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Bundle = exports.VerificationMaterial = exports.TimestampVerificationData = void 0;
    var envelope_1 = require_envelope();
    var sigstore_common_1 = require_sigstore_common();
    var sigstore_rekor_1 = require_sigstore_rekor();
    exports.TimestampVerificationData = {
      fromJSON(object) {
        return {
          rfc3161Timestamps: globalThis.Array.isArray(object?.rfc3161Timestamps) ? object.rfc3161Timestamps.map((e) => sigstore_common_1.RFC3161SignedTimestamp.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.rfc3161Timestamps?.length) {
          obj.rfc3161Timestamps = message.rfc3161Timestamps.map((e) => sigstore_common_1.RFC3161SignedTimestamp.toJSON(e));
        }
        return obj;
      }
    };
    exports.VerificationMaterial = {
      fromJSON(object) {
        return {
          content: isSet(object.publicKey) ? { $case: "publicKey", publicKey: sigstore_common_1.PublicKeyIdentifier.fromJSON(object.publicKey) } : isSet(object.x509CertificateChain) ? {
            $case: "x509CertificateChain",
            x509CertificateChain: sigstore_common_1.X509CertificateChain.fromJSON(object.x509CertificateChain)
          } : isSet(object.certificate) ? { $case: "certificate", certificate: sigstore_common_1.X509Certificate.fromJSON(object.certificate) } : void 0,
          tlogEntries: globalThis.Array.isArray(object?.tlogEntries) ? object.tlogEntries.map((e) => sigstore_rekor_1.TransparencyLogEntry.fromJSON(e)) : [],
          timestampVerificationData: isSet(object.timestampVerificationData) ? exports.TimestampVerificationData.fromJSON(object.timestampVerificationData) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.content?.$case === "publicKey") {
          obj.publicKey = sigstore_common_1.PublicKeyIdentifier.toJSON(message.content.publicKey);
        } else if (message.content?.$case === "x509CertificateChain") {
          obj.x509CertificateChain = sigstore_common_1.X509CertificateChain.toJSON(message.content.x509CertificateChain);
        } else if (message.content?.$case === "certificate") {
          obj.certificate = sigstore_common_1.X509Certificate.toJSON(message.content.certificate);
        }
        if (message.tlogEntries?.length) {
          obj.tlogEntries = message.tlogEntries.map((e) => sigstore_rekor_1.TransparencyLogEntry.toJSON(e));
        }
        if (message.timestampVerificationData !== void 0) {
          obj.timestampVerificationData = exports.TimestampVerificationData.toJSON(message.timestampVerificationData);
        }
        return obj;
      }
    };
    exports.Bundle = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          verificationMaterial: isSet(object.verificationMaterial) ? exports.VerificationMaterial.fromJSON(object.verificationMaterial) : void 0,
          content: isSet(object.messageSignature) ? { $case: "messageSignature", messageSignature: sigstore_common_1.MessageSignature.fromJSON(object.messageSignature) } : isSet(object.dsseEnvelope) ? { $case: "dsseEnvelope", dsseEnvelope: envelope_1.Envelope.fromJSON(object.dsseEnvelope) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.verificationMaterial !== void 0) {
          obj.verificationMaterial = exports.VerificationMaterial.toJSON(message.verificationMaterial);
        }
        if (message.content?.$case === "messageSignature") {
          obj.messageSignature = sigstore_common_1.MessageSignature.toJSON(message.content.messageSignature);
        } else if (message.content?.$case === "dsseEnvelope") {
          obj.dsseEnvelope = envelope_1.Envelope.toJSON(message.content.dsseEnvelope);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_trustroot.js
var require_sigstore_trustroot = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_trustroot.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ClientTrustConfig = exports.ServiceConfiguration = exports.Service = exports.SigningConfig = exports.TrustedRoot = exports.CertificateAuthority = exports.TransparencyLogInstance = exports.ServiceSelector = void 0;
    exports.serviceSelectorFromJSON = serviceSelectorFromJSON;
    exports.serviceSelectorToJSON = serviceSelectorToJSON;
    var sigstore_common_1 = require_sigstore_common();
    var ServiceSelector;
    (function(ServiceSelector2) {
      ServiceSelector2[ServiceSelector2["SERVICE_SELECTOR_UNDEFINED"] = 0] = "SERVICE_SELECTOR_UNDEFINED";
      ServiceSelector2[ServiceSelector2["ALL"] = 1] = "ALL";
      ServiceSelector2[ServiceSelector2["ANY"] = 2] = "ANY";
      ServiceSelector2[ServiceSelector2["EXACT"] = 3] = "EXACT";
    })(ServiceSelector || (exports.ServiceSelector = ServiceSelector = {}));
    function serviceSelectorFromJSON(object) {
      switch (object) {
        case 0:
        case "SERVICE_SELECTOR_UNDEFINED":
          return ServiceSelector.SERVICE_SELECTOR_UNDEFINED;
        case 1:
        case "ALL":
          return ServiceSelector.ALL;
        case 2:
        case "ANY":
          return ServiceSelector.ANY;
        case 3:
        case "EXACT":
          return ServiceSelector.EXACT;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum ServiceSelector");
      }
    }
    function serviceSelectorToJSON(object) {
      switch (object) {
        case ServiceSelector.SERVICE_SELECTOR_UNDEFINED:
          return "SERVICE_SELECTOR_UNDEFINED";
        case ServiceSelector.ALL:
          return "ALL";
        case ServiceSelector.ANY:
          return "ANY";
        case ServiceSelector.EXACT:
          return "EXACT";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum ServiceSelector");
      }
    }
    exports.TransparencyLogInstance = {
      fromJSON(object) {
        return {
          baseUrl: isSet(object.baseUrl) ? globalThis.String(object.baseUrl) : "",
          hashAlgorithm: isSet(object.hashAlgorithm) ? (0, sigstore_common_1.hashAlgorithmFromJSON)(object.hashAlgorithm) : 0,
          publicKey: isSet(object.publicKey) ? sigstore_common_1.PublicKey.fromJSON(object.publicKey) : void 0,
          logId: isSet(object.logId) ? sigstore_common_1.LogId.fromJSON(object.logId) : void 0,
          checkpointKeyId: isSet(object.checkpointKeyId) ? sigstore_common_1.LogId.fromJSON(object.checkpointKeyId) : void 0,
          operator: isSet(object.operator) ? globalThis.String(object.operator) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.baseUrl !== "") {
          obj.baseUrl = message.baseUrl;
        }
        if (message.hashAlgorithm !== 0) {
          obj.hashAlgorithm = (0, sigstore_common_1.hashAlgorithmToJSON)(message.hashAlgorithm);
        }
        if (message.publicKey !== void 0) {
          obj.publicKey = sigstore_common_1.PublicKey.toJSON(message.publicKey);
        }
        if (message.logId !== void 0) {
          obj.logId = sigstore_common_1.LogId.toJSON(message.logId);
        }
        if (message.checkpointKeyId !== void 0) {
          obj.checkpointKeyId = sigstore_common_1.LogId.toJSON(message.checkpointKeyId);
        }
        if (message.operator !== "") {
          obj.operator = message.operator;
        }
        return obj;
      }
    };
    exports.CertificateAuthority = {
      fromJSON(object) {
        return {
          subject: isSet(object.subject) ? sigstore_common_1.DistinguishedName.fromJSON(object.subject) : void 0,
          uri: isSet(object.uri) ? globalThis.String(object.uri) : "",
          certChain: isSet(object.certChain) ? sigstore_common_1.X509CertificateChain.fromJSON(object.certChain) : void 0,
          validFor: isSet(object.validFor) ? sigstore_common_1.TimeRange.fromJSON(object.validFor) : void 0,
          operator: isSet(object.operator) ? globalThis.String(object.operator) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.subject !== void 0) {
          obj.subject = sigstore_common_1.DistinguishedName.toJSON(message.subject);
        }
        if (message.uri !== "") {
          obj.uri = message.uri;
        }
        if (message.certChain !== void 0) {
          obj.certChain = sigstore_common_1.X509CertificateChain.toJSON(message.certChain);
        }
        if (message.validFor !== void 0) {
          obj.validFor = sigstore_common_1.TimeRange.toJSON(message.validFor);
        }
        if (message.operator !== "") {
          obj.operator = message.operator;
        }
        return obj;
      }
    };
    exports.TrustedRoot = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          tlogs: globalThis.Array.isArray(object?.tlogs) ? object.tlogs.map((e) => exports.TransparencyLogInstance.fromJSON(e)) : [],
          certificateAuthorities: globalThis.Array.isArray(object?.certificateAuthorities) ? object.certificateAuthorities.map((e) => exports.CertificateAuthority.fromJSON(e)) : [],
          ctlogs: globalThis.Array.isArray(object?.ctlogs) ? object.ctlogs.map((e) => exports.TransparencyLogInstance.fromJSON(e)) : [],
          timestampAuthorities: globalThis.Array.isArray(object?.timestampAuthorities) ? object.timestampAuthorities.map((e) => exports.CertificateAuthority.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.tlogs?.length) {
          obj.tlogs = message.tlogs.map((e) => exports.TransparencyLogInstance.toJSON(e));
        }
        if (message.certificateAuthorities?.length) {
          obj.certificateAuthorities = message.certificateAuthorities.map((e) => exports.CertificateAuthority.toJSON(e));
        }
        if (message.ctlogs?.length) {
          obj.ctlogs = message.ctlogs.map((e) => exports.TransparencyLogInstance.toJSON(e));
        }
        if (message.timestampAuthorities?.length) {
          obj.timestampAuthorities = message.timestampAuthorities.map((e) => exports.CertificateAuthority.toJSON(e));
        }
        return obj;
      }
    };
    exports.SigningConfig = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          caUrls: globalThis.Array.isArray(object?.caUrls) ? object.caUrls.map((e) => exports.Service.fromJSON(e)) : [],
          oidcUrls: globalThis.Array.isArray(object?.oidcUrls) ? object.oidcUrls.map((e) => exports.Service.fromJSON(e)) : [],
          rekorTlogUrls: globalThis.Array.isArray(object?.rekorTlogUrls) ? object.rekorTlogUrls.map((e) => exports.Service.fromJSON(e)) : [],
          rekorTlogConfig: isSet(object.rekorTlogConfig) ? exports.ServiceConfiguration.fromJSON(object.rekorTlogConfig) : void 0,
          tsaUrls: globalThis.Array.isArray(object?.tsaUrls) ? object.tsaUrls.map((e) => exports.Service.fromJSON(e)) : [],
          tsaConfig: isSet(object.tsaConfig) ? exports.ServiceConfiguration.fromJSON(object.tsaConfig) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.caUrls?.length) {
          obj.caUrls = message.caUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.oidcUrls?.length) {
          obj.oidcUrls = message.oidcUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.rekorTlogUrls?.length) {
          obj.rekorTlogUrls = message.rekorTlogUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.rekorTlogConfig !== void 0) {
          obj.rekorTlogConfig = exports.ServiceConfiguration.toJSON(message.rekorTlogConfig);
        }
        if (message.tsaUrls?.length) {
          obj.tsaUrls = message.tsaUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.tsaConfig !== void 0) {
          obj.tsaConfig = exports.ServiceConfiguration.toJSON(message.tsaConfig);
        }
        return obj;
      }
    };
    exports.Service = {
      fromJSON(object) {
        return {
          url: isSet(object.url) ? globalThis.String(object.url) : "",
          majorApiVersion: isSet(object.majorApiVersion) ? globalThis.Number(object.majorApiVersion) : 0,
          validFor: isSet(object.validFor) ? sigstore_common_1.TimeRange.fromJSON(object.validFor) : void 0,
          operator: isSet(object.operator) ? globalThis.String(object.operator) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.url !== "") {
          obj.url = message.url;
        }
        if (message.majorApiVersion !== 0) {
          obj.majorApiVersion = Math.round(message.majorApiVersion);
        }
        if (message.validFor !== void 0) {
          obj.validFor = sigstore_common_1.TimeRange.toJSON(message.validFor);
        }
        if (message.operator !== "") {
          obj.operator = message.operator;
        }
        return obj;
      }
    };
    exports.ServiceConfiguration = {
      fromJSON(object) {
        return {
          selector: isSet(object.selector) ? serviceSelectorFromJSON(object.selector) : 0,
          count: isSet(object.count) ? globalThis.Number(object.count) : 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.selector !== 0) {
          obj.selector = serviceSelectorToJSON(message.selector);
        }
        if (message.count !== 0) {
          obj.count = Math.round(message.count);
        }
        return obj;
      }
    };
    exports.ClientTrustConfig = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          trustedRoot: isSet(object.trustedRoot) ? exports.TrustedRoot.fromJSON(object.trustedRoot) : void 0,
          signingConfig: isSet(object.signingConfig) ? exports.SigningConfig.fromJSON(object.signingConfig) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.trustedRoot !== void 0) {
          obj.trustedRoot = exports.TrustedRoot.toJSON(message.trustedRoot);
        }
        if (message.signingConfig !== void 0) {
          obj.signingConfig = exports.SigningConfig.toJSON(message.signingConfig);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_verification.js
var require_sigstore_verification = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_verification.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Input = exports.Artifact = exports.ArtifactVerificationOptions_ObserverTimestampOptions = exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions = exports.ArtifactVerificationOptions_TimestampAuthorityOptions = exports.ArtifactVerificationOptions_CtlogOptions = exports.ArtifactVerificationOptions_TlogOptions = exports.ArtifactVerificationOptions = exports.PublicKeyIdentities = exports.CertificateIdentities = exports.CertificateIdentity = void 0;
    var sigstore_bundle_1 = require_sigstore_bundle();
    var sigstore_common_1 = require_sigstore_common();
    var sigstore_trustroot_1 = require_sigstore_trustroot();
    exports.CertificateIdentity = {
      fromJSON(object) {
        return {
          issuer: isSet(object.issuer) ? globalThis.String(object.issuer) : "",
          san: isSet(object.san) ? sigstore_common_1.SubjectAlternativeName.fromJSON(object.san) : void 0,
          oids: globalThis.Array.isArray(object?.oids) ? object.oids.map((e) => sigstore_common_1.ObjectIdentifierValuePair.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.issuer !== "") {
          obj.issuer = message.issuer;
        }
        if (message.san !== void 0) {
          obj.san = sigstore_common_1.SubjectAlternativeName.toJSON(message.san);
        }
        if (message.oids?.length) {
          obj.oids = message.oids.map((e) => sigstore_common_1.ObjectIdentifierValuePair.toJSON(e));
        }
        return obj;
      }
    };
    exports.CertificateIdentities = {
      fromJSON(object) {
        return {
          identities: globalThis.Array.isArray(object?.identities) ? object.identities.map((e) => exports.CertificateIdentity.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.identities?.length) {
          obj.identities = message.identities.map((e) => exports.CertificateIdentity.toJSON(e));
        }
        return obj;
      }
    };
    exports.PublicKeyIdentities = {
      fromJSON(object) {
        return {
          publicKeys: globalThis.Array.isArray(object?.publicKeys) ? object.publicKeys.map((e) => sigstore_common_1.PublicKey.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.publicKeys?.length) {
          obj.publicKeys = message.publicKeys.map((e) => sigstore_common_1.PublicKey.toJSON(e));
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions = {
      fromJSON(object) {
        return {
          signers: isSet(object.certificateIdentities) ? {
            $case: "certificateIdentities",
            certificateIdentities: exports.CertificateIdentities.fromJSON(object.certificateIdentities)
          } : isSet(object.publicKeys) ? { $case: "publicKeys", publicKeys: exports.PublicKeyIdentities.fromJSON(object.publicKeys) } : void 0,
          tlogOptions: isSet(object.tlogOptions) ? exports.ArtifactVerificationOptions_TlogOptions.fromJSON(object.tlogOptions) : void 0,
          ctlogOptions: isSet(object.ctlogOptions) ? exports.ArtifactVerificationOptions_CtlogOptions.fromJSON(object.ctlogOptions) : void 0,
          tsaOptions: isSet(object.tsaOptions) ? exports.ArtifactVerificationOptions_TimestampAuthorityOptions.fromJSON(object.tsaOptions) : void 0,
          integratedTsOptions: isSet(object.integratedTsOptions) ? exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions.fromJSON(object.integratedTsOptions) : void 0,
          observerOptions: isSet(object.observerOptions) ? exports.ArtifactVerificationOptions_ObserverTimestampOptions.fromJSON(object.observerOptions) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.signers?.$case === "certificateIdentities") {
          obj.certificateIdentities = exports.CertificateIdentities.toJSON(message.signers.certificateIdentities);
        } else if (message.signers?.$case === "publicKeys") {
          obj.publicKeys = exports.PublicKeyIdentities.toJSON(message.signers.publicKeys);
        }
        if (message.tlogOptions !== void 0) {
          obj.tlogOptions = exports.ArtifactVerificationOptions_TlogOptions.toJSON(message.tlogOptions);
        }
        if (message.ctlogOptions !== void 0) {
          obj.ctlogOptions = exports.ArtifactVerificationOptions_CtlogOptions.toJSON(message.ctlogOptions);
        }
        if (message.tsaOptions !== void 0) {
          obj.tsaOptions = exports.ArtifactVerificationOptions_TimestampAuthorityOptions.toJSON(message.tsaOptions);
        }
        if (message.integratedTsOptions !== void 0) {
          obj.integratedTsOptions = exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions.toJSON(message.integratedTsOptions);
        }
        if (message.observerOptions !== void 0) {
          obj.observerOptions = exports.ArtifactVerificationOptions_ObserverTimestampOptions.toJSON(message.observerOptions);
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_TlogOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          performOnlineVerification: isSet(object.performOnlineVerification) ? globalThis.Boolean(object.performOnlineVerification) : false,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.performOnlineVerification !== false) {
          obj.performOnlineVerification = message.performOnlineVerification;
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_CtlogOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_TimestampAuthorityOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_ObserverTimestampOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.Artifact = {
      fromJSON(object) {
        return {
          data: isSet(object.artifactUri) ? { $case: "artifactUri", artifactUri: globalThis.String(object.artifactUri) } : isSet(object.artifact) ? { $case: "artifact", artifact: Buffer.from(bytesFromBase64(object.artifact)) } : isSet(object.artifactDigest) ? { $case: "artifactDigest", artifactDigest: sigstore_common_1.HashOutput.fromJSON(object.artifactDigest) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.data?.$case === "artifactUri") {
          obj.artifactUri = message.data.artifactUri;
        } else if (message.data?.$case === "artifact") {
          obj.artifact = base64FromBytes(message.data.artifact);
        } else if (message.data?.$case === "artifactDigest") {
          obj.artifactDigest = sigstore_common_1.HashOutput.toJSON(message.data.artifactDigest);
        }
        return obj;
      }
    };
    exports.Input = {
      fromJSON(object) {
        return {
          artifactTrustRoot: isSet(object.artifactTrustRoot) ? sigstore_trustroot_1.TrustedRoot.fromJSON(object.artifactTrustRoot) : void 0,
          artifactVerificationOptions: isSet(object.artifactVerificationOptions) ? exports.ArtifactVerificationOptions.fromJSON(object.artifactVerificationOptions) : void 0,
          bundle: isSet(object.bundle) ? sigstore_bundle_1.Bundle.fromJSON(object.bundle) : void 0,
          artifact: isSet(object.artifact) ? exports.Artifact.fromJSON(object.artifact) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.artifactTrustRoot !== void 0) {
          obj.artifactTrustRoot = sigstore_trustroot_1.TrustedRoot.toJSON(message.artifactTrustRoot);
        }
        if (message.artifactVerificationOptions !== void 0) {
          obj.artifactVerificationOptions = exports.ArtifactVerificationOptions.toJSON(message.artifactVerificationOptions);
        }
        if (message.bundle !== void 0) {
          obj.bundle = sigstore_bundle_1.Bundle.toJSON(message.bundle);
        }
        if (message.artifact !== void 0) {
          obj.artifact = exports.Artifact.toJSON(message.artifact);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/index.js
var require_dist = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/index.js"(exports) {
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
    var __exportStar = exports && exports.__exportStar || function(m, exports2) {
      for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports2, p)) __createBinding(exports2, m, p);
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    __exportStar(require_envelope(), exports);
    __exportStar(require_sigstore_bundle(), exports);
    __exportStar(require_sigstore_common(), exports);
    __exportStar(require_sigstore_rekor(), exports);
    __exportStar(require_sigstore_trustroot(), exports);
    __exportStar(require_sigstore_verification(), exports);
  }
});

// node_modules/@sigstore/bundle/dist/bundle.js
var require_bundle = __commonJS({
  "node_modules/@sigstore/bundle/dist/bundle.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.BUNDLE_V03_MEDIA_TYPE = exports.BUNDLE_V03_LEGACY_MEDIA_TYPE = exports.BUNDLE_V02_MEDIA_TYPE = exports.BUNDLE_V01_MEDIA_TYPE = void 0;
    exports.isBundleWithCertificateChain = isBundleWithCertificateChain;
    exports.isBundleWithPublicKey = isBundleWithPublicKey;
    exports.isBundleWithMessageSignature = isBundleWithMessageSignature;
    exports.isBundleWithDsseEnvelope = isBundleWithDsseEnvelope;
    exports.BUNDLE_V01_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.1";
    exports.BUNDLE_V02_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.2";
    exports.BUNDLE_V03_LEGACY_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.3";
    exports.BUNDLE_V03_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    function isBundleWithCertificateChain(b) {
      return b.verificationMaterial.content.$case === "x509CertificateChain";
    }
    function isBundleWithPublicKey(b) {
      return b.verificationMaterial.content.$case === "publicKey";
    }
    function isBundleWithMessageSignature(b) {
      return b.content.$case === "messageSignature";
    }
    function isBundleWithDsseEnvelope(b) {
      return b.content.$case === "dsseEnvelope";
    }
  }
});

// node_modules/@sigstore/bundle/dist/build.js
var require_build = __commonJS({
  "node_modules/@sigstore/bundle/dist/build.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toMessageSignatureBundle = toMessageSignatureBundle;
    exports.toDSSEBundle = toDSSEBundle;
    var protobuf_specs_1 = require_dist();
    var bundle_1 = require_bundle();
    function toMessageSignatureBundle(options) {
      return {
        mediaType: options.certificateChain ? bundle_1.BUNDLE_V02_MEDIA_TYPE : bundle_1.BUNDLE_V03_MEDIA_TYPE,
        content: {
          $case: "messageSignature",
          messageSignature: {
            messageDigest: {
              algorithm: protobuf_specs_1.HashAlgorithm.SHA2_256,
              digest: options.digest
            },
            signature: options.signature
          }
        },
        verificationMaterial: toVerificationMaterial(options)
      };
    }
    function toDSSEBundle(options) {
      return {
        mediaType: options.certificateChain ? bundle_1.BUNDLE_V02_MEDIA_TYPE : bundle_1.BUNDLE_V03_MEDIA_TYPE,
        content: {
          $case: "dsseEnvelope",
          dsseEnvelope: toEnvelope(options)
        },
        verificationMaterial: toVerificationMaterial(options)
      };
    }
    function toEnvelope(options) {
      return {
        payloadType: options.artifactType,
        payload: options.artifact,
        signatures: [toSignature(options)]
      };
    }
    function toSignature(options) {
      return {
        keyid: options.keyHint || "",
        sig: options.signature
      };
    }
    function toVerificationMaterial(options) {
      return {
        content: toKeyContent(options),
        tlogEntries: [],
        timestampVerificationData: { rfc3161Timestamps: [] }
      };
    }
    function toKeyContent(options) {
      if (options.certificate) {
        if (options.certificateChain) {
          return {
            $case: "x509CertificateChain",
            x509CertificateChain: {
              certificates: [{ rawBytes: options.certificate }]
            }
          };
        } else {
          return {
            $case: "certificate",
            certificate: { rawBytes: options.certificate }
          };
        }
      } else {
        return {
          $case: "publicKey",
          publicKey: {
            hint: options.keyHint || ""
          }
        };
      }
    }
  }
});

// node_modules/@sigstore/bundle/dist/error.js
var require_error = __commonJS({
  "node_modules/@sigstore/bundle/dist/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ValidationError = void 0;
    var ValidationError2 = class extends Error {
      fields;
      constructor(message, fields) {
        super(message);
        this.fields = fields;
      }
    };
    exports.ValidationError = ValidationError2;
  }
});

// node_modules/@sigstore/bundle/dist/validate.js
var require_validate = __commonJS({
  "node_modules/@sigstore/bundle/dist/validate.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.assertBundle = assertBundle;
    exports.assertBundleV01 = assertBundleV01;
    exports.isBundleV01 = isBundleV01;
    exports.assertBundleV02 = assertBundleV02;
    exports.assertBundleLatest = assertBundleLatest;
    var error_1 = require_error();
    function assertBundle(b) {
      const invalidValues = validateBundleBase(b);
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid bundle", invalidValues);
      }
    }
    function assertBundleV01(b) {
      const invalidValues = [];
      invalidValues.push(...validateBundleBase(b));
      invalidValues.push(...validateInclusionPromise(b));
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid v0.1 bundle", invalidValues);
      }
    }
    function isBundleV01(b) {
      try {
        assertBundleV01(b);
        return true;
      } catch (e) {
        return false;
      }
    }
    function assertBundleV02(b) {
      const invalidValues = [];
      invalidValues.push(...validateBundleBase(b));
      invalidValues.push(...validateInclusionProof(b));
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid v0.2 bundle", invalidValues);
      }
    }
    function assertBundleLatest(b) {
      const invalidValues = [];
      invalidValues.push(...validateBundleBase(b));
      invalidValues.push(...validateInclusionProof(b));
      invalidValues.push(...validateNoCertificateChain(b));
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid bundle", invalidValues);
      }
    }
    function validateBundleBase(b) {
      const invalidValues = [];
      if (b.mediaType === void 0 || !b.mediaType.match(/^application\/vnd\.dev\.sigstore\.bundle\+json;version=\d\.\d/) && !b.mediaType.match(/^application\/vnd\.dev\.sigstore\.bundle\.v\d\.\d\+json/)) {
        invalidValues.push("mediaType");
      }
      if (b.content === void 0) {
        invalidValues.push("content");
      } else {
        switch (b.content.$case) {
          case "messageSignature":
            if (b.content.messageSignature.messageDigest === void 0) {
              invalidValues.push("content.messageSignature.messageDigest");
            } else {
              if (b.content.messageSignature.messageDigest.digest.length === 0) {
                invalidValues.push("content.messageSignature.messageDigest.digest");
              }
            }
            if (b.content.messageSignature.signature.length === 0) {
              invalidValues.push("content.messageSignature.signature");
            }
            break;
          case "dsseEnvelope":
            if (b.content.dsseEnvelope.payload.length === 0) {
              invalidValues.push("content.dsseEnvelope.payload");
            }
            if (b.content.dsseEnvelope.signatures.length !== 1) {
              invalidValues.push("content.dsseEnvelope.signatures");
            } else {
              if (b.content.dsseEnvelope.signatures[0].sig.length === 0) {
                invalidValues.push("content.dsseEnvelope.signatures[0].sig");
              }
            }
            break;
        }
      }
      if (b.verificationMaterial === void 0) {
        invalidValues.push("verificationMaterial");
      } else {
        if (b.verificationMaterial.content === void 0) {
          invalidValues.push("verificationMaterial.content");
        } else {
          switch (b.verificationMaterial.content.$case) {
            case "x509CertificateChain":
              if (b.verificationMaterial.content.x509CertificateChain.certificates.length === 0) {
                invalidValues.push("verificationMaterial.content.x509CertificateChain.certificates");
              }
              b.verificationMaterial.content.x509CertificateChain.certificates.forEach((cert, i) => {
                if (cert.rawBytes.length === 0) {
                  invalidValues.push(`verificationMaterial.content.x509CertificateChain.certificates[${i}].rawBytes`);
                }
              });
              break;
            case "certificate":
              if (b.verificationMaterial.content.certificate.rawBytes.length === 0) {
                invalidValues.push("verificationMaterial.content.certificate.rawBytes");
              }
              break;
          }
        }
        if (b.verificationMaterial.tlogEntries === void 0) {
          invalidValues.push("verificationMaterial.tlogEntries");
        } else {
          if (b.verificationMaterial.tlogEntries.length > 0) {
            b.verificationMaterial.tlogEntries.forEach((entry, i) => {
              if (entry.logId === void 0) {
                invalidValues.push(`verificationMaterial.tlogEntries[${i}].logId`);
              }
              if (entry.kindVersion === void 0) {
                invalidValues.push(`verificationMaterial.tlogEntries[${i}].kindVersion`);
              }
            });
          }
        }
      }
      return invalidValues;
    }
    function validateInclusionPromise(b) {
      const invalidValues = [];
      if (b.verificationMaterial && b.verificationMaterial.tlogEntries?.length > 0) {
        b.verificationMaterial.tlogEntries.forEach((entry, i) => {
          if (entry.inclusionPromise === void 0) {
            invalidValues.push(`verificationMaterial.tlogEntries[${i}].inclusionPromise`);
          }
        });
      }
      return invalidValues;
    }
    function validateInclusionProof(b) {
      const invalidValues = [];
      if (b.verificationMaterial && b.verificationMaterial.tlogEntries?.length > 0) {
        b.verificationMaterial.tlogEntries.forEach((entry, i) => {
          if (entry.inclusionProof === void 0) {
            invalidValues.push(`verificationMaterial.tlogEntries[${i}].inclusionProof`);
          } else {
            if (entry.inclusionProof.checkpoint === void 0) {
              invalidValues.push(`verificationMaterial.tlogEntries[${i}].inclusionProof.checkpoint`);
            }
          }
        });
      }
      return invalidValues;
    }
    function validateNoCertificateChain(b) {
      const invalidValues = [];
      if (b.verificationMaterial?.content?.$case === "x509CertificateChain") {
        invalidValues.push("verificationMaterial.content.$case");
      }
      return invalidValues;
    }
  }
});

// node_modules/@sigstore/bundle/dist/serialized.js
var require_serialized = __commonJS({
  "node_modules/@sigstore/bundle/dist/serialized.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.envelopeToJSON = exports.envelopeFromJSON = exports.bundleToJSON = exports.bundleFromJSON = void 0;
    var protobuf_specs_1 = require_dist();
    var bundle_1 = require_bundle();
    var validate_1 = require_validate();
    var bundleFromJSON2 = (obj) => {
      const bundle = protobuf_specs_1.Bundle.fromJSON(obj);
      switch (bundle.mediaType) {
        case bundle_1.BUNDLE_V01_MEDIA_TYPE:
          (0, validate_1.assertBundleV01)(bundle);
          break;
        case bundle_1.BUNDLE_V02_MEDIA_TYPE:
          (0, validate_1.assertBundleV02)(bundle);
          break;
        default:
          (0, validate_1.assertBundleLatest)(bundle);
          break;
      }
      return bundle;
    };
    exports.bundleFromJSON = bundleFromJSON2;
    var bundleToJSON = (bundle) => {
      return protobuf_specs_1.Bundle.toJSON(bundle);
    };
    exports.bundleToJSON = bundleToJSON;
    var envelopeFromJSON = (obj) => {
      return protobuf_specs_1.Envelope.fromJSON(obj);
    };
    exports.envelopeFromJSON = envelopeFromJSON;
    var envelopeToJSON = (envelope) => {
      return protobuf_specs_1.Envelope.toJSON(envelope);
    };
    exports.envelopeToJSON = envelopeToJSON;
  }
});

// node_modules/@sigstore/bundle/dist/index.js
var require_dist2 = __commonJS({
  "node_modules/@sigstore/bundle/dist/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.isBundleV01 = exports.assertBundleV02 = exports.assertBundleV01 = exports.assertBundleLatest = exports.assertBundle = exports.envelopeToJSON = exports.envelopeFromJSON = exports.bundleToJSON = exports.bundleFromJSON = exports.ValidationError = exports.isBundleWithPublicKey = exports.isBundleWithMessageSignature = exports.isBundleWithDsseEnvelope = exports.isBundleWithCertificateChain = exports.BUNDLE_V03_MEDIA_TYPE = exports.BUNDLE_V03_LEGACY_MEDIA_TYPE = exports.BUNDLE_V02_MEDIA_TYPE = exports.BUNDLE_V01_MEDIA_TYPE = exports.toMessageSignatureBundle = exports.toDSSEBundle = void 0;
    var build_1 = require_build();
    Object.defineProperty(exports, "toDSSEBundle", { enumerable: true, get: function() {
      return build_1.toDSSEBundle;
    } });
    Object.defineProperty(exports, "toMessageSignatureBundle", { enumerable: true, get: function() {
      return build_1.toMessageSignatureBundle;
    } });
    var bundle_1 = require_bundle();
    Object.defineProperty(exports, "BUNDLE_V01_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V01_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "BUNDLE_V02_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V02_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "BUNDLE_V03_LEGACY_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V03_LEGACY_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "BUNDLE_V03_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V03_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "isBundleWithCertificateChain", { enumerable: true, get: function() {
      return bundle_1.isBundleWithCertificateChain;
    } });
    Object.defineProperty(exports, "isBundleWithDsseEnvelope", { enumerable: true, get: function() {
      return bundle_1.isBundleWithDsseEnvelope;
    } });
    Object.defineProperty(exports, "isBundleWithMessageSignature", { enumerable: true, get: function() {
      return bundle_1.isBundleWithMessageSignature;
    } });
    Object.defineProperty(exports, "isBundleWithPublicKey", { enumerable: true, get: function() {
      return bundle_1.isBundleWithPublicKey;
    } });
    var error_1 = require_error();
    Object.defineProperty(exports, "ValidationError", { enumerable: true, get: function() {
      return error_1.ValidationError;
    } });
    var serialized_1 = require_serialized();
    Object.defineProperty(exports, "bundleFromJSON", { enumerable: true, get: function() {
      return serialized_1.bundleFromJSON;
    } });
    Object.defineProperty(exports, "bundleToJSON", { enumerable: true, get: function() {
      return serialized_1.bundleToJSON;
    } });
    Object.defineProperty(exports, "envelopeFromJSON", { enumerable: true, get: function() {
      return serialized_1.envelopeFromJSON;
    } });
    Object.defineProperty(exports, "envelopeToJSON", { enumerable: true, get: function() {
      return serialized_1.envelopeToJSON;
    } });
    var validate_1 = require_validate();
    Object.defineProperty(exports, "assertBundle", { enumerable: true, get: function() {
      return validate_1.assertBundle;
    } });
    Object.defineProperty(exports, "assertBundleLatest", { enumerable: true, get: function() {
      return validate_1.assertBundleLatest;
    } });
    Object.defineProperty(exports, "assertBundleV01", { enumerable: true, get: function() {
      return validate_1.assertBundleV01;
    } });
    Object.defineProperty(exports, "assertBundleV02", { enumerable: true, get: function() {
      return validate_1.assertBundleV02;
    } });
    Object.defineProperty(exports, "isBundleV01", { enumerable: true, get: function() {
      return validate_1.isBundleV01;
    } });
  }
});

// node_modules/@sigstore/core/dist/stream.js
var require_stream = __commonJS({
  "node_modules/@sigstore/core/dist/stream.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ByteStream = void 0;
    var StreamError = class extends Error {
    };
    var ByteStream = class _ByteStream {
      static BLOCK_SIZE = 1024;
      buf;
      view;
      start = 0;
      constructor(buffer) {
        if (buffer) {
          this.buf = buffer;
          this.view = Buffer.from(buffer);
        } else {
          this.buf = Buffer.alloc(0);
          this.view = Buffer.from(this.buf);
        }
      }
      get buffer() {
        return this.view.subarray(0, this.start);
      }
      get length() {
        return this.view.byteLength;
      }
      get position() {
        return this.start;
      }
      seek(position) {
        this.start = position;
      }
      // Returns a Buffer containing the specified number of bytes starting at the
      // given start position.
      slice(start, len) {
        const end = start + len;
        if (end > this.length) {
          throw new StreamError("request past end of buffer");
        }
        return this.view.subarray(start, end);
      }
      appendChar(char) {
        this.ensureCapacity(1);
        this.view[this.start] = char;
        this.start += 1;
      }
      appendUint16(num) {
        this.ensureCapacity(2);
        const value = new Uint16Array([num]);
        const view = new Uint8Array(value.buffer);
        this.view[this.start] = view[1];
        this.view[this.start + 1] = view[0];
        this.start += 2;
      }
      appendUint24(num) {
        this.ensureCapacity(3);
        const value = new Uint32Array([num]);
        const view = new Uint8Array(value.buffer);
        this.view[this.start] = view[2];
        this.view[this.start + 1] = view[1];
        this.view[this.start + 2] = view[0];
        this.start += 3;
      }
      appendView(view) {
        this.ensureCapacity(view.length);
        this.view.set(view, this.start);
        this.start += view.length;
      }
      getBlock(size) {
        if (size <= 0) {
          return Buffer.alloc(0);
        }
        if (this.start + size > this.view.length) {
          throw new Error("request past end of buffer");
        }
        const result = this.view.subarray(this.start, this.start + size);
        this.start += size;
        return result;
      }
      getUint8() {
        return this.getBlock(1)[0];
      }
      getUint16() {
        const block = this.getBlock(2);
        return block[0] << 8 | block[1];
      }
      ensureCapacity(size) {
        if (this.start + size > this.view.byteLength) {
          const blockSize = _ByteStream.BLOCK_SIZE + (size > _ByteStream.BLOCK_SIZE ? size : 0);
          this.realloc(this.view.byteLength + blockSize);
        }
      }
      realloc(size) {
        const newArray = Buffer.alloc(size);
        const newView = Buffer.from(newArray);
        newView.set(this.view);
        this.buf = newArray;
        this.view = newView;
      }
    };
    exports.ByteStream = ByteStream;
  }
});

// node_modules/@sigstore/core/dist/asn1/error.js
var require_error2 = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1TypeError = exports.ASN1ParseError = void 0;
    var ASN1ParseError = class extends Error {
    };
    exports.ASN1ParseError = ASN1ParseError;
    var ASN1TypeError = class extends Error {
    };
    exports.ASN1TypeError = ASN1TypeError;
  }
});

// node_modules/@sigstore/core/dist/asn1/length.js
var require_length = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.decodeLength = decodeLength;
    exports.encodeLength = encodeLength;
    var error_1 = require_error2();
    function decodeLength(stream) {
      const buf = stream.getUint8();
      if ((buf & 128) === 0) {
        return buf;
      }
      const byteCount = buf & 127;
      if (byteCount > 6) {
        throw new error_1.ASN1ParseError("length exceeds 6 byte limit");
      }
      let len = 0;
      for (let i = 0; i < byteCount; i++) {
        const byte = stream.getUint8();
        if (i === 0 && byte === 0) {
          throw new error_1.ASN1ParseError("non-minimal length encoding");
        }
        len = len * 256 + byte;
      }
      if (len === 0) {
        throw new error_1.ASN1ParseError("indefinite length encoding not supported");
      }
      if (len < 128) {
        throw new error_1.ASN1ParseError("non-minimal length encoding");
      }
      return len;
    }
    function encodeLength(len) {
      if (len < 128) {
        return Buffer.from([len]);
      }
      let val = BigInt(len);
      const bytes = [];
      while (val > 0n) {
        bytes.unshift(Number(val & 255n));
        val = val >> 8n;
      }
      return Buffer.from([128 | bytes.length, ...bytes]);
    }
  }
});

// node_modules/@sigstore/core/dist/asn1/parse.js
var require_parse = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/parse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.parseInteger = parseInteger;
    exports.parseStringASCII = parseStringASCII;
    exports.parseTime = parseTime;
    exports.parseOID = parseOID;
    exports.parseBoolean = parseBoolean;
    exports.parseBitString = parseBitString;
    var error_1 = require_error2();
    var RE_TIME_SHORT_YEAR = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{3})?Z$/;
    var RE_TIME_LONG_YEAR = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{3})?Z$/;
    function parseInteger(buf) {
      let pos = 0;
      const end = buf.length;
      let val = buf[pos];
      const neg = val > 127;
      const pad = neg ? 255 : 0;
      while (val == pad && ++pos < end) {
        val = buf[pos];
      }
      const len = end - pos;
      if (len === 0)
        return BigInt(neg ? -1 : 0);
      val = neg ? val - 256 : val;
      let n = BigInt(val);
      for (let i = pos + 1; i < end; ++i) {
        n = n * BigInt(256) + BigInt(buf[i]);
      }
      return n;
    }
    function parseStringASCII(buf) {
      return buf.toString("ascii");
    }
    function parseTime(buf, shortYear) {
      const timeStr = parseStringASCII(buf);
      const m = shortYear ? RE_TIME_SHORT_YEAR.exec(timeStr) : RE_TIME_LONG_YEAR.exec(timeStr);
      if (!m) {
        throw new Error("invalid time");
      }
      if (shortYear) {
        let year = Number(m[1]);
        year += year >= 50 ? 1900 : 2e3;
        m[1] = year.toString();
      }
      return /* @__PURE__ */ new Date(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
    }
    function parseOID(buf) {
      let pos = 0;
      const end = buf.length;
      let n = buf[pos++];
      const first = Math.floor(n / 40);
      const second = n % 40;
      let oid = `${first}.${second}`;
      let val = 0n;
      for (; pos < end; ++pos) {
        n = buf[pos];
        val = (val << 7n) + BigInt(n & 127);
        if ((n & 128) === 0) {
          oid += `.${val}`;
          val = 0n;
        }
      }
      return oid;
    }
    function parseBoolean(buf) {
      if (buf.length !== 1) {
        throw new error_1.ASN1ParseError("invalid boolean");
      }
      switch (buf[0]) {
        case 0:
          return false;
        case 255:
          return true;
        default:
          throw new error_1.ASN1ParseError("invalid boolean");
      }
    }
    function parseBitString(buf) {
      const unused = buf[0];
      if (unused > 7) {
        throw new error_1.ASN1ParseError("invalid bit string");
      }
      const start = 1;
      const end = buf.length;
      const bits = [];
      for (let i = start; i < end; ++i) {
        const byte = buf[i];
        const skip = i === end - 1 ? unused : 0;
        for (let j = 7; j >= skip; --j) {
          bits.push(byte >> j & 1);
        }
      }
      return bits;
    }
  }
});

// node_modules/@sigstore/core/dist/asn1/tag.js
var require_tag = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/tag.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1Tag = void 0;
    var error_1 = require_error2();
    var UNIVERSAL_TAG = {
      BOOLEAN: 1,
      INTEGER: 2,
      BIT_STRING: 3,
      OCTET_STRING: 4,
      OBJECT_IDENTIFIER: 6,
      SEQUENCE: 16,
      SET: 17,
      PRINTABLE_STRING: 19,
      UTC_TIME: 23,
      GENERALIZED_TIME: 24
    };
    var TAG_CLASS = {
      UNIVERSAL: 0,
      APPLICATION: 1,
      CONTEXT_SPECIFIC: 2,
      PRIVATE: 3
    };
    var ASN1Tag = class {
      number;
      constructed;
      class;
      constructor(enc) {
        this.number = enc & 31;
        this.constructed = (enc & 32) === 32;
        this.class = enc >> 6;
        if (this.number === 31) {
          throw new error_1.ASN1ParseError("long form tags not supported");
        }
        if (this.class === TAG_CLASS.UNIVERSAL && this.number === 0) {
          throw new error_1.ASN1ParseError("unsupported tag 0x00");
        }
      }
      isUniversal() {
        return this.class === TAG_CLASS.UNIVERSAL;
      }
      isContextSpecific(num) {
        const res = this.class === TAG_CLASS.CONTEXT_SPECIFIC;
        return num !== void 0 ? res && this.number === num : res;
      }
      isBoolean() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.BOOLEAN;
      }
      isInteger() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.INTEGER;
      }
      isBitString() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.BIT_STRING;
      }
      isOctetString() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.OCTET_STRING;
      }
      isOID() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.OBJECT_IDENTIFIER;
      }
      isUTCTime() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.UTC_TIME;
      }
      isGeneralizedTime() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.GENERALIZED_TIME;
      }
      toDER() {
        return this.number | (this.constructed ? 32 : 0) | this.class << 6;
      }
    };
    exports.ASN1Tag = ASN1Tag;
  }
});

// node_modules/@sigstore/core/dist/asn1/obj.js
var require_obj = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/obj.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1Obj = void 0;
    var stream_1 = require_stream();
    var error_1 = require_error2();
    var length_1 = require_length();
    var parse_1 = require_parse();
    var tag_1 = require_tag();
    var ASN1Obj2 = class {
      tag;
      subs;
      value;
      constructor(tag, value, subs) {
        this.tag = tag;
        this.value = value;
        this.subs = subs;
      }
      // Constructs an ASN.1 object from a Buffer of DER-encoded bytes.
      static parseBuffer(buf) {
        const stream = new stream_1.ByteStream(buf);
        const obj = parseStream(stream);
        if (stream.position !== stream.length) {
          throw new error_1.ASN1ParseError("invalid trailing data");
        }
        return obj;
      }
      toDER() {
        const valueStream = new stream_1.ByteStream();
        if (this.subs.length > 0) {
          for (const sub of this.subs) {
            valueStream.appendView(sub.toDER());
          }
        } else {
          valueStream.appendView(this.value);
        }
        const value = valueStream.buffer;
        const obj = new stream_1.ByteStream();
        obj.appendChar(this.tag.toDER());
        obj.appendView((0, length_1.encodeLength)(value.length));
        obj.appendView(value);
        return obj.buffer;
      }
      /////////////////////////////////////////////////////////////////////////////
      // Convenience methods for parsing ASN.1 primitives into JS types
      // Returns the ASN.1 object's value as a boolean. Throws an error if the
      // object is not a boolean.
      toBoolean() {
        if (!this.tag.isBoolean()) {
          throw new error_1.ASN1TypeError("not a boolean");
        }
        return (0, parse_1.parseBoolean)(this.value);
      }
      // Returns the ASN.1 object's value as a BigInt. Throws an error if the
      // object is not an integer.
      toInteger() {
        if (!this.tag.isInteger()) {
          throw new error_1.ASN1TypeError("not an integer");
        }
        return (0, parse_1.parseInteger)(this.value);
      }
      // Returns the ASN.1 object's value as an OID string. Throws an error if the
      // object is not an OID.
      toOID() {
        if (!this.tag.isOID()) {
          throw new error_1.ASN1TypeError("not an OID");
        }
        return (0, parse_1.parseOID)(this.value);
      }
      // Returns the ASN.1 object's value as a Date. Throws an error if the object
      // is not either a UTCTime or a GeneralizedTime.
      toDate() {
        switch (true) {
          case this.tag.isUTCTime():
            return (0, parse_1.parseTime)(this.value, true);
          case this.tag.isGeneralizedTime():
            return (0, parse_1.parseTime)(this.value, false);
          default:
            throw new error_1.ASN1TypeError("not a date");
        }
      }
      // Returns the ASN.1 object's value as a number[] where each number is the
      // value of a bit in the bit string. Throws an error if the object is not a
      // bit string.
      toBitString() {
        if (!this.tag.isBitString()) {
          throw new error_1.ASN1TypeError("not a bit string");
        }
        return (0, parse_1.parseBitString)(this.value);
      }
    };
    exports.ASN1Obj = ASN1Obj2;
    var MAX_DEPTH = 100;
    function parseStream(stream, depth = 0) {
      if (depth > MAX_DEPTH) {
        throw new error_1.ASN1ParseError("maximum nesting depth exceeded");
      }
      const tag = new tag_1.ASN1Tag(stream.getUint8());
      const len = (0, length_1.decodeLength)(stream);
      const value = stream.slice(stream.position, len);
      const start = stream.position;
      let subs = [];
      if (tag.constructed) {
        subs = collectSubs(stream, len, depth);
      } else if (tag.isOctetString()) {
        try {
          subs = collectSubs(stream, len, depth);
        } catch (e) {
        }
      }
      if (subs.length === 0) {
        stream.seek(start + len);
      }
      return new ASN1Obj2(tag, value, subs);
    }
    function collectSubs(stream, len, depth) {
      const end = stream.position + len;
      if (end > stream.length) {
        throw new error_1.ASN1ParseError("invalid length");
      }
      const subs = [];
      while (stream.position < end) {
        subs.push(parseStream(stream, depth + 1));
      }
      if (stream.position !== end) {
        throw new error_1.ASN1ParseError("invalid length");
      }
      return subs;
    }
  }
});

// node_modules/@sigstore/core/dist/asn1/index.js
var require_asn1 = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1Obj = void 0;
    var obj_1 = require_obj();
    Object.defineProperty(exports, "ASN1Obj", { enumerable: true, get: function() {
      return obj_1.ASN1Obj;
    } });
  }
});

// node_modules/@sigstore/core/dist/crypto.js
var require_crypto = __commonJS({
  "node_modules/@sigstore/core/dist/crypto.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.createPublicKey = createPublicKey2;
    exports.digest = digest;
    exports.verify = verify4;
    exports.bufferEqual = bufferEqual;
    var crypto_1 = __importDefault(__require("crypto"));
    function createPublicKey2(key, type = "spki") {
      if (typeof key === "string") {
        if (key.startsWith("-----")) {
          return crypto_1.default.createPublicKey(key);
        } else {
          return crypto_1.default.createPublicKey({
            key: Buffer.from(key, "base64"),
            format: "der",
            type
          });
        }
      } else {
        return crypto_1.default.createPublicKey({ key, format: "der", type });
      }
    }
    function digest(algorithm, ...data) {
      const hash = crypto_1.default.createHash(algorithm);
      for (const d of data) {
        hash.update(d);
      }
      return hash.digest();
    }
    function verify4(data, key, signature, algorithm) {
      try {
        return crypto_1.default.verify(algorithm, data, key, signature);
      } catch (e) {
        return false;
      }
    }
    function bufferEqual(a, b) {
      try {
        return crypto_1.default.timingSafeEqual(a, b);
      } catch {
        return false;
      }
    }
  }
});

// node_modules/@sigstore/core/dist/dsse.js
var require_dsse = __commonJS({
  "node_modules/@sigstore/core/dist/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.preAuthEncoding = preAuthEncoding;
    var PAE_PREFIX = "DSSEv1";
    function preAuthEncoding(payloadType, payload) {
      const typeBytes = Buffer.from(payloadType, "utf-8");
      return Buffer.concat([
        Buffer.from(`${PAE_PREFIX} ${typeBytes.length} `, "ascii"),
        typeBytes,
        Buffer.from(` ${payload.length} `, "ascii"),
        payload
      ]);
    }
  }
});

// node_modules/@sigstore/core/dist/encoding.js
var require_encoding = __commonJS({
  "node_modules/@sigstore/core/dist/encoding.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.base64Encode = base64Encode;
    exports.base64Decode = base64Decode;
    var BASE64_ENCODING = "base64";
    var UTF8_ENCODING = "utf-8";
    function base64Encode(str) {
      return Buffer.from(str, UTF8_ENCODING).toString(BASE64_ENCODING);
    }
    function base64Decode(str) {
      return Buffer.from(str, BASE64_ENCODING).toString(UTF8_ENCODING);
    }
  }
});

// node_modules/@sigstore/core/dist/json.js
var require_json = __commonJS({
  "node_modules/@sigstore/core/dist/json.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.canonicalize = canonicalize;
    function canonicalize(object) {
      let buffer = "";
      if (object === null || typeof object !== "object" || object.toJSON != null) {
        buffer += JSON.stringify(object);
      } else if (Array.isArray(object)) {
        buffer += "[";
        let first = true;
        object.forEach((element) => {
          if (!first) {
            buffer += ",";
          }
          first = false;
          buffer += canonicalize(element);
        });
        buffer += "]";
      } else {
        buffer += "{";
        let first = true;
        Object.keys(object).sort().forEach((property) => {
          if (!first) {
            buffer += ",";
          }
          first = false;
          buffer += JSON.stringify(property);
          buffer += ":";
          buffer += canonicalize(object[property]);
        });
        buffer += "}";
      }
      return buffer;
    }
  }
});

// node_modules/@sigstore/core/dist/pem.js
var require_pem = __commonJS({
  "node_modules/@sigstore/core/dist/pem.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toDER = toDER;
    exports.fromDER = fromDER;
    var PEM_HEADER = /-----BEGIN (.*)-----/;
    var PEM_FOOTER = /-----END (.*)-----/;
    function toDER(certificate) {
      let der = "";
      certificate.split("\n").forEach((line) => {
        if (line.match(PEM_HEADER) || line.match(PEM_FOOTER)) {
          return;
        }
        der += line;
      });
      return Buffer.from(der, "base64");
    }
    function fromDER(certificate, type = "CERTIFICATE") {
      const der = certificate.toString("base64");
      const lines = der.match(/.{1,64}/g) || "";
      return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`].join("\n").concat("\n");
    }
  }
});

// node_modules/@sigstore/core/dist/oid.js
var require_oid = __commonJS({
  "node_modules/@sigstore/core/dist/oid.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.SHA2_HASH_ALGOS = exports.RSA_SIGNATURE_ALGOS = exports.ECDSA_SIGNATURE_ALGOS = void 0;
    exports.ECDSA_SIGNATURE_ALGOS = {
      "1.2.840.10045.4.3.1": "sha224",
      "1.2.840.10045.4.3.2": "sha256",
      "1.2.840.10045.4.3.3": "sha384",
      "1.2.840.10045.4.3.4": "sha512"
    };
    exports.RSA_SIGNATURE_ALGOS = {
      "1.2.840.113549.1.1.14": "sha224",
      "1.2.840.113549.1.1.11": "sha256",
      "1.2.840.113549.1.1.12": "sha384",
      "1.2.840.113549.1.1.13": "sha512"
    };
    exports.SHA2_HASH_ALGOS = {
      "2.16.840.1.101.3.4.2.1": "sha256",
      "2.16.840.1.101.3.4.2.2": "sha384",
      "2.16.840.1.101.3.4.2.3": "sha512"
    };
  }
});

// node_modules/@sigstore/core/dist/rfc3161/error.js
var require_error3 = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.RFC3161TimestampVerificationError = void 0;
    var RFC3161TimestampVerificationError = class extends Error {
    };
    exports.RFC3161TimestampVerificationError = RFC3161TimestampVerificationError;
  }
});

// node_modules/@sigstore/core/dist/rfc3161/tstinfo.js
var require_tstinfo = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/tstinfo.js"(exports) {
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
    exports.TSTInfo = void 0;
    var crypto = __importStar(require_crypto());
    var oid_1 = require_oid();
    var error_1 = require_error3();
    var TSTInfo = class {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      get version() {
        return this.root.subs[0].toInteger();
      }
      get genTime() {
        return this.root.subs[4].toDate();
      }
      get messageImprintHashAlgorithm() {
        const oid = this.messageImprintObj.subs[0].subs[0].toOID();
        return oid_1.SHA2_HASH_ALGOS[oid];
      }
      get messageImprintHashedMessage() {
        return this.messageImprintObj.subs[1].value;
      }
      get raw() {
        return this.root.toDER();
      }
      verify(data) {
        const digest = crypto.digest(this.messageImprintHashAlgorithm, data);
        if (!crypto.bufferEqual(digest, this.messageImprintHashedMessage)) {
          throw new error_1.RFC3161TimestampVerificationError("message imprint does not match artifact");
        }
      }
      // https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
      get messageImprintObj() {
        return this.root.subs[2];
      }
    };
    exports.TSTInfo = TSTInfo;
  }
});

// node_modules/@sigstore/core/dist/rfc3161/timestamp.js
var require_timestamp2 = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/timestamp.js"(exports) {
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
    exports.RFC3161Timestamp = void 0;
    var asn1_1 = require_asn1();
    var crypto = __importStar(require_crypto());
    var oid_1 = require_oid();
    var error_1 = require_error3();
    var tstinfo_1 = require_tstinfo();
    var OID_PKCS9_CONTENT_TYPE_SIGNED_DATA = "1.2.840.113549.1.7.2";
    var OID_PKCS9_CONTENT_TYPE_TSTINFO = "1.2.840.113549.1.9.16.1.4";
    var OID_PKCS9_MESSAGE_DIGEST_KEY = "1.2.840.113549.1.9.4";
    var RFC3161Timestamp2 = class _RFC3161Timestamp {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      static parse(der) {
        const asn1 = asn1_1.ASN1Obj.parseBuffer(der);
        return new _RFC3161Timestamp(asn1);
      }
      get status() {
        return this.pkiStatusInfoObj.subs[0].toInteger();
      }
      get contentType() {
        return this.contentTypeObj.toOID();
      }
      get eContentType() {
        return this.eContentTypeObj.toOID();
      }
      get signingTime() {
        return this.tstInfo.genTime;
      }
      get signerIssuer() {
        return this.signerSidObj.subs[0].value;
      }
      get signerSerialNumber() {
        return this.signerSidObj.subs[1].value;
      }
      get signerDigestAlgorithm() {
        const oid = this.signerDigestAlgorithmObj.subs[0].toOID();
        return oid_1.SHA2_HASH_ALGOS[oid];
      }
      get signatureAlgorithm() {
        const oid = this.signatureAlgorithmObj.subs[0].toOID();
        return oid_1.ECDSA_SIGNATURE_ALGOS[oid];
      }
      get signatureValue() {
        return this.signatureValueObj.value;
      }
      get tstInfo() {
        return new tstinfo_1.TSTInfo(this.eContentObj.subs[0].subs[0]);
      }
      verify(data, publicKey) {
        if (!this.timeStampTokenObj) {
          throw new error_1.RFC3161TimestampVerificationError("timeStampToken is missing");
        }
        if (this.contentType !== OID_PKCS9_CONTENT_TYPE_SIGNED_DATA) {
          throw new error_1.RFC3161TimestampVerificationError(`incorrect content type: ${this.contentType}`);
        }
        if (this.eContentType !== OID_PKCS9_CONTENT_TYPE_TSTINFO) {
          throw new error_1.RFC3161TimestampVerificationError(`incorrect encapsulated content type: ${this.eContentType}`);
        }
        this.tstInfo.verify(data);
        this.verifyMessageDigest();
        this.verifySignature(publicKey);
      }
      verifyMessageDigest() {
        const tstInfoDigest = crypto.digest(this.signerDigestAlgorithm, this.tstInfo.raw);
        const expectedDigest = this.messageDigestAttributeObj.subs[1].subs[0].value;
        if (!crypto.bufferEqual(tstInfoDigest, expectedDigest)) {
          throw new error_1.RFC3161TimestampVerificationError("signed data does not match tstInfo");
        }
      }
      verifySignature(key) {
        const signedAttrs = this.signedAttrsObj.toDER();
        signedAttrs[0] = 49;
        const verified = crypto.verify(signedAttrs, key, this.signatureValue, this.signatureAlgorithm);
        if (!verified) {
          throw new error_1.RFC3161TimestampVerificationError("signature verification failed");
        }
      }
      // https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
      get pkiStatusInfoObj() {
        return this.root.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
      get timeStampTokenObj() {
        return this.root.subs[1];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-3
      get contentTypeObj() {
        return this.timeStampTokenObj.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc5652#section-3
      get signedDataObj() {
        const obj = this.timeStampTokenObj.subs.find((sub) => sub.tag.isContextSpecific(0));
        return obj.subs[0];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.1
      get encapContentInfoObj() {
        return this.signedDataObj.subs[2];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.1
      get signerInfosObj() {
        const sd = this.signedDataObj;
        return sd.subs[sd.subs.length - 1];
      }
      // https://www.rfc-editor.org/rfc/rfc5652#section-5.1
      get signerInfoObj() {
        return this.signerInfosObj.subs[0];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.2
      get eContentTypeObj() {
        return this.encapContentInfoObj.subs[0];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.2
      get eContentObj() {
        return this.encapContentInfoObj.subs[1];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signedAttrsObj() {
        const signedAttrs = this.signerInfoObj.subs.find((sub) => sub.tag.isContextSpecific(0));
        return signedAttrs;
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get messageDigestAttributeObj() {
        const messageDigest = this.signedAttrsObj.subs.find((sub) => sub.subs[0].tag.isOID() && sub.subs[0].toOID() === OID_PKCS9_MESSAGE_DIGEST_KEY);
        return messageDigest;
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signerSidObj() {
        return this.signerInfoObj.subs[1];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signerDigestAlgorithmObj() {
        return this.signerInfoObj.subs[2];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signatureAlgorithmObj() {
        return this.signerInfoObj.subs[4];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signatureValueObj() {
        return this.signerInfoObj.subs[5];
      }
    };
    exports.RFC3161Timestamp = RFC3161Timestamp2;
  }
});

// node_modules/@sigstore/core/dist/rfc3161/index.js
var require_rfc3161 = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.RFC3161Timestamp = void 0;
    var timestamp_1 = require_timestamp2();
    Object.defineProperty(exports, "RFC3161Timestamp", { enumerable: true, get: function() {
      return timestamp_1.RFC3161Timestamp;
    } });
  }
});

// node_modules/@sigstore/core/dist/x509/sct.js
var require_sct = __commonJS({
  "node_modules/@sigstore/core/dist/x509/sct.js"(exports) {
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
    exports.SignedCertificateTimestamp = void 0;
    var crypto = __importStar(require_crypto());
    var stream_1 = require_stream();
    var SignedCertificateTimestamp = class _SignedCertificateTimestamp {
      version;
      logID;
      timestamp;
      extensions;
      hashAlgorithm;
      signatureAlgorithm;
      signature;
      constructor(options) {
        this.version = options.version;
        this.logID = options.logID;
        this.timestamp = options.timestamp;
        this.extensions = options.extensions;
        this.hashAlgorithm = options.hashAlgorithm;
        this.signatureAlgorithm = options.signatureAlgorithm;
        this.signature = options.signature;
      }
      get datetime() {
        return new Date(Number(this.timestamp.readBigInt64BE()));
      }
      // Returns the hash algorithm used to generate the SCT's signature.
      // https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.4.1
      get algorithm() {
        switch (this.hashAlgorithm) {
          /* istanbul ignore next */
          case 0:
            return "none";
          /* istanbul ignore next */
          case 1:
            return "md5";
          /* istanbul ignore next */
          case 2:
            return "sha1";
          /* istanbul ignore next */
          case 3:
            return "sha224";
          case 4:
            return "sha256";
          /* istanbul ignore next */
          case 5:
            return "sha384";
          /* istanbul ignore next */
          case 6:
            return "sha512";
          /* istanbul ignore next */
          default:
            return "unknown";
        }
      }
      verify(preCert, key) {
        const stream = new stream_1.ByteStream();
        stream.appendChar(this.version);
        stream.appendChar(0);
        stream.appendView(this.timestamp);
        stream.appendUint16(1);
        stream.appendView(preCert);
        stream.appendUint16(this.extensions.byteLength);
        if (this.extensions.byteLength > 0) {
          stream.appendView(this.extensions);
        }
        return crypto.verify(stream.buffer, key, this.signature, this.algorithm);
      }
      // Parses a SignedCertificateTimestamp from a buffer. SCTs are encoded using
      // TLS encoding which means the fields and lengths of most fields are
      // specified as part of the SCT and TLS specs.
      // https://www.rfc-editor.org/rfc/rfc6962#section-3.2
      // https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.4.1
      static parse(buf) {
        const stream = new stream_1.ByteStream(buf);
        const version = stream.getUint8();
        const logID = stream.getBlock(32);
        const timestamp = stream.getBlock(8);
        const extenstionLength = stream.getUint16();
        const extensions = stream.getBlock(extenstionLength);
        const hashAlgorithm = stream.getUint8();
        const signatureAlgorithm = stream.getUint8();
        const sigLength = stream.getUint16();
        const signature = stream.getBlock(sigLength);
        if (stream.position !== buf.length) {
          throw new Error("SCT buffer length mismatch");
        }
        return new _SignedCertificateTimestamp({
          version,
          logID,
          timestamp,
          extensions,
          hashAlgorithm,
          signatureAlgorithm,
          signature
        });
      }
    };
    exports.SignedCertificateTimestamp = SignedCertificateTimestamp;
  }
});

// node_modules/@sigstore/core/dist/x509/ext.js
var require_ext = __commonJS({
  "node_modules/@sigstore/core/dist/x509/ext.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.X509SCTExtension = exports.X509SubjectKeyIDExtension = exports.X509AuthorityKeyIDExtension = exports.X509SubjectAlternativeNameExtension = exports.X509KeyUsageExtension = exports.X509BasicConstraintsExtension = exports.X509Extension = void 0;
    var stream_1 = require_stream();
    var sct_1 = require_sct();
    var X509Extension = class {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      get oid() {
        return this.root.subs[0].toOID();
      }
      get critical() {
        return this.root.subs.length === 3 ? this.root.subs[1].toBoolean() : false;
      }
      get value() {
        return this.extnValueObj.value;
      }
      get valueObj() {
        return this.extnValueObj;
      }
      get extnValueObj() {
        return this.root.subs[this.root.subs.length - 1];
      }
    };
    exports.X509Extension = X509Extension;
    var X509BasicConstraintsExtension = class extends X509Extension {
      get isCA() {
        return this.sequence.subs[0]?.toBoolean() ?? false;
      }
      get pathLenConstraint() {
        return this.sequence.subs.length > 1 ? this.sequence.subs[1].toInteger() : void 0;
      }
      // The extnValue field contains a single sequence wrapping the isCA and
      // pathLenConstraint.
      get sequence() {
        return this.extnValueObj.subs[0];
      }
    };
    exports.X509BasicConstraintsExtension = X509BasicConstraintsExtension;
    var X509KeyUsageExtension = class extends X509Extension {
      get digitalSignature() {
        return this.bitString[0] === 1;
      }
      get keyCertSign() {
        return this.bitString[5] === 1;
      }
      get crlSign() {
        return this.bitString[6] === 1;
      }
      // The extnValue field contains a single bit string which is a bit mask
      // indicating which key usages are enabled.
      get bitString() {
        return this.extnValueObj.subs[0].toBitString();
      }
    };
    exports.X509KeyUsageExtension = X509KeyUsageExtension;
    var X509SubjectAlternativeNameExtension = class extends X509Extension {
      get rfc822Name() {
        return this.findGeneralName(1)?.value.toString("ascii");
      }
      get uri() {
        return this.findGeneralName(6)?.value.toString("ascii");
      }
      // Retrieve the value of an otherName with the given OID.
      otherName(oid) {
        const otherName = this.findGeneralName(0);
        if (otherName === void 0) {
          return void 0;
        }
        const otherNameOID = otherName.subs[0].toOID();
        if (otherNameOID !== oid) {
          return void 0;
        }
        const otherNameValue = otherName.subs[1];
        return otherNameValue.subs[0].value.toString("ascii");
      }
      findGeneralName(tag) {
        return this.generalNames.find((gn) => gn.tag.isContextSpecific(tag));
      }
      // The extnValue field contains a sequence of GeneralNames.
      get generalNames() {
        return this.extnValueObj.subs[0].subs;
      }
    };
    exports.X509SubjectAlternativeNameExtension = X509SubjectAlternativeNameExtension;
    var X509AuthorityKeyIDExtension = class extends X509Extension {
      get keyIdentifier() {
        return this.findSequenceMember(0)?.value;
      }
      findSequenceMember(tag) {
        return this.sequence.subs.find((el) => el.tag.isContextSpecific(tag));
      }
      // The extnValue field contains a single sequence wrapping the keyIdentifier
      get sequence() {
        return this.extnValueObj.subs[0];
      }
    };
    exports.X509AuthorityKeyIDExtension = X509AuthorityKeyIDExtension;
    var X509SubjectKeyIDExtension = class extends X509Extension {
      get keyIdentifier() {
        return this.extnValueObj.subs[0].value;
      }
    };
    exports.X509SubjectKeyIDExtension = X509SubjectKeyIDExtension;
    var X509SCTExtension = class extends X509Extension {
      constructor(asn1) {
        super(asn1);
      }
      get signedCertificateTimestamps() {
        const buf = this.extnValueObj.subs[0].value;
        const stream = new stream_1.ByteStream(buf);
        const end = stream.getUint16() + 2;
        const sctList = [];
        while (stream.position < end) {
          const sctLength = stream.getUint16();
          const sct = stream.getBlock(sctLength);
          sctList.push(sct_1.SignedCertificateTimestamp.parse(sct));
        }
        if (stream.position !== end) {
          throw new Error("SCT list length does not match actual length");
        }
        return sctList;
      }
    };
    exports.X509SCTExtension = X509SCTExtension;
  }
});

// node_modules/@sigstore/core/dist/x509/cert.js
var require_cert = __commonJS({
  "node_modules/@sigstore/core/dist/x509/cert.js"(exports) {
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
    exports.X509Certificate = exports.EXTENSION_OID_SCT = void 0;
    var asn1_1 = require_asn1();
    var crypto = __importStar(require_crypto());
    var oid_1 = require_oid();
    var pem2 = __importStar(require_pem());
    var ext_1 = require_ext();
    var EXTENSION_OID_SUBJECT_KEY_ID = "2.5.29.14";
    var EXTENSION_OID_KEY_USAGE = "2.5.29.15";
    var EXTENSION_OID_SUBJECT_ALT_NAME = "2.5.29.17";
    var EXTENSION_OID_BASIC_CONSTRAINTS = "2.5.29.19";
    var EXTENSION_OID_AUTHORITY_KEY_ID = "2.5.29.35";
    exports.EXTENSION_OID_SCT = "1.3.6.1.4.1.11129.2.4.2";
    var X509Certificate3 = class _X509Certificate {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      static parse(cert) {
        const der = typeof cert === "string" ? pem2.toDER(cert) : cert;
        const asn1 = asn1_1.ASN1Obj.parseBuffer(der);
        return new _X509Certificate(asn1);
      }
      get tbsCertificate() {
        return this.tbsCertificateObj;
      }
      get version() {
        const ver = this.versionObj.subs[0].toInteger();
        return `v${(ver + BigInt(1)).toString()}`;
      }
      get serialNumber() {
        return this.serialNumberObj.value;
      }
      get notBefore() {
        return this.validityObj.subs[0].toDate();
      }
      get notAfter() {
        return this.validityObj.subs[1].toDate();
      }
      get issuer() {
        return this.issuerObj.value;
      }
      get subject() {
        return this.subjectObj.value;
      }
      get publicKey() {
        return this.subjectPublicKeyInfoObj.toDER();
      }
      get signatureAlgorithm() {
        const oid = this.signatureAlgorithmObj.subs[0].toOID();
        if (oid_1.RSA_SIGNATURE_ALGOS[oid]) {
          return oid_1.RSA_SIGNATURE_ALGOS[oid];
        }
        return oid_1.ECDSA_SIGNATURE_ALGOS[oid];
      }
      get signatureValue() {
        return this.signatureValueObj.value.subarray(1);
      }
      get subjectAltName() {
        const ext = this.extSubjectAltName;
        return ext?.uri || /* istanbul ignore next */
        ext?.rfc822Name;
      }
      get extensions() {
        const extSeq = this.extensionsObj?.subs[0];
        return extSeq?.subs || [];
      }
      get extKeyUsage() {
        const ext = this.findExtension(EXTENSION_OID_KEY_USAGE);
        return ext ? new ext_1.X509KeyUsageExtension(ext) : void 0;
      }
      get extBasicConstraints() {
        const ext = this.findExtension(EXTENSION_OID_BASIC_CONSTRAINTS);
        return ext ? new ext_1.X509BasicConstraintsExtension(ext) : void 0;
      }
      get extSubjectAltName() {
        const ext = this.findExtension(EXTENSION_OID_SUBJECT_ALT_NAME);
        return ext ? new ext_1.X509SubjectAlternativeNameExtension(ext) : void 0;
      }
      get extAuthorityKeyID() {
        const ext = this.findExtension(EXTENSION_OID_AUTHORITY_KEY_ID);
        return ext ? new ext_1.X509AuthorityKeyIDExtension(ext) : void 0;
      }
      get extSubjectKeyID() {
        const ext = this.findExtension(EXTENSION_OID_SUBJECT_KEY_ID);
        return ext ? new ext_1.X509SubjectKeyIDExtension(ext) : (
          /* istanbul ignore next */
          void 0
        );
      }
      get extSCT() {
        const ext = this.findExtension(exports.EXTENSION_OID_SCT);
        return ext ? new ext_1.X509SCTExtension(ext) : void 0;
      }
      get isCA() {
        const ca = this.extBasicConstraints?.isCA || false;
        if (this.extKeyUsage) {
          return ca && this.extKeyUsage.keyCertSign;
        }
        return ca;
      }
      extension(oid) {
        const ext = this.findExtension(oid);
        return ext ? new ext_1.X509Extension(ext) : void 0;
      }
      verify(issuerCertificate) {
        const publicKey = issuerCertificate?.publicKey || this.publicKey;
        const key = crypto.createPublicKey(publicKey);
        return crypto.verify(this.tbsCertificate.toDER(), key, this.signatureValue, this.signatureAlgorithm);
      }
      validForDate(date) {
        return this.notBefore <= date && date <= this.notAfter;
      }
      equals(other) {
        return this.root.toDER().equals(other.root.toDER());
      }
      // Creates a copy of the certificate with a new buffer
      clone() {
        const der = this.root.toDER();
        const clone = Buffer.alloc(der.length);
        der.copy(clone);
        return _X509Certificate.parse(clone);
      }
      findExtension(oid) {
        return this.extensions.find((ext) => ext.subs[0].toOID() === oid);
      }
      /////////////////////////////////////////////////////////////////////////////
      // The following properties use the documented x509 structure to locate the
      // desired ASN.1 object
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.1
      get tbsCertificateObj() {
        return this.root.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.2
      get signatureAlgorithmObj() {
        return this.root.subs[1];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.3
      get signatureValueObj() {
        return this.root.subs[2];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.1
      get versionObj() {
        return this.tbsCertificateObj.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2
      get serialNumberObj() {
        return this.tbsCertificateObj.subs[1];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.4
      get issuerObj() {
        return this.tbsCertificateObj.subs[3];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
      get validityObj() {
        return this.tbsCertificateObj.subs[4];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.6
      get subjectObj() {
        return this.tbsCertificateObj.subs[5];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7
      get subjectPublicKeyInfoObj() {
        return this.tbsCertificateObj.subs[6];
      }
      // Extensions can't be located by index because their position varies. Instead,
      // we need to find the extensions context specific tag
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.9
      get extensionsObj() {
        return this.tbsCertificateObj.subs.find((sub) => sub.tag.isContextSpecific(3));
      }
    };
    exports.X509Certificate = X509Certificate3;
  }
});

// node_modules/@sigstore/core/dist/x509/index.js
var require_x509 = __commonJS({
  "node_modules/@sigstore/core/dist/x509/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.X509SCTExtension = exports.X509Certificate = exports.EXTENSION_OID_SCT = void 0;
    var cert_1 = require_cert();
    Object.defineProperty(exports, "EXTENSION_OID_SCT", { enumerable: true, get: function() {
      return cert_1.EXTENSION_OID_SCT;
    } });
    Object.defineProperty(exports, "X509Certificate", { enumerable: true, get: function() {
      return cert_1.X509Certificate;
    } });
    var ext_1 = require_ext();
    Object.defineProperty(exports, "X509SCTExtension", { enumerable: true, get: function() {
      return ext_1.X509SCTExtension;
    } });
  }
});

// node_modules/@sigstore/core/dist/index.js
var require_dist3 = __commonJS({
  "node_modules/@sigstore/core/dist/index.js"(exports) {
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
    exports.X509SCTExtension = exports.X509Certificate = exports.EXTENSION_OID_SCT = exports.ByteStream = exports.RFC3161Timestamp = exports.pem = exports.json = exports.encoding = exports.dsse = exports.crypto = exports.ASN1Obj = void 0;
    var asn1_1 = require_asn1();
    Object.defineProperty(exports, "ASN1Obj", { enumerable: true, get: function() {
      return asn1_1.ASN1Obj;
    } });
    exports.crypto = __importStar(require_crypto());
    exports.dsse = __importStar(require_dsse());
    exports.encoding = __importStar(require_encoding());
    exports.json = __importStar(require_json());
    exports.pem = __importStar(require_pem());
    var rfc3161_1 = require_rfc3161();
    Object.defineProperty(exports, "RFC3161Timestamp", { enumerable: true, get: function() {
      return rfc3161_1.RFC3161Timestamp;
    } });
    var stream_1 = require_stream();
    Object.defineProperty(exports, "ByteStream", { enumerable: true, get: function() {
      return stream_1.ByteStream;
    } });
    var x509_1 = require_x509();
    Object.defineProperty(exports, "EXTENSION_OID_SCT", { enumerable: true, get: function() {
      return x509_1.EXTENSION_OID_SCT;
    } });
    Object.defineProperty(exports, "X509Certificate", { enumerable: true, get: function() {
      return x509_1.X509Certificate;
    } });
    Object.defineProperty(exports, "X509SCTExtension", { enumerable: true, get: function() {
      return x509_1.X509SCTExtension;
    } });
  }
});

// node_modules/@sigstore/verify/dist/bundle/dsse.js
var require_dsse2 = __commonJS({
  "node_modules/@sigstore/verify/dist/bundle/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSESignatureContent = void 0;
    var core_1 = require_dist3();
    var DSSESignatureContent = class {
      env;
      constructor(env) {
        this.env = env;
      }
      compareDigest(digest) {
        return core_1.crypto.bufferEqual(digest, core_1.crypto.digest("sha256", this.env.payload));
      }
      // For a DSSE envelope the signature is computed over the pre-authentication
      // encoding (PAE), so the digest of the signed bytes is the digest of the PAE.
      // This is what a Rekor v2 hashedrekord entry records for a DSSE envelope.
      compareSignedDigest(digest) {
        return core_1.crypto.bufferEqual(digest, core_1.crypto.digest("sha256", this.preAuthEncoding));
      }
      compareSignature(signature) {
        return core_1.crypto.bufferEqual(signature, this.signature);
      }
      verifySignature(key) {
        return core_1.crypto.verify(this.preAuthEncoding, key, this.signature);
      }
      get signature() {
        return this.env.signatures.length > 0 ? this.env.signatures[0].sig : Buffer.from("");
      }
      // DSSE Pre-Authentication Encoding
      get preAuthEncoding() {
        return core_1.dsse.preAuthEncoding(this.env.payloadType, this.env.payload);
      }
    };
    exports.DSSESignatureContent = DSSESignatureContent;
  }
});

// node_modules/@sigstore/verify/dist/bundle/message.js
var require_message = __commonJS({
  "node_modules/@sigstore/verify/dist/bundle/message.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.MessageSignatureContent = void 0;
    var core_1 = require_dist3();
    var protobuf_specs_1 = require_dist();
    var HASH_ALGORITHM_MAP = {
      [protobuf_specs_1.HashAlgorithm.HASH_ALGORITHM_UNSPECIFIED]: "sha256",
      [protobuf_specs_1.HashAlgorithm.SHA2_256]: "sha256",
      [protobuf_specs_1.HashAlgorithm.SHA2_384]: "sha384",
      [protobuf_specs_1.HashAlgorithm.SHA2_512]: "sha512",
      [protobuf_specs_1.HashAlgorithm.SHA3_256]: "sha3-256",
      [protobuf_specs_1.HashAlgorithm.SHA3_384]: "sha3-384"
    };
    var MessageSignatureContent = class {
      signature;
      messageDigest;
      artifact;
      hashAlgorithm;
      constructor(messageSignature, artifact) {
        this.signature = messageSignature.signature;
        this.messageDigest = messageSignature.messageDigest.digest;
        this.artifact = artifact;
        this.hashAlgorithm = HASH_ALGORITHM_MAP[messageSignature.messageDigest.algorithm] ?? /* istanbul ignore next */
        "sha256";
      }
      compareSignature(signature) {
        return core_1.crypto.bufferEqual(signature, this.signature);
      }
      compareDigest(digest) {
        return core_1.crypto.bufferEqual(digest, this.messageDigest);
      }
      // For a message signature the signature is computed over the artifact, so the
      // digest of the signed bytes is the artifact's message digest.
      compareSignedDigest(digest) {
        return this.compareDigest(digest);
      }
      verifySignature(key) {
        return core_1.crypto.verify(this.artifact, key, this.signature, this.hashAlgorithm);
      }
    };
    exports.MessageSignatureContent = MessageSignatureContent;
  }
});

// node_modules/@sigstore/verify/dist/bundle/index.js
var require_bundle2 = __commonJS({
  "node_modules/@sigstore/verify/dist/bundle/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toSignedEntity = toSignedEntity3;
    exports.signatureContent = signatureContent;
    var core_1 = require_dist3();
    var dsse_1 = require_dsse2();
    var message_1 = require_message();
    function toSignedEntity3(bundle, artifact) {
      const { tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
      const timestamps = [];
      for (const entry of tlogEntries) {
        if (entry.integratedTime && entry.integratedTime !== "0") {
          timestamps.push({
            $case: "transparency-log",
            tlogEntry: entry
          });
        }
      }
      for (const ts of timestampVerificationData?.rfc3161Timestamps ?? []) {
        timestamps.push({
          $case: "timestamp-authority",
          timestamp: core_1.RFC3161Timestamp.parse(Buffer.from(ts.signedTimestamp))
        });
      }
      return {
        signature: signatureContent(bundle, artifact),
        key: key(bundle),
        tlogEntries,
        timestamps
      };
    }
    function signatureContent(bundle, artifact) {
      switch (bundle.content.$case) {
        case "dsseEnvelope":
          return new dsse_1.DSSESignatureContent(bundle.content.dsseEnvelope);
        case "messageSignature":
          return new message_1.MessageSignatureContent(bundle.content.messageSignature, artifact);
      }
    }
    function key(bundle) {
      switch (bundle.verificationMaterial.content.$case) {
        case "publicKey":
          return {
            $case: "public-key",
            hint: bundle.verificationMaterial.content.publicKey.hint
          };
        case "x509CertificateChain":
          return {
            $case: "certificate",
            certificate: core_1.X509Certificate.parse(Buffer.from(bundle.verificationMaterial.content.x509CertificateChain.certificates[0].rawBytes))
          };
        case "certificate":
          return {
            $case: "certificate",
            certificate: core_1.X509Certificate.parse(Buffer.from(bundle.verificationMaterial.content.certificate.rawBytes))
          };
      }
    }
  }
});

// node_modules/@sigstore/verify/dist/error.js
var require_error4 = __commonJS({
  "node_modules/@sigstore/verify/dist/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.PolicyError = exports.VerificationError = void 0;
    var BaseError = class extends Error {
      code;
      cause;
      /* eslint-disable-line @typescript-eslint/no-explicit-any */
      constructor({ code, message, cause }) {
        super(message);
        this.code = code;
        this.cause = cause;
        this.name = this.constructor.name;
      }
    };
    var VerificationError2 = class extends BaseError {
    };
    exports.VerificationError = VerificationError2;
    var PolicyError = class extends BaseError {
    };
    exports.PolicyError = PolicyError;
  }
});

// node_modules/@sigstore/verify/dist/trust/filter.js
var require_filter = __commonJS({
  "node_modules/@sigstore/verify/dist/trust/filter.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.filterCertAuthorities = filterCertAuthorities;
    exports.filterTLogAuthorities = filterTLogAuthorities;
    function filterCertAuthorities(certAuthorities, timestamp) {
      return certAuthorities.filter((ca) => {
        return ca.validFor.start <= timestamp && ca.validFor.end >= timestamp;
      });
    }
    function filterTLogAuthorities(tlogAuthorities, criteria) {
      return tlogAuthorities.filter((tlog) => {
        if (criteria.logID && !tlog.logID.equals(criteria.logID)) {
          return false;
        }
        return tlog.validFor.start <= criteria.targetDate && criteria.targetDate <= tlog.validFor.end;
      });
    }
  }
});

// node_modules/@sigstore/verify/dist/trust/index.js
var require_trust = __commonJS({
  "node_modules/@sigstore/verify/dist/trust/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.filterTLogAuthorities = exports.filterCertAuthorities = void 0;
    exports.toTrustMaterial = toTrustMaterial2;
    var core_1 = require_dist3();
    var protobuf_specs_1 = require_dist();
    var error_1 = require_error4();
    var BEGINNING_OF_TIME = /* @__PURE__ */ new Date(0);
    var END_OF_TIME = /* @__PURE__ */ new Date(864e13);
    var filter_1 = require_filter();
    Object.defineProperty(exports, "filterCertAuthorities", { enumerable: true, get: function() {
      return filter_1.filterCertAuthorities;
    } });
    Object.defineProperty(exports, "filterTLogAuthorities", { enumerable: true, get: function() {
      return filter_1.filterTLogAuthorities;
    } });
    function toTrustMaterial2(root, keys) {
      const keyFinder = typeof keys === "function" ? keys : keyLocator(keys);
      return {
        certificateAuthorities: root.certificateAuthorities.map(createCertAuthority),
        timestampAuthorities: root.timestampAuthorities.map(createCertAuthority),
        tlogs: root.tlogs.map(createTLogAuthority),
        ctlogs: root.ctlogs.map(createTLogAuthority),
        publicKey: keyFinder
      };
    }
    function createTLogAuthority(tlogInstance) {
      const keyDetails = tlogInstance.publicKey.keyDetails;
      const keyType = keyDetails === protobuf_specs_1.PublicKeyDetails.PKCS1_RSA_PKCS1V5 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V5 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V15_2048_SHA256 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V15_3072_SHA256 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V15_4096_SHA256 ? "pkcs1" : "spki";
      return {
        baseURL: tlogInstance.baseUrl,
        logID: tlogInstance.checkpointKeyId ? tlogInstance.checkpointKeyId.keyId : tlogInstance.logId.keyId,
        publicKey: core_1.crypto.createPublicKey(tlogInstance.publicKey.rawBytes, keyType),
        validFor: {
          start: tlogInstance.publicKey.validFor?.start || BEGINNING_OF_TIME,
          end: tlogInstance.publicKey.validFor?.end || END_OF_TIME
        }
      };
    }
    function createCertAuthority(ca) {
      return {
        certChain: ca.certChain.certificates.map((cert) => {
          return core_1.X509Certificate.parse(Buffer.from(cert.rawBytes));
        }),
        validFor: {
          start: ca.validFor?.start || BEGINNING_OF_TIME,
          end: ca.validFor?.end || END_OF_TIME
        }
      };
    }
    function keyLocator(keys) {
      return (hint) => {
        const key = (keys || {})[hint];
        if (!key) {
          throw new error_1.VerificationError({
            code: "PUBLIC_KEY_ERROR",
            message: `key not found: ${hint}`
          });
        }
        return {
          publicKey: core_1.crypto.createPublicKey(key.rawBytes),
          validFor: (date) => {
            return (key.validFor?.start || BEGINNING_OF_TIME) <= date && (key.validFor?.end || END_OF_TIME) >= date;
          }
        };
      };
    }
  }
});

// node_modules/@sigstore/verify/dist/key/certificate.js
var require_certificate = __commonJS({
  "node_modules/@sigstore/verify/dist/key/certificate.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.CertificateChainVerifier = void 0;
    exports.verifyCertificateChain = verifyCertificateChain;
    var error_1 = require_error4();
    var trust_1 = require_trust();
    function verifyCertificateChain(timestamp, leaf, certificateAuthorities) {
      const cas = (0, trust_1.filterCertAuthorities)(certificateAuthorities, timestamp);
      let error;
      for (const ca of cas) {
        try {
          const verifier = new CertificateChainVerifier({
            trustedCerts: ca.certChain,
            untrustedCert: leaf,
            timestamp
          });
          return verifier.verify();
        } catch (err) {
          error = err;
        }
      }
      throw new error_1.VerificationError({
        code: "CERTIFICATE_ERROR",
        message: "Failed to verify certificate chain",
        cause: error
      });
    }
    var CertificateChainVerifier = class {
      untrustedCert;
      trustedCerts;
      localCerts;
      timestamp;
      constructor(opts) {
        this.untrustedCert = opts.untrustedCert;
        this.trustedCerts = opts.trustedCerts;
        this.localCerts = dedupeCertificates([
          ...opts.trustedCerts,
          opts.untrustedCert
        ]);
        this.timestamp = opts.timestamp;
      }
      verify() {
        const certificatePath = this.sort();
        this.checkPath(certificatePath);
        const validForDate = certificatePath.every((cert) => cert.validForDate(this.timestamp));
        if (!validForDate) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "certificate is not valid or expired at the specified date"
          });
        }
        return certificatePath;
      }
      sort() {
        const leafCert = this.untrustedCert;
        let paths = this.buildPaths(leafCert);
        paths = paths.filter((path2) => path2.some((cert) => this.trustedCerts.includes(cert)));
        if (paths.length === 0) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "no trusted certificate path found"
          });
        }
        const path = paths.reduce((prev, curr) => prev.length < curr.length ? prev : curr);
        return [leafCert, ...path].slice(0, -1);
      }
      // Recursively build all possible paths from the leaf to the root
      buildPaths(certificate) {
        const paths = [];
        const issuers = this.findIssuer(certificate);
        if (issuers.length === 0) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "no valid certificate path found"
          });
        }
        for (let i = 0; i < issuers.length; i++) {
          const issuer = issuers[i];
          if (issuer.equals(certificate)) {
            paths.push([certificate]);
            continue;
          }
          const subPaths = this.buildPaths(issuer);
          for (let j = 0; j < subPaths.length; j++) {
            paths.push([issuer, ...subPaths[j]]);
          }
        }
        return paths;
      }
      // Return all possible issuers for the given certificate
      findIssuer(certificate) {
        let issuers = [];
        let keyIdentifier;
        if (certificate.subject.equals(certificate.issuer)) {
          if (certificate.verify()) {
            return [certificate];
          }
        }
        if (certificate.extAuthorityKeyID) {
          keyIdentifier = certificate.extAuthorityKeyID.keyIdentifier;
        }
        this.localCerts.forEach((possibleIssuer) => {
          if (keyIdentifier) {
            if (possibleIssuer.extSubjectKeyID) {
              if (possibleIssuer.extSubjectKeyID.keyIdentifier.equals(keyIdentifier)) {
                issuers.push(possibleIssuer);
              }
              return;
            }
          }
          if (possibleIssuer.subject.equals(certificate.issuer)) {
            issuers.push(possibleIssuer);
          }
        });
        issuers = issuers.filter((issuer) => {
          try {
            return certificate.verify(issuer);
          } catch (ex) {
            return false;
          }
        });
        return issuers;
      }
      checkPath(path) {
        if (path.length < 1) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "certificate chain must contain at least one certificate"
          });
        }
        const validCAs = path.slice(1).every((cert) => cert.isCA);
        if (!validCAs) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "intermediate certificate is not a CA"
          });
        }
        for (let i = path.length - 2; i >= 0; i--) {
          if (!path[i].issuer.equals(path[i + 1].subject)) {
            throw new error_1.VerificationError({
              code: "CERTIFICATE_ERROR",
              message: "incorrect certificate name chaining"
            });
          }
        }
        for (let i = 0; i < path.length; i++) {
          const cert = path[i];
          if (cert.extBasicConstraints?.isCA) {
            const pathLength = cert.extBasicConstraints.pathLenConstraint;
            if (pathLength !== void 0 && pathLength < i - 1) {
              throw new error_1.VerificationError({
                code: "CERTIFICATE_ERROR",
                message: "path length constraint exceeded"
              });
            }
          }
        }
      }
    };
    exports.CertificateChainVerifier = CertificateChainVerifier;
    function dedupeCertificates(certs) {
      for (let i = 0; i < certs.length; i++) {
        for (let j = i + 1; j < certs.length; j++) {
          if (certs[i].equals(certs[j])) {
            certs.splice(j, 1);
            j--;
          }
        }
      }
      return certs;
    }
  }
});

// node_modules/@sigstore/verify/dist/key/sct.js
var require_sct2 = __commonJS({
  "node_modules/@sigstore/verify/dist/key/sct.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifySCTs = verifySCTs;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var trust_1 = require_trust();
    function verifySCTs(cert, issuer, ctlogs) {
      let extSCT;
      const clone = cert.clone();
      for (let i = 0; i < clone.extensions.length; i++) {
        const ext = clone.extensions[i];
        if (ext.subs[0].toOID() === core_1.EXTENSION_OID_SCT) {
          extSCT = new core_1.X509SCTExtension(ext);
          clone.extensions.splice(i, 1);
          break;
        }
      }
      if (!extSCT) {
        return [];
      }
      if (extSCT.signedCertificateTimestamps.length === 0) {
        return [];
      }
      const preCert = new core_1.ByteStream();
      const issuerId = core_1.crypto.digest("sha256", issuer.publicKey);
      preCert.appendView(issuerId);
      const tbs = clone.tbsCertificate.toDER();
      preCert.appendUint24(tbs.length);
      preCert.appendView(tbs);
      return extSCT.signedCertificateTimestamps.map((sct) => {
        const validCTLogs = (0, trust_1.filterTLogAuthorities)(ctlogs, {
          logID: sct.logID,
          targetDate: sct.datetime
        });
        const verified = validCTLogs.some((log) => sct.verify(preCert.buffer, log.publicKey));
        if (!verified) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "SCT verification failed"
          });
        }
        return sct.logID;
      });
    }
  }
});

// node_modules/@sigstore/verify/dist/key/index.js
var require_key = __commonJS({
  "node_modules/@sigstore/verify/dist/key/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyPublicKey = verifyPublicKey;
    exports.verifyCertificate = verifyCertificate;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var certificate_1 = require_certificate();
    var sct_1 = require_sct2();
    var OID_FULCIO_ISSUER_V1 = "1.3.6.1.4.1.57264.1.1";
    var OID_FULCIO_ISSUER_V2 = "1.3.6.1.4.1.57264.1.8";
    function verifyPublicKey(hint, timestamps, trustMaterial) {
      const key = trustMaterial.publicKey(hint);
      timestamps.forEach((timestamp) => {
        if (!key.validFor(timestamp)) {
          throw new error_1.VerificationError({
            code: "PUBLIC_KEY_ERROR",
            message: `Public key is not valid for timestamp: ${timestamp.toISOString()}`
          });
        }
      });
      return { key: key.publicKey };
    }
    function verifyCertificate(leaf, timestamps, trustMaterial) {
      let path = [];
      timestamps.forEach((timestamp) => {
        path = (0, certificate_1.verifyCertificateChain)(timestamp, leaf, trustMaterial.certificateAuthorities);
      });
      return {
        scts: (0, sct_1.verifySCTs)(path[0], path[1], trustMaterial.ctlogs),
        signer: getSigner(path[0])
      };
    }
    function getSigner(cert) {
      let issuer;
      const issuerExtension = cert.extension(OID_FULCIO_ISSUER_V2);
      if (issuerExtension) {
        issuer = issuerExtension.valueObj.subs?.[0]?.value.toString("ascii");
      } else {
        issuer = cert.extension(OID_FULCIO_ISSUER_V1)?.value.toString("ascii");
      }
      const oids = cert.extensions.map((ext) => {
        const oid = ext.subs[0].toOID();
        return {
          oid: { id: oid.split(".").map(Number) },
          value: ext.subs[ext.subs.length - 1].value
        };
      });
      const identity = {
        extensions: { issuer },
        subjectAlternativeName: cert.subjectAltName,
        oids
      };
      return {
        key: core_1.crypto.createPublicKey(cert.publicKey),
        identity
      };
    }
  }
});

// node_modules/@sigstore/verify/dist/policy.js
var require_policy = __commonJS({
  "node_modules/@sigstore/verify/dist/policy.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifySubjectAlternativeName = verifySubjectAlternativeName;
    exports.verifyExtensions = verifyExtensions;
    exports.verifyOIDs = verifyOIDs;
    var error_1 = require_error4();
    function verifySubjectAlternativeName(policyIdentity, signerIdentity) {
      if (signerIdentity === void 0 || !signerIdentity.match(policyIdentity)) {
        throw new error_1.PolicyError({
          code: "UNTRUSTED_SIGNER_ERROR",
          message: `certificate identity error - expected ${policyIdentity}, got ${signerIdentity}`
        });
      }
    }
    function verifyExtensions(policyExtensions, signerExtensions = {}) {
      let key;
      for (key in policyExtensions) {
        if (signerExtensions[key] !== policyExtensions[key]) {
          throw new error_1.PolicyError({
            code: "UNTRUSTED_SIGNER_ERROR",
            message: `invalid certificate extension - expected ${key}=${policyExtensions[key]}, got ${key}=${signerExtensions[key]}`
          });
        }
      }
    }
    function verifyOIDs(policyOIDs, signerOIDs = []) {
      for (const policyOID of policyOIDs) {
        const match = signerOIDs.find((signerOID) => oidEquals(policyOID.oid?.id, signerOID.oid?.id) && policyOID.value.equals(signerOID.value));
        if (!match) {
          const oid = policyOID.oid?.id.join(".") ?? "<unknown>";
          throw new error_1.PolicyError({
            code: "UNTRUSTED_SIGNER_ERROR",
            message: `invalid certificate extension - missing OID ${oid}`
          });
        }
      }
    }
    function oidEquals(a, b) {
      if (a === void 0 || b === void 0) {
        return false;
      }
      return a.length === b.length && a.every((v, i) => v === b[i]);
    }
  }
});

// node_modules/@sigstore/verify/dist/timestamp/tsa.js
var require_tsa = __commonJS({
  "node_modules/@sigstore/verify/dist/timestamp/tsa.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyRFC3161Timestamp = verifyRFC3161Timestamp;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var certificate_1 = require_certificate();
    var trust_1 = require_trust();
    function verifyRFC3161Timestamp(timestamp, data, timestampAuthorities) {
      const signingTime = timestamp.signingTime;
      timestampAuthorities = (0, trust_1.filterCertAuthorities)(timestampAuthorities, signingTime);
      timestampAuthorities = filterCAsBySerialAndIssuer(timestampAuthorities, {
        serialNumber: timestamp.signerSerialNumber,
        issuer: timestamp.signerIssuer
      });
      const verified = timestampAuthorities.some((ca) => {
        try {
          verifyTimestampForCA(timestamp, data, ca);
          return true;
        } catch (e) {
          return false;
        }
      });
      if (!verified) {
        throw new error_1.VerificationError({
          code: "TIMESTAMP_ERROR",
          message: "timestamp could not be verified"
        });
      }
    }
    function verifyTimestampForCA(timestamp, data, ca) {
      const [leaf, ...cas] = ca.certChain;
      const signingKey = core_1.crypto.createPublicKey(leaf.publicKey);
      const signingTime = timestamp.signingTime;
      try {
        new certificate_1.CertificateChainVerifier({
          untrustedCert: leaf,
          trustedCerts: cas,
          timestamp: signingTime
        }).verify();
      } catch (e) {
        throw new error_1.VerificationError({
          code: "TIMESTAMP_ERROR",
          message: "invalid certificate chain"
        });
      }
      timestamp.verify(data, signingKey);
    }
    function filterCAsBySerialAndIssuer(timestampAuthorities, criteria) {
      return timestampAuthorities.filter((ca) => ca.certChain.length > 0 && core_1.crypto.bufferEqual(ca.certChain[0].serialNumber, criteria.serialNumber) && core_1.crypto.bufferEqual(ca.certChain[0].issuer, criteria.issuer));
    }
  }
});

// node_modules/@sigstore/verify/dist/timestamp/index.js
var require_timestamp3 = __commonJS({
  "node_modules/@sigstore/verify/dist/timestamp/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.getTSATimestamp = getTSATimestamp;
    exports.getTLogTimestamp = getTLogTimestamp;
    var tsa_1 = require_tsa();
    function getTSATimestamp(timestamp, data, timestampAuthorities) {
      (0, tsa_1.verifyRFC3161Timestamp)(timestamp, data, timestampAuthorities);
      return {
        type: "timestamp-authority",
        logID: timestamp.signerSerialNumber,
        timestamp: timestamp.signingTime
      };
    }
    function getTLogTimestamp(entry) {
      if (!entry.inclusionPromise) {
        return void 0;
      }
      return {
        type: "transparency-log",
        logID: entry.logId.keyId,
        timestamp: new Date(Number(entry.integratedTime) * 1e3)
      };
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/verifier.js
var require_verifier = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/verifier.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Signature = exports.Verifier = exports.PublicKey = void 0;
    var sigstore_common_1 = require_sigstore_common();
    exports.PublicKey = {
      fromJSON(object) {
        return { rawBytes: isSet(object.rawBytes) ? Buffer.from(bytesFromBase64(object.rawBytes)) : Buffer.alloc(0) };
      },
      toJSON(message) {
        const obj = {};
        if (message.rawBytes.length !== 0) {
          obj.rawBytes = base64FromBytes(message.rawBytes);
        }
        return obj;
      }
    };
    exports.Verifier = {
      fromJSON(object) {
        return {
          verifier: isSet(object.publicKey) ? { $case: "publicKey", publicKey: exports.PublicKey.fromJSON(object.publicKey) } : isSet(object.x509Certificate) ? { $case: "x509Certificate", x509Certificate: sigstore_common_1.X509Certificate.fromJSON(object.x509Certificate) } : void 0,
          keyDetails: isSet(object.keyDetails) ? (0, sigstore_common_1.publicKeyDetailsFromJSON)(object.keyDetails) : 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.verifier?.$case === "publicKey") {
          obj.publicKey = exports.PublicKey.toJSON(message.verifier.publicKey);
        } else if (message.verifier?.$case === "x509Certificate") {
          obj.x509Certificate = sigstore_common_1.X509Certificate.toJSON(message.verifier.x509Certificate);
        }
        if (message.keyDetails !== 0) {
          obj.keyDetails = (0, sigstore_common_1.publicKeyDetailsToJSON)(message.keyDetails);
        }
        return obj;
      }
    };
    exports.Signature = {
      fromJSON(object) {
        return {
          content: isSet(object.content) ? Buffer.from(bytesFromBase64(object.content)) : Buffer.alloc(0),
          verifier: isSet(object.verifier) ? exports.Verifier.fromJSON(object.verifier) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.content.length !== 0) {
          obj.content = base64FromBytes(message.content);
        }
        if (message.verifier !== void 0) {
          obj.verifier = exports.Verifier.toJSON(message.verifier);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/dsse.js
var require_dsse3 = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSELogEntryV002 = exports.DSSERequestV002 = void 0;
    var envelope_1 = require_envelope();
    var sigstore_common_1 = require_sigstore_common();
    var verifier_1 = require_verifier();
    exports.DSSERequestV002 = {
      fromJSON(object) {
        return {
          envelope: isSet(object.envelope) ? envelope_1.Envelope.fromJSON(object.envelope) : void 0,
          verifiers: globalThis.Array.isArray(object?.verifiers) ? object.verifiers.map((e) => verifier_1.Verifier.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.envelope !== void 0) {
          obj.envelope = envelope_1.Envelope.toJSON(message.envelope);
        }
        if (message.verifiers?.length) {
          obj.verifiers = message.verifiers.map((e) => verifier_1.Verifier.toJSON(e));
        }
        return obj;
      }
    };
    exports.DSSELogEntryV002 = {
      fromJSON(object) {
        return {
          payloadHash: isSet(object.payloadHash) ? sigstore_common_1.HashOutput.fromJSON(object.payloadHash) : void 0,
          signatures: globalThis.Array.isArray(object?.signatures) ? object.signatures.map((e) => verifier_1.Signature.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.payloadHash !== void 0) {
          obj.payloadHash = sigstore_common_1.HashOutput.toJSON(message.payloadHash);
        }
        if (message.signatures?.length) {
          obj.signatures = message.signatures.map((e) => verifier_1.Signature.toJSON(e));
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/hashedrekord.js
var require_hashedrekord = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/hashedrekord.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.HashedRekordLogEntryV002 = exports.HashedRekordRequestV002 = void 0;
    var sigstore_common_1 = require_sigstore_common();
    var verifier_1 = require_verifier();
    exports.HashedRekordRequestV002 = {
      fromJSON(object) {
        return {
          digest: isSet(object.digest) ? Buffer.from(bytesFromBase64(object.digest)) : Buffer.alloc(0),
          signature: isSet(object.signature) ? verifier_1.Signature.fromJSON(object.signature) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.digest.length !== 0) {
          obj.digest = base64FromBytes(message.digest);
        }
        if (message.signature !== void 0) {
          obj.signature = verifier_1.Signature.toJSON(message.signature);
        }
        return obj;
      }
    };
    exports.HashedRekordLogEntryV002 = {
      fromJSON(object) {
        return {
          data: isSet(object.data) ? sigstore_common_1.HashOutput.fromJSON(object.data) : void 0,
          signature: isSet(object.signature) ? verifier_1.Signature.fromJSON(object.signature) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.data !== void 0) {
          obj.data = sigstore_common_1.HashOutput.toJSON(message.data);
        }
        if (message.signature !== void 0) {
          obj.signature = verifier_1.Signature.toJSON(message.signature);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/entry.js
var require_entry = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/entry.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.CreateEntryRequest = exports.Spec = exports.Entry = void 0;
    var dsse_1 = require_dsse3();
    var hashedrekord_1 = require_hashedrekord();
    exports.Entry = {
      fromJSON(object) {
        return {
          kind: isSet(object.kind) ? globalThis.String(object.kind) : "",
          apiVersion: isSet(object.apiVersion) ? globalThis.String(object.apiVersion) : "",
          spec: isSet(object.spec) ? exports.Spec.fromJSON(object.spec) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.kind !== "") {
          obj.kind = message.kind;
        }
        if (message.apiVersion !== "") {
          obj.apiVersion = message.apiVersion;
        }
        if (message.spec !== void 0) {
          obj.spec = exports.Spec.toJSON(message.spec);
        }
        return obj;
      }
    };
    exports.Spec = {
      fromJSON(object) {
        return {
          spec: isSet(object.hashedRekordV002) ? { $case: "hashedRekordV002", hashedRekordV002: hashedrekord_1.HashedRekordLogEntryV002.fromJSON(object.hashedRekordV002) } : isSet(object.dsseV002) ? { $case: "dsseV002", dsseV002: dsse_1.DSSELogEntryV002.fromJSON(object.dsseV002) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.spec?.$case === "hashedRekordV002") {
          obj.hashedRekordV002 = hashedrekord_1.HashedRekordLogEntryV002.toJSON(message.spec.hashedRekordV002);
        } else if (message.spec?.$case === "dsseV002") {
          obj.dsseV002 = dsse_1.DSSELogEntryV002.toJSON(message.spec.dsseV002);
        }
        return obj;
      }
    };
    exports.CreateEntryRequest = {
      fromJSON(object) {
        return {
          spec: isSet(object.hashedRekordRequestV002) ? {
            $case: "hashedRekordRequestV002",
            hashedRekordRequestV002: hashedrekord_1.HashedRekordRequestV002.fromJSON(object.hashedRekordRequestV002)
          } : isSet(object.dsseRequestV002) ? { $case: "dsseRequestV002", dsseRequestV002: dsse_1.DSSERequestV002.fromJSON(object.dsseRequestV002) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.spec?.$case === "hashedRekordRequestV002") {
          obj.hashedRekordRequestV002 = hashedrekord_1.HashedRekordRequestV002.toJSON(message.spec.hashedRekordRequestV002);
        } else if (message.spec?.$case === "dsseRequestV002") {
          obj.dsseRequestV002 = dsse_1.DSSERequestV002.toJSON(message.spec.dsseRequestV002);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/rekor/v2/index.js
var require_v2 = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/rekor/v2/index.js"(exports) {
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
    var __exportStar = exports && exports.__exportStar || function(m, exports2) {
      for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports2, p)) __createBinding(exports2, m, p);
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    __exportStar(require_dsse3(), exports);
    __exportStar(require_entry(), exports);
    __exportStar(require_hashedrekord(), exports);
    __exportStar(require_verifier(), exports);
  }
});

// node_modules/@sigstore/verify/dist/tlog/dsse.js
var require_dsse4 = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSE_API_VERSION_V1 = void 0;
    exports.verifyDSSETLogBody = verifyDSSETLogBody;
    exports.verifyDSSETLogBodyV2 = verifyDSSETLogBodyV2;
    var error_1 = require_error4();
    exports.DSSE_API_VERSION_V1 = "0.0.1";
    function verifyDSSETLogBody(tlogEntry, content) {
      switch (tlogEntry.apiVersion) {
        case exports.DSSE_API_VERSION_V1:
          return verifyDSSE001TLogBody(tlogEntry, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported dsse version: ${tlogEntry.apiVersion}`
          });
      }
    }
    function verifyDSSETLogBodyV2(tlogEntry, content) {
      const spec = tlogEntry.spec?.spec;
      if (!spec) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: `missing dsse spec`
        });
      }
      switch (spec.$case) {
        case "dsseV002":
          return verifyDSSE002TLogBody(spec.dsseV002, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported version: ${spec.$case}`
          });
      }
    }
    function verifyDSSE001TLogBody(tlogEntry, content) {
      if (tlogEntry.spec.signatures?.length !== 1) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature count mismatch"
        });
      }
      const tlogSig = tlogEntry.spec.signatures[0].signature;
      if (!content.compareSignature(Buffer.from(tlogSig, "base64")))
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "tlog entry signature mismatch"
        });
      const tlogHash = tlogEntry.spec.payloadHash?.value || "";
      if (!content.compareDigest(Buffer.from(tlogHash, "hex"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "DSSE payload hash mismatch"
        });
      }
    }
    function verifyDSSE002TLogBody(spec, content) {
      if (spec.signatures?.length !== 1) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature count mismatch"
        });
      }
      const tlogSig = spec.signatures[0].content;
      if (!content.compareSignature(tlogSig))
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "tlog entry signature mismatch"
        });
      const tlogHash = spec.payloadHash?.digest || Buffer.from("");
      if (!content.compareDigest(tlogHash)) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "DSSE payload hash mismatch"
        });
      }
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/hashedrekord.js
var require_hashedrekord2 = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/hashedrekord.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.HASHEDREKORD_API_VERSION_V1 = void 0;
    exports.verifyHashedRekordTLogBody = verifyHashedRekordTLogBody;
    exports.verifyHashedRekordTLogBodyV2 = verifyHashedRekordTLogBodyV2;
    var error_1 = require_error4();
    exports.HASHEDREKORD_API_VERSION_V1 = "0.0.1";
    function verifyHashedRekordTLogBody(tlogEntry, content) {
      switch (tlogEntry.apiVersion) {
        case exports.HASHEDREKORD_API_VERSION_V1:
          return verifyHashedrekord001TLogBody(tlogEntry, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported hashedrekord version: ${tlogEntry.apiVersion}`
          });
      }
    }
    function verifyHashedRekordTLogBodyV2(tlogEntry, content) {
      const spec = tlogEntry.spec?.spec;
      if (!spec) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: `missing dsse spec`
        });
      }
      switch (spec.$case) {
        case "hashedRekordV002":
          return verifyHashedrekord002TLogBody(spec.hashedRekordV002, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported version: ${spec.$case}`
          });
      }
    }
    function verifyHashedrekord001TLogBody(tlogEntry, content) {
      const tlogSig = tlogEntry.spec.signature.content || "";
      if (!content.compareSignature(Buffer.from(tlogSig, "base64"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature mismatch"
        });
      }
      const tlogDigest = tlogEntry.spec.data.hash?.value || "";
      if (!content.compareSignedDigest(Buffer.from(tlogDigest, "hex"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "digest mismatch"
        });
      }
    }
    function verifyHashedrekord002TLogBody(spec, content) {
      const tlogSig = spec.signature?.content || Buffer.from("");
      if (!content.compareSignature(tlogSig)) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature mismatch"
        });
      }
      const tlogHash = spec.data?.digest || Buffer.from("");
      if (!content.compareSignedDigest(tlogHash)) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "digest mismatch"
        });
      }
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/intoto.js
var require_intoto = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/intoto.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyIntotoTLogBody = verifyIntotoTLogBody;
    var error_1 = require_error4();
    function verifyIntotoTLogBody(tlogEntry, content) {
      switch (tlogEntry.apiVersion) {
        case "0.0.2":
          return verifyIntoto002TLogBody(tlogEntry, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported intoto version: ${tlogEntry.apiVersion}`
          });
      }
    }
    function verifyIntoto002TLogBody(tlogEntry, content) {
      if (tlogEntry.spec.content.envelope.signatures?.length !== 1) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature count mismatch"
        });
      }
      const tlogSig = base64Decode(tlogEntry.spec.content.envelope.signatures[0].sig);
      if (!content.compareSignature(Buffer.from(tlogSig, "base64"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "tlog entry signature mismatch"
        });
      }
      const tlogHash = tlogEntry.spec.content.payloadHash?.value || "";
      if (!content.compareDigest(Buffer.from(tlogHash, "hex"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "DSSE payload hash mismatch"
        });
      }
    }
    function base64Decode(str) {
      return Buffer.from(str, "base64").toString("utf-8");
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/checkpoint.js
var require_checkpoint = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/checkpoint.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.LogCheckpoint = void 0;
    exports.verifyCheckpoint = verifyCheckpoint;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var CHECKPOINT_SEPARATOR = "\n\n";
    var SIGNATURE_REGEX = /\u2014 (\S+) (\S+)\n/g;
    function verifyCheckpoint(entry, tlogs) {
      const inclusionProof = entry.inclusionProof;
      const signedNote = SignedNote.fromString(inclusionProof.checkpoint.envelope);
      const checkpoint = LogCheckpoint.fromString(signedNote.note);
      if (!verifySignedNote(signedNote, tlogs)) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "invalid checkpoint signature"
        });
      }
      return checkpoint;
    }
    function verifySignedNote(signedNote, tlogs) {
      const data = Buffer.from(signedNote.note, "utf-8");
      return signedNote.signatures.some((signature) => {
        const tlog = tlogs.find((tlog2) => core_1.crypto.bufferEqual(tlog2.logID.subarray(0, 4), signature.keyHint) && // Match the signature name to the base URL of the tlog. The name is
        // attacker-controlled, so it MUST be compared as a literal substring
        // and never coerced into a RegExp (as String.prototype.match would).
        tlog2.baseURL.includes(signature.name));
        if (!tlog) {
          return false;
        }
        return core_1.crypto.verify(data, tlog.publicKey, signature.signature);
      });
    }
    var SignedNote = class _SignedNote {
      note;
      signatures;
      constructor(note, signatures) {
        this.note = note;
        this.signatures = signatures;
      }
      // Deserialize a SignedNote from a string
      static fromString(envelope) {
        if (!envelope.includes(CHECKPOINT_SEPARATOR)) {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "missing checkpoint separator"
          });
        }
        const split = envelope.indexOf(CHECKPOINT_SEPARATOR);
        const header = envelope.slice(0, split + 1);
        const data = envelope.slice(split + CHECKPOINT_SEPARATOR.length);
        const matches = data.matchAll(SIGNATURE_REGEX);
        const signatures = Array.from(matches, (match) => {
          const [, name, signature] = match;
          const sigBytes = Buffer.from(signature, "base64");
          if (sigBytes.length < 5) {
            throw new error_1.VerificationError({
              code: "TLOG_INCLUSION_PROOF_ERROR",
              message: "malformed checkpoint signature"
            });
          }
          return {
            name,
            keyHint: sigBytes.subarray(0, 4),
            signature: sigBytes.subarray(4)
          };
        });
        if (signatures.length === 0) {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "no signatures found in checkpoint"
          });
        }
        return new _SignedNote(header, signatures);
      }
    };
    var LogCheckpoint = class _LogCheckpoint {
      origin;
      logSize;
      logHash;
      rest;
      constructor(origin, logSize, logHash, rest) {
        this.origin = origin;
        this.logSize = logSize;
        this.logHash = logHash;
        this.rest = rest;
      }
      static fromString(note) {
        const lines = note.trimEnd().split("\n");
        if (lines.length < 3) {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "too few lines in checkpoint header"
          });
        }
        const origin = lines[0];
        let logSize;
        try {
          logSize = BigInt(lines[1]);
        } catch {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "invalid checkpoint log size"
          });
        }
        const rootHash = Buffer.from(lines[2], "base64");
        const rest = lines.slice(3);
        return new _LogCheckpoint(origin, logSize, rootHash, rest);
      }
    };
    exports.LogCheckpoint = LogCheckpoint;
  }
});

// node_modules/@sigstore/verify/dist/tlog/merkle.js
var require_merkle = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/merkle.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyMerkleInclusion = verifyMerkleInclusion;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var RFC6962_LEAF_HASH_PREFIX = Buffer.from([0]);
    var RFC6962_NODE_HASH_PREFIX = Buffer.from([1]);
    function verifyMerkleInclusion(entry, checkpoint) {
      const inclusionProof = entry.inclusionProof;
      let logIndex;
      try {
        logIndex = BigInt(inclusionProof.logIndex);
      } catch {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "invalid inclusion proof log index"
        });
      }
      const treeSize = BigInt(checkpoint.logSize);
      if (logIndex < 0n || logIndex >= treeSize) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: `invalid index: ${logIndex}`
        });
      }
      const { inner, border } = decompInclProof(logIndex, treeSize);
      if (inclusionProof.hashes.length !== inner + border) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "invalid hash count"
        });
      }
      const innerHashes = inclusionProof.hashes.slice(0, inner);
      const borderHashes = inclusionProof.hashes.slice(inner);
      const leafHash = hashLeaf(entry.canonicalizedBody);
      const calculatedHash = chainBorderRight(chainInner(leafHash, innerHashes, logIndex), borderHashes);
      if (!core_1.crypto.bufferEqual(calculatedHash, checkpoint.logHash)) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "calculated root hash does not match inclusion proof"
        });
      }
    }
    function decompInclProof(index, size) {
      const inner = innerProofSize(index, size);
      const border = onesCount(index >> BigInt(inner));
      return { inner, border };
    }
    function chainInner(seed, hashes, index) {
      return hashes.reduce((acc, h, i) => {
        if (index >> BigInt(i) & BigInt(1)) {
          return hashChildren(h, acc);
        } else {
          return hashChildren(acc, h);
        }
      }, seed);
    }
    function chainBorderRight(seed, hashes) {
      return hashes.reduce((acc, h) => hashChildren(h, acc), seed);
    }
    function innerProofSize(index, size) {
      return bitLength(index ^ size - BigInt(1));
    }
    function onesCount(num) {
      return num.toString(2).split("1").length - 1;
    }
    function bitLength(n) {
      if (n === 0n) {
        return 0;
      }
      return n.toString(2).length;
    }
    function hashChildren(left, right) {
      return core_1.crypto.digest("sha256", RFC6962_NODE_HASH_PREFIX, left, right);
    }
    function hashLeaf(leaf) {
      return core_1.crypto.digest("sha256", RFC6962_LEAF_HASH_PREFIX, leaf);
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/set.js
var require_set = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/set.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyTLogSET = verifyTLogSET;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var trust_1 = require_trust();
    function verifyTLogSET(entry, tlogs) {
      const validTLogs = (0, trust_1.filterTLogAuthorities)(tlogs, {
        logID: entry.logId.keyId,
        targetDate: new Date(Number(entry.integratedTime) * 1e3)
      });
      const verified = validTLogs.some((tlog) => {
        const payload = toVerificationPayload(entry);
        const data = Buffer.from(core_1.json.canonicalize(payload), "utf8");
        const signature = entry.inclusionPromise.signedEntryTimestamp;
        return core_1.crypto.verify(data, tlog.publicKey, signature);
      });
      if (!verified) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROMISE_ERROR",
          message: "inclusion promise could not be verified"
        });
      }
    }
    function toVerificationPayload(entry) {
      const { integratedTime, logIndex, logId, canonicalizedBody } = entry;
      return {
        body: canonicalizedBody.toString("base64"),
        integratedTime: Number(integratedTime),
        logIndex: Number(logIndex),
        logID: logId.keyId.toString("hex")
      };
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/index.js
var require_tlog = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyTLogBody = verifyTLogBody;
    exports.verifyTLogInclusion = verifyTLogInclusion;
    var v2_1 = require_v2();
    var error_1 = require_error4();
    var dsse_1 = require_dsse4();
    var hashedrekord_1 = require_hashedrekord2();
    var intoto_1 = require_intoto();
    var checkpoint_1 = require_checkpoint();
    var merkle_1 = require_merkle();
    var set_1 = require_set();
    function verifyTLogBody(entry, sigContent) {
      const { kind, version } = entry.kindVersion;
      let body;
      try {
        body = JSON.parse(entry.canonicalizedBody.toString("utf8"));
      } catch {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "invalid canonicalized body"
        });
      }
      if (kind !== body.kind || version !== body.apiVersion) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: `kind/version mismatch - expected: ${kind}/${version}, received: ${body.kind}/${body.apiVersion}`
        });
      }
      switch (kind) {
        case "dsse":
          if (version == dsse_1.DSSE_API_VERSION_V1) {
            return (0, dsse_1.verifyDSSETLogBody)(body, sigContent);
          } else {
            const entryRekorV2 = v2_1.Entry.fromJSON(body);
            return (0, dsse_1.verifyDSSETLogBodyV2)(entryRekorV2, sigContent);
          }
        case "intoto":
          return (0, intoto_1.verifyIntotoTLogBody)(body, sigContent);
        case "hashedrekord":
          if (version == hashedrekord_1.HASHEDREKORD_API_VERSION_V1) {
            return (0, hashedrekord_1.verifyHashedRekordTLogBody)(body, sigContent);
          } else {
            const entryRekorV2 = v2_1.Entry.fromJSON(body);
            return (0, hashedrekord_1.verifyHashedRekordTLogBodyV2)(entryRekorV2, sigContent);
          }
        /* istanbul ignore next */
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported kind: ${kind}`
          });
      }
    }
    function verifyTLogInclusion(entry, tlogAuthorities) {
      let inclusionVerified = false;
      if (isTLogEntryWithInclusionPromise(entry)) {
        (0, set_1.verifyTLogSET)(entry, tlogAuthorities);
        inclusionVerified = true;
      }
      if (isTLogEntryWithInclusionProof(entry)) {
        const matchingAuthorities = tlogAuthorities.filter((tlog) => tlog.logID.equals(entry.logId.keyId));
        const checkpoint = (0, checkpoint_1.verifyCheckpoint)(entry, matchingAuthorities);
        (0, merkle_1.verifyMerkleInclusion)(entry, checkpoint);
        inclusionVerified = true;
      }
      if (!inclusionVerified) {
        throw new error_1.VerificationError({
          code: "TLOG_MISSING_INCLUSION_ERROR",
          message: "inclusion could not be verified"
        });
      }
      return;
    }
    function isTLogEntryWithInclusionPromise(entry) {
      return entry.inclusionPromise !== void 0;
    }
    function isTLogEntryWithInclusionProof(entry) {
      return entry.inclusionProof !== void 0;
    }
  }
});

// node_modules/@sigstore/verify/dist/verifier.js
var require_verifier2 = __commonJS({
  "node_modules/@sigstore/verify/dist/verifier.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Verifier = void 0;
    var util_1 = __require("util");
    var error_1 = require_error4();
    var key_1 = require_key();
    var policy_1 = require_policy();
    var timestamp_1 = require_timestamp3();
    var tlog_1 = require_tlog();
    var Verifier2 = class {
      trustMaterial;
      options;
      constructor(trustMaterial, options = {}) {
        this.trustMaterial = trustMaterial;
        this.options = {
          ctlogThreshold: options.ctlogThreshold ?? 1,
          tlogThreshold: options.tlogThreshold ?? 1,
          timestampThreshold: options.timestampThreshold ?? options.tsaThreshold ?? 1,
          tsaThreshold: 0
        };
      }
      verify(entity, policy) {
        const timestamps = this.verifyTimestamps(entity);
        const signer = this.verifySigningKey(entity, timestamps);
        this.verifyTLogs(entity);
        this.verifySignature(entity, signer);
        if (policy) {
          this.verifyPolicy(policy, signer.identity || {});
        }
        return signer;
      }
      // Checks that all of the timestamps in the entity are valid and returns them
      verifyTimestamps(entity) {
        const timestamps = [];
        for (const timestamp of entity.timestamps) {
          switch (timestamp.$case) {
            case "timestamp-authority":
              timestamps.push((0, timestamp_1.getTSATimestamp)(timestamp.timestamp, entity.signature.signature, this.trustMaterial.timestampAuthorities));
              break;
            case "transparency-log": {
              const result = (0, timestamp_1.getTLogTimestamp)(timestamp.tlogEntry);
              if (result) {
                timestamps.push(result);
              }
              break;
            }
          }
        }
        if (containsDupes(timestamps)) {
          throw new error_1.VerificationError({
            code: "TIMESTAMP_ERROR",
            message: "duplicate timestamp"
          });
        }
        if (timestamps.length < this.options.timestampThreshold) {
          throw new error_1.VerificationError({
            code: "TIMESTAMP_ERROR",
            message: `expected ${this.options.timestampThreshold} timestamps, got ${timestamps.length}`
          });
        }
        return timestamps.map((t) => t.timestamp);
      }
      // Checks that the signing key is valid for all of the the supplied timestamps
      // and returns the signer.
      verifySigningKey({ key }, timestamps) {
        switch (key.$case) {
          case "public-key": {
            return (0, key_1.verifyPublicKey)(key.hint, timestamps, this.trustMaterial);
          }
          case "certificate": {
            const result = (0, key_1.verifyCertificate)(key.certificate, timestamps, this.trustMaterial);
            if (containsDupes(result.scts)) {
              throw new error_1.VerificationError({
                code: "CERTIFICATE_ERROR",
                message: "duplicate SCT"
              });
            }
            if (result.scts.length < this.options.ctlogThreshold) {
              throw new error_1.VerificationError({
                code: "CERTIFICATE_ERROR",
                message: `expected ${this.options.ctlogThreshold} SCTs, got ${result.scts.length}`
              });
            }
            return result.signer;
          }
        }
      }
      // Checks that the tlog entries are valid for the supplied content
      verifyTLogs({ signature: content, tlogEntries }) {
        const entryIDs = [];
        tlogEntries.forEach((entry) => {
          (0, tlog_1.verifyTLogInclusion)(entry, this.trustMaterial.tlogs);
          (0, tlog_1.verifyTLogBody)(entry, content);
          entryIDs.push({
            logID: entry.logId.keyId,
            body: entry.canonicalizedBody
          });
        });
        if (containsDupes(entryIDs)) {
          throw new error_1.VerificationError({
            code: "TLOG_ERROR",
            message: "duplicate tlog entry"
          });
        }
        if (entryIDs.length < this.options.tlogThreshold) {
          throw new error_1.VerificationError({
            code: "TLOG_ERROR",
            message: `expected ${this.options.tlogThreshold} tlog entries, got ${entryIDs.length}`
          });
        }
      }
      // Checks that the signature is valid for the supplied content
      verifySignature(entity, signer) {
        if (!entity.signature.verifySignature(signer.key)) {
          throw new error_1.VerificationError({
            code: "SIGNATURE_ERROR",
            message: "signature verification failed"
          });
        }
      }
      verifyPolicy(policy, identity) {
        if (policy.subjectAlternativeName) {
          (0, policy_1.verifySubjectAlternativeName)(policy.subjectAlternativeName, identity.subjectAlternativeName);
        }
        if (policy.extensions) {
          (0, policy_1.verifyExtensions)(policy.extensions, identity.extensions);
        }
        if (policy.oids) {
          (0, policy_1.verifyOIDs)(policy.oids, identity.oids);
        }
      }
    };
    exports.Verifier = Verifier2;
    function containsDupes(arr) {
      for (let i = 0; i < arr.length; i++) {
        for (let j = i + 1; j < arr.length; j++) {
          if ((0, util_1.isDeepStrictEqual)(arr[i], arr[j])) {
            return true;
          }
        }
      }
      return false;
    }
  }
});

// node_modules/@sigstore/verify/dist/index.js
var require_dist4 = __commonJS({
  "node_modules/@sigstore/verify/dist/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Verifier = exports.toTrustMaterial = exports.VerificationError = exports.PolicyError = exports.toSignedEntity = void 0;
    var bundle_1 = require_bundle2();
    Object.defineProperty(exports, "toSignedEntity", { enumerable: true, get: function() {
      return bundle_1.toSignedEntity;
    } });
    var error_1 = require_error4();
    Object.defineProperty(exports, "PolicyError", { enumerable: true, get: function() {
      return error_1.PolicyError;
    } });
    Object.defineProperty(exports, "VerificationError", { enumerable: true, get: function() {
      return error_1.VerificationError;
    } });
    var trust_1 = require_trust();
    Object.defineProperty(exports, "toTrustMaterial", { enumerable: true, get: function() {
      return trust_1.toTrustMaterial;
    } });
    var verifier_1 = require_verifier2();
    Object.defineProperty(exports, "Verifier", { enumerable: true, get: function() {
      return verifier_1.Verifier;
    } });
  }
});

// src/action/cancel.ts
var SIGNALS = { SIGINT: 2, SIGTERM: 15 };
function onCancel(describe) {
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      publishProblems([new ActionError("service", "CANCELLED", describe())]);
      process.exit(128 + number);
    });
  }
}

// src/sigstore/verify/trusted.ts
function byCertificates(certificates) {
  return { certificates, keys: [], witnesses: void 0 };
}
function byKeys(keys, witnesses) {
  return { certificates: void 0, keys, witnesses };
}

// src/sigstore/verify/verifier.ts
const { setImmediate } = process.getBuiltinModule("node:timers/promises");

// src/model/statement.ts
var STATEMENT_V1 = "https://in-toto.io/Statement/v1";
var PAYLOAD_TYPE = "application/vnd.in-toto+json";
var MOST_SUBJECTS = 1024;
var TYPES = /* @__PURE__ */ new Set([STATEMENT_V1, "https://in-toto.io/Statement/v0.1"]);
function serializeStatement({ subject, predicateType, predicate }) {
  return Buffer.from(JSON.stringify({ _type: STATEMENT_V1, subject, predicateType, predicate }));
}
function parseStatement(payload) {
  const parsed = parseStrictJson(payload);
  if (isProblem(parsed)) return bad(parsed.problem);
  const json = parsed.value;
  if (!isRecord(json)) return bad("the payload is not a JSON object");
  if (!TYPES.has(json["_type"])) return bad(`_type is ${JSON.stringify(json["_type"])}`);
  const { subject, predicateType, predicate = {} } = json;
  if (typeof predicateType !== "string" || predicateType === "")
    return bad("there is no predicateType");
  if (!isRecord(predicate)) return bad("the predicate is not a JSON object");
  if (!Array.isArray(subject)) return bad("there is no list of subjects");
  if (subject.length > MOST_SUBJECTS)
    return bad(`it has ${subject.length} subjects, over the limit of ${MOST_SUBJECTS}`);
  const subjects = subject.map(toSubject).filter((entry) => entry !== void 0);
  if (!isNonEmpty(subjects) || subjects.length !== subject.length)
    return bad("a subject has no digest");
  return { value: { subject: subjects, predicateType, predicate } };
}
function toSubject(value) {
  if (!isRecord(value) || !isRecord(value["digest"])) return void 0;
  const digests = Object.entries(value["digest"]).filter(
    (entry) => typeof entry[1] === "string"
  );
  if (digests.length === 0) return void 0;
  const { name, annotations } = value;
  return {
    ...typeof name === "string" ? { name } : {},
    digest: Object.fromEntries(digests),
    ...isRecord(annotations) ? { annotations } : {}
  };
}
function isAbout(statement, digest) {
  return statement.subject.some((subject) => subject.digest["sha256"] === hexOf(digest));
}
function annotationsOf({
  subject: [{ annotations = {} }]
}) {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [name, String(value)])
  );
}
function bad(state) {
  return {
    problem: `the payload is not an in-toto statement: ${state}`,
    remedy: "sign again with a tool that writes in-toto statements"
  };
}

// src/provenance/fields.ts
var LONGEST = 300;
var NOTHING = {};
function recordAt(json, ...path) {
  return path.reduce((parent, name) => {
    const value = ownOf(parent, name);
    return isRecord(value) ? value : NOTHING;
  }, json);
}
function recordsAt(json, name) {
  const value = ownOf(json, name);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
function textAt(json, name) {
  const value = ownOf(json, name);
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value === "") return void 0;
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}\u2026` : value;
}
function fact(name, value) {
  return value === void 0 ? [] : [{ name, value }];
}
function gitFacts(uri, commit) {
  const [, repository, ref] = /^git\+(https:\/\/[^@]+)(?:@(.+))?$/.exec(uri ?? "") ?? [];
  if (repository === void 0) return [];
  return [...fact("repository", repository), ...fact("ref", ref), ...fact("commit", commit)];
}
function ownOf(json, name) {
  return Object.hasOwn(json, name) ? json[name] : void 0;
}

// src/provenance/buildkit.ts
var BUILDKIT_TYPES = [
  "https://mobyproject.org/buildkit@v1",
  "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md"
];
var RUN = /^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/actions\/runs\/\d+(?=\/attempts\/\d+$|$)/;
var WORKFLOW = /^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/\.github\/workflows\/[^/@\s]+@\S+$/;
function buildkitFacts(builder) {
  if (builder === void 0) return [];
  const [run] = RUN.exec(builder) ?? [];
  if (run !== void 0) return fact("run", run);
  return WORKFLOW.test(builder) ? fact("builder", builder) : [];
}

// src/provenance/github.ts
var GITHUB_TYPES = [
  "https://actions.github.io/buildtypes/workflow/v1",
  "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1"
];
var RUNNER = "https://github.com/actions/runner/";
function githubFacts(predicate) {
  const definition = recordAt(predicate, "buildDefinition");
  const workflow = recordAt(definition, "externalParameters", "workflow");
  const job = recordAt(definition, "internalParameters", "github");
  const metadata = recordAt(predicate, "runDetails", "metadata");
  return [
    ...builderFacts(textAt(recordAt(predicate, "runDetails", "builder"), "id")),
    ...fact("repository", textAt(workflow, "repository")),
    ...fact("workflow", workflowUrl(workflow)),
    ...sourceFacts(definition),
    ...fact("run", textAt(metadata, "invocationId")),
    ...fact("event", textAt(job, "event_name")),
    ...fact("runner", textAt(job, "runner_environment")),
    ...fact("repository-id", textAt(job, "repository_id")),
    ...fact("owner-id", textAt(job, "repository_owner_id"))
  ];
}
function builderFacts(id) {
  return id?.startsWith(RUNNER) === true ? fact("runner", id.slice(RUNNER.length)) : fact("builder", id);
}
function sourceFacts(definition) {
  const source = recordsAt(definition, "resolvedDependencies").find(
    (each) => textAt(each, "uri")?.startsWith("git+")
  );
  if (!source) return [];
  return gitFacts(textAt(source, "uri"), textAt(recordAt(source, "digest"), "gitCommit"));
}
function workflowUrl(workflow) {
  const [repository, path, ref] = ["repository", "path", "ref"].map(
    (name) => textAt(workflow, name)
  );
  if (repository === void 0 || path === void 0 || !URL.canParse(repository)) return void 0;
  const parent = path.startsWith(".github/") ? repository : new URL(repository).origin;
  return `${parent}/${path}${ref === void 0 ? "" : `@${ref}`}`;
}

// src/provenance/slsa-generator.ts
var TYPES2 = "https://github.com/slsa-framework/slsa-github-generator/";
var CONTAINER_BASED = "https://slsa.dev/container-based-build/v0.1?draft";
var SERVER = "https://github.com";
function isOfGenerator(buildType) {
  return buildType.startsWith(TYPES2) || buildType === CONTAINER_BASED;
}
function generatorFacts(predicate, buildType) {
  const environment = inLowerCase({
    ...recordAt(predicate, "invocation", "environment"),
    ...recordAt(predicate, "buildDefinition", "internalParameters")
  });
  const stated = [
    ...fact("repository", below(SERVER, textAt(environment, "github_repository"))),
    ...fact("workflow", below(SERVER, textAt(environment, "github_workflow_ref"))),
    ...fact("ref", textAt(environment, "github_ref")),
    ...fact("commit", textAt(environment, "github_sha") ?? textAt(environment, "github_sha1")),
    ...fact("event", textAt(environment, "github_event_name")),
    ...fact("repository-id", textAt(environment, "github_repository_id")),
    ...fact("owner-id", textAt(environment, "github_repository_owner_id")),
    ...builderFacts2(predicate, buildType)
  ];
  const repository = stated.find(({ name }) => name === "repository")?.value;
  return [...stated, ...runFacts(repository, textAt(environment, "github_run_id"))];
}
function builderFacts2(predicate, buildType) {
  if (buildType === CONTAINER_BASED) return containerBasedFacts(predicate);
  return buildType.startsWith(`${TYPES2}delegator-`) ? [] : ownBuilderFacts(predicate);
}
function containerBasedFacts(predicate) {
  const source = recordAt(predicate, "buildDefinition", "externalParameters", "source");
  const details = recordAt(predicate, "runDetails");
  const run = textAt(recordAt(details, "metadata"), "invocationId");
  return [
    ...fact("builder", textAt(recordAt(details, "builder"), "id")),
    ...gitFacts(textAt(source, "uri"), textAt(recordAt(source, "digest"), "sha1")),
    ...fact("run", run?.replace(/\/attempts\/\d+$/, ""))
  ];
}
function ownBuilderFacts(predicate) {
  const source = recordAt(predicate, "invocation", "configSource");
  const facts = gitFacts(textAt(source, "uri"), textAt(recordAt(source, "digest"), "sha1"));
  const repository = facts.find(({ name }) => name === "repository")?.value;
  return [
    ...fact("builder", textAt(recordAt(predicate, "builder"), "id")),
    ...facts,
    ...fact("workflow", below(repository, textAt(source, "entryPoint")))
  ];
}
function runFacts(repository, id) {
  return fact("run", below(repository, id === void 0 ? void 0 : `actions/runs/${id}`));
}
function below(parent, path) {
  return parent === void 0 || path === void 0 ? void 0 : `${parent}/${path}`;
}
function inLowerCase(environment) {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name.toLowerCase(), value])
  );
}

// src/provenance/read.ts
var MATERIALS = 20;
var DIGESTS = 4;
function readProvenance({ predicateType, predicate }) {
  if (NAMED_TYPES["provenance"]?.includes(predicateType) !== true) return void 0;
  const isV1 = predicateType === PROVENANCE_TYPE;
  const definition = isV1 ? recordAt(predicate, "buildDefinition") : predicate;
  const buildType = textAt(definition, "buildType") ?? "";
  const run = isV1 ? recordAt(predicate, "runDetails") : predicate;
  const builder = textAt(recordAt(run, "builder"), "id");
  return {
    buildType,
    ...builder === void 0 ? {} : { builder },
    run: factsIn(predicate, buildType, builder),
    materials: recordsAt(definition, isV1 ? "resolvedDependencies" : "materials").slice(0, MATERIALS).flatMap(materialIn)
  };
}
function factsIn(predicate, buildType, builder) {
  if (GITHUB_TYPES.includes(buildType)) return githubFacts(predicate);
  if (isOfGenerator(buildType)) return generatorFacts(predicate, buildType);
  return BUILDKIT_TYPES.includes(buildType) ? buildkitFacts(builder) : [];
}
function materialIn(json) {
  const uri = textAt(json, "uri");
  if (uri === void 0) return [];
  const digests = recordAt(json, "digest");
  const digest = Object.keys(digests).slice(0, DIGESTS).map((name) => [name, textAt(digests, name) ?? ""]);
  return [{ uri, digest: Object.fromEntries(digest) }];
}

// src/sigstore/refusal.ts
var import_bundle = __toESM(require_dist2(), 1);
var import_verify = __toESM(require_dist4(), 1);
var LONGEST2 = 300;
var Refusal = class extends Error {
  code;
  rule;
  expected;
  constructor(code, rule, expected, found) {
    super(found);
    this.code = code;
    this.rule = rule;
    this.expected = expected;
  }
};
function rejectionOf(found, thrown) {
  const { code, rule, expected, message } = thrown instanceof Refusal ? thrown : refusalOf(thrown);
  return {
    found: { source: found.source, place: found.place },
    code,
    finding: {
      rule,
      expected,
      found: message.length > LONGEST2 ? `${message.slice(0, LONGEST2)}\u2026` : message
    }
  };
}
function refusalOf(thrown) {
  const state = thrown instanceof import_bundle.ValidationError ? `${thrown.message}: ${thrown.fields.join(", ")}` : messageOf(thrown);
  if (!(thrown instanceof import_verify.VerificationError))
    return new Refusal("BUNDLE_MALFORMED", "bundle", "a well-formed Sigstore bundle", state);
  switch (thrown.code) {
    case "CERTIFICATE_ERROR":
    case "PUBLIC_KEY_ERROR":
      return new Refusal(
        "CERTIFICATE",
        "certificate",
        "issued by a trusted authority and valid when it signed",
        state
      );
    case "SIGNATURE_ERROR":
      return new Refusal(
        "SIGNATURE",
        "signature",
        "made by the certificate's key over this payload",
        state
      );
    case "TIMESTAMP_ERROR":
      return new Refusal(
        "TIMESTAMP",
        "timestamp",
        "from a trusted timestamp authority or log",
        state
      );
    default:
      return new Refusal(
        "TRANSPARENCY_LOG",
        "transparency log",
        "an entry of a trusted log for this signature",
        state
      );
  }
}

// src/sigstore/verify/signed.ts
const { createHash } = process.getBuiltinModule("node:crypto");

// src/keys/signature.ts
const { constants, verify } = process.getBuiltinModule("node:crypto");
function hasSigned(key, data, signature) {
  return schemesOf(key).some(({ hash, padding }) => {
    try {
      return verify(hash, data, padding === void 0 ? key : { key, padding }, signature);
    } catch {
      return false;
    }
  });
}
function schemesOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details
}) {
  switch (type) {
    case "ed25519":
      return [{ hash: null }];
    case "ec":
      return schemesOfCurve(details?.namedCurve);
    case "rsa":
      return [
        { hash: "sha256", padding: constants.RSA_PKCS1_PADDING },
        { hash: "sha256", padding: constants.RSA_PKCS1_PSS_PADDING }
      ];
    case "rsa-pss":
      return [{ hash: "sha256", padding: constants.RSA_PKCS1_PSS_PADDING }];
    default:
      return [];
  }
}
function schemesOfCurve(curve) {
  if (curve === "secp384r1") return [{ hash: "sha256" }, { hash: "sha384" }];
  if (curve === "secp521r1") return [{ hash: "sha256" }, { hash: "sha512" }];
  return [{ hash: "sha256" }];
}

// src/sigstore/verify/signed.ts
var HASHES = /* @__PURE__ */ new Map([
  [32, "sha256"],
  [48, "sha384"],
  [64, "sha512"]
]);
function signedBytes(bytes) {
  return {
    isSignedBy: (key, signature) => hasSigned(key, bytes, signature),
    hasDigest(digest) {
      const hash = HASHES.get(digest.length);
      return hash !== void 0 && createHash(hash).update(bytes).digest().equals(digest);
    }
  };
}

// src/cosign/simple-signing.ts
var TYPE = "cosign container image signature";
function parseSimpleSigning(payload) {
  const parsed = parseStrictJson(payload);
  if (isProblem(parsed)) return bad2(parsed.problem);
  const json = parsed.value;
  const critical = isRecord(json) ? json["critical"] : void 0;
  if (!isRecord(json) || !isRecord(critical)) return bad2("it has no critical part");
  if (critical["type"] !== TYPE) return bad2(`its type is ${JSON.stringify(critical["type"])}`);
  const { image, identity } = critical;
  const digest = isRecord(image) ? image["docker-manifest-digest"] : void 0;
  if (!isDigest(digest)) return bad2("it names no sha256 digest");
  const name = isRecord(identity) ? identity["docker-reference"] : void 0;
  const annotations = json["optional"];
  return {
    value: {
      subject: [
        {
          ...typeof name === "string" ? { name } : {},
          digest: { sha256: digest.slice("sha256:".length) },
          ...isRecord(annotations) ? { annotations } : {}
        }
      ],
      predicateType: SIMPLE_SIGNING_TYPE,
      predicate: json
    }
  };
}
function bad2(state) {
  return { problem: `the payload is not a simple-signing payload: ${state}`, remedy: "sign again" };
}

// src/sigstore/verify/signed-statement.ts
function statementOf({ bundle: { content }, layer }) {
  if (content.$case === "messageSignature")
    return accepted(parseSimpleSigning(signedLayer(layer)), "a simple-signing payload");
  const { payload, payloadType } = content.dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE)
    throw new Refusal("PAYLOAD_TYPE", "payload type", PAYLOAD_TYPE, payloadType);
  return accepted(parseStatement(payload), "an in-toto statement");
}
function signedLayer(layer) {
  if (layer) return layer;
  throw new Refusal("BUNDLE_UNSUPPORTED", "content", "a DSSE envelope", "a message signature");
}
function accepted(statement, expected) {
  if (isProblem(statement))
    throw new Refusal("STATEMENT", "statement", expected, statement.problem);
  return statement.value;
}

// src/sigstore/verify/artifact.ts
function imageOf(digest) {
  return {
    messageOf: (_, layer) => signedBytes(signedLayer(layer)),
    claimIn: (parsed) => claimAbout(digest, statementOf(parsed))
  };
}
function claimAbout(digest, statement) {
  if (isAbout(statement, digest)) return claimed(digest, statement);
  const subjects = statement.subject.slice(0, 3).map((subject) => `sha256:${subject.digest["sha256"] ?? "(none)"}`);
  throw new Refusal("SUBJECT", "subject", digest, subjects.join(", "));
}
function claimed(digest, statement) {
  const provenance = readProvenance(statement);
  return {
    predicateType: statement.predicateType,
    ...annotationsAbout(digest, statement),
    ...provenance ? { provenance } : {}
  };
}
function annotationsAbout(digest, { predicateType, subject }) {
  if (!SIGNATURE_TYPES.includes(predicateType)) return {};
  const about = subject.filter((each) => each.digest["sha256"] === hexOf(digest));
  const pairs = about.map(({ annotations = {} }) => Object.entries(annotations)).reduce((common, each) => common.filter(([key, value]) => each.some(isPair(key, value)))).filter((pair) => typeof pair[1] === "string");
  return pairs.length > 0 ? { annotations: Object.fromEntries(pairs) } : {};
}
function isPair(key, value) {
  return ([otherKey, otherValue]) => otherKey === key && otherValue === value;
}

// src/sigstore/verify/attested.ts
var VALUES = 1e4;
function attestedImage(image, { manifest, statement }) {
  return {
    messageOf: (_, layer) => signedBytes(signedLayer(layer)),
    claimIn(parsed) {
      const { predicateType } = claimAbout(digestOf(manifest), statementOf(parsed));
      if (!SIGNATURE_TYPES.includes(predicateType))
        throw new Refusal("STATEMENT", "type", "a signature of the attestation", predicateType);
      const listed = digestOf(statement);
      if (!layersIn(manifest).includes(listed))
        throw new Refusal("SUBJECT", "attestation", "listed in the signed manifest", listed);
      return provenanceAbout(image, statement);
    }
  };
}
function layersIn(manifest) {
  const parsed = parseStrictJson(manifest, VALUES);
  if (isProblem(parsed) || !isRecord(parsed.value)) return [];
  const { layers } = parsed.value;
  return Array.isArray(layers) ? layers.filter(isRecord).map(({ digest }) => digest) : [];
}
function provenanceAbout(image, bytes) {
  const statement = parseStatement(bytes);
  if (isProblem(statement))
    throw new Refusal("STATEMENT", "attestation", "an in-toto statement", statement.problem);
  const { predicateType } = statement.value;
  if (NAMED_TYPES["provenance"]?.includes(predicateType) !== true)
    throw new Refusal("STATEMENT", "attestation", "provenance", predicateType);
  return claimAbout(image, statement.value);
}

// src/sigstore/certificate.ts
var import_core2 = __toESM(require_dist3(), 1);

// src/sigstore/leaf-certificate.ts
var import_core = __toESM(require_dist3(), 1);
var LeafCertificate = class extends import_core.X509Certificate {
  #der;
  #signedBy = /* @__PURE__ */ new WeakMap();
  constructor(der) {
    const own = Buffer.from(der);
    super(import_core.X509Certificate.parse(own).root);
    this.#der = own;
  }
  isReadFrom(der) {
    return this.#der.equals(der);
  }
  verify(issuer = this) {
    const known = this.#signedBy.get(issuer);
    if (known !== void 0) return known;
    const isSigned = super.verify(issuer);
    this.#signedBy.set(issuer, isSigned);
    return isSigned;
  }
  /** From the bytes that it was read from: the library writes them anew, which takes longer than to read them. */
  clone() {
    return import_core.X509Certificate.parse(Buffer.from(this.#der));
  }
};

// src/model/workflow.ts
var GITHUB = /^(https:\/\/[^/@\s]+)\/([^/@\s]+\/[^/@\s]+)\/(\.github\/workflows\/[^/@\s]+)@(\S+)$/;
var GITLAB = /^(https:\/\/[^/@\s]+)\/([^/@\s]+(?:\/[^/@\s]+)+)\/\/([^@\s]+)@(\S+)$/;
function parseWorkflow(url) {
  const [, server, repository, path, ref] = GITHUB.exec(url) ?? GITLAB.exec(url) ?? [];
  return server === void 0 || repository === void 0 || path === void 0 || ref === void 0 ? void 0 : { server, repository, path, ref };
}

// src/sigstore/certificate.ts
var FULCIO = "1.3.6.1.4.1.57264.1";
var EXTENDED_KEY_USAGE = "2.5.29.37";
var CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
var UTF8_STRING = 12;
var SAN_EMAIL = 1;
var SAN_URI = 6;
function parseCertificate(der) {
  const certificate = readable(() => new LeafCertificate(der));
  readable(() => certificate.issuer);
  return certificate;
}
function certificateReader() {
  let last;
  return (der) => last = last?.isReadFrom(der) ? last : parseCertificate(der);
}
function readable(read) {
  try {
    return read();
  } catch {
    throw new Refusal("BUNDLE_MALFORMED", "certificate", "an X.509 certificate", "other bytes");
  }
}
function isForCodeSigning(certificate) {
  const usages = certificate.extension(EXTENDED_KEY_USAGE)?.valueObj.subs[0]?.subs ?? [];
  return usages.some((usage) => usage.tag.isOID() && usage.toOID() === CODE_SIGNING);
}
function identityOf(certificate) {
  const oids = certificate.extensions.map((extension) => extension.subs[0]?.toOID() ?? "");
  const valueOf = (number) => certificate.extensions[oids.indexOf(`${FULCIO}.${number}`)]?.subs.at(-1)?.value;
  const twice = oids.find((oid, index) => oids.indexOf(oid) !== index);
  if (twice !== void 0) return malformed(`extension ${twice} occurs twice`);
  const san = sanOf(certificate);
  if (!san)
    return malformed("there is not exactly one URI or e-mail address as subject alternative name");
  const issuer = textIn(valueOf(8));
  if (issuer === void 0 && valueOf(8)) return malformed("the issuer is not a DER UTF8String");
  const deprecated = valueOf(1)?.toString("utf8");
  if (issuer !== void 0 && deprecated !== void 0 && issuer !== deprecated)
    return malformed("the two issuer extensions differ");
  if (!(issuer ?? deprecated)) return malformed("there is no issuer");
  const claims = Object.entries(CLAIM_EXTENSIONS).flatMap(([name, number]) => {
    const value = textIn(valueOf(number));
    return value === void 0 ? [] : [[name, value]];
  });
  const workflow = parseWorkflow(san);
  return {
    value: {
      san,
      ...workflow ? { workflow } : {},
      issuer: issuer ?? deprecated ?? "",
      claims: Object.fromEntries(claims)
    }
  };
}
function claimOf(certificate, name) {
  return textIn(certificate.extension(`${FULCIO}.${CLAIM_EXTENSIONS[name]}`)?.value);
}
function sanOf(certificate) {
  const names = certificate.extSubjectAltName?.valueObj.subs[0]?.subs ?? [];
  const [name] = names;
  if (names.length !== 1 || !name) return void 0;
  const isText2 = name.tag.isContextSpecific(SAN_URI) || name.tag.isContextSpecific(SAN_EMAIL);
  return isText2 ? name.value.toString("utf8") : void 0;
}
function textIn(value) {
  if (!value) return void 0;
  try {
    const text = import_core2.ASN1Obj.parseBuffer(Buffer.from(value));
    return text.tag.isUniversal() && text.tag.number === UTF8_STRING ? text.value.toString("utf8") : void 0;
  } catch {
    return void 0;
  }
}
function malformed(problem) {
  return { problem, remedy: "sign again with a certificate from Fulcio" };
}

// src/sigstore/verify/engine.ts
var import_verify2 = __toESM(require_dist4(), 1);

// src/sigstore/verify/intoto-entry.ts
var import_core3 = __toESM(require_dist3(), 1);
const { createHash: createHash2, verify: verify2 } = process.getBuiltinModule("node:crypto");
function isIntotoV001({ kindVersion: { kind, version } }) {
  return kind === "intoto" && version === "0.0.1";
}
function verifyIntotoV001(entry, envelope, { tlogs }) {
  const { canonicalizedBody, integratedTime, logIndex, logId, inclusionPromise } = entry;
  const time = new Date(Number(integratedTime) * 1e3);
  const log = tlogs.find(
    ({ logID, validFor: { start, end } }) => logID.equals(logId.keyId) && start <= time && time <= end
  );
  const promised = Buffer.from(
    import_core3.json.canonicalize({
      body: canonicalizedBody.toString("base64"),
      integratedTime: Number(integratedTime),
      logID: logId.keyId.toString("hex"),
      logIndex: Number(logIndex)
    })
  );
  if (!log || !inclusionPromise || !verify2("sha256", promised, log.publicKey, inclusionPromise.signedEntryTimestamp))
    throw refused("inclusion promise could not be verified");
  const body = parseJson(canonicalizedBody.toString("utf8"));
  const [spec, kind, version] = isRecord(body) ? [body["spec"], body["kind"], body["apiVersion"]] : [];
  const content = isRecord(spec) ? spec["content"] : void 0;
  const hash = isRecord(content) ? content["hash"] : void 0;
  const recorded = isRecord(hash) && hash["algorithm"] === "sha256" ? hash["value"] : void 0;
  const isThis = envelope !== void 0 && recorded === createHash2("sha256").update(envelope).digest("hex");
  if (kind !== "intoto" || version !== "0.0.1" || !isThis)
    throw refused("the entry records another envelope");
}
function refused(state) {
  return new Refusal(
    "TRANSPARENCY_LOG",
    "transparency log",
    "an entry of a trusted log for this signature",
    state
  );
}

// src/sigstore/verify/witnesses.ts
var import_core4 = __toESM(require_dist3(), 1);
function checkLogs(bundle, { tlogs }) {
  const times = timesOf(bundle);
  for (const entry of bundle.verificationMaterial.tlogEntries) {
    const logs = logsOf(entry, tlogs);
    const origin = entry.inclusionProof?.checkpoint?.envelope.split("\n", 1)[0];
    if (origin !== void 0 && !logs.some((log) => isOriginOf(log, origin)))
      throw new Refusal(
        "TRANSPARENCY_LOG",
        "checkpoint origin",
        logs.map(({ baseURL }) => baseURL).join(" or "),
        origin
      );
    const late = entry.inclusionPromise ? void 0 : times.find(
      ({ time }) => !logs.some(({ validFor: { start, end } }) => start <= time && time <= end)
    );
    if (late)
      throw new Refusal(
        "TRANSPARENCY_LOG",
        "log",
        "in use when it signed",
        `not in use at ${late.time.toISOString()}`
      );
  }
}
function timesOf({
  verificationMaterial: { tlogEntries, timestampVerificationData }
}) {
  const stamps = (timestampVerificationData?.rfc3161Timestamps ?? []).map(
    ({ signedTimestamp }) => ({
      time: import_core4.RFC3161Timestamp.parse(Buffer.from(signedTimestamp)).signingTime,
      source: "timestamp-authority"
    })
  );
  const entries = tlogEntries.filter((entry) => entry.inclusionPromise && Number(entry.integratedTime) > 0).map((entry) => ({
    time: new Date(Number(entry.integratedTime) * 1e3),
    source: "transparency-log"
  }));
  return [...stamps, ...entries];
}
function logEntriesOf({ verificationMaterial }, { material }) {
  return verificationMaterial.tlogEntries.map((entry) => {
    const { logIndex, inclusionPromise, inclusionProof } = entry;
    const log = logsOf(entry, material.tlogs)[0]?.baseURL ?? "unknown";
    if (inclusionPromise) return { log, index: logIndex, link: linkTo(log, logIndex) };
    return { log, index: inclusionProof?.logIndex ?? logIndex };
  });
}
function isOriginOf({ baseURL }, origin) {
  const url = URL.parse(baseURL);
  const [name] = origin.split(" - ", 1);
  return (url ? [url.host, url.hostname, `${url.host}${url.pathname.replace(/\/$/, "")}`] : [baseURL]).some((own) => own === name);
}
function logsOf({ logId }, logs) {
  return logs.filter(({ logID }) => logId && logID.equals(logId.keyId));
}
function linkTo(log, index) {
  return log === "https://rekor.sigstore.dev" ? `https://search.sigstore.dev/?logIndex=${index}` : `${log}/api/v1/log/entries?logIndex=${index}`;
}

// src/sigstore/verify/engine.ts
function runEngine({ bundle, layer, signed, signature }, {
  material,
  thresholds
}, certificate) {
  const entity = (0, import_verify2.toSignedEntity)(bundle);
  const { signature: content } = entity;
  const isEnvelope = bundle.content.$case === "dsseEnvelope";
  const old = entity.tlogEntries.filter(isIntotoV001);
  for (const entry of old) verifyIntotoV001(entry, layer, material);
  const tlogThreshold = Math.max(thresholds.tlogThreshold - old.length, 0);
  new import_verify2.Verifier(material, { ...thresholds, tlogThreshold }).verify({
    ...entity,
    ...certificate ? { key: { $case: "certificate", certificate } } : {},
    // The engine supports only SHA-256, both for the signature over an envelope and for the log entry about it.
    signature: {
      // The bytes that timestamps are over. cosign v2 timestamps the whole envelope of an `.att` layer: cosign pkg/cosign/verify.go, `VerifyRFC3161Timestamp`.
      signature: layer && isEnvelope ? layer : signature,
      compareSignature: (other) => content.compareSignature(other),
      compareDigest: (digest) => content.compareDigest(digest),
      compareSignedDigest: (digest) => isEnvelope || digest.length > SHA256_BYTES ? signed.hasDigest(digest) : content.compareSignedDigest(digest),
      verifySignature: (key) => signed.isSignedBy(key, signature)
    },
    tlogEntries: entity.tlogEntries.filter((entry) => !isIntotoV001(entry)).map(withoutBareProof)
  });
  checkLogs(bundle, material);
}
var SHA256_BYTES = 32;
function withoutBareProof(entry) {
  return entry.inclusionPromise && entry.inclusionProof && !entry.inclusionProof.checkpoint ? { ...entry, inclusionProof: void 0 } : entry;
}
function confirmingRoots(trusts, none, check) {
  const confirming = [];
  let refusal3 = none();
  for (const trust of trusts) {
    if (confirming.some(({ roots }) => roots === trust.roots)) continue;
    try {
      check(trust);
      confirming.push(trust);
    } catch (error) {
      refusal3 = Error.isError(error) ? error : none();
    }
  }
  if (isNonEmpty(confirming)) return confirming;
  throw refusal3;
}

// src/sigstore/verify/by-certificate.ts
function certificateIn({ verificationMaterial: { content } }) {
  switch (content.$case) {
    case "certificate":
      return content.certificate.rawBytes;
    case "x509CertificateChain": {
      const [leaf] = content.x509CertificateChain.certificates;
      if (leaf) return leaf.rawBytes;
      throw new Refusal("BUNDLE_MALFORMED", "certificate", "a certificate", "an empty chain");
    }
    case "publicKey":
      return void 0;
  }
}
async function issuersOf(certificate, trusted, check) {
  const { known, other } = await trusted.issuersOf(certificate);
  try {
    return confirmingRoots(known, unknownIssuer, check);
  } catch (error) {
    throw other ? new Undecided(other, error) : error;
  }
}
var Undecided = class extends Error {
  load;
  constructor(load, cause) {
    super("only another trusted root could tell", { cause });
    this.load = load;
  }
};
function unknownIssuer() {
  return new Refusal(
    "CERTIFICATE",
    "certificate",
    "issued by a trusted authority",
    "an issuer that is not a trusted authority"
  );
}
function checkUsage(certificate) {
  if (isForCodeSigning(certificate)) return;
  throw new Refusal("CERTIFICATE_USAGE", "certificate usage", "code signing", "another use");
}
function signerNamedBy(certificate) {
  const signer = identityOf(certificate);
  if (!isProblem(signer)) return signer.value;
  throw new Refusal(
    "CERTIFICATE_IDENTITY",
    "certificate identity",
    "one subject alternative name and an issuer",
    signer.problem
  );
}

// src/sigstore/verify/by-key.ts
var import_verify3 = __toESM(require_dist4(), 1);

// src/sigstore/verify/log-entry-key.ts
var import_core5 = __toESM(require_dist3(), 1);
function checkRecordedKeys({ verificationMaterial }, own, name) {
  for (const entry of verificationMaterial.tlogEntries) {
    const [key] = recordedKeys(entry);
    if (!key?.equals(own))
      throw new Refusal("LOG_ENTRY_KEY", "key in the log entry", name, key ? "another" : "none");
  }
}
function recordedKeys(entry) {
  const body = parseJson(entry.canonicalizedBody.toString("utf8"));
  const spec = at(body, "spec");
  const { kind, version } = entry.kindVersion;
  switch (`${kind}/${version}`) {
    case "hashedrekord/0.0.1":
      return fromPem([at(spec, "signature", "publicKey", "content")]);
    case "dsse/0.0.1":
      return fromPem(list(at(spec, "signatures")).map((signature) => at(signature, "verifier")));
    case "intoto/0.0.1":
      return fromPem([at(spec, "publicKey")]);
    case "intoto/0.0.2":
      return fromPem(
        list(at(spec, "content", "envelope", "signatures")).map(
          (signature) => at(signature, "publicKey")
        )
      );
    case "hashedrekord/0.0.2":
      return fromDer([at(spec, "hashedRekordV002", "signature", "verifier")]);
    case "dsse/0.0.2":
      return fromDer(
        list(at(spec, "dsseV002", "signatures")).map((signature) => at(signature, "verifier"))
      );
    default:
      return [];
  }
}
function at(value, ...path) {
  return path.reduce((inner, key) => isRecord(inner) ? inner[key] : void 0, value);
}
function list(value) {
  return Array.isArray(value) ? value : [];
}
function fromPem(values) {
  return values.filter((value) => typeof value === "string").map((value) => import_core5.pem.toDER(Buffer.from(value, "base64").toString()));
}
function fromDer(verifiers) {
  return verifiers.map(
    (verifier) => at(verifier, "x509Certificate", "rawBytes") ?? at(verifier, "publicKey", "rawBytes")
  ).filter((value) => typeof value === "string").map((value) => Buffer.from(value, "base64"));
}

// src/sigstore/verify/by-key.ts
function keyThatSigned({ signed, signature }, keys) {
  if (!isNonEmpty(keys))
    throw new Refusal("KEY", "signer", "a certificate", 'a key; "key" names the keys to trust');
  const key = keys.find((each) => signed.isSignedBy(each.key, signature));
  if (key) return key;
  throw new Refusal(
    "SIGNATURE",
    "signature",
    `made with ${keys.map(({ from }) => from).join(" or ")} over this payload`,
    "made with another key, or over another payload"
  );
}
async function witnessesOf(parsed, key, trusted) {
  const { bundle } = parsed;
  const { tlogEntries, timestamps } = (0, import_verify3.toSignedEntity)(bundle);
  if (tlogEntries.length + timestamps.length === 0)
    throw new Refusal("TRANSPARENCY_LOG", LOG_OR_TIMESTAMP, "at least one", "neither");
  checkRecordedKeys(bundle, key.spki, "the key");
  const thresholds = {
    tlogThreshold: Math.min(tlogEntries.length, 1),
    ctlogThreshold: 0,
    timestampThreshold: 0
  };
  const publicKey = () => ({
    publicKey: key.key,
    validFor: () => true
  });
  return confirmingRoots(
    await trusted?.all() ?? [],
    noTrustedRoot,
    ({ material }) => runEngine(parsed, { material: { ...material, publicKey }, thresholds })
  );
}
function noTrustedRoot() {
  return new Refusal("TRANSPARENCY_LOG", "transparency log", "a trusted log", "no trusted root");
}

// src/sigstore/verify/parse-bundle.ts
var import_bundle2 = __toESM(require_dist2(), 1);
var import_core6 = __toESM(require_dist3(), 1);

// src/sigstore/verify/bundle-limits.ts
var WITNESSES = 8;
var BYTES = /* @__PURE__ */ new Set([
  "rawBytes",
  "payload",
  "sig",
  "signature",
  "digest",
  "keyId",
  "canonicalizedBody",
  "hashes",
  "rootHash",
  "signedEntryTimestamp",
  "signedTimestamp"
]);
var INTEGERS = /* @__PURE__ */ new Set(["logIndex", "integratedTime", "treeSize"]);
var LONGEST3 = 16 << 10;
var BASE64 = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/;
function checkLimits(bundle) {
  const material = isRecord(bundle["verificationMaterial"]) ? bundle["verificationMaterial"] : {};
  const timestamps = isRecord(material["timestampVerificationData"]) ? material["timestampVerificationData"]["rfc3161Timestamps"] : [];
  for (const [name, list2] of [
    ["log entries", material["tlogEntries"]],
    ["timestamps", timestamps]
  ]) {
    if (Array.isArray(list2) && list2.length > WITNESSES)
      throw new Refusal("BUNDLE_MALFORMED", name, `at most ${WITNESSES}`, String(list2.length));
  }
  checkFields(bundle);
}
function checkFields(value, name = "") {
  if (Array.isArray(value)) for (const item of value) checkFields(item, name);
  else if (isRecord(value))
    for (const [key, inner] of Object.entries(value)) checkFields(inner, key);
  else if (INTEGERS.has(name) && !isInteger(String(value)))
    throw new Refusal("BUNDLE_MALFORMED", name, "a decimal number", "something else");
  else if (typeof value === "string" && !BYTES.has(name) && value.length > LONGEST3)
    throw new Refusal(
      "BUNDLE_MALFORMED",
      name,
      `at most ${LONGEST3} characters`,
      String(value.length)
    );
  else if (BYTES.has(name) && typeof value === "string" && !isBase64(value))
    throw new Refusal(
      "BUNDLE_MALFORMED",
      name,
      "base64",
      "characters or a length that base64 does not have"
    );
}
function isInteger(text) {
  return /^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}
function isBase64(text) {
  const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
  return BASE64.test(text) && (text.length - padding) % 4 !== 1 && (padding === 0 || text.length % 4 === 0);
}

// src/sigstore/der-work.ts
var OBJECTS = 1e4;
var DEEPEST = 100;
var OCTET_STRING = 4;
var CONSTRUCTED = 32;
function checkWork({ verificationMaterial }) {
  checkWorkOf(dersIn(verificationMaterial));
}
function checkWorkOf(ders) {
  let objects = 0;
  const endOf = (der, at2, depth) => {
    if (++objects > OBJECTS)
      throw new Refusal(
        "BUNDLE_MALFORMED",
        "certificates and timestamps",
        `at most ${OBJECTS} objects of ASN.1`,
        "more"
      );
    const { start, end } = extentOf(der, at2);
    if (depth > DEEPEST || end > der.length) return void 0;
    const tag = der[at2] ?? 0;
    const isConstructed = (tag & CONSTRUCTED) !== 0;
    if (!isConstructed && tag !== OCTET_STRING) return end;
    let next = start;
    while (next !== void 0 && next < end) next = endOf(der, next, depth + 1);
    return next === end || !isConstructed ? end : void 0;
  };
  for (const der of ders) endOf(der, 0, 0);
}
function dersIn({
  content,
  timestampVerificationData
}) {
  return [
    ...certificatesIn(content).map(({ rawBytes }) => rawBytes),
    ...(timestampVerificationData?.rfc3161Timestamps ?? []).map(
      ({ signedTimestamp }) => signedTimestamp
    )
  ];
}
function certificatesIn(content) {
  if (content.$case === "certificate") return [content.certificate];
  if (content.$case === "x509CertificateChain") return content.x509CertificateChain.certificates;
  return [];
}
function extentOf(der, at2) {
  const length = der[at2 + 1] ?? 255;
  const start = at2 + 2 + (length < 128 ? 0 : length & 127);
  return {
    start,
    end: start + (length < 128 ? length : der.subarray(at2 + 2, start).reduce((sum, byte) => sum * 256 + byte, 0))
  };
}

// src/sigstore/verify/parse-bundle.ts
var MEDIA_TYPES = /* @__PURE__ */ new Set([
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  "application/vnd.dev.sigstore.bundle.v0.3+json"
]);
var VALUES2 = 1e4;
var PLACEHOLDER = "AA==";
function parseBundle({ json: bytes, layer }, messageOf2) {
  const parsed = parseStrictJson(bytes, VALUES2);
  if (isProblem(parsed))
    throw new Refusal("BUNDLE_MALFORMED", "bundle", "a JSON object", parsed.problem);
  const json = parsed.value;
  if (!isRecord(json))
    throw new Refusal("BUNDLE_MALFORMED", "bundle", "a JSON object", "other JSON");
  const { mediaType } = json;
  if (!MEDIA_TYPES.has(mediaType))
    throw new Refusal(
      "BUNDLE_VERSION",
      "bundle version",
      "0.1, 0.2 or 0.3",
      typeof mediaType === "string" ? mediaType : "no mediaType"
    );
  checkLimits(json);
  const bundle = decode(json);
  checkWork(bundle);
  const { content } = bundle;
  if (content.$case === "messageSignature") {
    const { messageSignature: message } = content;
    return { bundle, layer, signed: messageOf2(message, layer), signature: message.signature };
  }
  const envelope = content.dsseEnvelope;
  const encoded = import_core6.dsse.preAuthEncoding(envelope.payloadType, envelope.payload);
  envelope.payload = encoded.subarray(encoded.length - envelope.payload.length);
  const signature = envelope.signatures[0]?.sig ?? Buffer.alloc(0);
  return { bundle, layer, signed: signedBytes(encoded), signature };
}
function decode(json) {
  const { dsseEnvelope } = json;
  const payload = isRecord(dsseEnvelope) ? dsseEnvelope["payload"] : void 0;
  if (!isRecord(dsseEnvelope) || typeof payload !== "string" || payload === "")
    return (0, import_bundle2.bundleFromJSON)(json);
  const bundle = (0, import_bundle2.bundleFromJSON)({
    ...json,
    dsseEnvelope: { ...dsseEnvelope, payload: PLACEHOLDER }
  });
  if (bundle.content.$case === "dsseEnvelope")
    bundle.content.dsseEnvelope.payload = Buffer.from(payload, "base64");
  return bundle;
}

// src/sigstore/verify/verifier.ts
function createVerifier(trusted, artifactOf = imageOf) {
  const means = { ...trusted, readCertificate: certificateReader() };
  return async (found, digest) => {
    const { attested } = found;
    const artifact = attested ? attestedImage(digest, attested) : artifactOf(digest);
    try {
      return { verified: await verify3(found, artifact, means) };
    } catch (error) {
      if (!(error instanceof Undecided)) return { rejected: rejectionIn(found, error) };
      return { postponed: () => decide(found, artifact, error, means) };
    }
  };
}
function conclusive(verify4) {
  return async (found, digest) => {
    const checked = await verify4(found, digest);
    return "postponed" in checked ? checked.postponed() : checked;
  };
}
async function decide(found, artifact, { load }, { readCertificate }) {
  const known = await load();
  const other = {
    issuersOf: () => Promise.resolve({ known }),
    all: () => Promise.resolve(known)
  };
  try {
    return {
      verified: await verify3(found, artifact, { ...byCertificates(other), readCertificate })
    };
  } catch (error) {
    return { rejected: rejectionIn(found, error) };
  }
}
function rejectionIn(found, error) {
  if (error instanceof ActionError) throw error;
  return rejectionOf(found, error);
}
async function verify3(found, artifact, means) {
  await setImmediate();
  const parsed = parseBundle(found, artifact.messageOf);
  await setImmediate();
  const certificate = certificateIn(parsed.bundle);
  const signing = certificate ? await signedByCertificate(parsed, certificate, means) : await signedByKey(found, parsed, means);
  await setImmediate();
  return marked(found, parsed, artifact.claimIn(parsed), signing);
}
async function signedByCertificate(parsed, der, { certificates, readCertificate }) {
  if (!certificates) throw new Refusal("KEY", "signer", "the key", "a certificate");
  const certificate = readCertificate(der);
  const confirming = await issuersOf(
    certificate,
    certificates,
    (trust) => runEngine(parsed, trust, certificate)
  );
  checkUsage(certificate);
  checkRecordedKeys(parsed.bundle, der, "the certificate of the bundle");
  return { signer: signerNamedBy(certificate), confirming };
}
async function signedByKey(found, parsed, { keys, witnesses }) {
  const key = keyThatSigned(parsed, keys);
  const signer = { key: key.fingerprint, from: key.from };
  try {
    return { signer, confirming: await witnessesOf(parsed, key, witnesses) };
  } catch (error) {
    return { signer, unwitnessed: rejectionIn(found, error) };
  }
}
function marked({ source, place }, { bundle }, statement, signing) {
  const facts = { found: { source, place }, statement };
  const evidence = "unwitnessed" in signing ? { ...facts, ...signing, times: [], logEntries: [] } : {
    ...facts,
    signer: signing.signer,
    roots: mapEach(signing.confirming, ({ roots }) => roots),
    times: timesOf(bundle),
    logEntries: logEntriesOf(bundle, signing.confirming[0])
  };
  return evidence;
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
  /** No more candidates are added, except by candidates that are being read. */
  end() {
    this.#isEnded = true;
    this.#wake();
  }
  /** Outcomes as they arrive, the smallest of the available ones first; ends when all are read, and stops everything if the caller stops. */
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
  let at2 = 0;
  for (const [index, { size }] of items.entries()) if (size < (items[at2]?.size ?? 0)) at2 = index;
  return items.splice(at2, 1)[0];
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
    return { found: foundLayer(place, { ...layer, blob }) };
  });
}
function foundLayer(place, layer) {
  return {
    source: "legacy",
    place,
    layer: layer.blob,
    annotations: layer.annotations,
    get json() {
      return bundleOfLayer(layer);
    }
  };
}
function faultsOf({ isWhole, mediaType, tooLarge: passedBy }, place, count) {
  const remedy = "remove signatures that are no longer needed";
  const limit = (state) => new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot check every layer in ${place}: ${state}`,
    remedy
  });
  return [
    ...isWhole ? [] : [limit("it is not a JSON object")],
    ...isWhole && !isManifestType(mediaType) ? [limit("it is not a manifest")] : [],
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
    lists.map(async (list2) => {
      const { looked, failures } = await list2;
      for (const { place: where, answer } of looked) {
        const at2 = `${formatRepository(client.repository)} ${where}`;
        reading.put({ looked: { place: at2, answer } });
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

// src/registry/artifact.ts
var IMAGE_CONFIGS = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json"
];
function artifactTypeOf({ json }) {
  const { artifactType, config, manifests } = json;
  if (typeof artifactType === "string" && artifactType !== "") return artifactType;
  if (manifests !== void 0 || !isRecord(config)) return void 0;
  const { mediaType } = config;
  return typeof mediaType === "string" && !IMAGE_CONFIGS.includes(mediaType) ? mediaType : void 0;
}

// src/wiring/artifacts.ts
function artifactReporter(report) {
  const reported = /* @__PURE__ */ new Set();
  return (subject, manifest) => {
    const name = formatSubject(subject);
    const type = artifactTypeOf(manifest);
    if (type === void 0 || reported.has(name)) return;
    reported.add(name);
    report(forLog(`Not an image: ${name} is an artifact of type ${type}`));
  };
}

// src/http/deadline.ts
function deadlineIn(milliseconds) {
  return { signal: AbortSignal.timeout(milliseconds), milliseconds };
}
function outOfTime(state, { milliseconds }) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot finish reading: ${state} within the ${milliseconds / 1e3} s allowed for reading`,
    remedy: 'run the job again later, or raise "retry-timeout"'
  });
}

// src/github/api.ts
function attestationsPath(scope, of) {
  return `/${scope}/${of.split("/").map(encodeURIComponent).join("/")}/attestations`;
}
function isRepository(of) {
  return of.includes("/");
}
var ANSWER_LIMIT = 64 << 20;
var REDIRECTS = 3;
function githubApi(apiUrl, token, transport) {
  const headers = {
    accept: "application/vnd.github+json",
    ...token === void 0 ? {} : { authorization: `Bearer ${token}` },
    "x-github-api-version": "2022-11-28"
  };
  return {
    url: new URL(apiUrl),
    async get(path, { signal, sink }) {
      let url = new URL(apiUrl + path);
      for (let hop = 0; ; hop++) {
        const answer = await transport({
          method: "GET",
          url,
          headers,
          limit: ANSWER_LIMIT,
          redirect: "return",
          ...sink ? { sink } : {},
          ...signal ? { signal } : {}
        });
        const next = redirectAtHome(answer);
        if (!next || hop === REDIRECTS) return answer;
        url = next;
      }
    },
    post: (path, body, again2) => transport({
      method: "POST",
      url: new URL(apiUrl + path),
      headers: { ...headers, "content-type": "application/json" },
      body,
      limit: ANSWER_LIMIT,
      again: again2
    })
  };
}
function redirectAtHome({ status, headers, url }) {
  const location = status >= 300 && status < 400 ? headers.get("location") : null;
  const target = location === null ? null : URL.parse(location, url.href);
  return target?.origin === url.origin ? target : void 0;
}

// src/github/failures.ts
var AGAIN = "run the job again; see https://www.githubstatus.com";
function tooMuch(of, digest, amount) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot check every attestation of ${digest}: "${of}" has ${amount}`,
    remedy: "delete attestations that are no longer needed"
  });
}
function unlisted(of) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot list the attestations in "${of}": the response from GitHub is not a list of attestations, or its next page is not on the same server`,
    remedy: AGAIN
  });
}
function brokenOff(of, error) {
  return new ActionError("service", "SERVICE_REFUSED", {
    message: `Cannot list the attestations in "${of}": ${messageOf(error)}`,
    remedy: AGAIN,
    cause: error
  });
}
function unreadable(url, state) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot read a bundle of GitHub's attestation store from ${url.host}: ${state}`,
    remedy: `check that this runner can connect to ${url.host}, then run the job again`
  });
}
function unknownRecord(of, cause) {
  return unseen(
    `Cannot find out whether the attestation is recorded in "${of}": ${cause.message}`,
    cause
  );
}
function unlistedRecord(of, id, cause) {
  const state = cause?.message ?? "the list of attestations does not contain it";
  return unseen(`Cannot confirm attestation ${id} in "${of}": ${state}`, cause);
}
function unseen(message, cause) {
  const first = cause ? `${cause.remedy}; ` : "";
  return new ActionError(cause?.kind ?? "service", "STORE_UNLISTED", {
    message,
    remedy: `${first}check whether it is there before you run the job again, which records another one`,
    cause
  });
}
function notRecorded(of, answer) {
  return refusal2("record the attestation", of, "write", answer, recordingState(answer));
}
function recordingState(answer) {
  const { status } = answer;
  if (status === 201) return "201 without the id of a record";
  return status < 300 ? `${status}, not 201 with the id of a record` : describeStatus(answer);
}
function refusal2(action, of, right, answer, state = describeStatus(answer)) {
  const { status, url } = answer;
  const message = `Cannot ${action} in "${of}": GitHub answered ${state}`;
  if (status < 400)
    return new ActionError("service", "SERVICE_ANSWER", {
      message,
      remedy: `check what answers at ${url.host}: the address may be wrong, or a proxy may answer instead`
    });
  if (status === 401)
    return new ActionError("permission", "PERMISSION_ATTESTATIONS", {
      message,
      remedy: 'pass a valid "github-token"; the default is ${{ github.token }}'
    });
  if (status === 403)
    return new ActionError("permission", "PERMISSION_ATTESTATIONS", {
      message,
      remedy: `add "permissions: attestations: ${right}" to the job, and to the job that calls it if this is a reusable workflow`
    });
  if (status === 404 || status === 422)
    return new ActionError("service", "SERVICE_REFUSED", {
      message,
      remedy: 'GitHub stores attestations only for public repositories and for organizations on Enterprise Cloud; elsewhere use "stores: registry"'
    });
  return new ActionError("service", "SERVICE_REFUSED", { message, remedy: AGAIN });
}

// src/github/snappy.ts
function decodeSnappy(block, limit) {
  const input = new Input(block);
  const length = input.varint();
  if (length > limit) throw new RangeError(`${length} bytes decoded, over the limit of ${limit}`);
  const output = Buffer.alloc(length);
  let written = 0;
  while (!input.isDone) {
    const tag = input.integer(1);
    if ((tag & 3) === 0) {
      const literal = input.take(literalLength(tag >> 2, input));
      if (written + literal.byteLength > length)
        throw new RangeError("a literal overruns the output");
      output.set(literal, written);
      written += literal.byteLength;
    } else {
      const { size, offset } = copyOf(tag, input);
      if (offset === 0 || offset > written || written + size > length)
        throw new RangeError("a copy is out of bounds");
      for (const end = written + size; written < end; written++)
        output[written] = output[written - offset] ?? 0;
    }
  }
  if (written !== length) throw new RangeError(`${written} of ${length} bytes`);
  return output;
}
function literalLength(code, input) {
  return (code < 60 ? code : input.integer(code - 59)) + 1;
}
function copyOf(tag, input) {
  switch (tag & 3) {
    case 1:
      return { size: (tag >> 2 & 7) + 4, offset: (tag >> 5) * 256 + input.integer(1) };
    case 2:
      return { size: (tag >> 2) + 1, offset: input.integer(2) };
    default:
      return { size: (tag >> 2) + 1, offset: input.integer(4) };
  }
}
var Input = class {
  #bytes;
  #position = 0;
  constructor(bytes) {
    this.#bytes = bytes;
  }
  get isDone() {
    return this.#position >= this.#bytes.byteLength;
  }
  take(count) {
    const end = this.#position + count;
    if (end > this.#bytes.byteLength) throw new RangeError("the block is cut short");
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
  /** Little-endian. */
  integer(count) {
    return this.take(count).reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0);
  }
  varint() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.integer(1);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new RangeError("the length is malformed");
  }
};

// src/github/bundle.ts
var VALUES3 = 2e4;
var NO_BUNDLE = Buffer.from("null");
async function readBundle({ json }, { api, transport, signal }, onBytes = () => void 0) {
  const entry = parseStrictJson(json, VALUES3);
  if (isProblem(entry) || !isRecord(entry.value)) return NO_BUNDLE;
  const { bundle, bundle_url: address } = entry.value;
  if (isRecord(bundle)) return Buffer.from(JSON.stringify(bundle));
  const url = typeof address === "string" ? URL.parse(address) : null;
  if (!url || url.username !== "" || url.password !== "") return NO_BUNDLE;
  const reason = await whyRefused(url, api.url);
  if (reason !== void 0) throw unreadable(url, reason);
  const pieces = [];
  const sink = () => {
    pieces.length = 0;
    return (chunk) => {
      pieces.push(chunk);
      onBytes(chunk.byteLength);
    };
  };
  const request = { method: "GET", url, limit: BUNDLE_LIMIT, sink };
  const { status } = await transport(signal ? { ...request, signal } : request);
  if (status !== 200) throw unreadable(url, `it answered ${status}`);
  return unpacked(Buffer.concat(pieces), url);
}
function unpacked(body, url) {
  const bundle = body[0] === 123 ? body : unpackedSnappy(body, url);
  if (!bundle.includes('"verificationMaterial"')) throw unreadable(url, "its body is not a bundle");
  return bundle;
}
function unpackedSnappy(body, url) {
  try {
    return decodeSnappy(body, BUNDLE_LIMIT);
  } catch (error) {
    throw unreadable(url, `its body is not Snappy (${messageOf(error)})`);
  }
}

// src/github/listing.ts
var PAGE = 100;
var PAGES = 5;
var ENTRY_LIMIT2 = 20 << 20;
async function listAttestations(query, take) {
  let count = 0;
  const onEntry = (json) => {
    count++;
    take({ position: count, json: Buffer.from(json) });
  };
  const failures = [];
  for await (const page of pagesOf(query, onEntry)) failures.push(...page.failures);
  return { count, failures };
}
async function* pagesOf(query, onEntry) {
  let after;
  for (let number = 0; number < PAGES; number++) {
    const page = await readPage(query, after, onEntry);
    yield page;
    if (page.next === void 0) return;
    after = page.next;
  }
  const { of, digest } = query;
  yield { failures: [tooMuch(of, digest, `more than ${PAGE * PAGES}`)] };
}
async function readPage(query, after, onEntry) {
  const { of } = query;
  const entries = new PageEntries(onEntry);
  try {
    const answer = await askForPage(query, after, () => entries.restart());
    if (answer.status === 404)
      return { failures: isAboutDigest(answer, query) ? [] : [unlisted(of)] };
    if (answer.status !== 200) {
      return { failures: [refusal2("list the attestations", of, "read", answer)] };
    }
    return pageIn(answer, entries.end(), of);
  } catch (error) {
    return { failures: [error instanceof ActionError ? error : brokenOff(of, error)] };
  }
}
function isAboutDigest({ url }, { digest }) {
  return decodeURIComponent(url.pathname).endsWith(`/attestations/${digest}`);
}
var PageEntries = class {
  #onEntry;
  #reader;
  /** Position of the next entry in this attempt. */
  #index = 0;
  #taken = 0;
  constructor(onEntry) {
    this.#onEntry = onEntry;
    this.#reader = this.#openReader();
  }
  restart() {
    this.#index = 0;
    this.#reader = this.#openReader();
    return (chunk) => this.#reader.write(chunk);
  }
  end() {
    return this.#reader.end();
  }
  #openReader() {
    const onEntry = (json) => this.#take(json);
    return new JsonListReader({ list: "attestations", entryLimit: ENTRY_LIMIT2, onEntry });
  }
  #take(json) {
    this.#index++;
    if (this.#index <= this.#taken) return;
    this.#taken++;
    this.#onEntry(json);
  }
};
async function askForPage({ api, of, digest, signal }, after, sink) {
  const query = new URLSearchParams({ per_page: String(PAGE), ...after ? { after } : {} });
  const list2 = (scope) => {
    const path = `${attestationsPath(scope, of)}/${encodeURIComponent(digest)}`;
    return api.get(`${path}?${query.toString()}`, { signal, sink });
  };
  if (isRepository(of)) return list2("repos");
  const answer = await list2("orgs");
  return answer.status === 404 ? list2("users") : answer;
}
function pageIn({ headers }, { isWhole, hasList, tooLarge: tooLarge2 }, of) {
  const link = nextLinkIn(headers);
  const next = URL.parse(link ?? "")?.searchParams.get("after") ?? void 0;
  const isUnderstood = isWhole && hasList && tooLarge2 === 0;
  const hasNext = link === void 0 || next !== void 0;
  return { next, failures: isUnderstood && hasNext ? [] : [unlisted(of)] };
}

// src/github/record.ts
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");

// src/text/envelope.ts
function envelopeIn(bundle) {
  const json = parseStrictJson(bundle);
  const envelope = !isProblem(json) && isRecord(json.value) ? json.value["dsseEnvelope"] : void 0;
  return isRecord(envelope) ? envelope : void 0;
}
function payloadIn(bundle) {
  const payload = envelopeIn(bundle)?.["payload"];
  return typeof payload === "string" ? Buffer.from(payload, "base64") : void 0;
}

// src/github/record.ts
var WIDTH = 10;
var LOOK_AGAIN = [500, 1500, 3e3];
var LISTED = {
  status: 201,
  headers: NO_HEADERS,
  body: Buffer.alloc(0),
  url: new URL("about:blank")
};
async function recordOnce(recording) {
  const { of } = recording;
  if (recording.origin === "earlier run") {
    const copies2 = await countOnce(recording);
    if (copies2 > 0) return { copies: copies2 };
  }
  const sent = await send(recording);
  if ("copies" in sent) return sent;
  const id = idIn(sent);
  if (id === void 0) throw notRecorded(of, sent);
  const copies = await countCopies(recording, (cause) => unlistedRecord(of, id, cause));
  if (copies === 0) throw unlistedRecord(of, id);
  return { id, copies };
}
async function send(recording) {
  const { api, of, bundle } = recording;
  const body = Buffer.concat([Buffer.from('{"bundle":'), bundle, Buffer.from("}")]);
  let copies = 0;
  const lookFirst = async () => {
    copies = await countCopies(recording, (cause) => unknownRecord(of, cause));
    return copies > 0 ? LISTED : {};
  };
  const answer = await api.post(attestationsPath("repos", of), body, lookFirst).catch(async (error) => {
    copies = await countCopies(recording).catch(() => 0);
    if (copies === 0) throw error;
    return LISTED;
  });
  return answer === LISTED ? { copies } : answer;
}
function idIn({ status, body }) {
  const json = status === 201 ? parseJson(body.toString()) : void 0;
  const id = isRecord(json) ? json["id"] : void 0;
  const isId = typeof id === "string" ? /^\d{1,20}$/.test(id) : Number.isSafeInteger(id) && Number(id) >= 0;
  return isId ? String(id) : void 0;
}
async function countCopies(recording, explain = (cause) => cause) {
  try {
    let waited = 0;
    for (const wait of LOOK_AGAIN) {
      const copies = await countOnce(recording);
      waited += wait;
      if (copies > 0 || waited > recording.patience) return copies;
      await sleep(wait);
    }
    return await countOnce(recording);
  } catch (error) {
    throw error instanceof ActionError ? explain(error) : error;
  }
}
async function countOnce(recording) {
  const wanted = signedIn(recording.bundle);
  if (wanted === void 0) throw new TypeError("a bundle without an envelope");
  const listed = [];
  const { failures } = await listAttestations(recording, (each) => void listed.push(each));
  const read = await sideBySide(listed, WIDTH, (each) => settle([readBundle(each, recording)]));
  const bundles = read.flatMap(({ values }) => values);
  const copies = bundles.filter((bundle) => signedIn(bundle) === wanted).length;
  const [failure] = [...failures, ...read.flatMap((each) => each.failures)];
  if (copies === 0 && failure) throw failure;
  return copies;
}
function signedIn(bundle) {
  const envelope = envelopeIn(bundle);
  if (!envelope || !Array.isArray(envelope["signatures"])) return void 0;
  const { payload, signatures } = envelope;
  const signature = signatures[0];
  const sig = isRecord(signature) ? signature["sig"] : void 0;
  if (typeof payload !== "string" || typeof sig !== "string") return void 0;
  return [payload, sig].map((text) => Buffer.from(text, "base64").toString("base64")).join(" ");
}

// src/github/attestations.ts
function attestationStore({
  apiUrl,
  token,
  transport,
  retryTimeout
}) {
  const api = githubApi(apiUrl, token, transport);
  return {
    record: (of, digest, bundle, origin = "this step") => recordOnce({ api, transport, of, digest, bundle, origin, patience: retryTimeout }),
    list: (of, digest, signal, take) => listAttestations({ api, transport, of, digest, signal }, take),
    read: (attestation, signal, onBytes) => readBundle(attestation, { api, transport, signal }, onBytes)
  };
}

// src/github/meta.ts
var DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?$/i;
async function trustDomainAt(apiUrl, token, transport) {
  const answer = await githubApi(apiUrl, token, transport).get("/meta", {});
  const meta = answer.status === 200 ? parseJson(answer.body.toString()) : void 0;
  const domains = isRecord(meta) ? meta["domains"] : void 0;
  const attestations = isRecord(domains) ? domains["artifact_attestations"] : void 0;
  const domain = isRecord(attestations) ? attestations["trust_domain"] : void 0;
  if (typeof domain === "string" && DOMAIN.test(domain)) return domain;
  const state = answer.status === 200 ? "200 without a trust domain" : describeStatus(answer);
  throw new ActionError("service", "SERVICE_TRUST", {
    message: `Cannot find the trusted root of ${answer.url.host}: GET /meta answered ${state}`,
    remedy: 'run the job again, or set "trusted-root" to the output of "gh attestation trusted-root"'
  });
}

// src/http/proxy.ts
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");
const { BlockList, isIP, isIPv6 } = process.getBuiltinModule("node:net");
var VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
var IDLE = { direct: 4e3, proxied: 3e4 };
function agentsFor(variables) {
  const direct = agentsWith({ timeout: IDLE.direct });
  if (!VARIABLES.some((name) => variables[name])) return direct;
  const exceptions = (variables["no_proxy"] || variables["NO_PROXY"] || "").split(/[\s,]+/);
  const no_proxy = exceptions.flatMap(withSubdomains).join(",");
  const proxied = proxiedWith({ ...variables, NO_PROXY: no_proxy, no_proxy });
  const networks = networksIn(exceptions);
  return (url) => (isIn(networks, url) ? direct : proxied)(url);
}
function agentsWith(options) {
  const all = { keepAlive: true, ...options };
  const agents = { http: new http.Agent(all), https: new https.Agent(all) };
  return ({ protocol }) => protocol === "https:" ? agents.https : agents.http;
}
function proxiedWith(proxyEnv) {
  try {
    return agentsWith({ timeout: IDLE.proxied, proxyEnv });
  } catch {
    throw new ActionError("input", "INPUT_INVALID", {
      message: "Cannot use the proxy in HTTPS_PROXY or HTTP_PROXY: it is not a proxy address",
      remedy: "write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded"
    });
  }
}
function withSubdomains(entry) {
  const isDomain = /^[a-z\d][a-z\d.-]*[a-z]$/i.test(entry) && !isIPv6(entry);
  return isDomain ? [entry, `.${entry}`] : [entry];
}
function networksIn(exceptions) {
  const networks = new BlockList();
  for (const entry of exceptions.map(withoutBrackets)) {
    const [address = "", prefix = isIPv6(entry) ? "128" : ""] = entry.split("/");
    const longest = isIPv6(address) ? 128 : 32;
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) continue;
    networks.addSubnet(address, Number(prefix), familyOf(address));
  }
  return networks;
}
function isIn(networks, { hostname }) {
  const address = withoutBrackets(hostname);
  return isIP(address) !== 0 && networks.check(address, familyOf(address));
}
function withoutBrackets(address) {
  return address.replace(/^\[(.*)\]$/, "$1");
}
function familyOf(address) {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

// src/http/transport.ts
const { setTimeout: sleep3 } = process.getBuiltinModule("node:timers/promises");

// src/http/budget.ts
function budgetOf(milliseconds) {
  let left = milliseconds;
  let spentUntil = 0;
  return {
    spend(from, until) {
      const cost = Math.max(until - Math.max(from, spentUntil), 0);
      if (cost > left) return false;
      left -= cost;
      spentUntil = Math.max(spentUntil, until);
      return true;
    }
  };
}

// src/http/exchange.ts
const http2 = process.getBuiltinModule("node:http");
const https2 = process.getBuiltinModule("node:https");
const { pipeline } = process.getBuiltinModule("node:stream");
async function exchange(outgoing, agentFor) {
  const response = await send2(outgoing, agentFor);
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: bodyOf(response, outgoing.signal)
  };
}
function send2({ method, url, headers, body, signal }, agentFor) {
  signal.throwIfAborted();
  if (url.username !== "" || url.password !== "") throw new TypeError("A login in the address");
  const { request } = url.protocol === "https:" ? https2 : http2;
  const sent = request(url, { method, headers, agent: agentFor(url) });
  return new Promise((resolve, reject) => {
    const abandon = () => {
      reject(signal.reason);
      sent.destroy();
    };
    signal.addEventListener("abort", abandon, { once: true });
    sent.once("close", () => signal.removeEventListener("abort", abandon));
    sent.once("response", resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}
function headersOf({ headers }) {
  const get = (name) => {
    const value = headers[name.toLowerCase()];
    return value === void 0 ? null : String(value);
  };
  return { get, has: (name) => get(name) !== null };
}
async function* bodyOf(response, signal) {
  try {
    yield* await decompressed(response);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
async function decompressed(response) {
  const coding = response.headers["content-encoding"]?.toLowerCase();
  if (coding !== "gzip" && coding !== "x-gzip") return response;
  const { createGunzip } = await import("node:zlib");
  return pipeline(response, createGunzip(), () => void 0);
}

// src/http/pace.ts
const { setTimeout: sleep2 } = process.getBuiltinModule("node:timers/promises");

// src/http/wait.ts
var SHORTEST = 250;
var LONGEST4 = 6e4;
function waitBefore(attempt, asked) {
  const backoff = 2 ** Math.min(attempt, 6) * (250 + Math.random() * 250);
  return Math.min(Math.max(asked ?? backoff, SHORTEST), LONGEST4);
}

// src/http/pace.ts
var MOST = { read: 100, write: 32 };
var FEWEST = 2;
var SLOW = 3e3;
function paceOf() {
  const inFlight = { read: 0, write: 0 };
  const waiting = { read: /* @__PURE__ */ new Set(), write: /* @__PURE__ */ new Set() };
  let most = Infinity;
  let resumesAt = 0;
  let vain = 0;
  const all = () => inFlight.read + inFlight.write;
  const roomFor = (kind) => Math.min(most - all(), MOST[kind] - inFlight[kind]);
  const wakeNext = () => {
    wakeFirst(waiting.write, roomFor("write"));
    wakeFirst(waiting.read, roomFor("read"));
  };
  const take = (kind) => {
    inFlight[kind]++;
    let isCounted = true;
    const free = () => {
      if (isCounted) inFlight[kind]--;
      isCounted = false;
      wakeNext();
    };
    const timer = kind === "read" ? setTimeout(free, SLOW).unref() : void 0;
    return (how) => {
      clearTimeout(timer);
      if (how === "answered") {
        vain = 0;
        most += 1 / most;
      }
      free();
    };
  };
  const taken = async (kind, signal) => {
    for (; ; ) {
      signal?.throwIfAborted();
      const pause = resumesAt - Date.now();
      if (pause > 0) await sleep2(pause, void 0, signal ? { signal } : {});
      else if (roomFor(kind) >= 1) return take(kind);
      else await turn(waiting[kind], signal);
    }
  };
  return {
    async enter(kind, signal) {
      try {
        return await taken(kind, signal);
      } catch (error) {
        wakeNext();
        throw error;
      }
    },
    slowDown(asked) {
      const now = Date.now();
      const isNews = now >= resumesAt;
      if (isNews) {
        vain++;
        most = Math.max(FEWEST, Math.floor(Math.min(most, all() + 1) / 2));
      }
      const wanted = isNews || asked !== void 0 ? now + waitBefore(vain, asked) : 0;
      resumesAt = Math.max(resumesAt, wanted);
      return { wait: resumesAt - now, isNews };
    }
  };
}
function turn(waiting, signal) {
  return new Promise((resolve) => {
    const wake = () => {
      waiting.delete(wake);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    waiting.add(wake);
    signal?.addEventListener("abort", wake);
  });
}
function wakeFirst(waiting, room) {
  let left = room;
  for (const wake of waiting) if (left-- >= 1) wake();
}

// src/http/transport.ts
var ATTEMPT_TIMEOUT = 3e4;
var REASON_LIMIT = 64 << 10;
var REDIRECTS2 = 5;
var REDIRECTING = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
var ATTEMPTS = 30;
var UNREACHABLE_ATTEMPTS = 3;
function createTransport({
  retryTimeout,
  onRetry,
  deadline,
  agentFor = agentsFor({})
}) {
  const budget = budgetOf(retryTimeout);
  const paces = /* @__PURE__ */ new Map();
  const paceFor = ({ url: { origin } }) => {
    const pace = paces.get(origin) ?? paceOf();
    paces.set(origin, pace);
    return pace;
  };
  const send3 = async (request, tries) => {
    const pace = paceFor(request);
    let current = request;
    for (; ; ) {
      const attempt = ++tries.attempts;
      const leave = await pace.enter(request.body ? "write" : "read", request.signal);
      const started = Date.now();
      const outcome = await follow(current, agentFor).then((answer) => withReason(current, answer, agentFor)).catch((error) => ({ error }));
      const fault = transientFault(outcome);
      leave(fault?.isRateLimit ? "refused" : "answered");
      if (!fault) {
        if ("error" in outcome) throw final(request, outcome.error, tries);
        return outcome;
      }
      const { wait, isNews } = fault.isRateLimit ? pace.slowDown(fault.retryAfter) : { wait: waitBefore(attempt, fault.retryAfter), isNews: true };
      const most = isUnreachable(fault) ? UNREACHABLE_ATTEMPTS : ATTEMPTS;
      const isLast = attempt >= most || request.signal?.aborted === true;
      if (isLast || !budget.spend(started, Date.now() + wait))
        throw unavailable(request, fault.state, tries);
      tries.state = fault.state;
      const seconds = (wait / 1e3).toFixed(1);
      if (isNews)
        onRetry(`${resultOf(request, fault.state)}, attempt ${attempt + 1} in ${seconds} s`);
      await sleep3(wait, void 0, request.signal ? { signal: request.signal } : {});
      const renewed = await request.again?.();
      if (renewed && "status" in renewed) return renewed;
      current = { ...request, ...renewed };
    }
  };
  return async (request) => {
    const tries = { since: Date.now(), attempts: 0 };
    if (!deadline) return send3(request, tries);
    try {
      return await send3({ ...request, signal: anyOf(request.signal, deadline.signal) }, tries);
    } catch (error) {
      const isLate = deadline.signal.aborted && !request.signal?.aborted;
      throw isLate ? outOfTime(unanswered(request, tries), deadline) : error;
    }
  };
}
function unanswered(request, tries) {
  return tries.state === void 0 ? `${nameOf(request)} had no answer` : `${triesOf(request, tries.state, tries)} and had no other answer`;
}
async function withReason(request, answer, agentFor) {
  const isSilent = request.method === "HEAD" && answer.status === 403;
  if (!isSilent || answer.headers.has("retry-after")) return answer;
  return follow({ ...request, method: "GET", limit: REASON_LIMIT }, agentFor).catch(() => answer);
}
async function follow(request, agentFor) {
  const timer = AbortSignal.timeout(request.timeout ?? ATTEMPT_TIMEOUT);
  const signal = anyOf(request.signal, timer);
  let { url, headers = {} } = request;
  for (let hop = 0; ; hop++) {
    const answer = await ask({ ...request, url, headers, signal }, agentFor);
    const location = answer.headers.get("location");
    if (!REDIRECTING.has(answer.status) || location === null) return answer;
    if (request.body || request.redirect === "return") return answer;
    if (hop >= REDIRECTS2) throw refusal(request, `it redirects more than ${REDIRECTS2} times`);
    const next = new URL(location, url);
    const reason = await whyRefused(next, url);
    if (reason !== void 0) {
      throw refusal(request, `it redirects to ${next.origin}, but ${reason}`);
    }
    if (next.origin !== url.origin) headers = withoutAuthorization(headers);
    url = next;
  }
}
function withoutAuthorization(headers) {
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization");
  return Object.fromEntries(others);
}
async function ask(request, agentFor) {
  const { method, url, headers = {}, body, limit, signal } = request;
  const all = { "user-agent": "countersign", "accept-encoding": "identity", ...headers };
  const answer = await exchange({ method, url, headers: all, body, signal }, agentFor);
  const chunks = [];
  const take = isSuccess(answer.status) && request.sink?.() || ((chunk) => void chunks.push(chunk));
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > limit) {
      throw refusal(request, `the response is larger than ${limit} bytes`, "LIMIT_EXCEEDED");
    }
    take(chunk);
  }
  return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks), url };
}
function isSuccess(status) {
  return status >= 200 && status < 300;
}
function anyOf(first, second) {
  return first ? AbortSignal.any([first, second]) : second;
}
function final(request, error, tries) {
  if (error instanceof ActionError || request.signal?.aborted) return error;
  return unavailable(request, stateOf(error), tries);
}

// src/registry/assert-own.ts
function assertOwn({ method, path, purpose }, answer, repository) {
  const { status, url } = answer;
  if (method !== "GET" || typeof path !== "string" || status < 400) return answer;
  if (url.pathname.replace(/%3a/gi, ":").endsWith(`/${path}`)) return answer;
  throw new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot ${purpose} "${formatRepository(repository)}": GET ${path} was redirected to ${url.origin}${url.pathname}, which answered ${status}`,
    remedy: `check that ${repository.registry} is the registry and not a login page or proxy in front of it`
  });
}

// src/registry/access-remedy.ts
function accessRemedy({ registry, path }, access, credentials) {
  const used = describeCredentials(credentials);
  if (credentials.kind === "anonymous")
    return `log in to ${registry} with docker/login-action before this step (${used})`;
  const right = access === "pull" ? "packages: read" : "packages: write";
  return registry === "ghcr.io" ? `add "permissions: ${right}" to the job, and give this repository access in the package's settings under "Manage Actions access" (${used})` : `grant ${access} access to "${path}" to the account that was used (${used})`;
}
function describeCredentials({ kind, from }) {
  return kind === "anonymous" ? from : `credentials from ${from}`;
}

// src/registry/endpoint.ts
function endpointOf(registry) {
  if (registry === "docker.io") return new URL("https://registry-1.docker.io");
  const secure = new URL(`https://${registry}`);
  return isLoopback(secure.hostname) ? new URL(`http://${registry}`) : secure;
}

// src/registry/auth.ts
var TOKEN_LIMIT = 1 << 20;
async function answerChallenge(header, { repository, access, credentials, transport, mask, others = [] }) {
  if (credentials.kind === "bearer") return `Bearer ${credentials.token}`;
  const challenges = parseChallenges(header);
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  const realm = bearer?.parameters["realm"];
  if (bearer && realm) {
    const scopes = [.../* @__PURE__ */ new Set([...scopesFor(bearer, repository, access), ...others])];
    const { service } = bearer.parameters;
    const request = { service, scopes, repository, access, credentials, transport };
    const token = await fetchToken(realm, request);
    mask?.(token);
    return `Bearer ${token}`;
  }
  const wantsBasic = challenges.some(({ scheme }) => scheme === "basic");
  return wantsBasic && credentials.kind === "password" ? basic(credentials) : void 0;
}
function scopeOf({ path }, access) {
  return `repository:${path}:${access}`;
}
var LONGEST_SCOPE = 1024;
function scopesFor({ parameters: { scope = "", error } }, repository, access) {
  const own = scopeOf(repository, access);
  const demanded = scope.length > LONGEST_SCOPE ? [] : scope.split(" ").filter(Boolean);
  const others = demanded.filter(
    (other) => error === "insufficient_scope" || !other.startsWith(`repository:${repository.path}:`)
  );
  return [own, ...others];
}
async function fetchToken(address, request) {
  const realm = await tokenService(address, request.repository);
  const { credentials } = request;
  if (credentials.kind !== "identity-token") {
    const answer = await request.transport({
      method: "GET",
      url: withParameters(realm, request),
      limit: TOKEN_LIMIT,
      redirect: "return",
      headers: credentials.kind === "password" ? { authorization: basic(credentials) } : {}
    });
    return tokenIn(answer, realm, request).result;
  }
  const refresh = async (token) => tokenIn(await postRefresh(realm, token, request), realm, request);
  if (credentials.withToken) return credentials.withToken(refresh);
  return (await refresh(credentials.token)).result;
}
function postRefresh(realm, token, { service, scopes, transport }) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: token,
    client_id: "countersign",
    ...service ? { service } : {},
    scope: scopes.join(" ")
  });
  return transport({
    method: "POST",
    url: realm,
    limit: TOKEN_LIMIT,
    redirect: "return",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(form.toString())
  });
}
function tokenIn(answer, realm, { repository, access, credentials }) {
  const json = parseJson(answer.body.toString());
  const { token, access_token: other, refresh_token: next } = isRecord(json) ? json : {};
  const result = token ?? other;
  if (answer.status === 200 && typeof result === "string")
    return { result, next: typeof next === "string" && next !== "" ? next : void 0 };
  throw refused2(
    repository,
    `its token service ${realm.host} answered ${answer.status} (${describeCredentials(credentials)})`,
    isKnownAccount(answer, credentials) ? accessRemedy(repository, access, credentials) : void 0
  );
}
var PINNED = { "ghcr.io": "https://ghcr.io/token" };
async function tokenService(address, repository) {
  const reason = await whyNotTrusted(address, repository);
  if (reason === void 0) return new URL(address);
  throw refused2(
    repository,
    `credentials are not sent to its token service "${address}": ${reason}`
  );
}
async function whyNotTrusted(address, { registry }) {
  const pinned = PINNED[registry];
  if (pinned !== void 0 && address !== pinned)
    return `the token service of ${registry} is ${pinned}`;
  if (!URL.canParse(address)) return "that is not a URL";
  return whyRefused(new URL(address), endpointOf(registry));
}
function withParameters(realm, { service, scopes }) {
  const url = new URL(realm);
  if (service) url.searchParams.set("service", service);
  url.searchParams.delete("scope");
  for (const scope of scopes) url.searchParams.append("scope", scope);
  return url;
}
function basic({
  username,
  password
}) {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
function parseChallenges(header) {
  const challenges = [];
  for (const match of header.matchAll(
    /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][A-Za-z0-9_-]*)(?=\s|$)/g
  )) {
    const [, name, quoted2, bare, scheme] = match;
    if (scheme) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name)
      Object.assign(challenges.at(-1)?.parameters ?? {}, {
        [name.toLowerCase()]: quoted2?.replaceAll(/\\(.)/g, "$1") ?? bare ?? ""
      });
  }
  return challenges;
}
function challengeForAny(header) {
  return parseChallenges(header).map(({ scheme, parameters }) => {
    const kept = Object.entries(parameters).filter(
      ([name]) => !["scope", "error"].includes(name)
    );
    return `${scheme} ${kept.map(([name, value]) => `${name}=${quoted(value)}`).join(",")}`;
  }).join(", ");
}
function quoted(value) {
  return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}
function isKnownAccount({ status }, { kind }) {
  return status === 403 && kind !== "anonymous";
}
function refused2({ registry }, state, remedy) {
  return new ActionError("permission", "PERMISSION_REGISTRY", {
    message: `Cannot log in to "${registry}": ${state}`,
    remedy: remedy ?? `log in to ${registry} with docker/login-action before this step, or set "registry-username" and "registry-password"`
  });
}

// src/registry/request-failure.ts
function isRefusal({ status }) {
  return status === 401 || status === 403;
}
function requestFailure({ method, purpose, remedy = (_status, usual) => usual }, answer, { repository, access, credentials }) {
  const isHtml = mediaTypeOf(answer.headers) === "text/html";
  const state = [
    `${method} ${answer.url.pathname} answered ${answer.status}`,
    ociCode(answer),
    isHtml ? "(an HTML page)" : ""
  ].filter(Boolean).join(" ");
  const message = `Cannot ${purpose} "${formatRepository(repository)}": ${state}`;
  if (isRefusal(answer)) {
    return new ActionError("permission", "PERMISSION_REGISTRY", {
      message,
      remedy: remedy(answer.status, accessRemedy(repository, access, credentials))
    });
  }
  return new ActionError("service", "SERVICE_REFUSED", {
    message,
    remedy: remedy(answer.status, usualRemedy(answer.status, repository))
  });
}
function usualRemedy(status, { registry }) {
  if (status === 404)
    return "check the name and the digest, and that the image was pushed before this step";
  if (status === 413)
    return 'raise the limit for the size of a request in the registry, or in the proxy in front of it, to 4 MiB (nginx: "client_max_body_size 4m")';
  if (status === 400 || status === 415)
    return 'the registry does not accept OCI 1.1 artifacts; use one that does, or "stores: github"';
  if (status === 431)
    return "the registry does not accept a token of this length: use fewer repositories in one step, or log in with an account that has fewer permissions";
  return `check that ${endpointOf(registry).host} is the registry and not a login page or proxy in front of it`;
}
function ociCode({ body }) {
  const json = parseJson(body.toString());
  const errors = isRecord(json) && Array.isArray(json["errors"]) ? json["errors"] : [];
  const code = isRecord(errors[0]) ? errors[0]["code"] : void 0;
  return typeof code === "string" && /^[A-Z_]{1,64}$/.test(code) ? code : "";
}

// src/registry/client.ts
var RegistryClient = class {
  repository;
  origin;
  #access;
  #transport;
  #keychain;
  #mask;
  #authorization;
  #challenge = "";
  #member;
  #known;
  /** For a challenge that another repository got, until a response shows that it suits this one. */
  #guess;
  /** Undefined after its token was requested. */
  #tokens;
  /** A token for several repositories. */
  #shared;
  constructor(repository, access, { transport, keychain, mask, tokens }) {
    this.repository = repository;
    this.origin = endpointOf(repository.registry);
    this.#access = access;
    this.#transport = transport;
    this.#keychain = keychain;
    this.#mask = mask;
    this.#member = { repository, access };
    this.#known = tokens?.challenges;
    this.#tokens = tokens;
    tokens?.join(this.#member);
  }
  /** Sends a request; a status outside `accepted` is an error, 401 and 403 always are, and a 404 after a redirect to another path is. */
  async send(request, accepted2) {
    const answer = await this.#authorized(request);
    if (accepted2.includes(answer.status)) return assertOwn(request, answer, this.repository);
    const anonymous = isRefusal(answer) ? await this.#anonymously(request) : void 0;
    if (anonymous && accepted2.includes(anonymous.status))
      return assertOwn(request, anonymous, this.repository);
    throw requestFailure(request, answer, {
      repository: this.repository,
      access: this.#access,
      credentials: await this.#credentials()
    });
  }
  async #authorized(request) {
    const used = this.#authorization ??= this.#ahead();
    const isGuess = used !== void 0 && used === this.#guess;
    const answer = await this.#once(request, await used);
    if (!isRefusal(answer)) this.#guess = void 0;
    if (!isRefusal(answer) || answer.url.origin !== this.origin.origin) return answer;
    if (isGuess) this.#known?.doubt(this.repository);
    if (isGuess && answer.status === 403) {
      if (this.#authorization === used) this.#authorization = void 0;
      return this.#authorized(request);
    }
    if (answer.status !== 401) return answer;
    const { answer: second, authorization } = await this.#again(request, answer, used);
    const wasShared = authorization !== void 0 && await authorization === this.#shared;
    if (!wasShared || !isRefusal(second)) return second;
    return (await this.#again(request, second, authorization)).answer;
  }
  /** Undefined while no challenge of the registry is known; what fails is requested again after a challenge. */
  #ahead() {
    const challenge = this.#known?.of(this.repository);
    if (challenge === void 0) return void 0;
    return this.#guess = this.#answer(challenge).catch(() => void 0);
  }
  /** Sends the request with the authorization that the challenge requires. */
  async #again(request, answer, used) {
    if (this.#authorization === used) this.#authorization = void 0;
    const promised = this.#authorization ??= this.#answer(challengeOf(answer));
    const authorization = await promised.catch((error) => {
      this.#authorization = used;
      throw error;
    });
    if (authorization === void 0) {
      this.#authorization = used;
      return { answer };
    }
    const renewed = await request.again?.();
    if (renewed && "status" in renewed) return { answer: renewed };
    const next = await this.#once({ ...request, ...renewed }, authorization);
    if (!isRefusal(next)) this.#known?.keep(this.repository, challengeOf(answer));
    return { answer: next, authorization: promised };
  }
  async #answer(challenge) {
    this.#challenge = challenge || this.#challenge;
    this.#shared = await this.#tokens?.answer(this.#challenge, this.#member);
    this.#tokens = void 0;
    if (this.#shared !== void 0) return this.#shared;
    const credentials = await this.#credentials();
    try {
      return await this.#answerAs(credentials, this.#challenge);
    } catch (error) {
      if (!this.#mayBeAnonymous(credentials)) throw error;
      return this.#answerAs(ANONYMOUS, this.#challenge).catch(() => {
        throw error;
      });
    }
  }
  #answerAs(credentials, challenge) {
    return answerChallenge(challenge, {
      repository: this.repository,
      access: this.#access,
      credentials,
      transport: this.#transport,
      mask: this.#mask
    });
  }
  /** Retries anonymously: a token that the user did not choose must not block access to public images. */
  async #anonymously(request) {
    if (!this.#mayBeAnonymous(await this.#credentials())) return void 0;
    const authorization = this.#answerAs(ANONYMOUS, this.#challenge).catch(() => void 0);
    const answer = await this.#once(request, await authorization);
    if (!isRefusal(answer)) this.#authorization = authorization;
    return answer;
  }
  #mayBeAnonymous({ chosen }) {
    return chosen === "by default" && this.#access === "pull";
  }
  async #once({ path, headers, again: again2, ...request }, authorization) {
    const url = typeof path === "string" ? new URL(`/v2/${this.repository.path}/${path}`, this.origin) : path;
    const isOwn = url.origin === this.origin.origin;
    const authorized = (given = {}, value) => ({
      ...given,
      ...isOwn && value ? { authorization: value } : {}
    });
    const renew = async () => {
      const renewed = await again2?.() ?? {};
      if ("status" in renewed) return renewed;
      return {
        ...renewed,
        headers: authorized(renewed.headers ?? headers, await this.#authorization)
      };
    };
    return this.#transport({
      ...request,
      url,
      headers: authorized(headers, authorization),
      ...again2 ? { again: renew } : {}
    });
  }
  #credentials() {
    return this.#keychain(this.repository);
  }
};
var ANONYMOUS = { kind: "anonymous", from: "no credentials" };
function challengeOf({ headers }) {
  return headers.get("www-authenticate") ?? "";
}

// src/registry/credential-helper.ts
var SUFFIX = /^[A-Za-z0-9._-]+$/;
var NOT_FOUND = "credentials not found in native keychain";
var KNOWN = [
  "no credentials server URL",
  "no credentials username",
  "executable file not found",
  "You do not currently have an active account selected",
  "Reauthentication failed",
  "error getting credentials",
  "Cannot autolaunch D-Bus without X11",
  "gpg: decryption failed",
  "pass not initialized",
  "ExpiredToken",
  "NoCredentialProviders",
  "AccessDenied"
];
async function askHelper({ suffix, file, server }, run) {
  if (!SUFFIX.test(suffix)) {
    const state = `"${file}" names a helper that is not a program name: only letters, digits, ".", "_" and "-" are allowed`;
    throw refused3(server, state);
  }
  const name = `docker-credential-${suffix}`;
  const result = await run(name, ["get"], server);
  if (result.kind === "missing")
    throw refused3(server, `"${file}" names "${name}", and there is no such program in PATH`);
  if (result.kind === "stopped") throw refused3(server, `"${name}" failed: ${result.reason}`);
  if (result.exitCode !== 0) {
    if (result.output.trim() === NOT_FOUND) return void 0;
    const words = KNOWN.find((known) => result.output.includes(known));
    const said = words === void 0 ? "" : ` and said "${words}"`;
    throw refused3(server, `"${name}" ended with exit code ${result.exitCode}${said}`);
  }
  const credentials = fromAnswer(result.output, `${name} in ${file}`);
  if (credentials === void 0)
    throw refused3(server, `the answer of "${name}" has no "Username" and "Secret"`);
  return credentials === "none" ? void 0 : credentials;
}
function fromAnswer(output, from) {
  const json = parseJson(output);
  if (!isRecord(json)) return void 0;
  const { Username: username, Secret: secret } = json;
  if (typeof username !== "string" || typeof secret !== "string") return void 0;
  if (username === "" || secret === "") return "none";
  if (username === "<token>") return { kind: "identity-token", token: secret, from };
  return { kind: "password", username, password: secret, from };
}
function refused3(server, state) {
  return new ActionError("permission", "PERMISSION_REGISTRY", {
    message: `Cannot read the login of "${server}" from its credential helper: ${state}`,
    remedy: 'run the login action of the registry before this step, or set "registry-username" and "registry-password"'
  });
}

// src/registry/login-file.ts
const { readFile } = process.getBuiltinModule("node:fs/promises");
async function readLoginFile(path) {
  const text = await readFile(path, "utf8").catch((error) => {
    if (isAbsent(error)) return void 0;
    throw unreadable2(path, "cannot be read");
  });
  if (text === void 0) return void 0;
  const json = parseJson(text);
  if (!isRecord(json)) throw unreadable2(path, "is not a JSON object");
  const store = json["credsStore"];
  return {
    path,
    auths: entriesOf(json["auths"], isRecord),
    helpers: entriesOf(json["credHelpers"], isText),
    ...isText(store) && store !== "" ? { store } : {}
  };
}
function entriesOf(json, isValue) {
  const entries = Object.entries(isRecord(json) ? json : {}).filter(
    (entry) => isValue(entry[1])
  );
  return new Map(entries.map(([key, value]) => [normalized(key), value]));
}
function normalized(key) {
  const name = key.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  return name.replace(/^([^/]+)\/v[12]$/, "$1").toLowerCase();
}
function isText(value) {
  return typeof value === "string";
}
function isAbsent(error) {
  const code = Error.isError(error) && "code" in error ? error.code : void 0;
  return code === "ENOENT" || code === "ENOTDIR";
}
function unreadable2(path, state) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot read the registry logins: "${path}" ${state}`,
    remedy: 'log in again with docker/login-action, or set "registry-username" and "registry-password"'
  });
}

// src/registry/refresh-token.ts
function refreshToken(first, onReplaced) {
  let token = first;
  let isKept = false;
  let last = Promise.resolve();
  return async (login) => {
    const before = last;
    const { promise: end, resolve: leave } = Promise.withResolvers();
    last = end;
    await before;
    if (isKept) leave(void 0);
    try {
      const { result, next = token } = await login(token);
      isKept = next === token;
      if (!isKept) onReplaced(token = next);
      return result;
    } finally {
      leave(void 0);
    }
  };
}

// src/registry/credentials.ts
function createKeychain({
  explicit,
  loginFiles,
  run,
  mask,
  githubToken
}) {
  const readFiles = once(async () => {
    const files = await Promise.all(loginFiles.map(readLoginFile));
    return files.filter((file) => file !== void 0);
  });
  const ask2 = remembered(
    ({ suffix, file, server }) => [suffix, file, server].join("\n"),
    (call) => askHelper(call, run)
  );
  const find3 = async (repository) => {
    if (explicit)
      return { kind: "password", ...explicit, from: "registry-username and registry-password" };
    const { registry } = repository;
    const files = await readFiles();
    for (const file of files) {
      for (const call of helperCalls(registry, file)) {
        const credentials2 = await ask2(call);
        if (credentials2) return credentials2;
      }
      const credentials = fromAuths(repository, file);
      if (credentials) return credentials;
    }
    if (registry === "ghcr.io" && githubToken)
      return {
        kind: "password",
        username: "github-token",
        password: githubToken,
        from: "github-token",
        chosen: "by default"
      };
    return { kind: "anonymous", from: nothingFound(registry, files) };
  };
  const known = remembered(
    ({ registry, path }) => `${registry}/${path}`,
    async (repository) => {
      const credentials = await find3(repository);
      for (const secret of secretsOf(credentials)) mask(secret);
      return credentials;
    }
  );
  const logins = /* @__PURE__ */ new Map();
  return async (repository) => {
    const credentials = await known(repository);
    if (credentials.kind !== "identity-token") return credentials;
    const { token } = credentials;
    const withToken = logins.get(token) ?? refreshToken(token, mask);
    logins.set(token, withToken);
    return { ...credentials, withToken };
  };
}
function helperCalls(registry, { path, helpers, store }) {
  const own = hostsOf(registry).map((host) => helpers.get(host)).find(Boolean);
  const server = registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
  return [own, store].filter((suffix) => suffix !== void 0).map((suffix) => ({ suffix, file: path, server }));
}
function fromAuths({ registry, path }, file) {
  const parts = path.split("/");
  const beginnings = parts.map((_, index) => `/${parts.slice(0, parts.length - index).join("/")}`);
  for (const beginning of [...beginnings, ""]) {
    for (const host of hostsOf(registry)) {
      const entry = file.auths.get(`${host}${beginning}`);
      const credentials = entry && fromEntry(entry, file.path);
      if (credentials) return credentials;
    }
  }
  return void 0;
}
function hostsOf(registry) {
  return registry === "docker.io" ? ["index.docker.io", "docker.io", "registry-1.docker.io"] : [registry];
}
function fromEntry(entry, from) {
  const text = (name) => typeof entry[name] === "string" ? entry[name] : "";
  if (text("registrytoken")) return { kind: "bearer", token: text("registrytoken"), from };
  if (text("identitytoken")) return { kind: "identity-token", token: text("identitytoken"), from };
  const pair = Buffer.from(text("auth"), "base64").toString();
  const colon = pair.indexOf(":");
  const username = text("username") || pair.slice(0, Math.max(colon, 0));
  const password = text("password") || pair.slice(colon + 1);
  return username && password ? { kind: "password", username, password, from } : void 0;
}
function nothingFound(registry, files) {
  const places = files.map((file) => {
    const asked = helperCalls(registry, file).map(({ suffix }) => `docker-credential-${suffix}`);
    const names = [...file.auths.keys()].slice(0, 5);
    const details = [
      ...asked.map((helper) => `${helper} has none`),
      ...names.length === 0 ? [] : [`it has ${names.join(", ")}`]
    ];
    return details.length === 0 ? file.path : `${file.path} (${details.join("; ")})`;
  });
  const looked = places.length === 0 ? "" : ` in ${places.join(" and ")}`;
  return `no credentials found for ${registry}${looked}`;
}
function secretsOf(credentials) {
  if (credentials.kind === "anonymous") return [];
  if (credentials.kind !== "password") return [credentials.token];
  const { username, password } = credentials;
  return [password, Buffer.from(`${username}:${password}`).toString("base64")];
}
function once(make) {
  let made;
  return () => made ??= make();
}
function remembered(name, find3) {
  const known = /* @__PURE__ */ new Map();
  return (key) => {
    const found = known.get(name(key)) ?? find3(key);
    known.set(name(key), found);
    return found;
  };
}

// src/registry/known-challenges.ts
var KnownChallenges = class {
  /** Undefined if the challenge of one repository is not that of another. */
  #known = /* @__PURE__ */ new Map();
  of({ registry }) {
    return this.#known.get(registry);
  }
  /** Keeps the first challenge that led to an answer. */
  keep({ registry }, challenge) {
    if (!this.#known.has(registry)) this.#known.set(registry, challengeForAny(challenge));
  }
  /** From now on, each repository waits for its own. */
  doubt({ registry }) {
    this.#known.set(registry, void 0);
  }
};

// src/registry/shared-tokens.ts
var MOST_MEMBERS = 10;
var SharedTokens = class {
  challenges = new KnownChallenges();
  #transport;
  #keychain;
  #mask;
  #members = [];
  #shared = [];
  constructor({ transport, keychain, mask }) {
    this.#transport = transport;
    this.#keychain = keychain;
    this.#mask = mask;
  }
  join(member) {
    this.#members.push(member);
  }
  /** The Authorization header for this member and others with the same login; undefined for a single member or after a rejection. */
  async answer(challenge, member) {
    if (!parseChallenges(challenge).some(({ scheme }) => scheme === "bearer")) return void 0;
    const alike = await this.#alike(member);
    const isWaiting = (each) => this.#sharedBy(each) === void 0;
    if (isWaiting(member)) {
      const others = alike.filter((other) => other !== member && isWaiting(other));
      this.#share(challenge, [member, ...others.splice(0, MOST_MEMBERS - 1)]);
      const forAny = challengeForAny(challenge);
      while (others.length > 0) this.#share(forAny, others.splice(0, MOST_MEMBERS));
    }
    return this.#sharedBy(member)?.authorization;
  }
  #sharedBy(member) {
    return this.#shared.find(({ members }) => members.includes(member));
  }
  #share(challenge, members) {
    const [first, ...others] = members;
    const authorization = first && others.length > 0 ? this.#ask(challenge, first, others).catch(() => void 0) : Promise.resolve(void 0);
    this.#shared.push({ members, authorization });
  }
  async #ask(challenge, member, others) {
    return answerChallenge(challenge, {
      ...member,
      credentials: await this.#keychain(member.repository),
      transport: this.#transport,
      mask: this.#mask,
      others: others.map(({ repository, access }) => scopeOf(repository, access))
    });
  }
  /** Members of the same registry with the same login. */
  async #alike({ repository }) {
    const neighbours = this.#members.filter(
      (other) => other.repository.registry === repository.registry
    );
    const login = JSON.stringify(await this.#keychain(repository));
    const logins = await Promise.all(
      neighbours.map(
        (other) => this.#keychain(other.repository).then(
          (credentials) => JSON.stringify(credentials),
          () => void 0
        )
      )
    );
    return neighbours.filter((_, index) => logins[index] === login);
  }
};

// src/sigstore/trust/instances.ts
var PUBLIC_GOOD = {
  tuf: {
    mirror: "https://tuf-repo-cdn.sigstore.dev",
    firstRoot: {
      version: 16,
      sha256: "9d12e93b2cdc62bc149b3c3f9c0fee25d3e4eda97e8412f0f20fc981489a0604"
    }
  },
  /** Name of the signing configuration among the targets of the repository. */
  signingConfig: "signing_config.v0.2.json"
};
var GITHUB2 = {
  tuf: {
    mirror: "https://tuf-repo.github.com",
    firstRoot: {
      version: 3,
      sha256: "9befe6d9f07563f70aaa658485f78d0943c5ba5cb2e03f3aaaaba34fe35ad688"
    }
  }
};

// src/sigstore/trust/trust-file.ts
const { readFile: readFile2 } = process.getBuiltinModule("node:fs/promises");

// src/sigstore/trust/trust.ts
var import_protobuf_specs = __toESM(require_dist(), 1);
var import_verify4 = __toESM(require_dist4(), 1);

// src/sigstore/trust/authority-certificate.ts
var import_core7 = __toESM(require_dist3(), 1);
var AuthorityCertificate = class _AuthorityCertificate extends import_core7.X509Certificate {
  #publicKey;
  #der;
  #signedBy = /* @__PURE__ */ new WeakMap();
  get publicKey() {
    return this.#publicKey ??= super.publicKey;
  }
  verify(issuer = this) {
    if (!(issuer instanceof _AuthorityCertificate)) return super.verify(issuer);
    const known = this.#signedBy.get(issuer);
    if (known !== void 0) return known;
    const isSigned = super.verify(issuer);
    this.#signedBy.set(issuer, isSigned);
    return isSigned;
  }
  equals(other) {
    if (other instanceof _AuthorityCertificate) return this.der.equals(other.der);
    return this.serialNumber.equals(other.serialNumber) && super.equals(other);
  }
  get der() {
    return this.#der ??= this.root.toDER();
  }
};

// src/sigstore/document-kind.ts
function kindOfDocument(json) {
  if (!isRecord(json)) return "JSON, but not an object";
  const { mediaType, signed, kind, apiVersion } = json;
  const type = typeof mediaType === "string" ? mediaType : "";
  if (type.includes("clienttrustconfig") || "trustedRoot" in json && "signingConfig" in json)
    return "a client trust configuration, which contains a trusted root and a signing configuration";
  if (type.includes("trustedroot") || "certificateAuthorities" in json)
    return "a trusted root, which says whom to trust";
  if (type.includes("signingconfig") || "caUrls" in json || "rekorTlogUrls" in json)
    return "a signing configuration, which says where to sign";
  if (type.includes("sigstore.bundle") || "verificationMaterial" in json)
    return "a Sigstore bundle";
  if (isRecord(signed) && typeof signed["_type"] === "string")
    return `TUF metadata of the role "${signed["_type"].slice(0, 20)}"`;
  if (typeof kind === "string" && typeof apiVersion === "string")
    return `a Kubernetes resource of kind "${kind.slice(0, 40)}"`;
  return "JSON of another kind";
}

// src/sigstore/trust/trust.ts
var LISTS = ["certificateAuthorities", "timestampAuthorities", "tlogs", "ctlogs"];
function trustOf(json, roots, signers = "with certificates") {
  if (!isRecord(json) || !LISTS.some((name) => name in json))
    throw new RangeError(
      `it is ${kindOfDocument(json)}, not a trusted root with "certificateAuthorities"`
    );
  assertLists(json);
  const root = undamaged(() => import_protobuf_specs.TrustedRoot.fromJSON(json));
  assertWindows(root);
  if (signers === "with certificates" && root.certificateAuthorities.length === 0)
    throw new RangeError("it names no certificate authority");
  if (root.tlogs.length + root.timestampAuthorities.length === 0)
    throw new RangeError("it names neither a transparency log nor a timestamp authority");
  return {
    roots: nameOfRoots(roots),
    material: withAuthorities(undamaged(() => (0, import_verify4.toTrustMaterial)(root))),
    thresholds: {
      tlogThreshold: Math.min(root.tlogs.length, 1),
      ctlogThreshold: Math.min(root.ctlogs.length, 1),
      timestampThreshold: 1
    }
  };
}
function assertLists(json) {
  for (const name of LISTS) {
    const list2 = json[name] ?? [];
    if (!Array.isArray(list2) || !list2.every(isRecord))
      throw new RangeError(`its "${name}" is not a list of objects`);
  }
}
function undamaged(read) {
  try {
    return read();
  } catch (error) {
    throw new RangeError(`it is malformed: ${messageOf(error)}`, { cause: error });
  }
}
function withAuthorities(material) {
  const authority = (each) => ({
    ...each,
    certChain: each.certChain.map(({ root }) => new AuthorityCertificate(root))
  });
  return {
    ...material,
    certificateAuthorities: material.certificateAuthorities.map(authority),
    timestampAuthorities: material.timestampAuthorities.map(authority)
  };
}
function issuersAmong(trusts, certificate) {
  return trusts.filter(
    ({ material }) => material.certificateAuthorities.some(
      ({ certChain }) => certChain.some(({ subject }) => subject.equals(certificate.issuer))
    )
  );
}
function assertWindows({
  tlogs,
  ctlogs,
  certificateAuthorities,
  timestampAuthorities
}) {
  const logs = [...tlogs, ...ctlogs].map(({ baseUrl, publicKey }) => ({
    name: baseUrl,
    validFor: publicKey?.validFor
  }));
  const authorities = [...certificateAuthorities, ...timestampAuthorities].map(
    ({ uri, validFor }) => ({ name: uri, validFor })
  );
  const open = [...logs, ...authorities].find(
    ({ validFor }) => Number.isNaN(validFor?.start?.getTime() ?? Number.NaN)
  );
  if (open) throw new RangeError(`"${open.name}" has no valid date in validFor.start`);
}

// src/sigstore/trust/trust-file.ts
async function trustFromFile(path, signers) {
  const text = await readFile2(path, "utf8").catch((error) => {
    throw unusable(path, whyUnreadable(codeOf(error)));
  });
  const trusts = rootsIn(text).map((root) => {
    if (root.json === void 0)
      throw unusable(path, `${root.place}it is ${kindOfText(root.text)}, not a trusted root`);
    try {
      return trustOf(root.json, { kind: "file", path }, signers);
    } catch (error) {
      throw unusable(path, `${root.place}${messageOf(error)}`);
    }
  });
  return {
    issuersOf: (certificate) => Promise.resolve({ known: issuersAmong(trusts, certificate) }),
    all: () => Promise.resolve(trusts)
  };
}
function rootsIn(text) {
  const whole = { place: "", text, json: parseJson(text) };
  const lines = text.split("\n").map((line, index) => ({
    place: `line ${index + 1}: `,
    text: line,
    json: parseJson(line)
  }));
  const isLines = whole.json === void 0 && lines.some(({ json }) => json !== void 0);
  return isLines ? lines.filter((line) => line.text.trim() !== "") : [whole];
}
function unusable(path, state) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot use "trusted-root": "${path}": ${state}`,
    remedy: 'pass the path of a trusted_root.json, for example from "cosign trusted-root create", or the output of "gh attestation trusted-root"'
  });
}

// src/sigstore/trust/trust-tuf.ts
var TARGET = "trusted_root.json";
var GITHUB3 = Buffer.from("GitHub, Inc.");
function trustFromTuf({ publicGood, github }) {
  let own;
  let other;
  const all = async () => [await (own ??= readTrust(publicGood))];
  return {
    all,
    async issuersOf(certificate) {
      const known = issuersAmong(await all(), certificate);
      if (!certificate.issuer.includes(GITHUB3)) return { known };
      refusePublic(certificate);
      const load = async () => issuersAmong([await (other ??= readTrust(github))], certificate);
      return { known, other: load };
    }
  };
}
function targetsOfTenant(read, trustDomain) {
  return async (name) => read(`${await trustDomain()}.${name}`);
}
function trustOfGitHub({ github }) {
  let own;
  const all = async () => [await (own ??= readTrust(github))];
  return {
    all,
    async issuersOf(certificate) {
      refusePublic(certificate);
      return { known: issuersAmong(await all(), certificate) };
    }
  };
}
function refusePublic(certificate) {
  if (claimOf(certificate, "sourceRepositoryVisibility") !== "public") return;
  throw new Refusal(
    "CERTIFICATE",
    "source repository visibility",
    "private or internal, because the Sigstore instance of GitHub has no public log",
    "public"
  );
}
async function readTrust(readTarget) {
  const text = await readTarget(TARGET);
  try {
    return trustOf(parseJson(text), { kind: "tuf" });
  } catch (error) {
    throw new ActionError("service", "SERVICE_TRUST", {
      message: `Cannot use the trusted root from TUF: ${messageOf(error)}`,
      remedy: 'run the job again with a newer version of Countersign, or set "trusted-root" to a file'
    });
  }
}

// src/wiring/shared.ts
function sharedServices({ retryTimeout, credentials, githubToken, evidencePlace }, { loginFiles, apiUrl, serverUrl, temp, proxy }, {
  accessTo,
  deadline
}) {
  const agentFor = agentsFor(supportedProxy(proxy));
  const common = { retryTimeout, onRetry: stepLog.info, agentFor };
  const transport = createTransport({ ...common, deadline });
  const keychain = createKeychain({
    loginFiles,
    run: runProgram,
    mask: maskSecret,
    ...credentials ? { explicit: credentials } : {},
    ...githubToken !== void 0 && isGitHubCom(serverUrl) ? { githubToken } : {}
  });
  const clientsBy = (to) => {
    const services = { transport: to, keychain, mask: maskSecret };
    const tokens = new SharedTokens(services);
    const clients = /* @__PURE__ */ new Map();
    return ({ repository }) => {
      const name = formatRepository(repository);
      const client = clients.get(name) ?? new RegistryClient(repository, accessTo(repository), { ...services, tokens });
      clients.set(name, client);
      return client;
    };
  };
  const clientFor = clientsBy(transport);
  const openGitHub = () => deadline ? secondTransport(common) : transport;
  const github = lazyTuf(temp, GITHUB2.tuf, openGitHub);
  return {
    transport,
    clientFor,
    evidenceFor: ({ repository }) => clientFor({ repository: evidenceRepository(evidencePlace, repository) }),
    copyingFor: clientsBy(createTransport(common)),
    attestations: githubToken === void 0 ? void 0 : attestationStore({ apiUrl, token: githubToken, transport, retryTimeout }),
    tuf: {
      publicGood: lazyTuf(temp, PUBLIC_GOOD.tuf, () => transport),
      github: isTenant(serverUrl) ? targetsOfTenant(github, () => trustDomainAt(apiUrl, githubToken, transport)) : github
    }
  };
}
var runProgram = async (...program) => {
  const loaded = await import("./run-program.js");
  return loaded.runProgram(...program);
};
function lazyTuf(temp, repository, open) {
  let opened;
  return async (name) => {
    opened ??= import("./tuf.js").then(
      ({ openTuf }) => openTuf(temp, repository, open())
    );
    return (await opened)(name);
  };
}
var SECOND_ROOT = 15e3;
function secondTransport(common) {
  return createTransport({
    ...common,
    retryTimeout: Math.min(common.retryTimeout, SECOND_ROOT),
    deadline: deadlineIn(SECOND_ROOT)
  });
}
async function trustStore(roots, tuf, signers) {
  return roots.kind === "tuf" ? trustFromTuf(tuf) : trustFromFile(roots.path, signers);
}
function verifierLoader(trusted) {
  const verifier = createVerifier(trusted);
  return async () => {
    await Promise.all([trusted.certificates?.all(), trusted.witnesses?.all()]);
    return verifier;
  };
}

// src/concurrency/counter.ts
function counter(of, onCounted) {
  let done = 0;
  return () => onCounted(++done, of);
}

// src/concurrency/merged.ts
var IDLE2 = /* @__PURE__ */ Symbol("idle");
async function* merged(streams, idleAfter) {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const ask2 = async (iterator) => ({
    iterator,
    result: await iterator.next()
  });
  const pending = new Map(iterators.map((iterator) => [iterator, ask2(iterator)]));
  try {
    while (pending.size > 0) {
      const arrival = await firstOf([...pending.values()], idleAfter);
      if (arrival === IDLE2) {
        yield IDLE2;
        continue;
      }
      const { iterator, result } = arrival;
      pending.delete(iterator);
      if (result.done) continue;
      yield result.value;
      pending.set(iterator, ask2(iterator));
    }
  } finally {
    for (const iterator of iterators) void iterator.return?.();
  }
}
async function firstOf(promises, idleAfter) {
  let timer;
  const idle = new Promise((resolve) => {
    timer = setTimeout(() => resolve(IDLE2), idleAfter);
  });
  try {
    return await Promise.race([...promises, idle]);
  } finally {
    clearTimeout(timer);
  }
}

// src/subjects/index-entries.ts
var INDEX_TYPES = /* @__PURE__ */ new Set([OCI_INDEX, DOCKER_LIST]);
var MANIFEST_TYPES = /* @__PURE__ */ new Set([OCI_MANIFEST, DOCKER_MANIFEST]);
var UNKNOWN = "unknown";
function isIndexType(mediaType) {
  return INDEX_TYPES.has(mediaType);
}
function entriesIn({
  mediaType,
  json
}) {
  const { manifests, layers } = json;
  if (MANIFEST_TYPES.has(mediaType) && manifests === void 0 && Array.isArray(layers))
    return { value: [] };
  if (!isIndexType(mediaType) || !Array.isArray(manifests))
    return refused4(`it is neither an index nor the manifest of an image, but "${mediaType}"`);
  const entries = [];
  for (const manifest of manifests) {
    const entry = entryOf(manifest);
    if (isProblem(entry)) return entry;
    entries.push(entry.value);
  }
  return { value: entries };
}
function entryOf(json) {
  if (!isRecord(json)) return refused4("it lists something that is not an object");
  const { digest, mediaType, size } = json;
  if (!isDigest(digest)) return refused4("it lists a manifest without a sha256 digest");
  if (typeof mediaType !== "string" || !(isIndexType(mediaType) || MANIFEST_TYPES.has(mediaType)))
    return refused4(
      `it lists ${digest} as ${JSON.stringify(mediaType ?? null)}, which is not a manifest of an image`
    );
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size <= 0 || size > MANIFEST_LIMIT)
    return refused4(
      `it lists ${digest} with the size ${JSON.stringify(size ?? null)}, and a manifest has up to ${MANIFEST_LIMIT} bytes`
    );
  return { value: { digest, mediaType, size, role: roleOf(mediaType, json) } };
}
function roleOf(mediaType, json) {
  if (isIndexType(mediaType)) return { kind: "index" };
  const platform = platformIn(json["platform"]);
  const subject = attestedIn(json["annotations"]);
  if (subject !== void 0 && isNowhere(platform)) return { kind: "attestation", of: subject };
  return platform ? { kind: "platform", platform } : { kind: "platform" };
}
function attestedIn(annotations) {
  if (!isRecord(annotations)) return void 0;
  const { "vnd.docker.reference.type": type, "vnd.docker.reference.digest": digest } = annotations;
  return type === "attestation-manifest" && isDigest(digest) ? digest : void 0;
}
function platformIn(json) {
  if (!isRecord(json)) return void 0;
  const { os, architecture, variant } = json;
  if (typeof os !== "string" || typeof architecture !== "string") return void 0;
  return typeof variant === "string" ? { os, architecture, variant } : { os, architecture };
}
function isNowhere(platform) {
  return !platform || platform.os === UNKNOWN && platform.architecture === UNKNOWN;
}
function refused4(problem) {
  return { problem, remedy: 'look at it with "docker buildx imagetools inspect --raw"' };
}

// src/subjects/image-tree.ts
var DEEPEST2 = 4;
var MOST2 = 256;
var WIDTH2 = 8;
async function readImageTree(client, root, leaves) {
  const top = await readNode(client, root, []);
  const first = { ...top.descriptor, role: top.role, path: [] };
  const tree = /* @__PURE__ */ new Map([[root, first]]);
  let level = [{ digest: root, path: [], entries: top.entries }];
  for (let depth = 1; level.length > 0; depth++) {
    const fresh = addTo(tree, level, client);
    const unread = fresh.filter(({ mediaType }) => leaves === "read" || isIndexType(mediaType));
    if (depth === DEEPEST2 && unread.some(({ mediaType }) => isIndexType(mediaType)))
      throw beyond(client, root, `it has indexes more than ${DEEPEST2} levels deep`);
    const listings = await sideBySide(unread, WIDTH2, (each) => readListed(client, each));
    level = listings.filter(({ entries }) => entries.length > 0);
  }
  const [, ...others] = tree.values();
  return [first, ...others];
}
async function readNode(client, digest, path) {
  const manifest = await readManifest(client, digest);
  if (!manifest) throw missing2(client, digest, path);
  const { mediaType, size, json } = manifest;
  const descriptor = { mediaType, digest, size };
  const entries = entriesIn({ mediaType, json });
  if (isProblem(entries)) throw unreadable3(client, digest, entries.problem);
  const role = isIndexType(mediaType) ? { kind: "index" } : { kind: "platform" };
  return { descriptor, role, entries: entries.value };
}
async function readListed(client, listed) {
  const { digest, path } = listed;
  const { descriptor, entries } = await readNode(client, digest, path);
  if (descriptor.mediaType !== listed.mediaType || descriptor.size !== listed.size) {
    const state = `its index lists ${listed.size} bytes of ${listed.mediaType}, and it has ${descriptor.size} of ${descriptor.mediaType}`;
    throw unreadable3(client, digest, state);
  }
  return { digest, path, entries };
}
function addTo(tree, level, client) {
  const fresh = [];
  for (const listing of level) {
    const path = [...listing.path, listing.digest];
    for (const entry of listing.entries) {
      const known = tree.get(entry.digest);
      const added = known ? again(known, entry, client) : { ...entry, path };
      tree.set(entry.digest, added);
      if (!known) fresh.push(added);
      if (tree.size > MOST2) throw beyond(client, path[0], `it has more than ${MOST2} manifests`);
    }
  }
  return fresh;
}
function again(known, entry, client) {
  if (known.mediaType !== entry.mediaType || known.size !== entry.size)
    throw unreadable3(client, entry.digest, "it is listed twice, with different types or sizes");
  return known.role.kind === "attestation" ? { ...known, role: entry.role } : known;
}
function beyond(client, root, state) {
  return new ActionError("input", "LIMIT_EXCEEDED", {
    message: `Cannot read what belongs to "${formatRepository(client.repository)}@${root ?? ""}": ${state}`,
    remedy: 'leave "recursive" out, and name the digests in "images" that are used'
  });
}
function missing2(client, digest, path) {
  const parent = path.at(-1);
  const why = parent === void 0 ? "" : `, which index ${parent} lists`;
  return new ActionError("input", "SUBJECT_MISSING", {
    message: `Cannot find ${digest}${why}: "${formatRepository(client.repository)}" has no such manifest`,
    remedy: "check that the image was pushed whole, with all of its platforms"
  });
}
function unreadable3(client, digest, state) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot read the image "${formatRepository(client.repository)}@${digest}": ${state}`,
    remedy: 'find out how the image was built and pushed: "docker buildx imagetools inspect --raw" shows what the registry has'
  });
}

// src/keys/public-key.ts
const { createPublicKey } = process.getBuiltinModule("node:crypto");
var BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;
var CURVES = /* @__PURE__ */ new Set(["prime256v1", "secp384r1", "secp521r1"]);
var SHORTEST_RSA = 2048;
function parsePublicKeys(text, from) {
  const keys = [];
  for (const [pem2, label = ""] of text.matchAll(BLOCK)) {
    const key = parseBlock(pem2, label);
    if (isProblem(key)) return key;
    const spki = key.value.export({ format: "der", type: "spki" });
    keys.push({ key: key.value, spki, fingerprint: digestOf(spki), from });
  }
  return isNonEmpty(keys) ? { value: keys } : otherThanKey(text);
}
function otherThanKey(text) {
  const kind = kindOfText(text);
  const remedy = kind === "a web page" ? 'use the URL of the file itself (on GitHub, the link of the "Raw" button)' : 'pass a file that begins with "-----BEGIN PUBLIC KEY-----", for example cosign.pub';
  return {
    problem: kind === "a public key" ? "it is not a complete PEM public key" : `it is ${kind}, not a PEM public key`,
    remedy
  };
}
function parseBlock(pem2, label) {
  if (label.includes("PRIVATE KEY"))
    return {
      problem: "it is a private key",
      remedy: 'pass the public half, from "cosign public-key" or "openssl pkey -pubout", and replace the key pair if this file was published'
    };
  if (label.startsWith("PGP"))
    return {
      problem: "it is a PGP key, and cosign does not sign with PGP keys",
      remedy: "pass the PEM public key that the image was signed with, for example cosign.pub"
    };
  if (label.includes("CERTIFICATE"))
    return {
      problem: "it is a certificate",
      remedy: 'pass only the public key; for Fulcio certificates use "repository" or "certificate-identity"'
    };
  try {
    return usable(createPublicKey(pem2));
  } catch {
    return {
      problem: `its block "${label}" is not a public key`,
      remedy: "pass a PEM public key, for example cosign.pub"
    };
  }
}
function usable(key) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const isGood = type === "ed25519" || type === "ec" && CURVES.has(details?.namedCurve ?? "") || (type === "rsa" || type === "rsa-pss") && (details?.modulusLength ?? 0) >= SHORTEST_RSA;
  return isGood ? { value: key } : {
    problem: `its key type is not supported: ${typeOfKey(key)}`,
    remedy: "use ECDSA P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519"
  };
}
function typeOfKey({ asymmetricKeyType, asymmetricKeyDetails: details }) {
  const size = details?.namedCurve ?? details?.modulusLength ?? "";
  return `${asymmetricKeyType ?? "unknown"} ${size}`.trimEnd();
}

export {
  onCancel,
  counter,
  PAYLOAD_TYPE,
  MOST_SUBJECTS,
  serializeStatement,
  parseStatement,
  annotationsOf,
  payloadIn,
  byCertificates,
  byKeys,
  require_dist,
  require_dist2,
  require_dist3,
  Refusal,
  checkWorkOf,
  conclusive,
  IDLE2 as IDLE,
  merged,
  SOURCES,
  readImageTree,
  artifactReporter,
  kindOfDocument,
  PUBLIC_GOOD,
  trustOfGitHub,
  deadlineIn,
  outOfTime,
  sharedServices,
  trustStore,
  verifierLoader,
  parsePublicKeys,
  typeOfKey
};
