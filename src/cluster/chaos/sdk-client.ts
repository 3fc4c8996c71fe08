/** One client with the SDK: posts to its rooms, fails over as the SDK does, and writes down every event it receives. */
import { connect } from '../../client/index.ts';
import { EstafetError, retryable } from '../../protocol/index.ts';
import type { Received, Stream } from '../checker/index.ts';
import type { LoadContext, Poster } from './load.ts';

/** Posts without an answer at which a client leaves some out. */
const openMax = 64;

export interface SdkClient extends Poster {
  /** Position up to which it has received everything. */
  readonly position: number;
  readonly connections: number;
  /** Whether it is connected, or has been told that it never will be. */
  readonly isSettled: boolean;
  /** How often it was told that it had missed something. */
  readonly resets: number;
  /** The code with which it was told that its session, which is good, is not; null as it should be. */
  readonly turnedAway: string | null;
  /** What it received; more than one stream when it was told that it had missed something (`reset`). */
  streams(upto: number): readonly Stream[];
  close(): void;
}

interface Section {
  readonly after: number;
  readonly received: Received[];
  upto: number | null;
}

/**
 * Connects. The stream begins after position `after`, at which the client is in all its rooms already.
 */
export const startSdkClient = (context: LoadContext, after: number): SdkClient => {
  const { name, token, servers, rooms, rate, random, recorder } = context;
  const chat = connect({ servers: servers.map(({ url }) => url), token, after });
  const sections: Section[] = [{ after, received: [], upto: null }];
  let connections = 0;
  let turnedAway: string | null = null;
  let open = 0;
  let timer: NodeJS.Timeout | null = null;

  chat.on('state', (state) => {
    if (state.kind === 'online') connections++;
    if (state.kind === 'signed-out') turnedAway = state.code;
  });
  chat.on('event', (event) => {
    if (event.type !== 'message.posted') return;
    const { id, room } = event.message;
    sections.at(-1)!.received.push({ index: event.index, id, room, connection: connections });
  });
  chat.on('reset', ({ index }) => {
    sections.at(-1)!.upto = chat.position;
    sections.push({ after: index, received: [], upto: null });
  });

  const postOnce = async (): Promise<void> => {
    const post = recorder.post(name, random.pick(rooms));
    open++;
    try {
      const { index } = await chat.do('message.post', { room: post.room, text: post.text }, { id: post.id });
      post.acknowledged(index, chat.server);
    } catch (error) {
      if (error instanceof EstafetError && !retryable.has(error.code)) post.refused(error.code, chat.server);
      else post.abandoned();
    } finally {
      open--;
    }
  };

  const schedule = (): void => {
    timer = setTimeout(() => {
      schedule();
      if (open < openMax) void postOnce();
    }, random.waitMs(rate));
  };
  schedule();

  return {
    get position() {
      return chat.position;
    },
    get isSettled() {
      return chat.state.kind === 'online' || turnedAway !== null;
    },
    get turnedAway() {
      return turnedAway;
    },
    get resets() {
      return sections.length - 1;
    },
    get connections() {
      return connections;
    },
    stop: async () => {
      if (timer !== null) clearTimeout(timer);
    },
    streams: (upto) =>
      sections.map((section) => {
        return { client: name, rooms, after: section.after, upto: section.upto ?? upto, received: section.received };
      }),
    close: () => chat.close(),
  };
};
