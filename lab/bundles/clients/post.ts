// A POST request to a Sigstore service, with JSON as its body.
import { callOrThrow } from '../../services/call.ts';

export async function post(url: string, body: object): Promise<Buffer> {
  const headers = { 'Content-Type': 'application/json' };
  return (await callOrThrow(url, { method: 'POST', headers, body: JSON.stringify(body) })).body;
}

export async function postForJson(url: string, body: object): Promise<unknown> {
  return JSON.parse((await post(url, body)).toString()) as unknown;
}
