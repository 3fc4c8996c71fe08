/**
 * What a crash leaves of a database's files. A process that is killed leaves them as it wrote them. A machine that loses
 * power leaves the database as of its last checkpoint and some beginning of the write-ahead log, since that is synced at
 * checkpoints only (`synchronous=NORMAL`).
 */
import { copyFileSync, existsSync, statSync, truncateSync } from 'node:fs';

export type Crash = 'kill' | 'power-loss';

const walHeaderBytes = 32;
const walFrameBytes = 24 + 4096;

/** Copies the database at `from` to `to` as a crash at this moment leaves it. `next` chooses what of it is lost. */
export const crashedFiles = (from: string, to: string, crash: Crash, next: (below: number) => number): void => {
  copyFileSync(from, to);
  if (!existsSync(`${from}-wal`)) return;
  copyFileSync(`${from}-wal`, `${to}-wal`);
  if (crash === 'kill') return;
  const bytes = statSync(`${to}-wal`).size;
  const frames = Math.max(0, Math.floor((bytes - walHeaderBytes) / walFrameBytes));
  // Between two frames as a rule, and near the end: there a transaction's last page may be missing, and nothing else.
  const kept = next(8) === 0 ? next(frames + 1) : Math.max(0, frames - next(12));
  const torn = next(3) === 0 ? next(walFrameBytes) : 0;
  truncateSync(`${to}-wal`, Math.min(bytes, walHeaderBytes + kept * walFrameBytes + torn));
};
