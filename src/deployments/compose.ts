// The images of a Compose file: of services, of volumes of the type `image`, and of additional build contexts (Compose specification).
import { isProblem } from '../text/parsed.ts';
import { fieldOf, isNull, textOf, type YamlEntry, type YamlNode } from '../text/yaml.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import { type FileReading, RENDER } from './reading.ts';

/** Prefix of an image among the additional contexts of a build. */
const IMAGE_CONTEXT = 'docker-image://';

export function isCompose(node: YamlNode): boolean {
  return fieldOf(node, 'services')?.kind === 'map' || fieldOf(node, 'include')?.kind === 'list';
}

/** `has` returns whether the gate also reads a file, relative to this one. */
export function readCompose(
  document: YamlNode,
  reading: FileReading,
  { lookup, has }: { readonly lookup: Lookup; readonly has: (file: string) => boolean },
): void {
  const compose = new Compose(reading, lookup, has);
  const services = fieldOf(document, 'services');
  const include = fieldOf(document, 'include');
  if (include?.kind === 'list') for (const each of include.items) compose.includeFile(each);
  for (const service of services?.kind === 'map' ? services.entries : []) compose.service(service);
}

class Compose {
  readonly #reading: FileReading;
  readonly #lookup: Lookup;
  readonly #has: (file: string) => boolean;

  constructor(reading: FileReading, lookup: Lookup, has: (file: string) => boolean) {
    this.#reading = reading;
    this.#lookup = lookup;
    this.#has = has;
  }

  service({ key, line, value }: YamlEntry): void {
    // Merge keys and extensions are not services.
    if (key.startsWith('x-')) return;
    const image = fieldOf(value, 'image');
    const build = fieldOf(value, 'build');
    if (image && !isNull(image)) this.#image(image, `"image" of the service "${key}"`);
    else if (!build && !fieldOf(value, 'extends') && !fieldOf(value, 'provider'))
      this.#reading.refuse(line, `the service "${key}" has neither an image nor a build`, RENDER);
    this.#extended(fieldOf(value, 'extends'));
    if (build) this.#build(build);
    const volumes = fieldOf(value, 'volumes');
    for (const volume of volumes?.kind === 'list' ? volumes.items : [])
      if (textOf(fieldOf(volume, 'type')) === 'image')
        this.#image(fieldOf(volume, 'source') ?? volume, 'the source of a volume');
  }

  includeFile(node: YamlNode): void {
    const path = fieldOf(node, 'path') ?? node;
    for (const each of path.kind === 'list' ? path.items : [path]) this.#otherFile(each, 'include');
  }

  /** A service in another file can name the image. */
  #extended(node: YamlNode | undefined): void {
    const file = fieldOf(node, 'file');
    if (file) this.#otherFile(file, 'extends');
  }

  #otherFile(node: YamlNode, what: string): void {
    const text = textOf(node);
    const path = text === undefined ? undefined : this.#resolved(text, node.line);
    if (path === undefined || this.#has(path)) return;
    const remedy = `add "${path}" to "files"`;
    this.#reading.refuse(node.line, `"${what}" names "${path}", which is not read`, remedy);
  }

  #build(build: YamlNode): void {
    const inline = fieldOf(build, 'dockerfile_inline');
    if (inline)
      this.#reading.refuse(
        inline.line,
        '"dockerfile_inline" is not read',
        'move the Dockerfile to a file, and add that to "files"',
      );
    const contexts = fieldOf(build, 'additional_contexts');
    if (contexts?.kind === 'map')
      for (const { value } of contexts.entries) this.#context(textOf(value) ?? '', value.line);
    if (contexts?.kind === 'list')
      for (const item of contexts.items)
        this.#context(textOf(item)?.replace(/^[^=]*=/, '') ?? '', item.line);
  }

  #context(text: string, line: number): void {
    const context = this.#resolved(text, line);
    if (context?.startsWith(IMAGE_CONTEXT))
      this.#reading.add(context.slice(IMAGE_CONTEXT.length), line);
  }

  #image(node: YamlNode, what: string): void {
    const text = textOf(node);
    if (text === undefined) this.#reading.addNode(node, what);
    else {
      const image = this.#resolved(text, node.line);
      if (image === '') this.#reading.refuse(node.line, `${what} is empty`, RENDER);
      else if (image !== undefined) this.#reading.add(image, node.line);
    }
  }

  #resolved(text: string, line: number): string | undefined {
    const resolved = interpolate(text, 'compose', this.#lookup);
    if (!isProblem(resolved)) return resolved.value;
    this.#reading.troubles.push({ ...resolved, line });
    return undefined;
  }
}
