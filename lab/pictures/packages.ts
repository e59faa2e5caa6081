// Installs the packages for pictures outside the repository, from their own lockfile: every `npm ci` would be 120 MB larger with them.
import { cp, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { succeed } from '../tools/command.ts';

/** What packages/packages.js exports. */
export interface Packages {
  /** As GitHub does: GitHub-flavoured Markdown, sanitised. */
  readonly toHtml: (markdown: string) => Promise<string>;
  /** Paths of files. */
  readonly styleSheets: readonly string[];
  launch(): Promise<Browser>;
  readonly inPage: InPage;
  /** The same picture. */
  smaller(png: Buffer): Promise<Buffer>;
}

/** What packages/in-page.js exports: functions for `Page.evaluate`. */
export interface InPage {
  readonly loadFonts: () => Promise<void>;
  readonly openDetails: () => void;
  readonly tooWide: () => readonly string[];
  readonly rendered: (mark: string) => readonly string[];
  readonly foreignLinks: (own: string) => readonly string[];
  readonly missing: (texts: readonly string[]) => readonly string[];
}

/** The part of Playwright that is used. */
export interface Browser {
  newPage(options: { readonly viewport: Size }): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  goto(url: string): Promise<unknown>;
  /** The function runs in the page. */
  evaluate<Argument, Result>(
    script: (argument: Argument) => Result,
    argument: Argument,
  ): Promise<Awaited<Result>>;
  locator(selector: string): { screenshot(): Promise<Buffer> };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const SOURCE = join(import.meta.dirname, 'packages');
const FILES = ['package.json', 'package-lock.json', 'packages.js', 'in-page.js'] as const;
const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const cache = join(base, 'countersign-pictures');
const TEN_MINUTES = 600_000;

/** Installs missing packages; no package runs a script. */
export async function openPackages(): Promise<Packages> {
  const lock = await readFile(join(SOURCE, 'package-lock.json'), 'utf8');
  const installed = await readFile(join(cache, 'installed.json'), 'utf8').catch(() => '');
  await mkdir(cache, { recursive: true });
  for (const file of FILES) await cp(join(SOURCE, file), join(cache, file));
  if (installed !== lock) await install();
  return (await import(pathToFileURL(join(cache, 'packages.js')).href)) as Packages;
}

async function install(): Promise<void> {
  console.log(`Installing a browser in ${cache}: npm ci`);
  await succeed('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    env: process.env,
    cwd: cache,
    timeout: TEN_MINUTES,
  });
  await cp(join(cache, 'package-lock.json'), join(cache, 'installed.json'));
}
