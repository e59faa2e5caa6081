// Text from certificates, bundles and registries is anybody's: here it becomes one line of a log, or of Markdown, and nothing more.

const LONGEST = 1000;

/** The runner obeys `::name::` at the start of a line and `##[name]` anywhere in one (actions/runner, ActionCommand.cs); a terminal obeys escapes. */
export function forLog(text: string): string {
  return shortened(text).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?<=##)\[/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function forMarkdown(text: string): string {
  return shortened(text).replaceAll(/[&<>|`\\*_[\]()#!~\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** A bundle may hold megabytes where a word is expected. */
function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
