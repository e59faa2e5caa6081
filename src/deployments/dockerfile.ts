// The images that a build of a Dockerfile runs or copies from: FROM, COPY and ADD --from, RUN --mount from, and the frontend of `# syntax` (Dockerfile reference).
import { isProblem, type Parsed } from '../text/parsed.ts';
import { type Instruction, linesOf, wordsIn } from './dockerfile-lines.ts';
import { interpolate } from './interpolate.ts';
import { FileReading } from './reading.ts';

const INSTRUCTIONS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const HAS_FLAGS = new Set(['ADD', 'COPY', 'FROM', 'RUN']);
/** The name of the empty base, which is not an image. */
const NOTHING = 'scratch';
const NO_STAGE =
  'write --from=STAGE, and name the image in a stage of its own: FROM image AS STAGE';

export function readDockerfile(text: string): FileReading {
  const reading = new FileReading();
  const lines = linesOf(text);
  if ('problem' in lines) {
    reading.troubles.push(lines);
    return reading;
  }
  if (lines.syntax) reading.add(lines.syntax.text, lines.syntax.line);
  const build = new Build(reading, stagesIn(lines.instructions));
  for (const instruction of lines.instructions) build.take(instruction);
  return reading;
}

/** Lower case. */
function stagesIn(instructions: readonly Instruction[]): readonly string[] {
  return instructions
    .filter(({ name }) => name === 'FROM')
    .map((instruction) => stageNameOf(instruction) ?? '');
}

function stageNameOf({ rest }: Instruction): string | undefined {
  const [, as, stage] = flagsOf(rest).words;
  return as?.toUpperCase() === 'AS' ? stage?.toLowerCase() : undefined;
}

class Build {
  readonly #reading: FileReading;
  readonly #stages: readonly string[];
  /** ARGs before the first FROM, the only ones that a FROM can use. */
  readonly #args = new Map<string, Parsed<string | undefined>>();
  /** Stages so far. */
  #count = 0;

  constructor(reading: FileReading, stages: readonly string[]) {
    this.#reading = reading;
    this.#stages = stages;
  }

  take(instruction: Instruction): void {
    const { name, rest, line } = instruction;
    if (!INSTRUCTIONS.has(name))
      this.#reading.refuse(line, `"${name}" is not an instruction`, 'correct the Dockerfile');
    if (HAS_FLAGS.has(name) && /^--\w/.test(flagsOf(rest).words[0] ?? ''))
      this.#reading.refuse(line, `a flag of ${name} cannot be read`, 'correct its quotes');
    if (name === 'ARG' && this.#count === 0) this.#declare(instruction);
    if (name === 'FROM') this.#from(instruction);
    if (name === 'COPY' || name === 'ADD') this.#copy(instruction);
    if (name === 'RUN') this.#run(instruction);
    if (name === 'ONBUILD') {
      const [, trigger = '', others = ''] = /^(\S+)\s*([^]*)$/.exec(rest) ?? [];
      this.take({ name: trigger.toUpperCase(), rest: others, line });
    }
  }

  /** A problem with a default is reported when it is used. */
  #declare({ rest }: Instruction): void {
    for (const word of wordsIn(rest) ?? []) {
      const [name = '', ...value] = word.split('=');
      if (value.length > 0) this.#args.set(name, this.#resolved(value.join('=')));
      else if (!this.#args.has(name)) this.#args.set(name, { value: undefined });
    }
  }

  #from({ rest, line }: Instruction): void {
    const { words } = flagsOf(rest);
    const [written] = words;
    const earlier = this.#stages.slice(0, this.#count++);
    if (written === undefined || (words.length !== 1 && words.length !== 3)) {
      const remedy = 'write FROM image, or FROM image AS stage';
      this.#reading.refuse(line, `FROM has ${words.length} words`, remedy);
      return;
    }
    const image = this.#resolved(written);
    if (isProblem(image)) this.#reading.troubles.push({ ...image, line });
    else if (image.value !== NOTHING && !earlier.includes(image.value.toLowerCase()))
      this.#reading.add(image.value, line);
  }

  #copy({ rest, line }: Instruction): void {
    const sources = flagsOf(rest).flags.filter(({ name }) => name === 'from');
    for (const { value } of sources) this.#use(value, line);
  }

  #run({ rest, line }: Instruction): void {
    const mounts = flagsOf(rest).flags.filter(({ name }) => name === 'mount');
    for (const field of mounts.flatMap(({ value }) => value.split(','))) {
      const [, key = '', value = ''] = /^"?([^=]*)=([^]*?)"?$/.exec(field.trim()) ?? [];
      if (key.toLowerCase() === 'from') this.#use(value, line);
    }
  }

  /** A stage by name or number, or an image; BuildKit expands no variable here. */
  #use(source: string, line: number): void {
    if (/[$"']/.test(source))
      this.#reading.refuse(line, `"${source}" is neither a stage nor an image`, NO_STAGE);
    else if (!/^\d+$/.test(source) && !this.#isStage(source) && source !== NOTHING)
      this.#reading.add(source, line);
  }

  #isStage(source: string): boolean {
    return this.#stages.includes(source.toLowerCase());
  }

  #resolved(text: string): Parsed<string> {
    return interpolate(text, 'dockerfile', (name) => this.#args.get(name) ?? { value: undefined });
  }
}

interface Flags {
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  readonly words: readonly string[];
}

/** `--name=value` before everything else; a value may be quoted. */
function flagsOf(rest: string): Flags {
  const flags: { name: string; value: string }[] = [];
  let left = rest.trimStart();
  for (;;) {
    const [whole, name, value = ''] =
      /^--([\w-]+)(?:=((?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])*))?(?:\s+|$)/.exec(left) ?? [];
    if (whole === undefined || name === undefined) break;
    flags.push({ name: name.toLowerCase(), value: value.replaceAll(/\\(.)|["']/g, '$1') });
    left = left.slice(whole.length);
  }
  return { flags, words: left.split(/\s+/).filter((word) => word !== '') };
}
