/**
 * Which panel stands beside the conversation: one at a time, or none. On a phone a panel is a page of its own, which one
 * leaves by going back. `openPanel` may be called from anywhere.
 */
import { isWide } from '../app/media.ts';
import { navigate } from '../app/router.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { cell, useCell } from '../store/cell.ts';

export type PanelKind = 'people' | 'pins' | 'files' | 'search';

const narrow = matchMedia('(max-width: 760px)');
/** What a step of the browser's history carries while a panel covers the room. */
const step = 'panel';

const shownAtFirst = (): PanelKind | null => {
  if (narrow.matches) return null;
  const chosen = readSetting('people');
  return (chosen === null ? isWide() : chosen === 'shown') ? 'people' : null;
};

const open = cell<PanelKind | null>(shownAtFirst());
addEventListener('popstate', () => {
  if (narrow.matches) open.set(null);
});

export const usePanel = (): PanelKind | null => useCell(open);

/** Opens a panel instead of the one there is. Only the people are remembered for the next time. */
export const openPanel = (kind: PanelKind): void => {
  if (open.get() === kind) return;
  if (narrow.matches && history.state !== step) history.pushState(step, '');
  open.set(kind);
  if (!narrow.matches && kind === 'people') writeSetting('people', 'shown');
};

export const closePanel = (): void => {
  const was = open.get();
  if (was === null) return;
  if (narrow.matches && history.state === step) {
    history.back();
    return;
  }
  open.set(null);
  if (!narrow.matches && was === 'people') writeSetting('people', 'hidden');
};

/** What a panel's own button does. */
export const togglePanel = (kind: PanelKind): void => (open.get() === kind ? closePanel() : openPanel(kind));

/** Goes to a room from a panel: on a phone the panel makes way, and going back leads to where one was before it. */
export const goFromPanel = (path: string): void => {
  if (!narrow.matches || history.state !== step) {
    navigate(path);
    return;
  }
  open.set(null);
  if (location.pathname === path) history.back();
  else navigate(path, true);
};
