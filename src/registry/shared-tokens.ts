// What the logins to the repositories of a registry have in common: its challenge, and one token for several if its token service issues one.
import type { Transport } from '../http/message.ts';
import type { Repository } from '../model/reference.ts';
import type { Access } from './access-remedy.ts';
import type { RegistryServices } from './client.ts';
import { answerChallenge, challengeForAny, parseChallenges, scopeOf } from './auth.ts';
import { KnownChallenges } from './known-challenges.ts';
import type { Keychain } from './login.ts';

interface Member {
  readonly repository: Repository;
  readonly access: Access;
}

interface Shared {
  readonly members: readonly Member[];
  /** Undefined if it was rejected, or for a single member. */
  readonly authorization: Promise<string | undefined>;
}

/** A token lists its repositories, and some servers accept no header over 8 KiB. */
const MOST_MEMBERS = 10;

export class SharedTokens {
  readonly challenges = new KnownChallenges();
  readonly #transport: Transport;
  readonly #keychain: Keychain;
  readonly #mask: RegistryServices['mask'];
  readonly #members: Member[] = [];
  readonly #shared: Shared[] = [];

  constructor({ transport, keychain, mask }: Omit<RegistryServices, 'tokens'>) {
    this.#transport = transport;
    this.#keychain = keychain;
    this.#mask = mask;
  }

  join(member: Member): void {
    this.#members.push(member);
  }

  /** The Authorization header for this member and others with the same login; undefined for a single member or after a rejection. */
  async answer(challenge: string, member: Member): Promise<string | undefined> {
    // A password is valid for the whole registry anyway.
    if (!parseChallenges(challenge).some(({ scheme }) => scheme === 'bearer')) return undefined;
    const alike = await this.#alike(member);
    const isWaiting = (each: Member): boolean => this.#sharedBy(each) === undefined;
    if (isWaiting(member)) {
      const others = alike.filter((other) => other !== member && isWaiting(other));
      this.#share(challenge, [member, ...others.splice(0, MOST_MEMBERS - 1)]);
      // Their turn comes later, and then their tokens are there.
      const forAny = challengeForAny(challenge);
      while (others.length > 0) this.#share(forAny, others.splice(0, MOST_MEMBERS));
    }
    return this.#sharedBy(member)?.authorization;
  }

  #sharedBy(member: Member): Shared | undefined {
    return this.#shared.find(({ members }) => members.includes(member));
  }

  #share(challenge: string, members: readonly Member[]): void {
    const [first, ...others] = members;
    const authorization =
      first && others.length > 0
        ? this.#ask(challenge, first, others).catch(() => undefined)
        : Promise.resolve(undefined);
    this.#shared.push({ members, authorization });
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
      mask: this.#mask,
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
