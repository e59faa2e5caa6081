const require = process.getBuiltinModule;

// src/text/parsed.ts
function isProblem(parsed) {
  return "problem" in parsed;
}

export {
  isProblem
};
