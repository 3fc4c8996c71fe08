import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let ann: string;
let bob: string;
let message: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  bob = s.person('Bob');
  message = s.post(ann, 'general', 'hello').id;
});
afterEach(() => s.chat.close());

const react = (by: string, emoji = '👍', on = true, id = message) =>
  s.run(by, 'message.react', { message: id, emoji, on });
const say = (by: string, emoji = '👍', on = true, id = message) =>
  s.say(by, 'message.react', { message: id, emoji, on });
const pin = (by: string, on = true, id = message) => s.say(by, 'message.pin', { message: id, on });
const reactions = (viewer = ann) => s.chat.message(message, viewer)?.reactions;

describe('a reaction', () => {
  test('is told to the room with its count', () => {
    const first = react(ann);
    const second = react(bob);
    expect(first.events).toEqual([
      {
        audience: { to: 'room', room: 'general' },
        event: {
          ...{ index: first.index, type: 'message.reacted', room: 'general', messageId: message },
          ...{ emoji: '👍', user: ann, on: true, count: 1 },
        },
      },
    ]);
    expect(second.events[0]?.event).toMatchObject({ user: bob, count: 2 });
    expect(react(ann, '👍', false).events[0]?.event).toMatchObject({ user: ann, on: false, count: 1 });
    expect(s.chat.eventsAfter(bob, first.index - 1, 10)?.events).toHaveLength(3);
  });

  test('P4 given twice counts once, taken back twice too, and a retry changes nothing', () => {
    const id = s.log.newId();
    s.run(ann, 'message.react', { message, emoji: '👍', on: true }, id);
    expect(react(ann).events).toEqual([]);
    react(ann, '👍', false);
    expect(s.run(ann, 'message.react', { message, emoji: '👍', on: true }, id).events).toEqual([]);
    expect(react(ann, '👍', false).events).toEqual([]);
    expect(reactions()).toBeUndefined();
  });

  test('is in the message, by the emoji that came first, with who asks before all others', () => {
    react(ann, '🎉');
    react(ann, '👍');
    react(bob, '👍');
    expect(reactions(ann)).toEqual([
      { emoji: '🎉', count: 1, by: [ann] },
      { emoji: '👍', count: 2, by: [ann, bob] },
    ]);
    expect(s.chat.page('general', { limit: 5 }, bob).messages[0]?.reactions?.[1]?.by).toEqual([bob, ann]);
    expect(s.chat.page('general', { limit: 5 }).messages[0]?.reactions?.[1]?.by).toEqual([ann, bob]);
    react(ann, '🎉', false);
    expect(reactions()).toEqual([{ emoji: '👍', count: 2, by: [ann, bob] }]);
  });

  test('of many names the first of them, and who asks', () => {
    const many = Array.from({ length: limits.reactionPeopleMax + 5 }, (_, n) => s.person(`Person ${n}`));
    for (const person of many) react(person);
    const by = many.slice(0, limits.reactionPeopleMax);
    expect(reactions(ann)).toEqual([{ emoji: '👍', count: many.length, by }]);
    expect(reactions(many.at(-1)!)?.[0]?.by).toEqual([many.at(-1), ...by.slice(0, -1)]);
    expect(reactions(many[3])?.[0]?.by.slice(0, 2)).toEqual([many[3], many[0]]);
  });

  test('is one emoji, whichever way it is written', () => {
    react(ann, '❤');
    react(bob, '❤️');
    expect(reactions()).toEqual([{ emoji: '❤️', count: 2, by: [ann, bob] }]);
    for (const emoji of ['x', '👍👍', ' ', '👍'.repeat(40)]) expect(say(ann, emoji)).toBe('emoji-invalid');
  });

  test('is one of twenty different ones', () => {
    for (let n = 0; n < limits.reactionsPerMessageMax; n++)
      expect(say(ann, String.fromCodePoint(0x1f600 + n))).toBe('ok');
    expect(say(ann, '👍')).toBe('too-many-reactions');
    expect(say(bob, '😀')).toBe('ok');
    react(ann, '😀', false);
    react(bob, '😀', false);
    expect(say(ann, '👍')).toBe('ok');
  });

  test('is for who is in the room, on what is there', () => {
    const room = s.room(ann, 'secret', 'closed');
    const { id } = s.post(ann, room, 'psst');
    expect(say(bob, '👍', true, id)).toBe('no-such-message');
    const plans = s.room(ann, 'plans');
    expect(say(bob, '👍', true, s.post(ann, plans, 'x').id)).toBe('not-a-member');
    expect(say(bob, '👍', true, s.log.newId())).toBe('no-such-message');
    s.run(ann, 'message.delete', { message });
    expect(say(bob)).toBe('message-deleted');
    expect(say(s.withRole('Guest', 'guest'), '👍', true, s.post(ann, 'general', 'y').id)).toBe('ok');
  });

  test('goes with its message', () => {
    react(ann);
    s.run(ann, 'message.delete', { message });
    expect(reactions()).toBeUndefined();
  });
});

describe('a pin', () => {
  test('is told to the room and stands in the message', () => {
    const { index, events } = s.run(bob, 'message.pin', { message, on: true });
    const pinned = { by: bob, at: s.log.entries.at(-1)!.at };
    expect(events).toEqual([
      {
        audience: { to: 'room', room: 'general' },
        event: { index, type: 'message.pinned', message: { ...s.chat.message(message, ann), pinned } },
      },
    ]);
    const out = s.run(ann, 'message.pin', { message, on: false });
    expect(out.events[0]?.event).not.toHaveProperty('message.pinned');
    expect(s.chat.message(message, ann)).not.toHaveProperty('pinned');
  });

  test('P4 put in or taken out twice changes nothing', () => {
    s.run(bob, 'message.pin', { message, on: true });
    expect(s.run(ann, 'message.pin', { message, on: true })).toMatchObject({ outcome: { ok: true }, events: [] });
    expect(s.chat.message(message, ann)?.pinned?.by).toBe(bob);
    s.run(bob, 'message.pin', { message, on: false });
    expect(s.run(bob, 'message.pin', { message, on: false })).toMatchObject({ outcome: { ok: true }, events: [] });
  });

  test('is one of a hundred of the room, the newest first', () => {
    const ids = Array.from({ length: limits.pinsPerRoomMax }, (_, n) => s.post(ann, 'general', `${n}`).id);
    for (const id of ids) expect(pin(ann, true, id)).toBe('ok');
    expect(pin(ann)).toBe('too-many-pins');
    expect(s.chat.pins('general').map(({ id }) => id)).toEqual([...ids].reverse());
    expect(pin(ann, true, s.post(ann, s.room(ann, 'plans'), 'elsewhere').id)).toBe('ok');
    s.run(ann, 'message.delete', { message: ids[0]! });
    expect(pin(ann)).toBe('ok');
    expect(s.chat.pins('general')[0]?.id).toBe(message);
  });

  test('is for who is in the room and no guest', () => {
    expect(pin(s.withRole('Guest', 'guest'))).toBe('not-allowed');
    expect(pin(bob, true, s.post(ann, s.room(ann, 'plans'), 'x').id)).toBe('not-a-member');
    expect(pin(bob, true, s.log.newId())).toBe('no-such-message');
    s.run(ann, 'message.delete', { message });
    expect(pin(bob)).toBe('message-deleted');
  });
});
