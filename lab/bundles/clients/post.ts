// A POST request to a Sigstore service, with JSON as its body.
export async function post(url: string, body: object): Promise<Buffer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = Buffer.from(await response.arrayBuffer());
  if (!response.ok)
    throw new Error(`POST ${url} answered ${response.status}: ${answer.toString().slice(0, 500)}`);
  return answer;
}

export async function postForJson(url: string, body: object): Promise<unknown> {
  return JSON.parse((await post(url, body)).toString()) as unknown;
}
