import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);

// src/model/place.ts
function formatPlace({ file, line }) {
  return `${file}:${line}`;
}

export {
  formatPlace
};
