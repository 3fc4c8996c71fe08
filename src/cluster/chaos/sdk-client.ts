/** One client with the SDK: does what the load does, fails over as the SDK does, and writes down every event it receives. */
import { connect } from '../../client/index.ts';
import { EstafetError, retryable } from '../../protocol/index.ts';
import type { Entry, Stream } from '../checker/index.ts';
import { entryOf } from './events.ts';
import { planNext } from './kinds.ts';
import type { Client, LoadContext } from './load.ts';

/** Commands without an answer at which a client leaves some out. */
const openMax = 64;

export interface SdkClient extends Client {
  readonly name: string;
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
  readonly received: Entry[];
  upto: number | null;
}

/** Connects. The stream begins after position `after`. */
export const startSdkClient = (context: LoadContext, after: number): SdkClient => {
  const { actor, token, servers, rate, entries, nameOf } = context;
  const { name, random, recorder } = actor;
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
    const entry = entryOf(event, nameOf, name);
    if (entry !== null) sections.at(-1)!.received.push(entries.intern(entry));
  });
  chat.on('reset', ({ index }) => {
    sections.at(-1)!.upto = chat.position;
    sections.push({ after: index, received: [], upto: null });
  });

  const doOnce = async (): Promise<void> => {
    const planned = planNext(actor);
    const running = recorder.begin(name, planned.effect, planned.id);
    open++;
    try {
      const { index } = await chat.do(planned.kind, planned.body, { id: planned.id });
      running.acknowledged(index, chat.server);
      planned.done?.(index);
    } catch (error) {
      if (error instanceof EstafetError && !retryable.has(error.code)) running.refused(error.code, chat.server);
      else running.abandoned();
    } finally {
      planned.ended?.();
      open--;
    }
  };

  const schedule = (): void => {
    timer = setTimeout(() => {
      schedule();
      if (open < openMax) void doOnce();
    }, random.waitMs(rate));
  };
  schedule();

  return {
    name,
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
        return { client: name, after: section.after, upto: section.upto ?? upto, received: section.received };
      }),
    close: () => chat.close(),
  };
};
