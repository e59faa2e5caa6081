// Which addresses a server may redirect to, by address and by the addresses of a name.
import { describe, expect, test } from '@jest/globals';

import { isLoopback, type Lookup, whyRefused } from '../../src/http/addresses.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'storage.example': ['93.184.215.14', '2606:2800:21f:cb07::1'],
  'inside.example': ['93.184.215.14', '10.1.2.3'],
  'metadata.google.internal': ['169.254.169.254'],
  'registry.corp': ['10.0.0.5'],
};
const lookUp: Lookup = (hostname) => Promise.resolve(names[hostname] ?? []);
const refusal = (target: string, from: string): Promise<string | undefined> =>
  whyRefused(new URL(target), new URL(from), lookUp);

describe('a redirect from a public server', () => {
  test.each([
    'https://100.64.0.1',
    'https://[64:ff9b::a9fe:a9fe]',
    'https://[64:ff9b:1::1]',
    'https://[fec0::1]',
    'https://[fe80::1]',
    'https://[fd00::1]',
    'https://[::]',
    'https://[::1]',
    'https://[::ffff:10.0.0.1]',
    'https://[::10.0.0.1]',
    'https://[ff02::1]',
    'https://198.18.0.1',
    'https://198.19.255.255',
    'https://192.0.0.1',
    'https://10.1.2.3',
    'https://172.16.0.1',
    'https://172.31.255.255',
    'https://192.168.0.1',
    'https://169.254.169.254',
    'https://0.0.0.0',
    'https://127.1',
    'https://0x7f.1',
    'https://2130706433',
    'https://224.0.0.1',
    'https://255.255.255.255',
    'https://localhost',
    'https://localhost.',
    'https://a.localhost',
    'https://inside.example',
    'https://metadata.google.internal',
    'https://registry.corp',
  ])('is not allowed to %s', async (target) => {
    expect(await refusal(target, 'https://registry.example')).toBe(
      'that is an internal address, and registry.example is a public one',
    );
  });

  test.each([
    'https://storage.example',
    'https://nobody-knows.example',
    'https://93.184.215.14',
    'https://172.32.0.1',
    'https://100.128.0.1',
    'https://[2606:2800::1]',
  ])('is allowed to %s', async (target) => {
    expect(await refusal(target, 'https://registry.example')).toBeUndefined();
  });
});

test.each([
  ['http://storage.example', 'https://registry.example'],
  ['ftp://storage.example', 'https://registry.example'],
  ['http://127.0.0.1:5000', 'https://registry.example'],
  ['http://storage.example', 'http://127.0.0.1:5000'],
  ['http://10.0.0.6', 'https://registry.corp'],
])('allows no redirect without https to %s from %s', async (target, from) => {
  expect(await refusal(target, from)).toBe('that is not https');
});

test.each([
  ['https://10.0.0.6', 'https://registry.corp'],
  ['https://10.0.0.6', 'https://10.0.0.5'],
  ['http://127.0.0.1:5001', 'http://localhost:5000'],
  ['https://storage.example', 'http://127.0.0.1:5000'],
  ['http://registry.example/b', 'http://registry.example/a'],
])('allows a redirect to %s from %s', async (target, from) => {
  expect(await refusal(target, from)).toBeUndefined();
});

test.each(['localhost', 'a.localhost', 'localhost.', '127.0.0.1', '127.8.9.10', '[::1]'])(
  'recognizes %s as this machine',
  (hostname) => expect(isLoopback(hostname)).toBe(true),
);

test.each(['localhost.example', 'notlocalhost', '128.0.0.1', '127.0.0.1.example', '[::2]'])(
  'does not recognize %s as this machine',
  (hostname) => expect(isLoopback(hostname)).toBe(false),
);
