import { describe, expect, test } from 'vitest';
import { Exchange } from './exchange.ts';
import type { ExchangeLimits, Happening, SettledPair } from './exchange-types.ts';
import { defaultSettings, type LabSettings } from './settings.ts';
import { Running } from './statistics.ts';
import { expected } from './theory.ts';
import { judgeCounted } from './verdict.ts';

const limits: ExchangeLimits = { nodesMax: 200, pairsMax: 10_000, storiesMax: 20_000, graceMs: 1_000 };
const calm: LabSettings = { ...defaultSettings, loss: 0, latencyMinMs: 100, latencyMaxMs: 100 };

const lab = (settings: LabSettings = calm, given: Partial<ExchangeLimits> = {}) => {
  const happenings: Happening[] = [];
  const exchange = new Exchange({ seed: 7, settings }, { ...limits, ...given }, (one) => happenings.push(one));
  for (const id of ['A', 'B', 'C']) exchange.join(id);
  for (const id of ['B', 'C']) exchange.subscribe(id, 'news', true);
  /** Plays time until nothing is left; pages see what reaches them `pageMs` later. */
  const play = (pageMs = 0): void => {
    const seeing: { atMs: number; node: string; message: number; attempt: number }[] = [];
    let told = happenings.length;
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
      exchange.due(next);
      for (const one of happenings.slice(told)) {
        if (one.what !== 'arrived') continue;
        const { node, attempt } = one.attempt;
        seeing.push({ node, attempt, message: one.story.message, atMs: next + pageMs });
        seeing.sort((first, other) => first.atMs - other.atMs);
      }
      told = happenings.length;
    }
  };
  const whats = (): string[] => happenings.map(({ what }) => what);
  const settled = (): SettledPair[] => happenings.flatMap((one) => (one.what === 'settled' ? one.pairs : []));
  return { exchange, happenings, play, whats, settled };
};

const toNews = { from: 'A', method: 'pubsub', to: { topic: 'news' }, text: 'hi', run: null } as const;

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
    const { exchange } = lab(calm, { pairsMax: 3, nodesMax: 3 });
    expect(exchange.publish({ ...toNews, to: { topic: 'else' } }, 0)).toEqual({ refusal: 'nobody-there' });
    expect(exchange.publish({ ...toNews, to: { node: 'X' } }, 0)).toEqual({ refusal: 'no-such-node' });
    expect(exchange.publish({ ...toNews, from: 'X' }, 0)).toEqual({ refusal: 'no-such-node' });
    expect(exchange.publish(toNews, 0)).toEqual({ message: 0 });
    expect(exchange.publish(toNews, 0)).toEqual({ refusal: 'too-many-messages' });
    expect(exchange.publish({ ...toNews, to: { node: 'B' } }, 0)).toEqual({ message: 1 });
    expect(exchange.join('D')).toBe('too-many-nodes');
    expect(exchange.join('A')).toBeNull();
  });
});

test('Direct is one crossing without an answer, settled when it can come no more', () => {
  const { exchange, happenings, play, whats, settled } = lab();
  exchange.publish({ ...toNews, method: 'direct', to: { node: 'B' } }, 0);
  expect(exchange.inFlight).toBe(1);
  play(3);
  expect(whats()).toEqual(['sent', 'arrived', 'seen', 'settled']);
  expect(happenings[2]).toMatchObject({ ownMs: 3, attempt: { isCopy: false, seenAtMs: 103 } });
  expect(exchange.story(0)).toMatchObject({ confirmed: null, endedAtMs: 100 });
  expect(exchange.inFlight).toBe(0);
  expect(settled()).toEqual([
    { node: 'B', leftOut: false, latencyMs: 100, confirmedMs: null, attempts: 1, duplicates: 0 },
  ]);
});

test('what the lab takes itself is measured and spoils nothing, as long as the ACK takes longer', () => {
  for (const [pageMs, confirmedMs] of [
    [0, 200],
    [60, 200],
    [130, 230],
  ] as const) {
    const { exchange, happenings, play, settled } = lab();
    exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
    play(pageMs);
    expect(settled()).toMatchObject([{ latencyMs: 100, confirmedMs, attempts: 1 }]);
    expect(happenings.find(({ what }) => what === 'seen')).toMatchObject({ ownMs: pageMs });
  }
});

test('what the lab is late with counts, unless its sender has lost patience over it', () => {
  for (const [ackTimeoutMs, pageMs, leftOut] of [
    [300, 200, false],
    [300, 201, true],
    [200, 100, false],
    [150, 60, false],
    [150, 250, true],
  ] as const) {
    const { exchange, play, settled } = lab({ ...calm, ackTimeoutMs, maxRetries: 1 });
    exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
    play(pageMs);
    expect(settled()).toMatchObject([{ leftOut }]);
  }
});

test('what was due is done at its own time, however late one asks', () => {
  const { exchange } = lab({ ...calm, loss: 1 });
  exchange.publish({ ...toNews, to: { node: 'B' } }, 1_000);
  exchange.due(9_999);
  expect(exchange.story(0)!.attempts.map(({ sentAtMs }) => sentAtMs)).toEqual([1_000, 1_600, 2_200]);
  expect(exchange.story(0)).toMatchObject({ endedAtMs: 2_800, confirmed: false });
});

describe('a node that leaves', () => {
  test('is not waited for, gets nothing more, and does not count', () => {
    const { exchange, play, whats, settled } = lab({ ...calm, maxRetries: 5 });
    exchange.publish(toNews, 0);
    exchange.leave('B', 10);
    expect(exchange.story(0)!.endedAtMs).toBeNull();
    exchange.leave('C', 20);
    expect(exchange.story(0)).toMatchObject({ endedAtMs: 20, confirmed: false });
    play();
    expect(whats().filter((what) => what === 'arrived')).toEqual([]);
    expect(settled().map(({ leftOut }) => leftOut)).toEqual([true, true]);
  });

  test('and comes again is another one: what was on its way to it does not count', () => {
    const { exchange, play, settled } = lab();
    exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
    exchange.leave('B', 10);
    exchange.join('B');
    exchange.publish({ ...toNews, to: { node: 'B' } }, 20);
    play();
    expect(settled().map(({ leftOut }) => leftOut)).toEqual([true, false]);
  });

  test('sends nothing again', () => {
    const { exchange, play, settled } = lab({ ...calm, loss: 1 });
    exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
    exchange.due(700);
    exchange.leave('A', 700);
    play();
    expect(exchange.story(0)!.attempts).toHaveLength(2);
    expect(exchange.inFlight).toBe(0);
    expect(settled().map(({ leftOut }) => leftOut)).toEqual([true]);
  });
});

test('a message that the page never had although the link let it through is left out', () => {
  const { exchange, settled } = lab();
  exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
  exchange.due(60_000);
  expect(settled()).toEqual([{ node: 'B', leftOut: true }]);
  exchange.seen('B', 0, 0, 60_000);
  expect(exchange.unsettledPairs).toBe(0);
});

test('while a page is late, what was lost on the way to it is left out like what was not', () => {
  const { exchange, settled } = lab({ ...calm, loss: 0.5, maxRetries: 0 });
  for (let message = 0; message < 40; message++) {
    exchange.publish({ ...toNews, method: 'direct', to: { node: 'B' } }, message);
  }
  // The page says nothing of any of them.
  exchange.due(60_000);
  const lost = [...Array(40).keys()].filter((message) => exchange.story(message)!.attempts[0]!.data.lost);
  expect(lost.length).toBeGreaterThan(5);
  expect(lost.length).toBeLessThan(35);
  const counted = settled().filter(({ leftOut }) => !leftOut);
  // Only those before the first that did reach the page: nobody can know then that it is late.
  const firstThere = [...Array(40).keys()].find((message) => !lost.includes(message))!;
  expect(counted).toHaveLength(firstThere);
});

test('a page that was late counts again with what is sent to it afterwards', () => {
  const { exchange, play, settled } = lab({ ...calm, ackTimeoutMs: 300 });
  exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
  play(250);
  exchange.publish({ ...toNews, to: { node: 'B' } }, 70_000);
  play(0);
  expect(settled().map(({ leftOut }) => leftOut)).toEqual([true, false]);
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

test('a copy is told from the first, and what was not delivered or was said before is nothing', () => {
  const { exchange, whats } = lab({ ...calm, ackTimeoutMs: 60 });
  exchange.publish({ ...toNews, to: { node: 'B' } }, 0);
  exchange.seen('B', 0, 0, 50);
  exchange.due(160);
  for (const attempt of [0, 1, 1, 2, 9]) exchange.seen('B', 0, attempt, 161);
  exchange.seen('C', 0, 0, 161);
  expect(exchange.story(0)!.attempts.map(({ isCopy, seenAtMs }) => [isCopy, seenAtMs])).toEqual([
    [false, 161],
    [true, 161],
    [false, null],
  ]);
  expect(whats().filter((what) => what === 'seen')).toHaveLength(2);
});

test('memory stays bounded: the oldest stories go', () => {
  const { exchange, play } = lab(calm, { storiesMax: 10, pairsMax: 5 });
  for (let n = 0; n < 100; n++) {
    exchange.publish({ ...toNews, to: { node: 'B' } }, n * 10_000);
    play();
  }
  expect(exchange.story(89)).toBeNull();
  expect(exchange.story(90)).not.toBeNull();
});

test.each(['direct', 'pubsub'] as const)('a thousand live messages by %s agree with theory', (method) => {
  const settings = { ...defaultSettings, loss: 0.2, ackTimeoutMs: 300 };
  const { exchange, play, settled } = lab(settings);
  for (let message = 0; message < 1_000; message++) {
    exchange.publish({ ...toNews, method, to: { node: 'B' } }, message * 10);
  }
  play(3);
  const [latency, attemptsEach, duplicatesEach] = [new Running(), new Running(), new Running()];
  let [delivered, confirmed] = [0, 0];
  for (const pair of settled()) {
    if (pair.leftOut) throw new Error('nothing is left out here');
    if (pair.latencyMs !== null) latency.add(pair.latencyMs);
    attemptsEach.add(pair.attempts);
    duplicatesEach.add(pair.duplicates);
    delivered += pair.latencyMs === null ? 0 : 1;
    confirmed += pair.confirmedMs === null ? 0 : 1;
  }
  const counted = { sent: 1_000, delivered, confirmed, latency, attemptsEach, duplicatesEach };
  expect(judgeCounted(method, counted, expected(method, settings)).verdict).toBe('consistent');
});
