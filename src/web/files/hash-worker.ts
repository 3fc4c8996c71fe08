/** Computes the SHA-256 of a file beside the page: in slices, because a file may be larger than the memory. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const sliceBytes = 1024 * 1024;

/** What the worker answers: the hash, hexadecimal, or null when the file could not be read. */
export type HashAnswer = { readonly sha256: string | null };

addEventListener('message', async ({ data }: MessageEvent<Blob>) => {
  const hash = sha256.create();
  let answer: HashAnswer;
  try {
    for (let at = 0; at < data.size; at += sliceBytes) {
      hash.update(new Uint8Array(await data.slice(at, at + sliceBytes).arrayBuffer()));
    }
    answer = { sha256: bytesToHex(hash.digest()) };
  } catch {
    answer = { sha256: null };
  }
  postMessage(answer);
});
