// The subjects of the one statement that is signed for an image and everything below it.
import { ActionError } from '../errors.ts';
import { flatten, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { Repository } from '../model/reference.ts';
import { MOST_SUBJECTS } from '../model/statement.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import type { TreeManifest } from './image-tree.ts';

/**
 * Each manifest in each of its repositories, the root first: cosign always prints the first subject.
 * Throws if a statement cannot have that many.
 */
export function treeSubjects(
  repositories: NonEmpty<Repository>,
  tree: NonEmpty<TreeManifest>,
): NonEmpty<Subject> {
  const subjects = flatten(
    mapEach(tree, (manifest) =>
      mapEach(repositories, (repository) => subjectIn(repository, manifest, repositories[0])),
    ),
  );
  if (subjects.length <= MOST_SUBJECTS) return subjects;
  throw new ActionError('input', 'LIMIT_EXCEEDED', {
    message: `Cannot sign "${formatSubject(subjects[0])}" with everything below it: ${tree.length} manifests in ${repositories.length} repositories are over the limit of ${MOST_SUBJECTS} subjects`,
    remedy: 'sign fewer repositories in one step',
  });
}

function subjectIn(
  repository: Repository,
  { mediaType, digest, size, path }: TreeManifest,
  readIn: Repository,
): Subject {
  const descriptor = { mediaType, digest, size };
  if (path.length > 0) return { repository, digest, listedAs: descriptor };
  return { repository, digest, ...(repository === readIn ? { readAs: descriptor } : {}) };
}
