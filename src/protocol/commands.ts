/**
 * Commands: everything that changes anything. A command is `{id, by, kind, body}`; the sequencing server adds the time
 * and the index. Whoever may send a kind is said here; whether this person may do it here and now is decided by the
 * chat machine when the command is applied, the same on every server.
 */
import { type Static, Type } from 'typebox';
import type { ErrorCode } from './errors.ts';
import { commandIdPattern } from './ids.ts';
import { limits } from './limits.ts';

/** The id of a command, and of whatever it creates. */
export const CommandId = Type.String({ pattern: commandIdPattern, description: 'A UUID of version 7, in lower case.' });
/** A room is named by its id, or by its name. */
export const RoomRef = Type.String({ minLength: 1, maxLength: 64 });
/** What a person is allowed. */
export const Role = Type.Union([
  Type.Literal('owner'),
  Type.Literal('admin'),
  Type.Literal('member'),
  Type.Literal('guest'),
  Type.Literal('bot'),
]);
export type Role = Static<typeof Role>;
export const RoomAccess = Type.Union([Type.Literal('open'), Type.Literal('closed')]);
export type RoomAccess = Static<typeof RoomAccess>;

const closed = { additionalProperties: false } as const;
const MessageId = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: limits.messageTextMaxChars });
const UserName = Type.String({ maxLength: limits.userNameMaxChars });
/** SHA-256 of a session token, hexadecimal. The token itself is never stored. */
const TokenHash = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Kinds a signed-in client may send, and the shape of each one's body. */
export const clientCommands = {
  /** Creates a room; its id is the command's. The creator is its first member. */
  'room.create': Type.Object(
    {
      name: Type.String({ maxLength: limits.roomNameMaxChars }),
      topic: Type.Optional(Type.String({ maxLength: limits.roomTopicMaxChars })),
      access: Type.Optional(RoomAccess),
    },
    closed,
  ),
  'room.join': Type.Object({ room: RoomRef }, closed),
  'room.leave': Type.Object({ room: RoomRef }, closed),
  /** Posts a message; its id is the command's. */
  'message.post': Type.Object({ room: RoomRef, text: Text }, closed),
  'message.edit': Type.Object({ message: MessageId, text: Text }, closed),
  'message.delete': Type.Object({ message: MessageId }, closed),
  /** Says that everything in a room up to `index` has been read. Never moves back. */
  'read.mark': Type.Object({ room: RoomRef, index: Type.Integer({ minimum: 0 }) }, closed),
  /** Ends the session that sends it. The server adds which one that is. */
  'session.close': Type.Object({ tokenHash: Type.Optional(TokenHash) }, closed),
} as const;

/** Kinds only a server itself may send, `by` being `system`. */
export const systemCommands = {
  /** A new person (id = the command's) with a first session. `local`: from the machine itself; the first such is owner. */
  'user.join': Type.Object(
    { name: UserName, local: Type.Boolean(), tokenHash: TokenHash, device: Type.String({ maxLength: 200 }) },
    closed,
  ),
  /**
   * A session for the person of this name, who is made if need be. What `estafet token` sends. Without a role, who is
   * there keeps theirs, and who is made is a member.
   */
  'token.issue': Type.Object({ name: UserName, role: Type.Optional(Role), tokenHash: TokenHash }, closed),
  /** Ends the session of this token's hash. */
  'session.revoke': Type.Object({ tokenHash: TokenHash }, closed),
} as const;

/** Schemas of the bodies of all commands, by kind. */
export const commands = { ...clientCommands, ...systemCommands } as const;

export type ClientCommandKind = keyof typeof clientCommands;
export type SystemCommandKind = keyof typeof systemCommands;
export type CommandKind = keyof typeof commands;
/** The body of a command of kind `K`. */
export type CommandBody<K extends CommandKind> = Static<(typeof commands)[K]>;

/** A command as it stands in the log, its kind and body going together. `by` is a person's id, or `system`. */
export type Command = {
  [K in CommandKind]: { readonly id: string; readonly by: string; readonly kind: K; readonly body: CommandBody<K> };
}[CommandKind];

/** What became of a command. A refusal is an outcome like any other: the same on every server, and kept for retries. */
export type Outcome = { readonly ok: true; readonly user?: string } | { readonly ok: false; readonly code: ErrorCode };
