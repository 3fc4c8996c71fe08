/** What the person at the caret is in the middle of writing: a name, an emoji, a command. Pure. */

export interface Wanted {
  readonly kind: 'mention' | 'emoji' | 'command';
  /** From here to the caret stands what is to be completed, its sign included. */
  readonly start: number;
  readonly query: string;
}

/** As long as a name can be. */
const nameMax = 40;
const wordEnd = /[\p{L}\p{N}_]$/u;
const emojiAt = /(?:^|[\s([{"'])(:([\p{L}\p{N}_+-]{2,40}))$/u;
const commandAt = /^\/(\p{L}*)$/u;

/** What stands before the caret and could be completed. */
export const wantedAt = (text: string, caret: number): Wanted | null => {
  const before = text.slice(0, caret);
  const command = commandAt.exec(before);
  if (command) return { kind: 'command', start: 0, query: command[1]!.toLowerCase() };
  const emoji = emojiAt.exec(before);
  if (emoji) return { kind: 'emoji', start: caret - emoji[1]!.length, query: emoji[2]! };
  const at = before.lastIndexOf('@');
  if (at < 0 || caret - at - 1 > nameMax || wordEnd.test(before.slice(0, at))) return null;
  const query = before.slice(at + 1);
  return /\n/.test(query) ? null : { kind: 'mention', start: at, query };
};

/** Letters without their marks, small: how names are compared. */
export const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * Those whose name begins so, then those of whom another word does. With a blank in it, only whole beginnings count: the
 * sentence goes on after a name.
 */
export const ranked = <T extends { readonly name: string }>(
  all: readonly T[],
  query: string,
  max: number,
): readonly T[] => {
  const sought = folded(query);
  const rank = ({ name }: T): number => {
    const known = folded(name);
    if (known.startsWith(sought)) return 0;
    if (sought.includes(' ')) return 2;
    return known.split(/[\s_.-]+/).some((word) => word.startsWith(sought)) ? 1 : 2;
  };
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter((each) => each.rank < 2)
    .sort((a, b) => a.rank - b.rank || a.one.name.localeCompare(b.one.name))
    .slice(0, max)
    .map((each) => each.one);
};
