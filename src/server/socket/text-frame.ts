/**
 * WebSocket text frames made once and written to many sockets as one buffer (RFC 6455, section 5.2: unmasked, final,
 * opcode 1). No extension is negotiated, so the same bytes are right for every socket.
 */
import type { ServerFrame } from '../../protocol/index.ts';

const finalText = 0x81;

/** A whole text frame around `text`. */
export const textFrame = (text: string): Buffer => {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = finalText;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head, 'utf8');
  return frame;
};

/** A server's frame, framed. */
export const encodeFrame = (frame: ServerFrame): Buffer => textFrame(JSON.stringify(frame));

/** An `events` frame of events that are encoded already. */
export const eventsFrame = (room: string | null, upto: number, events: readonly string[]): Buffer =>
  textFrame(`{"type":"events","room":${JSON.stringify(room)},"upto":${upto},"events":[${events.join(',')}]}`);
