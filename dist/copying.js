const require = process.getBuiltinModule;
import {
  countedStore,
  legacyStore,
  registryStore
} from "./shared-tag-session.js";
import {
  readManifest
} from "./shared-referrers.js";
import {
  formatSubject
} from "./shared-core.js";
import "./shared-types.js";
import {
  mapEach
} from "./shared-non-empty.js";
import "./shared-reference.js";
import "./shared-parsed.js";
import {
  ActionError
} from "./shared-errors.js";
import "./shared-runtime.js";

// src/wiring/copying.ts
function copyServices(targets, bytes, clientFor) {
  const known = /* @__PURE__ */ new Map();
  return {
    targets: mapEach(targets, (repository) => {
      const clients = {
        clientFor,
        evidenceFor: () => clientFor({ repository }),
        ifImageMissing: "the registry may not accept signatures of an image that it does not have: copy the image there first, then run this step again"
      };
      return {
        repository,
        stores: mapEach([registryStore(clients), legacyStore(clients)], countedStore)
      };
    }),
    bytesOf: (bundle) => bytes.of(bundle),
    describe(image) {
      const name = formatSubject(image);
      const described = known.get(name) ?? describe(image);
      known.set(name, described);
      return described;
    }
  };
  async function describe(image) {
    if (image.listedAs) return image;
    const manifest = await readManifest(clientFor(image), image.digest);
    if (manifest) {
      const { mediaType, digest, size } = manifest;
      return { ...image, readAs: { mediaType, digest, size } };
    }
    throw new ActionError("input", "SUBJECT_MISSING", {
      message: `Cannot copy the evidence of "${formatSubject(image)}": the registry has no such manifest`,
      remedy: "check the name, and that the image was pushed to this registry"
    });
  }
}
export {
  copyServices
};
