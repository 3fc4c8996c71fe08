/**
 * What each server tells of the past: all events, as it gives them to the witness, who is in every room. A server is
 * asked as any client that resumes asks it, over a socket to that server alone. A server remembers events for so many
 * positions only, so a long run asks in between.
 */
import { limits, type ServerFrame, subprotocol } from '../../protocol/index.ts';
import type { Entry, ServerHistory } from '../checker/index.ts';
import { type Entries, entryOf, type NameOf } from './events.ts';
import { chaosLimits } from './options.ts';
import { ChaosFailure } from './waiting.ts';

/** Positions after which the servers are asked while the run goes on. */
const everyPositions = limits.eventsKeptPositions / 4;

export interface ServerHistories {
  /** Whether so much has happened since that the servers should be asked. */
  isDue(index: number): boolean;
  /** Asks every server for all up to `index`, which each must have applied. */
  readUpto(index: number): Promise<void>;
  readonly all: readonly ServerHistory[];
}

export interface Witness {
  readonly name: string;
  readonly token: string;
  readonly nameOf: NameOf;
}

/** Nothing is asked yet. */
export const newServerHistories = (
  servers: readonly { readonly name: string; readonly url: string }[],
  witness: Witness,
  entries: Entries,
): ServerHistories => {
  const told = servers.map(({ name, url }) => ({ server: name, url, entries: [] as Entry[] }));
  let upto = 0;
  return {
    isDue: (index) => index - upto > everyPositions,
    readUpto: async (index) => {
      await Promise.all(
        told.map(async ({ server, url, entries: own }) => {
          const more = await eventsBetween({ server, url, after: upto, upto: index }, witness);
          for (const entry of more) if (!isPartOf(own.at(-1), entry)) own.push(entries.intern(entry));
        }),
      );
      upto = index;
    },
    all: told,
  };
};

/** Who makes a room is told that they entered it as well; for all others that goes with the making. */
const isPartOf = (before: Entry | undefined, { type, index, room, subject }: Entry): boolean =>
  before?.type === 'created' &&
  type === 'joined' &&
  before.index === index &&
  before.room === room &&
  before.subject === subject;

interface Stretch {
  readonly server: string;
  readonly url: string;
  readonly after: number;
  readonly upto: number;
}

/** The events of one server after `after` and up to `upto`, in the order in which it tells them. */
const eventsBetween = ({ server, url, after, upto }: Stretch, { name, token, nameOf }: Witness): Promise<Entry[]> => {
  const { promise, resolve, reject } = Promise.withResolvers<Entry[]>();
  const told: Entry[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, subprotocol);
  const fail = (why: string): void => reject(new ChaosFailure(`${server} does not tell what happened: ${why}`));
  const deadline = setTimeout(() => fail('it takes too long'), chaosLimits.settleMaxMs);

  const onFrame = (frame: ServerFrame): void => {
    if (frame.type === 'welcome' && frame.index !== after) fail(`it begins at ${frame.index}, not at ${after}`);
    else if (frame.type === 'reset') fail(`it has forgotten what was before ${frame.index}`);
    else if (frame.type === 'error') fail(`${frame.code}: ${frame.message}`);
    else if (frame.type === 'events') {
      for (const event of frame.events) {
        const entry = event.index > upto ? null : entryOf(event, nameOf, name);
        if (entry !== null) told.push(entry);
      }
      if (frame.upto >= upto) resolve(told);
    }
  };
  socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'hello', token, after })));
  socket.addEventListener('message', ({ data }) => onFrame(JSON.parse(String(data)) as ServerFrame));
  socket.addEventListener('close', ({ code, reason }) => fail(`the socket was closed (${code} ${reason})`));
  return promise.finally(() => {
    clearTimeout(deadline);
    socket.close();
  });
};
