/**
 * The bytes of a command in the log: the UTF-8 JSON of `{by, kind, body}`, or, when the command carries bytes of its own
 * (a chunk of an upload), a byte 0, the length of that JSON as a 32-bit big-endian number, the JSON, and then the bytes.
 * JSON never begins with a byte 0, so the two cannot be taken for one another.
 */

const encoder = new TextEncoder();
const headBytes = 5;

/** Writes a command as it stands in the log. `chunk` are the bytes that follow its JSON. */
export const encodeCommandBody = (
  command: { readonly by: string; readonly kind: string; readonly body: unknown },
  chunk?: Uint8Array,
): Uint8Array => {
  const { by, kind, body } = command;
  const json = encoder.encode(JSON.stringify({ by, kind, body }));
  if (chunk === undefined) return json;
  const bytes = new Uint8Array(headBytes + json.length + chunk.length);
  new DataView(bytes.buffer).setUint32(1, json.length);
  bytes.set(json, headBytes);
  bytes.set(chunk, headBytes + json.length);
  return bytes;
};

/**
 * Tells a command's JSON and its chunk apart. Neither is copied. Null when the bytes say they have a chunk and are too
 * short for what they say.
 */
export const splitCommandBody = (
  bytes: Uint8Array,
): { readonly json: Uint8Array; readonly chunk: Uint8Array | null } | null => {
  if (bytes[0] !== 0) return { json: bytes, chunk: null };
  if (bytes.length < headBytes) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (bytes.length < headBytes + length) return null;
  return { json: bytes.subarray(headBytes, headBytes + length), chunk: bytes.subarray(headBytes + length) };
};
