// docker/metadata-action: names with tags for the ref or the version, of the types that the examples use.
import { input, linesOf, output } from './job.ts';

const env = process.env;
const tags = linesOf(input('tags')).flatMap(tagFor);
if (tags.length === 0) throw new Error('No tag for this ref');
// As "flavor: latest=auto" does for versions.
const all = tags.some((tag) => /^\d/.test(tag)) ? [...tags, 'latest'] : tags;
const named = linesOf(input('images')).flatMap((image) =>
  all.map((tag) => `${image.toLowerCase()}:${tag}`),
);
output('tags', named.join('\n'));
output('labels', `org.opencontainers.image.version=${tags[0] ?? ''}`);
output('version', tags[0] ?? '');

function tagFor(line: string): readonly string[] {
  const { type, pattern, value, format } = attributesOf(line);
  if (type === 'sha' && format === 'long') return [`sha-${env['GITHUB_SHA'] ?? ''}`];
  if (type !== 'semver' || pattern === undefined) throw new Error(`Not emulated: ${line}`);
  const [, major, minor, patch] =
    /^v?(\d+)\.(\d+)\.(\d+)$/.exec(value ?? env['GITHUB_REF_NAME'] ?? '') ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return [];
  return [
    pattern
      .replace('{{version}}', `${major}.${minor}.${patch}`)
      .replace('{{major}}', major)
      .replace('{{minor}}', minor),
  ];
}

function attributesOf(line: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    line.split(',').map((pair): [string, string] => {
      const [name = '', ...rest] = pair.split('=');
      return [name, rest.join('=')];
    }),
  );
}
