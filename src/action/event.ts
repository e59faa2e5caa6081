// What the payload of the event tells about the repository: https://docs.github.com/webhooks/webhook-events-and-payloads
import { readFileSync } from 'node:fs';
import { isRecord, parseJson } from '../text/json.ts';

export interface GitHubEvent {
  /** `public`, `private` or `internal`; empty where the payload does not say. */
  readonly visibility: string;
}

/** An event without a payload, as local runners have it, tells nothing. */
export function readEvent(path: string | undefined): GitHubEvent {
  const payload = path ? payloadAt(path) : undefined;
  const repository = isRecord(payload) ? payload['repository'] : undefined;
  const visibility = isRecord(repository) ? repository['visibility'] : undefined;
  return { visibility: typeof visibility === 'string' ? visibility : '' };
}

function payloadAt(path: string): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
