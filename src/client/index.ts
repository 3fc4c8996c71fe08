/**
 * The door of the SDK, `estafet/client`: for browsers and Node, without any dependency.
 *
 * ```ts
 * const chat = connect({ servers: ['http://localhost:8080'], token });
 * chat.room('general').on('message', (message) => console.log(message.name, message.text));
 * await chat.room('general').send('hello');
 * ```
 */

export type {
  ChatEvent,
  ClientCommandKind,
  ClusterBrief,
  CommandBody,
  ErrorCode,
  FileView,
  Member,
  Message,
  MessagePage,
  NotifyLevel,
  Outcome,
  Quote,
  Reaction,
  Role,
  Room,
  RoomAccess,
  RoomFacts,
  SearchHit,
  SearchPage,
  ServerBrief,
  ServerRole,
  ServerView,
  SessionView,
  TopologyView,
  User,
  Wording,
} from '../protocol/index.ts';
export { EstafetError, errors, isCommandId, isErrorCode, limits, newCommandId } from '../protocol/index.ts';
export { connect } from './chat.ts';
export type { Result, Sent, Typing, Unsubscribe } from './common-types.ts';
export { memoryOutbox, type Outbox, type OutboxEntry } from './outbox.ts';
export { indexedDbOutbox } from './outbox-indexeddb.ts';
export type { HistoryQuery, RoomHandle, RoomSignals, SendOptions } from './room-types.ts';
export type {
  Chat,
  ChatSignals,
  CommandProgress,
  ConnectionState,
  ConnectOptions,
  Continuity,
  PendingCommand,
} from './types.ts';
export type { CreateRoomOptions, SearchQuery, Workspace } from './workspace-types.ts';
