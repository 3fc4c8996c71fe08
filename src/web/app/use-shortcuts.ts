import { useEffect } from 'react';
import { useLatest } from '../ui/use-latest.ts';
import { readSetting, writeSetting } from './settings.ts';
import { type ShortcutId, shortcutOf } from './shortcuts.ts';

/** Whether shortcuts of a single key are wanted: who steers by voice writes them by accident (WCAG 2.2, 2.1.4). */
export const plainKeysWanted = (): boolean => readSetting('plain-keys') !== 'off';
export const wantPlainKeys = (wanted: boolean): void => writeSetting('plain-keys', wanted ? null : 'off');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** Drives the shortcuts of the whole page: each is given what it does, and those that are not keep their usual meaning. */
export const useShortcuts = (actions: Partial<Record<ShortcutId, () => void>>): void => {
  const onKey = useLatest((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const id = shortcutOf(event, isTyping(event.target), plainKeysWanted());
    const act = id === null ? undefined : actions[id];
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    // On the way down: buttons keep the keys that they hear from whatever is around them.
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, [onKey]);
};
