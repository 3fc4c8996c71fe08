import { describe, expect, test } from 'vitest';
import { EstafetError } from '../../client/index.ts';
import { type DeskWorld, deskLimits, RequestDesk } from './request-desk.ts';

/** A world in which requests wait until they are answered by hand, and time passes when told. */
const worldOf = () => {
  const sent: { id: string; fail: boolean; answer: (error?: unknown) => void }[] = [];
  let timers: (() => void)[] = [];
  let ids = 0;
  const world: DeskWorld = {
    newId: () => `id-${++ids}`,
    now: () => 7,
    send: (id, fail) =>
      new Promise<void>((resolve, reject) => {
        sent.push({ id, fail, answer: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    later: (work) => {
      timers.push(work);
      return () => {
        timers = timers.filter((one) => one !== work);
      };
    },
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async () => {
    const due = timers;
    timers = [];
    for (const work of due) work();
    await settle();
  };
  return { desk: new RequestDesk(world), sent, pass, settle, waiting: () => timers.length };
};

describe('the desk for requests', () => {
  test('has a request open until it is answered', async () => {
    const { desk, sent, settle } = worldOf();
    desk.send(1, true);
    expect(desk.get().open).toEqual([{ id: 'id-1', fail: true, sentAt: 7, state: 'waiting', code: null }]);
    sent[0]!.answer();
    await settle();
    expect(desk.get()).toMatchObject({ open: [], answered: 1, refused: 0 });
  });

  test('asks again under the same id when a server died with it', async () => {
    const { desk, sent, pass, settle } = worldOf();
    desk.send(1, true);
    sent[0]!.answer(new EstafetError('unknown'));
    await settle();
    expect(desk.get().open[0]).toMatchObject({ state: 'again', code: 'unknown' });
    await pass();
    expect(sent.map(({ id, fail }) => [id, fail])).toEqual([
      ['id-1', true],
      ['id-1', true],
    ]);
    sent[1]!.answer();
    await settle();
    expect(desk.get()).toMatchObject({ open: [], answered: 1 });
  });

  test('shows why one was refused, and does not ask again', async () => {
    const { desk, sent, settle, waiting } = worldOf();
    desk.send(1, true);
    sent[0]!.answer(new EstafetError('not-allowed'));
    await settle();
    expect(desk.get()).toMatchObject({ open: [{ state: 'refused', code: 'not-allowed' }], refused: 1 });
    expect(waiting()).toBe(0);
    desk.clear();
    expect(desk.get().open).toEqual([]);
  });

  test('has a bounded number on their way, and a bounded number waiting', async () => {
    const { desk, sent, settle } = worldOf();
    desk.send(deskLimits.inFlight + 2, false);
    expect(sent.length).toBe(deskLimits.inFlight);
    sent[0]!.answer();
    await settle();
    expect(sent.length).toBe(deskLimits.inFlight + 1);
    expect(desk.send(5_000, false).length).toBe(deskLimits.waiting - 1);
  });

  test('keeps a rate, and says when it cannot', async () => {
    const { desk, sent, pass } = worldOf();
    desk.setRate(25);
    for (let tick = 0; tick < 4; tick++) await pass();
    expect(sent.length).toBe(10);
    desk.setRate(100);
    for (let tick = 0; tick < 6; tick++) await pass();
    expect(desk.get().heldBack).toBe(true);
    const before = sent.length;
    desk.setRate(0);
    await pass();
    expect(sent.length).toBe(before);
    expect(desk.get().heldBack).toBe(false);
  });

  test('leaves nothing behind when it is closed', async () => {
    const { desk, sent, pass, waiting } = worldOf();
    desk.setRate(10);
    desk.close();
    await pass();
    expect(sent).toEqual([]);
    expect(waiting()).toBe(0);
  });
});
