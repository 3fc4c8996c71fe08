/** What is searched for, and where: kept while the panel is closed, so that one can go from hit to hit. */
import { cell } from '../store/cell.ts';
import { openPanel } from './side-panel-state.ts';

export interface SearchAsked {
  /** As it is typed, filters and all. */
  readonly text: string;
  readonly where: 'here' | 'everywhere';
}

export const searchAsked = cell<SearchAsked>({ text: '', where: 'everywhere' });

/** Opens the search panel, for the room that is open or for all of them. */
export const openSearch = (where: SearchAsked['where'], text?: string): void => {
  searchAsked.set({ text: text ?? searchAsked.get().text, where });
  openPanel('search');
};
