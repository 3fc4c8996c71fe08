/**
 * The stable codes by which Estafet refuses, and what each means. A code never changes its meaning; the sentence may.
 * Clients translate by code; the sentence is for logs, scripts and developers.
 */

/** Code → HTTP status and the sentence that goes with it. */
export const errors = {
  // What was sent is not understood.
  'bad-json': { status: 400, message: 'The body is not valid JSON.' },
  'bad-frame': { status: 400, message: 'The frame does not have the shape its type asks for.' },
  'bad-request': { status: 400, message: 'The request does not have the shape this address asks for.' },
  'unknown-frame': { status: 400, message: 'There is no frame of this type.' },
  'unknown-command': { status: 400, message: 'There is no command of this kind.' },
  'bad-id': { status: 400, message: 'A command id is a UUID of version 7 in lower case.' },
  'bad-query': { status: 400, message: 'The search has no words, or one of its conditions is not understood.' },
  'too-large': { status: 413, message: 'What was sent is larger than the limit.' },
  'not-found': { status: 404, message: 'There is nothing at this address.' },

  // Who is asking.
  'not-signed-in': { status: 401, message: 'A session is needed: join first, or send a bearer token.' },
  'session-ended': { status: 401, message: 'This session has ended; sign in again.' },
  'foreign-origin': { status: 403, message: 'This page’s address is not one of the cluster’s own.' },
  'wrong-password': { status: 401, message: 'There is nobody of this name with this password.' },
  'password-invalid': { status: 400, message: 'A password has at least 8 characters, and at most 200.' },
  'not-allowed': { status: 403, message: 'Your role does not allow this.' },

  // What the chat machine refuses. The same on every server.
  'name-taken': { status: 409, message: 'Somebody here already has this name.' },
  'name-invalid': { status: 400, message: 'A name needs at least one visible character and has a length limit.' },
  'room-name-taken': { status: 409, message: 'There is already a room of this name.' },
  'room-name-invalid': {
    status: 400,
    message: 'A room’s name has letters or digits, and besides them only hyphens and underscores.',
  },
  'no-such-room': { status: 404, message: 'There is no such room, or it is closed to you.' },
  'no-such-message': { status: 404, message: 'There is no such message, or it is closed to you.' },
  'no-such-user': { status: 404, message: 'There is no such person here.' },
  'not-a-member': { status: 403, message: 'Join the room first.' },
  'not-the-author': { status: 403, message: 'Only its author may do this to a message.' },
  'text-empty': { status: 400, message: 'A message needs some text.' },
  'text-too-long': { status: 413, message: 'The text is longer than the limit.' },
  'message-deleted': { status: 409, message: 'The message has been deleted.' },
  'cannot-leave-general': { status: 409, message: 'Everybody is in #general.' },
  'room-archived': { status: 409, message: 'The room is archived: take it back first.' },
  'room-direct': { status: 409, message: 'A conversation between people has no name, and nobody comes or goes.' },
  'emoji-invalid': { status: 400, message: 'A reaction is one emoji.' },
  'too-many-reactions': { status: 409, message: 'The message has as many different reactions as it can.' },
  'too-many-pins': { status: 409, message: 'The room has as many pinned messages as it can: take one out first.' },
  'no-such-file': { status: 404, message: 'There is no such file, or it is closed to you.' },
  'too-many-files': { status: 400, message: 'A message has a limit of files.' },
  'file-name-invalid': { status: 400, message: 'A file needs a name, and it has a length limit.' },
  'file-too-large': { status: 413, message: 'The file is larger than the limit.' },
  'files-full': { status: 507, message: 'The workspace has no room for more files: delete some first.' },
  'too-many-uploads': { status: 429, message: 'You have too many uploads that no message uses yet.' },
  'offset-mismatch': {
    status: 409,
    message: 'The upload stands at another offset: ask for it, then go on from there.',
  },
  'upload-incomplete': { status: 409, message: 'The upload has not arrived whole yet.' },
  'upload-finished': { status: 409, message: 'The upload has arrived whole already.' },
  'checksum-mismatch': { status: 422, message: 'What arrived is not what was sent: its SHA-256 is another.' },
  'last-owner': { status: 409, message: 'A workspace keeps an owner: make somebody else one first.' },
  'workspace-full': { status: 409, message: 'The workspace has reached its limit of people or rooms.' },
  'id-reused': { status: 409, message: 'This id belongs to another command of somebody else.' },
  'id-too-old': {
    status: 409,
    message: 'This command is older than what the workspace remembers; look first, then do it again.',
  },

  // What is done to the cluster on purpose.
  'chaos-off': {
    status: 403,
    message: 'Breaking things on purpose is off here: the cluster was started with --no-chaos.',
  },
  'no-supervisor': {
    status: 503,
    message: 'Nobody runs the servers of this cluster, so this cannot be done: start "estafet up" again.',
  },
  'no-such-server': { status: 404, message: 'There is no server of this name.' },
  'last-server': { status: 409, message: 'It is the last server that has everything that was acknowledged.' },
  'servers-max': { status: 409, message: 'The cluster has as many servers as it can.' },
  'not-possible': { status: 409, message: 'This cannot be done to the server as it is now.' },
  'action-failed': {
    status: 500,
    message: 'It was tried and failed; the log of the supervisor or the server says why.',
  },

  // What a client says of the device it runs on; no server does.
  'storage-full': { status: 507, message: 'This device has no space left for what waits to be sent.' },
  'storage-refused': { status: 507, message: 'This browser keeps nothing for this page; what waits ends with it.' },

  // Whether it was done.
  unavailable: {
    status: 503,
    message: 'No server can take writes at the moment; nothing was done. Send it again with the same id.',
  },
  unknown: {
    status: 504,
    message: 'It is not known whether this was done. Send it again with the same id: it has one effect.',
  },
  'disk-full': { status: 507, message: 'A server’s disk is full: nothing was stored. Somebody has to make room.' },
  'too-many-requests': { status: 429, message: 'Too many attempts; wait a little.' },
  overloaded: { status: 503, message: 'The server has too much waiting. Send it again with the same id, later.' },
  'too-many-in-flight': { status: 429, message: 'This connection has too many commands waiting for their answer.' },
  'too-slow': { status: 503, message: 'This connection reads too slowly; connect again and resume.' },
  'shutting-down': { status: 503, message: 'This server is stopping; another one serves you.' },
  internal: { status: 500, message: 'The server failed at this; its log says why.' },
} as const satisfies Record<string, { status: number; message: string }>;

/** A stable error code. */
export type ErrorCode = keyof typeof errors;

/** Whether a string is one of the protocol's error codes. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errors, code);

/** Codes after which the same command, with the same id, should be sent again. */
export const retryable: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unavailable',
  'unknown',
  'overloaded',
  'too-many-in-flight',
  'too-slow',
  'shutting-down',
]);

/** How an error looks on the wire, in HTTP bodies and in frames. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
}

/** An error with a stable code. `detail` names the value and what to do next; without it the code's own sentence is used. */
export class EstafetError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? errors[code].message, options);
    this.name = 'EstafetError';
    this.code = code;
  }

  /** The HTTP status that goes with the code. */
  get status(): number {
    return errors[this.code].status;
  }

  /** The wire form. */
  toBody(): ErrorBody {
    return { code: this.code, message: this.message };
  }
}
