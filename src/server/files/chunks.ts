/** Cuts what a client sends into chunks. */
import type { Readable } from 'node:stream';

/**
 * The bytes of a stream in chunks of `maxBytes`, the last one shorter. While nobody asks for the next chunk, nothing more
 * is read. A stream that breaks off ends after what has come of it: what arrived is of use. Whoever wants to know whether
 * it was whole counts.
 */
export const chunksOf = async function* (stream: Readable, maxBytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let chunk = Buffer.allocUnsafeSlow(maxBytes);
  let length = 0;
  const parts = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const next = await parts.next().catch(() => ({ done: true }) as const);
      if (next.done === true) break;
      for (let at = 0; at < next.value.length; ) {
        const part = next.value.subarray(at, at + maxBytes - length);
        chunk.set(part, length);
        at += part.length;
        length += part.length;
        if (length < maxBytes) continue;
        yield chunk;
        chunk = Buffer.allocUnsafeSlow(maxBytes);
        length = 0;
      }
    }
    if (length > 0) yield chunk.subarray(0, length);
  } finally {
    // Whoever goes on with the stream, if only to throw the rest away, finds it as it was.
    await parts.return?.();
  }
};
