// The subjects of each statement of a signing step: one image in its repositories, alone or with every manifest of its index.
import { counter } from '../concurrency/counter.ts';
import type { Counted } from '../concurrency/tally.ts';
import { allOrProblems } from '../errors.ts';
import { mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { Repository } from '../model/reference.ts';
import type { SignRequest } from '../model/request.ts';
import { groupByDigest, type Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readImageTree } from './image-tree.ts';
import { pinnedSubjects } from './pinned.ts';
import { treeSubjects } from './tree-subjects.ts';

/** One list for each statement, the image itself first; with `reach: tree` every manifest of its index, including BuildKit's attestation manifests. `onRead` counts the indexes that were read. */
export function statementSubjects(
  { images, reach }: Pick<SignRequest, 'images' | 'reach'>,
  clientFor: (place: { readonly repository: Repository }) => RegistryClient,
  onRead: Counted = () => undefined,
): Promise<NonEmpty<NonEmpty<Subject>>> {
  const groups = groupByDigest(pinnedSubjects(images));
  if (reach === 'manifest') return Promise.resolve(groups);
  const read = counter(groups.length, onRead);
  return allOrProblems(
    mapEach(groups, async (group) => {
      const [first] = group;
      const tree = await readImageTree(clientFor(first), first.digest, 'as listed');
      read();
      const repositories = mapEach(group, ({ repository }) => repository);
      return treeSubjects(repositories, tree);
    }),
  );
}
