// Functions that run in the page. Each stands alone: the browser gets its text.
/* global document, Node */

/** Those of the text load with it; a picture is drawn too early for the font of the marks. */
export async function loadFonts() {
  await document.fonts.load('16px Twemoji', '✅❌⚠️');
  await document.fonts.ready;
}

export function openDetails() {
  for (const details of document.querySelectorAll('details')) details.open = true;
}

/** A table of GitHub scrolls, and so hides what does not fit. Command lines may. */
export function tooWide() {
  const widest = document.documentElement.clientWidth;
  return [...document.querySelectorAll('article, article :not(pre, pre *)')]
    .filter((element) => {
      const isCut = element.clientWidth > 0 && element.scrollWidth > element.clientWidth;
      return isCut || element.getBoundingClientRect().right > widest;
    })
    .map(({ tagName, textContent }) => `${tagName} ${textContent.trim().slice(0, 80)}`);
}

/** Elements around such a text that no report makes there, and attributes that have something of it. */
export function rendered(mark) {
  const ours = new Set('CODE TD TR TBODY TABLE DETAILS P ARTICLE'.split(' '));
  return [...document.querySelectorAll('article *')].flatMap((element) => {
    const { attributes, childNodes, tagName } = element;
    const texts = [...childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const isAround = texts.some(({ textContent }) => textContent.includes(mark));
    const having = [...attributes].filter(({ value }) => value.includes(mark));
    return [
      ...(isAround && !ours.has(tagName) ? [tagName] : []),
      ...having.map(({ name, value }) => `${tagName} ${name}="${value}"`),
    ];
  });
}

/** A link to a place that is not of this repository. */
export function foreignLinks(own) {
  return [...document.querySelectorAll('article [href], article [src]')]
    .map((element) => element.getAttribute('href') ?? element.getAttribute('src'))
    .filter((url) => !url.startsWith(own));
}

export function missing(texts) {
  const page = document.body.textContent;
  return texts.filter((text) => !page.includes(text));
}
