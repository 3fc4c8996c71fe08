/** Where in a text the words stand that somebody looked for. */
import { limits } from '../../protocol/index.ts';
import type { SearchQuery } from './query.ts';
import { wordsOf } from './words.ts';

type Range = [from: number, to: number];

/** From and to, in UTF-16 units, ascending and apart; words next to each other in a phrase are one range. */
export const rangesIn = (text: string, { conditions }: SearchQuery): Range[] => {
  const phrases = conditions.filter((one) => one.kind === 'words').filter(({ not }) => !not);
  if (phrases.length === 0) return [];
  const words = wordsOf(text);
  const found: Range[] = [];
  for (const { tokens, begins } of phrases) {
    const last = tokens.length - 1;
    for (let at = 0; at + last < words.length; at++) {
      const stands = tokens.every((token, place) => {
        const word = words[at + place]!.token;
        return word === token || (begins && place === last && word.startsWith(token));
      });
      if (stands) found.push([words[at]!.start, words[at + last]!.end]);
    }
  }
  found.sort(([a], [b]) => a - b);
  const apart: Range[] = [];
  for (const [from, to] of found) {
    const before = apart.at(-1);
    if (before !== undefined && from < before[1]) before[1] = Math.max(before[1], to);
    else if (apart.length < limits.searchRangesMax) apart.push([from, to]);
    else break;
  }
  return apart;
};

/** Whether a text has a word that begins with `token`. */
export const hasBeginning = (text: string, token: string): boolean =>
  wordsOf(text).some((word) => word.token.startsWith(token));
