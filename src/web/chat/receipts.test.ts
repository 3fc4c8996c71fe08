import { describe, expect, test } from 'vitest';
import type { Message } from '../../client/index.ts';
import { receiptsOf } from './receipts.ts';

const message = (index: number, by: string): Message => ({
  id: `m${index}`,
  index,
  room: 'r',
  text: 'x',
  by,
  name: by,
  at: index,
});
const messages = [message(10, 'ann'), message(20, 'me'), message(30, 'ben'), message(40, 'ann')];
const read = (places: Record<string, number>) =>
  Object.fromEntries(receiptsOf(messages, new Map(Object.entries(places)), 'me'));

describe('who has read up to where', () => {
  test('stands at the last message that each has read', () => {
    expect(read({ cid: 25, dan: 20, eve: 99 })).toEqual({ m20: 'dan cid', m40: 'eve' });
  });

  test('leaves out oneself, who wrote the message, and who has read nothing of what is loaded', () => {
    expect(read({ me: 40, ann: 40, cid: 5 })).toEqual({});
  });

  test('takes what one writes as read up to there', () => {
    expect(read({ ben: 10 })).toEqual({});
    expect(read({ ben: 35 })).toEqual({});
    expect(read({ ben: 40 })).toEqual({ m40: 'ben' });
  });
});
