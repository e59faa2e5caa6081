// The page of a job summary, as wide as on GitHub.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Packages, Page } from './packages.ts';

/** Pixels. */
const WIDTH = 1012;

/** GitHub uses the fonts of the system; these are common on Linux desktops, and are the same on every machine. */
const STYLE = `
  body { margin: 0; background: white; }
  .markdown-body { box-sizing: border-box; padding: 16px; }
  .markdown-body, .markdown-body h2, .markdown-body h3 { font-family: 'Noto Sans', Twemoji; }
  .markdown-body code, .markdown-body pre { font-family: Cousine, Twemoji; }
`;

export async function openPage(
  markdown: string,
  { toHtml, styleSheets, inPage }: Packages,
  browser: Browser,
): Promise<Page> {
  const links = styleSheets.map(
    (path) => `<link rel="stylesheet" href="${pathToFileURL(path).href}">`,
  );
  const html = `<!doctype html><meta charset="utf-8">${links.join('')}<style>${STYLE}</style><article class="markdown-body">${await toHtml(markdown)}</article>`;
  const file = join(await mkdtemp(join(tmpdir(), 'page-')), 'summary.html');
  await writeFile(file, html);
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 600 } });
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(inPage.loadFonts, undefined);
  return page;
}
