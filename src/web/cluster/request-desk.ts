/**
 * Sends numbered requests for the page, one or many or so many a second, and knows what became of each until the log
 * shows it. A request goes out under an id of its own and is asked again under the same one until somebody answers: a
 * server that dies of it is no reason to give it up, and asking twice does nothing twice: no second one dies of it.
 */
import { type ErrorCode, EstafetError } from '../../client/index.ts';

/** A request of this page's that is not answered yet, or was refused. */
export interface Sent {
  readonly id: string;
  readonly fail: boolean;
  readonly sentAt: number;
  /** `again`: a server was lost with it, and it was sent once more. */
  readonly state: 'waiting' | 'again' | 'refused';
  readonly code: ErrorCode | null;
}

export interface DeskState {
  /** The newest first. */
  readonly open: readonly Sent[];
  /** How many were answered since the page was opened. */
  readonly answered: number;
  /** How many were refused. */
  readonly refused: number;
  /** Requests a second that are sent until the rate is 0 again. */
  readonly rate: number;
  /** Whether the rate could not be kept: too many wait for their answer. */
  readonly heldBack: boolean;
}

/** What the desk needs of the world around it. */
export interface DeskWorld {
  newId(): string;
  /** Sends one. Rejects with an `EstafetError`. */
  send(id: string, fail: boolean): Promise<unknown>;
  now(): number;
  /** Does something later, and gives back how to leave it. */
  later(work: () => void, ms: number): () => void;
}

export const deskLimits = {
  /** Requests on their way at once; what is more waits here. */
  inFlight: 32,
  /** Requests that may wait here. */
  waiting: 1_000,
  /** Refused ones that stay in sight. */
  refusedKept: 20,
  /** The highest rate. */
  rate: 100,
  againMs: 300,
} as const;

const tickMs = 100;

/** Codes after which nobody knows whether it was done, or somebody will be able to do it in a moment. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unavailable',
  'unknown',
  'overloaded',
  'shutting-down',
  'too-many-in-flight',
]);

export class RequestDesk {
  readonly #world: DeskWorld;
  readonly #listeners = new Set<() => void>();
  #state: DeskState = { open: [], answered: 0, refused: 0, rate: 0, heldBack: false };
  #queue: Sent[] = [];
  #onTheWay = 0;
  #owed = 0;
  #stopTicking: (() => void) | null = null;
  #closed = false;

  constructor(world: DeskWorld) {
    this.#world = world;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): DeskState => this.#state;

  /** Sends `count` requests, as many of them as there is room for here. Gives their ids. */
  send(count: number, fail: boolean): readonly string[] {
    const room = Math.max(0, deskLimits.waiting - this.#queue.length);
    const fresh = Array.from({ length: Math.min(count, room) }, (): Sent => {
      return { id: this.#world.newId(), fail, sentAt: this.#world.now(), state: 'waiting', code: null };
    });
    this.#queue.push(...fresh);
    this.#set({ open: [...fresh.toReversed(), ...this.#state.open] });
    this.#next();
    return fresh.map(({ id }) => id);
  }

  /** From now on so many a second; 0 stops it. */
  setRate(rate: number): void {
    this.#owed = 0;
    this.#set({ rate: Math.max(0, Math.min(deskLimits.rate, rate)), heldBack: false });
    if (this.#state.rate > 0) this.#stopTicking ??= this.#world.later(this.#tick, tickMs);
  }

  /** Takes refused ones out of sight. */
  clear(): void {
    this.#set({ open: this.#state.open.filter(({ state }) => state !== 'refused') });
  }

  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.#stopTicking?.();
  }

  readonly #tick = (): void => {
    this.#stopTicking = null;
    if (this.#closed || this.#state.rate === 0) return;
    this.#owed += (this.#state.rate * tickMs) / 1_000;
    const due = Math.floor(this.#owed);
    this.#owed -= due;
    const heldBack = this.#queue.length > 0;
    if (heldBack !== this.#state.heldBack) this.#set({ heldBack });
    // What could not be sent in its time is left out: a rate is a rate, not a debt.
    if (due > 0 && !heldBack) this.send(due, false);
    this.#stopTicking = this.#world.later(this.#tick, tickMs);
  };

  #next(): void {
    while (!this.#closed && this.#onTheWay < deskLimits.inFlight) {
      const one = this.#queue.shift();
      if (one === undefined) return;
      this.#onTheWay++;
      void this.#carry(one).finally(() => {
        this.#onTheWay--;
        this.#next();
      });
    }
  }

  async #carry({ id, fail }: Sent): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#world.send(id, fail);
        const open = this.#state.open.filter((one) => one.id !== id);
        this.#set({ open, answered: this.#state.answered + 1 });
        return;
      } catch (error) {
        const code = error instanceof EstafetError ? error.code : 'internal';
        if (!passing.has(code)) {
          this.#refuse(id, code);
          return;
        }
        this.#change(id, { state: 'again', code });
        await new Promise<void>((done) => this.#world.later(done, deskLimits.againMs));
      }
    }
  }

  #refuse(id: string, code: ErrorCode): void {
    this.#change(id, { state: 'refused', code });
    let kept = 0;
    const open = this.#state.open.filter(({ state }) => state !== 'refused' || ++kept <= deskLimits.refusedKept);
    this.#set({ open, refused: this.#state.refused + 1 });
  }

  #change(id: string, some: Partial<Sent>): void {
    this.#set({ open: this.#state.open.map((one) => (one.id === id ? { ...one, ...some } : one)) });
  }

  #set(some: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...some };
    for (const listener of [...this.#listeners]) listener();
  }
}
