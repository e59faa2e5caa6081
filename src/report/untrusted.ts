// Escapes untrusted text from certificates, bundles and registries, so that it is one line of a log or of Markdown and nothing more.

const LONGEST = 1000;

/** The runner executes `::name::` at the start of a line and `##[name]` anywhere in one (actions/runner, ActionCommand.cs). */
export function forLog(text: string): string {
  return inOneLine(text).replaceAll('##[', '##\\u{5b}');
}

/** With positions where a line may break: a very long word pushes the rest of its table off the page. */
export function forMarkdown(text: string): string {
  return inOneLine(text)
    .replaceAll(JOINT, '$&\n')
    .replaceAll(LONG_WORD, '$&\n')
    .replaceAll(/[&<>|`\\*_[\]()#!~]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('\n', '<wbr>');
}

/** Where GitHub would render a URL, an address, a mention or an emoji in plain text, also in that of an HTML element. */
const JOINT = /[:@](?=\S)|\/(?=[^\s/])|www(?=\.)/gi;
const LONG_WORD = /\S{24}(?=\S)/gu;

/** A bundle may contain megabytes in place of a word, control characters for the terminal, or characters that reverse text. */
function inOneLine(text: string): string {
  const shortened = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return shortened.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
