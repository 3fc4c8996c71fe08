/**
 * What the page offers to whom. The servers decide (and refuse by a code); offering what they would refuse only annoys.
 * Pure.
 */
import type { Role, Room, User } from '../../client/index.ts';
import { generalRoom } from '../../protocol/index.ts';

const runs = (user: User): boolean => user.role === 'owner' || user.role === 'admin';

const keeps = (you: User, room: Room): boolean => runs(you) || (room.createdBy === you.id && you.role !== 'guest');

/** Takes somebody out of a room: the room's creator, an owner or an admin. Oneself leaves instead. */
export const mayRemove = (you: User, user: User, room: Room): boolean =>
  you.id !== user.id && room.id !== generalRoom && room.access !== 'direct' && keeps(you, room);

/** Brings others in: whoever is in the room, but no guest. */
export const mayInvite = (you: User, room: Room): boolean =>
  room.joined && !room.archived && room.access !== 'direct' && you.role !== 'guest';

/** Renames a room or changes its topic: its members; of the room of all, owners and admins. */
export const mayEdit = (you: User, room: Room): boolean =>
  mayInvite(you, room) && (room.id !== generalRoom || runs(you));

/** Archives a room or takes it back: its creator, an owner or an admin; the room of all, nobody. */
export const mayArchive = (you: User, room: Room): boolean =>
  room.access !== 'direct' && room.id !== generalRoom && keeps(you, room);

/** The roles that one may give to somebody, with the one they have; none when one may change nothing. */
export const rolesToGive = (you: User, user: User): readonly Role[] => {
  if (you.role === 'owner') return ['owner', 'admin', 'member', 'guest', 'bot'];
  const mine: readonly Role[] = ['member', 'guest', 'bot'];
  return you.role === 'admin' && mine.includes(user.role) ? mine : [];
};
