const require = process.getBuiltinModule;

// src/model/types.ts
var SIGNATURE_TYPE = "https://sigstore.dev/cosign/sign/v1";
var SIMPLE_SIGNING_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
var PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";
var SPDX_TYPE = "https://spdx.dev/Document";
var CYCLONEDX_TYPE = "https://cyclonedx.org/bom";
var SIGNATURE_TYPES = [SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE];
var NAMED_TYPES = {
  signature: SIGNATURE_TYPES,
  provenance: [PROVENANCE_TYPE, "https://slsa.dev/provenance/v0.2"],
  sbom: [
    SPDX_TYPE,
    ...["2.2", "2.3", "3", "3.0", "3.0.1"].map((version) => `${SPDX_TYPE}/v${version}`),
    CYCLONEDX_TYPE,
    ...["1.4", "1.5", "1.6", "1.7"].map((version) => `${CYCLONEDX_TYPE}/v${version}`)
  ]
};
function nameOfType(predicateType) {
  return ["signature", "provenance"].find((name) => NAMED_TYPES[name]?.includes(predicateType)) ?? predicateType;
}

export {
  SIGNATURE_TYPE,
  SIMPLE_SIGNING_TYPE,
  PROVENANCE_TYPE,
  SPDX_TYPE,
  CYCLONEDX_TYPE,
  SIGNATURE_TYPES,
  NAMED_TYPES,
  nameOfType
};
