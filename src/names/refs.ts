// Refs and commits as certificates name them: in full. https://git-scm.com/docs/git-check-ref-format
import { exactly, type Matcher } from '../model/matcher.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Characters that no ref contains. */
const PATTERN = /[*^?\\[]/;
const FORBIDDEN = /[\s~:\p{Cc}]|\.\.|\/[/.]|@\{/u;

/** A full commit id in lower case. */
export function parseCommit(text: string): Parsed<string> {
  if (COMMIT.test(text)) return { value: text };
  if (COMMIT.test(text.toLowerCase()))
    return { problem: `"${text}" has upper-case digits`, remedy: `write "${text.toLowerCase()}"` };
  return {
    problem: `"${text}" is not a full commit`,
    remedy: 'write all 40 or 64 hex digits of the commit',
  };
}

/** `refs/heads/main`. */
export function parseRef(text: string): Parsed<string> {
  const problem = problemWith(text, text);
  if (problem) return problem;
  if (text.endsWith('/'))
    return {
      problem: `"${text}" is not a complete ref`,
      remedy: 'add the name of the branch or tag',
    };
  return { value: text };
}

/** A ref, or a prefix of refs followed by one `*`. */
export function parseRefPattern(text: string): Parsed<Matcher> {
  if (text.endsWith('*')) {
    const prefix = text.slice(0, -1);
    return problemWith(prefix, text) ?? { value: { kind: 'prefix', prefix } };
  }
  const ref = parseRef(text);
  if (!isProblem(ref)) return { value: exactly(ref.value) };
  return text.startsWith('refs/') && text.endsWith('/')
    ? { problem: ref.problem, remedy: `write "${text}*" for all refs under it` }
    : ref;
}

function problemWith(ref: string, text: string): Problem | undefined {
  if (COMMIT.test(ref))
    return { problem: `"${text}" is a commit`, remedy: 'use "source-digest" for commits' };
  if (PATTERN.test(ref))
    return {
      problem: `"${text}" is a pattern, and only a single "*" at the end is supported`,
      remedy: 'write the full ref, or a prefix followed by "*": "refs/tags/v*"',
    };
  if (!ref.startsWith('refs/'))
    return {
      problem: `"${text}" does not begin with "refs/"`,
      remedy: `write "refs/heads/${text}" for a branch, "refs/tags/${text}" for a tag`,
    };
  if (FORBIDDEN.test(ref) || ref.includes(',refs/'))
    return { problem: `"${text}" is not a ref`, remedy: 'write one ref per line, as git names it' };
  return undefined;
}
