/**
 * The door of the protocol: constants, errors, ids, and all types. It draws in no library, so that the SDK may use it in
 * a browser. The schemas that check input are behind `schemas.ts`.
 */

export type * from './channels.ts';
export type * from './cluster-views.ts';
export { encodeCommandBody, splitCommandBody } from './command-body.ts';
export type * from './commands.ts';
export { type ErrorBody, type ErrorCode, EstafetError, errors, isErrorCode, retryable } from './errors.ts';
export type * from './events.ts';
export type * from './frames.ts';
export { commandIdFrom, commandIdTime, isCommandId, newCommandId } from './ids.ts';
export type * from './lab-api.ts';
export type * from './lab-views.ts';
export type * from './lab-words.ts';
export { limits } from './limits.ts';
export { type Order, type OrderAnswer, type OrderedAction, orderedActions } from './orders.ts';
export type * from './views.ts';
export { closeCodes, generalRoom, sessionCookie, subprotocol, systemUser } from './wire.ts';
