/**
 * A random log in which commands come again as clients send them again: word for word, soon and long after, and now and
 * then under somebody else's name. Some of their clients' clocks are ahead.
 */
import { createHash } from 'node:crypto';
import type { LogEntry } from '../machine/machine.ts';
import { randomLog } from '../random-log.ts';
import { testId } from '../test-log.ts';

/** An entry, and what it repeats. */
export interface RetriedEntry extends LogEntry {
  /** Index of the entry whose id this has. */
  readonly of: number | null;
  /** Whether it is the same sender's same command: then it must get the same answer. */
  readonly isSame: boolean;
}

/** Numbers below a bound, the same every time for one seed. */
export const numbersFrom = (seed: string): ((below: number) => number) => {
  let count = 0;
  return (below) => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32LE() % below;
};

interface Envelope {
  readonly by: string;
  readonly kind: string;
}

/** What a body says it is, or null when it is no command. */
const envelopeOf = (body: Uint8Array): Envelope | null => {
  try {
    const value = JSON.parse(Buffer.from(body).toString('utf8')) as Partial<Envelope> | null;
    return typeof value?.by === 'string' && typeof value.kind === 'string' ? (value as Envelope) : null;
  } catch {
    return null;
  }
};

/** Kinds that make nothing, so that nobody refers to their ids. */
const idless: ReadonlySet<string> = new Set([
  ...['message.edit', 'message.delete', 'message.react', 'message.pin', 'room.edit', 'room.archive', 'room.invite'],
  ...['room.remove', 'room.notify', 'room.join', 'room.leave', 'read.mark', 'profile.edit', 'user.role'],
  ...['session.open', 'session.close', 'password.set', 'request.run'],
]);

/** A log of about `length` commands and half as many retries. Most of these are of the last `soon` entries. */
export const retriedLog = (seed: number, length: number, soon: number): readonly RetriedEntry[] => {
  const next = numbersFrom(`retries ${seed}`);
  const entries: RetriedEntry[] = [];
  const push = (entry: LogEntry, of: number | null, isSame: boolean): void => {
    const index = entries.length + 1;
    const hash = createHash('sha256').update(`${index}`).digest();
    entries.push({ ...entry, index, hash, of, isSame });
  };
  for (const entry of randomLog(seed, length)) {
    const isAhead = idless.has(envelopeOf(entry.body)?.kind ?? '') && next(3) === 0;
    push(isAhead ? { ...entry, id: testId(entry.at + next(5 * soon), `ahead ${entry.index}`) } : entry, null, false);
    if (next(2) > 0) continue;
    const back = next(next(3) === 0 ? soon * 3 : soon);
    const first = entries[Math.max(0, entries.length - 1 - back)]!;
    if (first.kind === 'mark' || first.of !== null) continue;
    const envelope = next(6) === 0 ? envelopeOf(first.body) : null;
    const other = envelope && Buffer.from(JSON.stringify({ ...envelope, by: `not ${envelope.by}` }));
    push({ ...first, at: entry.at, epoch: entry.epoch, body: other ?? first.body }, first.index, other === null);
  }
  return entries;
};
