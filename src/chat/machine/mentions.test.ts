import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let ann: string;
let bob: string;
let annabel: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  bob = s.person('Bob Ross');
  annabel = s.person('Ann Bell');
  for (const name of ['ΖΕΎΣ', '太郎', 'Weiß', 'İnci', '한글', '👩‍🚀']) s.person(name);
});
afterEach(() => s.chat.close());

/** Names of those whom a text mentions. */
const mentionedIn = (text: string, room = 'general'): readonly string[] => {
  const { id } = s.post(ann, room, text);
  return (s.chat.message(id, ann)?.mentions ?? []).map((user) => s.chat.user(user)?.name ?? `all in the ${user}`);
};

describe('a name behind an @ mentions', () => {
  test.each([
    ['@Ann', ['Ann']],
    ['hello @ann!', ['Ann']],
    ['(@ANN), @bob ross: both', ['Ann', 'Bob Ross']],
    ['@Ann Bell', ['Ann Bell']],
    ['@Ann  Bell', ['Ann Bell']],
    ['@Ann Bellamy', ['Ann']],
    ['@Ann @Ann @Ann', ['Ann']],
    ['＠Ａｎｎ', ['Ann']],
    ['@A\u200bnn', ['Ann']],
    ['@ζεύς.', ['ΖΕΎΣ']],
    ['@WEISS', ['Weiß']],
    ['@太郎さん、こんにちは', ['太郎']],
    ['@한글님', ['한글']],
    ['@👩‍🚀!', ['👩‍🚀']],
    ['@room', ['all in the room']],
    ['@Room, and @Ann', ['all in the room', 'Ann']],
    ['@@Ann', ['Ann']],
    ['**@Ann**', ['Ann']],
  ])('%j', (text, names) => {
    expect(mentionedIn(text)).toEqual(names);
  });

  test.each([
    'Ann',
    '@ Ann',
    '@Annex',
    '@Ann_1',
    'mail ann@ann.org',
    '@roomy',
    '@nobody',
    '@',
    '@Ann\u0301',
    '@Inci',
    '`@Ann`',
    '``a ` @Ann``',
    '```\n@Ann\n```',
    '~~~ts\n@Ann\n```\n@Ann',
    '   ```\n@Ann',
    '@`x`Ann',
  ])('not in %j', (text) => {
    expect(mentionedIn(text)).toEqual([]);
  });

  test.each([
    ['`code` @Ann `code`', ['Ann']],
    ['`@Ann', ['Ann']],
    ['```\ncode\n```\n@Ann', ['Ann']],
    ['``` not ` a fence @Ann', ['Ann']],
    ['\\~~ @Ann', ['Ann']],
  ])('beside code, as in %j', (text, names) => {
    expect(mentionedIn(text)).toEqual(names);
  });

  test('only who is in the room; a shorter name counts when the longer one’s bearer is not', () => {
    const room = s.room(ann, 'plans');
    expect(mentionedIn('@Bob Ross', room)).toEqual([]);
    expect(mentionedIn('@Ann Bell', room)).toEqual(['Ann']);
    s.run(annabel, 'room.join', { room });
    expect(mentionedIn('@Ann Bell', room)).toEqual(['Ann Bell']);
  });

  test('R14 no name with characters that only later versions of Node know', () => {
    expect(mentionedIn('@Ann\u{16ea0}')).toEqual(['Ann']);
    expect(mentionedIn('\u{16ea0}@Ann')).toEqual(['Ann']);
  });

  test('at most fifty people, the first in the text, at the first five hundred places', () => {
    const many = Array.from({ length: limits.mentionsPerMessageMax + 5 }, (_, n) => `p${n}x`);
    for (const name of many) s.person(name);
    expect(mentionedIn(many.map((name) => `@${name}`).join(' '))).toEqual(many.slice(0, limits.mentionsPerMessageMax));
    expect(mentionedIn(`${'@ '.repeat(limits.mentionsLookedForMax)}@Ann`)).toEqual([]);
    expect(mentionedIn(`${'@ '.repeat(limits.mentionsLookedForMax - 1)}@Ann`)).toEqual(['Ann']);
  });

  test('is quickly told in the worst of texts', () => {
    s.person('ﷺ'.repeat(40));
    // Not the machine's speed, but that it is not a matter of minutes.
    for (const text of ['@'.repeat(8_000), '@ﷺ'.repeat(4_000), '`'.repeat(8_000), '` `` '.repeat(1_600)])
      mentionedIn(text);
  }, 20_000);
});

test('somebody whose name begins as everybody does is mentioned by all of it, and nobody can take the name of all', () => {
  for (const name of ['Room Two', 'Room']) s.person(name);
  expect(mentionedIn('@room two, now')).toEqual(['Room Two']);
  expect(mentionedIn('@Room twofold')).toEqual(['all in the room']);
  expect(mentionedIn('@Room')).toEqual(['all in the room']);
});

describe('mentions', () => {
  const general = (who: string) => s.chat.room('general', who)!;

  test('are in the event, everybody first, then people in the order they joined', () => {
    const { events } = s.post(bob, 'general', '@Bob Ross @Ann @room');
    expect(events[0]?.event).toMatchObject({ message: { mentions: ['room', ann, bob] } });
  });

  test('are counted while they are unread, each message once', () => {
    expect(general(bob)).toMatchObject({ unread: 0, mentions: 0 });
    const { index } = s.post(ann, 'general', '@Bob Ross');
    s.post(ann, 'general', '@room @Bob Ross');
    s.post(ann, 'general', '@Ann Bell');
    expect(general(bob)).toMatchObject({ unread: 3, mentions: 2 });
    expect(general(annabel)).toMatchObject({ unread: 3, mentions: 2 });
    s.run(bob, 'read.mark', { room: 'general', index });
    expect(general(bob)).toMatchObject({ unread: 2, mentions: 1 });
  });

  test('by oneself are not counted', () => {
    s.post(ann, 'general', '@Ann @room');
    expect(general(ann).mentions).toBe(0);
  });

  test('follow what the message says now', () => {
    const { id } = s.post(ann, 'general', '@Bob Ross');
    s.run(ann, 'message.edit', { message: id, text: '@Ann Bell' });
    expect(s.chat.message(id, bob)?.mentions).toEqual([annabel]);
    expect([general(bob).mentions, general(annabel).mentions]).toEqual([0, 1]);
    s.run(ann, 'message.edit', { message: id, text: 'nobody' });
    expect(s.chat.message(id, bob)).not.toHaveProperty('mentions');
    s.run(ann, 'message.edit', { message: id, text: '@room' });
    expect(general(bob).mentions).toBe(1);
    s.run(ann, 'message.delete', { message: id });
    expect(general(bob).mentions).toBe(0);
    expect(s.chat.message(id, bob)).not.toHaveProperty('mentions');
  });

  test('are of the person, whatever they are called later', () => {
    const { id } = s.post(ann, 'general', '@Bob Ross');
    s.run(bob, 'profile.edit', { name: 'Robert' });
    expect(s.chat.message(id, ann)?.mentions).toEqual([bob]);
    expect(mentionedIn('@Bob Ross')).toEqual([]);
    expect(mentionedIn('@Robert')).toEqual(['Robert']);
  });
});
