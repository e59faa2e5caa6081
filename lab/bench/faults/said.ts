// Whether a step says which service failed it, and what to do.
import type { Annotation } from '../../runner/workflow-commands.ts';
import type { Request } from './requests.ts';

/** Services that messages name in words: their addresses would not help a reader. */
const IN_WORDS: Readonly<Record<string, string>> = {
  oidc: "the runner's token service",
  github: 'GitHub',
};

export function isExplained(
  annotations: readonly Annotation[],
  requests: readonly Request[],
  { service, server }: Request,
): boolean {
  // A fault may affect all servers of a service.
  const hosts = requests.filter((each) => each.service === service).map(({ host }) => host);
  const names = [...hosts, IN_WORDS[server]].filter((name) => name !== undefined);
  return annotations.some(
    ({ message }) => message.includes('\nTo fix: ') && names.some((name) => message.includes(name)),
  );
}
