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
var __commonJS = (cb, mod) => function __require2() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
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

// src/errors.ts
var ActionError = class extends Error {
  name = "ActionError";
  kind;
  code;
  remedy;
  constructor(kind, code, { message, remedy, cause }) {
    super(message, { cause });
    this.kind = kind;
    this.code = code;
    this.remedy = remedy;
  }
};
var ActionErrors = class extends Error {
  name = "ActionErrors";
  errors;
  constructor(errors) {
    super(errors.map((error) => error.message).join("\n"));
    this.errors = errors;
  }
};
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
async function allOrProblems(promises) {
  const { values, failures } = await settle(promises);
  if (failures.length > 0) throw new ActionErrors(distinct(failures));
  return values;
}
function distinct(errors) {
  const isSame = (one, other) => one.message === other.message && one.remedy === other.remedy;
  return errors.filter(
    (error, index) => errors.findIndex((other) => isSame(error, other)) === index
  );
}
function throwOnePerRemedy(error) {
  const errors = actionErrorsOf(error);
  const reasonOf = ({ code, message, remedy }) => code === "SUBJECT_MISSING" ? message : remedy;
  const isFirst = (one, index) => errors.findIndex((other) => reasonOf(other) === reasonOf(one)) === index;
  throw new ActionErrors(errors.filter(isFirst));
}
async function settle(promises) {
  const outcomes = await Promise.allSettled(promises);
  return {
    values: outcomes.flatMap((outcome) => outcome.status === "fulfilled" ? [outcome.value] : []),
    failures: outcomes.flatMap(
      (outcome) => outcome.status === "rejected" ? actionErrorsOf(outcome.reason) : []
    )
  };
}

// src/text/json.ts
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}

export {
  __require,
  __commonJS,
  __toESM,
  ActionError,
  ActionErrors,
  actionErrorsOf,
  messageOf,
  codeOf,
  allOrProblems,
  throwOnePerRemedy,
  settle,
  isRecord,
  parseJson
};
