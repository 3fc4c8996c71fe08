/**
 * From an entry's bytes to a command whose shape is certain, or to the refusal it deserves. Never throws: whatever bytes
 * are in the log, every server gets the same answer from them.
 */
import { isUtf8 } from 'node:buffer';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { type Command, type CommandKind, type ErrorCode, limits, splitCommandBody } from '../../protocol/index.ts';
import { commands } from '../../protocol/schemas.ts';
import { storable } from './storable.ts';

/** A command of some kind, told apart by `kind`, its body checked. */
export type Decoded =
  | { readonly ok: true; readonly command: Command; readonly chunk: Uint8Array | null }
  | { readonly ok: false; readonly by: string; readonly code: ErrorCode };

const envelope = Compile(
  Type.Object(
    { by: Type.String({ minLength: 1, maxLength: 64 }), kind: Type.String(), body: Type.Unknown() },
    { additionalProperties: false },
  ),
);

interface Shape {
  readonly Check: (value: unknown) => boolean;
}

const shapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries(commands).map(([kind, schema]) => [kind, Compile(schema)]),
);

/** Fields whose length has a refusal of its own. */
const lengthRefusals: ReadonlyMap<string, readonly [field: string, code: ErrorCode]> = new Map([
  ['message.post', ['text', 'text-too-long']],
  ['message.edit', ['text', 'text-too-long']],
  ['room.create', ['name', 'room-name-invalid']],
  ['user.join', ['name', 'name-invalid']],
  ['token.issue', ['name', 'name-invalid']],
  ['upload.open', ['name', 'file-name-invalid']],
] as const);

/** Why a body does not have the shape of its kind: a field too long, when nothing else is wrong with it. */
const misshapen = (kind: string, shape: Shape, body: unknown): ErrorCode => {
  const [field, code] = lengthRefusals.get(kind) ?? [];
  if (!field || !code || typeof body !== 'object' || body === null) return 'bad-request';
  if (typeof (body as Readonly<Record<string, unknown>>)[field] !== 'string') return 'bad-request';
  return shape.Check({ ...body, [field]: 'x' }) ? code : 'bad-request';
};

const refused = (code: ErrorCode, by = ''): Decoded => ({ ok: false, by, code });

/** The kind whose commands come with bytes of their own: always, and no other does. */
const kindWithChunk = 'upload.write';

/** Reads the command in an entry's body (see `command-body.ts` of the protocol). `id` is the entry's. */
export const decode = (id: string, body: Uint8Array): Decoded => {
  const parts = splitCommandBody(body);
  if (parts === null) return refused('bad-json');
  const { json: bytes, chunk } = parts;
  if (bytes.length > limits.commandMaxBytes) return refused('too-large');
  if (chunk !== null && chunk.length > limits.uploadChunkBytes) return refused('too-large');
  if (!isUtf8(bytes)) return refused('bad-json');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return refused('bad-json');
  }
  if (!envelope.Check(value) || storable(value.by) !== value.by) return refused('bad-request');
  const { by, kind, body: fields } = value;
  const shape = shapes.get(kind);
  if (!shape) return refused('unknown-command', by);
  if (!shape.Check(fields)) return refused(misshapen(kind, shape, fields), by);
  if ((kind === kindWithChunk) !== (chunk !== null && chunk.length > 0)) return refused('bad-request', by);
  // The shape was checked against the kind just above; the compiler cannot follow a table.
  return { ok: true, command: { id, by, kind: kind as CommandKind, body: fields } as Command, chunk };
};
