// The payload of cosign's legacy signatures: https://github.com/containers/image/blob/main/docs/containers-signature.5.md
import { isDigest } from '../model/digest.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import { isRecord } from '../text/json.ts';
import type { Statement } from '../model/statement.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { SIMPLE_SIGNING_TYPE } from '../model/types.ts';

const TYPE = 'cosign container image signature';

/** The payload as a statement: one subject, its annotations, and the payload itself as predicate. */
export function parseSimpleSigning(payload: Uint8Array): Parsed<Statement> {
  const parsed = parseStrictJson(payload);
  if (isProblem(parsed)) return bad(parsed.problem);
  const json = parsed.value;
  const critical = isRecord(json) ? json['critical'] : undefined;
  if (!isRecord(json) || !isRecord(critical)) return bad('it has no critical part');
  if (critical['type'] !== TYPE) return bad(`its type is ${JSON.stringify(critical['type'])}`);
  const { image, identity } = critical;
  const digest = isRecord(image) ? image['docker-manifest-digest'] : undefined;
  if (!isDigest(digest)) return bad('it names no sha256 digest');
  const name = isRecord(identity) ? identity['docker-reference'] : undefined;
  const annotations = json['optional'];
  return {
    value: {
      subject: [
        {
          ...(typeof name === 'string' ? { name } : {}),
          digest: { sha256: digest.slice('sha256:'.length) },
          ...(isRecord(annotations) ? { annotations } : {}),
        },
      ],
      predicateType: SIMPLE_SIGNING_TYPE,
      predicate: json,
    },
  };
}

function bad(state: string): Parsed<never> {
  return { problem: `the payload is not a simple-signing payload: ${state}`, remedy: 'sign again' };
}
