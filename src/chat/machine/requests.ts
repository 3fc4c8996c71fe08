/**
 * Numbered requests: commands that ask for nothing but to be processed, so that one can see by whom, and that it happens
 * once. Whoever leads the epoch of its entry has processed a request; that is known when the log has said who leads it.
 */
import type { DatabaseSync } from 'node:sqlite';
import { limits, type Role } from '../../protocol/index.ts';
import type { Directory } from './directory.ts';
import type { SystemHandlers } from './handler-types.ts';
import { refuse } from './turn.ts';

/** What the request of a number is called. */
export const labelOf = (num: number): string => `data-${num}`;

/** Who may have the primary die of their request. */
const mayFail: ReadonlySet<Role> = new Set(['owner', 'admin']);

export const requestHandlers = (db: DatabaseSync, directory: Directory): Pick<SystemHandlers, 'request.run'> => {
  const newest = db.prepare('SELECT max(num) AS num FROM requests');
  const leader = db.prepare('SELECT server FROM takeovers WHERE epoch = ?');
  const insert = db.prepare('INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const count = db.prepare(
    'INSERT INTO processed VALUES (?, 1) ON CONFLICT (server) DO UPDATE SET requests = requests + 1',
  );
  const forget = db.prepare('DELETE FROM requests WHERE num <= ?');

  return {
    'request.run': (turn, { user, failIn }) => {
      const person = directory.person(user);
      if (!person) return refuse('no-such-user');
      if (person.role === 'guest') return refuse('not-allowed');
      if (failIn !== undefined && !mayFail.has(person.role)) return refuse('not-allowed');
      // The newest is never forgotten.
      const num = Number(newest.get()?.num ?? 0) + 1;
      const server = String(leader.get(turn.epoch)?.server ?? '');
      insert.run(num, turn.index, turn.id, turn.epoch, turn.at, person.id, failIn ?? null, server);
      if (server !== '') count.run(server);
      forget.run(num - limits.requestsKeptMax);
      return { ok: true, request: labelOf(num) };
    },
  };
};
