/**
 * Measures how long writes stand still. One socket to a server that survives the fault, without the SDK, on which a write
 * is begun every 2 ms, whether those before it are answered or not. The time of a takeover goes from just before the
 * signal is sent to the arrival of the first acknowledgement of a write that was begun after that.
 */
import {
  type DoneFrame,
  isErrorCode,
  newCommandId,
  retryable,
  type ServerFrame,
  subprotocol,
} from '../../protocol/index.ts';
import { chaosLimits } from './options.ts';
import type { Recorder, Running } from './recorder.ts';

const intervalMs = 2;
/** Writes in flight at which no more are begun; well above what a takeover leaves waiting. */
const openMax = 400;
/** A write that was sent back unanswered is sent again, with the same id, after this. */
const againMs = 2;
/** Writes acknowledged before the fault, so that what is measured is a system at work. */
const warmWrites = 10;

export interface TakeoverProbe {
  /** Resolves when writes go through; the fault may come. */
  readonly warm: Promise<void>;
  /** Notes the moment of the fault. Resolves with the time, in ms, until the first write begun afterwards is acknowledged. */
  fault(): Promise<number>;
  /** The longest that a write begun after the fault has taken, from its beginning to its answer. */
  readonly longestMs: number;
  /** Begins no more writes, waits until all are answered or the socket is gone, and closes it. */
  stop(): Promise<void>;
}

interface Target {
  readonly client: string;
  readonly server: string;
  readonly url: string;
  readonly token: string;
  readonly room: string;
}

/** Connects and begins to write. `warm` and `fault` reject when the socket breaks or the bound passes. */
export const startTakeoverProbe = (target: Target, recorder: Recorder): TakeoverProbe => {
  const { client, server, url, token, room } = target;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, subprotocol);
  const open = new Map<string, Running>();
  const warm = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<number>();
  const idle = Promise.withResolvers<void>();
  const deadlines: NodeJS.Timeout[] = [];
  let writing: NodeJS.Timeout | null = null;
  let faultAt: number | null = null;
  let acknowledged = 0;
  let longestMs = 0;
  // Each is rejected when nobody may be listening yet.
  for (const { promise } of [warm, resumed]) promise.catch(() => undefined);

  const fail = (why: string): void => {
    warm.reject(new Error(`probe at ${server}: ${why}`));
    resumed.reject(new Error(`probe at ${server}: ${why}`));
  };
  const send = (post: Running): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(
      JSON.stringify({ type: 'do', id: post.id, kind: 'message.post', body: { room, text: post.effect.content } }),
    );
  };
  const write = (): void => {
    if (open.size >= openMax) return;
    const id = newCommandId();
    const effect = { type: 'posted', room, subject: id, content: recorder.newText(client) } as const;
    const post = recorder.begin(client, effect, id);
    open.set(post.id, post);
    send(post);
  };
  const settle = (post: Running): void => {
    open.delete(post.id);
    if (writing === null && open.size === 0) idle.resolve();
  };

  const onDone = (frame: DoneFrame): void => {
    const post = open.get(frame.id);
    if (post === undefined) return;
    if (frame.outcome.ok) post.acknowledged(frame.index, server);
    else post.refused(frame.outcome.code, server);
    if (faultAt !== null && post.invokedAt > faultAt) {
      const now = performance.now();
      resumed.resolve(now - faultAt);
      longestMs = Math.max(longestMs, now - post.invokedAt);
    }
    settle(post);
    if (++acknowledged === warmWrites) warm.resolve();
  };
  const onFrame = (frame: ServerFrame): void => {
    if (frame.type === 'welcome') {
      writing = setInterval(write, intervalMs);
    } else if (frame.type === 'done') {
      onDone(frame);
    } else if (frame.type === 'error') {
      const post = frame.id === undefined ? undefined : open.get(frame.id);
      if (post === undefined) {
        fail(`${frame.code}: ${frame.message}`);
      } else if (isErrorCode(frame.code) && retryable.has(frame.code)) {
        setTimeout(() => send(post), againMs);
      } else {
        post.refused(frame.code, server);
        settle(post);
      }
    }
  };

  socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'hello', token })));
  socket.addEventListener('message', ({ data }) => onFrame(JSON.parse(String(data)) as ServerFrame));
  socket.addEventListener('close', ({ code, reason }) => {
    if (writing !== null) clearInterval(writing);
    fail(`the socket was closed (${code} ${reason})`);
    for (const post of open.values()) post.abandoned();
    idle.resolve();
  });
  deadlines.push(
    setTimeout(() => warm.reject(new Error(`no write goes through ${server}`)), chaosLimits.takeoverMaxMs),
  );

  return {
    warm: warm.promise,
    fault: () => {
      faultAt = performance.now();
      const passed = () => fail(`no write was acknowledged within ${chaosLimits.takeoverMaxMs / 1_000} s of the fault`);
      deadlines.push(setTimeout(passed, chaosLimits.takeoverMaxMs));
      return resumed.promise;
    },
    get longestMs() {
      return longestMs;
    },
    stop: async () => {
      if (writing !== null) clearInterval(writing);
      writing = null;
      if (open.size === 0 || socket.readyState === WebSocket.CLOSED) idle.resolve();
      deadlines.push(setTimeout(() => idle.resolve(), chaosLimits.drainMaxMs));
      await idle.promise;
      for (const deadline of deadlines) clearTimeout(deadline);
      for (const post of open.values()) post.abandoned();
      socket.close();
    },
  };
};
