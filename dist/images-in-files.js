const require = process.getBuiltinModule;
import {
  fieldOf,
  findFiles,
  isNull,
  parseYaml,
  textOf
} from "./shared-yaml.js";
import {
  formatPlace
} from "./shared-place.js";
import {
  readBoundedFile
} from "./shared-bounded-file.js";
import "./shared-file-kind.js";
import {
  formatImage,
  parseReference
} from "./shared-reference.js";
import {
  isProblem
} from "./shared-parsed.js";
import "./shared-runtime.js";

// src/deployments/images-in-files.ts
const { join, posix } = process.getBuiltinModule("node:path");
const { dirname } = process.getBuiltinModule("node:path/posix");
const { parseEnv } = process.getBuiltinModule("node:util");

// src/deployments/read-file.ts
const { basename } = process.getBuiltinModule("node:path");

// src/deployments/interpolate.ts
var NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
function interpolate(text, syntax, lookup) {
  try {
    return { value: new Interpolation(text, syntax, lookup).upTo(void 0) };
  } catch (error) {
    if (error instanceof Unresolved) return error.problem;
    throw error;
  }
}
var Unresolved = class extends Error {
  problem;
  constructor(problem) {
    super(problem.problem);
    this.problem = problem;
  }
};
var Interpolation = class {
  #text;
  #syntax;
  #lookup;
  #at = 0;
  constructor(text, syntax, lookup) {
    this.#text = text;
    this.#syntax = syntax;
    this.#lookup = lookup;
  }
  /** The text from here to a closing brace, or to the end. */
  upTo(end) {
    let result = "";
    while (this.#at < this.#text.length) {
      const next = this.#text.charAt(this.#at);
      if (next === end) return result;
      result += next === "$" ? this.#dollar() : this.#plain(next);
    }
    if (end !== void 0) throw this.#malformed();
    return result;
  }
  #plain(next) {
    this.#at++;
    if (this.#syntax === "compose") return next;
    if (next === "\\") return this.#text.charAt(this.#at++);
    if (next === '"') return "";
    return next === "'" ? this.#literal() : next;
  }
  /** Up to the next single quote, no character is special. */
  #literal() {
    const close = this.#text.indexOf("'", this.#at);
    if (close < 0) throw this.#malformed();
    const literal = this.#text.slice(this.#at, close);
    this.#at = close + 1;
    return literal;
  }
  #dollar() {
    this.#at++;
    if (this.#syntax === "compose" && this.#takes("$")) return "$";
    if (this.#takes("{")) return this.#braced();
    return this.#set(this.#name());
  }
  #braced() {
    const name = this.#name();
    const operator = /^:?[-+?]/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += operator.length;
    const value = operator === "" ? void 0 : this.#value(name);
    const isSet = value !== void 0 && !(operator.startsWith(":") && value === "");
    const isWanted = operator.endsWith("-") ? !isSet : operator.endsWith("+") && isSet;
    const word = this.#word(isWanted);
    if (!this.#takes("}")) throw this.#malformed();
    if (operator === "") {
      if (word !== "") throw this.#malformed();
      return this.#set(name);
    }
    if (operator.endsWith("+")) return isSet ? word : "";
    if (isSet) return value;
    if (operator.endsWith("-")) return word;
    throw new Unresolved(unset(name, word));
  }
  /** The text after the operator, which is evaluated only if it is used. */
  #word(isWanted) {
    if (isWanted) return this.upTo("}");
    const start = this.#at;
    for (let depth = 0; this.#at < this.#text.length; this.#at++) {
      if (this.#text.startsWith("${", this.#at)) depth++;
      if (this.#text.charAt(this.#at) === "}" && depth-- === 0) break;
    }
    return this.#text.slice(start, this.#at);
  }
  #name() {
    const [name] = NAME.exec(this.#text.slice(this.#at)) ?? [];
    if (name === void 0) throw this.#malformed();
    this.#at += name.length;
    return name;
  }
  #set(name) {
    const value = this.#value(name);
    if (value === void 0) throw new Unresolved(unset(name, ""));
    return value;
  }
  #value(name) {
    const found = this.#lookup(name);
    if (isProblem(found)) throw new Unresolved(found);
    return found.value;
  }
  #takes(character) {
    const isNext = this.#text.startsWith(character, this.#at);
    if (isNext) this.#at++;
    return isNext;
  }
  #malformed() {
    return new Unresolved({
      problem: `"${this.#text}" uses a variable in a form that is not supported`,
      remedy: "write ${NAME} or ${NAME:-default}"
    });
  }
};
function unset(name, message) {
  return {
    problem: `variable "${name}" is not set${message === "" ? "" : ` (${message})`}`,
    remedy: `set it, give it a default (\${${name}:-\u2026}), or list the image in "images"`
  };
}

// src/deployments/reading.ts
var FileReading = class {
  images = [];
  troubles = [];
  add(text, line) {
    this.images.push({ text, line });
  }
  refuse(line, problem, remedy) {
    this.troubles.push({ line, problem, remedy });
  }
  /** An image in YAML. */
  addNode(node, what) {
    const text = textOf(node);
    if (text === void 0 || text.trim() === "")
      this.refuse(node.line, `${what} is not the name of an image`, RENDER);
    else this.add(text, node.line);
  }
};
var RENDER = 'write the whole image into the file, or render it first ("helm template", "kustomize build", "docker compose config")';

// src/deployments/compose.ts
var IMAGE_CONTEXT = "docker-image://";
function isCompose(node) {
  return fieldOf(node, "services")?.kind === "map" || fieldOf(node, "include")?.kind === "list";
}
function readCompose(document, reading, { lookup, has }) {
  const compose = new Compose(reading, lookup, has);
  const services = fieldOf(document, "services");
  const include = fieldOf(document, "include");
  if (include?.kind === "list") for (const each of include.items) compose.includeFile(each);
  for (const service of services?.kind === "map" ? services.entries : []) compose.service(service);
}
var Compose = class {
  #reading;
  #lookup;
  #has;
  constructor(reading, lookup, has) {
    this.#reading = reading;
    this.#lookup = lookup;
    this.#has = has;
  }
  service({ key, line, value }) {
    if (key.startsWith("x-")) return;
    const image = fieldOf(value, "image");
    const build = fieldOf(value, "build");
    if (image && !isNull(image)) this.#image(image, `"image" of the service "${key}"`);
    else if (!build && !fieldOf(value, "extends") && !fieldOf(value, "provider"))
      this.#reading.refuse(line, `the service "${key}" has neither an image nor a build`, RENDER);
    this.#extended(fieldOf(value, "extends"));
    if (build) this.#build(build);
    const volumes = fieldOf(value, "volumes");
    for (const volume of volumes?.kind === "list" ? volumes.items : [])
      if (textOf(fieldOf(volume, "type")) === "image")
        this.#image(fieldOf(volume, "source") ?? volume, "the source of a volume");
  }
  includeFile(node) {
    const path = fieldOf(node, "path") ?? node;
    for (const each of path.kind === "list" ? path.items : [path]) this.#otherFile(each, "include");
  }
  /** A service in another file can name the image. */
  #extended(node) {
    const file = fieldOf(node, "file");
    if (file) this.#otherFile(file, "extends");
  }
  #otherFile(node, what) {
    const text = textOf(node);
    const path = text === void 0 ? void 0 : this.#resolved(text, node.line);
    if (path === void 0 || this.#has(path)) return;
    const remedy = `add "${path}" to "files"`;
    this.#reading.refuse(node.line, `"${what}" names "${path}", which is not read`, remedy);
  }
  #build(build) {
    const inline = fieldOf(build, "dockerfile_inline");
    if (inline)
      this.#reading.refuse(
        inline.line,
        '"dockerfile_inline" is not read',
        'move the Dockerfile to a file, and add that to "files"'
      );
    const contexts = fieldOf(build, "additional_contexts");
    if (contexts?.kind === "map")
      for (const { value } of contexts.entries) this.#context(textOf(value) ?? "", value.line);
    if (contexts?.kind === "list")
      for (const item of contexts.items)
        this.#context(textOf(item)?.replace(/^[^=]*=/, "") ?? "", item.line);
  }
  #context(text, line) {
    const context = this.#resolved(text, line);
    if (context?.startsWith(IMAGE_CONTEXT))
      this.#reading.add(context.slice(IMAGE_CONTEXT.length), line);
  }
  #image(node, what) {
    const text = textOf(node);
    if (text === void 0) this.#reading.addNode(node, what);
    else {
      const image = this.#resolved(text, node.line);
      if (image === "") this.#reading.refuse(node.line, `${what} is empty`, RENDER);
      else if (image !== void 0) this.#reading.add(image, node.line);
    }
  }
  #resolved(text, line) {
    const resolved = interpolate(text, "compose", this.#lookup);
    if (!isProblem(resolved)) return resolved.value;
    this.#reading.troubles.push({ ...resolved, line });
    return void 0;
  }
};

// src/deployments/dockerfile-lines.ts
var DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
var OTHER_SYNTAX = /^(?:\/\/\s*syntax\s*=|\{)/;
var TAKES_HEREDOC = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;
var HEREDOC = /^\d*<<(-?)([^<]+)$/;
function linesOf(text) {
  const lines = text.replace(/^\uFEFF/, "").split("\n").map((line) => line.replace(/\r+$/, ""));
  const { syntax, escape, trouble } = directivesIn(lines);
  if (trouble) return trouble;
  const instructions = [];
  for (let at2 = 0; at2 < lines.length; ) {
    const start = at2 + 1;
    const joined = joinFrom(lines, at2, escape);
    at2 = joined.next;
    if (joined.text.trim() === "") continue;
    const heredocs = heredocsIn(joined.text);
    if (isProblem(heredocs)) return { ...heredocs, line: start };
    for (const heredoc of heredocs.value) {
      const end = lines.findIndex((line, index) => index >= at2 && heredoc.isEnd(line));
      if (end < 0) return unterminated(start);
      at2 = end + 1;
    }
    const [, name = "", rest = ""] = /^\s*(\S+)\s*([^]*)$/.exec(joined.text) ?? [];
    instructions.push({ name: name.toUpperCase(), rest, line: start });
  }
  return { instructions, syntax, escape };
}
function directivesIn(lines) {
  let syntax;
  let escape = "\\";
  const first = lines[0]?.startsWith("#!") ? 1 : 0;
  if (OTHER_SYNTAX.test(lines[first] ?? ""))
    return { syntax, escape, trouble: unknownSyntax(first + 1) };
  for (const [index, line] of lines.entries()) {
    if (index < first) continue;
    const [, name = "", value = ""] = DIRECTIVE.exec(line.trim()) ?? [];
    if (name === "") break;
    if (name.toLowerCase() === "syntax") syntax ??= { text: value, line: index + 1 };
    if (name.toLowerCase() === "escape") escape = value;
  }
  return { syntax, escape };
}
function joinFrom(lines, start, escape) {
  const continued = escape === "`" ? /(?:^|[^`])`[ \t]*$/ : /(?:^|[^\\])\\[ \t]*$/;
  let text = "";
  for (let at2 = start; at2 < lines.length; at2++) {
    const line = lines[at2] ?? "";
    if (/^\s*#/.test(line)) {
      if (text === "" && at2 === start) return { text, next: at2 + 1 };
      continue;
    }
    if (at2 > start && line.trim() === "") continue;
    if (!continued.test(line)) return { text: text + line, next: at2 + 1 };
    text += line.replace(/[\\`][ \t]*$/, "");
  }
  return { text, next: lines.length };
}
function heredocsIn(text) {
  if (!TAKES_HEREDOC.test(text.trimStart()) || !text.includes("<<")) return { value: [] };
  const words = wordsIn(text);
  if (!words)
    return {
      problem: "a quote is not closed, so it is not known where a here-document begins",
      remedy: "close the quote"
    };
  return {
    value: words.flatMap((word) => {
      const [, dash, name] = HEREDOC.exec(word) ?? [];
      if (name === void 0) return [];
      const end = name.replaceAll(/\\(.)|["']/g, "$1");
      return [{ isEnd: (line) => (dash === "-" ? line.replace(/^\t+/, "") : line) === end }];
    })
  };
}
function wordsIn(text) {
  const words = [];
  let word = "";
  let quote = "";
  let braces = 0;
  for (let at2 = 0; at2 < text.length; at2++) {
    const next = text.charAt(at2);
    if (next === "\\" && quote !== "'") word += next + text.charAt(++at2);
    else if (quote === "" && braces === 0 && /\s/.test(next)) {
      if (word !== "") words.push(word);
      word = "";
    } else {
      if (quote === "" && (next === '"' || next === "'")) quote = next;
      else if (next === quote) quote = "";
      if (quote !== "'" && text.startsWith("${", at2)) braces++;
      if (quote !== "'" && next === "}" && braces > 0) braces--;
      word += next;
    }
  }
  if (word !== "") words.push(word);
  return quote === "" && braces === 0 ? words : void 0;
}
function unterminated(line) {
  return { line, problem: "a here-document has no end", remedy: "write the line that ends it" };
}
function unknownSyntax(line) {
  return {
    line,
    problem: "it starts with a syntax that is not for Dockerfiles",
    remedy: 'write "# syntax=\u2026", or list the images in "images"'
  };
}

// src/deployments/dockerfile.ts
var INSTRUCTIONS = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " "
  )
);
var HAS_FLAGS = /* @__PURE__ */ new Set(["ADD", "COPY", "FROM", "RUN"]);
var NOTHING = "scratch";
var NO_STAGE = "write --from=STAGE, and name the image in a stage of its own: FROM image AS STAGE";
function readDockerfile(text) {
  const reading = new FileReading();
  const lines = linesOf(text);
  if ("problem" in lines) {
    reading.troubles.push(lines);
    return reading;
  }
  if (lines.syntax) reading.add(lines.syntax.text, lines.syntax.line);
  const build = new Build(reading, stagesIn(lines.instructions));
  for (const instruction of lines.instructions) build.take(instruction);
  return reading;
}
function stagesIn(instructions) {
  return instructions.filter(({ name }) => name === "FROM").map((instruction) => stageNameOf(instruction) ?? "");
}
function stageNameOf({ rest }) {
  const [, as, stage] = flagsOf(rest).words;
  return as?.toUpperCase() === "AS" ? stage?.toLowerCase() : void 0;
}
var Build = class {
  #reading;
  #stages;
  /** ARGs before the first FROM, the only ones that a FROM can use. */
  #args = /* @__PURE__ */ new Map();
  /** Stages so far. */
  #count = 0;
  constructor(reading, stages) {
    this.#reading = reading;
    this.#stages = stages;
  }
  take(instruction) {
    const { name, rest, line } = instruction;
    if (!INSTRUCTIONS.has(name))
      this.#reading.refuse(line, `"${name}" is not an instruction`, "correct the Dockerfile");
    if (HAS_FLAGS.has(name) && /^--\w/.test(flagsOf(rest).words[0] ?? ""))
      this.#reading.refuse(line, `a flag of ${name} cannot be read`, "correct its quotes");
    if (name === "ARG" && this.#count === 0) this.#declare(instruction);
    if (name === "FROM") this.#from(instruction);
    if (name === "COPY" || name === "ADD") this.#copy(instruction);
    if (name === "RUN") this.#run(instruction);
    if (name === "ONBUILD") {
      const [, trigger = "", others = ""] = /^(\S+)\s*([^]*)$/.exec(rest) ?? [];
      this.take({ name: trigger.toUpperCase(), rest: others, line });
    }
  }
  /** A problem with a default is reported when it is used. */
  #declare({ rest }) {
    for (const word of wordsIn(rest) ?? []) {
      const [name = "", ...value] = word.split("=");
      if (value.length > 0) this.#args.set(name, this.#resolved(value.join("=")));
      else if (!this.#args.has(name)) this.#args.set(name, { value: void 0 });
    }
  }
  #from({ rest, line }) {
    const { words } = flagsOf(rest);
    const [written] = words;
    const earlier = this.#stages.slice(0, this.#count++);
    if (written === void 0 || words.length !== 1 && words.length !== 3) {
      const remedy = "write FROM image, or FROM image AS stage";
      this.#reading.refuse(line, `FROM has ${words.length} words`, remedy);
      return;
    }
    const image = this.#resolved(written);
    if (isProblem(image)) this.#reading.troubles.push({ ...image, line });
    else if (image.value !== NOTHING && !earlier.includes(image.value.toLowerCase()))
      this.#reading.add(image.value, line);
  }
  #copy({ rest, line }) {
    const sources = flagsOf(rest).flags.filter(({ name }) => name === "from");
    for (const { value } of sources) this.#use(value, line);
  }
  #run({ rest, line }) {
    const mounts = flagsOf(rest).flags.filter(({ name }) => name === "mount");
    for (const field of mounts.flatMap(({ value }) => value.split(","))) {
      const [, key = "", value = ""] = /^"?([^=]*)=([^]*?)"?$/.exec(field.trim()) ?? [];
      if (key.toLowerCase() === "from") this.#use(value, line);
    }
  }
  /** A stage by name or number, or an image; BuildKit expands no variable here. */
  #use(source, line) {
    if (/[$"']/.test(source))
      this.#reading.refuse(line, `"${source}" is neither a stage nor an image`, NO_STAGE);
    else if (!/^\d+$/.test(source) && !this.#isStage(source) && source !== NOTHING)
      this.#reading.add(source, line);
  }
  #isStage(source) {
    return this.#stages.includes(source.toLowerCase());
  }
  #resolved(text) {
    return interpolate(text, "dockerfile", (name) => this.#args.get(name) ?? { value: void 0 });
  }
};
function flagsOf(rest) {
  const flags = [];
  let left = rest.trimStart();
  for (; ; ) {
    const [whole, name, value = ""] = /^--([\w-]+)(?:=((?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])*))?(?:\s+|$)/.exec(left) ?? [];
    if (whole === void 0 || name === void 0) break;
    flags.push({ name: name.toLowerCase(), value: value.replaceAll(/\\(.)|["']/g, "$1") });
    left = left.slice(whole.length);
  }
  return { flags, words: left.split(/\s+/).filter((word) => word !== "") };
}

// src/deployments/kubernetes.ts
var POD_SPECS = {
  Pod: ["spec"],
  PodTemplate: ["template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
  ...Object.fromEntries(
    ["DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"].map(
      (kind) => [kind, ["spec", "template", "spec"]]
    )
  )
};
var CONTAINERS = ["initContainers", "containers", "ephemeralContainers"];
var BUILT_IN = /^(?:apps|autoscaling|batch|extensions|policy|(?:admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage)\.k8s\.io)\//;
var UNRENDERED = {
  Kustomization: "kustomize build",
  Component: "kustomize build",
  HelmRelease: "helm template",
  HelmChart: "helm template"
};
function isKubernetes(node) {
  return textOf(fieldOf(node, "apiVersion")) !== void 0 && textOf(fieldOf(node, "kind")) !== void 0;
}
function readKubernetes(document, reading) {
  readObject(document, reading, "");
}
function readObject(node, reading, kindOfItem) {
  const version = textOf(fieldOf(node, "apiVersion")) ?? "v1";
  const kind = textOf(fieldOf(node, "kind")) ?? kindOfItem;
  const items = fieldOf(node, "items");
  if (kind.endsWith("List") && items?.kind === "list") {
    for (const item of items.items) readObject(item, reading, kind.slice(0, -"List".length));
    return;
  }
  const command = UNRENDERED[kind];
  const path = POD_SPECS[kind];
  if (version.includes("/") && !BUILT_IN.test(version)) {
    if (command === void 0) new Custom(reading).read(node);
    else
      reading.refuse(
        node.line,
        `a ${kind} has its images elsewhere`,
        `list what "${command}" prints`
      );
  } else if (path) readPods(node, kind, path, reading);
}
function readPods(node, kind, path, reading) {
  const spec = path.reduce(fieldOf, node);
  if (spec?.kind === "map") readPodSpec(spec, reading);
  else reading.refuse(node.line, `the ${kind} has no ${path.join(".")}`, RENDER);
}
function readPodSpec(spec, reading) {
  for (const name of CONTAINERS) {
    for (const container of itemsOf(fieldOf(spec, name), name, reading)) {
      const image = fieldOf(container, "image");
      if (image) reading.addNode(image, `"image" in "${name}"`);
      else reading.refuse(container.line, `a container in "${name}" has no image`, RENDER);
    }
  }
  for (const volume of itemsOf(fieldOf(spec, "volumes"), "volumes", reading)) {
    const image = fieldOf(volume, "image");
    if (image) reading.addNode(fieldOf(image, "reference") ?? image, "the image of a volume");
  }
}
function itemsOf(node, name, reading) {
  if (node === void 0 || isNull(node)) return [];
  if (node.kind === "list") return node.items;
  reading.refuse(node.line, `"${name}" is not a list`, RENDER);
  return [];
}
var Custom = class {
  #reading;
  /** An alias is the node that it names. */
  #seen = /* @__PURE__ */ new Set();
  constructor(reading) {
    this.#reading = reading;
  }
  read(node) {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    if (node.kind === "list") for (const item of node.items) this.read(item);
    if (node.kind !== "map") return;
    for (const { key, value } of node.entries) {
      if (key === "image") this.#reading.addNode(fieldOf(value, "reference") ?? value, '"image"');
      else this.read(value);
    }
  }
};

// src/deployments/read-file.ts
var DOCKERFILE = /^(?:docker|container)file(?:\..+)?$|\.(?:docker|container)file$/i;
var YAML = /\.(?:ya?ml|json)$/i;
function readFile(file, text, surroundings) {
  const name = basename(file);
  if (DOCKERFILE.test(name)) return readDockerfile(text);
  if (YAML.test(name)) return readYaml(text, surroundings);
  const reading = new FileReading();
  const remedy = 'name a Dockerfile "Dockerfile", "Dockerfile.NAME" or "NAME.Dockerfile", and a Compose file or manifest "NAME.yaml", "NAME.yml" or "NAME.json"';
  reading.refuse(1, "its name is neither that of a Dockerfile nor of YAML", remedy);
  return reading;
}
function readYaml(text, surroundings) {
  const reading = new FileReading();
  const documents = parseYaml(text);
  if (isProblem(documents)) reading.troubles.push(documents);
  else for (const document of documents.value) readDocument(document, reading, surroundings);
  return reading;
}
function readDocument(node, reading, surroundings) {
  if (node.kind === "list")
    for (const item of node.items) readDocument(item, reading, surroundings);
  else if (isKubernetes(node)) readKubernetes(node, reading);
  else if (isCompose(node)) readCompose(node, reading, surroundings);
  else if (!isNull(node))
    reading.refuse(
      node.line,
      'it is neither a Kubernetes manifest (with "apiVersion" and "kind") nor a Compose file (with "services")',
      'leave the file out with a line "!FILE", or render it first'
    );
}

// src/deployments/images-in-files.ts
var FILE_LIMIT = 4 << 20;
async function imagesInFiles(lines, workspace) {
  const { files, problems } = await findFiles(lines, workspace.path);
  const names = new Set(files.map(({ name }) => name));
  const found = /* @__PURE__ */ new Map();
  const all = [...problems];
  const without = [];
  for (const file of files) {
    const reading = await readOne(file, names, workspace);
    if ("problem" in reading) {
      all.push({ ...reading, problem: `${file.name}: ${reading.problem}` });
      continue;
    }
    all.push(...troublesOf(file, reading));
    if (reading.images.length + reading.troubles.length === 0) {
      if (file.naming === "literal") all.push(noImage(file));
      else without.push(file.name);
    }
    for (const { text, line } of reading.images) {
      const place = { file: file.name, line };
      const reference = parseReference(text);
      if (isProblem(reference)) all.push(at(place, reference));
      else note(found, reference.value, place);
    }
  }
  if (found.size + all.length === 0) all.push(noImageAnywhere(lines));
  const references = [...found.values()].map(({ reference, places }) => ({ ...reference, places }));
  return { references, problems: all, without };
}
async function readOne({ name, path }, names, workspace) {
  const bytes = await readBoundedFile(path, FILE_LIMIT);
  if (isProblem(bytes)) return bytes;
  const folder = dirname(name);
  return readFile(name, bytes.value.toString(), {
    lookup: await lookupIn(join(workspace.path, folder, ".env"), workspace),
    has: (file) => names.has(posix.normalize(posix.join(folder, file)))
  });
}
async function lookupIn(path, { variable }) {
  const bytes = await readBoundedFile(path, FILE_LIMIT);
  const values = isProblem(bytes) ? {} : parseEnv(bytes.value.toString());
  return (name) => {
    const value = variable(name) ?? values[name];
    if (variable(name) !== void 0 || !value?.includes("$")) return { value };
    return {
      problem: `the value of "${name}" in .env has a "$"`,
      remedy: `set "${name}" in the environment of the step`
    };
  };
}
function note(found, written, place) {
  const isBare = written.tag === void 0 && written.digest === void 0;
  const reference = isBare ? { ...written, tag: "latest" } : written;
  const known = found.get(formatImage(reference));
  if (known) known.places.push(place);
  else found.set(formatImage(reference), { reference, places: [place] });
}
function troublesOf({ name }, { troubles }) {
  return troubles.map(({ line, ...problem }) => at({ file: name, line }, problem));
}
function at(place, { problem, remedy }) {
  return { problem: `${formatPlace(place)}: ${problem}`, remedy, place };
}
function noImage({ name }) {
  return { problem: `${name}: it names no image`, remedy: `remove "${name}" from "files"` };
}
function noImageAnywhere(lines) {
  return {
    problem: `no file of "${lines.join('", "')}" names an image`,
    remedy: 'check the patterns, or list the images in "images"'
  };
}
export {
  imagesInFiles
};
