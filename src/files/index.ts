/** The door of the files room: the pieces of files, as they lie on a server's disk. */

export { type Brought, bringPieces, completePieces } from './bring-pieces.ts';
export { piecesBeside, piecesFolderOf } from './folders.ts';
export { DamagedPiece, hashOf, PieceStore } from './piece-store.ts';
