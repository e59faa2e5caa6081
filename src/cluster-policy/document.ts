// One document: a ClusterImagePolicy of Sigstore's policy-controller; other kinds with this name are rejected.
import { isNonEmpty } from '../model/non-empty.ts';
import type { WrittenPolicy } from '../model/policy.ts';
import type { YamlNode } from '../text/yaml.ts';
import { readAuthority } from './authority.ts';
import { Fields, type Troubles } from './fields.ts';
import { readImages } from './images.ts';
import type { Surroundings } from './surroundings.ts';

const GROUP = 'policy.sigstore.dev';
const VERSIONS = [`${GROUP}/v1alpha1`, `${GROUP}/v1beta1`];

/** Undefined, with its problems noted, for a document that is not one or cannot be used. */
export function readDocument(
  node: YamlNode,
  troubles: Troubles,
  surroundings: Surroundings,
): WrittenPolicy | undefined {
  if (node.kind !== 'map') {
    troubles.add(node.line, 'it is not a ClusterImagePolicy', 'write one policy per document');
    return undefined;
  }
  const document = new Fields(node, '', troubles);
  if (!isClusterImagePolicy(document)) return undefined;
  const metadata = document.requiredFields('metadata');
  const name = metadata?.requiredText('name') ?? '';
  document.ignore('status');
  const spec = document.requiredFields('spec');
  document.refuseOthers();
  return spec && readSpec(spec, { name, line: document.line }, surroundings);
}

function isClusterImagePolicy(document: Fields): boolean {
  const version = document.requiredText('apiVersion');
  const kind = document.requiredText('kind');
  if (version === undefined || kind === undefined) return false;
  if (kind === 'ClusterImagePolicy' && VERSIONS.includes(version)) return true;
  if (kind === 'ClusterImagePolicy' && version.startsWith('config.openshift.io/'))
    document.refuse(
      'apiVersion',
      `"${version}" is OpenShift's own policy, another thing of the same name`,
      `write the policy for ${VERSIONS.join(' or ')}`,
    );
  else if (kind === 'ClusterImagePolicy')
    document.refuse('apiVersion', `"${version}" is unknown`, `use ${VERSIONS.join(' or ')}`);
  else if (kind === 'TrustRoot')
    document.refuse(
      'kind',
      '"TrustRoot" is not read',
      'set "trusted-root" to a trusted_root.json with its contents, and move it to another file',
    );
  else
    document.refuse(
      'kind',
      `"${kind}" is not a ClusterImagePolicy`,
      'move it to a file that "policy" does not name',
    );
  return false;
}

function readSpec(
  spec: Fields,
  { name, line }: { readonly name: string; readonly line: number },
  surroundings: Surroundings,
): WrittenPolicy | undefined {
  const images = readImages(spec);
  const alternatives = spec
    .requiredList('authorities')
    .flatMap((authority, index) => readAuthority(authority, index, surroundings) ?? []);
  const mode = spec.text('mode') ?? 'enforce';
  if (spec.has('policy'))
    spec.refuse(
      'policy',
      'is a CUE or Rego policy, which this action does not evaluate',
      'keep it in a ClusterImagePolicy of its own, which only the cluster reads',
    );
  if (spec.has('match'))
    spec.refuse(
      'match',
      'restricts the policy to some resources of the cluster, and a step has none',
      'remove it, or keep the policy in a file that only the cluster reads',
    );
  spec.refuseOthers();
  if (mode !== 'enforce' && mode !== 'warn') {
    spec.refuse('mode', `"${mode}" is unknown`, 'write enforce or warn');
    return undefined;
  }
  if (!images || !isNonEmpty(alternatives)) return undefined;
  return { name, origin: `${surroundings.origin}:${line}`, images, mode, alternatives };
}
