import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let ann: string;
let bob: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  bob = s.person('Bob');
});
afterEach(() => s.chat.close());

const reply = (by: string, replyTo: string, text = 'answer', room = 'general') =>
  s.run(by, 'message.post', { room, text, replyTo });
const sayReply = (by: string, replyTo: string, room = 'general') =>
  s.say(by, 'message.post', { room, text: 'answer', replyTo });

describe('a reply', () => {
  test('quotes what it answers, in the event and in the history', () => {
    const { id, index } = s.post(ann, 'general', 'question');
    const answer = reply(bob, id);
    const replyTo = { id, index, by: ann, name: 'Ann', text: 'question' };
    expect(answer.events[0]?.event).toMatchObject({ type: 'message.posted', message: { text: 'answer', replyTo } });
    expect(s.chat.message(answer.id, ann)?.replyTo).toEqual(replyTo);
    expect(s.chat.replies(id, ann).map((message) => message.id)).toEqual([answer.id]);
    expect(s.chat.replies(answer.id, ann)).toEqual([]);
    expect(s.chat.replies(s.log.newId(), ann)).toEqual([]);
  });

  test('quotes the beginning of a long text, not cut within a character', () => {
    const { id } = s.post(ann, 'general', '😀'.repeat(limits.quoteMaxChars + 1));
    expect(s.chat.message(reply(bob, id).id, ann)?.replyTo?.text).toBe('😀'.repeat(limits.quoteMaxChars));
  });

  test('quotes what is there now; what was told stays as it was told', () => {
    const { id } = s.post(ann, 'general', 'qestion');
    const answer = reply(bob, id);
    s.run(ann, 'message.edit', { message: id, text: 'question' });
    s.run(ann, 'profile.edit', { name: 'Anna' });
    expect(s.chat.message(answer.id, ann)?.replyTo).toMatchObject({ name: 'Anna', text: 'question' });
    s.run(ann, 'message.delete', { message: id });
    expect(s.chat.message(answer.id, ann)?.replyTo).toMatchObject({ text: '', deleted: true });
    const told = s.chat.eventsAfter(bob, answer.index - 1, 1)?.events[0]?.event;
    expect(told).toMatchObject({ message: { replyTo: { name: 'Ann', text: 'qestion' } } });
  });

  test('answers a message of its room that is there', () => {
    const { id } = s.post(ann, 'general', 'question');
    const elsewhere = s.post(ann, s.room(ann, 'plans'), 'x').id;
    expect(sayReply(ann, elsewhere)).toBe('no-such-message');
    expect(sayReply(ann, s.log.newId())).toBe('no-such-message');
    s.run(ann, 'message.delete', { message: id });
    expect(sayReply(bob, id)).toBe('message-deleted');
  });

  test('that is deleted says no more what it answered', () => {
    const { id } = s.post(ann, 'general', 'question');
    const answer = reply(bob, id);
    s.run(bob, 'message.delete', { message: answer.id });
    expect(s.chat.message(answer.id, ann)).not.toHaveProperty('replyTo');
    expect(s.chat.replies(id, ann)).toEqual([]);
  });

  test('of many, the newest are given', () => {
    const { id } = s.post(ann, 'general', 'question');
    const ids = Array.from({ length: limits.pageMaxMessages + 3 }, () => reply(bob, id).id);
    expect(s.chat.replies(id, ann).map((message) => message.id)).toEqual(ids.slice(-limits.pageMaxMessages));
  });
});

describe('earlier wordings', () => {
  test('are kept in their order with when they were said', () => {
    const { id, index } = s.post(ann, 'general', 'one');
    const second = s.run(ann, 'message.edit', { message: id, text: 'two' });
    s.run(ann, 'message.edit', { message: id, text: 'three' });
    expect(s.chat.wordings(id, bob)).toEqual([
      { text: 'one', at: s.log.entries[index - 1]!.at },
      { text: 'two', at: s.log.entries[second.index - 1]!.at },
    ]);
  });

  test('are not made by an edit that changes nothing', () => {
    const { id } = s.post(ann, 'general', 'one');
    s.run(ann, 'message.edit', { message: id, text: 'one' });
    expect(s.chat.wordings(id, bob)).toEqual([]);
  });

  test('of many, the newest are kept', () => {
    const { id } = s.post(ann, 'general', '0');
    for (let n = 1; n <= limits.wordingsKeptMax + 3; n++) s.run(ann, 'message.edit', { message: id, text: `${n}` });
    const texts = s.chat.wordings(id, bob)!.map(({ text }) => text);
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([
      limits.wordingsKeptMax,
      '3',
      `${limits.wordingsKeptMax + 2}`,
    ]);
  });

  test('go with their message', () => {
    const { id } = s.post(ann, 'general', 'one');
    s.run(ann, 'message.edit', { message: id, text: 'two' });
    s.run(ann, 'message.delete', { message: id });
    expect(s.chat.wordings(id, bob)).toEqual([]);
  });

  test('are for who may see the message', () => {
    const { id } = s.post(ann, s.room(ann, 'secret', 'closed'), 'one');
    s.run(ann, 'message.edit', { message: id, text: 'two' });
    expect(s.chat.wordings(id, ann)).toHaveLength(1);
    expect(s.chat.wordings(id, bob)).toBeNull();
    expect(s.chat.wordings(s.log.newId(), ann)).toBeNull();
  });
});

test('an edited message keeps its reply, its pin and its reactions', () => {
  const { id } = s.post(ann, 'general', 'question');
  const answer = reply(bob, id).id;
  s.run(ann, 'message.pin', { message: answer, on: true });
  s.run(ann, 'message.react', { message: answer, emoji: '👍', on: true });
  const { events } = s.run(bob, 'message.edit', { message: answer, text: '@Ann better' });
  const { reactions, ...told } = s.chat.message(answer, ann)!;
  expect(reactions).toHaveLength(1);
  expect(told).toMatchObject({ replyTo: { id }, pinned: { by: ann }, mentions: [ann], text: '@Ann better' });
  expect(events[0]?.event).toMatchObject({ type: 'message.edited', message: told });
  expect(events[0]?.event).not.toHaveProperty('message.reactions');
});
