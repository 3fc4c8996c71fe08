/**
 * Reads what a person looks for into conditions. Knows nothing of who there is and which rooms: `from:` and `in:` are
 * names still, which `resolve.ts` looks up.
 *
 * `hello world` both words, the last as the beginning of one; `"hello world"` next to each other; `-word` without it;
 * `from:ann` `from:"Ann Lee"` `from:me`; `in:plans` `in:@ann`; `to:me` mentioned; `has:file|image|link`;
 * `before:2026-03-01` `after:2026-03` `on:2026`.
 */
import { EstafetError, limits } from '../../protocol/index.ts';
import { canBegin, wordsOf } from './words.ts';

/** What a message may have beside words. */
export type Trait = 'file' | 'image' | 'link';

/** A condition; `not` is that it does not hold; `source` is how it was written. */
export type Condition = { readonly not: boolean; readonly source: string } & (
  | {
      readonly kind: 'words';
      /** Words that stand next to each other. */
      readonly tokens: readonly string[];
      /** Whether the last of them may be the beginning of a longer one. */
      readonly begins: boolean;
    }
  | { readonly kind: 'from' | 'to' | 'in'; readonly name: string }
  | { readonly kind: 'has'; readonly trait: Trait }
);

export interface SearchQuery {
  readonly conditions: readonly Condition[];
  /** Not before this time, ms since 1970; null for any. */
  readonly fromMs: number | null;
  /** Before this time. */
  readonly untilMs: number | null;
}

/** The moment at which a day begins where the person is: ms since 1970. Months from 1; 13 is the next year's first. */
export type DayStart = (year: number, month: number, day: number) => number;

const refuse = (source: string, why: string): EstafetError => new EstafetError('bad-query', `${source}: ${why}`);

const part =
  /\s*(?<not>-?)(?:(?<key>from|in|to|has|before|after|on):)?(?:"(?<quoted>[^"]*)"?|(?<plain>\S+)|(?=\s|$))/iy;

const datePattern = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;

const lastDay = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

/** When a day, a month or a year begins, and when the next one does. */
const readSpan = (source: string, text: string, dayStart: DayStart): readonly [from: number, until: number] => {
  const [, years, months, days] = datePattern.exec(text) ?? [];
  const [year, month, day] = [Number(years), Number(months ?? 1), Number(days ?? 1)];
  const isDate = years !== undefined && month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month);
  if (!isDate) throw refuse(source, 'a date is written as 2026-03-31, 2026-03 or 2026.');
  const start = dayStart(year, month, day);
  if (months === undefined) return [start, dayStart(year + 1, 1, 1)];
  if (days === undefined) return [start, month === 12 ? dayStart(year + 1, 1, 1) : dayStart(year, month + 1, 1)];
  if (day < lastDay(year, month)) return [start, dayStart(year, month, day + 1)];
  return [start, month === 12 ? dayStart(year + 1, 1, 1) : dayStart(year, month + 1, 1)];
};

const traits: Readonly<Record<string, Trait>> = {
  file: 'file',
  files: 'file',
  image: 'image',
  images: 'image',
  link: 'link',
  links: 'link',
};

const readTrait = (source: string, value: string): Trait => {
  const name = value.toLowerCase();
  const trait = Object.hasOwn(traits, name) ? traits[name] : undefined;
  if (trait === undefined) throw refuse(source, 'a message can be asked for with has:file, has:image or has:link.');
  return trait;
};

const nameNeeded = { from: 'whose messages? A name follows.', to: 'who is mentioned?', in: 'in which room?' } as const;

/** Reads a query. Throws `bad-query`, which names the part that is not understood. */
export const parseQuery = (text: string, dayStart: DayStart): SearchQuery => {
  if (text.length > limits.searchQueryMaxChars) {
    throw new EstafetError('bad-query', `A search has at most ${limits.searchQueryMaxChars} characters.`);
  }
  const conditions: Condition[] = [];
  let fromMs: number | null = null;
  let untilMs: number | null = null;
  let lastPlain = -1;
  part.lastIndex = 0;
  for (let at = 0; at < text.length; at = part.lastIndex) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found === null || found[0].length === 0) break;
    const { not: sign, key, quoted, plain } = found.groups ?? {};
    const not = sign === '-';
    const source = found[0].trim();
    const value = (quoted ?? plain ?? '').trim();
    switch (key?.toLowerCase()) {
      case undefined: {
        const tokens = wordsOf(value).map(({ token }) => token);
        if (tokens.length === 0) break;
        if (quoted === undefined && !not) lastPlain = conditions.length;
        conditions.push({ kind: 'words', tokens, begins: false, not, source });
        break;
      }
      case 'has':
        conditions.push({ kind: 'has', trait: readTrait(source, value), not, source });
        break;
      case 'from':
      case 'to':
      case 'in': {
        const kind = key?.toLowerCase() as 'from' | 'to' | 'in';
        if (value === '') throw refuse(source, nameNeeded[kind]);
        conditions.push({ kind, name: value, not, source });
        break;
      }
      default: {
        if (not) throw refuse(source, 'dates cannot be left out with a minus; turn the condition round.');
        const [start, end] = readSpan(source, value, dayStart);
        const which = key?.toLowerCase();
        if (which !== 'before') fromMs = Math.max(fromMs ?? start, start);
        if (which === 'before') untilMs = Math.min(untilMs ?? start, start);
        if (which === 'on') untilMs = Math.min(untilMs ?? end, end);
      }
    }
  }
  const last = conditions[lastPlain];
  if (last?.kind === 'words' && canBegin(last.tokens.at(-1)!)) conditions[lastPlain] = { ...last, begins: true };
  if (conditions.length === 0 && fromMs === null && untilMs === null) {
    const seen = text.trim();
    throw new EstafetError(
      'bad-query',
      seen === '' ? 'A search needs a word.' : `${seen}: there are no words in this to look for.`,
    );
  }
  return { conditions, fromMs, untilMs };
};
