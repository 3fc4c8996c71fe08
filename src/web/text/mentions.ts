/** Finds in a text the people whom the chat machine says it mentions. Pure. */

/** Somebody whom a message mentions. `id` is `room` for everybody in the room. */
export interface Mentioned {
  readonly id: string;
  readonly name: string;
}

export type MentionPiece =
  | { readonly text: string; readonly mention?: undefined }
  | { readonly text: string; readonly mention: Mentioned };

const wordEnd = /[\p{L}\p{N}_]/u;

/** The longest name that stands at `at`, right behind an `@`; a name that only begins there is not mentioned. */
const nameAt = (text: string, at: number, people: readonly Mentioned[]): Mentioned | null => {
  let found: Mentioned | null = null;
  for (const one of people) {
    if (found && one.name.length <= found.name.length) continue;
    const end = at + one.name.length;
    if (text.slice(at, end).toLowerCase() !== one.name.toLowerCase()) continue;
    const next = text.slice(end, end + 2);
    if (next === '' || !wordEnd.test(String.fromCodePoint(next.codePointAt(0)!))) found = one;
  }
  return found;
};

/** Splits a text at its mentions; put together, the pieces' texts are the text again. */
export const splitMentions = (text: string, people: readonly Mentioned[]): readonly MentionPiece[] => {
  if (people.length === 0 || !text.includes('@')) return [{ text }];
  const pieces: MentionPiece[] = [];
  let upto = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at < upto) continue;
    const before = text.slice(0, at).at(-1);
    if (before !== undefined && wordEnd.test(before)) continue;
    const mention = nameAt(text, at + 1, people);
    if (!mention) continue;
    if (at > upto) pieces.push({ text: text.slice(upto, at) });
    upto = at + 1 + mention.name.length;
    pieces.push({ text: text.slice(at, upto), mention });
  }
  if (upto < text.length) pieces.push({ text: text.slice(upto) });
  return pieces;
};
