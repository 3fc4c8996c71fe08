/**
 * Names of people and rooms: what may be one, and when two are the same. Depends on no locale and on no version of Node:
 * Unicode normalisation, properties and the default case mappings are the same everywhere for the characters of one
 * version of Unicode, and names have no others.
 */
import { isCommandId, limits, systemUser } from '../../protocol/index.ts';
import { isSettled } from './assigned-characters.ts';

/** A name as it is shown, and the key under which it is unique. */
export interface Name {
  readonly shown: string;
  readonly key: string;
}

const codePoints = (text: string): number => [...text].length;

/**
 * Upper case first, so that letters with several small forms or a long capital (ß) meet in one. Whether a Σ in the end
 * becomes ς depends on what Unicode takes for letters around it, which has changed: so none does.
 */
const fold = (text: string): string =>
  text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');

/** Controls, surrogates, line separators, and the marks that turn the direction of what follows. */
const forbiddenInUserName = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** A person's name, or null when it cannot be one. Two that look alike but for case, width or invisible marks are one. */
export const userName = (text: string): Name | null => {
  if (forbiddenInUserName.test(text) || !isSettled(text)) return null;
  const shown = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const key = fold(shown).replace(invisible, '').replace(/\s+/gu, ' ').trim();
  return key === '' || codePoints(shown) > limits.userNameMaxChars ? null : { shown, key };
};

/**
 * A text in which a person's key is found wherever their name stands, each line break and run of spaces being one space.
 * What is no settled character is U+FFFD, which is in no name.
 */
export const foldedText = (text: string): string => {
  let settled = text;
  if (!isSettled(text)) {
    settled = '';
    for (const character of text) settled += isSettled(character) ? character : '\ufffd';
  }
  return fold(settled.normalize('NFC')).replace(invisible, '').replace(/\s+/gu, ' ');
};

/** Names nobody may have. */
export const reservedUserNames: ReadonlySet<string> = new Set([systemUser]);

const roomNamePattern = /^[\p{L}\p{M}\p{Nd}_-]*[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}_-]*$/u;

/** A room's name, or null when it cannot be one: letters of any script and digits, one at least, `-` and `_`, and not like an id. */
export const roomName = (text: string): Name | null => {
  if (!isSettled(text)) return null;
  const shown = text.normalize('NFC');
  const key = roomKey(text);
  const fits = roomNamePattern.test(shown) && roomNamePattern.test(key) && codePoints(shown) <= limits.roomNameMaxChars;
  return fits && !isCommandId(key) ? { shown, key } : null;
};

/** The key under which a room of this name would be found; of a name that no room has, that name. */
export const roomKey = (text: string): string => (isSettled(text) ? fold(text) : text);
