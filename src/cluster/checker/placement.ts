/** Which operation led to which entry of the reference, and which answers agree with none. */
import type { Faults } from './faults.ts';
import type { Entry, Operation } from './history.ts';
import type { Reference } from './reference.ts';
import { isSameEffect, isSameThing, keyOf, rules, wordsOf } from './rules.ts';

export interface Placement {
  /** The operation behind each entry of the reference, by position; undefined where nobody is known to have asked for it. */
  readonly byPosition: readonly (Operation | undefined)[];
  /** Acknowledged operations that no entry shows, and that may have changed nothing. */
  readonly idle: readonly Operation[];
  /** Operations that have no entry, by key. */
  readonly unplaced: ReadonlyMap<string, Operation>;
}

const acknowledgedAt = ({ outcome }: Operation): number | null =>
  outcome.type === 'acknowledged' ? outcome.index : null;

/** Places all operations, and judges the answers. An id that two of them share is a mistake of the recorder, and throws. */
export const placeOperations = (operations: readonly Operation[], reference: Reference, faults: Faults): Placement => {
  const { entries, byIndex, server } = reference;
  const byPosition = new Array<Operation | undefined>(entries.length).fill(undefined);
  const ids = new Set<string>();
  const elsewhere: Operation[] = [];
  const unanswered = new Map<string, Operation[]>();
  const unplaced = new Map<string, Operation>();
  const placed = new Set<string>();

  for (const operation of operations) {
    if (ids.has(operation.id)) throw new Error(`two operations of this history share an id: ${operation.id}`);
    ids.add(operation.id);
    const index = acknowledgedAt(operation);
    const position = index === null ? undefined : byIndex.get(index);
    if (position !== undefined && byPosition[position] === undefined && fits(operation, entries[position]!)) {
      byPosition[position] = operation;
      placed.add(keyOf(operation.effect));
    } else if (index !== null) {
      elsewhere.push(operation);
    } else {
      const key = keyOf(operation.effect);
      if (operation.outcome.type === 'refused') unplaced.set(key, operation);
      else addTo(unanswered, key, operation);
    }
  }

  const unclaimed = new Map<string, number[]>();
  for (const [position, entry] of entries.entries()) {
    if (byPosition[position] === undefined) addTo(unclaimed, keyOf(entry), position);
  }

  const idle: Operation[] = [];
  for (const operation of elsewhere) {
    const { id, client, effect } = operation;
    if (rules[effect.type].mayBeIdle) {
      idle.push(operation);
      continue;
    }
    const index = acknowledgedAt(operation);
    const position = unclaimed.get(keyOf(effect))?.shift();
    if (position !== undefined) {
      byPosition[position] = operation;
      const found = entries[position]!.index;
      const message = () => `${wordsOf(effect)} was acknowledged at ${index} and is at ${found} on ${server}`;
      faults.add('reordered', message, id);
    } else {
      unplaced.set(keyOf(effect), operation);
      faults.add('lost', () => `${wordsOf(effect)} by ${client}, acknowledged at ${index}, is not on ${server}`, id);
    }
  }

  for (const [key, positions] of unclaimed) {
    for (const position of positions) {
      const entry = entries[position]!;
      const asked = unanswered.get(key)?.shift();
      if (asked !== undefined) {
        byPosition[position] = asked;
        placed.add(key);
      } else if (placed.has(key) && unplaced.get(key)?.outcome.type !== 'refused') {
        faults.add(
          'duplicated',
          () => `${wordsOf(entry)} is on ${server} a second time, at ${entry.index}`,
          `at ${entry.index}`,
        );
      } else explainUnasked(entry, unplaced.get(key), faults);
    }
  }

  for (const [position, operation] of byPosition.entries()) {
    if (operation === undefined || isSameEffect(operation.effect, entries[position]!)) continue;
    const fault = acknowledgedAt(operation) === null ? 'phantoms' : 'lost';
    const { index } = entries[position]!;
    faults.add(
      fault,
      () => `${wordsOf(operation.effect)} by ${operation.client} is at ${index} with another content or room`,
      operation.id,
    );
  }
  for (const [key, [operation]] of unanswered) if (operation !== undefined) unplaced.set(key, operation);
  return { byPosition, idle, unplaced };
};

/** Whether an entry is the one that an operation, acknowledged at its index, was about. */
const fits = ({ effect }: Operation, entry: Entry): boolean => isSameThing(effect, entry);

const addTo = <Item>(lists: Map<string, Item[]>, key: string, item: Item): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
};

const explainUnasked = (entry: Entry, refused: Operation | undefined, faults: Faults): void => {
  const { index } = entry;
  const message = () =>
    refused?.outcome.type === 'refused'
      ? `${wordsOf(entry)} was refused (${refused.outcome.code}) and is at ${index}`
      : `${wordsOf(entry)} at ${index} was asked for by nobody`;
  faults.add('phantoms', message, refused?.id ?? `at ${index}`);
};
