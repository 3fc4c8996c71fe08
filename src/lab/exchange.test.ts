import { describe, expect, test } from 'vitest';
import { Exchange, type ExchangeLimits, type Happening } from './exchange.ts';
import { defaultSettings, type LabSettings } from './settings.ts';
import { Tally } from './tally.ts';
import { expected } from './theory.ts';
import { judge } from './verdict.ts';

const limits: ExchangeLimits = { nodesMax: 200, messagesMax: 10_000, storiesMax: 20_000 };
const calm: LabSettings = { ...defaultSettings, loss: 0, latencyMinMs: 100, latencyMaxMs: 100 };

const lab = (settings: LabSettings = calm, given: Partial<ExchangeLimits> = {}) => {
  const happenings: Happening[] = [];
  const exchange = new Exchange(7, settings, { ...limits, ...given }, (one) => happenings.push(one));
  for (const id of ['A', 'B', 'C']) exchange.join(id);
  for (const id of ['B', 'C']) exchange.subscribe(id, 'news', true);
  /** Plays time until nothing is left; pages see what reaches them `pageMs` later. */
  const play = (pageMs = 0): void => {
    const seeing: { atMs: number; node: string; message: number; attempt: number }[] = [];
    for (;;) {
      const next = Math.min(
        exchange.nextDueMs ?? Number.POSITIVE_INFINITY,
        seeing[0]?.atMs ?? Number.POSITIVE_INFINITY,
      );
      if (next === Number.POSITIVE_INFINITY) return;
      while (seeing[0] && seeing[0].atMs <= next) {
        const { node, message, attempt, atMs } = seeing.shift()!;
        exchange.seen(node, message, attempt, atMs);
      }
      for (const output of exchange.due(next)) {
        if (output.what !== 'deliver') continue;
        seeing.push({ ...output, atMs: next + pageMs });
        seeing.sort((one, other) => one.atMs - other.atMs);
      }
    }
  };
  return { exchange, happenings, play };
};

const toNews = { from: 'A', method: 'pubsub', to: { topic: 'news' }, text: 'hi' } as const;

describe('a topic', () => {
  test('reaches every subscriber but the sender, and is over when all have acknowledged', () => {
    const { exchange, play } = lab();
    exchange.subscribe('A', 'news', true);
    expect(exchange.publish(toNews, 1_000)).toEqual({ message: 0 });
    play();
    const story = exchange.story(0)!;
    expect(story.nodes).toEqual(['B', 'C']);
    expect(story).toMatchObject({ confirmed: true, endedAtMs: 1_200 });
    expect(story.attempts.map(({ node, seenAtMs, ackArrivedAtMs }) => [node, seenAtMs, ackArrivedAtMs])).toEqual([
      ['B', 1_100, 1_200],
      ['C', 1_100, 1_200],
    ]);
  });

  test('with nobody in it, an unknown node, and too much at a time are refused', () => {
    const { exchange } = lab(calm, { messagesMax: 2, nodesMax: 3 });
    expect(exchange.publish({ ...toNews, to: { topic: 'else' } }, 0)).toEqual({ refusal: 'nobody-there' });
    expect(exchange.publish({ ...toNews, to: { node: 'X' } }, 0)).toEqual({ refusal: 'no-such-node' });
    expect(exchange.publish({ ...toNews, from: 'X' }, 0)).toEqual({ refusal: 'no-such-node' });
    expect(exchange.publish(toNews, 0)).toEqual({ message: 0 });
    expect(exchange.publish(toNews, 0)).toEqual({ refusal: 'too-many-messages' });
    expect(exchange.join('D')).toBe('too-many-nodes');
    expect(exchange.join('A')).toBeNull();
  });
});

test('Direct is one crossing without an answer', () => {
  const { exchange, happenings, play } = lab();
  exchange.publish({ from: 'A', method: 'direct', to: { node: 'B' }, text: 'hi' }, 0);
  play(3);
  expect(happenings.map(({ what }) => what)).toEqual(['sent', 'seen']);
  expect(happenings[1]).toMatchObject({ latencyMs: 103, ownMs: 3, isCopy: false });
  expect(exchange.story(0)!.confirmed).toBeNull();
});

test('a node that leaves is not waited for, and gets nothing more', () => {
  const { exchange, play, happenings } = lab({ ...calm, maxRetries: 5 });
  exchange.publish(toNews, 0);
  expect(exchange.leave('B')).toEqual([]);
  expect(exchange.leave('C')).toEqual([{ what: 'ended', node: 'A', message: 0, confirmed: true }]);
  play();
  expect(happenings.filter(({ what }) => what === 'seen')).toEqual([]);
});

test('a change of settings begins a segment, and leaves what is on its way alone', () => {
  const { exchange, play } = lab();
  exchange.publish(toNews, 0);
  exchange.change({ ...calm, loss: 1 });
  exchange.publish(toNews, 0);
  play();
  expect([0, 1].map((message) => exchange.story(message)!.segment)).toEqual([1, 2]);
  expect([0, 1].map((message) => exchange.story(message)!.confirmed)).toEqual([true, false]);
});

test('a copy is told from the first, and shown only without deduplication', () => {
  const short: LabSettings = { ...calm, ackTimeoutMs: 60 };
  for (const deduplicate of [true, false]) {
    const { exchange } = lab({ ...short, deduplicate });
    exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
    exchange.due(60);
    expect(exchange.seen('B', 0, 0, 100)).toBe(true);
    expect(exchange.seen('B', 0, 1, 160)).toBe(!deduplicate);
    // Said twice by the page: it counts once.
    expect(exchange.seen('B', 0, 1, 161)).toBe(false);
  }
});

test('memory stays bounded: the oldest stories go', () => {
  const { exchange, play } = lab(calm, { storiesMax: 10, messagesMax: 5 });
  for (let n = 0; n < 100; n++) {
    exchange.publish({ ...toNews, to: { node: 'B' } }, n * 1_000);
    play();
  }
  expect(exchange.story(80)).toBeNull();
  expect(exchange.story(99)).not.toBeNull();
});

test.each(['direct', 'pubsub'] as const)('a thousand live messages by %s agree with theory', (method) => {
  const settings = { ...defaultSettings, loss: 0.2, ackTimeoutMs: 300 };
  const { exchange, play } = lab(settings);
  const tally = new Tally();
  for (let message = 0; message < 1_000; message++) {
    exchange.publish({ from: 'A', method, to: { node: 'B' }, text: '' }, message * 10_000);
    play();
    const { attempts, sentAtMs, endedAtMs, confirmed } = exchange.story(message)!;
    const seen = attempts.flatMap(({ seenAtMs }) => (seenAtMs === null ? [] : [seenAtMs - sentAtMs]));
    const ended = endedAtMs === null ? 0 : endedAtMs - sentAtMs;
    tally.add({
      attempts: attempts.map((one) => ({ ...one, arrivedAtMs: one.seenAtMs })),
      deliveredAtMs: seen.length === 0 ? null : Math.min(...seen),
      confirmedAtMs: confirmed ? ended : null,
      duplicates: Math.max(0, seen.length - 1),
      slotMs: ended,
    });
  }
  expect(judge(method, tally.totals(), expected(method, settings)).verdict).toBe('consistent');
});
