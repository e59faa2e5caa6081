// The third-party programs that the interop run needs: name, version and build steps.
export interface GoCommand {
  readonly kind: 'go command';
  readonly module: string;
  readonly version: string;
  /** Folder of the command inside its module. */
  readonly folder: string;
}

export interface GoModule {
  readonly kind: 'go module';
  /** Folder of one of our modules, next to this file; its go.mod and go.sum are the pin. */
  readonly folder: string;
  readonly command: string;
  /** Build tags. */
  readonly tags?: string;
}

export interface PythonPackage {
  readonly kind: 'python package';
  readonly name: string;
  readonly version: string;
  readonly command: string;
}

export type Tool = GoCommand | GoModule | PythonPackage;

const command = (module: string, version: string, folder = ''): GoCommand => ({
  kind: 'go command',
  module,
  version,
  folder,
});
const module = (folder: string, command = '.'): GoModule => ({
  kind: 'go module',
  folder,
  command,
});
/** containers/image verifies GPG signatures through C otherwise. */
const WITHOUT_GPG = { tags: 'containers_image_openpgp' } as const;
const python = (name: string, version: string, command: string): PythonPackage => ({
  kind: 'python package',
  name,
  version,
  command,
});

export const tools = {
  // The stack
  'ct-log': module('ct-log'),
  fulcio: command('github.com/sigstore/fulcio', 'v1.8.8'),
  'rekor-v2': command('github.com/sigstore/rekor-tiles/v2', 'v2.3.0', 'cmd/rekor-server/posix'),
  'trillian-mem': module('trillian-mem'),
  'rekor-v1': command('github.com/sigstore/rekor', 'v1.5.4', 'cmd/rekor-server'),
  'timestamp-authority': command(
    'github.com/sigstore/timestamp-authority/v2',
    'v2.1.3',
    'cmd/timestamp-server',
  ),
  olareg: command('github.com/olareg/olareg', 'v0.1.2', 'cmd/olareg'),
  distribution: command('github.com/distribution/distribution/v3', 'v3.1.1', 'cmd/registry'),
  crane: command('github.com/google/go-containerregistry', 'v0.21.9', 'cmd/crane'),
  // The peers
  'cosign-v3': command('github.com/sigstore/cosign/v3', 'v3.1.3', 'cmd/cosign'),
  'cosign-v2': command('github.com/sigstore/cosign/v2', 'v2.6.5', 'cmd/cosign'),
  gh: command('github.com/cli/cli/v2', 'v2.95.0', 'cmd/gh'),
  'policy-tester': module('policy-tester', 'github.com/sigstore/policy-controller/cmd/tester'),
  'docker-policy': module('docker-policy'),
  'containers-policy': { ...module('containers-policy'), ...WITHOUT_GPG },
  'sigstore-python': python('sigstore', '4.5.0', 'sigstore'),
  act: command('github.com/nektos/act', 'v0.2.87'),
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

export const stackTools = [
  'ct-log',
  'fulcio',
  'rekor-v2',
  'trillian-mem',
  'rekor-v1',
  'timestamp-authority',
  'olareg',
  'distribution',
  'crane',
] as const satisfies readonly ToolName[];
