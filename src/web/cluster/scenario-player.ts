/**
 * Plays one scenario at a time: begins each step, looks at every piece of news whether it is over, and stops when it is
 * told to, when something is refused that should not be, or when all is done. What was broken is mended at the end.
 */
import { type ErrorCode, EstafetError } from '../../client/index.ts';
import type { ClusterAction } from '../../protocol/index.ts';
import type { ClusterModel } from './model.ts';
import { type Hands, type Notes, notesOf, type Scenario, type ScenarioId, scenarios } from './scenario-steps.ts';

export type PlayerState =
  | { readonly kind: 'idle' }
  /** `step`: of its steps, from 0. */
  | { readonly kind: 'playing'; readonly id: ScenarioId; readonly step: number; readonly notes: Notes }
  | { readonly kind: 'done'; readonly id: ScenarioId; readonly step: number; readonly notes: Notes }
  | { readonly kind: 'stopped'; readonly id: ScenarioId; readonly step: number; readonly notes: Notes }
  /** Something was refused, or was not refused that had to be (`code` null). */
  | {
      readonly kind: 'failed';
      readonly id: ScenarioId;
      readonly step: number;
      readonly notes: Notes;
      readonly code: ErrorCode | null;
    };

export interface PlayerWorld {
  /** The cluster as it is known now. */
  now(): ClusterModel;
  send(fail: boolean): string;
  act(action: ClusterAction, server?: string): Promise<unknown>;
}

/** That something which had to be refused was not. */
class NotRefused extends Error {}

/** Hands that also know what it is to be refused. */
const handsOf = ({ send, act }: PlayerWorld): Hands => ({
  send,
  act,
  refused: async (action, server) => {
    try {
      await act(action, server);
    } catch (error) {
      if (error instanceof EstafetError && error.code === 'last-server') return error.code;
      throw error;
    }
    throw new NotRefused();
  },
});

export class ScenarioPlayer {
  readonly #world: PlayerWorld;
  readonly #hands: Hands;
  readonly #listeners = new Set<() => void>();
  #state: PlayerState = { kind: 'idle' };
  /** What a step does as it begins is under way: it is not over before that. */
  #beginning = false;
  /** Counts scenarios, so that what an earlier one began and ends late is not taken for this one's. */
  #turn = 0;

  constructor(world: PlayerWorld) {
    this.#world = world;
    this.#hands = handsOf(world);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): PlayerState => this.#state;

  /** Begins one. False when it cannot be played as the cluster is now, or another is being played. */
  play(id: ScenarioId): boolean {
    if (this.#state.kind === 'playing') return false;
    const notes = notesOf(this.#world.now(), scenarios[id].servers);
    if (notes === null) return false;
    this.#turn++;
    this.#set({ kind: 'playing', id, step: 0, notes });
    void this.#begin();
    return true;
  }

  /** Ends it where it is, and mends what it broke. */
  stop(): void {
    if (this.#state.kind !== 'playing') return;
    const { id, step, notes } = this.#state;
    this.#set({ kind: 'stopped', id, step, notes });
    void this.#mend(scenarios[id], notes);
  }

  /** What it waits for will not come. */
  fail(code: ErrorCode): void {
    if (this.#state.kind !== 'playing') return;
    const { id, step, notes } = this.#state;
    this.#set({ kind: 'failed', id, step, notes, code });
    void this.#mend(scenarios[id], notes);
  }

  /** There is news. */
  look(): void {
    if (this.#state.kind !== 'playing' || this.#beginning) return;
    const { id, step, notes } = this.#state;
    const { steps } = scenarios[id];
    if (!steps[step]!.isOver(this.#world.now(), notes)) return;
    if (step === steps.length - 1) {
      this.#set({ kind: 'done', id, step, notes });
      void this.#mend(scenarios[id], notes);
      return;
    }
    this.#set({ kind: 'playing', id, step: step + 1, notes });
    void this.#begin();
  }

  async #begin(): Promise<void> {
    if (this.#state.kind !== 'playing') return;
    const turn = this.#turn;
    const { id, step, notes } = this.#state;
    const { begin } = scenarios[id].steps[step]!;
    if (begin === undefined) return;
    this.#beginning = true;
    try {
      const more = await begin(this.#hands, notes, this.#world.now());
      if (turn === this.#turn && this.#state.kind === 'playing')
        this.#set({ ...this.#state, notes: { ...notes, ...more } });
    } catch (error) {
      if (turn !== this.#turn || this.#state.kind !== 'playing') return;
      const code = error instanceof NotRefused ? null : error instanceof EstafetError ? error.code : 'internal';
      this.#set({ kind: 'failed', id, step, notes, code });
      void this.#mend(scenarios[id], notes);
    } finally {
      if (turn === this.#turn) this.#beginning = false;
    }
    this.look();
  }

  async #mend({ mend }: Scenario, notes: Notes): Promise<void> {
    // What cannot be mended now is shown on the map like any other fault, with its control beside it.
    await mend?.(this.#hands, notes, this.#world.now()).catch(() => null);
  }

  #set(state: PlayerState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
