import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __require = /* @__PURE__ */ ((x) => typeof require !== "undefined" ? require : typeof Proxy !== "undefined" ? new Proxy(x, {
  get: (a, b) => (typeof require !== "undefined" ? require : a)[b]
}) : x)(function(x) {
  if (typeof require !== "undefined") return require.apply(this, arguments);
  throw Error('Dynamic require of "' + x + '" is not supported');
});
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __commonJS = (cb, mod) => function __require2() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}
var init_utils = __esm({
  "node_modules/@actions/core/lib/utils.js"() {
  }
});

// node_modules/@actions/core/lib/command.js
import * as os from "os";
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
  issueCommand(name, {}, message);
}
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
var CMD_STRING, Command;
var init_command = __esm({
  "node_modules/@actions/core/lib/command.js"() {
    init_utils();
    CMD_STRING = "::";
    Command = class {
      constructor(command, properties, message) {
        if (!command) {
          command = "missing.command";
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
      }
      toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
          cmdStr += " ";
          let first = true;
          for (const key in this.properties) {
            if (this.properties.hasOwnProperty(key)) {
              const val = this.properties[key];
              if (val) {
                if (first) {
                  first = false;
                } else {
                  cmdStr += ",";
                }
                cmdStr += `${key}=${escapeProperty(val)}`;
              }
            }
          }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
      }
    };
  }
});

// node_modules/@actions/core/lib/file-command.js
import * as crypto from "crypto";
import * as fs from "fs";
import * as os2 from "os";
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}
var init_file_command = __esm({
  "node_modules/@actions/core/lib/file-command.js"() {
    init_utils();
  }
});

// node_modules/@actions/core/lib/oidc-utils.js
var init_oidc_utils = __esm({
  "node_modules/@actions/core/lib/oidc-utils.js"() {
    init_core();
  }
});

// node_modules/@actions/core/lib/summary.js
import { EOL as EOL3 } from "os";
import { constants, promises } from "fs";
var __awaiter, access, appendFile, writeFile, SUMMARY_ENV_VAR, Summary, _summary, summary;
var init_summary = __esm({
  "node_modules/@actions/core/lib/summary.js"() {
    __awaiter = function(thisArg, _arguments, P, generator) {
      function adopt(value) {
        return value instanceof P ? value : new P(function(resolve3) {
          resolve3(value);
        });
      }
      return new (P || (P = Promise))(function(resolve3, reject) {
        function fulfilled(value) {
          try {
            step(generator.next(value));
          } catch (e) {
            reject(e);
          }
        }
        function rejected2(value) {
          try {
            step(generator["throw"](value));
          } catch (e) {
            reject(e);
          }
        }
        function step(result) {
          result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected2);
        }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
      });
    };
    ({ access, appendFile, writeFile } = promises);
    SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
    Summary = class {
      constructor() {
        this._buffer = "";
      }
      /**
       * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
       * Also checks r/w permissions.
       *
       * @returns step summary file path
       */
      filePath() {
        return __awaiter(this, void 0, void 0, function* () {
          if (this._filePath) {
            return this._filePath;
          }
          const pathFromEnv = process.env[SUMMARY_ENV_VAR];
          if (!pathFromEnv) {
            throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
          }
          try {
            yield access(pathFromEnv, constants.R_OK | constants.W_OK);
          } catch (_a) {
            throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
          }
          this._filePath = pathFromEnv;
          return this._filePath;
        });
      }
      /**
       * Wraps content in an HTML tag, adding any HTML attributes
       *
       * @param {string} tag HTML tag to wrap
       * @param {string | null} content content within the tag
       * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
       *
       * @returns {string} content wrapped in HTML element
       */
      wrap(tag, content, attrs = {}) {
        const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
        if (!content) {
          return `<${tag}${htmlAttrs}>`;
        }
        return `<${tag}${htmlAttrs}>${content}</${tag}>`;
      }
      /**
       * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
       *
       * @param {SummaryWriteOptions} [options] (optional) options for write operation
       *
       * @returns {Promise<Summary>} summary instance
       */
      write(options) {
        return __awaiter(this, void 0, void 0, function* () {
          const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
          const filePath = yield this.filePath();
          const writeFunc = overwrite ? writeFile : appendFile;
          yield writeFunc(filePath, this._buffer, { encoding: "utf8" });
          return this.emptyBuffer();
        });
      }
      /**
       * Clears the summary buffer and wipes the summary file
       *
       * @returns {Summary} summary instance
       */
      clear() {
        return __awaiter(this, void 0, void 0, function* () {
          return this.emptyBuffer().write({ overwrite: true });
        });
      }
      /**
       * Returns the current summary buffer as a string
       *
       * @returns {string} string of summary buffer
       */
      stringify() {
        return this._buffer;
      }
      /**
       * If the summary buffer is empty
       *
       * @returns {boolen} true if the buffer is empty
       */
      isEmptyBuffer() {
        return this._buffer.length === 0;
      }
      /**
       * Resets the summary buffer without writing to summary file
       *
       * @returns {Summary} summary instance
       */
      emptyBuffer() {
        this._buffer = "";
        return this;
      }
      /**
       * Adds raw text to the summary buffer
       *
       * @param {string} text content to add
       * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
       *
       * @returns {Summary} summary instance
       */
      addRaw(text2, addEOL = false) {
        this._buffer += text2;
        return addEOL ? this.addEOL() : this;
      }
      /**
       * Adds the operating system-specific end-of-line marker to the buffer
       *
       * @returns {Summary} summary instance
       */
      addEOL() {
        return this.addRaw(EOL3);
      }
      /**
       * Adds an HTML codeblock to the summary buffer
       *
       * @param {string} code content to render within fenced code block
       * @param {string} lang (optional) language to syntax highlight code
       *
       * @returns {Summary} summary instance
       */
      addCodeBlock(code2, lang) {
        const attrs = Object.assign({}, lang && { lang });
        const element = this.wrap("pre", this.wrap("code", code2), attrs);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML list to the summary buffer
       *
       * @param {string[]} items list of items to render
       * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
       *
       * @returns {Summary} summary instance
       */
      addList(items, ordered = false) {
        const tag = ordered ? "ol" : "ul";
        const listItems = items.map((item) => this.wrap("li", item)).join("");
        const element = this.wrap(tag, listItems);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML table to the summary buffer
       *
       * @param {SummaryTableCell[]} rows table rows
       *
       * @returns {Summary} summary instance
       */
      addTable(rows) {
        const tableBody = rows.map((row) => {
          const cells = row.map((cell) => {
            if (typeof cell === "string") {
              return this.wrap("td", cell);
            }
            const { header, data, colspan, rowspan } = cell;
            const tag = header ? "th" : "td";
            const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
            return this.wrap(tag, data, attrs);
          }).join("");
          return this.wrap("tr", cells);
        }).join("");
        const element = this.wrap("table", tableBody);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds a collapsable HTML details element to the summary buffer
       *
       * @param {string} label text for the closed state
       * @param {string} content collapsable content
       *
       * @returns {Summary} summary instance
       */
      addDetails(label, content) {
        const element = this.wrap("details", this.wrap("summary", label) + content);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML image tag to the summary buffer
       *
       * @param {string} src path to the image you to embed
       * @param {string} alt text description of the image
       * @param {SummaryImageOptions} options (optional) addition image attributes
       *
       * @returns {Summary} summary instance
       */
      addImage(src, alt, options) {
        const { width, height } = options || {};
        const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
        const element = this.wrap("img", null, Object.assign({ src, alt }, attrs));
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML section heading element
       *
       * @param {string} text heading text
       * @param {number | string} [level=1] (optional) the heading level, default: 1
       *
       * @returns {Summary} summary instance
       */
      addHeading(text2, level) {
        const tag = `h${level}`;
        const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
        const element = this.wrap(allowedTag, text2);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML thematic break (<hr>) to the summary buffer
       *
       * @returns {Summary} summary instance
       */
      addSeparator() {
        const element = this.wrap("hr", null);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML line break (<br>) to the summary buffer
       *
       * @returns {Summary} summary instance
       */
      addBreak() {
        const element = this.wrap("br", null);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML blockquote to the summary buffer
       *
       * @param {string} text quote text
       * @param {string} cite (optional) citation url
       *
       * @returns {Summary} summary instance
       */
      addQuote(text2, cite) {
        const attrs = Object.assign({}, cite && { cite });
        const element = this.wrap("blockquote", text2, attrs);
        return this.addRaw(element).addEOL();
      }
      /**
       * Adds an HTML anchor tag to the summary buffer
       *
       * @param {string} text link text/content
       * @param {string} href hyperlink
       *
       * @returns {Summary} summary instance
       */
      addLink(text2, href) {
        const element = this.wrap("a", text2, { href });
        return this.addRaw(element).addEOL();
      }
    };
    _summary = new Summary();
    summary = _summary;
  }
});

// node_modules/@actions/core/lib/path-utils.js
var init_path_utils = __esm({
  "node_modules/@actions/core/lib/path-utils.js"() {
  }
});

// node_modules/@actions/io/lib/io-util.js
import * as fs2 from "fs";
var chmod, copyFile, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, symlink, unlink, IS_WINDOWS, READONLY;
var init_io_util = __esm({
  "node_modules/@actions/io/lib/io-util.js"() {
    ({ chmod, copyFile, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, symlink, unlink } = fs2.promises);
    IS_WINDOWS = process.platform === "win32";
    READONLY = fs2.constants.O_RDONLY;
  }
});

// node_modules/@actions/io/lib/io.js
var init_io = __esm({
  "node_modules/@actions/io/lib/io.js"() {
    init_io_util();
  }
});

// node_modules/@actions/exec/lib/toolrunner.js
var IS_WINDOWS2;
var init_toolrunner = __esm({
  "node_modules/@actions/exec/lib/toolrunner.js"() {
    init_io();
    init_io_util();
    IS_WINDOWS2 = process.platform === "win32";
  }
});

// node_modules/@actions/exec/lib/exec.js
var init_exec = __esm({
  "node_modules/@actions/exec/lib/exec.js"() {
    init_toolrunner();
  }
});

// node_modules/@actions/core/lib/platform.js
import os3 from "os";
var platform, arch;
var init_platform = __esm({
  "node_modules/@actions/core/lib/platform.js"() {
    init_exec();
    platform = os3.platform();
    arch = os3.arch();
  }
});

// node_modules/@actions/core/lib/core.js
import * as os4 from "os";
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function getInput(name, options) {
  const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
  if (options && options.required && !val) {
    throw new Error(`Input required and not supplied: ${name}`);
  }
  if (options && options.trimWhitespace === false) {
    return val;
  }
  return val.trim();
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os4.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os4.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}
var ExitCode;
var init_core = __esm({
  "node_modules/@actions/core/lib/core.js"() {
    init_command();
    init_file_command();
    init_utils();
    init_oidc_utils();
    init_summary();
    init_summary();
    init_path_utils();
    init_platform();
    (function(ExitCode2) {
      ExitCode2[ExitCode2["Success"] = 0] = "Success";
      ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
    })(ExitCode || (ExitCode = {}));
  }
});

// src/errors.ts
function actionErrorsOf(thrown) {
  if (thrown instanceof ActionErrors) return thrown.errors;
  if (thrown instanceof ActionError) return [thrown];
  const state = Error.isError(thrown) ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return [
    new ActionError("bug", "BUG", {
      message: `Cannot continue: ${state}`,
      remedy: "this is a bug in Countersign: please report it with this line",
      cause: thrown
    })
  ];
}
function messageOf(thrown) {
  return Error.isError(thrown) ? thrown.message : String(thrown);
}
function codeOf(thrown) {
  return Error.isError(thrown) && "code" in thrown && typeof thrown.code === "string" ? thrown.code : void 0;
}
async function allOrProblems(promises3) {
  const { values, failures } = await settle(promises3);
  if (failures.length > 0) throw new ActionErrors(distinct(failures));
  return values;
}
function distinct(errors) {
  const isSame = (one, other) => one.message === other.message && one.remedy === other.remedy;
  return errors.filter(
    (error2, index) => errors.findIndex((other) => isSame(error2, other)) === index
  );
}
function onePerRemedy(errors) {
  return errors.filter(
    ({ remedy }, index) => errors.findIndex((other) => other.remedy === remedy) === index
  );
}
async function settle(promises3) {
  const outcomes = await Promise.allSettled(promises3);
  return {
    values: outcomes.flatMap((outcome) => outcome.status === "fulfilled" ? [outcome.value] : []),
    failures: outcomes.flatMap(
      (outcome) => outcome.status === "rejected" ? actionErrorsOf(outcome.reason) : []
    )
  };
}
var ActionError, ActionErrors;
var init_errors = __esm({
  "src/errors.ts"() {
    "use strict";
    ActionError = class extends Error {
      name = "ActionError";
      kind;
      code;
      remedy;
      constructor(kind, code2, { message, remedy, cause }) {
        super(message, { cause });
        this.kind = kind;
        this.code = code2;
        this.remedy = remedy;
      }
    };
    ActionErrors = class extends Error {
      name = "ActionErrors";
      errors;
      constructor(errors) {
        super(errors.map((error2) => error2.message).join("\n"));
        this.errors = errors;
      }
    };
  }
});

// src/text/json.ts
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function parseJson(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
var init_json = __esm({
  "src/text/json.ts"() {
    "use strict";
  }
});

// src/http/status.ts
function describeStatus({ status, headers, url }) {
  const location = status >= 300 && status < 400 ? headers.get("location") : null;
  const target = location === null ? null : URL.parse(location, url.href);
  return target ? `${status}, a redirect to ${target.origin}, which is not followed` : String(status);
}
var init_status = __esm({
  "src/http/status.ts"() {
    "use strict";
  }
});

// src/action/identity-token.ts
function tokenServiceIn(env) {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return address && bearer ? { address, bearer } : void 0;
}
async function getIdentityToken(service, transport) {
  if (!service) throw noIdentityToken();
  const url = URL.parse(service.address);
  if (!url) throw unobtainable("ACTIONS_ID_TOKEN_REQUEST_URL is not an address");
  url.searchParams.set("audience", AUDIENCE);
  const answer = await transport({
    method: "GET",
    url,
    headers: { authorization: `Bearer ${service.bearer}`, accept: "application/json" },
    limit: ANSWER_LIMIT,
    redirect: "return"
  });
  const json = parseJson(answer.body.toString());
  const token = isRecord(json) ? json["value"] : void 0;
  if (typeof token === "string" && token !== "") setSecret(token);
  if (answer.status === 200 && typeof token === "string" && TOKEN.test(token)) return token;
  const state = answer.status === 200 ? "200 without a token" : describeStatus(answer);
  throw unobtainable(`the runner's token service answered ${state}`);
}
function unobtainable(state) {
  return new ActionError("service", "SERVICE_REFUSED", {
    message: `Cannot get an identity token: ${state}`,
    remedy: 'run the job again; if it keeps failing, check "permissions: id-token: write" and https://www.githubstatus.com'
  });
}
function noIdentityToken() {
  return new ActionError("permission", "PERMISSION_ID_TOKEN", {
    message: "Cannot sign: this job is not allowed to request an identity token",
    remedy: [
      "add to the job (and to the job that calls it, if this is a reusable workflow):",
      "  permissions:",
      "    contents: read",
      "    id-token: write",
      "    packages: write",
      "pull requests from forks and from Dependabot cannot get a token; skip the step there: if: github.event_name != 'pull_request'"
    ].join("\n")
  });
}
var AUDIENCE, ANSWER_LIMIT, TOKEN;
var init_identity_token = __esm({
  "src/action/identity-token.ts"() {
    "use strict";
    init_core();
    init_errors();
    init_json();
    init_status();
    AUDIENCE = "sigstore";
    ANSWER_LIMIT = 64 << 10;
    TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
  }
});

// src/model/digest.ts
import { createHash } from "node:crypto";
function parseDigest(text2) {
  const trimmed2 = text2.trim();
  if (trimmed2 === "")
    return {
      problem: "the digest is empty",
      remedy: `${FROM_BUILD} (it is only set if the build pushes)`
    };
  if (/[\s,[{]/.test(trimmed2))
    return {
      problem: "it must be a single digest",
      remedy: 'pass the digest of one manifest; for a matrix build, that of the index from "docker buildx imagetools create"'
    };
  const hex = trimmed2.startsWith("sha256:") ? trimmed2.slice("sha256:".length) : trimmed2;
  if (hex === OF_NOTHING)
    return { problem: `"${trimmed2}" is the digest of empty content`, remedy: FROM_BUILD };
  if (HEX.test(hex)) return { value: `sha256:${hex}` };
  if (hex.startsWith(":"))
    return { problem: `"${trimmed2}" has an extra colon`, remedy: 'write "sha256:" once' };
  if (HEX.test(hex.toLowerCase()))
    return {
      problem: `"${trimmed2}" has upper-case digits`,
      remedy: "write the digest in lower case"
    };
  if (/^sha(384|512):/.test(trimmed2))
    return {
      problem: `"${trimmed2}" is not a sha256 digest`,
      remedy: "pass the sha256 digest of the manifest"
    };
  return { problem: `"${trimmed2}" is not "sha256:" and 64 hex digits`, remedy: FROM_BUILD };
}
function isDigest(value) {
  return typeof value === "string" && value.startsWith("sha256:") && HEX.test(value.slice("sha256:".length));
}
function digestOf(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
}
var HEX, OF_NOTHING, FROM_BUILD;
var init_digest = __esm({
  "src/model/digest.ts"() {
    "use strict";
    HEX = /^[0-9a-f]{64}$/;
    OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    FROM_BUILD = "pass the digest of the push: digest: ${{ steps.build.outputs.digest }}";
  }
});

// src/text/parsed.ts
function isProblem(parsed) {
  return "problem" in parsed;
}
var init_parsed = __esm({
  "src/text/parsed.ts"() {
    "use strict";
  }
});

// src/model/reference.ts
function isPinned(reference) {
  return reference.digest !== void 0;
}
function isTag(text2) {
  return TAG.test(text2);
}
function parseReference(text2) {
  const [name = "", ...digests] = text2.split("@");
  if (digests.length > 1) return { problem: `"${text2}" has more than one "@"`, remedy: FORM };
  const digest = digests[0] === void 0 ? void 0 : parseDigest(digests[0]);
  if (digest && isProblem(digest)) return digest;
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const tag = colon < 0 ? void 0 : name.slice(colon + 1);
  if (tag !== void 0 && !isTag(tag))
    return { problem: `"${text2}" has no valid tag after the colon`, remedy: FORM };
  const repository = parseRepository(colon < 0 ? name : name.slice(0, colon));
  if (isProblem(repository)) return repository;
  return {
    value: {
      text: text2,
      repository: repository.value,
      ...tag === void 0 ? {} : { tag },
      ...digest ? { digest: digest.value } : {}
    }
  };
}
function parseRepository(name) {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0)).toLowerCase();
  const hasHost = first.includes(".") || first.includes(":") || first === "localhost";
  const registry = hasHost ? first : "docker.io";
  const path = hasHost ? name.slice(slash + 1) : name;
  if (!HOST.test(registry) || !URL.canParse(`https://${registry}`))
    return { problem: `"${registry}" is not a registry host`, remedy: FORM };
  const lower = registry === "ghcr.io" ? path.toLowerCase() : path;
  if (PATH.test(lower) && registry.length + lower.length < 255)
    return { value: canonical(registry, lower) };
  if (lower !== lower.toLowerCase() && PATH.test(lower.toLowerCase()))
    return {
      problem: `"${name}" has upper-case letters`,
      remedy: `write "${name.toLowerCase()}", as it was pushed`
    };
  return { problem: `"${name}" is not a valid repository name`, remedy: FORM };
}
function canonical(registry, path) {
  if (!DOCKER_HUB.has(registry)) return { registry, path };
  return { registry: "docker.io", path: path.includes("/") ? path : `library/${path}` };
}
function formatRepository({ registry, path }) {
  return `${registry}/${path}`;
}
function isSameRepository(one, other) {
  return one.registry === other.registry && one.path === other.path;
}
var DOCKER_HUB, HOST, PATH, TAG, FORM;
var init_reference = __esm({
  "src/model/reference.ts"() {
    "use strict";
    init_digest();
    init_parsed();
    DOCKER_HUB = /* @__PURE__ */ new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
    HOST = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::[0-9]{1,5})?$/;
    PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
    TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
    FORM = 'write "registry/name", followed by ":tag" or "@sha256:\u2026" if needed';
  }
});

// src/model/subject.ts
function formatSubject({ repository, digest }) {
  return `${formatRepository(repository)}@${digest}`;
}
function isSameSubject(one, other) {
  return one.digest === other.digest && isSameRepository(one.repository, other.repository);
}
function includesSubject(subjects, subject) {
  return subjects.some((each) => isSameSubject(each, subject));
}
function groupByDigest([first, ...others]) {
  const groups = [[first]];
  for (const subject of others) {
    const group = groups.find(([{ digest }]) => digest === subject.digest);
    if (!group) groups.push([subject]);
    else if (!includesSubject(group, subject)) group.push(subject);
  }
  return groups;
}
var init_subject = __esm({
  "src/model/subject.ts"() {
    "use strict";
    init_reference();
  }
});

// src/model/tag.ts
function formatTag({ subject, tag }) {
  return `${formatRepository(subject.repository)}:${tag}`;
}
function describeMove({ subject, before }) {
  const after = subject.digest;
  return before === after ? `unchanged, ${after}` : `${before ?? "new"} \u2192 ${after}`;
}
var init_tag = __esm({
  "src/model/tag.ts"() {
    "use strict";
    init_reference();
  }
});

// src/model/types.ts
function nameOfType(predicateType) {
  return Object.entries(NAMED_TYPES).find(([, types]) => types.includes(predicateType))?.[0] ?? predicateType;
}
var SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE, PROVENANCE_TYPE, NAMED_TYPES;
var init_types = __esm({
  "src/model/types.ts"() {
    "use strict";
    SIGNATURE_TYPE = "https://sigstore.dev/cosign/sign/v1";
    SIMPLE_SIGNING_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
    PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";
    NAMED_TYPES = {
      signature: [SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE],
      provenance: [PROVENANCE_TYPE, "https://slsa.dev/provenance/v0.2"]
    };
  }
});

// src/model/identity.ts
function isKeyHolder(signer) {
  return "key" in signer;
}
var CLAIM_EXTENSIONS;
var init_identity = __esm({
  "src/model/identity.ts"() {
    "use strict";
    CLAIM_EXTENSIONS = {
      buildSignerUri: 9,
      buildSignerDigest: 10,
      runnerEnvironment: 11,
      sourceRepositoryUri: 12,
      sourceRepositoryDigest: 13,
      sourceRepositoryRef: 14,
      sourceRepositoryIdentifier: 15,
      sourceRepositoryOwnerUri: 16,
      sourceRepositoryOwnerIdentifier: 17,
      buildConfigUri: 18,
      buildConfigDigest: 19,
      buildTrigger: 20,
      runInvocationUri: 21,
      sourceRepositoryVisibility: 22,
      deploymentEnvironment: 23,
      tokenSubject: 24
    };
  }
});

// src/model/verdict.ts
var LOG_OR_TIMESTAMP, NOT_STATED;
var init_verdict = __esm({
  "src/model/verdict.ts"() {
    "use strict";
    LOG_OR_TIMESTAMP = "log entry or timestamp";
    NOT_STATED = "not in the certificate";
  }
});

// src/model/non-empty.ts
function isNonEmpty(items) {
  return items.length > 0;
}
function flatten([[first, ...others], ...lists]) {
  return [first, ...others, ...lists.flat()];
}
function mapEach(items, change) {
  const [first, ...others] = items;
  return [change(first, 0), ...others.map((item, index) => change(item, index + 1))];
}
var init_non_empty = __esm({
  "src/model/non-empty.ts"() {
    "use strict";
  }
});

// src/action/files.ts
import { mkdtemp, writeFile as writeFile2 } from "node:fs/promises";
import { join as join2 } from "node:path";
async function keepBundles(temp, signed) {
  const directory = await mkdtemp(join2(temp, "countersign-"));
  const all = join2(directory, "bundles.jsonl");
  await writeFile2(all, signed.map(({ json }) => `${json.toString()}
`).join(""));
  const bundles = await Promise.all(mapEach(signed, (bundle) => keepBundle(directory, bundle)));
  return { all, bundles };
}
async function keepBundle(directory, signed) {
  const file = join2(directory, fileNameOf(signed));
  await writeFile2(file, signed.json, { flag: "wx" });
  return { signed, file };
}
function fileNameOf({ id, predicateType, subjects: [{ digest }] }) {
  const type = nameOfType(predicateType).replaceAll(/[^\w.-]+/g, "-");
  return `${startOf(digest)}-${type}-${startOf(id)}.sigstore.json`;
}
function startOf(digest) {
  return hexOf(digest).slice(0, 12);
}
async function keepResults(temp, results) {
  const file = join2(await mkdtemp(join2(temp, "countersign-")), "results.json");
  await writeFile2(file, JSON.stringify(results));
  return file;
}
var init_files = __esm({
  "src/action/files.ts"() {
    "use strict";
    init_digest();
    init_non_empty();
    init_types();
  }
});

// src/model/evidence-place.ts
function evidenceRepository(place, image) {
  return place.kind === "repository" ? place.repository : image;
}
var WITH_IMAGE;
var init_evidence_place = __esm({
  "src/model/evidence-place.ts"() {
    "use strict";
    WITH_IMAGE = { kind: "with-image" };
  }
});

// src/model/matcher.ts
function exactly(...values) {
  return { kind: "exact", values };
}
function matches(matcher, value) {
  switch (matcher.kind) {
    case "exact":
      return matcher.values.includes(value);
    case "prefix":
      return value.startsWith(matcher.prefix);
    case "any-ref":
      return value.startsWith(`${matcher.url}@`) && value.length > matcher.url.length + 1 && !value.slice(matcher.url.length + 1).includes("@");
    case "none-of":
      return !matcher.values.includes(value);
    case "any-of":
      return matcher.matchers.some((each) => matches(each, value));
  }
}
function formatMatcher(matcher) {
  switch (matcher.kind) {
    case "exact":
      return matcher.values.join(" or ");
    case "prefix":
      return `${matcher.prefix}*`;
    case "any-ref":
      return `${matcher.url}@ any ref`;
    case "none-of":
      return `anything but ${matcher.values.join(" and ")}`;
    case "any-of":
      return matcher.matchers.map(formatMatcher).join(" or ");
  }
}
var init_matcher = __esm({
  "src/model/matcher.ts"() {
    "use strict";
  }
});

// src/http/addresses.ts
import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
function isLoopback(hostname) {
  const isName = /^(.*\.)?localhost\.?$/.test(hostname);
  return isName || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
async function whyRefused(target, from, lookUp = lookUpOnce) {
  if (target.origin === from.origin) return void 0;
  if (!isSecure(target) || from.protocol === "https:" && target.protocol !== "https:") {
    return "that is not https";
  }
  const isInward = await isInternal(target.hostname, lookUp);
  if (!isInward || await isInternal(from.hostname, lookUp)) return void 0;
  return `that is an internal address, and ${from.host} is a public one`;
}
function isSecure(url) {
  return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}
async function isInternal(hostname, lookUp) {
  if (isLoopback(hostname)) return true;
  const literal = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  const isLiteral = hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
  const addresses = isLiteral ? [literal] : await lookUp(hostname);
  return addresses.some((address) => internal.check(address, familyOf(address)));
}
function familyOf(address) {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
function lookUpOnce(hostname) {
  const addresses = known.get(hostname) ?? lookUpNow(hostname);
  known.set(hostname, addresses);
  return addresses;
}
async function lookUpNow(hostname) {
  const found = lookup(hostname, { all: true }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => []
  );
  return Promise.race([found, sleep(LOOKUP_TIMEOUT, [], { ref: false })]);
}
var LOOKUP_TIMEOUT, INTERNAL, internal, known;
var init_addresses = __esm({
  "src/http/addresses.ts"() {
    "use strict";
    LOOKUP_TIMEOUT = 2e3;
    INTERNAL = [
      ["0.0.0.0", 8],
      ["10.0.0.0", 8],
      ["100.64.0.0", 10],
      ["127.0.0.0", 8],
      ["169.254.0.0", 16],
      ["172.16.0.0", 12],
      ["192.0.0.0", 24],
      ["192.168.0.0", 16],
      ["198.18.0.0", 15],
      ["224.0.0.0", 3],
      ["::", 96],
      ["64:ff9b::", 96],
      ["64:ff9b:1::", 48],
      ["fc00::", 7],
      ["fe80::", 9],
      ["ff00::", 8]
    ];
    internal = new BlockList();
    for (const [network, prefix] of INTERNAL) internal.addSubnet(network, prefix, familyOf(network));
    known = /* @__PURE__ */ new Map();
  }
});

// src/model/token.ts
function parseToken(token) {
  const payload = parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  if (!isRecord(payload))
    return {
      problem: "it is not a JSON Web Token",
      remedy: "check which service answers at ACTIONS_ID_TOKEN_REQUEST_URL"
    };
  const missing3 = CLAIM_NAMES.filter((name) => typeof payload[name] !== "string");
  if (missing3.length > 0)
    return { problem: `it lacks ${missing3.join(", ")}`, remedy: "sign in a GitHub Actions job" };
  return {
    value: Object.fromEntries(CLAIM_NAMES.map((name) => [name, payload[name]]))
  };
}
var CLAIM_NAMES;
var init_token = __esm({
  "src/model/token.ts"() {
    "use strict";
    init_json();
    CLAIM_NAMES = [
      "iss",
      "sub",
      "ref",
      "sha",
      "repository",
      "repository_id",
      "repository_owner_id",
      "repository_visibility",
      "workflow_ref",
      "workflow_sha",
      "job_workflow_ref",
      "event_name",
      "runner_environment",
      "run_id",
      "run_attempt"
    ];
  }
});

// src/predicates/predicate.ts
function subjectOf({ repository, digest }) {
  return { name: formatRepository(repository), digest: { sha256: hexOf(digest) } };
}
var init_predicate = __esm({
  "src/predicates/predicate.ts"() {
    "use strict";
    init_digest();
    init_reference();
  }
});

// src/predicates/provenance.ts
function provenanceStatement(server) {
  return ([first, ...others], claims) => {
    const [, workflowPath = "", workflowRef = ""] = /^([^@]*)@(.*)$/.exec(claims.workflow_ref.replace(`${claims.repository}/`, "")) ?? [];
    return {
      subject: [subjectOf(first), ...others.map(subjectOf)],
      predicateType: PROVENANCE_TYPE,
      predicate: {
        buildDefinition: {
          buildType: BUILD_TYPE,
          externalParameters: {
            workflow: {
              ref: workflowRef,
              repository: `${server}/${claims.repository}`,
              path: workflowPath
            }
          },
          internalParameters: {
            github: {
              event_name: claims.event_name,
              repository_id: claims.repository_id,
              repository_owner_id: claims.repository_owner_id,
              runner_environment: claims.runner_environment
            }
          },
          resolvedDependencies: [
            {
              uri: `git+${server}/${claims.repository}@${claims.ref}`,
              digest: { gitCommit: claims.sha }
            }
          ]
        },
        runDetails: {
          builder: { id: `${server}/${claims.job_workflow_ref}` },
          metadata: {
            invocationId: `${server}/${claims.repository}/actions/runs/${claims.run_id}/attempts/${claims.run_attempt}`
          }
        }
      }
    };
  };
}
var BUILD_TYPE;
var init_provenance = __esm({
  "src/predicates/provenance.ts"() {
    "use strict";
    init_types();
    init_predicate();
    BUILD_TYPE = "https://actions.github.io/buildtypes/workflow/v1";
  }
});

// src/predicates/signature.ts
function annotated(subject) {
  return { ...subjectOf(subject), annotations: {} };
}
var signatureStatement;
var init_signature = __esm({
  "src/predicates/signature.ts"() {
    "use strict";
    init_types();
    init_predicate();
    signatureStatement = ([first, ...others]) => ({
      subject: [annotated(first), ...others.map(annotated)],
      predicateType: SIGNATURE_TYPE,
      predicate: {}
    });
  }
});

// src/predicates/index.ts
function predicatesFor(server) {
  return { signature: signatureStatement, provenance: provenanceStatement(server) };
}
var init_predicates = __esm({
  "src/predicates/index.ts"() {
    "use strict";
    init_provenance();
    init_signature();
  }
});

// src/sign.ts
async function sign(request, services) {
  const groups = groupByDigest(await services.resolve());
  const subjects = flatten(groups);
  const [stores, { claims, signer }, verify5, tags] = await allOrProblems([
    allOrProblems(services.stores.map((store) => store.prepare(subjects, request.predicates))),
    services.identify(),
    services.loadVerifier(),
    services.tagger.prepare(request.tags)
  ]);
  const signing = mapEach(
    groups,
    (group) => mapEach(
      request.predicates,
      (name) => signer.sign(services.predicates[name](group, claims), group)
    )
  );
  const signed = await allOrProblems(flatten(signing));
  const kept = await services.keep(signed);
  const made = await Promise.all(
    mapEach(kept.bundles, (bundle) => selfCheck(bundle, verify5, kept.all))
  );
  const { stored, failures } = await storeEverywhere(stores, made);
  const tagging = await tags.write({ stored, failures });
  return {
    mode: "sign",
    subjects,
    bundles: mapEach(made, (bundle) => reported(bundle, stored)),
    bundlePath: kept.all,
    failures,
    tagging
  };
}
async function selfCheck(bundle, verify5, keptIn) {
  const { json, subjects } = bundle.signed;
  const found = { source: "this step", place: "this step", json };
  const checked = await verify5(found, subjects[0].digest);
  if ("verified" in checked) return { ...bundle, verified: checked.verified };
  const { code: code2, finding } = checked.rejected;
  throw new ActionError("bundle", "BUNDLE_SELF_CHECK", {
    message: `Cannot store the signature of "${formatSubject(subjects[0])}": it does not verify (${code2}), ${finding.rule} is not ${finding.expected}: ${finding.found}`,
    remedy: `pass the "trusted-root" that belongs to the signing configuration in "sigstore"; the bundle is kept in ${keptIn}`
  });
}
async function storeEverywhere(stores, made) {
  const { values: outcomes, failures } = await settle(
    stores.map(
      async (store) => store.store(made.filter(({ signed }) => store.takes(signed.predicateType)))
    )
  );
  return {
    stored: outcomes.flatMap(({ stored }) => stored),
    failures: [...failures, ...outcomes.flatMap((outcome) => outcome.failures)]
  };
}
function reported(bundle, stored) {
  return { ...bundle, stored: stored.filter(({ id }) => id === bundle.signed.id) };
}
var init_sign = __esm({
  "src/sign.ts"() {
    "use strict";
    init_errors();
    init_non_empty();
    init_subject();
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/envelope.js
var require_envelope = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/envelope.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Signature = exports.Envelope = void 0;
    exports.Envelope = {
      fromJSON(object) {
        return {
          payload: isSet(object.payload) ? Buffer.from(bytesFromBase64(object.payload)) : Buffer.alloc(0),
          payloadType: isSet(object.payloadType) ? globalThis.String(object.payloadType) : "",
          signatures: globalThis.Array.isArray(object?.signatures) ? object.signatures.map((e) => exports.Signature.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.payload.length !== 0) {
          obj.payload = base64FromBytes(message.payload);
        }
        if (message.payloadType !== "") {
          obj.payloadType = message.payloadType;
        }
        if (message.signatures?.length) {
          obj.signatures = message.signatures.map((e) => exports.Signature.toJSON(e));
        }
        return obj;
      }
    };
    exports.Signature = {
      fromJSON(object) {
        return {
          sig: isSet(object.sig) ? Buffer.from(bytesFromBase64(object.sig)) : Buffer.alloc(0),
          keyid: isSet(object.keyid) ? globalThis.String(object.keyid) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.sig.length !== 0) {
          obj.sig = base64FromBytes(message.sig);
        }
        if (message.keyid !== "") {
          obj.keyid = message.keyid;
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/google/protobuf/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/google/protobuf/timestamp.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Timestamp = void 0;
    exports.Timestamp = {
      fromJSON(object) {
        return {
          seconds: isSet(object.seconds) ? globalThis.String(object.seconds) : "0",
          nanos: isSet(object.nanos) ? globalThis.Number(object.nanos) : 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.seconds !== "0") {
          obj.seconds = message.seconds;
        }
        if (message.nanos !== 0) {
          obj.nanos = Math.round(message.nanos);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_common.js
var require_sigstore_common = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_common.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.TimeRange = exports.X509CertificateChain = exports.SubjectAlternativeName = exports.X509Certificate = exports.DistinguishedName = exports.ObjectIdentifierValuePair = exports.ObjectIdentifier = exports.PublicKeyIdentifier = exports.PublicKey = exports.RFC3161SignedTimestamp = exports.LogId = exports.MessageSignature = exports.HashOutput = exports.SubjectAlternativeNameType = exports.PublicKeyDetails = exports.HashAlgorithm = void 0;
    exports.hashAlgorithmFromJSON = hashAlgorithmFromJSON;
    exports.hashAlgorithmToJSON = hashAlgorithmToJSON;
    exports.publicKeyDetailsFromJSON = publicKeyDetailsFromJSON;
    exports.publicKeyDetailsToJSON = publicKeyDetailsToJSON;
    exports.subjectAlternativeNameTypeFromJSON = subjectAlternativeNameTypeFromJSON;
    exports.subjectAlternativeNameTypeToJSON = subjectAlternativeNameTypeToJSON;
    var timestamp_1 = require_timestamp();
    var HashAlgorithm;
    (function(HashAlgorithm2) {
      HashAlgorithm2[HashAlgorithm2["HASH_ALGORITHM_UNSPECIFIED"] = 0] = "HASH_ALGORITHM_UNSPECIFIED";
      HashAlgorithm2[HashAlgorithm2["SHA2_256"] = 1] = "SHA2_256";
      HashAlgorithm2[HashAlgorithm2["SHA2_384"] = 2] = "SHA2_384";
      HashAlgorithm2[HashAlgorithm2["SHA2_512"] = 3] = "SHA2_512";
      HashAlgorithm2[HashAlgorithm2["SHA3_256"] = 4] = "SHA3_256";
      HashAlgorithm2[HashAlgorithm2["SHA3_384"] = 5] = "SHA3_384";
    })(HashAlgorithm || (exports.HashAlgorithm = HashAlgorithm = {}));
    function hashAlgorithmFromJSON(object) {
      switch (object) {
        case 0:
        case "HASH_ALGORITHM_UNSPECIFIED":
          return HashAlgorithm.HASH_ALGORITHM_UNSPECIFIED;
        case 1:
        case "SHA2_256":
          return HashAlgorithm.SHA2_256;
        case 2:
        case "SHA2_384":
          return HashAlgorithm.SHA2_384;
        case 3:
        case "SHA2_512":
          return HashAlgorithm.SHA2_512;
        case 4:
        case "SHA3_256":
          return HashAlgorithm.SHA3_256;
        case 5:
        case "SHA3_384":
          return HashAlgorithm.SHA3_384;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum HashAlgorithm");
      }
    }
    function hashAlgorithmToJSON(object) {
      switch (object) {
        case HashAlgorithm.HASH_ALGORITHM_UNSPECIFIED:
          return "HASH_ALGORITHM_UNSPECIFIED";
        case HashAlgorithm.SHA2_256:
          return "SHA2_256";
        case HashAlgorithm.SHA2_384:
          return "SHA2_384";
        case HashAlgorithm.SHA2_512:
          return "SHA2_512";
        case HashAlgorithm.SHA3_256:
          return "SHA3_256";
        case HashAlgorithm.SHA3_384:
          return "SHA3_384";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum HashAlgorithm");
      }
    }
    var PublicKeyDetails;
    (function(PublicKeyDetails2) {
      PublicKeyDetails2[PublicKeyDetails2["PUBLIC_KEY_DETAILS_UNSPECIFIED"] = 0] = "PUBLIC_KEY_DETAILS_UNSPECIFIED";
      PublicKeyDetails2[PublicKeyDetails2["PKCS1_RSA_PKCS1V5"] = 1] = "PKCS1_RSA_PKCS1V5";
      PublicKeyDetails2[PublicKeyDetails2["PKCS1_RSA_PSS"] = 2] = "PKCS1_RSA_PSS";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V5"] = 3] = "PKIX_RSA_PKCS1V5";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS"] = 4] = "PKIX_RSA_PSS";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V15_2048_SHA256"] = 9] = "PKIX_RSA_PKCS1V15_2048_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V15_3072_SHA256"] = 10] = "PKIX_RSA_PKCS1V15_3072_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PKCS1V15_4096_SHA256"] = 11] = "PKIX_RSA_PKCS1V15_4096_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS_2048_SHA256"] = 16] = "PKIX_RSA_PSS_2048_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS_3072_SHA256"] = 17] = "PKIX_RSA_PSS_3072_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_RSA_PSS_4096_SHA256"] = 18] = "PKIX_RSA_PSS_4096_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P256_HMAC_SHA_256"] = 6] = "PKIX_ECDSA_P256_HMAC_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P256_SHA_256"] = 5] = "PKIX_ECDSA_P256_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P384_SHA_384"] = 12] = "PKIX_ECDSA_P384_SHA_384";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P521_SHA_512"] = 13] = "PKIX_ECDSA_P521_SHA_512";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ED25519"] = 7] = "PKIX_ED25519";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ED25519_PH"] = 8] = "PKIX_ED25519_PH";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P384_SHA_256"] = 19] = "PKIX_ECDSA_P384_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["PKIX_ECDSA_P521_SHA_256"] = 20] = "PKIX_ECDSA_P521_SHA_256";
      PublicKeyDetails2[PublicKeyDetails2["LMS_SHA256"] = 14] = "LMS_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["LMOTS_SHA256"] = 15] = "LMOTS_SHA256";
      PublicKeyDetails2[PublicKeyDetails2["ML_DSA_44"] = 23] = "ML_DSA_44";
      PublicKeyDetails2[PublicKeyDetails2["ML_DSA_65"] = 21] = "ML_DSA_65";
      PublicKeyDetails2[PublicKeyDetails2["ML_DSA_87"] = 22] = "ML_DSA_87";
    })(PublicKeyDetails || (exports.PublicKeyDetails = PublicKeyDetails = {}));
    function publicKeyDetailsFromJSON(object) {
      switch (object) {
        case 0:
        case "PUBLIC_KEY_DETAILS_UNSPECIFIED":
          return PublicKeyDetails.PUBLIC_KEY_DETAILS_UNSPECIFIED;
        case 1:
        case "PKCS1_RSA_PKCS1V5":
          return PublicKeyDetails.PKCS1_RSA_PKCS1V5;
        case 2:
        case "PKCS1_RSA_PSS":
          return PublicKeyDetails.PKCS1_RSA_PSS;
        case 3:
        case "PKIX_RSA_PKCS1V5":
          return PublicKeyDetails.PKIX_RSA_PKCS1V5;
        case 4:
        case "PKIX_RSA_PSS":
          return PublicKeyDetails.PKIX_RSA_PSS;
        case 9:
        case "PKIX_RSA_PKCS1V15_2048_SHA256":
          return PublicKeyDetails.PKIX_RSA_PKCS1V15_2048_SHA256;
        case 10:
        case "PKIX_RSA_PKCS1V15_3072_SHA256":
          return PublicKeyDetails.PKIX_RSA_PKCS1V15_3072_SHA256;
        case 11:
        case "PKIX_RSA_PKCS1V15_4096_SHA256":
          return PublicKeyDetails.PKIX_RSA_PKCS1V15_4096_SHA256;
        case 16:
        case "PKIX_RSA_PSS_2048_SHA256":
          return PublicKeyDetails.PKIX_RSA_PSS_2048_SHA256;
        case 17:
        case "PKIX_RSA_PSS_3072_SHA256":
          return PublicKeyDetails.PKIX_RSA_PSS_3072_SHA256;
        case 18:
        case "PKIX_RSA_PSS_4096_SHA256":
          return PublicKeyDetails.PKIX_RSA_PSS_4096_SHA256;
        case 6:
        case "PKIX_ECDSA_P256_HMAC_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P256_HMAC_SHA_256;
        case 5:
        case "PKIX_ECDSA_P256_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P256_SHA_256;
        case 12:
        case "PKIX_ECDSA_P384_SHA_384":
          return PublicKeyDetails.PKIX_ECDSA_P384_SHA_384;
        case 13:
        case "PKIX_ECDSA_P521_SHA_512":
          return PublicKeyDetails.PKIX_ECDSA_P521_SHA_512;
        case 7:
        case "PKIX_ED25519":
          return PublicKeyDetails.PKIX_ED25519;
        case 8:
        case "PKIX_ED25519_PH":
          return PublicKeyDetails.PKIX_ED25519_PH;
        case 19:
        case "PKIX_ECDSA_P384_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P384_SHA_256;
        case 20:
        case "PKIX_ECDSA_P521_SHA_256":
          return PublicKeyDetails.PKIX_ECDSA_P521_SHA_256;
        case 14:
        case "LMS_SHA256":
          return PublicKeyDetails.LMS_SHA256;
        case 15:
        case "LMOTS_SHA256":
          return PublicKeyDetails.LMOTS_SHA256;
        case 23:
        case "ML_DSA_44":
          return PublicKeyDetails.ML_DSA_44;
        case 21:
        case "ML_DSA_65":
          return PublicKeyDetails.ML_DSA_65;
        case 22:
        case "ML_DSA_87":
          return PublicKeyDetails.ML_DSA_87;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum PublicKeyDetails");
      }
    }
    function publicKeyDetailsToJSON(object) {
      switch (object) {
        case PublicKeyDetails.PUBLIC_KEY_DETAILS_UNSPECIFIED:
          return "PUBLIC_KEY_DETAILS_UNSPECIFIED";
        case PublicKeyDetails.PKCS1_RSA_PKCS1V5:
          return "PKCS1_RSA_PKCS1V5";
        case PublicKeyDetails.PKCS1_RSA_PSS:
          return "PKCS1_RSA_PSS";
        case PublicKeyDetails.PKIX_RSA_PKCS1V5:
          return "PKIX_RSA_PKCS1V5";
        case PublicKeyDetails.PKIX_RSA_PSS:
          return "PKIX_RSA_PSS";
        case PublicKeyDetails.PKIX_RSA_PKCS1V15_2048_SHA256:
          return "PKIX_RSA_PKCS1V15_2048_SHA256";
        case PublicKeyDetails.PKIX_RSA_PKCS1V15_3072_SHA256:
          return "PKIX_RSA_PKCS1V15_3072_SHA256";
        case PublicKeyDetails.PKIX_RSA_PKCS1V15_4096_SHA256:
          return "PKIX_RSA_PKCS1V15_4096_SHA256";
        case PublicKeyDetails.PKIX_RSA_PSS_2048_SHA256:
          return "PKIX_RSA_PSS_2048_SHA256";
        case PublicKeyDetails.PKIX_RSA_PSS_3072_SHA256:
          return "PKIX_RSA_PSS_3072_SHA256";
        case PublicKeyDetails.PKIX_RSA_PSS_4096_SHA256:
          return "PKIX_RSA_PSS_4096_SHA256";
        case PublicKeyDetails.PKIX_ECDSA_P256_HMAC_SHA_256:
          return "PKIX_ECDSA_P256_HMAC_SHA_256";
        case PublicKeyDetails.PKIX_ECDSA_P256_SHA_256:
          return "PKIX_ECDSA_P256_SHA_256";
        case PublicKeyDetails.PKIX_ECDSA_P384_SHA_384:
          return "PKIX_ECDSA_P384_SHA_384";
        case PublicKeyDetails.PKIX_ECDSA_P521_SHA_512:
          return "PKIX_ECDSA_P521_SHA_512";
        case PublicKeyDetails.PKIX_ED25519:
          return "PKIX_ED25519";
        case PublicKeyDetails.PKIX_ED25519_PH:
          return "PKIX_ED25519_PH";
        case PublicKeyDetails.PKIX_ECDSA_P384_SHA_256:
          return "PKIX_ECDSA_P384_SHA_256";
        case PublicKeyDetails.PKIX_ECDSA_P521_SHA_256:
          return "PKIX_ECDSA_P521_SHA_256";
        case PublicKeyDetails.LMS_SHA256:
          return "LMS_SHA256";
        case PublicKeyDetails.LMOTS_SHA256:
          return "LMOTS_SHA256";
        case PublicKeyDetails.ML_DSA_44:
          return "ML_DSA_44";
        case PublicKeyDetails.ML_DSA_65:
          return "ML_DSA_65";
        case PublicKeyDetails.ML_DSA_87:
          return "ML_DSA_87";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum PublicKeyDetails");
      }
    }
    var SubjectAlternativeNameType;
    (function(SubjectAlternativeNameType2) {
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED"] = 0] = "SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED";
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["EMAIL"] = 1] = "EMAIL";
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["URI"] = 2] = "URI";
      SubjectAlternativeNameType2[SubjectAlternativeNameType2["OTHER_NAME"] = 3] = "OTHER_NAME";
    })(SubjectAlternativeNameType || (exports.SubjectAlternativeNameType = SubjectAlternativeNameType = {}));
    function subjectAlternativeNameTypeFromJSON(object) {
      switch (object) {
        case 0:
        case "SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED":
          return SubjectAlternativeNameType.SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED;
        case 1:
        case "EMAIL":
          return SubjectAlternativeNameType.EMAIL;
        case 2:
        case "URI":
          return SubjectAlternativeNameType.URI;
        case 3:
        case "OTHER_NAME":
          return SubjectAlternativeNameType.OTHER_NAME;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum SubjectAlternativeNameType");
      }
    }
    function subjectAlternativeNameTypeToJSON(object) {
      switch (object) {
        case SubjectAlternativeNameType.SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED:
          return "SUBJECT_ALTERNATIVE_NAME_TYPE_UNSPECIFIED";
        case SubjectAlternativeNameType.EMAIL:
          return "EMAIL";
        case SubjectAlternativeNameType.URI:
          return "URI";
        case SubjectAlternativeNameType.OTHER_NAME:
          return "OTHER_NAME";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum SubjectAlternativeNameType");
      }
    }
    exports.HashOutput = {
      fromJSON(object) {
        return {
          algorithm: isSet(object.algorithm) ? hashAlgorithmFromJSON(object.algorithm) : 0,
          digest: isSet(object.digest) ? Buffer.from(bytesFromBase64(object.digest)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.algorithm !== 0) {
          obj.algorithm = hashAlgorithmToJSON(message.algorithm);
        }
        if (message.digest.length !== 0) {
          obj.digest = base64FromBytes(message.digest);
        }
        return obj;
      }
    };
    exports.MessageSignature = {
      fromJSON(object) {
        return {
          messageDigest: isSet(object.messageDigest) ? exports.HashOutput.fromJSON(object.messageDigest) : void 0,
          signature: isSet(object.signature) ? Buffer.from(bytesFromBase64(object.signature)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.messageDigest !== void 0) {
          obj.messageDigest = exports.HashOutput.toJSON(message.messageDigest);
        }
        if (message.signature.length !== 0) {
          obj.signature = base64FromBytes(message.signature);
        }
        return obj;
      }
    };
    exports.LogId = {
      fromJSON(object) {
        return { keyId: isSet(object.keyId) ? Buffer.from(bytesFromBase64(object.keyId)) : Buffer.alloc(0) };
      },
      toJSON(message) {
        const obj = {};
        if (message.keyId.length !== 0) {
          obj.keyId = base64FromBytes(message.keyId);
        }
        return obj;
      }
    };
    exports.RFC3161SignedTimestamp = {
      fromJSON(object) {
        return {
          signedTimestamp: isSet(object.signedTimestamp) ? Buffer.from(bytesFromBase64(object.signedTimestamp)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.signedTimestamp.length !== 0) {
          obj.signedTimestamp = base64FromBytes(message.signedTimestamp);
        }
        return obj;
      }
    };
    exports.PublicKey = {
      fromJSON(object) {
        return {
          rawBytes: isSet(object.rawBytes) ? Buffer.from(bytesFromBase64(object.rawBytes)) : void 0,
          keyDetails: isSet(object.keyDetails) ? publicKeyDetailsFromJSON(object.keyDetails) : 0,
          validFor: isSet(object.validFor) ? exports.TimeRange.fromJSON(object.validFor) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.rawBytes !== void 0) {
          obj.rawBytes = base64FromBytes(message.rawBytes);
        }
        if (message.keyDetails !== 0) {
          obj.keyDetails = publicKeyDetailsToJSON(message.keyDetails);
        }
        if (message.validFor !== void 0) {
          obj.validFor = exports.TimeRange.toJSON(message.validFor);
        }
        return obj;
      }
    };
    exports.PublicKeyIdentifier = {
      fromJSON(object) {
        return { hint: isSet(object.hint) ? globalThis.String(object.hint) : "" };
      },
      toJSON(message) {
        const obj = {};
        if (message.hint !== "") {
          obj.hint = message.hint;
        }
        return obj;
      }
    };
    exports.ObjectIdentifier = {
      fromJSON(object) {
        return { id: globalThis.Array.isArray(object?.id) ? object.id.map((e) => globalThis.Number(e)) : [] };
      },
      toJSON(message) {
        const obj = {};
        if (message.id?.length) {
          obj.id = message.id.map((e) => Math.round(e));
        }
        return obj;
      }
    };
    exports.ObjectIdentifierValuePair = {
      fromJSON(object) {
        return {
          oid: isSet(object.oid) ? exports.ObjectIdentifier.fromJSON(object.oid) : void 0,
          value: isSet(object.value) ? Buffer.from(bytesFromBase64(object.value)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.oid !== void 0) {
          obj.oid = exports.ObjectIdentifier.toJSON(message.oid);
        }
        if (message.value.length !== 0) {
          obj.value = base64FromBytes(message.value);
        }
        return obj;
      }
    };
    exports.DistinguishedName = {
      fromJSON(object) {
        return {
          organization: isSet(object.organization) ? globalThis.String(object.organization) : "",
          commonName: isSet(object.commonName) ? globalThis.String(object.commonName) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.organization !== "") {
          obj.organization = message.organization;
        }
        if (message.commonName !== "") {
          obj.commonName = message.commonName;
        }
        return obj;
      }
    };
    exports.X509Certificate = {
      fromJSON(object) {
        return { rawBytes: isSet(object.rawBytes) ? Buffer.from(bytesFromBase64(object.rawBytes)) : Buffer.alloc(0) };
      },
      toJSON(message) {
        const obj = {};
        if (message.rawBytes.length !== 0) {
          obj.rawBytes = base64FromBytes(message.rawBytes);
        }
        return obj;
      }
    };
    exports.SubjectAlternativeName = {
      fromJSON(object) {
        return {
          type: isSet(object.type) ? subjectAlternativeNameTypeFromJSON(object.type) : 0,
          identity: isSet(object.regexp) ? { $case: "regexp", regexp: globalThis.String(object.regexp) } : isSet(object.value) ? { $case: "value", value: globalThis.String(object.value) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.type !== 0) {
          obj.type = subjectAlternativeNameTypeToJSON(message.type);
        }
        if (message.identity?.$case === "regexp") {
          obj.regexp = message.identity.regexp;
        } else if (message.identity?.$case === "value") {
          obj.value = message.identity.value;
        }
        return obj;
      }
    };
    exports.X509CertificateChain = {
      fromJSON(object) {
        return {
          certificates: globalThis.Array.isArray(object?.certificates) ? object.certificates.map((e) => exports.X509Certificate.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.certificates?.length) {
          obj.certificates = message.certificates.map((e) => exports.X509Certificate.toJSON(e));
        }
        return obj;
      }
    };
    exports.TimeRange = {
      fromJSON(object) {
        return {
          start: isSet(object.start) ? fromJsonTimestamp(object.start) : void 0,
          end: isSet(object.end) ? fromJsonTimestamp(object.end) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.start !== void 0) {
          obj.start = message.start.toISOString();
        }
        if (message.end !== void 0) {
          obj.end = message.end.toISOString();
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function fromTimestamp(t) {
      let millis = (globalThis.Number(t.seconds) || 0) * 1e3;
      millis += (t.nanos || 0) / 1e6;
      return new globalThis.Date(millis);
    }
    function fromJsonTimestamp(o) {
      if (o instanceof globalThis.Date) {
        return o;
      } else if (typeof o === "string") {
        return new globalThis.Date(o);
      } else {
        return fromTimestamp(timestamp_1.Timestamp.fromJSON(o));
      }
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_rekor.js
var require_sigstore_rekor = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_rekor.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.TransparencyLogEntry = exports.InclusionPromise = exports.InclusionProof = exports.Checkpoint = exports.KindVersion = void 0;
    var sigstore_common_1 = require_sigstore_common();
    exports.KindVersion = {
      fromJSON(object) {
        return {
          kind: isSet(object.kind) ? globalThis.String(object.kind) : "",
          version: isSet(object.version) ? globalThis.String(object.version) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.kind !== "") {
          obj.kind = message.kind;
        }
        if (message.version !== "") {
          obj.version = message.version;
        }
        return obj;
      }
    };
    exports.Checkpoint = {
      fromJSON(object) {
        return { envelope: isSet(object.envelope) ? globalThis.String(object.envelope) : "" };
      },
      toJSON(message) {
        const obj = {};
        if (message.envelope !== "") {
          obj.envelope = message.envelope;
        }
        return obj;
      }
    };
    exports.InclusionProof = {
      fromJSON(object) {
        return {
          logIndex: isSet(object.logIndex) ? globalThis.String(object.logIndex) : "0",
          rootHash: isSet(object.rootHash) ? Buffer.from(bytesFromBase64(object.rootHash)) : Buffer.alloc(0),
          treeSize: isSet(object.treeSize) ? globalThis.String(object.treeSize) : "0",
          hashes: globalThis.Array.isArray(object?.hashes) ? object.hashes.map((e) => Buffer.from(bytesFromBase64(e))) : [],
          checkpoint: isSet(object.checkpoint) ? exports.Checkpoint.fromJSON(object.checkpoint) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.logIndex !== "0") {
          obj.logIndex = message.logIndex;
        }
        if (message.rootHash.length !== 0) {
          obj.rootHash = base64FromBytes(message.rootHash);
        }
        if (message.treeSize !== "0") {
          obj.treeSize = message.treeSize;
        }
        if (message.hashes?.length) {
          obj.hashes = message.hashes.map((e) => base64FromBytes(e));
        }
        if (message.checkpoint !== void 0) {
          obj.checkpoint = exports.Checkpoint.toJSON(message.checkpoint);
        }
        return obj;
      }
    };
    exports.InclusionPromise = {
      fromJSON(object) {
        return {
          signedEntryTimestamp: isSet(object.signedEntryTimestamp) ? Buffer.from(bytesFromBase64(object.signedEntryTimestamp)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.signedEntryTimestamp.length !== 0) {
          obj.signedEntryTimestamp = base64FromBytes(message.signedEntryTimestamp);
        }
        return obj;
      }
    };
    exports.TransparencyLogEntry = {
      fromJSON(object) {
        return {
          logIndex: isSet(object.logIndex) ? globalThis.String(object.logIndex) : "0",
          logId: isSet(object.logId) ? sigstore_common_1.LogId.fromJSON(object.logId) : void 0,
          kindVersion: isSet(object.kindVersion) ? exports.KindVersion.fromJSON(object.kindVersion) : void 0,
          integratedTime: isSet(object.integratedTime) ? globalThis.String(object.integratedTime) : "0",
          inclusionPromise: isSet(object.inclusionPromise) ? exports.InclusionPromise.fromJSON(object.inclusionPromise) : void 0,
          inclusionProof: isSet(object.inclusionProof) ? exports.InclusionProof.fromJSON(object.inclusionProof) : void 0,
          canonicalizedBody: isSet(object.canonicalizedBody) ? Buffer.from(bytesFromBase64(object.canonicalizedBody)) : Buffer.alloc(0)
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.logIndex !== "0") {
          obj.logIndex = message.logIndex;
        }
        if (message.logId !== void 0) {
          obj.logId = sigstore_common_1.LogId.toJSON(message.logId);
        }
        if (message.kindVersion !== void 0) {
          obj.kindVersion = exports.KindVersion.toJSON(message.kindVersion);
        }
        if (message.integratedTime !== "0") {
          obj.integratedTime = message.integratedTime;
        }
        if (message.inclusionPromise !== void 0) {
          obj.inclusionPromise = exports.InclusionPromise.toJSON(message.inclusionPromise);
        }
        if (message.inclusionProof !== void 0) {
          obj.inclusionProof = exports.InclusionProof.toJSON(message.inclusionProof);
        }
        if (message.canonicalizedBody.length !== 0) {
          obj.canonicalizedBody = base64FromBytes(message.canonicalizedBody);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_bundle.js
var require_sigstore_bundle = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_bundle.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Bundle = exports.VerificationMaterial = exports.TimestampVerificationData = void 0;
    var envelope_1 = require_envelope();
    var sigstore_common_1 = require_sigstore_common();
    var sigstore_rekor_1 = require_sigstore_rekor();
    exports.TimestampVerificationData = {
      fromJSON(object) {
        return {
          rfc3161Timestamps: globalThis.Array.isArray(object?.rfc3161Timestamps) ? object.rfc3161Timestamps.map((e) => sigstore_common_1.RFC3161SignedTimestamp.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.rfc3161Timestamps?.length) {
          obj.rfc3161Timestamps = message.rfc3161Timestamps.map((e) => sigstore_common_1.RFC3161SignedTimestamp.toJSON(e));
        }
        return obj;
      }
    };
    exports.VerificationMaterial = {
      fromJSON(object) {
        return {
          content: isSet(object.publicKey) ? { $case: "publicKey", publicKey: sigstore_common_1.PublicKeyIdentifier.fromJSON(object.publicKey) } : isSet(object.x509CertificateChain) ? {
            $case: "x509CertificateChain",
            x509CertificateChain: sigstore_common_1.X509CertificateChain.fromJSON(object.x509CertificateChain)
          } : isSet(object.certificate) ? { $case: "certificate", certificate: sigstore_common_1.X509Certificate.fromJSON(object.certificate) } : void 0,
          tlogEntries: globalThis.Array.isArray(object?.tlogEntries) ? object.tlogEntries.map((e) => sigstore_rekor_1.TransparencyLogEntry.fromJSON(e)) : [],
          timestampVerificationData: isSet(object.timestampVerificationData) ? exports.TimestampVerificationData.fromJSON(object.timestampVerificationData) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.content?.$case === "publicKey") {
          obj.publicKey = sigstore_common_1.PublicKeyIdentifier.toJSON(message.content.publicKey);
        } else if (message.content?.$case === "x509CertificateChain") {
          obj.x509CertificateChain = sigstore_common_1.X509CertificateChain.toJSON(message.content.x509CertificateChain);
        } else if (message.content?.$case === "certificate") {
          obj.certificate = sigstore_common_1.X509Certificate.toJSON(message.content.certificate);
        }
        if (message.tlogEntries?.length) {
          obj.tlogEntries = message.tlogEntries.map((e) => sigstore_rekor_1.TransparencyLogEntry.toJSON(e));
        }
        if (message.timestampVerificationData !== void 0) {
          obj.timestampVerificationData = exports.TimestampVerificationData.toJSON(message.timestampVerificationData);
        }
        return obj;
      }
    };
    exports.Bundle = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          verificationMaterial: isSet(object.verificationMaterial) ? exports.VerificationMaterial.fromJSON(object.verificationMaterial) : void 0,
          content: isSet(object.messageSignature) ? { $case: "messageSignature", messageSignature: sigstore_common_1.MessageSignature.fromJSON(object.messageSignature) } : isSet(object.dsseEnvelope) ? { $case: "dsseEnvelope", dsseEnvelope: envelope_1.Envelope.fromJSON(object.dsseEnvelope) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.verificationMaterial !== void 0) {
          obj.verificationMaterial = exports.VerificationMaterial.toJSON(message.verificationMaterial);
        }
        if (message.content?.$case === "messageSignature") {
          obj.messageSignature = sigstore_common_1.MessageSignature.toJSON(message.content.messageSignature);
        } else if (message.content?.$case === "dsseEnvelope") {
          obj.dsseEnvelope = envelope_1.Envelope.toJSON(message.content.dsseEnvelope);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_trustroot.js
var require_sigstore_trustroot = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_trustroot.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ClientTrustConfig = exports.ServiceConfiguration = exports.Service = exports.SigningConfig = exports.TrustedRoot = exports.CertificateAuthority = exports.TransparencyLogInstance = exports.ServiceSelector = void 0;
    exports.serviceSelectorFromJSON = serviceSelectorFromJSON;
    exports.serviceSelectorToJSON = serviceSelectorToJSON;
    var sigstore_common_1 = require_sigstore_common();
    var ServiceSelector2;
    (function(ServiceSelector3) {
      ServiceSelector3[ServiceSelector3["SERVICE_SELECTOR_UNDEFINED"] = 0] = "SERVICE_SELECTOR_UNDEFINED";
      ServiceSelector3[ServiceSelector3["ALL"] = 1] = "ALL";
      ServiceSelector3[ServiceSelector3["ANY"] = 2] = "ANY";
      ServiceSelector3[ServiceSelector3["EXACT"] = 3] = "EXACT";
    })(ServiceSelector2 || (exports.ServiceSelector = ServiceSelector2 = {}));
    function serviceSelectorFromJSON(object) {
      switch (object) {
        case 0:
        case "SERVICE_SELECTOR_UNDEFINED":
          return ServiceSelector2.SERVICE_SELECTOR_UNDEFINED;
        case 1:
        case "ALL":
          return ServiceSelector2.ALL;
        case 2:
        case "ANY":
          return ServiceSelector2.ANY;
        case 3:
        case "EXACT":
          return ServiceSelector2.EXACT;
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum ServiceSelector");
      }
    }
    function serviceSelectorToJSON(object) {
      switch (object) {
        case ServiceSelector2.SERVICE_SELECTOR_UNDEFINED:
          return "SERVICE_SELECTOR_UNDEFINED";
        case ServiceSelector2.ALL:
          return "ALL";
        case ServiceSelector2.ANY:
          return "ANY";
        case ServiceSelector2.EXACT:
          return "EXACT";
        default:
          throw new globalThis.Error("Unrecognized enum value " + object + " for enum ServiceSelector");
      }
    }
    exports.TransparencyLogInstance = {
      fromJSON(object) {
        return {
          baseUrl: isSet(object.baseUrl) ? globalThis.String(object.baseUrl) : "",
          hashAlgorithm: isSet(object.hashAlgorithm) ? (0, sigstore_common_1.hashAlgorithmFromJSON)(object.hashAlgorithm) : 0,
          publicKey: isSet(object.publicKey) ? sigstore_common_1.PublicKey.fromJSON(object.publicKey) : void 0,
          logId: isSet(object.logId) ? sigstore_common_1.LogId.fromJSON(object.logId) : void 0,
          checkpointKeyId: isSet(object.checkpointKeyId) ? sigstore_common_1.LogId.fromJSON(object.checkpointKeyId) : void 0,
          operator: isSet(object.operator) ? globalThis.String(object.operator) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.baseUrl !== "") {
          obj.baseUrl = message.baseUrl;
        }
        if (message.hashAlgorithm !== 0) {
          obj.hashAlgorithm = (0, sigstore_common_1.hashAlgorithmToJSON)(message.hashAlgorithm);
        }
        if (message.publicKey !== void 0) {
          obj.publicKey = sigstore_common_1.PublicKey.toJSON(message.publicKey);
        }
        if (message.logId !== void 0) {
          obj.logId = sigstore_common_1.LogId.toJSON(message.logId);
        }
        if (message.checkpointKeyId !== void 0) {
          obj.checkpointKeyId = sigstore_common_1.LogId.toJSON(message.checkpointKeyId);
        }
        if (message.operator !== "") {
          obj.operator = message.operator;
        }
        return obj;
      }
    };
    exports.CertificateAuthority = {
      fromJSON(object) {
        return {
          subject: isSet(object.subject) ? sigstore_common_1.DistinguishedName.fromJSON(object.subject) : void 0,
          uri: isSet(object.uri) ? globalThis.String(object.uri) : "",
          certChain: isSet(object.certChain) ? sigstore_common_1.X509CertificateChain.fromJSON(object.certChain) : void 0,
          validFor: isSet(object.validFor) ? sigstore_common_1.TimeRange.fromJSON(object.validFor) : void 0,
          operator: isSet(object.operator) ? globalThis.String(object.operator) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.subject !== void 0) {
          obj.subject = sigstore_common_1.DistinguishedName.toJSON(message.subject);
        }
        if (message.uri !== "") {
          obj.uri = message.uri;
        }
        if (message.certChain !== void 0) {
          obj.certChain = sigstore_common_1.X509CertificateChain.toJSON(message.certChain);
        }
        if (message.validFor !== void 0) {
          obj.validFor = sigstore_common_1.TimeRange.toJSON(message.validFor);
        }
        if (message.operator !== "") {
          obj.operator = message.operator;
        }
        return obj;
      }
    };
    exports.TrustedRoot = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          tlogs: globalThis.Array.isArray(object?.tlogs) ? object.tlogs.map((e) => exports.TransparencyLogInstance.fromJSON(e)) : [],
          certificateAuthorities: globalThis.Array.isArray(object?.certificateAuthorities) ? object.certificateAuthorities.map((e) => exports.CertificateAuthority.fromJSON(e)) : [],
          ctlogs: globalThis.Array.isArray(object?.ctlogs) ? object.ctlogs.map((e) => exports.TransparencyLogInstance.fromJSON(e)) : [],
          timestampAuthorities: globalThis.Array.isArray(object?.timestampAuthorities) ? object.timestampAuthorities.map((e) => exports.CertificateAuthority.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.tlogs?.length) {
          obj.tlogs = message.tlogs.map((e) => exports.TransparencyLogInstance.toJSON(e));
        }
        if (message.certificateAuthorities?.length) {
          obj.certificateAuthorities = message.certificateAuthorities.map((e) => exports.CertificateAuthority.toJSON(e));
        }
        if (message.ctlogs?.length) {
          obj.ctlogs = message.ctlogs.map((e) => exports.TransparencyLogInstance.toJSON(e));
        }
        if (message.timestampAuthorities?.length) {
          obj.timestampAuthorities = message.timestampAuthorities.map((e) => exports.CertificateAuthority.toJSON(e));
        }
        return obj;
      }
    };
    exports.SigningConfig = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          caUrls: globalThis.Array.isArray(object?.caUrls) ? object.caUrls.map((e) => exports.Service.fromJSON(e)) : [],
          oidcUrls: globalThis.Array.isArray(object?.oidcUrls) ? object.oidcUrls.map((e) => exports.Service.fromJSON(e)) : [],
          rekorTlogUrls: globalThis.Array.isArray(object?.rekorTlogUrls) ? object.rekorTlogUrls.map((e) => exports.Service.fromJSON(e)) : [],
          rekorTlogConfig: isSet(object.rekorTlogConfig) ? exports.ServiceConfiguration.fromJSON(object.rekorTlogConfig) : void 0,
          tsaUrls: globalThis.Array.isArray(object?.tsaUrls) ? object.tsaUrls.map((e) => exports.Service.fromJSON(e)) : [],
          tsaConfig: isSet(object.tsaConfig) ? exports.ServiceConfiguration.fromJSON(object.tsaConfig) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.caUrls?.length) {
          obj.caUrls = message.caUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.oidcUrls?.length) {
          obj.oidcUrls = message.oidcUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.rekorTlogUrls?.length) {
          obj.rekorTlogUrls = message.rekorTlogUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.rekorTlogConfig !== void 0) {
          obj.rekorTlogConfig = exports.ServiceConfiguration.toJSON(message.rekorTlogConfig);
        }
        if (message.tsaUrls?.length) {
          obj.tsaUrls = message.tsaUrls.map((e) => exports.Service.toJSON(e));
        }
        if (message.tsaConfig !== void 0) {
          obj.tsaConfig = exports.ServiceConfiguration.toJSON(message.tsaConfig);
        }
        return obj;
      }
    };
    exports.Service = {
      fromJSON(object) {
        return {
          url: isSet(object.url) ? globalThis.String(object.url) : "",
          majorApiVersion: isSet(object.majorApiVersion) ? globalThis.Number(object.majorApiVersion) : 0,
          validFor: isSet(object.validFor) ? sigstore_common_1.TimeRange.fromJSON(object.validFor) : void 0,
          operator: isSet(object.operator) ? globalThis.String(object.operator) : ""
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.url !== "") {
          obj.url = message.url;
        }
        if (message.majorApiVersion !== 0) {
          obj.majorApiVersion = Math.round(message.majorApiVersion);
        }
        if (message.validFor !== void 0) {
          obj.validFor = sigstore_common_1.TimeRange.toJSON(message.validFor);
        }
        if (message.operator !== "") {
          obj.operator = message.operator;
        }
        return obj;
      }
    };
    exports.ServiceConfiguration = {
      fromJSON(object) {
        return {
          selector: isSet(object.selector) ? serviceSelectorFromJSON(object.selector) : 0,
          count: isSet(object.count) ? globalThis.Number(object.count) : 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.selector !== 0) {
          obj.selector = serviceSelectorToJSON(message.selector);
        }
        if (message.count !== 0) {
          obj.count = Math.round(message.count);
        }
        return obj;
      }
    };
    exports.ClientTrustConfig = {
      fromJSON(object) {
        return {
          mediaType: isSet(object.mediaType) ? globalThis.String(object.mediaType) : "",
          trustedRoot: isSet(object.trustedRoot) ? exports.TrustedRoot.fromJSON(object.trustedRoot) : void 0,
          signingConfig: isSet(object.signingConfig) ? exports.SigningConfig.fromJSON(object.signingConfig) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.mediaType !== "") {
          obj.mediaType = message.mediaType;
        }
        if (message.trustedRoot !== void 0) {
          obj.trustedRoot = exports.TrustedRoot.toJSON(message.trustedRoot);
        }
        if (message.signingConfig !== void 0) {
          obj.signingConfig = exports.SigningConfig.toJSON(message.signingConfig);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_verification.js
var require_sigstore_verification = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/sigstore_verification.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Input = exports.Artifact = exports.ArtifactVerificationOptions_ObserverTimestampOptions = exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions = exports.ArtifactVerificationOptions_TimestampAuthorityOptions = exports.ArtifactVerificationOptions_CtlogOptions = exports.ArtifactVerificationOptions_TlogOptions = exports.ArtifactVerificationOptions = exports.PublicKeyIdentities = exports.CertificateIdentities = exports.CertificateIdentity = void 0;
    var sigstore_bundle_1 = require_sigstore_bundle();
    var sigstore_common_1 = require_sigstore_common();
    var sigstore_trustroot_1 = require_sigstore_trustroot();
    exports.CertificateIdentity = {
      fromJSON(object) {
        return {
          issuer: isSet(object.issuer) ? globalThis.String(object.issuer) : "",
          san: isSet(object.san) ? sigstore_common_1.SubjectAlternativeName.fromJSON(object.san) : void 0,
          oids: globalThis.Array.isArray(object?.oids) ? object.oids.map((e) => sigstore_common_1.ObjectIdentifierValuePair.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.issuer !== "") {
          obj.issuer = message.issuer;
        }
        if (message.san !== void 0) {
          obj.san = sigstore_common_1.SubjectAlternativeName.toJSON(message.san);
        }
        if (message.oids?.length) {
          obj.oids = message.oids.map((e) => sigstore_common_1.ObjectIdentifierValuePair.toJSON(e));
        }
        return obj;
      }
    };
    exports.CertificateIdentities = {
      fromJSON(object) {
        return {
          identities: globalThis.Array.isArray(object?.identities) ? object.identities.map((e) => exports.CertificateIdentity.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.identities?.length) {
          obj.identities = message.identities.map((e) => exports.CertificateIdentity.toJSON(e));
        }
        return obj;
      }
    };
    exports.PublicKeyIdentities = {
      fromJSON(object) {
        return {
          publicKeys: globalThis.Array.isArray(object?.publicKeys) ? object.publicKeys.map((e) => sigstore_common_1.PublicKey.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.publicKeys?.length) {
          obj.publicKeys = message.publicKeys.map((e) => sigstore_common_1.PublicKey.toJSON(e));
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions = {
      fromJSON(object) {
        return {
          signers: isSet(object.certificateIdentities) ? {
            $case: "certificateIdentities",
            certificateIdentities: exports.CertificateIdentities.fromJSON(object.certificateIdentities)
          } : isSet(object.publicKeys) ? { $case: "publicKeys", publicKeys: exports.PublicKeyIdentities.fromJSON(object.publicKeys) } : void 0,
          tlogOptions: isSet(object.tlogOptions) ? exports.ArtifactVerificationOptions_TlogOptions.fromJSON(object.tlogOptions) : void 0,
          ctlogOptions: isSet(object.ctlogOptions) ? exports.ArtifactVerificationOptions_CtlogOptions.fromJSON(object.ctlogOptions) : void 0,
          tsaOptions: isSet(object.tsaOptions) ? exports.ArtifactVerificationOptions_TimestampAuthorityOptions.fromJSON(object.tsaOptions) : void 0,
          integratedTsOptions: isSet(object.integratedTsOptions) ? exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions.fromJSON(object.integratedTsOptions) : void 0,
          observerOptions: isSet(object.observerOptions) ? exports.ArtifactVerificationOptions_ObserverTimestampOptions.fromJSON(object.observerOptions) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.signers?.$case === "certificateIdentities") {
          obj.certificateIdentities = exports.CertificateIdentities.toJSON(message.signers.certificateIdentities);
        } else if (message.signers?.$case === "publicKeys") {
          obj.publicKeys = exports.PublicKeyIdentities.toJSON(message.signers.publicKeys);
        }
        if (message.tlogOptions !== void 0) {
          obj.tlogOptions = exports.ArtifactVerificationOptions_TlogOptions.toJSON(message.tlogOptions);
        }
        if (message.ctlogOptions !== void 0) {
          obj.ctlogOptions = exports.ArtifactVerificationOptions_CtlogOptions.toJSON(message.ctlogOptions);
        }
        if (message.tsaOptions !== void 0) {
          obj.tsaOptions = exports.ArtifactVerificationOptions_TimestampAuthorityOptions.toJSON(message.tsaOptions);
        }
        if (message.integratedTsOptions !== void 0) {
          obj.integratedTsOptions = exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions.toJSON(message.integratedTsOptions);
        }
        if (message.observerOptions !== void 0) {
          obj.observerOptions = exports.ArtifactVerificationOptions_ObserverTimestampOptions.toJSON(message.observerOptions);
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_TlogOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          performOnlineVerification: isSet(object.performOnlineVerification) ? globalThis.Boolean(object.performOnlineVerification) : false,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.performOnlineVerification !== false) {
          obj.performOnlineVerification = message.performOnlineVerification;
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_CtlogOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_TimestampAuthorityOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_TlogIntegratedTimestampOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.ArtifactVerificationOptions_ObserverTimestampOptions = {
      fromJSON(object) {
        return {
          threshold: isSet(object.threshold) ? globalThis.Number(object.threshold) : 0,
          disable: isSet(object.disable) ? globalThis.Boolean(object.disable) : false
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.threshold !== 0) {
          obj.threshold = Math.round(message.threshold);
        }
        if (message.disable !== false) {
          obj.disable = message.disable;
        }
        return obj;
      }
    };
    exports.Artifact = {
      fromJSON(object) {
        return {
          data: isSet(object.artifactUri) ? { $case: "artifactUri", artifactUri: globalThis.String(object.artifactUri) } : isSet(object.artifact) ? { $case: "artifact", artifact: Buffer.from(bytesFromBase64(object.artifact)) } : isSet(object.artifactDigest) ? { $case: "artifactDigest", artifactDigest: sigstore_common_1.HashOutput.fromJSON(object.artifactDigest) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.data?.$case === "artifactUri") {
          obj.artifactUri = message.data.artifactUri;
        } else if (message.data?.$case === "artifact") {
          obj.artifact = base64FromBytes(message.data.artifact);
        } else if (message.data?.$case === "artifactDigest") {
          obj.artifactDigest = sigstore_common_1.HashOutput.toJSON(message.data.artifactDigest);
        }
        return obj;
      }
    };
    exports.Input = {
      fromJSON(object) {
        return {
          artifactTrustRoot: isSet(object.artifactTrustRoot) ? sigstore_trustroot_1.TrustedRoot.fromJSON(object.artifactTrustRoot) : void 0,
          artifactVerificationOptions: isSet(object.artifactVerificationOptions) ? exports.ArtifactVerificationOptions.fromJSON(object.artifactVerificationOptions) : void 0,
          bundle: isSet(object.bundle) ? sigstore_bundle_1.Bundle.fromJSON(object.bundle) : void 0,
          artifact: isSet(object.artifact) ? exports.Artifact.fromJSON(object.artifact) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.artifactTrustRoot !== void 0) {
          obj.artifactTrustRoot = sigstore_trustroot_1.TrustedRoot.toJSON(message.artifactTrustRoot);
        }
        if (message.artifactVerificationOptions !== void 0) {
          obj.artifactVerificationOptions = exports.ArtifactVerificationOptions.toJSON(message.artifactVerificationOptions);
        }
        if (message.bundle !== void 0) {
          obj.bundle = sigstore_bundle_1.Bundle.toJSON(message.bundle);
        }
        if (message.artifact !== void 0) {
          obj.artifact = exports.Artifact.toJSON(message.artifact);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/index.js
var require_dist = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/index.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __exportStar = exports && exports.__exportStar || function(m, exports2) {
      for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports2, p)) __createBinding(exports2, m, p);
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    __exportStar(require_envelope(), exports);
    __exportStar(require_sigstore_bundle(), exports);
    __exportStar(require_sigstore_common(), exports);
    __exportStar(require_sigstore_rekor(), exports);
    __exportStar(require_sigstore_trustroot(), exports);
    __exportStar(require_sigstore_verification(), exports);
  }
});

// src/text/file-kind.ts
function kindOfText(text2) {
  return KINDS.find(([pattern]) => pattern.test(text2))?.[1] ?? "text of another kind";
}
function whyUnreadable(code2) {
  if (code2 === "ENOENT") return "it does not exist";
  return code2 === "EISDIR" ? "it is a directory" : `it cannot be read (${code2 ?? "unknown error"})`;
}
var KINDS;
var init_file_kind = __esm({
  "src/text/file-kind.ts"() {
    "use strict";
    KINDS = [
      [/^\s*$/, "empty"],
      [/^\ufeff|\0/, "text in UTF-16 or with a byte order mark, as PowerShell writes it"],
      [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, "a private key"],
      [/-----BEGIN [A-Z0-9 ]*CERTIFICATE/, "a certificate"],
      [/-----BEGIN PGP /, "a PGP key or signature"],
      [/-----BEGIN [A-Z0-9 ]*PUBLIC KEY/, "a public key"],
      [/^\s*(ssh-|ecdsa-sha2-|sk-ssh-)\S+ \S/, "an SSH key"],
      [/^\s*<(!doctype|html|\?xml)/i, "a web page"],
      [/^\s*[{[]/, "JSON, or the beginning of it"],
      [/^\s*(#.*\n\s*|---\s*\n\s*)*["'\w./-]+:(\s|$)/, "YAML"],
      [/\ufffd/, "a binary file"]
    ];
  }
});

// src/sigstore/document-kind.ts
function kindOfDocument(json) {
  if (!isRecord(json)) return "JSON, but not an object";
  const { mediaType, signed, kind, apiVersion } = json;
  const type = typeof mediaType === "string" ? mediaType : "";
  if (type.includes("clienttrustconfig") || "trustedRoot" in json && "signingConfig" in json)
    return "a client trust configuration, which contains a trusted root and a signing configuration";
  if (type.includes("trustedroot") || "certificateAuthorities" in json)
    return "a trusted root, which says whom to trust";
  if (type.includes("signingconfig") || "caUrls" in json || "rekorTlogUrls" in json)
    return "a signing configuration, which says where to sign";
  if (type.includes("sigstore.bundle") || "verificationMaterial" in json)
    return "a Sigstore bundle";
  if (isRecord(signed) && typeof signed["_type"] === "string")
    return `TUF metadata of the role "${signed["_type"].slice(0, 20)}"`;
  if (typeof kind === "string" && typeof apiVersion === "string")
    return `a Kubernetes resource of kind "${kind.slice(0, 40)}"`;
  return "JSON of another kind";
}
var init_document_kind = __esm({
  "src/sigstore/document-kind.ts"() {
    "use strict";
    init_json();
  }
});

// src/sigstore/trust/instances.ts
var PUBLIC_GOOD, GITHUB;
var init_instances = __esm({
  "src/sigstore/trust/instances.ts"() {
    "use strict";
    PUBLIC_GOOD = {
      tuf: {
        mirror: "https://tuf-repo-cdn.sigstore.dev",
        firstRoot: {
          version: 16,
          sha256: "9d12e93b2cdc62bc149b3c3f9c0fee25d3e4eda97e8412f0f20fc981489a0604"
        }
      },
      /** Name of the signing configuration among the targets of the repository. */
      signingConfig: "signing_config.v0.2.json"
    };
    GITHUB = {
      tuf: {
        mirror: "https://tuf-repo.github.com",
        firstRoot: {
          version: 3,
          sha256: "9befe6d9f07563f70aaa658485f78d0943c5ba5cb2e03f3aaaaba34fe35ad688"
        }
      }
    };
  }
});

// src/sigstore/sign/signing-config.ts
import { readFile } from "node:fs/promises";
async function servicesFromFile(path) {
  const text2 = await readFile(path, "utf8").catch((error2) => {
    throw unusable(path, whyUnreadable(codeOf(error2)));
  });
  return selectServices(text2, path, /* @__PURE__ */ new Date());
}
async function servicesFromTuf(readTarget2) {
  return selectServices(
    await readTarget2(PUBLIC_GOOD.signingConfig),
    PUBLIC_GOOD.signingConfig,
    /* @__PURE__ */ new Date()
  );
}
function selectServices(text2, from, now) {
  const json = parseJson(text2);
  if (!isRecord(json) || json["mediaType"] !== MEDIA_TYPE)
    throw unusable(
      from,
      `it is ${json === void 0 ? kindOfText(text2) : kindOfDocument(json)}, not one of type ${MEDIA_TYPE}`
    );
  const config = parse(json, from);
  for (const { url } of [...config.caUrls, ...config.rekorTlogUrls, ...config.tsaUrls]) {
    assertSafe(url, from);
  }
  const usable2 = (services, versions) => newestVersion(
    services.filter((service) => isOpen(service, now)),
    versions
  );
  const [fulcio] = usable2(config.caUrls, [1]);
  const logs = choose(usable2(config.rekorTlogUrls, [1, 2]), config.rekorTlogConfig);
  const authorities = choose(usable2(config.tsaUrls, [1]), config.tsaConfig);
  if (!fulcio) throw unusable(from, "it names no certificate authority that is in use");
  if (!logs || !authorities)
    throw unusable(from, "its selectors ask for more services than are in use");
  if (logs.length + authorities.length === 0)
    throw unusable(from, "it names neither a log nor a timestamp authority that is in use");
  return {
    fulcio: trimmed(fulcio.url),
    logs: logs.map(({ url, majorApiVersion }) => ({
      url: trimmed(url),
      version: majorApiVersion === 2 ? 2 : 1
    })),
    timestampAuthorities: authorities.map(({ url }) => url)
  };
}
function parse(json, from) {
  try {
    return import_protobuf_specs.SigningConfig.fromJSON(json);
  } catch (error2) {
    throw unusable(from, `it is malformed: ${messageOf(error2)}`);
  }
}
function assertSafe(address, from) {
  const url = URL.parse(address);
  if (!url) throw unusable(from, `"${address}" is not an address`);
  if (url.username !== "" || url.password !== "") {
    throw unusable(from, `the address of "${url.host}" contains a user name or a password`);
  }
  if (isSecure(url)) return;
  throw new ActionError("input", "INPUT_UNSAFE", {
    message: `Cannot use the signing configuration "${from}": "${address}" is not https`,
    remedy: "use an https address; plain http is only allowed for services on this machine"
  });
}
function isOpen({ validFor }, now) {
  return validFor?.start !== void 0 && validFor.start <= now && (validFor.end === void 0 || now <= validFor.end);
}
function newestVersion(services, versions) {
  const version = Math.max(
    ...services.map(({ majorApiVersion }) => majorApiVersion).filter((candidate) => versions.includes(candidate))
  );
  const started = ({ validFor }) => validFor?.start?.getTime() ?? 0;
  const newest = services.filter(({ majorApiVersion }) => majorApiVersion === version).sort((a, b) => started(b) - started(a));
  return newest.filter(
    (service, index) => service.operator === "" || newest.findIndex(({ operator }) => operator === service.operator) === index
  );
}
function choose(services, config) {
  if (services.length === 0)
    return config?.selector === import_protobuf_specs.ServiceSelector.EXACT && config.count > 0 ? void 0 : [];
  switch (config?.selector) {
    case import_protobuf_specs.ServiceSelector.ALL:
      return services;
    case import_protobuf_specs.ServiceSelector.ANY:
      return services.slice(0, 1);
    case import_protobuf_specs.ServiceSelector.EXACT:
      return services.length < config.count ? void 0 : services.slice(0, config.count);
    default:
      return void 0;
  }
}
function trimmed(url) {
  return url.replace(/\/+$/, "");
}
function unusable(from, state) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot use the signing configuration "${from}": ${state}`,
    remedy: 'set "sigstore" to public-good or to the path of a signing_config.json, for example from "cosign signing-config create"'
  });
}
var import_protobuf_specs, MEDIA_TYPE;
var init_signing_config = __esm({
  "src/sigstore/sign/signing-config.ts"() {
    "use strict";
    import_protobuf_specs = __toESM(require_dist(), 1);
    init_errors();
    init_addresses();
    init_file_kind();
    init_json();
    init_document_kind();
    init_instances();
    MEDIA_TYPE = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
  }
});

// node_modules/@sigstore/bundle/dist/bundle.js
var require_bundle = __commonJS({
  "node_modules/@sigstore/bundle/dist/bundle.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.BUNDLE_V03_MEDIA_TYPE = exports.BUNDLE_V03_LEGACY_MEDIA_TYPE = exports.BUNDLE_V02_MEDIA_TYPE = exports.BUNDLE_V01_MEDIA_TYPE = void 0;
    exports.isBundleWithCertificateChain = isBundleWithCertificateChain;
    exports.isBundleWithPublicKey = isBundleWithPublicKey;
    exports.isBundleWithMessageSignature = isBundleWithMessageSignature;
    exports.isBundleWithDsseEnvelope = isBundleWithDsseEnvelope;
    exports.BUNDLE_V01_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.1";
    exports.BUNDLE_V02_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.2";
    exports.BUNDLE_V03_LEGACY_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.3";
    exports.BUNDLE_V03_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    function isBundleWithCertificateChain(b) {
      return b.verificationMaterial.content.$case === "x509CertificateChain";
    }
    function isBundleWithPublicKey(b) {
      return b.verificationMaterial.content.$case === "publicKey";
    }
    function isBundleWithMessageSignature(b) {
      return b.content.$case === "messageSignature";
    }
    function isBundleWithDsseEnvelope(b) {
      return b.content.$case === "dsseEnvelope";
    }
  }
});

// node_modules/@sigstore/bundle/dist/build.js
var require_build = __commonJS({
  "node_modules/@sigstore/bundle/dist/build.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toMessageSignatureBundle = toMessageSignatureBundle;
    exports.toDSSEBundle = toDSSEBundle;
    var protobuf_specs_1 = require_dist();
    var bundle_1 = require_bundle();
    function toMessageSignatureBundle(options) {
      return {
        mediaType: options.certificateChain ? bundle_1.BUNDLE_V02_MEDIA_TYPE : bundle_1.BUNDLE_V03_MEDIA_TYPE,
        content: {
          $case: "messageSignature",
          messageSignature: {
            messageDigest: {
              algorithm: protobuf_specs_1.HashAlgorithm.SHA2_256,
              digest: options.digest
            },
            signature: options.signature
          }
        },
        verificationMaterial: toVerificationMaterial(options)
      };
    }
    function toDSSEBundle(options) {
      return {
        mediaType: options.certificateChain ? bundle_1.BUNDLE_V02_MEDIA_TYPE : bundle_1.BUNDLE_V03_MEDIA_TYPE,
        content: {
          $case: "dsseEnvelope",
          dsseEnvelope: toEnvelope(options)
        },
        verificationMaterial: toVerificationMaterial(options)
      };
    }
    function toEnvelope(options) {
      return {
        payloadType: options.artifactType,
        payload: options.artifact,
        signatures: [toSignature(options)]
      };
    }
    function toSignature(options) {
      return {
        keyid: options.keyHint || "",
        sig: options.signature
      };
    }
    function toVerificationMaterial(options) {
      return {
        content: toKeyContent(options),
        tlogEntries: [],
        timestampVerificationData: { rfc3161Timestamps: [] }
      };
    }
    function toKeyContent(options) {
      if (options.certificate) {
        if (options.certificateChain) {
          return {
            $case: "x509CertificateChain",
            x509CertificateChain: {
              certificates: [{ rawBytes: options.certificate }]
            }
          };
        } else {
          return {
            $case: "certificate",
            certificate: { rawBytes: options.certificate }
          };
        }
      } else {
        return {
          $case: "publicKey",
          publicKey: {
            hint: options.keyHint || ""
          }
        };
      }
    }
  }
});

// node_modules/@sigstore/bundle/dist/error.js
var require_error = __commonJS({
  "node_modules/@sigstore/bundle/dist/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ValidationError = void 0;
    var ValidationError2 = class extends Error {
      fields;
      constructor(message, fields) {
        super(message);
        this.fields = fields;
      }
    };
    exports.ValidationError = ValidationError2;
  }
});

// node_modules/@sigstore/bundle/dist/validate.js
var require_validate = __commonJS({
  "node_modules/@sigstore/bundle/dist/validate.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.assertBundle = assertBundle;
    exports.assertBundleV01 = assertBundleV01;
    exports.isBundleV01 = isBundleV01;
    exports.assertBundleV02 = assertBundleV02;
    exports.assertBundleLatest = assertBundleLatest;
    var error_1 = require_error();
    function assertBundle(b) {
      const invalidValues = validateBundleBase(b);
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid bundle", invalidValues);
      }
    }
    function assertBundleV01(b) {
      const invalidValues = [];
      invalidValues.push(...validateBundleBase(b));
      invalidValues.push(...validateInclusionPromise(b));
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid v0.1 bundle", invalidValues);
      }
    }
    function isBundleV01(b) {
      try {
        assertBundleV01(b);
        return true;
      } catch (e) {
        return false;
      }
    }
    function assertBundleV02(b) {
      const invalidValues = [];
      invalidValues.push(...validateBundleBase(b));
      invalidValues.push(...validateInclusionProof(b));
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid v0.2 bundle", invalidValues);
      }
    }
    function assertBundleLatest(b) {
      const invalidValues = [];
      invalidValues.push(...validateBundleBase(b));
      invalidValues.push(...validateInclusionProof(b));
      invalidValues.push(...validateNoCertificateChain(b));
      if (invalidValues.length > 0) {
        throw new error_1.ValidationError("invalid bundle", invalidValues);
      }
    }
    function validateBundleBase(b) {
      const invalidValues = [];
      if (b.mediaType === void 0 || !b.mediaType.match(/^application\/vnd\.dev\.sigstore\.bundle\+json;version=\d\.\d/) && !b.mediaType.match(/^application\/vnd\.dev\.sigstore\.bundle\.v\d\.\d\+json/)) {
        invalidValues.push("mediaType");
      }
      if (b.content === void 0) {
        invalidValues.push("content");
      } else {
        switch (b.content.$case) {
          case "messageSignature":
            if (b.content.messageSignature.messageDigest === void 0) {
              invalidValues.push("content.messageSignature.messageDigest");
            } else {
              if (b.content.messageSignature.messageDigest.digest.length === 0) {
                invalidValues.push("content.messageSignature.messageDigest.digest");
              }
            }
            if (b.content.messageSignature.signature.length === 0) {
              invalidValues.push("content.messageSignature.signature");
            }
            break;
          case "dsseEnvelope":
            if (b.content.dsseEnvelope.payload.length === 0) {
              invalidValues.push("content.dsseEnvelope.payload");
            }
            if (b.content.dsseEnvelope.signatures.length !== 1) {
              invalidValues.push("content.dsseEnvelope.signatures");
            } else {
              if (b.content.dsseEnvelope.signatures[0].sig.length === 0) {
                invalidValues.push("content.dsseEnvelope.signatures[0].sig");
              }
            }
            break;
        }
      }
      if (b.verificationMaterial === void 0) {
        invalidValues.push("verificationMaterial");
      } else {
        if (b.verificationMaterial.content === void 0) {
          invalidValues.push("verificationMaterial.content");
        } else {
          switch (b.verificationMaterial.content.$case) {
            case "x509CertificateChain":
              if (b.verificationMaterial.content.x509CertificateChain.certificates.length === 0) {
                invalidValues.push("verificationMaterial.content.x509CertificateChain.certificates");
              }
              b.verificationMaterial.content.x509CertificateChain.certificates.forEach((cert, i) => {
                if (cert.rawBytes.length === 0) {
                  invalidValues.push(`verificationMaterial.content.x509CertificateChain.certificates[${i}].rawBytes`);
                }
              });
              break;
            case "certificate":
              if (b.verificationMaterial.content.certificate.rawBytes.length === 0) {
                invalidValues.push("verificationMaterial.content.certificate.rawBytes");
              }
              break;
          }
        }
        if (b.verificationMaterial.tlogEntries === void 0) {
          invalidValues.push("verificationMaterial.tlogEntries");
        } else {
          if (b.verificationMaterial.tlogEntries.length > 0) {
            b.verificationMaterial.tlogEntries.forEach((entry, i) => {
              if (entry.logId === void 0) {
                invalidValues.push(`verificationMaterial.tlogEntries[${i}].logId`);
              }
              if (entry.kindVersion === void 0) {
                invalidValues.push(`verificationMaterial.tlogEntries[${i}].kindVersion`);
              }
            });
          }
        }
      }
      return invalidValues;
    }
    function validateInclusionPromise(b) {
      const invalidValues = [];
      if (b.verificationMaterial && b.verificationMaterial.tlogEntries?.length > 0) {
        b.verificationMaterial.tlogEntries.forEach((entry, i) => {
          if (entry.inclusionPromise === void 0) {
            invalidValues.push(`verificationMaterial.tlogEntries[${i}].inclusionPromise`);
          }
        });
      }
      return invalidValues;
    }
    function validateInclusionProof(b) {
      const invalidValues = [];
      if (b.verificationMaterial && b.verificationMaterial.tlogEntries?.length > 0) {
        b.verificationMaterial.tlogEntries.forEach((entry, i) => {
          if (entry.inclusionProof === void 0) {
            invalidValues.push(`verificationMaterial.tlogEntries[${i}].inclusionProof`);
          } else {
            if (entry.inclusionProof.checkpoint === void 0) {
              invalidValues.push(`verificationMaterial.tlogEntries[${i}].inclusionProof.checkpoint`);
            }
          }
        });
      }
      return invalidValues;
    }
    function validateNoCertificateChain(b) {
      const invalidValues = [];
      if (b.verificationMaterial?.content?.$case === "x509CertificateChain") {
        invalidValues.push("verificationMaterial.content.$case");
      }
      return invalidValues;
    }
  }
});

// node_modules/@sigstore/bundle/dist/serialized.js
var require_serialized = __commonJS({
  "node_modules/@sigstore/bundle/dist/serialized.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.envelopeToJSON = exports.envelopeFromJSON = exports.bundleToJSON = exports.bundleFromJSON = void 0;
    var protobuf_specs_1 = require_dist();
    var bundle_1 = require_bundle();
    var validate_1 = require_validate();
    var bundleFromJSON2 = (obj) => {
      const bundle = protobuf_specs_1.Bundle.fromJSON(obj);
      switch (bundle.mediaType) {
        case bundle_1.BUNDLE_V01_MEDIA_TYPE:
          (0, validate_1.assertBundleV01)(bundle);
          break;
        case bundle_1.BUNDLE_V02_MEDIA_TYPE:
          (0, validate_1.assertBundleV02)(bundle);
          break;
        default:
          (0, validate_1.assertBundleLatest)(bundle);
          break;
      }
      return bundle;
    };
    exports.bundleFromJSON = bundleFromJSON2;
    var bundleToJSON2 = (bundle) => {
      return protobuf_specs_1.Bundle.toJSON(bundle);
    };
    exports.bundleToJSON = bundleToJSON2;
    var envelopeFromJSON = (obj) => {
      return protobuf_specs_1.Envelope.fromJSON(obj);
    };
    exports.envelopeFromJSON = envelopeFromJSON;
    var envelopeToJSON2 = (envelope) => {
      return protobuf_specs_1.Envelope.toJSON(envelope);
    };
    exports.envelopeToJSON = envelopeToJSON2;
  }
});

// node_modules/@sigstore/bundle/dist/index.js
var require_dist2 = __commonJS({
  "node_modules/@sigstore/bundle/dist/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.isBundleV01 = exports.assertBundleV02 = exports.assertBundleV01 = exports.assertBundleLatest = exports.assertBundle = exports.envelopeToJSON = exports.envelopeFromJSON = exports.bundleToJSON = exports.bundleFromJSON = exports.ValidationError = exports.isBundleWithPublicKey = exports.isBundleWithMessageSignature = exports.isBundleWithDsseEnvelope = exports.isBundleWithCertificateChain = exports.BUNDLE_V03_MEDIA_TYPE = exports.BUNDLE_V03_LEGACY_MEDIA_TYPE = exports.BUNDLE_V02_MEDIA_TYPE = exports.BUNDLE_V01_MEDIA_TYPE = exports.toMessageSignatureBundle = exports.toDSSEBundle = void 0;
    var build_1 = require_build();
    Object.defineProperty(exports, "toDSSEBundle", { enumerable: true, get: function() {
      return build_1.toDSSEBundle;
    } });
    Object.defineProperty(exports, "toMessageSignatureBundle", { enumerable: true, get: function() {
      return build_1.toMessageSignatureBundle;
    } });
    var bundle_1 = require_bundle();
    Object.defineProperty(exports, "BUNDLE_V01_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V01_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "BUNDLE_V02_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V02_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "BUNDLE_V03_LEGACY_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V03_LEGACY_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "BUNDLE_V03_MEDIA_TYPE", { enumerable: true, get: function() {
      return bundle_1.BUNDLE_V03_MEDIA_TYPE;
    } });
    Object.defineProperty(exports, "isBundleWithCertificateChain", { enumerable: true, get: function() {
      return bundle_1.isBundleWithCertificateChain;
    } });
    Object.defineProperty(exports, "isBundleWithDsseEnvelope", { enumerable: true, get: function() {
      return bundle_1.isBundleWithDsseEnvelope;
    } });
    Object.defineProperty(exports, "isBundleWithMessageSignature", { enumerable: true, get: function() {
      return bundle_1.isBundleWithMessageSignature;
    } });
    Object.defineProperty(exports, "isBundleWithPublicKey", { enumerable: true, get: function() {
      return bundle_1.isBundleWithPublicKey;
    } });
    var error_1 = require_error();
    Object.defineProperty(exports, "ValidationError", { enumerable: true, get: function() {
      return error_1.ValidationError;
    } });
    var serialized_1 = require_serialized();
    Object.defineProperty(exports, "bundleFromJSON", { enumerable: true, get: function() {
      return serialized_1.bundleFromJSON;
    } });
    Object.defineProperty(exports, "bundleToJSON", { enumerable: true, get: function() {
      return serialized_1.bundleToJSON;
    } });
    Object.defineProperty(exports, "envelopeFromJSON", { enumerable: true, get: function() {
      return serialized_1.envelopeFromJSON;
    } });
    Object.defineProperty(exports, "envelopeToJSON", { enumerable: true, get: function() {
      return serialized_1.envelopeToJSON;
    } });
    var validate_1 = require_validate();
    Object.defineProperty(exports, "assertBundle", { enumerable: true, get: function() {
      return validate_1.assertBundle;
    } });
    Object.defineProperty(exports, "assertBundleLatest", { enumerable: true, get: function() {
      return validate_1.assertBundleLatest;
    } });
    Object.defineProperty(exports, "assertBundleV01", { enumerable: true, get: function() {
      return validate_1.assertBundleV01;
    } });
    Object.defineProperty(exports, "assertBundleV02", { enumerable: true, get: function() {
      return validate_1.assertBundleV02;
    } });
    Object.defineProperty(exports, "isBundleV01", { enumerable: true, get: function() {
      return validate_1.isBundleV01;
    } });
  }
});

// node_modules/@sigstore/core/dist/stream.js
var require_stream = __commonJS({
  "node_modules/@sigstore/core/dist/stream.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ByteStream = void 0;
    var StreamError = class extends Error {
    };
    var ByteStream = class _ByteStream {
      static BLOCK_SIZE = 1024;
      buf;
      view;
      start = 0;
      constructor(buffer) {
        if (buffer) {
          this.buf = buffer;
          this.view = Buffer.from(buffer);
        } else {
          this.buf = Buffer.alloc(0);
          this.view = Buffer.from(this.buf);
        }
      }
      get buffer() {
        return this.view.subarray(0, this.start);
      }
      get length() {
        return this.view.byteLength;
      }
      get position() {
        return this.start;
      }
      seek(position) {
        this.start = position;
      }
      // Returns a Buffer containing the specified number of bytes starting at the
      // given start position.
      slice(start, len) {
        const end2 = start + len;
        if (end2 > this.length) {
          throw new StreamError("request past end of buffer");
        }
        return this.view.subarray(start, end2);
      }
      appendChar(char) {
        this.ensureCapacity(1);
        this.view[this.start] = char;
        this.start += 1;
      }
      appendUint16(num) {
        this.ensureCapacity(2);
        const value = new Uint16Array([num]);
        const view = new Uint8Array(value.buffer);
        this.view[this.start] = view[1];
        this.view[this.start + 1] = view[0];
        this.start += 2;
      }
      appendUint24(num) {
        this.ensureCapacity(3);
        const value = new Uint32Array([num]);
        const view = new Uint8Array(value.buffer);
        this.view[this.start] = view[2];
        this.view[this.start + 1] = view[1];
        this.view[this.start + 2] = view[0];
        this.start += 3;
      }
      appendView(view) {
        this.ensureCapacity(view.length);
        this.view.set(view, this.start);
        this.start += view.length;
      }
      getBlock(size) {
        if (size <= 0) {
          return Buffer.alloc(0);
        }
        if (this.start + size > this.view.length) {
          throw new Error("request past end of buffer");
        }
        const result = this.view.subarray(this.start, this.start + size);
        this.start += size;
        return result;
      }
      getUint8() {
        return this.getBlock(1)[0];
      }
      getUint16() {
        const block = this.getBlock(2);
        return block[0] << 8 | block[1];
      }
      ensureCapacity(size) {
        if (this.start + size > this.view.byteLength) {
          const blockSize = _ByteStream.BLOCK_SIZE + (size > _ByteStream.BLOCK_SIZE ? size : 0);
          this.realloc(this.view.byteLength + blockSize);
        }
      }
      realloc(size) {
        const newArray = Buffer.alloc(size);
        const newView = Buffer.from(newArray);
        newView.set(this.view);
        this.buf = newArray;
        this.view = newView;
      }
    };
    exports.ByteStream = ByteStream;
  }
});

// node_modules/@sigstore/core/dist/asn1/error.js
var require_error2 = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1TypeError = exports.ASN1ParseError = void 0;
    var ASN1ParseError = class extends Error {
    };
    exports.ASN1ParseError = ASN1ParseError;
    var ASN1TypeError = class extends Error {
    };
    exports.ASN1TypeError = ASN1TypeError;
  }
});

// node_modules/@sigstore/core/dist/asn1/length.js
var require_length = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.decodeLength = decodeLength;
    exports.encodeLength = encodeLength;
    var error_1 = require_error2();
    function decodeLength(stream) {
      const buf = stream.getUint8();
      if ((buf & 128) === 0) {
        return buf;
      }
      const byteCount = buf & 127;
      if (byteCount > 6) {
        throw new error_1.ASN1ParseError("length exceeds 6 byte limit");
      }
      let len = 0;
      for (let i = 0; i < byteCount; i++) {
        const byte = stream.getUint8();
        if (i === 0 && byte === 0) {
          throw new error_1.ASN1ParseError("non-minimal length encoding");
        }
        len = len * 256 + byte;
      }
      if (len === 0) {
        throw new error_1.ASN1ParseError("indefinite length encoding not supported");
      }
      if (len < 128) {
        throw new error_1.ASN1ParseError("non-minimal length encoding");
      }
      return len;
    }
    function encodeLength(len) {
      if (len < 128) {
        return Buffer.from([len]);
      }
      let val = BigInt(len);
      const bytes = [];
      while (val > 0n) {
        bytes.unshift(Number(val & 255n));
        val = val >> 8n;
      }
      return Buffer.from([128 | bytes.length, ...bytes]);
    }
  }
});

// node_modules/@sigstore/core/dist/asn1/parse.js
var require_parse = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/parse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.parseInteger = parseInteger;
    exports.parseStringASCII = parseStringASCII;
    exports.parseTime = parseTime;
    exports.parseOID = parseOID;
    exports.parseBoolean = parseBoolean;
    exports.parseBitString = parseBitString;
    var error_1 = require_error2();
    var RE_TIME_SHORT_YEAR = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{3})?Z$/;
    var RE_TIME_LONG_YEAR = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{3})?Z$/;
    function parseInteger(buf) {
      let pos = 0;
      const end2 = buf.length;
      let val = buf[pos];
      const neg = val > 127;
      const pad = neg ? 255 : 0;
      while (val == pad && ++pos < end2) {
        val = buf[pos];
      }
      const len = end2 - pos;
      if (len === 0)
        return BigInt(neg ? -1 : 0);
      val = neg ? val - 256 : val;
      let n = BigInt(val);
      for (let i = pos + 1; i < end2; ++i) {
        n = n * BigInt(256) + BigInt(buf[i]);
      }
      return n;
    }
    function parseStringASCII(buf) {
      return buf.toString("ascii");
    }
    function parseTime(buf, shortYear) {
      const timeStr = parseStringASCII(buf);
      const m = shortYear ? RE_TIME_SHORT_YEAR.exec(timeStr) : RE_TIME_LONG_YEAR.exec(timeStr);
      if (!m) {
        throw new Error("invalid time");
      }
      if (shortYear) {
        let year = Number(m[1]);
        year += year >= 50 ? 1900 : 2e3;
        m[1] = year.toString();
      }
      return /* @__PURE__ */ new Date(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
    }
    function parseOID(buf) {
      let pos = 0;
      const end2 = buf.length;
      let n = buf[pos++];
      const first = Math.floor(n / 40);
      const second = n % 40;
      let oid = `${first}.${second}`;
      let val = 0n;
      for (; pos < end2; ++pos) {
        n = buf[pos];
        val = (val << 7n) + BigInt(n & 127);
        if ((n & 128) === 0) {
          oid += `.${val}`;
          val = 0n;
        }
      }
      return oid;
    }
    function parseBoolean(buf) {
      if (buf.length !== 1) {
        throw new error_1.ASN1ParseError("invalid boolean");
      }
      switch (buf[0]) {
        case 0:
          return false;
        case 255:
          return true;
        default:
          throw new error_1.ASN1ParseError("invalid boolean");
      }
    }
    function parseBitString(buf) {
      const unused = buf[0];
      if (unused > 7) {
        throw new error_1.ASN1ParseError("invalid bit string");
      }
      const start = 1;
      const end2 = buf.length;
      const bits = [];
      for (let i = start; i < end2; ++i) {
        const byte = buf[i];
        const skip = i === end2 - 1 ? unused : 0;
        for (let j = 7; j >= skip; --j) {
          bits.push(byte >> j & 1);
        }
      }
      return bits;
    }
  }
});

// node_modules/@sigstore/core/dist/asn1/tag.js
var require_tag = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/tag.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1Tag = void 0;
    var error_1 = require_error2();
    var UNIVERSAL_TAG = {
      BOOLEAN: 1,
      INTEGER: 2,
      BIT_STRING: 3,
      OCTET_STRING: 4,
      OBJECT_IDENTIFIER: 6,
      SEQUENCE: 16,
      SET: 17,
      PRINTABLE_STRING: 19,
      UTC_TIME: 23,
      GENERALIZED_TIME: 24
    };
    var TAG_CLASS = {
      UNIVERSAL: 0,
      APPLICATION: 1,
      CONTEXT_SPECIFIC: 2,
      PRIVATE: 3
    };
    var ASN1Tag = class {
      number;
      constructed;
      class;
      constructor(enc) {
        this.number = enc & 31;
        this.constructed = (enc & 32) === 32;
        this.class = enc >> 6;
        if (this.number === 31) {
          throw new error_1.ASN1ParseError("long form tags not supported");
        }
        if (this.class === TAG_CLASS.UNIVERSAL && this.number === 0) {
          throw new error_1.ASN1ParseError("unsupported tag 0x00");
        }
      }
      isUniversal() {
        return this.class === TAG_CLASS.UNIVERSAL;
      }
      isContextSpecific(num) {
        const res = this.class === TAG_CLASS.CONTEXT_SPECIFIC;
        return num !== void 0 ? res && this.number === num : res;
      }
      isBoolean() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.BOOLEAN;
      }
      isInteger() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.INTEGER;
      }
      isBitString() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.BIT_STRING;
      }
      isOctetString() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.OCTET_STRING;
      }
      isOID() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.OBJECT_IDENTIFIER;
      }
      isUTCTime() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.UTC_TIME;
      }
      isGeneralizedTime() {
        return this.isUniversal() && this.number === UNIVERSAL_TAG.GENERALIZED_TIME;
      }
      toDER() {
        return this.number | (this.constructed ? 32 : 0) | this.class << 6;
      }
    };
    exports.ASN1Tag = ASN1Tag;
  }
});

// node_modules/@sigstore/core/dist/asn1/obj.js
var require_obj = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/obj.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1Obj = void 0;
    var stream_1 = require_stream();
    var error_1 = require_error2();
    var length_1 = require_length();
    var parse_1 = require_parse();
    var tag_1 = require_tag();
    var ASN1Obj2 = class {
      tag;
      subs;
      value;
      constructor(tag, value, subs) {
        this.tag = tag;
        this.value = value;
        this.subs = subs;
      }
      // Constructs an ASN.1 object from a Buffer of DER-encoded bytes.
      static parseBuffer(buf) {
        const stream = new stream_1.ByteStream(buf);
        const obj = parseStream(stream);
        if (stream.position !== stream.length) {
          throw new error_1.ASN1ParseError("invalid trailing data");
        }
        return obj;
      }
      toDER() {
        const valueStream = new stream_1.ByteStream();
        if (this.subs.length > 0) {
          for (const sub of this.subs) {
            valueStream.appendView(sub.toDER());
          }
        } else {
          valueStream.appendView(this.value);
        }
        const value = valueStream.buffer;
        const obj = new stream_1.ByteStream();
        obj.appendChar(this.tag.toDER());
        obj.appendView((0, length_1.encodeLength)(value.length));
        obj.appendView(value);
        return obj.buffer;
      }
      /////////////////////////////////////////////////////////////////////////////
      // Convenience methods for parsing ASN.1 primitives into JS types
      // Returns the ASN.1 object's value as a boolean. Throws an error if the
      // object is not a boolean.
      toBoolean() {
        if (!this.tag.isBoolean()) {
          throw new error_1.ASN1TypeError("not a boolean");
        }
        return (0, parse_1.parseBoolean)(this.value);
      }
      // Returns the ASN.1 object's value as a BigInt. Throws an error if the
      // object is not an integer.
      toInteger() {
        if (!this.tag.isInteger()) {
          throw new error_1.ASN1TypeError("not an integer");
        }
        return (0, parse_1.parseInteger)(this.value);
      }
      // Returns the ASN.1 object's value as an OID string. Throws an error if the
      // object is not an OID.
      toOID() {
        if (!this.tag.isOID()) {
          throw new error_1.ASN1TypeError("not an OID");
        }
        return (0, parse_1.parseOID)(this.value);
      }
      // Returns the ASN.1 object's value as a Date. Throws an error if the object
      // is not either a UTCTime or a GeneralizedTime.
      toDate() {
        switch (true) {
          case this.tag.isUTCTime():
            return (0, parse_1.parseTime)(this.value, true);
          case this.tag.isGeneralizedTime():
            return (0, parse_1.parseTime)(this.value, false);
          default:
            throw new error_1.ASN1TypeError("not a date");
        }
      }
      // Returns the ASN.1 object's value as a number[] where each number is the
      // value of a bit in the bit string. Throws an error if the object is not a
      // bit string.
      toBitString() {
        if (!this.tag.isBitString()) {
          throw new error_1.ASN1TypeError("not a bit string");
        }
        return (0, parse_1.parseBitString)(this.value);
      }
    };
    exports.ASN1Obj = ASN1Obj2;
    var MAX_DEPTH = 100;
    function parseStream(stream, depth = 0) {
      if (depth > MAX_DEPTH) {
        throw new error_1.ASN1ParseError("maximum nesting depth exceeded");
      }
      const tag = new tag_1.ASN1Tag(stream.getUint8());
      const len = (0, length_1.decodeLength)(stream);
      const value = stream.slice(stream.position, len);
      const start = stream.position;
      let subs = [];
      if (tag.constructed) {
        subs = collectSubs(stream, len, depth);
      } else if (tag.isOctetString()) {
        try {
          subs = collectSubs(stream, len, depth);
        } catch (e) {
        }
      }
      if (subs.length === 0) {
        stream.seek(start + len);
      }
      return new ASN1Obj2(tag, value, subs);
    }
    function collectSubs(stream, len, depth) {
      const end2 = stream.position + len;
      if (end2 > stream.length) {
        throw new error_1.ASN1ParseError("invalid length");
      }
      const subs = [];
      while (stream.position < end2) {
        subs.push(parseStream(stream, depth + 1));
      }
      if (stream.position !== end2) {
        throw new error_1.ASN1ParseError("invalid length");
      }
      return subs;
    }
  }
});

// node_modules/@sigstore/core/dist/asn1/index.js
var require_asn1 = __commonJS({
  "node_modules/@sigstore/core/dist/asn1/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ASN1Obj = void 0;
    var obj_1 = require_obj();
    Object.defineProperty(exports, "ASN1Obj", { enumerable: true, get: function() {
      return obj_1.ASN1Obj;
    } });
  }
});

// node_modules/@sigstore/core/dist/crypto.js
var require_crypto = __commonJS({
  "node_modules/@sigstore/core/dist/crypto.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.createPublicKey = createPublicKey2;
    exports.digest = digest;
    exports.verify = verify5;
    exports.bufferEqual = bufferEqual;
    var crypto_1 = __importDefault(__require("crypto"));
    function createPublicKey2(key, type = "spki") {
      if (typeof key === "string") {
        if (key.startsWith("-----")) {
          return crypto_1.default.createPublicKey(key);
        } else {
          return crypto_1.default.createPublicKey({
            key: Buffer.from(key, "base64"),
            format: "der",
            type
          });
        }
      } else {
        return crypto_1.default.createPublicKey({ key, format: "der", type });
      }
    }
    function digest(algorithm, ...data) {
      const hash = crypto_1.default.createHash(algorithm);
      for (const d of data) {
        hash.update(d);
      }
      return hash.digest();
    }
    function verify5(data, key, signature, algorithm) {
      try {
        return crypto_1.default.verify(algorithm, data, key, signature);
      } catch (e) {
        return false;
      }
    }
    function bufferEqual(a, b) {
      try {
        return crypto_1.default.timingSafeEqual(a, b);
      } catch {
        return false;
      }
    }
  }
});

// node_modules/@sigstore/core/dist/dsse.js
var require_dsse = __commonJS({
  "node_modules/@sigstore/core/dist/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.preAuthEncoding = preAuthEncoding;
    var PAE_PREFIX = "DSSEv1";
    function preAuthEncoding(payloadType, payload) {
      const typeBytes = Buffer.from(payloadType, "utf-8");
      return Buffer.concat([
        Buffer.from(`${PAE_PREFIX} ${typeBytes.length} `, "ascii"),
        typeBytes,
        Buffer.from(` ${payload.length} `, "ascii"),
        payload
      ]);
    }
  }
});

// node_modules/@sigstore/core/dist/encoding.js
var require_encoding = __commonJS({
  "node_modules/@sigstore/core/dist/encoding.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.base64Encode = base64Encode;
    exports.base64Decode = base64Decode;
    var BASE64_ENCODING = "base64";
    var UTF8_ENCODING = "utf-8";
    function base64Encode(str) {
      return Buffer.from(str, UTF8_ENCODING).toString(BASE64_ENCODING);
    }
    function base64Decode(str) {
      return Buffer.from(str, BASE64_ENCODING).toString(UTF8_ENCODING);
    }
  }
});

// node_modules/@sigstore/core/dist/json.js
var require_json = __commonJS({
  "node_modules/@sigstore/core/dist/json.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.canonicalize = canonicalize;
    function canonicalize(object) {
      let buffer = "";
      if (object === null || typeof object !== "object" || object.toJSON != null) {
        buffer += JSON.stringify(object);
      } else if (Array.isArray(object)) {
        buffer += "[";
        let first = true;
        object.forEach((element) => {
          if (!first) {
            buffer += ",";
          }
          first = false;
          buffer += canonicalize(element);
        });
        buffer += "]";
      } else {
        buffer += "{";
        let first = true;
        Object.keys(object).sort().forEach((property) => {
          if (!first) {
            buffer += ",";
          }
          first = false;
          buffer += JSON.stringify(property);
          buffer += ":";
          buffer += canonicalize(object[property]);
        });
        buffer += "}";
      }
      return buffer;
    }
  }
});

// node_modules/@sigstore/core/dist/pem.js
var require_pem = __commonJS({
  "node_modules/@sigstore/core/dist/pem.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toDER = toDER;
    exports.fromDER = fromDER;
    var PEM_HEADER = /-----BEGIN (.*)-----/;
    var PEM_FOOTER = /-----END (.*)-----/;
    function toDER(certificate) {
      let der = "";
      certificate.split("\n").forEach((line) => {
        if (line.match(PEM_HEADER) || line.match(PEM_FOOTER)) {
          return;
        }
        der += line;
      });
      return Buffer.from(der, "base64");
    }
    function fromDER(certificate, type = "CERTIFICATE") {
      const der = certificate.toString("base64");
      const lines = der.match(/.{1,64}/g) || "";
      return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`].join("\n").concat("\n");
    }
  }
});

// node_modules/@sigstore/core/dist/oid.js
var require_oid = __commonJS({
  "node_modules/@sigstore/core/dist/oid.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.SHA2_HASH_ALGOS = exports.RSA_SIGNATURE_ALGOS = exports.ECDSA_SIGNATURE_ALGOS = void 0;
    exports.ECDSA_SIGNATURE_ALGOS = {
      "1.2.840.10045.4.3.1": "sha224",
      "1.2.840.10045.4.3.2": "sha256",
      "1.2.840.10045.4.3.3": "sha384",
      "1.2.840.10045.4.3.4": "sha512"
    };
    exports.RSA_SIGNATURE_ALGOS = {
      "1.2.840.113549.1.1.14": "sha224",
      "1.2.840.113549.1.1.11": "sha256",
      "1.2.840.113549.1.1.12": "sha384",
      "1.2.840.113549.1.1.13": "sha512"
    };
    exports.SHA2_HASH_ALGOS = {
      "2.16.840.1.101.3.4.2.1": "sha256",
      "2.16.840.1.101.3.4.2.2": "sha384",
      "2.16.840.1.101.3.4.2.3": "sha512"
    };
  }
});

// node_modules/@sigstore/core/dist/rfc3161/error.js
var require_error3 = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.RFC3161TimestampVerificationError = void 0;
    var RFC3161TimestampVerificationError = class extends Error {
    };
    exports.RFC3161TimestampVerificationError = RFC3161TimestampVerificationError;
  }
});

// node_modules/@sigstore/core/dist/rfc3161/tstinfo.js
var require_tstinfo = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/tstinfo.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.TSTInfo = void 0;
    var crypto2 = __importStar(require_crypto());
    var oid_1 = require_oid();
    var error_1 = require_error3();
    var TSTInfo = class {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      get version() {
        return this.root.subs[0].toInteger();
      }
      get genTime() {
        return this.root.subs[4].toDate();
      }
      get messageImprintHashAlgorithm() {
        const oid = this.messageImprintObj.subs[0].subs[0].toOID();
        return oid_1.SHA2_HASH_ALGOS[oid];
      }
      get messageImprintHashedMessage() {
        return this.messageImprintObj.subs[1].value;
      }
      get raw() {
        return this.root.toDER();
      }
      verify(data) {
        const digest = crypto2.digest(this.messageImprintHashAlgorithm, data);
        if (!crypto2.bufferEqual(digest, this.messageImprintHashedMessage)) {
          throw new error_1.RFC3161TimestampVerificationError("message imprint does not match artifact");
        }
      }
      // https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
      get messageImprintObj() {
        return this.root.subs[2];
      }
    };
    exports.TSTInfo = TSTInfo;
  }
});

// node_modules/@sigstore/core/dist/rfc3161/timestamp.js
var require_timestamp2 = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/timestamp.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.RFC3161Timestamp = void 0;
    var asn1_1 = require_asn1();
    var crypto2 = __importStar(require_crypto());
    var oid_1 = require_oid();
    var error_1 = require_error3();
    var tstinfo_1 = require_tstinfo();
    var OID_PKCS9_CONTENT_TYPE_SIGNED_DATA = "1.2.840.113549.1.7.2";
    var OID_PKCS9_CONTENT_TYPE_TSTINFO = "1.2.840.113549.1.9.16.1.4";
    var OID_PKCS9_MESSAGE_DIGEST_KEY = "1.2.840.113549.1.9.4";
    var RFC3161Timestamp3 = class _RFC3161Timestamp {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      static parse(der) {
        const asn1 = asn1_1.ASN1Obj.parseBuffer(der);
        return new _RFC3161Timestamp(asn1);
      }
      get status() {
        return this.pkiStatusInfoObj.subs[0].toInteger();
      }
      get contentType() {
        return this.contentTypeObj.toOID();
      }
      get eContentType() {
        return this.eContentTypeObj.toOID();
      }
      get signingTime() {
        return this.tstInfo.genTime;
      }
      get signerIssuer() {
        return this.signerSidObj.subs[0].value;
      }
      get signerSerialNumber() {
        return this.signerSidObj.subs[1].value;
      }
      get signerDigestAlgorithm() {
        const oid = this.signerDigestAlgorithmObj.subs[0].toOID();
        return oid_1.SHA2_HASH_ALGOS[oid];
      }
      get signatureAlgorithm() {
        const oid = this.signatureAlgorithmObj.subs[0].toOID();
        return oid_1.ECDSA_SIGNATURE_ALGOS[oid];
      }
      get signatureValue() {
        return this.signatureValueObj.value;
      }
      get tstInfo() {
        return new tstinfo_1.TSTInfo(this.eContentObj.subs[0].subs[0]);
      }
      verify(data, publicKey) {
        if (!this.timeStampTokenObj) {
          throw new error_1.RFC3161TimestampVerificationError("timeStampToken is missing");
        }
        if (this.contentType !== OID_PKCS9_CONTENT_TYPE_SIGNED_DATA) {
          throw new error_1.RFC3161TimestampVerificationError(`incorrect content type: ${this.contentType}`);
        }
        if (this.eContentType !== OID_PKCS9_CONTENT_TYPE_TSTINFO) {
          throw new error_1.RFC3161TimestampVerificationError(`incorrect encapsulated content type: ${this.eContentType}`);
        }
        this.tstInfo.verify(data);
        this.verifyMessageDigest();
        this.verifySignature(publicKey);
      }
      verifyMessageDigest() {
        const tstInfoDigest = crypto2.digest(this.signerDigestAlgorithm, this.tstInfo.raw);
        const expectedDigest = this.messageDigestAttributeObj.subs[1].subs[0].value;
        if (!crypto2.bufferEqual(tstInfoDigest, expectedDigest)) {
          throw new error_1.RFC3161TimestampVerificationError("signed data does not match tstInfo");
        }
      }
      verifySignature(key) {
        const signedAttrs = this.signedAttrsObj.toDER();
        signedAttrs[0] = 49;
        const verified = crypto2.verify(signedAttrs, key, this.signatureValue, this.signatureAlgorithm);
        if (!verified) {
          throw new error_1.RFC3161TimestampVerificationError("signature verification failed");
        }
      }
      // https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
      get pkiStatusInfoObj() {
        return this.root.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
      get timeStampTokenObj() {
        return this.root.subs[1];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-3
      get contentTypeObj() {
        return this.timeStampTokenObj.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc5652#section-3
      get signedDataObj() {
        const obj = this.timeStampTokenObj.subs.find((sub) => sub.tag.isContextSpecific(0));
        return obj.subs[0];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.1
      get encapContentInfoObj() {
        return this.signedDataObj.subs[2];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.1
      get signerInfosObj() {
        const sd = this.signedDataObj;
        return sd.subs[sd.subs.length - 1];
      }
      // https://www.rfc-editor.org/rfc/rfc5652#section-5.1
      get signerInfoObj() {
        return this.signerInfosObj.subs[0];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.2
      get eContentTypeObj() {
        return this.encapContentInfoObj.subs[0];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.2
      get eContentObj() {
        return this.encapContentInfoObj.subs[1];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signedAttrsObj() {
        const signedAttrs = this.signerInfoObj.subs.find((sub) => sub.tag.isContextSpecific(0));
        return signedAttrs;
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get messageDigestAttributeObj() {
        const messageDigest = this.signedAttrsObj.subs.find((sub) => sub.subs[0].tag.isOID() && sub.subs[0].toOID() === OID_PKCS9_MESSAGE_DIGEST_KEY);
        return messageDigest;
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signerSidObj() {
        return this.signerInfoObj.subs[1];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signerDigestAlgorithmObj() {
        return this.signerInfoObj.subs[2];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signatureAlgorithmObj() {
        return this.signerInfoObj.subs[4];
      }
      // https://datatracker.ietf.org/doc/html/rfc5652#section-5.3
      get signatureValueObj() {
        return this.signerInfoObj.subs[5];
      }
    };
    exports.RFC3161Timestamp = RFC3161Timestamp3;
  }
});

// node_modules/@sigstore/core/dist/rfc3161/index.js
var require_rfc3161 = __commonJS({
  "node_modules/@sigstore/core/dist/rfc3161/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.RFC3161Timestamp = void 0;
    var timestamp_1 = require_timestamp2();
    Object.defineProperty(exports, "RFC3161Timestamp", { enumerable: true, get: function() {
      return timestamp_1.RFC3161Timestamp;
    } });
  }
});

// node_modules/@sigstore/core/dist/x509/sct.js
var require_sct = __commonJS({
  "node_modules/@sigstore/core/dist/x509/sct.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.SignedCertificateTimestamp = void 0;
    var crypto2 = __importStar(require_crypto());
    var stream_1 = require_stream();
    var SignedCertificateTimestamp = class _SignedCertificateTimestamp {
      version;
      logID;
      timestamp;
      extensions;
      hashAlgorithm;
      signatureAlgorithm;
      signature;
      constructor(options) {
        this.version = options.version;
        this.logID = options.logID;
        this.timestamp = options.timestamp;
        this.extensions = options.extensions;
        this.hashAlgorithm = options.hashAlgorithm;
        this.signatureAlgorithm = options.signatureAlgorithm;
        this.signature = options.signature;
      }
      get datetime() {
        return new Date(Number(this.timestamp.readBigInt64BE()));
      }
      // Returns the hash algorithm used to generate the SCT's signature.
      // https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.4.1
      get algorithm() {
        switch (this.hashAlgorithm) {
          /* istanbul ignore next */
          case 0:
            return "none";
          /* istanbul ignore next */
          case 1:
            return "md5";
          /* istanbul ignore next */
          case 2:
            return "sha1";
          /* istanbul ignore next */
          case 3:
            return "sha224";
          case 4:
            return "sha256";
          /* istanbul ignore next */
          case 5:
            return "sha384";
          /* istanbul ignore next */
          case 6:
            return "sha512";
          /* istanbul ignore next */
          default:
            return "unknown";
        }
      }
      verify(preCert, key) {
        const stream = new stream_1.ByteStream();
        stream.appendChar(this.version);
        stream.appendChar(0);
        stream.appendView(this.timestamp);
        stream.appendUint16(1);
        stream.appendView(preCert);
        stream.appendUint16(this.extensions.byteLength);
        if (this.extensions.byteLength > 0) {
          stream.appendView(this.extensions);
        }
        return crypto2.verify(stream.buffer, key, this.signature, this.algorithm);
      }
      // Parses a SignedCertificateTimestamp from a buffer. SCTs are encoded using
      // TLS encoding which means the fields and lengths of most fields are
      // specified as part of the SCT and TLS specs.
      // https://www.rfc-editor.org/rfc/rfc6962#section-3.2
      // https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.4.1
      static parse(buf) {
        const stream = new stream_1.ByteStream(buf);
        const version = stream.getUint8();
        const logID = stream.getBlock(32);
        const timestamp = stream.getBlock(8);
        const extenstionLength = stream.getUint16();
        const extensions = stream.getBlock(extenstionLength);
        const hashAlgorithm = stream.getUint8();
        const signatureAlgorithm = stream.getUint8();
        const sigLength = stream.getUint16();
        const signature = stream.getBlock(sigLength);
        if (stream.position !== buf.length) {
          throw new Error("SCT buffer length mismatch");
        }
        return new _SignedCertificateTimestamp({
          version,
          logID,
          timestamp,
          extensions,
          hashAlgorithm,
          signatureAlgorithm,
          signature
        });
      }
    };
    exports.SignedCertificateTimestamp = SignedCertificateTimestamp;
  }
});

// node_modules/@sigstore/core/dist/x509/ext.js
var require_ext = __commonJS({
  "node_modules/@sigstore/core/dist/x509/ext.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.X509SCTExtension = exports.X509SubjectKeyIDExtension = exports.X509AuthorityKeyIDExtension = exports.X509SubjectAlternativeNameExtension = exports.X509KeyUsageExtension = exports.X509BasicConstraintsExtension = exports.X509Extension = void 0;
    var stream_1 = require_stream();
    var sct_1 = require_sct();
    var X509Extension = class {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      get oid() {
        return this.root.subs[0].toOID();
      }
      get critical() {
        return this.root.subs.length === 3 ? this.root.subs[1].toBoolean() : false;
      }
      get value() {
        return this.extnValueObj.value;
      }
      get valueObj() {
        return this.extnValueObj;
      }
      get extnValueObj() {
        return this.root.subs[this.root.subs.length - 1];
      }
    };
    exports.X509Extension = X509Extension;
    var X509BasicConstraintsExtension = class extends X509Extension {
      get isCA() {
        return this.sequence.subs[0]?.toBoolean() ?? false;
      }
      get pathLenConstraint() {
        return this.sequence.subs.length > 1 ? this.sequence.subs[1].toInteger() : void 0;
      }
      // The extnValue field contains a single sequence wrapping the isCA and
      // pathLenConstraint.
      get sequence() {
        return this.extnValueObj.subs[0];
      }
    };
    exports.X509BasicConstraintsExtension = X509BasicConstraintsExtension;
    var X509KeyUsageExtension = class extends X509Extension {
      get digitalSignature() {
        return this.bitString[0] === 1;
      }
      get keyCertSign() {
        return this.bitString[5] === 1;
      }
      get crlSign() {
        return this.bitString[6] === 1;
      }
      // The extnValue field contains a single bit string which is a bit mask
      // indicating which key usages are enabled.
      get bitString() {
        return this.extnValueObj.subs[0].toBitString();
      }
    };
    exports.X509KeyUsageExtension = X509KeyUsageExtension;
    var X509SubjectAlternativeNameExtension = class extends X509Extension {
      get rfc822Name() {
        return this.findGeneralName(1)?.value.toString("ascii");
      }
      get uri() {
        return this.findGeneralName(6)?.value.toString("ascii");
      }
      // Retrieve the value of an otherName with the given OID.
      otherName(oid) {
        const otherName = this.findGeneralName(0);
        if (otherName === void 0) {
          return void 0;
        }
        const otherNameOID = otherName.subs[0].toOID();
        if (otherNameOID !== oid) {
          return void 0;
        }
        const otherNameValue = otherName.subs[1];
        return otherNameValue.subs[0].value.toString("ascii");
      }
      findGeneralName(tag) {
        return this.generalNames.find((gn) => gn.tag.isContextSpecific(tag));
      }
      // The extnValue field contains a sequence of GeneralNames.
      get generalNames() {
        return this.extnValueObj.subs[0].subs;
      }
    };
    exports.X509SubjectAlternativeNameExtension = X509SubjectAlternativeNameExtension;
    var X509AuthorityKeyIDExtension = class extends X509Extension {
      get keyIdentifier() {
        return this.findSequenceMember(0)?.value;
      }
      findSequenceMember(tag) {
        return this.sequence.subs.find((el) => el.tag.isContextSpecific(tag));
      }
      // The extnValue field contains a single sequence wrapping the keyIdentifier
      get sequence() {
        return this.extnValueObj.subs[0];
      }
    };
    exports.X509AuthorityKeyIDExtension = X509AuthorityKeyIDExtension;
    var X509SubjectKeyIDExtension = class extends X509Extension {
      get keyIdentifier() {
        return this.extnValueObj.subs[0].value;
      }
    };
    exports.X509SubjectKeyIDExtension = X509SubjectKeyIDExtension;
    var X509SCTExtension = class extends X509Extension {
      constructor(asn1) {
        super(asn1);
      }
      get signedCertificateTimestamps() {
        const buf = this.extnValueObj.subs[0].value;
        const stream = new stream_1.ByteStream(buf);
        const end2 = stream.getUint16() + 2;
        const sctList = [];
        while (stream.position < end2) {
          const sctLength = stream.getUint16();
          const sct = stream.getBlock(sctLength);
          sctList.push(sct_1.SignedCertificateTimestamp.parse(sct));
        }
        if (stream.position !== end2) {
          throw new Error("SCT list length does not match actual length");
        }
        return sctList;
      }
    };
    exports.X509SCTExtension = X509SCTExtension;
  }
});

// node_modules/@sigstore/core/dist/x509/cert.js
var require_cert = __commonJS({
  "node_modules/@sigstore/core/dist/x509/cert.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.X509Certificate = exports.EXTENSION_OID_SCT = void 0;
    var asn1_1 = require_asn1();
    var crypto2 = __importStar(require_crypto());
    var oid_1 = require_oid();
    var pem3 = __importStar(require_pem());
    var ext_1 = require_ext();
    var EXTENSION_OID_SUBJECT_KEY_ID = "2.5.29.14";
    var EXTENSION_OID_KEY_USAGE = "2.5.29.15";
    var EXTENSION_OID_SUBJECT_ALT_NAME = "2.5.29.17";
    var EXTENSION_OID_BASIC_CONSTRAINTS = "2.5.29.19";
    var EXTENSION_OID_AUTHORITY_KEY_ID = "2.5.29.35";
    exports.EXTENSION_OID_SCT = "1.3.6.1.4.1.11129.2.4.2";
    var X509Certificate4 = class _X509Certificate {
      root;
      constructor(asn1) {
        this.root = asn1;
      }
      static parse(cert) {
        const der = typeof cert === "string" ? pem3.toDER(cert) : cert;
        const asn1 = asn1_1.ASN1Obj.parseBuffer(der);
        return new _X509Certificate(asn1);
      }
      get tbsCertificate() {
        return this.tbsCertificateObj;
      }
      get version() {
        const ver = this.versionObj.subs[0].toInteger();
        return `v${(ver + BigInt(1)).toString()}`;
      }
      get serialNumber() {
        return this.serialNumberObj.value;
      }
      get notBefore() {
        return this.validityObj.subs[0].toDate();
      }
      get notAfter() {
        return this.validityObj.subs[1].toDate();
      }
      get issuer() {
        return this.issuerObj.value;
      }
      get subject() {
        return this.subjectObj.value;
      }
      get publicKey() {
        return this.subjectPublicKeyInfoObj.toDER();
      }
      get signatureAlgorithm() {
        const oid = this.signatureAlgorithmObj.subs[0].toOID();
        if (oid_1.RSA_SIGNATURE_ALGOS[oid]) {
          return oid_1.RSA_SIGNATURE_ALGOS[oid];
        }
        return oid_1.ECDSA_SIGNATURE_ALGOS[oid];
      }
      get signatureValue() {
        return this.signatureValueObj.value.subarray(1);
      }
      get subjectAltName() {
        const ext = this.extSubjectAltName;
        return ext?.uri || /* istanbul ignore next */
        ext?.rfc822Name;
      }
      get extensions() {
        const extSeq = this.extensionsObj?.subs[0];
        return extSeq?.subs || [];
      }
      get extKeyUsage() {
        const ext = this.findExtension(EXTENSION_OID_KEY_USAGE);
        return ext ? new ext_1.X509KeyUsageExtension(ext) : void 0;
      }
      get extBasicConstraints() {
        const ext = this.findExtension(EXTENSION_OID_BASIC_CONSTRAINTS);
        return ext ? new ext_1.X509BasicConstraintsExtension(ext) : void 0;
      }
      get extSubjectAltName() {
        const ext = this.findExtension(EXTENSION_OID_SUBJECT_ALT_NAME);
        return ext ? new ext_1.X509SubjectAlternativeNameExtension(ext) : void 0;
      }
      get extAuthorityKeyID() {
        const ext = this.findExtension(EXTENSION_OID_AUTHORITY_KEY_ID);
        return ext ? new ext_1.X509AuthorityKeyIDExtension(ext) : void 0;
      }
      get extSubjectKeyID() {
        const ext = this.findExtension(EXTENSION_OID_SUBJECT_KEY_ID);
        return ext ? new ext_1.X509SubjectKeyIDExtension(ext) : (
          /* istanbul ignore next */
          void 0
        );
      }
      get extSCT() {
        const ext = this.findExtension(exports.EXTENSION_OID_SCT);
        return ext ? new ext_1.X509SCTExtension(ext) : void 0;
      }
      get isCA() {
        const ca = this.extBasicConstraints?.isCA || false;
        if (this.extKeyUsage) {
          return ca && this.extKeyUsage.keyCertSign;
        }
        return ca;
      }
      extension(oid) {
        const ext = this.findExtension(oid);
        return ext ? new ext_1.X509Extension(ext) : void 0;
      }
      verify(issuerCertificate) {
        const publicKey = issuerCertificate?.publicKey || this.publicKey;
        const key = crypto2.createPublicKey(publicKey);
        return crypto2.verify(this.tbsCertificate.toDER(), key, this.signatureValue, this.signatureAlgorithm);
      }
      validForDate(date) {
        return this.notBefore <= date && date <= this.notAfter;
      }
      equals(other) {
        return this.root.toDER().equals(other.root.toDER());
      }
      // Creates a copy of the certificate with a new buffer
      clone() {
        const der = this.root.toDER();
        const clone = Buffer.alloc(der.length);
        der.copy(clone);
        return _X509Certificate.parse(clone);
      }
      findExtension(oid) {
        return this.extensions.find((ext) => ext.subs[0].toOID() === oid);
      }
      /////////////////////////////////////////////////////////////////////////////
      // The following properties use the documented x509 structure to locate the
      // desired ASN.1 object
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.1
      get tbsCertificateObj() {
        return this.root.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.2
      get signatureAlgorithmObj() {
        return this.root.subs[1];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.3
      get signatureValueObj() {
        return this.root.subs[2];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.1
      get versionObj() {
        return this.tbsCertificateObj.subs[0];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2
      get serialNumberObj() {
        return this.tbsCertificateObj.subs[1];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.4
      get issuerObj() {
        return this.tbsCertificateObj.subs[3];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
      get validityObj() {
        return this.tbsCertificateObj.subs[4];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.6
      get subjectObj() {
        return this.tbsCertificateObj.subs[5];
      }
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7
      get subjectPublicKeyInfoObj() {
        return this.tbsCertificateObj.subs[6];
      }
      // Extensions can't be located by index because their position varies. Instead,
      // we need to find the extensions context specific tag
      // https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.9
      get extensionsObj() {
        return this.tbsCertificateObj.subs.find((sub) => sub.tag.isContextSpecific(3));
      }
    };
    exports.X509Certificate = X509Certificate4;
  }
});

// node_modules/@sigstore/core/dist/x509/index.js
var require_x509 = __commonJS({
  "node_modules/@sigstore/core/dist/x509/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.X509SCTExtension = exports.X509Certificate = exports.EXTENSION_OID_SCT = void 0;
    var cert_1 = require_cert();
    Object.defineProperty(exports, "EXTENSION_OID_SCT", { enumerable: true, get: function() {
      return cert_1.EXTENSION_OID_SCT;
    } });
    Object.defineProperty(exports, "X509Certificate", { enumerable: true, get: function() {
      return cert_1.X509Certificate;
    } });
    var ext_1 = require_ext();
    Object.defineProperty(exports, "X509SCTExtension", { enumerable: true, get: function() {
      return ext_1.X509SCTExtension;
    } });
  }
});

// node_modules/@sigstore/core/dist/index.js
var require_dist3 = __commonJS({
  "node_modules/@sigstore/core/dist/index.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.X509SCTExtension = exports.X509Certificate = exports.EXTENSION_OID_SCT = exports.ByteStream = exports.RFC3161Timestamp = exports.pem = exports.json = exports.encoding = exports.dsse = exports.crypto = exports.ASN1Obj = void 0;
    var asn1_1 = require_asn1();
    Object.defineProperty(exports, "ASN1Obj", { enumerable: true, get: function() {
      return asn1_1.ASN1Obj;
    } });
    exports.crypto = __importStar(require_crypto());
    exports.dsse = __importStar(require_dsse());
    exports.encoding = __importStar(require_encoding());
    exports.json = __importStar(require_json());
    exports.pem = __importStar(require_pem());
    var rfc3161_1 = require_rfc3161();
    Object.defineProperty(exports, "RFC3161Timestamp", { enumerable: true, get: function() {
      return rfc3161_1.RFC3161Timestamp;
    } });
    var stream_1 = require_stream();
    Object.defineProperty(exports, "ByteStream", { enumerable: true, get: function() {
      return stream_1.ByteStream;
    } });
    var x509_1 = require_x509();
    Object.defineProperty(exports, "EXTENSION_OID_SCT", { enumerable: true, get: function() {
      return x509_1.EXTENSION_OID_SCT;
    } });
    Object.defineProperty(exports, "X509Certificate", { enumerable: true, get: function() {
      return x509_1.X509Certificate;
    } });
    Object.defineProperty(exports, "X509SCTExtension", { enumerable: true, get: function() {
      return x509_1.X509SCTExtension;
    } });
  }
});

// node_modules/@sigstore/sign/dist/util/oidc.js
var require_oidc = __commonJS({
  "node_modules/@sigstore/sign/dist/util/oidc.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.extractJWTSubject = extractJWTSubject;
    var core_1 = require_dist3();
    function extractJWTSubject(jwt) {
      const parts = jwt.split(".", 3);
      const payload = JSON.parse(core_1.encoding.base64Decode(parts[1]));
      if (payload.email) {
        if (!payload.email_verified) {
          throw new Error("JWT email not verified by issuer");
        }
        return payload.email;
      }
      if (payload.sub) {
        return payload.sub;
      } else {
        throw new Error("JWT subject not found");
      }
    }
  }
});

// node_modules/@sigstore/sign/package.json
var require_package = __commonJS({
  "node_modules/@sigstore/sign/package.json"(exports, module) {
    module.exports = {
      name: "@sigstore/sign",
      version: "5.1.0",
      description: "Sigstore signing library",
      main: "dist/index.js",
      types: "dist/index.d.ts",
      scripts: {
        clean: "shx rm -rf dist *.tsbuildinfo",
        build: "tsc --build",
        test: "jest"
      },
      files: [
        "dist"
      ],
      author: "bdehamer@github.com",
      license: "Apache-2.0",
      repository: {
        type: "git",
        url: "git+https://github.com/sigstore/sigstore-js.git"
      },
      bugs: {
        url: "https://github.com/sigstore/sigstore-js/issues"
      },
      homepage: "https://github.com/sigstore/sigstore-js/tree/main/packages/sign#readme",
      publishConfig: {
        provenance: true
      },
      devDependencies: {
        "@sigstore/jest": "^0.0.0",
        "@sigstore/mock": "^0.13.1",
        "@sigstore/rekor-types": "^5.0.0",
        "@types/make-fetch-happen": "^10.0.4"
      },
      dependencies: {
        "@gar/promise-retry": "^1.0.2",
        "@sigstore/bundle": "^5.0.1",
        "@sigstore/core": "^4.0.0",
        "@sigstore/protobuf-specs": "^0.5.2",
        "make-fetch-happen": "^16.0.1",
        "proc-log": "^7.0.0"
      },
      engines: {
        node: "^22.22.2 || ^24.15.0 || >=26.0.0"
      }
    };
  }
});

// node_modules/@sigstore/sign/dist/util/ua.js
var require_ua = __commonJS({
  "node_modules/@sigstore/sign/dist/util/ua.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.getUserAgent = void 0;
    var os_1 = __importDefault(__require("os"));
    var getUserAgent = () => {
      const packageVersion = require_package().version;
      const nodeVersion = process.version;
      const platformName = os_1.default.platform();
      const archName = os_1.default.arch();
      return `sigstore-js/${packageVersion} (Node ${nodeVersion}) (${platformName}/${archName})`;
    };
    exports.getUserAgent = getUserAgent;
  }
});

// node_modules/@sigstore/sign/dist/util/index.js
var require_util = __commonJS({
  "node_modules/@sigstore/sign/dist/util/index.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ua = exports.oidc = exports.pem = exports.json = exports.encoding = exports.dsse = exports.crypto = void 0;
    var core_1 = require_dist3();
    Object.defineProperty(exports, "crypto", { enumerable: true, get: function() {
      return core_1.crypto;
    } });
    Object.defineProperty(exports, "dsse", { enumerable: true, get: function() {
      return core_1.dsse;
    } });
    Object.defineProperty(exports, "encoding", { enumerable: true, get: function() {
      return core_1.encoding;
    } });
    Object.defineProperty(exports, "json", { enumerable: true, get: function() {
      return core_1.json;
    } });
    Object.defineProperty(exports, "pem", { enumerable: true, get: function() {
      return core_1.pem;
    } });
    exports.oidc = __importStar(require_oidc());
    exports.ua = __importStar(require_ua());
  }
});

// node_modules/@sigstore/sign/dist/bundler/base.js
var require_base = __commonJS({
  "node_modules/@sigstore/sign/dist/bundler/base.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.BaseBundleBuilder = void 0;
    var BaseBundleBuilder = class {
      signer;
      witnesses;
      constructor(options) {
        this.signer = options.signer;
        this.witnesses = options.witnesses;
      }
      // Executes the signing/witnessing process for the given artifact.
      async create(artifact) {
        const signature = await this.prepare(artifact).then((blob) => this.signer.sign(blob));
        const bundle = await this.package(artifact, signature);
        const verificationMaterials = await Promise.all(this.witnesses.map((witness) => witness.testify(bundle.content, publicKey(signature.key))));
        const tlogEntryList = [];
        const timestampList = [];
        verificationMaterials.forEach(({ tlogEntries, rfc3161Timestamps }) => {
          tlogEntryList.push(...tlogEntries ?? []);
          timestampList.push(...rfc3161Timestamps ?? []);
        });
        bundle.verificationMaterial.tlogEntries = tlogEntryList;
        bundle.verificationMaterial.timestampVerificationData = {
          rfc3161Timestamps: timestampList
        };
        return bundle;
      }
      // Override this function to apply any pre-signing transformations to the
      // artifact. The returned buffer will be signed by the signer. The default
      // implementation simply returns the artifact data.
      async prepare(artifact) {
        return artifact.data;
      }
    };
    exports.BaseBundleBuilder = BaseBundleBuilder;
    function publicKey(key) {
      switch (key.$case) {
        case "publicKey":
          return key.publicKey;
        case "x509Certificate":
          return key.certificate;
      }
    }
  }
});

// node_modules/@sigstore/sign/dist/bundler/bundle.js
var require_bundle2 = __commonJS({
  "node_modules/@sigstore/sign/dist/bundler/bundle.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toMessageSignatureBundle = toMessageSignatureBundle;
    exports.toDSSEBundle = toDSSEBundle;
    var sigstore = __importStar(require_dist2());
    var util_1 = require_util();
    function toMessageSignatureBundle(artifact, signature) {
      const digest = util_1.crypto.digest("sha256", artifact.data);
      return sigstore.toMessageSignatureBundle({
        digest,
        signature: signature.signature,
        certificate: signature.key.$case === "x509Certificate" ? util_1.pem.toDER(signature.key.certificate) : void 0,
        keyHint: signature.key.$case === "publicKey" ? signature.key.hint : void 0,
        certificateChain: true
      });
    }
    function toDSSEBundle(artifact, signature, certificateChain) {
      return sigstore.toDSSEBundle({
        artifact: artifact.data,
        artifactType: artifact.type,
        signature: signature.signature,
        certificate: signature.key.$case === "x509Certificate" ? util_1.pem.toDER(signature.key.certificate) : void 0,
        keyHint: signature.key.$case === "publicKey" ? signature.key.hint : void 0,
        certificateChain
      });
    }
  }
});

// node_modules/@sigstore/sign/dist/bundler/dsse.js
var require_dsse2 = __commonJS({
  "node_modules/@sigstore/sign/dist/bundler/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSEBundleBuilder = void 0;
    var util_1 = require_util();
    var base_1 = require_base();
    var bundle_1 = require_bundle2();
    var DSSEBundleBuilder2 = class extends base_1.BaseBundleBuilder {
      certificateChain;
      constructor(options) {
        super(options);
        this.certificateChain = options.certificateChain ?? false;
      }
      // DSSE requires the artifact to be pre-encoded with the payload type
      // before the signature is generated.
      async prepare(artifact) {
        const a = artifactDefaults(artifact);
        return util_1.dsse.preAuthEncoding(a.type, a.data);
      }
      // Packages the artifact and signature into a DSSE bundle
      async package(artifact, signature) {
        return (0, bundle_1.toDSSEBundle)(artifactDefaults(artifact), signature, this.certificateChain);
      }
    };
    exports.DSSEBundleBuilder = DSSEBundleBuilder2;
    function artifactDefaults(artifact) {
      return {
        ...artifact,
        type: artifact.type ?? ""
      };
    }
  }
});

// src/model/bundle.ts
function signedBundle(parts) {
  return { id: digestOf(parts.json), ...parts };
}
var BUNDLE_MEDIA_TYPE, BUNDLE_LIMIT;
var init_bundle = __esm({
  "src/model/bundle.ts"() {
    "use strict";
    init_digest();
    BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    BUNDLE_LIMIT = 16 << 20;
  }
});

// src/text/strict-json.ts
function parseStrictJson(bytes, mostValues = VALUES) {
  const survey = surveyOf(bytes, mostValues);
  if ("problem" in survey) return { ...survey, remedy: REMEDY };
  let text2;
  let value;
  try {
    text2 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: "it is not UTF-8", remedy: REMEDY };
  }
  try {
    value = JSON.parse(text2);
  } catch {
    return { problem: "it is not JSON", remedy: REMEDY };
  }
  return membersIn(value) === survey.members ? { value } : { problem: `it has the key "${doubledKeyIn(bytes).slice(0, 40)}" twice`, remedy: REMEDY };
}
function surveyOf(bytes, mostValues, onMember) {
  const open2 = [];
  let [values, members, objects, keyFrom, keyTo] = [0, 0, 0, 0, 0];
  for (let at2 = 0; at2 < bytes.length; at2++) {
    const byte = bytes[at2] ?? 0;
    if (byte === QUOTE) {
      keyFrom = at2;
      at2 = endOfString(bytes, at2);
      keyTo = at2 + 1;
    } else if (byte === COLON) {
      members++;
      onMember?.(open2.at(-1) ?? 0, bytes.subarray(keyFrom, keyTo));
    } else if (byte === COMMA) {
      values++;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      values++;
      if (open2.push(objects++) > DEEPEST)
        return { problem: `it is nested more than ${DEEPEST} levels deep` };
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      open2.pop();
    } else if (byte === MINUS || byte >= ZERO && byte <= NINE) {
      const end2 = endOfNumber(bytes, at2);
      if (!isExact(bytes, at2, end2))
        return {
          problem: `it has the number ${textOf(bytes.subarray(at2, Math.min(end2, at2 + 40)))}, which not every JSON parser reads the same way`
        };
      at2 = end2 - 1;
    }
    if (values > mostValues) return { problem: `it has more than ${mostValues} values` };
  }
  return { members };
}
function endOfString(bytes, from) {
  let at2 = from + 1;
  while (at2 < bytes.length && bytes[at2] !== QUOTE) at2 += bytes[at2] === BACKSLASH ? 2 : 1;
  return at2;
}
function endOfNumber(bytes, from) {
  let at2 = from;
  while (at2 < bytes.length && isNumeral(bytes[at2] ?? 0)) at2++;
  return at2;
}
function isNumeral(byte) {
  return byte >= ZERO && byte <= NINE || byte === MINUS || byte === PLUS || byte === POINT || isExponent(byte);
}
function isExponent(byte) {
  return byte === 101 || byte === 69;
}
function isExact(bytes, from, to) {
  const digits = bytes.subarray(from, to);
  if (to - from <= 15 && !digits.some(isExponent)) return true;
  const number = textOf(digits);
  return /^-?\d+$/.test(number) ? Number.isSafeInteger(Number(number)) : Number.isFinite(Number(number));
}
function membersIn(value) {
  if (Array.isArray(value))
    return value.reduce((members2, each) => members2 + membersIn(each), 0);
  if (!isRecord(value)) return 0;
  let members = 0;
  for (const key in value) members += 1 + membersIn(value[key]);
  return members;
}
function doubledKeyIn(bytes) {
  const seen = /* @__PURE__ */ new Set();
  let doubled = "";
  surveyOf(bytes, Infinity, (object, key) => {
    const name = JSON.parse(textOf(key));
    if (seen.has(`${object} ${name}`)) doubled ||= name;
    seen.add(`${object} ${name}`);
  });
  return doubled;
}
function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}
var DEEPEST, VALUES, REMEDY, QUOTE, BACKSLASH, COMMA, COLON, PLUS, MINUS, POINT, ZERO, NINE, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT;
var init_strict_json = __esm({
  "src/text/strict-json.ts"() {
    "use strict";
    init_json();
    DEEPEST = 64;
    VALUES = 5e5;
    REMEDY = "sign again with a tool that writes plain JSON";
    [QUOTE, BACKSLASH, COMMA, COLON, PLUS, MINUS, POINT, ZERO, NINE] = [
      34,
      92,
      44,
      58,
      43,
      45,
      46,
      48,
      57
    ];
    [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
  }
});

// src/model/statement.ts
function serializeStatement({ subject, predicateType, predicate }) {
  return Buffer.from(JSON.stringify({ _type: STATEMENT_V1, subject, predicateType, predicate }));
}
function parseStatement(payload) {
  const parsed = parseStrictJson(payload);
  if (isProblem(parsed)) return bad(parsed.problem);
  const json = parsed.value;
  if (!isRecord(json)) return bad("the payload is not a JSON object");
  if (!TYPES.has(json["_type"])) return bad(`_type is ${JSON.stringify(json["_type"])}`);
  const { subject, predicateType, predicate = {} } = json;
  if (typeof predicateType !== "string" || predicateType === "")
    return bad("there is no predicateType");
  if (!isRecord(predicate)) return bad("the predicate is not a JSON object");
  if (!Array.isArray(subject)) return bad("there is no list of subjects");
  if (subject.length > SUBJECTS)
    return bad(`it has ${subject.length} subjects, over the limit of ${SUBJECTS}`);
  const subjects = subject.map(toSubject).filter((entry) => entry !== void 0);
  if (!isNonEmpty(subjects) || subjects.length !== subject.length)
    return bad("a subject has no digest");
  return { value: { subject: subjects, predicateType, predicate } };
}
function toSubject(value) {
  if (!isRecord(value) || !isRecord(value["digest"])) return void 0;
  const digests = Object.entries(value["digest"]).filter(
    (entry) => typeof entry[1] === "string"
  );
  if (digests.length === 0) return void 0;
  const { name, annotations } = value;
  return {
    ...typeof name === "string" ? { name } : {},
    digest: Object.fromEntries(digests),
    ...isRecord(annotations) ? { annotations } : {}
  };
}
function isAbout(statement, digest) {
  return statement.subject.some((subject) => subject.digest["sha256"] === hexOf(digest));
}
function bad(state) {
  return {
    problem: `the payload is not an in-toto statement: ${state}`,
    remedy: "sign again with a tool that writes in-toto statements"
  };
}
var STATEMENT_V1, PAYLOAD_TYPE, SUBJECTS, TYPES;
var init_statement = __esm({
  "src/model/statement.ts"() {
    "use strict";
    init_digest();
    init_non_empty();
    init_parsed();
    init_json();
    init_strict_json();
    STATEMENT_V1 = "https://in-toto.io/Statement/v1";
    PAYLOAD_TYPE = "application/vnd.in-toto+json";
    SUBJECTS = 1024;
    TYPES = /* @__PURE__ */ new Set([STATEMENT_V1, "https://in-toto.io/Statement/v0.1"]);
  }
});

// src/http/faults.ts
function isNobodyThere({ state }) {
  return NOBODY_THERE.has(state);
}
function transientFault(outcome) {
  if ("error" in outcome) {
    const fault = { state: stateOf(outcome.error) };
    return PASSING.test(fault.state) || isNobodyThere(fault) ? fault : void 0;
  }
  const { status, body, headers } = outcome;
  const text2 = body.subarray(0, 4096).toString();
  const isRateLimit = status === 403 && (headers.has("retry-after") || /rate limit/i.test(text2));
  if (![408, 425, 429].includes(status) && status < 500 && !isRateLimit) return void 0;
  if (status === 501 || status === 505) return void 0;
  const retryAfter = waitIn(headers.get("retry-after") ?? "none");
  return { state: String(status), ...Number.isFinite(retryAfter) ? { retryAfter } : {} };
}
function waitIn(header) {
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1e3;
  return Math.max(Date.parse(header) - Date.now(), 0);
}
function stateOf(error2) {
  if (!Error.isError(error2)) return String(error2);
  if (error2.name === "TimeoutError") return "timeout";
  const { cause } = error2;
  const [, status] = Error.isError(cause) && /^Proxy response \((\d+)\)/.exec(messageOf(cause.cause)) || [];
  if (status !== void 0) return `${status} from the proxy`;
  const hasMany = Error.isError(cause) && "errors" in cause && Array.isArray(cause.errors);
  const inner = hasMany ? cause.errors[0] : cause;
  const other = error2.name === "TypeError" ? UNSENT : error2.message;
  return codeOf(inner) ?? (Error.isError(inner) ? inner.message : other);
}
function nameOf({ method, url }) {
  return `${method} ${url.host}${url.pathname}`;
}
function resultOf(request, state) {
  return /^\d/.test(state) ? `${nameOf(request)} answered ${state}` : `${nameOf(request)} failed: ${state}`;
}
function unavailable(request, state, attempts) {
  const { host } = request.url;
  return new ActionError("service", "SERVICE_UNREACHABLE", {
    message: `Cannot reach "${host}": ${resultOf(request, state)} (attempt ${attempts})`,
    remedy: remedyFor2(state, host)
  });
}
function remedyFor2(state, host) {
  if (/SELF_SIGNED|ISSUER|VERIFY|CERT_SIGNATURE/.test(state)) {
    return `trust the CA that issued the certificate of ${host}: set NODE_EXTRA_CA_CERTS in the environment of the runner`;
  }
  if (PASSING.test(state) || /^\d+$/.test(state)) {
    return 'run the job again later, or raise "retry-timeout"';
  }
  if (state === UNSENT) return `check the address, and the credentials for ${host}`;
  return `check the address, and that this runner can connect to ${host}`;
}
function refusal(request, state, code2 = "SERVICE_ANSWER") {
  return new ActionError("service", code2, {
    message: `Cannot use the response to ${nameOf(request)}: ${state}`,
    remedy: `check what answers at ${request.url.host}: the address may be wrong, or a proxy may answer instead`
  });
}
var NOBODY_THERE, PASSING, UNSENT;
var init_faults = __esm({
  "src/http/faults.ts"() {
    "use strict";
    init_errors();
    NOBODY_THERE = /* @__PURE__ */ new Set(["ECONNREFUSED", "ENOTFOUND"]);
    PASSING = /^(timeout|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_.*|other side closed|5\d\d from the proxy)$/;
    UNSENT = "the request could not be sent";
  }
});

// src/sigstore/sign/signing-service.ts
function isDone({ status }) {
  return status === 200 || status === 201;
}
function notAnswered({ task, kind }, asked, answer, lacking) {
  const state = isDone(answer) ? `${answer.status} without ${lacking}` : describeStatus(answer);
  return new ActionError("service", "SERVICE_REFUSED", {
    message: `Cannot ${task}: ${nameOf(asked)} answered ${state}`,
    remedy: `check the signing configuration: ${asked.url.origin} must be ${kind}; see https://status.sigstore.dev if it is the public one`
  });
}
async function logged(log, asked, answer, { entryIn: entryIn3, readEntry: readEntry3 }) {
  const isThere2 = answer.status === 409;
  const entry = isThere2 ? await readEntry3(answer).catch(() => void 0) : entryIn3(answer);
  if (entry) return { tlogEntries: [entry] };
  if (!isThere2) throw notAnswered(log, asked, answer, "a log entry");
  throw new UnreadableEntry("service", "SERVICE_REFUSED", {
    message: `Cannot ${log.task}: ${nameOf(asked)} answered that it already has the entry, but the entry could not be read`,
    remedy: `run the job again; ${asked.url.origin} must be ${log.kind} that returns its entries`
  });
}
function envelopeIn(content) {
  if (content.$case !== "dsseEnvelope") throw new TypeError("only DSSE envelopes are witnessed");
  return content.dsseEnvelope;
}
var UnreadableEntry;
var init_signing_service = __esm({
  "src/sigstore/sign/signing-service.ts"() {
    "use strict";
    init_errors();
    init_faults();
    init_status();
    UnreadableEntry = class extends ActionError {
    };
  }
});

// src/sigstore/sign/fulcio.ts
import { sign as sign2, X509Certificate } from "node:crypto";
async function requestCertificate(fulcio, { token, subject }, { privateKey, publicKey }, transport) {
  const asked = { method: "POST", url: new URL(`${fulcio}/api/v2/signingCert`) };
  const answer = await transport({
    ...asked,
    limit: ANSWER_LIMIT2,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: Buffer.from(
      JSON.stringify({
        credentials: { oidcIdentityToken: token },
        publicKeyRequest: {
          publicKey: {
            algorithm: "ECDSA",
            content: publicKey.export({ format: "pem", type: "spki" }).toString()
          },
          proofOfPossession: sign2("sha256", Buffer.from(subject), privateKey).toString("base64")
        }
      })
    )
  });
  if (REFUSALS2.has(answer.status)) {
    throw new ActionError("permission", "PERMISSION_SIGNER", {
      message: `Cannot ${FULCIO.task}: ${nameOf(asked)} answered ${answer.status}`,
      remedy: 'check that this Fulcio accepts tokens of the issuer of this server; for GitHub Enterprise Server use a signing configuration of your own with "sigstore"'
    });
  }
  const certificate = leafIn(answer);
  if (!certificate) throw notAnswered(FULCIO, asked, answer, "a certificate chain");
  if (!certificate.checkPrivateKey(privateKey)) {
    throw notAnswered(FULCIO, asked, answer, "a certificate for the key that it was sent");
  }
  return certificate.toString();
}
function leafIn(answer) {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : void 0;
  if (!isRecord(json)) return void 0;
  const signed = json["signedCertificateEmbeddedSct"] ?? json["signedCertificateDetachedSct"];
  const chain = isRecord(signed) ? signed["chain"] : void 0;
  const certificates = isRecord(chain) ? chain["certificates"] : void 0;
  if (!Array.isArray(certificates)) return void 0;
  const [leaf, ...others] = certificates.map(certificateIn);
  return others.includes(void 0) ? void 0 : leaf;
}
function certificateIn(pem3) {
  if (typeof pem3 !== "string" || !PEM.test(pem3)) return void 0;
  try {
    return new X509Certificate(pem3);
  } catch {
    return void 0;
  }
}
var FULCIO, ANSWER_LIMIT2, REFUSALS2, PEM;
var init_fulcio = __esm({
  "src/sigstore/sign/fulcio.ts"() {
    "use strict";
    init_errors();
    init_faults();
    init_json();
    init_signing_service();
    FULCIO = { task: "get a signing certificate", kind: "a Fulcio instance" };
    ANSWER_LIMIT2 = 256 << 10;
    REFUSALS2 = /* @__PURE__ */ new Set([400, 401, 403]);
    PEM = /^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+\r?\n-----END CERTIFICATE-----\s*$/;
  }
});

// src/sigstore/sign/certificate-signer.ts
import { generateKeyPairSync, sign as sign3 } from "node:crypto";
async function certificateSigner(fulcio, holder, transport) {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = await requestCertificate(fulcio, holder, keys, transport);
  return {
    sign: (data) => Promise.resolve({
      signature: sign3("sha256", data, keys.privateKey),
      key: { $case: "x509Certificate", certificate }
    })
  };
}
var init_certificate_signer = __esm({
  "src/sigstore/sign/certificate-signer.ts"() {
    "use strict";
    init_fulcio();
  }
});

// src/sigstore/sign/rekor-v1.ts
function rekorV1Witness(log, transport) {
  const url = new URL(`${log}/api/v1/log/entries`);
  return {
    async testify(content, certificate) {
      const asked = { method: "POST", url };
      const answer = await transport({
        ...asked,
        limit: ANSWER_LIMIT3,
        headers: { "content-type": "application/json", accept: "application/json" },
        body: Buffer.from(
          JSON.stringify({
            apiVersion: "0.0.1",
            kind: "dsse",
            spec: {
              proposedContent: {
                envelope: JSON.stringify((0, import_bundle.envelopeToJSON)(envelopeIn(content))),
                verifiers: [Buffer.from(certificate).toString("base64")]
              }
            }
          })
        )
      });
      return logged(LOG, asked, answer, {
        entryIn,
        readEntry: (conflict) => readEntry(conflict, transport)
      });
    }
  };
}
async function readEntry({ headers, url }, transport) {
  const uuid = headers.get("location")?.split("/").at(-1) ?? "";
  if (!UUID.test(uuid)) return void 0;
  const answer = await transport({
    method: "GET",
    url: new URL(`${url.href}/${uuid}`),
    limit: ANSWER_LIMIT3,
    headers: { accept: "application/json" }
  });
  return entryIn(answer);
}
function entryIn(answer) {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : void 0;
  const [entry, ...others] = isRecord(json) ? Object.values(json) : [];
  if (!isRecord(entry) || others.length > 0) return void 0;
  const { body, integratedTime, logID, logIndex, verification } = entry;
  const isWhole = isText(body, BASE64) && isText(logID, HASH) && isCount(logIndex) && isCount(integratedTime);
  if (!isWhole || !isRecord(verification)) return void 0;
  const kindVersion = kindIn(body);
  const inclusionProof = proofIn(verification["inclusionProof"]);
  const { signedEntryTimestamp } = verification;
  if (!kindVersion || !inclusionProof || !isText(signedEntryTimestamp, BASE64)) return void 0;
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, "hex") },
    kindVersion,
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, "base64") },
    inclusionProof,
    canonicalizedBody: Buffer.from(body, "base64")
  };
}
function kindIn(body) {
  const entry = parseJson(Buffer.from(body, "base64").toString());
  if (!isRecord(entry)) return void 0;
  const { kind, apiVersion } = entry;
  return kind === "dsse" && apiVersion === "0.0.1" ? { kind, version: apiVersion } : void 0;
}
function proofIn(proof) {
  if (!isRecord(proof)) return void 0;
  const { logIndex, treeSize, rootHash, hashes, checkpoint } = proof;
  const isWhole = isCount(logIndex) && isCount(treeSize) && isText(rootHash, HASH) && isText(checkpoint, /^/);
  if (!isWhole || !Array.isArray(hashes)) return void 0;
  if (!hashes.every((hash) => isText(hash, HASH))) return void 0;
  return {
    logIndex: String(logIndex),
    treeSize: String(treeSize),
    rootHash: Buffer.from(rootHash, "hex"),
    hashes: hashes.map((hash) => Buffer.from(hash, "hex")),
    checkpoint: { envelope: checkpoint }
  };
}
function isText(value, form) {
  return typeof value === "string" && form.test(value);
}
function isCount(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
var import_bundle, LOG, ANSWER_LIMIT3, HASH, UUID, BASE64;
var init_rekor_v1 = __esm({
  "src/sigstore/sign/rekor-v1.ts"() {
    "use strict";
    import_bundle = __toESM(require_dist2(), 1);
    init_json();
    init_signing_service();
    LOG = { task: "log the signature", kind: "a Rekor v1 log" };
    ANSWER_LIMIT3 = 1 << 20;
    HASH = /^[0-9a-f]{64}$/;
    UUID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;
    BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
  }
});

// src/sigstore/sign/log-tiles.ts
import { createHash as createHash2 } from "node:crypto";
async function proveInclusion(read, entry, index) {
  const checkpoint = (await read("checkpoint")).toString();
  const [, size = "", root = ""] = checkpoint.split("\n", 3);
  const treeSize = Number(SIZE.exec(size)?.[0]);
  if (!(index < treeSize)) throw new RangeError("the checkpoint does not cover the entry");
  const hashAt = tileReader(read, treeSize);
  if (!(await hashAt(0, index)).equals(sha256(0, entry)))
    throw new RangeError("another entry is there");
  const subtree = async (start, end2) => {
    const level = Math.log2(end2 - start);
    const isOutside = index < start || index >= end2;
    if (level === 0 || isOutside && Number.isInteger(level))
      return { root: await hashAt(level, start / 2 ** level), path: [] };
    const middle = start + 2 ** Math.ceil(level - 1);
    const left = await subtree(start, middle);
    const right = await subtree(middle, end2);
    const path = index < middle ? [...left.path, right.root] : [...right.path, left.root];
    return { root: sha256(1, left.root, right.root), path };
  };
  const whole = await subtree(0, treeSize);
  if (whole.root.toString("base64") !== root) throw new RangeError("the tiles are of another tree");
  return { treeSize, rootHash: whole.root, hashes: whole.path, checkpoint };
}
function tileReader(read, treeSize) {
  const tiles = /* @__PURE__ */ new Map();
  return async (level, number) => {
    const tileLevel = Math.floor(level / HEIGHT);
    const within = level % HEIGHT;
    const first = number * 2 ** within;
    const path = pathOf(tileLevel, Math.floor(first / WIDTH), treeSize);
    const reading = tiles.get(path) ?? read(path);
    tiles.set(path, reading);
    return rootOf((await reading).subarray(first % WIDTH * HASH_BYTES), within);
  };
}
function pathOf(level, tile, treeSize) {
  const hashes = Math.floor(treeSize / WIDTH ** level);
  const width = Math.min(hashes - tile * WIDTH, WIDTH);
  const digits = String(tile).padStart(Math.ceil(String(tile).length / 3) * 3, "0");
  const groups = digits.replaceAll(/\d{3}(?!$)/g, "x$&/");
  return `tile/${level}/${groups}${width < WIDTH ? `.p/${width}` : ""}`;
}
function rootOf(hashes, height) {
  if (height > 0) {
    const half = hashes.subarray(2 ** (height - 1) * HASH_BYTES);
    return sha256(1, rootOf(hashes, height - 1), rootOf(half, height - 1));
  }
  if (hashes.length < HASH_BYTES) throw new RangeError("a tile is cut short");
  return hashes.subarray(0, HASH_BYTES);
}
function sha256(prefix, ...parts) {
  return createHash2("sha256").update(Buffer.concat([Buffer.from([prefix]), ...parts])).digest();
}
var WIDTH, HEIGHT, HASH_BYTES, SIZE;
var init_log_tiles = __esm({
  "src/sigstore/sign/log-tiles.ts"() {
    "use strict";
    WIDTH = 256;
    HEIGHT = 8;
    HASH_BYTES = 32;
    SIZE = /^\d{1,12}$/;
  }
});

// src/sigstore/sign/rekor-v2.ts
import { createHash as createHash3 } from "node:crypto";
function rekorV2Witness(log, logIds, transport) {
  const asked = { method: "POST", url: new URL(`${log}/api/v2/log/entries`) };
  const read = async (path) => {
    const url = new URL(`${log}/api/v2/${path}`);
    const { status, body } = await transport({ method: "GET", url, limit: ANSWER_LIMIT4 });
    if (status !== 200) throw new RangeError(`${path} answered ${status}`);
    return body;
  };
  return {
    async testify(content, certificate) {
      const record = hashedRekord(content, certificate);
      const answer = await transport({
        ...asked,
        limit: ANSWER_LIMIT4,
        timeout: ANSWER_TIMEOUT,
        headers: { "content-type": "application/json", accept: "application/json" },
        body: Buffer.from(JSON.stringify({ hashedRekordRequestV002: record }))
      });
      return logged(LOG2, asked, answer, {
        entryIn: entryIn2,
        readEntry: (conflict) => readEntry2(read, record, conflict, logIds)
      });
    }
  };
}
function hashedRekord(content, certificate) {
  const { payload, payloadType, signatures } = envelopeIn(content);
  return {
    // What is signed, and so what is hashed, is the pre-authentication encoding.
    digest: createHash3("sha256").update(import_core6.dsse.preAuthEncoding(payloadType, payload)).digest("base64"),
    signature: {
      content: signatures[0]?.sig.toString("base64"),
      verifier: {
        keyDetails: "PKIX_ECDSA_P256_SHA_256",
        x509Certificate: { rawBytes: import_core6.pem.toDER(certificate).toString("base64") }
      }
    }
  };
}
function entryIn2(answer) {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : void 0;
  if (!isRecord(json)) return void 0;
  try {
    const { logId, kindVersion, ...entry } = import_protobuf_specs2.TransparencyLogEntry.fromJSON(json);
    const { logIndex, inclusionProof, canonicalizedBody } = entry;
    const isOurs = kindVersion?.kind === KIND && kindVersion.version === VERSION;
    if (!isOurs || !logId?.keyId.length || !canonicalizedBody.length) return void 0;
    if (!inclusionProof?.checkpoint || !INDEX.test(logIndex)) return void 0;
    return { ...entry, logId, kindVersion };
  } catch {
    return void 0;
  }
}
async function readEntry2(read, { digest, signature }, { headers }, logIds) {
  const index = headers.get("x-log-index") ?? "";
  if (!INDEX.test(index)) return void 0;
  const hashedRekordV002 = { data: { algorithm: "SHA2_256", digest }, signature };
  const canonicalizedBody = Buffer.from(
    JSON.stringify({ apiVersion: VERSION, kind: KIND, spec: { hashedRekordV002 } })
  );
  const { treeSize, rootHash, hashes, checkpoint } = await proveInclusion(
    read,
    canonicalizedBody,
    Number(index)
  );
  const keyId = (await logIds()).find((id) => isSignedBy(checkpoint, id));
  return keyId && {
    logIndex: index,
    logId: { keyId },
    kindVersion: { kind: KIND, version: VERSION },
    integratedTime: "0",
    inclusionPromise: void 0,
    inclusionProof: {
      logIndex: index,
      treeSize: String(treeSize),
      rootHash,
      hashes,
      checkpoint: { envelope: checkpoint }
    },
    canonicalizedBody
  };
}
function isSignedBy(checkpoint, id) {
  const lines = [...checkpoint.matchAll(/^\u2014 \S+ ([A-Za-z0-9+/]+=*)$/gm)];
  return lines.some(
    ([, signature = ""]) => Buffer.from(signature, "base64").subarray(0, 4).equals(id.subarray(0, 4))
  );
}
var import_core6, import_protobuf_specs2, LOG2, ANSWER_LIMIT4, ANSWER_TIMEOUT, KIND, VERSION, INDEX;
var init_rekor_v2 = __esm({
  "src/sigstore/sign/rekor-v2.ts"() {
    "use strict";
    import_core6 = __toESM(require_dist3(), 1);
    import_protobuf_specs2 = __toESM(require_dist(), 1);
    init_json();
    init_log_tiles();
    init_signing_service();
    LOG2 = { task: "log the signature", kind: "a Rekor v2 log" };
    ANSWER_LIMIT4 = 1 << 20;
    ANSWER_TIMEOUT = 6e4;
    KIND = "hashedrekord";
    VERSION = "0.0.2";
    INDEX = /^\d{1,15}$/;
  }
});

// node_modules/@sigstore/verify/dist/bundle/dsse.js
var require_dsse3 = __commonJS({
  "node_modules/@sigstore/verify/dist/bundle/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSESignatureContent = void 0;
    var core_1 = require_dist3();
    var DSSESignatureContent = class {
      env;
      constructor(env) {
        this.env = env;
      }
      compareDigest(digest) {
        return core_1.crypto.bufferEqual(digest, core_1.crypto.digest("sha256", this.env.payload));
      }
      // For a DSSE envelope the signature is computed over the pre-authentication
      // encoding (PAE), so the digest of the signed bytes is the digest of the PAE.
      // This is what a Rekor v2 hashedrekord entry records for a DSSE envelope.
      compareSignedDigest(digest) {
        return core_1.crypto.bufferEqual(digest, core_1.crypto.digest("sha256", this.preAuthEncoding));
      }
      compareSignature(signature) {
        return core_1.crypto.bufferEqual(signature, this.signature);
      }
      verifySignature(key) {
        return core_1.crypto.verify(this.preAuthEncoding, key, this.signature);
      }
      get signature() {
        return this.env.signatures.length > 0 ? this.env.signatures[0].sig : Buffer.from("");
      }
      // DSSE Pre-Authentication Encoding
      get preAuthEncoding() {
        return core_1.dsse.preAuthEncoding(this.env.payloadType, this.env.payload);
      }
    };
    exports.DSSESignatureContent = DSSESignatureContent;
  }
});

// node_modules/@sigstore/verify/dist/bundle/message.js
var require_message = __commonJS({
  "node_modules/@sigstore/verify/dist/bundle/message.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.MessageSignatureContent = void 0;
    var core_1 = require_dist3();
    var protobuf_specs_1 = require_dist();
    var HASH_ALGORITHM_MAP = {
      [protobuf_specs_1.HashAlgorithm.HASH_ALGORITHM_UNSPECIFIED]: "sha256",
      [protobuf_specs_1.HashAlgorithm.SHA2_256]: "sha256",
      [protobuf_specs_1.HashAlgorithm.SHA2_384]: "sha384",
      [protobuf_specs_1.HashAlgorithm.SHA2_512]: "sha512",
      [protobuf_specs_1.HashAlgorithm.SHA3_256]: "sha3-256",
      [protobuf_specs_1.HashAlgorithm.SHA3_384]: "sha3-384"
    };
    var MessageSignatureContent = class {
      signature;
      messageDigest;
      artifact;
      hashAlgorithm;
      constructor(messageSignature2, artifact) {
        this.signature = messageSignature2.signature;
        this.messageDigest = messageSignature2.messageDigest.digest;
        this.artifact = artifact;
        this.hashAlgorithm = HASH_ALGORITHM_MAP[messageSignature2.messageDigest.algorithm] ?? /* istanbul ignore next */
        "sha256";
      }
      compareSignature(signature) {
        return core_1.crypto.bufferEqual(signature, this.signature);
      }
      compareDigest(digest) {
        return core_1.crypto.bufferEqual(digest, this.messageDigest);
      }
      // For a message signature the signature is computed over the artifact, so the
      // digest of the signed bytes is the artifact's message digest.
      compareSignedDigest(digest) {
        return this.compareDigest(digest);
      }
      verifySignature(key) {
        return core_1.crypto.verify(this.artifact, key, this.signature, this.hashAlgorithm);
      }
    };
    exports.MessageSignatureContent = MessageSignatureContent;
  }
});

// node_modules/@sigstore/verify/dist/bundle/index.js
var require_bundle3 = __commonJS({
  "node_modules/@sigstore/verify/dist/bundle/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.toSignedEntity = toSignedEntity3;
    exports.signatureContent = signatureContent;
    var core_1 = require_dist3();
    var dsse_1 = require_dsse3();
    var message_1 = require_message();
    function toSignedEntity3(bundle, artifact) {
      const { tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
      const timestamps2 = [];
      for (const entry of tlogEntries) {
        if (entry.integratedTime && entry.integratedTime !== "0") {
          timestamps2.push({
            $case: "transparency-log",
            tlogEntry: entry
          });
        }
      }
      for (const ts of timestampVerificationData?.rfc3161Timestamps ?? []) {
        timestamps2.push({
          $case: "timestamp-authority",
          timestamp: core_1.RFC3161Timestamp.parse(Buffer.from(ts.signedTimestamp))
        });
      }
      return {
        signature: signatureContent(bundle, artifact),
        key: key(bundle),
        tlogEntries,
        timestamps: timestamps2
      };
    }
    function signatureContent(bundle, artifact) {
      switch (bundle.content.$case) {
        case "dsseEnvelope":
          return new dsse_1.DSSESignatureContent(bundle.content.dsseEnvelope);
        case "messageSignature":
          return new message_1.MessageSignatureContent(bundle.content.messageSignature, artifact);
      }
    }
    function key(bundle) {
      switch (bundle.verificationMaterial.content.$case) {
        case "publicKey":
          return {
            $case: "public-key",
            hint: bundle.verificationMaterial.content.publicKey.hint
          };
        case "x509CertificateChain":
          return {
            $case: "certificate",
            certificate: core_1.X509Certificate.parse(Buffer.from(bundle.verificationMaterial.content.x509CertificateChain.certificates[0].rawBytes))
          };
        case "certificate":
          return {
            $case: "certificate",
            certificate: core_1.X509Certificate.parse(Buffer.from(bundle.verificationMaterial.content.certificate.rawBytes))
          };
      }
    }
  }
});

// node_modules/@sigstore/verify/dist/error.js
var require_error4 = __commonJS({
  "node_modules/@sigstore/verify/dist/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.PolicyError = exports.VerificationError = void 0;
    var BaseError = class extends Error {
      code;
      cause;
      /* eslint-disable-line @typescript-eslint/no-explicit-any */
      constructor({ code: code2, message, cause }) {
        super(message);
        this.code = code2;
        this.cause = cause;
        this.name = this.constructor.name;
      }
    };
    var VerificationError2 = class extends BaseError {
    };
    exports.VerificationError = VerificationError2;
    var PolicyError = class extends BaseError {
    };
    exports.PolicyError = PolicyError;
  }
});

// node_modules/@sigstore/verify/dist/trust/filter.js
var require_filter = __commonJS({
  "node_modules/@sigstore/verify/dist/trust/filter.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.filterCertAuthorities = filterCertAuthorities;
    exports.filterTLogAuthorities = filterTLogAuthorities;
    function filterCertAuthorities(certAuthorities, timestamp) {
      return certAuthorities.filter((ca) => {
        return ca.validFor.start <= timestamp && ca.validFor.end >= timestamp;
      });
    }
    function filterTLogAuthorities(tlogAuthorities, criteria) {
      return tlogAuthorities.filter((tlog) => {
        if (criteria.logID && !tlog.logID.equals(criteria.logID)) {
          return false;
        }
        return tlog.validFor.start <= criteria.targetDate && criteria.targetDate <= tlog.validFor.end;
      });
    }
  }
});

// node_modules/@sigstore/verify/dist/trust/index.js
var require_trust = __commonJS({
  "node_modules/@sigstore/verify/dist/trust/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.filterTLogAuthorities = exports.filterCertAuthorities = void 0;
    exports.toTrustMaterial = toTrustMaterial2;
    var core_1 = require_dist3();
    var protobuf_specs_1 = require_dist();
    var error_1 = require_error4();
    var BEGINNING_OF_TIME = /* @__PURE__ */ new Date(0);
    var END_OF_TIME = /* @__PURE__ */ new Date(864e13);
    var filter_1 = require_filter();
    Object.defineProperty(exports, "filterCertAuthorities", { enumerable: true, get: function() {
      return filter_1.filterCertAuthorities;
    } });
    Object.defineProperty(exports, "filterTLogAuthorities", { enumerable: true, get: function() {
      return filter_1.filterTLogAuthorities;
    } });
    function toTrustMaterial2(root, keys) {
      const keyFinder = typeof keys === "function" ? keys : keyLocator(keys);
      return {
        certificateAuthorities: root.certificateAuthorities.map(createCertAuthority),
        timestampAuthorities: root.timestampAuthorities.map(createCertAuthority),
        tlogs: root.tlogs.map(createTLogAuthority),
        ctlogs: root.ctlogs.map(createTLogAuthority),
        publicKey: keyFinder
      };
    }
    function createTLogAuthority(tlogInstance) {
      const keyDetails = tlogInstance.publicKey.keyDetails;
      const keyType = keyDetails === protobuf_specs_1.PublicKeyDetails.PKCS1_RSA_PKCS1V5 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V5 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V15_2048_SHA256 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V15_3072_SHA256 || keyDetails === protobuf_specs_1.PublicKeyDetails.PKIX_RSA_PKCS1V15_4096_SHA256 ? "pkcs1" : "spki";
      return {
        baseURL: tlogInstance.baseUrl,
        logID: tlogInstance.checkpointKeyId ? tlogInstance.checkpointKeyId.keyId : tlogInstance.logId.keyId,
        publicKey: core_1.crypto.createPublicKey(tlogInstance.publicKey.rawBytes, keyType),
        validFor: {
          start: tlogInstance.publicKey.validFor?.start || BEGINNING_OF_TIME,
          end: tlogInstance.publicKey.validFor?.end || END_OF_TIME
        }
      };
    }
    function createCertAuthority(ca) {
      return {
        certChain: ca.certChain.certificates.map((cert) => {
          return core_1.X509Certificate.parse(Buffer.from(cert.rawBytes));
        }),
        validFor: {
          start: ca.validFor?.start || BEGINNING_OF_TIME,
          end: ca.validFor?.end || END_OF_TIME
        }
      };
    }
    function keyLocator(keys) {
      return (hint) => {
        const key = (keys || {})[hint];
        if (!key) {
          throw new error_1.VerificationError({
            code: "PUBLIC_KEY_ERROR",
            message: `key not found: ${hint}`
          });
        }
        return {
          publicKey: core_1.crypto.createPublicKey(key.rawBytes),
          validFor: (date) => {
            return (key.validFor?.start || BEGINNING_OF_TIME) <= date && (key.validFor?.end || END_OF_TIME) >= date;
          }
        };
      };
    }
  }
});

// node_modules/@sigstore/verify/dist/key/certificate.js
var require_certificate = __commonJS({
  "node_modules/@sigstore/verify/dist/key/certificate.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.CertificateChainVerifier = void 0;
    exports.verifyCertificateChain = verifyCertificateChain;
    var error_1 = require_error4();
    var trust_1 = require_trust();
    function verifyCertificateChain(timestamp, leaf, certificateAuthorities) {
      const cas = (0, trust_1.filterCertAuthorities)(certificateAuthorities, timestamp);
      let error2;
      for (const ca of cas) {
        try {
          const verifier = new CertificateChainVerifier({
            trustedCerts: ca.certChain,
            untrustedCert: leaf,
            timestamp
          });
          return verifier.verify();
        } catch (err) {
          error2 = err;
        }
      }
      throw new error_1.VerificationError({
        code: "CERTIFICATE_ERROR",
        message: "Failed to verify certificate chain",
        cause: error2
      });
    }
    var CertificateChainVerifier = class {
      untrustedCert;
      trustedCerts;
      localCerts;
      timestamp;
      constructor(opts) {
        this.untrustedCert = opts.untrustedCert;
        this.trustedCerts = opts.trustedCerts;
        this.localCerts = dedupeCertificates([
          ...opts.trustedCerts,
          opts.untrustedCert
        ]);
        this.timestamp = opts.timestamp;
      }
      verify() {
        const certificatePath = this.sort();
        this.checkPath(certificatePath);
        const validForDate = certificatePath.every((cert) => cert.validForDate(this.timestamp));
        if (!validForDate) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "certificate is not valid or expired at the specified date"
          });
        }
        return certificatePath;
      }
      sort() {
        const leafCert = this.untrustedCert;
        let paths = this.buildPaths(leafCert);
        paths = paths.filter((path2) => path2.some((cert) => this.trustedCerts.includes(cert)));
        if (paths.length === 0) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "no trusted certificate path found"
          });
        }
        const path = paths.reduce((prev, curr) => prev.length < curr.length ? prev : curr);
        return [leafCert, ...path].slice(0, -1);
      }
      // Recursively build all possible paths from the leaf to the root
      buildPaths(certificate) {
        const paths = [];
        const issuers = this.findIssuer(certificate);
        if (issuers.length === 0) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "no valid certificate path found"
          });
        }
        for (let i = 0; i < issuers.length; i++) {
          const issuer = issuers[i];
          if (issuer.equals(certificate)) {
            paths.push([certificate]);
            continue;
          }
          const subPaths = this.buildPaths(issuer);
          for (let j = 0; j < subPaths.length; j++) {
            paths.push([issuer, ...subPaths[j]]);
          }
        }
        return paths;
      }
      // Return all possible issuers for the given certificate
      findIssuer(certificate) {
        let issuers = [];
        let keyIdentifier;
        if (certificate.subject.equals(certificate.issuer)) {
          if (certificate.verify()) {
            return [certificate];
          }
        }
        if (certificate.extAuthorityKeyID) {
          keyIdentifier = certificate.extAuthorityKeyID.keyIdentifier;
        }
        this.localCerts.forEach((possibleIssuer) => {
          if (keyIdentifier) {
            if (possibleIssuer.extSubjectKeyID) {
              if (possibleIssuer.extSubjectKeyID.keyIdentifier.equals(keyIdentifier)) {
                issuers.push(possibleIssuer);
              }
              return;
            }
          }
          if (possibleIssuer.subject.equals(certificate.issuer)) {
            issuers.push(possibleIssuer);
          }
        });
        issuers = issuers.filter((issuer) => {
          try {
            return certificate.verify(issuer);
          } catch (ex) {
            return false;
          }
        });
        return issuers;
      }
      checkPath(path) {
        if (path.length < 1) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "certificate chain must contain at least one certificate"
          });
        }
        const validCAs = path.slice(1).every((cert) => cert.isCA);
        if (!validCAs) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "intermediate certificate is not a CA"
          });
        }
        for (let i = path.length - 2; i >= 0; i--) {
          if (!path[i].issuer.equals(path[i + 1].subject)) {
            throw new error_1.VerificationError({
              code: "CERTIFICATE_ERROR",
              message: "incorrect certificate name chaining"
            });
          }
        }
        for (let i = 0; i < path.length; i++) {
          const cert = path[i];
          if (cert.extBasicConstraints?.isCA) {
            const pathLength = cert.extBasicConstraints.pathLenConstraint;
            if (pathLength !== void 0 && pathLength < i - 1) {
              throw new error_1.VerificationError({
                code: "CERTIFICATE_ERROR",
                message: "path length constraint exceeded"
              });
            }
          }
        }
      }
    };
    exports.CertificateChainVerifier = CertificateChainVerifier;
    function dedupeCertificates(certs) {
      for (let i = 0; i < certs.length; i++) {
        for (let j = i + 1; j < certs.length; j++) {
          if (certs[i].equals(certs[j])) {
            certs.splice(j, 1);
            j--;
          }
        }
      }
      return certs;
    }
  }
});

// node_modules/@sigstore/verify/dist/key/sct.js
var require_sct2 = __commonJS({
  "node_modules/@sigstore/verify/dist/key/sct.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifySCTs = verifySCTs;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var trust_1 = require_trust();
    function verifySCTs(cert, issuer, ctlogs) {
      let extSCT;
      const clone = cert.clone();
      for (let i = 0; i < clone.extensions.length; i++) {
        const ext = clone.extensions[i];
        if (ext.subs[0].toOID() === core_1.EXTENSION_OID_SCT) {
          extSCT = new core_1.X509SCTExtension(ext);
          clone.extensions.splice(i, 1);
          break;
        }
      }
      if (!extSCT) {
        return [];
      }
      if (extSCT.signedCertificateTimestamps.length === 0) {
        return [];
      }
      const preCert = new core_1.ByteStream();
      const issuerId = core_1.crypto.digest("sha256", issuer.publicKey);
      preCert.appendView(issuerId);
      const tbs = clone.tbsCertificate.toDER();
      preCert.appendUint24(tbs.length);
      preCert.appendView(tbs);
      return extSCT.signedCertificateTimestamps.map((sct) => {
        const validCTLogs = (0, trust_1.filterTLogAuthorities)(ctlogs, {
          logID: sct.logID,
          targetDate: sct.datetime
        });
        const verified = validCTLogs.some((log) => sct.verify(preCert.buffer, log.publicKey));
        if (!verified) {
          throw new error_1.VerificationError({
            code: "CERTIFICATE_ERROR",
            message: "SCT verification failed"
          });
        }
        return sct.logID;
      });
    }
  }
});

// node_modules/@sigstore/verify/dist/key/index.js
var require_key = __commonJS({
  "node_modules/@sigstore/verify/dist/key/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyPublicKey = verifyPublicKey;
    exports.verifyCertificate = verifyCertificate;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var certificate_1 = require_certificate();
    var sct_1 = require_sct2();
    var OID_FULCIO_ISSUER_V1 = "1.3.6.1.4.1.57264.1.1";
    var OID_FULCIO_ISSUER_V2 = "1.3.6.1.4.1.57264.1.8";
    function verifyPublicKey(hint, timestamps2, trustMaterial) {
      const key = trustMaterial.publicKey(hint);
      timestamps2.forEach((timestamp) => {
        if (!key.validFor(timestamp)) {
          throw new error_1.VerificationError({
            code: "PUBLIC_KEY_ERROR",
            message: `Public key is not valid for timestamp: ${timestamp.toISOString()}`
          });
        }
      });
      return { key: key.publicKey };
    }
    function verifyCertificate(leaf, timestamps2, trustMaterial) {
      let path = [];
      timestamps2.forEach((timestamp) => {
        path = (0, certificate_1.verifyCertificateChain)(timestamp, leaf, trustMaterial.certificateAuthorities);
      });
      return {
        scts: (0, sct_1.verifySCTs)(path[0], path[1], trustMaterial.ctlogs),
        signer: getSigner(path[0])
      };
    }
    function getSigner(cert) {
      let issuer;
      const issuerExtension = cert.extension(OID_FULCIO_ISSUER_V2);
      if (issuerExtension) {
        issuer = issuerExtension.valueObj.subs?.[0]?.value.toString("ascii");
      } else {
        issuer = cert.extension(OID_FULCIO_ISSUER_V1)?.value.toString("ascii");
      }
      const oids = cert.extensions.map((ext) => {
        const oid = ext.subs[0].toOID();
        return {
          oid: { id: oid.split(".").map(Number) },
          value: ext.subs[ext.subs.length - 1].value
        };
      });
      const identity = {
        extensions: { issuer },
        subjectAlternativeName: cert.subjectAltName,
        oids
      };
      return {
        key: core_1.crypto.createPublicKey(cert.publicKey),
        identity
      };
    }
  }
});

// node_modules/@sigstore/verify/dist/policy.js
var require_policy = __commonJS({
  "node_modules/@sigstore/verify/dist/policy.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifySubjectAlternativeName = verifySubjectAlternativeName;
    exports.verifyExtensions = verifyExtensions;
    exports.verifyOIDs = verifyOIDs;
    var error_1 = require_error4();
    function verifySubjectAlternativeName(policyIdentity, signerIdentity) {
      if (signerIdentity === void 0 || !signerIdentity.match(policyIdentity)) {
        throw new error_1.PolicyError({
          code: "UNTRUSTED_SIGNER_ERROR",
          message: `certificate identity error - expected ${policyIdentity}, got ${signerIdentity}`
        });
      }
    }
    function verifyExtensions(policyExtensions, signerExtensions = {}) {
      let key;
      for (key in policyExtensions) {
        if (signerExtensions[key] !== policyExtensions[key]) {
          throw new error_1.PolicyError({
            code: "UNTRUSTED_SIGNER_ERROR",
            message: `invalid certificate extension - expected ${key}=${policyExtensions[key]}, got ${key}=${signerExtensions[key]}`
          });
        }
      }
    }
    function verifyOIDs(policyOIDs, signerOIDs = []) {
      for (const policyOID of policyOIDs) {
        const match = signerOIDs.find((signerOID) => oidEquals(policyOID.oid?.id, signerOID.oid?.id) && policyOID.value.equals(signerOID.value));
        if (!match) {
          const oid = policyOID.oid?.id.join(".") ?? "<unknown>";
          throw new error_1.PolicyError({
            code: "UNTRUSTED_SIGNER_ERROR",
            message: `invalid certificate extension - missing OID ${oid}`
          });
        }
      }
    }
    function oidEquals(a, b) {
      if (a === void 0 || b === void 0) {
        return false;
      }
      return a.length === b.length && a.every((v, i) => v === b[i]);
    }
  }
});

// node_modules/@sigstore/verify/dist/timestamp/tsa.js
var require_tsa = __commonJS({
  "node_modules/@sigstore/verify/dist/timestamp/tsa.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyRFC3161Timestamp = verifyRFC3161Timestamp;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var certificate_1 = require_certificate();
    var trust_1 = require_trust();
    function verifyRFC3161Timestamp(timestamp, data, timestampAuthorities) {
      const signingTime = timestamp.signingTime;
      timestampAuthorities = (0, trust_1.filterCertAuthorities)(timestampAuthorities, signingTime);
      timestampAuthorities = filterCAsBySerialAndIssuer(timestampAuthorities, {
        serialNumber: timestamp.signerSerialNumber,
        issuer: timestamp.signerIssuer
      });
      const verified = timestampAuthorities.some((ca) => {
        try {
          verifyTimestampForCA(timestamp, data, ca);
          return true;
        } catch (e) {
          return false;
        }
      });
      if (!verified) {
        throw new error_1.VerificationError({
          code: "TIMESTAMP_ERROR",
          message: "timestamp could not be verified"
        });
      }
    }
    function verifyTimestampForCA(timestamp, data, ca) {
      const [leaf, ...cas] = ca.certChain;
      const signingKey = core_1.crypto.createPublicKey(leaf.publicKey);
      const signingTime = timestamp.signingTime;
      try {
        new certificate_1.CertificateChainVerifier({
          untrustedCert: leaf,
          trustedCerts: cas,
          timestamp: signingTime
        }).verify();
      } catch (e) {
        throw new error_1.VerificationError({
          code: "TIMESTAMP_ERROR",
          message: "invalid certificate chain"
        });
      }
      timestamp.verify(data, signingKey);
    }
    function filterCAsBySerialAndIssuer(timestampAuthorities, criteria) {
      return timestampAuthorities.filter((ca) => ca.certChain.length > 0 && core_1.crypto.bufferEqual(ca.certChain[0].serialNumber, criteria.serialNumber) && core_1.crypto.bufferEqual(ca.certChain[0].issuer, criteria.issuer));
    }
  }
});

// node_modules/@sigstore/verify/dist/timestamp/index.js
var require_timestamp3 = __commonJS({
  "node_modules/@sigstore/verify/dist/timestamp/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.getTSATimestamp = getTSATimestamp;
    exports.getTLogTimestamp = getTLogTimestamp;
    var tsa_1 = require_tsa();
    function getTSATimestamp(timestamp, data, timestampAuthorities) {
      (0, tsa_1.verifyRFC3161Timestamp)(timestamp, data, timestampAuthorities);
      return {
        type: "timestamp-authority",
        logID: timestamp.signerSerialNumber,
        timestamp: timestamp.signingTime
      };
    }
    function getTLogTimestamp(entry) {
      if (!entry.inclusionPromise) {
        return void 0;
      }
      return {
        type: "transparency-log",
        logID: entry.logId.keyId,
        timestamp: new Date(Number(entry.integratedTime) * 1e3)
      };
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/verifier.js
var require_verifier = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/verifier.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Signature = exports.Verifier = exports.PublicKey = void 0;
    var sigstore_common_1 = require_sigstore_common();
    exports.PublicKey = {
      fromJSON(object) {
        return { rawBytes: isSet(object.rawBytes) ? Buffer.from(bytesFromBase64(object.rawBytes)) : Buffer.alloc(0) };
      },
      toJSON(message) {
        const obj = {};
        if (message.rawBytes.length !== 0) {
          obj.rawBytes = base64FromBytes(message.rawBytes);
        }
        return obj;
      }
    };
    exports.Verifier = {
      fromJSON(object) {
        return {
          verifier: isSet(object.publicKey) ? { $case: "publicKey", publicKey: exports.PublicKey.fromJSON(object.publicKey) } : isSet(object.x509Certificate) ? { $case: "x509Certificate", x509Certificate: sigstore_common_1.X509Certificate.fromJSON(object.x509Certificate) } : void 0,
          keyDetails: isSet(object.keyDetails) ? (0, sigstore_common_1.publicKeyDetailsFromJSON)(object.keyDetails) : 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.verifier?.$case === "publicKey") {
          obj.publicKey = exports.PublicKey.toJSON(message.verifier.publicKey);
        } else if (message.verifier?.$case === "x509Certificate") {
          obj.x509Certificate = sigstore_common_1.X509Certificate.toJSON(message.verifier.x509Certificate);
        }
        if (message.keyDetails !== 0) {
          obj.keyDetails = (0, sigstore_common_1.publicKeyDetailsToJSON)(message.keyDetails);
        }
        return obj;
      }
    };
    exports.Signature = {
      fromJSON(object) {
        return {
          content: isSet(object.content) ? Buffer.from(bytesFromBase64(object.content)) : Buffer.alloc(0),
          verifier: isSet(object.verifier) ? exports.Verifier.fromJSON(object.verifier) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.content.length !== 0) {
          obj.content = base64FromBytes(message.content);
        }
        if (message.verifier !== void 0) {
          obj.verifier = exports.Verifier.toJSON(message.verifier);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/dsse.js
var require_dsse4 = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSELogEntryV002 = exports.DSSERequestV002 = void 0;
    var envelope_1 = require_envelope();
    var sigstore_common_1 = require_sigstore_common();
    var verifier_1 = require_verifier();
    exports.DSSERequestV002 = {
      fromJSON(object) {
        return {
          envelope: isSet(object.envelope) ? envelope_1.Envelope.fromJSON(object.envelope) : void 0,
          verifiers: globalThis.Array.isArray(object?.verifiers) ? object.verifiers.map((e) => verifier_1.Verifier.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.envelope !== void 0) {
          obj.envelope = envelope_1.Envelope.toJSON(message.envelope);
        }
        if (message.verifiers?.length) {
          obj.verifiers = message.verifiers.map((e) => verifier_1.Verifier.toJSON(e));
        }
        return obj;
      }
    };
    exports.DSSELogEntryV002 = {
      fromJSON(object) {
        return {
          payloadHash: isSet(object.payloadHash) ? sigstore_common_1.HashOutput.fromJSON(object.payloadHash) : void 0,
          signatures: globalThis.Array.isArray(object?.signatures) ? object.signatures.map((e) => verifier_1.Signature.fromJSON(e)) : []
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.payloadHash !== void 0) {
          obj.payloadHash = sigstore_common_1.HashOutput.toJSON(message.payloadHash);
        }
        if (message.signatures?.length) {
          obj.signatures = message.signatures.map((e) => verifier_1.Signature.toJSON(e));
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/hashedrekord.js
var require_hashedrekord = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/hashedrekord.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.HashedRekordLogEntryV002 = exports.HashedRekordRequestV002 = void 0;
    var sigstore_common_1 = require_sigstore_common();
    var verifier_1 = require_verifier();
    exports.HashedRekordRequestV002 = {
      fromJSON(object) {
        return {
          digest: isSet(object.digest) ? Buffer.from(bytesFromBase64(object.digest)) : Buffer.alloc(0),
          signature: isSet(object.signature) ? verifier_1.Signature.fromJSON(object.signature) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.digest.length !== 0) {
          obj.digest = base64FromBytes(message.digest);
        }
        if (message.signature !== void 0) {
          obj.signature = verifier_1.Signature.toJSON(message.signature);
        }
        return obj;
      }
    };
    exports.HashedRekordLogEntryV002 = {
      fromJSON(object) {
        return {
          data: isSet(object.data) ? sigstore_common_1.HashOutput.fromJSON(object.data) : void 0,
          signature: isSet(object.signature) ? verifier_1.Signature.fromJSON(object.signature) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.data !== void 0) {
          obj.data = sigstore_common_1.HashOutput.toJSON(message.data);
        }
        if (message.signature !== void 0) {
          obj.signature = verifier_1.Signature.toJSON(message.signature);
        }
        return obj;
      }
    };
    function bytesFromBase64(b64) {
      return Uint8Array.from(globalThis.Buffer.from(b64, "base64"));
    }
    function base64FromBytes(arr) {
      return globalThis.Buffer.from(arr).toString("base64");
    }
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/entry.js
var require_entry = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/__generated__/rekor/v2/entry.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.CreateEntryRequest = exports.Spec = exports.Entry = void 0;
    var dsse_1 = require_dsse4();
    var hashedrekord_1 = require_hashedrekord();
    exports.Entry = {
      fromJSON(object) {
        return {
          kind: isSet(object.kind) ? globalThis.String(object.kind) : "",
          apiVersion: isSet(object.apiVersion) ? globalThis.String(object.apiVersion) : "",
          spec: isSet(object.spec) ? exports.Spec.fromJSON(object.spec) : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.kind !== "") {
          obj.kind = message.kind;
        }
        if (message.apiVersion !== "") {
          obj.apiVersion = message.apiVersion;
        }
        if (message.spec !== void 0) {
          obj.spec = exports.Spec.toJSON(message.spec);
        }
        return obj;
      }
    };
    exports.Spec = {
      fromJSON(object) {
        return {
          spec: isSet(object.hashedRekordV002) ? { $case: "hashedRekordV002", hashedRekordV002: hashedrekord_1.HashedRekordLogEntryV002.fromJSON(object.hashedRekordV002) } : isSet(object.dsseV002) ? { $case: "dsseV002", dsseV002: dsse_1.DSSELogEntryV002.fromJSON(object.dsseV002) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.spec?.$case === "hashedRekordV002") {
          obj.hashedRekordV002 = hashedrekord_1.HashedRekordLogEntryV002.toJSON(message.spec.hashedRekordV002);
        } else if (message.spec?.$case === "dsseV002") {
          obj.dsseV002 = dsse_1.DSSELogEntryV002.toJSON(message.spec.dsseV002);
        }
        return obj;
      }
    };
    exports.CreateEntryRequest = {
      fromJSON(object) {
        return {
          spec: isSet(object.hashedRekordRequestV002) ? {
            $case: "hashedRekordRequestV002",
            hashedRekordRequestV002: hashedrekord_1.HashedRekordRequestV002.fromJSON(object.hashedRekordRequestV002)
          } : isSet(object.dsseRequestV002) ? { $case: "dsseRequestV002", dsseRequestV002: dsse_1.DSSERequestV002.fromJSON(object.dsseRequestV002) } : void 0
        };
      },
      toJSON(message) {
        const obj = {};
        if (message.spec?.$case === "hashedRekordRequestV002") {
          obj.hashedRekordRequestV002 = hashedrekord_1.HashedRekordRequestV002.toJSON(message.spec.hashedRekordRequestV002);
        } else if (message.spec?.$case === "dsseRequestV002") {
          obj.dsseRequestV002 = dsse_1.DSSERequestV002.toJSON(message.spec.dsseRequestV002);
        }
        return obj;
      }
    };
    function isSet(value) {
      return value !== null && value !== void 0;
    }
  }
});

// node_modules/@sigstore/protobuf-specs/dist/rekor/v2/index.js
var require_v2 = __commonJS({
  "node_modules/@sigstore/protobuf-specs/dist/rekor/v2/index.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __exportStar = exports && exports.__exportStar || function(m, exports2) {
      for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports2, p)) __createBinding(exports2, m, p);
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    __exportStar(require_dsse4(), exports);
    __exportStar(require_entry(), exports);
    __exportStar(require_hashedrekord(), exports);
    __exportStar(require_verifier(), exports);
  }
});

// node_modules/@sigstore/verify/dist/tlog/dsse.js
var require_dsse5 = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/dsse.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DSSE_API_VERSION_V1 = void 0;
    exports.verifyDSSETLogBody = verifyDSSETLogBody;
    exports.verifyDSSETLogBodyV2 = verifyDSSETLogBodyV2;
    var error_1 = require_error4();
    exports.DSSE_API_VERSION_V1 = "0.0.1";
    function verifyDSSETLogBody(tlogEntry, content) {
      switch (tlogEntry.apiVersion) {
        case exports.DSSE_API_VERSION_V1:
          return verifyDSSE001TLogBody(tlogEntry, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported dsse version: ${tlogEntry.apiVersion}`
          });
      }
    }
    function verifyDSSETLogBodyV2(tlogEntry, content) {
      const spec = tlogEntry.spec?.spec;
      if (!spec) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: `missing dsse spec`
        });
      }
      switch (spec.$case) {
        case "dsseV002":
          return verifyDSSE002TLogBody(spec.dsseV002, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported version: ${spec.$case}`
          });
      }
    }
    function verifyDSSE001TLogBody(tlogEntry, content) {
      if (tlogEntry.spec.signatures?.length !== 1) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature count mismatch"
        });
      }
      const tlogSig = tlogEntry.spec.signatures[0].signature;
      if (!content.compareSignature(Buffer.from(tlogSig, "base64")))
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "tlog entry signature mismatch"
        });
      const tlogHash = tlogEntry.spec.payloadHash?.value || "";
      if (!content.compareDigest(Buffer.from(tlogHash, "hex"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "DSSE payload hash mismatch"
        });
      }
    }
    function verifyDSSE002TLogBody(spec, content) {
      if (spec.signatures?.length !== 1) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature count mismatch"
        });
      }
      const tlogSig = spec.signatures[0].content;
      if (!content.compareSignature(tlogSig))
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "tlog entry signature mismatch"
        });
      const tlogHash = spec.payloadHash?.digest || Buffer.from("");
      if (!content.compareDigest(tlogHash)) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "DSSE payload hash mismatch"
        });
      }
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/hashedrekord.js
var require_hashedrekord2 = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/hashedrekord.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.HASHEDREKORD_API_VERSION_V1 = void 0;
    exports.verifyHashedRekordTLogBody = verifyHashedRekordTLogBody;
    exports.verifyHashedRekordTLogBodyV2 = verifyHashedRekordTLogBodyV2;
    var error_1 = require_error4();
    exports.HASHEDREKORD_API_VERSION_V1 = "0.0.1";
    function verifyHashedRekordTLogBody(tlogEntry, content) {
      switch (tlogEntry.apiVersion) {
        case exports.HASHEDREKORD_API_VERSION_V1:
          return verifyHashedrekord001TLogBody(tlogEntry, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported hashedrekord version: ${tlogEntry.apiVersion}`
          });
      }
    }
    function verifyHashedRekordTLogBodyV2(tlogEntry, content) {
      const spec = tlogEntry.spec?.spec;
      if (!spec) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: `missing dsse spec`
        });
      }
      switch (spec.$case) {
        case "hashedRekordV002":
          return verifyHashedrekord002TLogBody(spec.hashedRekordV002, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported version: ${spec.$case}`
          });
      }
    }
    function verifyHashedrekord001TLogBody(tlogEntry, content) {
      const tlogSig = tlogEntry.spec.signature.content || "";
      if (!content.compareSignature(Buffer.from(tlogSig, "base64"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature mismatch"
        });
      }
      const tlogDigest = tlogEntry.spec.data.hash?.value || "";
      if (!content.compareSignedDigest(Buffer.from(tlogDigest, "hex"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "digest mismatch"
        });
      }
    }
    function verifyHashedrekord002TLogBody(spec, content) {
      const tlogSig = spec.signature?.content || Buffer.from("");
      if (!content.compareSignature(tlogSig)) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature mismatch"
        });
      }
      const tlogHash = spec.data?.digest || Buffer.from("");
      if (!content.compareSignedDigest(tlogHash)) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "digest mismatch"
        });
      }
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/intoto.js
var require_intoto = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/intoto.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyIntotoTLogBody = verifyIntotoTLogBody;
    var error_1 = require_error4();
    function verifyIntotoTLogBody(tlogEntry, content) {
      switch (tlogEntry.apiVersion) {
        case "0.0.2":
          return verifyIntoto002TLogBody(tlogEntry, content);
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported intoto version: ${tlogEntry.apiVersion}`
          });
      }
    }
    function verifyIntoto002TLogBody(tlogEntry, content) {
      if (tlogEntry.spec.content.envelope.signatures?.length !== 1) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "signature count mismatch"
        });
      }
      const tlogSig = base64Decode(tlogEntry.spec.content.envelope.signatures[0].sig);
      if (!content.compareSignature(Buffer.from(tlogSig, "base64"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "tlog entry signature mismatch"
        });
      }
      const tlogHash = tlogEntry.spec.content.payloadHash?.value || "";
      if (!content.compareDigest(Buffer.from(tlogHash, "hex"))) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "DSSE payload hash mismatch"
        });
      }
    }
    function base64Decode(str) {
      return Buffer.from(str, "base64").toString("utf-8");
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/checkpoint.js
var require_checkpoint = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/checkpoint.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.LogCheckpoint = void 0;
    exports.verifyCheckpoint = verifyCheckpoint;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var CHECKPOINT_SEPARATOR = "\n\n";
    var SIGNATURE_REGEX = /\u2014 (\S+) (\S+)\n/g;
    function verifyCheckpoint(entry, tlogs) {
      const inclusionProof = entry.inclusionProof;
      const signedNote = SignedNote.fromString(inclusionProof.checkpoint.envelope);
      const checkpoint = LogCheckpoint.fromString(signedNote.note);
      if (!verifySignedNote(signedNote, tlogs)) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "invalid checkpoint signature"
        });
      }
      return checkpoint;
    }
    function verifySignedNote(signedNote, tlogs) {
      const data = Buffer.from(signedNote.note, "utf-8");
      return signedNote.signatures.some((signature) => {
        const tlog = tlogs.find((tlog2) => core_1.crypto.bufferEqual(tlog2.logID.subarray(0, 4), signature.keyHint) && // Match the signature name to the base URL of the tlog. The name is
        // attacker-controlled, so it MUST be compared as a literal substring
        // and never coerced into a RegExp (as String.prototype.match would).
        tlog2.baseURL.includes(signature.name));
        if (!tlog) {
          return false;
        }
        return core_1.crypto.verify(data, tlog.publicKey, signature.signature);
      });
    }
    var SignedNote = class _SignedNote {
      note;
      signatures;
      constructor(note, signatures) {
        this.note = note;
        this.signatures = signatures;
      }
      // Deserialize a SignedNote from a string
      static fromString(envelope) {
        if (!envelope.includes(CHECKPOINT_SEPARATOR)) {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "missing checkpoint separator"
          });
        }
        const split = envelope.indexOf(CHECKPOINT_SEPARATOR);
        const header = envelope.slice(0, split + 1);
        const data = envelope.slice(split + CHECKPOINT_SEPARATOR.length);
        const matches2 = data.matchAll(SIGNATURE_REGEX);
        const signatures = Array.from(matches2, (match) => {
          const [, name, signature] = match;
          const sigBytes = Buffer.from(signature, "base64");
          if (sigBytes.length < 5) {
            throw new error_1.VerificationError({
              code: "TLOG_INCLUSION_PROOF_ERROR",
              message: "malformed checkpoint signature"
            });
          }
          return {
            name,
            keyHint: sigBytes.subarray(0, 4),
            signature: sigBytes.subarray(4)
          };
        });
        if (signatures.length === 0) {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "no signatures found in checkpoint"
          });
        }
        return new _SignedNote(header, signatures);
      }
    };
    var LogCheckpoint = class _LogCheckpoint {
      origin;
      logSize;
      logHash;
      rest;
      constructor(origin, logSize, logHash, rest) {
        this.origin = origin;
        this.logSize = logSize;
        this.logHash = logHash;
        this.rest = rest;
      }
      static fromString(note) {
        const lines = note.trimEnd().split("\n");
        if (lines.length < 3) {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "too few lines in checkpoint header"
          });
        }
        const origin = lines[0];
        let logSize;
        try {
          logSize = BigInt(lines[1]);
        } catch {
          throw new error_1.VerificationError({
            code: "TLOG_INCLUSION_PROOF_ERROR",
            message: "invalid checkpoint log size"
          });
        }
        const rootHash = Buffer.from(lines[2], "base64");
        const rest = lines.slice(3);
        return new _LogCheckpoint(origin, logSize, rootHash, rest);
      }
    };
    exports.LogCheckpoint = LogCheckpoint;
  }
});

// node_modules/@sigstore/verify/dist/tlog/merkle.js
var require_merkle = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/merkle.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyMerkleInclusion = verifyMerkleInclusion;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var RFC6962_LEAF_HASH_PREFIX = Buffer.from([0]);
    var RFC6962_NODE_HASH_PREFIX = Buffer.from([1]);
    function verifyMerkleInclusion(entry, checkpoint) {
      const inclusionProof = entry.inclusionProof;
      let logIndex;
      try {
        logIndex = BigInt(inclusionProof.logIndex);
      } catch {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "invalid inclusion proof log index"
        });
      }
      const treeSize = BigInt(checkpoint.logSize);
      if (logIndex < 0n || logIndex >= treeSize) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: `invalid index: ${logIndex}`
        });
      }
      const { inner, border } = decompInclProof(logIndex, treeSize);
      if (inclusionProof.hashes.length !== inner + border) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "invalid hash count"
        });
      }
      const innerHashes = inclusionProof.hashes.slice(0, inner);
      const borderHashes = inclusionProof.hashes.slice(inner);
      const leafHash = hashLeaf(entry.canonicalizedBody);
      const calculatedHash = chainBorderRight(chainInner(leafHash, innerHashes, logIndex), borderHashes);
      if (!core_1.crypto.bufferEqual(calculatedHash, checkpoint.logHash)) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROOF_ERROR",
          message: "calculated root hash does not match inclusion proof"
        });
      }
    }
    function decompInclProof(index, size) {
      const inner = innerProofSize(index, size);
      const border = onesCount(index >> BigInt(inner));
      return { inner, border };
    }
    function chainInner(seed, hashes, index) {
      return hashes.reduce((acc, h, i) => {
        if (index >> BigInt(i) & BigInt(1)) {
          return hashChildren(h, acc);
        } else {
          return hashChildren(acc, h);
        }
      }, seed);
    }
    function chainBorderRight(seed, hashes) {
      return hashes.reduce((acc, h) => hashChildren(h, acc), seed);
    }
    function innerProofSize(index, size) {
      return bitLength(index ^ size - BigInt(1));
    }
    function onesCount(num) {
      return num.toString(2).split("1").length - 1;
    }
    function bitLength(n) {
      if (n === 0n) {
        return 0;
      }
      return n.toString(2).length;
    }
    function hashChildren(left, right) {
      return core_1.crypto.digest("sha256", RFC6962_NODE_HASH_PREFIX, left, right);
    }
    function hashLeaf(leaf) {
      return core_1.crypto.digest("sha256", RFC6962_LEAF_HASH_PREFIX, leaf);
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/set.js
var require_set = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/set.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyTLogSET = verifyTLogSET;
    var core_1 = require_dist3();
    var error_1 = require_error4();
    var trust_1 = require_trust();
    function verifyTLogSET(entry, tlogs) {
      const validTLogs = (0, trust_1.filterTLogAuthorities)(tlogs, {
        logID: entry.logId.keyId,
        targetDate: new Date(Number(entry.integratedTime) * 1e3)
      });
      const verified = validTLogs.some((tlog) => {
        const payload = toVerificationPayload(entry);
        const data = Buffer.from(core_1.json.canonicalize(payload), "utf8");
        const signature = entry.inclusionPromise.signedEntryTimestamp;
        return core_1.crypto.verify(data, tlog.publicKey, signature);
      });
      if (!verified) {
        throw new error_1.VerificationError({
          code: "TLOG_INCLUSION_PROMISE_ERROR",
          message: "inclusion promise could not be verified"
        });
      }
    }
    function toVerificationPayload(entry) {
      const { integratedTime, logIndex, logId, canonicalizedBody } = entry;
      return {
        body: canonicalizedBody.toString("base64"),
        integratedTime: Number(integratedTime),
        logIndex: Number(logIndex),
        logID: logId.keyId.toString("hex")
      };
    }
  }
});

// node_modules/@sigstore/verify/dist/tlog/index.js
var require_tlog = __commonJS({
  "node_modules/@sigstore/verify/dist/tlog/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifyTLogBody = verifyTLogBody;
    exports.verifyTLogInclusion = verifyTLogInclusion;
    var v2_1 = require_v2();
    var error_1 = require_error4();
    var dsse_1 = require_dsse5();
    var hashedrekord_1 = require_hashedrekord2();
    var intoto_1 = require_intoto();
    var checkpoint_1 = require_checkpoint();
    var merkle_1 = require_merkle();
    var set_1 = require_set();
    function verifyTLogBody(entry, sigContent) {
      const { kind, version } = entry.kindVersion;
      let body;
      try {
        body = JSON.parse(entry.canonicalizedBody.toString("utf8"));
      } catch {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: "invalid canonicalized body"
        });
      }
      if (kind !== body.kind || version !== body.apiVersion) {
        throw new error_1.VerificationError({
          code: "TLOG_BODY_ERROR",
          message: `kind/version mismatch - expected: ${kind}/${version}, received: ${body.kind}/${body.apiVersion}`
        });
      }
      switch (kind) {
        case "dsse":
          if (version == dsse_1.DSSE_API_VERSION_V1) {
            return (0, dsse_1.verifyDSSETLogBody)(body, sigContent);
          } else {
            const entryRekorV2 = v2_1.Entry.fromJSON(body);
            return (0, dsse_1.verifyDSSETLogBodyV2)(entryRekorV2, sigContent);
          }
        case "intoto":
          return (0, intoto_1.verifyIntotoTLogBody)(body, sigContent);
        case "hashedrekord":
          if (version == hashedrekord_1.HASHEDREKORD_API_VERSION_V1) {
            return (0, hashedrekord_1.verifyHashedRekordTLogBody)(body, sigContent);
          } else {
            const entryRekorV2 = v2_1.Entry.fromJSON(body);
            return (0, hashedrekord_1.verifyHashedRekordTLogBodyV2)(entryRekorV2, sigContent);
          }
        /* istanbul ignore next */
        default:
          throw new error_1.VerificationError({
            code: "TLOG_BODY_ERROR",
            message: `unsupported kind: ${kind}`
          });
      }
    }
    function verifyTLogInclusion(entry, tlogAuthorities) {
      let inclusionVerified = false;
      if (isTLogEntryWithInclusionPromise(entry)) {
        (0, set_1.verifyTLogSET)(entry, tlogAuthorities);
        inclusionVerified = true;
      }
      if (isTLogEntryWithInclusionProof(entry)) {
        const matchingAuthorities = tlogAuthorities.filter((tlog) => tlog.logID.equals(entry.logId.keyId));
        const checkpoint = (0, checkpoint_1.verifyCheckpoint)(entry, matchingAuthorities);
        (0, merkle_1.verifyMerkleInclusion)(entry, checkpoint);
        inclusionVerified = true;
      }
      if (!inclusionVerified) {
        throw new error_1.VerificationError({
          code: "TLOG_MISSING_INCLUSION_ERROR",
          message: "inclusion could not be verified"
        });
      }
      return;
    }
    function isTLogEntryWithInclusionPromise(entry) {
      return entry.inclusionPromise !== void 0;
    }
    function isTLogEntryWithInclusionProof(entry) {
      return entry.inclusionProof !== void 0;
    }
  }
});

// node_modules/@sigstore/verify/dist/verifier.js
var require_verifier2 = __commonJS({
  "node_modules/@sigstore/verify/dist/verifier.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Verifier = void 0;
    var util_1 = __require("util");
    var error_1 = require_error4();
    var key_1 = require_key();
    var policy_1 = require_policy();
    var timestamp_1 = require_timestamp3();
    var tlog_1 = require_tlog();
    var Verifier2 = class {
      trustMaterial;
      options;
      constructor(trustMaterial, options = {}) {
        this.trustMaterial = trustMaterial;
        this.options = {
          ctlogThreshold: options.ctlogThreshold ?? 1,
          tlogThreshold: options.tlogThreshold ?? 1,
          timestampThreshold: options.timestampThreshold ?? options.tsaThreshold ?? 1,
          tsaThreshold: 0
        };
      }
      verify(entity, policy) {
        const timestamps2 = this.verifyTimestamps(entity);
        const signer = this.verifySigningKey(entity, timestamps2);
        this.verifyTLogs(entity);
        this.verifySignature(entity, signer);
        if (policy) {
          this.verifyPolicy(policy, signer.identity || {});
        }
        return signer;
      }
      // Checks that all of the timestamps in the entity are valid and returns them
      verifyTimestamps(entity) {
        const timestamps2 = [];
        for (const timestamp of entity.timestamps) {
          switch (timestamp.$case) {
            case "timestamp-authority":
              timestamps2.push((0, timestamp_1.getTSATimestamp)(timestamp.timestamp, entity.signature.signature, this.trustMaterial.timestampAuthorities));
              break;
            case "transparency-log": {
              const result = (0, timestamp_1.getTLogTimestamp)(timestamp.tlogEntry);
              if (result) {
                timestamps2.push(result);
              }
              break;
            }
          }
        }
        if (containsDupes(timestamps2)) {
          throw new error_1.VerificationError({
            code: "TIMESTAMP_ERROR",
            message: "duplicate timestamp"
          });
        }
        if (timestamps2.length < this.options.timestampThreshold) {
          throw new error_1.VerificationError({
            code: "TIMESTAMP_ERROR",
            message: `expected ${this.options.timestampThreshold} timestamps, got ${timestamps2.length}`
          });
        }
        return timestamps2.map((t) => t.timestamp);
      }
      // Checks that the signing key is valid for all of the the supplied timestamps
      // and returns the signer.
      verifySigningKey({ key }, timestamps2) {
        switch (key.$case) {
          case "public-key": {
            return (0, key_1.verifyPublicKey)(key.hint, timestamps2, this.trustMaterial);
          }
          case "certificate": {
            const result = (0, key_1.verifyCertificate)(key.certificate, timestamps2, this.trustMaterial);
            if (containsDupes(result.scts)) {
              throw new error_1.VerificationError({
                code: "CERTIFICATE_ERROR",
                message: "duplicate SCT"
              });
            }
            if (result.scts.length < this.options.ctlogThreshold) {
              throw new error_1.VerificationError({
                code: "CERTIFICATE_ERROR",
                message: `expected ${this.options.ctlogThreshold} SCTs, got ${result.scts.length}`
              });
            }
            return result.signer;
          }
        }
      }
      // Checks that the tlog entries are valid for the supplied content
      verifyTLogs({ signature: content, tlogEntries }) {
        const entryIDs = [];
        tlogEntries.forEach((entry) => {
          (0, tlog_1.verifyTLogInclusion)(entry, this.trustMaterial.tlogs);
          (0, tlog_1.verifyTLogBody)(entry, content);
          entryIDs.push({
            logID: entry.logId.keyId,
            body: entry.canonicalizedBody
          });
        });
        if (containsDupes(entryIDs)) {
          throw new error_1.VerificationError({
            code: "TLOG_ERROR",
            message: "duplicate tlog entry"
          });
        }
        if (entryIDs.length < this.options.tlogThreshold) {
          throw new error_1.VerificationError({
            code: "TLOG_ERROR",
            message: `expected ${this.options.tlogThreshold} tlog entries, got ${entryIDs.length}`
          });
        }
      }
      // Checks that the signature is valid for the supplied content
      verifySignature(entity, signer) {
        if (!entity.signature.verifySignature(signer.key)) {
          throw new error_1.VerificationError({
            code: "SIGNATURE_ERROR",
            message: "signature verification failed"
          });
        }
      }
      verifyPolicy(policy, identity) {
        if (policy.subjectAlternativeName) {
          (0, policy_1.verifySubjectAlternativeName)(policy.subjectAlternativeName, identity.subjectAlternativeName);
        }
        if (policy.extensions) {
          (0, policy_1.verifyExtensions)(policy.extensions, identity.extensions);
        }
        if (policy.oids) {
          (0, policy_1.verifyOIDs)(policy.oids, identity.oids);
        }
      }
    };
    exports.Verifier = Verifier2;
    function containsDupes(arr) {
      for (let i = 0; i < arr.length; i++) {
        for (let j = i + 1; j < arr.length; j++) {
          if ((0, util_1.isDeepStrictEqual)(arr[i], arr[j])) {
            return true;
          }
        }
      }
      return false;
    }
  }
});

// node_modules/@sigstore/verify/dist/index.js
var require_dist4 = __commonJS({
  "node_modules/@sigstore/verify/dist/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Verifier = exports.toTrustMaterial = exports.VerificationError = exports.PolicyError = exports.toSignedEntity = void 0;
    var bundle_1 = require_bundle3();
    Object.defineProperty(exports, "toSignedEntity", { enumerable: true, get: function() {
      return bundle_1.toSignedEntity;
    } });
    var error_1 = require_error4();
    Object.defineProperty(exports, "PolicyError", { enumerable: true, get: function() {
      return error_1.PolicyError;
    } });
    Object.defineProperty(exports, "VerificationError", { enumerable: true, get: function() {
      return error_1.VerificationError;
    } });
    var trust_1 = require_trust();
    Object.defineProperty(exports, "toTrustMaterial", { enumerable: true, get: function() {
      return trust_1.toTrustMaterial;
    } });
    var verifier_1 = require_verifier2();
    Object.defineProperty(exports, "Verifier", { enumerable: true, get: function() {
      return verifier_1.Verifier;
    } });
  }
});

// src/sigstore/refusal.ts
function rejectionOf(found, thrown) {
  const { code: code2, rule: rule2, expected, message } = thrown instanceof Refusal ? thrown : refusalOf(thrown);
  return {
    found: { source: found.source, place: found.place },
    code: code2,
    finding: {
      rule: rule2,
      expected,
      found: message.length > LONGEST3 ? `${message.slice(0, LONGEST3)}\u2026` : message
    }
  };
}
function refusalOf(thrown) {
  const state = thrown instanceof import_bundle2.ValidationError ? `${thrown.message}: ${thrown.fields.join(", ")}` : messageOf(thrown);
  if (!(thrown instanceof import_verify.VerificationError))
    return new Refusal("BUNDLE_MALFORMED", "bundle", "a well-formed Sigstore bundle", state);
  switch (thrown.code) {
    case "CERTIFICATE_ERROR":
    case "PUBLIC_KEY_ERROR":
      return new Refusal(
        "CERTIFICATE",
        "certificate",
        "issued by a trusted authority and valid when it signed",
        state
      );
    case "SIGNATURE_ERROR":
      return new Refusal(
        "SIGNATURE",
        "signature",
        "made by the certificate's key over this payload",
        state
      );
    case "TIMESTAMP_ERROR":
      return new Refusal(
        "TIMESTAMP",
        "timestamp",
        "from a trusted timestamp authority or log",
        state
      );
    default:
      return new Refusal(
        "TRANSPARENCY_LOG",
        "transparency log",
        "an entry of a trusted log for this signature",
        state
      );
  }
}
var import_bundle2, import_verify, LONGEST3, Refusal;
var init_refusal = __esm({
  "src/sigstore/refusal.ts"() {
    "use strict";
    import_bundle2 = __toESM(require_dist2(), 1);
    import_verify = __toESM(require_dist4(), 1);
    init_errors();
    LONGEST3 = 300;
    Refusal = class extends Error {
      code;
      rule;
      expected;
      constructor(code2, rule2, expected, found) {
        super(found);
        this.code = code2;
        this.rule = rule2;
        this.expected = expected;
      }
    };
  }
});

// src/sigstore/der-work.ts
function checkWork({ verificationMaterial }) {
  checkWorkOf(dersIn(verificationMaterial));
}
function checkWorkOf(ders) {
  let objects = 0;
  const endOf = (der, at2, depth) => {
    if (++objects > OBJECTS)
      throw new Refusal(
        "BUNDLE_MALFORMED",
        "certificates and timestamps",
        `at most ${OBJECTS} objects of ASN.1`,
        "more"
      );
    const { start, end: end2 } = extentOf(der, at2);
    if (depth > DEEPEST2 || end2 > der.length) return void 0;
    const tag = der[at2] ?? 0;
    const isConstructed = (tag & CONSTRUCTED) !== 0;
    if (!isConstructed && tag !== OCTET_STRING) return end2;
    let next = start;
    while (next !== void 0 && next < end2) next = endOf(der, next, depth + 1);
    return next === end2 || !isConstructed ? end2 : void 0;
  };
  for (const der of ders) endOf(der, 0, 0);
}
function dersIn({
  content,
  timestampVerificationData
}) {
  return [
    ...certificatesIn(content).map(({ rawBytes }) => rawBytes),
    ...(timestampVerificationData?.rfc3161Timestamps ?? []).map(
      ({ signedTimestamp }) => signedTimestamp
    )
  ];
}
function certificatesIn(content) {
  if (content.$case === "certificate") return [content.certificate];
  if (content.$case === "x509CertificateChain") return content.x509CertificateChain.certificates;
  return [];
}
function extentOf(der, at2) {
  const length = der[at2 + 1] ?? 255;
  const start = at2 + 2 + (length < 128 ? 0 : length & 127);
  return {
    start,
    end: start + (length < 128 ? length : der.subarray(at2 + 2, start).reduce((sum, byte) => sum * 256 + byte, 0))
  };
}
var OBJECTS, DEEPEST2, OCTET_STRING, CONSTRUCTED;
var init_der_work = __esm({
  "src/sigstore/der-work.ts"() {
    "use strict";
    init_refusal();
    OBJECTS = 1e4;
    DEEPEST2 = 100;
    OCTET_STRING = 4;
    CONSTRUCTED = 32;
  }
});

// src/sigstore/sign/timestamp.ts
import { createHash as createHash4 } from "node:crypto";
function timestampWitness(address, transport) {
  const url = new URL(address);
  if (url.pathname === "/") url.pathname = "/api/v1/timestamp";
  return {
    async testify(content) {
      const signature = envelopeIn(content).signatures[0]?.sig ?? Buffer.alloc(0);
      const asked = { method: "POST", url };
      const answer = await transport({
        ...asked,
        limit: ANSWER_LIMIT5,
        headers: {
          "content-type": "application/timestamp-query",
          accept: "application/timestamp-reply"
        },
        body: Buffer.concat([REQUEST, createHash4("sha256").update(signature).digest()])
      });
      if (!isDone(answer) || !isTimestampOf(answer, signature)) {
        throw notAnswered(AUTHORITY, asked, answer, "a timestamp of the signature");
      }
      return { rfc3161Timestamps: [{ signedTimestamp: answer.body }] };
    }
  };
}
function isTimestampOf({ body }, signature) {
  try {
    checkWorkOf([body]);
    const timestamp = import_core7.RFC3161Timestamp.parse(Buffer.from(body));
    timestamp.tstInfo.verify(signature);
    const isGranted = timestamp.status === 0n || timestamp.status === 1n;
    return isGranted && timestamp.contentType === SIGNED_DATA && timestamp.eContentType === TST_INFO;
  } catch {
    return false;
  }
}
var import_core7, AUTHORITY, ANSWER_LIMIT5, REQUEST, SIGNED_DATA, TST_INFO;
var init_timestamp = __esm({
  "src/sigstore/sign/timestamp.ts"() {
    "use strict";
    import_core7 = __toESM(require_dist3(), 1);
    init_der_work();
    init_signing_service();
    AUTHORITY = { task: "get a timestamp", kind: "an RFC 3161 timestamp authority" };
    ANSWER_LIMIT5 = 64 << 10;
    REQUEST = Buffer.from("30360201013031300d060960864801650304020105000420", "hex");
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    TST_INFO = "1.2.840.113549.1.9.16.1.4";
  }
});

// src/sigstore/sign/statement-signer.ts
async function openStatementSigner(options) {
  const { holder, services, transport } = options;
  const builder = new import_dsse.DSSEBundleBuilder({
    signer: await certificateSigner(services.fulcio, holder, transport),
    witnesses: witnesses(options)
  });
  return {
    async sign(statement, subjects) {
      const artifact = { data: serializeStatement(statement), type: PAYLOAD_TYPE };
      const bundle = await builder.create(artifact).catch((error2) => {
        if (error2 instanceof UnreadableEntry) return builder.create(artifact);
        throw error2;
      });
      return signedBundle({
        subjects,
        predicateType: statement.predicateType,
        json: Buffer.from(JSON.stringify((0, import_bundle3.bundleToJSON)(bundle)))
      });
    }
  };
}
function witnesses({ services, logIds, transport }) {
  return [
    ...services.logs.map(
      ({ url, version }) => version === 2 ? rekorV2Witness(url, logIds, transport) : rekorV1Witness(url, transport)
    ),
    ...services.timestampAuthorities.map((url) => timestampWitness(url, transport))
  ];
}
var import_bundle3, import_dsse;
var init_statement_signer = __esm({
  "src/sigstore/sign/statement-signer.ts"() {
    "use strict";
    import_bundle3 = __toESM(require_dist2(), 1);
    import_dsse = __toESM(require_dsse2(), 1);
    init_bundle();
    init_statement();
    init_certificate_signer();
    init_rekor_v1();
    init_rekor_v2();
    init_signing_service();
    init_timestamp();
  }
});

// src/model/workflow.ts
function parseWorkflow(url) {
  const [, server, repository, path, ref] = GITHUB2.exec(url) ?? GITLAB.exec(url) ?? [];
  return server === void 0 || repository === void 0 || path === void 0 || ref === void 0 ? void 0 : { server, repository, path, ref };
}
var GITHUB2, GITLAB;
var init_workflow = __esm({
  "src/model/workflow.ts"() {
    "use strict";
    GITHUB2 = /^(https:\/\/[^/@\s]+)\/([^/@\s]+\/[^/@\s]+)\/(\.github\/workflows\/[^/@\s]+)@(\S+)$/;
    GITLAB = /^(https:\/\/[^/@\s]+)\/([^/@\s]+(?:\/[^/@\s]+)+)\/\/([^@\s]+)@(\S+)$/;
  }
});

// src/sigstore/certificate.ts
function parseCertificate(der) {
  const certificate = readable(() => import_core8.X509Certificate.parse(Buffer.from(der)));
  readable(() => certificate.issuer);
  return certificate;
}
function readable(read) {
  try {
    return read();
  } catch {
    throw new Refusal("BUNDLE_MALFORMED", "certificate", "an X.509 certificate", "other bytes");
  }
}
function isForCodeSigning(certificate) {
  const usages = certificate.extension(EXTENDED_KEY_USAGE)?.valueObj.subs[0]?.subs ?? [];
  return usages.some((usage) => usage.tag.isOID() && usage.toOID() === CODE_SIGNING);
}
function identityOf2(certificate) {
  const oids = certificate.extensions.map((extension) => extension.subs[0]?.toOID() ?? "");
  const twice = oids.find((oid, index) => oids.indexOf(oid) !== index);
  if (twice !== void 0) return malformed(`extension ${twice} occurs twice`);
  const san = sanOf(certificate);
  if (!san)
    return malformed("there is not exactly one URI or e-mail address as subject alternative name");
  const issuer = textOf2(certificate, 8);
  if (issuer === void 0 && certificate.extension(`${FULCIO2}.8`))
    return malformed("the issuer is not a DER UTF8String");
  const deprecated = certificate.extension(`${FULCIO2}.1`)?.value.toString("utf8");
  if (issuer !== void 0 && deprecated !== void 0 && issuer !== deprecated)
    return malformed("the two issuer extensions differ");
  if (!(issuer ?? deprecated)) return malformed("there is no issuer");
  const claims = Object.entries(CLAIM_EXTENSIONS).flatMap(([name, number]) => {
    const value = textOf2(certificate, number);
    return value === void 0 ? [] : [[name, value]];
  });
  const workflow = parseWorkflow(san);
  return {
    value: {
      san,
      ...workflow ? { workflow } : {},
      issuer: issuer ?? deprecated ?? "",
      claims: Object.fromEntries(claims)
    }
  };
}
function claimOf(certificate, name) {
  return textOf2(certificate, CLAIM_EXTENSIONS[name]);
}
function sanOf(certificate) {
  const names = certificate.extSubjectAltName?.valueObj.subs[0]?.subs ?? [];
  const [name] = names;
  if (names.length !== 1 || !name) return void 0;
  const isText2 = name.tag.isContextSpecific(SAN_URI) || name.tag.isContextSpecific(SAN_EMAIL);
  return isText2 ? name.value.toString("utf8") : void 0;
}
function textOf2(certificate, number) {
  const value = certificate.extension(`${FULCIO2}.${number}`)?.value;
  if (!value) return void 0;
  try {
    const text2 = import_core8.ASN1Obj.parseBuffer(Buffer.from(value));
    return text2.tag.isUniversal() && text2.tag.number === UTF8_STRING ? text2.value.toString("utf8") : void 0;
  } catch {
    return void 0;
  }
}
function malformed(problem) {
  return { problem, remedy: "sign again with a certificate from Fulcio" };
}
var import_core8, FULCIO2, EXTENDED_KEY_USAGE, CODE_SIGNING, UTF8_STRING, SAN_EMAIL, SAN_URI;
var init_certificate = __esm({
  "src/sigstore/certificate.ts"() {
    "use strict";
    import_core8 = __toESM(require_dist3(), 1);
    init_identity();
    init_refusal();
    init_workflow();
    FULCIO2 = "1.3.6.1.4.1.57264.1";
    EXTENDED_KEY_USAGE = "2.5.29.37";
    CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    UTF8_STRING = 12;
    SAN_EMAIL = 1;
    SAN_URI = 6;
  }
});

// src/keys/signature.ts
import { constants as constants3, verify } from "node:crypto";
function schemesOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details
}) {
  switch (type) {
    case "ed25519":
      return [{ hash: null }];
    case "ec":
      return schemesOfCurve(details?.namedCurve);
    case "rsa":
      return [
        { hash: "sha256", padding: constants3.RSA_PKCS1_PADDING },
        { hash: "sha256", padding: constants3.RSA_PKCS1_PSS_PADDING }
      ];
    case "rsa-pss":
      return [{ hash: "sha256", padding: constants3.RSA_PKCS1_PSS_PADDING }];
    default:
      return [];
  }
}
function schemesOfCurve(curve) {
  if (curve === "secp384r1") return [{ hash: "sha256" }, { hash: "sha384" }];
  if (curve === "secp521r1") return [{ hash: "sha256" }, { hash: "sha512" }];
  return [{ hash: "sha256" }];
}
var hasSigned;
var init_signature2 = __esm({
  "src/keys/signature.ts"() {
    "use strict";
    hasSigned = (key, data, signature) => schemesOf(key).some(({ hash, padding }) => {
      try {
        return verify(hash, data, padding === void 0 ? key : { key, padding }, signature);
      } catch {
        return false;
      }
    });
  }
});

// src/sigstore/verify/intoto-entry.ts
import { createHash as createHash5, verify as verify2 } from "node:crypto";
function isIntotoV001({ kindVersion: { kind, version } }) {
  return kind === "intoto" && version === "0.0.1";
}
function verifyIntotoV001(entry, envelope, { tlogs }) {
  const { canonicalizedBody, integratedTime, logIndex, logId, inclusionPromise } = entry;
  const time = new Date(Number(integratedTime) * 1e3);
  const log = tlogs.find(
    ({ logID, validFor: { start, end: end2 } }) => logID.equals(logId.keyId) && start <= time && time <= end2
  );
  const promised = Buffer.from(
    import_core9.json.canonicalize({
      body: canonicalizedBody.toString("base64"),
      integratedTime: Number(integratedTime),
      logID: logId.keyId.toString("hex"),
      logIndex: Number(logIndex)
    })
  );
  if (!log || !inclusionPromise || !verify2("sha256", promised, log.publicKey, inclusionPromise.signedEntryTimestamp))
    throw refused("inclusion promise could not be verified");
  const body = parseJson(canonicalizedBody.toString("utf8"));
  const [spec, kind, version] = isRecord(body) ? [body["spec"], body["kind"], body["apiVersion"]] : [];
  const content = isRecord(spec) ? spec["content"] : void 0;
  const hash = isRecord(content) ? content["hash"] : void 0;
  const recorded = isRecord(hash) && hash["algorithm"] === "sha256" ? hash["value"] : void 0;
  const isThis = envelope !== void 0 && recorded === createHash5("sha256").update(envelope).digest("hex");
  if (kind !== "intoto" || version !== "0.0.1" || !isThis)
    throw refused("the entry records another envelope");
}
function refused(state) {
  return new Refusal(
    "TRANSPARENCY_LOG",
    "transparency log",
    "an entry of a trusted log for this signature",
    state
  );
}
var import_core9;
var init_intoto_entry = __esm({
  "src/sigstore/verify/intoto-entry.ts"() {
    "use strict";
    import_core9 = __toESM(require_dist3(), 1);
    init_json();
    init_refusal();
  }
});

// src/sigstore/verify/witnesses.ts
function checkLogs(bundle, { tlogs }) {
  const times = timesOf(bundle);
  for (const entry of bundle.verificationMaterial.tlogEntries) {
    const logs = logsOf(entry, tlogs);
    const origin = entry.inclusionProof?.checkpoint?.envelope.split("\n", 1)[0];
    if (origin !== void 0 && !logs.some((log) => isOriginOf(log, origin)))
      throw new Refusal(
        "TRANSPARENCY_LOG",
        "checkpoint origin",
        logs.map(({ baseURL }) => baseURL).join(" or "),
        origin
      );
    const late = entry.inclusionPromise ? void 0 : times.find(
      ({ time }) => !logs.some(({ validFor: { start, end: end2 } }) => start <= time && time <= end2)
    );
    if (late)
      throw new Refusal(
        "TRANSPARENCY_LOG",
        "log",
        "in use when it signed",
        `not in use at ${late.time.toISOString()}`
      );
  }
}
function timesOf({
  verificationMaterial: { tlogEntries, timestampVerificationData }
}) {
  const stamps = (timestampVerificationData?.rfc3161Timestamps ?? []).map(
    ({ signedTimestamp }) => ({
      time: import_core10.RFC3161Timestamp.parse(Buffer.from(signedTimestamp)).signingTime,
      source: "timestamp-authority"
    })
  );
  const entries = tlogEntries.filter((entry) => entry.inclusionPromise && Number(entry.integratedTime) > 0).map((entry) => ({
    time: new Date(Number(entry.integratedTime) * 1e3),
    source: "transparency-log"
  }));
  return [...stamps, ...entries];
}
function logEntriesOf({ verificationMaterial }, { material }) {
  return verificationMaterial.tlogEntries.map((entry) => {
    const { logIndex, inclusionPromise, inclusionProof } = entry;
    const log = logsOf(entry, material.tlogs)[0]?.baseURL ?? "unknown";
    if (inclusionPromise) return { log, index: logIndex, link: linkTo(log, logIndex) };
    return { log, index: inclusionProof?.logIndex ?? logIndex };
  });
}
function isOriginOf({ baseURL }, origin) {
  const url = URL.parse(baseURL);
  const [name] = origin.split(" - ", 1);
  return (url ? [url.host, url.hostname, `${url.host}${url.pathname.replace(/\/$/, "")}`] : [baseURL]).some((own) => own === name);
}
function logsOf({ logId }, logs) {
  return logs.filter(({ logID }) => logId && logID.equals(logId.keyId));
}
function linkTo(log, index) {
  return log === "https://rekor.sigstore.dev" ? `https://search.sigstore.dev/?logIndex=${index}` : `${log}/api/v1/log/entries?logIndex=${index}`;
}
var import_core10;
var init_witnesses = __esm({
  "src/sigstore/verify/witnesses.ts"() {
    "use strict";
    import_core10 = __toESM(require_dist3(), 1);
    init_refusal();
  }
});

// src/sigstore/verify/engine.ts
import { createHash as createHash6 } from "node:crypto";
function runEngine({ bundle, signed, signature }, {
  material,
  thresholds
}, layer, isSignedBy2 = hasSigned) {
  const entity = (0, import_verify2.toSignedEntity)(bundle, signed);
  const { signature: content } = entity;
  const old = entity.tlogEntries.filter(isIntotoV001);
  for (const entry of old) verifyIntotoV001(entry, layer, material);
  const tlogThreshold = Math.max(thresholds.tlogThreshold - old.length, 0);
  new import_verify2.Verifier(material, { ...thresholds, tlogThreshold }).verify({
    ...entity,
    // The engine knows SHA-256 alone, for the signature over an envelope and for what a log records of it.
    signature: {
      // What timestamps are over. cosign v2 has the whole envelope of an `.att` layer stamped: cosign pkg/cosign/verify.go, `VerifyRFC3161Timestamp`.
      signature: layer && bundle.content.$case === "dsseEnvelope" ? layer : signature,
      compareSignature: (other) => content.compareSignature(other),
      compareDigest: (digest) => content.compareDigest(digest),
      compareSignedDigest: (digest) => bundle.content.$case === "dsseEnvelope" || digest.length > SHA256_BYTES ? isDigestOf(digest, signed) : content.compareSignedDigest(digest),
      verifySignature: (key) => isSignedBy2(key, signed, signature)
    },
    tlogEntries: entity.tlogEntries.filter((entry) => !isIntotoV001(entry)).map(withoutBareProof)
  });
  checkLogs(bundle, material);
}
function isDigestOf(digest, signed) {
  const hash = HASHES.get(digest.length);
  return hash !== void 0 && createHash6(hash).update(signed).digest().equals(digest);
}
function withoutBareProof(entry) {
  return entry.inclusionPromise && entry.inclusionProof && !entry.inclusionProof.checkpoint ? { ...entry, inclusionProof: void 0 } : entry;
}
function firstToHold(trusts, none, check) {
  const [first, ...others] = trusts;
  if (!first) throw none();
  try {
    check(first);
    return first;
  } catch (error2) {
    if (others.length === 0) throw error2;
    return firstToHold(others, none, check);
  }
}
var import_verify2, SHA256_BYTES, HASHES;
var init_engine = __esm({
  "src/sigstore/verify/engine.ts"() {
    "use strict";
    import_verify2 = __toESM(require_dist4(), 1);
    init_signature2();
    init_intoto_entry();
    init_witnesses();
    SHA256_BYTES = 32;
    HASHES = /* @__PURE__ */ new Map([
      [SHA256_BYTES, "sha256"],
      [48, "sha384"],
      [64, "sha512"]
    ]);
  }
});

// src/sigstore/verify/log-entry-key.ts
function checkRecordedKeys({ verificationMaterial }, own, name) {
  for (const entry of verificationMaterial.tlogEntries) {
    const [key] = recordedKeys(entry);
    if (!key?.equals(own))
      throw new Refusal("LOG_ENTRY_KEY", "key in the log entry", name, key ? "another" : "none");
  }
}
function recordedKeys(entry) {
  const body = parseJson(entry.canonicalizedBody.toString("utf8"));
  const spec = at(body, "spec");
  const { kind, version } = entry.kindVersion;
  switch (`${kind}/${version}`) {
    case "hashedrekord/0.0.1":
      return fromPem([at(spec, "signature", "publicKey", "content")]);
    case "dsse/0.0.1":
      return fromPem(list(at(spec, "signatures")).map((signature) => at(signature, "verifier")));
    case "intoto/0.0.1":
      return fromPem([at(spec, "publicKey")]);
    case "intoto/0.0.2":
      return fromPem(
        list(at(spec, "content", "envelope", "signatures")).map(
          (signature) => at(signature, "publicKey")
        )
      );
    case "hashedrekord/0.0.2":
      return fromDer([at(spec, "hashedRekordV002", "signature", "verifier")]);
    case "dsse/0.0.2":
      return fromDer(
        list(at(spec, "dsseV002", "signatures")).map((signature) => at(signature, "verifier"))
      );
    default:
      return [];
  }
}
function at(value, ...path) {
  return path.reduce((inner, key) => isRecord(inner) ? inner[key] : void 0, value);
}
function list(value) {
  return Array.isArray(value) ? value : [];
}
function fromPem(values) {
  return values.filter((value) => typeof value === "string").map((value) => import_core11.pem.toDER(Buffer.from(value, "base64").toString()));
}
function fromDer(verifiers) {
  return verifiers.map(
    (verifier) => at(verifier, "x509Certificate", "rawBytes") ?? at(verifier, "publicKey", "rawBytes")
  ).filter((value) => typeof value === "string").map((value) => Buffer.from(value, "base64"));
}
var import_core11;
var init_log_entry_key = __esm({
  "src/sigstore/verify/log-entry-key.ts"() {
    "use strict";
    import_core11 = __toESM(require_dist3(), 1);
    init_json();
    init_refusal();
  }
});

// src/sigstore/verify/by-certificate.ts
async function verifyByCertificate(parsed, { layer }, trusted, isSignedBy2) {
  const der = certificateOf(parsed.bundle);
  const certificate = parseCertificate(der);
  const unknown = () => new Refusal(
    "CERTIFICATE",
    "certificate",
    "issued by a trusted authority",
    "an issuer that is not a trusted authority"
  );
  const { known: known2, other } = await trusted.issuersOf(certificate);
  const trust = orUndecided(
    other,
    () => firstToHold(known2, unknown, (each) => runEngine(parsed, each, layer, isSignedBy2))
  );
  if (!isForCodeSigning(certificate))
    throw new Refusal("CERTIFICATE_USAGE", "certificate usage", "code signing", "another use");
  checkRecordedKeys(parsed.bundle, der, "the certificate of the bundle");
  const signer = identityOf2(certificate);
  if (isProblem(signer))
    throw new Refusal(
      "CERTIFICATE_IDENTITY",
      "certificate identity",
      "one subject alternative name and an issuer",
      signer.problem
    );
  return { signer: signer.value, trust };
}
function orUndecided(other, check) {
  try {
    return check();
  } catch (error2) {
    throw other ? new Undecided(other, error2) : error2;
  }
}
function certificateOf({ verificationMaterial: { content } }) {
  switch (content.$case) {
    case "certificate":
      return content.certificate.rawBytes;
    case "x509CertificateChain": {
      const [leaf] = content.x509CertificateChain.certificates;
      if (!leaf)
        throw new Refusal("BUNDLE_MALFORMED", "certificate", "a certificate", "an empty chain");
      return leaf.rawBytes;
    }
    case "publicKey":
      throw new Refusal("KEY", "signer", "a certificate", 'a key; "key" names the keys to trust');
  }
}
var Undecided;
var init_by_certificate = __esm({
  "src/sigstore/verify/by-certificate.ts"() {
    "use strict";
    init_parsed();
    init_certificate();
    init_engine();
    init_log_entry_key();
    init_refusal();
    Undecided = class extends Error {
      load;
      constructor(load, cause) {
        super("only another trusted root could tell", { cause });
        this.load = load;
      }
    };
  }
});

// src/sigstore/verify/by-key.ts
async function verifyByKey(parsed, { layer }, { keys, witness }, trusted, isSignedBy2 = hasSigned) {
  const { bundle, signed, signature } = parsed;
  if (bundle.verificationMaterial.content.$case !== "publicKey")
    throw new Refusal("KEY", "signer", "the key", "a certificate");
  const key = keys.find((each) => isSignedBy2(each.key, signed, signature));
  if (!key)
    throw new Refusal(
      "SIGNATURE",
      "signature",
      `made with ${keys.map(({ from }) => from).join(" or ")} over this payload`,
      "made with another key, or over another payload"
    );
  if (witness === "insecure-ignored") return { key, trust: void 0 };
  const { tlogEntries, timestamps: timestamps2 } = (0, import_verify3.toSignedEntity)(bundle, signed);
  if (tlogEntries.length + timestamps2.length === 0)
    throw new Refusal("TRANSPARENCY_LOG", LOG_OR_TIMESTAMP, "at least one", "neither");
  checkRecordedKeys(bundle, key.spki, "the key");
  const thresholds = {
    tlogThreshold: Math.min(tlogEntries.length, 1),
    ctlogThreshold: 0,
    timestampThreshold: 0
  };
  const publicKey = () => ({
    publicKey: key.key,
    validFor: () => true
  });
  const nobody = () => new Refusal("TRANSPARENCY_LOG", "transparency log", "a trusted log", "no trusted root");
  const trust = firstToHold(await trusted.all(), nobody, ({ material }) => {
    runEngine(parsed, { material: { ...material, publicKey }, thresholds }, layer, () => true);
  });
  return { key, trust };
}
var import_verify3;
var init_by_key = __esm({
  "src/sigstore/verify/by-key.ts"() {
    "use strict";
    import_verify3 = __toESM(require_dist4(), 1);
    init_signature2();
    init_verdict();
    init_engine();
    init_log_entry_key();
    init_refusal();
  }
});

// src/sigstore/verify/bundle-limits.ts
function checkLimits(bundle) {
  const material = isRecord(bundle["verificationMaterial"]) ? bundle["verificationMaterial"] : {};
  const timestamps2 = isRecord(material["timestampVerificationData"]) ? material["timestampVerificationData"]["rfc3161Timestamps"] : [];
  for (const [name, list2] of [
    ["log entries", material["tlogEntries"]],
    ["timestamps", timestamps2]
  ]) {
    if (Array.isArray(list2) && list2.length > WITNESSES)
      throw new Refusal("BUNDLE_MALFORMED", name, `at most ${WITNESSES}`, String(list2.length));
  }
  checkFields(bundle);
}
function checkFields(value, name = "") {
  if (Array.isArray(value)) for (const item of value) checkFields(item, name);
  else if (isRecord(value))
    for (const [key, inner] of Object.entries(value)) checkFields(inner, key);
  else if (INTEGERS.has(name) && !isInteger(String(value)))
    throw new Refusal("BUNDLE_MALFORMED", name, "a decimal number", "something else");
  else if (typeof value === "string" && !BYTES.has(name) && value.length > LONGEST4)
    throw new Refusal(
      "BUNDLE_MALFORMED",
      name,
      `at most ${LONGEST4} characters`,
      String(value.length)
    );
  else if (BYTES.has(name) && typeof value === "string" && !isBase64(value))
    throw new Refusal(
      "BUNDLE_MALFORMED",
      name,
      "base64",
      "characters or a length that base64 does not have"
    );
}
function isInteger(text2) {
  return /^(?:0|[1-9]\d{0,15})$/.test(text2) && Number.isSafeInteger(Number(text2));
}
function isBase64(text2) {
  const padding = text2.endsWith("==") ? 2 : Number(text2.endsWith("="));
  return BASE642.test(text2) && (text2.length - padding) % 4 !== 1 && (padding === 0 || text2.length % 4 === 0);
}
var WITNESSES, BYTES, INTEGERS, LONGEST4, BASE642;
var init_bundle_limits = __esm({
  "src/sigstore/verify/bundle-limits.ts"() {
    "use strict";
    init_json();
    init_refusal();
    WITNESSES = 8;
    BYTES = /* @__PURE__ */ new Set([
      "rawBytes",
      "payload",
      "sig",
      "signature",
      "digest",
      "keyId",
      "canonicalizedBody",
      "hashes",
      "rootHash",
      "signedEntryTimestamp",
      "signedTimestamp"
    ]);
    INTEGERS = /* @__PURE__ */ new Set(["logIndex", "integratedTime", "treeSize"]);
    LONGEST4 = 16 << 10;
    BASE642 = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/;
  }
});

// src/sigstore/verify/parse-bundle.ts
function parseBundle({ json: bytes, layer }) {
  const parsed = parseStrictJson(bytes, VALUES2);
  if (isProblem(parsed))
    throw new Refusal("BUNDLE_MALFORMED", "bundle", "a JSON object", parsed.problem);
  const json = parsed.value;
  if (!isRecord(json))
    throw new Refusal("BUNDLE_MALFORMED", "bundle", "a JSON object", "other JSON");
  const { mediaType } = json;
  if (!MEDIA_TYPES.has(mediaType))
    throw new Refusal(
      "BUNDLE_VERSION",
      "bundle version",
      "0.1, 0.2 or 0.3",
      typeof mediaType === "string" ? mediaType : "no mediaType"
    );
  checkLimits(json);
  const bundle = decode(json);
  checkWork(bundle);
  if (bundle.content.$case === "dsseEnvelope") {
    const envelope = bundle.content.dsseEnvelope;
    const signed = import_core12.dsse.preAuthEncoding(envelope.payloadType, envelope.payload);
    envelope.payload = signed.subarray(signed.length - envelope.payload.length);
    return { bundle, signed, signature: envelope.signatures[0]?.sig ?? Buffer.alloc(0) };
  }
  if (!layer)
    throw new Refusal("BUNDLE_UNSUPPORTED", "content", "a DSSE envelope", "a message signature");
  return { bundle, signed: layer, signature: bundle.content.messageSignature.signature };
}
function decode(json) {
  const { dsseEnvelope } = json;
  const payload = isRecord(dsseEnvelope) ? dsseEnvelope["payload"] : void 0;
  if (!isRecord(dsseEnvelope) || typeof payload !== "string" || payload === "")
    return (0, import_bundle5.bundleFromJSON)(json);
  const bundle = (0, import_bundle5.bundleFromJSON)({
    ...json,
    dsseEnvelope: { ...dsseEnvelope, payload: PLACEHOLDER }
  });
  if (bundle.content.$case === "dsseEnvelope")
    bundle.content.dsseEnvelope.payload = Buffer.from(payload, "base64");
  return bundle;
}
var import_bundle5, import_core12, MEDIA_TYPES, VALUES2, PLACEHOLDER;
var init_parse_bundle = __esm({
  "src/sigstore/verify/parse-bundle.ts"() {
    "use strict";
    import_bundle5 = __toESM(require_dist2(), 1);
    import_core12 = __toESM(require_dist3(), 1);
    init_parsed();
    init_json();
    init_strict_json();
    init_bundle_limits();
    init_der_work();
    init_refusal();
    MEDIA_TYPES = /* @__PURE__ */ new Set([
      "application/vnd.dev.sigstore.bundle+json;version=0.1",
      "application/vnd.dev.sigstore.bundle+json;version=0.2",
      "application/vnd.dev.sigstore.bundle+json;version=0.3",
      "application/vnd.dev.sigstore.bundle.v0.3+json"
    ]);
    VALUES2 = 1e4;
    PLACEHOLDER = "AA==";
  }
});

// src/cosign/simple-signing.ts
function parseSimpleSigning(payload) {
  const parsed = parseStrictJson(payload);
  if (isProblem(parsed)) return bad2(parsed.problem);
  const json = parsed.value;
  const critical = isRecord(json) ? json["critical"] : void 0;
  if (!isRecord(json) || !isRecord(critical)) return bad2("it has no critical part");
  if (critical["type"] !== TYPE) return bad2(`its type is ${JSON.stringify(critical["type"])}`);
  const { image, identity } = critical;
  const digest = isRecord(image) ? image["docker-manifest-digest"] : void 0;
  if (!isDigest(digest)) return bad2("it names no sha256 digest");
  const name = isRecord(identity) ? identity["docker-reference"] : void 0;
  const annotations = json["optional"];
  return {
    value: {
      subject: [
        {
          ...typeof name === "string" ? { name } : {},
          digest: { sha256: digest.slice("sha256:".length) },
          ...isRecord(annotations) ? { annotations } : {}
        }
      ],
      predicateType: SIMPLE_SIGNING_TYPE,
      predicate: json
    }
  };
}
function bad2(state) {
  return { problem: `the payload is not a simple-signing payload: ${state}`, remedy: "sign again" };
}
var TYPE;
var init_simple_signing = __esm({
  "src/cosign/simple-signing.ts"() {
    "use strict";
    init_digest();
    init_parsed();
    init_json();
    init_strict_json();
    init_types();
    TYPE = "cosign container image signature";
  }
});

// src/sigstore/verify/signed-statement.ts
function statementOf({ bundle: { content }, signed }) {
  if (content.$case === "messageSignature")
    return accepted(parseSimpleSigning(signed), "a simple-signing payload");
  const { payload, payloadType } = content.dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE)
    throw new Refusal("PAYLOAD_TYPE", "payload type", PAYLOAD_TYPE, payloadType);
  return accepted(parseStatement(payload), "an in-toto statement");
}
function accepted(statement, expected) {
  if (isProblem(statement))
    throw new Refusal("STATEMENT", "statement", expected, statement.problem);
  return statement.value;
}
var init_signed_statement = __esm({
  "src/sigstore/verify/signed-statement.ts"() {
    "use strict";
    init_simple_signing();
    init_parsed();
    init_statement();
    init_refusal();
  }
});

// src/sigstore/verify/verifier.ts
import { setImmediate } from "node:timers/promises";
function createVerifier(trusted, keys) {
  return async (found, digest) => {
    try {
      return { verified: await verify3(found, digest, trusted, keys) };
    } catch (error2) {
      if (!(error2 instanceof Undecided)) return rejected(found, error2);
      return { postponed: () => decide(found, digest, error2) };
    }
  };
}
function conclusive(verify5) {
  return async (found, digest) => {
    const checked = await verify5(found, digest);
    return "postponed" in checked ? checked.postponed() : checked;
  };
}
async function decide(found, digest, { load }) {
  const known2 = await load();
  const other = {
    issuersOf: () => Promise.resolve({ known: known2 }),
    all: () => Promise.resolve(known2)
  };
  try {
    return { verified: await verify3(found, digest, other, void 0) };
  } catch (error2) {
    return rejected(found, error2);
  }
}
function rejected(found, error2) {
  if (error2 instanceof ActionError) throw error2;
  return { rejected: rejectionOf(found, error2) };
}
async function verify3(found, digest, trusted, keys) {
  await setImmediate();
  const parsed = parseBundle(found);
  await setImmediate();
  const { signer, trust } = keys ? await signedByKey(parsed, found, keys, trusted) : await verifyByCertificate(parsed, found, trusted);
  await setImmediate();
  const statement = statementOf(parsed);
  if (!isAbout(statement, digest)) {
    const subjects = statement.subject.slice(0, 3).map((subject) => `sha256:${subject.digest["sha256"] ?? "(none)"}`);
    throw new Refusal("SUBJECT", "subject", digest, subjects.join(", "));
  }
  const evidence = {
    found: { source: found.source, place: found.place },
    statement: { predicateType: statement.predicateType },
    signer,
    times: trust ? timesOf(parsed.bundle) : [],
    logEntries: trust ? logEntriesOf(parsed.bundle, trust) : []
  };
  return evidence;
}
async function signedByKey(parsed, found, keys, trusted) {
  const { key, trust } = await verifyByKey(parsed, found, keys, trusted);
  return { signer: { key: key.fingerprint, from: key.from }, trust };
}
var init_verifier = __esm({
  "src/sigstore/verify/verifier.ts"() {
    "use strict";
    init_errors();
    init_statement();
    init_by_certificate();
    init_by_key();
    init_parse_bundle();
    init_refusal();
    init_signed_statement();
    init_witnesses();
  }
});

// src/stores/github.ts
function githubStore(attestations, repository, server) {
  return {
    name: "github",
    prepare() {
      if (!attestations) return Promise.reject(noToken());
      return Promise.resolve({
        // A signature claims nothing that GitHub could show; it belongs beside the image.
        takes: (predicateType) => predicateType !== SIGNATURE_TYPE,
        async store(bundles) {
          const { values, failures } = await settle(
            bundles.map(async ({ signed }) => {
              const { id, subjects, json } = signed;
              const recorded = await attestations.record(repository, subjects[0].digest, json);
              return { id, store: "github", subjects, ...placeOf2(recorded, repository, server) };
            })
          );
          return { stored: values, failures };
        }
      });
    }
  };
}
function placeOf2({ id, copies }, repository, server) {
  const page = `${server}/${repository}/attestations`;
  const listed2 = copies > 1 ? ` (listed ${copies} times)` : "";
  if (id === void 0) {
    return {
      place: `attestations of ${repository}, id unknown${listed2}`,
      attestation: { url: page }
    };
  }
  return {
    place: `attestation ${id} of ${repository}${listed2}`,
    attestation: { id, url: `${page}/${id}` }
  };
}
function noToken() {
  return new ActionError("input", "INPUT_MISSING", {
    message: 'Cannot record an attestation: "github-token" is empty',
    remedy: 'remove "github-token" from the step; it defaults to ${{ github.token }}'
  });
}
var init_github = __esm({
  "src/stores/github.ts"() {
    "use strict";
    init_errors();
    init_types();
  }
});

// src/registry/media-types.ts
function mediaTypeOf(headers) {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
var OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST, EMPTY_CONFIG, ACCEPT_MANIFESTS, BUNDLE_PREFIX;
var init_media_types = __esm({
  "src/registry/media-types.ts"() {
    "use strict";
    OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";
    ACCEPT_MANIFESTS = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");
    BUNDLE_PREFIX = "application/vnd.dev.sigstore.bundle";
  }
});

// src/registry/bundle-manifest.ts
function bundleManifest({
  subject,
  bundle,
  predicateType,
  created
}) {
  const annotations = {
    "dev.sigstore.bundle.content": "dsse-envelope",
    "dev.sigstore.bundle.predicateType": predicateType,
    "org.opencontainers.image.created": created.toISOString().replace(/\.\d+Z$/, "Z")
  };
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      // `cosign clean` deletes only what has the type in the config as well.
      config: {
        mediaType: EMPTY_CONFIG,
        size: EMPTY_JSON.byteLength,
        digest: digestOf(EMPTY_JSON),
        artifactType: BUNDLE_MEDIA_TYPE
      },
      layers: [{ mediaType: BUNDLE_MEDIA_TYPE, size: bundle.byteLength, digest: digestOf(bundle) }],
      annotations,
      subject: { mediaType: subject.mediaType, size: subject.size, digest: subject.digest },
      artifactType: BUNDLE_MEDIA_TYPE
    })
  );
  const referrer = {
    mediaType: OCI_MANIFEST,
    digest: digestOf(bytes),
    size: bytes.byteLength,
    artifactType: BUNDLE_MEDIA_TYPE,
    annotations
  };
  return { bytes, mediaType: OCI_MANIFEST, referrer };
}
var EMPTY_JSON;
var init_bundle_manifest = __esm({
  "src/registry/bundle-manifest.ts"() {
    "use strict";
    init_bundle();
    init_digest();
    init_media_types();
    EMPTY_JSON = Buffer.from("{}");
  }
});

// src/registry/content.ts
async function readManifest(client, reference, signal) {
  const answer = await askForManifest(client, reference, MANIFEST_LIMIT, signal);
  if (answer.status === 404) return void 0;
  if (mediaTypeOf(answer.headers) === "text/html") throw notManifest(client, reference, answer);
  const digest = digestOf(answer.body);
  const claimed = isDigest(reference) ? reference : answer.headers.get("docker-content-digest") ?? digest;
  if (claimed !== digest) throw mismatch(client, claimed, digest);
  const json = recordIn(answer.body, MANIFEST_VALUES);
  if (!json || json["manifests"] !== void 0 && json["layers"] !== void 0) {
    throw notManifest(client, reference, answer);
  }
  const { mediaType } = json;
  const etag = answer.headers.get("etag");
  return {
    digest,
    mediaType: typeof mediaType === "string" ? mediaType : mediaTypeOf(answer.headers),
    size: answer.body.byteLength,
    bytes: answer.body,
    json,
    ...etag?.startsWith('"') ? { etag } : {}
  };
}
async function readArtifact(client, digest, signal) {
  const { status, body } = await askForManifest(client, digest, ARTIFACT_LIMIT, signal);
  if (status === 404) return void 0;
  if (digestOf(body) !== digest) throw mismatch(client, digest, digestOf(body));
  return { size: body.byteLength, json: recordIn(body, ARTIFACT_VALUES) ?? {} };
}
function askForManifest(client, reference, limit, signal) {
  const request = {
    method: "GET",
    path: `manifests/${reference}`,
    purpose: `read the manifest ${reference} from`,
    limit,
    headers: { accept: ACCEPT_MANIFESTS },
    ...signal ? { signal } : {}
  };
  return client.send(request, [200, 404]);
}
function recordIn(bytes, values) {
  const parsed = parseStrictJson(bytes, values);
  return isProblem(parsed) || !isRecord(parsed.value) ? void 0 : parsed.value;
}
async function readBlob(client, digest, limit, { signal, onBytes }) {
  let chunks = [];
  const sink = () => {
    chunks = [];
    return (chunk) => {
      chunks.push(chunk);
      onBytes(chunk.byteLength);
    };
  };
  const purpose = `read the blob ${digest} from`;
  await client.send(
    { method: "GET", path: `blobs/${digest}`, purpose, limit, signal, sink },
    [200]
  );
  const body = Buffer.concat(chunks);
  if (digestOf(body) !== digest) throw mismatch(client, digest, digestOf(body));
  return body;
}
async function startUpload(client) {
  const answer = await client.send(
    { method: "POST", path: "blobs/uploads/", purpose: "push to", limit: MANIFEST_LIMIT },
    [202]
  );
  const header = answer.headers.get("location") ?? "";
  const location = header === "" ? null : URL.parse(header, answer.url.href);
  if (!location) throw noUpload(client, "the registry gave no Location for the upload");
  const reason = await whyRefused(location, client.origin);
  if (reason === void 0) return location;
  throw noUpload(client, `the registry sends the upload to ${location.origin}, but ${reason}`);
}
function noUpload(client, state) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot push to "${formatRepository(client.repository)}": ${state}`,
    remedy: `check that ${client.origin.host} is the registry`
  });
}
async function finishUpload(client, upload, bytes) {
  const put = (location, accepted2) => client.send(
    {
      method: "PUT",
      path: new URL(
        `${location.href}${location.search ? "&" : "?"}digest=${encodeURIComponent(digestOf(bytes))}`
      ),
      purpose: "push a blob to",
      limit: MANIFEST_LIMIT,
      body: bytes,
      headers: { "content-type": "application/octet-stream" }
    },
    accepted2
  );
  const first = await put(upload, [201, 404, 416]);
  if (first.status !== 201) await put(await startUpload(client), [201]);
}
async function ensureBlob(client, bytes) {
  const head = await client.send(
    { method: "HEAD", path: `blobs/${digestOf(bytes)}`, purpose: "look for a blob in", limit: 0 },
    [200, 404]
  );
  if (head.status === 404) await finishUpload(client, await startUpload(client), bytes);
}
function notManifest(client, reference, { url, headers }) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot read the manifest ${reference} from "${formatRepository(client.repository)}": ${nameOf({ method: "GET", url })} answered ${mediaTypeOf(headers) || "no type"}, which is not a manifest`,
    remedy: `check that ${client.origin.host} is the registry and not a login page or proxy in front of it`
  });
}
function mismatch(client, expected, actual) {
  return new ActionError("service", "DIGEST_MISMATCH", {
    message: `Cannot trust "${formatRepository(client.repository)}": requested ${expected}, but the content returned has digest ${actual}`,
    remedy: `find out what changed the content at ${client.origin.host}: a proxy, a cache, or an attacker; do not deploy this image`
  });
}
var MANIFEST_LIMIT, MANIFEST_VALUES, ARTIFACT_VALUES, ARTIFACT_LIMIT;
var init_content = __esm({
  "src/registry/content.ts"() {
    "use strict";
    init_errors();
    init_addresses();
    init_faults();
    init_digest();
    init_parsed();
    init_json();
    init_reference();
    init_strict_json();
    init_media_types();
    MANIFEST_LIMIT = 8 << 20;
    MANIFEST_VALUES = 1e5;
    ARTIFACT_VALUES = 1e4;
    ARTIFACT_LIMIT = 256 << 10;
  }
});

// src/registry/tag-errors.ts
function mayBeImmutable(status, was) {
  return (was === "made" ? FORBIDDEN2 : FORBIDDEN_CHANGE).includes(status);
}
function remedyForTag(status, usual, was) {
  return mayBeImmutable(status, was) ? `if the registry makes tags immutable, exclude tags that begin with "sha256-" from the rule; otherwise ${usual}` : usual;
}
function notAList(client, tag, state) {
  return new ActionError("service", "STORE_UNLISTED", {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${tag} is not a list of referrers, ${state}`,
    remedy: 'use a registry with the OCI 1.1 Referrers API or with plain tags, or "stores: github"'
  });
}
function tooLarge(client, tag, size) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${tag} would grow to ${size} bytes of ${INDEX_LIMIT}`,
    remedy: "remove old referrers of this image"
  });
}
function unconfirmed(client, tag, state) {
  return new ActionError("service", "STORE_UNLISTED", {
    message: `Cannot confirm the signature in "${formatRepository(client.repository)}": it is stored, but tag ${tag} ${state}`,
    remedy: "run the job again when fewer jobs sign this image at once; that adds another signature and leaves this one unchanged"
  });
}
function unread(client, place, cause) {
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot confirm the signature in "${formatRepository(client.repository)}": it is stored, but it is unknown whether ${place} lists it (${cause.message})`,
    remedy: `${cause.remedy}; a new run adds another signature and leaves this one unchanged`,
    cause
  });
}
var INDEX_LIMIT, FORBIDDEN2, FORBIDDEN_CHANGE;
var init_tag_errors = __esm({
  "src/registry/tag-errors.ts"() {
    "use strict";
    init_errors();
    init_reference();
    INDEX_LIMIT = 4 << 20;
    FORBIDDEN2 = [405, 409, 412, 422];
    FORBIDDEN_CHANGE = [400, 401, 403, ...FORBIDDEN2];
  }
});

// src/text/json-list.ts
var QUOTE2, BACKSLASH2, COMMA2, COLON2, SPACE, NULL, OPEN_LIST2, CLOSE_LIST2, OPEN_OBJECT2, CLOSE_OBJECT2, MEMBERS, ENTRIES, LONGEST_NAME, JsonListReader;
var init_json_list = __esm({
  "src/text/json-list.ts"() {
    "use strict";
    [QUOTE2, BACKSLASH2, COMMA2, COLON2, SPACE, NULL] = [34, 92, 44, 58, 32, 110];
    [OPEN_LIST2, CLOSE_LIST2, OPEN_OBJECT2, CLOSE_OBJECT2] = [91, 93, 123, 125];
    [MEMBERS, ENTRIES] = [1, 2];
    LONGEST_NAME = 256;
    JsonListReader = class {
      #options;
      #depth = 0;
      #isString = false;
      #isEscaped = false;
      #isMalformed = false;
      #isEnded = false;
      #isInList = false;
      #hasList = false;
      /** The last string among the members, and the one before the colon. */
      #text = "";
      #name = "";
      #mediaType = "";
      #entry;
      #entrySize = 0;
      #tooLarge = 0;
      constructor(options) {
        this.#options = options;
      }
      write(chunk) {
        const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        let at2 = 0;
        let entryFrom = 0;
        while (at2 < bytes.length && !this.#isMalformed) {
          if (this.#isString) {
            at2 = this.#readString(bytes, at2);
            continue;
          }
          const byte = bytes[at2] ?? SPACE;
          if (byte === OPEN_OBJECT2 && this.#isInList && this.#depth === ENTRIES) {
            [this.#entry, this.#entrySize, entryFrom] = [[], 0, at2];
          }
          this.#step(byte);
          at2++;
          if (byte === CLOSE_OBJECT2 && this.#entry && this.#depth === ENTRIES) {
            this.#handOver(bytes.subarray(entryFrom, at2));
          }
        }
        if (this.#entry) this.#keep(bytes.subarray(entryFrom));
      }
      end() {
        const isWhole = this.#isEnded && !this.#isMalformed;
        return {
          isWhole,
          hasList: this.#hasList,
          tooLarge: this.#tooLarge,
          mediaType: this.#mediaType
        };
      }
      #step(byte) {
        if (byte <= SPACE) return;
        if (this.#isEnded || this.#depth === 0 && byte !== OPEN_OBJECT2) {
          this.#isMalformed = true;
          return;
        }
        switch (byte) {
          case QUOTE2:
            this.#isString = true;
            this.#text = "";
            return;
          case COLON2:
            if (this.#depth === MEMBERS) this.#name = this.#text;
            return;
          case COMMA2:
            if (this.#depth === MEMBERS) this.#name = "";
            return;
          case OPEN_OBJECT2:
          case OPEN_LIST2:
            this.#open(byte);
            return;
          case CLOSE_OBJECT2:
          case CLOSE_LIST2:
            this.#close();
            return;
          case NULL:
            this.#hasList ||= this.#depth === MEMBERS && this.#name === this.#options.list;
        }
      }
      #open(byte) {
        if (this.#depth === MEMBERS && byte === OPEN_LIST2 && this.#name === this.#options.list) {
          this.#isInList = true;
          this.#hasList = true;
        }
        this.#depth++;
      }
      #close() {
        this.#depth--;
        if (this.#depth === MEMBERS) this.#isInList = false;
        if (this.#depth === 0) this.#isEnded = true;
      }
      /** Jumps from one quote or backslash to the next: most of a large document is in strings. */
      #readString(bytes, from) {
        let at2 = from;
        if (this.#isEscaped) {
          this.#isEscaped = false;
          at2++;
        }
        let quote = bytes.indexOf(QUOTE2, at2);
        for (; ; ) {
          const backslash = bytes.subarray(at2, quote === -1 ? void 0 : quote).indexOf(BACKSLASH2);
          if (backslash === -1) break;
          at2 += backslash + 2;
          if (quote !== -1 && quote < at2) quote = bytes.indexOf(QUOTE2, at2);
        }
        this.#isEscaped = at2 > bytes.length;
        const end2 = quote === -1 ? bytes.length : quote;
        if (this.#depth === MEMBERS) this.#remember(bytes.subarray(from, end2));
        if (quote === -1) return bytes.length;
        this.#isString = false;
        if (this.#depth === MEMBERS && this.#name === "mediaType") this.#mediaType ||= this.#text;
        return quote + 1;
      }
      #remember(part) {
        if (this.#text.length < LONGEST_NAME) this.#text += part.toString("latin1", 0, LONGEST_NAME);
      }
      /** Of an entry that goes on in the next chunk. */
      #keep(part) {
        this.#entrySize += part.length;
        if (this.#entrySize <= this.#options.entryLimit) this.#entry?.push(Buffer.from(part));
        else this.#entry = [];
      }
      #handOver(last) {
        const before = this.#entry ?? [];
        this.#entry = void 0;
        if (this.#entrySize + last.length > this.#options.entryLimit) this.#tooLarge++;
        else this.#options.onEntry(before.length === 0 ? last : Buffer.concat([...before, last]));
      }
    };
  }
});

// src/registry/list-text.ts
function entryOf(descriptor) {
  return { key: descriptor.digest, text: Buffer.from(JSON.stringify(descriptor)).toString(BYTES2) };
}
function entriesIn(list2) {
  const texts = [];
  const reader = new JsonListReader({
    list: "manifests",
    entryLimit: list2.byteLength,
    onEntry: (json) => void texts.push(json.toString(BYTES2))
  });
  reader.write(list2);
  return texts.map((text2) => ({ key: keyOf(text2), text: text2 }));
}
function withInFront(list2, entries) {
  const text2 = list2.toString(BYTES2);
  const start = startIn(text2);
  if (start === void 0) return void 0;
  const rest = text2.slice(start);
  const added = entries.map((entry) => entry.text).join(",");
  const needsComma = entries.length > 0 && !/^\s*\]/.test(rest);
  return Buffer.from(`${text2.slice(0, start)}${added}${needsComma ? "," : ""}${rest}`, BYTES2);
}
function keyOf(text2) {
  const entry = parseJson(text2);
  return isRecord(entry) && typeof entry["digest"] === "string" ? entry["digest"] : text2;
}
function startIn(text2) {
  let [depth, name] = [0, ""];
  for (let at2 = 0; at2 < text2.length; at2++) {
    const mark = text2[at2] ?? "";
    if (mark === '"') {
      const end2 = endOfString2(text2, at2);
      if (depth === 1) name = text2.slice(at2, end2);
      at2 = end2 - 1;
    } else if (mark === "[" && depth === 1 && name === '"manifests"') {
      return at2 + 1;
    } else if (mark === "{" || mark === "[") {
      depth++;
    } else if (mark === "}" || mark === "]") {
      depth--;
    }
  }
  return void 0;
}
function endOfString2(text2, from) {
  let at2 = from + 1;
  while (at2 < text2.length && text2[at2] !== '"') at2 += text2[at2] === "\\" ? 2 : 1;
  return at2 + 1;
}
var BYTES2, EMPTY_LIST;
var init_list_text = __esm({
  "src/registry/list-text.ts"() {
    "use strict";
    init_json();
    init_json_list();
    init_media_types();
    BYTES2 = "latin1";
    EMPTY_LIST = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] })
    );
  }
});

// src/registry/listing.ts
import { createHash as createHash7 } from "node:crypto";
function recordIn2(entry) {
  const parsed = parseStrictJson(entry, ENTRY_VALUES);
  return isProblem(parsed) || !isRecord(parsed.value) ? void 0 : parsed.value;
}
async function readListing(client, { path, list: list2, accept, accepted: accepted2, purpose, onEntry, signal }) {
  let reader = new JsonListReader({ list: list2, entryLimit: ENTRY_LIMIT, onEntry });
  let hash = createHash7("sha256");
  const answer = await client.send(
    {
      method: "GET",
      path,
      purpose,
      limit: LISTING_LIMIT,
      headers: { accept },
      sink: () => {
        reader = new JsonListReader({ list: list2, entryLimit: ENTRY_LIMIT, onEntry });
        hash = createHash7("sha256");
        return (chunk) => {
          reader.write(chunk);
          hash.update(chunk);
        };
      },
      ...signal ? { signal } : {}
    },
    accepted2
  );
  const { status, headers, url } = answer;
  const contentType = mediaTypeOf(headers);
  const { isWhole, hasList, tooLarge: tooLarge3, mediaType } = reader.end();
  return {
    status,
    headers,
    url,
    contentType,
    mediaType: mediaType || contentType,
    digest: `sha256:${hash.digest("hex")}`,
    isWhole,
    hasList,
    tooLarge: tooLarge3
  };
}
async function readTaggedListing(client, tag, request) {
  const listing = await readListing(client, {
    ...request,
    path: `manifests/${tag}`,
    purpose: `read the manifest ${tag} from`,
    accept: ACCEPT_MANIFESTS,
    accepted: [200, 404]
  });
  if (listing.status === 404) return void 0;
  const claimed = listing.headers.get("docker-content-digest");
  if (isDigest(claimed) && claimed !== listing.digest) {
    throw mismatch(client, claimed, listing.digest);
  }
  return listing;
}
var LISTING_LIMIT, ENTRY_LIMIT, ENTRY_VALUES;
var init_listing = __esm({
  "src/registry/listing.ts"() {
    "use strict";
    init_digest();
    init_parsed();
    init_json();
    init_strict_json();
    init_json_list();
    init_content();
    init_media_types();
    LISTING_LIMIT = 100 << 20;
    ENTRY_LIMIT = 4 << 20;
    ENTRY_VALUES = 1e3;
  }
});

// src/registry/referrer.ts
function fallbackTag(digest) {
  return `sha256-${hexOf(digest)}`;
}
function referrerIn(json) {
  if (json.length < SHORTEST_ENTRY) return void 0;
  const referrer = toReferrer(recordIn2(json));
  if (!referrer) return void 0;
  const { mediaType, digest, size, artifactType } = referrer;
  return { mediaType, digest, size, ...artifactType === void 0 ? {} : { artifactType } };
}
function toReferrer(entry) {
  if (!isRecord(entry)) return void 0;
  const { mediaType, digest, size, artifactType, annotations } = entry;
  if (typeof mediaType !== "string" || !isDigest(digest)) return void 0;
  if (typeof size !== "number" || !(size >= 0)) return void 0;
  return {
    mediaType,
    digest,
    size,
    ...typeof artifactType === "string" ? { artifactType } : {},
    ...isRecord(annotations) ? { annotations } : {}
  };
}
var SHORTEST_ENTRY;
var init_referrer = __esm({
  "src/registry/referrer.ts"() {
    "use strict";
    init_digest();
    init_json();
    init_listing();
    SHORTEST_ENTRY = 90;
  }
});

// src/concurrency/side-by-side.ts
async function sideBySide(items, width, work) {
  const results = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
var init_side_by_side = __esm({
  "src/concurrency/side-by-side.ts"() {
    "use strict";
  }
});

// src/registry/sightings.ts
function isAmong(some, all) {
  return [...some].every((key) => all.has(key));
}
var NONE, Sightings;
var init_sightings = __esm({
  "src/registry/sightings.ts"() {
    "use strict";
    init_list_text();
    NONE = /* @__PURE__ */ new Set();
    Sightings = class {
      /** On the clock of `performance.now()`: when the list was first seen to be what it is. */
      changedAt = 0;
      /** Whether all of our entries were listed at some time. */
      wasListed = false;
      /** Whether an entry of others has come since the first look. */
      isContended = false;
      #own;
      #others = /* @__PURE__ */ new Map();
      #lists = /* @__PURE__ */ new Map();
      #shown;
      #written = NONE;
      constructor(own) {
        this.#own = own;
      }
      /** A list that the tag has shown at some time. */
      remember({ digest, bytes }) {
        if (this.#lists.has(digest)) return;
        const entries = entriesIn(bytes);
        const keys = new Set(entries.map(({ key }) => key));
        const own = new Set(this.#own.map(({ key }) => key));
        const news = entries.filter(({ key }) => !own.has(key) && !this.#others.has(key));
        for (const entry of news) this.#others.set(entry.key, entry);
        this.isContended ||= this.#shown !== void 0 && news.length > 0;
        this.wasListed ||= isAmong(own, keys);
        this.#lists.set(digest, keys);
      }
      /** Which of the remembered lists the tag shows now. */
      note(shown) {
        if (shown === this.#shown) return;
        this.#shown = shown;
        this.changedAt = performance.now();
      }
      /** The list that we wrote last. */
      wrote(list2) {
        this.#written = new Set(entriesIn(list2).map(({ key }) => key));
      }
      /** Whoever has removed what it lists has removed the entry, too. */
      forget({ key }) {
        this.#others.delete(key);
      }
      get listed() {
        const shown = this.#shown;
        return shown !== void 0 && shown !== "nothing" && this.#lists.get(shown) || NONE;
      }
      get missingOwn() {
        return this.#own.filter(({ key }) => !this.listed.has(key));
      }
      /** Entries of others that the tag has listed and does not list now, in their order. */
      get missingOthers() {
        return [...this.#others.values()].filter(({ key }) => !this.listed.has(key));
      }
      get missing() {
        return [...this.missingOwn, ...this.missingOthers];
      }
      /** Whether the tag shows a part of what we wrote and nothing else: then our write has not arrived, and nobody has replaced it. */
      get isOlder() {
        const missing3 = this.missing.map(({ key }) => key);
        return missing3.length > 0 && isAmong([...missing3, ...this.listed], this.#written);
      }
    };
  }
});

// src/registry/write-manifest.ts
async function writeManifest(client, reference, draft, { again, refusals = [], ...request } = {}) {
  let last = draft;
  const redraft = async (next) => {
    const renewed = await next();
    if (!renewed) return { status: 201, headers: new Headers(), body: NOTHING, url: client.origin };
    last = renewed;
    return sent(renewed);
  };
  const { status, headers } = await client.send(
    {
      purpose: `write the manifest ${reference} to`,
      ...request,
      ...sent(draft),
      method: "PUT",
      path: `manifests/${reference}`,
      limit: MANIFEST_LIMIT,
      ...again ? { again: () => redraft(again) } : {}
    },
    [201, ...refusals]
  );
  const stored = headers.get("docker-content-digest");
  const expected = digestOf(last.bytes);
  if (status === 201 && stored !== null && stored !== expected)
    throw mismatch(client, expected, stored);
  return { status, linkedTo: headers.get("oci-subject") };
}
function sent({ bytes, mediaType, condition }) {
  return { body: bytes, headers: { "content-type": mediaType, ...condition } };
}
var NOTHING;
var init_write_manifest = __esm({
  "src/registry/write-manifest.ts"() {
    "use strict";
    init_digest();
    init_content();
    NOTHING = Buffer.alloc(0);
  }
});

// src/registry/tag-session.ts
import { setTimeout as sleep2 } from "node:timers/promises";
function conditionFor(current) {
  if (!current) return { "if-none-match": "*" };
  return current.etag === void 0 ? void 0 : { "if-match": current.etag };
}
var SHORTEST_PACE, LONGEST_PACE, SHORTEST_PAUSE, LOOKS_AT_ONCE, LONG_FLIGHT, CONFIRMATIONS, NO_CONDITIONS, TagSession;
var init_tag_session = __esm({
  "src/registry/tag-session.ts"() {
    "use strict";
    init_errors();
    init_digest();
    init_content();
    init_list_text();
    init_media_types();
    init_referrer();
    init_side_by_side();
    init_sightings();
    init_tag_errors();
    init_write_manifest();
    [SHORTEST_PACE, LONGEST_PACE] = [250, 3e3];
    SHORTEST_PAUSE = 10;
    LOOKS_AT_ONCE = 4;
    LONG_FLIGHT = 2500;
    CONFIRMATIONS = 10;
    NO_CONDITIONS = [400, 501];
    TagSession = class {
      tag;
      sightings;
      attempts = 0;
      /** Attempts that were answered as done. */
      writes = 0;
      /** A write that was given up may have been carried out. */
      isInDoubt = false;
      /** Milliseconds that the last write took. */
      flight = 0;
      #client;
      #subject;
      #options;
      #confirmed = /* @__PURE__ */ new Set();
      #end = new AbortController();
      #current;
      #roundTrip = 0;
      #lookedAt = 0;
      #answeredAt = 0;
      #observedLag = 0;
      #usesConditions = true;
      #refused;
      constructor(client, subject, options) {
        this.tag = fallbackTag(subject);
        this.sightings = new Sightings(options.entries.map(entryOf));
        this.#client = client;
        this.#subject = subject;
        this.#options = options;
      }
      close() {
        this.#end.abort();
      }
      /** Milliseconds. */
      get pace() {
        const alone = Math.max(SHORTEST_PACE, 2 * this.#roundTrip);
        return Math.min(alone * this.#options.share, LONGEST_PACE);
      }
      /** Milliseconds for which the list has been as it is. It may be older than it looks by as much as our own write was late to show. */
      get quiet() {
        return this.#lookedAt - this.sightings.changedAt - this.#observedLag;
      }
      get isBehind() {
        return this.sightings.isOlder && this.#lookedAt - this.#answeredAt < this.#options.lag;
      }
      async look() {
        const started = performance.now();
        this.#current = await this.#read();
        this.#lookedAt = started;
        this.#roundTrip = performance.now() - started;
        this.sightings.note(this.#current?.digest ?? "nothing");
        if (this.isBehind) this.#observedLag = started - this.#answeredAt;
      }
      /** One write of everything that is missing, from what was read last. */
      async write() {
        await this.#confirmOthers();
        if (this.sightings.missing.length === 0) return;
        this.attempts++;
        let last = this.#draft();
        let started = performance.now();
        const again = async () => {
          await this.look();
          await this.#confirmOthers();
          if (this.sightings.missing.length === 0) return void 0;
          started = performance.now();
          return last = this.#draft();
        };
        const isThere2 = this.#current !== void 0;
        const { status } = await this.#lookingOn(
          writeManifest(this.#client, this.tag, last, {
            again,
            refusals: this.#usesConditions ? [412, ...NO_CONDITIONS] : [],
            remedy: (refusal3, usual) => remedyForTag(refusal3, usual, isThere2 ? "changed" : "made")
          })
        ).catch((error2) => this.#mayBeWritten(error2));
        this.flight = performance.now() - started;
        if (status === 201) this.#answered(last);
        else this.#refuse(status, last);
      }
      #draft() {
        const bytes = withInFront(this.#current?.bytes ?? EMPTY_LIST, this.sightings.missing);
        if (!bytes)
          throw notAList(
            this.#client,
            this.tag,
            "its entries are not in the place where readers expect them"
          );
        if (bytes.byteLength > INDEX_LIMIT) throw tooLarge(this.#client, this.tag, bytes.byteLength);
        const condition = conditionFor(this.#current);
        return {
          bytes,
          mediaType: OCI_INDEX,
          ...this.#usesConditions && condition ? { condition } : {}
        };
      }
      #answered({ bytes }) {
        this.writes++;
        this.#answeredAt = performance.now();
        this.#refused = void 0;
        this.sightings.wrote(bytes);
      }
      /** Where conditions are unknown, or refused for a long time against what the tag shows, there are none. */
      #refuse(status, { condition }) {
        const now = performance.now();
        const digest = this.#current?.digest;
        if (this.#refused?.digest !== digest || !this.#refused) this.#refused = { digest, at: now };
        const isLasting = now - this.#refused.at > this.#options.lag;
        if (isLasting || !condition || NO_CONDITIONS.includes(status)) this.#usesConditions = false;
      }
      /** A write that was given up, because its answers were lost, may be in the list. */
      async #mayBeWritten(error2) {
        if (!(error2 instanceof ActionError && error2.code === "SERVICE_UNREACHABLE")) throw error2;
        this.isInDoubt = true;
        await this.look();
        this.isInDoubt = false;
        if (this.sightings.missingOwn.length > 0) throw error2;
        return { status: 201 };
      }
      /** What others write and ours then replaces is seen by nobody afterwards: the more often we look, the less of it there is. */
      async #lookingOn(write2) {
        const over = new AbortController();
        void this.#keepLooking(AbortSignal.any([over.signal, this.#end.signal]));
        return write2.finally(() => over.abort());
      }
      async #keepLooking(over) {
        const started = performance.now();
        let open2 = 0;
        const glimpse = async () => {
          open2++;
          await this.#read().catch(() => void 0);
          open2--;
        };
        for (; ; ) {
          const isLong = performance.now() - started > LONG_FLIGHT;
          const pause = Math.max(SHORTEST_PAUSE, this.#roundTrip / LOOKS_AT_ONCE);
          const wait = isLong ? this.pace : pause * this.#options.share;
          await sleep2(wait, void 0, { signal: over }).catch(() => void 0);
          if (over.aborted) return;
          if (open2 < LOOKS_AT_ONCE) void glimpse();
        }
      }
      async #read() {
        const current = await readManifest(this.#client, this.tag, this.#end.signal);
        if (!current) return void 0;
        if (current.digest === this.#subject)
          throw notAList(this.#client, this.tag, "the registry returns the image itself");
        if (current.mediaType !== OCI_INDEX || !Array.isArray(current.json["manifests"]))
          throw notAList(this.#client, this.tag, `it holds ${current.mediaType || "something else"}`);
        this.sightings.remember(current);
        return current;
      }
      /** An entry whose manifest is gone was removed, not lost. */
      async #confirmOthers() {
        const asked = this.sightings.missingOthers.filter(({ key }) => !this.#confirmed.has(key));
        if (asked.length === 0) return;
        await sideBySide(asked, CONFIRMATIONS, async (entry) => {
          this.#confirmed.add(entry.key);
          if (!isDigest(entry.key)) return;
          const found = await readManifest(this.#client, entry.key, this.#end.signal).catch(() => null);
          if (found === void 0) this.sightings.forget(entry);
        });
        await this.look();
      }
    };
  }
});

// src/registry/fallback-tag.ts
import { setTimeout as sleep3 } from "node:timers/promises";
async function listInFallbackTag(client, subject, entries, { share = 1, timing = TIMING } = {}) {
  const session = new TagSession(client, subject, { entries, share, lag: timing.lag });
  try {
    await session.look();
    if (await settles(session, timing)) return;
  } catch (error2) {
    const isWritten = session.writes > 0 || session.isInDoubt;
    throw isWritten && error2 instanceof ActionError ? unread(client, `tag ${session.tag}`, error2) : error2;
  } finally {
    session.close();
  }
  throw unconfirmed(client, session.tag, stateOf2(session));
}
async function settles(session, timing) {
  const { sightings } = session;
  let [writeAt, until, ignored] = [0, Infinity, 0];
  while (performance.now() < until) {
    if (sightings.missing.length === 0) {
      const settling = sightings.isContended ? timing.contended : timing.settling;
      if (session.quiet >= settling) return true;
      writeAt = 0;
      await sleep3(Math.min(settling - session.quiet, session.pace));
    } else if (session.isBehind) {
      await sleep3(session.pace);
    } else if ((writeAt ||= turnOf(session)) > performance.now()) {
      await sleep3(Math.min(writeAt - performance.now(), session.pace));
    } else if (sightings.isOlder && ++ignored === IGNORED) {
      return false;
    } else {
      await session.write();
      writeAt = 0;
      until = Math.min(until, performance.now() + timing.patience);
    }
    await session.look();
  }
  return false;
}
function turnOf({ flight, attempts }) {
  return performance.now() + Math.min(flight * 2 ** attempts, LONGEST_TURN) * Math.random();
}
function stateOf2({ sightings, writes }) {
  if (!sightings.wasListed) return `has not listed it after ${writes} writes`;
  return sightings.missingOwn.length > 0 ? "no longer lists it" : "lists it and keeps changing";
}
var TIMING, IGNORED, LONGEST_TURN;
var init_fallback_tag = __esm({
  "src/registry/fallback-tag.ts"() {
    "use strict";
    init_errors();
    init_tag_errors();
    init_tag_session();
    TIMING = { settling: 3e3, contended: 6e3, lag: 4e3, patience: 12e4 };
    IGNORED = 3;
    LONGEST_TURN = 4e3;
  }
});

// src/registry/read-subject.ts
import { setTimeout as sleep4 } from "node:timers/promises";
async function readSubject(client, subject) {
  for (const wait of [...LOOK_AGAIN, void 0]) {
    const manifest = await readManifest(client, subject.digest);
    if (manifest) return manifest;
    if (wait !== void 0) await sleep4(wait);
  }
  throw new ActionError("input", "SUBJECT_MISSING", {
    message: `Cannot sign "${formatSubject(subject)}": the registry has no such manifest`,
    remedy: "sign in the job that pushed the image, after the push, and pass its digest: digest: ${{ steps.build.outputs.digest }}"
  });
}
var LOOK_AGAIN;
var init_read_subject = __esm({
  "src/registry/read-subject.ts"() {
    "use strict";
    init_errors();
    init_subject();
    init_content();
    LOOK_AGAIN = [500, 1500, 3e3];
  }
});

// src/http/link.ts
function nextLinkIn(headers) {
  return NEXT.exec(headers.get("link") ?? "")?.[1];
}
var NEXT;
var init_link = __esm({
  "src/http/link.ts"() {
    "use strict";
    NEXT = /<([^>]+)>\s*;\s*rel="?next"?/i;
  }
});

// src/registry/referrers.ts
function listEachPlace(client, digest, signal, collect) {
  const tag = `tag ${fallbackTag(digest)}`;
  return [
    listPlace("referrers API", collect(), (take) => fromApi(client, digest, take, signal)),
    listPlace(tag, collect(), (take) => fromTag(client, digest, take, signal))
  ];
}
async function listReferrers(client, digest, signal) {
  const referrers = /* @__PURE__ */ new Map();
  const collect = () => {
    const taken = [];
    return {
      take: (each) => void taken.push(each),
      end() {
        for (const each of taken) {
          referrers.set(each.digest, { ...each, ...referrers.get(each.digest) });
        }
      }
    };
  };
  const places = await Promise.all(listEachPlace(client, digest, signal, collect));
  return {
    referrers: [...referrers.values()],
    looked: places.flatMap(({ looked }) => looked),
    failures: places.flatMap(({ failures }) => failures)
  };
}
async function listPlace(place, collector, read) {
  try {
    const { answer, failures, kind } = await read((referrer) => collector.take(referrer));
    if (kind === "list") collector.end();
    return { looked: [{ place, answer }], failures };
  } catch (error2) {
    collector.end();
    return { looked: [{ place, answer: "could not be read" }], failures: actionErrorsOf(error2) };
  }
}
async function fromApi(client, digest, take, signal) {
  const entries = new Entries(take);
  const readPage2 = (path, accepted2) => readListing(client, {
    path,
    list: "manifests",
    purpose: "list the referrers in",
    accept: OCI_INDEX,
    accepted: accepted2,
    onEntry: entries.take,
    signal
  });
  const first = await readPage2(`referrers/${digest}`, [200, ...UNSUPPORTED]);
  if (first.status !== 200) return noList(`${first.status}`);
  if (first.contentType !== OCI_INDEX) {
    return noList(`not an index (${first.contentType || "no type"})`);
  }
  const failures = await readOn(client, first, (url) => readPage2(url, [200])).then(
    (pages) => faultsOf(client, pages),
    actionErrorsOf
  );
  return listed(entries.count, failures);
}
function noList(answer) {
  return { answer, failures: [], kind: "no list" };
}
function listed(count, failures) {
  const answer = `${count} listed${failures.length > 0 ? " (incomplete)" : ""}`;
  return { answer, failures, kind: "list" };
}
async function readOn(client, first, readPage2) {
  const pages = [first];
  for (; ; ) {
    const last = pages.at(-1) ?? first;
    const link = nextLinkIn(last.headers);
    if (link === void 0) return pages;
    if (pages.length === PAGES) {
      throw notAll(client, "LIMIT_EXCEEDED", `the list has more than ${PAGES} pages`);
    }
    const url = URL.parse(link, last.url.href);
    const number = pages.length + 1;
    if (url?.origin !== client.origin.origin) {
      const address = url?.origin ?? link;
      throw notAll(client, "SERVICE_ANSWER", `page ${number} is on another server, "${address}"`);
    }
    const page = await readPage2(url);
    if (page.contentType !== OCI_INDEX) {
      const type = page.contentType || "no type";
      throw notAll(client, "SERVICE_ANSWER", `page ${number} is not an index (${type})`);
    }
    pages.push(page);
  }
}
function faultsOf(client, listings) {
  const broken2 = listings.filter(({ isWhole, hasList }) => !isWhole || !hasList);
  const tooLarge3 = listings.reduce((sum, listing) => sum + listing.tooLarge, 0);
  return [
    ...broken2.map(() => notAll(client, "SERVICE_ANSWER", "a response is not a JSON list")),
    ...tooLarge3 > 0 ? [
      notAll(
        client,
        "LIMIT_EXCEEDED",
        `${tooLarge3} entries are larger than ${ENTRY_LIMIT} bytes`
      )
    ] : []
  ];
}
function notAll(client, code2, state) {
  return new ActionError("service", code2, {
    message: `Cannot list all referrers of the image in "${formatRepository(client.repository)}": ${state}`,
    remedy: code2 === "LIMIT_EXCEEDED" ? "remove referrers that are no longer needed (each signing run adds one)" : `check that ${client.origin.host} is the registry`
  });
}
async function fromTag(client, digest, take, signal) {
  const entries = new Entries(take);
  const listing = await readTaggedListing(client, fallbackTag(digest), {
    list: "manifests",
    onEntry: entries.take,
    signal
  });
  if (!listing) return noList("absent");
  if (listing.digest === digest || listing.mediaType !== OCI_INDEX) {
    return noList("not a list of referrers");
  }
  return listed(entries.count, faultsOf(client, [listing]));
}
var PAGES, UNSUPPORTED, Entries;
var init_referrers = __esm({
  "src/registry/referrers.ts"() {
    "use strict";
    init_errors();
    init_link();
    init_reference();
    init_listing();
    init_media_types();
    init_referrer();
    PAGES = 50;
    UNSUPPORTED = [400, 404, 405, 406, 415, 501];
    Entries = class {
      count = 0;
      take;
      constructor(take) {
        this.take = (json) => {
          const referrer = referrerIn(json);
          if (!referrer) return;
          this.count++;
          take(referrer);
        };
      }
    };
  }
});

// src/stores/registry.ts
import { setTimeout as sleep5 } from "node:timers/promises";
function registryStore(clients) {
  return {
    name: "registry",
    async prepare(subjects, predicates) {
      const places = await allOrProblems(
        byPlace(subjects, clients.evidenceFor).map(
          (each) => preparePlace(each, clients, predicates.length)
        )
      );
      return {
        takes: () => true,
        async store(bundles) {
          const outcomes = await Promise.all(
            places.map((place) => storeAt(place, bundlesFor(place, bundles), places.length))
          );
          return {
            stored: outcomes.flatMap(({ stored }) => stored),
            failures: outcomes.flatMap(({ failures }) => failures)
          };
        }
      };
    }
  };
}
function byPlace(subjects, evidenceFor) {
  const groups = Map.groupBy(
    subjects,
    (subject) => `${formatRepository(evidenceFor(subject).repository)}@${subject.digest}`
  ).values();
  return [...groups].filter(isNonEmpty);
}
async function preparePlace(subjects, { clientFor, evidenceFor }, count) {
  const client = evidenceFor(subjects[0]);
  const [[descriptor], , uploads] = await allOrProblems([
    allOrProblems(mapEach(subjects, (subject) => readSubject(clientFor(subject), subject))),
    ensureBlob(client, EMPTY_JSON),
    allOrProblems(Array.from({ length: count }, () => startUpload(client)))
  ]).catch((error2) => {
    throw new ActionErrors(onePerRemedy(actionErrorsOf(error2)));
  });
  return { client, subjects, descriptor, uploads: [...uploads] };
}
function bundlesFor({ subjects }, bundles) {
  return bundles.filter(
    ({ signed }) => subjects.some((subject) => includesSubject(signed.subjects, subject))
  );
}
async function storeAt(place, bundles, share) {
  const created = /* @__PURE__ */ new Date();
  const { values: written, failures } = await settle(
    bundles.map((bundle) => write(bundle, place, created))
  );
  if (written.length === 0) return { stored: [], failures };
  const listing = await settle([listAll(place, written, share)]);
  if (listing.failures.length > 0) {
    return { stored: [], failures: [...failures, ...listing.failures] };
  }
  return { stored: written.map((each) => storedIn(place, each)), failures };
}
async function write({ signed }, place, created) {
  const { client, descriptor, uploads } = place;
  const { id, json, predicateType } = signed;
  const upload = uploads.pop() ?? await startUpload(client);
  await finishUpload(client, upload, json);
  const manifest = bundleManifest({ subject: descriptor, bundle: json, predicateType, created });
  const { linkedTo } = await writeManifest(client, manifest.referrer.digest, manifest, {
    ...isElsewhere(place) ? { remedy: remedyElsewhere } : {}
  });
  return { id, manifest, linkedTo };
}
function isElsewhere({ client, subjects }) {
  return subjects.some(({ repository }) => !isSameRepository(repository, client.repository));
}
function remedyElsewhere(status, usual) {
  return [400, 404, 409, 422].includes(status) ? 'the registry may not accept signatures of an image that is in another repository: copy the image there first, or remove "signature-repository" (or COSIGN_REPOSITORY) to store them with the image' : usual;
}
function storedIn(place, { id, manifest }) {
  const { client, subjects } = place;
  const { digest } = manifest.referrer;
  return {
    id,
    store: "registry",
    subjects,
    referrer: digest,
    place: `${formatRepository(client.repository)}@${digest}`,
    ...isElsewhere(place) ? { repository: client.repository } : {}
  };
}
async function listAll({ client, subjects: [{ digest }] }, written, share) {
  const manifests = written.map(({ manifest }) => manifest);
  const isLinked = written.every(({ linkedTo }) => linkedTo === digest);
  if (isLinked && await getListed(client, digest, manifests)) return;
  const referrers = manifests.map(({ referrer }) => referrer);
  await listInFallbackTag(client, digest, referrers, { share });
}
async function getListed(client, about, manifests) {
  for (const wait of [...LOOK_AGAIN, void 0]) {
    const { referrers, failures } = await listReferrers(client, about);
    const unlisted2 = manifests.filter(
      ({ referrer }) => !referrers.some(({ digest }) => digest === referrer.digest)
    );
    if (unlisted2.length === 0) return true;
    if (failures[0]) throw unread(client, "the registry", failures[0]);
    if (wait === void 0) return false;
    await sleep5(wait);
    for (const manifest of unlisted2)
      await writeManifest(client, manifest.referrer.digest, manifest);
  }
  return false;
}
var init_registry = __esm({
  "src/stores/registry.ts"() {
    "use strict";
    init_errors();
    init_non_empty();
    init_reference();
    init_subject();
    init_bundle_manifest();
    init_content();
    init_fallback_tag();
    init_read_subject();
    init_referrers();
    init_tag_errors();
    init_write_manifest();
  }
});

// src/stores/index.ts
var STORES2;
var init_stores = __esm({
  "src/stores/index.ts"() {
    "use strict";
    init_github();
    init_registry();
    STORES2 = {
      registry: (services) => registryStore(services),
      github: ({ attestations, repository, server }) => githubStore(attestations, repository, server)
    };
  }
});

// src/subjects/pinned.ts
function pinnedSubjects(images) {
  return mapEach(images, ({ repository, digest }) => ({ repository, digest }));
}
var init_pinned = __esm({
  "src/subjects/pinned.ts"() {
    "use strict";
    init_non_empty();
  }
});

// src/registry/write-tag.ts
import { setTimeout as sleep6 } from "node:timers/promises";
async function readTag(client, tag) {
  return (await readManifest(client, tag))?.digest;
}
async function writeTag(client, tag, manifest) {
  const before = await readTag(client, tag);
  if (before === manifest.digest) return before;
  await putTag(client, tag, manifest, before);
  await confirmTag(client, tag, manifest.digest);
  return before;
}
async function putTag(client, tag, manifest, before) {
  let repetitions = 0;
  const again = async () => {
    repetitions++;
    return await readTag(client, tag) === manifest.digest ? void 0 : manifest;
  };
  try {
    await writeManifest(client, tag, manifest, { ...inWords2(tag, before), again });
  } catch (error2) {
    const isInDoubt = repetitions > 0 || isUnanswered(error2);
    if (!isInDoubt || !await isThere(client, tag, manifest.digest)) throw error2;
  }
}
function inWords2(tag, before) {
  const was = before === void 0 ? "made" : "changed";
  return {
    purpose: before === void 0 ? `write tag "${tag}" to` : `move tag "${tag}" from ${before} in`,
    remedy: (status, usual) => mayBeImmutable(status, was) ? `if the registry makes tags immutable, choose a tag that does not exist yet, or exclude this tag from the rule; otherwise ${usual}` : usual
  };
}
function isUnanswered(error2) {
  return error2 instanceof ActionError && error2.code === "SERVICE_UNREACHABLE";
}
function isThere(client, tag, digest) {
  return confirmTag(client, tag, digest).then(
    () => true,
    () => false
  );
}
async function confirmTag(client, tag, digest) {
  let shown;
  for (const wait of [...LOOK_AGAIN, void 0]) {
    shown = await readTag(client, tag).catch((error2) => {
      throw error2 instanceof ActionError ? unread2(client, tag, error2) : error2;
    });
    if (shown === digest) return;
    if (wait !== void 0) await sleep6(wait);
  }
  throw unconfirmed2(client, tag, shown);
}
function unread2(client, tag, cause) {
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot confirm tag "${tag}" in "${formatRepository(client.repository)}": it was written, but could not be read back (${cause.message})`,
    remedy: cause.remedy,
    cause
  });
}
function unconfirmed2(client, tag, shown) {
  const state = shown === void 0 ? "does not show it" : `shows ${shown}`;
  return new ActionError("service", "TAG_UNCONFIRMED", {
    message: `Cannot confirm tag "${tag}" in "${formatRepository(client.repository)}": it was written, but the registry ${state}`,
    remedy: "check whether another job writes the same tag or the registry is slow to show it, then run the job again"
  });
}
var init_write_tag = __esm({
  "src/registry/write-tag.ts"() {
    "use strict";
    init_errors();
    init_reference();
    init_content();
    init_read_subject();
    init_tag_errors();
    init_write_manifest();
  }
});

// src/tagging/registry-tagger.ts
function registryTagger(clientFor) {
  return {
    async prepare(tags) {
      const places = await allOrProblems(
        byImage(tags).map((each) => preparePlace2(clientFor(each[0].subject), each))
      );
      return {
        write: ({ stored, failures }) => writeAll(places, failures.length > 0 ? NOTHING_STORED : stored)
      };
    }
  };
}
function byImage(tags) {
  const groups = Map.groupBy(
    tags,
    ({ subject }) => formatSubject(subject)
  ).values();
  return [...groups].filter(isNonEmpty);
}
async function preparePlace2(client, tags) {
  const [{ subject }] = tags;
  const [manifest] = await allOrProblems([
    readSubject(client, subject),
    startUpload(client),
    allOrProblems(tags.map(({ tag }) => readTag(client, tag)))
  ]).catch((error2) => {
    throw new ActionErrors(onePerRemedy(actionErrorsOf(error2)));
  });
  return { client, manifest, tags };
}
async function writeAll(places, stored) {
  const isStored = ({ tags: [{ subject }] }) => stored.some(({ subjects }) => includesSubject(subjects, subject));
  const ready = places.filter(isStored);
  const withheld = places.filter((place) => !isStored(place)).flatMap(({ tags }) => tags);
  const writes = ready.flatMap((place) => place.tags.map((tag) => ({ ...place, ...tag })));
  const outcomes = await sideBySide(writes, WIDTH2, writeOne);
  return {
    tagged: outcomes.flatMap(({ tagged }) => tagged),
    failures: [
      ...isNonEmpty(withheld) ? [withheldError(withheld)] : [],
      ...outcomes.flatMap(({ failures }) => failures)
    ]
  };
}
async function writeOne({ client, manifest, subject, tag }) {
  try {
    const before = await writeTag(client, tag, manifest);
    return { tagged: [{ subject, tag, before }], failures: [] };
  } catch (error2) {
    return { tagged: [], failures: actionErrorsOf(error2) };
  }
}
function withheldError(tags) {
  const names = tags.map((tag) => `"${formatTag(tag)}"`).join(", ");
  return new ActionError("service", "TAG_WITHHELD", {
    message: `Cannot write ${names}: not every signature and attestation is stored`,
    remedy: "fix the problem that is reported with this one, then run the job again"
  });
}
var WIDTH2, NOTHING_STORED;
var init_registry_tagger = __esm({
  "src/tagging/registry-tagger.ts"() {
    "use strict";
    init_side_by_side();
    init_errors();
    init_non_empty();
    init_subject();
    init_tag();
    init_content();
    init_read_subject();
    init_write_tag();
    WIDTH2 = 10;
    NOTHING_STORED = [];
  }
});

// src/action/log.ts
var stepLog;
var init_log = __esm({
  "src/action/log.ts"() {
    "use strict";
    init_core();
    stepLog = {
      info,
      warning: (message) => warning(message, { title: "Countersign" })
    };
  }
});

// src/github/api.ts
function attestationsPath(scope, of) {
  return `/${scope}/${of.split("/").map(encodeURIComponent).join("/")}/attestations`;
}
function isRepository(of) {
  return of.includes("/");
}
function githubApi(apiUrl, token, transport) {
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "x-github-api-version": "2022-11-28"
  };
  return {
    url: new URL(apiUrl),
    async get(path, { signal, sink }) {
      let url = new URL(apiUrl + path);
      for (let hop = 0; ; hop++) {
        const answer = await transport({
          method: "GET",
          url,
          headers,
          limit: ANSWER_LIMIT6,
          redirect: "return",
          ...sink ? { sink } : {},
          ...signal ? { signal } : {}
        });
        const next = redirectAtHome(answer);
        if (!next || hop === REDIRECTS) return answer;
        url = next;
      }
    },
    post: (path, body, again) => transport({
      method: "POST",
      url: new URL(apiUrl + path),
      headers: { ...headers, "content-type": "application/json" },
      body,
      limit: ANSWER_LIMIT6,
      again
    })
  };
}
function redirectAtHome({ status, headers, url }) {
  const location = status >= 300 && status < 400 ? headers.get("location") : null;
  const target = location === null ? null : URL.parse(location, url.href);
  return target?.origin === url.origin ? target : void 0;
}
var ANSWER_LIMIT6, REDIRECTS;
var init_api = __esm({
  "src/github/api.ts"() {
    "use strict";
    ANSWER_LIMIT6 = 64 << 20;
    REDIRECTS = 3;
  }
});

// src/github/failures.ts
function tooMuch(of, digest, amount) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot check every attestation of ${digest}: "${of}" has ${amount}`,
    remedy: "delete attestations that are no longer needed"
  });
}
function unlisted(of) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot list the attestations in "${of}": the response from GitHub is not a list of attestations, or its next page is not on the same server`,
    remedy: AGAIN2
  });
}
function brokenOff(of, error2) {
  return new ActionError("service", "SERVICE_REFUSED", {
    message: `Cannot list the attestations in "${of}": ${messageOf(error2)}`,
    remedy: AGAIN2,
    cause: error2
  });
}
function unreadable(url, state) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot read a bundle of GitHub's attestation store from ${url.host}: ${state}`,
    remedy: `check that this runner can connect to ${url.host}, then run the job again`
  });
}
function unknownRecord(of, cause) {
  return unseen(
    `Cannot tell whether the attestation is recorded in "${of}": ${cause.message}`,
    cause
  );
}
function unlistedRecord(of, id, cause) {
  const state = cause?.message ?? "the list of attestations does not contain it";
  return unseen(`Cannot confirm attestation ${id} in "${of}": ${state}`, cause);
}
function unseen(message, cause) {
  const first = cause ? `${cause.remedy}; ` : "";
  return new ActionError(cause?.kind ?? "service", "STORE_UNLISTED", {
    message,
    remedy: `${first}check whether it is there before you run the job again, which records another one`,
    cause
  });
}
function notRecorded(of, answer) {
  return refusal2("record the attestation", of, "write", answer, recordingState(answer));
}
function recordingState(answer) {
  const { status } = answer;
  if (status === 201) return "201 without the id of a record";
  return status < 300 ? `${status}, not 201 with the id of a record` : describeStatus(answer);
}
function refusal2(action, of, right, answer, state = describeStatus(answer)) {
  const { status, url } = answer;
  const message = `Cannot ${action} in "${of}": GitHub answered ${state}`;
  if (status < 400)
    return new ActionError("service", "SERVICE_ANSWER", {
      message,
      remedy: `check what answers at ${url.host}: the address may be wrong, or a proxy may answer instead`
    });
  if (status === 401)
    return new ActionError("permission", "PERMISSION_ATTESTATIONS", {
      message,
      remedy: 'pass a valid "github-token"; the default is ${{ github.token }}'
    });
  if (status === 403)
    return new ActionError("permission", "PERMISSION_ATTESTATIONS", {
      message,
      remedy: `add "permissions: attestations: ${right}" to the job, and to the job that calls it if this is a reusable workflow`
    });
  if (status === 404 || status === 422)
    return new ActionError("service", "SERVICE_REFUSED", {
      message,
      remedy: 'GitHub stores attestations only for public repositories and for organizations on Enterprise Cloud; elsewhere use "stores: registry"'
    });
  return new ActionError("service", "SERVICE_REFUSED", { message, remedy: AGAIN2 });
}
var AGAIN2;
var init_failures = __esm({
  "src/github/failures.ts"() {
    "use strict";
    init_errors();
    init_status();
    AGAIN2 = "run the job again; see https://www.githubstatus.com";
  }
});

// src/github/snappy.ts
function decodeSnappy(block, limit) {
  const input = new Input(block);
  const length = input.varint();
  if (length > limit) throw new RangeError(`${length} bytes decoded, over the limit of ${limit}`);
  const output = Buffer.alloc(length);
  let written = 0;
  while (!input.isDone) {
    const tag = input.integer(1);
    if ((tag & 3) === 0) {
      const literal = input.take(literalLength(tag >> 2, input));
      if (written + literal.byteLength > length)
        throw new RangeError("a literal overruns the output");
      output.set(literal, written);
      written += literal.byteLength;
    } else {
      const { size, offset } = copyOf(tag, input);
      if (offset === 0 || offset > written || written + size > length)
        throw new RangeError("a copy is out of bounds");
      for (const end2 = written + size; written < end2; written++)
        output[written] = output[written - offset] ?? 0;
    }
  }
  if (written !== length) throw new RangeError(`${written} of ${length} bytes`);
  return output;
}
function literalLength(code2, input) {
  return (code2 < 60 ? code2 : input.integer(code2 - 59)) + 1;
}
function copyOf(tag, input) {
  switch (tag & 3) {
    case 1:
      return { size: (tag >> 2 & 7) + 4, offset: (tag >> 5) * 256 + input.integer(1) };
    case 2:
      return { size: (tag >> 2) + 1, offset: input.integer(2) };
    default:
      return { size: (tag >> 2) + 1, offset: input.integer(4) };
  }
}
var Input;
var init_snappy = __esm({
  "src/github/snappy.ts"() {
    "use strict";
    Input = class {
      #bytes;
      #position = 0;
      constructor(bytes) {
        this.#bytes = bytes;
      }
      get isDone() {
        return this.#position >= this.#bytes.byteLength;
      }
      take(count) {
        const end2 = this.#position + count;
        if (end2 > this.#bytes.byteLength) throw new RangeError("the block is cut short");
        const taken = this.#bytes.subarray(this.#position, end2);
        this.#position = end2;
        return taken;
      }
      /** Little-endian. */
      integer(count) {
        return this.take(count).reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0);
      }
      varint() {
        let value = 0;
        for (let shift = 0; shift < 35; shift += 7) {
          const byte = this.integer(1);
          value += (byte & 127) * 2 ** shift;
          if (byte < 128) return value;
        }
        throw new RangeError("the length is malformed");
      }
    };
  }
});

// src/github/bundle.ts
async function readBundle({ json }, { api, transport, signal }, onBytes = () => void 0) {
  const entry = parseStrictJson(json, VALUES3);
  if (isProblem(entry) || !isRecord(entry.value)) return NO_BUNDLE;
  const { bundle, bundle_url: address } = entry.value;
  if (isRecord(bundle)) return Buffer.from(JSON.stringify(bundle));
  const url = typeof address === "string" ? URL.parse(address) : null;
  if (!url || url.username !== "" || url.password !== "") return NO_BUNDLE;
  const reason = await whyRefused(url, api.url);
  if (reason !== void 0) throw unreadable(url, reason);
  const pieces = [];
  const sink = () => {
    pieces.length = 0;
    return (chunk) => {
      pieces.push(chunk);
      onBytes(chunk.byteLength);
    };
  };
  const request = { method: "GET", url, limit: BUNDLE_LIMIT, sink };
  const { status } = await transport(signal ? { ...request, signal } : request);
  if (status !== 200) throw unreadable(url, `it answered ${status}`);
  return unpacked(Buffer.concat(pieces), url);
}
function unpacked(body, url) {
  try {
    return body[0] === 123 ? body : decodeSnappy(body, BUNDLE_LIMIT);
  } catch (error2) {
    throw unreadable(url, `its body is not Snappy (${messageOf(error2)})`);
  }
}
var VALUES3, NO_BUNDLE;
var init_bundle2 = __esm({
  "src/github/bundle.ts"() {
    "use strict";
    init_errors();
    init_addresses();
    init_bundle();
    init_parsed();
    init_json();
    init_strict_json();
    init_failures();
    init_snappy();
    VALUES3 = 2e4;
    NO_BUNDLE = Buffer.from("null");
  }
});

// src/github/listing.ts
async function listAttestations(query, take) {
  let count = 0;
  const onEntry = (json) => {
    count++;
    take({ position: count, json: Buffer.from(json) });
  };
  const failures = [];
  for await (const page of pagesOf(query, onEntry)) failures.push(...page.failures);
  return { count, failures };
}
async function* pagesOf(query, onEntry) {
  let after;
  for (let number = 0; number < PAGES2; number++) {
    const page = await readPage(query, after, onEntry);
    yield page;
    if (page.next === void 0) return;
    after = page.next;
  }
  const { of, digest } = query;
  yield { failures: [tooMuch(of, digest, `more than ${PAGE * PAGES2}`)] };
}
async function readPage(query, after, onEntry) {
  const { of } = query;
  const entries = new PageEntries(onEntry);
  try {
    const answer = await askForPage(query, after, () => entries.restart());
    if (answer.status === 404) return { failures: [] };
    if (answer.status !== 200) {
      return { failures: [refusal2("list the attestations", of, "read", answer)] };
    }
    return pageIn(answer, entries.end(), of);
  } catch (error2) {
    return { failures: [error2 instanceof ActionError ? error2 : brokenOff(of, error2)] };
  }
}
async function askForPage({ api, of, digest, signal }, after, sink) {
  const query = new URLSearchParams({ per_page: String(PAGE), ...after ? { after } : {} });
  const list2 = (scope) => {
    const path = `${attestationsPath(scope, of)}/${encodeURIComponent(digest)}`;
    return api.get(`${path}?${query.toString()}`, { signal, sink });
  };
  if (isRepository(of)) return list2("repos");
  const answer = await list2("orgs");
  return answer.status === 404 ? list2("users") : answer;
}
function pageIn({ headers }, { isWhole, hasList, tooLarge: tooLarge3 }, of) {
  const link = nextLinkIn(headers);
  const next = URL.parse(link ?? "")?.searchParams.get("after") ?? void 0;
  const isUnderstood = isWhole && hasList && tooLarge3 === 0;
  const hasNext = link === void 0 || next !== void 0;
  return { next, failures: isUnderstood && hasNext ? [] : [unlisted(of)] };
}
var PAGE, PAGES2, ENTRY_LIMIT2, PageEntries;
var init_listing2 = __esm({
  "src/github/listing.ts"() {
    "use strict";
    init_errors();
    init_link();
    init_json_list();
    init_api();
    init_failures();
    PAGE = 100;
    PAGES2 = 5;
    ENTRY_LIMIT2 = 20 << 20;
    PageEntries = class {
      #onEntry;
      #reader;
      /** Number of the entry that comes next in this attempt. */
      #index = 0;
      #taken = 0;
      constructor(onEntry) {
        this.#onEntry = onEntry;
        this.#reader = this.#openReader();
      }
      restart() {
        this.#index = 0;
        this.#reader = this.#openReader();
        return (chunk) => this.#reader.write(chunk);
      }
      end() {
        return this.#reader.end();
      }
      #openReader() {
        const onEntry = (json) => this.#take(json);
        return new JsonListReader({ list: "attestations", entryLimit: ENTRY_LIMIT2, onEntry });
      }
      #take(json) {
        this.#index++;
        if (this.#index <= this.#taken) return;
        this.#taken++;
        this.#onEntry(json);
      }
    };
  }
});

// src/github/record.ts
import { setTimeout as sleep7 } from "node:timers/promises";
async function recordOnce(recording) {
  const { of } = recording;
  const sent2 = await send(recording);
  if ("copies" in sent2) return sent2;
  const id = idIn(sent2);
  if (id === void 0) throw notRecorded(of, sent2);
  const copies = await countCopies(recording, (cause) => unlistedRecord(of, id, cause));
  if (copies === 0) throw unlistedRecord(of, id);
  return { id, copies };
}
async function send(recording) {
  const { api, of, bundle } = recording;
  const body = Buffer.concat([Buffer.from('{"bundle":'), bundle, Buffer.from("}")]);
  let copies = 0;
  const lookFirst = async () => {
    copies = await countCopies(recording, (cause) => unknownRecord(of, cause));
    return copies > 0 ? LISTED : {};
  };
  const answer = await api.post(attestationsPath("repos", of), body, lookFirst).catch(async (error2) => {
    copies = await countCopies(recording).catch(() => 0);
    if (copies === 0) throw error2;
    return LISTED;
  });
  return answer === LISTED ? { copies } : answer;
}
function idIn({ status, body }) {
  const json = status === 201 ? parseJson(body.toString()) : void 0;
  const id = isRecord(json) ? json["id"] : void 0;
  const isId = typeof id === "string" ? /^\d{1,20}$/.test(id) : Number.isSafeInteger(id) && Number(id) >= 0;
  return isId ? String(id) : void 0;
}
async function countCopies(recording, explain = (cause) => cause) {
  try {
    let waited = 0;
    for (const wait of LOOK_AGAIN2) {
      const copies = await countOnce(recording);
      waited += wait;
      if (copies > 0 || waited > recording.patience) return copies;
      await sleep7(wait);
    }
    return await countOnce(recording);
  } catch (error2) {
    throw error2 instanceof ActionError ? explain(error2) : error2;
  }
}
async function countOnce(recording) {
  const wanted = signedIn(recording.bundle);
  if (wanted === void 0) throw new TypeError("a bundle without an envelope");
  const listed2 = [];
  const { failures } = await listAttestations(recording, (each) => void listed2.push(each));
  const read = await sideBySide(listed2, WIDTH3, (each) => settle([readBundle(each, recording)]));
  const bundles = read.flatMap(({ values }) => values);
  const copies = bundles.filter((bundle) => signedIn(bundle) === wanted).length;
  const [failure2] = [...failures, ...read.flatMap((each) => each.failures)];
  if (copies === 0 && failure2) throw failure2;
  return copies;
}
function signedIn(bundle) {
  const json = parseStrictJson(bundle);
  if (isProblem(json) || !isRecord(json.value)) return void 0;
  const envelope = json.value["dsseEnvelope"];
  if (!isRecord(envelope) || !Array.isArray(envelope["signatures"])) return void 0;
  const { payload, signatures } = envelope;
  const signature = signatures[0];
  const sig = isRecord(signature) ? signature["sig"] : void 0;
  if (typeof payload !== "string" || typeof sig !== "string") return void 0;
  return [payload, sig].map((text2) => Buffer.from(text2, "base64").toString("base64")).join(" ");
}
var WIDTH3, LOOK_AGAIN2, LISTED;
var init_record = __esm({
  "src/github/record.ts"() {
    "use strict";
    init_side_by_side();
    init_errors();
    init_parsed();
    init_json();
    init_strict_json();
    init_api();
    init_bundle2();
    init_failures();
    init_listing2();
    WIDTH3 = 10;
    LOOK_AGAIN2 = [500, 1500, 3e3];
    LISTED = {
      status: 201,
      headers: new Headers(),
      body: Buffer.alloc(0),
      url: new URL("about:blank")
    };
  }
});

// src/github/attestations.ts
function attestationStore({
  apiUrl,
  token,
  transport,
  retryTimeout
}) {
  const api = githubApi(apiUrl, token, transport);
  return {
    record: (of, digest, bundle) => recordOnce({ api, transport, of, digest, bundle, patience: retryTimeout }),
    list: (of, digest, signal, take) => listAttestations({ api, transport, of, digest, signal }, take),
    read: (attestation, signal, onBytes) => readBundle(attestation, { api, transport, signal }, onBytes)
  };
}
var init_attestations = __esm({
  "src/github/attestations.ts"() {
    "use strict";
    init_api();
    init_bundle2();
    init_listing2();
    init_record();
  }
});

// src/http/deadline.ts
function deadlineIn(milliseconds) {
  return { signal: AbortSignal.timeout(milliseconds), milliseconds };
}
function outOfTime(state, { milliseconds }) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot finish reading: ${state} within the ${milliseconds / 1e3} s allowed for reading`,
    remedy: 'run the job again later, or raise "retry-timeout"'
  });
}
var init_deadline = __esm({
  "src/http/deadline.ts"() {
    "use strict";
    init_errors();
  }
});

// src/http/transport.ts
import { setTimeout as sleep8 } from "node:timers/promises";
function createTransport({ retryTimeout, onRetry, deadline }) {
  let retriesEnd;
  const send2 = async (request) => {
    let current = request;
    for (let attempt = 1; ; attempt++) {
      const outcome = await follow(current).catch((error2) => ({ error: error2 }));
      const fault = transientFault(outcome);
      if (!fault) {
        if ("error" in outcome) throw final(request, outcome.error, attempt);
        return outcome;
      }
      retriesEnd ??= Date.now() + retryTimeout;
      const wait = waitBefore(attempt, fault.retryAfter);
      const isFutile = isNobodyThere(fault) && attempt >= NOBODY_THERE_ATTEMPTS;
      if (isFutile || Date.now() + wait > retriesEnd || request.signal?.aborted) {
        throw unavailable(request, fault.state, attempt);
      }
      const seconds = (wait / 1e3).toFixed(1);
      onRetry(`${resultOf(request, fault.state)}, attempt ${attempt + 1} in ${seconds} s`);
      await sleep8(wait, void 0, request.signal ? { signal: request.signal } : {});
      const renewed = await request.again?.();
      if (renewed && "status" in renewed) return renewed;
      current = { ...request, ...renewed };
    }
  };
  if (!deadline) return send2;
  return async (request) => {
    try {
      return await send2({ ...request, signal: anyOf(request.signal, deadline.signal) });
    } catch (error2) {
      const isLate = deadline.signal.aborted && !request.signal?.aborted;
      throw isLate ? outOfTime(`${nameOf(request)} had no answer`, deadline) : error2;
    }
  };
}
function waitBefore(attempt, retryAfter) {
  const backoff = 2 ** Math.min(attempt, 6) * (250 + Math.random() * 250);
  return Math.min(Math.max(retryAfter ?? backoff, SHORTEST_WAIT), LONGEST_WAIT);
}
async function follow(request) {
  const timer = AbortSignal.timeout(request.timeout ?? ATTEMPT_TIMEOUT);
  const signal = anyOf(request.signal, timer);
  let { url, headers = {} } = request;
  for (let hop = 0; ; hop++) {
    const answer = await ask({ ...request, url, headers, signal });
    const location = answer.headers.get("location");
    if (!REDIRECTING.has(answer.status) || location === null) return answer;
    if (request.body || request.redirect === "return") return answer;
    if (hop >= REDIRECTS2) throw refusal(request, `it redirects more than ${REDIRECTS2} times`);
    const next = new URL(location, url);
    const reason = await whyRefused(next, url);
    if (reason !== void 0) {
      throw refusal(request, `it redirects to ${next.origin}, but ${reason}`);
    }
    if (next.origin !== url.origin) headers = withoutAuthorization(headers);
    url = next;
  }
}
function withoutAuthorization(headers) {
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization");
  return Object.fromEntries(others);
}
async function ask(request) {
  const { method, url, headers = {}, body, limit, signal } = request;
  const answer = await fetch(url, {
    method,
    headers: { "user-agent": "countersign", "accept-encoding": "identity", ...headers },
    redirect: "manual",
    signal,
    ...body ? { body } : {}
  });
  const chunks = [];
  const take = answer.ok && request.sink?.() || ((chunk) => void chunks.push(chunk));
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) {
      throw refusal(request, `the response is larger than ${limit} bytes`, "LIMIT_EXCEEDED");
    }
    take(chunk);
  }
  return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks), url };
}
function anyOf(first, second) {
  return first ? AbortSignal.any([first, second]) : second;
}
function final(request, error2, attempts) {
  if (error2 instanceof ActionError || request.signal?.aborted) return error2;
  return unavailable(request, stateOf(error2), attempts);
}
var ATTEMPT_TIMEOUT, SHORTEST_WAIT, LONGEST_WAIT, REDIRECTS2, REDIRECTING, NOBODY_THERE_ATTEMPTS;
var init_transport = __esm({
  "src/http/transport.ts"() {
    "use strict";
    init_errors();
    init_addresses();
    init_deadline();
    init_faults();
    ATTEMPT_TIMEOUT = 3e4;
    SHORTEST_WAIT = 250;
    LONGEST_WAIT = 6e4;
    REDIRECTS2 = 5;
    REDIRECTING = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
    NOBODY_THERE_ATTEMPTS = 3;
  }
});

// src/registry/access-remedy.ts
function accessRemedy({ registry, path }, access2, credentials) {
  const used = describeCredentials(credentials);
  if (credentials.kind === "anonymous")
    return `log in to ${registry} with docker/login-action before this step (${used})`;
  const right = access2 === "pull" ? "packages: read" : "packages: write";
  return registry === "ghcr.io" ? `add "permissions: ${right}" to the job, and give this repository access in the package's settings under "Manage Actions access" (${used})` : `grant ${access2} access to "${path}" to the account that was used (${used})`;
}
function describeCredentials({ kind, from }) {
  return kind === "anonymous" ? from : `credentials from ${from}`;
}
var init_access_remedy = __esm({
  "src/registry/access-remedy.ts"() {
    "use strict";
  }
});

// src/registry/endpoint.ts
function endpointOf(registry) {
  if (registry === "docker.io") return new URL("https://registry-1.docker.io");
  const secure = new URL(`https://${registry}`);
  return isLoopback(secure.hostname) ? new URL(`http://${registry}`) : secure;
}
var init_endpoint = __esm({
  "src/registry/endpoint.ts"() {
    "use strict";
    init_addresses();
  }
});

// src/registry/auth.ts
async function answerChallenge(header, {
  repository,
  access: access2,
  credentials,
  transport
}) {
  if (credentials.kind === "bearer") return `Bearer ${credentials.token}`;
  const challenges = parseChallenges(header);
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  const realm = bearer?.parameters["realm"];
  if (bearer && realm)
    return `Bearer ${await fetchToken(realm, bearer.parameters["service"], { repository, access: access2, credentials, transport })}`;
  const wantsBasic = challenges.some(({ scheme }) => scheme === "basic");
  return wantsBasic && credentials.kind === "password" ? basic(credentials) : void 0;
}
async function fetchToken(address, service, {
  repository,
  access: access2,
  credentials,
  transport
}) {
  const realm = await tokenService(address, repository);
  const scope = `repository:${repository.path}:${access2}`;
  const parameters = { ...service ? { service } : {}, scope };
  const answer = credentials.kind === "identity-token" ? await transport({
    method: "POST",
    url: realm,
    limit: TOKEN_LIMIT,
    redirect: "return",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(
      new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: credentials.token,
        client_id: "countersign",
        ...parameters
      }).toString()
    )
  }) : await transport({
    method: "GET",
    url: withParameters(realm, parameters),
    limit: TOKEN_LIMIT,
    redirect: "return",
    headers: credentials.kind === "password" ? { authorization: basic(credentials) } : {}
  });
  const json = parseJson(answer.body.toString());
  const token = isRecord(json) ? json["token"] ?? json["access_token"] : void 0;
  if (answer.status !== 200 || typeof token !== "string") {
    throw refused2(
      repository,
      `its token service ${realm.host} answered ${answer.status} (${describeCredentials(credentials)})`,
      isKnownAccount(answer, credentials) ? accessRemedy(repository, access2, credentials) : void 0
    );
  }
  return token;
}
async function tokenService(address, repository) {
  const reason = await whyNotTrusted(address, repository);
  if (reason === void 0) return new URL(address);
  throw refused2(
    repository,
    `credentials are not sent to its token service "${address}": ${reason}`
  );
}
async function whyNotTrusted(address, { registry }) {
  const pinned = PINNED[registry];
  if (pinned !== void 0 && address !== pinned)
    return `the token service of ${registry} is ${pinned}`;
  if (!URL.canParse(address)) return "that is not a URL";
  return whyRefused(new URL(address), endpointOf(registry));
}
function withParameters(realm, parameters) {
  const url = new URL(realm);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
function basic({
  username,
  password
}) {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
function parseChallenges(header) {
  const challenges = [];
  for (const match of header.matchAll(
    /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][A-Za-z0-9_-]*)(?=\s|$)/g
  )) {
    const [, name, quoted2, bare, scheme] = match;
    if (scheme) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name)
      Object.assign(challenges.at(-1)?.parameters ?? {}, {
        [name.toLowerCase()]: quoted2?.replaceAll(/\\(.)/g, "$1") ?? bare ?? ""
      });
  }
  return challenges;
}
function isKnownAccount({ status }, { kind }) {
  return status === 403 && kind !== "anonymous";
}
function refused2({ registry }, state, remedy) {
  return new ActionError("permission", "PERMISSION_REGISTRY", {
    message: `Cannot log in to "${registry}": ${state}`,
    remedy: remedy ?? `log in to ${registry} with docker/login-action before this step, or set "registry-username" and "registry-password"`
  });
}
var TOKEN_LIMIT, PINNED;
var init_auth = __esm({
  "src/registry/auth.ts"() {
    "use strict";
    init_errors();
    init_addresses();
    init_json();
    init_access_remedy();
    init_endpoint();
    TOKEN_LIMIT = 1 << 20;
    PINNED = { "ghcr.io": "https://ghcr.io/token" };
  }
});

// src/registry/client.ts
function isRefusal({ status }) {
  return status === 401 || status === 403;
}
function challengeOf({ headers }) {
  return headers.get("www-authenticate") ?? "";
}
function ociCode({ body }) {
  const json = parseJson(body.toString());
  const errors = isRecord(json) && Array.isArray(json["errors"]) ? json["errors"] : [];
  const code2 = isRecord(errors[0]) ? errors[0]["code"] : void 0;
  return typeof code2 === "string" && /^[A-Z_]{1,64}$/.test(code2) ? code2 : "";
}
var RegistryClient, ANONYMOUS;
var init_client = __esm({
  "src/registry/client.ts"() {
    "use strict";
    init_errors();
    init_json();
    init_reference();
    init_access_remedy();
    init_auth();
    init_endpoint();
    init_media_types();
    RegistryClient = class {
      repository;
      origin;
      #access;
      #transport;
      #keychain;
      #authorization = Promise.resolve(void 0);
      #challenge = "";
      constructor(repository, access2, { transport, keychain }) {
        this.repository = repository;
        this.origin = endpointOf(repository.registry);
        this.#access = access2;
        this.#transport = transport;
        this.#keychain = keychain;
      }
      /** Sends a request; a status outside `accepted` is an error, 401 and 403 always are. */
      async send(request, accepted2) {
        const answer = await this.#authorized(request);
        if (accepted2.includes(answer.status)) return answer;
        const anonymous = isRefusal(answer) ? await this.#anonymously(request) : void 0;
        if (anonymous && accepted2.includes(anonymous.status)) return anonymous;
        throw await this.#failure(request, answer);
      }
      async #authorized(request) {
        const used = this.#authorization;
        const answer = await this.#once(request, await used);
        if (answer.status !== 401 || answer.url.origin !== this.origin.origin) return answer;
        if (this.#authorization === used) this.#authorization = this.#answer(challengeOf(answer));
        const authorization = await this.#authorization.catch((error2) => {
          this.#authorization = used;
          throw error2;
        });
        if (authorization === void 0) return answer;
        const renewed = await request.again?.();
        if (renewed && "status" in renewed) return renewed;
        return this.#once({ ...request, ...renewed }, authorization);
      }
      async #answer(challenge) {
        this.#challenge = challenge;
        const credentials = await this.#credentials();
        try {
          return await this.#answerAs(credentials, challenge);
        } catch (error2) {
          if (!this.#mayBeAnonymous(credentials)) throw error2;
          return this.#answerAs(ANONYMOUS, challenge).catch(() => {
            throw error2;
          });
        }
      }
      #answerAs(credentials, challenge) {
        return answerChallenge(challenge, {
          repository: this.repository,
          access: this.#access,
          credentials,
          transport: this.#transport
        });
      }
      /** Once more as nobody: a token that the user did not choose must not keep us from what is public. */
      async #anonymously(request) {
        if (!this.#mayBeAnonymous(await this.#credentials())) return void 0;
        this.#authorization = this.#answerAs(ANONYMOUS, this.#challenge).catch(() => void 0);
        return this.#once(request, await this.#authorization);
      }
      #mayBeAnonymous({ chosen }) {
        return chosen === "by default" && this.#access === "pull";
      }
      async #once({ path, headers, again, ...request }, authorization) {
        const url = typeof path === "string" ? new URL(`/v2/${this.repository.path}/${path}`, this.origin) : path;
        const isOwn = url.origin === this.origin.origin;
        const authorized = (given = {}, value) => ({
          ...given,
          ...isOwn && value ? { authorization: value } : {}
        });
        const renew = async () => {
          const renewed = await again?.() ?? {};
          if ("status" in renewed) return renewed;
          return {
            ...renewed,
            headers: authorized(renewed.headers ?? headers, await this.#authorization)
          };
        };
        return this.#transport({
          ...request,
          url,
          headers: authorized(headers, authorization),
          ...again ? { again: renew } : {}
        });
      }
      #credentials() {
        return this.#keychain(this.repository.registry);
      }
      async #failure({ method, purpose, remedy = (_status, usual) => usual }, answer) {
        const name = formatRepository(this.repository);
        const isHtml = mediaTypeOf(answer.headers) === "text/html";
        const state = [
          `${method} ${answer.url.pathname} answered ${answer.status}`,
          ociCode(answer),
          isHtml ? "(an HTML page)" : ""
        ].filter(Boolean).join(" ");
        const message = `Cannot ${purpose} "${name}": ${state}`;
        if (isRefusal(answer)) {
          return new ActionError("permission", "PERMISSION_REGISTRY", {
            message,
            remedy: remedy(
              answer.status,
              accessRemedy(this.repository, this.#access, await this.#credentials())
            )
          });
        }
        return new ActionError("service", "SERVICE_REFUSED", {
          message,
          remedy: remedy(answer.status, this.#remedy(answer.status))
        });
      }
      #remedy(status) {
        if (status === 404)
          return "check the name and the digest, and that the image was pushed before this step";
        if (status === 400 || status === 413 || status === 415)
          return 'the registry does not accept OCI 1.1 artifacts; use one that does, or "stores: github"';
        return `check that ${this.origin.host} is the registry and not a login page or proxy in front of it`;
      }
    };
    ANONYMOUS = { kind: "anonymous", from: "no credentials" };
  }
});

// src/registry/credentials.ts
import { readFile as readFile2 } from "node:fs/promises";
function createKeychain({ explicit, dockerConfig, githubToken }) {
  let file;
  return async (registry) => {
    if (explicit)
      return { kind: "password", ...explicit, from: "registry-username and registry-password" };
    file ??= readDockerConfig(dockerConfig);
    const { auths, helpers } = await file;
    const entry = keysOf(registry).map((key) => auths[key]).find((auth) => auth !== void 0);
    const credentials = entry && fromEntry(entry, dockerConfig);
    if (credentials) return credentials;
    const helper = keysOf(registry).map((key) => helpers[key]).find((name) => name !== void 0);
    if (registry === "ghcr.io" && githubToken)
      return {
        kind: "password",
        username: "github-token",
        password: githubToken,
        from: "github-token",
        chosen: "by default"
      };
    return {
      kind: "anonymous",
      from: helper ? `no credentials used for ${registry}: ${dockerConfig} names the credential helper "${helper}", which is not run` : `no credentials found for ${registry}`
    };
  };
}
async function readDockerConfig(path) {
  const text2 = await readFile2(path, "utf8").catch(() => "{}");
  const json = parseJson(text2);
  if (!isRecord(json)) {
    throw new ActionError("input", "INPUT_FILE", {
      message: `Cannot read the Docker configuration: "${path}" is not a JSON object`,
      remedy: 'log in again with docker/login-action, or set "registry-username" and "registry-password"'
    });
  }
  const auths = Object.entries(isRecord(json["auths"]) ? json["auths"] : {}).filter(
    (entry) => isRecord(entry[1])
  );
  const helpers = Object.entries(isRecord(json["credHelpers"]) ? json["credHelpers"] : {}).filter(
    (entry) => typeof entry[1] === "string"
  );
  return {
    auths: Object.fromEntries(auths.map(([key, value]) => [normalized(key), value])),
    helpers: Object.fromEntries(helpers)
  };
}
function normalized(key) {
  return key.replace(/^https?:\/\//, "").replace(/\/(v[12]\/?)?$/, "");
}
function keysOf(registry) {
  return registry === "docker.io" ? ["index.docker.io", "docker.io", "registry-1.docker.io"] : [registry];
}
function fromEntry(entry, from) {
  const text2 = (name) => typeof entry[name] === "string" ? entry[name] : "";
  if (text2("registrytoken")) return { kind: "bearer", token: text2("registrytoken"), from };
  if (text2("identitytoken")) return { kind: "identity-token", token: text2("identitytoken"), from };
  const pair = Buffer.from(text2("auth"), "base64").toString();
  const colon = pair.indexOf(":");
  const username = text2("username") || pair.slice(0, Math.max(colon, 0));
  const password = text2("password") || pair.slice(colon + 1);
  return username && password ? { kind: "password", username, password, from } : void 0;
}
var init_credentials = __esm({
  "src/registry/credentials.ts"() {
    "use strict";
    init_errors();
    init_json();
  }
});

// src/sigstore/trust/authority-certificate.ts
var import_core14, AuthorityCertificate;
var init_authority_certificate = __esm({
  "src/sigstore/trust/authority-certificate.ts"() {
    "use strict";
    import_core14 = __toESM(require_dist3(), 1);
    AuthorityCertificate = class _AuthorityCertificate extends import_core14.X509Certificate {
      #publicKey;
      #der;
      #signedBy = /* @__PURE__ */ new WeakMap();
      get publicKey() {
        return this.#publicKey ??= super.publicKey;
      }
      verify(issuer = this) {
        if (!(issuer instanceof _AuthorityCertificate)) return super.verify(issuer);
        const known2 = this.#signedBy.get(issuer);
        if (known2 !== void 0) return known2;
        const isSigned = super.verify(issuer);
        this.#signedBy.set(issuer, isSigned);
        return isSigned;
      }
      equals(other) {
        if (other instanceof _AuthorityCertificate) return this.der.equals(other.der);
        return this.serialNumber.equals(other.serialNumber) && super.equals(other);
      }
      get der() {
        return this.#der ??= this.root.toDER();
      }
    };
  }
});

// src/sigstore/trust/trust.ts
function trustOf(json, signers = "with certificates") {
  if (!isRecord(json) || !LISTS.some((name) => name in json))
    throw new RangeError(
      `it is ${kindOfDocument(json)}, not a trusted root with "certificateAuthorities"`
    );
  assertLists(json);
  const root = undamaged(() => import_protobuf_specs3.TrustedRoot.fromJSON(json));
  assertWindows(root);
  if (signers === "with certificates" && root.certificateAuthorities.length === 0)
    throw new RangeError("it names no certificate authority");
  if (root.tlogs.length + root.timestampAuthorities.length === 0)
    throw new RangeError("it names neither a transparency log nor a timestamp authority");
  return {
    material: withAuthorities(undamaged(() => (0, import_verify4.toTrustMaterial)(root))),
    thresholds: {
      tlogThreshold: Math.min(root.tlogs.length, 1),
      ctlogThreshold: Math.min(root.ctlogs.length, 1),
      timestampThreshold: 1
    }
  };
}
function assertLists(json) {
  for (const name of LISTS) {
    const list2 = json[name] ?? [];
    if (!Array.isArray(list2) || !list2.every(isRecord))
      throw new RangeError(`its "${name}" is not a list of objects`);
  }
}
function undamaged(read) {
  try {
    return read();
  } catch (error2) {
    throw new RangeError(`it is malformed: ${messageOf(error2)}`, { cause: error2 });
  }
}
function withAuthorities(material) {
  const authority = (each) => ({
    ...each,
    certChain: each.certChain.map(({ root }) => new AuthorityCertificate(root))
  });
  return {
    ...material,
    certificateAuthorities: material.certificateAuthorities.map(authority),
    timestampAuthorities: material.timestampAuthorities.map(authority)
  };
}
function issuersAmong(trusts, certificate) {
  return trusts.filter(
    ({ material }) => material.certificateAuthorities.some(
      ({ certChain }) => certChain.some(({ subject }) => subject.equals(certificate.issuer))
    )
  );
}
function assertWindows({
  tlogs,
  ctlogs,
  certificateAuthorities,
  timestampAuthorities
}) {
  const logs = [...tlogs, ...ctlogs].map(({ baseUrl, publicKey }) => ({
    name: baseUrl,
    validFor: publicKey?.validFor
  }));
  const authorities = [...certificateAuthorities, ...timestampAuthorities].map(
    ({ uri, validFor }) => ({ name: uri, validFor })
  );
  const open2 = [...logs, ...authorities].find(
    ({ validFor }) => Number.isNaN(validFor?.start?.getTime() ?? Number.NaN)
  );
  if (open2) throw new RangeError(`"${open2.name}" has no valid date in validFor.start`);
}
var import_protobuf_specs3, import_verify4, LISTS;
var init_trust = __esm({
  "src/sigstore/trust/trust.ts"() {
    "use strict";
    import_protobuf_specs3 = __toESM(require_dist(), 1);
    import_verify4 = __toESM(require_dist4(), 1);
    init_errors();
    init_json();
    init_authority_certificate();
    init_document_kind();
    LISTS = ["certificateAuthorities", "timestampAuthorities", "tlogs", "ctlogs"];
  }
});

// src/sigstore/trust/trust-file.ts
import { readFile as readFile3 } from "node:fs/promises";
async function trustFromFile(path, signers) {
  const text2 = await readFile3(path, "utf8").catch((error2) => {
    throw unusable2(path, whyUnreadable(codeOf(error2)));
  });
  const trusts = rootsIn(text2).map((root) => {
    if (root.json === void 0)
      throw unusable2(path, `${root.place}it is ${kindOfText(root.text)}, not a trusted root`);
    try {
      return trustOf(root.json, signers);
    } catch (error2) {
      throw unusable2(path, `${root.place}${messageOf(error2)}`);
    }
  });
  return {
    issuersOf: (certificate) => Promise.resolve({ known: issuersAmong(trusts, certificate) }),
    all: () => Promise.resolve(trusts)
  };
}
function rootsIn(text2) {
  const whole = { place: "", text: text2, json: parseJson(text2) };
  const lines = text2.split("\n").map((line, index) => ({
    place: `line ${index + 1}: `,
    text: line,
    json: parseJson(line)
  }));
  const isLines = whole.json === void 0 && lines.some(({ json }) => json !== void 0);
  return isLines ? lines.filter((line) => line.text.trim() !== "") : [whole];
}
function unusable2(path, state) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot use "trusted-root": "${path}": ${state}`,
    remedy: 'pass the path of a trusted_root.json, for example from "cosign trusted-root create", or the output of "gh attestation trusted-root"'
  });
}
var init_trust_file = __esm({
  "src/sigstore/trust/trust-file.ts"() {
    "use strict";
    init_errors();
    init_json();
    init_file_kind();
    init_trust();
  }
});

// src/sigstore/trust/trust-tuf.ts
function trustFromTuf({ publicGood, github }) {
  let own;
  let other;
  const all = async () => [await (own ??= readTrust(publicGood))];
  return {
    all,
    async issuersOf(certificate) {
      const known2 = issuersAmong(await all(), certificate);
      if (!certificate.issuer.includes(GITHUB3)) return { known: known2 };
      refusePublic(certificate);
      const load = async () => issuersAmong([await (other ??= readTrust(github))], certificate);
      return { known: known2, other: load };
    }
  };
}
function refusePublic(certificate) {
  if (claimOf(certificate, "sourceRepositoryVisibility") !== "public") return;
  throw new Refusal(
    "CERTIFICATE",
    "source repository visibility",
    "private or internal, because the Sigstore instance of GitHub has no public log",
    "public"
  );
}
async function readTrust(readTarget2) {
  const text2 = await readTarget2(TARGET);
  try {
    return trustOf(parseJson(text2));
  } catch (error2) {
    throw new ActionError("service", "SERVICE_TRUST", {
      message: `Cannot use the trusted root from TUF: ${messageOf(error2)}`,
      remedy: 'run the job again with a newer version of Countersign, or set "trusted-root" to a file'
    });
  }
}
var TARGET, GITHUB3;
var init_trust_tuf = __esm({
  "src/sigstore/trust/trust-tuf.ts"() {
    "use strict";
    init_errors();
    init_json();
    init_certificate();
    init_refusal();
    init_trust();
    TARGET = "trusted_root.json";
    GITHUB3 = Buffer.from("GitHub, Inc.");
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/error.js
var require_error5 = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.UnsupportedAlgorithmError = exports.CryptoError = exports.LengthOrHashMismatchError = exports.UnsignedMetadataError = exports.RepositoryError = exports.ValueError = void 0;
    var ValueError = class extends Error {
    };
    exports.ValueError = ValueError;
    var RepositoryError = class extends Error {
    };
    exports.RepositoryError = RepositoryError;
    var UnsignedMetadataError = class extends RepositoryError {
    };
    exports.UnsignedMetadataError = UnsignedMetadataError;
    var LengthOrHashMismatchError = class extends RepositoryError {
    };
    exports.LengthOrHashMismatchError = LengthOrHashMismatchError;
    var CryptoError = class extends Error {
    };
    exports.CryptoError = CryptoError;
    var UnsupportedAlgorithmError = class extends CryptoError {
    };
    exports.UnsupportedAlgorithmError = UnsupportedAlgorithmError;
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/guard.js
var require_guard = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/guard.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.isDefined = isDefined;
    exports.isObject = isObject;
    exports.isStringArray = isStringArray;
    exports.isObjectArray = isObjectArray;
    exports.isStringRecord = isStringRecord;
    exports.isObjectRecord = isObjectRecord;
    function isDefined(val) {
      return val !== void 0;
    }
    function isObject(value) {
      return typeof value === "object" && value !== null;
    }
    function isStringArray(value) {
      return Array.isArray(value) && value.every((v) => typeof v === "string");
    }
    function isObjectArray(value) {
      return Array.isArray(value) && value.every(isObject);
    }
    function isStringRecord(value) {
      return typeof value === "object" && value !== null && Object.keys(value).every((k) => typeof k === "string") && Object.values(value).every((v) => typeof v === "string");
    }
    function isObjectRecord(value) {
      return typeof value === "object" && value !== null && Object.keys(value).every((k) => typeof k === "string") && Object.values(value).every((v) => typeof v === "object" && v !== null);
    }
  }
});

// node_modules/@tufjs/canonical-json/lib/index.js
var require_lib = __commonJS({
  "node_modules/@tufjs/canonical-json/lib/index.js"(exports, module) {
    var COMMA3 = ",";
    var COLON3 = ":";
    var LEFT_SQUARE_BRACKET = "[";
    var RIGHT_SQUARE_BRACKET = "]";
    var LEFT_CURLY_BRACKET = "{";
    var RIGHT_CURLY_BRACKET = "}";
    function canonicalize(object) {
      const buffer = [];
      if (typeof object === "string") {
        buffer.push(canonicalizeString(object));
      } else if (typeof object === "boolean") {
        buffer.push(JSON.stringify(object));
      } else if (Number.isInteger(object)) {
        buffer.push(JSON.stringify(object));
      } else if (object === null) {
        buffer.push(JSON.stringify(object));
      } else if (Array.isArray(object)) {
        buffer.push(LEFT_SQUARE_BRACKET);
        let first = true;
        object.forEach((element) => {
          if (!first) {
            buffer.push(COMMA3);
          }
          first = false;
          buffer.push(canonicalize(element));
        });
        buffer.push(RIGHT_SQUARE_BRACKET);
      } else if (typeof object === "object") {
        buffer.push(LEFT_CURLY_BRACKET);
        let first = true;
        Object.keys(object).sort().forEach((property) => {
          if (!first) {
            buffer.push(COMMA3);
          }
          first = false;
          buffer.push(canonicalizeString(property));
          buffer.push(COLON3);
          buffer.push(canonicalize(object[property]));
        });
        buffer.push(RIGHT_CURLY_BRACKET);
      } else {
        throw new TypeError("cannot encode " + object.toString());
      }
      return buffer.join("");
    }
    function canonicalizeString(string) {
      const escapedString = string.replace(/\\/g, "\\\\").replace(/"/g, '\\"');
      return '"' + escapedString + '"';
    }
    module.exports = {
      canonicalize
    };
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/verify.js
var require_verify = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/verify.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.verifySignature = void 0;
    var canonical_json_1 = require_lib();
    var crypto_1 = __importDefault(__require("crypto"));
    var verifySignature = (metaDataSignedData, key, signature) => {
      const canonicalData = Buffer.from((0, canonical_json_1.canonicalize)(metaDataSignedData));
      return crypto_1.default.verify(key.hashAlgorithm, canonicalData, key, Buffer.from(signature, "hex"));
    };
    exports.verifySignature = verifySignature;
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/index.js
var require_utils = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/index.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.crypto = exports.guard = void 0;
    exports.guard = __importStar(require_guard());
    exports.crypto = __importStar(require_verify());
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/base.js
var require_base2 = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/base.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Signed = exports.MetadataKind = void 0;
    exports.isMetadataKind = isMetadataKind;
    var util_1 = __importDefault(__require("util"));
    var error_1 = require_error5();
    var utils_1 = require_utils();
    var SPECIFICATION_VERSION = ["1", "0", "31"];
    var MetadataKind;
    (function(MetadataKind2) {
      MetadataKind2["Root"] = "root";
      MetadataKind2["Timestamp"] = "timestamp";
      MetadataKind2["Snapshot"] = "snapshot";
      MetadataKind2["Targets"] = "targets";
    })(MetadataKind || (exports.MetadataKind = MetadataKind = {}));
    function isMetadataKind(value) {
      return typeof value === "string" && Object.values(MetadataKind).includes(value);
    }
    var Signed = class _Signed {
      specVersion;
      expires;
      version;
      unrecognizedFields;
      constructor(options) {
        this.specVersion = options.specVersion || SPECIFICATION_VERSION.join(".");
        const specList = this.specVersion.split(".");
        if (!(specList.length === 2 || specList.length === 3) || !specList.every((item) => isNumeric(item))) {
          throw new error_1.ValueError("Failed to parse specVersion");
        }
        if (specList[0] != SPECIFICATION_VERSION[0]) {
          throw new error_1.ValueError("Unsupported specVersion");
        }
        this.expires = options.expires;
        this.version = options.version;
        this.unrecognizedFields = options.unrecognizedFields || {};
      }
      equals(other) {
        if (!(other instanceof _Signed)) {
          return false;
        }
        return this.specVersion === other.specVersion && this.expires === other.expires && this.version === other.version && util_1.default.isDeepStrictEqual(this.unrecognizedFields, other.unrecognizedFields);
      }
      isExpired(referenceTime) {
        if (!referenceTime) {
          referenceTime = /* @__PURE__ */ new Date();
        }
        return referenceTime >= new Date(this.expires);
      }
      static commonFieldsFromJSON(data) {
        const { spec_version, expires, version, ...rest } = data;
        if (!utils_1.guard.isDefined(spec_version)) {
          throw new error_1.ValueError("spec_version is not defined");
        } else if (typeof spec_version !== "string") {
          throw new TypeError("spec_version must be a string");
        }
        if (!utils_1.guard.isDefined(expires)) {
          throw new error_1.ValueError("expires is not defined");
        } else if (!(typeof expires === "string")) {
          throw new TypeError("expires must be a string");
        } else if (Number.isNaN(new Date(expires).getTime())) {
          throw new error_1.ValueError("Failed to parse expires");
        }
        if (!utils_1.guard.isDefined(version)) {
          throw new error_1.ValueError("version is not defined");
        } else if (!(typeof version === "number")) {
          throw new TypeError("version must be a number");
        }
        return {
          specVersion: spec_version,
          expires,
          version,
          unrecognizedFields: rest
        };
      }
    };
    exports.Signed = Signed;
    function isNumeric(str) {
      return !isNaN(Number(str));
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/file.js
var require_file = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/file.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.TargetFile = exports.MetaFile = void 0;
    var crypto_1 = __importDefault(__require("crypto"));
    var util_1 = __importDefault(__require("util"));
    var error_1 = require_error5();
    var utils_1 = require_utils();
    var MetaFile = class _MetaFile {
      version;
      length;
      hashes;
      unrecognizedFields;
      constructor(opts) {
        if (opts.version <= 0) {
          throw new error_1.ValueError("Metafile version must be at least 1");
        }
        if (opts.length !== void 0) {
          validateLength(opts.length);
        }
        this.version = opts.version;
        this.length = opts.length;
        this.hashes = opts.hashes;
        this.unrecognizedFields = opts.unrecognizedFields || {};
      }
      equals(other) {
        if (!(other instanceof _MetaFile)) {
          return false;
        }
        return this.version === other.version && this.length === other.length && util_1.default.isDeepStrictEqual(this.hashes, other.hashes) && util_1.default.isDeepStrictEqual(this.unrecognizedFields, other.unrecognizedFields);
      }
      verify(data) {
        if (this.length !== void 0) {
          if (data.length !== this.length) {
            throw new error_1.LengthOrHashMismatchError(`Expected length ${this.length} but got ${data.length}`);
          }
        }
        if (this.hashes) {
          Object.entries(this.hashes).forEach(([key, value]) => {
            let hash;
            try {
              hash = crypto_1.default.createHash(key);
            } catch (e) {
              throw new error_1.LengthOrHashMismatchError(`Hash algorithm ${key} not supported`);
            }
            const observedHash = hash.update(data).digest("hex");
            if (observedHash !== value) {
              throw new error_1.LengthOrHashMismatchError(`Expected hash ${value} but got ${observedHash}`);
            }
          });
        }
      }
      toJSON() {
        const json = {
          version: this.version,
          ...this.unrecognizedFields
        };
        if (this.length !== void 0) {
          json.length = this.length;
        }
        if (this.hashes) {
          json.hashes = this.hashes;
        }
        return json;
      }
      static fromJSON(data) {
        const { version, length, hashes, ...rest } = data;
        if (typeof version !== "number") {
          throw new TypeError("version must be a number");
        }
        if (utils_1.guard.isDefined(length) && typeof length !== "number") {
          throw new TypeError("length must be a number");
        }
        if (utils_1.guard.isDefined(hashes) && !utils_1.guard.isStringRecord(hashes)) {
          throw new TypeError("hashes must be string keys and values");
        }
        return new _MetaFile({
          version,
          length,
          hashes,
          unrecognizedFields: rest
        });
      }
    };
    exports.MetaFile = MetaFile;
    var TargetFile = class _TargetFile {
      length;
      path;
      hashes;
      unrecognizedFields;
      constructor(opts) {
        validateLength(opts.length);
        this.length = opts.length;
        this.path = opts.path;
        this.hashes = opts.hashes;
        this.unrecognizedFields = opts.unrecognizedFields || {};
      }
      get custom() {
        const custom = this.unrecognizedFields["custom"];
        if (!custom || Array.isArray(custom) || !(typeof custom === "object")) {
          return {};
        }
        return custom;
      }
      equals(other) {
        if (!(other instanceof _TargetFile)) {
          return false;
        }
        return this.length === other.length && this.path === other.path && util_1.default.isDeepStrictEqual(this.hashes, other.hashes) && util_1.default.isDeepStrictEqual(this.unrecognizedFields, other.unrecognizedFields);
      }
      async verify(stream) {
        let observedLength = 0;
        const digests = Object.keys(this.hashes).reduce((acc, key) => {
          try {
            acc[key] = crypto_1.default.createHash(key);
          } catch (e) {
            throw new error_1.LengthOrHashMismatchError(`Hash algorithm ${key} not supported`);
          }
          return acc;
        }, {});
        for await (const chunk of stream) {
          observedLength += chunk.length;
          Object.values(digests).forEach((digest) => {
            digest.update(chunk);
          });
        }
        if (observedLength !== this.length) {
          throw new error_1.LengthOrHashMismatchError(`Expected length ${this.length} but got ${observedLength}`);
        }
        Object.entries(digests).forEach(([key, value]) => {
          const expected = this.hashes[key];
          const actual = value.digest("hex");
          if (actual !== expected) {
            throw new error_1.LengthOrHashMismatchError(`Expected hash ${expected} but got ${actual}`);
          }
        });
      }
      toJSON() {
        return {
          length: this.length,
          hashes: this.hashes,
          ...this.unrecognizedFields
        };
      }
      static fromJSON(path, data) {
        const { length, hashes, ...rest } = data;
        if (typeof length !== "number") {
          throw new TypeError("length must be a number");
        }
        if (!utils_1.guard.isStringRecord(hashes)) {
          throw new TypeError("hashes must have string keys and values");
        }
        return new _TargetFile({
          length,
          path,
          hashes,
          unrecognizedFields: rest
        });
      }
    };
    exports.TargetFile = TargetFile;
    function validateLength(length) {
      if (length < 0) {
        throw new error_1.ValueError("Length must be at least 0");
      }
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/oid.js
var require_oid2 = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/oid.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.encodeOIDString = encodeOIDString;
    var ANS1_TAG_OID = 6;
    function encodeOIDString(oid) {
      const parts = oid.split(".");
      const first = parseInt(parts[0], 10) * 40 + parseInt(parts[1], 10);
      const rest = [];
      parts.slice(2).forEach((part) => {
        const bytes = encodeVariableLengthInteger(parseInt(part, 10));
        rest.push(...bytes);
      });
      const der = Buffer.from([first, ...rest]);
      return Buffer.from([ANS1_TAG_OID, der.length, ...der]);
    }
    function encodeVariableLengthInteger(value) {
      const bytes = [];
      let mask = 0;
      do {
        bytes.unshift(value & 127 | mask);
        value >>= 7;
        mask = 128;
      } while (value > 0);
      return bytes;
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/key.js
var require_key2 = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/utils/key.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.getPublicKey = getPublicKey;
    var crypto_1 = __importDefault(__require("crypto"));
    var error_1 = require_error5();
    var oid_1 = require_oid2();
    var ASN1_TAG_SEQUENCE = 48;
    var ANS1_TAG_BIT_STRING = 3;
    var NULL_BYTE = 0;
    var OID_EDDSA = "1.3.101.112";
    var OID_EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    var OID_EC_CURVE_P256V1 = "1.2.840.10045.3.1.7";
    var OID_EC_CURVE_P384 = "1.3.132.0.34";
    var PEM_HEADER = "-----BEGIN PUBLIC KEY-----";
    function getPublicKey(keyInfo) {
      switch (keyInfo.keyType) {
        case "rsa":
          return getRSAPublicKey(keyInfo);
        case "ed25519":
          return getED25519PublicKey(keyInfo);
        case "ecdsa":
        case "ecdsa-sha2-nistp256":
        case "ecdsa-sha2-nistp384":
          return getECDCSAPublicKey(keyInfo);
        default:
          throw new error_1.UnsupportedAlgorithmError(`Unsupported key type: ${keyInfo.keyType}`);
      }
    }
    function getRSAPublicKey(keyInfo) {
      if (!keyInfo.keyVal.startsWith(PEM_HEADER)) {
        throw new error_1.CryptoError("Invalid key format");
      }
      const key = crypto_1.default.createPublicKey(keyInfo.keyVal);
      switch (keyInfo.scheme) {
        case "rsassa-pss-sha256":
        case "rsassa-pss-sha384":
        case "rsassa-pss-sha512":
          return {
            key,
            hashAlgorithm: keyInfo.scheme.slice("rsassa-pss-".length),
            padding: crypto_1.default.constants.RSA_PKCS1_PSS_PADDING
          };
        default:
          throw new error_1.UnsupportedAlgorithmError(`Unsupported RSA scheme: ${keyInfo.scheme}`);
      }
    }
    function getED25519PublicKey(keyInfo) {
      let key;
      if (keyInfo.keyVal.startsWith(PEM_HEADER)) {
        key = crypto_1.default.createPublicKey(keyInfo.keyVal);
      } else {
        if (!isHex(keyInfo.keyVal)) {
          throw new error_1.CryptoError("Invalid key format");
        }
        key = crypto_1.default.createPublicKey({
          key: ed25519.hexToDER(keyInfo.keyVal),
          format: "der",
          type: "spki"
        });
      }
      return { key };
    }
    function getECDCSAPublicKey(keyInfo) {
      let namedCurve;
      let curveOID;
      let hashAlgorithm;
      switch (keyInfo.scheme) {
        case "ecdsa-sha2-nistp256":
          namedCurve = "prime256v1";
          curveOID = OID_EC_CURVE_P256V1;
          hashAlgorithm = "sha256";
          break;
        case "ecdsa-sha2-nistp384":
          namedCurve = "secp384r1";
          curveOID = OID_EC_CURVE_P384;
          hashAlgorithm = "sha384";
          break;
        default:
          throw new error_1.UnsupportedAlgorithmError(`Unsupported ECDSA scheme: ${keyInfo.scheme}`);
      }
      if (keyInfo.keyType !== "ecdsa" && keyInfo.keyType !== keyInfo.scheme) {
        throw new error_1.CryptoError("ECDSA key type does not match scheme");
      }
      let key;
      if (keyInfo.keyVal.startsWith(PEM_HEADER)) {
        key = crypto_1.default.createPublicKey(keyInfo.keyVal);
      } else {
        if (!isHex(keyInfo.keyVal)) {
          throw new error_1.CryptoError("Invalid key format");
        }
        key = crypto_1.default.createPublicKey({
          key: ecdsa.hexToDER(keyInfo.keyVal, curveOID),
          format: "der",
          type: "spki"
        });
      }
      if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== namedCurve) {
        throw new error_1.CryptoError("ECDSA key curve does not match scheme");
      }
      return { key, hashAlgorithm };
    }
    var ed25519 = {
      // Translates a hex key into a crypto KeyObject
      // https://keygen.sh/blog/how-to-use-hexadecimal-ed25519-keys-in-node/
      hexToDER: (hex) => {
        const key = Buffer.from(hex, "hex");
        const oid = (0, oid_1.encodeOIDString)(OID_EDDSA);
        const elements = Buffer.concat([
          Buffer.concat([
            Buffer.from([ASN1_TAG_SEQUENCE]),
            Buffer.from([oid.length]),
            oid
          ]),
          Buffer.concat([
            Buffer.from([ANS1_TAG_BIT_STRING]),
            Buffer.from([key.length + 1]),
            Buffer.from([NULL_BYTE]),
            key
          ])
        ]);
        const der = Buffer.concat([
          Buffer.from([ASN1_TAG_SEQUENCE]),
          Buffer.from([elements.length]),
          elements
        ]);
        return der;
      }
    };
    var ecdsa = {
      hexToDER: (hex, curveOID) => {
        const key = Buffer.from(hex, "hex");
        const bitString = Buffer.concat([
          Buffer.from([ANS1_TAG_BIT_STRING]),
          Buffer.from([key.length + 1]),
          Buffer.from([NULL_BYTE]),
          key
        ]);
        const oids = Buffer.concat([
          (0, oid_1.encodeOIDString)(OID_EC_PUBLIC_KEY),
          (0, oid_1.encodeOIDString)(curveOID)
        ]);
        const oidSequence = Buffer.concat([
          Buffer.from([ASN1_TAG_SEQUENCE]),
          Buffer.from([oids.length]),
          oids
        ]);
        const der = Buffer.concat([
          Buffer.from([ASN1_TAG_SEQUENCE]),
          Buffer.from([oidSequence.length + bitString.length]),
          oidSequence,
          bitString
        ]);
        return der;
      }
    };
    var isHex = (key) => /^[0-9a-fA-F]+$/.test(key);
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/key.js
var require_key3 = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/key.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Key = void 0;
    var util_1 = __importDefault(__require("util"));
    var error_1 = require_error5();
    var utils_1 = require_utils();
    var key_1 = require_key2();
    var Key = class _Key {
      keyID;
      keyType;
      scheme;
      keyVal;
      unrecognizedFields;
      constructor(options) {
        const { keyID, keyType, scheme, keyVal, unrecognizedFields } = options;
        this.keyID = keyID;
        this.keyType = keyType;
        this.scheme = scheme;
        this.keyVal = keyVal;
        this.unrecognizedFields = unrecognizedFields || {};
      }
      // Verifies the that the metadata.signatures contains a signature made with
      // this key and is correctly signed.
      verifySignature(metadata) {
        const signature = metadata.signatures[this.keyID];
        if (!signature)
          throw new error_1.UnsignedMetadataError("no signature for key found in metadata");
        if (!this.keyVal.public)
          throw new error_1.UnsignedMetadataError("no public key found");
        const publicKey = (0, key_1.getPublicKey)({
          keyType: this.keyType,
          scheme: this.scheme,
          keyVal: this.keyVal.public
        });
        const signedData = metadata.signed.toJSON();
        try {
          if (!utils_1.crypto.verifySignature(signedData, publicKey, signature.sig)) {
            throw new error_1.UnsignedMetadataError(`failed to verify ${this.keyID} signature`);
          }
        } catch (error2) {
          if (error2 instanceof error_1.UnsignedMetadataError) {
            throw error2;
          }
          throw new error_1.UnsignedMetadataError(`failed to verify ${this.keyID} signature`);
        }
      }
      equals(other) {
        if (!(other instanceof _Key)) {
          return false;
        }
        return this.keyID === other.keyID && this.keyType === other.keyType && this.scheme === other.scheme && util_1.default.isDeepStrictEqual(this.keyVal, other.keyVal) && util_1.default.isDeepStrictEqual(this.unrecognizedFields, other.unrecognizedFields);
      }
      toJSON() {
        return {
          keytype: this.keyType,
          scheme: this.scheme,
          keyval: this.keyVal,
          ...this.unrecognizedFields
        };
      }
      static fromJSON(keyID, data) {
        const { keytype, scheme, keyval, ...rest } = data;
        if (typeof keytype !== "string") {
          throw new TypeError("keytype must be a string");
        }
        if (typeof scheme !== "string") {
          throw new TypeError("scheme must be a string");
        }
        if (!utils_1.guard.isStringRecord(keyval)) {
          throw new TypeError("keyval must be a string record");
        }
        return new _Key({
          keyID,
          keyType: keytype,
          scheme,
          keyVal: keyval,
          unrecognizedFields: rest
        });
      }
    };
    exports.Key = Key;
  }
});

// node_modules/balanced-match/dist/commonjs/index.js
var require_commonjs = __commonJS({
  "node_modules/balanced-match/dist/commonjs/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.range = exports.balanced = void 0;
    var balanced = (a, b, str) => {
      const ma = a instanceof RegExp ? maybeMatch(a, str) : a;
      const mb = b instanceof RegExp ? maybeMatch(b, str) : b;
      const r = ma !== null && mb != null && (0, exports.range)(ma, mb, str);
      return r && {
        start: r[0],
        end: r[1],
        pre: str.slice(0, r[0]),
        body: str.slice(r[0] + ma.length, r[1]),
        post: str.slice(r[1] + mb.length)
      };
    };
    exports.balanced = balanced;
    var maybeMatch = (reg, str) => {
      const m = str.match(reg);
      return m ? m[0] : null;
    };
    var range = (a, b, str) => {
      let begs, beg, left, right = void 0, result;
      let ai = str.indexOf(a);
      let bi = str.indexOf(b, ai + 1);
      let i = ai;
      if (ai >= 0 && bi > 0) {
        if (a === b) {
          return [ai, bi];
        }
        begs = [];
        left = str.length;
        while (i >= 0 && !result) {
          if (i === ai) {
            begs.push(i);
            ai = str.indexOf(a, i + 1);
          } else if (begs.length === 1) {
            const r = begs.pop();
            if (r !== void 0)
              result = [r, bi];
          } else {
            beg = begs.pop();
            if (beg !== void 0 && beg < left) {
              left = beg;
              right = bi;
            }
            bi = str.indexOf(b, i + 1);
          }
          i = ai < bi && ai >= 0 ? ai : bi;
        }
        if (begs.length && right !== void 0) {
          result = [left, right];
        }
      }
      return result;
    };
    exports.range = range;
  }
});

// node_modules/brace-expansion/dist/commonjs/index.js
var require_commonjs2 = __commonJS({
  "node_modules/brace-expansion/dist/commonjs/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.EXPANSION_MAX_STEPS = exports.EXPANSION_MAX_REWRITES = exports.EXPANSION_MAX_DEPTH = exports.EXPANSION_MAX_LENGTH = exports.EXPANSION_MAX = void 0;
    exports.expand = expand;
    var balanced_match_1 = require_commonjs();
    var escSlash = "\0SLASH" + Math.random().toFixed(16) + "\0";
    var escOpen = "\0OPEN" + Math.random().toFixed(16) + "\0";
    var escClose = "\0CLOSE" + Math.random().toFixed(16) + "\0";
    var escComma = "\0COMMA" + Math.random().toFixed(16) + "\0";
    var escPeriod = "\0PERIOD" + Math.random().toFixed(16) + "\0";
    var escSlashPattern = new RegExp(escSlash, "g");
    var escOpenPattern = new RegExp(escOpen, "g");
    var escClosePattern = new RegExp(escClose, "g");
    var escCommaPattern = new RegExp(escComma, "g");
    var escPeriodPattern = new RegExp(escPeriod, "g");
    var slashPattern = /\\\\/g;
    var openPattern = /\\{/g;
    var closePattern = /\\}/g;
    var commaPattern = /\\,/g;
    var periodPattern = /\\\./g;
    exports.EXPANSION_MAX = 1e5;
    exports.EXPANSION_MAX_LENGTH = 4e6;
    exports.EXPANSION_MAX_DEPTH = 1e3;
    exports.EXPANSION_MAX_REWRITES = 1e3;
    exports.EXPANSION_MAX_STEPS = 2e7;
    var CALL_STEPS = 16;
    function numeric(str) {
      return !isNaN(str) ? parseInt(str, 10) : str.charCodeAt(0);
    }
    function escapeBraces(str) {
      return str.replace(slashPattern, escSlash).replace(openPattern, escOpen).replace(closePattern, escClose).replace(commaPattern, escComma).replace(periodPattern, escPeriod);
    }
    function unescapeBraces(str) {
      return str.replace(escSlashPattern, "\\").replace(escOpenPattern, "{").replace(escClosePattern, "}").replace(escCommaPattern, ",").replace(escPeriodPattern, ".");
    }
    function pushAll(target, items) {
      for (let i = 0; i < items.length; i++) {
        target.push(items[i]);
      }
    }
    function balancedWithBudget(str, masked, budget) {
      if (budget.remaining < 0) {
        return void 0;
      }
      const r = (0, balanced_match_1.range)("{", "}", masked);
      const unmatched = r !== void 0 && masked.indexOf("{") < r[0];
      budget.remaining -= r && !unmatched ? r[1] + 1 : str.length;
      if (!r || budget.remaining < 0) {
        return void 0;
      }
      return {
        end: r[1],
        pre: str.slice(0, r[0]),
        body: str.slice(r[0] + 1, r[1]),
        post: str.slice(r[1] + 1),
        unmatched
      };
    }
    function maskUnmatchedOpens(masked, budget) {
      budget.remaining -= masked.length;
      const open2 = [];
      for (let i = 0; i < masked.length; i++) {
        const c = masked.charCodeAt(i);
        if (c === 123) {
          open2.push(i);
        } else if (c === 125 && open2.length) {
          open2.pop();
        }
      }
      let out = "";
      let last = 0;
      for (let i = 0; i < open2.length; i++) {
        const at2 = open2[i];
        out += masked.slice(last, at2) + "\0";
        last = at2 + 1;
      }
      return out + masked.slice(last);
    }
    function commaSetFollows(str, budget) {
      budget.remaining -= str.length;
      if (budget.remaining < 0) {
        return false;
      }
      let close = false;
      for (let i = str.length - 1; i >= 0; i--) {
        const c = str.charCodeAt(i);
        if (c === 125) {
          close = true;
        } else if (c === 10 || c === 13 || c === 8232 || c === 8233) {
          close = false;
        } else if (c === 44 && close && str.charCodeAt(i + 1) !== 44) {
          return true;
        }
      }
      return false;
    }
    function parseCommaParts(str, budget) {
      const parts = [];
      let carry = "";
      for (; ; ) {
        const m = balancedWithBudget(str, str, budget);
        if (budget.remaining < 0) {
          return void 0;
        }
        if (!m) {
          const tail = str.split(",");
          tail[0] = carry + tail[0];
          pushAll(parts, tail);
          return parts;
        }
        const { pre, body, post } = m;
        const p = pre.split(",");
        p[0] = carry + p[0];
        p[p.length - 1] += "{" + body + "}";
        if (!post.length) {
          pushAll(parts, p);
          return parts;
        }
        carry = p.pop();
        pushAll(parts, p);
        str = post;
      }
    }
    function bound(value, fallback) {
      return value === void 0 || isNaN(value) ? fallback : value;
    }
    function expand(str, options = {}) {
      if (!str) {
        return [];
      }
      const max = bound(options.max, exports.EXPANSION_MAX);
      const maxLength = bound(options.maxLength, exports.EXPANSION_MAX_LENGTH);
      const maxDepth = bound(options.maxDepth, exports.EXPANSION_MAX_DEPTH);
      const maxRewrites = bound(options.maxRewrites, exports.EXPANSION_MAX_REWRITES);
      const maxSteps = bound(options.maxSteps, exports.EXPANSION_MAX_STEPS);
      if (str.slice(0, 2) === "{}") {
        str = "\\{\\}" + str.slice(2);
      }
      return expand_(escapeBraces(str), max, maxLength, maxDepth, 0, maxRewrites, { remaining: maxSteps }, true).map(unescapeBraces);
    }
    function embrace(str) {
      return "{" + str + "}";
    }
    function isPadded(el) {
      return /^-?0\d/.test(el);
    }
    function lte(i, y) {
      return i <= y;
    }
    function gte(i, y) {
      return i >= y;
    }
    function combine(acc, pre, values, max, maxLength, dropEmpties, budget) {
      const out = [];
      let length = 0;
      let nonEmpty;
      outer: for (let a = 0; a < acc.length; a++) {
        const prefix = acc[a] + pre;
        let vs = values;
        if (dropEmpties && !prefix) {
          if (!nonEmpty)
            nonEmpty = values.filter((v) => v);
          vs = nonEmpty;
        }
        for (let v = 0; v < vs.length; v++) {
          if (out.length >= max)
            break outer;
          const expansion = prefix + vs[v];
          if (length + expansion.length > maxLength)
            break outer;
          out.push(expansion);
          length += expansion.length;
        }
      }
      budget.remaining -= out.length;
      return out;
    }
    function expandSequence(body, isAlphaSequence, max, maxLength, budget) {
      const n = body.split(/\.\./);
      const N = [];
      if (n[0] === void 0 || n[1] === void 0) {
        return N;
      }
      const x = numeric(n[0]);
      const y = numeric(n[1]);
      const width = Math.max(n[0].length, n[1].length);
      let incr = n.length === 3 && n[2] !== void 0 ? Math.max(Math.abs(numeric(n[2])), 1) : 1;
      let test = lte;
      const reverse = y < x;
      if (reverse) {
        incr *= -1;
        test = gte;
      }
      const pad = n.some(isPadded);
      const cost = pad ? width : 1;
      let length = 0;
      for (let i = x; test(i, y) && N.length < max; i += incr) {
        budget.remaining -= cost;
        if (budget.remaining < 0) {
          return void 0;
        }
        let c;
        if (isAlphaSequence) {
          c = String.fromCharCode(i);
          if (c === "\\") {
            c = "";
          }
        } else {
          c = String(i);
          if (pad) {
            const need = width - c.length;
            if (need > 0) {
              const z = new Array(need + 1).join("0");
              if (i < 0) {
                c = "-" + z + c.slice(1);
              } else {
                c = z + c;
              }
            }
          }
        }
        if (length + c.length > maxLength)
          break;
        N.push(c);
        length += c.length;
      }
      return N;
    }
    function expand_(str, max, maxLength, maxDepth, depth, maxRewrites, budget, isTop) {
      budget.remaining -= CALL_STEPS;
      if (depth > maxDepth) {
        return [str];
      }
      let acc = [""];
      let rewrites = 0;
      let dropEmpties = false;
      let firstGroup = true;
      let masked = str;
      for (; ; ) {
        const m = balancedWithBudget(str, masked, budget);
        if (!m) {
          return combine(acc, str, [""], max, maxLength, dropEmpties, budget);
        }
        if (m.unmatched) {
          masked = maskUnmatchedOpens(masked, budget);
        }
        const pre = m.pre;
        const literal = () => combine(acc, pre + "{" + m.body + "}" + m.post, [""], max, maxLength, dropEmpties, budget);
        if (/\$$/.test(pre)) {
          acc = combine(acc, pre + "{" + m.body + "}", [""], max, maxLength, dropEmpties && !m.post.length, budget);
          firstGroup = false;
          if (!m.post.length)
            break;
          str = m.post;
          masked = masked.slice(m.end + 1);
          continue;
        }
        const isNumericSequence = /^-?\d+\.\.-?\d+(?:\.\.-?\d+)?$/.test(m.body);
        const isAlphaSequence = /^[a-zA-Z]\.\.[a-zA-Z](?:\.\.-?\d+)?$/.test(m.body);
        const isSequence = isNumericSequence || isAlphaSequence;
        const isOptions = m.body.indexOf(",") >= 0;
        if (!isSequence && !isOptions) {
          if (rewrites < maxRewrites && commaSetFollows(m.post, budget)) {
            rewrites++;
            str = m.pre + "{" + m.body + escClose + m.post;
            masked = masked.slice(0, m.end) + escClose + masked.slice(m.end + 1);
            isTop = true;
            continue;
          }
          return literal();
        }
        if (firstGroup) {
          dropEmpties = isTop && !isSequence;
          firstGroup = false;
        }
        let values;
        if (isSequence) {
          values = expandSequence(m.body, isAlphaSequence, max, maxLength, budget);
          if (!values) {
            return literal();
          }
        } else {
          let n = parseCommaParts(m.body, budget);
          if (!n) {
            return literal();
          }
          if (n.length === 1 && n[0] !== void 0) {
            n = expand_(n[0], max, maxLength, maxDepth, depth + 1, maxRewrites, budget, false).map(embrace);
            if (budget.remaining < 0) {
              return literal();
            }
            if (n.length === 1) {
              const next2 = combine(acc, pre + n[0], [""], max, maxLength, dropEmpties && !m.post.length, budget);
              if (budget.remaining < 0) {
                return literal();
              }
              acc = next2;
              if (!m.post.length)
                break;
              str = m.post;
              masked = masked.slice(m.end + 1);
              continue;
            }
          }
          let dropsEmpties = dropEmpties && !m.post.length && !pre;
          for (let d = 0; dropsEmpties && d < acc.length; d++) {
            if (acc[d]) {
              dropsEmpties = false;
            }
          }
          values = [];
          let valuesLength = 0;
          outer: for (let j = 0; j < n.length; j++) {
            const expanded = expand_(n[j], max, maxLength, maxDepth, depth + 1, maxRewrites, budget, false);
            if (budget.remaining < 0) {
              return literal();
            }
            for (let k = 0; k < expanded.length; k++) {
              const v = expanded[k];
              if (dropsEmpties && !v)
                continue;
              if (values.length >= max || valuesLength + v.length > maxLength) {
                break outer;
              }
              values.push(v);
              valuesLength += v.length;
            }
          }
        }
        const next = combine(acc, pre, values, max, maxLength, dropEmpties && !m.post.length, budget);
        if (budget.remaining < 0) {
          return literal();
        }
        acc = next;
        if (!m.post.length)
          break;
        str = m.post;
        masked = masked.slice(m.end + 1);
      }
      return acc;
    }
  }
});

// node_modules/minimatch/dist/commonjs/assert-valid-pattern.js
var require_assert_valid_pattern = __commonJS({
  "node_modules/minimatch/dist/commonjs/assert-valid-pattern.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.assertValidPattern = void 0;
    var MAX_PATTERN_LENGTH = 1024 * 64;
    var assertValidPattern = (pattern) => {
      if (typeof pattern !== "string") {
        throw new TypeError("invalid pattern");
      }
      if (pattern.length > MAX_PATTERN_LENGTH) {
        throw new TypeError("pattern is too long");
      }
    };
    exports.assertValidPattern = assertValidPattern;
  }
});

// node_modules/minimatch/dist/commonjs/brace-expressions.js
var require_brace_expressions = __commonJS({
  "node_modules/minimatch/dist/commonjs/brace-expressions.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.parseClass = void 0;
    var posixClasses = {
      "[:alnum:]": ["\\p{L}\\p{Nl}\\p{Nd}", true],
      "[:alpha:]": ["\\p{L}\\p{Nl}", true],
      "[:ascii:]": ["\\x00-\\x7f", false],
      "[:blank:]": ["\\p{Zs}\\t", true],
      "[:cntrl:]": ["\\p{Cc}", true],
      "[:digit:]": ["\\p{Nd}", true],
      "[:graph:]": ["\\p{Z}\\p{C}", true, true],
      "[:lower:]": ["\\p{Ll}", true],
      "[:print:]": ["\\p{C}", true],
      "[:punct:]": ["\\p{P}", true],
      "[:space:]": ["\\p{Z}\\t\\r\\n\\v\\f", true],
      "[:upper:]": ["\\p{Lu}", true],
      "[:word:]": ["\\p{L}\\p{Nl}\\p{Nd}\\p{Pc}", true],
      "[:xdigit:]": ["A-Fa-f0-9", false]
    };
    var braceEscape = (s) => s.replace(/[[\]\\-]/g, "\\$&");
    var regexpEscape = (s) => s.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, "\\$&");
    var rangesToString = (ranges) => ranges.join("");
    var parseClass = (glob, position) => {
      const pos = position;
      if (glob.charAt(pos) !== "[") {
        throw new Error("not in a brace expression");
      }
      const ranges = [];
      const negs = [];
      let i = pos + 1;
      let sawStart = false;
      let uflag = false;
      let escaping = false;
      let negate = false;
      let endPos = pos;
      let rangeStart = "";
      WHILE: while (i < glob.length) {
        const c = glob.charAt(i);
        if ((c === "!" || c === "^") && i === pos + 1) {
          negate = true;
          i++;
          continue;
        }
        if (c === "]" && sawStart && !escaping) {
          endPos = i + 1;
          break;
        }
        sawStart = true;
        if (c === "\\") {
          if (!escaping) {
            escaping = true;
            i++;
            continue;
          }
        }
        if (c === "[" && !escaping) {
          for (const [cls, [unip, u, neg]] of Object.entries(posixClasses)) {
            if (glob.startsWith(cls, i)) {
              if (rangeStart) {
                return ["$.", false, glob.length - pos, true];
              }
              i += cls.length;
              if (neg)
                negs.push(unip);
              else
                ranges.push(unip);
              uflag = uflag || u;
              continue WHILE;
            }
          }
        }
        escaping = false;
        if (rangeStart) {
          if (c > rangeStart) {
            ranges.push(braceEscape(rangeStart) + "-" + braceEscape(c));
          } else if (c === rangeStart) {
            ranges.push(braceEscape(c));
          }
          rangeStart = "";
          i++;
          continue;
        }
        if (glob.startsWith("-]", i + 1)) {
          ranges.push(braceEscape(c + "-"));
          i += 2;
          continue;
        }
        if (glob.startsWith("-", i + 1)) {
          rangeStart = c;
          i += 2;
          continue;
        }
        ranges.push(braceEscape(c));
        i++;
      }
      if (endPos < i) {
        return ["", false, 0, false];
      }
      if (!ranges.length && !negs.length) {
        return ["$.", false, glob.length - pos, true];
      }
      if (negs.length === 0 && ranges.length === 1 && /^\\?.$/.test(ranges[0]) && !negate) {
        const r = ranges[0].length === 2 ? ranges[0].slice(-1) : ranges[0];
        return [regexpEscape(r), false, endPos - pos, false];
      }
      const sranges = "[" + (negate ? "^" : "") + rangesToString(ranges) + "]";
      const snegs = "[" + (negate ? "" : "^") + rangesToString(negs) + "]";
      const comb = ranges.length && negs.length ? "(" + sranges + "|" + snegs + ")" : ranges.length ? sranges : snegs;
      return [comb, uflag, endPos - pos, true];
    };
    exports.parseClass = parseClass;
  }
});

// node_modules/minimatch/dist/commonjs/unescape.js
var require_unescape = __commonJS({
  "node_modules/minimatch/dist/commonjs/unescape.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.unescape = void 0;
    var unescape = (s, { windowsPathsNoEscape = false, magicalBraces = true } = {}) => {
      if (magicalBraces) {
        return windowsPathsNoEscape ? s.replace(/\[([^/\\])\]/g, "$1") : s.replace(/((?!\\).|^)\[([^/\\])\]/g, "$1$2").replace(/\\([^/])/g, "$1");
      }
      return windowsPathsNoEscape ? s.replace(/\[([^/\\{}])\]/g, "$1") : s.replace(/((?!\\).|^)\[([^/\\{}])\]/g, "$1$2").replace(/\\([^/{}])/g, "$1");
    };
    exports.unescape = unescape;
  }
});

// node_modules/minimatch/dist/commonjs/ast.js
var require_ast = __commonJS({
  "node_modules/minimatch/dist/commonjs/ast.js"(exports) {
    "use strict";
    var _a;
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.AST = void 0;
    var brace_expressions_js_1 = require_brace_expressions();
    var unescape_js_1 = require_unescape();
    var types = /* @__PURE__ */ new Set(["!", "?", "+", "*", "@"]);
    var isExtglobType = (c) => types.has(c);
    var isExtglobAST = (c) => isExtglobType(c.type);
    var adoptionMap = /* @__PURE__ */ new Map([
      ["!", ["@"]],
      ["?", ["?", "@"]],
      ["@", ["@"]],
      ["*", ["*", "+", "?", "@"]],
      ["+", ["+", "@"]]
    ]);
    var adoptionWithSpaceMap = /* @__PURE__ */ new Map([
      ["!", ["?"]],
      ["@", ["?"]],
      ["+", ["?", "*"]]
    ]);
    var adoptionAnyMap = /* @__PURE__ */ new Map([
      ["!", ["?", "@"]],
      ["?", ["?", "@"]],
      ["@", ["?", "@"]],
      ["*", ["*", "+", "?", "@"]],
      ["+", ["+", "@", "?", "*"]]
    ]);
    var usurpMap = /* @__PURE__ */ new Map([
      ["!", /* @__PURE__ */ new Map([["!", "@"]])],
      [
        "?",
        /* @__PURE__ */ new Map([
          ["*", "*"],
          ["+", "*"]
        ])
      ],
      [
        "@",
        /* @__PURE__ */ new Map([
          ["!", "!"],
          ["?", "?"],
          ["@", "@"],
          ["*", "*"],
          ["+", "+"]
        ])
      ],
      [
        "+",
        /* @__PURE__ */ new Map([
          ["?", "*"],
          ["*", "*"]
        ])
      ]
    ]);
    var startNoTraversal = "(?!(?:^|/)\\.\\.?(?:$|/))";
    var startNoDot = "(?!\\.)";
    var addPatternStart = /* @__PURE__ */ new Set(["[", "."]);
    var justDots = /* @__PURE__ */ new Set(["..", "."]);
    var reSpecials = new Set("().*{}+?[]^$\\!");
    var regExpEscape = (s) => s.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, "\\$&");
    var qmark = "[^/]";
    var star = qmark + "*?";
    var starNoEmpty = qmark + "+?";
    var ID = 0;
    var AST = class {
      type;
      #root;
      #hasMagic;
      #uflag = false;
      #parts = [];
      #parent;
      #parentIndex;
      #negs;
      #filledNegs = false;
      #options;
      #toString;
      // set to true if it's an extglob with no children
      // (which really means one child of '')
      #emptyExt = false;
      id = ++ID;
      get depth() {
        return (this.#parent?.depth ?? -1) + 1;
      }
      [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
        return {
          "@@type": "AST",
          id: this.id,
          type: this.type,
          root: this.#root.id,
          parent: this.#parent?.id,
          depth: this.depth,
          partsLength: this.#parts.length,
          parts: this.#parts
        };
      }
      constructor(type, parent, options = {}) {
        this.type = type;
        if (type)
          this.#hasMagic = true;
        this.#parent = parent;
        this.#root = this.#parent ? this.#parent.#root : this;
        this.#options = this.#root === this ? options : this.#root.#options;
        this.#negs = this.#root === this ? [] : this.#root.#negs;
        if (type === "!" && !this.#root.#filledNegs)
          this.#negs.push(this);
        this.#parentIndex = this.#parent ? this.#parent.#parts.length : 0;
      }
      get hasMagic() {
        if (this.#hasMagic !== void 0)
          return this.#hasMagic;
        for (const p of this.#parts) {
          if (typeof p === "string")
            continue;
          if (p.type || p.hasMagic)
            return this.#hasMagic = true;
        }
        return this.#hasMagic;
      }
      // reconstructs the pattern
      toString() {
        return this.#toString !== void 0 ? this.#toString : !this.type ? this.#toString = this.#parts.map((p) => String(p)).join("") : this.#toString = this.type + "(" + this.#parts.map((p) => String(p)).join("|") + ")";
      }
      #fillNegs() {
        if (this !== this.#root)
          throw new Error("should only call on root");
        if (this.#filledNegs)
          return this;
        this.toString();
        this.#filledNegs = true;
        let n;
        while (n = this.#negs.pop()) {
          if (n.type !== "!")
            continue;
          let p = n;
          let pp = p.#parent;
          while (pp) {
            for (let i = p.#parentIndex + 1; !pp.type && i < pp.#parts.length; i++) {
              for (const part of n.#parts) {
                if (typeof part === "string") {
                  throw new Error("string part in extglob AST??");
                }
                part.copyIn(pp.#parts[i]);
              }
            }
            p = pp;
            pp = p.#parent;
          }
        }
        return this;
      }
      push(...parts) {
        for (const p of parts) {
          if (p === "")
            continue;
          if (typeof p !== "string" && !(p instanceof _a && p.#parent === this)) {
            throw new Error("invalid part: " + p);
          }
          this.#parts.push(p);
        }
      }
      toJSON() {
        const ret = this.type === null ? this.#parts.slice().map((p) => typeof p === "string" ? p : p.toJSON()) : [this.type, ...this.#parts.map((p) => p.toJSON())];
        if (this.isStart() && !this.type)
          ret.unshift([]);
        if (this.isEnd() && (this === this.#root || this.#root.#filledNegs && this.#parent?.type === "!")) {
          ret.push({});
        }
        return ret;
      }
      isStart() {
        if (this.#root === this)
          return true;
        if (!this.#parent?.isStart())
          return false;
        if (this.#parentIndex === 0)
          return true;
        const p = this.#parent;
        for (let i = 0; i < this.#parentIndex; i++) {
          const pp = p.#parts[i];
          if (!(pp instanceof _a && pp.type === "!")) {
            return false;
          }
        }
        return true;
      }
      isEnd() {
        if (this.#root === this)
          return true;
        if (this.#parent?.type === "!")
          return true;
        if (!this.#parent?.isEnd())
          return false;
        if (!this.type)
          return this.#parent?.isEnd();
        const pl = this.#parent ? this.#parent.#parts.length : 0;
        return this.#parentIndex === pl - 1;
      }
      copyIn(part) {
        if (typeof part === "string")
          this.push(part);
        else
          this.push(part.clone(this));
      }
      clone(parent) {
        const c = new _a(this.type, parent);
        for (const p of this.#parts) {
          c.copyIn(p);
        }
        return c;
      }
      static #parseAST(str, ast, pos, opt, extDepth) {
        const maxDepth = opt.maxExtglobRecursion ?? 2;
        let escaping = false;
        let inBrace = false;
        let braceStart = -1;
        let braceNeg = false;
        if (ast.type === null) {
          let i2 = pos;
          let acc2 = "";
          while (i2 < str.length) {
            const c = str.charAt(i2++);
            if (escaping || c === "\\") {
              escaping = !escaping;
              acc2 += c;
              continue;
            }
            if (inBrace) {
              if (i2 === braceStart + 1) {
                if (c === "^" || c === "!") {
                  braceNeg = true;
                }
              } else if (c === "]" && !(i2 === braceStart + 2 && braceNeg)) {
                inBrace = false;
              }
              acc2 += c;
              continue;
            } else if (c === "[") {
              inBrace = true;
              braceStart = i2;
              braceNeg = false;
              acc2 += c;
              continue;
            }
            const doRecurse = !opt.noext && isExtglobType(c) && str.charAt(i2) === "(" && extDepth <= maxDepth;
            if (doRecurse) {
              ast.push(acc2);
              acc2 = "";
              const ext = new _a(c, ast);
              i2 = _a.#parseAST(str, ext, i2, opt, extDepth + 1);
              ast.push(ext);
              continue;
            }
            acc2 += c;
          }
          ast.push(acc2);
          return i2;
        }
        let i = pos + 1;
        let part = new _a(null, ast);
        const parts = [];
        let acc = "";
        while (i < str.length) {
          const c = str.charAt(i++);
          if (escaping || c === "\\") {
            escaping = !escaping;
            acc += c;
            continue;
          }
          if (inBrace) {
            if (i === braceStart + 1) {
              if (c === "^" || c === "!") {
                braceNeg = true;
              }
            } else if (c === "]" && !(i === braceStart + 2 && braceNeg)) {
              inBrace = false;
            }
            acc += c;
            continue;
          } else if (c === "[") {
            inBrace = true;
            braceStart = i;
            braceNeg = false;
            acc += c;
            continue;
          }
          const doRecurse = !opt.noext && isExtglobType(c) && str.charAt(i) === "(" && /* c8 ignore start - the maxDepth is sufficient here */
          (extDepth <= maxDepth || ast && ast.#canAdoptType(c));
          if (doRecurse) {
            const depthAdd = ast && ast.#canAdoptType(c) ? 0 : 1;
            part.push(acc);
            acc = "";
            const ext = new _a(c, part);
            part.push(ext);
            i = _a.#parseAST(str, ext, i, opt, extDepth + depthAdd);
            continue;
          }
          if (c === "|") {
            part.push(acc);
            acc = "";
            parts.push(part);
            part = new _a(null, ast);
            continue;
          }
          if (c === ")") {
            if (acc === "" && ast.#parts.length === 0) {
              ast.#emptyExt = true;
            }
            part.push(acc);
            acc = "";
            ast.push(...parts, part);
            return i;
          }
          acc += c;
        }
        ast.type = null;
        ast.#hasMagic = void 0;
        ast.#parts = [str.substring(pos - 1)];
        return i;
      }
      #canAdoptWithSpace(child) {
        return this.#canAdopt(child, adoptionWithSpaceMap);
      }
      #canAdopt(child, map = adoptionMap) {
        if (!child || typeof child !== "object" || child.type !== null || child.#parts.length !== 1 || this.type === null) {
          return false;
        }
        const gc = child.#parts[0];
        if (!gc || typeof gc !== "object" || gc.type === null) {
          return false;
        }
        return this.#canAdoptType(gc.type, map);
      }
      #canAdoptType(c, map = adoptionAnyMap) {
        return !!map.get(this.type)?.includes(c);
      }
      #adoptWithSpace(child, index) {
        const gc = child.#parts[0];
        const blank = new _a(null, gc, this.options);
        blank.#parts.push("");
        gc.push(blank);
        this.#adopt(child, index);
      }
      #adopt(child, index) {
        const gc = child.#parts[0];
        this.#parts.splice(index, 1, ...gc.#parts);
        for (const p of gc.#parts) {
          if (typeof p === "object")
            p.#parent = this;
        }
        this.#toString = void 0;
      }
      #canUsurpType(c) {
        const m = usurpMap.get(this.type);
        return !!m?.has(c);
      }
      #canUsurp(child) {
        if (!child || typeof child !== "object" || child.type !== null || child.#parts.length !== 1 || this.type === null || this.#parts.length !== 1) {
          return false;
        }
        const gc = child.#parts[0];
        if (!gc || typeof gc !== "object" || gc.type === null) {
          return false;
        }
        return this.#canUsurpType(gc.type);
      }
      #usurp(child) {
        const m = usurpMap.get(this.type);
        const gc = child.#parts[0];
        const nt = m?.get(gc.type);
        if (!nt)
          return false;
        this.#parts = gc.#parts;
        for (const p of this.#parts) {
          if (typeof p === "object") {
            p.#parent = this;
          }
        }
        this.type = nt;
        this.#toString = void 0;
        this.#emptyExt = false;
      }
      static fromGlob(pattern, options = {}) {
        const ast = new _a(null, void 0, options);
        _a.#parseAST(pattern, ast, 0, options, 0);
        return ast;
      }
      // returns the regular expression if there's magic, or the unescaped
      // string if not.
      toMMPattern() {
        if (this !== this.#root)
          return this.#root.toMMPattern();
        const glob = this.toString();
        const [re, body, hasMagic, uflag] = this.toRegExpSource();
        const anyMagic = hasMagic || this.#hasMagic || this.#options.nocase && !this.#options.nocaseMagicOnly && glob.toUpperCase() !== glob.toLowerCase();
        if (!anyMagic) {
          return body;
        }
        const flags = (this.#options.nocase ? "i" : "") + (uflag ? "u" : "");
        return Object.assign(new RegExp(`^${re}$`, flags), {
          _src: re,
          _glob: glob
        });
      }
      get options() {
        return this.#options;
      }
      // returns the string match, the regexp source, whether there's magic
      // in the regexp (so a regular expression is required) and whether or
      // not the uflag is needed for the regular expression (for posix classes)
      // TODO: instead of injecting the start/end at this point, just return
      // the BODY of the regexp, along with the start/end portions suitable
      // for binding the start/end in either a joined full-path makeRe context
      // (where we bind to (^|/), or a standalone matchPart context (where
      // we bind to ^, and not /).  Otherwise slashes get duped!
      //
      // In part-matching mode, the start is:
      // - if not isStart: nothing
      // - if traversal possible, but not allowed: ^(?!\.\.?$)
      // - if dots allowed or not possible: ^
      // - if dots possible and not allowed: ^(?!\.)
      // end is:
      // - if not isEnd(): nothing
      // - else: $
      //
      // In full-path matching mode, we put the slash at the START of the
      // pattern, so start is:
      // - if first pattern: same as part-matching mode
      // - if not isStart(): nothing
      // - if traversal possible, but not allowed: /(?!\.\.?(?:$|/))
      // - if dots allowed or not possible: /
      // - if dots possible and not allowed: /(?!\.)
      // end is:
      // - if last pattern, same as part-matching mode
      // - else nothing
      //
      // Always put the (?:$|/) on negated tails, though, because that has to be
      // there to bind the end of the negated pattern portion, and it's easier to
      // just stick it in now rather than try to inject it later in the middle of
      // the pattern.
      //
      // We can just always return the same end, and leave it up to the caller
      // to know whether it's going to be used joined or in parts.
      // And, if the start is adjusted slightly, can do the same there:
      // - if not isStart: nothing
      // - if traversal possible, but not allowed: (?:/|^)(?!\.\.?$)
      // - if dots allowed or not possible: (?:/|^)
      // - if dots possible and not allowed: (?:/|^)(?!\.)
      //
      // But it's better to have a simpler binding without a conditional, for
      // performance, so probably better to return both start options.
      //
      // Then the caller just ignores the end if it's not the first pattern,
      // and the start always gets applied.
      //
      // But that's always going to be $ if it's the ending pattern, or nothing,
      // so the caller can just attach $ at the end of the pattern when building.
      //
      // So the todo is:
      // - better detect what kind of start is needed
      // - return both flavors of starting pattern
      // - attach $ at the end of the pattern when creating the actual RegExp
      //
      // Ah, but wait, no, that all only applies to the root when the first pattern
      // is not an extglob. If the first pattern IS an extglob, then we need all
      // that dot prevention biz to live in the extglob portions, because eg
      // +(*|.x*) can match .xy but not .yx.
      //
      // So, return the two flavors if it's #root and the first child is not an
      // AST, otherwise leave it to the child AST to handle it, and there,
      // use the (?:^|/) style of start binding.
      //
      // Even simplified further:
      // - Since the start for a join is eg /(?!\.) and the start for a part
      // is ^(?!\.), we can just prepend (?!\.) to the pattern (either root
      // or start or whatever) and prepend ^ or / at the Regexp construction.
      toRegExpSource(allowDot) {
        const dot = allowDot ?? !!this.#options.dot;
        if (this.#root === this) {
          this.#flatten();
          this.#fillNegs();
        }
        if (!isExtglobAST(this)) {
          const noEmpty = this.isStart() && this.isEnd() && !this.#parts.some((s) => typeof s !== "string");
          const src = this.#parts.map((p) => {
            const [re, _, hasMagic, uflag] = typeof p === "string" ? _a.#parseGlob(p, this.#hasMagic, noEmpty) : p.toRegExpSource(allowDot);
            this.#hasMagic = this.#hasMagic || hasMagic;
            this.#uflag = this.#uflag || uflag;
            return re;
          }).join("");
          let start2 = "";
          if (this.isStart()) {
            if (typeof this.#parts[0] === "string") {
              const dotTravAllowed = this.#parts.length === 1 && justDots.has(this.#parts[0]);
              if (!dotTravAllowed) {
                const aps = addPatternStart;
                const needNoTrav = (
                  // dots are allowed, and the pattern starts with [ or .
                  dot && aps.has(src.charAt(0)) || // the pattern starts with \., and then [ or .
                  src.startsWith("\\.") && aps.has(src.charAt(2)) || // the pattern starts with \.\., and then [ or .
                  src.startsWith("\\.\\.") && aps.has(src.charAt(4))
                );
                const needNoDot = !dot && !allowDot && aps.has(src.charAt(0));
                start2 = needNoTrav ? startNoTraversal : needNoDot ? startNoDot : "";
              }
            }
          }
          let end2 = "";
          if (this.isEnd() && this.#root.#filledNegs && this.#parent?.type === "!") {
            end2 = "(?:$|\\/)";
          }
          const final3 = start2 + src + end2;
          return [
            final3,
            (0, unescape_js_1.unescape)(src),
            this.#hasMagic = !!this.#hasMagic,
            this.#uflag
          ];
        }
        const repeated = this.type === "*" || this.type === "+";
        const start = this.type === "!" ? "(?:(?!(?:" : "(?:";
        let body = this.#partsToRegExp(dot);
        if (this.isStart() && this.isEnd() && !body && this.type !== "!") {
          const s = this.toString();
          const me = this;
          me.#parts = [s];
          me.type = null;
          me.#hasMagic = void 0;
          return [s, (0, unescape_js_1.unescape)(this.toString()), false, false];
        }
        let bodyDotAllowed = !repeated || allowDot || dot || !startNoDot ? "" : this.#partsToRegExp(true);
        if (bodyDotAllowed === body) {
          bodyDotAllowed = "";
        }
        if (bodyDotAllowed) {
          body = `(?:${body})(?:${bodyDotAllowed})*?`;
        }
        let final2 = "";
        if (this.type === "!" && this.#emptyExt) {
          final2 = (this.isStart() && !dot ? startNoDot : "") + starNoEmpty;
        } else {
          const close = this.type === "!" ? (
            // !() must match something,but !(x) can match ''
            "))" + (this.isStart() && !dot && !allowDot ? startNoDot : "") + star + ")"
          ) : this.type === "@" ? ")" : this.type === "?" ? ")?" : this.type === "+" && bodyDotAllowed ? ")" : this.type === "*" && bodyDotAllowed ? `)?` : `)${this.type}`;
          final2 = start + body + close;
        }
        return [
          final2,
          (0, unescape_js_1.unescape)(body),
          this.#hasMagic = !!this.#hasMagic,
          this.#uflag
        ];
      }
      #flatten() {
        if (!isExtglobAST(this)) {
          for (const p of this.#parts) {
            if (typeof p === "object") {
              p.#flatten();
            }
          }
        } else {
          let iterations = 0;
          let done = false;
          do {
            done = true;
            for (let i = 0; i < this.#parts.length; i++) {
              const c = this.#parts[i];
              if (typeof c === "object") {
                c.#flatten();
                if (this.#canAdopt(c)) {
                  done = false;
                  this.#adopt(c, i);
                } else if (this.#canAdoptWithSpace(c)) {
                  done = false;
                  this.#adoptWithSpace(c, i);
                } else if (this.#canUsurp(c)) {
                  done = false;
                  this.#usurp(c);
                }
              }
            }
          } while (!done && ++iterations < 10);
        }
        this.#toString = void 0;
      }
      #partsToRegExp(dot) {
        return this.#parts.map((p) => {
          if (typeof p === "string") {
            throw new Error("string type in extglob ast??");
          }
          const [re, _, _hasMagic, uflag] = p.toRegExpSource(dot);
          this.#uflag = this.#uflag || uflag;
          return re;
        }).filter((p) => !(this.isStart() && this.isEnd()) || !!p).join("|");
      }
      static #parseGlob(glob, hasMagic, noEmpty = false) {
        let escaping = false;
        let re = "";
        let uflag = false;
        let inStar = false;
        for (let i = 0; i < glob.length; i++) {
          const c = glob.charAt(i);
          if (escaping) {
            escaping = false;
            re += (reSpecials.has(c) ? "\\" : "") + c;
            continue;
          }
          if (c === "*") {
            if (inStar)
              continue;
            inStar = true;
            re += noEmpty && /^[*]+$/.test(glob) ? starNoEmpty : star;
            hasMagic = true;
            continue;
          } else {
            inStar = false;
          }
          if (c === "\\") {
            if (i === glob.length - 1) {
              re += "\\\\";
            } else {
              escaping = true;
            }
            continue;
          }
          if (c === "[") {
            const [src, needUflag, consumed, magic] = (0, brace_expressions_js_1.parseClass)(glob, i);
            if (consumed) {
              re += src;
              uflag = uflag || needUflag;
              i += consumed - 1;
              hasMagic = hasMagic || magic;
              continue;
            }
          }
          if (c === "?") {
            re += qmark;
            hasMagic = true;
            continue;
          }
          re += regExpEscape(c);
        }
        return [re, (0, unescape_js_1.unescape)(glob), !!hasMagic, uflag];
      }
    };
    exports.AST = AST;
    _a = AST;
  }
});

// node_modules/minimatch/dist/commonjs/escape.js
var require_escape = __commonJS({
  "node_modules/minimatch/dist/commonjs/escape.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.escape = void 0;
    var escape = (s, { windowsPathsNoEscape = false, magicalBraces = false } = {}) => {
      if (magicalBraces) {
        return windowsPathsNoEscape ? s.replace(/[?*()[\]{}]/g, "[$&]") : s.replace(/[?*()[\]\\{}]/g, "\\$&");
      }
      return windowsPathsNoEscape ? s.replace(/[?*()[\]]/g, "[$&]") : s.replace(/[?*()[\]\\]/g, "\\$&");
    };
    exports.escape = escape;
  }
});

// node_modules/minimatch/dist/commonjs/index.js
var require_commonjs3 = __commonJS({
  "node_modules/minimatch/dist/commonjs/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.unescape = exports.escape = exports.AST = exports.Minimatch = exports.match = exports.makeRe = exports.braceExpand = exports.defaults = exports.filter = exports.GLOBSTAR = exports.sep = exports.minimatch = void 0;
    var brace_expansion_1 = require_commonjs2();
    var assert_valid_pattern_js_1 = require_assert_valid_pattern();
    var ast_js_1 = require_ast();
    var escape_js_1 = require_escape();
    var unescape_js_1 = require_unescape();
    var minimatch = (p, pattern, options = {}) => {
      (0, assert_valid_pattern_js_1.assertValidPattern)(pattern);
      if (!options.nocomment && pattern.charAt(0) === "#") {
        return false;
      }
      return new Minimatch(pattern, options).match(p);
    };
    exports.minimatch = minimatch;
    var starDotExtRE = /^\*+([^+@!?*[(]*)$/;
    var starDotExtTest = (ext2) => (f) => !f.startsWith(".") && f.endsWith(ext2);
    var starDotExtTestDot = (ext2) => (f) => f.endsWith(ext2);
    var starDotExtTestNocase = (ext2) => {
      ext2 = ext2.toLowerCase();
      return (f) => !f.startsWith(".") && f.toLowerCase().endsWith(ext2);
    };
    var starDotExtTestNocaseDot = (ext2) => {
      ext2 = ext2.toLowerCase();
      return (f) => f.toLowerCase().endsWith(ext2);
    };
    var starDotStarRE = /^\*+\.\*+$/;
    var starDotStarTest = (f) => !f.startsWith(".") && f.includes(".");
    var starDotStarTestDot = (f) => f !== "." && f !== ".." && f.includes(".");
    var dotStarRE = /^\.\*+$/;
    var dotStarTest = (f) => f !== "." && f !== ".." && f.startsWith(".");
    var starRE = /^\*+$/;
    var starTest = (f) => f.length !== 0 && !f.startsWith(".");
    var starTestDot = (f) => f.length !== 0 && f !== "." && f !== "..";
    var qmarksRE = /^\?+([^+@!?*[(]*)?$/;
    var qmarksTestNocase = ([$0, ext2 = ""]) => {
      const noext = qmarksTestNoExt([$0]);
      if (!ext2)
        return noext;
      ext2 = ext2.toLowerCase();
      return (f) => noext(f) && f.toLowerCase().endsWith(ext2);
    };
    var qmarksTestNocaseDot = ([$0, ext2 = ""]) => {
      const noext = qmarksTestNoExtDot([$0]);
      if (!ext2)
        return noext;
      ext2 = ext2.toLowerCase();
      return (f) => noext(f) && f.toLowerCase().endsWith(ext2);
    };
    var qmarksTestDot = ([$0, ext2 = ""]) => {
      const noext = qmarksTestNoExtDot([$0]);
      return !ext2 ? noext : (f) => noext(f) && f.endsWith(ext2);
    };
    var qmarksTest = ([$0, ext2 = ""]) => {
      const noext = qmarksTestNoExt([$0]);
      return !ext2 ? noext : (f) => noext(f) && f.endsWith(ext2);
    };
    var qmarksTestNoExt = ([$0]) => {
      const len = $0.length;
      return (f) => f.length === len && !f.startsWith(".");
    };
    var qmarksTestNoExtDot = ([$0]) => {
      const len = $0.length;
      return (f) => f.length === len && f !== "." && f !== "..";
    };
    var defaultPlatform = typeof process === "object" && process ? typeof process.env === "object" && process.env && process.env.__MINIMATCH_TESTING_PLATFORM__ || process.platform : "posix";
    var path = {
      win32: { sep: "\\" },
      posix: { sep: "/" }
    };
    exports.sep = defaultPlatform === "win32" ? path.win32.sep : path.posix.sep;
    exports.minimatch.sep = exports.sep;
    exports.GLOBSTAR = /* @__PURE__ */ Symbol("globstar **");
    exports.minimatch.GLOBSTAR = exports.GLOBSTAR;
    var qmark = "[^/]";
    var star = qmark + "*?";
    var twoStarDot = "(?:(?!(?:\\/|^)(?:\\.{1,2})($|\\/)).)*?";
    var twoStarNoDot = "(?:(?!(?:\\/|^)\\.).)*?";
    var filter = (pattern, options = {}) => (p) => (0, exports.minimatch)(p, pattern, options);
    exports.filter = filter;
    exports.minimatch.filter = exports.filter;
    var ext = (a, b = {}) => Object.assign({}, a, b);
    var defaults = (def) => {
      if (!def || typeof def !== "object" || !Object.keys(def).length) {
        return exports.minimatch;
      }
      const orig = exports.minimatch;
      const m = (p, pattern, options = {}) => orig(p, pattern, ext(def, options));
      return Object.assign(m, {
        Minimatch: class Minimatch extends orig.Minimatch {
          constructor(pattern, options = {}) {
            super(pattern, ext(def, options));
          }
          static defaults(options) {
            return orig.defaults(ext(def, options)).Minimatch;
          }
        },
        AST: class AST extends orig.AST {
          /* c8 ignore start */
          constructor(type, parent, options = {}) {
            super(type, parent, ext(def, options));
          }
          /* c8 ignore stop */
          static fromGlob(pattern, options = {}) {
            return orig.AST.fromGlob(pattern, ext(def, options));
          }
        },
        unescape: (s, options = {}) => orig.unescape(s, ext(def, options)),
        escape: (s, options = {}) => orig.escape(s, ext(def, options)),
        filter: (pattern, options = {}) => orig.filter(pattern, ext(def, options)),
        defaults: (options) => orig.defaults(ext(def, options)),
        makeRe: (pattern, options = {}) => orig.makeRe(pattern, ext(def, options)),
        braceExpand: (pattern, options = {}) => orig.braceExpand(pattern, ext(def, options)),
        match: (list2, pattern, options = {}) => orig.match(list2, pattern, ext(def, options)),
        sep: orig.sep,
        GLOBSTAR: exports.GLOBSTAR
      });
    };
    exports.defaults = defaults;
    exports.minimatch.defaults = exports.defaults;
    var braceExpand = (pattern, options = {}) => {
      (0, assert_valid_pattern_js_1.assertValidPattern)(pattern);
      if (options.nobrace || !/\{(?:(?!\{).)*\}/.test(pattern)) {
        return [pattern];
      }
      return (0, brace_expansion_1.expand)(pattern, { max: options.braceExpandMax });
    };
    exports.braceExpand = braceExpand;
    exports.minimatch.braceExpand = exports.braceExpand;
    var makeRe = (pattern, options = {}) => new Minimatch(pattern, options).makeRe();
    exports.makeRe = makeRe;
    exports.minimatch.makeRe = exports.makeRe;
    var match = (list2, pattern, options = {}) => {
      const mm = new Minimatch(pattern, options);
      list2 = list2.filter((f) => mm.match(f));
      if (mm.options.nonull && !list2.length) {
        list2.push(pattern);
      }
      return list2;
    };
    exports.match = match;
    exports.minimatch.match = exports.match;
    var globMagic = /[?*]|[+@!]\(.*?\)|\[|\]/;
    var regExpEscape = (s) => s.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, "\\$&");
    var Minimatch = class {
      options;
      set;
      pattern;
      windowsPathsNoEscape;
      nonegate;
      negate;
      comment;
      empty;
      preserveMultipleSlashes;
      partial;
      globSet;
      globParts;
      nocase;
      isWindows;
      platform;
      windowsNoMagicRoot;
      maxGlobstarRecursion;
      regexp;
      constructor(pattern, options = {}) {
        (0, assert_valid_pattern_js_1.assertValidPattern)(pattern);
        options = options || {};
        this.options = options;
        this.maxGlobstarRecursion = options.maxGlobstarRecursion ?? 200;
        this.pattern = pattern;
        this.platform = options.platform || defaultPlatform;
        this.isWindows = this.platform === "win32";
        const awe = "allowWindowsEscape";
        this.windowsPathsNoEscape = !!options.windowsPathsNoEscape || options[awe] === false;
        if (this.windowsPathsNoEscape) {
          this.pattern = this.pattern.replace(/\\/g, "/");
        }
        this.preserveMultipleSlashes = !!options.preserveMultipleSlashes;
        this.regexp = null;
        this.negate = false;
        this.nonegate = !!options.nonegate;
        this.comment = false;
        this.empty = false;
        this.partial = !!options.partial;
        this.nocase = !!this.options.nocase;
        this.windowsNoMagicRoot = options.windowsNoMagicRoot !== void 0 ? options.windowsNoMagicRoot : !!(this.isWindows && this.nocase);
        this.globSet = [];
        this.globParts = [];
        this.set = [];
        this.make();
      }
      hasMagic() {
        if (this.options.magicalBraces && this.set.length > 1) {
          return true;
        }
        for (const pattern of this.set) {
          for (const part of pattern) {
            if (typeof part !== "string")
              return true;
          }
        }
        return false;
      }
      debug(..._) {
      }
      make() {
        const pattern = this.pattern;
        const options = this.options;
        if (!options.nocomment && pattern.charAt(0) === "#") {
          this.comment = true;
          return;
        }
        if (!pattern) {
          this.empty = true;
          return;
        }
        this.parseNegate();
        this.globSet = [...new Set(this.braceExpand())];
        if (options.debug) {
          this.debug = (...args) => console.error(...args);
        }
        this.debug(this.pattern, this.globSet);
        const rawGlobParts = this.globSet.map((s) => this.slashSplit(s));
        this.globParts = this.preprocess(rawGlobParts);
        this.debug(this.pattern, this.globParts);
        let set = this.globParts.map((s, _, __) => {
          if (this.isWindows && this.windowsNoMagicRoot) {
            const isUNC = s[0] === "" && s[1] === "" && (s[2] === "?" || !globMagic.test(s[2])) && !globMagic.test(s[3]);
            const isDrive = /^[a-z]:/i.test(s[0]);
            if (isUNC) {
              return [
                ...s.slice(0, 4),
                ...s.slice(4).map((ss) => this.parse(ss))
              ];
            } else if (isDrive) {
              return [s[0], ...s.slice(1).map((ss) => this.parse(ss))];
            }
          }
          return s.map((ss) => this.parse(ss));
        });
        this.debug(this.pattern, set);
        this.set = set.filter((s) => s.indexOf(false) === -1);
        if (this.isWindows) {
          for (let i = 0; i < this.set.length; i++) {
            const p = this.set[i];
            if (p[0] === "" && p[1] === "" && this.globParts[i][2] === "?" && typeof p[3] === "string" && /^[a-z]:$/i.test(p[3])) {
              p[2] = "?";
            }
          }
        }
        this.debug(this.pattern, this.set);
      }
      // various transforms to equivalent pattern sets that are
      // faster to process in a filesystem walk.  The goal is to
      // eliminate what we can, and push all ** patterns as far
      // to the right as possible, even if it increases the number
      // of patterns that we have to process.
      preprocess(globParts) {
        if (this.options.noglobstar) {
          for (const partset of globParts) {
            for (let j = 0; j < partset.length; j++) {
              if (partset[j] === "**") {
                partset[j] = "*";
              }
            }
          }
        }
        const { optimizationLevel = 1 } = this.options;
        if (optimizationLevel >= 2) {
          globParts = this.firstPhasePreProcess(globParts);
          globParts = this.secondPhasePreProcess(globParts);
        } else if (optimizationLevel >= 1) {
          globParts = this.levelOneOptimize(globParts);
        } else {
          globParts = this.adjascentGlobstarOptimize(globParts);
        }
        return globParts;
      }
      // just get rid of adjascent ** portions
      adjascentGlobstarOptimize(globParts) {
        return globParts.map((parts) => {
          let gs = -1;
          while (-1 !== (gs = parts.indexOf("**", gs + 1))) {
            let i = gs;
            while (parts[i + 1] === "**") {
              i++;
            }
            if (i !== gs) {
              parts.splice(gs, i - gs);
            }
          }
          return parts;
        });
      }
      // get rid of adjascent ** and resolve .. portions
      levelOneOptimize(globParts) {
        return globParts.map((parts) => {
          parts = parts.reduce((set, part) => {
            const prev = set[set.length - 1];
            if (part === "**" && prev === "**") {
              return set;
            }
            if (part === "..") {
              if (prev && prev !== ".." && prev !== "." && prev !== "**") {
                set.pop();
                return set;
              }
            }
            set.push(part);
            return set;
          }, []);
          return parts.length === 0 ? [""] : parts;
        });
      }
      levelTwoFileOptimize(parts) {
        if (!Array.isArray(parts)) {
          parts = this.slashSplit(parts);
        }
        let didSomething = false;
        do {
          didSomething = false;
          if (!this.preserveMultipleSlashes) {
            for (let i = 1; i < parts.length - 1; i++) {
              const p = parts[i];
              if (i === 1 && p === "" && parts[0] === "")
                continue;
              if (p === "." || p === "") {
                didSomething = true;
                parts.splice(i, 1);
                i--;
              }
            }
            if (parts[0] === "." && parts.length === 2 && (parts[1] === "." || parts[1] === "")) {
              didSomething = true;
              parts.pop();
            }
          }
          let dd = 0;
          while (-1 !== (dd = parts.indexOf("..", dd + 1))) {
            const p = parts[dd - 1];
            if (p && p !== "." && p !== ".." && p !== "**" && !(this.isWindows && /^[a-z]:$/i.test(p))) {
              didSomething = true;
              parts.splice(dd - 1, 2);
              dd -= 2;
            }
          }
        } while (didSomething);
        return parts.length === 0 ? [""] : parts;
      }
      // First phase: single-pattern processing
      // <pre> is 1 or more portions
      // <rest> is 1 or more portions
      // <p> is any portion other than ., .., '', or **
      // <e> is . or ''
      //
      // **/.. is *brutal* for filesystem walking performance, because
      // it effectively resets the recursive walk each time it occurs,
      // and ** cannot be reduced out by a .. pattern part like a regexp
      // or most strings (other than .., ., and '') can be.
      //
      // <pre>/**/../<p>/<p>/<rest> -> {<pre>/../<p>/<p>/<rest>,<pre>/**/<p>/<p>/<rest>}
      // <pre>/<e>/<rest> -> <pre>/<rest>
      // <pre>/<p>/../<rest> -> <pre>/<rest>
      // **/**/<rest> -> **/<rest>
      //
      // **/*/<rest> -> */**/<rest> <== not valid because ** doesn't follow
      // this WOULD be allowed if ** did follow symlinks, or * didn't
      firstPhasePreProcess(globParts) {
        let didSomething = false;
        do {
          didSomething = false;
          for (let parts of globParts) {
            let gs = -1;
            while (-1 !== (gs = parts.indexOf("**", gs + 1))) {
              let gss = gs;
              while (parts[gss + 1] === "**") {
                gss++;
              }
              if (gss > gs) {
                parts.splice(gs + 1, gss - gs);
              }
              let next = parts[gs + 1];
              const p = parts[gs + 2];
              const p2 = parts[gs + 3];
              if (next !== "..")
                continue;
              if (!p || p === "." || p === ".." || !p2 || p2 === "." || p2 === "..") {
                continue;
              }
              didSomething = true;
              parts.splice(gs, 1);
              const other = parts.slice(0);
              other[gs] = "**";
              globParts.push(other);
              gs--;
            }
            if (!this.preserveMultipleSlashes) {
              for (let i = 1; i < parts.length - 1; i++) {
                const p = parts[i];
                if (i === 1 && p === "" && parts[0] === "")
                  continue;
                if (p === "." || p === "") {
                  didSomething = true;
                  parts.splice(i, 1);
                  i--;
                }
              }
              if (parts[0] === "." && parts.length === 2 && (parts[1] === "." || parts[1] === "")) {
                didSomething = true;
                parts.pop();
              }
            }
            let dd = 0;
            while (-1 !== (dd = parts.indexOf("..", dd + 1))) {
              const p = parts[dd - 1];
              if (p && p !== "." && p !== ".." && p !== "**") {
                didSomething = true;
                const needDot = dd === 1 && parts[dd + 1] === "**";
                const splin = needDot ? ["."] : [];
                parts.splice(dd - 1, 2, ...splin);
                if (parts.length === 0)
                  parts.push("");
                dd -= 2;
              }
            }
          }
        } while (didSomething);
        return globParts;
      }
      // second phase: multi-pattern dedupes
      // {<pre>/*/<rest>,<pre>/<p>/<rest>} -> <pre>/*/<rest>
      // {<pre>/<rest>,<pre>/<rest>} -> <pre>/<rest>
      // {<pre>/**/<rest>,<pre>/<rest>} -> <pre>/**/<rest>
      //
      // {<pre>/**/<rest>,<pre>/**/<p>/<rest>} -> <pre>/**/<rest>
      // ^-- not valid because ** doens't follow symlinks
      secondPhasePreProcess(globParts) {
        for (let i = 0; i < globParts.length - 1; i++) {
          for (let j = i + 1; j < globParts.length; j++) {
            const matched = this.partsMatch(globParts[i], globParts[j], !this.preserveMultipleSlashes);
            if (matched) {
              globParts[i] = [];
              globParts[j] = matched;
              break;
            }
          }
        }
        return globParts.filter((gs) => gs.length);
      }
      partsMatch(a, b, emptyGSMatch = false) {
        let ai = 0;
        let bi = 0;
        let result = [];
        let which2 = "";
        while (ai < a.length && bi < b.length) {
          if (a[ai] === b[bi]) {
            result.push(which2 === "b" ? b[bi] : a[ai]);
            ai++;
            bi++;
          } else if (emptyGSMatch && a[ai] === "**" && b[bi] === a[ai + 1]) {
            result.push(a[ai]);
            ai++;
          } else if (emptyGSMatch && b[bi] === "**" && a[ai] === b[bi + 1]) {
            result.push(b[bi]);
            bi++;
          } else if (a[ai] === "*" && b[bi] && (this.options.dot || !b[bi].startsWith(".")) && b[bi] !== "**") {
            if (which2 === "b")
              return false;
            which2 = "a";
            result.push(a[ai]);
            ai++;
            bi++;
          } else if (b[bi] === "*" && a[ai] && (this.options.dot || !a[ai].startsWith(".")) && a[ai] !== "**") {
            if (which2 === "a")
              return false;
            which2 = "b";
            result.push(b[bi]);
            ai++;
            bi++;
          } else {
            return false;
          }
        }
        return a.length === b.length && result;
      }
      parseNegate() {
        if (this.nonegate)
          return;
        const pattern = this.pattern;
        let negate = false;
        let negateOffset = 0;
        for (let i = 0; i < pattern.length && pattern.charAt(i) === "!"; i++) {
          negate = !negate;
          negateOffset++;
        }
        if (negateOffset)
          this.pattern = pattern.slice(negateOffset);
        this.negate = negate;
      }
      // set partial to true to test if, for example,
      // "/a/b" matches the start of "/*/b/*/d"
      // Partial means, if you run out of file before you run
      // out of pattern, then that's fine, as long as all
      // the parts match.
      matchOne(file, pattern, partial = false) {
        let fileStartIndex = 0;
        let patternStartIndex = 0;
        if (this.isWindows) {
          const fileDrive = typeof file[0] === "string" && /^[a-z]:$/i.test(file[0]);
          const fileUNC = !fileDrive && file[0] === "" && file[1] === "" && file[2] === "?" && /^[a-z]:$/i.test(file[3]);
          const patternDrive = typeof pattern[0] === "string" && /^[a-z]:$/i.test(pattern[0]);
          const patternUNC = !patternDrive && pattern[0] === "" && pattern[1] === "" && pattern[2] === "?" && typeof pattern[3] === "string" && /^[a-z]:$/i.test(pattern[3]);
          const fdi = fileUNC ? 3 : fileDrive ? 0 : void 0;
          const pdi = patternUNC ? 3 : patternDrive ? 0 : void 0;
          if (typeof fdi === "number" && typeof pdi === "number") {
            const [fd, pd] = [
              file[fdi],
              pattern[pdi]
            ];
            if (fd.toLowerCase() === pd.toLowerCase()) {
              pattern[pdi] = fd;
              patternStartIndex = pdi;
              fileStartIndex = fdi;
            }
          }
        }
        const { optimizationLevel = 1 } = this.options;
        if (optimizationLevel >= 2) {
          file = this.levelTwoFileOptimize(file);
        }
        if (pattern.includes(exports.GLOBSTAR)) {
          return this.#matchGlobstar(file, pattern, partial, fileStartIndex, patternStartIndex);
        }
        return this.#matchOne(file, pattern, partial, fileStartIndex, patternStartIndex);
      }
      #matchGlobstar(file, pattern, partial, fileIndex, patternIndex) {
        const firstgs = pattern.indexOf(exports.GLOBSTAR, patternIndex);
        const lastgs = pattern.lastIndexOf(exports.GLOBSTAR);
        const [head, body, tail] = partial ? [
          pattern.slice(patternIndex, firstgs),
          pattern.slice(firstgs + 1),
          []
        ] : [
          pattern.slice(patternIndex, firstgs),
          pattern.slice(firstgs + 1, lastgs),
          pattern.slice(lastgs + 1)
        ];
        if (head.length) {
          const fileHead = file.slice(fileIndex, fileIndex + head.length);
          if (!this.#matchOne(fileHead, head, partial, 0, 0)) {
            return false;
          }
          fileIndex += head.length;
          patternIndex += head.length;
        }
        let fileTailMatch = 0;
        if (tail.length) {
          if (tail.length + fileIndex > file.length)
            return false;
          let tailStart = file.length - tail.length;
          if (this.#matchOne(file, tail, partial, tailStart, 0)) {
            fileTailMatch = tail.length;
          } else {
            if (file[file.length - 1] !== "" || fileIndex + tail.length === file.length) {
              return false;
            }
            tailStart--;
            if (!this.#matchOne(file, tail, partial, tailStart, 0)) {
              return false;
            }
            fileTailMatch = tail.length + 1;
          }
        }
        if (!body.length) {
          let sawSome = !!fileTailMatch;
          for (let i2 = fileIndex; i2 < file.length - fileTailMatch; i2++) {
            const f = String(file[i2]);
            sawSome = true;
            if (f === "." || f === ".." || !this.options.dot && f.startsWith(".")) {
              return false;
            }
          }
          return partial || sawSome;
        }
        const bodySegments = [[[], 0]];
        let currentBody = bodySegments[0];
        let nonGsParts = 0;
        const nonGsPartsSums = [0];
        for (const b of body) {
          if (b === exports.GLOBSTAR) {
            nonGsPartsSums.push(nonGsParts);
            currentBody = [[], 0];
            bodySegments.push(currentBody);
          } else {
            currentBody[0].push(b);
            nonGsParts++;
          }
        }
        let i = bodySegments.length - 1;
        const fileLength = file.length - fileTailMatch;
        for (const b of bodySegments) {
          b[1] = fileLength - (nonGsPartsSums[i--] + b[0].length);
        }
        return !!this.#matchGlobStarBodySections(file, bodySegments, fileIndex, 0, partial, 0, !!fileTailMatch);
      }
      // return false for "nope, not matching"
      // return null for "not matching, cannot keep trying"
      #matchGlobStarBodySections(file, bodySegments, fileIndex, bodyIndex, partial, globStarDepth, sawTail) {
        const bs = bodySegments[bodyIndex];
        if (!bs) {
          for (let i = fileIndex; i < file.length; i++) {
            sawTail = true;
            const f = file[i];
            if (f === "." || f === ".." || !this.options.dot && f.startsWith(".")) {
              return false;
            }
          }
          return sawTail;
        }
        const [body, after] = bs;
        while (fileIndex <= after) {
          const m = this.#matchOne(file.slice(0, fileIndex + body.length), body, partial, fileIndex, 0);
          if (m && globStarDepth < this.maxGlobstarRecursion) {
            const sub = this.#matchGlobStarBodySections(file, bodySegments, fileIndex + body.length, bodyIndex + 1, partial, globStarDepth + 1, sawTail);
            if (sub !== false) {
              return sub;
            }
          }
          const f = file[fileIndex];
          if (f === "." || f === ".." || !this.options.dot && f.startsWith(".")) {
            return false;
          }
          fileIndex++;
        }
        return partial || null;
      }
      #matchOne(file, pattern, partial, fileIndex, patternIndex) {
        let fi;
        let pi;
        let pl;
        let fl;
        for (fi = fileIndex, pi = patternIndex, fl = file.length, pl = pattern.length; fi < fl && pi < pl; fi++, pi++) {
          this.debug("matchOne loop");
          let p = pattern[pi];
          let f = file[fi];
          this.debug(pattern, p, f);
          if (p === false || p === exports.GLOBSTAR) {
            return false;
          }
          let hit;
          if (typeof p === "string") {
            hit = f === p;
            this.debug("string match", p, f, hit);
          } else {
            hit = p.test(f);
            this.debug("pattern match", p, f, hit);
          }
          if (!hit)
            return false;
        }
        if (fi === fl && pi === pl) {
          return true;
        } else if (fi === fl) {
          return partial;
        } else if (pi === pl) {
          return fi === fl - 1 && file[fi] === "";
        } else {
          throw new Error("wtf?");
        }
      }
      braceExpand() {
        return (0, exports.braceExpand)(this.pattern, this.options);
      }
      parse(pattern) {
        (0, assert_valid_pattern_js_1.assertValidPattern)(pattern);
        const options = this.options;
        if (pattern === "**")
          return exports.GLOBSTAR;
        if (pattern === "")
          return "";
        let m;
        let fastTest = null;
        if (m = pattern.match(starRE)) {
          fastTest = options.dot ? starTestDot : starTest;
        } else if (m = pattern.match(starDotExtRE)) {
          fastTest = (options.nocase ? options.dot ? starDotExtTestNocaseDot : starDotExtTestNocase : options.dot ? starDotExtTestDot : starDotExtTest)(m[1]);
        } else if (m = pattern.match(qmarksRE)) {
          fastTest = (options.nocase ? options.dot ? qmarksTestNocaseDot : qmarksTestNocase : options.dot ? qmarksTestDot : qmarksTest)(m);
        } else if (m = pattern.match(starDotStarRE)) {
          fastTest = options.dot ? starDotStarTestDot : starDotStarTest;
        } else if (m = pattern.match(dotStarRE)) {
          fastTest = dotStarTest;
        }
        const re = ast_js_1.AST.fromGlob(pattern, this.options).toMMPattern();
        if (fastTest && typeof re === "object") {
          Reflect.defineProperty(re, "test", { value: fastTest });
        }
        return re;
      }
      makeRe() {
        if (this.regexp || this.regexp === false)
          return this.regexp;
        const set = this.set;
        if (!set.length) {
          this.regexp = false;
          return this.regexp;
        }
        const options = this.options;
        const twoStar = options.noglobstar ? star : options.dot ? twoStarDot : twoStarNoDot;
        const flags = new Set(options.nocase ? ["i"] : []);
        let re = set.map((pattern) => {
          const pp = pattern.map((p) => {
            if (p instanceof RegExp) {
              for (const f of p.flags.split(""))
                flags.add(f);
            }
            return typeof p === "string" ? regExpEscape(p) : p === exports.GLOBSTAR ? exports.GLOBSTAR : p._src;
          });
          pp.forEach((p, i) => {
            const next = pp[i + 1];
            const prev = pp[i - 1];
            if (p !== exports.GLOBSTAR || prev === exports.GLOBSTAR) {
              return;
            }
            if (prev === void 0) {
              if (next !== void 0 && next !== exports.GLOBSTAR) {
                pp[i + 1] = "(?:\\/|" + twoStar + "\\/)?" + next;
              } else {
                pp[i] = twoStar;
              }
            } else if (next === void 0) {
              pp[i - 1] = prev + "(?:\\/|\\/" + twoStar + ")?";
            } else if (next !== exports.GLOBSTAR) {
              pp[i - 1] = prev + "(?:\\/|\\/" + twoStar + "\\/)" + next;
              pp[i + 1] = exports.GLOBSTAR;
            }
          });
          const filtered = pp.filter((p) => p !== exports.GLOBSTAR);
          if (this.partial && filtered.length >= 1) {
            const prefixes = [];
            for (let i = 1; i <= filtered.length; i++) {
              prefixes.push(filtered.slice(0, i).join("/"));
            }
            return "(?:" + prefixes.join("|") + ")";
          }
          return filtered.join("/");
        }).join("|");
        const [open2, close] = set.length > 1 ? ["(?:", ")"] : ["", ""];
        re = "^" + open2 + re + close + "$";
        if (this.partial) {
          re = "^(?:\\/|" + open2 + re.slice(1, -1) + close + ")$";
        }
        if (this.negate)
          re = "^(?!" + re + ").+$";
        try {
          this.regexp = new RegExp(re, [...flags].join(""));
        } catch {
          this.regexp = false;
        }
        return this.regexp;
      }
      slashSplit(p) {
        if (this.preserveMultipleSlashes) {
          return p.split("/");
        } else if (this.isWindows && /^\/\/[^/]+/.test(p)) {
          return ["", ...p.split(/\/+/)];
        } else {
          return p.split(/\/+/);
        }
      }
      match(f, partial = this.partial) {
        this.debug("match", f, this.pattern);
        if (this.comment) {
          return false;
        }
        if (this.empty) {
          return f === "";
        }
        if (f === "/" && partial) {
          return true;
        }
        const options = this.options;
        if (this.isWindows) {
          f = f.split("\\").join("/");
        }
        const ff = this.slashSplit(f);
        this.debug(this.pattern, "split", ff);
        const set = this.set;
        this.debug(this.pattern, "set", set);
        let filename = ff[ff.length - 1];
        if (!filename) {
          for (let i = ff.length - 2; !filename && i >= 0; i--) {
            filename = ff[i];
          }
        }
        for (const pattern of set) {
          let file = ff;
          if (options.matchBase && pattern.length === 1) {
            file = [filename];
          }
          const hit = this.matchOne(file, pattern, partial);
          if (hit) {
            if (options.flipNegate) {
              return true;
            }
            return !this.negate;
          }
        }
        if (options.flipNegate) {
          return false;
        }
        return this.negate;
      }
      static defaults(def) {
        return exports.minimatch.defaults(def).Minimatch;
      }
    };
    exports.Minimatch = Minimatch;
    var ast_js_2 = require_ast();
    Object.defineProperty(exports, "AST", { enumerable: true, get: function() {
      return ast_js_2.AST;
    } });
    var escape_js_2 = require_escape();
    Object.defineProperty(exports, "escape", { enumerable: true, get: function() {
      return escape_js_2.escape;
    } });
    var unescape_js_2 = require_unescape();
    Object.defineProperty(exports, "unescape", { enumerable: true, get: function() {
      return unescape_js_2.unescape;
    } });
    exports.minimatch.AST = ast_js_1.AST;
    exports.minimatch.Minimatch = Minimatch;
    exports.minimatch.escape = escape_js_1.escape;
    exports.minimatch.unescape = unescape_js_1.unescape;
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/role.js
var require_role = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/role.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.SuccinctRoles = exports.DelegatedRole = exports.Role = exports.TOP_LEVEL_ROLE_NAMES = void 0;
    var crypto_1 = __importDefault(__require("crypto"));
    var minimatch_1 = require_commonjs3();
    var util_1 = __importDefault(__require("util"));
    var error_1 = require_error5();
    var utils_1 = require_utils();
    exports.TOP_LEVEL_ROLE_NAMES = [
      "root",
      "targets",
      "snapshot",
      "timestamp"
    ];
    var Role = class _Role {
      keyIDs;
      threshold;
      unrecognizedFields;
      constructor(options) {
        const { keyIDs, threshold, unrecognizedFields } = options;
        if (hasDuplicates(keyIDs)) {
          throw new error_1.ValueError("duplicate key IDs found");
        }
        if (threshold < 1) {
          throw new error_1.ValueError("threshold must be at least 1");
        }
        this.keyIDs = keyIDs;
        this.threshold = threshold;
        this.unrecognizedFields = unrecognizedFields || {};
      }
      equals(other) {
        if (!(other instanceof _Role)) {
          return false;
        }
        return this.threshold === other.threshold && util_1.default.isDeepStrictEqual(this.keyIDs, other.keyIDs) && util_1.default.isDeepStrictEqual(this.unrecognizedFields, other.unrecognizedFields);
      }
      toJSON() {
        return {
          keyids: this.keyIDs,
          threshold: this.threshold,
          ...this.unrecognizedFields
        };
      }
      static fromJSON(data) {
        const { keyids, threshold, ...rest } = data;
        if (!utils_1.guard.isStringArray(keyids)) {
          throw new TypeError("keyids must be an array");
        }
        if (typeof threshold !== "number") {
          throw new TypeError("threshold must be a number");
        }
        return new _Role({
          keyIDs: keyids,
          threshold,
          unrecognizedFields: rest
        });
      }
    };
    exports.Role = Role;
    function hasDuplicates(array) {
      return new Set(array).size !== array.length;
    }
    var DelegatedRole = class _DelegatedRole extends Role {
      name;
      terminating;
      paths;
      pathHashPrefixes;
      constructor(opts) {
        super(opts);
        const { name, terminating, paths, pathHashPrefixes } = opts;
        this.name = name;
        this.terminating = terminating;
        if (opts.paths && opts.pathHashPrefixes) {
          throw new error_1.ValueError("paths and pathHashPrefixes are mutually exclusive");
        }
        this.paths = paths;
        this.pathHashPrefixes = pathHashPrefixes;
      }
      equals(other) {
        if (!(other instanceof _DelegatedRole)) {
          return false;
        }
        return super.equals(other) && this.name === other.name && this.terminating === other.terminating && util_1.default.isDeepStrictEqual(this.paths, other.paths) && util_1.default.isDeepStrictEqual(this.pathHashPrefixes, other.pathHashPrefixes);
      }
      isDelegatedPath(targetFilepath) {
        if (this.paths) {
          return this.paths.some((pathPattern) => isTargetInPathPattern(targetFilepath, pathPattern));
        }
        if (this.pathHashPrefixes) {
          const hasher = crypto_1.default.createHash("sha256");
          const pathHash = hasher.update(targetFilepath).digest("hex");
          return this.pathHashPrefixes.some((pathHashPrefix) => pathHash.startsWith(pathHashPrefix));
        }
        return false;
      }
      toJSON() {
        const json = {
          ...super.toJSON(),
          name: this.name,
          terminating: this.terminating
        };
        if (this.paths) {
          json.paths = this.paths;
        }
        if (this.pathHashPrefixes) {
          json.path_hash_prefixes = this.pathHashPrefixes;
        }
        return json;
      }
      static fromJSON(data) {
        const { keyids, threshold, name, terminating, paths, path_hash_prefixes, ...rest } = data;
        if (!utils_1.guard.isStringArray(keyids)) {
          throw new TypeError("keyids must be an array of strings");
        }
        if (typeof threshold !== "number") {
          throw new TypeError("threshold must be a number");
        }
        if (typeof name !== "string") {
          throw new TypeError("name must be a string");
        }
        if (typeof terminating !== "boolean") {
          throw new TypeError("terminating must be a boolean");
        }
        if (utils_1.guard.isDefined(paths) && !utils_1.guard.isStringArray(paths)) {
          throw new TypeError("paths must be an array of strings");
        }
        if (utils_1.guard.isDefined(path_hash_prefixes) && !utils_1.guard.isStringArray(path_hash_prefixes)) {
          throw new TypeError("path_hash_prefixes must be an array of strings");
        }
        return new _DelegatedRole({
          keyIDs: keyids,
          threshold,
          name,
          terminating,
          paths,
          pathHashPrefixes: path_hash_prefixes,
          unrecognizedFields: rest
        });
      }
    };
    exports.DelegatedRole = DelegatedRole;
    var zip = (a, b) => a.map((k, i) => [k, b[i]]);
    function isTargetInPathPattern(target, pattern) {
      const targetParts = target.split("/");
      const patternParts = pattern.split("/");
      if (patternParts.length != targetParts.length) {
        return false;
      }
      return zip(targetParts, patternParts).every(([targetPart, patternPart]) => (0, minimatch_1.minimatch)(targetPart, patternPart));
    }
    var SuccinctRoles = class _SuccinctRoles extends Role {
      bitLength;
      namePrefix;
      numberOfBins;
      suffixLen;
      constructor(opts) {
        super(opts);
        const { bitLength, namePrefix } = opts;
        if (bitLength <= 0 || bitLength > 32) {
          throw new error_1.ValueError("bitLength must be between 1 and 32");
        }
        this.bitLength = bitLength;
        this.namePrefix = namePrefix;
        this.numberOfBins = Math.pow(2, bitLength);
        this.suffixLen = (this.numberOfBins - 1).toString(16).length;
      }
      equals(other) {
        if (!(other instanceof _SuccinctRoles)) {
          return false;
        }
        return super.equals(other) && this.bitLength === other.bitLength && this.namePrefix === other.namePrefix;
      }
      /***
       * Calculates the name of the delegated role responsible for 'target_filepath'.
       *
       * The target at path ''target_filepath' is assigned to a bin by casting
       * the left-most 'bit_length' of bits of the file path hash digest to
       * int, using it as bin index between 0 and '2**bit_length - 1'.
       *
       * Args:
       *  target_filepath: URL path to a target file, relative to a base
       *  targets URL.
       */
      getRoleForTarget(targetFilepath) {
        const hasher = crypto_1.default.createHash("sha256");
        const hasherBuffer = hasher.update(targetFilepath).digest();
        const hashBytes = hasherBuffer.subarray(0, 4);
        const shiftValue = 32 - this.bitLength;
        const binNumber = hashBytes.readUInt32BE() >>> shiftValue;
        const suffix = binNumber.toString(16).padStart(this.suffixLen, "0");
        return `${this.namePrefix}-${suffix}`;
      }
      *getRoles() {
        for (let i = 0; i < this.numberOfBins; i++) {
          const suffix = i.toString(16).padStart(this.suffixLen, "0");
          yield `${this.namePrefix}-${suffix}`;
        }
      }
      /***
       * Determines whether the given ``role_name`` is in one of
       * the delegated roles that ``SuccinctRoles`` represents.
       *
       * Args:
       *  role_name: The name of the role to check against.
       */
      isDelegatedRole(roleName) {
        const desiredPrefix = this.namePrefix + "-";
        if (!roleName.startsWith(desiredPrefix)) {
          return false;
        }
        const suffix = roleName.slice(desiredPrefix.length, roleName.length);
        if (suffix.length != this.suffixLen) {
          return false;
        }
        if (!suffix.match(/^[0-9a-fA-F]+$/)) {
          return false;
        }
        const num = parseInt(suffix, 16);
        return 0 <= num && num < this.numberOfBins;
      }
      toJSON() {
        const json = {
          ...super.toJSON(),
          bit_length: this.bitLength,
          name_prefix: this.namePrefix
        };
        return json;
      }
      static fromJSON(data) {
        const { keyids, threshold, bit_length, name_prefix, ...rest } = data;
        if (!utils_1.guard.isStringArray(keyids)) {
          throw new TypeError("keyids must be an array of strings");
        }
        if (typeof threshold !== "number") {
          throw new TypeError("threshold must be a number");
        }
        if (typeof bit_length !== "number") {
          throw new TypeError("bit_length must be a number");
        }
        if (typeof name_prefix !== "string") {
          throw new TypeError("name_prefix must be a string");
        }
        return new _SuccinctRoles({
          keyIDs: keyids,
          threshold,
          bitLength: bit_length,
          namePrefix: name_prefix,
          unrecognizedFields: rest
        });
      }
    };
    exports.SuccinctRoles = SuccinctRoles;
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/root.js
var require_root = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/root.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Root = void 0;
    var util_1 = __importDefault(__require("util"));
    var base_1 = require_base2();
    var error_1 = require_error5();
    var key_1 = require_key3();
    var role_1 = require_role();
    var utils_1 = require_utils();
    var Root = class _Root extends base_1.Signed {
      type = base_1.MetadataKind.Root;
      keys;
      roles;
      consistentSnapshot;
      constructor(options) {
        super(options);
        this.keys = options.keys || {};
        this.consistentSnapshot = options.consistentSnapshot ?? true;
        if (!options.roles) {
          this.roles = role_1.TOP_LEVEL_ROLE_NAMES.reduce((acc, role) => ({
            ...acc,
            [role]: new role_1.Role({ keyIDs: [], threshold: 1 })
          }), {});
        } else {
          const roleNames = new Set(Object.keys(options.roles));
          if (!role_1.TOP_LEVEL_ROLE_NAMES.every((role) => roleNames.has(role))) {
            throw new error_1.ValueError("missing top-level role");
          }
          this.roles = options.roles;
        }
      }
      addKey(key, role) {
        if (!this.roles[role]) {
          throw new error_1.ValueError(`role ${role} does not exist`);
        }
        if (!this.roles[role].keyIDs.includes(key.keyID)) {
          this.roles[role].keyIDs.push(key.keyID);
        }
        this.keys[key.keyID] = key;
      }
      equals(other) {
        if (!(other instanceof _Root)) {
          return false;
        }
        return super.equals(other) && this.consistentSnapshot === other.consistentSnapshot && util_1.default.isDeepStrictEqual(this.keys, other.keys) && util_1.default.isDeepStrictEqual(this.roles, other.roles);
      }
      toJSON() {
        return {
          _type: this.type,
          spec_version: this.specVersion,
          version: this.version,
          expires: this.expires,
          keys: keysToJSON(this.keys),
          roles: rolesToJSON(this.roles),
          consistent_snapshot: this.consistentSnapshot,
          ...this.unrecognizedFields
        };
      }
      static fromJSON(data) {
        const { unrecognizedFields, ...commonFields } = base_1.Signed.commonFieldsFromJSON(data);
        const { keys, roles, consistent_snapshot, ...rest } = unrecognizedFields;
        if (typeof consistent_snapshot !== "boolean") {
          throw new TypeError("consistent_snapshot must be a boolean");
        }
        return new _Root({
          ...commonFields,
          keys: keysFromJSON(keys),
          roles: rolesFromJSON(roles),
          consistentSnapshot: consistent_snapshot,
          unrecognizedFields: rest
        });
      }
    };
    exports.Root = Root;
    function keysToJSON(keys) {
      return Object.entries(keys).reduce((acc, [keyID, key]) => ({ ...acc, [keyID]: key.toJSON() }), {});
    }
    function rolesToJSON(roles) {
      return Object.entries(roles).reduce((acc, [roleName, role]) => ({ ...acc, [roleName]: role.toJSON() }), {});
    }
    function keysFromJSON(data) {
      let keys;
      if (utils_1.guard.isDefined(data)) {
        if (!utils_1.guard.isObjectRecord(data)) {
          throw new TypeError("keys must be an object");
        }
        keys = Object.entries(data).reduce((acc, [keyID, keyData]) => ({
          ...acc,
          [keyID]: key_1.Key.fromJSON(keyID, keyData)
        }), {});
      }
      return keys;
    }
    function rolesFromJSON(data) {
      let roles;
      if (utils_1.guard.isDefined(data)) {
        if (!utils_1.guard.isObjectRecord(data)) {
          throw new TypeError("roles must be an object");
        }
        roles = Object.entries(data).reduce((acc, [roleName, roleData]) => ({
          ...acc,
          [roleName]: role_1.Role.fromJSON(roleData)
        }), {});
      }
      return roles;
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/signature.js
var require_signature = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/signature.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Signature = void 0;
    var Signature = class _Signature {
      keyID;
      sig;
      constructor(options) {
        const { keyID, sig } = options;
        this.keyID = keyID;
        this.sig = sig;
      }
      toJSON() {
        return {
          keyid: this.keyID,
          sig: this.sig
        };
      }
      static fromJSON(data) {
        const { keyid, sig } = data;
        if (typeof keyid !== "string") {
          throw new TypeError("keyid must be a string");
        }
        if (typeof sig !== "string") {
          throw new TypeError("sig must be a string");
        }
        return new _Signature({
          keyID: keyid,
          sig
        });
      }
    };
    exports.Signature = Signature;
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/snapshot.js
var require_snapshot = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/snapshot.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Snapshot = void 0;
    var util_1 = __importDefault(__require("util"));
    var base_1 = require_base2();
    var file_1 = require_file();
    var utils_1 = require_utils();
    var Snapshot = class _Snapshot extends base_1.Signed {
      type = base_1.MetadataKind.Snapshot;
      meta;
      constructor(opts) {
        super(opts);
        this.meta = opts.meta || { "targets.json": new file_1.MetaFile({ version: 1 }) };
      }
      equals(other) {
        if (!(other instanceof _Snapshot)) {
          return false;
        }
        return super.equals(other) && util_1.default.isDeepStrictEqual(this.meta, other.meta);
      }
      toJSON() {
        return {
          _type: this.type,
          meta: metaToJSON(this.meta),
          spec_version: this.specVersion,
          version: this.version,
          expires: this.expires,
          ...this.unrecognizedFields
        };
      }
      static fromJSON(data) {
        const { unrecognizedFields, ...commonFields } = base_1.Signed.commonFieldsFromJSON(data);
        const { meta, ...rest } = unrecognizedFields;
        return new _Snapshot({
          ...commonFields,
          meta: metaFromJSON(meta),
          unrecognizedFields: rest
        });
      }
    };
    exports.Snapshot = Snapshot;
    function metaToJSON(meta) {
      return Object.entries(meta).reduce((acc, [path, metadata]) => ({
        ...acc,
        [path]: metadata.toJSON()
      }), {});
    }
    function metaFromJSON(data) {
      let meta;
      if (utils_1.guard.isDefined(data)) {
        if (!utils_1.guard.isObjectRecord(data)) {
          throw new TypeError("meta field is malformed");
        } else {
          meta = Object.entries(data).reduce((acc, [path, metadata]) => ({
            ...acc,
            [path]: file_1.MetaFile.fromJSON(metadata)
          }), {});
        }
      }
      return meta;
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/delegations.js
var require_delegations = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/delegations.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Delegations = void 0;
    var util_1 = __importDefault(__require("util"));
    var error_1 = require_error5();
    var key_1 = require_key3();
    var role_1 = require_role();
    var utils_1 = require_utils();
    var Delegations = class _Delegations {
      keys;
      roles;
      unrecognizedFields;
      succinctRoles;
      constructor(options) {
        this.keys = options.keys;
        this.unrecognizedFields = options.unrecognizedFields || {};
        if (options.roles) {
          if (Object.keys(options.roles).some((roleName) => role_1.TOP_LEVEL_ROLE_NAMES.includes(roleName))) {
            throw new error_1.ValueError("Delegated role name conflicts with top-level role name");
          }
        }
        this.succinctRoles = options.succinctRoles;
        this.roles = options.roles;
      }
      equals(other) {
        if (!(other instanceof _Delegations)) {
          return false;
        }
        return util_1.default.isDeepStrictEqual(this.keys, other.keys) && util_1.default.isDeepStrictEqual(this.roles, other.roles) && util_1.default.isDeepStrictEqual(this.unrecognizedFields, other.unrecognizedFields) && util_1.default.isDeepStrictEqual(this.succinctRoles, other.succinctRoles);
      }
      *rolesForTarget(targetPath) {
        if (this.roles) {
          for (const role of Object.values(this.roles)) {
            if (role.isDelegatedPath(targetPath)) {
              yield { role: role.name, terminating: role.terminating };
            }
          }
        } else if (this.succinctRoles) {
          yield {
            role: this.succinctRoles.getRoleForTarget(targetPath),
            terminating: true
          };
        }
      }
      toJSON() {
        const json = {
          keys: keysToJSON(this.keys),
          ...this.unrecognizedFields
        };
        if (this.roles) {
          json.roles = rolesToJSON(this.roles);
        } else if (this.succinctRoles) {
          json.succinct_roles = this.succinctRoles.toJSON();
        }
        return json;
      }
      static fromJSON(data) {
        const { keys, roles, succinct_roles, ...unrecognizedFields } = data;
        let succinctRoles;
        if (utils_1.guard.isObject(succinct_roles)) {
          succinctRoles = role_1.SuccinctRoles.fromJSON(succinct_roles);
        }
        return new _Delegations({
          keys: keysFromJSON(keys),
          roles: rolesFromJSON(roles),
          unrecognizedFields,
          succinctRoles
        });
      }
    };
    exports.Delegations = Delegations;
    function keysToJSON(keys) {
      return Object.entries(keys).reduce((acc, [keyId, key]) => ({
        ...acc,
        [keyId]: key.toJSON()
      }), {});
    }
    function rolesToJSON(roles) {
      return Object.values(roles).map((role) => role.toJSON());
    }
    function keysFromJSON(data) {
      if (!utils_1.guard.isObjectRecord(data)) {
        throw new TypeError("keys is malformed");
      }
      return Object.entries(data).reduce((acc, [keyID, keyData]) => ({
        ...acc,
        [keyID]: key_1.Key.fromJSON(keyID, keyData)
      }), {});
    }
    function rolesFromJSON(data) {
      let roleMap;
      if (utils_1.guard.isDefined(data)) {
        if (!utils_1.guard.isObjectArray(data)) {
          throw new TypeError("roles is malformed");
        }
        roleMap = data.reduce((acc, role) => {
          const delegatedRole = role_1.DelegatedRole.fromJSON(role);
          if (Object.hasOwn(acc, delegatedRole.name)) {
            throw new error_1.ValueError(`duplicate delegated role: ${delegatedRole.name}`);
          }
          return {
            ...acc,
            [delegatedRole.name]: delegatedRole
          };
        }, {});
      }
      return roleMap;
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/targets.js
var require_targets = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/targets.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Targets = void 0;
    var util_1 = __importDefault(__require("util"));
    var base_1 = require_base2();
    var delegations_1 = require_delegations();
    var file_1 = require_file();
    var utils_1 = require_utils();
    var Targets = class _Targets extends base_1.Signed {
      type = base_1.MetadataKind.Targets;
      targets;
      delegations;
      constructor(options) {
        super(options);
        this.targets = options.targets || {};
        this.delegations = options.delegations;
      }
      addTarget(target) {
        this.targets[target.path] = target;
      }
      equals(other) {
        if (!(other instanceof _Targets)) {
          return false;
        }
        return super.equals(other) && util_1.default.isDeepStrictEqual(this.targets, other.targets) && util_1.default.isDeepStrictEqual(this.delegations, other.delegations);
      }
      toJSON() {
        const json = {
          _type: this.type,
          spec_version: this.specVersion,
          version: this.version,
          expires: this.expires,
          targets: targetsToJSON(this.targets),
          ...this.unrecognizedFields
        };
        if (this.delegations) {
          json.delegations = this.delegations.toJSON();
        }
        return json;
      }
      static fromJSON(data) {
        const { unrecognizedFields, ...commonFields } = base_1.Signed.commonFieldsFromJSON(data);
        const { targets, delegations, ...rest } = unrecognizedFields;
        return new _Targets({
          ...commonFields,
          targets: targetsFromJSON(targets),
          delegations: delegationsFromJSON(delegations),
          unrecognizedFields: rest
        });
      }
    };
    exports.Targets = Targets;
    function targetsToJSON(targets) {
      return Object.entries(targets).reduce((acc, [path, target]) => ({
        ...acc,
        [path]: target.toJSON()
      }), {});
    }
    function targetsFromJSON(data) {
      let targets;
      if (utils_1.guard.isDefined(data)) {
        if (!utils_1.guard.isObjectRecord(data)) {
          throw new TypeError("targets must be an object");
        } else {
          targets = Object.entries(data).reduce((acc, [path, target]) => ({
            ...acc,
            [path]: file_1.TargetFile.fromJSON(path, target)
          }), {});
        }
      }
      return targets;
    }
    function delegationsFromJSON(data) {
      let delegations;
      if (utils_1.guard.isDefined(data)) {
        if (!utils_1.guard.isObject(data)) {
          throw new TypeError("delegations must be an object");
        } else {
          delegations = delegations_1.Delegations.fromJSON(data);
        }
      }
      return delegations;
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/timestamp.js
var require_timestamp4 = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/timestamp.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Timestamp = void 0;
    var base_1 = require_base2();
    var file_1 = require_file();
    var utils_1 = require_utils();
    var Timestamp = class _Timestamp extends base_1.Signed {
      type = base_1.MetadataKind.Timestamp;
      snapshotMeta;
      constructor(options) {
        super(options);
        this.snapshotMeta = options.snapshotMeta || new file_1.MetaFile({ version: 1 });
      }
      equals(other) {
        if (!(other instanceof _Timestamp)) {
          return false;
        }
        return super.equals(other) && this.snapshotMeta.equals(other.snapshotMeta);
      }
      toJSON() {
        return {
          _type: this.type,
          spec_version: this.specVersion,
          version: this.version,
          expires: this.expires,
          meta: { "snapshot.json": this.snapshotMeta.toJSON() },
          ...this.unrecognizedFields
        };
      }
      static fromJSON(data) {
        const { unrecognizedFields, ...commonFields } = base_1.Signed.commonFieldsFromJSON(data);
        const { meta, ...rest } = unrecognizedFields;
        return new _Timestamp({
          ...commonFields,
          snapshotMeta: snapshotMetaFromJSON(meta),
          unrecognizedFields: rest
        });
      }
    };
    exports.Timestamp = Timestamp;
    function snapshotMetaFromJSON(data) {
      let snapshotMeta;
      if (utils_1.guard.isDefined(data)) {
        const snapshotData = data["snapshot.json"];
        if (!utils_1.guard.isDefined(snapshotData) || !utils_1.guard.isObject(snapshotData)) {
          throw new TypeError("missing snapshot.json in meta");
        } else {
          snapshotMeta = file_1.MetaFile.fromJSON(snapshotData);
        }
      }
      return snapshotMeta;
    }
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/metadata.js
var require_metadata = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/metadata.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Metadata = void 0;
    var canonical_json_1 = require_lib();
    var util_1 = __importDefault(__require("util"));
    var base_1 = require_base2();
    var error_1 = require_error5();
    var root_1 = require_root();
    var signature_1 = require_signature();
    var snapshot_1 = require_snapshot();
    var targets_1 = require_targets();
    var timestamp_1 = require_timestamp4();
    var utils_1 = require_utils();
    var Metadata = class _Metadata {
      signed;
      signatures;
      unrecognizedFields;
      constructor(signed, signatures, unrecognizedFields) {
        this.signed = signed;
        this.signatures = signatures || {};
        this.unrecognizedFields = unrecognizedFields || {};
      }
      sign(signer, append = true) {
        const bytes = Buffer.from((0, canonical_json_1.canonicalize)(this.signed.toJSON()));
        const signature = signer(bytes);
        if (!append) {
          this.signatures = {};
        }
        this.signatures[signature.keyID] = signature;
      }
      verifyDelegate(delegatedRole, delegatedMetadata) {
        let role;
        let keys = {};
        switch (this.signed.type) {
          case base_1.MetadataKind.Root:
            keys = this.signed.keys;
            role = this.signed.roles[delegatedRole];
            break;
          case base_1.MetadataKind.Targets:
            if (!this.signed.delegations) {
              throw new error_1.ValueError(`No delegations found for ${delegatedRole}`);
            }
            keys = this.signed.delegations.keys;
            if (this.signed.delegations.roles) {
              role = this.signed.delegations.roles[delegatedRole];
            } else if (this.signed.delegations.succinctRoles) {
              if (this.signed.delegations.succinctRoles.isDelegatedRole(delegatedRole)) {
                role = this.signed.delegations.succinctRoles;
              }
            }
            break;
          default:
            throw new TypeError("invalid metadata type");
        }
        if (!role) {
          throw new error_1.ValueError(`no delegation found for ${delegatedRole}`);
        }
        const signingKeys = /* @__PURE__ */ new Set();
        role.keyIDs.forEach((keyID) => {
          const key = keys[keyID];
          if (!key) {
            return;
          }
          try {
            key.verifySignature(delegatedMetadata);
            signingKeys.add(key.keyID);
          } catch (error2) {
          }
        });
        if (signingKeys.size < role.threshold) {
          throw new error_1.UnsignedMetadataError(`${delegatedRole} was signed by ${signingKeys.size}/${role.threshold} keys`);
        }
      }
      equals(other) {
        if (!(other instanceof _Metadata)) {
          return false;
        }
        return (
          // eslint-disable-next-line @typescript-eslint/no-unsafe-argument
          this.signed.equals(other.signed) && util_1.default.isDeepStrictEqual(this.signatures, other.signatures) && util_1.default.isDeepStrictEqual(this.unrecognizedFields, other.unrecognizedFields)
        );
      }
      toJSON() {
        const signatures = Object.values(this.signatures).map((signature) => {
          return signature.toJSON();
        });
        return {
          signatures,
          signed: this.signed.toJSON(),
          ...this.unrecognizedFields
        };
      }
      static fromJSON(type, data) {
        const { signed, signatures, ...rest } = data;
        if (!utils_1.guard.isDefined(signed) || !utils_1.guard.isObject(signed)) {
          throw new TypeError("signed is not defined");
        }
        if (type !== signed._type) {
          throw new error_1.ValueError(`expected '${type}', got ${signed["_type"]}`);
        }
        if (!utils_1.guard.isObjectArray(signatures)) {
          throw new TypeError("signatures is not an array");
        }
        let signedObj;
        switch (type) {
          case base_1.MetadataKind.Root:
            signedObj = root_1.Root.fromJSON(signed);
            break;
          case base_1.MetadataKind.Timestamp:
            signedObj = timestamp_1.Timestamp.fromJSON(signed);
            break;
          case base_1.MetadataKind.Snapshot:
            signedObj = snapshot_1.Snapshot.fromJSON(signed);
            break;
          case base_1.MetadataKind.Targets:
            signedObj = targets_1.Targets.fromJSON(signed);
            break;
          default:
            throw new TypeError("invalid metadata type");
        }
        const sigMap = {};
        signatures.forEach((sigData) => {
          const sig = signature_1.Signature.fromJSON(sigData);
          if (sigMap[sig.keyID]) {
            throw new error_1.ValueError(`multiple signatures found for keyid: ${sig.keyID}`);
          }
          sigMap[sig.keyID] = sig;
        });
        return new _Metadata(signedObj, sigMap, rest);
      }
    };
    exports.Metadata = Metadata;
  }
});

// node_modules/tuf-js/node_modules/@tufjs/models/dist/index.js
var require_dist5 = __commonJS({
  "node_modules/tuf-js/node_modules/@tufjs/models/dist/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Timestamp = exports.Targets = exports.Snapshot = exports.Signature = exports.Root = exports.Metadata = exports.Key = exports.TargetFile = exports.MetaFile = exports.ValueError = exports.MetadataKind = void 0;
    var base_1 = require_base2();
    Object.defineProperty(exports, "MetadataKind", { enumerable: true, get: function() {
      return base_1.MetadataKind;
    } });
    var error_1 = require_error5();
    Object.defineProperty(exports, "ValueError", { enumerable: true, get: function() {
      return error_1.ValueError;
    } });
    var file_1 = require_file();
    Object.defineProperty(exports, "MetaFile", { enumerable: true, get: function() {
      return file_1.MetaFile;
    } });
    Object.defineProperty(exports, "TargetFile", { enumerable: true, get: function() {
      return file_1.TargetFile;
    } });
    var key_1 = require_key3();
    Object.defineProperty(exports, "Key", { enumerable: true, get: function() {
      return key_1.Key;
    } });
    var metadata_1 = require_metadata();
    Object.defineProperty(exports, "Metadata", { enumerable: true, get: function() {
      return metadata_1.Metadata;
    } });
    var root_1 = require_root();
    Object.defineProperty(exports, "Root", { enumerable: true, get: function() {
      return root_1.Root;
    } });
    var signature_1 = require_signature();
    Object.defineProperty(exports, "Signature", { enumerable: true, get: function() {
      return signature_1.Signature;
    } });
    var snapshot_1 = require_snapshot();
    Object.defineProperty(exports, "Snapshot", { enumerable: true, get: function() {
      return snapshot_1.Snapshot;
    } });
    var targets_1 = require_targets();
    Object.defineProperty(exports, "Targets", { enumerable: true, get: function() {
      return targets_1.Targets;
    } });
    var timestamp_1 = require_timestamp4();
    Object.defineProperty(exports, "Timestamp", { enumerable: true, get: function() {
      return timestamp_1.Timestamp;
    } });
  }
});

// node_modules/ms/index.js
var require_ms = __commonJS({
  "node_modules/ms/index.js"(exports, module) {
    var s = 1e3;
    var m = s * 60;
    var h = m * 60;
    var d = h * 24;
    var w = d * 7;
    var y = d * 365.25;
    module.exports = function(val, options) {
      options = options || {};
      var type = typeof val;
      if (type === "string" && val.length > 0) {
        return parse2(val);
      } else if (type === "number" && isFinite(val)) {
        return options.long ? fmtLong(val) : fmtShort(val);
      }
      throw new Error(
        "val is not a non-empty string or a valid number. val=" + JSON.stringify(val)
      );
    };
    function parse2(str) {
      str = String(str);
      if (str.length > 100) {
        return;
      }
      var match = /^(-?(?:\d+)?\.?\d+) *(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)?$/i.exec(
        str
      );
      if (!match) {
        return;
      }
      var n = parseFloat(match[1]);
      var type = (match[2] || "ms").toLowerCase();
      switch (type) {
        case "years":
        case "year":
        case "yrs":
        case "yr":
        case "y":
          return n * y;
        case "weeks":
        case "week":
        case "w":
          return n * w;
        case "days":
        case "day":
        case "d":
          return n * d;
        case "hours":
        case "hour":
        case "hrs":
        case "hr":
        case "h":
          return n * h;
        case "minutes":
        case "minute":
        case "mins":
        case "min":
        case "m":
          return n * m;
        case "seconds":
        case "second":
        case "secs":
        case "sec":
        case "s":
          return n * s;
        case "milliseconds":
        case "millisecond":
        case "msecs":
        case "msec":
        case "ms":
          return n;
        default:
          return void 0;
      }
    }
    function fmtShort(ms) {
      var msAbs = Math.abs(ms);
      if (msAbs >= d) {
        return Math.round(ms / d) + "d";
      }
      if (msAbs >= h) {
        return Math.round(ms / h) + "h";
      }
      if (msAbs >= m) {
        return Math.round(ms / m) + "m";
      }
      if (msAbs >= s) {
        return Math.round(ms / s) + "s";
      }
      return ms + "ms";
    }
    function fmtLong(ms) {
      var msAbs = Math.abs(ms);
      if (msAbs >= d) {
        return plural(ms, msAbs, d, "day");
      }
      if (msAbs >= h) {
        return plural(ms, msAbs, h, "hour");
      }
      if (msAbs >= m) {
        return plural(ms, msAbs, m, "minute");
      }
      if (msAbs >= s) {
        return plural(ms, msAbs, s, "second");
      }
      return ms + " ms";
    }
    function plural(ms, msAbs, n, name) {
      var isPlural = msAbs >= n * 1.5;
      return Math.round(ms / n) + " " + name + (isPlural ? "s" : "");
    }
  }
});

// node_modules/debug/src/common.js
var require_common = __commonJS({
  "node_modules/debug/src/common.js"(exports, module) {
    function setup(env) {
      createDebug.debug = createDebug;
      createDebug.default = createDebug;
      createDebug.coerce = coerce;
      createDebug.disable = disable;
      createDebug.enable = enable;
      createDebug.enabled = enabled;
      createDebug.humanize = require_ms();
      createDebug.destroy = destroy;
      Object.keys(env).forEach((key) => {
        createDebug[key] = env[key];
      });
      createDebug.names = [];
      createDebug.skips = [];
      createDebug.formatters = {};
      function selectColor(namespace) {
        let hash = 0;
        for (let i = 0; i < namespace.length; i++) {
          hash = (hash << 5) - hash + namespace.charCodeAt(i);
          hash |= 0;
        }
        return createDebug.colors[Math.abs(hash) % createDebug.colors.length];
      }
      createDebug.selectColor = selectColor;
      function createDebug(namespace) {
        let prevTime;
        let enableOverride = null;
        let namespacesCache;
        let enabledCache;
        function debug2(...args) {
          if (!debug2.enabled) {
            return;
          }
          const self = debug2;
          const curr = Number(/* @__PURE__ */ new Date());
          const ms = curr - (prevTime || curr);
          self.diff = ms;
          self.prev = prevTime;
          self.curr = curr;
          prevTime = curr;
          args[0] = createDebug.coerce(args[0]);
          if (typeof args[0] !== "string") {
            args.unshift("%O");
          }
          let index = 0;
          args[0] = args[0].replace(/%([a-zA-Z%])/g, (match, format) => {
            if (match === "%%") {
              return "%";
            }
            index++;
            const formatter = createDebug.formatters[format];
            if (typeof formatter === "function") {
              const val = args[index];
              match = formatter.call(self, val);
              args.splice(index, 1);
              index--;
            }
            return match;
          });
          createDebug.formatArgs.call(self, args);
          const logFn = self.log || createDebug.log;
          logFn.apply(self, args);
        }
        debug2.namespace = namespace;
        debug2.useColors = createDebug.useColors();
        debug2.color = createDebug.selectColor(namespace);
        debug2.extend = extend;
        debug2.destroy = createDebug.destroy;
        Object.defineProperty(debug2, "enabled", {
          enumerable: true,
          configurable: false,
          get: () => {
            if (enableOverride !== null) {
              return enableOverride;
            }
            if (namespacesCache !== createDebug.namespaces) {
              namespacesCache = createDebug.namespaces;
              enabledCache = createDebug.enabled(namespace);
            }
            return enabledCache;
          },
          set: (v) => {
            enableOverride = v;
          }
        });
        if (typeof createDebug.init === "function") {
          createDebug.init(debug2);
        }
        return debug2;
      }
      function extend(namespace, delimiter) {
        const newDebug = createDebug(this.namespace + (typeof delimiter === "undefined" ? ":" : delimiter) + namespace);
        newDebug.log = this.log;
        return newDebug;
      }
      function enable(namespaces) {
        createDebug.save(namespaces);
        createDebug.namespaces = namespaces;
        createDebug.names = [];
        createDebug.skips = [];
        const split = (typeof namespaces === "string" ? namespaces : "").trim().replace(/\s+/g, ",").split(",").filter(Boolean);
        for (const ns of split) {
          if (ns[0] === "-") {
            createDebug.skips.push(ns.slice(1));
          } else {
            createDebug.names.push(ns);
          }
        }
      }
      function matchesTemplate(search, template) {
        let searchIndex = 0;
        let templateIndex = 0;
        let starIndex = -1;
        let matchIndex = 0;
        while (searchIndex < search.length) {
          if (templateIndex < template.length && (template[templateIndex] === search[searchIndex] || template[templateIndex] === "*")) {
            if (template[templateIndex] === "*") {
              starIndex = templateIndex;
              matchIndex = searchIndex;
              templateIndex++;
            } else {
              searchIndex++;
              templateIndex++;
            }
          } else if (starIndex !== -1) {
            templateIndex = starIndex + 1;
            matchIndex++;
            searchIndex = matchIndex;
          } else {
            return false;
          }
        }
        while (templateIndex < template.length && template[templateIndex] === "*") {
          templateIndex++;
        }
        return templateIndex === template.length;
      }
      function disable() {
        const namespaces = [
          ...createDebug.names,
          ...createDebug.skips.map((namespace) => "-" + namespace)
        ].join(",");
        createDebug.enable("");
        return namespaces;
      }
      function enabled(name) {
        for (const skip of createDebug.skips) {
          if (matchesTemplate(name, skip)) {
            return false;
          }
        }
        for (const ns of createDebug.names) {
          if (matchesTemplate(name, ns)) {
            return true;
          }
        }
        return false;
      }
      function coerce(val) {
        if (val instanceof Error) {
          return val.stack || val.message;
        }
        return val;
      }
      function destroy() {
        console.warn("Instance method `debug.destroy()` is deprecated and no longer does anything. It will be removed in the next major version of `debug`.");
      }
      createDebug.enable(createDebug.load());
      return createDebug;
    }
    module.exports = setup;
  }
});

// node_modules/debug/src/browser.js
var require_browser = __commonJS({
  "node_modules/debug/src/browser.js"(exports, module) {
    exports.formatArgs = formatArgs;
    exports.save = save;
    exports.load = load;
    exports.useColors = useColors;
    exports.storage = localstorage();
    exports.destroy = /* @__PURE__ */ (() => {
      let warned = false;
      return () => {
        if (!warned) {
          warned = true;
          console.warn("Instance method `debug.destroy()` is deprecated and no longer does anything. It will be removed in the next major version of `debug`.");
        }
      };
    })();
    exports.colors = [
      "#0000CC",
      "#0000FF",
      "#0033CC",
      "#0033FF",
      "#0066CC",
      "#0066FF",
      "#0099CC",
      "#0099FF",
      "#00CC00",
      "#00CC33",
      "#00CC66",
      "#00CC99",
      "#00CCCC",
      "#00CCFF",
      "#3300CC",
      "#3300FF",
      "#3333CC",
      "#3333FF",
      "#3366CC",
      "#3366FF",
      "#3399CC",
      "#3399FF",
      "#33CC00",
      "#33CC33",
      "#33CC66",
      "#33CC99",
      "#33CCCC",
      "#33CCFF",
      "#6600CC",
      "#6600FF",
      "#6633CC",
      "#6633FF",
      "#66CC00",
      "#66CC33",
      "#9900CC",
      "#9900FF",
      "#9933CC",
      "#9933FF",
      "#99CC00",
      "#99CC33",
      "#CC0000",
      "#CC0033",
      "#CC0066",
      "#CC0099",
      "#CC00CC",
      "#CC00FF",
      "#CC3300",
      "#CC3333",
      "#CC3366",
      "#CC3399",
      "#CC33CC",
      "#CC33FF",
      "#CC6600",
      "#CC6633",
      "#CC9900",
      "#CC9933",
      "#CCCC00",
      "#CCCC33",
      "#FF0000",
      "#FF0033",
      "#FF0066",
      "#FF0099",
      "#FF00CC",
      "#FF00FF",
      "#FF3300",
      "#FF3333",
      "#FF3366",
      "#FF3399",
      "#FF33CC",
      "#FF33FF",
      "#FF6600",
      "#FF6633",
      "#FF9900",
      "#FF9933",
      "#FFCC00",
      "#FFCC33"
    ];
    function useColors() {
      if (typeof window !== "undefined" && window.process && (window.process.type === "renderer" || window.process.__nwjs)) {
        return true;
      }
      if (typeof navigator !== "undefined" && navigator.userAgent && navigator.userAgent.toLowerCase().match(/(edge|trident)\/(\d+)/)) {
        return false;
      }
      let m;
      return typeof document !== "undefined" && document.documentElement && document.documentElement.style && document.documentElement.style.WebkitAppearance || // Is firebug? http://stackoverflow.com/a/398120/376773
      typeof window !== "undefined" && window.console && (window.console.firebug || window.console.exception && window.console.table) || // Is firefox >= v31?
      // https://developer.mozilla.org/en-US/docs/Tools/Web_Console#Styling_messages
      typeof navigator !== "undefined" && navigator.userAgent && (m = navigator.userAgent.toLowerCase().match(/firefox\/(\d+)/)) && parseInt(m[1], 10) >= 31 || // Double check webkit in userAgent just in case we are in a worker
      typeof navigator !== "undefined" && navigator.userAgent && navigator.userAgent.toLowerCase().match(/applewebkit\/(\d+)/);
    }
    function formatArgs(args) {
      args[0] = (this.useColors ? "%c" : "") + this.namespace + (this.useColors ? " %c" : " ") + args[0] + (this.useColors ? "%c " : " ") + "+" + module.exports.humanize(this.diff);
      if (!this.useColors) {
        return;
      }
      const c = "color: " + this.color;
      args.splice(1, 0, c, "color: inherit");
      let index = 0;
      let lastC = 0;
      args[0].replace(/%[a-zA-Z%]/g, (match) => {
        if (match === "%%") {
          return;
        }
        index++;
        if (match === "%c") {
          lastC = index;
        }
      });
      args.splice(lastC, 0, c);
    }
    exports.log = console.debug || console.log || (() => {
    });
    function save(namespaces) {
      try {
        if (namespaces) {
          exports.storage.setItem("debug", namespaces);
        } else {
          exports.storage.removeItem("debug");
        }
      } catch (error2) {
      }
    }
    function load() {
      let r;
      try {
        r = exports.storage.getItem("debug") || exports.storage.getItem("DEBUG");
      } catch (error2) {
      }
      if (!r && typeof process !== "undefined" && "env" in process) {
        r = process.env.DEBUG;
      }
      return r;
    }
    function localstorage() {
      try {
        return localStorage;
      } catch (error2) {
      }
    }
    module.exports = require_common()(exports);
    var { formatters } = module.exports;
    formatters.j = function(v) {
      try {
        return JSON.stringify(v);
      } catch (error2) {
        return "[UnexpectedJSONParseError]: " + error2.message;
      }
    };
  }
});

// node_modules/has-flag/index.js
var require_has_flag = __commonJS({
  "node_modules/has-flag/index.js"(exports, module) {
    "use strict";
    module.exports = (flag, argv = process.argv) => {
      const prefix = flag.startsWith("-") ? "" : flag.length === 1 ? "-" : "--";
      const position = argv.indexOf(prefix + flag);
      const terminatorPosition = argv.indexOf("--");
      return position !== -1 && (terminatorPosition === -1 || position < terminatorPosition);
    };
  }
});

// node_modules/supports-color/index.js
var require_supports_color = __commonJS({
  "node_modules/supports-color/index.js"(exports, module) {
    "use strict";
    var os5 = __require("os");
    var tty = __require("tty");
    var hasFlag = require_has_flag();
    var { env } = process;
    var forceColor;
    if (hasFlag("no-color") || hasFlag("no-colors") || hasFlag("color=false") || hasFlag("color=never")) {
      forceColor = 0;
    } else if (hasFlag("color") || hasFlag("colors") || hasFlag("color=true") || hasFlag("color=always")) {
      forceColor = 1;
    }
    if ("FORCE_COLOR" in env) {
      if (env.FORCE_COLOR === "true") {
        forceColor = 1;
      } else if (env.FORCE_COLOR === "false") {
        forceColor = 0;
      } else {
        forceColor = env.FORCE_COLOR.length === 0 ? 1 : Math.min(parseInt(env.FORCE_COLOR, 10), 3);
      }
    }
    function translateLevel(level) {
      if (level === 0) {
        return false;
      }
      return {
        level,
        hasBasic: true,
        has256: level >= 2,
        has16m: level >= 3
      };
    }
    function supportsColor(haveStream, streamIsTTY) {
      if (forceColor === 0) {
        return 0;
      }
      if (hasFlag("color=16m") || hasFlag("color=full") || hasFlag("color=truecolor")) {
        return 3;
      }
      if (hasFlag("color=256")) {
        return 2;
      }
      if (haveStream && !streamIsTTY && forceColor === void 0) {
        return 0;
      }
      const min = forceColor || 0;
      if (env.TERM === "dumb") {
        return min;
      }
      if (process.platform === "win32") {
        const osRelease = os5.release().split(".");
        if (Number(osRelease[0]) >= 10 && Number(osRelease[2]) >= 10586) {
          return Number(osRelease[2]) >= 14931 ? 3 : 2;
        }
        return 1;
      }
      if ("CI" in env) {
        if (["TRAVIS", "CIRCLECI", "APPVEYOR", "GITLAB_CI", "GITHUB_ACTIONS", "BUILDKITE"].some((sign4) => sign4 in env) || env.CI_NAME === "codeship") {
          return 1;
        }
        return min;
      }
      if ("TEAMCITY_VERSION" in env) {
        return /^(9\.(0*[1-9]\d*)\.|\d{2,}\.)/.test(env.TEAMCITY_VERSION) ? 1 : 0;
      }
      if (env.COLORTERM === "truecolor") {
        return 3;
      }
      if ("TERM_PROGRAM" in env) {
        const version = parseInt((env.TERM_PROGRAM_VERSION || "").split(".")[0], 10);
        switch (env.TERM_PROGRAM) {
          case "iTerm.app":
            return version >= 3 ? 3 : 2;
          case "Apple_Terminal":
            return 2;
        }
      }
      if (/-256(color)?$/i.test(env.TERM)) {
        return 2;
      }
      if (/^screen|^xterm|^vt100|^vt220|^rxvt|color|ansi|cygwin|linux/i.test(env.TERM)) {
        return 1;
      }
      if ("COLORTERM" in env) {
        return 1;
      }
      return min;
    }
    function getSupportLevel(stream) {
      const level = supportsColor(stream, stream && stream.isTTY);
      return translateLevel(level);
    }
    module.exports = {
      supportsColor: getSupportLevel,
      stdout: translateLevel(supportsColor(true, tty.isatty(1))),
      stderr: translateLevel(supportsColor(true, tty.isatty(2)))
    };
  }
});

// node_modules/debug/src/node.js
var require_node = __commonJS({
  "node_modules/debug/src/node.js"(exports, module) {
    var tty = __require("tty");
    var util = __require("util");
    exports.init = init;
    exports.log = log;
    exports.formatArgs = formatArgs;
    exports.save = save;
    exports.load = load;
    exports.useColors = useColors;
    exports.destroy = util.deprecate(
      () => {
      },
      "Instance method `debug.destroy()` is deprecated and no longer does anything. It will be removed in the next major version of `debug`."
    );
    exports.colors = [6, 2, 3, 4, 5, 1];
    try {
      const supportsColor = require_supports_color();
      if (supportsColor && (supportsColor.stderr || supportsColor).level >= 2) {
        exports.colors = [
          20,
          21,
          26,
          27,
          32,
          33,
          38,
          39,
          40,
          41,
          42,
          43,
          44,
          45,
          56,
          57,
          62,
          63,
          68,
          69,
          74,
          75,
          76,
          77,
          78,
          79,
          80,
          81,
          92,
          93,
          98,
          99,
          112,
          113,
          128,
          129,
          134,
          135,
          148,
          149,
          160,
          161,
          162,
          163,
          164,
          165,
          166,
          167,
          168,
          169,
          170,
          171,
          172,
          173,
          178,
          179,
          184,
          185,
          196,
          197,
          198,
          199,
          200,
          201,
          202,
          203,
          204,
          205,
          206,
          207,
          208,
          209,
          214,
          215,
          220,
          221
        ];
      }
    } catch (error2) {
    }
    exports.inspectOpts = Object.keys(process.env).filter((key) => {
      return /^debug_/i.test(key);
    }).reduce((obj, key) => {
      const prop = key.substring(6).toLowerCase().replace(/_([a-z])/g, (_, k) => {
        return k.toUpperCase();
      });
      let val = process.env[key];
      if (/^(yes|on|true|enabled)$/i.test(val)) {
        val = true;
      } else if (/^(no|off|false|disabled)$/i.test(val)) {
        val = false;
      } else if (val === "null") {
        val = null;
      } else {
        val = Number(val);
      }
      obj[prop] = val;
      return obj;
    }, {});
    function useColors() {
      return "colors" in exports.inspectOpts ? Boolean(exports.inspectOpts.colors) : tty.isatty(process.stderr.fd);
    }
    function formatArgs(args) {
      const { namespace: name, useColors: useColors2 } = this;
      if (useColors2) {
        const c = this.color;
        const colorCode = "\x1B[3" + (c < 8 ? c : "8;5;" + c);
        const prefix = `  ${colorCode};1m${name} \x1B[0m`;
        args[0] = prefix + args[0].split("\n").join("\n" + prefix);
        args.push(colorCode + "m+" + module.exports.humanize(this.diff) + "\x1B[0m");
      } else {
        args[0] = getDate() + name + " " + args[0];
      }
    }
    function getDate() {
      if (exports.inspectOpts.hideDate) {
        return "";
      }
      return (/* @__PURE__ */ new Date()).toISOString() + " ";
    }
    function log(...args) {
      return process.stderr.write(util.formatWithOptions(exports.inspectOpts, ...args) + "\n");
    }
    function save(namespaces) {
      if (namespaces) {
        process.env.DEBUG = namespaces;
      } else {
        delete process.env.DEBUG;
      }
    }
    function load() {
      return process.env.DEBUG;
    }
    function init(debug2) {
      debug2.inspectOpts = {};
      const keys = Object.keys(exports.inspectOpts);
      for (let i = 0; i < keys.length; i++) {
        debug2.inspectOpts[keys[i]] = exports.inspectOpts[keys[i]];
      }
    }
    module.exports = require_common()(exports);
    var { formatters } = module.exports;
    formatters.o = function(v) {
      this.inspectOpts.colors = this.useColors;
      return util.inspect(v, this.inspectOpts).split("\n").map((str) => str.trim()).join(" ");
    };
    formatters.O = function(v) {
      this.inspectOpts.colors = this.useColors;
      return util.inspect(v, this.inspectOpts);
    };
  }
});

// node_modules/debug/src/index.js
var require_src = __commonJS({
  "node_modules/debug/src/index.js"(exports, module) {
    if (typeof process === "undefined" || process.type === "renderer" || process.browser === true || process.__nwjs) {
      module.exports = require_browser();
    } else {
      module.exports = require_node();
    }
  }
});

// node_modules/tuf-js/dist/error.js
var require_error6 = __commonJS({
  "node_modules/tuf-js/dist/error.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DownloadHTTPError = exports.DownloadLengthMismatchError = exports.DownloadError = exports.ExpiredMetadataError = exports.EqualVersionError = exports.BadVersionError = exports.RepositoryError = exports.PersistError = exports.RuntimeError = exports.ValueError = void 0;
    var ValueError = class extends Error {
    };
    exports.ValueError = ValueError;
    var RuntimeError = class extends Error {
    };
    exports.RuntimeError = RuntimeError;
    var PersistError = class extends Error {
    };
    exports.PersistError = PersistError;
    var RepositoryError = class extends Error {
    };
    exports.RepositoryError = RepositoryError;
    var BadVersionError = class extends RepositoryError {
    };
    exports.BadVersionError = BadVersionError;
    var EqualVersionError = class extends BadVersionError {
    };
    exports.EqualVersionError = EqualVersionError;
    var ExpiredMetadataError = class extends RepositoryError {
    };
    exports.ExpiredMetadataError = ExpiredMetadataError;
    var DownloadError = class extends Error {
    };
    exports.DownloadError = DownloadError;
    var DownloadLengthMismatchError = class extends DownloadError {
    };
    exports.DownloadLengthMismatchError = DownloadLengthMismatchError;
    var DownloadHTTPError2 = class extends DownloadError {
      statusCode;
      constructor(message, statusCode) {
        super(message);
        this.statusCode = statusCode;
      }
    };
    exports.DownloadHTTPError = DownloadHTTPError2;
  }
});

// node_modules/tuf-js/dist/utils/tmpfile.js
var require_tmpfile = __commonJS({
  "node_modules/tuf-js/dist/utils/tmpfile.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.withTempFile = void 0;
    var promises_1 = __importDefault(__require("fs/promises"));
    var os_1 = __importDefault(__require("os"));
    var path_1 = __importDefault(__require("path"));
    var withTempFile = async (handler) => withTempDir(async (dir) => handler(path_1.default.join(dir, "tempfile")));
    exports.withTempFile = withTempFile;
    var withTempDir = async (handler) => {
      const tmpDir = await promises_1.default.realpath(os_1.default.tmpdir());
      const dir = await promises_1.default.mkdtemp(tmpDir + path_1.default.sep);
      try {
        return await handler(dir);
      } finally {
        await promises_1.default.rm(dir, { force: true, recursive: true, maxRetries: 3 });
      }
    };
  }
});

// node_modules/@gar/promise-retry/lib/retry.js
var require_retry = __commonJS({
  "node_modules/@gar/promise-retry/lib/retry.js"(exports, module) {
    var RetryOperation = class {
      #attempts = 1;
      #cachedTimeouts = null;
      #errors = [];
      #fn = null;
      #maxRetryTime;
      #operationStart = null;
      #originalTimeouts;
      #timeouts;
      #timer = null;
      #unref;
      constructor(timeouts, options = {}) {
        this.#originalTimeouts = [...timeouts];
        this.#timeouts = [...timeouts];
        this.#unref = options.unref;
        this.#maxRetryTime = options.maxRetryTime || Infinity;
        if (options.forever) {
          this.#cachedTimeouts = [...this.#timeouts];
        }
      }
      get timeouts() {
        return [...this.#timeouts];
      }
      get errors() {
        return [...this.#errors];
      }
      get attempts() {
        return this.#attempts;
      }
      get mainError() {
        let mainError = null;
        if (this.#errors.length) {
          let mainErrorCount = 0;
          const counts = {};
          for (let i = 0; i < this.#errors.length; i++) {
            const error2 = this.#errors[i];
            const { message } = error2;
            if (!counts[message]) {
              counts[message] = 0;
            }
            counts[message]++;
            if (counts[message] >= mainErrorCount) {
              mainError = error2;
              mainErrorCount = counts[message];
            }
          }
        }
        return mainError;
      }
      reset() {
        this.#attempts = 1;
        this.#timeouts = [...this.#originalTimeouts];
      }
      stop() {
        if (this.#timer) {
          clearTimeout(this.#timer);
        }
        this.#timeouts = [];
        this.#cachedTimeouts = null;
      }
      retry(err) {
        this.#errors.push(err);
        if ((/* @__PURE__ */ new Date()).getTime() - this.#operationStart >= this.#maxRetryTime) {
          this.#errors.unshift(new Error("RetryOperation timeout occurred"));
          return false;
        }
        let timeout = this.#timeouts.shift();
        if (timeout === void 0) {
          if (this.#cachedTimeouts) {
            this.#errors.pop();
            timeout = this.#cachedTimeouts.at(-1);
          } else {
            return false;
          }
        }
        this.#timer = setTimeout(() => {
          this.#attempts++;
          this.#fn(this.#attempts);
        }, timeout);
        if (this.#unref) {
          this.#timer.unref();
        }
        return true;
      }
      attempt(fn) {
        this.#fn = fn;
        this.#operationStart = (/* @__PURE__ */ new Date()).getTime();
        this.#fn(this.#attempts);
      }
    };
    module.exports = { RetryOperation };
  }
});

// node_modules/@gar/promise-retry/lib/index.js
var require_lib2 = __commonJS({
  "node_modules/@gar/promise-retry/lib/index.js"(exports, module) {
    var { RetryOperation } = require_retry();
    var createTimeout = (attempt, opts) => Math.min(Math.round((1 + (opts.randomize ? Math.random() : 0)) * Math.max(opts.minTimeout, 1) * Math.pow(opts.factor, attempt)), opts.maxTimeout);
    var isRetryError = (err) => err?.code === "EPROMISERETRY" && Object.hasOwn(err, "retried");
    var promiseRetry = async (fn, options = {}) => {
      let timeouts = [];
      if (options instanceof Array) {
        timeouts = [...options];
      } else {
        if (options.retries === Infinity) {
          options.forever = true;
          delete options.retries;
        }
        const opts = {
          retries: 10,
          factor: 2,
          minTimeout: 1 * 1e3,
          maxTimeout: Infinity,
          randomize: false,
          ...options
        };
        if (opts.minTimeout > opts.maxTimeout) {
          throw new Error("minTimeout is greater than maxTimeout");
        }
        if (opts.retries) {
          for (let i = 0; i < opts.retries; i++) {
            timeouts.push(createTimeout(i, opts));
          }
          timeouts.sort((a, b) => a - b);
        } else if (options.forever) {
          timeouts.push(createTimeout(0, opts));
        }
      }
      const operation = new RetryOperation(timeouts, {
        forever: options.forever,
        unref: options.unref,
        maxRetryTime: options.maxRetryTime
      });
      return new Promise(function(resolve3, reject) {
        operation.attempt(async (number) => {
          try {
            const result = await fn((err) => {
              throw Object.assign(new Error("Retrying"), { code: "EPROMISERETRY", retried: err });
            }, number, operation);
            return resolve3(result);
          } catch (err) {
            if (!isRetryError(err)) {
              return reject(err);
            }
            if (!operation.retry(err.retried || new Error())) {
              return reject(err.retried);
            }
          }
        });
      });
    };
    module.exports = { promiseRetry };
  }
});

// node_modules/tuf-js/dist/fetcher.js
var require_fetcher = __commonJS({
  "node_modules/tuf-js/dist/fetcher.js"(exports) {
    "use strict";
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.DefaultFetcher = exports.BaseFetcher = void 0;
    var debug_1 = __importDefault(require_src());
    var fs_1 = __importDefault(__require("fs"));
    var util_1 = __importDefault(__require("util"));
    var error_1 = require_error6();
    var tmpfile_1 = require_tmpfile();
    var promise_retry_1 = require_lib2();
    var log = (0, debug_1.default)("tuf:fetch");
    var USER_AGENT_HEADER = "User-Agent";
    var BaseFetcher2 = class {
      // Download file from given URL. The file is downloaded to a temporary
      // location and then passed to the given handler. The handler is responsible
      // for moving the file to its final location. The temporary file is deleted
      // after the handler returns.
      async downloadFile(url, maxLength, handler) {
        return (0, tmpfile_1.withTempFile)(async (tmpFile) => {
          const reader = await this.fetch(url);
          let numberOfBytesReceived = 0;
          const fileStream = fs_1.default.createWriteStream(tmpFile);
          const streamReader = reader.getReader();
          try {
            while (true) {
              const { done, value: chunk } = await streamReader.read();
              if (done) {
                break;
              }
              numberOfBytesReceived += chunk.length;
              if (numberOfBytesReceived > maxLength) {
                throw new error_1.DownloadLengthMismatchError("Max length reached");
              }
              await writeBufferToStream(fileStream, Buffer.from(chunk));
            }
          } finally {
            streamReader.releaseLock();
            await util_1.default.promisify(fileStream.close).bind(fileStream)();
          }
          return handler(tmpFile);
        });
      }
      // Download bytes from given URL.
      async downloadBytes(url, maxLength) {
        return this.downloadFile(url, maxLength, async (file) => {
          const stream = fs_1.default.createReadStream(file);
          const chunks = [];
          for await (const chunk of stream) {
            chunks.push(chunk);
          }
          return Buffer.concat(chunks);
        });
      }
    };
    exports.BaseFetcher = BaseFetcher2;
    var DefaultFetcher = class extends BaseFetcher2 {
      userAgent;
      timeout;
      retry;
      constructor(options = {}) {
        super();
        this.userAgent = options.userAgent;
        this.timeout = options.timeout;
        if (options.retry === true) {
          this.retry = { forever: true };
        } else if (options.retry === false || options.retry === void 0) {
          this.retry = void 0;
        } else if (typeof options.retry === "number") {
          if (options.retry < 0) {
            throw new Error("Retry count must be non-negative number");
          }
          this.retry = { retries: options.retry };
        } else {
          this.retry = options.retry;
        }
      }
      async fetch(url) {
        const shouldRetry = this.retry !== void 0;
        return (0, promise_retry_1.promiseRetry)(async (retry, number) => {
          log("GET %s (attempt %d)", url, number);
          let response;
          try {
            response = await fetch(url, {
              headers: {
                [USER_AGENT_HEADER]: this.userAgent || ""
              },
              signal: this.timeout ? AbortSignal.timeout(this.timeout) : void 0
            });
          } catch (error2) {
            const err = error2 instanceof Error ? error2 : new Error(String(error2));
            if (shouldRetry) {
              return retry(err);
            }
            throw err;
          }
          if (!response.ok || !response.body) {
            const err = new error_1.DownloadHTTPError("Failed to download", response.status);
            if (shouldRetry && response.status >= 500 && response.status < 600) {
              return retry(err);
            }
            throw err;
          }
          return response.body;
        }, this.retry);
      }
    };
    exports.DefaultFetcher = DefaultFetcher;
    var writeBufferToStream = async (stream, buffer) => {
      return new Promise((resolve3, reject) => {
        stream.write(buffer, (err) => {
          if (err) {
            reject(err);
          }
          resolve3(true);
        });
      });
    };
  }
});

// node_modules/tuf-js/package.json
var require_package2 = __commonJS({
  "node_modules/tuf-js/package.json"(exports, module) {
    module.exports = {
      name: "tuf-js",
      version: "6.0.2",
      description: "JavaScript implementation of The Update Framework (TUF)",
      main: "dist/index.js",
      types: "dist/index.d.ts",
      scripts: {
        build: "tsc --build tsconfig.build.json",
        clean: "rm -rf dist && rm tsconfig.build.tsbuildinfo",
        test: "jest"
      },
      repository: {
        type: "git",
        url: "git+https://github.com/theupdateframework/tuf-js.git"
      },
      files: [
        "dist"
      ],
      keywords: [
        "tuf",
        "security",
        "update"
      ],
      author: "bdehamer@github.com",
      license: "MIT",
      bugs: {
        url: "https://github.com/theupdateframework/tuf-js/issues"
      },
      homepage: "https://github.com/theupdateframework/tuf-js/tree/main/packages/client#readme",
      devDependencies: {
        "@tufjs/repo-mock": "5.0.2",
        "@types/debug": "^4.1.13",
        "@types/retry": "^0.12.5"
      },
      dependencies: {
        "@gar/promise-retry": "^1.0.3",
        "@tufjs/models": "5.0.2",
        debug: "^4.4.3"
      },
      engines: {
        node: "^22.22.2 || ^24.15.0 || >=26.0.0"
      }
    };
  }
});

// node_modules/tuf-js/dist/config.js
var require_config = __commonJS({
  "node_modules/tuf-js/dist/config.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.defaultConfig = void 0;
    exports.defaultConfig = {
      maxRootRotations: 256,
      maxDelegations: 32,
      rootMaxLength: 512e3,
      //bytes
      timestampMaxLength: 16384,
      // bytes
      snapshotMaxLength: 2e6,
      // bytes
      targetsMaxLength: 5e6,
      // bytes
      prefixTargetsWithHash: true,
      fetchTimeout: 1e5,
      // milliseconds
      fetchRetries: void 0,
      fetchRetry: 2,
      userAgent: ""
    };
  }
});

// node_modules/tuf-js/dist/store.js
var require_store = __commonJS({
  "node_modules/tuf-js/dist/store.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.TrustedMetadataStore = void 0;
    var models_1 = require_dist5();
    var error_1 = require_error6();
    var TrustedMetadataStore = class {
      trustedSet = {};
      referenceTime;
      constructor(rootData) {
        this.referenceTime = /* @__PURE__ */ new Date();
        this.loadTrustedRoot(rootData);
      }
      get root() {
        if (!this.trustedSet.root) {
          throw new ReferenceError("No trusted root metadata");
        }
        return this.trustedSet.root;
      }
      get timestamp() {
        return this.trustedSet.timestamp;
      }
      get snapshot() {
        return this.trustedSet.snapshot;
      }
      get targets() {
        return this.trustedSet.targets;
      }
      getRole(name) {
        return this.trustedSet[name];
      }
      updateRoot(bytesBuffer) {
        const data = JSON.parse(bytesBuffer.toString("utf8"));
        const newRoot = models_1.Metadata.fromJSON(models_1.MetadataKind.Root, data);
        if (newRoot.signed.type != models_1.MetadataKind.Root) {
          throw new error_1.RepositoryError(`Expected 'root', got ${newRoot.signed.type}`);
        }
        this.root.verifyDelegate(models_1.MetadataKind.Root, newRoot);
        if (newRoot.signed.version != this.root.signed.version + 1) {
          throw new error_1.BadVersionError(`Expected version ${this.root.signed.version + 1}, got ${newRoot.signed.version}`);
        }
        newRoot.verifyDelegate(models_1.MetadataKind.Root, newRoot);
        this.trustedSet.root = newRoot;
        return newRoot;
      }
      updateTimestamp(bytesBuffer) {
        if (this.snapshot) {
          throw new error_1.RuntimeError("Cannot update timestamp after snapshot");
        }
        if (this.root.signed.isExpired(this.referenceTime)) {
          throw new error_1.ExpiredMetadataError("Final root.json is expired");
        }
        const data = JSON.parse(bytesBuffer.toString("utf8"));
        const newTimestamp = models_1.Metadata.fromJSON(models_1.MetadataKind.Timestamp, data);
        if (newTimestamp.signed.type != models_1.MetadataKind.Timestamp) {
          throw new error_1.RepositoryError(`Expected 'timestamp', got ${newTimestamp.signed.type}`);
        }
        this.root.verifyDelegate(models_1.MetadataKind.Timestamp, newTimestamp);
        if (this.timestamp) {
          if (newTimestamp.signed.version < this.timestamp.signed.version) {
            throw new error_1.BadVersionError(`New timestamp version ${newTimestamp.signed.version} is less than current version ${this.timestamp.signed.version}`);
          }
          if (newTimestamp.signed.version === this.timestamp.signed.version) {
            throw new error_1.EqualVersionError(`New timestamp version ${newTimestamp.signed.version} is equal to current version ${this.timestamp.signed.version}`);
          }
          const snapshotMeta = this.timestamp.signed.snapshotMeta;
          const newSnapshotMeta = newTimestamp.signed.snapshotMeta;
          if (newSnapshotMeta.version < snapshotMeta.version) {
            throw new error_1.BadVersionError(`New snapshot version ${newSnapshotMeta.version} is less than current version ${snapshotMeta.version}`);
          }
        }
        this.trustedSet.timestamp = newTimestamp;
        this.checkFinalTimestamp();
        return newTimestamp;
      }
      updateSnapshot(bytesBuffer, trusted = false) {
        if (!this.timestamp) {
          throw new error_1.RuntimeError("Cannot update snapshot before timestamp");
        }
        if (this.targets) {
          throw new error_1.RuntimeError("Cannot update snapshot after targets");
        }
        this.checkFinalTimestamp();
        const snapshotMeta = this.timestamp.signed.snapshotMeta;
        if (!trusted) {
          snapshotMeta.verify(bytesBuffer);
        }
        const data = JSON.parse(bytesBuffer.toString("utf8"));
        const newSnapshot = models_1.Metadata.fromJSON(models_1.MetadataKind.Snapshot, data);
        if (newSnapshot.signed.type != models_1.MetadataKind.Snapshot) {
          throw new error_1.RepositoryError(`Expected 'snapshot', got ${newSnapshot.signed.type}`);
        }
        this.root.verifyDelegate(models_1.MetadataKind.Snapshot, newSnapshot);
        if (this.snapshot) {
          Object.entries(this.snapshot.signed.meta).forEach(([fileName, fileInfo]) => {
            const newFileInfo = newSnapshot.signed.meta[fileName];
            if (!newFileInfo) {
              throw new error_1.RepositoryError(`Missing file ${fileName} in new snapshot`);
            }
            if (newFileInfo.version < fileInfo.version) {
              throw new error_1.BadVersionError(`New version ${newFileInfo.version} of ${fileName} is less than current version ${fileInfo.version}`);
            }
          });
        }
        this.trustedSet.snapshot = newSnapshot;
        this.checkFinalSnapsnot();
        return newSnapshot;
      }
      updateDelegatedTargets(bytesBuffer, roleName, delegatorName) {
        if (!this.snapshot) {
          throw new error_1.RuntimeError("Cannot update delegated targets before snapshot");
        }
        this.checkFinalSnapsnot();
        const delegator = this.trustedSet[delegatorName];
        if (!delegator) {
          throw new error_1.RuntimeError(`No trusted ${delegatorName} metadata`);
        }
        const meta = this.snapshot.signed.meta?.[`${roleName}.json`];
        if (!meta) {
          throw new error_1.RepositoryError(`Missing ${roleName}.json in snapshot`);
        }
        meta.verify(bytesBuffer);
        const data = JSON.parse(bytesBuffer.toString("utf8"));
        const newDelegate = models_1.Metadata.fromJSON(models_1.MetadataKind.Targets, data);
        if (newDelegate.signed.type != models_1.MetadataKind.Targets) {
          throw new error_1.RepositoryError(`Expected 'targets', got ${newDelegate.signed.type}`);
        }
        delegator.verifyDelegate(roleName, newDelegate);
        const version = newDelegate.signed.version;
        if (version != meta.version) {
          throw new error_1.BadVersionError(`Version ${version} of ${roleName} does not match snapshot version ${meta.version}`);
        }
        if (newDelegate.signed.isExpired(this.referenceTime)) {
          throw new error_1.ExpiredMetadataError(`${roleName}.json is expired`);
        }
        this.trustedSet[roleName] = newDelegate;
      }
      // Verifies and loads data as trusted root metadata.
      // Note that an expired initial root is still considered valid.
      loadTrustedRoot(bytesBuffer) {
        const data = JSON.parse(bytesBuffer.toString("utf8"));
        const root = models_1.Metadata.fromJSON(models_1.MetadataKind.Root, data);
        if (root.signed.type != models_1.MetadataKind.Root) {
          throw new error_1.RepositoryError(`Expected 'root', got ${root.signed.type}`);
        }
        root.verifyDelegate(models_1.MetadataKind.Root, root);
        this.trustedSet["root"] = root;
      }
      checkFinalTimestamp() {
        if (!this.timestamp) {
          throw new ReferenceError("No trusted timestamp metadata");
        }
        if (this.timestamp.signed.isExpired(this.referenceTime)) {
          throw new error_1.ExpiredMetadataError("Final timestamp.json is expired");
        }
      }
      checkFinalSnapsnot() {
        if (!this.snapshot) {
          throw new ReferenceError("No trusted snapshot metadata");
        }
        if (!this.timestamp) {
          throw new ReferenceError("No trusted timestamp metadata");
        }
        if (this.snapshot.signed.isExpired(this.referenceTime)) {
          throw new error_1.ExpiredMetadataError("snapshot.json is expired");
        }
        const snapshotMeta = this.timestamp.signed.snapshotMeta;
        if (this.snapshot.signed.version !== snapshotMeta.version) {
          throw new error_1.BadVersionError("Snapshot version doesn't match timestamp");
        }
      }
    };
    exports.TrustedMetadataStore = TrustedMetadataStore;
  }
});

// node_modules/tuf-js/dist/utils/url.js
var require_url = __commonJS({
  "node_modules/tuf-js/dist/utils/url.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.join = join4;
    var url_1 = __require("url");
    function join4(base, path) {
      return new url_1.URL(ensureTrailingSlash(base) + removeLeadingSlash(path)).toString();
    }
    function ensureTrailingSlash(path) {
      return path.endsWith("/") ? path : path + "/";
    }
    function removeLeadingSlash(path) {
      return path.startsWith("/") ? path.slice(1) : path;
    }
  }
});

// node_modules/tuf-js/dist/updater.js
var require_updater = __commonJS({
  "node_modules/tuf-js/dist/updater.js"(exports) {
    "use strict";
    var __createBinding = exports && exports.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports && exports.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports && exports.__importStar || /* @__PURE__ */ (function() {
      var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function(o2) {
          var ar = [];
          for (var k in o2) if (Object.prototype.hasOwnProperty.call(o2, k)) ar[ar.length] = k;
          return ar;
        };
        return ownKeys(o);
      };
      return function(mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) {
          for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        }
        __setModuleDefault(result, mod);
        return result;
      };
    })();
    var __importDefault = exports && exports.__importDefault || function(mod) {
      return mod && mod.__esModule ? mod : { "default": mod };
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Updater = void 0;
    var models_1 = require_dist5();
    var debug_1 = __importDefault(require_src());
    var fs3 = __importStar(__require("fs"));
    var path = __importStar(__require("path"));
    var package_json_1 = require_package2();
    var config_1 = require_config();
    var error_1 = require_error6();
    var fetcher_1 = require_fetcher();
    var store_1 = require_store();
    var url = __importStar(require_url());
    var log = (0, debug_1.default)("tuf:cache");
    var Updater2 = class {
      dir;
      metadataBaseUrl;
      targetDir;
      targetBaseUrl;
      forceCache;
      trustedSet;
      config;
      fetcher;
      constructor(options) {
        const { metadataDir, metadataBaseUrl, targetDir, targetBaseUrl, fetcher, config } = options;
        this.dir = metadataDir;
        this.metadataBaseUrl = metadataBaseUrl;
        this.targetDir = targetDir;
        this.targetBaseUrl = targetBaseUrl;
        this.forceCache = options.forceCache ?? false;
        const data = this.loadLocalMetadata(models_1.MetadataKind.Root);
        this.trustedSet = new store_1.TrustedMetadataStore(data);
        this.config = { ...config_1.defaultConfig, ...config };
        const userAgent = config?.userAgent ? `${config.userAgent} tuf-js/${package_json_1.version}` : `tuf-js/${package_json_1.version}`;
        this.fetcher = fetcher || new fetcher_1.DefaultFetcher({
          userAgent,
          timeout: this.config.fetchTimeout,
          retry: this.config.fetchRetries ?? this.config.fetchRetry
        });
      }
      // refresh and load the metadata before downloading the target
      // refresh should be called once after the client is initialized
      async refresh() {
        if (this.forceCache) {
          try {
            await this.loadTimestamp({ checkRemote: false });
          } catch (error2) {
            await this.loadRoot();
            await this.loadTimestamp();
          }
        } else {
          await this.loadRoot();
          await this.loadTimestamp();
        }
        await this.loadSnapshot();
        await this.loadTargets(models_1.MetadataKind.Targets, models_1.MetadataKind.Root);
      }
      // Returns the TargetFile instance with information for the given target path.
      //
      // Implicitly calls refresh if it hasn't already been called.
      async getTargetInfo(targetPath) {
        if (!this.trustedSet.targets) {
          await this.refresh();
        }
        return this.preorderDepthFirstWalk(targetPath);
      }
      async downloadTarget(targetInfo, filePath, targetBaseUrl) {
        const targetPath = filePath || this.generateTargetPath(targetInfo);
        if (!targetBaseUrl) {
          if (!this.targetBaseUrl) {
            throw new error_1.ValueError("Target base URL not set");
          }
          targetBaseUrl = this.targetBaseUrl;
        }
        let targetFilePath = targetInfo.path;
        const consistentSnapshot = this.trustedSet.root.signed.consistentSnapshot;
        if (consistentSnapshot && this.config.prefixTargetsWithHash) {
          const hashes = Object.values(targetInfo.hashes);
          const { dir, base } = path.parse(targetFilePath);
          const filename = `${hashes[0]}.${base}`;
          targetFilePath = dir ? `${dir}/${filename}` : filename;
        }
        const targetUrl = url.join(targetBaseUrl, targetFilePath);
        await this.fetcher.downloadFile(targetUrl, targetInfo.length, async (fileName) => {
          await targetInfo.verify(fs3.createReadStream(fileName));
          log("WRITE %s", targetPath);
          fs3.copyFileSync(fileName, targetPath);
        });
        return targetPath;
      }
      async findCachedTarget(targetInfo, filePath) {
        if (!filePath) {
          filePath = this.generateTargetPath(targetInfo);
        }
        try {
          if (fs3.existsSync(filePath)) {
            await targetInfo.verify(fs3.createReadStream(filePath));
            return filePath;
          }
        } catch (error2) {
          return;
        }
        return;
      }
      loadLocalMetadata(fileName) {
        const filePath = path.join(this.dir, `${fileName}.json`);
        log("READ %s", filePath);
        return fs3.readFileSync(filePath);
      }
      // Sequentially load and persist on local disk every newer root metadata
      // version available on the remote.
      // Client workflow 5.3: update root role
      async loadRoot() {
        const rootVersion = this.trustedSet.root.signed.version;
        const lowerBound = rootVersion + 1;
        const upperBound = lowerBound + this.config.maxRootRotations;
        for (let version = lowerBound; version < upperBound; version++) {
          const rootUrl = url.join(this.metadataBaseUrl, `${version}.root.json`);
          try {
            const bytesData = await this.fetcher.downloadBytes(rootUrl, this.config.rootMaxLength);
            this.trustedSet.updateRoot(bytesData);
            this.persistMetadata(models_1.MetadataKind.Root, bytesData);
          } catch (error2) {
            if (error2 instanceof error_1.DownloadHTTPError) {
              if ([403, 404].includes(error2.statusCode)) {
                break;
              }
            }
            throw error2;
          }
        }
      }
      // Load local and remote timestamp metadata.
      // Client workflow 5.4: update timestamp role
      async loadTimestamp({ checkRemote } = { checkRemote: true }) {
        try {
          const data = this.loadLocalMetadata(models_1.MetadataKind.Timestamp);
          this.trustedSet.updateTimestamp(data);
          if (!checkRemote) {
            return;
          }
        } catch (error2) {
        }
        const timestampUrl = url.join(this.metadataBaseUrl, "timestamp.json");
        const bytesData = await this.fetcher.downloadBytes(timestampUrl, this.config.timestampMaxLength);
        try {
          this.trustedSet.updateTimestamp(bytesData);
        } catch (error2) {
          if (error2 instanceof error_1.EqualVersionError) {
            return;
          }
          throw error2;
        }
        this.persistMetadata(models_1.MetadataKind.Timestamp, bytesData);
      }
      // Load local and remote snapshot metadata.
      // Client workflow 5.5: update snapshot role
      async loadSnapshot() {
        try {
          const data = this.loadLocalMetadata(models_1.MetadataKind.Snapshot);
          this.trustedSet.updateSnapshot(data, true);
        } catch (error2) {
          if (!this.trustedSet.timestamp) {
            throw new ReferenceError("No timestamp metadata", { cause: error2 });
          }
          const snapshotMeta = this.trustedSet.timestamp.signed.snapshotMeta;
          const maxLength = snapshotMeta.length || this.config.snapshotMaxLength;
          const version = this.trustedSet.root.signed.consistentSnapshot ? snapshotMeta.version : void 0;
          const snapshotUrl = url.join(this.metadataBaseUrl, version ? `${version}.snapshot.json` : "snapshot.json");
          try {
            const bytesData = await this.fetcher.downloadBytes(snapshotUrl, maxLength);
            this.trustedSet.updateSnapshot(bytesData);
            this.persistMetadata(models_1.MetadataKind.Snapshot, bytesData);
          } catch (error3) {
            throw new error_1.RuntimeError(`Unable to load snapshot metadata error ${error3}`);
          }
        }
      }
      // Load local and remote targets metadata.
      // Client workflow 5.6: update targets role
      async loadTargets(role, parentRole) {
        const cachedRole = this.trustedSet.getRole(role);
        if (cachedRole) {
          const delegator = this.trustedSet.getRole(parentRole);
          if (!delegator) {
            throw new error_1.RuntimeError(`No trusted ${parentRole} metadata`);
          }
          delegator.verifyDelegate(role, cachedRole);
          return cachedRole;
        }
        try {
          const buffer = this.loadLocalMetadata(role);
          this.trustedSet.updateDelegatedTargets(buffer, role, parentRole);
        } catch (error2) {
          if (!this.trustedSet.snapshot) {
            throw new ReferenceError("No snapshot metadata", { cause: error2 });
          }
          const metaInfo = this.trustedSet.snapshot.signed.meta[`${role}.json`];
          const maxLength = metaInfo.length || this.config.targetsMaxLength;
          const version = this.trustedSet.root.signed.consistentSnapshot ? metaInfo.version : void 0;
          const encodedRole = encodeURIComponent(role);
          const metadataUrl = url.join(this.metadataBaseUrl, version ? `${version}.${encodedRole}.json` : `${encodedRole}.json`);
          try {
            const bytesData = await this.fetcher.downloadBytes(metadataUrl, maxLength);
            this.trustedSet.updateDelegatedTargets(bytesData, role, parentRole);
            this.persistMetadata(role, bytesData);
          } catch (error3) {
            throw new error_1.RuntimeError(`Unable to load targets error ${error3}`);
          }
        }
        return this.trustedSet.getRole(role);
      }
      async preorderDepthFirstWalk(targetPath) {
        const delegationsToVisit = [
          {
            roleName: models_1.MetadataKind.Targets,
            parentRoleName: models_1.MetadataKind.Root
          }
        ];
        const visitedRoleNames = /* @__PURE__ */ new Set();
        while (visitedRoleNames.size <= this.config.maxDelegations && delegationsToVisit.length > 0) {
          const { roleName, parentRoleName } = delegationsToVisit.pop();
          if (visitedRoleNames.has(roleName)) {
            continue;
          }
          const targets = (await this.loadTargets(roleName, parentRoleName))?.signed;
          if (!targets) {
            continue;
          }
          const target = targets.targets?.[targetPath];
          if (target) {
            return target;
          }
          visitedRoleNames.add(roleName);
          if (targets.delegations) {
            const childRolesToVisit = [];
            const rolesForTarget = targets.delegations.rolesForTarget(targetPath);
            for (const { role: childName, terminating } of rolesForTarget) {
              childRolesToVisit.push({
                roleName: childName,
                parentRoleName: roleName
              });
              if (terminating) {
                delegationsToVisit.splice(0);
                break;
              }
            }
            childRolesToVisit.reverse();
            delegationsToVisit.push(...childRolesToVisit);
          }
        }
        return;
      }
      generateTargetPath(targetInfo) {
        if (!this.targetDir) {
          throw new error_1.ValueError("Target directory not set");
        }
        const filePath = encodeURIComponent(targetInfo.path);
        return path.join(this.targetDir, filePath);
      }
      persistMetadata(metaDataName, bytesData) {
        const encodedName = encodeURIComponent(metaDataName);
        try {
          const filePath = path.join(this.dir, `${encodedName}.json`);
          log("WRITE %s", filePath);
          fs3.writeFileSync(filePath, bytesData.toString("utf8"));
        } catch (error2) {
          throw new error_1.PersistError(`Failed to persist metadata ${encodedName} error: ${error2}`);
        }
      }
    };
    exports.Updater = Updater2;
  }
});

// node_modules/tuf-js/dist/index.js
var require_dist6 = __commonJS({
  "node_modules/tuf-js/dist/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Updater = exports.BaseFetcher = exports.TargetFile = void 0;
    var models_1 = require_dist5();
    Object.defineProperty(exports, "TargetFile", { enumerable: true, get: function() {
      return models_1.TargetFile;
    } });
    var fetcher_1 = require_fetcher();
    Object.defineProperty(exports, "BaseFetcher", { enumerable: true, get: function() {
      return fetcher_1.BaseFetcher;
    } });
    var updater_1 = require_updater();
    Object.defineProperty(exports, "Updater", { enumerable: true, get: function() {
      return updater_1.Updater;
    } });
  }
});

// src/sigstore/trust/tuf.ts
var tuf_exports = {};
__export(tuf_exports, {
  openTuf: () => openTuf
});
import { createHash as createHash8 } from "node:crypto";
import { mkdir as mkdir2, mkdtemp as mkdtemp2, readFile as readFile4, writeFile as writeFile3 } from "node:fs/promises";
import { tmpdir as tmpdir2 } from "node:os";
import { join as join3 } from "node:path";
function openTuf(temp, repository, transport) {
  let updater;
  return async (name) => {
    try {
      updater ??= connect(temp, repository, transport);
      return await readTarget(await updater, name);
    } catch (error2) {
      const remedy = error2 instanceof ActionError ? error2.remedy : "run the job again";
      throw new ActionError("service", "SERVICE_TRUST", {
        message: `Cannot get "${name}" from the TUF repository ${repository.mirror}: ${messageOf(error2)}`,
        remedy: `${remedy}; or use files instead of TUF: "trusted-root" (and "sigstore" when signing)`,
        cause: error2
      });
    }
  };
}
async function connect(temp, { mirror, firstRoot }, transport) {
  const fetcher = new TransportFetcher(transport);
  const root = await pinnedRoot(mirror, firstRoot, fetcher);
  const metadataDir = await newDirectory(temp);
  await writeFile3(join3(metadataDir, "root.json"), root);
  const targetDir = join3(metadataDir, "targets");
  await mkdir2(targetDir);
  const updater = new import_tuf_js.Updater({
    metadataDir,
    metadataBaseUrl: mirror,
    targetDir,
    targetBaseUrl: `${mirror}/targets`,
    fetcher
  });
  await updater.refresh();
  return updater;
}
function newDirectory(temp) {
  const make = (parent) => mkdtemp2(join3(parent, "countersign-tuf-"));
  return make(temp).catch(() => make(tmpdir2()));
}
async function pinnedRoot(mirror, { version, sha256: sha2562 }, fetcher) {
  const root = await fetcher.downloadBytes(`${mirror}/${version}.root.json`, LIMIT);
  const json = parseJson(root.toString());
  if (json === void 0) throw new RangeError(`its root metadata ${version} is not JSON`);
  if (createHash8("sha256").update(JSON.stringify(json)).digest("hex") !== sha2562)
    throw new RangeError(`its root metadata ${version} does not have the pinned digest`);
  return root;
}
async function readTarget(updater, name) {
  const target = await updater.getTargetInfo(name);
  if (!target) throw new RangeError("it has no such target");
  return readFile4(
    await updater.findCachedTarget(target) ?? await updater.downloadTarget(target),
    "utf8"
  );
}
var import_tuf_js, import_error, LIMIT, TransportFetcher;
var init_tuf = __esm({
  "src/sigstore/trust/tuf.ts"() {
    "use strict";
    import_tuf_js = __toESM(require_dist6(), 1);
    import_error = __toESM(require_error6(), 1);
    init_errors();
    init_json();
    LIMIT = 8 << 20;
    TransportFetcher = class extends import_tuf_js.BaseFetcher {
      #transport;
      constructor(transport) {
        super();
        this.#transport = transport;
      }
      async fetch(url) {
        const { status, body } = await this.#transport({
          method: "GET",
          url: new URL(url),
          limit: LIMIT
        });
        if (status !== 200) throw new import_error.DownloadHTTPError(`${url} answered ${status}`, status);
        return new Blob([new Uint8Array(body)]).stream();
      }
    };
  }
});

// src/wiring/shared.ts
function sharedServices({ retryTimeout, credentials, githubToken, evidencePlace }, { dockerConfig, apiUrl, serverUrl, temp }, {
  accessTo,
  deadline
}) {
  const transport = createTransport({ retryTimeout, onRetry: stepLog.info, deadline });
  const keychain = createKeychain({
    dockerConfig,
    ...credentials ? { explicit: credentials } : {},
    ...githubToken !== void 0 && serverUrl === GITHUB_COM ? { githubToken } : {}
  });
  const clients = /* @__PURE__ */ new Map();
  const clientFor = ({ repository }) => {
    const name = formatRepository(repository);
    const client = clients.get(name) ?? new RegistryClient(repository, accessTo(repository), { transport, keychain });
    clients.set(name, client);
    return client;
  };
  return {
    transport,
    clientFor,
    evidenceFor: ({ repository }) => clientFor({ repository: evidenceRepository(evidencePlace, repository) }),
    attestations: githubToken === void 0 ? void 0 : attestationStore({ apiUrl, token: githubToken, transport, retryTimeout }),
    tuf: {
      publicGood: lazyTuf(temp, PUBLIC_GOOD.tuf, () => transport),
      github: lazyTuf(temp, GITHUB.tuf, () => secondTransport(retryTimeout))
    }
  };
}
function lazyTuf(temp, repository, open2) {
  let opened;
  return async (name) => {
    opened ??= Promise.resolve().then(() => (init_tuf(), tuf_exports)).then(
      ({ openTuf: openTuf2 }) => openTuf2(temp, repository, open2())
    );
    return (await opened)(name);
  };
}
function secondTransport(retryTimeout) {
  return createTransport({
    retryTimeout: Math.min(retryTimeout, SECOND_ROOT),
    onRetry: stepLog.info,
    deadline: deadlineIn(SECOND_ROOT)
  });
}
async function trustStore(trustedRoot, tuf, signers) {
  return trustedRoot === void 0 ? trustFromTuf(tuf) : trustFromFile(trustedRoot, signers);
}
async function verifierLoader(trustedRoot, tuf, keys) {
  const trusted = await trustStore(trustedRoot, tuf, keys && "with keys");
  const verifier = createVerifier(trusted, keys);
  return async () => {
    if (keys?.witness !== "insecure-ignored") await trusted.all();
    return verifier;
  };
}
var GITHUB_COM, SECOND_ROOT;
var init_shared = __esm({
  "src/wiring/shared.ts"() {
    "use strict";
    init_log();
    init_attestations();
    init_deadline();
    init_transport();
    init_evidence_place();
    init_reference();
    init_client();
    init_credentials();
    init_instances();
    init_trust_file();
    init_trust_tuf();
    init_verifier();
    GITHUB_COM = "https://github.com";
    SECOND_ROOT = 15e3;
  }
});

// src/wiring/sign.ts
var sign_exports = {};
__export(sign_exports, {
  runSign: () => runSign
});
async function runSign(request, environment) {
  const shared = sharedServices(request, environment, { accessTo: accessFor(request) });
  const services = { ...shared, repository: environment.repository, server: environment.serverUrl };
  const loadServices = await signingServicesLoader(request.instance, shared);
  const loadVerifier = await verifierLoader(request.trustedRoot, shared.tuf);
  return sign(request, {
    loadVerifier: async () => conclusive(await loadVerifier()),
    resolve: () => Promise.resolve(pinnedSubjects(request.images)),
    stores: mapEach(request.stores, (name) => STORES2[name](services)),
    predicates: predicatesFor(environment.serverUrl),
    identify: identifier(request, environment, loadServices, shared),
    keep: (signed) => keepBundles(environment.temp, signed),
    tagger: registryTagger(shared.clientFor)
  });
}
function accessFor({ evidencePlace, tags }) {
  const isTagged = (repository) => tags.some(({ subject }) => isSameRepository(subject.repository, repository));
  const hasEvidence = (repository) => isSameRepository(evidenceRepository(evidencePlace, repository), repository);
  return (repository) => isTagged(repository) || hasEvidence(repository) ? "pull,push" : "pull";
}
async function signingServicesLoader(instance, { tuf }) {
  if (instance.kind !== "custom") return () => servicesFromTuf(tuf.publicGood);
  const services = await servicesFromFile(instance.signingConfig);
  return () => Promise.resolve(services);
}
function identifier({ instance, trustedRoot }, { tokenService: tokenService2 }, loadServices, { transport, tuf }) {
  return async () => {
    const token = await getIdentityToken(tokenService2, transport);
    const claims = parseToken(token);
    if (isProblem(claims)) {
      throw new ActionError("service", "SERVICE_ANSWER", {
        message: `Cannot use the identity token: ${claims.problem}`,
        remedy: claims.remedy
      });
    }
    refuseToPublish(claims.value, instance);
    const signer = await openStatementSigner({
      holder: { token, subject: claims.value.sub },
      services: await loadServices(),
      logIds: async () => {
        const trusts = await (await trustStore(trustedRoot, tuf)).all();
        return trusts.flatMap(({ material }) => material.tlogs.map(({ logID }) => logID));
      },
      transport
    });
    return { claims: claims.value, signer };
  };
}
function refuseToPublish({ repository, repository_visibility: visibility }, { kind }) {
  if (kind !== "public-by-default" || visibility === "public") return;
  throw new ActionError("input", "INPUT_UNSAFE", {
    message: `Cannot sign: "${repository}" is ${visibility}, and signing would publish its name permanently in public logs`,
    remedy: 'set "sigstore: public-good" to accept that, or name the signing configuration of a private Sigstore instance'
  });
}
var init_sign2 = __esm({
  "src/wiring/sign.ts"() {
    "use strict";
    init_files();
    init_identity_token();
    init_errors();
    init_parsed();
    init_evidence_place();
    init_non_empty();
    init_reference();
    init_token();
    init_predicates();
    init_sign();
    init_signing_config();
    init_statement_signer();
    init_verifier();
    init_stores();
    init_pinned();
    init_registry_tagger();
    init_shared();
  }
});

// src/keys/public-key.ts
import { createPublicKey } from "node:crypto";
function parsePublicKeys(text2, from) {
  const keys = [];
  for (const [pem3, label = ""] of text2.matchAll(BLOCK)) {
    const key = parseBlock(pem3, label);
    if (isProblem(key)) return key;
    const spki = key.value.export({ format: "der", type: "spki" });
    keys.push({ key: key.value, spki, fingerprint: digestOf(spki), from });
  }
  return isNonEmpty(keys) ? { value: keys } : otherThanKey(text2);
}
function otherThanKey(text2) {
  const kind = kindOfText(text2);
  const remedy = kind === "a web page" ? 'use the URL of the file itself (on GitHub, the link of the "Raw" button)' : 'pass a file that begins with "-----BEGIN PUBLIC KEY-----", for example cosign.pub';
  return {
    problem: kind === "a public key" ? "it is not a complete PEM public key" : `it is ${kind}, not a PEM public key`,
    remedy
  };
}
function parseBlock(pem3, label) {
  if (label.includes("PRIVATE KEY"))
    return {
      problem: "it is a private key",
      remedy: 'pass the public half, from "cosign public-key" or "openssl pkey -pubout", and replace the key pair if this file was published'
    };
  if (label.startsWith("PGP"))
    return {
      problem: "it is a PGP key, and cosign does not sign with PGP keys",
      remedy: "pass the PEM public key that the image was signed with, for example cosign.pub"
    };
  if (label.includes("CERTIFICATE"))
    return {
      problem: "it is a certificate",
      remedy: 'pass only the public key; for Fulcio certificates use "repository" or "certificate-identity"'
    };
  try {
    return usable(createPublicKey(pem3));
  } catch {
    return {
      problem: `its block "${label}" is not a public key`,
      remedy: "pass a PEM public key, for example cosign.pub"
    };
  }
}
function usable(key) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const isGood = type === "ed25519" || type === "ec" && CURVES.has(details?.namedCurve ?? "") || (type === "rsa" || type === "rsa-pss") && (details?.modulusLength ?? 0) >= SHORTEST_RSA;
  return isGood ? { value: key } : {
    problem: `its key type is not supported: ${type ?? "unknown"} ${details?.namedCurve ?? details?.modulusLength ?? ""}`.trimEnd(),
    remedy: "use ECDSA P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519"
  };
}
var BLOCK, CURVES, SHORTEST_RSA;
var init_public_key = __esm({
  "src/keys/public-key.ts"() {
    "use strict";
    init_digest();
    init_file_kind();
    init_non_empty();
    init_parsed();
    BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;
    CURVES = /* @__PURE__ */ new Set(["prime256v1", "secp384r1", "secp521r1"]);
    SHORTEST_RSA = 2048;
  }
});

// src/keys/load.ts
import { readFile as readFile5 } from "node:fs/promises";
async function loadKeys(locations, transport) {
  const here = await allOrProblems(
    locations.filter((location) => location.kind !== "url").map((location) => readHere(location))
  );
  const fetched = await allOrProblems(
    locations.filter((location) => location.kind === "url").map((location) => fetchKeys(location.url, transport))
  );
  const keys = [...here, ...fetched].flat();
  if (!isNonEmpty(keys)) throw new RangeError("no location of a key");
  return keys;
}
async function readHere(location) {
  if (location.kind === "pem") return keysIn(location.text, "key");
  const text2 = await readFile5(location.path, "utf8").catch((error2) => {
    throw unusable3(
      location.path,
      whyUnreadable(codeOf(error2)),
      "check the path; it is relative to the workspace"
    );
  });
  return keysIn(text2, location.path);
}
async function fetchKeys(url, transport) {
  const from = `${url.origin}${url.pathname}`;
  const { status, body, headers } = await transport({
    method: "GET",
    url,
    limit: KEY_LIMIT,
    timeout: KEY_TIMEOUT,
    redirect: "return"
  }).catch((error2) => {
    throw unfetched(from, error2);
  });
  if (status === 200) return keysIn(body.toString(), from);
  const location = headers.get("location");
  throw location === null ? unusable3(from, `it answered ${status}`, "check the URL; it is fetched without credentials") : unusable3(
    from,
    `it redirects to ${new URL(location, url).origin}`,
    "use the URL of the key file itself, for example on raw.githubusercontent.com at a commit"
  );
}
function unfetched(from, error2) {
  if (!(error2 instanceof ActionError)) return error2;
  if (error2.code === "LIMIT_EXCEEDED")
    return unusable3(
      from,
      `it is larger than ${KEY_LIMIT} bytes`,
      "use the URL of the key file itself"
    );
  return new ActionError(error2.kind, error2.code, {
    message: `Cannot fetch the key "${from}": ${error2.message}`,
    remedy: `${error2.remedy}; or keep the key in a file or in the workflow`,
    cause: error2
  });
}
function keysIn(text2, from) {
  const keys = parsePublicKeys(text2, from);
  if (isProblem(keys)) throw unusable3(from, keys.problem, keys.remedy);
  return keys.value;
}
function unusable3(from, state, remedy) {
  return new ActionError("input", "INPUT_FILE", {
    message: `Cannot use the key "${from}": ${state}`,
    remedy
  });
}
var KEY_LIMIT, KEY_TIMEOUT;
var init_load = __esm({
  "src/keys/load.ts"() {
    "use strict";
    init_errors();
    init_file_kind();
    init_non_empty();
    init_parsed();
    init_public_key();
    KEY_LIMIT = 64 << 10;
    KEY_TIMEOUT = 1e4;
  }
});

// src/sources/reading.ts
function tooMuchAtOnce() {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: "Cannot read a candidate: too many large ones arrived at the same time",
    remedy: "run the job again; store smaller attestations, or remove some that are no longer needed"
  });
}
function takeSmallest(items) {
  let at2 = 0;
  for (const [index, { size }] of items.entries()) if (size < (items[at2]?.size ?? 0)) at2 = index;
  return items.splice(at2, 1)[0];
}
var LIMITS, PROGRESS, Reading;
var init_reading = __esm({
  "src/sources/reading.ts"() {
    "use strict";
    init_errors();
    LIMITS = {
      width: 50,
      patience: 500,
      small: 64 << 10,
      memory: 20 << 20,
      total: 128 << 20
    };
    PROGRESS = 16 << 10;
    Reading = class {
      #limits;
      #memory;
      #outer;
      #stop = new AbortController();
      #waiting = [];
      #running = /* @__PURE__ */ new Set();
      #ready = [];
      #read = 0;
      #left = 0;
      #isEnded = false;
      #wake = () => void 0;
      constructor(memory, signal, limits = {}) {
        this.#memory = memory;
        this.#outer = signal;
        this.#limits = { ...LIMITS, ...limits };
      }
      /** A candidate of this many bytes, as somebody says. */
      add(size, read) {
        this.#waiting.push({ size, read });
        this.#begin();
      }
      /** An outcome that needs no reading. */
      put(outcome) {
        this.#ready.push({ outcome, size: 0 });
        this.#wake();
      }
      /** Nothing is added any more, but by candidates that are being read. */
      end() {
        this.#isEnded = true;
        this.#wake();
      }
      /** Outcomes as they arrive, the smallest of those that are there first; ends when all are read, and stops everything when the caller does. */
      async *[Symbol.asyncIterator]() {
        const timer = setInterval(() => this.#begin(), this.#limits.patience / 2);
        try {
          for (; ; ) {
            const next = takeSmallest(this.#ready);
            if (next) {
              yield next.outcome;
              this.#memory.used -= next.size;
              this.#begin();
              continue;
            }
            if (this.#isEnded && this.#running.size === 0 && this.#waiting.length === 0) break;
            await new Promise((resolve3) => this.#wake = resolve3);
          }
          if (this.#left > 0) yield { failure: this.#tooMuch() };
        } finally {
          clearInterval(timer);
          this.#stop.abort();
          for (const { size } of this.#ready.splice(0)) this.#memory.used -= size;
        }
      }
      #begin() {
        while (this.#mayBegin()) {
          const task = takeSmallest(this.#waiting);
          if (!task) return;
          if (this.#read + task.size > this.#limits.total) this.#left++;
          else void this.#run(task);
        }
      }
      #mayBegin() {
        const smallest = Math.min(...this.#waiting.map(({ size }) => size));
        if (smallest === Infinity || this.#stop.signal.aborted || this.#outer.aborted) return false;
        const active = [...this.#running].filter((each) => !this.#isStalled(each));
        if (active.length >= this.#limits.width) return false;
        if (smallest <= this.#limits.small) return true;
        if (active.some(({ size }) => size <= this.#limits.small)) return false;
        const promised = active.reduce((sum, { size, received }) => sum + size - received, 0);
        const isRoom = this.#memory.used + promised + smallest <= this.#limits.memory;
        return isRoom || this.#memory.used + promised === 0;
      }
      #isStalled({ since }) {
        return performance.now() - since > this.#limits.patience;
      }
      async #run({ size, read }) {
        const stop = new AbortController();
        const running = { size, stop, received: 0, since: performance.now() };
        this.#running.add(running);
        try {
          const signal = AbortSignal.any([stop.signal, this.#stop.signal, this.#outer]);
          const outcome = await read(signal, (count) => this.#charge(running, count));
          if (outcome) this.#ready.push({ outcome, size: running.received });
          else this.#memory.used -= running.received;
        } catch (error2) {
          this.#memory.used -= running.received;
          const failures = stop.signal.aborted ? [tooMuchAtOnce()] : actionErrorsOf(error2);
          for (const failure2 of failures) this.#ready.push({ outcome: { failure: failure2 }, size: 0 });
        } finally {
          this.#running.delete(running);
          this.#wake();
          this.#begin();
        }
      }
      #charge(running, count) {
        const before = Math.floor(running.received / PROGRESS);
        running.received += count;
        this.#read += count;
        this.#memory.used += count;
        if (Math.floor(running.received / PROGRESS) > before) running.since = performance.now();
        if (this.#memory.used > 2 * this.#limits.memory) running.stop.abort();
      }
      #tooMuch() {
        const { total } = this.#limits;
        return new ActionError("service", "LIMIT_EXCEEDED", {
          message: `Cannot read every candidate: ${this.#left} of them are beyond the limit of ${total} bytes per image`,
          remedy: "store smaller attestations, or remove some that are no longer needed"
        });
      }
    };
  }
});

// src/sources/github.ts
function githubSource(attestations, owners, memory) {
  return {
    name: "github",
    find(subject, signal) {
      const reading = new Reading(memory, signal);
      const lists = owners.map((of) => find(attestations, of, { subject, reading }, signal));
      void Promise.all(lists).then(() => reading.end());
      return reading;
    }
  };
}
async function find(store, of, { subject, reading }, signal) {
  const place = `attestations of ${of}`;
  if (!store) {
    reading.put({ looked: { place, answer: "could not be read" } });
    reading.put({ failure: noToken2(of) });
    return;
  }
  const { count, failures } = await store.list(of, subject.digest, signal, (attestation) => {
    const found = { source: "github", place: `${place}, number ${attestation.position}` };
    reading.add(attestation.json.length, async (stop, onBytes) => ({
      found: { ...found, json: await store.read(attestation, stop, onBytes) }
    }));
  });
  const isUnread = count === 0 && failures.length > 0;
  const answer = isUnread ? "could not be read" : `${count} listed`;
  reading.put({ looked: { place, answer } });
  for (const failure2 of failures) reading.put({ failure: failure2 });
}
function noToken2(of) {
  return new ActionError("input", "INPUT_MISSING", {
    message: `Cannot list the attestations of "${of}": "github-token" is empty`,
    remedy: 'remove "github-token" from the step; it defaults to ${{ github.token }}'
  });
}
var init_github2 = __esm({
  "src/sources/github.ts"() {
    "use strict";
    init_errors();
    init_reading();
  }
});

// src/cosign/layer.ts
import { createHash as createHash9 } from "node:crypto";
function annotationsIn(annotations) {
  if (!isRecord(annotations)) return {};
  const entries = [CERTIFICATE, SIGNATURE, REKOR_BUNDLE, TIMESTAMP].map(
    (name) => [name, annotations[name]]
  );
  const isKept = (value) => typeof value === "string" && value.length <= LONGEST5;
  return Object.fromEntries(entries.filter(([, value]) => isKept(value)));
}
function bundleOfLayer({ mediaType, annotations, blob }) {
  return Buffer.from(
    JSON.stringify({
      mediaType: BUNDLE_V01,
      verificationMaterial: {
        ...keyMaterial(annotations),
        tlogEntries: logEntries(annotations),
        timestampVerificationData: { rfc3161Timestamps: timestamps(annotations) }
      },
      ...mediaType === SIGNATURE_LAYER ? { messageSignature: messageSignature(annotations, blob) } : { dsseEnvelope: jsonIn(blob) }
    })
  );
}
function keyMaterial(annotations) {
  const pem3 = text(annotations, CERTIFICATE);
  if (pem3 === "") return { publicKey: { hint: "key" } };
  const der = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/.exec(pem3)?.[1]?.replaceAll(/\s/g, "") ?? "";
  return { x509CertificateChain: { certificates: [{ rawBytes: der }] } };
}
function messageSignature(annotations, blob) {
  return {
    messageDigest: {
      algorithm: "SHA2_256",
      digest: createHash9("sha256").update(blob).digest("base64")
    },
    signature: text(annotations, SIGNATURE)
  };
}
function logEntries(annotations) {
  const bundle = jsonIn(Buffer.from(text(annotations, REKOR_BUNDLE)));
  const payload = isRecord(bundle) ? bundle["Payload"] : void 0;
  if (!isRecord(bundle) || !isRecord(payload)) return [];
  const { body, integratedTime, logIndex, logID } = payload;
  const entry = typeof body === "string" ? jsonIn(Buffer.from(body, "base64")) : void 0;
  return [
    {
      logIndex: decimal(logIndex),
      logId: { keyId: typeof logID === "string" ? base64Of(logID) : void 0 },
      kindVersion: isRecord(entry) ? { kind: entry["kind"], version: entry["apiVersion"] } : {},
      integratedTime: decimal(integratedTime),
      inclusionPromise: { signedEntryTimestamp: bundle["SignedEntryTimestamp"] },
      canonicalizedBody: body
    }
  ];
}
function decimal(value) {
  return typeof value === "number" ? String(value) : value;
}
function base64Of(hex) {
  return Buffer.from(hex, "hex").toString("base64");
}
function timestamps(annotations) {
  const timestamp = jsonIn(Buffer.from(text(annotations, TIMESTAMP)));
  return isRecord(timestamp) ? [{ signedTimestamp: timestamp["SignedRFC3161Timestamp"] }] : [];
}
function jsonIn(bytes) {
  const parsed = parseStrictJson(bytes);
  return isProblem(parsed) ? void 0 : parsed.value;
}
function text(annotations, name) {
  const value = annotations[name];
  return typeof value === "string" ? value : "";
}
var SIGNATURE_LAYER, ATTESTATION_LAYER, CERTIFICATE, SIGNATURE, REKOR_BUNDLE, TIMESTAMP, LONGEST5, BUNDLE_V01;
var init_layer = __esm({
  "src/cosign/layer.ts"() {
    "use strict";
    init_parsed();
    init_json();
    init_strict_json();
    init_types();
    SIGNATURE_LAYER = SIMPLE_SIGNING_TYPE;
    ATTESTATION_LAYER = "application/vnd.dsse.envelope.v1+json";
    CERTIFICATE = "dev.sigstore.cosign/certificate";
    SIGNATURE = "dev.cosignproject.cosign/signature";
    REKOR_BUNDLE = "dev.sigstore.cosign/bundle";
    TIMESTAMP = "dev.sigstore.cosign/rfc3161timestamp";
    LONGEST5 = 64 << 10;
    BUNDLE_V01 = "application/vnd.dev.sigstore.bundle+json;version=0.1";
  }
});

// src/sources/source.ts
function tooLarge2(what, place, size, limit) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot read the ${what} at ${place}: its declared size of ${size} bytes is over the limit of ${limit}`,
    remedy: "store smaller attestations, or remove the one that is too large"
  });
}
var init_source = __esm({
  "src/sources/source.ts"() {
    "use strict";
    init_errors();
  }
});

// src/sources/legacy.ts
function legacySource(evidenceFor, memory) {
  return {
    name: "legacy",
    find(subject, signal) {
      const reading = new Reading(memory, signal);
      const client = evidenceFor(subject);
      const tags = SUFFIXES.map((suffix) => {
        const tag = `${fallbackTag(subject.digest)}${suffix}`;
        const place = `${formatRepository(client.repository)} tag ${tag}`;
        return readTag2({ client, tag, place, reading }, signal).then((discoveries) => {
          for (const discovery of discoveries) reading.put(discovery);
        });
      });
      void Promise.all(tags).then(() => reading.end());
      return reading;
    }
  };
}
async function readTag2({ client, tag, place, reading }, signal) {
  let count = 0;
  const seen = /* @__PURE__ */ new Set();
  const read = readerOfBlobs(client);
  const onEntry = (json) => {
    const layer = layerIn(json);
    const name = digestOf(json);
    if (!layer || seen.has(name)) return;
    if (++count > LAYERS) return;
    seen.add(name);
    addLayer(reading, layer, `${place}, layer ${count}`, read);
  };
  try {
    const request = { list: "layers", onEntry, signal };
    const listing = await readTaggedListing(client, tag, request);
    if (!listing) return [{ looked: { place, answer: "absent" } }];
    const failures = faultsOf2(listing, place, count);
    const answer = `${count} listed${failures.length > 0 ? " (incomplete)" : ""}`;
    return [{ looked: { place, answer } }, ...failures.map((failure2) => ({ failure: failure2 }))];
  } catch (error2) {
    const failures = actionErrorsOf(error2).map((failure2) => ({ failure: failure2 }));
    return [{ looked: { place, answer: "could not be read" } }, ...failures];
  }
}
function layerIn(json) {
  const layer = recordIn2(json);
  if (!layer) return void 0;
  const { mediaType, digest, size, annotations } = layer;
  if (mediaType !== SIGNATURE_LAYER && mediaType !== ATTESTATION_LAYER) return void 0;
  if (!isDigest(digest) || typeof size !== "number" || !(size >= 0)) return void 0;
  return { mediaType, digest, size, annotations: annotationsIn(annotations) };
}
function readerOfBlobs(client) {
  const blobs = /* @__PURE__ */ new Map();
  return ({ digest, size }, signal, onBytes) => {
    const name = `${digest} ${size}`;
    const blob = blobs.get(name) ?? readBlob(client, digest, size, { signal, onBytes });
    blobs.set(name, blob);
    return blob;
  };
}
function addLayer(reading, layer, place, read) {
  if (layer.size > BUNDLE_LIMIT) {
    reading.put({ failure: tooLarge2("layer", place, layer.size, BUNDLE_LIMIT) });
    return;
  }
  reading.add(layer.size, async (signal, onBytes) => {
    const blob = await read(layer, signal, onBytes);
    return { found: new FoundLayer(place, { ...layer, blob }) };
  });
}
function faultsOf2({ isWhole, tooLarge: passedBy }, place, count) {
  const remedy = "remove signatures that are no longer needed";
  const limit = (state) => new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot check every layer in ${place}: ${state}`,
    remedy
  });
  return [
    ...isWhole ? [] : [limit("it is not a JSON object")],
    ...count > LAYERS ? [limit(`${count} layers are listed, and at most ${LAYERS} are read`)] : [],
    ...passedBy > 0 ? [limit(`${passedBy} layers have descriptors larger than ${ENTRY_LIMIT} bytes`)] : []
  ];
}
var SUFFIXES, LAYERS, FoundLayer;
var init_legacy = __esm({
  "src/sources/legacy.ts"() {
    "use strict";
    init_layer();
    init_errors();
    init_bundle();
    init_digest();
    init_reference();
    init_content();
    init_listing();
    init_referrer();
    init_reading();
    init_source();
    SUFFIXES = [".sig", ".att"];
    LAYERS = 500;
    FoundLayer = class {
      source = "legacy";
      place;
      #layer;
      constructor(place, layer) {
        this.place = place;
        this.#layer = layer;
      }
      get json() {
        return bundleOfLayer(this.#layer);
      }
      get layer() {
        return this.#layer.blob;
      }
    };
  }
});

// src/sources/registry.ts
function registrySource(evidenceFor, memory) {
  return {
    name: "registry",
    find: (subject, signal) => find2({ client: evidenceFor(subject), subject }, memory, signal)
  };
}
function find2(place, memory, signal) {
  const reading = new Reading(memory, signal);
  void readLists(place, reading, signal).then(() => reading.end());
  return reading;
}
async function readLists(place, reading, signal) {
  const { client, subject } = place;
  const seen = /* @__PURE__ */ new Set();
  const lists = listEachPlace(client, subject.digest, signal, () => {
    const others = [];
    let certain = 0;
    let count = 0;
    return {
      take(referrer) {
        if (!mayBeBundle(referrer) || seen.has(referrer.digest)) return;
        count++;
        if (!isBundle(referrer)) {
          if (others.length < CANDIDATES) others.push(referrer);
          return;
        }
        if (certain++ >= CANDIDATES) return;
        seen.add(referrer.digest);
        addManifest(reading, referrer, place);
      },
      end() {
        const room = Math.max(CANDIDATES - certain, 0);
        for (const referrer of others.filter(({ digest }) => !seen.has(digest)).slice(0, room)) {
          seen.add(referrer.digest);
          addManifest(reading, referrer, place);
        }
        if (count > CANDIDATES) reading.put({ failure: tooMany(subject, count) });
      }
    };
  });
  await Promise.all(
    lists.map(async (list2) => {
      const { looked, failures } = await list2;
      for (const { place: where, answer } of looked) {
        const at2 = `${formatRepository(client.repository)} ${where}`;
        reading.put({ looked: { place: at2, answer } });
      }
      for (const failure2 of failures) reading.put({ failure: failure2 });
    })
  );
}
function isBundle({ artifactType }) {
  return artifactType?.startsWith(BUNDLE_PREFIX) ?? false;
}
function mayBeBundle(referrer) {
  const { artifactType } = referrer;
  if (artifactType === void 0 || artifactType === EMPTY_CONFIG || isBundle(referrer)) {
    return true;
  }
  return artifactType.includes(".config.v1+json");
}
function addManifest(reading, { digest, size }, { client, subject }) {
  const place = `${formatRepository(client.repository)}@${digest}`;
  if (size > ARTIFACT_LIMIT) {
    reading.put({ failure: tooLarge2("manifest", place, size, ARTIFACT_LIMIT) });
    return;
  }
  reading.add(size, async (signal, onBytes) => {
    const manifest = await readArtifact(client, digest, signal);
    if (!manifest) throw missing(place);
    onBytes(manifest.size);
    const layer = bundleLayerOf(manifest.json, subject.digest);
    if (layer) addBundle(reading, layer, place, client);
    return void 0;
  });
}
function bundleLayerOf(json, about) {
  const { subject, layers } = json;
  if (!isRecord(subject) || subject["digest"] !== about) return void 0;
  const bundles = (Array.isArray(layers) ? layers : []).filter(isRecord).filter(
    ({ mediaType }) => typeof mediaType === "string" && mediaType.startsWith(BUNDLE_PREFIX)
  );
  const { digest, size } = bundles[0] ?? {};
  if (bundles.length !== 1 || !isDigest(digest) || typeof size !== "number" || !(size >= 0)) {
    return void 0;
  }
  return { digest, size };
}
function addBundle(reading, { digest, size }, place, client) {
  if (size > BUNDLE_LIMIT) {
    reading.put({ failure: tooLarge2("bundle", place, size, BUNDLE_LIMIT) });
    return;
  }
  reading.add(size, async (signal, onBytes) => {
    const json = await readBlob(client, digest, size, { signal, onBytes });
    const found = { source: "registry", place, json };
    return { found };
  });
}
function tooMany(subject, count) {
  return new ActionError("service", "LIMIT_EXCEEDED", {
    message: `Cannot check every referrer of "${formatSubject(subject)}": ${count} are listed, and at most ${CANDIDATES} are read`,
    remedy: "remove referrers that are no longer needed (each signing run adds one)"
  });
}
function missing(place) {
  return new ActionError("service", "SERVICE_ANSWER", {
    message: `Cannot read the manifest at ${place}: it is listed, but the registry does not have it`,
    remedy: "run the job again; if it keeps failing, remove the entry from the list of referrers"
  });
}
var CANDIDATES;
var init_registry2 = __esm({
  "src/sources/registry.ts"() {
    "use strict";
    init_errors();
    init_bundle();
    init_digest();
    init_json();
    init_reference();
    init_subject();
    init_content();
    init_media_types();
    init_referrers();
    init_reading();
    init_source();
    CANDIDATES = 500;
  }
});

// src/sources/index.ts
var SOURCES;
var init_sources = __esm({
  "src/sources/index.ts"() {
    "use strict";
    init_github2();
    init_legacy();
    init_registry2();
    SOURCES = {
      registry: ({ evidenceFor, memory }) => registrySource(evidenceFor, memory),
      legacy: ({ evidenceFor, memory }) => legacySource(evidenceFor, memory),
      github: ({ attestations, attestationsOf: attestationsOf2, memory }) => githubSource(attestations, attestationsOf2, memory)
    };
  }
});

// src/subjects/resolve.ts
function resolveBy(clientFor) {
  return async (reference) => {
    const client = clientFor(reference);
    const { repository, digest, tag } = reference;
    if (digest === void 0) {
      const manifest = await readManifest(client, tag ?? "latest");
      if (!manifest) throw missing2(reference);
      return { subject: { repository, digest: manifest.digest }, confirmed: Promise.resolve() };
    }
    const confirmed = readManifest(client, tag ?? digest).then(
      (manifest) => confirm(reference, manifest)
    );
    confirmed.catch(() => void 0);
    return { subject: { repository, digest }, confirmed };
  };
}
function confirm(reference, manifest) {
  if (!manifest) throw missing2(reference);
  if (manifest.digest === reference.digest) return;
  throw new ActionError("input", "SUBJECT_MOVED", {
    message: `Cannot verify "${reference.text}": tag ${reference.tag ?? ""} points to ${manifest.digest}`,
    remedy: "find out who moved the tag; to verify the digest regardless of the tag, remove the tag from the reference"
  });
}
function missing2({ text: text2, repository, tag, digest }) {
  return new ActionError("input", "SUBJECT_MISSING", {
    message: `Cannot verify "${text2}": "${formatRepository(repository)}" has no ${tag === void 0 ? `manifest ${digest ?? ""}` : `tag "${tag}"`}`,
    remedy: "check the name, and that the image was pushed to this registry"
  });
}
var init_resolve = __esm({
  "src/subjects/resolve.ts"() {
    "use strict";
    init_errors();
    init_reference();
    init_content();
  }
});

// src/concurrency/merged.ts
async function* merged(streams, idleAfter) {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const ask2 = async (iterator) => ({
    iterator,
    result: await iterator.next()
  });
  const pending = new Map(iterators.map((iterator) => [iterator, ask2(iterator)]));
  try {
    while (pending.size > 0) {
      const arrival = await firstOf2([...pending.values()], idleAfter);
      if (arrival === IDLE) {
        yield IDLE;
        continue;
      }
      const { iterator, result } = arrival;
      pending.delete(iterator);
      if (result.done) continue;
      yield result.value;
      pending.set(iterator, ask2(iterator));
    }
  } finally {
    for (const iterator of iterators) void iterator.return?.();
  }
}
async function firstOf2(promises3, idleAfter) {
  let timer;
  const idle = new Promise((resolve3) => {
    timer = setTimeout(() => resolve3(IDLE), idleAfter);
  });
  try {
    return await Promise.race([...promises3, idle]);
  } finally {
    clearTimeout(timer);
  }
}
var IDLE;
var init_merged = __esm({
  "src/concurrency/merged.ts"() {
    "use strict";
    IDLE = /* @__PURE__ */ Symbol("idle");
  }
});

// src/policy/rules.ts
function findingsFor(signer, { signer: required }) {
  if (required.kind === "key")
    return isKeyHolder(signer) ? [] : [{ rule: "key", expected: "a signature made with the key", found: signer.san }];
  if (isKeyHolder(signer))
    return [
      {
        rule: "certificate",
        expected: "a signature made with a certificate",
        found: `signed with the key ${signer.key}`
      }
    ];
  const ofIdentity = required.identities.map((identity) => broken(rulesOf(identity), signer)).reduce((nearest, each) => each.length < nearest.length ? each : nearest);
  return [...ofIdentity, ...broken(required.circumstances, signer)];
}
function rulesOf({ issuer, rules }) {
  return [{ name: "issuer", matcher: issuer }, ...rules];
}
function broken(rules, signer) {
  return rules.flatMap(({ name, matcher }) => {
    const fact = FACTS[name](signer);
    if (fact !== void 0 && matches(matcher, fact)) return [];
    return [{ rule: name, expected: formatMatcher(matcher), found: fact ?? NOT_STATED }];
  });
}
var FACTS;
var init_rules = __esm({
  "src/policy/rules.ts"() {
    "use strict";
    init_identity();
    init_matcher();
    init_verdict();
    FACTS = {
      issuer: ({ issuer }) => issuer,
      repository: ({ claims }) => claims.sourceRepositoryUri,
      "repository-id": ({ claims }) => claims.sourceRepositoryIdentifier,
      owner: ({ claims }) => claims.sourceRepositoryOwnerUri,
      "owner-id": ({ claims }) => claims.sourceRepositoryOwnerIdentifier,
      "signer-workflow": ({ san }) => san,
      "certificate-identity": ({ san }) => san,
      "source-ref": ({ claims }) => claims.sourceRepositoryRef,
      "source-digest": ({ claims }) => claims.sourceRepositoryDigest,
      "signer-digest": ({ claims }) => claims.buildSignerDigest,
      event: ({ claims }) => claims.buildTrigger,
      environment: ({ claims }) => claims.deploymentEnvironment,
      "deny-self-hosted-runners": ({ claims }) => claims.runnerEnvironment
    };
  }
});

// src/policy/evaluate.ts
function evaluate(requirements, { checked, looked, failures }) {
  const verified = checked.flatMap((each) => "verified" in each ? [each.verified] : []);
  const judged = verified.map((bundle) => ({
    bundle,
    findings: findingsFor(bundle.signer, requirements)
  }));
  const required = judged.filter(
    ({ bundle }) => requirements.require.some((type) => isOf(type, bundle))
  );
  const seen = {
    rejections: checked.flatMap((each) => "rejected" in each ? [each.rejected] : []),
    unacceptable: required.flatMap(
      ({ bundle, findings }) => isNonEmpty(findings) ? [{ bundle, findings }] : []
    ),
    ignored: verified.filter((bundle) => !required.some((each) => each.bundle === bundle)),
    looked
  };
  const evidence = requirements.require.flatMap((type) => {
    const bundles = required.filter(({ bundle, findings }) => isOf(type, bundle) && findings.length === 0).map(({ bundle }) => bundle);
    return isNonEmpty(bundles) ? [{ requirement: type.name, bundles }] : [];
  });
  const unmet = requirements.require.map(({ name }) => name).filter((name) => !evidence.some(({ requirement }) => requirement === name));
  if (isNonEmpty(evidence) && !isNonEmpty(unmet)) return { ...seen, outcome: "accepted", evidence };
  if (isNonEmpty(failures)) return { ...seen, outcome: "inconclusive", failures };
  const [first = "signature", ...others] = unmet;
  return {
    ...seen,
    outcome: checked.length > 0 ? "rejected" : "unattested",
    unmet: [first, ...others]
  };
}
function isOf({ predicateTypes }, { statement }) {
  return predicateTypes.includes(statement.predicateType);
}
var init_evaluate = __esm({
  "src/policy/evaluate.ts"() {
    "use strict";
    init_non_empty();
    init_rules();
  }
});

// src/gate.ts
async function judge(reference, requirements, services) {
  const stop = new AbortController();
  let subject;
  try {
    const resolved = await services.resolve(reference);
    subject = resolved.subject;
    const [verdict] = await Promise.all([
      gather(subject, requirements, services, stop.signal),
      resolved.confirmed
    ]);
    return { reference: reference.text, subject, verdict };
  } catch (error2) {
    return { reference: reference.text, subject, verdict: verdictOf(actionErrorsOf(error2)) };
  } finally {
    stop.abort();
  }
}
function verdictOf([failure2, ...failures]) {
  if (!failure2) throw new RangeError("a failure without a reason");
  return {
    outcome: outcomeOf(failure2),
    failures: [failure2, ...failures],
    rejections: [],
    unacceptable: [],
    ignored: [],
    looked: []
  };
}
function outcomeOf({ code: code2 }) {
  return code2 === "SUBJECT_MOVED" || code2 === "DIGEST_MISMATCH" ? "rejected" : "inconclusive";
}
async function gather(subject, requirements, services, signal) {
  const streams = services.sources.map((source) => source.find(subject, signal));
  const gathering = new Gathering(subject, requirements, services, await services.loadVerifier());
  for await (const discovery of merged(streams, IDLE_AFTER)) {
    if (discovery === IDLE) await gathering.decidePostponed();
    else await gathering.take(discovery);
    if (gathering.isComplete) return gathering.verdict();
  }
  await gathering.decidePostponed();
  return gathering.verdict();
}
function rarestFirst(failures) {
  const alike = Map.groupBy(failures, ({ code: code2, remedy }) => `${code2} ${remedy}`);
  return [...alike.values()].sort((a, b) => a.length - b.length).flat();
}
var IDLE_AFTER, POSTPONED_LIMIT, Gathering;
var init_gate = __esm({
  "src/gate.ts"() {
    "use strict";
    init_merged();
    init_errors();
    init_evaluate();
    IDLE_AFTER = 1e3;
    POSTPONED_LIMIT = 32 << 20;
    Gathering = class {
      #subject;
      #requirements;
      #services;
      #verify;
      #checked = [];
      #looked = [];
      #failures = [];
      #postponed = [];
      #postponedBytes = 0;
      #isLate = false;
      #isAccepted = false;
      constructor(subject, requirements, services, verify5) {
        this.#subject = subject;
        this.#requirements = requirements;
        this.#services = services;
        this.#verify = verify5;
      }
      /** Whether more could not change anything: evidence cannot be taken away, and after the deadline nothing is read. */
      get isComplete() {
        return this.#isAccepted || this.#isLate;
      }
      async take(discovery) {
        if ("looked" in discovery) this.#looked.push(discovery.looked);
        if ("failure" in discovery) this.#failures.push(discovery.failure);
        if (this.#isInTime() && "found" in discovery) await this.#check(discovery.found);
      }
      /** Bundles that only another trusted root could hold. */
      async decidePostponed() {
        const postponed = this.#postponed.splice(0);
        this.#postponedBytes = 0;
        for (const { postponed: decide2 } of postponed) {
          if (this.isComplete || !this.#isInTime()) return;
          await this.#note(decide2);
        }
      }
      verdict() {
        return evaluate(this.#requirements, {
          checked: this.#checked,
          looked: this.#looked,
          failures: rarestFirst(this.#failures)
        });
      }
      async #check(found) {
        const size = (found.layer ?? found.json).length;
        await this.#note(() => this.#verify(found, this.#subject.digest), size);
        if (this.#postponedBytes > POSTPONED_LIMIT) await this.decidePostponed();
      }
      async #note(check, size = 0) {
        try {
          const checked = await check();
          if ("postponed" in checked) {
            this.#postponed.push(checked);
            this.#postponedBytes += size;
            return;
          }
          this.#checked.push(checked);
          if ("verified" in checked) this.#isAccepted = this.verdict().outcome === "accepted";
        } catch (error2) {
          this.#failures.push(...actionErrorsOf(error2));
        }
      }
      #isInTime() {
        if (!this.#services.deadline.aborted) return true;
        if (!this.#isLate)
          this.#failures.push(this.#services.outOfTime("not every bundle was verified"));
        this.#isLate = true;
        return false;
      }
    };
  }
});

// src/verify.ts
async function verify4({ images: references, requirements }, services) {
  const images = await sideBySide(
    references,
    WIDTH4,
    (reference) => judge(reference, requirements, services)
  );
  if (!isNonEmpty(images)) throw new RangeError("a request without images");
  const outcome = WORST_FIRST.find(
    (each) => images.some(({ verdict }) => verdict.outcome === each)
  );
  return {
    mode: "verify",
    images,
    outcome: outcome ?? "inconclusive",
    insecure: insecureIn(requirements)
  };
}
function insecureIn({ signer }) {
  return signer.kind === "key" && signer.witness === "insecure-ignored" ? [
    "insecure-ignore-tlog: the time of signing is not verified, so a signature made with a stolen or retired key is accepted"
  ] : [];
}
var WIDTH4, WORST_FIRST;
var init_verify = __esm({
  "src/verify.ts"() {
    "use strict";
    init_side_by_side();
    init_gate();
    init_non_empty();
    WIDTH4 = 16;
    WORST_FIRST = ["rejected", "unattested", "inconclusive", "accepted"];
  }
});

// src/wiring/verify.ts
var verify_exports = {};
__export(verify_exports, {
  runVerify: () => runVerify
});
async function runVerify(request, environment) {
  const deadline = deadlineIn(Math.max(request.retryTimeout, SHORTEST_READING));
  const { clientFor, evidenceFor, attestations, tuf, transport } = sharedServices(
    request,
    environment,
    {
      accessTo: () => "pull",
      deadline
    }
  );
  const { attestationsOf: attestationsOf2 } = request;
  const services = { evidenceFor, attestations, attestationsOf: attestationsOf2, memory: { used: 0 } };
  const keys = await trustedKeys(request.requirements.signer, transport);
  return verify4(request, {
    loadVerifier: await verifierLoader(request.trustedRoot, tuf, keys),
    resolve: resolveBy(clientFor),
    sources: [SOURCES.registry(services), SOURCES.legacy(services), SOURCES.github(services)],
    deadline: deadline.signal,
    outOfTime: (state) => outOfTime(state, deadline)
  });
}
async function trustedKeys(signer, transport) {
  if (signer.kind !== "key") return void 0;
  const keys = await loadKeys(signer.keys, transport);
  for (const { fingerprint, from } of keys)
    stepLog.info(`Trusting the key ${fingerprint} from ${from}`);
  if (signer.witness === "insecure-ignored")
    stepLog.warning("insecure-ignore-tlog: neither a log entry nor a timestamp is required");
  return { keys, witness: signer.witness };
}
var SHORTEST_READING;
var init_verify2 = __esm({
  "src/wiring/verify.ts"() {
    "use strict";
    init_log();
    init_deadline();
    init_load();
    init_sources();
    init_resolve();
    init_verify();
    init_shared();
    SHORTEST_READING = 15e3;
  }
});

// src/action/end.ts
function end() {
  process.stdout.write("", () => process.exit());
}

// src/action/environment.ts
init_identity_token();
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

// src/action/proxy.ts
init_core();
var VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
function unusableProxies(env) {
  return VARIABLES.filter((name) => {
    const address = env[name] ?? "";
    return address !== "" && !isProxy(address);
  });
}
function isProxy(address) {
  const url = URL.parse(address);
  if (!url) return false;
  if (url.password !== "") setSecret(url.password);
  const isPlain = ["", "/"].includes(url.pathname) && url.hash === "" && url.search === "";
  return isPlain && ["http:", "https:"].includes(url.protocol) && url.hostname !== "";
}

// src/action/inputs.ts
init_core();
var INPUTS = {
  mode: "both",
  images: "both",
  digest: "both",
  stores: "sign",
  attestations: "sign",
  tags: "sign",
  sigstore: "sign",
  repository: "verify",
  owner: "verify",
  "signer-workflow": "verify",
  "source-ref": "verify",
  "source-digest": "verify",
  "signer-digest": "verify",
  event: "verify",
  environment: "verify",
  "deny-self-hosted-runners": "verify",
  "certificate-identity": "verify",
  "certificate-oidc-issuer": "verify",
  key: "verify",
  "insecure-ignore-tlog": "verify",
  require: "verify",
  "signature-repository": "both",
  "trusted-root": "both",
  "github-token": "both",
  "registry-username": "both",
  "registry-password": "both",
  "retry-timeout": "both",
  summary: "both"
};
var DEFAULTS = {
  stores: "registry",
  "deny-self-hosted-runners": "false",
  "certificate-oidc-issuer": "https://token.actions.githubusercontent.com",
  "insecure-ignore-tlog": "false",
  require: "signature"
};
function readInputs() {
  const inputs = Object.fromEntries(
    Object.keys(INPUTS).map((name) => [name, getInput(name)])
  );
  for (const name of ["github-token", "registry-password"])
    if (inputs[name] !== "") setSecret(inputs[name]);
  return inputs;
}

// src/action/undeclared.ts
var PREFIX = "INPUT_";
var NAMES = Object.keys(INPUTS);
function undeclaredInputs(env) {
  return Object.keys(env).filter((variable) => variable.startsWith(PREFIX)).map((variable) => variable.slice(PREFIX.length).toLowerCase()).filter((name) => !NAMES.includes(name)).sort();
}
function refuseUndeclared(names, problems) {
  for (const name of names) {
    const nearest = nearestInput(name);
    problems.add(
      "INPUT_INVALID",
      `Cannot use "${name}": this action has no such input`,
      nearest === void 0 ? `remove it from "with", or rename the variable INPUT_${name.toUpperCase()} if "env" sets it` : `did you mean "${nearest}"?`
    );
  }
}
function nearestInput(name) {
  const written = name.replaceAll("_", "-");
  const ranked = NAMES.map((input) => ({ input, distance: distanceBetween(written, input) })).filter(({ input, distance }) => distance <= input.length / 2.5 || isShortFor(written, input)).sort((a, b) => a.distance - b.distance);
  return ranked[0]?.input;
}
function isShortFor(written, input) {
  return written.length > 2 && input.includes(written);
}
function distanceBetween(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [position, character] of Array.from(from).entries()) {
    const next = [position + 1];
    for (const [index, other] of Array.from(to).entries()) {
      const replaced = (row[index] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

// src/action/environment.ts
function readEnvironment() {
  const { env } = process;
  const tokenService2 = tokenServiceIn(env);
  const read = (name, otherwise) => env[name] || otherwise;
  return Object.freeze({
    repository: read("GITHUB_REPOSITORY", ""),
    repositoryId: read("GITHUB_REPOSITORY_ID", ""),
    repositoryOwnerId: read("GITHUB_REPOSITORY_OWNER_ID", ""),
    serverUrl: read("GITHUB_SERVER_URL", "https://github.com").replace(/\/+$/, ""),
    apiUrl: read("GITHUB_API_URL", "https://api.github.com").replace(/\/+$/, ""),
    temp: read("RUNNER_TEMP", tmpdir()),
    dockerConfig: join(read("DOCKER_CONFIG", join(homedir(), ".docker")), "config.json"),
    ...env["COSIGN_REPOSITORY"] ? { cosignRepository: env["COSIGN_REPOSITORY"] } : {},
    identityToken: tokenService2 ? "available" : "unavailable",
    ...tokenService2 ? { tokenService: tokenService2 } : {},
    unusableProxies: unusableProxies(env),
    undeclaredInputs: undeclaredInputs(env),
    workspace: read("GITHUB_WORKSPACE", process.cwd())
  });
}

// src/action/publish.ts
init_core();
init_errors();
init_subject();
init_tag();
init_types();

// src/report/commands.ts
init_identity();
init_reference();
init_subject();
init_types();
function verifyCommands({ bundles }, trustedRoot) {
  const lines = bundles.flatMap(
    ({ verified, stored, signed }) => stored.map(({ store, subjects: [subject], repository }) => {
      const image = formatSubject(subject);
      const where = repository ? `COSIGN_REPOSITORY=${quoted(formatRepository(repository))} ` : "";
      if (signed.predicateType === SIGNATURE_TYPE)
        return cosignLine(`${where}cosign verify`, image, verified, trustedRoot);
      if (trustedRoot !== void 0 || repository)
        return store === "registry" ? cosignLine(
          `${where}cosign verify-attestation --type ${signed.predicateType}`,
          image,
          verified,
          trustedRoot
        ) : "";
      return ghLine(image, verified, store === "registry" ? " --bundle-from-oci" : "");
    })
  );
  return [...new Set(lines)].filter((line) => line !== "");
}
function cosignLine(command, image, { signer }, trustedRoot) {
  if (isKeyHolder(signer)) return "";
  const root = trustedRoot === void 0 ? "" : ` --trusted-root ${quoted(trustedRoot)}`;
  return `${command}${root} --certificate-identity ${quoted(signer.san)} --certificate-oidc-issuer ${quoted(signer.issuer)} ${image}`;
}
function ghLine(image, { signer, statement }, from) {
  if (isKeyHolder(signer)) return "";
  const repository = new URL(signer.claims.sourceRepositoryUri ?? signer.san).pathname.split("/").slice(1, 3).join("/");
  const isReusable = !signer.san.startsWith(`${signer.claims.sourceRepositoryUri ?? ""}/`);
  const workflow = isReusable ? ` --signer-workflow ${quoted(signer.san.replace(/^https:\/\//, "").replace(/@.*$/, ""))}` : "";
  return `gh attestation verify oci://${image} --repo ${repository}${workflow} --predicate-type ${statement.predicateType}${from}`;
}
function quoted(value) {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

// src/report/explain.ts
init_identity();
init_subject();
init_types();

// src/report/rejections.ts
init_verdict();
var AGAIN = "sign the image again; do not deploy it as is";
var MEANINGS = {
  BUNDLE_MALFORMED: {
    state: "the bundle is malformed or is not a Sigstore bundle",
    remedy: AGAIN
  },
  BUNDLE_VERSION: {
    state: "the bundle has an unsupported version",
    remedy: "sign with a tool that writes bundle version 0.3, or update this action"
  },
  BUNDLE_UNSUPPORTED: {
    state: "the bundle signs a file, not an image",
    remedy: "sign the image"
  },
  CERTIFICATE: {
    state: "the certificate was not issued by a trusted authority, or was not valid at the time of signing",
    remedy: 'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as is'
  },
  CERTIFICATE_USAGE: { state: "the certificate is not valid for code signing", remedy: AGAIN },
  CERTIFICATE_IDENTITY: {
    state: "the certificate does not identify exactly one signer",
    remedy: AGAIN
  },
  SIGNATURE: {
    state: "the signature does not match this content and key",
    remedy: `${AGAIN}; if another key signed it, set "key" to that key`
  },
  KEY: {
    state: "the image is signed with a key where a certificate is required, or the other way round",
    remedy: 'set "key" for an image signed with a key, or "repository" or another identity input for a keyless signature'
  },
  TIMESTAMP: {
    state: "no trusted timestamp or log entry proves when it was signed",
    remedy: 'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again with a timestamp; do not deploy it as is'
  },
  TRANSPARENCY_LOG: {
    state: "the signature has no valid entry in a trusted transparency log",
    remedy: 'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as is'
  },
  LOG_ENTRY_KEY: {
    state: "the transparency log recorded the signature with another key",
    remedy: AGAIN
  },
  PAYLOAD_TYPE: { state: "the signed payload is not an in-toto statement", remedy: AGAIN },
  STATEMENT: {
    state: "the signed payload is not a valid statement about an image",
    remedy: AGAIN
  },
  SUBJECT: {
    state: "the signature is for another image",
    remedy: "sign this image; the signature that was found belongs to another one"
  }
};
function sentenceOf({ code: code2, finding: { rule: rule2, expected, found } }) {
  return `${MEANINGS[code2].state} (${rule2}: expected "${expected}", found "${found}")`;
}
function remedyOf({ code: code2, finding }) {
  return finding.rule === LOG_OR_TIMESTAMP ? 'sign again with a transparency log, or set "insecure-ignore-tlog: true" to accept signatures without a known time of signing' : MEANINGS[code2].remedy;
}

// src/report/signer-remedies.ts
init_identity();
init_verdict();
var INPUT_OF = {
  issuer: "certificate-oidc-issuer",
  "repository-id": "repository",
  "owner-id": "repository"
};
function remedyForSigner(findings, signer) {
  const inputs = findings.filter((finding) => !follows(finding, findings)).map(inputOf);
  const [first, ...others] = findings;
  const change = remedyForIssuer(findings, signer) ?? (others.length === 0 ? remedyForOne(first) : void 0) ?? `if the signer that was found is the right one, change ${[...new Set(inputs)].join(", ")}`;
  return `${change}; otherwise do not deploy this image`;
}
function remedyForIssuer(findings, signer) {
  if (isKeyHolder(signer) || !findings.some(({ rule: rule2 }) => rule2 === "issuer")) return void 0;
  return `if that signer is allowed to sign, set "certificate-identity: ${signer.san}" and "certificate-oidc-issuer: ${signer.issuer}"`;
}
function inputOf({ rule: rule2 }) {
  return `"${INPUT_OF[rule2] ?? rule2}"`;
}
function follows({ rule: rule2, expected }, findings) {
  return rule2 === "signer-workflow" && expected.endsWith("/*") && findings.some((other) => other.rule === "repository" || other.rule === "owner");
}
function remedyForOne({ rule: rule2, expected, found }) {
  if (found === NOT_STATED) return void 0;
  switch (rule2) {
    case "event":
      return `if runs on "${found}" are allowed to sign this image, add "${found}" to "event"`;
    case "source-ref":
      return `if builds of "${found}" are allowed to be deployed, add "${found}" to "source-ref"`;
    case "repository-id":
    case "owner-id":
      return 'if the repository was deleted and created again under the same name, set "repository", which compares only the name';
    case "signer-workflow":
      return remedyForWorkflow(expected, found);
    default:
      return void 0;
  }
}
function remedyForWorkflow(expected, found) {
  const [file = "", ref] = splitAtRef(found);
  const [, name] = /^https:\/\/(.+\/\.github\/workflows\/.+)$/.exec(file) ?? [];
  if (name === void 0 || ref === void 0) return void 0;
  if (file === splitAtRef(expected)[0])
    return `if it is allowed to sign at that ref, add "${name}@${ref}" to "signer-workflow", or remove the ref there and restrict refs with "source-ref"`;
  return expected.endsWith("/*") ? `if that workflow is allowed to sign, add "signer-workflow: ${name}"` : void 0;
}
function splitAtRef(url) {
  const at2 = url.indexOf("@");
  return at2 < 0 ? [url] : [url.slice(0, at2), url.slice(at2 + 1)];
}

// src/report/untrusted.ts
var LONGEST = 1e3;
function forLog(text2) {
  return inOneLine(text2).replaceAll("##[", "##\\u{5b}");
}
function forMarkdown(text2) {
  return inOneLine(text2).replaceAll(
    /[&<>|`\\*_[\]()#!~]/g,
    (character) => `&#${character.charCodeAt(0)};`
  );
}
function inOneLine(text2) {
  const shortened = text2.length > LONGEST ? `${text2.slice(0, LONGEST)}\u2026` : text2;
  return shortened.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  );
}

// src/report/explain.ts
function explainVerdict({ reference, subject, verdict }) {
  return [
    `${verdict.outcome}: ${subject ? formatSubject(subject) : reference}`,
    ...reasons(verdict).map((reason) => `  ${forLog(reason)}`)
  ];
}
function failureOf(image) {
  const { message, remedy } = failure(image);
  return { message: forLog(message), remedy: forLog(remedy) };
}
function failure({ reference, subject, verdict }) {
  const image = subject ? formatSubject(subject) : reference;
  if ("failures" in verdict) {
    const [{ message, remedy }] = verdict.failures;
    return {
      message: message.includes(`"${reference}"`) ? `${message} (${verdict.outcome})` : `Cannot verify "${image}": ${verdict.outcome}. ${message}`,
      remedy
    };
  }
  switch (verdict.outcome) {
    case "accepted":
      return { message: `${image} is accepted`, remedy: "nothing" };
    case "unattested":
      return {
        message: `Cannot accept "${image}": unattested, no signature or attestation found (${verdict.looked.length} places searched, listed in the log)`,
        remedy: "sign the image in the workflow that builds it, before this step; for one platform of a signed multi-platform image, verify the index instead"
      };
    case "rejected":
      return {
        message: `Cannot accept "${image}": rejected, no acceptable ${verdict.unmet.join(" and no acceptable ")}. ${closest(verdict)}`,
        remedy: remedyFor(verdict, verdict.unmet)
      };
  }
}
function reasons(verdict) {
  const evidence = verdict.outcome === "accepted" ? verdict.evidence : [];
  const failures = "failures" in verdict ? verdict.failures : [];
  return [
    ...evidence.map(
      ({ requirement, bundles: [first, ...others] }) => [`${requirement}: ${describe(first)}`, ...moreThan(others)].join(", ")
    ),
    ...firstOf(nearestFirst(verdict.unacceptable).flatMap(findingsOf)),
    ...firstOf(
      verdict.rejections.map(
        (rejection) => `${rejection.found.place}: ${rejection.code}, ${sentenceOf(rejection)}`
      )
    ),
    ...firstOf(
      verdict.ignored.map(
        ({ found, statement }) => `${found.place}: verified, but of type ${statement.predicateType}, which "require" does not list`
      )
    ),
    ...firstOf(failures.map(({ code: code2, message }) => `${code2}: ${message}`)),
    ...verdict.looked.map(({ place, answer }) => `searched ${place}: ${answer}`)
  ];
}
var READ = 20;
function firstOf(lines) {
  const more = lines.length - READ;
  return more > 0 ? [...lines.slice(0, READ), `and ${more} more, see "results-path"`] : lines;
}
function moreThan(others) {
  return others.length > 0 ? [`and ${others.length} more`] : [];
}
function findingsOf({ bundle, findings }) {
  const what = `${nameOfType(bundle.statement.predicateType)} at ${bundle.found.place}`;
  return [`signed ${signedBy(bundle.signer)}`, ...findings.map(inWords)].map(
    (line) => `${what}: ${line}`
  );
}
function nearestFirst(unacceptable) {
  return unacceptable.toSorted((a, b) => a.findings.length - b.findings.length);
}
function describe({ signer, times: [first], found }) {
  const time = first ? `at ${first.time.toISOString()}` : "without a trusted timestamp";
  return `signed ${signedBy(signer)} ${time}, found at ${found.place}`;
}
function signedBy(signer) {
  return isKeyHolder(signer) ? `with the key ${signer.key} (${signer.from})` : `by ${signer.san} (${signer.issuer})`;
}
function inWords({ rule: rule2, expected, found }) {
  return `${rule2}: expected "${expected}", found "${found}"`;
}
function closest(verdict) {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return inWords(near.findings[0]);
  const [broken2] = verdict.rejections;
  if (broken2) return `Found at ${broken2.found.place}: ${sentenceOf(broken2)}`;
  const [other] = verdict.ignored;
  return other ? `Found only a bundle of type ${other.statement.predicateType}` : "";
}
function remedyFor(verdict, unmet) {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return remedyForSigner(near.findings, near.bundle.signer);
  const [broken2] = verdict.rejections;
  if (broken2) return remedyOf(broken2);
  if (unmet.includes("provenance") && !unmet.includes("signature"))
    return 'set "attestations: provenance" in the step that signs the image';
  return verdict.ignored.length > 0 ? 'sign the image, or list the type that was found in "require"' : "sign the image";
}

// src/report/outputs.ts
init_non_empty();
init_subject();
init_tag();

// src/report/results.ts
init_identity();
init_subject();
function resultsOf(report) {
  if (report.mode === "verify") return report.images.map(judgedImage);
  return report.subjects.map((subject) => signedImage(subject, report));
}
function signedImage(subject, { bundles, tagging }) {
  const about = bundles.filter(({ signed }) => includesSubject(signed.subjects, subject));
  const tags = tagging.tagged.filter((each) => isSameSubject(each.subject, subject));
  return {
    image: formatSubject(subject),
    digest: subject.digest,
    bundles: about.map((each) => signedResult(each, subject)),
    tags: tags.map(tagResult)
  };
}
function signedResult({ verified, file, stored }, subject) {
  const here = stored.filter(({ subjects }) => includesSubject(subjects, subject));
  return { ...bundleResult(verified), file, stored: here.map(storedResult) };
}
function tagResult({ tag, before, subject }) {
  return { tag, ...before === void 0 ? {} : { before }, after: subject.digest };
}
function storedResult({ store, place, referrer, attestation }) {
  return {
    store,
    place,
    ...referrer ? { referrer } : {},
    ...attestation ? { attestation } : {}
  };
}
function judgedImage({ reference, subject, verdict }) {
  const evidence = verdict.outcome === "accepted" ? verdict.evidence : [];
  const failures = "failures" in verdict ? verdict.failures : [];
  return {
    image: reference,
    ...subject ? { pinned: formatSubject(subject), digest: subject.digest } : {},
    verdict: verdict.outcome,
    evidence: evidence.map(({ requirement, bundles }) => ({
      requirement,
      bundles: bundles.map(bundleResult)
    })),
    unacceptable: verdict.unacceptable.map(({ bundle, findings }) => ({
      ...bundleResult(bundle),
      findings
    })),
    rejections: verdict.rejections.map((rejection) => ({
      source: rejection.found.source,
      place: rejection.found.place,
      code: rejection.code,
      ...rejection.finding,
      message: sentenceOf(rejection)
    })),
    ignored: verdict.ignored.map(bundleResult),
    looked: verdict.looked,
    failures: failures.map(({ kind, code: code2, message, remedy }) => ({ kind, code: code2, message, remedy }))
  };
}
function bundleResult({ found, statement, signer, times, logEntries: logEntries2 }) {
  return {
    source: found.source,
    place: found.place,
    predicateType: statement.predicateType,
    ...signerResult(signer),
    ...isKeyHolder(signer) ? {} : { ...signer.workflow ? { workflow: signer.workflow } : {}, claims: signer.claims },
    times: times.map(({ time, source }) => ({ time: time.toISOString(), source })),
    logEntries: logEntries2
  };
}
function signerResult(signer) {
  return isKeyHolder(signer) ? { key: signer.key } : { identity: signer.san, issuer: signer.issuer };
}

// src/report/shorten.ts
var RESULTS_LIMIT = 1e5;
var LEVELS = [
  { refusals: 20, bundles: 20 },
  { refusals: 5, bundles: 5 },
  { refusals: 1, bundles: 1 },
  { refusals: 0, bundles: 1 },
  { refusals: 0, bundles: 0 }
];
var REFUSALS = ["unacceptable", "rejections", "ignored", "looked", "failures"];
function shorten(results, limit = RESULTS_LIMIT) {
  const whole = JSON.stringify(results);
  if (whole.length <= limit) return whole;
  for (const level of LEVELS) {
    const text2 = JSON.stringify(results.map((result) => reduced(result, level)));
    if (text2.length <= limit) return text2;
  }
  return fewer(results, limit);
}
function reduced(result, level) {
  return "verdict" in result ? reducedVerdict(result, level) : reducedBundles(result, level);
}
function reducedVerdict(result, { refusals, bundles }) {
  const omitted = {};
  const evidence = result.evidence.map((each) => {
    const left = each.bundles.length - bundles;
    if (left > 0) omitted["evidence"] = (omitted["evidence"] ?? 0) + left;
    return { ...each, bundles: each.bundles.slice(0, bundles) };
  });
  const lists = REFUSALS.map((name) => {
    const left = result[name].length - refusals;
    if (left > 0) omitted[name] = left;
    return [name, nearestFirst2(name, result).slice(0, refusals)];
  });
  return { ...result, evidence, ...Object.fromEntries(lists), omitted };
}
function reducedBundles({ bundles, ...image }, level) {
  const kept = bundles.slice(0, level.bundles);
  return { ...image, bundles: kept, omitted: { bundles: bundles.length - kept.length } };
}
function nearestFirst2(name, result) {
  if (name !== "unacceptable") return result[name];
  return result.unacceptable.toSorted((a, b) => findingsIn(a) - findingsIn(b));
}
function findingsIn({ findings }) {
  return Array.isArray(findings) ? findings.length : 0;
}
function fewer(results, limit) {
  const smallest = results.map((result) => reduced(result, { refusals: 0, bundles: 0 }));
  const kept = [];
  let size = JSON.stringify([{ omitted: { images: results.length } }]).length;
  for (const each of smallest) {
    size += JSON.stringify(each).length + 1;
    if (size > limit) break;
    kept.push(each);
  }
  return JSON.stringify([...kept, { omitted: { images: results.length - kept.length } }]);
}

// src/report/outputs.ts
function outputsOf(report, { commands, resultsPath }) {
  const results = { results: shorten(resultsOf(report)), "results-path": resultsPath };
  return report.mode === "sign" ? { ...imagesOf(report.subjects), ...signOutputs(report, commands), ...results } : { ...verifyOutputs(report), ...results };
}
function imagesOf(subjects) {
  if (!isNonEmpty(subjects)) return {};
  const [first] = subjects;
  return {
    digest: first.digest,
    image: formatSubject(first),
    images: subjects.map(formatSubject).join("\n")
  };
}
function signOutputs({ bundles, bundlePath, failures, tagging }, commands) {
  const [{ verified: first }] = bundles;
  const stored = bundles.flatMap((bundle) => bundle.stored);
  const attestation = stored.find((each) => each.attestation)?.attestation;
  return {
    signed: String(failures.length === 0),
    ...signerResult(first.signer),
    "bundle-path": bundlePath,
    "attestation-id": attestation?.id ?? "",
    "attestation-url": attestation?.url ?? "",
    "log-index": first.logEntries[0]?.index ?? "",
    tags: tagging.tagged.map(formatTag).join("\n"),
    "verify-commands": commands.join("\n")
  };
}
function verifyOutputs({ images, outcome }) {
  const accepted2 = images.flatMap(
    ({ subject, verdict }) => subject && verdict.outcome === "accepted" ? [subject] : []
  );
  return {
    verified: String(outcome === "accepted"),
    verdict: outcome,
    ...outcome === "accepted" ? imagesOf(accepted2) : {}
  };
}

// src/report/summary.ts
init_identity();
init_subject();
init_tag();
init_types();
var MARKS = { accepted: "\u2705", rejected: "\u274C", unattested: "\u274C", inconclusive: "\u26A0\uFE0F" };
var LONGEST2 = 5e5;
var ROWS = 20;
function renderSummary(report, commands) {
  const sections = report.mode === "sign" ? signSections(report, commands) : [
    "## Image verification",
    ...report.insecure.map((check) => `> \u26A0\uFE0F ${forMarkdown(check)}`),
    ...overview(report.images),
    ...report.images.map((image) => verdictSection(image).join("\n\n"))
  ];
  return `${withinLimit(sections).join("\n\n")}
`;
}
function withinLimit(sections) {
  let size = 0;
  const fitting = sections.filter((section) => (size += section.length) <= LONGEST2);
  const left = sections.length - fitting.length;
  return left > 0 ? [...fitting, `and ${left} more, see the output \`results-path\``] : fitting;
}
function signSections({ bundles, failures, tagging }, commands) {
  return [
    "## Signed images",
    ...bundles.map(
      ({ signed, verified, stored }) => table(
        ["", nameOfType(signed.predicateType)],
        [
          ["image", signed.subjects.map((subject) => code(formatSubject(subject))).join("<br>")],
          ...signerRows(verified),
          [
            "stored",
            stored.map(
              ({ place, attestation }) => attestation ? `[${forMarkdown(place)}](${attestation.url})` : code(place)
            ).join("<br>") || "not confirmed anywhere"
          ]
        ]
      )
    ),
    ...tagSection(tagging),
    ...[...failures, ...tagging.failures].map(
      ({ message, remedy }) => `> \u274C ${forMarkdown(message)}  
> To fix: ${forMarkdown(remedy)}`
    ),
    ...commands.length > 0 ? ["Verify with:", `\`\`\`sh
${commands.join("\n")}
\`\`\``] : []
  ];
}
function tagSection({ tagged }) {
  const rows = tagged.map((each) => [
    code(formatTag(each)),
    code(each.before ?? "new"),
    code(each.subject.digest)
  ]);
  return rows.length > 0 ? [table(["tag", "before", "now"], rows)] : [];
}
function overview(images) {
  if (images.length < 2) return [];
  const rows = images.map(({ reference, verdict: { outcome } }) => [
    code(reference),
    `${MARKS[outcome]} ${outcome}`
  ]);
  return [table(["image", "verdict"], rows)];
}
function verdictSection(image) {
  const { reference, subject, verdict } = image;
  const title = `### ${MARKS[verdict.outcome]} ${verdict.outcome}: ${code(reference)}`;
  const digest = subject ? [code(formatSubject(subject))] : [];
  const looked = verdict.looked.map(({ place, answer }) => [
    forMarkdown(place),
    forMarkdown(answer)
  ]);
  if (verdict.outcome === "accepted") {
    return [
      title,
      ...digest,
      ...verdict.evidence.flatMap(({ requirement, bundles: [first, ...others] }) => [
        table(
          ["", forMarkdown(requirement)],
          [...signerRows(first), ["found at", code(first.found.place)]]
        ),
        ...others.length > 0 ? [`and ${others.length} more, see the output \`results-path\``] : []
      ])
    ];
  }
  const { message, remedy } = failureOf(image);
  const findings = [
    ...nearestFirst(verdict.unacceptable).flatMap(
      ({ bundle: { found, signer }, findings: all }) => [{ rule: "signer", expected: "", found: signedBy(signer) }, ...all].map(
        (finding) => findingRow(found.place, finding)
      )
    ),
    ...verdict.rejections.map(({ found, finding }) => findingRow(found.place, finding)),
    ...verdict.ignored.map(
      ({ found, statement }) => findingRow(found.place, {
        rule: "type",
        expected: "a required type",
        found: statement.predicateType
      })
    )
  ];
  return [
    title,
    ...digest,
    `${forMarkdown(message)}  
To fix: ${forMarkdown(remedy)}`,
    ...findings.length > 0 ? [table(["candidate", "requirement", "expected", "found"], findings.slice(0, ROWS))] : [],
    ...findings.length > ROWS ? [`and ${findings.length - ROWS} more, see the output \`results-path\``] : [],
    ...looked.length > 0 ? [table(["searched", "result"], looked)] : []
  ];
}
function signerRows({
  signer,
  times: [first],
  logEntries: logEntries2
}) {
  const rows = [
    ...whoRows(signer),
    ["time", first && `${first.time.toISOString()} (${first.source})`],
    ["log entry", logEntries2.map(entryLink).join("<br>")]
  ];
  return rows.flatMap(([name, value]) => value ? [[name, value]] : []);
}
function entryLink({ log, index, link }) {
  return link === void 0 || !/^\d+$/.test(index) ? forMarkdown(`${index} in ${log}`) : `[${index}](${link})`;
}
function whoRows(signer) {
  if (isKeyHolder(signer)) return [["key", `${code(signer.key)} from ${forMarkdown(signer.from)}`]];
  const { san, issuer, claims } = signer;
  return [
    ["signer", code(san)],
    ["issuer", code(issuer)],
    [
      "source",
      claims.sourceRepositoryUri && `${forMarkdown(claims.sourceRepositoryUri)} ${code(claims.sourceRepositoryRef ?? "")} ${code(claims.sourceRepositoryDigest ?? "")}`
    ],
    ["run", claims.runInvocationUri && forMarkdown(claims.runInvocationUri)],
    ["event", claims.buildTrigger && forMarkdown(claims.buildTrigger)]
  ];
}
function findingRow(place, { rule: rule2, expected, found }) {
  return [code(place), forMarkdown(rule2), code(expected), code(found)];
}
function table(header, rows) {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
function code(value) {
  return value === "" ? "" : `<code>${forMarkdown(value)}</code>`;
}

// src/action/publish.ts
init_files();
function publishNothingYet(mode) {
  if (mode === "verify") {
    setOutput("verified", "false");
    setOutput("verdict", "inconclusive");
  }
  if (mode === "sign") setOutput("signed", "false");
}
async function publishReport(report, request, { temp }) {
  const commands = report.mode === "sign" ? verifyCommands(report, request.trustedRoot) : [];
  const resultsPath = await keepResults(temp, resultsOf(report)).catch((error2) => {
    info(`Could not write the results file: ${messageOf(error2)}`);
    return "";
  });
  for (const [name, value] of Object.entries(outputsOf(report, { commands, resultsPath }))) {
    setOutput(name, value);
  }
  if (report.mode === "sign") logSigned(report, commands);
  else logVerdicts(report);
  if (request.summary === "write") await writeSummary(renderSummary(report, commands));
}
function publishProblems(problems) {
  for (const problem of problems) fail(problem);
}
function logSigned({ bundles, failures, tagging }, commands) {
  for (const { signed, verified, stored } of bundles) {
    info(
      `Signed ${signed.subjects.map(formatSubject).join(", ")}: ${nameOfType(signed.predicateType)}`
    );
    info(`  ${signedBy(verified.signer)}`);
    for (const { log, index } of verified.logEntries) info(`  logged in ${log} at ${index}`);
    for (const { place } of stored) info(`  stored at ${place}`);
  }
  for (const command of commands) info(`Verify with: ${command}`);
  for (const tagged of tagging.tagged) info(`Tagged ${formatTag(tagged)}: ${describeMove(tagged)}`);
  for (const failure2 of [...failures, ...tagging.failures]) fail(failure2);
}
function logVerdicts({ images }) {
  for (const image of images) {
    const [headline = "", ...reasons2] = explainVerdict(image);
    startGroup(headline);
    for (const reason of reasons2) info(reason);
    endGroup();
    if (image.verdict.outcome !== "accepted") fail(failureOf(image));
  }
}
function fail({ message, remedy }) {
  error(`${message}
To fix: ${remedy}`, { title: "Countersign" });
  process.exitCode = 1;
}
async function writeSummary(markdown) {
  try {
    await summary.addRaw(markdown).write();
  } catch (error2) {
    info(`Could not write the job summary: ${messageOf(error2)}`);
  }
}

// src/action/request.ts
init_non_empty();
import { resolve as resolve2 } from "node:path";

// src/action/evidence-place.ts
init_evidence_place();
init_reference();
init_parsed();
var VARIABLE = "COSIGN_REPOSITORY";
function parseEvidencePlace(inputs, { cosignRepository }, images, problems) {
  const input = inputs["signature-repository"];
  const repository = input === "" ? fromVariable(cosignRepository, problems) : problems.take("signature-repository", parseBareRepository(input));
  if (!repository) return WITH_IMAGE;
  if (inputs["registry-username"] !== "") refuseOtherRegistry(repository, images, problems);
  return { kind: "repository", repository };
}
function parsePlaceToSign(stores, ...given) {
  if (stores.length === 0 || stores.includes("registry")) return parseEvidencePlace(...given);
  const [inputs, , , problems] = given;
  if (inputs["signature-repository"] !== "")
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "signature-repository": "stores" does not include "registry"',
      'add "registry" to "stores", or remove "signature-repository"'
    );
  return WITH_IMAGE;
}
function fromVariable(text2, problems) {
  if (text2 === void 0) return void 0;
  const parsed = parseBareRepository(text2);
  if (!isProblem(parsed)) return parsed.value;
  const message = `Cannot use the environment variable ${VARIABLE}: ${parsed.problem}`;
  problems.add("INPUT_INVALID", message, `${parsed.remedy}, or remove ${VARIABLE} from "env"`);
  return void 0;
}
function parseBareRepository(text2) {
  const reference = parseReference(text2);
  if (isProblem(reference)) return reference;
  const { repository, tag, digest } = reference.value;
  if (tag === void 0 && digest === void 0) return { value: repository };
  return {
    problem: `"${text2}" has a ${tag === void 0 ? "digest" : "tag"}`,
    remedy: `write the repository alone: ${formatRepository(repository)}`
  };
}
function refuseOtherRegistry({ registry }, images, problems) {
  const others = images.map(({ repository }) => repository.registry);
  const other = others.find((each) => each !== registry);
  if (other === void 0) return;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot use "registry-username": the signatures are in ${registry}, and the images in ${other}`,
    'log in to each with docker/login-action, and remove "registry-username" and "registry-password"'
  );
}

// src/names/refs.ts
init_matcher();
init_parsed();
var COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
var PATTERN = /[*^?\\[]/;
var FORBIDDEN = /[\s~:\p{Cc}]|\.\.|\/[/.]|@\{/u;
function parseCommit(text2) {
  if (COMMIT.test(text2)) return { value: text2 };
  if (COMMIT.test(text2.toLowerCase()))
    return { problem: `"${text2}" has upper-case digits`, remedy: `write "${text2.toLowerCase()}"` };
  return {
    problem: `"${text2}" is not a full commit`,
    remedy: "write all 40 or 64 hex digits of the commit"
  };
}
function parseRef(text2) {
  const problem = problemWith(text2, text2);
  if (problem) return problem;
  if (text2.endsWith("/"))
    return {
      problem: `"${text2}" is not a complete ref`,
      remedy: "add the name of the branch or tag"
    };
  return { value: text2 };
}
function parseRefPattern(text2) {
  if (text2.endsWith("*")) {
    const prefix = text2.slice(0, -1);
    return problemWith(prefix, text2) ?? { value: { kind: "prefix", prefix } };
  }
  const ref = parseRef(text2);
  if (!isProblem(ref)) return { value: exactly(ref.value) };
  return text2.startsWith("refs/") && text2.endsWith("/") ? { problem: ref.problem, remedy: `write "${text2}*" for all refs under it` } : ref;
}
function problemWith(ref, text2) {
  if (COMMIT.test(ref))
    return { problem: `"${text2}" is a commit`, remedy: 'use "source-digest" for commits' };
  if (PATTERN.test(ref))
    return {
      problem: `"${text2}" is a pattern, and only a single "*" at the end is supported`,
      remedy: 'write the full ref, or a prefix followed by "*": "refs/tags/v*"'
    };
  if (!ref.startsWith("refs/"))
    return {
      problem: `"${text2}" does not begin with "refs/"`,
      remedy: `write "refs/heads/${text2}" for a branch, "refs/tags/${text2}" for a tag`
    };
  if (FORBIDDEN.test(ref) || ref.includes(",refs/"))
    return { problem: `"${text2}" is not a ref`, remedy: "write one ref per line, as git names it" };
  return void 0;
}

// src/names/github-name.ts
init_parsed();
var OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
var REPOSITORY = /^([A-Za-z0-9][A-Za-z0-9_-]*)\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;
var WORKFLOW = /^([^/]+\/[^/]+)\/(\.github\/workflows\/[^/@\s]+\.ya?ml)$/;
var WITH_HOST = /^(?:https:\/\/|(?=[^/]*\.))([A-Za-z0-9.-]+(?::\d{1,5})?)\/(.+)$/;
var PATTERN2 = /[*^?\\[]|\.\+|\$$/;
var WORKFLOW_FORM = 'owner/name/.github/workflows/file.yml, followed by "@ref" if only that ref may sign';
function parseOwner(text2, thisServer) {
  const { server, path } = placeOf(text2, thisServer);
  if (OWNER.test(path)) return { value: { server, owner: path, path } };
  if (REPOSITORY.test(path))
    return { problem: `"${text2}" is a repository`, remedy: `write "repository: ${text2}"` };
  return notOfTheForm(text2, "the name alone");
}
function parseRepository2(text2, thisServer) {
  const repository = repositoryAt(placeOf(text2, thisServer));
  if (repository === void 0)
    return notOfTheForm(text2, 'owner/name, or use "owner" for all repositories of an owner');
  if (text2.endsWith(".git"))
    return { problem: `"${text2}" ends in ".git"`, remedy: `write "${text2.slice(0, -4)}"` };
  return { value: repository };
}
function parseWorkflowName(text2, thisServer) {
  const at2 = text2.indexOf("@");
  const file = at2 < 0 ? text2 : text2.slice(0, at2);
  const name = parseWorkflowFile(file, thisServer);
  if (isProblem(name) || at2 < 0) return name;
  if (text2.endsWith("@")) return notOfTheForm(text2, WORKFLOW_FORM);
  const ref = parseSignerRef(text2.slice(at2 + 1), file);
  return isProblem(ref) ? ref : { value: { ...name.value, ref: ref.value } };
}
function urlOf({ server, path }) {
  return `${server}/${path}`;
}
function parseWorkflowFile(text2, thisServer) {
  const { server, path } = placeOf(text2, thisServer);
  const [, name = "", file = ""] = WORKFLOW.exec(path) ?? [];
  const repository = repositoryAt({ server, path: name });
  return repository === void 0 || PATTERN2.test(file) ? notOfTheForm(text2, WORKFLOW_FORM) : { value: { repository, file } };
}
function parseSignerRef(text2, file) {
  if (PATTERN2.test(text2)) {
    const refs = isProblem(parseRefPattern(text2)) ? "refs/tags/v*" : text2;
    return {
      problem: `"${text2}" is a pattern, but the ref of a workflow is compared literally`,
      remedy: `remove the ref ("${file}"), and use "source-ref: ${refs}" to restrict which refs may be built`
    };
  }
  if (/^[0-9a-f]{40,64}$/i.test(text2)) return parseCommit(text2);
  if (text2.startsWith("refs/")) return parseRef(text2);
  return {
    problem: `"${text2}" is neither a ref nor a full commit`,
    remedy: `write "@refs/tags/${text2}" for a tag, "@refs/heads/${text2}" for a branch, or all digits of a commit`
  };
}
function placeOf(text2, thisServer) {
  const [, host, path] = WITH_HOST.exec(text2) ?? [];
  return host === void 0 || path === void 0 ? { server: thisServer, path: text2 } : { server: `https://${host.toLowerCase()}`, path };
}
function repositoryAt({ server, path }) {
  const [, owner] = REPOSITORY.exec(path) ?? [];
  return owner === void 0 ? void 0 : { server, owner, path };
}
function notOfTheForm(text2, form) {
  return PATTERN2.test(text2) ? {
    problem: `"${text2}" is a pattern, but names are compared literally`,
    remedy: `write ${form}`
  } : { problem: `"${text2}" is not of the expected form`, remedy: `write ${form}` };
}

// src/action/github-names.ts
init_non_empty();

// src/action/problems.ts
init_errors();
init_parsed();
var Problems = class {
  #errors = [];
  add(code2, message, remedy) {
    this.#errors.push(new ActionError("input", code2, { message, remedy }));
  }
  include(error2) {
    this.#errors.push(error2);
  }
  /** The value, or undefined with the problem noted under the input's name. */
  take(input, parsed) {
    if (!isProblem(parsed)) return parsed.value;
    this.add("INPUT_INVALID", `Cannot use "${input}": ${parsed.problem}`, parsed.remedy);
    return void 0;
  }
  /** The values of a list, with the problem of each that has none; a list that was written is not empty. */
  takeEach(input, items, parse2) {
    if (items.length === 0)
      this.add(
        "INPUT_INVALID",
        `Cannot use "${input}": it has no value`,
        `write a value, or remove "${input}"`
      );
    return items.flatMap((item) => this.take(input, parse2(item)) ?? []);
  }
  /** What was parsed; throws what was collected, if anything was. */
  conclude(parsed) {
    if (this.#errors.length > 0) throw new ActionErrors(this.#errors);
    if (parsed === void 0) throw new RangeError("nothing was parsed, and no problem was noted");
    return parsed;
  }
};
function listOf(text2) {
  return linesOf(text2.replaceAll(",", "\n"));
}
function linesOf(text2) {
  return text2.split("\n").map((item) => item.trim()).filter((item) => item !== "");
}
function isTrue(input, inputs, problems) {
  const value = inputs[input];
  if (value !== "true" && value !== "false")
    problems.add(
      "INPUT_INVALID",
      `Cannot use "${input}": "${value}" is neither true nor false`,
      'write "true" or "false"'
    );
  return value === "true";
}

// src/action/github-names.ts
function parseGitHubNames(inputs, { serverUrl }, problems) {
  const each = (input, parse2) => inputs[input] === "" ? [] : problems.takeEach(input, listOf(inputs[input]), (text2) => parse2(text2, serverUrl));
  return {
    repositories: each("repository", parseRepository2),
    owners: each("owner", parseOwner),
    workflows: each("signer-workflow", parseWorkflowName)
  };
}
function attestationsOf({ repositories, owners, workflows }, { repository: here, serverUrl }) {
  const sources = repositories.length > 0 ? repositories : owners;
  const callers = sources.length > 0 ? sources : workflows.map(({ repository }) => repository);
  const onThisServer = callers.flatMap(({ server, path }) => server === serverUrl ? [path] : []);
  const asked = [...new Set(sources.length > 0 ? onThisServer : [here, ...onThisServer])];
  return isNonEmpty(asked) ? asked : [here];
}

// src/action/request.ts
init_identity_token();

// src/action/images.ts
init_digest();
init_non_empty();
init_reference();
var FROM_BUILD2 = 'set "digest: ${{ steps.build.outputs.digest }}"; if it is set already, the expression is empty: the build step needs "id: build" and "push: true" (or "outputs: type=registry")';
function parseImagesToSign(inputs, problems) {
  const references = parseReferences(inputs, problems, refuseWithoutDigest);
  return isNonEmpty(references) && isEachPinned(references) ? references : void 0;
}
function parseImagesToVerify(inputs, problems) {
  const refuseUnnamed = inputs.mode === "verify" ? refuseWithoutTag : () => void 0;
  const references = parseReferences(inputs, problems, refuseUnnamed);
  return isNonEmpty(references) ? references : void 0;
}
function isEachPinned(references) {
  return references.every(isPinned);
}
function parseReferences(inputs, problems, refuseUnnamed) {
  const digest = inputs.digest === "" ? void 0 : problems.take("digest", parseDigest(inputs.digest));
  const texts = listOf(inputs.images);
  if (texts.length === 0)
    problems.add(
      "INPUT_MISSING",
      'Missing required input "images"',
      "list the images, one per line: images: ghcr.io/owner/name"
    );
  const references = texts.map((text2) => problems.take("images", parseReference(text2))).filter((reference) => reference !== void 0);
  if (inputs.digest === "") refuseUnnamed(references, problems);
  if (inputs["registry-username"] !== "") refuseSeveralRegistries(references, problems);
  return references.map((reference) => withDigest(reference, digest));
}
function withDigest(reference, digest) {
  return reference.digest === void 0 && digest !== void 0 ? { ...reference, digest } : reference;
}
function refuseWithoutDigest(references, problems) {
  for (const { text: text2 } of references.filter((reference) => !isPinned(reference))) {
    problems.add(
      "INPUT_MISSING",
      `Cannot sign "${text2}": it has no digest, and a tag may have moved since the build`,
      FROM_BUILD2
    );
  }
}
function refuseWithoutTag(references, problems) {
  const unnamed = references.filter(({ digest, tag }) => digest === void 0 && tag === void 0);
  for (const { text: text2 } of unnamed) {
    problems.add(
      "INPUT_MISSING",
      `Cannot verify "${text2}": it has neither a tag nor a digest`,
      "add the tag or the digest that you are about to deploy"
    );
  }
}
function refuseSeveralRegistries(references, problems) {
  const registries = [...new Set(references.map(({ repository }) => repository.registry))];
  if (registries.length < 2) return;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot use "registry-username": the images are in ${registries.join(" and ")}`,
    'log in to each with docker/login-action, and remove "registry-username" and "registry-password"'
  );
}

// src/action/requirements.ts
init_non_empty();
init_types();

// src/action/circumstances.ts
init_matcher();
init_non_empty();
init_parsed();
var CIRCUMSTANCE_INPUTS = [
  "source-ref",
  "source-digest",
  "signer-digest",
  "event",
  "environment",
  "deny-self-hosted-runners"
];
var PROPOSALS = {
  name: "event",
  matcher: { kind: "none-of", values: ["pull_request", "pull_request_target"] }
};
function parseCircumstances(inputs, problems) {
  const any = (name, itemsOf, parse2) => {
    if (inputs[name] === "") return [];
    const matchers = problems.takeEach(name, itemsOf(inputs[name]), parse2);
    return isNonEmpty(matchers) ? [{ name, matcher: { kind: "any-of", matchers } }] : [];
  };
  const isLiteral = inputs["certificate-identity"] !== "";
  return [
    ...any("source-ref", linesOf, parseRefPattern),
    ...any("source-digest", listOf, parseDigest2),
    ...any("signer-digest", listOf, parseDigest2),
    ...inputs.event === "" && !isLiteral ? [PROPOSALS] : any("event", listOf, parseEvent),
    ...any("environment", linesOf, (name) => ({ value: exactly(name) })),
    ...isTrue("deny-self-hosted-runners", inputs, problems) ? [{ name: "deny-self-hosted-runners", matcher: exactly("github-hosted") }] : []
  ];
}
function parseDigest2(text2) {
  const commit = parseCommit(text2);
  return isProblem(commit) ? commit : { value: exactly(commit.value) };
}
function parseEvent(text2) {
  return /^[a-z][a-z0-9_]*$/.test(text2) ? { value: exactly(text2) } : {
    problem: `"${text2}" is not an event name`,
    remedy: "use the names of workflow triggers: push, workflow_dispatch, pull_request"
  };
}

// src/action/identities.ts
init_matcher();
init_non_empty();

// src/action/certificate-identities.ts
init_matcher();
init_non_empty();
init_parsed();
var PATTERN3 = /[*^\\]|\.\+|\$$/;
var SEVERAL = /\s|,https?:\/\/|^(?!.*:\/\/).*,/;
var WORKFLOW2 = /^(https:\/\/[^/]+\/[^/]+\/[^/]+\/\.github\/workflows\/[^@]+)(?:@(.*))?$/;
function parseIssuers(text2, problems) {
  const issuers = listOf(text2);
  for (const issuer of issuers.filter((each) => !URL.canParse(each) || each.includes("*"))) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use "certificate-oidc-issuer": "${issuer}" is not a URL`,
      "write the issuer exactly as in the certificate; for GitHub Actions that is https://token.actions.githubusercontent.com"
    );
  }
  if (isNonEmpty(issuers)) return issuers;
  problems.add(
    "INPUT_UNSAFE",
    'Cannot verify: "certificate-oidc-issuer" is empty, which would accept any issuer',
    'remove "certificate-oidc-issuer" to use the issuer of GitHub Actions'
  );
  return [""];
}
function certificateIdentities(text2, issuers, problems) {
  const identities = problems.takeEach("certificate-identity", linesOf(text2), parseIdentity);
  if (!isNonEmpty(identities)) return [identityOf("", issuers)];
  if (identities.length === 1 || issuers.length === 1)
    return mapEach(identities, (san) => identityOf(san, issuers));
  if (identities.length !== issuers.length)
    problems.add(
      "INPUT_CONFLICT",
      `Cannot pair ${identities.length} values of "certificate-identity" with ${issuers.length} of "certificate-oidc-issuer"`,
      "write one issuer per identity, in the same order, or a single issuer for all"
    );
  return mapEach(identities, (san, position) => identityOf(san, [issuers[position] ?? ""]));
}
function identityOf(san, issuers) {
  return {
    issuer: exactly(...issuers),
    rules: [{ name: "certificate-identity", matcher: exactly(san) }]
  };
}
function parseIdentity(text2) {
  if (SEVERAL.test(text2))
    return { problem: `"${text2}" is not one identity`, remedy: "write one identity per line" };
  if (PATTERN3.test(text2))
    return {
      problem: `"${text2}" is a pattern, but identities are compared literally`,
      remedy: 'write the full identity, or use "repository" or "owner" with "signer-workflow" and "source-ref"'
    };
  const [, file, ref] = WORKFLOW2.exec(text2) ?? [];
  if (file === void 0) return { value: text2 };
  if (ref === void 0 || ref === "")
    return {
      problem: `"${text2}" has no ref, but certificates always include one`,
      remedy: `write "${file}@refs/heads/main", or use "signer-workflow" for any ref`
    };
  const parsed = parseSignerRef(ref, file);
  return isProblem(parsed) ? parsed : { value: text2 };
}

// src/action/identities.ts
function parseIdentities(inputs, names, environment, problems) {
  const issuers = parseIssuers(inputs["certificate-oidc-issuer"], problems);
  if (inputs["certificate-identity"] !== "") {
    refuseNames(inputs, problems);
    return certificateIdentities(inputs["certificate-identity"], issuers, problems);
  }
  return mapEach(alternatives(names, environment, problems), (rules) => ({
    issuer: exactly(...issuers),
    rules
  }));
}
function refuseNames(inputs, problems) {
  const names = ["repository", "owner", "signer-workflow"].filter(
    (name) => inputs[name] !== ""
  );
  if (names.length === 0) return;
  const listed2 = `"${names.join('" and "')}"`;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot combine "certificate-identity" with ${listed2}: both specify who must have signed`,
    `use ${listed2} for GitHub workflows, or "certificate-identity" for any other signer`
  );
}
function alternatives(names, environment, problems) {
  const { workflows } = names;
  const sources = sourcesOf(names, problems);
  if (isNonEmpty(sources) && isNonEmpty(workflows)) return pairs(sources, workflows, problems);
  if (isNonEmpty(sources))
    return mapEach(sources, ({ name, rules }) => [...rules, below(urlOf(name))]);
  if (isNonEmpty(workflows))
    return mapEach(workflows, (workflow) => [signedBy2(workflow), calledBy(workflow, environment)]);
  return [thisRepository(environment, problems)];
}
function sourcesOf({ repositories, owners }, problems) {
  if (repositories.length === 0)
    return owners.map((name) => ({ name, rules: [rule("owner", exactly(urlOf(name)))] }));
  if (owners.length > 0) refuseStrangers(repositories, owners, problems);
  return repositories.map((name) => ({
    name,
    rules: [
      rule("repository", exactly(urlOf(name))),
      ...owners.length > 0 ? [rule("owner", exactly(ownerUrlOf(name)))] : []
    ]
  }));
}
function refuseStrangers(repositories, owners, problems) {
  const strangers = inOneOnly(repositories.map(ownerUrlOf), owners.map(urlOf));
  if (strangers.length === 0) return;
  problems.add(
    "INPUT_CONFLICT",
    `Cannot combine "owner" with "repository": both must match, and only one of them names ${strangers.join(" and ")}`,
    'remove "owner": each value of "repository" includes its owner'
  );
}
function pairs(sources, workflows, problems) {
  const paired = sources.flatMap(
    ({ name, rules }) => workflows.filter(({ repository }) => repository.server === name.server).map((workflow) => [...rules, signedBy2(workflow)])
  );
  const strangers = inOneOnly(
    sources.map(({ name }) => name.server),
    workflows.map(({ repository }) => repository.server)
  );
  if (strangers.length > 0)
    problems.add(
      "INPUT_CONFLICT",
      `Cannot combine "signer-workflow" with "repository" or "owner": both must match, and only one of them is on ${strangers.join(" and ")}`,
      "write both with the server: https://host/owner/name, https://host/owner/name/.github/workflows/file.yml"
    );
  return isNonEmpty(paired) ? paired : [sources[0].rules];
}
function inOneOnly(some, others) {
  return [.../* @__PURE__ */ new Set([...some, ...others])].filter(
    (each) => !some.includes(each) || !others.includes(each)
  );
}
function thisRepository({ repository, repositoryId, repositoryOwnerId, serverUrl }, problems) {
  if (repository === "")
    problems.add(
      "INPUT_UNSAFE",
      "Cannot verify: no signer is configured, and outside of GitHub Actions there is no repository to use as the default",
      'set "repository" to the source repository of the image'
    );
  const here = `${serverUrl}/${repository}`;
  return [
    rule("repository", exactly(here)),
    ...repositoryId === "" ? [] : [rule("repository-id", exactly(repositoryId))],
    ...repositoryOwnerId === "" ? [] : [rule("owner-id", exactly(repositoryOwnerId))],
    below(here)
  ];
}
function below(url) {
  return rule("signer-workflow", { kind: "prefix", prefix: `${url}/` });
}
function signedBy2({ repository, file, ref }) {
  const url = `${urlOf(repository)}/${file}`;
  return rule(
    "signer-workflow",
    ref === void 0 ? { kind: "any-ref", url } : exactly(`${url}@${ref}`)
  );
}
function calledBy({ repository }, { repository: here, serverUrl }) {
  const own = urlOf(repository);
  return rule("repository", here === "" ? exactly(own) : exactly(own, `${serverUrl}/${here}`));
}
function ownerUrlOf({ server, owner }) {
  return `${server}/${owner}`;
}
function rule(name, matcher) {
  return { name, matcher };
}

// src/action/keys.ts
init_addresses();
init_non_empty();
import { resolve } from "node:path";
var PEM_BLOCK = /-----BEGIN [A-Z0-9 ]+-----[^-]*-----END [A-Z0-9 ]+-----/g;
var CERTIFICATE_INPUTS = [
  "repository",
  "owner",
  "signer-workflow",
  ...CIRCUMSTANCE_INPUTS,
  "certificate-identity",
  "certificate-oidc-issuer"
];
function parseKeys(inputs, { workspace }, problems) {
  const both = CERTIFICATE_INPUTS.filter(
    (name) => inputs[name] !== "" && inputs[name] !== DEFAULTS[name]
  );
  if (isNonEmpty(both)) {
    problems.add(
      "INPUT_CONFLICT",
      `Cannot combine "key" with "${both.join('" and "')}": a key carries no identity and no information about the build`,
      `use "key" for images signed with that key, or "${both.join('" and "')}" for keyless signatures`
    );
  }
  const blocks = [...inputs.key.matchAll(PEM_BLOCK)].map(([text2]) => ({
    kind: "pem",
    text: text2
  }));
  const rest = inputs.key.replaceAll(PEM_BLOCK, "\n");
  const others = rest.includes("-----BEGIN") ? [{ kind: "pem", text: rest }] : listOf(rest).flatMap((item) => locationOf(item, workspace, problems) ?? []);
  const keys = [...blocks, ...others];
  return {
    kind: "key",
    keys: isNonEmpty(keys) ? keys : [{ kind: "pem", text: inputs.key }],
    witness: isTrue("insecure-ignore-tlog", inputs, problems) ? "insecure-ignored" : "required"
  };
}
function locationOf(item, workspace, problems) {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(item))
    return { kind: "file", path: resolve(workspace, item) };
  const url = URL.canParse(item) ? new URL(item) : void 0;
  if (url && (url.username !== "" || url.password !== "")) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use "key": the URL at "${url.host}" contains credentials`,
      "remove the credentials from the URL, or keep the key in a file"
    );
    return void 0;
  }
  if (url && isSecure(url)) return { kind: "url", url };
  problems.add(
    "INPUT_INVALID",
    `Cannot use "key": "${item}" is not an https URL`,
    "use an https URL, a path, or the PEM text of the key"
  );
  return void 0;
}

// src/action/requirements.ts
function parseRequirements(inputs, names, environment, problems) {
  return {
    require: parseRequire(inputs.require, problems),
    signer: inputs.key === "" ? parseSigner(inputs, names, environment, problems) : parseKeys(inputs, environment, problems)
  };
}
function parseSigner(inputs, names, environment, problems) {
  if (inputs["insecure-ignore-tlog"] !== "false")
    problems.add(
      "INPUT_CONFLICT",
      'Cannot use "insecure-ignore-tlog" without "key": a certificate can only be verified for a known time of signing',
      'remove "insecure-ignore-tlog" from the step'
    );
  return {
    kind: "identity",
    identities: parseIdentities(inputs, names, environment, problems),
    circumstances: parseCircumstances(inputs, problems)
  };
}
function parseRequire(text2, problems) {
  const types = listOf(text2).map((name) => {
    const named = Object.hasOwn(NAMED_TYPES, name) ? NAMED_TYPES[name] : void 0;
    if (!named && !URL.canParse(name))
      problems.add(
        "INPUT_INVALID",
        `Cannot use "require": "${name}" is neither a known name nor a URI`,
        `use ${Object.keys(NAMED_TYPES).join(", ")} or the URI of a predicate type`
      );
    return { name, predicateTypes: named ?? [name] };
  });
  if (isNonEmpty(types)) return types;
  problems.add(
    "INPUT_UNSAFE",
    'Cannot verify: "require" is empty, and an empty list would accept anything',
    'remove "require" to require a signature, or list what to require'
  );
  return [{ name: "", predicateTypes: [""] }];
}

// src/action/tags.ts
init_non_empty();
init_reference();
init_subject();
init_tag();
init_parsed();
function parseTags({ tags }, images, problems) {
  if (tags === "") return [];
  const written = problems.takeEach("tags", [...new Set(listOf(tags))], parseTag);
  if (!images) return [];
  const subjects = flatten(groupByDigest(images));
  const placed = written.flatMap((each) => problems.take("tags", placeTag(each, subjects)) ?? []);
  refuseOneForTwo(placed, problems);
  return placed.filter(
    (tag, index) => placed.findIndex((other) => isSameTag(tag, other)) === index
  );
}
function parseTag(text2) {
  const parsed = parseForm(text2);
  if (isProblem(parsed) || !/^sha256-[0-9a-f]{64}/.test(parsed.value.tag)) return parsed;
  return {
    problem: `"${text2}" has the form of a tag that lists signatures`,
    remedy: 'choose a tag that does not begin with "sha256-" and a digest'
  };
}
function parseForm(text2) {
  if (isTag(text2)) return { value: { text: text2, tag: text2, of: void 0 } };
  if (!/[/:@]/.test(text2))
    return {
      problem: `"${text2}" is not a valid tag`,
      remedy: 'write at most 128 letters, digits, ".", "_" and "-", without "." or "-" in front'
    };
  const reference = parseReference(text2);
  if (isProblem(reference)) return reference;
  const { tag } = reference.value;
  if (tag === void 0)
    return {
      problem: `"${text2}" has no tag`,
      remedy: "write a tag, or an image with one: v1, ghcr.io/acme/app:v1"
    };
  return { value: { text: text2, tag, of: reference.value } };
}
function placeTag({ text: text2, tag, of }, subjects) {
  const named = of ? subjects.filter((subject) => isMeant(subject, of)) : subjects;
  if (of && named.length === 0) return notAnImage(text2, of, subjects);
  const crowded = named.find(
    (one) => named.filter((other) => isSameRepository(one.repository, other.repository)).length > 1
  );
  if (!crowded) return { value: named.map((subject) => ({ subject, tag })) };
  const repository = formatRepository(crowded.repository);
  return {
    problem: `"${text2}" could be a tag of several images in "${repository}"`,
    remedy: `name the image of each tag by its digest: ${repository}:${tag}@${crowded.digest}`
  };
}
function isMeant(subject, of) {
  const isDigestMeant = of.digest === void 0 || of.digest === subject.digest;
  return isDigestMeant && isSameRepository(subject.repository, of.repository);
}
function notAnImage(text2, { repository }, subjects) {
  const names = [...new Set(subjects.map((subject) => formatRepository(subject.repository)))];
  const name = formatRepository(repository);
  return {
    problem: names.includes(name) ? `"${text2}" names a digest that no image of this step has` : `"${text2}" is a tag in "${name}", which no image of this step is in`,
    remedy: `use tags of ${names.join(" and ")}, or add the image to "images"`
  };
}
function refuseOneForTwo(tags, problems) {
  const names = Map.groupBy(tags, formatTag);
  for (const [name, [first, ...others]] of names) {
    if (!first || others.every((other) => isSameTag(first, other))) continue;
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "tags": "${name}" is given to two images`,
      "give each image tags of its own"
    );
  }
}
function isSameTag(one, other) {
  return one.tag === other.tag && isSameSubject(one.subject, other.subject);
}

// src/action/request.ts
var STORES = ["registry", "github"];
var ATTESTATIONS = ["provenance"];
var UNITS = { s: 1e3, m: 6e4, h: 36e5 };
function parseRequest(inputs, environment) {
  const problems = new Problems();
  const mode = parseMode(inputs, problems);
  if (mode !== void 0) refuseOtherMode(inputs, mode, problems);
  refuseUndeclared(environment.undeclaredInputs, problems);
  refuseProxies(environment.unusableProxies, problems);
  const parse2 = mode === "sign" ? parseSignRequest : parseVerifyRequest;
  return problems.conclude(parse2(inputs, environment, problems));
}
function parseMode({ mode }, problems) {
  if (mode === "sign" || mode === "verify") return mode;
  const remedy = 'write "mode: sign" or "mode: verify"';
  if (mode === "") problems.add("INPUT_MISSING", 'Missing required input "mode"', remedy);
  else {
    const message = `Cannot use "mode": "${mode}" is neither sign nor verify`;
    problems.add("INPUT_INVALID", message, remedy);
  }
  return void 0;
}
function refuseProxies(names, problems) {
  for (const name of names) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use the proxy in ${name}: its value is not the address of an HTTP proxy`,
      'write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded ("/" is %2F, "#" is %23)'
    );
  }
}
function refuseOtherMode(inputs, mode, problems) {
  for (const name of Object.keys(INPUTS)) {
    const belongs = INPUTS[name] === "both" || INPUTS[name] === mode;
    if (belongs || inputs[name] === "" || inputs[name] === DEFAULTS[name]) continue;
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "${name}" with "mode: ${mode}": it belongs to "mode: ${INPUTS[name]}"`,
      `remove "${name}" from the step`
    );
  }
}
function parseCommon(inputs, environment, problems) {
  const {
    "registry-username": username,
    "registry-password": password,
    "trusted-root": root,
    "github-token": token
  } = inputs;
  if (username === "" !== (password === "")) {
    const [set, missing3] = username === "" ? ["registry-password", "registry-username"] : ["registry-username", "registry-password"];
    problems.add(
      "INPUT_CONFLICT",
      `Cannot use "${set}" without "${missing3}"`,
      `set "${missing3}" too, or remove "${set}"`
    );
  }
  return {
    retryTimeout: parseDuration(inputs["retry-timeout"], problems),
    thisRepository: environment.repository,
    summary: isTrue("summary", inputs, problems) ? "write" : "leave",
    ...root === "" ? {} : { trustedRoot: resolve2(environment.workspace, root) },
    ...token === "" ? {} : { githubToken: token },
    ...username === "" ? {} : { credentials: { username, password } }
  };
}
function parseDuration(text2, problems) {
  const [, number = "", unit = ""] = /^(\d{1,5})(s|m|h)$/.exec(text2) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (Number.isNaN(milliseconds))
    problems.add(
      "INPUT_INVALID",
      `Cannot use "retry-timeout": "${text2}" is not a duration`,
      "write a number and a unit: 30s, 5m, 1h; 0s for no retries"
    );
  return milliseconds;
}
function parseSignRequest(inputs, environment, problems) {
  const images = parseImagesToSign(inputs, problems);
  const common = parseCommon(inputs, environment, problems);
  if (environment.identityToken === "unavailable") problems.include(noIdentityToken());
  const stores = oneOf(inputs, "stores", STORES, problems);
  const evidencePlace = parsePlaceToSign(stores, inputs, environment, images ?? [], problems);
  const predicates = parsePredicates(inputs, stores, problems);
  const instance = parseInstance(inputs, environment, problems);
  const tags = parseTags(inputs, images, problems);
  if (!images || !isNonEmpty(stores) || !isNonEmpty(predicates)) return void 0;
  return { ...common, evidencePlace, mode: "sign", images, stores, predicates, instance, tags };
}
function parsePredicates(inputs, stores, problems) {
  const signature = stores.includes("registry") ? ["signature"] : [];
  return [...signature, ...parseAttestations(inputs, stores, problems)];
}
function parseAttestations(inputs, stores, problems) {
  if (inputs.attestations !== "") {
    return oneOf(inputs, "attestations", ATTESTATIONS, problems);
  }
  return stores.includes("github") ? ["provenance"] : [];
}
function parseInstance({ sigstore, "trusted-root": root }, { workspace }, problems) {
  if (sigstore === "") return { kind: "public-by-default" };
  if (sigstore === "public-good") return { kind: sigstore };
  if (root === "")
    problems.add(
      "INPUT_MISSING",
      'Cannot verify signatures of a private Sigstore instance: "trusted-root" is empty',
      'set "trusted-root" to the trusted_root.json that belongs to the signing configuration'
    );
  return { kind: "custom", signingConfig: resolve2(workspace, sigstore) };
}
function parseVerifyRequest(inputs, environment, problems) {
  const images = parseImagesToVerify(inputs, problems);
  const common = parseCommon(inputs, environment, problems);
  const evidencePlace = parseEvidencePlace(inputs, environment, images ?? [], problems);
  const names = parseGitHubNames(inputs, environment, problems);
  const requirements = parseRequirements(inputs, names, environment, problems);
  if (!images) return void 0;
  return {
    ...common,
    evidencePlace,
    mode: "verify",
    images,
    requirements,
    attestationsOf: attestationsOf(names, environment)
  };
}
function oneOf(inputs, input, allowed, problems) {
  const items = [...new Set(listOf(inputs[input]))];
  const known2 = allowed.filter((value) => items.includes(value));
  for (const item of items.filter((each) => !known2.some((value) => value === each))) {
    problems.add(
      "INPUT_INVALID",
      `Cannot use "${input}": "${item}" is not supported`,
      `use ${allowed.join(" or ")}, one per line`
    );
  }
  if (items.length === 0)
    problems.add(
      "INPUT_MISSING",
      `Cannot use "${input}": it is empty`,
      `use ${allowed.join(" or ")}`
    );
  return known2;
}

// src/main.ts
init_errors();

// src/http/proxy.ts
init_errors();
import http from "node:http";
function useProxyFromEnvironment() {
  try {
    http.setGlobalProxyFromEnv?.();
  } catch {
    throw new ActionError("input", "INPUT_INVALID", {
      message: "Cannot use the proxy in HTTPS_PROXY or HTTP_PROXY: it is not a proxy address",
      remedy: "write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded"
    });
  }
}

// src/main.ts
async function main() {
  const inputs = readInputs();
  publishNothingYet(inputs.mode);
  try {
    const environment = readEnvironment();
    const request = parseRequest(inputs, environment);
    useProxyFromEnvironment();
    const report = request.mode === "sign" ? await (await Promise.resolve().then(() => (init_sign2(), sign_exports))).runSign(request, environment) : await (await Promise.resolve().then(() => (init_verify2(), verify_exports))).runVerify(request, environment);
    await publishReport(report, request, environment);
  } catch (error2) {
    publishProblems(actionErrorsOf(error2));
  }
}

// src/index.ts
await main();
end();
