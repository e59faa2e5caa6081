// A registry with scripted responses to the requests for a tag, while one entry is added.
import type { Digest } from '../../src/model/digest.ts';
import { listInFallbackTag } from '../../src/registry/fallback-tag.ts';
import { OCI_INDEX } from '../../src/registry/media-types.ts';
import { type Answer, type Asked, serve } from '../../lab/services/loopback.ts';
import { connect } from './connect.ts';
import { AT_ONCE, entry } from './tag-fixture.ts';

export const SUBJECT: Digest = `sha256:${'f'.repeat(64)}`;
export const EMPTY = JSON.stringify({ mediaType: OCI_INDEX, manifests: [] });
export const list = (body = EMPTY): Answer => ({ headers: { 'content-type': OCI_INDEX }, body });

export async function addAt(
  answer: (asked: Asked, writes: number) => Answer,
  timing = AT_ONCE,
): Promise<{ readonly asked: readonly Asked[]; readonly adding: Promise<void> }> {
  let writes = 0;
  const server = await serve((asked) => {
    if (asked.method === 'PUT') writes++;
    return answer(asked, writes);
  });
  const client = connect(server.url.host, 'acme/app');
  return {
    asked: server.asked,
    adding: listInFallbackTag(client, SUBJECT, [entry(1)], { timing }),
  };
}
