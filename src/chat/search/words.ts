/**
 * What is a word: the one place that says it, for the index, for what is looked for, and for what is highlighted, so that
 * the three cannot disagree. SQLite's own tokenizer is given words that are already apart and folded.
 *
 * Letters and digits that stand together are a word. Case, width, accents and invisible marks do not matter. Where words
 * are written without spaces (Chinese, Japanese, Thai…) each letter is a word, so that any part of a text is found as a
 * phrase. An emoji is a word.
 */

export interface Word {
  /** As it is in the index. */
  readonly token: string;
  /** Where it stands in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Code points of a word that are looked at; what is longer is not a word that anybody looks for. */
const tokenMaxChars = 64;

const letter = String.raw`[\p{L}\p{N}\p{Co}]`;
const unspacedScript = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]`;
const spacedLetter = `[${letter}--${unspacedScript}]`;
const painted = String.raw`\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]*`;

/** A letter of a script that is written without spaces; a word of another; an emoji of any composition. */
const piece = new RegExp(
  [
    String.raw`(?<unspaced>[${letter}&&${unspacedScript}]\p{M}*)`,
    String.raw`${spacedLetter}[${spacedLetter}\p{M}\u00ad\u200b-\u200d\u2060]*`,
    String.raw`(?<emoji>\p{Regional_Indicator}{2}|${painted}(?:\u200d${painted})*)`,
  ].join('|'),
  'gv',
);

/** Accents of Latin, Greek and Cyrillic; points of Hebrew and Arabic; what is not seen; how an emoji is painted. */
const unseen = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200b-\u200d\u2060]/g;
const paint = /[\ufe0f\u{1f3fb}-\u{1f3ff}]/gu;

/** Upper case first, so that letters with several small forms, or a long capital (ß), meet in one. */
const fold = (text: string): string =>
  text.normalize('NFKD').replace(unseen, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');

const cut = (token: string): string =>
  token.length <= tokenMaxChars ? token : [...token].slice(0, tokenMaxChars).join('');

const isPlain = /^[\0-\x7f]*$/;
const plainPiece = /[a-z0-9]+/g;

/** The words of a text, in their order. */
export const wordsOf = (text: string): Word[] => {
  const words: Word[] = [];
  if (isPlain.test(text)) {
    for (const { 0: found, index } of text.toLowerCase().matchAll(plainPiece)) {
      words.push({ token: cut(found), start: index, end: index + found.length });
    }
    return words;
  }
  for (const { 0: found, index, groups } of text.matchAll(piece)) {
    const place = { start: index, end: index + found.length };
    if (groups?.emoji !== undefined) {
      words.push({ token: cut(found.replace(paint, '') || found), ...place });
      continue;
    }
    // Folding may take a letter apart into several words: '½' is '1⁄2'.
    for (const part of fold(found).matchAll(piece)) words.push({ token: cut(part[0]), ...place });
  }
  return words;
};

/** The words of a text with spaces between them, as the index is given it. */
export const tokensOf = (text: string): string => wordsOf(text).reduce((all, { token }) => `${all}${token} `, '');

/** Whether a token is one that longer words begin with: not a letter of an unspaced script, nor an emoji. */
export const canBegin = (token: string): boolean => {
  for (const { groups } of token.matchAll(piece)) return groups?.unspaced === undefined && groups?.emoji === undefined;
  return false;
};
