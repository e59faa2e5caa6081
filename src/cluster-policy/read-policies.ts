// Reads the ClusterImagePolicy files of a step and reports all of their problems at once.
import { findFiles } from '../deployments/find-files.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { WrittenPolicy } from '../model/policy.ts';
import type { Repository } from '../model/reference.ts';
import { readBoundedFile } from '../text/bounded-file.ts';
import { isProblem, type Problem } from '../text/parsed.ts';
import { isNull, parseYaml } from '../text/yaml.ts';
import { readDocument } from './document.ts';
import { type Trouble, Troubles } from './fields.ts';
import type { Shared } from './surroundings.ts';

/** Bytes; a Kubernetes object has at most 1.5 MiB. */
const LIMIT = 1 << 20;

export interface PolicyProblem extends Problem {
  readonly place?: { readonly file: string; readonly line: number };
}

export interface ReadPolicies {
  readonly policies: NonEmpty<WrittenPolicy> | undefined;
  /** The place of the evidence according to the policies, if it is not with the image. */
  readonly source: Repository | undefined;
  readonly problems: readonly PolicyProblem[];
}

export async function readPolicies(
  globs: readonly string[],
  {
    workspace,
    trustedRoot,
  }: { readonly workspace: string; readonly trustedRoot: string | undefined },
): Promise<ReadPolicies> {
  const { files, problems } = await findFiles(globs, workspace);
  const shared: Shared = {};
  const all: PolicyProblem[] = [...problems];
  const policies: WrittenPolicy[] = [];
  for (const { name, path } of files) {
    const bytes = await readBoundedFile(path, LIMIT);
    if (isProblem(bytes)) {
      all.push({ ...bytes, place: { file: name, line: 1 } });
      continue;
    }
    const read = readFile(bytes.value.toString(), { origin: name, trustedRoot, shared });
    policies.push(...read.policies);
    all.push(...read.troubles.map((trouble) => placed(trouble, name)));
  }
  const { source } = shared;
  return {
    policies: isNonEmpty(policies) ? policies : undefined,
    source: source === 'with-image' ? undefined : source,
    problems: all,
  };
}

function readFile(
  text: string,
  surroundings: Parameters<typeof readDocument>[2],
): { readonly policies: readonly WrittenPolicy[]; readonly troubles: readonly Trouble[] } {
  const documents = parseYaml(text);
  if (isProblem(documents)) return { policies: [], troubles: [documents] };
  const troubles = new Troubles();
  const written = documents.value.filter((document) => !isNull(document));
  if (written.length === 0)
    troubles.add(1, 'it is empty', 'write a ClusterImagePolicy into it, or leave it out');
  const policies = written.flatMap(
    (document) => readDocument(document, troubles, surroundings) ?? [],
  );
  return { policies, troubles: troubles.all };
}

function placed({ line, problem, remedy }: Trouble, file: string): PolicyProblem {
  return { problem: `line ${line} of "${file}": ${problem}`, remedy, place: { file, line } };
}
