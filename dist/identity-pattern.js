import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
import {
  parseIdentityPattern
} from "./shared-identity-pattern-read-policies.js";
import "./shared-identity-pattern-index-read-policies-sign-verify.js";
import "./shared-identity-pattern-images-in-files-index-read-policies-sign-verify.js";
import "./shared-identity-pattern-images-in-files-index-read-policies-sign-tuf-verify.js";
export {
  parseIdentityPattern
};
