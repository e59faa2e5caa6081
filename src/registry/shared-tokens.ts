// One token for several repositories of a registry, if its token service issues one.
import type { Transport } from '../http/message.ts';
import type { Repository } from '../model/reference.ts';
import type { Access } from './access-remedy.ts';
import { answerChallenge, parseChallenges, scopeOf } from './auth.ts';
import type { Keychain } from './login.ts';

interface Member {
  readonly repository: Repository;
  readonly access: Access;
}

interface Shared {
  readonly members: readonly Member[];
  /** Undefined if it was rejected. */
  readonly authorization: Promise<string | undefined>;
}

/** A token lists its repositories, and some servers accept no header over 8 KiB. */
const MOST_MEMBERS = 10;

export class SharedTokens {
  readonly #transport: Transport;
  readonly #keychain: Keychain;
  readonly #members: Member[] = [];
  readonly #shared: Shared[] = [];

  constructor({ transport, keychain }: { transport: Transport; keychain: Keychain }) {
    this.#transport = transport;
    this.#keychain = keychain;
  }

  join(member: Member): void {
    this.#members.push(member);
  }

  /** The Authorization header for all members with the same login; undefined for a single member or after a rejection. */
  async answer(challenge: string, member: Member): Promise<string | undefined> {
    // A password is valid for the whole registry anyway.
    if (!parseChallenges(challenge).some(({ scheme }) => scheme === 'bearer')) return undefined;
    const alike = await this.#alike(member);
    const found = this.#shared.find(({ members }) => members.includes(member));
    if (found) return found.authorization;
    const waiting = alike.filter((other) => !this.#shared.some((s) => s.members.includes(other)));
    const others = waiting.filter((other) => other !== member).slice(0, MOST_MEMBERS - 1);
    if (others.length === 0) return undefined;
    const authorization = this.#ask(challenge, member, others).catch(() => undefined);
    this.#shared.push({ members: [member, ...others], authorization });
    return authorization;
  }

  async #ask(
    challenge: string,
    member: Member,
    others: readonly Member[],
  ): Promise<string | undefined> {
    return answerChallenge(challenge, {
      ...member,
      credentials: await this.#keychain(member.repository),
      transport: this.#transport,
      others: others.map(({ repository, access }) => scopeOf(repository, access)),
    });
  }

  /** Members of the same registry with the same login. */
  async #alike({ repository }: Member): Promise<readonly Member[]> {
    const neighbours = this.#members.filter(
      (other) => other.repository.registry === repository.registry,
    );
    const login = JSON.stringify(await this.#keychain(repository));
    const logins = await Promise.all(
      neighbours.map((other) =>
        this.#keychain(other.repository).then(
          (credentials) => JSON.stringify(credentials),
          () => undefined,
        ),
      ),
    );
    return neighbours.filter((_, index) => logins[index] === login);
  }
}
