/**
 * Entries of the log and the chain of hashes over them. An entry's hash covers the hash before it, so that two logs
 * that agree on one hash agree on everything up to it.
 */
import { createHash, hash } from 'node:crypto';
import type { Committed, Index, NewEntry } from '../../log.ts';

/** An entry with its place in the log; not necessarily committed yet. */
export type Entry = Committed;

/** The hash before the first entry. */
export const genesisHash: Uint8Array = new Uint8Array(32);

/** A place in the log and the chain's hash there. */
export interface Point {
  readonly index: Index;
  readonly hash: Uint8Array;
}

/**
 * The place before a log's first entry. What came up to it is not in the log any more, but in a snapshot; the time and
 * epoch there go on to bind what follows.
 */
export interface Base extends Point {
  readonly epoch: number;
  readonly at: number;
}

/** The base of a log that has its whole history. */
export const genesis: Base = { index: 0, hash: genesisHash, epoch: 0, at: 0 };

const headerBytes = 32 + 6 + 6 + 6 + 1 + 36;
/** Above this it costs less to hash a body in its place than to copy it. */
const largeBodyBytes = 4_096;

/**
 * The chain's hash at an entry: SHA-256 over the previous hash, epoch, index, time (each 6 bytes, big-endian), kind
 * (1 byte: 0 command, 1 mark), the id (36 ASCII characters, zeroes for a mark) and the body.
 */
export const chainHash = (previous: Uint8Array, entry: Omit<Entry, 'hash'>): Uint8Array => {
  const isLarge = entry.body.length > largeBodyBytes;
  const buffer = Buffer.allocUnsafe(isLarge ? headerBytes : headerBytes + entry.body.length);
  buffer.set(previous, 0);
  buffer.writeUIntBE(entry.epoch, 32, 6);
  buffer.writeUIntBE(entry.index, 38, 6);
  buffer.writeUIntBE(entry.at, 44, 6);
  buffer[50] = entry.kind === 'command' ? 0 : 1;
  if (entry.id === '') buffer.fill(0, 51, headerBytes);
  else buffer.write(entry.id, 51, 36, 'latin1');
  if (isLarge) return createHash('sha256').update(buffer).update(entry.body).digest();
  buffer.set(entry.body, headerBytes);
  return hash('sha256', buffer, 'buffer');
};

/** Whether two hashes are the same. */
export const sameHash = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const noBytes = new Uint8Array(0);

/** Gives a command its place behind `previous`. */
export const sequence = (previous: Point, epoch: number, at: number, command: NewEntry): Entry =>
  seal(previous, { index: previous.index + 1, epoch, at, kind: 'command', id: command.id, body: command.body });

/** The entry with which a primary begins its epoch. */
export const mark = (previous: Point, epoch: number, at: number): Entry =>
  seal(previous, { index: previous.index + 1, epoch, at, kind: 'mark', id: '', body: noBytes });

const seal = (previous: Point, entry: Omit<Entry, 'hash'>): Entry => ({
  ...entry,
  hash: chainHash(previous.hash, entry),
});

/** Bytes that an entry takes in frames and in memory, roughly. */
export const entrySize = (entry: Entry): number => entry.body.length + 128;
