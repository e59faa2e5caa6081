const require = process.getBuiltinModule;
import {
  parseIdentityPattern
} from "./shared-re2js.js";
import "./shared-non-empty.js";
import "./shared-parsed.js";
import "./shared-runtime.js";
export {
  parseIdentityPattern
};
