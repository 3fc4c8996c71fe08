/**
 * Command ids: UUIDs of version 7 (RFC 9562, section 5.7), born where the command is born. The id is the idempotency
 * key, and names whatever the command creates: a message, a room, a person.
 */

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The pattern of a command id, for schemas. */
export const commandIdPattern = pattern.source;

/** Whether `id` is a UUID of version 7 in lower case. */
export const isCommandId = (id: unknown): id is string => typeof id === 'string' && pattern.test(id);

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/**
 * Makes a command id from a time and randomness, both given.
 * @param atMs milliseconds since 1970, below 2^48
 * @param random at least 10 bytes of randomness
 */
export const commandIdFrom = (atMs: number, random: Uint8Array): string => {
  const bytes = new Uint8Array(16);
  let rest = Math.floor(atMs);
  for (let at = 5; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const text = Array.from(bytes, hex).join('');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
};

/** The time inside a command id, in milliseconds since 1970. */
export const commandIdTime = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

let lastMs = 0;
let sequence = 0;

/**
 * A new command id from this machine's clock and randomness. Ids made by one process sort in the order they were made:
 * within a millisecond the 12 bits after the version count up (RFC 9562, section 6.2, method 1).
 * @param clockOffsetMs how far the cluster's clock is ahead of this one
 */
export const newCommandId = (clockOffsetMs = 0): string => {
  const now = Math.max(lastMs, Math.floor(Date.now() + clockOffsetMs));
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now === lastMs) sequence++;
  else sequence = ((random[0]! & 0x07) << 8) | random[1]!;
  lastMs = now;
  if (sequence > 0xfff) {
    sequence = 0;
    lastMs++;
  }
  random[0] = sequence >> 8;
  random[1] = sequence & 0xff;
  return commandIdFrom(lastMs, random);
};
