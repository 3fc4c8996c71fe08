import { describe, expect, test } from 'vitest';
import type { User } from '../../client/index.ts';
import { peopleRows } from './people-rows.ts';

const person = (name: string): User => ({ id: name.toLowerCase(), name, role: 'member', joinedAt: 1 });
const people = ['Émile', 'zoe', 'Ann', 'Me', 'Bo'].map(person);
const shown = (wanted = '', online: ReadonlySet<string> | null = new Set(['zoe', 'ann'])) =>
  peopleRows({ people, online, you: 'me', language: 'en', wanted }).map((row) =>
    row.kind === 'heading' ? `${row.here ? 'here' : 'away'} ${row.count}` : row.user.name,
  );

describe('the people of a room', () => {
  test('are those who are here, oneself among them, and then the others, each by name', () => {
    expect(shown()).toEqual(['here 3', 'Ann', 'Me', 'zoe', 'away 2', 'Bo', 'Émile']);
  });

  test('are found by a part of their name, whatever its accents', () => {
    expect(shown('emi')).toEqual(['away 1', 'Émile']);
    expect(shown('nobody')).toEqual([]);
  });

  test('are all away but oneself while nothing is known about who is here', () => {
    expect(shown('', null)).toEqual(['here 1', 'Me', 'away 4', 'Ann', 'Bo', 'Émile', 'zoe']);
  });
});
