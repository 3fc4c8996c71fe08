/**
 * Mentions: whom a text names with `@`. A name is that of somebody in the room, and the longest one that fits counts:
 * names may have spaces. Two names are compared as they are for uniqueness (see `names.ts`), so it depends on the text
 * and the people alone. Code mentions nobody.
 */
import { limits } from '../../protocol/index.ts';
import type { Directory, RoomRecord } from './directory.ts';
import { foldedText } from './names.ts';

/** Number of everybody in the room, among the numbers of people. */
export const everybody = 0;
const everybodyKey = 'room';

/** Takes the place of code; it is part of no name. */
const blank = '\ufffd';

/** A fence of at least three, with nothing but at most three spaces before it. */
const fencePattern = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;

/** Blanks fenced code: from its opening line up to one that closes it, or to the end. */
const withoutFences = (text: string): string => {
  let fence = '';
  const lines = text.split(/\r\n|\r|\n/).map((line) => {
    const mark = fencePattern.exec(line)?.[1] ?? '';
    if (fence === '') {
      fence = mark;
      return mark === '' ? line : blank;
    }
    if (mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark) fence = '';
    return blank;
  });
  return lines.join('\n');
};

/** Blanks code spans: from a run of backticks up to the next run that is as long. */
const withoutSpans = (text: string): string => {
  const runs = [...text.matchAll(/`+/g)];
  if (runs.length < 2) return text;
  // For each length, where its runs are: looking for an end is then a walk, not a search.
  const places = new Map<number, number[]>();
  for (const [at, [run]] of runs.entries()) {
    const list = places.get(run.length);
    if (list) list.push(at);
    else places.set(run.length, [at]);
  }
  const next = new Map<number, number>();
  let plain = '';
  let from = 0;
  for (let at = 0; at < runs.length; at++) {
    const run = runs[at]!;
    const list = places.get(run[0].length)!;
    let place = next.get(run[0].length) ?? 0;
    while (place < list.length && list[place]! <= at) place++;
    next.set(run[0].length, place);
    const end = list[place];
    if (end === undefined) continue;
    plain += text.slice(from, run.index) + blank;
    from = runs[end]!.index + run[0].length;
    at = end;
  }
  return plain + text.slice(from);
};

const wordCharacter = /^[\p{L}\p{M}\p{N}_]$/u;

/** Scripts that put no space between words: there a name may be followed by anything. */
const spaceless: readonly (readonly [number, number])[] = [
  [0x0e00, 0x0eff], // Thai, Lao
  [0x1000, 0x109f], // Myanmar
  [0x1100, 0x11ff], // Hangul, which joins particles to names
  [0x1780, 0x17ff], // Khmer
  [0x2e80, 0x9fff], // Han, Hiragana, Katakana, Bopomofo
  [0xac00, 0xd7ff], // Hangul
  [0xf900, 0xfaff], // Han
  [0x20000, 0x3ffff], // Han
];

const isWord = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0;
  return wordCharacter.test(character) && !spaceless.some(([from, to]) => from <= code && code <= to);
};

const characterBefore = (text: string, at: number): string => {
  const unit = text[at - 1] ?? '';
  return /[\udc00-\udfff]/.test(unit) ? text.slice(at - 2, at) : unit;
};

const characterAt = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

/** Whom a name that begins here names: the longest that is somebody's in the room, if it is longer than `least`. */
const namedAt = (directory: Directory, room: RoomRecord, text: string, from: number, least: number): number | null => {
  for (const length of directory.nameKeyLengths) {
    if (length <= least) return null;
    const to = from + length;
    if (to > text.length) continue;
    const key = text.slice(from, to);
    const person = directory.personNamed(key);
    if (person && isWhole(text, to) && directory.isMember(room, person)) return person.num;
  }
  return null;
};

/** Whether a name that ends here is not the beginning of a longer word. */
const isWhole = (text: string, to: number): boolean => {
  const next = characterAt(text, to);
  return next === '' || !isWord(next) || !isWord(characterBefore(text, to));
};

/** Whether a text may mention somebody at all: most do not, and cost nothing more. */
const mayMention = /[@\uff20\ufe6b]/;

/**
 * Numbers of the people in the room that a text mentions, ascending, `everybody` first: `limits.mentionsPerMessageMax`
 * of them, the first in the text.
 */
export const mentionsIn = (directory: Directory, room: RoomRecord, text: string): readonly number[] => {
  if (!mayMention.test(text)) return [];
  const folded = foldedText(withoutSpans(withoutFences(text)));
  const found = new Set<number>();
  let left = limits.mentionsLookedForMax;
  for (let at = folded.indexOf('@'); at >= 0 && left > 0; at = folded.indexOf('@', at + 1), left--) {
    // `ann@room.org` is an address.
    if (isWord(characterBefore(folded, at))) continue;
    const isEverybody = folded.startsWith(everybodyKey, at + 1) && isWhole(folded, at + 1 + everybodyKey.length);
    const person = namedAt(directory, room, folded, at + 1, isEverybody ? everybodyKey.length : 0);
    const num = person ?? (isEverybody ? everybody : null);
    if (num === null) continue;
    found.add(num);
    if (found.size >= limits.mentionsPerMessageMax) break;
  }
  return [...found].sort((one, other) => one - other);
};
