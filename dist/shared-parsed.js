import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);

// src/text/parsed.ts
function isProblem(parsed) {
  return "problem" in parsed;
}

export {
  isProblem
};
