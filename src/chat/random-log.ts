/**
 * For tests: a long log of all kinds of commands, sensible and not, from a seed. Everything in it (names, rooms,
 * messages) is drawn from few values, so that commands meet: names clash, rooms fill and empty, ids come again.
 */
import { createHash } from 'node:crypto';
import type { CommandKind } from '../protocol/index.ts';
import type { LogEntry } from './index.ts';
import { sha256, type TestLog, testId, testLog } from './test-log.ts';

const firstPeople = 8;
const names = [
  'Person 1',
  'Person 2',
  'person 3',
  'Person 4',
  'Person 5',

  'Ann',
  'bob',
  'ＢＯＢ',
  'Zoë',
  'Ζεύς',
  'İnci',
  'ınci',
  ' ',
  'weiß',
  'WEISS',
  'Cy',
  'Dee',
  'Eve',
  'x'.repeat(41),
];
const rooms = ['general', 'plans', 'Plans', 'straße', 'STRASSE', 'ışık', 'a b', 'secret', '日本'];
const texts = ['hello', 'İI ıi', '  ', '\ud800', 'a\u0000b', 'ﬃ ﷺ', '😀'];
const roles = ['owner', 'admin', 'member', 'guest', 'guest', 'guest', 'bot'];
const clientKinds: readonly CommandKind[] = [
  'message.post',
  'message.post',
  'message.post',
  'message.edit',
  'message.delete',
  'room.create',
  'room.join',
  'room.join',
  'room.leave',
  'read.mark',
  'session.close',
];
const systemKinds: readonly CommandKind[] = ['user.join', 'token.issue', 'session.revoke'];

/** Numbers from a seed, the same every time. */
const numbersFrom = (seed: number): ((below: number) => number) => {
  let count = 0;
  return (below) => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32LE() % below;
};

/** A log of `length` entries. */
export const randomLog = (seed: number, length: number): readonly LogEntry[] => {
  const next = numbersFrom(seed);
  const log: TestLog = testLog();
  const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
  const anyId = (): string => log.entries[next(log.entries.length || 1)]?.id ?? log.newId();
  const recentId = (): string => log.entries[Math.max(0, log.entries.length - 1 - next(20))]?.id ?? log.newId();
  const starting = (): boolean => log.entries.length < firstPeople;
  const joined: string[] = [];
  const posted: string[] = [];

  const messageId = (): string => posted.at(-1 - next(Math.min(6, posted.length || 1))) ?? log.newId();

  const nextName = (): string => (starting() ? `Person ${log.entries.length}` : pick(names));

  const bodyOf = (kind: CommandKind): Readonly<Record<string, unknown>> => {
    const dice = next(6);
    const room = dice === 0 ? recentId() : dice < 4 ? pick(rooms) : 'general';
    const tokenHash = sha256(`token ${starting() ? log.entries.length : next(50)}`);
    switch (kind) {
      case 'message.post':
        return { room, text: pick(texts) };
      case 'message.edit':
        return { message: messageId(), text: pick(texts) };
      case 'message.delete':
        return { message: messageId() };
      case 'room.create':
        return { name: pick(rooms), access: pick(['open', 'closed']), topic: pick(texts) };
      case 'read.mark':
        return { room, index: next(log.entries.length + 5) };
      case 'session.close':
      case 'session.revoke':
        return { tokenHash };
      case 'user.join':
        return { name: nextName(), local: next(2) === 0, tokenHash, device: pick(texts) };
      case 'token.issue':
        return { name: pick(names), role: pick(roles), tokenHash };
      default:
        return { room };
    }
  };

  while (log.entries.length < length) {
    const kind = starting() ? 'user.join' : pick(next(8) === 0 ? systemKinds : clientKinds);
    const person = joined[next(joined.length + 1)] ?? 'nobody';
    const by = systemKinds.includes(kind) && (starting() || next(8) > 0) ? 'system' : person;
    const dice = starting() ? 99 : next(100);
    log.atMs += next(3);
    if (dice < 3) log.mark();
    else if (dice < 6) log.bytes(createHash('sha256').update(`${dice} ${log.entries.length}`).digest());
    else if (dice < 12) {
      const { id, body } = pick(log.entries);
      log.bytes(body, id);
    } else {
      const id = dice < 14 ? anyId() : dice < 18 ? testId(log.atMs + next(400) - 200, log.entries.length) : undefined;
      const entry = log.bytes(Buffer.from(JSON.stringify({ by, kind, body: bodyOf(kind) })), id);
      if (joined.length < firstPeople) joined.push(entry.id);
      if (kind === 'message.post') posted.push(entry.id);
    }
  }
  return log.entries;
};
