// A trusted root as parsed JSON.
export interface RootJson {
  readonly mediaType: string;
  readonly tlogs: readonly LogJson[];
  readonly ctlogs: readonly LogJson[];
  readonly certificateAuthorities: readonly AuthorityJson[];
  readonly timestampAuthorities: readonly AuthorityJson[];
}

export interface LogJson {
  readonly baseUrl: string;
  readonly hashAlgorithm: string;
  readonly logId: { readonly keyId: string };
  readonly publicKey: {
    readonly rawBytes: string;
    readonly keyDetails: string;
    readonly validFor: Window;
  };
}

export interface AuthorityJson {
  readonly uri: string;
  readonly subject: { readonly organization: string; readonly commonName: string };
  readonly certChain: { readonly certificates: readonly { readonly rawBytes: string }[] };
  readonly validFor: Window;
}

export interface Window {
  readonly start?: string;
  readonly end?: string;
}

type Logs = 'tlogs' | 'ctlogs';
type Authorities = 'certificateAuthorities' | 'timestampAuthorities';

/** The root with another period in which the logs, or the authorities, of one kind are trusted. */
export function within(root: RootJson, kind: Logs | Authorities, validFor: Window): RootJson {
  const logs = (list: readonly LogJson[]): readonly LogJson[] =>
    list.map((log) => ({ ...log, publicKey: { ...log.publicKey, validFor } }));
  const authorities = (list: readonly AuthorityJson[]): readonly AuthorityJson[] =>
    list.map((authority) => ({ ...authority, validFor }));
  return kind === 'tlogs' || kind === 'ctlogs'
    ? { ...root, [kind]: logs(root[kind]) }
    : { ...root, [kind]: authorities(root[kind]) };
}

/** Over before anything was signed. */
export const PAST: Window = { start: '2024-01-01T00:00:00Z', end: '2025-01-01T00:00:00Z' };

/** After everything was signed, and before any verification: a check at the current time would accept it. */
export function soon(): Window {
  return { start: new Date(Date.now() + 60_000).toISOString() };
}
