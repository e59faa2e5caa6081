// The statement in an envelope or in a simple-signing payload; trusted once its signature is verified.
import { parseSimpleSigning } from '../../cosign/simple-signing.ts';
import { isProblem, type Parsed } from '../../text/parsed.ts';
import { parseStatement, PAYLOAD_TYPE, type Statement } from '../../model/statement.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { Refusal } from '../refusal.ts';

export function statementOf({ bundle: { content }, layer }: ParsedBundle): Statement {
  if (content.$case === 'messageSignature')
    return accepted(parseSimpleSigning(signedLayer(layer)), 'a simple-signing payload');
  const { payload, payloadType } = content.dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE)
    throw new Refusal('PAYLOAD_TYPE', 'payload type', PAYLOAD_TYPE, payloadType);
  return accepted(parseStatement(payload), 'an in-toto statement');
}

/** The signature of a bare message says nothing about an image unless the message does. */
export function signedLayer(layer: Buffer | undefined): Buffer {
  if (layer) return layer;
  throw new Refusal('BUNDLE_UNSUPPORTED', 'content', 'a DSSE envelope', 'a message signature');
}

function accepted(statement: Parsed<Statement>, expected: string): Statement {
  if (isProblem(statement))
    throw new Refusal('STATEMENT', 'statement', expected, statement.problem);
  return statement.value;
}
