/**
 * The one place where the page meets the channel `lab`: it hears the news, keeps the model, answers each delivery with
 * `seen` at once, is the same nodes again after a lost connection, and keeps why something was refused until it is said
 * again. It draws nothing. A page has one, and it goes on while the page has nodes, whatever part of the app is shown.
 *
 * In components (`hooks.ts`; `select` must give the same object for the same state):
 *
 *   const dials = useLab((state) => state.model.dials);
 *   const store = useLabStore();
 *   store.say('dials', { what: 'dials', change: { loss: 0.3 } });   // 'dials' is the scope of a refusal: `Refused`
 *
 * The store:
 *
 *   store.state                    LabState: `model`, `online`, `refusals`
 *   store.say(scope, word)         says something; false when no server hears it
 *   store.join(name)               makes this page a node; `leave(id)`, `subscribe(id, topic, on)`, `joinClass(code, id)`
 *   store.onNews(handler)          each piece of news as it comes
 *   store.now()                    the servers' clock, ms since 1970
 *   store.sdk                      the SDK, for the addresses under /api/v1/lab
 */
import type { Chat, Unsubscribe } from '../../client/index.ts';
import type { LabDelivery, LabError, LabNews, LabWords } from '../../protocol/index.ts';
import type { Target } from './letters.ts';
import { emptyModel, type LabModel, reduce, withSend } from './model.ts';

/** Why something was not done; `offline` when no server was there to hear it. */
export type Refusal = Pick<LabError, 'problems'> & { readonly code: LabError['code'] | 'offline' };

export interface LabState {
  readonly model: LabModel;
  /** Whether a server answers at the moment. */
  readonly online: boolean;
  /** By the scope that it was said in. */
  readonly refusals: Readonly<Partial<Record<string, Refusal>>>;
}

/** A node that this page is, or wants to be again. */
interface Wanted {
  readonly name: string;
  id: string | null;
  readonly topics: Set<string>;
  classCode: string | null;
  tries: number;
}

/** Refusals of a node's return that may be over a moment later: the old connection is not yet known to be gone. */
const passing: ReadonlySet<LabError['code']> = new Set(['no-lab', 'name-taken', 'flood', 'not-your-node']);
const againMs = 1_000;
const triesMax = 15;
/**
 * News come as fast as messages do; what is shown changes this often at most, and on a slow phone so seldom that drawing
 * takes a quarter of its time: the rest is for the answers that others measure.
 */
const shownEveryMs = 120;
const shownEveryMaxMs = 2_000;
const drawingShare = 4;
/** Refs whose answer may still come. */
const refsKept = 200;
const seenAtOnce = 500;

type Word<K extends LabWords['what']> = Extract<LabWords, { readonly what: K }>;

export class LabStore {
  readonly sdk: Chat;
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(news: LabNews) => void>();
  readonly #wanted = new Set<Wanted>();
  /** What was said with a ref: its scope, and of a `join` the node. */
  readonly #said = new Map<string, { readonly scope: string; readonly joins: Wanted | null }>();
  #state: LabState;
  #refs = 0;
  #ahead: number;
  #users = 0;
  #stops: readonly Unsubscribe[] = [];
  #again: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;
  #showEveryMs = shownEveryMs;

  constructor(sdk: Chat) {
    this.sdk = sdk;
    this.#ahead = sdk.clockOffsetMs;
    this.#state = { model: emptyModel, online: sdk.state.kind === 'online', refusals: {} };
  }

  /** Watches until what is returned is called, and for longer while this page has nodes. */
  start(): Unsubscribe {
    this.#users += 1;
    if (this.#stops.length === 0) {
      this.#stops = [
        this.sdk.watch('lab', (news) => this.#hear(news)),
        this.sdk.on('state', ({ kind }) => this.#set({ ...this.#state, online: kind === 'online' })),
      ];
      this.#set({ ...this.#state, online: this.sdk.state.kind === 'online' });
    }
    return () => {
      this.#users -= 1;
      this.#stopIfIdle();
    };
  }

  readonly subscribe = (listener: () => void): Unsubscribe => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get state(): LabState {
    return this.#state;
  }

  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Hears each piece of news, after the state has it. */
  onNews(hearer: (news: LabNews) => void): Unsubscribe {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  }

  /** Says something. Why it is refused comes to `state.refusals[scope]`, which is cleared now. */
  say(scope: string, word: LabWords): boolean {
    return this.#say(scope, word, null);
  }

  /** Makes this page a node, one more. */
  join(name: string): void {
    this.#join({ name, id: null, topics: new Set(), classCode: null, tries: 0 });
  }

  leave(id: string): void {
    for (const wanted of this.#wanted) if (wanted.id === id) this.#wanted.delete(wanted);
    this.#say(`node ${id}`, { what: 'leave', node: id }, null);
  }

  subscribeTo(id: string, topic: string, on: boolean): void {
    const wanted = this.#wantedOf(id);
    if (on) wanted?.topics.add(topic);
    else wanted?.topics.delete(topic);
    this.#say(`node ${id}`, { what: 'subscribe', node: id, topic, on }, null);
  }

  send(word: Omit<Word<'send'>, 'what' | 'ref'>): void {
    this.#say(`node ${word.node}`, { what: 'send', ...word }, null);
  }

  joinClass(code: string, id: string): void {
    const wanted = this.#wantedOf(id);
    if (wanted) wanted.classCode = code;
    this.#say('class', { what: 'class-join', code, node: id }, null);
  }

  /** What was refused has been read. */
  forgive(scope: string): void {
    if (this.#state.refusals[scope]) this.#set({ ...this.#state, refusals: this.#refusals(scope, undefined) });
  }

  #refusals(scope: string, refusal: Refusal | undefined): LabState['refusals'] {
    const { [scope]: _, ...rest } = this.#state.refusals;
    return refusal === undefined ? rest : { ...rest, [scope]: refusal };
  }

  #say(scope: string, word: LabWords, joins: Wanted | null): boolean {
    this.#refs += 1;
    const ref = `r${this.#refs}`;
    this.#said.set(ref, { scope, joins });
    if (this.#said.size > refsKept) this.#said.delete(this.#said.keys().next().value!);
    const heard = this.sdk.say('lab', { ...word, ref });
    let { model } = this.#state;
    if (word.what === 'send') model = withSend(model, ref, word.to);
    this.#set({ ...this.#state, model, refusals: this.#refusals(scope, heard ? undefined : { code: 'offline' }) });
    return heard;
  }

  #wantedOf(id: string): Wanted | undefined {
    return [...this.#wanted].find((wanted) => wanted.id === id);
  }

  #join(wanted: Wanted): void {
    const word: Word<'join'> = { what: 'join', name: wanted.name, ...(wanted.id === null ? {} : { node: wanted.id }) };
    const heard = this.#say('join', word, wanted);
    // One that never was is not wanted without an answer; one that was comes back with the connection.
    if (heard) this.#wanted.add(wanted);
  }

  #hear(news: LabNews): void {
    this.#ahead = news.at - Date.now();
    this.#acknowledge(news.deliveries ?? []);
    this.#state = { ...this.#state, model: reduce(this.#state.model, news) };
    this.#showSoon();
    if (news.error) this.#refused(news.error);
    if (news.you) this.#whoAmI(news.you);
    for (const hear of [...this.#hearers]) hear(news);
  }

  /** At once: the time until the answer is the lab’s own cost. */
  #acknowledge(deliveries: readonly LabDelivery[]): void {
    for (const [node, all] of Map.groupBy(deliveries, (one) => one.node)) {
      const pairs = all.map(({ message, attempt }): [number, number] => [message, attempt]);
      for (let from = 0; from < pairs.length; from += seenAtOnce) {
        this.sdk.say('lab', { what: 'seen', node, seen: pairs.slice(from, from + seenAtOnce) });
      }
    }
  }

  #whoAmI({ nodes, ref }: NonNullable<LabNews['you']>): void {
    const joined = ref === undefined ? null : (this.#said.get(ref)?.joins ?? null);
    if (joined) {
      this.#said.delete(ref!);
      const known = new Set([...this.#wanted].map(({ id }) => id));
      const back = joined.id !== null;
      if (joined.id === null || !nodes.includes(joined.id)) joined.id = nodes.find((id) => !known.has(id)) ?? null;
      joined.tries = 0;
      if (back) this.#resume(joined);
    }
    const asked = new Set([...this.#said.values()].map(({ joins }) => joins));
    for (const wanted of this.#wanted) {
      if (wanted.id !== null && !nodes.includes(wanted.id) && (!asked.has(wanted) || ref === undefined)) {
        this.#join(wanted);
      }
    }
    this.#stopIfIdle();
  }

  /** A node that is back has what it had. */
  #resume({ id, topics, classCode }: Wanted): void {
    if (id === null) return;
    const here = this.#state.model.nodes.get(id);
    for (const topic of topics) {
      if (!here?.topics.includes(topic)) this.#say('join', { what: 'subscribe', node: id, topic, on: true }, null);
    }
    const open = this.#state.model.class;
    if (classCode !== null && open?.code === classCode && !here?.inClass) {
      this.#say('join', { what: 'class-join', code: classCode, node: id }, null);
    }
  }

  #refused(error: LabError): void {
    const said = error.ref === undefined ? undefined : this.#said.get(error.ref);
    if (error.ref !== undefined) this.#said.delete(error.ref);
    const joins = said?.joins ?? null;
    if (joins && joins.id !== null && passing.has(error.code) && joins.tries < triesMax) {
      joins.tries += 1;
      clearTimeout(this.#again);
      this.#again = setTimeout(() => {
        const here = new Set(this.#state.model.mine);
        for (const wanted of this.#wanted) if (wanted.id !== null && !here.has(wanted.id)) this.#join(wanted);
      }, againMs);
      return;
    }
    if (joins) this.#wanted.delete(joins);
    const { code, problems } = error;
    const refusal: Refusal = { code, ...(problems ? { problems } : {}) };
    this.#set({ ...this.#state, refusals: this.#refusals(said?.scope ?? error.about ?? 'page', refusal) });
  }

  #stopIfIdle(): void {
    if (this.#users > 0 || this.#wanted.size > 0) return;
    clearTimeout(this.#again);
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  #showSoon(): void {
    const left = this.#shownAt + this.#showEveryMs - performance.now();
    if (left <= 0) this.#show();
    else this.#later ??= setTimeout(() => this.#show(), left);
  }

  #show(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#shownAt = performance.now();
    for (const listener of [...this.#listeners]) listener();
    setTimeout(() => {
      const tookMs = performance.now() - this.#shownAt;
      this.#showEveryMs = Math.min(shownEveryMaxMs, Math.max(shownEveryMs, drawingShare * tookMs));
    });
  }

  #set(state: LabState): void {
    this.#state = state;
    this.#show();
  }
}

const stores = new WeakMap<Chat, LabStore>();

/** The lab of this page: the same one however often the lab is opened. */
export const labStoreOf = (sdk: Chat): LabStore => {
  const store = stores.get(sdk) ?? new LabStore(sdk);
  stores.set(sdk, store);
  return store;
};

export type { Target };
