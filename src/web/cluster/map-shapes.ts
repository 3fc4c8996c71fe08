/** The shapes of the map: what a server is, and what a message is, each told by its outline and not by its colour alone. */
import type { FlowKind } from '../../protocol/index.ts';
import type { Condition } from './model.ts';

/** Paths on a field of 16 by 16, as `ConditionMark` and `RoleMark` draw them. `line`: drawn, not filled. */
export const conditionShapes: Readonly<Record<Condition, { readonly d: string; readonly line: boolean }>> = {
  primary: { d: 'M8 1.2 10 5.6l4.8.5-3.6 3.2 1 4.7L8 11.6 3.8 14l1-4.7L1.2 6.1 6 5.6z', line: false },
  backup: { d: 'M1.5 8a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0z', line: false },
  behind: { d: 'M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z', line: true },
  paused: { d: 'M5 3v10M11 3v10', line: true },
  down: { d: 'M3 3 13 13M13 3 3 13', line: true },
};

/** Paths around 0, 0. */
export const flowShapes: Readonly<Record<FlowKind, string>> = {
  append: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
  stored: 'M-4-4h8v8h-8z',
  committed: 'M0-5.2 5 3.8-5 3.8z',
  forward: 'M0-5.4 5.4 0 0 5.4-5.4 0z',
  cast: 'M-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0z',
};

/** In the order in which an entry's messages follow each other. */
export const shownFlows = ['forward', 'append', 'stored', 'committed', 'cast'] as const satisfies readonly FlowKind[];
