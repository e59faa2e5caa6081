const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);

// src/text/parsed.ts
function isProblem(parsed) {
  return "problem" in parsed;
}

export {
  isProblem
};
