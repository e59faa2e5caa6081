const require = process.getBuiltinModule;
import {
  isProblem
} from "./shared-parsed.js";

// src/model/digest.ts
const { createHash } = process.getBuiltinModule("node:crypto");
var HEX = /^[0-9a-f]{64}$/;
var OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
var FROM_BUILD = "pass the digest of the push: digest: ${{ steps.build.outputs.digest }}";
function parseDigest(text) {
  const trimmed = text.trim();
  if (trimmed === "")
    return {
      problem: "the digest is empty",
      remedy: `${FROM_BUILD} (it is only set if the build pushes)`
    };
  if (/[\s,[{]/.test(trimmed))
    return {
      problem: "it must be a single digest",
      remedy: 'pass the digest of one manifest; for a matrix build, that of the index from "docker buildx imagetools create"'
    };
  const hex = trimmed.startsWith("sha256:") ? trimmed.slice("sha256:".length) : trimmed;
  if (hex === OF_NOTHING)
    return { problem: `"${trimmed}" is the digest of empty content`, remedy: FROM_BUILD };
  if (HEX.test(hex)) return { value: `sha256:${hex}` };
  if (hex.startsWith(":"))
    return { problem: `"${trimmed}" has an extra colon`, remedy: 'write "sha256:" once' };
  if (HEX.test(hex.toLowerCase()))
    return {
      problem: `"${trimmed}" has upper-case digits`,
      remedy: "write the digest in lower case"
    };
  const [, algorithm] = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):[a-zA-Z0-9=_-]+$/.exec(trimmed) ?? [];
  if (algorithm !== void 0 && algorithm !== "sha256")
    return {
      problem: `"${trimmed}" is a digest of ${algorithm}, and images are signed by their sha256 digest`,
      remedy: 'pass the sha256 digest of the manifest, as "docker buildx imagetools inspect" shows it for a name without digest'
    };
  return { problem: `"${trimmed}" is not "sha256:" and 64 hex digits`, remedy: FROM_BUILD };
}
function isDigest(value) {
  return typeof value === "string" && value.startsWith("sha256:") && HEX.test(value.slice("sha256:".length));
}
function digestOf(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
}

// src/model/reference.ts
function isPinned(reference) {
  return reference.digest !== void 0;
}
var DOCKER_HUB = /* @__PURE__ */ new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
var HOST = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::[0-9]{1,5})?$/;
var PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
var TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
var FORM = 'write "registry/name", followed by ":tag" or "@sha256:\u2026" if needed';
var FORM_OF_HOST = `${FORM}; a registry is a host name or an address, with ":port" if needed`;
var FORM_OF_NAME = `${FORM}; a name has lower-case letters and digits, with ".", "_", "__" or "-" between them, in parts with "/" between them, and at most 255 characters with its registry`;
var FORM_OF_TAG = `${FORM}; a tag has at most 128 letters, digits, "_", "." and "-", and begins with a letter, a digit or "_"`;
function isTag(text) {
  return TAG.test(text);
}
function parseReference(text) {
  const [, scheme, address = text] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme !== void 0 && scheme !== "oci") {
    return {
      problem: `"${text.replace(/\/\/[^/]*@/, "//\u2026@")}" is an address and not the name of an image`,
      remedy: `write it without "${scheme}://"`
    };
  }
  const [name = "", ...digests] = address.split("@");
  if (digests.length > 1) return { problem: `"${text}" has more than one "@"`, remedy: FORM };
  const digest = digests[0] === void 0 ? void 0 : parseDigest(digests[0]);
  if (digest && isProblem(digest)) return digest;
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const tag = colon < 0 ? void 0 : name.slice(colon + 1);
  if (tag !== void 0 && !isTag(tag))
    return { problem: `"${text}" has no valid tag after the colon`, remedy: FORM_OF_TAG };
  const repository = parseRepository(colon < 0 ? name : name.slice(0, colon));
  if (isProblem(repository)) return repository;
  return {
    value: {
      text,
      repository: repository.value,
      ...tag === void 0 ? {} : { tag },
      ...digest ? { digest: digest.value } : {}
    }
  };
}
function parseRepository(name) {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0)).toLowerCase();
  const hasHost = first.includes(".") || first.includes(":") || first === "localhost";
  const registry = hasHost ? first : "docker.io";
  const path = hasHost ? name.slice(slash + 1) : name;
  if (!HOST.test(registry) || !URL.canParse(`https://${registry}`))
    return { problem: `"${registry}" is not a registry host`, remedy: FORM_OF_HOST };
  const lower = registry === "ghcr.io" ? path.toLowerCase() : path;
  if (PATH.test(lower) && registry.length + lower.length < 255)
    return { value: canonical(registry, lower) };
  if (lower !== lower.toLowerCase() && PATH.test(lower.toLowerCase()))
    return {
      problem: `"${name}" has upper-case letters`,
      remedy: `write "${name.toLowerCase()}", as it was pushed`
    };
  return { problem: `"${name}" is not a valid repository name`, remedy: FORM_OF_NAME };
}
function canonical(registry, path) {
  if (!DOCKER_HUB.has(registry)) return { registry, path };
  return { registry: "docker.io", path: path.includes("/") ? path : `library/${path}` };
}
function formatRepository({ registry, path }) {
  return `${registry}/${path}`;
}
function formatImage({ repository, tag, digest }) {
  const at = digest === void 0 ? "" : `@${digest}`;
  return `${formatRepository(repository)}${tag === void 0 ? "" : `:${tag}`}${at}`;
}
function isSameRepository(one, other) {
  return one.registry === other.registry && one.path === other.path;
}

export {
  parseDigest,
  isDigest,
  digestOf,
  hexOf,
  isPinned,
  isTag,
  parseReference,
  formatRepository,
  formatImage,
  isSameRepository
};
