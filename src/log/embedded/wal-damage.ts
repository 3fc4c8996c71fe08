/**
 * Tells a damaged write-ahead log from one that was torn by a crash. SQLite takes both for the end of what was written,
 * and goes on without what follows: right for a transaction that was never synced, and a silent loss for those that
 * were. Format: https://sqlite.org/fileformat2.html#walformat
 */
import { existsSync, readFileSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f0682;

type Sums = readonly [number, number];

/** SQLite's running checksum over `data[from..to)`, in words of the byte order that the WAL's header names. */
const checksum = (data: DataView, from: number, to: number, littleEndian: boolean, [first, second]: Sums): Sums => {
  let a = first;
  let b = second;
  for (let at = from; at < to; at += 8) {
    a = (a + data.getUint32(at, littleEndian) + b) >>> 0;
    b = (b + data.getUint32(at + 4, littleEndian) + a) >>> 0;
  }
  return [a, b];
};

const sumsAt = (data: DataView, at: number): Sums => [data.getUint32(at), data.getUint32(at + 4)];
const same = (one: Sums, other: Sums): boolean => one[0] === other[0] && one[1] === other[1];

/**
 * What is wrong with the WAL at `path`, or null when nothing is but, perhaps, the end of its last transaction.
 *
 * Each transaction is synced before the next one is written, so a crash tears only the last: where frames no longer fit,
 * there is at most one commit behind, and nothing behind that. More of the same generation proves that what stands
 * there had been synced.
 */
export const walDamage = (path: string): string | null => {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerBytes + frameHeaderBytes) return null;
  if (bytes.subarray(0, headerBytes).every((byte) => byte === 0)) return null;
  const littleEndian = data.getUint32(0) === magic;
  let sums = checksum(data, 0, 24, littleEndian, [0, 0]);
  if (data.getUint32(0) >>> 1 !== magic >>> 1 || !same(sums, sumsAt(data, 24))) {
    return 'the header of its write-ahead log is not what was written';
  }
  const frameBytes = frameHeaderBytes + data.getUint32(8);
  const salts = sumsAt(data, 16);
  let fits = true;
  let committedBehind = false;
  for (let at = headerBytes; at + frameBytes <= bytes.length; at += frameBytes) {
    if (!same(sumsAt(data, at + 8), salts)) {
      fits = false;
      continue;
    }
    if (fits) {
      const head = checksum(data, at, at + 8, littleEndian, sums);
      sums = checksum(data, at + frameHeaderBytes, at + frameBytes, littleEndian, head);
      fits = same(sums, sumsAt(data, at + 16));
    }
    if (fits) continue;
    if (committedBehind) {
      return `its write-ahead log does not fit together before byte ${at}, and had been synced beyond`;
    }
    committedBehind = data.getUint32(at + 4) !== 0;
  }
  return null;
};
