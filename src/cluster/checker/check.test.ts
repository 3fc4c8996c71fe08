import { describe, expect, it } from 'vitest';
import {
  a,
  asking,
  at,
  bare,
  c,
  created,
  deleted,
  done,
  edited,
  effect,
  entries,
  foundIn,
  good,
  heard,
  holding,
  joined,
  left,
  mark,
  only,
  room,
  secondTelling,
  telling,
  textOf,
  told,
  unanswered,
  without,
} from './example.ts';
import type { History } from './index.ts';
import { checkHistory } from './index.ts';

const expectFaults = (history: History, faults: Parameters<typeof only>[0]): void =>
  expect(foundIn(history)).toEqual(only(faults));

describe('a correct history', () => {
  it('has no faults', () => {
    expectFaults(good, {});
    expect(checkHistory(good).acked).toBe(9);
  });

  it('may be empty', () => {
    expectFaults({ operations: [], reads: [], losses: [], streams: [], servers: [], contents: [] }, {});
  });

  it('may hold what was left unknown, and may not hold it', () => {
    const unknown = done(effect('posted', 'd', textOf('d')), 11, unanswered);
    expectFaults({ ...good, operations: [...good.operations, unknown] }, {});
    const operations = [...bare.operations, unknown];
    expectFaults(telling([...entries, at(11, unknown.effect)], { operations }), {});
  });

  it('may order operations that overlap in time either way', () => {
    const operations = asking(3, { invokedAt: 6, completedAt: 9 }).map((one) =>
      one.id.startsWith('posted b') ? { ...one, invokedAt: 5 } : one,
    );
    expectFaults({ ...bare, operations }, {});
  });

  it('may have one enter a room that one is in, which changes nothing', () => {
    const again = done(joined, 9, { id: 'again', outcome: { type: 'acknowledged', index: 9 } });
    expectFaults({ ...good, operations: [...good.operations, again] }, {});
  });

  it('may have a read mark that moves nothing, and one that was never answered', () => {
    const back = done(effect('marked', 'anna', '3'), 11);
    expectFaults({ ...good, operations: [...good.operations, back] }, {});
    const unknown = done(effect('marked', 'anna', '9'), 11, unanswered);
    const operations = [...good.operations, unknown];
    const members = [{ person: 'anna', room, readIndex: 9 }];
    expectFaults({ ...holding({ members }), operations }, {});
  });
});

describe('the answers', () => {
  it.each([
    ['message', 8],
    ['edit', 6],
    ['deletion', 7],
    ['leaving of a room', 10],
  ])('an acknowledged %s that no server has is lost', (_, index) => {
    expectFaults(telling(without(index)), { lost: 1 });
    expectFaults(secondTelling(without(index)), { lost: 1 });
  });

  it('an acknowledged room that no server has is lost, with all that was in it', () => {
    expect(checkHistory(telling(without(1))).lost).toBeGreaterThan(0);
    expect(checkHistory(telling(without(2))).lost).toBeGreaterThan(0);
  });

  it('everything acknowledged is lost when a server has nothing', () => {
    expectFaults(secondTelling([]), { lost: 8 });
  });

  it.each([
    ['message', a, 3],
    ['edit', edited, 6],
  ])('an acknowledged %s with another text is lost', (_, what, index) => {
    const changed = entries.map((entry) => (entry.index === index ? at(index, { ...what, content: 'other' }) : entry));
    expect(checkHistory(telling(changed)).lost).toBe(1);
  });

  it('what stands elsewhere than it was acknowledged is reordered', () => {
    const moved = entries.map((entry) => (entry.index === 8 ? at(9, c) : entry));
    expectFaults(telling(moved, { operations: bare.operations.filter((one) => one !== mark) }), { reordered: 1 });
  });

  it.each([3, 6, 7, 10])('what was refused and happened at %i is a phantom', (index) => {
    const operations = asking(index, { outcome: { type: 'refused', code: 'not-a-member' } });
    expectFaults({ ...bare, operations }, { phantoms: 1 });
  });

  it('what nobody asked for is a phantom, on all servers or on one', () => {
    const more = [...entries, at(11, effect('edited', 'c', 'x'))];
    expectFaults(telling(more), { phantoms: 1 });
    expectFaults(secondTelling(more), { phantoms: 1 });
  });

  it('two operations of one id are a mistake of the recorder', () => {
    const operations = [done(a, 3), done(a, 4)];
    expect(() => checkHistory({ ...bare, operations })).toThrow('share an id');
  });
});

describe('one order', () => {
  it.each([a, edited, deleted, created])('what takes effect twice is duplicated: $type', (what) => {
    const operations = bare.operations.filter((one) => one.effect !== deleted || what === deleted);
    const list = what === deleted ? entries : without(7);
    expect(checkHistory(telling([...list, at(11, what)], { operations })).duplicated).toBe(1);
    expect(checkHistory(secondTelling([...entries, at(11, what)])).duplicated).toBe(1);
  });

  it('an edit that is retried and overrides a later one is duplicated', () => {
    const later = effect('edited', 'a', 'third text of a');
    const operations = [...bare.operations, done(later, 11)];
    expectFaults(telling([...entries, at(11, later), at(12, edited)], { operations }), { duplicated: 1 });
  });

  it('one text under two ids is duplicated', () => {
    const copy = effect('posted', 'd', textOf('a'));
    const operations = [...bare.operations, done(effect('posted', 'd', textOf('d')), 11, unanswered)];
    expect(checkHistory(telling([...entries, at(11, copy)], { operations })).duplicated).toBe(1);
  });

  it('an edit of what was deleted is reordered, and so is leaving a room that one is not in', () => {
    const late = effect('edited', 'b', 'second text of b');
    expectFaults(telling([...entries, at(11, late)], { operations: [...bare.operations, done(late, 11)] }), {
      reordered: 1,
    });
    const again = done(left, 11, { id: 'again' });
    expectFaults(telling([...entries, at(11, left)], { operations: [...bare.operations, again] }), { reordered: 1 });
  });

  it('an index, or an order, that differs between servers is reordered', () => {
    const moved = entries.map((entry) => (entry.index === 8 ? at(9, c) : entry));
    expectFaults(secondTelling(moved), { reordered: 1 });
    const swapped = entries.map((entry) =>
      entry.index === 6 ? at(6, deleted) : entry.index === 7 ? at(7, edited) : entry,
    );
    expectFaults(secondTelling(swapped), { reordered: 2 });
  });

  it('what only one server has of the unanswered is reordered', () => {
    const unknown = done(effect('edited', 'c', 'x'), 11, unanswered);
    const operations = [...bare.operations, unknown];
    expectFaults({ ...secondTelling([...entries, at(11, unknown.effect)]), operations }, { reordered: 1 });
  });

  it.each([3, 6, 7, 10, 9])('what was asked for at the end and stands at %i is reordered', (index) => {
    const operations = [...asking(index, { invokedAt: 40, completedAt: 41 }), done(joined, 12, { id: 'last' })];
    const servers = good.servers.map(({ server }) => ({ server, entries: [...entries, at(12, joined)] }));
    expect(checkHistory({ ...bare, operations, servers }).reordered).toBe(1);
  });

  it('a server whose own list goes back is reordered', () => {
    const turned = [entries[0]!, entries[1]!, entries[3]!, entries[2]!, ...entries.slice(4)];
    expect(checkHistory(secondTelling(turned)).reordered).toBeGreaterThan(0);
  });
});

describe('a client’s stream', () => {
  it.each([3, 6, 7, 9, 10])('that leaves out what is at %i has a gap', (index) => {
    expectFaults(told(heard.filter((entry) => entry.index !== index)), { gaps: 1 });
  });

  it.each([3, 6, 7, 9, 10])('that brings what is at %i twice is duplicated', (index) => {
    expectFaults(told([...heard, heard.find((entry) => entry.index === index)!]), { duplicated: 1 });
  });

  it('that goes back is reordered, and that is no gap as well', () => {
    const turned = [...heard.slice(0, 4), heard[5]!, heard[4]!, ...heard.slice(6)];
    expectFaults(told(turned), { reordered: 1 });
  });

  it('that brings what is not in the history, or says it otherwise, has a phantom', () => {
    expectFaults(told([...heard, at(9, effect('posted', 'z', 'z'))]), { phantoms: 1 });
    const other = heard.map((entry) => (entry.index === 6 ? { ...entry, content: 'other' } : entry));
    expect(checkHistory(told(other)).phantoms).toBe(1);
  });

  it('that brings an event at another index is reordered', () => {
    const moved = heard.map((entry) => (entry.index === 8 ? { ...entry, index: 9 } : entry));
    expect(checkHistory(told(moved)).reordered).toBe(1);
  });

  it('ends for who leaves the room, and begins for who enters it', () => {
    const late = effect('posted', 'd', textOf('d'));
    const servers = good.servers.map(({ server }) => ({ server, entries: [...entries, at(11, late)] }));
    const operations = [...good.operations, done(late, 11)];
    const bela = { ...good.streams[1]!, upto: 11 };
    const history = { ...bare, servers, operations };
    expectFaults({ ...history, streams: [bela] }, {});
    expectFaults({ ...history, streams: [{ ...bela, received: [...bela.received, at(11, late)] }] }, { phantoms: 1 });
  });
});

describe('the account of faults', () => {
  it('counts all and tells the first ones only', () => {
    const operations = Array.from({ length: 1_000 }, (_, n) => done(effect('posted', `op-${n}`, `${n}`), n + 1));
    const verdict = checkHistory({ ...bare, operations, servers: [{ server: 's1', entries: [] }] });
    expect(verdict.lost).toBe(1_000);
    expect(verdict.details.length).toBeLessThan(100);
  });
});
