const require = process.getBuiltinModule;

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

// src/errors.ts
var ActionError = class extends Error {
  name = "ActionError";
  kind;
  code;
  remedy;
  /** The line of a file that has to be changed. */
  place;
  constructor(kind, code, {
    message,
    remedy,
    place,
    cause
  }) {
    super(message, { cause });
    this.kind = kind;
    this.code = code;
    this.remedy = remedy;
    this.place = place;
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

export {
  isRecord,
  parseJson,
  ActionError,
  ActionErrors,
  actionErrorsOf,
  messageOf,
  codeOf,
  allOrProblems,
  distinct,
  throwOnePerRemedy,
  settle
};
