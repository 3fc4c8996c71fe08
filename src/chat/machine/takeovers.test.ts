import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandBody, limits, systemUser } from '../../protocol/index.ts';
import { type Chat, openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let chat: Chat;
let s: Scene;
beforeEach(() => {
  chat = openChat(':memory:');
  s = scene(chat);
});
afterEach(() => chat.close());

const begun = (epoch: number, more: Partial<CommandBody<'takeover.begun'>> = {}) =>
  s.run(systemUser, 'takeover.begun', { epoch, server: 's1', previous: null, cause: 'started', ...more });
const times = {
  lastSignAt: 1_000.25,
  detectedAt: 1_001.5,
  lockedAt: 1_004,
  durableAt: 1_009.125,
  acknowledgedAt: 1_010.75,
};
const unmeasured = { lastSignAt: null, detectedAt: null, lockedAt: null, durableAt: null, acknowledgedAt: null };

test('a takeover is there as soon as it has begun, and its times when they are known, with their fractions', () => {
  const { index } = begun(4, { server: 's2', previous: 's1', cause: 'died', previousEpoch: 3 });
  const known = { epoch: 4, primary: 's2', previous: 's1', cause: 'died', index };
  expect(chat.takeovers(5)).toEqual([{ ...known, ...unmeasured }]);
  expect(s.say(systemUser, 'takeover.timed', { epoch: 4, ...times })).toBe('ok');
  expect(chat.takeovers(5)).toEqual([{ ...known, ...times }]);
});

test('the times of a takeover are those that were said first', () => {
  begun(4);
  s.run(systemUser, 'takeover.timed', { epoch: 4, ...times });
  s.run(systemUser, 'takeover.timed', { epoch: 4, ...times, acknowledgedAt: 9_999 });
  expect(chat.takeovers(1)[0]?.acknowledgedAt).toBe(times.acknowledgedAt);
});

test('a takeover that nobody began has no times', () => {
  expect(s.say(systemUser, 'takeover.timed', { epoch: 4, ...times })).toBe('bad-request');
});

test('nobody says who leads but the servers', () => {
  const ann = s.person('Ann');
  expect(s.say(ann, 'takeover.begun', { epoch: 4, server: 's1', previous: null, cause: 'died' })).toBe('not-allowed');
  expect(s.say(ann, 'takeover.timed', { epoch: 4, ...times })).toBe('not-allowed');
});

test('the newest come first, and the oldest are forgotten', () => {
  for (const epoch of [2, 3, 5]) begun(epoch);
  expect(chat.takeovers(2).map(({ epoch }) => epoch)).toEqual([5, 3]);
  s.log.epoch = limits.takeoversKeptMax + 3;
  begun(s.log.epoch);
  expect(chat.takeovers(9).map(({ epoch }) => epoch)).toEqual([limits.takeoversKeptMax + 3, 5]);
});
