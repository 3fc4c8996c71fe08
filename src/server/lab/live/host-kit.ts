/** For tests of the lab without sockets and timers: the host on a virtual clock, with pages that answer it. */
import { defaultSettings } from '../../../lab/index.ts';
import type { LabDials, LabNews, LabNode, LabWords } from '../../../protocol/index.ts';
import { limits as standardLimits } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import { LabHost } from './host.ts';
import { Known } from './known.ts';
import type { Seat, Speaker } from './seat.ts';

export interface VirtualOptions {
  readonly limits?: Partial<EdgeLimits>;
  readonly seed?: number;
  /** How long a page takes to say `seen`, ms; null when it never does. */
  readonly pageMs?: number | null;
  /** What another host had told. */
  readonly known?: Known;
  readonly server?: string;
  readonly isUp?: (server: string) => boolean;
  readonly startMs?: number;
}

interface Seeing {
  readonly atMs: number;
  readonly seat: Seat;
  readonly node: string;
  readonly pair: [number, number];
}

export class VirtualLab {
  readonly limits: EdgeLimits;
  readonly host: LabHost;
  /** What all have been told, put together. */
  readonly known: Known;
  readonly shared: LabNews[] = [];
  nowMs: number;
  #pageMs: number | null;
  readonly #told = new Map<Seat, LabNews[]>();
  readonly #speakers = new Map<Seat, Speaker>();
  readonly #seeing: Seeing[] = [];
  #ids = 0;

  constructor(options: VirtualOptions = {}) {
    const { seed = 1, pageMs = 0, server = 's1', isUp = () => true, startMs = 1_000_000 } = options;
    this.limits = { ...standardLimits, ...options.limits };
    this.nowMs = startMs;
    this.#pageMs = pageMs;
    this.known = options.known ?? new Known(this.limits);
    const start = { server, seed, limits: this.limits, known: this.known, isUp };
    this.host = new LabHost(
      { ...start, newId: () => `id${this.#ids++}`, newCode: () => `CODE${this.#ids++}` },
      startMs,
    );
    this.#settle();
  }

  /** How pages behave from now on. */
  set pageMs(ms: number | null) {
    this.#pageMs = ms;
  }

  /** A socket of a person, by default one of its own for each seat. */
  sit(seat: Seat, user = `user of ${seat}`, more: Partial<Speaker> = {}): Seat {
    const server = seat.includes(':') ? seat.slice(0, seat.indexOf(':')) : 's1';
    this.#speakers.set(seat, { seat, server, user, name: user, isGuest: false, ...more });
    return seat;
  }

  say(seat: Seat, word: LabWords): void {
    this.host.heard(this.#speaker(seat), word, this.nowMs);
    this.#settle();
  }

  /** What was said is refused with this code; null when it is not. */
  refusal(seat: Seat, word: LabWords): string | null {
    const before = this.told(seat).length;
    this.say(seat, word);
    return (
      this.told(seat)
        .slice(before)
        .find(({ error }) => error)?.error?.code ?? null
    );
  }

  /** Becomes a node; gives its id. */
  join(seat: Seat, name = seat, node?: string): string {
    this.say(seat, node === undefined ? { what: 'join', name } : { what: 'join', name, node });
    const { you, error } = this.told(seat).at(-1)!;
    if (you === undefined) throw new Error(`${name} cannot join: ${error?.code}`);
    return you.nodes.at(-1)!;
  }

  gone(seat: Seat): void {
    this.host.gone(seat, this.nowMs);
    this.#settle();
  }

  /** What a seat alone has been told. */
  told(seat: Seat): readonly LabNews[] {
    return this.#told.get(seat) ?? [];
  }

  deliveries(seat: Seat) {
    return this.told(seat).flatMap(({ deliveries = [] }) => deliveries);
  }

  progress(seat: Seat) {
    return this.told(seat).flatMap(({ progress = [] }) => progress);
  }

  samples() {
    return this.shared.flatMap(({ samples = [] }) => samples);
  }

  events() {
    return this.shared.flatMap(({ events = [] }) => events);
  }

  nodes(): readonly LabNode[] {
    return [...this.known.nodes()];
  }

  /** Lets so much time pass. */
  play(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const nextMs = this.#nextMs();
      if (nextMs === null || nextMs > endMs) break;
      this.#stepTo(nextMs);
    }
    this.nowMs = endMs;
  }

  /** Lets time pass until nothing is left to do, at most `mostMs`. */
  playOut(mostMs = 3_600_000): void {
    const endMs = this.nowMs + mostMs;
    for (let nextMs = this.#nextMs(); nextMs !== null; nextMs = this.#nextMs()) {
      if (nextMs > endMs) throw new Error(`the lab is not quiet after ${mostMs} ms`);
      this.#stepTo(nextMs);
    }
  }

  #speaker(seat: Seat): Speaker {
    return this.#speakers.get(seat) ?? this.#speakers.get(this.sit(seat))!;
  }

  #nextMs(): number | null {
    const dueMs = this.host.nextDueMs(this.nowMs);
    const seenMs = this.#seeing[0]?.atMs ?? null;
    if (dueMs === null || seenMs === null) return dueMs ?? seenMs;
    return Math.min(dueMs, seenMs);
  }

  #stepTo(atMs: number): void {
    this.nowMs = Math.max(this.nowMs, atMs);
    while (this.#seeing[0] !== undefined && this.#seeing[0].atMs <= this.nowMs) {
      const { seat, node, pair } = this.#seeing.shift()!;
      this.host.heard(this.#speaker(seat), { what: 'seen', node, seen: [pair] }, this.nowMs);
    }
    this.host.due(this.nowMs);
    this.#settle();
  }

  /** Takes what the host has to tell; pages answer in their time. */
  #settle(): void {
    const { all, kept, seats } = this.host.take(this.nowMs);
    if (all !== null) {
      this.shared.push(all);
      this.known.take(JSON.parse(JSON.stringify(all)) as LabNews);
    }
    if (kept !== null) this.known.kept = kept;
    for (const [seat, news] of seats) {
      const told = this.#told.get(seat);
      if (told === undefined) this.#told.set(seat, [news]);
      else told.push(news);
      if (this.#pageMs === null) continue;
      for (const { node, message, attempt } of news.deliveries ?? []) {
        this.#seeing.push({ atMs: this.nowMs + this.#pageMs, seat, node, pair: [message, attempt] });
      }
    }
  }
}

/** Dials under which nothing is lost and everything takes as long. */
export const calm: LabDials = { ...defaultSettings, loss: 0, latencyMinMs: 100, latencyMaxMs: 100 };

/** A lab with nodes of these names, each at a seat of its own, under these dials. */
export const labOf = (names: readonly string[], settings: LabDials = calm, options: VirtualOptions = {}) => {
  const lab = new VirtualLab(options);
  const ids = names.map((name) => lab.join(name));
  lab.say(names[0]!, { what: 'dials', change: settings });
  return { lab, ids };
};

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
