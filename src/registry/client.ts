// One repository in one registry: requests with authorization. OCI distribution-spec 1.1.
import type { HttpAnswer, HttpRequest, Transport } from '../http/message.ts';
import type { Repository } from '../model/reference.ts';
import { assertOwn } from './assert-own.ts';
import type { Access } from './access-remedy.ts';
import { answerChallenge } from './auth.ts';
import type { Credentials, Keychain } from './login.ts';
import { endpointOf } from './endpoint.ts';
import type { KnownChallenges } from './known-challenges.ts';
import { type Explained, isRefusal, requestFailure } from './request-failure.ts';
import type { SharedTokens } from './shared-tokens.ts';

type Again = NonNullable<HttpRequest['again']>;

export interface RegistryRequest
  extends
    Explained,
    Pick<
      HttpRequest,
      'method' | 'limit' | 'headers' | 'body' | 'timeout' | 'signal' | 'sink' | 'again'
    > {
  /** Below `/v2/<name>/`, or a URL from this registry. */
  readonly path: string | URL;
}

export interface RegistryServices {
  readonly transport: Transport;
  readonly keychain: Keychain;
  /** Masks a token in the log of the job. */
  readonly mask?: (token: string) => void;
  /** Shared by all clients of a step. */
  readonly tokens?: SharedTokens;
}

export class RegistryClient {
  readonly repository: Repository;
  readonly origin: URL;
  readonly #access: Access;
  readonly #transport: Transport;
  readonly #keychain: Keychain;
  readonly #mask: RegistryServices['mask'];
  #authorization: Promise<string | undefined> | undefined;
  #challenge = '';
  readonly #member: { readonly repository: Repository; readonly access: Access };
  readonly #known: KnownChallenges | undefined;
  /** For a challenge that another repository got, until a response shows that it suits this one. */
  #guess: Promise<string | undefined> | undefined;
  /** Undefined after its token was requested. */
  #tokens: SharedTokens | undefined;
  /** A token for several repositories. */
  #shared: string | undefined;

  constructor(
    repository: Repository,
    access: Access,
    { transport, keychain, mask, tokens }: RegistryServices,
  ) {
    this.repository = repository;
    this.origin = endpointOf(repository.registry);
    this.#access = access;
    this.#transport = transport;
    this.#keychain = keychain;
    this.#mask = mask;
    this.#member = { repository, access };
    this.#known = tokens?.challenges;
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
    throw requestFailure(request, answer, {
      repository: this.repository,
      access: this.#access,
      credentials: await this.#credentials(),
    });
  }

  async #authorized(request: RegistryRequest): Promise<HttpAnswer> {
    const used = (this.#authorization ??= this.#ahead());
    const isGuess = used !== undefined && used === this.#guess;
    const answer = await this.#once(request, await used);
    if (!isRefusal(answer)) this.#guess = undefined;
    if (!isRefusal(answer) || answer.url.origin !== this.origin.origin) return answer;
    if (isGuess) this.#known?.doubt(this.repository);
    if (isGuess && answer.status === 403) {
      // Only a request without authorization gets the challenge of this repository.
      if (this.#authorization === used) this.#authorization = undefined;
      return this.#authorized(request);
    }
    if (answer.status !== 401) return answer;
    const { answer: second, authorization } = await this.#again(request, answer, used);
    const wasShared = authorization !== undefined && (await authorization) === this.#shared;
    // A token for several repositories may not be sufficient for this one.
    if (!wasShared || !isRefusal(second)) return second;
    return (await this.#again(request, second, authorization)).answer;
  }

  /** Undefined while no challenge of the registry is known; what fails is requested again after a challenge. */
  #ahead(): Promise<string | undefined> | undefined {
    const challenge = this.#known?.of(this.repository);
    if (challenge === undefined) return undefined;
    return (this.#guess = this.#answer(challenge).catch(() => undefined));
  }

  /** Sends the request with the authorization that the challenge requires. */
  async #again(
    request: RegistryRequest,
    answer: HttpAnswer,
    used: Promise<string | undefined> | undefined,
  ): Promise<{ answer: HttpAnswer; authorization?: Promise<string | undefined> }> {
    // Concurrent requests get the same challenge: it is answered once for all of them.
    if (this.#authorization === used) this.#authorization = undefined;
    const promised = (this.#authorization ??= this.#answer(challengeOf(answer)));
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
    if (!isRefusal(next)) this.#known?.keep(this.repository, challengeOf(answer));
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
      mask: this.#mask,
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
}

const ANONYMOUS: Credentials = { kind: 'anonymous', from: 'no credentials' };

function challengeOf({ headers }: HttpAnswer): string {
  return headers.get('www-authenticate') ?? '';
}
