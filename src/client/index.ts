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
  Message,
  MessagePage,
  Outcome,
  Role,
  Room,
  RoomAccess,
  RoomFacts,
  ServerBrief,
  ServerRole,
  ServerView,
  SessionView,
  TopologyView,
  User,
} from '../protocol/index.ts';
export { EstafetError, errors, isCommandId, isErrorCode, limits, newCommandId } from '../protocol/index.ts';
export { connect } from './chat.ts';
export { memoryOutbox, type Outbox, type OutboxEntry } from './outbox.ts';
export { indexedDbOutbox } from './outbox-indexeddb.ts';
export type {
  Chat,
  ChatSignals,
  CommandProgress,
  ConnectionState,
  ConnectOptions,
  Continuity,
  HistoryQuery,
  PendingCommand,
  Result,
  RoomHandle,
  RoomSignals,
  Sent,
  Typing,
  Unsubscribe,
} from './types.ts';
