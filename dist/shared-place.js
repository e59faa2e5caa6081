const require = process.getBuiltinModule;

// src/model/place.ts
function formatPlace({ file, line }) {
  return `${file}:${line}`;
}

export {
  formatPlace
};
