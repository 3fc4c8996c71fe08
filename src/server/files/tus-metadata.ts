/** What a tus client says of a file in `Upload-Metadata`: pairs of a key and a value in base64, with commas between. */
import { EstafetError } from '../../protocol/index.ts';

/** Characters of the header, of which a name of 200 characters in base64 may take 1,100. */
const headerMaxChars = 4_096;

const pairPattern = /^([\x21-\x2b\x2d-\x7e]+)(?: ([A-Za-z0-9+/]*={0,2}))?$/;

/** Reads the header; the values are taken for UTF-8. Throws `bad-request` when it makes no sense. */
export const parseMetadata = (header: string | undefined): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  if (header === undefined || header === '') return values;
  if (header.length > headerMaxChars) throw new EstafetError('bad-request', 'Upload-Metadata: too long.');
  for (const pair of header.split(',')) {
    const [, key, value = ''] = pairPattern.exec(pair.trim()) ?? [];
    if (key === undefined || values.has(key)) {
      throw new EstafetError('bad-request', 'Upload-Metadata: pairs of a key and a value in base64.');
    }
    values.set(key, Buffer.from(value, 'base64').toString('utf8'));
  }
  return values;
};

/** Writes the header. */
export const metadataOf = (values: Readonly<Record<string, string | null>>): string =>
  Object.entries(values)
    .flatMap(([key, value]) => (value === null ? [] : [`${key} ${Buffer.from(value).toString('base64')}`]))
    .join(',');
