/** One entry's turn at the chat machine: what a handler is given, and where it says what it did. */
import type { AddressedEvent, Audience, ChatEvent, ErrorCode, Outcome } from '../../protocol/index.ts';

/** An event before it has its index. */
export type EventBody = ChatEvent extends infer E ? (E extends ChatEvent ? Omit<E, 'index'> : never) : never;

/** The entry being applied. Its index and time are the only ones a handler may know. */
export class Turn {
  readonly index: number;
  /** When the entry was sequenced: ms since 1970. */
  readonly at: number;
  /** The command's id, and the id of whatever it creates. */
  readonly id: string;
  /** The epoch of the primary that sequenced it. */
  readonly epoch: number;
  readonly events: AddressedEvent[] = [];
  /** The bytes that came with the command, or null. */
  readonly chunk: Uint8Array | null;
  /** SHA-256 of the chunk, hexadecimal, when whoever applies knows it already. */
  readonly chunkHash: string | null;
  /** Hashes of the tokens whose sessions this entry ended. */
  readonly sessionsEnded: string[] = [];
  /** SHA-256 of the pieces of files that nothing refers to any more, hexadecimal. */
  readonly piecesFreed: string[] = [];

  constructor(
    {
      index,
      at,
      id,
      epoch,
    }: { readonly index: number; readonly at: number; readonly id: string; readonly epoch: number },
    chunk: Uint8Array | null,
    chunkHash: string | null,
  ) {
    this.index = index;
    this.at = at;
    this.id = id;
    this.epoch = epoch;
    this.chunk = chunk;
    this.chunkHash = chunkHash;
  }

  /** Tells an audience: for a room, those who are in it once this entry has been applied. */
  tell(audience: Audience, body: EventBody): void {
    this.events.push({ audience, event: { index: this.index, ...body } });
  }
}

export const done: Outcome = { ok: true };
export const refuse = (code: ErrorCode): Outcome => ({ ok: false, code });
