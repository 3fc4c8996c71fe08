/** Profiles and roles: what people say of themselves, and what owners and admins let them do. */
import type { Directory } from './directory.ts';
import type { Files } from './files.ts';
import type { ClientHandlers } from './handler-types.ts';
import { reservedUserNames, userName } from './names.ts';
import { storable } from './storable.ts';
import { done, refuse } from './turn.ts';

type Kinds = 'profile.edit' | 'user.role';

/** Roles that only owners give and take. */
const high: ReadonlySet<string> = new Set(['owner', 'admin']);

export const profileHandlers = (directory: Directory, files: Files): Pick<ClientHandlers, Kinds> => ({
  'profile.edit': (turn, person, body) => {
    const name = body.name === undefined ? undefined : userName(body.name);
    if (name === null) return refuse('name-invalid');
    if (name && name.key !== person.key && (reservedUserNames.has(name.key) || directory.personNamed(name.key))) {
      return refuse('name-taken');
    }
    const about = body.about === undefined ? (person.about ?? '') : storable(body.about).trim();
    const before = person.avatar ?? null;
    const avatar = body.avatar === undefined ? before : body.avatar || null;
    const refusal = avatar === null || avatar === before ? null : files.pictureRefusal(person, avatar);
    if (refusal !== null) return refuse(refusal);
    const isSame = (name?.shown ?? person.name) === person.name && about === (person.about ?? '') && avatar === before;
    if (isSame) return done;
    if (avatar !== before) files.setPicture(turn, person, avatar);
    directory.changePerson(turn, person, { ...(name ? { name } : {}), about, avatar });
    return done;
  },

  'user.role': (turn, person, body) => {
    if (!high.has(person.role)) return refuse('not-allowed');
    const other = directory.person(body.user);
    if (!other) return refuse('no-such-user');
    if (person.role !== 'owner' && (high.has(other.role) || high.has(body.role))) return refuse('not-allowed');
    if (other.role === body.role) return done;
    if (other.role === 'owner' && directory.ownerCount === 1) return refuse('last-owner');
    directory.changePerson(turn, other, { role: body.role });
    return done;
  },
});
