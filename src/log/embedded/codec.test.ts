import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandIdFrom, limits } from '../../protocol/index.ts';
import {
  BadFrame,
  decodeCast,
  decodeMessage,
  encodeCast,
  encodeJson,
  encodeMessage,
  FrameReader,
  frameHeaderBytes,
  kinds,
} from './codec.ts';
import { type Base, type Entry, genesis, mark, type Point, sequence } from './replica/entry.ts';
import type { PeerMessage } from './replica/messages.ts';

const body = fc.uint8Array({ maxLength: 200 });
const id = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((random) => commandIdFrom(1_700_000_000_000, random));
const epoch = fc.integer({ min: 0, max: 2 ** 40 });

const entries = fc.tuple(epoch, fc.array(fc.tuple(id, body), { maxLength: 20 })).map(([of, commands]): Entry[] => {
  const first = mark(genesis, of, 5);
  let previous: Point = first;
  const rest = commands.map(([commandId, bytes]) => {
    const entry = sequence(previous, of, 6, { id: commandId, body: bytes });
    previous = entry;
    return entry;
  });
  return [first, ...rest];
});
const point = fc
  .tuple(epoch, fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([index, hash]): Point => ({ index, hash }));
const base = fc.tuple(point, epoch, epoch).map(([at, of, wall]): Base => ({ ...at, epoch: of, at: wall }));

const message: fc.Arbitrary<PeerMessage> = fc.oneof(
  fc.record({ type: fc.constant('append' as const), epoch, previous: point, entries, committed: epoch }),
  fc.record({
    type: fc.constant('forward' as const),
    epoch,
    commands: fc.array(fc.record({ id, body }), { maxLength: 20 }),
  }),
  fc.record({ type: fc.constant('state' as const), epoch, incarnation: fc.string(), last: point, kept: point }),
  fc.record({ type: fc.constant('probed' as const), epoch, at: point }),
  fc.record({ type: fc.constant('stored' as const), epoch, upto: epoch }),
  fc.record({ type: fc.constant('offer' as const), epoch, snapshot: base }),
  fc.record({ type: fc.constant('unusable' as const), epoch, index: epoch, reason: fc.string() }),
);

/** Bytes as plain arrays: a Buffer and a Uint8Array of the same bytes are the same here. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner) =>
      inner instanceof Uint8Array ? [...inner] : inner?.type === 'Buffer' ? inner.data : inner,
    ),
  );

describe('R15 frames between replicas', () => {
  it('come out as they went in, whatever pieces they arrive in', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 300 }),
        (messages, piece) => {
          const bytes = Buffer.concat(messages.map(encodeMessage));
          const reader = new FrameReader();
          const out: PeerMessage[] = [];
          for (let at = 0; at < bytes.length; at += piece) {
            for (const payload of reader.push(bytes.subarray(at, at + piece))) out.push(decodeMessage(payload));
          }
          expect(plain(out)).toEqual(plain(messages));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('with any one bit turned over are refused', () => {
    fc.assert(
      fc.property(message, fc.nat(), (one, where) => {
        const bytes = Buffer.from(encodeMessage(one));
        const bit = where % ((bytes.length - 4) * 8);
        bytes[4 + (bit >> 3)]! ^= 1 << (bit & 7);
        expect(() => new FrameReader().push(bytes)).toThrow(BadFrame);
      }),
      { numRuns: 200 },
    );
  });

  it('that end early are not delivered', () => {
    const bytes = encodeMessage({ type: 'stored', epoch: 1, upto: 2 });
    const reader = new FrameReader();
    expect(reader.push(bytes.subarray(0, bytes.length - 1))).toEqual([]);
    expect(reader.push(bytes.subarray(bytes.length - 1))).toHaveLength(1);
  });

  it('of no length, or of more than the limit, are refused', () => {
    expect(() => new FrameReader().push(Buffer.alloc(frameHeaderBytes))).toThrow(BadFrame);
    const huge = Buffer.alloc(frameHeaderBytes);
    huge.writeUInt32BE(1 << 30, 0);
    expect(() => new FrameReader().push(huge)).toThrow(BadFrame);
  });

  it('that are no message between replicas are refused, whatever JSON they carry', () => {
    const control = (value: unknown) => new FrameReader().push(encodeJson(kinds.control, value))[0]!;
    const lead = { type: 'lead', epoch: 1, cluster: 'c', began: 1, committed: 0, serving: true, inSync: ['s1'] };
    expect(decodeMessage(control(lead))).toEqual(lead);
    const hash = '00'.repeat(32);
    const wrong = [
      null,
      7,
      [],
      {},
      { type: 'toString', epoch: 1 },
      { ...lead, inSync: undefined },
      { ...lead, inSync: [1] },
      { ...lead, epoch: 2 ** 48 },
      { ...lead, committed: '9' },
      { type: 'stored', epoch: 1, upto: -1 },
      { type: 'probe', epoch: 1, index: 1.5 },
      { type: 'probed', epoch: 1, at: { index: 1, hash: '00' } },
      { type: 'state', epoch: 1, incarnation: 'a', last: { index: 0, hash } },
      { type: 'vouch', epoch: 1, silentMs: null },
    ];
    for (const value of wrong) expect(() => decodeMessage(control(value)), JSON.stringify(value)).toThrow(BadFrame);
    const large = { id: commandIdFrom(1, new Uint8Array(10)), body: new Uint8Array(limits.entryMaxBytes + 1) };
    const [forward] = new FrameReader().push(encodeMessage({ type: 'forward', epoch: 1, commands: [large] }));
    expect(() => decodeMessage(forward!)).toThrow(BadFrame);
  });

  it('carry casts', () => {
    const [payload] = new FrameReader().push(encodeCast('typing', Buffer.from('ana')));
    expect(decodeCast(payload!)).toEqual({ topic: 'typing', body: Buffer.from('ana') });
  });
});
