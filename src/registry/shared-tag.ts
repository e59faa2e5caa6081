// Adds entries to the content of a tag without losing another writer's: OCI distribution-spec has no lock. docs/adr/0012-fallback-tag.md has the reasons.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError } from '../errors.ts';
import type { RegistryClient } from './client.ts';
import { unconfirmed, unlisted, unread } from './tag-errors.ts';
import type { TagRead } from './tag-read.ts';
import { type Addition, TagSession } from './tag-session.ts';

/** Milliseconds, all of them. */
export interface Timing {
  /** Maximum time between a writer's read of the list and the effect of its write. */
  readonly settling: number;
  /** The same if others write: some retry a rejected write unchanged. */
  readonly contended: number;
  /** How long reads may return older content. */
  readonly lag: number;
  /** How long after the first write we continue. */
  readonly patience: number;
}

export const TIMING: Timing = { settling: 3000, contended: 6000, lag: 4000, patience: 120_000 };

/** How many writes a registry may accept without showing them. */
const IGNORED = 3;
/** Milliseconds. */
const LONGEST_TURN = 4000;

export interface SharedTagOptions {
  /** How many tags are written concurrently. */
  readonly share?: number;
  readonly timing?: Timing;
  /** A read of the tag that began earlier, so that a round trip is saved; undefined if it failed. */
  readonly ahead?: Promise<TagRead | undefined> | undefined;
  /** Called whenever the tag is seen with everything, which it may still lose. */
  readonly onListed?: (() => void) | undefined;
}

/** Adds the entries to the content of the tag in one update, and returns when they have stayed there. */
export async function addToTag(
  client: RegistryClient,
  addition: Addition,
  { share = 1, timing = TIMING, ahead, onListed }: SharedTagOptions = {},
): Promise<void> {
  const session = new TagSession(client, addition, { share, lag: timing.lag });
  try {
    await session.begin(await ahead);
    if (await settles(session, timing, onListed)) return;
  } catch (error) {
    throw error instanceof ActionError ? explained(error, client, session, addition) : error;
  } finally {
    session.close();
  }
  throw unconfirmed(client, session.tag, stateOf(session));
}

function explained(
  error: ActionError,
  client: RegistryClient,
  { tag, writes, isInDoubt }: TagSession,
  { stored = [] }: Addition,
): ActionError {
  if (writes > 0 || isInDoubt) return unread(client, `tag ${tag}`, error, stored);
  return stored.length > 0 ? unlisted(client, tag, error, stored) : error;
}

/** Writes until the tag keeps everything that it ever listed. */
async function settles(
  session: TagSession,
  timing: Timing,
  onListed: SharedTagOptions['onListed'],
): Promise<boolean> {
  const { sightings } = session;
  let [writeAt, until, ignored] = [0, Infinity, 0];
  while (performance.now() < until) {
    if (sightings.missing.length === 0) {
      onListed?.();
      const settling = sightings.isContended ? timing.contended : timing.settling;
      if (session.quiet >= settling) return true;
      writeAt = 0;
      await sleep(session.pauseFor(settling));
    } else if (session.isBehind) {
      await sleep(session.pace);
    } else if ((writeAt ||= turnOf(session)) > performance.now()) {
      await sleep(Math.min(writeAt - performance.now(), session.pace));
    } else if (sightings.isOlder && ++ignored === IGNORED) {
      return false;
    } else {
      await session.write();
      writeAt = 0;
      until = Math.min(until, performance.now() + timing.patience);
    }
    await session.look();
  }
  return false;
}

/** The first writer that restores everything saves the others a write. */
function turnOf({ flight, attempts }: TagSession): number {
  return performance.now() + Math.min(flight * 2 ** attempts, LONGEST_TURN) * Math.random();
}

function stateOf({ sightings, writes }: TagSession): string {
  if (!sightings.wasListed) return `has not listed it after ${writes} writes`;
  return sightings.missingOwn.length > 0 ? 'no longer lists it' : 'lists it and keeps changing';
}
