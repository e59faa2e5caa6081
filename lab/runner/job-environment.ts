// The environment of a job step: what the runner sets, and nothing from the process that runs the tests.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const REPOSITORY = 'acme/app';
const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';
const UNREACHABLE = 'http://127.0.0.1:9';

const pushEvent = {
  ref: 'refs/heads/main',
  repository: {
    id: 1000001,
    name: 'app',
    full_name: REPOSITORY,
    owner: { login: 'acme', id: 2000002, type: 'Organization' },
    private: false,
    visibility: 'public',
    default_branch: 'main',
    html_url: `https://github.com/${REPOSITORY}`,
  },
};

const job = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTOR: 'octocat',
  GITHUB_API_URL: UNREACHABLE,
  GITHUB_EVENT_NAME: 'push',
  GITHUB_GRAPHQL_URL: `${UNREACHABLE}/graphql`,
  GITHUB_JOB: 'build',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_PROTECTED: 'true',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_REPOSITORY_ID: '1000001',
  GITHUB_REPOSITORY_OWNER: 'acme',
  GITHUB_REPOSITORY_OWNER_ID: '2000002',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '4242',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: SHA,
  GITHUB_WORKFLOW: 'Release',
  GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/release.yml@refs/heads/main`,
  GITHUB_WORKFLOW_SHA: SHA,
  RUNNER_ARCH: 'X64',
  RUNNER_ENVIRONMENT: 'github-hosted',
  RUNNER_NAME: 'GitHub Actions 1',
  RUNNER_OS: 'Linux',
};

export type JobEnvironment = Readonly<
  Record<'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY' | 'RUNNER_TEMP', string>
> &
  Readonly<Record<string, string>>;

export async function jobEnvironment(
  directory: string,
  workspace: string,
  event: object = pushEvent,
): Promise<JobEnvironment> {
  const make = async (name: string): Promise<string> => {
    const made = path.join(directory, name);
    await mkdir(made, { recursive: true });
    return made;
  };
  const write = async (name: string, text: string): Promise<string> => {
    const file = path.join(directory, name);
    await writeFile(file, text);
    return file;
  };
  return {
    ...job,
    GITHUB_ENV: await write('env', ''),
    GITHUB_EVENT_PATH: await write('event.json', JSON.stringify(event)),
    GITHUB_OUTPUT: await write('output', ''),
    GITHUB_PATH: await write('path', ''),
    GITHUB_STATE: await write('state', ''),
    GITHUB_STEP_SUMMARY: await write('summary.md', ''),
    GITHUB_WORKSPACE: workspace,
    HOME: await make('home'),
    PATH: process.env['PATH'] ?? '',
    RUNNER_TEMP: await make('temp'),
    RUNNER_TOOL_CACHE: await make('tools'),
  };
}
