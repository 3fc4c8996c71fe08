/**
 * Makes a query into an expression of SQLite's full-text index (https://sqlite.org/fts5.html, section 3). Whatever a
 * person wrote is in it only as words of `words.ts` between quotation marks, so nothing of it is read as syntax.
 */
import { limits } from '../../protocol/index.ts';
import type { SearchQuery } from './query.ts';
import type { Asker } from './resolve.ts';
import { everybody, symbolOf, traitTokens } from './tables.ts';

export interface Match {
  readonly expression: string;
  /**
   * The same, for open rooms and their own only. Every row is looked at in any case; this spares walking through what
   * they may not see, and costs walking along one more long list. Null when it is of no use.
   */
  readonly narrow: string | null;
  /** A beginning of a word that the expression is not strict about: the texts themselves are to be looked at. */
  readonly beginning: string | null;
}

/** The words of the index that begin so, up to `limits.searchBeginningsMax`; null when there are more. */
export type Beginnings = (beginning: string) => readonly string[] | null;

/** Letters of a beginning up to which the index has lists of its own; see `tables.ts`. */
const listedMin = 2;
const listedMax = 3;

const quote = (tokens: readonly string[]): string => `"${tokens.join(' ').replaceAll('"', '')}"`;
const anyOf = (column: string, terms: readonly string[]): string =>
  `${column} : (${terms.map((term) => quote([term])).join(' OR ')})`;
const inTexts = (expression: string): string => `{text files} : (${expression})`;

/** Null when nothing can match. */
export const matchOf = ({ conditions }: SearchQuery, asker: Asker, beginnings: Beginnings): Match | null => {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  let beginning: string | null = null;
  let isInRooms = false;

  const wordsOf = (tokens: readonly string[], begins: boolean): string | null => {
    const before = tokens.slice(0, -1);
    const last = tokens.at(-1)!;
    const letters = [...last];
    // What one letter begins is nearly everything: it is looked for as a word.
    if (!begins || letters.length < listedMin) return inTexts(quote(tokens));
    if (letters.length <= listedMax) return inTexts(`${quote(tokens)} *`);
    const known = beginnings(last);
    if (known === null) {
      beginning = last;
      return inTexts(`${quote([...before, letters.slice(0, listedMax).join('')])} *`);
    }
    if (known.length === 0) return null;
    return inTexts(known.map((word) => quote([...before, word])).join(' OR '));
  };

  for (const [at, condition] of conditions.entries()) {
    const list = condition.not ? unwanted : wanted;
    const symbols = (asker.numbers[at] ?? []).map(symbolOf);
    if (condition.kind === 'words') {
      const words = wordsOf(condition.tokens, condition.begins);
      if (words === null) return null;
      list.push(words);
    } else if (condition.kind === 'has') list.push(anyOf('traits', [traitTokens[condition.trait]]));
    else if (condition.kind === 'from') list.push(anyOf('author', symbols));
    else if (condition.kind === 'to') list.push(anyOf('mentions', [...symbols, everybody]));
    else {
      list.push(anyOf('room', symbols));
      isInRooms ||= !condition.not;
    }
  }

  const open = anyOf('traits', [traitTokens.open]);
  const seen = asker.own.length === 0 ? open : `(${open} OR ${anyOf('room', asker.own.map(symbolOf))})`;
  const none = unwanted.map((one) => `(${one})`).join(' OR ');
  const allOf = (parts: readonly string[]): string => {
    const all = parts.map((one) => `(${one})`).join(' AND ');
    return none === '' ? all : `(${all}) NOT (${none})`;
  };
  const isFewRooms = asker.own.length <= limits.searchRoomsMax;
  const narrow = asker.someHidden && isFewRooms && !isInRooms ? allOf([...wanted, seen]) : null;
  if (wanted.length > 0) return { expression: allOf(wanted), narrow, beginning };
  const any = anyOf('traits', [traitTokens.open, traitTokens.closed]);
  return { expression: allOf([any]), narrow, beginning };
};
