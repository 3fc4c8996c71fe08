/** The index and what is found in it, over the real chat machine. */
import { truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EstafetError } from '../../protocol/index.ts';
import { Forgotten } from './index.ts';
import { openTestSearch, type TestSearch } from './test-index.ts';

let search: TestSearch;
let ann: string;
let bo: string;
let cy: string;

const say = (by: string, text: string, room = 'general'): string => search.scene.post(by, room, text).id;
const find = (by: string, query: string): string[] => {
  search.catchUp();
  return search.find(by, query);
};

beforeEach(() => {
  search = openTestSearch();
  [ann, bo, cy] = ['Ann Lee', 'Bo', 'Cy'].map((name) => search.scene.person(name)) as [string, string, string];
});

afterEach(() => search.close());

describe('what is found', () => {
  it('has all the words, the last one begun, the newest first', () => {
    for (const text of ['green tea', 'a teapot, green', 'green', 'tea', 'GREEN TEA again']) say(ann, text);
    expect(find(bo, 'green tea')).toEqual(['GREEN TEA again', 'a teapot, green', 'green tea']);
    expect(find(bo, 'tea green')).toEqual(['GREEN TEA again', 'green tea']);
    expect(find(bo, '"green tea"')).toEqual(['GREEN TEA again', 'green tea']);
    expect(find(bo, 'green -tea')).toEqual(['green', 'a teapot, green']);
    expect(find(bo, 'green -"green tea"')).toEqual(['green', 'a teapot, green']);
    expect(find(bo, '-green')).toEqual(['tea']);
  });

  it.each([
    ['one letter, as a word', 'x', ['x']],
    ['two letters', 'xy', ['xylophones', 'xylem']],
    ['three', 'xyl', ['xylophones', 'xylem']],
    ['many', 'xylop', ['xylophones']],
    ['none that there are', 'xylopz', []],
  ])('may begin with %s', (_what, query, expected) => {
    for (const text of ['x', 'xylem', 'xylophones', 'other']) say(ann, text);
    expect(find(bo, query)).toEqual(expected);
  });

  it('is complete when more words begin so than are looked up one by one', () => {
    for (let n = 0; n < 100; n++) say(ann, `commit ${n} is abcd${n} here`);
    say(ann, 'abc is not it');
    expect(find(bo, 'abcd')).toHaveLength(100);
    expect(find(bo, '"is" abcd')).toHaveLength(100);
    expect(find(bo, 'abcd9')).toHaveLength(11);
    expect(find(bo, 'abcd')).not.toContain('abc is not it');
  });

  it('says what a message says now: edited is found by its new words, deleted not at all', () => {
    const id = say(ann, 'coffee');
    expect(find(bo, 'coffee')).toEqual(['coffee']);
    expect(search.scene.say(ann, 'message.edit', { message: id, text: 'cocoa' })).toBe('ok');
    expect(find(bo, 'coffee')).toEqual([]);
    expect(find(bo, 'cocoa')).toEqual(['cocoa']);
    expect(search.scene.say(ann, 'message.delete', { message: id })).toBe('ok');
    expect(find(bo, 'cocoa')).toEqual([]);
    expect(find(bo, 'from:ann')).toEqual([]);
  });

  it('is said in rooms that one may see: open ones, and those one is in', () => {
    const closed = search.scene.room(ann, 'secret', 'closed');
    search.scene.room(ann, 'plans');
    say(ann, 'tea, openly', 'plans');
    say(ann, 'tea, secretly', 'secret');
    const opened = search.scene.run(ann, 'direct.open', { users: [cy] }).outcome;
    say(ann, 'tea, just between us', (opened.ok && opened.room) || '');
    expect(find(bo, 'tea')).toEqual(['tea, openly']);
    expect(find(cy, 'tea')).toEqual(['tea, just between us', 'tea, openly']);
    expect(find(cy, 'in:@ann tea')).toEqual(['tea, just between us']);
    expect(find(ann, 'tea')).toEqual(['tea, just between us', 'tea, secretly', 'tea, openly']);
    expect(find(ann, 'tea -in:secret -in:@cy')).toEqual(['tea, openly']);
    expect(() => find(bo, 'tea in:secret')).toThrow('in:secret: there is no such room');
    expect(() => find(bo, `tea in:${closed}`)).toThrow('there is no such room');
    expect(() => find(bo, 'in:@cy')).toThrow('in:@cy: there is no conversation');
    search.scene.run(ann, 'room.invite', { room: 'secret', user: bo });
    expect(find(bo, 'tea')).toEqual(['tea, secretly', 'tea, openly']);
    search.scene.run(bo, 'room.leave', { room: 'secret' });
    expect(find(bo, 'tea')).toEqual(['tea, openly']);
  });

  it('is from whom, in what room, to whom, with what, and when', () => {
    search.scene.room(ann, 'plans');
    search.scene.run(bo, 'room.join', { room: 'plans' });
    search.scene.log.atMs = Date.UTC(2026, 2, 30, 23, 59, 59);
    say(ann, 'one');
    search.scene.log.atMs = Date.UTC(2026, 2, 31);
    say(bo, 'two @Ann Lee', 'plans');
    say(ann, 'three https://example.org @room', 'plans');
    search.scene.log.atMs = Date.UTC(2026, 3, 1);
    say(bo, 'four');
    expect(find(ann, 'from:"Ann Lee"')).toEqual(['three https://example.org @room', 'one']);
    expect(find(ann, 'from:lee one')).toEqual(['one']);
    expect(find(ann, 'from:me -in:general')).toEqual(['three https://example.org @room']);
    expect(find(ann, 'from:@bo in:#PLANS')).toEqual(['two @Ann Lee']);
    expect(find(ann, 'to:me')).toEqual(['three https://example.org @room', 'two @Ann Lee']);
    expect(find(bo, 'to:me')).toEqual(['three https://example.org @room']);
    expect(find(bo, 'has:link')).toEqual(['three https://example.org @room']);
    expect(find(bo, 'before:2026-03-31')).toEqual(['one']);
    expect(find(bo, 'on:2026-03-31')).toEqual(['three https://example.org @room', 'two @Ann Lee']);
    expect(find(bo, 'after:2026-04')).toEqual(['four']);
    expect(() => find(bo, 'from:Nobody')).toThrow('from:Nobody: there is nobody of this name');
  });

  it('goes on where a page ended, each message once', () => {
    for (let n = 0; n < 25; n++) say(ann, `tea ${n}`);
    search.catchUp();
    const all = Array.from({ length: 25 }, (_, n) => `tea ${24 - n}`);
    for (const limit of [1, 5, 24, 25, 26]) expect(search.find(bo, 'tea', limit)).toEqual(all);
  });

  it('is found among many messages that one may not see', () => {
    search.scene.room(ann, 'secret', 'closed');
    for (let n = 0; n < 3; n++) say(ann, `tea ${n}`);
    for (let n = 0; n < 300; n++) say(ann, `tea, secretly ${n}`, 'secret');
    say(ann, 'tea at last');
    expect(find(bo, 'tea')).toEqual(['tea at last', 'tea 2', 'tea 1', 'tea 0']);
    expect(search.find(ann, 'tea', 50)).toHaveLength(304);
  });

  it('is found once and whole also when each look takes so long that a search ends before its page is full', () => {
    for (let n = 0; n < 300; n++) say(ann, `tea ${n}`);
    search.catchUp();
    let nowMs = 0;
    const found = search.find(bo, 'tea', 50, () => {
      nowMs += 400;
      return nowMs;
    });
    expect(found).toEqual(Array.from({ length: 300 }, (_, n) => `tea ${299 - n}`));
  });

  it.each([
    'NEAR(a b, 5)',
    '{text} : a',
    'a AND',
    'OR',
    'a NOT b*',
    '^a',
    '"',
    '""',
    "'",
    "a' OR 1=1 --",
    '\u0000',
    'a\u0000b',
    '🎉',
    '\ud800',
    '\udfff hello',
    '*',
    '%',
    '_',
    '\u{f0001}',
    'text:tea',
    'rowid:1',
    '()',
    '-',
    '--',
    '-"',
    'from:"',
    'x'.repeat(200),
    'é'.repeat(200),
    '日'.repeat(200),
    '- '.repeat(100),
    'a '.repeat(100),
    '"a '.repeat(66),
    '½'.repeat(200),
  ])('is nothing, or something, but no failure: %j', (query) => {
    say(ann, 'a b tea 1');
    try {
      expect(find(bo, query).length).toBeLessThan(2);
    } catch (error) {
      expect(error).toBeInstanceOf(EstafetError);
      expect((error as EstafetError).code).toBe('bad-query');
    }
  });

  it('does not take what is written for the symbol of a room or a person', () => {
    search.scene.room(ann, 'secret', 'closed');
    say(ann, 'tea', 'secret');
    say(ann, '\u{f0002} \u{f0001} o c f');
    expect(find(bo, '\u{f0002}')).toEqual(['\u{f0002} \u{f0001} o c f']);
    expect(find(bo, 'tea')).toEqual([]);
  });
});

describe('the index', () => {
  it('goes on from where it was, by what happened since', () => {
    for (let n = 0; n < 30; n++) say(ann, `tea ${n}`);
    expect(search.catchUp(10)).toBeGreaterThan(3);
    expect(search.catchUp(10)).toBe(0);
    say(ann, 'tea again');
    expect(search.catchUp(10)).toBe(1);
    expect(search.find(bo, 'tea')).toHaveLength(31);
  });

  it.each([
    ['is empty', () => truncateSync(search.path, 0)],
    ['is no database', () => writeFileSync(search.path, 'x'.repeat(20_000))],
    ['is cut off', () => truncateSync(search.path, 5_000)],
  ])('is made again when its file %s', (_what, damage) => {
    for (let n = 0; n < 30; n++) say(ann, `tea ${n}`);
    search.catchUp();
    search.letGo();
    damage();
    expect(find(bo, 'tea')).toHaveLength(30);
  });

  it('has each message once although it is made while people go on writing, editing and deleting', () => {
    const ids = Array.from({ length: 40 }, (_, n) => say(ann, `tea ${n}`));
    search.scene.room(ann, 'plans');
    for (let n = 0; n < 40; n++) say(ann, `tea in plans ${n}`, 'plans');
    const steps = search.interleave(5, (step) => {
      if (step === 2) search.scene.say(ann, 'message.edit', { message: ids[1]!, text: 'edited tea' });
      if (step === 3) search.scene.say(ann, 'message.edit', { message: ids[39]!, text: 'edited tea as well' });
      if (step === 4) search.scene.say(ann, 'message.delete', { message: ids[0]! });
      if (step === 5) search.scene.say(ann, 'message.delete', { message: ids[38]! });
      if (step % 2 === 0 && step < 20) say(ann, `new tea ${step}`, 'plans');
    });
    expect(steps).toBeGreaterThan(20);
    const found = search.find(bo, 'tea');
    expect(found).toHaveLength(40 + 40 - 2 + 10);
    expect(new Set(found).size).toBe(found.length);
    expect(search.find(bo, 'edited')).toEqual(['edited tea as well', 'edited tea']);
  });

  it('says that it must be made again when what happened since has been forgotten', () => {
    search.close();
    search = openTestSearch({ outcomesKeptPositions: 100, eventsKeptPositions: 50, stepPositions: 10 });
    ann = search.scene.person('Ann');
    say(ann, 'tea');
    search.catchUp();
    for (let n = 0; n < 100; n++) say(ann, `coffee ${n}`);
    expect(() => search.catchUp()).toThrow(Forgotten);
    search.letGo();
    writeFileSync(search.path, '');
    search.catchUp();
    expect(search.find(ann, 'coffee')).toHaveLength(100);
    expect(search.find(ann, 'tea')).toEqual(['tea']);
  });
});
