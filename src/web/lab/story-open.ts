/** Which message's story is open, wherever on the page it was asked for. */
import { cell } from '../store/cell.ts';

export const openedStory = cell<number | null>(null);

export const openStory = (message: number): void => openedStory.set(message);
export const closeStory = (): void => openedStory.set(null);
