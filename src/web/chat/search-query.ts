/** What is typed into the search, and the conditions in it: `from:`, `in:`, `has:`, `before:`, `after:`. Pure. */
import { generalRoom } from '../../protocol/index.ts';

export const filters = ['from', 'in', 'has', 'before', 'after'] as const;
export type Filter = (typeof filters)[number];

const condition = (filter: Filter): RegExp => new RegExp(`(^|\\s)${filter}:(?:"[^"]*"|\\S*)`, 'iu');

/** A value as it stands in a query: in quotes when it has spaces. */
const quoted = (value: string): string => (/\s/.test(value) ? `"${value.replaceAll('"', '')}"` : value);

/** The text with a condition begun at its end, the caret to go behind it, or with the one of this kind replaced. */
export const withFilter = (text: string, filter: Filter, value: string): string => {
  const put = `${filter}:${quoted(value)}`;
  const known = condition(filter);
  if (known.test(text)) return text.replace(known, (_, space: string) => `${space}${put}`);
  const before = text.trimEnd();
  return `${before}${before === '' ? '' : ' '}${put}`;
};

export const hasFilter = (text: string, filter: Filter): boolean => condition(filter).test(text);

/** What is sent: limited to the room that is open, unless the text itself names a room. */
export const queryOf = (text: string, room: string | null): string => {
  const typed = text.trim();
  if (typed === '' || room === null || hasFilter(typed, 'in')) return typed;
  return `${typed} in:${quoted(room)}`;
};

/** How a room is named in a query: by its name, which a conversation between people lacks. */
export const roomInQuery = (room: { readonly id: string; readonly name: string; readonly access: string }): string =>
  room.access === 'direct' ? room.id : room.name || generalRoom;

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

/** Characters of a hit that are shown around its first word. */
const contextChars = 220;
const leadChars = 70;

/** The text around the first hit, in pieces that are hits and pieces that are not. Ranges are UTF-16 units. */
export const piecesOf = (text: string, ranges: readonly (readonly [number, number])[]): readonly Piece[] => {
  const first = ranges[0]?.[0] ?? 0;
  const start = first > leadChars * 2 ? text.lastIndexOf(' ', first - leadChars) + 1 || first : 0;
  const end = Math.min(text.length, start + Math.max(contextChars, (ranges[0]?.[1] ?? 0) - start));
  const pieces: Piece[] = [];
  const put = (from: number, to: number, hit: boolean): void => {
    if (to > from) pieces.push({ text: text.slice(from, to), hit });
  };
  let at = start;
  for (const [from, to] of ranges) {
    if (from < at || from >= end) continue;
    put(at, from, false);
    put(from, Math.min(to, end), true);
    at = Math.min(to, end);
  }
  put(at, end, false);
  if (start > 0) pieces.unshift({ text: '…', hit: false });
  if (end < text.length) pieces.push({ text: '…', hit: false });
  return pieces;
};
