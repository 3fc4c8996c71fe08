/**
 * What is going on with the messages of the room on the screen: which one is edited, answered, asked about. Rows and the
 * composer read it where they are, so that a change draws only what it concerns. It does what people ask of a message;
 * what the servers know of it comes back through the store.
 */
import { createContext, useContext, useSyncExternalStore } from 'react';
import { type ErrorCode, EstafetError, limits, type Message, type Quote } from '../../client/index.ts';
import { permalinkOf } from '../app/router.ts';
import { type Cell, cell } from '../store/cell.ts';
import type { ChatStore } from '../store/chat-store.ts';
import { copyText } from '../text/copy-text.ts';
import { noteEmoji } from './emoji-recent.ts';
import { focusComposer } from './focus-composer.ts';
import { readReplyDraft, writeReplyDraft } from './reply-draft.ts';

/** What is open about a message. `anchor` is what it opened from. */
export type MessageDialog =
  | { readonly kind: 'delete' | 'wordings'; readonly message: Message }
  | { readonly kind: 'menu' | 'reactions'; readonly message: Message; readonly anchor: HTMLElement };

/** Said above the composer until something else is done: why something was refused, or a key of the translations. */
export type DeskNotice =
  | { readonly tone: 'problem'; readonly code: ErrorCode }
  | { readonly tone: 'problem'; readonly key: 'unknown' | 'nobody' | 'needs'; readonly name: string }
  | { readonly tone: 'done'; readonly key: 'invited' | 'linkCopied' | 'textCopied'; readonly name: string };

const quoteOf = (message: Message): Quote => ({
  id: message.id,
  index: message.index,
  by: message.by,
  name: message.name,
  text: message.text.slice(0, limits.quoteMaxChars),
});

export class MessageDesk {
  readonly store: ChatStore;
  readonly room: string;
  /** Id of the message that is being edited. */
  readonly editing = cell<string | null>(null);
  readonly replyingTo: Cell<Quote | null>;
  readonly dialog = cell<MessageDialog | null>(null);
  readonly notice = cell<DeskNotice | null>(null);
  /** A text that did not leave after all, on its way back to where it was written. */
  readonly returned = cell<string | null>(null);

  constructor(store: ChatStore, room: string) {
    this.store = store;
    this.room = room;
    this.replyingTo = cell(readReplyDraft(room));
    this.replyingTo.subscribe(() => writeReplyDraft(room, this.replyingTo.get()));
  }

  /** A message that was to go out by itself is written on instead. */
  takeBack({ text, replyTo }: { readonly text: string; readonly replyTo: Quote | null }): void {
    this.returned.set(text);
    if (replyTo) this.replyingTo.set(replyTo);
    focusComposer();
  }

  edit(message: string | null): void {
    this.editing.set(message);
  }

  reply(message: Message): void {
    this.replyingTo.set(quoteOf(message));
    // What has the focus now, a menu perhaps, gives it back first.
    setTimeout(focusComposer);
  }

  /** Adds the reaction, or takes one's own back. */
  react(message: Message, emoji: string): void {
    const you = this.store.state.you?.id ?? '';
    const on = !message.reactions?.some((one) => one.emoji === emoji && one.by.includes(you));
    if (on) noteEmoji(emoji);
    void this.#try(this.store.do('message.react', { message: message.id, emoji, on }));
  }

  pin(message: Message, on: boolean): void {
    void this.#try(this.store.do('message.pin', { message: message.id, on }));
  }

  remove(message: Message): void {
    void this.#try(this.store.do('message.delete', { message: message.id }));
  }

  async copy(message: Message, what: 'text' | 'link'): Promise<void> {
    const room = this.store.state.directory.rooms.get(this.room);
    if (!room) return;
    const link = location.origin + permalinkOf(room, message.index);
    if (await copyText(what === 'link' ? link : message.text)) {
      this.notice.set({ tone: 'done', key: what === 'link' ? 'linkCopied' : 'textCopied', name: '' });
    }
  }

  async #try(done: Promise<unknown>): Promise<void> {
    try {
      await done;
    } catch (error) {
      this.notice.set({ tone: 'problem', code: error instanceof EstafetError ? error.code : 'internal' });
    }
  }
}

export const DeskContext = createContext<MessageDesk | null>(null);

/** The desk of the room on the screen. */
export const useDesk = (): MessageDesk => {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('There is no desk around this component.');
  return desk;
};

/** A part of a cell's value, and again only when that part changed. */
export const usePart = <T, Part>(of: Cell<T>, select: (value: T) => Part): Part =>
  useSyncExternalStore(of.subscribe, () => select(of.get()));
