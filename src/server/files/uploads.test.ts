import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { UploadState } from '../../chat/index.ts';
import { limits } from '../../protocol/index.ts';
import type { Commands } from '../commands.ts';
import type { Library } from './library.ts';
import { Uploads } from './uploads.ts';

const megabyte = 1024 * 1024;
const upload = (id: string, size: number): UploadState => {
  return { id, by: 'ann', name: 'a', type: 'a/b', size, offset: 0, isFinished: false, sha256: null };
};
const bytes = (size: number): Readable =>
  Readable.from(
    Array.from({ length: size / 65_536 }, () => Buffer.alloc(65_536)),
    { objectMode: false },
  );

test('however many uploads are under way, little goes to a disk that has become full', async () => {
  let isFull = false;
  let writtenBytes = 0;
  let tooLateBytes = 0;
  const run = async (_command: unknown, chunk: Uint8Array): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (isFull) tooLateBytes += chunk.length;
    writtenBytes += chunk.length;
    isFull ||= writtenBytes >= 20 * megabyte;
  };
  const own = {
    ...limits,
    get uploadReserveBytes() {
      return isFull ? Number.MAX_SAFE_INTEGER : 0;
    },
  };
  const known = { upload: () => null, uploadPieces: () => [] };
  const uploads = new Uploads({ run } as unknown as Commands, known, {} as Library, own, tmpdir());
  const size = 16 * megabyte;
  const all = await Promise.allSettled(
    Array.from({ length: 10 }, (_, at) => uploads.receive(upload(`${at}`, size), bytes(size))),
  );
  for (const one of all) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'disk-full' } });
  // It goes into the log, and among the pieces, of three servers.
  expect(tooLateBytes * 6).toBeLessThan(limits.uploadReserveBytes / 2);
});
