// Which images a policy is for: globs as policy-controller compiles them (pkg/apis/glob), compared with the name by digest.
import { anyOf, type Matcher } from '../model/matcher.ts';
import { isNonEmpty } from '../model/non-empty.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import { parsePattern } from '../text/pattern.ts';
import type { Fields } from './fields.ts';

const VALID = /^[\w:/*.@-]+$/;
/** What these two globs mean on Docker Hub. */
const SHORT: Readonly<Record<string, string>> = {
  '*': 'index.docker.io/library/*',
  '*/*': 'index.docker.io/*/*',
};
const DIGEST = /@sha256:[0-9a-f]{64}$/;
const DOCKER_HUB = /^(?:docker\.io|registry-1\.docker\.io)\//;

export function readImages(spec: Fields): Matcher | undefined {
  const matchers = spec.requiredList('images').flatMap((image) => {
    const glob = image.requiredText('glob');
    if (image.has('regex'))
      image.refuse('regex', 'is not supported by policy-controller either', 'use "glob"');
    image.refuseOthers();
    if (glob === undefined) return [];
    const parsed = parseGlob(glob);
    if (!isProblem(parsed)) return [parsed.value];
    image.refuse('glob', parsed.problem, parsed.remedy);
    return [];
  });
  return isNonEmpty(matchers) ? anyOf(matchers) : undefined;
}

/** `*` matches anything but a slash, `**` matches anything. */
export function parseGlob(written: string): Parsed<Matcher> {
  const glob = SHORT[written] ?? written;
  if (!VALID.test(glob))
    return {
      problem: `"${written}" is not a glob`,
      remedy: 'use letters, digits, "-", "_", ".", ":", "@", "/", "*" and "**" only',
    };
  if (DOCKER_HUB.test(glob))
    return {
      problem: `"${written}" matches no image: in a cluster, Docker Hub is index.docker.io`,
      remedy: `write "${glob.replace(DOCKER_HUB, 'index.docker.io/')}"`,
    };
  if (!glob.slice(glob.lastIndexOf('/') + 1).includes('*') && !DIGEST.test(glob))
    return {
      problem: `"${written}" matches no image: images are compared by digest, as name@sha256:…`,
      remedy: `write "${glob.replace(/[:@][^/]*$/, '')}*"`,
    };
  const source = glob
    .replaceAll('.', String.raw`\.`)
    .replaceAll(/\*\*?/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
  const pattern = parsePattern(source);
  if (isProblem(pattern)) return pattern;
  return {
    value: { kind: 'pattern', source: written, accepts: (name) => pattern.value.accepts(name) },
  };
}
