const require = process.getBuiltinModule;

// src/model/policy.ts
function rootsAt(path) {
  return path === void 0 ? { kind: "tuf" } : { kind: "file", path };
}
function nameOfRoots(roots) {
  return roots.kind === "tuf" ? "TUF" : roots.path;
}

export {
  rootsAt,
  nameOfRoots
};
