import { describe, expect, it } from 'vitest';
import { newCommandId } from '../../protocol/index.ts';
import type { Committed } from '../log.ts';
import { openMemoryLog, openMemoryLogs } from './index.ts';

const entry = (text: string) => ({ id: newCommandId(), body: new TextEncoder().encode(text) });

const take = async (log: ReturnType<typeof openMemoryLog>, after: number, count: number): Promise<Committed[]> => {
  const taken: Committed[] = [];
  for await (const batch of log.follow(after)) {
    taken.push(...batch);
    if (taken.length >= count) break;
  }
  return taken;
};

describe('the log in memory', () => {
  it('gives entries of all members one order, and every member the same chain', async () => {
    const [one, two] = openMemoryLogs(['s1', 's2']);
    await Promise.all([one!.append(entry('a')), two!.append(entry('b')), one!.append(entry('c'))]);
    const seen = await Promise.all([take(one!, 0, 3), take(two!, 0, 3)]);
    expect(seen[0].map((e) => e.index)).toEqual([1, 2, 3]);
    expect(seen[1]).toEqual(seen[0]);
    expect(new Set(seen[0].map((e) => Buffer.from(e.hash).toString('hex'))).size).toBe(3);
  });

  it('goes on after any index', async () => {
    const log = openMemoryLog({ name: 's1' });
    for (const text of ['a', 'b', 'c']) await log.append(entry(text));
    expect((await take(log, 1, 2)).map((e) => Buffer.from(e.body).toString())).toEqual(['b', 'c']);
  });

  it('ends its followers when it closes, and takes no more', async () => {
    const log = openMemoryLog({ name: 's1' });
    const ended = (async () => {
      for await (const _ of log.follow(0)) expect.unreachable();
    })();
    await log.close();
    await ended;
    await expect(log.append(entry('a'))).rejects.toMatchObject({ code: 'shutting-down' });
  });

  it('casts to the others only', async () => {
    const [one, two] = openMemoryLogs(['s1', 's2']);
    const { promise, resolve } = Promise.withResolvers<string>();
    one!.onCast(() => expect.unreachable());
    two!.onCast((topic, body, from) => resolve(`${topic} ${Buffer.from(body)} ${from}`));
    one!.cast('typing', Buffer.from('x'));
    expect(await promise).toBe('typing x s1');
  });
});
