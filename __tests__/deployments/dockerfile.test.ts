// Which images a Dockerfile names, by BuildKit's rules, and attempts to hide one.
import { describe, expect, test } from '@jest/globals';

import { readDockerfile } from '../../src/deployments/dockerfile.ts';

function imagesIn(text: string): readonly string[] {
  const { images, troubles } = readDockerfile(text);
  expect(troubles).toEqual([]);
  return images.map((image) => `${image.line} ${image.text}`);
}

describe('the images of a Dockerfile', () => {
  test.each<[string, string, readonly string[]]>([
    ['of FROM, with flags and a stage', 'FROM --platform=linux/amd64 a:1 AS b', ['1 a:1']],
    ['not of scratch', 'FROM scratch\nCOPY --from=a /x /y', ['2 a']],
    [
      'not of an earlier stage, in any letter case',
      'FROM a AS Base\nFROM base\nFROM b',
      ['1 a', '3 b'],
    ],
    ['of a name that only a later stage has', 'FROM b\nFROM a AS b', ['1 b', '2 a']],
    [
      'of COPY --from, not of its stages',
      'FROM a AS s\ncopy --chown=1 --from=x /a /b\nCOPY --from=0 a b\nCOPY --from=S a b',
      ['1 a', '2 x'],
    ],
    [
      'of RUN --mount',
      'FROM a\nRUN --network=none --mount=type=bind,from=x,target=/x --mount=FROM=y ls',
      ['1 a', '2 x', '2 y'],
    ],
    [
      'of ONBUILD',
      'FROM a\nONBUILD COPY --from=x /a /b\nONBUILD RUN --mount=from=y ls',
      ['1 a', '2 x', '3 y'],
    ],
    [
      'of # syntax',
      '# syntax = docker/dockerfile:1\n# escape=`\nFROM a',
      ['1 docker/dockerfile:1', '3 a'],
    ],
    ['not of a comment below the directives', 'FROM a\n# syntax=x', ['1 a']],
    [
      'across continued lines with comments',
      'FROM \\\n # not this\n\n  a \\\n AS b\nFROM c',
      ['1 a', '6 c'],
    ],
    ['with another escape character', '# escape=`\nFROM `\n a\nRUN x\\\nFROM b', ['2 a', '5 b']],
    [
      'with carriage returns and a byte order mark',
      '\uFEFFFROM a\r\nRUN x \\\r\n y\r\nFROM b\r\n',
      ['1 a', '4 b'],
    ],
  ])('are read: %s', (_what, text, expected) => expect(imagesIn(text)).toEqual(expected));

  test.each<[string, readonly string[]]>([
    ['ARG V=1\nFROM a:$V\nFROM a:${V}-x', ['2 a:1', '3 a:1-x']],
    ['ARG V="1" W=\'2\'\nARG X=${V}.$W\nFROM a:$X', ['3 a:1.2']],
    ['FROM a:${V:-1}', ['1 a:1']],
    ['ARG V=\nFROM a${V:-b}${V-c}${V:+d}${V+e}', ['2 abe']],
    ['ARG V=1\nFROM b\nARG V=2\nFROM a:$V', ['2 b', '4 a:1']],
    ['ARG UNUSED=${NOT_SET}\nFROM a', ['2 a']],
  ])('are read with variables: %j', (text, expected) => expect(imagesIn(text)).toEqual(expected));
});

describe('here-documents', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'hide their content',
      'FROM a\nRUN <<A cat <<-"B C"\nFROM x\nA\nFROM y\n\tB C\nFROM b',
      ['1 a', '7 b'],
    ],
    [
      'end only at their delimiter',
      'FROM a\nCOPY <<E /x\n E\nE \nFROM x\nE\nFROM b',
      ['1 a', '7 b'],
    ],
    ['are not recognized in quotes', 'FROM a\nRUN echo "x <<E y"\nFROM b', ['1 a', '3 b']],
    ['are not recognized after a backslash', 'FROM a\nRUN echo \\<<E\nFROM b', ['1 a', '3 b']],
    ['are not recognized within a word', 'FROM a\nRUN cat<<E\nFROM b', ['1 a', '3 b']],
    [
      'are not confused with a here-string or a shift',
      'FROM a\nRUN cat <<<E; x=$((1<<3))\nFROM b',
      ['1 a', '3 b'],
    ],
    ['are not recognized in other instructions', 'FROM a\nLABEL x= <<E\nFROM b', ['1 a', '3 b']],
  ])('%s', (_what, text, expected) => expect(imagesIn(text)).toEqual(expected));
});

describe('an invalid Dockerfile', () => {
  test.each<[string, string, number, RegExp]>([
    ['a variable without a value', 'FROM a\nFROM b:$V', 2, /"V" is not set/],
    ['an ARG without a default', 'ARG V\nFROM b:$V', 2, /"V" is not set/],
    ['an ARG of another stage', 'FROM a\nARG V=1\nFROM b:$V', 3, /"V" is not set/],
    [
      'a variable with its own error message',
      'FROM b:${V:?set-it}',
      1,
      /"V" is not set \(set-it\)/,
    ],
    ['an unsupported default', 'FROM b:${V#x}', 1, /not supported/],
    [
      'a variable where BuildKit does not expand',
      'FROM a\nCOPY --from=$V x y',
      2,
      /neither a stage nor/,
    ],
    ['a here-document without an end', 'FROM a\nRUN <<E\nFROM b', 2, /has no end/],
    ['an open quote next to a here-document', "FROM a\nRUN it's <<E\nFROM b\nE", 2, /quote/],
    ['an unknown instruction', 'FROM a\nFORM b', 2, /"FORM" is not an instruction/],
    ['a flag that cannot be read', 'FROM a\nRUN --mount=from=x,"y ls', 2, /flag of RUN/],
    ['another syntax', '// syntax=x\nFROM a', 1, /syntax/],
    ['a FROM without an image', 'FROM', 1, /0 words/],
  ])('is rejected with the line: %s', (_what, text, line, problem) => {
    expect(readDockerfile(text).troubles).toEqual([
      { line, problem: expect.stringMatching(problem), remedy: expect.any(String) },
    ]);
  });
});
