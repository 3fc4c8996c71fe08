/**
 * Every key that does something, in one table: it drives the keys, and the list that people are shown is made from it.
 * What belongs to one place (`where` other than `anywhere`) is driven there, by `pressed`.
 */

export interface Keys {
  /** As in `KeyboardEvent.key`; letters in lower case. */
  readonly key: string;
  /** Control, or Command on a Mac. */
  readonly ctrl?: true;
  readonly shift?: true;
  readonly alt?: true;
}

interface Shortcut {
  readonly where: 'anywhere' | 'composer' | 'messages';
  readonly keys: readonly Keys[];
}

export const shortcuts = {
  switch: { where: 'anywhere', keys: [{ key: 'k', ctrl: true }] },
  search: { where: 'anywhere', keys: [{ key: 'f', ctrl: true, shift: true }, { key: '/' }] },
  roomBelow: { where: 'anywhere', keys: [{ key: 'ArrowDown', alt: true }] },
  roomAbove: { where: 'anywhere', keys: [{ key: 'ArrowUp', alt: true }] },
  unreadBelow: { where: 'anywhere', keys: [{ key: 'ArrowDown', alt: true, shift: true }] },
  unreadAbove: { where: 'anywhere', keys: [{ key: 'ArrowUp', alt: true, shift: true }] },
  people: { where: 'anywhere', keys: [{ key: 'l', ctrl: true, shift: true }] },
  settings: { where: 'anywhere', keys: [{ key: ',', ctrl: true }] },
  shortcuts: { where: 'anywhere', keys: [{ key: '/', ctrl: true }, { key: '?' }] },
  send: { where: 'composer', keys: [{ key: 'Enter' }, { key: 'Enter', ctrl: true }] },
  newLine: { where: 'composer', keys: [{ key: 'Enter', shift: true }] },
  editLast: { where: 'composer', keys: [{ key: 'ArrowUp' }] },
  bold: { where: 'composer', keys: [{ key: 'b', ctrl: true }] },
  italic: { where: 'composer', keys: [{ key: 'i', ctrl: true }] },
  strike: { where: 'composer', keys: [{ key: 'x', ctrl: true, shift: true }] },
  code: { where: 'composer', keys: [{ key: 'c', ctrl: true, shift: true }] },
  older: { where: 'messages', keys: [{ key: 'ArrowUp' }] },
  newer: { where: 'messages', keys: [{ key: 'ArrowDown' }] },
  menu: { where: 'messages', keys: [{ key: 'Enter' }, { key: 'm' }, { key: 'ContextMenu' }] },
  reply: { where: 'messages', keys: [{ key: 'r' }] },
  react: { where: 'messages', keys: [{ key: 'a' }, { key: '+' }] },
  edit: { where: 'messages', keys: [{ key: 'e' }] },
  delete: { where: 'messages', keys: [{ key: 'Delete' }, { key: 'Backspace' }] },
  pin: { where: 'messages', keys: [{ key: 'p' }] },
  copyText: { where: 'messages', keys: [{ key: 'c' }] },
  copyLink: { where: 'messages', keys: [{ key: 'l' }] },
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;

/** What of a keyboard event counts. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Whether a key of its own writes something, so that Shift only says which character it is. */
const isCharacter = (key: string): boolean => key.length === 1 && !/[a-z]/i.test(key);

const matches = (keys: Keys, event: KeyPress): boolean => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key !== keys.key) return false;
  if ((event.ctrlKey || event.metaKey) !== (keys.ctrl === true) || event.altKey !== (keys.alt === true)) return false;
  return isCharacter(keys.key) || event.shiftKey === (keys.shift === true);
};

/** Whether this event is one of the shortcut's keys. */
export const pressed = (id: ShortcutId, event: KeyPress): boolean =>
  shortcuts[id].keys.some((keys: Keys) => matches(keys, event));

/** Whether the keys write something where the focus is in a field. */
export const isPlain = (keys: Keys): boolean => keys.ctrl === undefined && keys.alt === undefined;

/**
 * Which shortcut of the whole page an event is.
 * @param typing whether the focus is where one writes: there, keys without Control or Alt write
 * @param plainKeys whether the person wants shortcuts of a single key at all
 */
export const shortcutOf = (event: KeyPress, typing: boolean, plainKeys: boolean): ShortcutId | null => {
  for (const [id, { where, keys }] of Object.entries(shortcuts) as [ShortcutId, Shortcut][]) {
    if (where !== 'anywhere') continue;
    const hit = keys.find((one) => matches(one, event));
    if (hit && (!isPlain(hit) || (plainKeys && !typing))) return id;
  }
  return null;
};

const symbols: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '⏎',
  Delete: 'Del',
  Backspace: '⌫',
  ContextMenu: '☰',
};

/** The names of the keys to press together, as they stand on keyboards. */
export const keyNames = ({ key, ctrl, shift, alt }: Keys, mac: boolean): readonly string[] => [
  ...(ctrl ? [mac ? '⌘' : 'Ctrl'] : []),
  ...(alt ? [mac ? '⌥' : 'Alt'] : []),
  ...(shift ? [mac ? '⇧' : 'Shift'] : []),
  symbols[key] ?? key.toUpperCase(),
];
