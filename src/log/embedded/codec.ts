/**
 * Frames between replicas (rule 15): a length, a checksum, then a payload that carries the epoch and the indices.
 * `length u32 | crc32 u32 | kind u8 | …`, integers big-endian. Entries and commands travel in binary, all else as JSON.
 */
import { crc32 } from 'node:zlib';
import { limits } from '../../protocol/index.ts';
import type { NewEntry } from '../log.ts';
import { isControlMessage } from './control-shapes.ts';
import type { Entry, Point } from './replica/entry.ts';
import type { PeerMessage } from './replica/messages.ts';

/** Kinds of payload. */
export const kinds = { hello: 0, append: 1, forward: 2, control: 3, cast: 4, status: 5 } as const;
type Kind = (typeof kinds)[keyof typeof kinds];

/** Bytes before the payload: its length and its checksum. */
export const frameHeaderBytes = 8;

/** A frame that is not what it says it is. The link it came by is cut. */
export class BadFrame extends Error {}

const seal = (frame: Buffer): Buffer => {
  frame.writeUInt32BE(frame.length - frameHeaderBytes, 0);
  frame.writeUInt32BE(crc32(frame.subarray(frameHeaderBytes)), 4);
  return frame;
};

/** A frame with a JSON payload. */
export const encodeJson = (kind: Kind, value: unknown): Buffer => {
  const json = JSON.stringify(value);
  const frame = Buffer.allocUnsafe(frameHeaderBytes + 1 + Buffer.byteLength(json));
  frame[frameHeaderBytes] = kind;
  frame.write(json, frameHeaderBytes + 1);
  return seal(frame);
};

/** A frame that carries a cast. `topic` is ASCII, at most 255 characters. */
export const encodeCast = (topic: string, body: Uint8Array): Buffer => {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + 2 + topic.length + body.length);
  frame[frameHeaderBytes] = kinds.cast;
  frame[frameHeaderBytes + 1] = topic.length;
  frame.write(topic, frameHeaderBytes + 2, 'latin1');
  frame.set(body, frameHeaderBytes + 2 + topic.length);
  return seal(frame);
};

/** What a cast's payload carries. */
export const decodeCast = (payload: Buffer): { readonly topic: string; readonly body: Buffer } => {
  const length = payload[1] ?? 0;
  return { topic: payload.toString('latin1', 2, 2 + length), body: payload.subarray(2 + length) };
};

const entryHeaderBytes = 6 + 6 + 6 + 1 + 36 + 32 + 4;
const appendHeaderBytes = 1 + 6 + 6 + 6 + 32 + 4;

const encodeAppend = (message: Extract<PeerMessage, { type: 'append' }>): Buffer => {
  let size = frameHeaderBytes + appendHeaderBytes;
  for (const entry of message.entries) size += entryHeaderBytes + entry.body.length;
  const frame = Buffer.allocUnsafe(size);
  let at = frame.writeUInt8(kinds.append, frameHeaderBytes);
  at = frame.writeUIntBE(message.epoch, at, 6);
  at = frame.writeUIntBE(message.committed, at, 6);
  at = frame.writeUIntBE(message.previous.index, at, 6);
  frame.set(message.previous.hash, at);
  at = frame.writeUInt32BE(message.entries.length, at + 32);
  for (const entry of message.entries) {
    at = frame.writeUIntBE(entry.epoch, at, 6);
    at = frame.writeUIntBE(entry.index, at, 6);
    at = frame.writeUIntBE(entry.at, at, 6);
    at = frame.writeUInt8(entry.kind === 'command' ? 0 : 1, at);
    if (entry.id === '') frame.fill(0, at, at + 36);
    else frame.write(entry.id, at, 36, 'latin1');
    frame.set(entry.hash, at + 36);
    at = frame.writeUInt32BE(entry.body.length, at + 68);
    frame.set(entry.body, at);
    at += entry.body.length;
  }
  return seal(frame);
};

const decodeAppend = (payload: Buffer): PeerMessage => {
  const count = payload.readUInt32BE(appendHeaderBytes - 4);
  if (count > limits.appendFrameMaxEntries) throw new BadFrame(`an append of ${count} entries`);
  const entries: Entry[] = [];
  let at = appendHeaderBytes;
  for (let n = 0; n < count; n++) {
    const mark = payload.readUInt8(at + 18) === 1;
    const length = payload.readUInt32BE(at + 87);
    const start = at + entryHeaderBytes;
    if (start + length > payload.length) throw new BadFrame('an entry longer than its frame');
    entries.push({
      epoch: payload.readUIntBE(at, 6),
      index: payload.readUIntBE(at + 6, 6),
      at: payload.readUIntBE(at + 12, 6),
      kind: mark ? 'mark' : 'command',
      id: mark ? '' : payload.toString('latin1', at + 19, at + 55),
      hash: payload.subarray(at + 55, at + 87),
      body: payload.subarray(start, start + length),
    });
    at = start + length;
  }
  return {
    type: 'append',
    epoch: payload.readUIntBE(1, 6),
    committed: payload.readUIntBE(7, 6),
    previous: { index: payload.readUIntBE(13, 6), hash: payload.subarray(19, 51) },
    entries,
  };
};

const encodeForward = (message: Extract<PeerMessage, { type: 'forward' }>): Buffer => {
  let size = frameHeaderBytes + 11;
  for (const command of message.commands) size += 40 + command.body.length;
  const frame = Buffer.allocUnsafe(size);
  let at = frame.writeUInt8(kinds.forward, frameHeaderBytes);
  at = frame.writeUIntBE(message.epoch, at, 6);
  at = frame.writeUInt32BE(message.commands.length, at);
  for (const command of message.commands) {
    frame.write(command.id, at, 36, 'latin1');
    at = frame.writeUInt32BE(command.body.length, at + 36);
    frame.set(command.body, at);
    at += command.body.length;
  }
  return seal(frame);
};

const decodeForward = (payload: Buffer): PeerMessage => {
  const count = payload.readUInt32BE(7);
  if (count > limits.appendFrameMaxEntries) throw new BadFrame(`${count} commands forwarded at once`);
  const commands: NewEntry[] = [];
  let at = 11;
  for (let n = 0; n < count; n++) {
    const length = payload.readUInt32BE(at + 36);
    const start = at + 40;
    if (start + length > payload.length) throw new BadFrame('a command longer than its frame');
    if (length > limits.entryMaxBytes) throw new BadFrame(`a command of ${length} bytes forwarded`);
    commands.push({ id: payload.toString('latin1', at, at + 36), body: payload.subarray(start, start + length) });
    at = start + length;
  }
  return { type: 'forward', epoch: payload.readUIntBE(1, 6), commands };
};

const hexPoint = (point: Point) => ({ index: point.index, hash: Buffer.from(point.hash).toString('hex') });

const toJson = (message: PeerMessage): unknown => {
  if (message.type === 'state') return { ...message, last: hexPoint(message.last), kept: hexPoint(message.kept) };
  if (message.type === 'probed') return { ...message, at: hexPoint(message.at) };
  if (message.type === 'offer') {
    const { epoch, at } = message.snapshot;
    return { ...message, snapshot: { ...hexPoint(message.snapshot), epoch, at } };
  }
  return message;
};

const revive = (key: string, value: unknown): unknown =>
  key === 'hash' && typeof value === 'string' ? Buffer.from(value, 'hex') : value;

/** A message as a frame. */
export const encodeMessage = (message: PeerMessage): Buffer => {
  if (message.type === 'append') return encodeAppend(message);
  if (message.type === 'forward') return encodeForward(message);
  return encodeJson(kinds.control, toJson(message));
};

/** The message of a payload of kind append, forward or control. Throws `BadFrame`. */
export const decodeMessage = (payload: Buffer): PeerMessage => {
  try {
    if (payload[0] === kinds.append) return decodeAppend(payload);
    if (payload[0] === kinds.forward) return decodeForward(payload);
    const message: unknown = JSON.parse(payload.toString('utf8', 1), revive);
    if (!isControlMessage(message)) throw new BadFrame('a message between replicas that is none');
    return message;
  } catch (error) {
    throw error instanceof BadFrame ? error : new BadFrame(`a frame that cannot be read: ${error}`);
  }
};

/** The JSON of a payload of kind hello or status. Throws `BadFrame`. */
export const decodeJson = (payload: Buffer): unknown => {
  try {
    return JSON.parse(payload.toString('utf8', 1));
  } catch (error) {
    throw new BadFrame(`a frame that cannot be read: ${error}`);
  }
};

/** Cuts a stream of bytes into payloads, whatever pieces it arrives in. */
export class FrameReader {
  /** What has come of a frame that is not whole yet: put together once, when it is. */
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Bytes without which nothing more can be told. */
  #needed = frameHeaderBytes;

  /** The payloads completed by `chunk`. Throws `BadFrame` on a wrong length or checksum. */
  push(chunk: Buffer): Buffer[] {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return [];
    let bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    const payloads: Buffer[] = [];
    while (bytes.length >= frameHeaderBytes) {
      const length = bytes.readUInt32BE(0);
      if (length === 0 || length > limits.peerFrameMaxBytes) throw new BadFrame(`a frame of ${length} bytes`);
      this.#needed = frameHeaderBytes + length;
      if (bytes.length < this.#needed) break;
      const payload = bytes.subarray(frameHeaderBytes, frameHeaderBytes + length);
      if (crc32(payload) !== bytes.readUInt32BE(4)) throw new BadFrame('a frame whose checksum is wrong');
      payloads.push(payload);
      bytes = bytes.subarray(frameHeaderBytes + length);
    }
    if (bytes.length < frameHeaderBytes) this.#needed = frameHeaderBytes;
    this.#parts = bytes.length === 0 ? [] : [bytes];
    this.#bytes = bytes.length;
    return payloads;
  }
}
