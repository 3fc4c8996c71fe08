/**
 * What is one emoji, told from its characters alone and never from the runtime's Unicode tables, which change from one
 * Node to the next: blocks that are for pictures only, whether or not they are all drawn yet, and the pictures among
 * older symbols, which have not changed for years.
 */
import { limits } from '../../protocol/index.ts';

type Ranges = readonly (readonly [number, number])[];

/** First and last of each run, hexadecimal. */
const rangesOf = (text: string): Ranges =>
  text
    .trim()
    .split(/\s+/)
    .map((run) => {
      const [first = '', last = first] = run.split('-');
      return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    });

/** Pictures that are drawn in colour by themselves, and all of the blocks that are kept for such. */
const colourful = rangesOf(`
  231a-231b 23e9-23ec 23f0 23f3 25fd-25fe 2614-2615 2648-2653 267f 2693 26a1 26aa-26ab 26bd-26be 26c4-26c5 26ce 26d4
  26ea 26f2-26f3 26f5 26fa 26fd 2705 270a-270b 2728 274c 274e 2753-2755 2757 2795-2797 27b0 27bf 2b1b-2b1c 2b50 2b55
  1f004 1f0cf 1f18e 1f191-1f19a 1f201 1f21a 1f22f 1f232-1f236 1f238-1f23a 1f250-1f251
  1f300-1f64f 1f680-1f6ff 1f7e0-1f7eb 1f7f0 1f90c-1f9ff 1fa70-1faff`);

/** Symbols that are drawn in colour only when the variation selector follows them. */
const symbols = rangesOf(`
  a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 2328 23cf 23ed-23ef 23f1-23f2 23f8-23fa 24c2 25aa-25ab 25b6 25c0
  25fb-25fc 2600-2604 260e 2611 2618 261d 2620 2622-2623 2626 262a 262e-262f 2638-263a 2640 2642 265f-2660 2663
  2665-2666 2668 267b 267e 2692 2694-2697 2699 269b-269c 26a0 26a7 26b0-26b1 26c8 26cf 26d1 26d3 26e9 26f0-26f1 26f4
  26f7-26f9 2702 2708-2709 270c-270d 270f 2712 2714 2716 271d 2721 2733-2734 2744 2747 2763-2764 27a1 2934-2935
  2b05-2b07 3030 303d 3297 3299
  1f170-1f171 1f17e-1f17f 1f202 1f237 1f321 1f324-1f32c 1f336 1f37d 1f396-1f397 1f399-1f39b 1f39e-1f39f 1f3cb-1f3ce
  1f3d4-1f3df 1f3f3 1f3f5 1f3f7 1f43f 1f441 1f4fd 1f549-1f54a 1f56f-1f570 1f573-1f579 1f587 1f58a-1f58d 1f590 1f5a5
  1f5a8 1f5b1-1f5b2 1f5bc 1f5c2-1f5c4 1f5d1-1f5d3 1f5dc-1f5de 1f5e1 1f5e3 1f5e8 1f5ef 1f5f3 1f5fa 1f6cb 1f6cd-1f6cf
  1f6e0-1f6e5 1f6e9 1f6f0 1f6f3`);

const isIn = (ranges: Ranges, code: number): boolean => ranges.some(([first, last]) => first <= code && code <= last);

const variation = 0xfe0f;
const joiner = 0x200d;
const keycap = 0x20e3;
const blackFlag = 0x1f3f4;
const tagEnd = 0xe007f;
const isTag = (code: number): boolean => 0xe0020 <= code && code <= 0xe007e;
const isSkinTone = (code: number): boolean => 0x1f3fb <= code && code <= 0x1f3ff;
const isRegional = (code: number): boolean => 0x1f1e6 <= code && code <= 0x1f1ff;
const isKey = (code: number): boolean => code === 0x23 || code === 0x2a || (0x30 <= code && code <= 0x39);

/** One picture, at the beginning of these characters, as it is written; and how many characters it took. */
const pictureAt = (
  codes: readonly number[],
  at: number,
): { readonly picture: string; readonly taken: number } | null => {
  const code = codes[at];
  if (code === undefined) return null;
  const isSymbol = isIn(symbols, code);
  if (!isSymbol && !isIn(colourful, code)) return null;
  const next = codes[at + 1];
  if (next !== undefined && isSkinTone(next)) return { picture: String.fromCodePoint(code, next), taken: 2 };
  if (code === blackFlag && next !== undefined && isTag(next)) {
    let end = at + 1;
    while (isTag(codes[end] ?? 0)) end++;
    if (codes[end] !== tagEnd) return null;
    return { picture: String.fromCodePoint(...codes.slice(at, end + 1)), taken: end + 1 - at };
  }
  return { picture: isSymbol ? String.fromCodePoint(code, variation) : String.fromCodePoint(code), taken: 1 };
};

/**
 * An emoji as it is counted and shown, its variation selectors where they belong, so that two that look the same are the
 * same; null when the text is not one emoji. Pictures that are joined count as one, whether or not a font draws them so.
 */
export const emojiOf = (text: string): string | null => {
  const codes = [...text].map((character) => character.codePointAt(0)!).filter((code) => code !== variation);
  const [first = 0, second = 0] = codes;
  if (codes.length === 2 && isKey(first) && second === keycap) return String.fromCodePoint(first, variation, keycap);
  if (codes.length === 2 && isRegional(first) && isRegional(second)) return String.fromCodePoint(first, second);
  let emoji = '';
  for (let at = 0; ; at++) {
    const found = pictureAt(codes, at);
    if (found === null) return null;
    emoji += found.picture;
    at += found.taken;
    if (at === codes.length) return emoji.length <= limits.emojiMaxChars ? emoji : null;
    if (codes[at] !== joiner) return null;
    emoji += String.fromCodePoint(joiner);
  }
};
