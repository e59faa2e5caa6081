// TUF metadata of a repository with consistent snapshots: one Ed25519 key for each role.
// https://theupdateframework.github.io/specification/v1.0.33/
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { canonicalJson } from '../canonical-json.ts';

export interface TufContent {
  readonly targets: Readonly<Record<string, string>>;
  readonly version: number;
  readonly timestampExpires: Date;
  /** The key that signs the timestamp: the role's own, or one that the root does not contain. */
  readonly timestampSigner: 'timestamp' | 'somebody';
}

type Role = 'root' | 'targets' | 'snapshot' | 'timestamp';

interface RoleKey {
  readonly id: string;
  readonly description: object;
  readonly privateKey: KeyObject;
}

const roles: readonly Role[] = ['root', 'targets', 'snapshot', 'timestamp'];
const NEXT_YEAR = new Date(Date.now() + 365 * 24 * 3600 * 1000);

export class TufRepository {
  readonly #keys = new Map(roles.map((role) => [role, createKey()]));
  readonly #somebody = createKey();
  readonly rootJson = this.#buildRoot();

  /** Files by path below the repository's URL. */
  publish({
    targets,
    version,
    timestampExpires,
    timestampSigner,
  }: TufContent): Map<string, string> {
    const described = Object.entries(targets).map(
      ([name, content]) => [name, describe(content)] as const,
    );
    const targetsJson = this.#signed('targets', version, NEXT_YEAR, {
      targets: Object.fromEntries(described),
    });
    const snapshotMeta = { 'targets.json': { version, ...describe(targetsJson) } };
    const snapshotJson = this.#signed('snapshot', version, NEXT_YEAR, { meta: snapshotMeta });
    const timestampMeta = { 'snapshot.json': { version, ...describe(snapshotJson) } };
    const timestampKey = timestampSigner === 'timestamp' ? this.#key('timestamp') : this.#somebody;
    const files = Object.entries(targets).map(
      ([name, content]) => [`targets/${sha256(content)}.${name}`, content] as const,
    );
    return new Map([
      ['1.root.json', this.rootJson],
      [
        'timestamp.json',
        this.#signed('timestamp', version, timestampExpires, { meta: timestampMeta }, timestampKey),
      ],
      [`${version}.snapshot.json`, snapshotJson],
      [`${version}.targets.json`, targetsJson],
      ...files,
    ]);
  }

  #buildRoot(): string {
    const keys = Object.fromEntries(
      [...this.#keys.values()].map(({ id, description }) => [id, description]),
    );
    const assigned = roles.map((role) => [role, { keyids: [this.#key(role).id], threshold: 1 }]);
    return this.#signed('root', 1, NEXT_YEAR, {
      consistent_snapshot: true,
      keys,
      roles: Object.fromEntries(assigned) as object,
    });
  }

  #signed(
    role: Role,
    version: number,
    expires: Date,
    content: object,
    { id, privateKey }: RoleKey = this.#key(role),
  ): string {
    const signed = {
      _type: role,
      spec_version: '1.0.31',
      version,
      expires: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
      ...content,
    };
    const signature = sign(null, Buffer.from(canonicalJson(signed)), privateKey).toString('hex');
    return JSON.stringify({ signed, signatures: [{ keyid: id, sig: signature }] });
  }

  #key(role: Role): RoleKey {
    const key = this.#keys.get(role);
    if (!key) throw new Error(`No key for ${role}`);
    return key;
  }
}

function createKey(): RoleKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const description = {
    keytype: 'ed25519',
    scheme: 'ed25519',
    keyval: { public: Buffer.from(x, 'base64url').toString('hex') },
  };
  return { id: sha256(canonicalJson(description)), description, privateKey };
}

function describe(content: string): { length: number; hashes: { sha256: string } } {
  return { length: Buffer.byteLength(content), hashes: { sha256: sha256(content) } };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
