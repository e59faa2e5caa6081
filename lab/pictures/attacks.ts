// Content that anyone with push access can add to an image, including everything that could be parsed as Markdown or HTML.

export interface Attack {
  /** Of the identity token that the attacker signs with. */
  readonly claims: Readonly<Record<string, string>>;
  readonly predicateType?: string;
  /** Of the bundle, in place of its own. */
  readonly members?: Readonly<Record<string, string>>;
  /** Text that must be shown unchanged. */
  readonly shown: string;
}

/** In every text of an attacker, so that it is found in any output. */
export const MARK = 'evil';

const MARKDOWN =
  '</code>|**evil**|[evil](https://evil.example/)|![evil](https://evil.example/x.png)|`evil`|~~evil~~';
const HTML =
  '<h1>evil</h1><img src="https://evil.example/x.png"><a href="https://evil.example/">evil</a><!-- evil';
const LINKS =
  'https://evil.example/a www.evil.example mailto:evil@evil.example evil@evil.example &lt;evil&gt;';
const LONG = `https://evil.example/${'evil'.repeat(60)}/${'-1'.repeat(150)}`;

const mallory = (ref: string): Attack['claims'] => ({ repository: 'mallory/app', ref });
const MAIN = 'refs/heads/main';

export const ATTACKS: readonly Attack[] = [
  { claims: mallory(MAIN), shown: 'https://github.com/mallory/app' },
  { claims: mallory(`refs/heads/${MARKDOWN}`), shown: MARKDOWN },
  { claims: mallory(MAIN), predicateType: HTML, shown: HTML },
  { claims: mallory(MAIN), predicateType: LINKS, shown: LINKS },
  { claims: mallory(MAIN), predicateType: LONG, shown: LONG },
  { claims: mallory(MAIN), members: { mediaType: `# evil ${HTML}` }, shown: `# evil ${HTML}` },
];
