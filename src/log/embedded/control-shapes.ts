/**
 * What a control message between replicas must look like, field by field: it comes as JSON, and what is not of this
 * shape never reaches a replica.
 */
import { genesisHash } from './replica/entry.ts';
import type { PeerMessage } from './replica/messages.ts';

/** Those that travel as JSON; entries and commands have frames of their own. */
export type ControlMessage = Exclude<PeerMessage, { type: 'append' | 'forward' }>;

type Check = (value: unknown) => boolean;
type Shapes = {
  readonly [Type in ControlMessage['type']]: {
    readonly [Field in Exclude<keyof Extract<ControlMessage, { type: Type }>, 'type'>]: Check;
  };
};

/** Epochs and indices take 6 bytes in a frame. */
const numberMax = 2 ** 48 - 1;
const whole: Check = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= numberMax;
const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const record = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const point: Check = (value) =>
  record(value) && whole(value.index) && value.hash instanceof Uint8Array && value.hash.length === genesisHash.length;

const base: Check = (value) => point(value) && record(value) && whole(value.epoch) && whole(value.at);

const shapes: Shapes = {
  lead: { epoch: whole, cluster: text, began: whole, committed: whole, serving: flag, inSync: texts },
  state: { epoch: whole, incarnation: text, last: point, kept: point },
  probe: { epoch: whole, index: whole },
  probed: { epoch: whole, at: point },
  stored: { epoch: whole, upto: whole },
  committed: { epoch: whole, upto: whole },
  declined: { epoch: whole },
  offer: { epoch: whole, snapshot: base },
  unusable: { epoch: whole, index: whole, reason: text },
  refused: { epoch: whole, reason: text },
  handover: { epoch: whole, to: text },
  vouch: { epoch: whole, silentMs: Number.isFinite },
};

/** Whether a value is a control message. */
export const isControlMessage = (value: unknown): value is ControlMessage => {
  if (!record(value) || typeof value.type !== 'string' || !Object.hasOwn(shapes, value.type)) return false;
  const fields = Object.entries<Check>(shapes[value.type as ControlMessage['type']]);
  return fields.every(([field, check]) => check(value[field]));
};
