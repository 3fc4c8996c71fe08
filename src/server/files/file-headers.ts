/**
 * What a browser is told of a file that somebody uploaded: never to run it, nor to guess what it is. Only a few types are
 * shown in a page, all others are for saving: a document that can carry scripts is not shown at this server's address,
 * whatever it calls itself.
 */
import type { FileView } from '../../protocol/index.ts';

/** Types that a browser may show, and what they are sent as. */
const shown: ReadonlyMap<string, string> = new Map([
  ['image/png', 'image/png'],
  ['image/jpeg', 'image/jpeg'],
  ['image/jpg', 'image/jpeg'],
  ['image/gif', 'image/gif'],
  ['image/webp', 'image/webp'],
  ['image/avif', 'image/avif'],
  ['video/mp4', 'video/mp4'],
  ['video/webm', 'video/webm'],
  ['audio/mpeg', 'audio/mpeg'],
  ['audio/mp3', 'audio/mpeg'],
  ['audio/mp4', 'audio/mp4'],
  ['audio/x-m4a', 'audio/mp4'],
  ['audio/ogg', 'audio/ogg'],
  ['audio/webm', 'audio/webm'],
  ['audio/wav', 'audio/wav'],
  ['audio/wave', 'audio/wav'],
  ['audio/x-wav', 'audio/wav'],
  ['application/pdf', 'application/pdf'],
  ['text/plain', 'text/plain; charset=utf-8'],
]);

/** A name in a `Content-Disposition` header (RFC 6266): in ASCII for the old, and whole, percent-encoded, for the rest. */
const nameParameters = (name: string): string => {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${ascii}"; filename*=UTF-8''${whole}`;
};

/**
 * Nothing in a file may load anything, run, or be taken for a page of this address. A PDF is not sandboxed: Chromium
 * shows none that is, and its viewer runs nothing at this address. Pages of the cluster may frame a file, nobody else's.
 */
const policyFor = (type: string | undefined, framers: string): string => {
  const own = type === 'application/pdf' ? "object-src 'self'" : "img-src 'self'; media-src 'self'; sandbox";
  return `default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self' ${framers}; ${own}`;
};

/**
 * The headers of a file's bytes.
 * @param saves whether the browser is to save it, whatever it is
 * @param framers the sources (CSP) whose pages may frame it, beside this address
 */
export const fileHeaders = (file: FileView, saves: boolean, framers = ''): Readonly<Record<string, string>> => {
  const type = shown.get(file.type);
  const disposition = type === undefined || saves ? 'attachment' : 'inline';
  return {
    'content-type': type ?? 'application/octet-stream',
    'content-disposition': `${disposition}; ${nameParameters(file.name)}`,
    'content-security-policy': policyFor(type, framers),
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    // What is under an id never changes. Who may have it does, so nobody keeps it for others.
    'cache-control': 'private, max-age=31536000, immutable',
    vary: 'Origin, Cookie, Authorization',
    etag: `"${file.sha256}"`,
    'repr-digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
  };
};
