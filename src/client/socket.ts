/** One WebSocket to one server, with the platform's own `WebSocket`. Reports its end once, and nothing after `drop`. */
import { type ClientFrame, type ServerFrame, subprotocol } from '../protocol/index.ts';
import { closeOrCut, watchConnections } from './cut.ts';
import { parseFrame } from './parse-frame.ts';

export interface SocketHandlers {
  opened(): void;
  /** A frame came; null when it is none that this version understands. */
  frame(frame: ServerFrame | null): void;
  /** It ended. Without a code it could not be opened. */
  ended(code: number | null): void;
}

export interface Socket {
  /** Bytes not yet handed to the network. */
  readonly bufferedBytes: number;
  /** Writes a frame; a socket that is not open ignores it, and its end is reported. */
  write(frame: ClientFrame): void;
  /** Closes it and falls silent. */
  drop(): void;
}

/** Opens a socket to the server of this origin. Never throws: what fails is reported, later. */
export const openSocket = (url: string, handlers: SocketHandlers): Socket => {
  let dropped = false;
  let opened = false;
  let socket: WebSocket;
  const end = (code: number | null): void => {
    if (dropped) return;
    dropped = true;
    handlers.ended(code);
  };
  watchConnections();
  try {
    socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, [subprotocol]);
  } catch {
    queueMicrotask(() => end(null));
    return {
      bufferedBytes: 0,
      write: () => {},
      drop: () => {
        dropped = true;
      },
    };
  }
  socket.addEventListener('open', () => {
    if (dropped) return;
    opened = true;
    handlers.opened();
  });
  socket.addEventListener('message', (event) => {
    if (!dropped) handlers.frame(parseFrame(event.data));
  });
  // An error is always followed by a close, which says more. Listened to so that no platform reports it as unhandled.
  socket.addEventListener('error', () => {});
  socket.addEventListener('close', (event) => end(opened ? event.code : null));
  return {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    write: (frame) => {
      if (!dropped && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    drop: () => {
      dropped = true;
      closeOrCut(socket);
    },
  };
};
