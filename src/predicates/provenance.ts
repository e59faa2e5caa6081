// SLSA v1 provenance of a GitHub Actions build: https://slsa.dev/spec/v1.0/provenance and https://actions.github.io/buildtypes/workflow/v1
import { PROVENANCE_TYPE } from '../model/types.ts';
import { type MakeStatement, subjectOf } from './predicate.ts';

const BUILD_TYPE = 'https://actions.github.io/buildtypes/workflow/v1';

/** `server` is the URL of the GitHub server, `https://github.com`. */
export function provenanceStatement(server: string): MakeStatement {
  return ([first, ...others], claims) => {
    if (!claims) throw new RangeError('provenance without the facts of an identity token');
    // Only the first "@" separates path and ref: a tag may be named "@acme/app@1.0.0".
    const [, workflowPath = '', workflowRef = ''] =
      /^([^@]*)@(.*)$/.exec(claims.workflow_ref.replace(`${claims.repository}/`, '')) ?? [];
    return {
      subject: [subjectOf(first), ...others.map(subjectOf)],
      predicateType: PROVENANCE_TYPE,
      predicate: {
        buildDefinition: {
          buildType: BUILD_TYPE,
          externalParameters: {
            workflow: {
              ref: workflowRef,
              repository: `${server}/${claims.repository}`,
              path: workflowPath,
            },
          },
          internalParameters: {
            github: {
              event_name: claims.event_name,
              repository_id: claims.repository_id,
              repository_owner_id: claims.repository_owner_id,
              runner_environment: claims.runner_environment,
            },
          },
          resolvedDependencies: [
            {
              uri: `git+${server}/${claims.repository}@${claims.ref}`,
              digest: { gitCommit: claims.sha },
            },
          ],
        },
        runDetails: {
          builder: { id: `${server}/${claims.job_workflow_ref}` },
          metadata: {
            invocationId: `${server}/${claims.repository}/actions/runs/${claims.run_id}/attempts/${claims.run_attempt}`,
          },
        },
      },
    };
  };
}
