import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WaitingRoom } from './waiting-room.ts';

const room = (waitMaxMs = 60_000) => {
  const state = { isSettled: false };
  const entered: number[] = [];
  const waiting = new WaitingRoom({ isSettled: () => state.isSettled, waitMaxMs, lookMs: 1 });
  const come = (...who: readonly number[]): void => {
    for (const one of who) waiting.come(() => entered.push(one));
  };
  return { state, entered, waiting, come };
};

test('who comes while all is well is let in at once', () => {
  const { state, entered, come } = room();
  state.isSettled = true;
  come(1, 2);
  expect(entered).toEqual([1, 2]);
});

test('who comes during a takeover waits until it is over, and then enters in turn, one in each turn of the loop', async () => {
  const { state, entered, waiting, come } = room();
  come(1, 2, 3);
  await pause(20);
  expect([entered, waiting.size]).toEqual([[], 3]);
  state.isSettled = true;
  // Nobody passes those who wait.
  come(4);
  expect(entered).toEqual([]);
  const seen = new Set<number>();
  while (entered.length < 4) {
    seen.add(entered.length);
    await nextTurn();
  }
  expect(entered).toEqual([1, 2, 3, 4]);
  expect([...seen].length).toBeGreaterThan(2);
  come(5);
  expect(entered.at(-1)).toBe(5);
});

test('nobody waits longer than the bound, however long the takeover takes', async () => {
  const { entered, come } = room(20);
  come(1);
  await pause(5);
  expect(entered).toEqual([]);
  await expect.poll(() => entered).toEqual([1]);
});
