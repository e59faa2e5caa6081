// The inputs `sources` and `bundle`: where the gate searches for bundles.
import { resolve } from 'node:path';
import { ActionError } from '../errors.ts';
import type { FoundBundle } from '../model/found.ts';
import type { VerifyRequest } from '../model/request.ts';
import { BUNDLE_FILE_LIMIT, parseBundleFile } from '../names/bundle-file.ts';
import { readBoundedFile } from '../text/bounded-file.ts';
import { isProblem } from '../text/parsed.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import { linesOf, listOf, type Problems } from './problems.ts';

type Places = Pick<VerifyRequest, 'sources' | 'bundles'>;

const SOURCES = ['registry', 'github'] as const;
const NAMES =
  'use registry, github, or both, one per line, or none to read the files of "bundle" alone';

export async function readSources(
  inputs: RawInputs,
  environment: Environment,
  problems: Problems,
): Promise<Places> {
  return {
    sources: parseSources(inputs, problems),
    bundles: await readBundles(inputs, environment, problems),
  };
}

function parseSources(inputs: RawInputs, problems: Problems): Places['sources'] {
  const items = listOf(inputs.sources);
  const unknown = items.filter((item) => ![...SOURCES, 'none'].includes(item));
  for (const item of unknown)
    problems.add('INPUT_INVALID', `Cannot use "sources": "${item}" is not a source`, NAMES);
  if (items.length === 0) problems.add('INPUT_UNSAFE', 'Cannot use "sources": it is empty', NAMES);
  if (items.includes('none') && items.length > 1)
    problems.add('INPUT_CONFLICT', 'Cannot use "sources": it has "none" and others', NAMES);
  if (items.includes('none') && inputs.bundle === '')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "sources: none" without "bundle": there would be nothing to verify',
      'list bundle files in "bundle", or remove "sources"',
    );
  const named = SOURCES.filter((source) => items.includes(source));
  return inputs.policy === '' ? named : withoutGitHub(named, problems);
}

/** No ClusterImagePolicy accepts evidence from GitHub's store. */
function withoutGitHub(sources: Places['sources'], problems: Problems): Places['sources'] {
  const others = sources.filter((source) => source !== 'github');
  if (sources.length > 0 && others.length === 0)
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "sources: github" with "policy": a ClusterImagePolicy is about signatures in registries',
      'remove "sources"',
    );
  return others;
}

async function readBundles(
  { bundle }: RawInputs,
  { workspace }: Environment,
  problems: Problems,
): Promise<readonly FoundBundle[]> {
  const read = await Promise.all(
    linesOf(bundle).map(async (name) => {
      const bytes = await readBoundedFile(resolve(workspace, name), BUNDLE_FILE_LIMIT);
      return { name, bundles: isProblem(bytes) ? bytes : parseBundleFile(bytes.value) };
    }),
  );
  return read.flatMap(({ name, bundles }): readonly FoundBundle[] => {
    if (isProblem(bundles)) {
      const message = `Cannot use "bundle": "${name}" cannot be read, ${bundles.problem}`;
      problems.include(new ActionError('input', 'INPUT_FILE', { message, remedy: bundles.remedy }));
      return [];
    }
    return bundles.value.map(({ line, json }) => ({
      source: 'file',
      place: line === undefined ? name : `${name}, line ${line}`,
      json,
    }));
  });
}
