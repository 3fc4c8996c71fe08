/** Finds the web addresses in a text. Only http and https become links; all else stays text. */

export type Piece = { readonly text: string; readonly href?: string };

const address = /\bhttps?:\/\/[^\s<>"'`]+/gi;
/** What ends a sentence rather than an address, when it comes last. */
const trailing = /[.,;:!?…*_~]+$/;
const brackets: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
];

const count = (text: string, what: string): number => text.split(what).length - 1;

/** Takes off punctuation after an address, and closing brackets it did not open. */
const trimmed = (found: string): string => {
  let url = found;
  for (;;) {
    const before = url;
    url = url.replace(trailing, '');
    for (const [open, close] of brackets) {
      if (url.endsWith(close) && count(url, close) > count(url, open)) url = url.slice(0, -1);
    }
    if (url === before) return url;
  }
};

const harmless = new Set(['http:', 'https:', 'mailto:']);

/** An address that may be followed, whole; null for one that is not absolute, or whose scheme could do harm. */
export const safeHref = (url: string): string | null => {
  try {
    const parsed = new URL(url);
    return harmless.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
};

/** Splits a text into plain pieces and links; put together, the pieces' texts are the text again. */
export const linkify = (text: string): readonly Piece[] => {
  const pieces: Piece[] = [];
  let upto = 0;
  for (const match of text.matchAll(address)) {
    const url = trimmed(match[0]);
    const href = safeHref(url);
    if (!href) continue;
    if (match.index > upto) pieces.push({ text: text.slice(upto, match.index) });
    pieces.push({ text: url, href });
    upto = match.index + url.length;
  }
  if (upto < text.length) pieces.push({ text: text.slice(upto) });
  return pieces;
};
