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

/** Fields that are too long or too large by themselves have refusals of their own. `fit` is a value that would do. */
const sizeRefusals: Readonly<Partial<Record<string, readonly SizeRefusal[]>>> = {
  'message.post': [
    { field: 'text', fit: 'x', code: 'text-too-long' },
    { field: 'files', fit: [], code: 'too-many-files' },
  ],
  'message.edit': [{ field: 'text', fit: 'x', code: 'text-too-long' }],
  'message.react': [{ field: 'emoji', fit: 'x', code: 'emoji-invalid' }],
  'room.create': [{ field: 'name', fit: 'x', code: 'room-name-invalid' }],
  'room.edit': [{ field: 'name', fit: 'x', code: 'room-name-invalid' }],
  'profile.edit': [{ field: 'name', fit: 'x', code: 'name-invalid' }],
  'user.join': [{ field: 'name', fit: 'x', code: 'name-invalid' }],
  'token.issue': [{ field: 'name', fit: 'x', code: 'name-invalid' }],
  'upload.open': [
    { field: 'name', fit: 'x', code: 'file-name-invalid' },
    { field: 'size', fit: 0, code: 'file-too-large' },
  ],
};

interface SizeRefusal {
  readonly field: string;
  readonly fit: unknown;
  readonly code: ErrorCode;
}

/** Why a body does not have the shape of its kind: one field too long or too large, when nothing else is wrong with it. */
const misshapen = (kind: string, shape: Shape, body: unknown): ErrorCode => {
  if (typeof body !== 'object' || body === null) return 'bad-request';
  for (const { field, fit, code } of sizeRefusals[kind] ?? []) {
    const given = (body as Readonly<Record<string, unknown>>)[field];
    const isOfItsType = typeof given === typeof fit && Array.isArray(given) === Array.isArray(fit);
    if (isOfItsType && isLarge(given) && shape.Check({ ...body, [field]: fit })) return code;
  }
  return 'bad-request';
};

/** Whether a value may be too large: a negative number, or a file that is none, is wrong in another way. */
const isLarge = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > limits.messageFilesMax;
  return typeof value !== 'number' || (Number.isInteger(value) && value > 0);
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
