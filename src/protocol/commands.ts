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
/** `open`: anybody may come in. `closed`: members bring others in. `direct`: a conversation of a few people, for ever. */
export const RoomAccess = Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('direct')]);
export type RoomAccess = Static<typeof RoomAccess>;
/** Of what in a room a person wants to be notified. */
export const NotifyLevel = Type.Union([Type.Literal('all'), Type.Literal('mentions'), Type.Literal('none')]);
export type NotifyLevel = Static<typeof NotifyLevel>;

const closed = { additionalProperties: false } as const;
const MessageId = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: limits.messageTextMaxChars });
const UserName = Type.String({ maxLength: limits.userNameMaxChars });
/** SHA-256 of a session token, hexadecimal. The token itself is never stored. */
const TokenHash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const UserId = Type.String({ minLength: 1, maxLength: 64 });
/** A file's id is that of the upload that brought it. */
const FileId = CommandId;
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal.' });
const Pixels = Type.Integer({ minimum: 1, maximum: 100_000 });
const Topic = Type.String({ maxLength: limits.roomTopicMaxChars });
const Epoch = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const ServerName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });
/** Milliseconds since 1970, with a fraction; null when it was not measured. */
const MeasuredAt = Type.Union([Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()]);

/** Why a server became primary. */
export const TakeoverCause = Type.Union([
  Type.Literal('founded', { description: 'The cluster’s first primary.' }),
  Type.Literal('died', { description: 'The link to the primary broke.' }),
  Type.Literal('hung', { description: 'The primary was silent for too long.' }),
  Type.Literal('handed-over', { description: 'The primary stepped down.' }),
  Type.Literal('started', { description: 'No primary was there when this server started.' }),
]);
export type TakeoverCause = Static<typeof TakeoverCause>;

/** Kinds a signed-in client may send, and the shape of each one's body. */
export const clientCommands = {
  /** Creates a room; its id is the command's. The creator is its first member. */
  'room.create': Type.Object(
    {
      name: Type.String({ maxLength: limits.roomNameMaxChars }),
      topic: Type.Optional(Topic),
      access: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
    },
    closed,
  ),
  /** Renames a room or changes its topic. Its members may; of `general`, owners and admins. */
  'room.edit': Type.Object(
    {
      room: RoomRef,
      name: Type.Optional(Type.String({ maxLength: limits.roomNameMaxChars })),
      topic: Type.Optional(Topic),
    },
    closed,
  ),
  /** An archived room can be read and searched; nothing is said in it until it is taken back. */
  'room.archive': Type.Object({ room: RoomRef, archived: Type.Boolean() }, closed),
  /** A member brings somebody in. Guests cannot be brought into closed rooms. */
  'room.invite': Type.Object({ room: RoomRef, user: UserId }, closed),
  /** Takes somebody out: the room's creator, an owner or an admin may. */
  'room.remove': Type.Object({ room: RoomRef, user: UserId }, closed),
  /** Of what in this room the sender wants to be notified. */
  'room.notify': Type.Object({ room: RoomRef, level: NotifyLevel }, closed),
  /** Opens the conversation of the sender and these people: the one there is, or a new one. The outcome names it. */
  'direct.open': Type.Object(
    { users: Type.Array(UserId, { minItems: 1, maxItems: limits.directMembersMax - 1 }) },
    closed,
  ),
  'room.join': Type.Object({ room: RoomRef }, closed),
  'room.leave': Type.Object({ room: RoomRef }, closed),
  /**
   * Posts a message; its id is the command's. With files the text may be empty. `@name` in the text mentions who is in
   * the room, `@room` everybody in it.
   */
  'message.post': Type.Object(
    {
      room: RoomRef,
      text: Text,
      replyTo: Type.Optional(MessageId),
      files: Type.Optional(Type.Array(FileId, { maxItems: limits.messageFilesMax })),
    },
    closed,
  ),
  'message.edit': Type.Object({ message: MessageId, text: Text }, closed),
  'message.delete': Type.Object({ message: MessageId }, closed),
  /** Adds a reaction of the sender's, or takes it back. Doing it twice changes nothing. */
  'message.react': Type.Object(
    { message: MessageId, emoji: Type.String({ minLength: 1, maxLength: limits.emojiMaxChars }), on: Type.Boolean() },
    closed,
  ),
  /** Pins a message to its room, or takes the pin out. */
  'message.pin': Type.Object({ message: MessageId, on: Type.Boolean() }, closed),
  /**
   * What one says of oneself. An empty `avatar` takes the picture away; else it is the id of an image of one's own, of at
   * most `limits.pictureMaxBytes`.
   */
  'profile.edit': Type.Object(
    {
      name: Type.Optional(UserName),
      about: Type.Optional(Type.String({ maxLength: limits.userAboutMaxChars })),
      avatar: Type.Optional(Type.Union([FileId, Type.Literal('')])),
    },
    closed,
  ),
  /** Gives somebody another role: owners any, admins any but owner and admin. */
  'user.role': Type.Object({ user: UserId, role: Role }, closed),
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
  /** Another session of a person, who has shown a password. */
  'session.open': Type.Object({ user: UserId, tokenHash: TokenHash, device: Type.String({ maxLength: 200 }) }, closed),
  /**
   * The argon2id hash of a person's new password. Ends their other sessions when `endsOthers` names the one that stays;
   * that must be theirs still.
   */
  'password.set': Type.Object(
    { user: UserId, hash: Type.String({ minLength: 1, maxLength: 300 }), endsOthers: Type.Optional(TokenHash) },
    closed,
  ),
  /** Begins an upload; its id, and later the file's, is the command's. */
  'upload.open': Type.Object(
    {
      user: UserId,
      name: Type.String({ minLength: 1, maxLength: limits.fileNameMaxChars }),
      type: Type.String({ maxLength: 100, description: 'The media type that the client names.' }),
      size: Type.Integer({ minimum: 0, maximum: limits.fileMaxBytes }),
      sha256: Type.Optional(Sha256),
      width: Type.Optional(Pixels),
      height: Type.Optional(Pixels),
    },
    closed,
  ),
  /** The next chunk of an upload. Its bytes follow the JSON in the entry (see `command-body.ts`). */
  'upload.write': Type.Object({ upload: FileId, offset: Type.Integer({ minimum: 0 }) }, closed),
  /** All chunks are there and the whole has this SHA-256: the upload is a file now. */
  'upload.finish': Type.Object({ upload: FileId, sha256: Sha256 }, closed),
  /** Gives an upload up, or a file that no message uses. */
  'upload.cancel': Type.Object({ upload: FileId }, closed),
  /** Gives up what was begun or finished before a time (ms since 1970) and is used by nothing. */
  'upload.expire': Type.Object({ before: Type.Integer({ minimum: 0 }) }, closed),
  /** Ends the session of this token's hash. */
  'session.revoke': Type.Object({ tokenHash: TokenHash }, closed),
  /**
   * A numbered request of a person's, which asks for nothing but to be processed: its outcome names its label. With
   * `failIn`, the primary of that epoch dies of it before anybody else has it; another one processes it.
   */
  'request.run': Type.Object({ user: UserId, failIn: Type.Optional(Epoch) }, closed),
  /**
   * This server is the primary of this epoch: the first thing that it writes of its own. `previous` is who led before,
   * as far as it knows, in the epoch `previousEpoch`.
   */
  'takeover.begun': Type.Object(
    {
      epoch: Epoch,
      server: ServerName,
      previous: Type.Union([ServerName, Type.Null()]),
      previousEpoch: Type.Optional(Epoch),
      cause: TakeoverCause,
    },
    closed,
  ),
  /** How long that takeover took, once its first write was acknowledged. */
  'takeover.timed': Type.Object(
    {
      epoch: Epoch,
      lastSignAt: MeasuredAt,
      detectedAt: MeasuredAt,
      lockedAt: MeasuredAt,
      durableAt: MeasuredAt,
      acknowledgedAt: MeasuredAt,
    },
    closed,
  ),
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
export type Outcome =
  | {
      readonly ok: true;
      /** Whom a command made or signed in. */
      readonly user?: string;
      /** Which conversation `direct.open` opened. */
      readonly room?: string;
      /** The label that `request.run` got: `data-1`, `data-2`, … */
      readonly request?: string;
    }
  | { readonly ok: false; readonly code: ErrorCode };
