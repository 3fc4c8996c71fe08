/** Reads what a client sent. Throws an `EstafetError` with a stable code for whatever is not a frame of the protocol. */
import type { RawData } from 'ws';
import { type ClientFrame, EstafetError } from '../../protocol/index.ts';
import { clientFrames } from '../../protocol/schemas.ts';
import { checkOf } from '../checks.ts';

const checks: Record<ClientFrame['type'], (value: unknown) => ClientFrame> = {
  hello: checkOf(clientFrames.hello, { code: 'bad-frame' }),
  do: checkOf(clientFrames.do, { code: 'bad-frame' }),
  cast: checkOf(clientFrames.cast, { code: 'bad-frame' }),
  watch: checkOf(clientFrames.watch, { code: 'bad-frame' }),
  say: checkOf(clientFrames.say, { code: 'bad-frame' }),
  ping: checkOf(clientFrames.ping, { code: 'bad-frame' }),
};

const isFrameType = (type: unknown): type is ClientFrame['type'] =>
  typeof type === 'string' && Object.hasOwn(checks, type);

/** The JSON in a text frame. Throws `bad-json`. */
export const parseJson = (data: RawData): unknown => {
  try {
    return JSON.parse(data.toString());
  } catch (cause) {
    throw new EstafetError('bad-json', 'The frame is not valid JSON.', { cause });
  }
};

/** The frame in a JSON value. Throws `bad-frame`, `unknown-frame` or `bad-id`. */
export const readFrame = (value: unknown): ClientFrame => {
  if (typeof value !== 'object' || value === null || !('type' in value)) {
    throw new EstafetError('bad-frame', 'A frame is a JSON object with a type.');
  }
  if (!isFrameType(value.type)) throw new EstafetError('unknown-frame');
  return checks[value.type](value);
};

/** The id that an unreadable frame names, so that its sender knows which one it was. */
export const idIn = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' && value.id.length <= 64
    ? value.id
    : null;
