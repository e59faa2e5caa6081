// Fulcio's certificate extensions for GitHub Actions, filled from the claims of the identity token.
// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
import { extension } from './certificate.ts';
import { text } from './der.ts';

export type Claims = Readonly<Record<string, unknown>>;

const ARC = '1.3.6.1.4.1.57264.1';
const SERVER = 'https://github.com';

export function fulcioExtensions(claims: Claims, omitted: readonly string[]): Buffer[] {
  const claim = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === 'string' ? value : undefined;
  };
  const url = (name: string): string | undefined => {
    const value = claim(name);
    return value === undefined ? undefined : `${SERVER}/${value}`;
  };
  const run = `${url('repository') ?? ''}/actions/runs/${claim('run_id') ?? ''}/attempts/${claim('run_attempt') ?? ''}`;
  // Extensions 1 to 6 contain plain bytes, the later ones a DER UTF8String.
  const bare = {
    1: claim('iss'),
    2: claim('event_name'),
    3: claim('sha'),
    4: claim('workflow'),
    5: claim('repository'),
    6: claim('ref'),
  };
  const encoded = {
    8: claim('iss'),
    9: url('job_workflow_ref'),
    10: claim('job_workflow_sha'),
    11: claim('runner_environment'),
    12: url('repository'),
    13: claim('sha'),
    14: claim('ref'),
    15: claim('repository_id'),
    16: url('repository_owner'),
    17: claim('repository_owner_id'),
    18: url('workflow_ref'),
    19: claim('workflow_sha'),
    20: claim('event_name'),
    21: claim('run_id') === undefined ? undefined : run,
    22: claim('repository_visibility'),
    23: claim('environment'),
    24: claim('sub'),
  };
  return [
    ...Object.entries(bare).map(([number, value]) => ({ number, value, encode: bareBytes })),
    ...Object.entries(encoded).map(([number, value]) => ({ number, value, encode: text })),
  ].flatMap(({ number, value, encode }) =>
    value === undefined || omitted.includes(number)
      ? []
      : [extension(`${ARC}.${number}`, encode(value))],
  );
}

function bareBytes(value: string): Buffer {
  return Buffer.from(value);
}
