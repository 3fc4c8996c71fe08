/** Where in a text the words stand that somebody looked for. */
import { limits } from '../../protocol/index.ts';
import type { Condition, SearchQuery } from './query.ts';
import { type Word, wordsOf } from './words.ts';

type Range = [from: number, to: number];
type Phrase = Pick<Extract<Condition, { readonly kind: 'words' }>, 'tokens' | 'begins'>;

/** What is looked for, each once, by its first word; and apart from them what is but the beginning of a word. */
const phrasesOf = (conditions: readonly Condition[]) => {
  const byFirst = new Map<string, Map<string, Phrase>>();
  const beginnings: string[] = [];
  for (const one of conditions) {
    if (one.kind !== 'words' || one.not) continue;
    const { tokens, begins } = one;
    const first = tokens[0]!;
    if (begins && tokens.length === 1) {
      beginnings.push(first);
      continue;
    }
    const list = byFirst.get(first) ?? new Map<string, Phrase>();
    byFirst.set(first, list.set(`${tokens.join(' ')}${begins ? '*' : ''}`, { tokens, begins }));
  }
  return { byFirst, beginnings };
};

/** Where a phrase ends that stands at this word; -1 when it does not stand there. */
const endAt = (words: readonly Word[], at: number, { tokens, begins }: Phrase): number => {
  const last = tokens.length - 1;
  for (const [place, token] of tokens.entries()) {
    const word = words[at + place]?.token;
    if (word !== token && !(begins && place === last && word?.startsWith(token) === true)) return -1;
  }
  return words[at + last]!.end;
};

/**
 * From and to, in UTF-16 units, ascending and apart; words next to each other in a phrase are one range. The text is gone
 * through once, and no further than its first `limits.searchRangesMax` ranges: a text and a search may each be made of
 * nothing but the same word.
 */
export const rangesIn = (text: string, { conditions }: SearchQuery): Range[] => {
  const { byFirst, beginnings } = phrasesOf(conditions);
  if (byFirst.size === 0 && beginnings.length === 0) return [];
  const apart: Range[] = [];
  const words = wordsOf(text);
  for (const [at, { token, start, end }] of words.entries()) {
    let to = beginnings.some((beginning) => token.startsWith(beginning)) ? end : -1;
    for (const phrase of byFirst.get(token)?.values() ?? []) to = Math.max(to, endAt(words, at, phrase));
    if (to < 0) continue;
    const before = apart.at(-1);
    if (before !== undefined && start < before[1]) before[1] = Math.max(before[1], to);
    else if (apart.length < limits.searchRangesMax) apart.push([start, to]);
    else break;
  }
  return apart;
};

/** Whether a text has a word that begins with `token`. */
export const hasBeginning = (text: string, token: string): boolean =>
  wordsOf(text).some((word) => word.token.startsWith(token));
