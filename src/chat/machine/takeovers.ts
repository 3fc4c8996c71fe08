/** Who led which epoch, and how long it took them to begin: what each primary says of itself, in the log. */
import type { DatabaseSync } from 'node:sqlite';
import { limits } from '../../protocol/index.ts';
import type { SystemHandlers } from './handler-types.ts';
import { done, refuse } from './turn.ts';

type Kinds = 'takeover.begun' | 'takeover.timed';

export const takeoverHandlers = (db: DatabaseSync): Pick<SystemHandlers, Kinds> => {
  const insert = db.prepare(
    `INSERT INTO takeovers (epoch, server, previous, cause, idx) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const claim = db.prepare("UPDATE requests SET server = ? WHERE server = '' AND epoch = ?");
  const count = db.prepare(
    `INSERT INTO processed VALUES (?1, ?2) ON CONFLICT (server) DO UPDATE SET requests = requests + ?2`,
  );
  const time = db.prepare(
    `UPDATE takeovers SET last_sign_at = ?, detected_at = ?, locked_at = ?, durable_at = ?, acknowledged_at = ?
     WHERE epoch = ? AND acknowledged_at IS NULL`,
  );
  const find = db.prepare('SELECT 1 FROM takeovers WHERE epoch = ?');
  const forget = db.prepare('DELETE FROM takeovers WHERE epoch <= ?');

  /** What was processed in an epoch before it was known who led it. */
  const claimFor = (server: string, epoch: number): void => {
    const claimed = Number(claim.run(server, epoch).changes);
    if (claimed > 0) count.run(server, claimed);
  };

  return {
    'takeover.begun': (turn, { epoch, server, previous, previousEpoch, cause }) => {
      // Its primary says so once; whoever says it again is not heard.
      const isNew = insert.run(epoch, server, previous, cause, turn.index).changes > 0;
      if (!isNew) return done;
      claimFor(server, epoch);
      // A primary that died before it could say so of itself.
      if (previous !== null && previousEpoch !== undefined) claimFor(previous, previousEpoch);
      forget.run(turn.epoch - limits.takeoversKeptMax);
      return done;
    },

    'takeover.timed': (_turn, { epoch, lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt }) => {
      if (find.get(epoch) === undefined) return refuse('bad-request');
      time.run(lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt, epoch);
      return done;
    },
  };
};
