/** The door of the chat room. */

export { type Chat, openChat } from './chat.ts';
export { isBroken, isDamaged, isOutdated } from './damage.ts';
export type { Applied, LogEntry, Position } from './machine/machine.ts';
export { userName } from './machine/names.ts';
export type { Retention } from './machine/outcomes.ts';
export type { Piece, PieceName, RoomFile, StoredFile, UploadState } from './queries/files.ts';
export type { PageQuery } from './queries/history.ts';
export type { RequestQueries, ServerRequests } from './queries/requests.ts';
export { snapshotBytes, snapshotPieces, snapshotPlace, writeSnapshot } from './snapshot.ts';
