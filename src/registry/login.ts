// What a step logs in to a registry with.
import type { Repository } from '../model/reference.ts';
import type { WithRefreshToken } from './refresh-token.ts';

export type Credentials = {
  /** Their origin, for messages; a whole phrase for `anonymous`. */
  readonly from: string;
  /** Set if the user did not choose them: denied reads are retried anonymously. */
  readonly chosen?: 'by default';
} & (
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token (`identitytoken`), and what logs in with it or with the one that has replaced it. */
  | {
      readonly kind: 'identity-token';
      readonly token: string;
      readonly withToken?: WithRefreshToken;
    }
  /** A token that is sent unchanged (`registrytoken`). */
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'anonymous' }
);

export type Keychain = (repository: Repository) => Promise<Credentials>;
