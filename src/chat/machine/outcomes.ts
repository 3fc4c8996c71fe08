/**
 * Deduplication (rule 12): the first outcome of each command, by its id, so that a command that comes again has no
 * second effect and gets the first answer. Replicated state like any other: it depends on the log alone.
 *
 * Outcomes are forgotten by position, at round positions (multiples of the step): after one at `n`, what stood at or
 * below the horizon `n - kept` is gone. A command whose id carries a time not after the horizon's may have been such a
 * one, so it is refused as too old, unseen. For this to be enough, an outcome whose id is from a clock ahead of ours is
 * kept until the horizon's time has passed the id's. A message that was posted is its own record, for ever.
 */
import type { DatabaseSync } from 'node:sqlite';
import { commandIdFrom, commandIdTime, type ErrorCode, type Outcome } from '../../protocol/index.ts';
import { indexOfKey } from '../schema.ts';

export interface Remembered {
  /** Index of the entry that took effect. */
  readonly index: number;
  /** Who sent it: a person's id, `system`, or nothing when that could not be read. */
  readonly sender: string;
  readonly outcome: Outcome;
}

/** For how long things are remembered, in log positions. The same on every server, or they come apart. */
export interface Retention {
  readonly outcomesKeptPositions: number;
  readonly eventsKeptPositions: number;
  /** Things are forgotten at each multiple of this. */
  readonly stepPositions: number;
}

const allOnes = new Uint8Array(10).fill(0xff);

/** Looks the first outcome of an id up. */
export const findOutcome = (db: DatabaseSync): ((id: string) => Remembered | null) => {
  const columns = 'idx, sender, code, user, room, request';
  const recent = db.prepare(`SELECT ${columns} FROM outcomes WHERE id = ?`);
  const ahead = db.prepare(`SELECT ${columns} FROM outcomes_ahead WHERE id = ?`);
  const posted = db.prepare('SELECT m.key, u.id FROM messages m JOIN users u ON u.num = m.author WHERE m.id = ?');
  return (id) => {
    const message = posted.get(id);
    if (message) return { index: indexOfKey(Number(message.key)), sender: String(message.id), outcome: { ok: true } };
    const row = recent.get(id) ?? ahead.get(id);
    if (!row) return null;
    const user = row.user === null ? {} : { user: String(row.user) };
    const room = row.room === null ? {} : { room: String(row.room) };
    const request = row.request === null ? {} : { request: String(row.request) };
    const outcome: Outcome =
      row.code === null ? { ok: true, ...user, ...room, ...request } : { ok: false, code: row.code as ErrorCode };
    return { index: Number(row.idx), sender: String(row.sender), outcome };
  };
};

export interface Outcomes {
  find(id: string): Remembered | null;
  /** Keeps an outcome that no message keeps. */
  remember(id: string, remembered: Remembered): void;
  /** Whether this id may be of a command that was forgotten. */
  isTooOld(id: string): boolean;
  /** To be called at each multiple of the step. `at` is when that position was sequenced. */
  expire(index: number, at: number): void;
  /** Reads what is kept in memory from the tables again. */
  reload(): void;
}

export const openOutcomes = (db: DatabaseSync, { outcomesKeptPositions }: Retention): Outcomes => {
  const insert = db.prepare('INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?)');
  const addMilestone = db.prepare('INSERT INTO milestones VALUES (?, ?)');
  const milestone = db.prepare('SELECT at FROM milestones WHERE idx = ?');
  const oldest = db.prepare('SELECT at FROM milestones WHERE idx <= ? ORDER BY idx LIMIT 1');
  const newest = db.prepare('SELECT max(idx) AS idx FROM milestones');
  const forgetMilestones = db.prepare('DELETE FROM milestones WHERE idx < ?');
  const saveAhead = db.prepare(
    `INSERT INTO outcomes_ahead (id, idx, sender, code, user, room, request)
     SELECT id, idx, sender, code, user, room, request FROM outcomes WHERE idx <= ? AND id > ?`,
  );
  const forget = db.prepare('DELETE FROM outcomes WHERE idx <= ?');
  const forgetAhead = db.prepare('DELETE FROM outcomes_ahead WHERE id <= ?');

  /** When the horizon was sequenced; -1 while nothing has been forgotten. */
  let horizonAt = -1;

  const reload = (): void => {
    const horizon = Number(newest.get()?.idx ?? 0) - outcomesKeptPositions;
    horizonAt = horizon > 0 ? Number(oldest.get(horizon)?.at ?? -1) : -1;
  };
  reload();

  return {
    find: findOutcome(db),
    reload,
    remember: (id, { index, sender, outcome }) => {
      const [code, user, room, request] = outcome.ok
        ? [null, outcome.user ?? null, outcome.room ?? null, outcome.request ?? null]
        : [outcome.code, null, null, null];
      insert.run(index, id, sender, code, user, room, request);
    },
    isTooOld: (id) => commandIdTime(id) <= horizonAt,
    expire: (index, at) => {
      addMilestone.run(index, at);
      const horizon = index - outcomesKeptPositions;
      const then = milestone.get(horizon);
      if (!then) return;
      horizonAt = Number(then.at);
      // The greatest id there can be of that millisecond: ids sort by their time.
      const bound = commandIdFrom(horizonAt, allOnes);
      saveAhead.run(horizon, bound);
      forget.run(horizon);
      forgetAhead.run(bound);
      forgetMilestones.run(horizon);
    },
  };
};
