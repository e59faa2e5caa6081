// The `metadata` output of docker/build-push-action and docker/bake-action: what buildx reports about the images it built.
// https://docs.docker.com/reference/cli/docker/buildx/build/#metadata-file
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { PinnedReference } from '../model/reference.ts';
import { isRecord } from '../text/json.ts';
import { objectIn } from '../text/json-object.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { parsePinnedImage } from './pinned-image.ts';

export interface BuiltImages {
  /** Each name of each build, with the digest that was pushed under it. */
  readonly images: NonEmpty<PinnedReference>;
  /** Targets of bake that pushed nothing. */
  readonly unpushed: readonly string[];
}

/** Bytes: the runner passes an input as an environment variable, which Linux limits to 128 KiB. */
const LIMIT = 4 << 20;
const REMEDY =
  'pass the output of the step that builds: metadata: ${{ steps.build.outputs.metadata }}';
const PUSH = 'set "push: true" in the step that builds, and name the image in its tags';

type Json = Readonly<Record<string, unknown>>;

interface Build {
  /** The target of bake; build-push-action has one build without a name. */
  readonly target?: string;
  readonly json: Json;
}

export function parseMetadata(text: string): Parsed<BuiltImages> {
  const bytes = Buffer.from(text);
  if (bytes.length > LIMIT)
    return refused(`it has ${bytes.length} bytes, over the limit of ${LIMIT}`);
  const parsed = objectIn(parseStrictJson(bytes), bytes, REMEDY);
  if (isProblem(parsed)) return parsed;
  const builds = buildsIn(parsed.value);
  return isProblem(builds) ? builds : imagesOfAll(builds.value);
}

function buildsIn(json: Json): Parsed<readonly Build[]> {
  if (isBuild(json)) return { value: [{ json }] };
  if (Array.isArray(json['tags']) && isRecord(json['labels'])) {
    return {
      problem:
        'it is the output of docker/metadata-action, which names images before they are built',
      remedy: `${REMEDY}; or pass its tags as "images" with "digest"`,
    };
  }
  // buildx writes its warnings between the targets.
  const entries = Object.entries(json).filter(([key]) => !key.startsWith('buildx.'));
  const builds = entries.flatMap(([target, each]): Build[] =>
    isTarget(each) ? [{ target, json: each }] : [],
  );
  const other = entries.find(([, each]) => !isTarget(each));
  if (other) return refused(`it is JSON of another kind: "${other[0]}" is not a target of bake`);
  return { value: builds };
}

function isTarget(json: unknown): json is Json {
  return isRecord(json) && (isBuild(json) || Object.keys(json).length === 0);
}

/** The names of targets have no dots. */
function isBuild(json: Json): boolean {
  return Object.keys(json).some(
    (key) =>
      key === 'image.name' ||
      key.startsWith('containerimage.') ||
      (key.startsWith('buildx.build.') && key !== 'buildx.build.warnings'),
  );
}

function imagesOfAll(builds: readonly Build[]): Parsed<BuiltImages> {
  const images: PinnedReference[] = [];
  const unpushed: string[] = [];
  for (const build of builds) {
    const parsed = imagesOf(build);
    if (isProblem(parsed)) return parsed;
    images.push(...parsed.value);
    if (parsed.value.length === 0) unpushed.push(build.target ?? '');
  }
  return isNonEmpty(images) ? { value: { images, unpushed } } : nothingPushed(unpushed);
}

function imagesOf({ target, json }: Build): Parsed<readonly PinnedReference[]> {
  const { 'image.name': names = '', 'containerimage.digest': digest = '' } = json;
  if (typeof names !== 'string' || typeof digest !== 'string')
    return inTarget(target, refused('its image.name or containerimage.digest is not text'));
  // For an image that was only loaded, Docker's engine has no manifest and reports the digest of the config.
  const isLoaded = digest === json['containerimage.config.digest'];
  if (names === '' || digest === '' || isLoaded) return { value: [] };
  const images: PinnedReference[] = [];
  for (const name of names.split(',')) {
    const image = parsePinnedImage(name.trim(), digest);
    if (isProblem(image)) return inTarget(target, image);
    images.push(image.value);
  }
  return { value: images };
}

function nothingPushed(targets: readonly string[]): Problem {
  const names = targets.filter((target) => target !== '').map((target) => `"${target}"`);
  const who = names.length === 0 ? 'no build in it' : `no target in it (${names.join(', ')})`;
  return { problem: `${who} has both image.name and containerimage.digest`, remedy: PUSH };
}

function inTarget(target: string | undefined, { problem, remedy }: Problem): Problem {
  return { problem: target === undefined ? problem : `target "${target}": ${problem}`, remedy };
}

function refused(problem: string): Problem {
  return { problem, remedy: REMEDY };
}
