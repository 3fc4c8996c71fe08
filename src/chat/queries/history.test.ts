import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let ann: string;
/** Indices of ten messages of a room, those of another room between them. */
let at: number[];

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  s.room(ann, 'other');
  at = [];
  for (let n = 0; n < 10; n++) {
    s.post(ann, 'other', `noise ${n}`);
    at.push(s.post(ann, 'general', `${n}`).index);
  }
});
afterEach(() => s.chat.close());

const page = (query: { after?: number; before?: number; limit: number }) => {
  const { messages, next } = s.chat.page('general', query);
  return { texts: messages.map(({ text }) => text).join(''), next };
};

describe('a page around an index', () => {
  const around = (index: number, limit: number) => {
    const { messages, next, newer } = s.chat.page('general', { around: index, limit });
    return { texts: messages.map(({ text }) => text).join(''), next, newer };
  };

  test('has half before it and half from it on, and leads both ways', () => {
    expect(around(at[5]!, 4)).toEqual({ texts: '3456', next: at[3], newer: at[6] });
    expect(around(at[5]!, 5)).toEqual({ texts: '34567', next: at[3], newer: at[7] });
    expect(page({ before: at[3]!, limit: 2 }).texts).toBe('12');
    expect(page({ after: at[6]!, limit: 2 }).texts).toBe('78');
  });

  test('at an end of the room leads one way', () => {
    expect(around(at[0]!, 4)).toEqual({ texts: '01', next: null, newer: at[1] });
    expect(around(at[9]!, 4)).toEqual({ texts: '789', next: at[7], newer: null });
    expect(around(0, 4)).toEqual({ texts: '01', next: null, newer: at[1] });
    expect(around(Number.MAX_SAFE_INTEGER, 4)).toEqual({ texts: '89', next: at[8], newer: null });
  });

  test('takes indices between messages, and has two messages at least', () => {
    expect(around(at[5]! - 1, 4).texts).toBe('3456');
    expect(around(at[5]!, 1).texts).toBe('45');
    expect(around(at[5]!, 0).texts).toBe('45');
  });
});

describe('a page of history, oldest first', () => {
  test('is the newest without a cursor, and leads back', () => {
    expect(page({ limit: 4 })).toEqual({ texts: '6789', next: at[6] });
    expect(page({ before: at[6]!, limit: 4 })).toEqual({ texts: '2345', next: at[2] });
    expect(page({ before: at[2]!, limit: 4 })).toEqual({ texts: '01', next: null });
    expect(page({ before: at[0]!, limit: 4 })).toEqual({ texts: '', next: null });
  });

  test('ascends after an index', () => {
    expect(page({ after: 0, limit: 4 })).toEqual({ texts: '0123', next: at[3] });
    expect(page({ after: at[3]!, limit: 4 })).toEqual({ texts: '4567', next: at[7] });
    expect(page({ after: at[7]!, limit: 4 })).toEqual({ texts: '89', next: null });
    expect(page({ after: at[9]!, limit: 4 })).toEqual({ texts: '', next: null });
  });

  test('that ends with the last message has no next', () => {
    expect(page({ limit: 10 })).toEqual({ texts: '0123456789', next: null });
    expect(page({ after: at[5]!, limit: 4 })).toEqual({ texts: '6789', next: null });
    expect(page({ before: at[4]!, limit: 4 })).toEqual({ texts: '0123', next: null });
  });

  test('takes indices between messages, beyond the end, and both cursors at once', () => {
    expect(page({ after: at[3]! - 1, limit: 2 })).toEqual({ texts: '34', next: at[4] });
    expect(page({ before: Number.MAX_SAFE_INTEGER, limit: 2 })).toEqual({ texts: '89', next: at[8] });
    expect(page({ after: Number.MAX_SAFE_INTEGER, limit: 2 })).toEqual({ texts: '', next: null });
    expect(page({ after: at[2]!, before: at[6]!, limit: 9 })).toEqual({ texts: '345', next: null });
    expect(page({ after: -5, limit: 1 })).toEqual({ texts: '0', next: at[0] });
  });

  test('has between one message and the limit', () => {
    expect(page({ limit: 0 }).texts).toBe('9');
    for (let n = 0; n < limits.pageMaxMessages; n++) s.post(ann, 'general', '.');
    expect(s.chat.page('general', { limit: 1e9 }).messages).toHaveLength(limits.pageMaxMessages);
    expect(s.chat.page('general', { limit: Number.NaN }).messages).toHaveLength(limits.pageMaxMessages);
  });

  test('of no room is empty', () => {
    expect(s.chat.page('nowhere', { limit: 5 })).toEqual({ messages: [], next: null });
  });
});

test('who is in a room is given with how far each has read', () => {
  const bob = s.person('Bob');
  const room = s.room(bob, 'plans');
  const { index } = s.run(ann, 'room.join', { room });
  expect(s.chat.members(room)).toEqual([
    { user: s.chat.user(ann), readIndex: index },
    { user: s.chat.user(bob), readIndex: index - 1 },
  ]);
  expect(s.chat.members('nowhere')).toEqual([]);
});

test('a message is for those who may see its room', () => {
  const { id } = s.post(ann, s.room(ann, 'secret', 'closed'), 'psst');
  expect(s.chat.message(id, ann)?.text).toBe('psst');
  expect(s.chat.message(id, s.person('Bob'))).toBeNull();
  expect(s.chat.message(id, 'nobody')).toBeNull();
  expect(s.chat.message('nothing', ann)).toBeNull();
  expect(s.chat.rooms('nobody')).toEqual([]);
  expect(s.chat.room('general', 'nobody')).toBeNull();
});
