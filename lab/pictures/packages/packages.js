// Runs in the folder where these packages are installed: Markdown as GitHub renders it, and a browser.
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { chromium as browsers } from 'playwright-core';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import sharp from 'sharp';
import { unified } from 'unified';

export * as inPage from './in-page.js';

/** What GitHub keeps and the default schema of hast-util-sanitize leaves out: html-pipeline, lib/html_pipeline/sanitization_filter.rb. */
const KEPT = 'abbr bdo caption cite dfn figcaption figure mark small time wbr'.split(' ');
const schema = { ...defaultSchema, tagNames: [...(defaultSchema.tagNames ?? []), ...KEPT] };

const markdown = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize, schema)
  .use(rehypeStringify);

export async function toHtml(text) {
  return String(await markdown.process(text));
}

/** The style sheets, in files whose folders hold the fonts. */
export const styleSheets = [
  'github-markdown-css/github-markdown-light.css',
  '@fontsource/noto-sans/400.css',
  '@fontsource/noto-sans/600.css',
  '@fontsource/cousine/400.css',
  'twemoji-colr-font/twemoji.css',
].map((name) => createRequire(import.meta.url).resolve(name));

export async function launch() {
  return browsers.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  });
}

/** A browser writes PNG files of more than twice the size. */
export async function smaller(png) {
  return sharp(png).png({ palette: true, effort: 10 }).toBuffer();
}
