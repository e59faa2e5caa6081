const require = process.getBuiltinModule;
import {
  isNonEmpty
} from "./shared-non-empty.js";
import {
  digestOf,
  formatRepository,
  isSameRepository
} from "./shared-reference.js";
import {
  isRecord
} from "./shared-errors.js";

// src/model/subject.ts
function formatSubject({ repository, digest }) {
  return `${formatRepository(repository)}@${digest}`;
}
function formatForClusters({ repository: { registry, path }, digest }) {
  return `${registry === "docker.io" ? "index.docker.io" : registry}/${path}@${digest}`;
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
function distinctSubjects(subjects) {
  const known2 = /* @__PURE__ */ new Map();
  for (const subject of subjects) {
    const name = formatSubject(subject);
    const earlier = known2.get(name);
    if (!earlier || earlier.listedAs && !subject.listedAs) known2.set(name, subject);
  }
  const [first = subjects[0], ...others] = known2.values();
  return [first, ...others];
}
function namedIn(subjects) {
  const named = subjects.filter(({ listedAs }) => listedAs === void 0);
  return isNonEmpty(named) ? named : subjects;
}

// node_modules/@actions/core/lib/command.js
const os = process.getBuiltinModule("os");

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

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
  issueCommand(name, {}, message);
}
var CMD_STRING = "::";
var Command = class {
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
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
const crypto = process.getBuiltinModule("crypto");
const fs = process.getBuiltinModule("fs");
const os2 = process.getBuiltinModule("os");
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

// node_modules/@actions/core/lib/core.js
const os3 = process.getBuiltinModule("os");

// node_modules/@actions/core/lib/summary.js
const { EOL: EOL3 } = process.getBuiltinModule("os");
const { constants, promises } = process.getBuiltinModule("fs");
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve) {
      resolve(value);
    });
  }
  return new (P || (P = Promise))(function(resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile } = promises;
var SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
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
  addRaw(text, addEOL = false) {
    this._buffer += text;
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
  addCodeBlock(code, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code), attrs);
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
  addHeading(text, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text);
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
  addQuote(text, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text, attrs);
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
  addLink(text, href) {
    const element = this.wrap("a", text, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();
var summary = _summary;

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
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
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function notice(message, properties = {}) {
  issueCommand("notice", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os3.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}

// src/text/strict-json.ts
var DEEPEST = 64;
var VALUES = 5e5;
var REMEDY = "sign again with a tool that writes plain JSON";
function parseStrictJson(bytes, mostValues = VALUES) {
  const survey = surveyOf(bytes, mostValues);
  if ("problem" in survey) return { ...survey, remedy: REMEDY };
  let text;
  let value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: "it is not UTF-8", remedy: REMEDY };
  }
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "it is not JSON", remedy: REMEDY };
  }
  return membersIn(value) === survey.members ? { value } : { problem: `it has the key "${doubledKeyIn(bytes).slice(0, 40)}" twice`, remedy: REMEDY };
}
var [QUOTE, BACKSLASH, COMMA, COLON, PLUS, MINUS, POINT, ZERO, NINE] = [
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
var [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
function surveyOf(bytes, mostValues, onMember) {
  const open = [];
  let [values, members, objects, keyFrom, keyTo] = [0, 0, 0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      keyFrom = at;
      at = endOfString(bytes, at);
      keyTo = at + 1;
    } else if (byte === COLON) {
      members++;
      onMember?.(open.at(-1) ?? 0, bytes.subarray(keyFrom, keyTo));
    } else if (byte === COMMA) {
      values++;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      values++;
      if (open.push(objects++) > DEEPEST)
        return { problem: `it is nested more than ${DEEPEST} levels deep` };
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      open.pop();
    } else if (byte === MINUS || byte >= ZERO && byte <= NINE) {
      const end = endOfNumber(bytes, at);
      if (!isExact(bytes, at, end))
        return {
          problem: `it has the number ${textOf(bytes.subarray(at, Math.min(end, at + 40)))}, which not every JSON parser reads the same way`
        };
      at = end - 1;
    }
    if (values > mostValues) return { problem: `it has more than ${mostValues} values` };
  }
  return { members };
}
function endOfString(bytes, from) {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
function endOfNumber(bytes, from) {
  let at = from;
  while (at < bytes.length && isNumeral(bytes[at] ?? 0)) at++;
  return at;
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

// src/http/addresses.ts
const { BlockList, isIPv6 } = process.getBuiltinModule("node:net");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
var LOOKUP_TIMEOUT = 2e3;
var INTERNAL = [
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
var internal = new BlockList();
for (const [network, prefix] of INTERNAL)
  internal.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4");
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
var known = /* @__PURE__ */ new Map();
function lookUpOnce(hostname) {
  const addresses = known.get(hostname) ?? lookUpNow(hostname);
  known.set(hostname, addresses);
  return addresses;
}
async function lookUpNow(hostname) {
  const { lookup } = await import("node:dns/promises");
  const found = lookup(hostname, { all: true }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => []
  );
  return Promise.race([found, sleep(LOOKUP_TIMEOUT, [], { ref: false })]);
}

// src/model/bundle.ts
var BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
var BUNDLE_LIMIT = 16 << 20;
function signedBundle(parts) {
  return { id: digestOf(parts.json), ...parts };
}
function formatOf({ layer }) {
  return layer ? "layer" : "bundle";
}
function isWitnessed(bundle) {
  return !("unwitnessed" in bundle);
}

export {
  summary,
  setSecret,
  getInput,
  setOutput,
  error,
  warning,
  notice,
  info,
  startGroup,
  endGroup,
  formatSubject,
  formatForClusters,
  isSameSubject,
  includesSubject,
  groupByDigest,
  distinctSubjects,
  namedIn,
  parseStrictJson,
  isLoopback,
  whyRefused,
  isSecure,
  BUNDLE_MEDIA_TYPE,
  BUNDLE_LIMIT,
  signedBundle,
  formatOf,
  isWitnessed
};
