// The inputs of the step as text from the runner, not interpreted yet.
import { getInput, setSecret } from '@actions/core';

/** Every input of action.yml, with its mode. */
export const INPUTS = {
  mode: 'both',
  images: 'both',
  digest: 'both',
  metadata: 'both',
  files: 'verify',
  recursive: 'both',
  stores: 'sign',
  attestations: 'sign',
  signature: 'sign',
  'signature-format': 'sign',
  annotations: 'both',
  tags: 'sign',
  sigstore: 'sign',
  'if-no-identity': 'sign',
  'if-signed': 'sign',
  'dry-run': 'sign',
  policy: 'verify',
  repository: 'verify',
  owner: 'verify',
  'signer-workflow': 'verify',
  'source-ref': 'verify',
  'source-digest': 'verify',
  'signer-digest': 'verify',
  event: 'verify',
  environment: 'verify',
  'deny-self-hosted-runners': 'verify',
  'certificate-identity': 'verify',
  'certificate-identity-regexp': 'verify',
  'certificate-oidc-issuer': 'verify',
  'certificate-oidc-issuer-regexp': 'verify',
  key: 'both',
  'key-password': 'sign',
  'insecure-ignore-tlog': 'verify',
  require: 'verify',
  'max-age': 'verify',
  sources: 'verify',
  bundle: 'verify',
  wait: 'verify',
  'on-failure': 'verify',
  'copy-evidence-to': 'verify',
  'signature-repository': 'both',
  'trusted-root': 'both',
  'github-token': 'both',
  'registry-username': 'both',
  'registry-password': 'both',
  'retry-timeout': 'both',
  summary: 'both',
} as const satisfies Readonly<Record<string, 'both' | 'sign' | 'verify'>>;

export type InputName = keyof typeof INPUTS;

export type RawInputs = Readonly<Record<InputName, string>>;

/** Defaults of the inputs of one mode; the others are for both modes or empty by default. */
export const DEFAULTS: Readonly<Partial<Record<InputName, string>>> = {
  stores: 'registry',
  'signature-format': 'bundle',
  sigstore: 'auto',
  'if-no-identity': 'fail',
  'if-signed': 'skip',
  'dry-run': 'false',
  'deny-self-hosted-runners': 'false',
  'certificate-oidc-issuer': 'https://token.actions.githubusercontent.com',
  'insecure-ignore-tlog': 'false',
  require: 'signature',
  sources: 'registry, github',
  wait: '0s',
  'on-failure': 'fail',
};

export function readInputs(): RawInputs {
  const inputs = Object.fromEntries(
    Object.keys(INPUTS).map((name) => [name, getInput(name)]),
  ) as RawInputs;
  for (const name of ['github-token', 'registry-password', 'key-password'] as const)
    if (inputs[name] !== '') setSecret(inputs[name]);
  if (inputs.key.includes('PRIVATE KEY-----')) setSecret(inputs.key);
  return inputs;
}
