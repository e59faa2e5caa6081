// Fulcio's configuration: the issuers that it trusts, and how claims of GitHub Actions become certificate extensions.
const perClaim = {
  'github-workflow-trigger': 'event_name',
  'github-workflow-sha': 'sha',
  'github-workflow-name': 'workflow',
  'github-workflow-repository': 'repository',
  'github-workflow-ref': 'ref',
  'build-signer-digest': 'job_workflow_sha',
  'runner-environment': 'runner_environment',
  'source-repository-digest': 'sha',
  'source-repository-ref': 'ref',
  'source-repository-identifier': 'repository_id',
  'source-repository-owner-identifier': 'repository_owner_id',
  'build-config-digest': 'workflow_sha',
  'build-trigger': 'event_name',
  'source-repository-visibility-at-signing': 'repository_visibility',
  'deployment-environment': 'environment',
};

const perUrl = {
  'build-signer-uri': '{{ .url }}/{{ .job_workflow_ref }}',
  'source-repository-uri': '{{ .url }}/{{ .repository }}',
  'source-repository-owner-uri': '{{ .url }}/{{ .repository_owner }}',
  'build-config-uri': '{{ .url }}/{{ .workflow_ref }}',
  'run-invocation-uri':
    '{{ .url }}/{{ .repository }}/actions/runs/{{ .run_id }}/attempts/{{ .run_attempt }}',
};

/** Fulcio supports the names in its documentation only in YAML; the comment prevents it from parsing this as JSON, where they are different. */
export function fulcioConfig(issuers: readonly string[]): string {
  const entries = issuers.map((url) => [
    url,
    {
      'issuer-url': url,
      'client-id': 'sigstore',
      type: 'ci-provider',
      'ci-provider': 'github-workflow',
      contact: 'nobody@example.com',
      description: 'GitHub Actions on loopback',
    },
  ]);
  const config = {
    'oidc-issuers': Object.fromEntries(entries) as object,
    'ci-issuer-metadata': {
      'github-workflow': {
        'default-template-values': { url: 'https://github.com', environment: '' },
        'extension-templates': { ...perClaim, ...perUrl },
        'subject-alternative-name-template': perUrl['build-signer-uri'],
      },
    },
  };
  return `# YAML\n${JSON.stringify(config)}\n`;
}
