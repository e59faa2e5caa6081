// Servers that GitHub hosts: https://docs.github.com/enterprise-cloud@latest/admin/data-residency

/** The server whose tokens ghcr.io and the public-good instance of Sigstore accept. */
export function isGitHubCom(serverUrl: string): boolean {
  return serverUrl === 'https://github.com';
}

/** `https://NAME.ghe.com`, with its own Sigstore instance. */
export function isTenant(serverUrl: string): boolean {
  const url = URL.parse(serverUrl);
  return url?.protocol === 'https:' && url.hostname.endsWith('.ghe.com');
}
