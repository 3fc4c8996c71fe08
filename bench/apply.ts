/**
 * How fast the chat machine applies posts: `node bench/apply.ts [posts] [batch] [rounds]`. People post in turn to a few
 * rooms, to a database in a temporary folder, as they do when a server follows the log. Prints medians of the rounds: posts a
 * second, and posts a second of processor time, which a busy machine disturbs less.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogEntry, openChat } from '../src/chat/index.ts';
import { commandIdFrom, generalRoom, systemUser } from '../src/protocol/index.ts';

const [posts = 200_000, batch = 500, rounds = 5] = process.argv.slice(2).map(Number);
const people = 50;
const startMs = Date.UTC(2026, 0, 1);
const text = 'The quick brown fox jumps over the lazy dog, and then it writes a message of about a hundred characters.';

const entries: LogEntry[] = [];
const add = (by: string, kind: string, body: unknown): string => {
  const index = entries.length + 1;
  const at = startMs + Math.floor(index / 20);
  const id = commandIdFrom(at, createHash('sha256').update(`${index}`).digest());
  const bytes = new TextEncoder().encode(JSON.stringify({ by, kind, body }));
  entries.push({ index, epoch: 1, at, id, body: bytes, hash: new Uint8Array(32), kind: 'command' });
  return id;
};

const ids: string[] = [];
for (let n = 0; n < people; n++) {
  const tokenHash = createHash('sha256').update(`token ${n}`).digest('hex');
  ids.push(add(systemUser, 'user.join', { name: `Person ${n}`, local: true, tokenHash, device: 'bench' }));
}
const rooms = [generalRoom];
for (let n = 0; n < 9; n++) {
  rooms.push(add(ids[0]!, 'room.create', { name: `room-${n}` }));
  for (const by of ids.slice(1)) add(by, 'room.join', { room: `room-${n}` });
}
const before = entries.length;
for (let n = 0; n < posts; n++) {
  add(ids[n % people]!, 'message.post', { room: rooms[(n * 7) % rooms.length], text: `${text} ${n}` });
}

interface Speed {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

const measure = (): Speed => {
  const folder = mkdtempSync(join(tmpdir(), 'estafet-bench-'));
  try {
    const chat = openChat(join(folder, 'chat.db'));
    chat.apply(entries.slice(0, before));
    const start = performance.now();
    const cpu = process.cpuUsage();
    for (let at = before; at < entries.length; at += batch) {
      for (const { outcome } of chat.apply(entries.slice(at, at + batch))) {
        if (!outcome.ok) throw new Error(`a post was refused: ${outcome.code}`);
      }
    }
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    chat.close();
    return { perSecond: posts / seconds, perCpuSecond: (posts * 1e6) / (user + system) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const results = Array.from({ length: rounds }, measure);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const whole = (value: number): string => Math.round(value).toString();
const perSecond = results.map((result) => result.perSecond);
console.log(`${posts} posts in batches of ${batch}, median of ${rounds} rounds:`);
console.log(
  `${whole(median(perSecond))} posts/s (${whole(Math.min(...perSecond))} to ${whole(Math.max(...perSecond))})`,
);
console.log(`${whole(median(results.map((result) => result.perCpuSecond)))} posts/s of processor time`);
