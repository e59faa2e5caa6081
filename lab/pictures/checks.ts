// The requirements for a summary in the browser: nothing is wider than the page, and an attacker's text is text.
import { MARK } from './attacks.ts';
import type { InPage, Page } from './packages.ts';

/** Of the repository whose job writes the summary. */
const OWN = 'https://github.com/acme/app';

/** The violations, in words; these texts of an attacker are in the summary. */
export async function problemsOf(
  page: Page,
  inPage: InPage,
  texts: readonly string[],
): Promise<readonly string[]> {
  await page.evaluate(inPage.openDetails, undefined);
  const tooWide = await page.evaluate(inPage.tooWide, undefined);
  const rendered = await page.evaluate(inPage.rendered, MARK);
  const links = await page.evaluate(inPage.foreignLinks, OWN);
  const missing = await page.evaluate(inPage.missing, texts);
  return [
    ...tooWide.map((what) => `wider than the page: ${what}`),
    ...rendered.map((what) => `an attacker's text became ${what}`),
    ...links.map((url) => `links to ${url}`),
    ...missing.map((text) => `not shown letter for letter: ${text}`),
  ];
}
