/** The keys of a message that has the focus: one letter for each of its tools. Pure but for what the desk does. */
import type { Message } from '../../client/index.ts';
import { type ShortcutId, shortcuts } from '../app/shortcuts.ts';
import type { MessageDesk } from './message-desk.ts';

export interface KeyedMessage {
  readonly message: Message;
  readonly own: boolean;
  readonly mayWrite: boolean;
  readonly mayDelete: boolean;
}

type Deed = 'edit' | 'delete' | 'reply' | 'react' | 'pin' | 'copy' | 'link' | 'menu';

/** Which shortcut of the table each is. */
const shortcutOf = {
  edit: 'edit',
  delete: 'delete',
  reply: 'reply',
  react: 'react',
  pin: 'pin',
  copy: 'copyText',
  link: 'copyLink',
  menu: 'menu',
} as const satisfies Record<Deed, ShortcutId>;

const deeds: ReadonlyMap<string, Deed> = new Map(
  (Object.keys(shortcutOf) as Deed[]).flatMap((deed) =>
    shortcuts[shortcutOf[deed]].keys.map(({ key }) => [key, deed] as const),
  ),
);

/** What a key means for this message; null when it means nothing. */
export const deedOf = (key: string, { message, own, mayWrite, mayDelete }: KeyedMessage): Deed | null => {
  const deed = deeds.get(key) ?? null;
  if (deed === null || message.deleted) return null;
  if (deed === 'edit') return own && mayWrite ? deed : null;
  if (deed === 'delete') return mayDelete ? deed : null;
  if (deed === 'copy' || deed === 'link' || deed === 'menu') return deed;
  return mayWrite ? deed : null;
};

/** Does it. `anchor` is the message's row. */
export const perform = (deed: Deed, desk: MessageDesk, message: Message, anchor: HTMLElement): void => {
  if (deed === 'edit') desk.edit(message.id);
  else if (deed === 'delete') desk.dialog.set({ kind: 'delete', message });
  else if (deed === 'reply') desk.reply(message);
  else if (deed === 'react') desk.dialog.set({ kind: 'reactions', message, anchor });
  else if (deed === 'pin') desk.pin(message, !message.pinned);
  else if (deed === 'menu') desk.dialog.set({ kind: 'menu', message, anchor });
  else void desk.copy(message, deed === 'link' ? 'link' : 'text');
};
