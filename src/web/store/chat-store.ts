/**
 * The one place where the SDK meets the chat: it listens, turns what it hears into the next state, and does what people
 * ask for. Components read it through `useChat`; nothing else of the chat talks to the SDK.
 */
import {
  type Chat,
  type ChatEvent,
  type ClientCommandKind,
  type CommandBody,
  type CommandProgress,
  EstafetError,
  type Result,
} from '../../client/index.ts';
import type { Moment } from '../offline/snapshot.ts';
import type { Restored } from './cache-restored.ts';
import { changeRoom, markRead } from './directory.ts';
import { MembersReader } from './directory-members.ts';
import { followCluster, followConnection, settleLink } from './link.ts';
import { Loader } from './loader.ts';
import { postIn, postOf, quietly, withProgress } from './outbox-messages.ts';
import { ReadMarks } from './read-marks.ts';
import {
  type ChatState,
  initialState,
  stateFrom,
  withEvents,
  withoutServer,
  withReset,
  withTimeline,
  withTyping,
  withTypingUntil,
} from './state.ts';
import { applyReset, atRest, holdsPlace, type PendingMessage, type Timeline, trim, trimEnd } from './timeline.ts';
import { addPending, dropPending } from './timeline-pending.ts';

/** A room left behind keeps this many messages. */
const keptMessages = 200;
const typingBelievedMs = 5_000;
const typingToldEveryMs = 2_500;
/** Events that come faster than the screen is drawn are taken together. */
const drawEveryMs = 30;
const goodNewsMs = 6_000;

export class ChatStore {
  readonly #chat: Chat;
  readonly #listeners = new Set<() => void>();
  readonly #reads: ReadMarks;
  readonly #loader: Loader;
  readonly #members: MembersReader;
  readonly #hearers = new Set<(events: readonly ChatEvent[]) => void>();
  #state: ChatState = initialState;
  #queue: ChatEvent[] = [];
  #drawn = 0;
  #drawTimer: ReturnType<typeof setTimeout> | null = null;
  #newsTimer: ReturnType<typeof setTimeout> | null = null;
  /** Whether the person is signing out: then nobody needs to be told why the session ended. */
  #leaving = false;
  #typingTold = new Map<string, number>();
  /** Whether a server has said who this is, since this page began or somebody signed out. */
  #greeted = false;
  /** When each room was last looked at. */
  readonly #visited: Map<string, number>;
  /** How an earlier page showed what was on its way. */
  readonly #onTheirWay: ReadonlyMap<string, PendingMessage>;

  /** @param restored what this device remembers of the person who was here last */
  constructor(chat: Chat, restored: Restored | null = null) {
    this.#chat = chat;
    if (restored !== null) this.#state = stateFrom(restored);
    this.#visited = new Map(restored?.visited);
    this.#onTheirWay = restored?.onTheirWay ?? new Map();
    this.#reads = new ReadMarks((room, index) => void quietly(chat.do('read.mark', { room, index })));
    const store = this;
    this.#loader = new Loader(chat, {
      get state() {
        return store.#state;
      },
      set: (state) => this.#set(state),
      draw: () => this.#draw(),
    });
    this.#members = new MembersReader({
      request: (path) => chat.request('GET', path),
      draw: () => this.#draw(),
      put: (room, members) => this.#set({ ...this.#state, members: new Map(this.#state.members).set(room, members) }),
    });
    chat.on('state', () => this.#onConnection());
    chat.on('event', (event) => this.#onEvent(event));
    chat.on('reset', ({ from, index }) => {
      this.#draw();
      this.#set(withReset(this.#state, from, index));
      void this.#loader.lists();
    });
    chat.on('cluster', (cluster) => {
      const link = followCluster(this.#state.link, cluster);
      const isNews = link !== this.#state.link;
      this.#set({ ...this.#state, cluster, link });
      if (isNews) this.#tellNews();
    });
    chat.on('presence', (online) => this.#set({ ...this.#state, online: new Set(online) }));
    chat.on('typing', ({ room, user }) => this.#onTyping(room, user));
    chat.on('sent', (progress) => this.#onProgress(progress));
    chat.on('error', (error) => this.#onError(error));
    this.#onConnection();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get state(): ChatState {
    return this.#state;
  }

  /** The state with everything that has come so far, and the position of the log that it is of. */
  moment(): Moment {
    this.#draw();
    const at = this.#state.asOf ?? Date.now();
    return { state: this.#state, position: this.#chat.position, visited: new Map(this.#visited), at };
  }

  /** Makes a person of this name and signs in. Rejects with an `EstafetError`. */
  async join(name: string): Promise<void> {
    await this.#chat.join(name, navigator.userAgent.slice(0, 200));
  }

  /** Ends the session. Rejects with an `EstafetError` when no server could do it. */
  async signOut(): Promise<void> {
    this.#leaving = true;
    try {
      await this.#chat.signOut();
    } finally {
      this.#leaving = false;
    }
  }

  /** The room is on the screen: its newest page is loaded, and kept up to date from now on. */
  openRoom(room: string): void {
    this.#visited.set(room, Date.now());
    const joined = this.#state.directory.rooms.get(room)?.joined;
    if (!this.#state.timelines.has(room)) this.#timeline(room, (timeline) => ({ ...timeline }));
    // Of a room that one is not in, the stream tells nothing: what was loaded of it may be old.
    else if (!joined && this.#state.loading.get(room) !== 'around')
      this.#timeline(room, (timeline) => applyReset(timeline, this.#chat.position));
    this.#loader.open(room);
  }

  /** The room left the screen. */
  closeRoom(room: string): void {
    this.#reads.flush();
    if (this.#state.timelines.has(room)) this.#timeline(room, (timeline) => atRest(timeline, keptMessages));
  }

  /** More of the room is wanted above what is loaded, or below it. */
  loadMore(room: string, which: 'older' | 'newer'): void {
    this.#loader.beside(room, which);
  }

  /** The window has grown larger than a list should be: its far end is let go, and loaded again when it is wanted. */
  loseFar(room: string, end: 'oldest' | 'newest', keep: number): void {
    this.#timeline(room, (timeline) => (end === 'oldest' ? trim : trimEnd)(timeline, keep));
  }

  /** Shows the message of this index in its place, or what is nearest to it. The room must be, or come, on the screen. */
  jumpTo(room: string, index: number): void {
    const timeline = this.#state.timelines.get(room);
    this.#set({ ...this.#state, jump: { room, index } });
    if (timeline && holdsPlace(timeline, index)) return;
    if (!timeline) this.#set(withTimeline(this.#state, room, (fresh) => ({ ...fresh })));
    this.#loader.around(room, index);
  }

  /** The screen is where it was wanted to be. */
  jumped(jump: ChatState['jump']): void {
    if (this.#state.jump === jump) this.#set({ ...this.#state, jump: null });
  }

  /** Shows the end of the room, wherever one is in it. */
  jumpToNewest(room: string): void {
    this.#set({ ...this.#state, jump: { room, index: null } });
    const timeline = this.#state.timelines.get(room);
    if (timeline && timeline.newer !== null) void this.#loader.newest(room);
  }

  /** Loads again what could not be had. */
  retryLoad(room: string): void {
    this.#loader.retry(room);
  }

  /** Posts a message. It is on the screen at once, and says itself what becomes of it. */
  send(room: string, text: string, { replyTo, files }: Pick<PendingMessage, 'replyTo' | 'files'> = {}): void {
    const more = { ...(replyTo ? { replyTo } : {}), ...(files?.length ? { files } : {}) };
    const message: PendingMessage = { id: this.#chat.newId(), text, at: Date.now(), state: 'waiting', ...more };
    this.#timeline(room, (timeline) => addPending(timeline, message));
    void quietly(this.#chat.do('message.post', postOf(room, message), { id: message.id }));
    // Somebody waits for it: no time for a pause between two attempts.
    if (this.#chat.state.kind === 'backing-off') this.#chat.wake();
    this.jumpToNewest(room);
  }

  /** Sends a failed message again, as a new one: the refusal of the old id is remembered by the servers. */
  retry(room: string, id: string): void {
    const failed = this.#state.timelines.get(room)?.pending.find((one) => one.id === id && one.state === 'failed');
    if (!failed) return;
    this.discard(room, id);
    this.send(room, failed.text, failed);
  }

  discard(room: string, id: string): void {
    this.#timeline(room, (timeline) => dropPending(timeline, id));
  }

  /** Deletes an own message; its row changes when it has happened. */
  remove(message: string): void {
    void quietly(this.#chat.do('message.delete', { message }));
  }

  /** Asks who is in a room and how far each has read; from then on the state knows it (`members`). */
  loadMembers(room: string): void {
    if (!this.#state.members.has(room)) void this.#members.read(room);
  }

  /** Hears the stream's events, each batch after the state has it. Returns how to stop. */
  listen(hearer: (events: readonly ChatEvent[]) => void): () => void {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  }

  /** Asks the API, failing over as the SDK does. Rejects with an `EstafetError`. */
  request(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#chat.request(method, path, body);
  }

  /** Where a link of this page to a file or a download leads: to a server that lives. */
  get serverUrl(): string {
    return this.#chat.url;
  }

  /** Signs in as somebody who has a password. Rejects with an `EstafetError`. */
  async signIn(name: string, password: string): Promise<void> {
    await this.#chat.request('POST', '/api/v1/sign-in', { name, password, device: navigator.userAgent.slice(0, 200) });
    this.#chat.signIn();
  }

  /** Makes a room and resolves once it can be shown. Rejects with an `EstafetError` when refused. */
  async createRoom(name: string, topic: string, access: 'open' | 'closed'): Promise<void> {
    const { id } = await this.#chat.do('room.create', { name, access, ...(topic === '' ? {} : { topic }) });
    await this.until((state) => state.directory.rooms.has(id));
  }

  /** Resolves as soon as something holds. */
  until(holds: (state: ChatState) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds(this.#state)) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Does a command, and says what came of it. Rejects with an `EstafetError` when refused. */
  do<K extends ClientCommandKind>(kind: K, body: CommandBody<K>): Promise<Result> {
    return this.#chat.do(kind, body);
  }

  /** Joins a room. What was said in it before did not come as events, so the newest page is read again. */
  async joinRoom(room: string): Promise<void> {
    const { index } = await this.#chat.do('room.join', { room });
    const directory = changeRoom(this.#state.directory, room, (known) => ({ ...known, joined: true }));
    this.#set({ ...this.#state, directory });
    if (!this.#state.timelines.has(room)) return;
    this.#timeline(room, (timeline) => applyReset(timeline, index));
    await this.#loader.newest(room);
  }

  /** Reads the lists again: of rooms one is not in, no event tells who joins and leaves. */
  lookAround(): void {
    if (this.#state.phase === 'ready') void this.#loader.lists();
  }

  /** Everything in the room up to its newest message has been seen. */
  seen(room: string): void {
    const known = this.#state.directory.rooms.get(room);
    if (!known?.joined || known.readIndex >= known.lastIndex) return;
    const { lastIndex } = known;
    this.#reads.mark(room, lastIndex);
    const directory = changeRoom(this.#state.directory, room, (one) => markRead(one, lastIndex));
    this.#set({ ...this.#state, directory });
  }

  /** The person types in the room; the others are told now and then. */
  typing(room: string): void {
    const now = Date.now();
    if (now - (this.#typingTold.get(room) ?? 0) < typingToldEveryMs) return;
    this.#typingTold.set(room, now);
    this.#chat.room(room).typing();
  }

  #set(state: ChatState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #timeline(room: string, change: (timeline: Timeline) => Timeline): void {
    this.#set(withTimeline(this.#state, room, change));
  }

  #onConnection(): void {
    const { state } = this.#chat;
    if (state.kind === 'signed-out') {
      this.#loader.forget();
      this.#members.forget();
      this.#queue = [];
      this.#reads.forget();
      this.#greeted = false;
      this.#visited.clear();
      const signedOutCode = this.#leaving ? null : state.code;
      this.#set({ ...initialState, phase: 'signed-out', signedOutCode, unkept: this.#state.unkept });
      return;
    }
    const link = followConnection(this.#state.link, state);
    if (state.kind !== 'online') {
      this.#set(withoutServer(this.#state, link, this.#greeted ? Date.now() : null));
      return;
    }
    const { you } = this.#chat;
    const first = !this.#greeted;
    this.#greeted = true;
    // This device remembers somebody else: nothing of theirs is shown to whoever is here.
    if (this.#state.you !== null && this.#state.you.id !== you?.id) {
      this.#visited.clear();
      this.#set({ ...initialState, cluster: this.#state.cluster, unkept: this.#state.unkept });
    }
    const phase = this.#state.phase === 'ready' ? 'ready' : 'loading';
    this.#set({ ...this.#state, link, you, phase, ...(first ? {} : { asOf: null }) });
    this.#tellNews();
    if (first) {
      // What an earlier page of this browser wrote, and no server has answered yet.
      for (const command of this.#chat.pending) this.#onProgress(command);
      void this.#loader.lists();
    }
  }

  #onEvent(event: ChatEvent): void {
    this.#loader.note(event);
    this.#members.note(event);
    this.#queue.push(event);
    if (this.#drawTimer !== null) return;
    const wait = Math.max(0, this.#drawn + drawEveryMs - performance.now());
    this.#drawTimer = setTimeout(() => this.#draw(), wait);
  }

  /** Takes in the events that have come. */
  #draw(): void {
    if (this.#drawTimer !== null) clearTimeout(this.#drawTimer);
    this.#drawTimer = null;
    this.#drawn = performance.now();
    const events = this.#queue;
    this.#queue = [];
    if (events.length === 0) return;
    this.#set(withEvents(this.#state, events));
    for (const hear of this.#hearers) hear(events);
  }

  #onTyping(room: string, user: string): void {
    if (user === this.#state.you?.id) return;
    this.#set(withTyping(this.#state, room, user, Date.now() + typingBelievedMs));
    setTimeout(() => this.#set(withTypingUntil(this.#state, Date.now())), typingBelievedMs + 50);
  }

  #onProgress(progress: CommandProgress): void {
    const post = postIn(progress);
    if (post === null) return;
    const remembered = this.#onTheirWay.get(progress.id);
    this.#timeline(post.room, (timeline) => withProgress(timeline, progress, post, remembered));
  }

  /** The outbox lives in memory only, or not all of it is kept: the person is told as long as this page lasts. */
  #onError(error: unknown): void {
    const code = error instanceof EstafetError ? error.code : null;
    if (code === 'storage-full' || code === 'storage-refused') this.#set({ ...this.#state, unkept: code });
    else console.error(error);
  }

  /** Good news is said for a moment; then it is simply so. */
  #tellNews(): void {
    const { where, primary } = this.#state.link;
    const news = (where.kind === 'on' && where.cameFrom !== null) || (primary.there && primary.before !== null);
    if (!news) return;
    if (this.#newsTimer !== null) clearTimeout(this.#newsTimer);
    this.#newsTimer = setTimeout(() => {
      this.#set({ ...this.#state, link: settleLink(this.#state.link) });
    }, goodNewsMs);
  }
}
