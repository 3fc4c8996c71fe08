/** One look at a room over HTTP, written down for the checker. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Message, MessagePage, Room, TopologyView } from '../../protocol/index.ts';
import type { Shown } from '../checker/index.ts';
import { ask } from './api.ts';
import { type NameOf, pinned, reactionOf } from './events.ts';
import type { Recorder } from './recorder.ts';

/** Who looks, and where. */
export interface Reader {
  readonly client: string;
  readonly token: string;
  readonly server: { readonly name: string; readonly url: string };
}

const pageLimit = 30;
/** How often, and how far apart, a server is asked whether it has applied what another one has acknowledged. */
const lookMax = 10;
const lookEveryMs = 20;

/** A message as the checker knows it. */
export const shownOf = ({ id, index, text, deleted }: Message): Shown => {
  return { id, index, content: deleted === true ? null : text };
};

/** A message with its reactions and its pin. Who has reacted is told of so many people only, so those must be few. */
export const wholeOf = (message: Message, nameOf: NameOf): Shown => {
  const reactions = (message.reactions ?? []).flatMap(({ emoji, by, count }) => {
    const who = by.map((id) => reactionOf(nameOf(id), emoji));
    // A count that is not that of the people is content too, and wrong.
    return count === by.length ? who : [...who, `${count} times ${emoji}`];
  });
  return { ...shownOf(message), attached: message.pinned === undefined ? reactions : [...reactions, pinned] };
};

/** Reads the newest page of a room, or the room itself. `applied` is what the server has just said of itself, or 0. */
export const lookAt = async (
  what: 'page' | 'room',
  room: string,
  { client, token, server }: Reader,
  applied: number,
  recorder: Recorder,
): Promise<void> => {
  const path = what === 'page' ? `/rooms/${room}/messages?limit=${pageLimit}` : `/rooms/${room}`;
  const invokedAt = performance.now();
  const answer = await ask(server.url, path, { token }).catch(() => null);
  if (answer?.status !== 200) return;
  const look = { client, server: server.name, room, invokedAt, completedAt: performance.now(), applied };
  if (what === 'page') {
    const messages = (answer.body as MessagePage).messages.map(shownOf);
    recorder.read({ ...look, what, limit: pageLimit, messages });
  } else {
    const { members, joined } = answer.body as Room;
    recorder.read({ ...look, what, members, joined });
  }
};

/** How far a server says that it has applied the log, once that is at least `index`; 0 when it does not get there soon. */
export const appliedAt = async (url: string, index: number): Promise<number> => {
  for (let looks = 0; looks < lookMax; looks++) {
    const answer = await ask(url, '/topology').catch(() => null);
    if (answer?.status !== 200) return 0;
    const { you, servers } = answer.body as TopologyView;
    const applied = servers.find(({ name }) => name === you)?.applied ?? 0;
    if (applied >= index) return applied;
    await pause(lookEveryMs);
  }
  return 0;
};
