const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
import {
  parseIdentityPattern
} from "./shared-re2js.js";
import "./shared-non-empty.js";
import "./shared-parsed.js";
import "./shared-runtime.js";
export {
  parseIdentityPattern
};
