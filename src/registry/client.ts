// One repository in one registry: requests with authorization, and errors that say what to change. OCI distribution-spec 1.1.
import { ActionError } from '../errors.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../http/message.ts';
import { isRecord, parseJson } from '../text/json.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import { assertOwn } from './assert-own.ts';
import { accessRemedy, type Access } from './access-remedy.ts';
import { answerChallenge } from './auth.ts';
import type { Credentials, Keychain } from './login.ts';
import { endpointOf } from './endpoint.ts';
import { mediaTypeOf } from './media-types.ts';
import type { SharedTokens } from './shared-tokens.ts';

type Again = NonNullable<HttpRequest['again']>;

export interface RegistryRequest extends Pick<
  HttpRequest,
  'method' | 'limit' | 'headers' | 'body' | 'timeout' | 'signal' | 'sink' | 'again'
> {
  /** Below `/v2/<name>/`, or a URL from this registry. */
  readonly path: string | URL;
  /** What the request does, to complete "Cannot … ghcr.io/acme/app": `push to`. */
  readonly purpose: string;
  /** The remedy for a failure with this status; `usual` is the default one. */
  readonly remedy?: (status: number, usual: string) => string;
}

export interface RegistryServices {
  readonly transport: Transport;
  readonly keychain: Keychain;
  /** Shared by all clients of a step. */
  readonly tokens?: SharedTokens;
}

export class RegistryClient {
  readonly repository: Repository;
  readonly origin: URL;
  readonly #access: Access;
  readonly #transport: Transport;
  readonly #keychain: Keychain;
  #authorization: Promise<string | undefined> = Promise.resolve(undefined);
  #challenge = '';
  readonly #member: { readonly repository: Repository; readonly access: Access };
  /** Undefined after its token was requested. */
  #tokens: SharedTokens | undefined;
  /** A token for several repositories. */
  #shared: string | undefined;

  constructor(
    repository: Repository,
    access: Access,
    { transport, keychain, tokens }: RegistryServices,
  ) {
    this.repository = repository;
    this.origin = endpointOf(repository.registry);
    this.#access = access;
    this.#transport = transport;
    this.#keychain = keychain;
    this.#member = { repository, access };
    this.#tokens = tokens;
    tokens?.join(this.#member);
  }

  /** Sends a request; a status outside `accepted` is an error, 401 and 403 always are, and a 404 after a redirect to another path is. */
  async send(request: RegistryRequest, accepted: readonly number[]): Promise<HttpAnswer> {
    const answer = await this.#authorized(request);
    if (accepted.includes(answer.status)) return assertOwn(request, answer, this.repository);
    const anonymous = isRefusal(answer) ? await this.#anonymously(request) : undefined;
    if (anonymous && accepted.includes(anonymous.status))
      return assertOwn(request, anonymous, this.repository);
    throw await this.#failure(request, answer);
  }

  async #authorized(request: RegistryRequest): Promise<HttpAnswer> {
    const used = this.#authorization;
    const answer = await this.#once(request, await used);
    if (answer.status !== 401 || answer.url.origin !== this.origin.origin) return answer;
    const { answer: second, authorization } = await this.#again(request, answer, used);
    const wasShared = authorization !== undefined && (await authorization) === this.#shared;
    // A token for several repositories may not be sufficient for this one.
    if (!wasShared || !isRefusal(second)) return second;
    return (await this.#again(request, second, authorization)).answer;
  }

  /** Sends the request with the authorization that the challenge requires. */
  async #again(
    request: RegistryRequest,
    answer: HttpAnswer,
    used: Promise<string | undefined>,
  ): Promise<{ answer: HttpAnswer; authorization?: Promise<string | undefined> }> {
    // Concurrent requests get the same challenge: it is answered once for all of them.
    if (this.#authorization === used) this.#authorization = this.#answer(challengeOf(answer));
    const promised = this.#authorization;
    const authorization = await promised.catch((error: unknown) => {
      this.#authorization = used;
      throw error;
    });
    if (authorization === undefined) {
      // The challenge of one endpoint must not discard a token that the others accept.
      this.#authorization = used;
      return { answer };
    }
    // Getting a token takes time, so a request that must not be repeated unchanged is updated here, too.
    const renewed = await request.again?.();
    if (renewed && 'status' in renewed) return { answer: renewed };
    const next = await this.#once({ ...request, ...renewed }, authorization);
    return { answer: next, authorization: promised };
  }

  async #answer(challenge: string): Promise<string | undefined> {
    // A 403 without a challenge comes after a 401 with one.
    this.#challenge = challenge || this.#challenge;
    this.#shared = await this.#tokens?.answer(this.#challenge, this.#member);
    this.#tokens = undefined;
    if (this.#shared !== undefined) return this.#shared;
    const credentials = await this.#credentials();
    try {
      return await this.#answerAs(credentials, this.#challenge);
    } catch (error) {
      if (!this.#mayBeAnonymous(credentials)) throw error;
      return this.#answerAs(ANONYMOUS, this.#challenge).catch(() => {
        throw error;
      });
    }
  }

  #answerAs(credentials: Credentials, challenge: string): Promise<string | undefined> {
    return answerChallenge(challenge, {
      repository: this.repository,
      access: this.#access,
      credentials,
      transport: this.#transport,
    });
  }

  /** Retries anonymously: a token that the user did not choose must not block access to public images. */
  async #anonymously(request: RegistryRequest): Promise<HttpAnswer | undefined> {
    if (!this.#mayBeAnonymous(await this.#credentials())) return undefined;
    const authorization = this.#answerAs(ANONYMOUS, this.#challenge).catch(() => undefined);
    const answer = await this.#once(request, await authorization);
    if (!isRefusal(answer)) this.#authorization = authorization;
    return answer;
  }

  #mayBeAnonymous({ chosen }: Credentials): boolean {
    return chosen === 'by default' && this.#access === 'pull';
  }

  async #once(
    { path, headers, again, ...request }: RegistryRequest,
    authorization: string | undefined,
  ): Promise<HttpAnswer> {
    const url =
      typeof path === 'string' ? new URL(`/v2/${this.repository.path}/${path}`, this.origin) : path;
    const isOwn = url.origin === this.origin.origin;
    const authorized = (
      given: HttpRequest['headers'] = {},
      value: string | undefined,
    ): NonNullable<HttpRequest['headers']> => ({
      ...given,
      ...(isOwn && value ? { authorization: value } : {}),
    });
    // The new request gets the authorization that is valid at that time.
    const renew = async (): ReturnType<Again> => {
      const renewed = (await again?.()) ?? {};
      if ('status' in renewed) return renewed;
      return {
        ...renewed,
        headers: authorized(renewed.headers ?? headers, await this.#authorization),
      };
    };
    return this.#transport({
      ...request,
      url,
      headers: authorized(headers, authorization),
      ...(again ? { again: renew } : {}),
    });
  }

  #credentials(): Promise<Credentials> {
    return this.#keychain(this.repository);
  }

  async #failure(
    { method, purpose, remedy = (_status, usual) => usual }: RegistryRequest,
    answer: HttpAnswer,
  ): Promise<ActionError> {
    const name = formatRepository(this.repository);
    const isHtml = mediaTypeOf(answer.headers) === 'text/html';
    const state = [
      `${method} ${answer.url.pathname} answered ${answer.status}`,
      ociCode(answer),
      isHtml ? '(an HTML page)' : '',
    ]
      .filter(Boolean)
      .join(' ');
    const message = `Cannot ${purpose} "${name}": ${state}`;
    if (isRefusal(answer)) {
      return new ActionError('permission', 'PERMISSION_REGISTRY', {
        message,
        remedy: remedy(
          answer.status,
          accessRemedy(this.repository, this.#access, await this.#credentials()),
        ),
      });
    }
    return new ActionError('service', 'SERVICE_REFUSED', {
      message,
      remedy: remedy(answer.status, this.#remedy(answer.status)),
    });
  }

  #remedy(status: number): string {
    if (status === 404)
      return 'check the name and the digest, and that the image was pushed before this step';
    if (status === 413)
      return 'raise the limit for the size of a request in the registry, or in the proxy in front of it, to 4 MiB (nginx: "client_max_body_size 4m")';
    if (status === 400 || status === 415)
      return 'the registry does not accept OCI 1.1 artifacts; use one that does, or "stores: github"';
    if (status === 431)
      return 'the registry does not accept a token of this length: use fewer repositories in one step, or log in with an account that has fewer permissions';
    return `check that ${this.origin.host} is the registry and not a login page or proxy in front of it`;
  }
}

const ANONYMOUS: Credentials = { kind: 'anonymous', from: 'no credentials' };

function isRefusal({ status }: HttpAnswer): boolean {
  return status === 401 || status === 403;
}

function challengeOf({ headers }: HttpAnswer): string {
  return headers.get('www-authenticate') ?? '';
}

/** The first error code of an OCI error response, such as `DENIED`; nothing else of the body goes into a message. */
function ociCode({ body }: HttpAnswer): string {
  const json = parseJson(body.toString());
  const errors =
    isRecord(json) && Array.isArray(json['errors']) ? (json['errors'] as unknown[]) : [];
  const code = isRecord(errors[0]) ? errors[0]['code'] : undefined;
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code : '';
}
