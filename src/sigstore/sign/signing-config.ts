// Selects the services that sign: sigstore protobuf-specs, `SigningConfig`, by the rules there.
import { readFile } from 'node:fs/promises';
import { type Service, ServiceSelector, SigningConfig } from '@sigstore/protobuf-specs';
import { ActionError, codeOf, messageOf } from '../../errors.ts';
import { isSecure } from '../../http/addresses.ts';
import { kindOfText, whyUnreadable } from '../../text/file-kind.ts';
import { isRecord, parseJson } from '../../text/json.ts';
import { kindOfDocument } from '../document-kind.ts';
import { PUBLIC_GOOD } from '../trust/instances.ts';
import type { ReadTarget } from '../trust/tuf.ts';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';

export interface SigningServices {
  /** Base URL of the certificate authority; empty if there is none, as a key needs none. */
  readonly fulcio?: string | undefined;
  readonly logs: readonly { readonly url: string; readonly version: 1 | 2 }[];
  /** Base URL of a log for cosign v2's format, which newer logs do not support; it can be in use next to those of `logs`. */
  readonly rekorV1?: string | undefined;
  /** Full URLs. */
  readonly timestampAuthorities: readonly string[];
}

/** The kind of signer: a key needs no certificate authority. */
export type SignedBy = 'certificate' | 'key';

export async function servicesFromFile(path: string, by: SignedBy): Promise<SigningServices> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(path, whyUnreadable(codeOf(error)));
  });
  return selectServices(text, path, new Date(), by);
}

export async function servicesFromTuf(
  readTarget: ReadTarget,
  by: SignedBy,
): Promise<SigningServices> {
  const text = await readTarget(PUBLIC_GOOD.signingConfig);
  return selectServices(text, PUBLIC_GOOD.signingConfig, new Date(), by);
}

/** A certificate and a timestamp, and no log; it publishes no signing configuration. https://github.com/actions/toolkit/blob/main/packages/attest/src/endpoints.ts */
export function servicesOfGitHub(serverUrl: string): SigningServices {
  const { hostname } = new URL(serverUrl);
  const domain = hostname === 'github.com' ? 'githubapp.com' : hostname;
  return {
    fulcio: `https://fulcio.${domain}`,
    logs: [],
    timestampAuthorities: [`https://timestamp.${domain}`],
  };
}

/** `from` describes the text in messages, `now` decides which services are in use. */
export function selectServices(
  text: string,
  from: string,
  now: Date,
  by: SignedBy,
): SigningServices {
  const json = parseJson(text);
  if (!isRecord(json) || json['mediaType'] !== MEDIA_TYPE)
    throw unusable(
      from,
      `it is ${json === undefined ? kindOfText(text) : kindOfDocument(json)}, not one of type ${MEDIA_TYPE}`,
    );
  const config = parse(json, from);
  for (const { url } of [...config.caUrls, ...config.rekorTlogUrls, ...config.tsaUrls]) {
    assertSafe(url, from);
  }
  const usable = (services: readonly Service[], versions: readonly number[]): readonly Service[] =>
    newestVersion(
      services.filter((service) => isOpen(service, now)),
      versions,
    );
  const [fulcio] = usable(config.caUrls, [1]);
  const [rekorV1] = usable(config.rekorTlogUrls, [1]);
  const logs = choose(usable(config.rekorTlogUrls, [1, 2]), config.rekorTlogConfig);
  const authorities = choose(usable(config.tsaUrls, [1]), config.tsaConfig);
  if (!fulcio && by === 'certificate')
    throw unusable(from, 'it names no certificate authority that is in use');
  if (!logs || !authorities)
    throw unusable(from, 'its selectors require more services than are in use');
  if (logs.length + authorities.length === 0)
    throw unusable(from, 'it names neither a log nor a timestamp authority that is in use');
  return {
    fulcio: fulcio && trimmed(fulcio.url),
    logs: logs.map(({ url, majorApiVersion }) => ({
      url: trimmed(url),
      version: majorApiVersion === 2 ? 2 : 1,
    })),
    rekorV1: rekorV1 && trimmed(rekorV1.url),
    timestampAuthorities: authorities.map(({ url }) => url),
  };
}

function parse(json: Readonly<Record<string, unknown>>, from: string): SigningConfig {
  try {
    return SigningConfig.fromJSON(json);
  } catch (error) {
    throw unusable(from, `it is malformed: ${messageOf(error)}`);
  }
}

/** The first of these addresses receives the identity token, and the responses of the others go into the bundle. */
function assertSafe(address: string, from: string): void {
  const url = URL.parse(address);
  if (!url) throw unusable(from, `"${address}" is not an address`);
  // Node's client rejects such an address with a message that contains the password.
  if (url.username !== '' || url.password !== '') {
    throw unusable(from, `the address of "${url.host}" contains a user name or a password`);
  }
  if (isSecure(url)) return;
  throw new ActionError('input', 'INPUT_UNSAFE', {
    message: `Cannot use the signing configuration "${from}": "${address}" is not https`,
    remedy: 'use an https address; plain http is only allowed for services on this machine',
  });
}

function isOpen({ validFor }: Service, now: Date): boolean {
  return (
    validFor?.start !== undefined &&
    validFor.start <= now &&
    (validFor.end === undefined || now <= validFor.end)
  );
}

/** Services of the highest version that we support, newest first, one for each operator. */
function newestVersion(
  services: readonly Service[],
  versions: readonly number[],
): readonly Service[] {
  const version = Math.max(
    ...services
      .map(({ majorApiVersion }) => majorApiVersion)
      .filter((candidate) => versions.includes(candidate)),
  );
  const started = ({ validFor }: Service): number => validFor?.start?.getTime() ?? 0;
  const newest = services
    .filter(({ majorApiVersion }) => majorApiVersion === version)
    .sort((a, b) => started(b) - started(a));
  return newest.filter(
    (service, index) =>
      service.operator === '' ||
      newest.findIndex(({ operator }) => operator === service.operator) === index,
  );
}

/** Undefined if fewer are in use than the configuration requires. */
function choose(
  services: readonly Service[],
  config: SigningConfig['rekorTlogConfig'],
): readonly Service[] | undefined {
  if (services.length === 0)
    return config?.selector === ServiceSelector.EXACT && config.count > 0 ? undefined : [];
  switch (config?.selector) {
    case ServiceSelector.ALL:
      return services;
    case ServiceSelector.ANY:
      return services.slice(0, 1);
    case ServiceSelector.EXACT:
      return services.length < config.count ? undefined : services.slice(0, config.count);
    default:
      return undefined;
  }
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function unusable(from: string, state: string): ActionError {
  return new ActionError('input', 'INPUT_FILE', {
    message: `Cannot use the signing configuration "${from}": ${state}`,
    remedy:
      'set "sigstore" to auto, public-good or github, or to the path of a signing_config.json, for example from "cosign signing-config create"',
  });
}
