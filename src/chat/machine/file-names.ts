/** Names and media types of files, as they are kept: what a client says is cleaned of what could mislead somebody. */
import { limits } from '../../protocol/index.ts';
import { storable } from './storable.ts';

/** Characters that turn the direction of what follows: with them `exe.gpj` can be shown as `jpg.exe`. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Control characters, line and paragraph separators. */
const controls = /[\p{Cc}\u2028\u2029]/gu;

/**
 * A file's name without the folders that some clients name with it; null when nothing is left, or it is too long. `.`
 * and `..` are names of folders.
 */
export const fileName = (given: string): string | null => {
  const plain = storable(given).replace(directions, '').replace(controls, ' ');
  const name = plain.slice(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1).trim();
  if (name === '' || name === '.' || name === '..' || name.length > limits.fileNameMaxChars) return null;
  return name;
};

const mediaTypePattern = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;

/** The media type that a client names, without parameters; `application/octet-stream` when it makes no sense. */
export const mediaType = (given: string): string => {
  const type = (given.split(';')[0] ?? '').trim().toLowerCase();
  return mediaTypePattern.test(type) ? type : 'application/octet-stream';
};
