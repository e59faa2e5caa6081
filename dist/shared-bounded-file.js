const require = process.getBuiltinModule;
import {
  whyUnreadable
} from "./shared-file-kind.js";

// src/text/bounded-file.ts
const { createReadStream } = process.getBuiltinModule("node:fs");
const { stat } = process.getBuiltinModule("node:fs/promises");
async function readBoundedFile(path, limit) {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) return unreadable("it is a directory");
    if (!facts.isFile()) return unreadable("it is not a regular file");
    if (facts.size > limit) return tooLarge(`${facts.size} bytes`, limit);
    const bytes = await readUpTo(path, limit + 1);
    return bytes.length > limit ? tooLarge(`more than ${limit} bytes`, limit) : { value: bytes };
  } catch (error) {
    return unreadable(whyUnreadable(codeIn(error)));
  }
}
async function readUpTo(path, bytes) {
  const chunks = [];
  const stream = createReadStream(path, { end: bytes - 1 });
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
function codeIn(error) {
  if (!Error.isError(error) || !("code" in error)) return void 0;
  return typeof error.code === "string" ? error.code : void 0;
}
function unreadable(problem) {
  return { problem, remedy: "check the path; it is relative to the workspace" };
}
function tooLarge(size, limit) {
  return {
    problem: `it has ${size}, over the limit of ${limit}`,
    remedy: "check that this is the right file, and make it smaller if it is"
  };
}

export {
  readBoundedFile
};
