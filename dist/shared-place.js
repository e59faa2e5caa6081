const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);

// src/model/place.ts
function formatPlace({ file, line }) {
  return `${file}:${line}`;
}

export {
  formatPlace
};
