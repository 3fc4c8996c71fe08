import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits, systemUser } from '../../protocol/index.ts';
import { type Chat, openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let chat: Chat;
let s: Scene;
let ann: string;
beforeEach(() => {
  chat = openChat(':memory:');
  s = scene(chat);
  ann = s.person('Ann');
});
afterEach(() => chat.close());

const ask = (user = ann, failIn?: number, id?: string) =>
  s.run(systemUser, 'request.run', failIn === undefined ? { user } : { user, failIn }, id);

/** This server says that it leads the epoch that is now. */
const lead = (server: string, previous: string | null = null, previousEpoch = s.log.epoch - 1) =>
  s.say(systemUser, 'takeover.begun', {
    ...{ epoch: s.log.epoch, server, previous, cause: 'died' },
    ...(previous === null ? {} : { previousEpoch }),
  });
const newEpoch = (): void => void chat.apply([s.log.mark()]);

const processedBy = (): readonly (readonly [string, string | null])[] =>
  chat.requestsAfter(0, 100).map((request) => [request.label, request.processedBy]);

test('requests are numbered in the order of the log', () => {
  const before = s.log.entries.length;
  for (const label of ['data-1', 'data-2', 'data-3']) expect(ask().outcome).toEqual({ ok: true, request: label });
  expect(chat.requestLabel(before + 2)).toBe('data-2');
  expect(chat.requestLabel(before)).toBeNull();
});

test('P4 a request that comes again has its first label, and is one request', () => {
  const first = ask();
  ask();
  const again = ask(ann, undefined, first.id);
  expect([again.outcome, again.firstIndex]).toEqual([first.outcome, first.index]);
  expect(ask().outcome).toEqual({ ok: true, request: 'data-3' });
});

test('guests have no requests, and only owners and admins may have a primary die of theirs', () => {
  const refused = { ok: false, code: 'not-allowed' };
  expect(ask(s.withRole('Gil', 'guest')).outcome).toEqual(refused);
  const member = s.withRole('Mel', 'member');
  expect(ask(member).outcome).toEqual({ ok: true, request: 'data-1' });
  expect(ask(member, 1).outcome).toEqual(refused);
  for (const role of ['owner', 'admin'] as const) {
    expect(ask(s.withRole(`An ${role}`, role), 1).outcome).toMatchObject({ ok: true });
  }
  expect(ask('nobody').outcome).toEqual({ ok: false, code: 'no-such-user' });
  expect(s.say(ann, 'request.run', { user: ann })).toBe('not-allowed');
});

test('a request is that of whoever leads its epoch, also when the log says so only later', () => {
  ask();
  expect(processedBy()).toEqual([['data-1', null]]);
  lead('s1');
  ask();
  newEpoch();
  ask();
  // It died before it could say that it led.
  newEpoch();
  lead('s3', 's2');
  ask();
  expect(processedBy()).toEqual([
    ['data-1', 's1'],
    ['data-2', 's1'],
    ['data-3', 's2'],
    ['data-4', 's3'],
  ]);
});

test('who led an epoch is said once, and nobody else is heard', () => {
  lead('s1');
  lead('s2');
  ask();
  expect(processedBy()).toEqual([['data-1', 's1']]);
  expect(chat.takeovers(5).map(({ primary }) => primary)).toEqual(['s1']);
});

test('what a server has processed and what it has from others, the newest of each in the order of the log', () => {
  lead('s1');
  for (let at = 0; at < 4; at++) ask();
  newEpoch();
  lead('s2', 's1');
  for (let at = 0; at < 3; at++) ask();
  newEpoch();
  ask();
  const { processed, synchronised, processedCount, synchronisedCount } = chat.requestsOf('s1', 3);
  expect([processed, processedCount]).toEqual([['data-2', 'data-3', 'data-4'], 4]);
  // Among these one of which the log has not said yet who processed it.
  expect([synchronised, synchronisedCount]).toEqual([['data-6', 'data-7', 'data-8'], 4]);
  // s1 had applied that much when it went down.
  const sixth = chat.requestsAfter(0, 6)[5]?.index ?? 0;
  expect(chat.requestsOf('s1', 500, sixth)).toMatchObject({
    ...{ processedCount: 4, synchronised: ['data-5', 'data-6'], synchronisedCount: 2 },
  });
  expect(chat.requestsOf('s3', 500)).toMatchObject({ processed: [], processedCount: 0, synchronisedCount: 8 });
});

test('requests are read page by page, the newest first', () => {
  for (let at = 0; at < 5; at++) ask();
  const page = chat.requests({ limit: 2 });
  expect(page.map(({ label }) => label)).toEqual(['data-5', 'data-4']);
  const next = chat.requests({ before: page[1]?.index ?? 0, limit: 2 });
  expect(next.map(({ label }) => label)).toEqual(['data-3', 'data-2']);
  expect(next[0]).toMatchObject({ by: ann, epoch: 1, failed: null, processedBy: null });
});

test('R19 the oldest requests are forgotten, and the counts stay right', () => {
  lead('s1');
  const surplus = 20;
  const entries = Array.from({ length: limits.requestsKeptMax + surplus }, () =>
    s.log.command(systemUser, 'request.run', { user: ann }),
  );
  chat.apply(entries);
  const kept = chat.requestsAfter(0, limits.requestsKeptMax * 2);
  expect([kept.length, kept[0]?.label]).toEqual([limits.requestsKeptMax, `data-${surplus + 1}`]);
  expect(chat.requestsOf('s1', 1).processedCount).toBe(limits.requestsKeptMax + surplus);
  expect(ask().outcome).toEqual({ ok: true, request: `data-${limits.requestsKeptMax + surplus + 1}` });
});
