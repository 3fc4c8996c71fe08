/**
 * The files that are chosen for a room's next message: where each of them stands, and what the person does to it. Outlives
 * the room's view, so that an upload goes on while one reads elsewhere. Two files travel at a time; the others wait.
 */
import { type ErrorCode, EstafetError, type FileView, limits, type Quote } from '../../client/index.ts';
import type { ChatStore } from '../store/chat-store.ts';
import { kindOf } from './file-kind.ts';
import type { FileUpload } from './upload.ts';

/** Files that travel at the same time. */
const atOnce = 2;

export interface Attachment {
  readonly key: string;
  readonly file: File;
  /** A picture of it, while it is here; null when it is none. */
  readonly preview: string | null;
  readonly state: 'waiting' | 'uploading' | 'paused' | 'done' | 'failed';
  /** Bytes that the servers have acknowledged. */
  readonly sent: number;
  /** A server is being looked for. */
  readonly isSearching: boolean;
  /** What it is at the servers, once it is done. */
  readonly stored: FileView | null;
  /** Why it failed. */
  readonly code: ErrorCode | null;
}

/** A message that goes out by itself as soon as its files are there. */
export interface Armed {
  readonly text: string;
  readonly replyTo: Quote | null;
}

export interface RoomAttachments {
  readonly list: readonly Attachment[];
  readonly armed: Armed | null;
}

const none: RoomAttachments = { list: [], armed: null };

interface Running {
  readonly abort: AbortController;
  /** Null until what uploads has been loaded. */
  upload: FileUpload | null;
}

/** Sends a message with files: what the store does. */
export type SendWithFiles = (room: string, armed: Armed, files: readonly FileView[]) => void;

export class Attachments {
  readonly #store: ChatStore;
  readonly #send: SendWithFiles;
  readonly #listeners = new Set<() => void>();
  readonly #rooms = new Map<string, RoomAttachments>();
  readonly #uploads = new Map<string, Running>();

  constructor(store: ChatStore, send: SendWithFiles) {
    this.#store = store;
    this.#send = send;
    addEventListener('beforeunload', (event) => {
      if (this.#uploads.size > 0) event.preventDefault();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is attached in a room; the same object until something changes. */
  of(room: string): RoomAttachments {
    return this.#rooms.get(room) ?? none;
  }

  /** Attaches files, as many as a message may have. Answers how many were left out. */
  add(room: string, files: readonly File[]): number {
    const places = limits.messageFilesMax - this.of(room).list.length;
    const fresh = files.filter((file) => !this.#has(file));
    const taken = fresh.slice(0, Math.max(0, places));
    const list = taken.map((file): Attachment => {
      const tooLarge = file.size > limits.fileMaxBytes;
      return {
        key: crypto.getRandomValues(new Uint32Array(4)).join('-'),
        file,
        preview: kindOf(file.type) === 'image' ? URL.createObjectURL(file) : null,
        state: tooLarge ? 'failed' : 'waiting',
        sent: 0,
        isSearching: false,
        stored: null,
        code: tooLarge ? 'file-too-large' : null,
      };
    });
    this.#put(room, { ...this.of(room), list: [...this.of(room).list, ...list] });
    this.#startNext();
    return fresh.length - taken.length;
  }

  pause(room: string, key: string): void {
    this.#change(room, key, { state: 'paused', isSearching: false });
    this.#uploads.get(key)?.abort.abort();
    this.#startNext();
  }

  /** Goes on with what was paused or failed. */
  resume(room: string, key: string): void {
    this.#change(room, key, { state: 'waiting', code: null });
    this.#startNext();
  }

  remove(room: string, key: string): void {
    const running = this.#uploads.get(key) ?? this.#stopped.get(key);
    running?.abort.abort();
    this.#uploads.delete(key);
    this.#stopped.delete(key);
    const one = this.of(room).list.find((other) => other.key === key);
    if (one?.preview) URL.revokeObjectURL(one.preview);
    const list = this.of(room).list.filter((other) => other.key !== key);
    this.#put(room, { list, armed: list.length === 0 ? null : this.of(room).armed });
    void running?.upload?.remove();
    this.#startNext();
  }

  /** Sends the message now, or as soon as the files are there. */
  send(room: string, armed: Armed): void {
    this.#put(room, { ...this.of(room), armed });
    this.#sendIfReady(room);
  }

  /** Takes a message back that waits for its files; gives what it said. */
  disarm(room: string): Armed | null {
    const { armed } = this.of(room);
    if (armed) this.#put(room, { ...this.of(room), armed: null });
    return armed;
  }

  /** Somebody else is here now, or nobody. */
  forget(): void {
    for (const { abort } of this.#uploads.values()) abort.abort();
    this.#uploads.clear();
    this.#stopped.clear();
    for (const { list } of this.#rooms.values()) {
      for (const { preview } of list) if (preview) URL.revokeObjectURL(preview);
    }
    this.#rooms.clear();
    this.#tell();
  }

  /** Uploads that stand still, and know where they stand. */
  readonly #stopped = new Map<string, Running>();

  #startNext(): void {
    for (const [room, { list }] of this.#rooms) {
      for (const one of list) {
        if (this.#uploads.size >= atOnce) return;
        if (one.state === 'waiting' && !this.#uploads.has(one.key)) void this.#start(room, one);
      }
    }
  }

  async #start(room: string, { key, file }: Attachment): Promise<void> {
    this.#change(room, key, { state: 'uploading' });
    const running: Running = { abort: new AbortController(), upload: null };
    const { signal } = running.abort;
    const path = this.#stopped.get(key)?.upload?.path ?? null;
    this.#uploads.set(key, running);
    let end: Partial<Attachment> = {};
    try {
      const { FileUpload } = await import('./upload.ts');
      running.upload = new FileUpload({
        file,
        user: this.#store.state.you?.id ?? '',
        serverUrl: () => this.#store.serverUrl,
        signal,
        path,
        onProgress: (sent, isReceiving) => {
          if (!signal.aborted) this.#change(room, key, { isSearching: !isReceiving, ...(sent < 0 ? {} : { sent }) });
        },
        factsOf: async (id) => (await this.#store.request('GET', `/api/v1/files/${id}/info`)) as FileView,
      });
      end = { state: 'done', stored: await running.upload.run(), sent: file.size, isSearching: false };
    } catch (error) {
      const code = error instanceof EstafetError ? error.code : 'internal';
      if (!signal.aborted) end = { state: 'failed', code, isSearching: false };
    }
    this.#uploads.delete(key);
    // Whoever took it out of the list has been forgotten already.
    if (this.#isKnown(room, key)) this.#stopped.set(key, running);
    this.#change(room, key, end);
    this.#sendIfReady(room);
    this.#startNext();
  }

  #isKnown(room: string, key: string): boolean {
    return this.of(room).list.some((one) => one.key === key);
  }

  /** Whether this file is attached already: the same upload cannot travel twice. */
  #has({ name, size, lastModified }: File): boolean {
    for (const { list } of this.#rooms.values()) {
      const isSame = ({ file }: Attachment): boolean =>
        file.name === name && file.size === size && file.lastModified === lastModified;
      if (list.some(isSame)) return true;
    }
    return false;
  }

  #sendIfReady(room: string): void {
    const { list, armed } = this.of(room);
    if (armed === null || list.length === 0 || list.some(({ state }) => state !== 'done')) return;
    for (const { key, preview } of list) {
      this.#stopped.delete(key);
      if (preview) URL.revokeObjectURL(preview);
    }
    this.#put(room, none);
    this.#send(
      room,
      armed,
      list.map(({ stored }) => stored!),
    );
  }

  #change(room: string, key: string, change: Partial<Attachment>): void {
    const known = this.of(room);
    if (!this.#isKnown(room, key)) return;
    this.#put(room, { ...known, list: known.list.map((one) => (one.key === key ? { ...one, ...change } : one)) });
  }

  #put(room: string, attachments: RoomAttachments): void {
    if (attachments.list.length === 0) this.#rooms.delete(room);
    else this.#rooms.set(room, attachments);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
