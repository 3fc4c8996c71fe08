/** The people of a room as rows of a list: who is here now, then who is not, each by name. Pure. */
import type { User } from '../../client/index.ts';
import { matches } from './matches.ts';
import { byName } from './sort.ts';

export type PeopleRow =
  | { readonly kind: 'heading'; readonly here: boolean; readonly count: number }
  | { readonly kind: 'person'; readonly user: User; readonly here: boolean };

export interface PeopleView {
  readonly people: Iterable<User>;
  readonly online: ReadonlySet<string> | null;
  readonly you: string;
  readonly language: string;
  /** Only people with this in their name. */
  readonly wanted: string;
}

export const peopleRows = ({ people, online, you, language, wanted }: PeopleView): readonly PeopleRow[] => {
  const shown = [...people].filter((user) => wanted.trim() === '' || matches(wanted, user.name)).sort(byName(language));
  const isHere = (user: User) => user.id === you || (online?.has(user.id) ?? false);
  return [true, false].flatMap((here): PeopleRow[] => {
    const group = shown.filter((user) => isHere(user) === here);
    if (group.length === 0) return [];
    return [
      { kind: 'heading', here, count: group.length },
      ...group.map((user) => ({ kind: 'person', user, here }) as const),
    ];
  });
};
