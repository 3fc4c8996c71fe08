/** People: who joins, and who is given a token. Only servers send these commands, after checking who may ask for them. */
import { limits, type Outcome } from '../../protocol/index.ts';
import type { Directory, Person } from './directory.ts';
import type { SystemHandlers } from './handler-types.ts';
import { reservedUserNames, userName } from './names.ts';
import type { Sessions } from './sessions.ts';
import { storable } from './storable.ts';
import { refuse } from './turn.ts';

type Kinds = 'user.join' | 'token.issue';

const welcomed = (person: Person): Outcome => ({ ok: true, user: person.id });

export const peopleHandlers = (directory: Directory, sessions: Sessions): Pick<SystemHandlers, Kinds> => ({
  'user.join': (turn, body) => {
    const name = userName(body.name);
    if (!name) return refuse('name-invalid');
    if (reservedUserNames.has(name.key) || directory.personNamed(name.key)) return refuse('name-taken');
    if (directory.peopleCount >= limits.usersMax) return refuse('workspace-full');
    if (sessions.holder(body.tokenHash) !== null) return refuse('bad-request');
    const person = directory.addPerson(turn, name, body.local && directory.ownerCount === 0 ? 'owner' : 'member');
    sessions.open(turn, person, body.tokenHash, storable(body.device));
    return welcomed(person);
  },

  'token.issue': (turn, body) => {
    const name = userName(body.name);
    if (!name) return refuse('name-invalid');
    if (reservedUserNames.has(name.key)) return refuse('name-taken');
    const known = directory.personNamed(name.key);
    if (!known && directory.peopleCount >= limits.usersMax) return refuse('workspace-full');
    // A token is somebody's or nobody's; that it comes twice is a server's mistake.
    if (sessions.holder(body.tokenHash) !== null) return refuse('bad-request');
    const role = body.role ?? known?.role ?? 'member';
    if (known?.role === 'owner' && role !== 'owner' && directory.ownerCount === 1) return refuse('last-owner');
    if (known && known.role !== role) directory.changePerson(turn, known, { role });
    const person = known ?? directory.addPerson(turn, name, role);
    sessions.open(turn, person, body.tokenHash, 'token');
    return welcomed(person);
  },
});
