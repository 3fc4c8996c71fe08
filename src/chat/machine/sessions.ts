/** Sessions: opened with a token's hash, ended by their holder, by a server, by a new password, or by too many newer ones. */
import type { DatabaseSync } from 'node:sqlite';
import { limits } from '../../protocol/index.ts';
import type { Directory, Person } from './directory.ts';
import type { ClientHandlers, SystemHandlers } from './handler-types.ts';
import { storable } from './storable.ts';
import { done, refuse, type Turn } from './turn.ts';

export interface Sessions {
  /** Number of the person whose session this is, or null when there is none. */
  holder(tokenHash: string): number | null;
  /** Opens a session; the person's oldest ends when they have too many. */
  open(turn: Turn, person: Person, tokenHash: string, device: string): void;
  end(turn: Turn, tokenHash: string): void;
  /** Ends all of a person's sessions but this one. */
  endOthers(turn: Turn, person: Person, tokenHash: string): void;
}

export const openSessions = (db: DatabaseSync): Sessions => {
  const find = db.prepare('SELECT user FROM sessions WHERE token_hash = ?');
  const insert = db.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM sessions WHERE token_hash = ?');
  const surplus = db.prepare(
    'SELECT token_hash FROM sessions WHERE user = ? ORDER BY opened_idx DESC, token_hash LIMIT -1 OFFSET ?',
  );

  const others = db.prepare(
    'SELECT token_hash FROM sessions WHERE user = ? AND token_hash <> ? ORDER BY opened_idx, token_hash',
  );

  const end = (turn: Turn, tokenHash: string): void => {
    remove.run(tokenHash);
    turn.sessionsEnded.push(tokenHash);
  };

  return {
    holder: (tokenHash) => {
      const row = find.get(tokenHash);
      return row ? Number(row.user) : null;
    },
    open: (turn, person, tokenHash, device) => {
      insert.run(tokenHash, person.num, device, turn.at, turn.index);
      for (const row of surplus.all(person.num, limits.sessionsPerUserMax)) end(turn, String(row.token_hash));
    },
    end,
    endOthers: (turn, person, tokenHash) => {
      for (const row of others.all(person.num, tokenHash)) end(turn, String(row.token_hash));
    },
  };
};

export const sessionHandlers = (sessions: Sessions): Pick<ClientHandlers, 'session.close'> => ({
  'session.close': (turn, person, body) => {
    if (body.tokenHash === undefined) return refuse('bad-request');
    // Another person's session is none of the sender's: as if there were none.
    if (sessions.holder(body.tokenHash) !== person.num) return refuse('session-ended');
    sessions.end(turn, body.tokenHash);
    return done;
  },
});

type SystemKinds = 'session.open' | 'session.revoke' | 'password.set';

export const tokenHandlers = (
  db: DatabaseSync,
  directory: Directory,
  sessions: Sessions,
): Pick<SystemHandlers, SystemKinds> => {
  const setPassword = db.prepare('UPDATE users SET password = ? WHERE num = ?');

  return {
    'session.open': (turn, body) => {
      const person = directory.person(body.user);
      if (!person) return refuse('no-such-user');
      // A token is somebody's or nobody's; that it comes twice is a server's mistake.
      if (sessions.holder(body.tokenHash) !== null) return refuse('bad-request');
      sessions.open(turn, person, body.tokenHash, storable(body.device));
      return { ok: true, user: person.id };
    },

    'session.revoke': (turn, body) => {
      if (sessions.holder(body.tokenHash) === null) return refuse('session-ended');
      sessions.end(turn, body.tokenHash);
      return done;
    },

    'password.set': (turn, body) => {
      const person = directory.person(body.user);
      if (!person) return refuse('no-such-user');
      // Who asked is out by now: another password came first, or they signed out.
      const stays = body.endsOthers;
      if (stays !== undefined && sessions.holder(stays) !== person.num) return refuse('session-ended');
      setPassword.run(storable(body.hash), person.num);
      if (stays !== undefined) sessions.endOthers(turn, person, stays);
      return { ok: true, user: person.id };
    },
  };
};
