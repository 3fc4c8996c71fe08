/**
 * Loaded into a server before anything else (`node --import`): has its process killed, by SIGKILL, at a named point of its
 * work. The product knows nothing of this: the methods in which the points lie are wrapped from outside.
 *
 * A point is armed by writing its name into the file `<folder>/<server>`; at the point the file goes, `<server>.hit`
 * comes, and the process ends.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Arbiter } from '../../../src/log/embedded/arbiter.ts';
import { LogDisk } from '../../../src/log/embedded/log-disk.ts';
import { Mesh } from '../../../src/log/embedded/mesh.ts';
import type { StoreOperation } from '../../../src/log/embedded/replica/effects.ts';
import type { PeerMessage } from '../../../src/log/embedded/replica/messages.ts';
import { SnapshotStore } from '../../../src/log/embedded/snapshot-store.ts';
import { armingFolderVariable } from './points.ts';

const folder = process.env[armingFolderVariable];
const server = process.argv.includes('serve') ? process.argv[process.argv.indexOf('--name') + 1] : undefined;

const reach = (point: string): void => {
  const armed = join(folder!, server!);
  let wanted: string;
  try {
    wanted = fs.readFileSync(armed, 'utf8');
  } catch {
    return;
  }
  if (wanted !== point) return;
  fs.unlinkSync(armed);
  fs.writeFileSync(`${armed}.hit`, point);
  process.kill(process.pid, 'SIGKILL');
};

type Method = (this: unknown, ...args: never[]) => unknown;

/** Puts a point before and one after a method; `points` says what the call is about, if anything. */
const around = <T extends object>(owner: T, method: keyof T & string, points: (...args: never[]) => string[]): void => {
  const original = owner[method] as Method;
  const wrapped: Method = function (...args) {
    const names = points(...args);
    for (const name of names) reach(`${name}: before`);
    const result = original.apply(this, args);
    const after = (): void => {
      for (const name of names) reach(`${name}: after`);
    };
    if (result instanceof Promise) return result.finally(after);
    after();
    return result;
  };
  (owner as Record<string, unknown>)[method] = wrapped;
};

const partsOf = (operation: StoreOperation): string[] => [
  ...(operation.epoch === undefined ? [] : ['epoch']),
  ...(operation.entries.length === 0 ? [] : ['entries']),
  ...(operation.trimTo === undefined ? [] : ['trim']),
  ...(operation.replaceWith === undefined ? [] : ['install']),
];

if (folder !== undefined && server !== undefined) {
  around(Mesh.prototype, 'send', (_to: readonly string[], message: PeerMessage) => [`send ${message.type}`]);
  around(LogDisk.prototype, 'store', (operations: readonly StoreOperation[]) =>
    [...new Set(operations.flatMap(partsOf))].map((part) => `store ${part}`),
  );
  around(Arbiter.prototype, 'write', () => ['manifest']);
  around(Arbiter.prototype, 'release', () => ['lock released']);
  around(SnapshotStore.prototype, 'keep', () => ['snapshot kept']);

  const tryLock = Arbiter.prototype.tryLock;
  Arbiter.prototype.tryLock = function () {
    const result = tryLock.call(this);
    if (result.gained) reach('lock gained: after');
    return result;
  };

  // The log commits with `exec`, the chat with a statement that it has prepared.
  around(DatabaseSync.prototype, 'exec', (sql: string) => (sql === 'COMMIT' ? ['log commit'] : []));
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (sql, ...rest): StatementSync {
    const statement = prepare.call(this, sql, ...rest);
    if (sql === 'COMMIT') around(statement, 'run', () => ['chat commit']);
    return statement;
  };

  around(fs, 'renameSync', (_from: string, to: string) => {
    if (to.endsWith('snapshot.json')) return ['snapshot named'];
    return to.endsWith('chat.db') ? ['chat replaced'] : [];
  });
  syncBuiltinESMExports();
}
