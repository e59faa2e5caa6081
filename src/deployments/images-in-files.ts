// Every image that the files of a workspace name, each once with all of its places.
import { join, posix } from 'node:path';
import { dirname } from 'node:path/posix';
import { parseEnv } from 'node:util';
import { type FilePlace, formatPlace } from '../model/place.ts';
import { formatImage, parseReference, type Reference } from '../model/reference.ts';
import { readBoundedFile } from '../text/bounded-file.ts';
import { isProblem, type Problem } from '../text/parsed.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import type { Lookup } from './interpolate.ts';
import { readFile } from './read-file.ts';
import type { FileReading } from './reading.ts';

export interface FileProblem extends Problem {
  readonly place?: FilePlace;
}

export interface ImagesInFiles {
  readonly references: readonly Reference[];
  readonly problems: readonly FileProblem[];
  /** Files that name no image. */
  readonly without: readonly string[];
}

export interface Workspace {
  readonly path: string;
  /** A variable of the job, for Compose. */
  readonly variable: (name: string) => string | undefined;
}

/** Bytes of one file; this size is parsed in seconds. */
const FILE_LIMIT = 4 << 20;

export async function imagesInFiles(
  lines: readonly string[],
  workspace: Workspace,
): Promise<ImagesInFiles> {
  const { files, problems } = await findFiles(lines, workspace.path);
  const names = new Set(files.map(({ name }) => name));
  const found = new Map<string, Placed>();
  const all: FileProblem[] = [...problems];
  const without: string[] = [];
  for (const file of files) {
    const reading = await readOne(file, names, workspace);
    if ('problem' in reading) {
      all.push({ ...reading, problem: `${file.name}: ${reading.problem}` });
      continue;
    }
    all.push(...troublesOf(file, reading));
    if (reading.images.length + reading.troubles.length === 0) {
      if (file.naming === 'literal') all.push(noImage(file));
      else without.push(file.name);
    }
    for (const { text, line } of reading.images) {
      const place = { file: file.name, line };
      const reference = parseReference(text);
      if (isProblem(reference)) all.push(at(place, reference));
      else note(found, reference.value, place);
    }
  }
  if (found.size + all.length === 0) all.push(noImageAnywhere(lines));
  const references = [...found.values()].map(({ reference, places }) => ({ ...reference, places }));
  return { references, problems: all, without };
}

async function readOne(
  { name, path }: FoundFile,
  names: ReadonlySet<string>,
  workspace: Workspace,
): Promise<FileReading | Problem> {
  const bytes = await readBoundedFile(path, FILE_LIMIT);
  if (isProblem(bytes)) return bytes;
  const folder = dirname(name);
  return readFile(name, bytes.value.toString(), {
    lookup: await lookupIn(join(workspace.path, folder, '.env'), workspace),
    has: (file) => names.has(posix.normalize(posix.join(folder, file))),
  });
}

/** Compose reads variables from its environment, then from the file `.env` next to the first Compose file. */
async function lookupIn(path: string, { variable }: Workspace): Promise<Lookup> {
  const bytes = await readBoundedFile(path, FILE_LIMIT);
  const values = isProblem(bytes) ? {} : parseEnv(bytes.value.toString());
  return (name) => {
    const value = variable(name) ?? values[name];
    if (variable(name) !== undefined || !value?.includes('$')) return { value };
    return {
      problem: `the value of "${name}" in .env has a "$"`,
      remedy: `set "${name}" in the environment of the step`,
    };
  };
}

interface Placed {
  readonly reference: Reference;
  readonly places: FilePlace[];
}

function note(found: Map<string, Placed>, written: Reference, place: FilePlace): void {
  const isBare = written.tag === undefined && written.digest === undefined;
  const reference = isBare ? { ...written, tag: 'latest' } : written;
  const known = found.get(formatImage(reference));
  if (known) known.places.push(place);
  else found.set(formatImage(reference), { reference, places: [place] });
}

function troublesOf({ name }: FoundFile, { troubles }: FileReading): readonly FileProblem[] {
  return troubles.map(({ line, ...problem }) => at({ file: name, line }, problem));
}

function at(place: FilePlace, { problem, remedy }: Problem): FileProblem {
  return { problem: `${formatPlace(place)}: ${problem}`, remedy, place };
}

/** A file that only matches a pattern need not name an image: most manifests do not. */
function noImage({ name }: FoundFile): FileProblem {
  return { problem: `${name}: it names no image`, remedy: `remove "${name}" from "files"` };
}

function noImageAnywhere(lines: readonly string[]): FileProblem {
  return {
    problem: `no file of "${lines.join('", "')}" names an image`,
    remedy: 'check the patterns, or list the images in "images"',
  };
}
