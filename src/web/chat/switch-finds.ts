/** What the quick switcher finds: rooms and people, the likeliest first. Pure. */
import type { Room, User } from '../../client/index.ts';
import { matches, startsWith } from './matches.ts';
import { othersIn, titleOf } from './room-title.ts';
import { isWaiting } from './sidebar-sections.ts';

export type Find =
  | { readonly kind: 'room'; readonly room: Room; readonly title: string }
  /** Somebody with whom there is no conversation yet. */
  | { readonly kind: 'person'; readonly user: User; readonly title: string };

export interface SwitchView {
  readonly rooms: ReadonlyMap<string, Room>;
  readonly users: ReadonlyMap<string, User>;
  readonly you: string;
  /** Id of the room that is shown: nobody is offered to go where they are, but whoever looks for it finds it. */
  readonly current: string | null;
  readonly wanted: string;
  readonly max: number;
}

interface Ranked {
  readonly find: Find;
  /** Higher comes first; compared one after the other. */
  readonly rank: readonly number[];
}

const compare = (a: Ranked, b: Ranked): number => {
  for (const [at, mine] of a.rank.entries()) {
    const theirs = b.rank[at] ?? 0;
    if (mine !== theirs) return theirs - mine;
  }
  return a.find.title.localeCompare(b.find.title);
};

/** Without a word: what waits, then the most recent, then what one is not in yet. With one: names that begin with it before those that have it. */
export const findsFor = ({ rooms, users, you, current, wanted, max }: SwitchView): readonly Find[] => {
  const typed = wanted.trim();
  const found: Ranked[] = [];
  const talkedWith = new Set<string>();
  for (const room of rooms.values()) {
    if (room.access === 'direct') {
      const others = othersIn(room, you);
      if (others.length === 1) talkedWith.add(others[0]!);
    }
    const title = titleOf(room, users, you);
    if (typed === '' ? room.id === current || room.archived : !matches(typed, title)) continue;
    const begins = typed !== '' && startsWith(typed, title) ? 1 : 0;
    const joined = room.joined ? 1 : 0;
    const rank = [begins, joined, room.archived ? 0 : 1, isWaiting(room) ? 1 : 0, room.mentions, room.lastIndex];
    found.push({ find: { kind: 'room', room, title }, rank });
  }
  for (const user of typed === '' ? [] : users.values()) {
    if (user.id === you || talkedWith.has(user.id) || !matches(typed, user.name)) continue;
    const begins = startsWith(typed, user.name) ? 1 : 0;
    found.push({ find: { kind: 'person', user, title: user.name }, rank: [begins, 0, 1, 0, 0, 0] });
  }
  return found
    .sort(compare)
    .slice(0, max)
    .map(({ find }) => find);
};
