/** The `Range` header (RFC 9110, section 14): one run of bytes of a file. */
import type { Range } from './library.ts';

/**
 * The run that is asked for, of a file of `size` bytes; `whole` when the header asks for none, for several, or makes no
 * sense, all of which may be answered with the whole; `none` when there is nothing at that place.
 */
export const byteRange = (header: string | undefined, size: number): Range | 'whole' | 'none' => {
  const [, from, upto] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || upto === undefined || (from === '' && upto === '')) return 'whole';
  if (from === '') {
    const count = Math.min(Number(upto), size);
    return count === 0 ? 'none' : { first: size - count, last: size - 1 };
  }
  const first = Number(from);
  const last = upto === '' ? size - 1 : Math.min(Number(upto), size - 1);
  if (upto !== '' && Number(upto) < first) return 'whole';
  return first >= size ? 'none' : { first, last };
};
