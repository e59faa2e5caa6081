// Replacements for the other actions in the examples: buildx itself needs Docker.

export interface PlayedAction {
  readonly script: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export const playedActions: Readonly<Record<string, PlayedAction>> = {
  'docker/setup-buildx-action': { script: 'setup.ts', inputs: [], outputs: [] },
  'docker/login-action': {
    script: 'login.ts',
    inputs: ['registry', 'username', 'password'],
    outputs: [],
  },
  'docker/metadata-action': {
    script: 'metadata.ts',
    inputs: ['images', 'tags'],
    outputs: ['tags', 'labels', 'version'],
  },
  'docker/build-push-action': {
    script: 'build.ts',
    inputs: ['context', 'file', 'platforms', 'push', 'tags', 'labels', 'outputs'],
    outputs: ['digest', 'metadata'],
  },
  'docker/bake-action': {
    script: 'bake.ts',
    inputs: ['source', 'push', 'set'],
    outputs: ['metadata'],
  },
};
