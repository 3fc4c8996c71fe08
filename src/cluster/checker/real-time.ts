/** Real-time order: what was acknowledged before another operation was invoked stands before it. */
import type { Faults } from './faults.ts';
import type { Operation } from './history.ts';
import type { Placement } from './placement.ts';
import type { Reference } from './reference.ts';
import { wordsOf } from './rules.ts';

interface Placed {
  readonly index: number;
  readonly operation: Operation;
}

/** All operations whose place is known, in the order of the log. Those that changed nothing have one too. */
const inOrder = ({ byPosition, idle }: Placement, { entries }: Reference): readonly Placed[] => {
  const silent = idle
    .flatMap((operation) =>
      operation.outcome.type === 'acknowledged' ? [{ index: operation.outcome.index, operation }] : [],
    )
    .sort((a, b) => a.index - b.index);
  const placed: Placed[] = [];
  let next = 0;
  for (const [position, operation] of byPosition.entries()) {
    if (operation === undefined) continue;
    const { index } = entries[position]!;
    for (; next < silent.length && silent[next]!.index < index; next++) placed.push(silent[next]!);
    placed.push({ index, operation });
  }
  return [...placed, ...silent.slice(next)];
};

/**
 * Walking from the newest to the oldest with the earliest acknowledgement seen so far finds each that breaks the order.
 */
export const checkRealTime = (placement: Placement, reference: Reference, faults: Faults): void => {
  let earliest: Operation | null = null;
  let earliestAt = Number.POSITIVE_INFINITY;
  for (const { operation } of inOrder(placement, reference).toReversed()) {
    const before = earliest;
    if (before !== null && earliestAt < operation.invokedAt) {
      const message = () =>
        `${wordsOf(operation.effect)} was invoked after ${wordsOf(before.effect)} was acknowledged, and stands before it`;
      faults.add('reordered', message, operation.id);
    }
    const { outcome, completedAt } = operation;
    if (outcome.type === 'acknowledged' && completedAt !== null && completedAt < earliestAt) {
      earliestAt = completedAt;
      earliest = operation;
    }
  }
};
