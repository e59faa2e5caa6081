// npm run pictures: renders the summaries of docs/ in a browser, and checks that they fit the page and that an attacker's markup is not rendered.
import '../runner/scratch.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ATTACKS } from './attacks.ts';
import { problemsOf } from './checks.ts';
import { openPackages } from './packages.ts';
import { openPage } from './page.ts';
import { makeSummaries } from './stage.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const DRAWN = new Set(['accepted', 'rejected']);
/** Bytes. */
const LARGEST = 150_000;

const packages = await openPackages();
const browser = await packages.launch();
const problems: string[] = [];
try {
  for (const [name, markdown] of Object.entries(await makeSummaries())) {
    const page = await openPage(markdown, packages, browser);
    const picture = await packages.smaller(await page.locator('article').screenshot());
    if (DRAWN.has(name)) await writeFile(join(DOCS, `summary-${name}.png`), picture);
    const shown = name === 'rejected' ? ATTACKS.map((attack) => attack.shown) : [];
    const found = [
      ...(picture.length > LARGEST ? [`the picture has ${picture.length} bytes`] : []),
      ...(await problemsOf(page, packages.inPage, shown)),
    ];
    problems.push(...found.map((problem) => `${name}: ${problem}`));
    console.log(
      `${name}: ${picture.length} bytes, ${found.length === 0 ? 'fits, and is text' : 'NOT GOOD'}`,
    );
  }
} finally {
  await browser.close();
}
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
