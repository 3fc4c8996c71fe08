import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { harness } from '../../test/support/commands-harness.ts';
import { type ErrorCode, limits, newCommandId } from '../protocol/index.ts';

describe('commands', () => {
  it('wait while offline, and leave in order', async () => {
    const { commands, post, texts, loaded } = harness();
    await loaded();
    for (const text of ['a', 'b', 'c']) post(text);
    expect(texts()).toEqual([]);
    commands.online('me');
    expect(texts()).toEqual(['a', 'b', 'c']);
  });

  it('resolve with where they are and on how many servers', async () => {
    const { commands, post, done, loaded } = harness();
    await loaded();
    commands.online('me');
    const { id, settled } = post('a');
    done(id, 17, 3);
    expect(await settled).toEqual({ ok: true, result: { id, index: 17, outcome: { ok: true }, stored: 3 } });
    expect(commands.pending).toEqual([]);
  });

  it('go pending, sent, pending when the socket dies, sent, done', async () => {
    const { commands, post, done, steps, loaded } = harness();
    await loaded();
    const { id } = post('a');
    commands.online('me');
    commands.offline();
    commands.online('me');
    done(id, 4, 2);
    done(id, 4, 2);
    expect(steps.map(({ state }) => state)).toEqual(['pending', 'sent', 'pending', 'sent', 'done']);
    expect(steps.at(-1)).toMatchObject({ id, index: 4, stored: 2 });
  });

  it('without an answer are sent again in their order, with the same ids, before new ones', async () => {
    const { commands, post, done, wire, texts, loaded } = harness();
    await loaded();
    commands.online('me');
    const [, b] = ['a', 'b', 'c'].map((text) => post(text));
    done(b!.id);
    commands.offline();
    post('d');
    commands.online('me');
    expect(texts()).toEqual(['a', 'b', 'c', 'a', 'c', 'd']);
    expect(wire[3]!.id).toBe(wire[0]!.id);
  });

  it('that were refused for now keep their place among those that a dead socket left', async () => {
    const { commands, post, error, texts, loaded } = harness();
    await loaded();
    commands.online('me');
    const [, b] = ['a', 'b', 'c'].map((text) => post(text));
    error(b!.id, 'overloaded');
    commands.offline();
    commands.online('me');
    expect(texts()).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    commands.close();
  });

  it('that are refused for good reject with the code', async () => {
    const { commands, post, error, steps, loaded } = harness();
    await loaded();
    commands.online('me');
    const unread = post('a');
    error(unread.id, 'bad-frame');
    const refused = post('b');
    commands.done({ type: 'done', id: refused.id, index: 3, outcome: { ok: false, code: 'not-a-member' }, stored: 2 });
    expect(await unread.settled).toEqual({ ok: false, code: 'bad-frame' });
    expect(await refused.settled).toEqual({ ok: false, code: 'not-a-member' });
    expect(steps.filter(({ state }) => state === 'refused')).toMatchObject([
      { id: unread.id, code: 'bad-frame' },
      { id: refused.id, code: 'not-a-member' },
    ]);
    expect(commands.pending).toEqual([]);
  });

  it('that are refused for now are sent again, and nothing overtakes them', async () => {
    const { commands, post, error, done, texts, loaded } = harness();
    await loaded();
    commands.online('me');
    const [a, b] = ['a', 'b'].map((text) => post(text));
    error(a!.id, 'unavailable');
    error(b!.id, 'unavailable');
    post('c');
    expect(texts()).toEqual(['a', 'b']);
    await expect.poll(texts).toEqual(['a', 'b', 'a', 'b', 'c']);
    done(a!.id);
    expect(await a!.settled).toMatchObject({ ok: true });
    commands.close();
  });

  it('are on the wire in a bounded number', async () => {
    const { commands, post, done, wire, loaded } = harness();
    await loaded();
    commands.online('me');
    const ids = Array.from({ length: limits.clientInFlightMax + 5 }, (_, n) => post(`${n}`).id);
    expect(wire).toHaveLength(limits.clientInFlightMax);
    done(ids[3]!);
    expect(wire).toHaveLength(limits.clientInFlightMax + 1);
    expect(limits.clientInFlightMax).toBeLessThan(limits.socketInFlightMax);
    commands.close();
  });

  it('wait while the network does not take more', async () => {
    const { commands, post, wire, fill, loaded } = harness();
    await loaded();
    commands.online('me');
    fill(limits.socketBufferHighBytes);
    post('a');
    expect(wire).toHaveLength(0);
    fill(0);
    commands.tick();
    expect(wire).toHaveLength(1);
    commands.close();
  });

  it('are kept in a bounded number; one more is refused at once and says so', async () => {
    const { commands, post } = harness();
    for (let n = 0; n < limits.clientOutboxMax; n++) post(`${n}`);
    expect(await post('one more').settled).toEqual({ ok: false, code: 'overloaded' });
    expect(commands.pending).toHaveLength(limits.clientOutboxMax);
    commands.close();
  });

  it('that no server would take are refused here', async () => {
    const { commands, post } = harness();
    expect(await post('a', 'not-an-id').settled).toEqual({ ok: false, code: 'bad-id' });
    expect(await post('x'.repeat(limits.commandMaxBytes)).settled).toEqual({ ok: false, code: 'too-large' });
    const circular: { room: string; text: string; self?: unknown } = { room: 'general', text: '' };
    circular.self = circular;
    await expect(commands.do('message.post', circular, newCommandId())).rejects.toMatchObject({ code: 'bad-request' });
    expect(commands.pending).toEqual([]);
  });

  it('of the same id are one command', async () => {
    const { commands, post, done, wire, loaded } = harness();
    await loaded();
    commands.online('me');
    const first = post('a');
    const second = post('a', first.id);
    expect(wire).toHaveLength(1);
    done(first.id);
    expect(await second.settled).toEqual(await first.settled);
  });

  it('say at close whether they may have been done', async () => {
    const { commands, post, loaded } = harness();
    await loaded();
    commands.online('me');
    const written = post('a');
    commands.offline();
    const never = post('b');
    commands.close();
    expect(await written.settled).toEqual({ ok: false, code: 'unknown' });
    expect(await never.settled).toEqual({ ok: false, code: 'shutting-down' });
    expect(await post('c').settled).toEqual({ ok: false, code: 'shutting-down' });
  });
});

describe('the timer for what was refused for now', () => {
  afterEach(() => void vi.useRealTimers());

  it('is gone after close', async () => {
    vi.useFakeTimers();
    const { commands, post, error, loaded } = harness();
    await loaded();
    commands.online('me');
    error(post('a').id, 'unavailable');
    expect(vi.getTimerCount()).toBe(1);
    commands.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('commands on any walk', () => {
  const codes = fc.constantFrom<ErrorCode>('unavailable', 'overloaded', 'not-a-member', 'internal');
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant({ kind: 'do' as const }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('done' as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('error' as const), which: fc.nat(), code: codes }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'online' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'offline' as const }) },
  );

  it('settle exactly once each, first leave in their order, and leave again in their order on each socket', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120, size: 'max' }), async (steps) => {
        const { commands, wire, steps: progress, post, done, error, loaded } = harness();
        await loaded();
        const made: string[] = [];
        const settled = new Set<string>();
        let isOnline = false;
        /** Where on the wire the present socket begins. */
        let socketBegin = 0;
        for (const [at, one] of steps.entries()) {
          if (one.kind === 'do') {
            const command = post(`${at}`);
            made.push(command.id);
            command.settled.then(() => settled.add(command.id));
          } else if (one.kind === 'online' && !isOnline) {
            isOnline = true;
            socketBegin = wire.length;
            const waiting = commands.pending.map(({ id }) => id);
            commands.online('me');
            expect(wire.slice(socketBegin).map(({ id }) => id)).toEqual(waiting);
          } else if (one.kind === 'offline' && isOnline) {
            isOnline = false;
            commands.offline();
            expect(commands.pending.every(({ state }) => state === 'pending')).toBe(true);
          } else if ((one.kind === 'done' || one.kind === 'error') && isOnline) {
            // Answers are for what was written on this socket; some come twice.
            const written = wire.slice(socketBegin);
            const id = written[one.which % Math.max(1, written.length)]?.id;
            if (id === undefined) continue;
            if (one.kind === 'done') done(id);
            else error(id, one.code);
          }
          const firsts = [...new Set(wire.map(({ id }) => id))];
          expect(firsts).toEqual(made.slice(0, firsts.length));
          expect(commands.pending.map(({ id }) => made.indexOf(id))).toEqual(
            commands.pending.map(({ id }) => made.indexOf(id)).sort((a, b) => a - b),
          );
        }
        commands.close();
        await loaded();
        expect(settled.size).toBe(made.length);
        const ends = progress.filter(({ state }) => state === 'done' || state === 'refused').map(({ id }) => id);
        expect(new Set(ends).size).toBe(ends.length);
        expect(commands.pending).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
