import { describe, expect, test } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import type { ChatEvent, Member, User } from '../../protocol/index.ts';
import { type Members, MembersReader, membersFrom, withMemberEvent } from './directory-members.ts';

const person = (id: string): User => ({ id, name: id, role: 'member', joinedAt: 1 });
const facts = { id: 'r', name: 'room', topic: '', access: 'open', createdBy: 'ann', createdAt: 1 } as const;
const joined = (user: string, room = 'r'): ChatEvent => ({
  type: 'room.joined',
  index: 5,
  room: { ...facts, id: room },
  user: person(user),
});
const left = (user: string): ChatEvent => ({ type: 'room.left', index: 6, room: facts, user: person(user) });
const read = (user: string, readIndex: number): ChatEvent => ({
  type: 'read.marked',
  index: readIndex + 1,
  room: 'r',
  user,
  readIndex,
});
const member = (id: string, readIndex: number): Member => ({ user: person(id), readIndex });
const membersAfter = (start: Members, ...events: ChatEvent[]) =>
  Object.fromEntries(events.reduce(withMemberEvent, new Map([['r', start]])).get('r')!);

describe('the members of a room', () => {
  test('come and go, and read on but never back', () => {
    const start = new Map([['ann', 3]]);
    expect(membersAfter(start, joined('bo'), read('bo', 9), read('ann', 2))).toEqual({ ann: 3, bo: 9 });
    expect(membersAfter(start, joined('bo'), left('ann'))).toEqual({ bo: 0 });
    expect(membersAfter(start, joined('ann'))).toEqual({ ann: 3 });
  });

  test('of rooms that nobody asked about are not kept, and nobody is made a member by reading', () => {
    expect(withMemberEvent(new Map(), joined('bo')).size).toBe(0);
    expect(membersAfter(new Map([['ann', 3]]), read('bo', 9))).toEqual({ ann: 3 });
  });

  test('are the list with what happened since it was asked for, whether the list knows that or not', () => {
    const since = [joined('bo'), read('bo', 7), left('ann'), joined('cy', 'elsewhere')];
    const early = membersFrom([member('ann', 3)], since, 'r');
    const late = membersFrom([member('bo', 7)], since, 'r');
    expect([...early]).toEqual([['bo', 7]]);
    expect([...late]).toEqual([...early]);
  });
});

describe('asking for the members', () => {
  test('puts the answer together with the events that came meanwhile, and asks once at a time', async () => {
    const answer = Promise.withResolvers<unknown>();
    const put: [string, Members][] = [];
    let asked = 0;
    const reader = new MembersReader({
      request: () => {
        asked++;
        return answer.promise;
      },
      draw: () => {},
      put: (room, members) => put.push([room, members]),
    });
    void reader.read('r');
    void reader.read('r');
    reader.note(joined('bo'));
    answer.resolve({ members: [member('ann', 3)] });
    await eventually('the members', () => put.length > 0 || null);
    expect(asked).toBe(1);
    expect([...put[0]![1]]).toEqual([
      ['ann', 3],
      ['bo', 0],
    ]);
  });

  test('ends when somebody else is here', async () => {
    const answer = Promise.withResolvers<unknown>();
    const put: string[] = [];
    const reader = new MembersReader({
      request: () => answer.promise,
      draw: () => {},
      put: (room) => put.push(room),
    });
    const end = reader.read('r');
    reader.forget();
    answer.resolve({ members: [member('ann', 3)] });
    await end;
    expect(put).toEqual([]);
  });
});
