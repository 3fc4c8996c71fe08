import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ClientFrame, type ErrorCode, type EstafetError, limits, newCommandId } from '../protocol/index.ts';
import { Commands } from './commands.ts';
import { memoryOutbox, type Outbox, type OutboxEntry } from './outbox.ts';
import type { CommandProgress } from './types.ts';

type DoFrame = Extract<ClientFrame, { type: 'do' }>;

/** Commands with a wire that writes down what goes onto it. */
const harness = ({ outbox = memoryOutbox(), by = 'me' as string | null } = {}) => {
  const wire: DoFrame[] = [];
  const steps: CommandProgress[] = [];
  const failures: unknown[] = [];
  let buffered = 0;
  const commands = new Commands({
    outbox,
    write: (frame) => {
      if (frame.type === 'do') wire.push(frame);
      return true;
    },
    bufferedBytes: () => buffered,
    by: () => by,
    progress: (step) => steps.push(step),
    failed: (error) => failures.push(error),
  });
  const post = (text: string, id = newCommandId()) => {
    const settled = commands.do('message.post', { room: 'general', text }, id).then(
      (result) => ({ ok: true as const, result }),
      (error: EstafetError) => ({ ok: false as const, code: error.code }),
    );
    return { id, settled };
  };
  const done = (id: string, index = 1, stored = 2) =>
    commands.done({ type: 'done', id, index, outcome: { ok: true }, stored });
  const error = (id: string, code: ErrorCode) => commands.error({ type: 'error', id, code, message: code });
  const texts = () => wire.map(({ body }) => (body as { text: string }).text);
  return {
    commands,
    wire,
    steps,
    failures,
    post,
    done,
    error,
    texts,
    loaded: async () => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    fill: (bytes: number) => {
      buffered = bytes;
    },
  };
};

const outboxOf = (entries: OutboxEntry[]): Outbox & { readonly ids: () => string[] } => {
  const kept = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    add: async (entry) => void kept.set(entry.id, entry),
    remove: async (id) => void kept.delete(id),
    all: async () => [...kept.values()],
    ids: () => [...kept.keys()],
  };
};

/** The same as a browser's: it outlives the program, and other programs leave entries behind. */
const lastingOf = (entries: OutboxEntry[]) => {
  let found: (entries: readonly OutboxEntry[]) => void = () => {};
  const outbox = outboxOf(entries);
  return {
    ...outbox,
    lasting: true,
    watch: (handler: typeof found) => {
      found = handler;
      return () => {};
    },
    leave: (left: readonly OutboxEntry[]) => found(left),
  };
};

const entryOf = (text: string, by: string | null): OutboxEntry => ({
  id: newCommandId(),
  kind: 'message.post',
  body: { room: 'general', text },
  by,
});

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

describe('a lasting outbox', () => {
  it('has its commands sent before the new ones, and loses each when it is answered', async () => {
    const outbox = outboxOf([entryOf('old 1', 'me'), entryOf('old 2', 'me')]);
    const { commands, post, done, wire, texts, steps } = harness({ outbox });
    commands.online('me');
    post('new');
    await expect.poll(texts).toEqual(['old 1', 'old 2', 'new']);
    for (const { id } of [...wire]) done(id);
    await expect.poll(outbox.ids).toEqual([]);
    expect(steps.filter(({ state }) => state === 'done')).toHaveLength(3);
  });

  it('keeps what is not answered when the client closes', async () => {
    const outbox = outboxOf([]);
    const { commands, post } = harness({ outbox });
    const { id, settled } = post('a');
    commands.close();
    await settled;
    await expect.poll(outbox.ids).toEqual([id]);
  });

  it('does not have one person’s commands sent by another', async () => {
    const mine = entryOf('mine', 'me');
    const nobodys = entryOf('before signing in', null);
    const outbox = outboxOf([entryOf('theirs', 'them'), nobodys, mine]);
    const { commands, texts, steps } = harness({ outbox });
    commands.online('me');
    await expect.poll(texts).toEqual(['before signing in', 'mine']);
    expect(steps.find(({ state }) => state === 'refused')).toMatchObject({ code: 'session-ended' });
    expect(outbox.ids()).toEqual([nobodys.id, mine.id]);
    commands.close();
  });

  it('says of a command that it is kept once it is, and until it is answered', async () => {
    const outbox = lastingOf([]);
    const { commands, post, done, steps } = harness({ outbox });
    const { id } = post('a');
    await expect
      .poll(() => steps.map(({ state, ...step }) => [state, 'kept' in step]))
      .toEqual([
        ['pending', false],
        ['pending', true],
      ]);
    commands.online('me');
    done(id);
    expect(steps.slice(2).map(({ state, ...step }) => [state, 'kept' in step])).toEqual([
      ['sent', true],
      ['done', false],
    ]);
  });

  it('has what an earlier run left told before any server answers, if it is known whose it is', async () => {
    const { commands, steps } = harness({ outbox: lastingOf([entryOf('theirs', 'them'), entryOf('mine', 'me')]) });
    await expect.poll(() => steps.map(({ body }) => body)).toEqual([{ room: 'general', text: 'mine' }]);
    expect(commands.pending).toHaveLength(1);
  });

  it('keeps one person’s commands for them while another is signed in, and when their session ends', async () => {
    const theirs = entryOf('theirs', 'them');
    const mine = entryOf('mine', 'me');
    const outbox = lastingOf([theirs, mine]);
    const { commands, done, texts, steps } = harness({ outbox });
    commands.online('me');
    await expect.poll(texts).toEqual(['mine']);
    commands.offline();
    commands.refuseAll('session-ended', false);
    expect(steps.filter(({ state }) => state === 'refused')).toEqual([]);
    expect(commands.pending).toEqual([]);
    expect(outbox.ids()).toEqual([theirs.id, mine.id]);
    commands.reopen();
    commands.online('them');
    expect(texts()).toEqual(['mine', 'theirs']);
    done(theirs.id);
    commands.offline();
    commands.online('me');
    expect(texts()).toEqual(['mine', 'theirs', 'mine']);
    done(mine.id);
    await expect.poll(outbox.ids).toEqual([]);
  });

  it('loses what somebody wrote who signs out', async () => {
    const outbox = lastingOf([entryOf('mine', 'me'), entryOf('theirs', 'them')]);
    const { commands, texts, steps } = harness({ outbox });
    commands.online('me');
    await expect.poll(texts).toEqual(['mine']);
    commands.refuseAll('not-signed-in', true);
    expect(steps.at(-1)).toMatchObject({ state: 'refused', code: 'not-signed-in' });
    await expect.poll(() => outbox.ids().length).toBe(1);
  });

  it('takes what another program leaves behind, after its own and once', async () => {
    const outbox = lastingOf([]);
    const { commands, post, texts, loaded } = harness({ outbox });
    await loaded();
    post('own');
    const left = [entryOf('left 1', 'me'), entryOf('left 2', 'me')];
    outbox.leave(left);
    outbox.leave(left);
    commands.online('me');
    expect(texts()).toEqual(['own', 'left 1', 'left 2']);
    commands.close();
    outbox.leave([entryOf('too late', 'me')]);
    expect(commands.pending).toEqual([]);
  });

  it('that fails is reported, and the commands go on', async () => {
    const broken = () => Promise.reject(new Error('the disk is full'));
    const { commands, post, done, failures, texts } = harness({ outbox: { add: broken, remove: broken, all: broken } });
    commands.online('me');
    const { id, settled } = post('a');
    await expect.poll(texts).toEqual(['a']);
    done(id);
    expect(await settled).toMatchObject({ ok: true });
    await expect.poll(() => failures.length).toBe(3);
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
