/**
 * All emoji with their names: loaded when somebody first looks for one. Names are in English and, where the page is in
 * Portuguese, in Portuguese too; for Indonesian there are none, so English ones do.
 */
import { folded } from './composer-completion.ts';

export interface Emoji {
  readonly emoji: string;
  /** In the language of the page. */
  readonly name: string;
  /** What one types between colons. */
  readonly code: string;
  readonly group: EmojiGroup;
  /** From light to dark, when it has skin. */
  readonly tones: readonly string[];
  /** Words by which it is found. */
  readonly words: readonly string[];
}

/** By number in the data; 2 are parts of emoji and none themselves. */
const groups = ['smileys', 'people', null, 'nature', 'food', 'places', 'fun', 'things', 'symbols', 'flags'] as const;
export type EmojiGroup = NonNullable<(typeof groups)[number]>;
export const emojiGroups: readonly EmojiGroup[] = groups.filter((group) => group !== null);

/** An entry of the list, as far as it is used. */
interface Entry {
  readonly hexcode: string;
  readonly label: string;
  readonly unicode: string;
  readonly group?: number | undefined;
  readonly order?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly skins?: readonly { readonly unicode: string }[] | undefined;
}

const tonesMax = 5;

type Codes = Readonly<Record<string, string | readonly string[]>>;

const whole = /^\p{RGI_Emoji}$/v;

/** The list says of some emoji that they be drawn as such, where Unicode has that in them already. */
const plainly = (text: string): string => {
  const bare = text.replaceAll('\u{FE0F}', '');
  return !whole.test(text) && whole.test(bare) ? bare : text;
};

const one = (code: string | readonly string[] | undefined): string | undefined =>
  typeof code === 'string' ? code : code?.[0];

const bookOf = (english: readonly Entry[], codes: Codes, local: readonly Entry[] | null): readonly Emoji[] => {
  const names = new Map(local?.map((entry) => [entry.hexcode, entry]));
  return english
    .filter((entry) => entry.group !== undefined && groups[entry.group])
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((entry) => {
      const known = names.get(entry.hexcode);
      const all = [
        codes[entry.hexcode] ?? [],
        entry.label,
        entry.tags ?? [],
        known?.label ?? [],
        known?.tags ?? [],
      ].flat();
      return {
        emoji: plainly(entry.unicode),
        name: known?.label ?? entry.label,
        code: one(codes[entry.hexcode]) ?? entry.label.replaceAll(' ', '_').toLowerCase(),
        group: groups[entry.group!]!,
        tones: entry.skins?.length === tonesMax ? entry.skins.map((skin) => plainly(skin.unicode)) : [],
        words: all.map(folded),
      };
    });
};

const read = async (language: string): Promise<readonly Emoji[]> => {
  const [english, codes, local] = await Promise.all([
    import('emojibase-data/en/compact.json'),
    import('emojibase-data/en/shortcodes/github.json'),
    language === 'pt' ? import('emojibase-data/pt/compact.json') : null,
  ]);
  return bookOf(english.default, codes.default as Codes, local?.default ?? null);
};

const books = new Map<string, Promise<readonly Emoji[]>>();

/** All emoji, in the order of the keyboards, with names for this language. Rejects when no server has the list. */
export const loadEmoji = (language: string): Promise<readonly Emoji[]> => {
  const key = language === 'pt' ? 'pt' : 'en';
  const known = books.get(key);
  if (known) return known;
  const book = read(key);
  books.set(key, book);
  book.catch(() => books.delete(key));
  return book;
};

const rankOf = (emoji: Emoji, sought: string): number => {
  if (emoji.words.includes(sought)) return 0;
  if (emoji.words.some((word) => word.startsWith(sought))) return 1;
  return emoji.words.some((word) => word.includes(` ${sought}`) || word.includes(`_${sought}`)) ? 2 : 3;
};

/** Those whose names, codes or tags begin so, the closest first. */
export const findEmoji = (book: readonly Emoji[], query: string, max: number): readonly Emoji[] => {
  const sought = folded(query).trim();
  if (sought === '') return [];
  return book
    .map((emoji) => ({ emoji, rank: rankOf(emoji, sought) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ emoji }) => emoji);
};

/** The emoji with the skin tone of this number, if it has skin. */
export const toned = (emoji: Emoji, tone: number): string => emoji.tones[tone - 1] ?? emoji.emoji;
