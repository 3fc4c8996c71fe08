/** The door of the files room: the pieces of files, as they lie on a server's disk. */

export { type Brought, bringPieces, findPiece } from './bring-pieces.ts';
export { DamagedPiece, hashOf, PieceStore } from './piece-store.ts';
