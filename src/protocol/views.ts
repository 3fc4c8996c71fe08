/** What people and programs get to see: the shapes of answers, in HTTP and in frames. */
import { type Static, Type } from 'typebox';
import { NotifyLevel, Role, RoomAccess } from './commands.ts';

const Index = Type.Integer({ minimum: 0, description: 'A position in the replicated log.' });
const Millis = Type.Integer({ description: 'Milliseconds since 1970, UTC.' });

/** A person or a bot. */
export const User = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  joinedAt: Millis,
  about: Type.Optional(Type.String({ description: 'What they say of themselves.' })),
  avatar: Type.Optional(Type.String({ description: 'The id of the file that is their picture.' })),
});
export type User = Static<typeof User>;

/** A room as one person sees it. */
export const Room = Type.Object({
  id: Type.String(),
  name: Type.String(),
  topic: Type.String(),
  access: RoomAccess,
  archived: Type.Optional(Type.Literal(true)),
  with: Type.Optional(Type.Array(Type.String(), { description: 'Of a direct room: the ids of all who are in it.' })),
  createdBy: Type.String({ description: 'A person’s id, or `system`.' }),
  createdAt: Millis,
  members: Type.Integer({ description: 'How many people are in it.' }),
  joined: Type.Boolean({ description: 'Whether the one who asks is in it.' }),
  lastIndex: Type.Integer({ minimum: 0, description: 'Index of its newest message; 0 when it has none.' }),
  readIndex: Type.Integer({ minimum: 0, description: 'Up to where the one who asks has read.' }),
  unread: Type.Integer({ minimum: 0, description: 'Messages of others after `readIndex`, counted up to 1000.' }),
  mentions: Type.Integer({ minimum: 0, description: 'Of these, how many mention the one who asks.' }),
  notify: NotifyLevel,
});
export type Room = Static<typeof Room>;

/** A file that somebody uploaded. */
export const FileView = Type.Object({
  id: Type.String({ description: 'The id of the upload that brought it.' }),
  name: Type.String(),
  type: Type.String({ description: 'The media type that its uploader named.' }),
  size: Type.Integer({ minimum: 0, description: 'Bytes.' }),
  sha256: Type.String({ description: 'Hexadecimal.' }),
  width: Type.Optional(Type.Integer({ description: 'Of an image or a video, pixels.' })),
  height: Type.Optional(Type.Integer()),
});
export type FileView = Static<typeof FileView>;

/** The message that another one answers, as far as it is quoted. */
export const Quote = Type.Object({
  id: Type.String(),
  index: Index,
  by: Type.String(),
  name: Type.String(),
  text: Type.String({ description: 'Its beginning; empty when it has been deleted or has files only.' }),
  deleted: Type.Optional(Type.Literal(true)),
});
export type Quote = Static<typeof Quote>;

/** Who reacted to a message with one emoji. */
export const Reaction = Type.Object({
  emoji: Type.String(),
  count: Type.Integer({ minimum: 1 }),
  by: Type.Array(Type.String(), { description: 'Ids of the first of them, and of the one who asks.' }),
});
export type Reaction = Static<typeof Reaction>;

/** A message. A deleted one stays in its place, without its text. In events it is without reactions. */
export const Message = Type.Object({
  id: Type.String({ description: 'The id of the command that posted it.' }),
  index: Index,
  room: Type.String({ description: 'The room’s id.' }),
  text: Type.String(),
  by: Type.String({ description: 'The author’s id.' }),
  name: Type.String({ description: 'The author’s name.' }),
  at: Millis,
  editedAt: Type.Optional(Millis),
  deleted: Type.Optional(Type.Literal(true)),
  replyTo: Type.Optional(Quote),
  files: Type.Optional(Type.Array(FileView)),
  mentions: Type.Optional(Type.Array(Type.String(), { description: 'Ids of people, and `room` for all in the room.' })),
  reactions: Type.Optional(Type.Array(Reaction)),
  pinned: Type.Optional(Type.Object({ by: Type.String(), at: Millis })),
});
export type Message = Static<typeof Message>;

/** A page of a room's history, oldest first. `next` is the `after` (or `before`) of the page that follows, or null. */
export const MessagePage = Type.Object({
  messages: Type.Array(Message),
  next: Type.Union([Index, Type.Null()]),
  newer: Type.Optional(
    Type.Union([Index, Type.Null()], { description: 'Of a page around an index: the `after` of the page behind it.' }),
  ),
});
export type MessagePage = Static<typeof MessagePage>;

/** An earlier wording of a message. */
export const Wording = Type.Object({ text: Type.String(), at: Millis });
export type Wording = Static<typeof Wording>;

/** Somebody in a room. */
export const Member = Type.Object({
  user: User,
  readIndex: Type.Integer({ minimum: 0, description: 'Up to where they have read.' }),
});
export type Member = Static<typeof Member>;

/** A message that a search found. */
export const SearchHit = Type.Object({
  message: Message,
  roomName: Type.String(),
  ranges: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), {
    description: 'Where the words stand in the text: from and to, in UTF-16 units, ascending, apart.',
  }),
});
export type SearchHit = Static<typeof SearchHit>;

/** What a search found, the newest first. `next` is the `before` of the page that follows, or null. */
export const SearchPage = Type.Object({
  hits: Type.Array(SearchHit),
  next: Type.Union([Index, Type.Null()]),
  indexedUpTo: Type.Integer({ minimum: 0, description: 'Up to which index messages can be found already.' }),
});
export type SearchPage = Static<typeof SearchPage>;

export const ServerRole = Type.Union([Type.Literal('primary'), Type.Literal('backup'), Type.Literal('down')]);
export type ServerRole = Static<typeof ServerRole>;

/** One server, as the others know it. Of a server that is down these are the last things known. */
export const ServerView = Type.Object({
  name: Type.String(),
  url: Type.String({ description: 'Its own address, on the host name the request was made to.' }),
  pid: Type.Integer(),
  role: ServerRole,
  epoch: Type.Integer({ description: 'Grows by one at each takeover.' }),
  last: Index,
  committed: Index,
  applied: Index,
  inSync: Type.Boolean({ description: 'Whether an entry must be on its disk before it is acknowledged.' }),
  fetching: Type.Union([Type.Object({ done: Type.Integer(), of: Type.Integer() }), Type.Null()], {
    description: 'Bytes of a snapshot that it has copied, of how many, while it does.',
  }),
  fingerprint: Type.String({ description: 'The chain’s hash at `applied`, hexadecimal.' }),
  connections: Type.Integer(),
  uptimeMs: Type.Integer(),
});
export type ServerView = Static<typeof ServerView>;

/** The cluster as one server sees it. */
export const TopologyView = Type.Object({
  cluster: Type.String({ description: 'The cluster’s id.' }),
  epoch: Type.Integer(),
  primary: Type.Union([Type.String(), Type.Null()], { description: 'The primary’s name, or null during a takeover.' }),
  you: Type.String({ description: 'The server that answers.' }),
  servers: Type.Array(ServerView),
});
export type TopologyView = Static<typeof TopologyView>;

/** The chain's hash at one index on the server that answers: equal on two servers means equal histories up to there. */
export const FingerprintView = Type.Object({
  server: Type.String({ description: 'The server that answers.' }),
  index: Index,
  fingerprint: Type.Union([Type.String(), Type.Null()], {
    description: 'Hexadecimal; null when the server does not know that index to be committed.',
  }),
  applied: Index,
});
export type FingerprintView = Static<typeof FingerprintView>;

/** Who one is, and with what right. */
export const SessionView = Type.Object({
  user: User,
  workspace: Type.String(),
  hasPassword: Type.Boolean({ description: 'Whether one can sign in again with a password.' }),
});
export type SessionView = Static<typeof SessionView>;
