/** Which rooms stand in the sidebar, in which part of it and in which order. Pure. */
import type { Room, User } from '../../client/index.ts';
import { matches } from './matches.ts';
import { titleOf } from './room-title.ts';
import { byName } from './sort.ts';

export interface Sections {
  readonly rooms: readonly Room[];
  /** Conversations between people, the newest first. */
  readonly directs: readonly Room[];
  readonly archived: readonly Room[];
}

/** Whether anything in a room asks for its person: what is muted does so only by name. */
export const isWaiting = (room: Room): boolean => room.mentions > 0 || (room.unread > 0 && room.notify !== 'none');

/** Nobody is shown a conversation that somebody opened and then said nothing in. */
const hasBegun = (room: Room, you: string): boolean => room.lastIndex > 0 || room.createdBy === you;

/** By when something was last said, or by when it was made. */
const byNewest = (a: Room, b: Room): number =>
  b.lastIndex - a.lastIndex || b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1);

export interface SidebarView {
  readonly rooms: ReadonlyMap<string, Room>;
  readonly users: ReadonlyMap<string, User>;
  readonly you: string;
  readonly language: string;
  /** Only rooms whose title has this in it. */
  readonly wanted?: string;
}

export const sectionsOf = ({ rooms, users, you, language, wanted = '' }: SidebarView): Sections => {
  const own = [...rooms.values()].filter((room) => room.joined);
  const shown = wanted.trim() === '' ? own : own.filter((room) => matches(wanted, titleOf(room, users, you)));
  const named = byName(language);
  // What is muted is out of the way, below the others.
  const muted = (room: Room) => (room.notify === 'none' ? 1 : 0);
  const talked = shown.filter((room) => room.access !== 'direct');
  return {
    rooms: talked.filter((room) => !room.archived).sort((a, b) => muted(a) - muted(b) || named(a, b)),
    directs: shown.filter((room) => room.access === 'direct' && hasBegun(room, you)).sort(byNewest),
    archived: talked.filter((room) => room.archived).sort(named),
  };
};

/** The room that is `step` below (or above) another one, as the sidebar shows them; with `waiting`, only among those. */
export const roomBeside = (
  { rooms, directs }: Sections,
  current: string | null,
  step: 1 | -1,
  waiting: boolean,
): Room | null => {
  const all = [...rooms, ...directs];
  const at = all.findIndex((room) => room.id === current);
  const from = at < 0 ? (step === 1 ? -1 : 0) : at;
  for (let away = 1; away <= all.length; away++) {
    const room = all[(from + step * away + all.length * 2) % all.length];
    if (room && room.id !== current && (!waiting || isWaiting(room))) return room;
  }
  return null;
};
