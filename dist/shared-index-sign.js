import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
import {
  describeStatus,
  hexOf,
  nameOfType,
  setSecret
} from "./shared-index-sign-verify.js";
import {
  ActionError,
  isRecord,
  parseJson
} from "./shared-index-sign-tuf-verify.js";

// src/action/identity-token.ts
var AUDIENCE = "sigstore";
var ANSWER_LIMIT = 64 << 10;
var TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
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
    remedy: 'run the job again; if it stays, check "permissions: id-token: write" and https://www.githubstatus.com'
  });
}
function noIdentityToken() {
  return new ActionError("permission", "PERMISSION_ID_TOKEN", {
    message: "Cannot sign: this job may not ask for an identity token",
    remedy: [
      "add to the job (and to the job that calls it, if this is a reusable workflow):",
      "  permissions:",
      "    contents: read",
      "    id-token: write",
      "    packages: write"
    ].join("\n")
  });
}

// src/action/files.ts
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
async function keepBundles(temp, bundles) {
  const directory = await mkdtemp(join(temp, "countersign-"));
  const all = join(directory, "bundles.jsonl");
  await writeFile(all, bundles.map(({ json }) => `${json.toString()}
`).join(""));
  const files = await Promise.all(
    bundles.map(async ({ json, predicateType, subjects: [{ digest }] }) => {
      const file = join(
        directory,
        `${hexOf(digest).slice(0, 12)}-${nameOfType(predicateType).replaceAll(/[^\w.-]+/g, "-")}.sigstore.json`
      );
      await writeFile(file, json);
      return file;
    })
  );
  return { all, files };
}
async function keepResults(temp, results) {
  const file = join(await mkdtemp(join(temp, "countersign-")), "results.json");
  await writeFile(file, JSON.stringify(results));
  return file;
}

export {
  tokenServiceIn,
  getIdentityToken,
  noIdentityToken,
  keepBundles,
  keepResults
};
