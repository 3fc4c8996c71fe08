/**
 * Reads through the API what the stream of events does not tell: the lists of rooms and people, and pages of history.
 * What comes while an answer is on its way is never lost, and an answer that came too late changes nothing.
 */
import { type Chat, type ChatEvent, EstafetError, type MessagePage } from '../../client/index.ts';
import { type ChatState, type Loading, withLists, withTimeline } from './state.ts';
import { applyPage, type PageKind } from './timeline.ts';

const pageSize = 50;
const retryMs = 1_500;

/** Where the loader puts what it read. */
export interface Desk {
  readonly state: ChatState;
  set(state: ChatState): void;
  /** Takes in the events that have come, so that what is read is put on top of them. */
  draw(): void;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Loader {
  readonly #chat: Chat;
  readonly #desk: Desk;
  /** Events since the lists were asked for; null when they are not on their way. */
  #sinceAsked: ChatEvent[] | null = null;
  /** Counts the people who were here: an answer for one is nothing for the next. */
  #signIns = 0;
  /** Counts a room's changes of window: a page for the one before is nothing for this one. */
  readonly #windows = new Map<string, number>();
  /** Around which index a room was asked for last. */
  readonly #places = new Map<string, number>();

  constructor(chat: Chat, desk: Desk) {
    this.#chat = chat;
    this.#desk = desk;
  }

  /** Every event of the stream is shown to the loader too. */
  note(event: ChatEvent): void {
    this.#sinceAsked?.push(event);
  }

  /** The person is gone, and so is everything asked for them. */
  forget(): void {
    this.#signIns++;
    this.#sinceAsked = null;
  }

  /** Reads the lists, until a server answers; then the rooms on the screen that are out of date. */
  async lists(): Promise<void> {
    const since: ChatEvent[] = [];
    this.#sinceAsked = since;
    while (this.#sinceAsked === since) {
      try {
        const [rooms, users, session] = await Promise.all([
          this.#chat.rooms(),
          this.#chat.users(),
          this.#chat.session(),
        ]);
        if (this.#sinceAsked !== since) return;
        this.#desk.draw();
        this.#sinceAsked = null;
        const { workspace, user: you } = session;
        this.#desk.set({ ...withLists(this.#desk.state, rooms, users, since), workspace, you });
        for (const room of this.#desk.state.timelines.keys()) this.open(room);
      } catch {
        await wait(retryMs);
      }
    }
  }

  /** Reads the newest page of a room, unless what is there is up to date, or another page is about to replace it. */
  open(room: string): void {
    const timeline = this.#desk.state.timelines.get(room);
    if (this.#desk.state.loading.get(room) === 'around') return;
    if (timeline?.older === undefined || timeline.staleUpto > 0) void this.newest(room);
  }

  newest(room: string): Promise<void> {
    return this.#page(room, 'newest', {});
  }

  /** Reads the page around an index, in place of what is loaded. */
  around(room: string, index: number): void {
    this.#places.set(room, index);
    this.#say(room, null);
    void this.#page(room, 'around', { around: index });
  }

  /** Reads the page before or behind what is loaded, if there is one and nothing else is on its way. */
  beside(room: string, which: 'older' | 'newer'): void {
    const timeline = this.#desk.state.timelines.get(room);
    const loading = this.#desk.state.loading.get(room);
    const cursor = timeline?.[which];
    if ((loading && loading !== `${which}-failed`) || !cursor || !timeline || timeline.staleUpto > 0) return;
    void this.#page(room, which, which === 'older' ? { before: cursor } : { after: cursor });
  }

  /** Reads again what could not be had. */
  retry(room: string): void {
    const failed = this.#desk.state.loading.get(room);
    const place = this.#places.get(room);
    this.#say(room, null);
    if (failed === 'older-failed') this.beside(room, 'older');
    else if (failed === 'newer-failed') this.beside(room, 'newer');
    else if (failed === 'around-failed' && place !== undefined) this.around(room, place);
    else void this.newest(room);
  }

  async #page(room: string, which: PageKind, cursor: Readonly<Record<string, number>>): Promise<void> {
    if (this.#desk.state.loading.get(room) === which) return;
    this.#say(room, which);
    const signIn = this.#signIns;
    const window = (this.#windows.get(room) ?? 0) + (which === 'newest' || which === 'around' ? 1 : 0);
    this.#windows.set(room, window);
    const isLate = () => signIn !== this.#signIns || window !== this.#windows.get(room);
    const stale = this.#staleUpto(room);
    try {
      const query = new URLSearchParams({ limit: `${pageSize}` });
      for (const [name, index] of Object.entries(cursor)) query.set(name, `${index}`);
      const path = `/api/v1/rooms/${encodeURIComponent(room)}/messages?${query}`;
      const page = (await this.#chat.request('GET', path)) as MessagePage;
      if (isLate()) return;
      this.#desk.draw();
      this.#say(room, null);
      // The end it belongs to may have been let go meanwhile: then there would be a hole between.
      const now = this.#desk.state.timelines.get(room);
      if (which === 'older' && now?.older !== cursor.before) return;
      if (which === 'newer' && now?.newer !== cursor.after) return;
      // Asked for before a reset: the answer may lack what the stream left out.
      if (this.#staleUpto(room) !== stale) return this.open(room);
      this.#desk.set(withTimeline(this.#desk.state, room, (timeline) => applyPage(timeline, page, which)));
    } catch (error) {
      if (isLate()) return;
      const gone = error instanceof EstafetError && error.code === 'no-such-room';
      this.#say(room, gone ? null : `${which}-failed`);
    }
  }

  #staleUpto(room: string): number {
    return this.#desk.state.timelines.get(room)?.staleUpto ?? 0;
  }

  #say(room: string, what: Loading | null): void {
    const loading = new Map(this.#desk.state.loading);
    if (what === null) loading.delete(room);
    else loading.set(room, what);
    this.#desk.set({ ...this.#desk.state, loading });
  }
}
