/** Whether the other servers tell the same past as the reference: the same entries at the same indices. */
import type { Fault, Faults } from './faults.ts';
import type { Entry, Operation, ServerHistory } from './history.ts';
import type { Placement } from './placement.ts';
import type { Reference } from './reference.ts';
import { isSameEffect, keyOf, rules, wordsOf } from './rules.ts';

/** What is known of the operations behind entries that only some servers have. */
interface Known {
  readonly reference: Reference;
  readonly placement: Placement;
  /** Positions in the reference by key, made when it is first needed: in a correct history it never is. */
  positions: Map<string, number> | null;
}

/** Another server against the reference. */
export const checkServer = (
  { server, entries }: ServerHistory,
  reference: Reference,
  placement: Placement,
  faults: Faults,
): void => {
  const known: Known = { reference, placement, positions: null };
  const missing = new Map<string, Entry>();
  const extra: Entry[] = [];
  const seen = new Set<number>();
  const miss = (entry: Entry): void => {
    missing.set(rules[entry.type].recurs ? `${keyOf(entry)} ${entry.index}` : keyOf(entry), entry);
  };
  let newest = 0;
  let at = 0;
  for (const entry of entries) {
    if (entry.index <= newest) {
      const message = () => `${wordsOf(entry)} on ${server}: index ${entry.index} follows ${newest}`;
      faults.add('reordered', message, keyOf(entry));
    }
    newest = entry.index;
    let expected = reference.entries[at];
    while (expected !== undefined && expected.index < entry.index) {
      miss(expected);
      expected = reference.entries[++at];
    }
    if (expected?.index !== entry.index) {
      extra.push(entry);
      continue;
    }
    if (!isSameEffect(expected, entry)) {
      miss(expected);
      extra.push(entry);
    } else seen.add(at);
    at++;
  }
  for (; at < reference.entries.length; at++) miss(reference.entries[at]!);

  for (const entry of extra) explainExtra(entry, server, missing, known, faults);
  for (const entry of missing.values()) {
    // A copy on the reference has been counted there, and is missed by nobody.
    const original = positionOf(keyOf(entry), known);
    const isCopy = !rules[entry.type].recurs && reference.entries[original ?? -1] !== entry;
    if (isCopy && original !== undefined && seen.has(original)) continue;
    const operation = placement.byPosition[reference.byIndex.get(entry.index) ?? -1];
    const message = () => `${wordsOf(entry)} is at ${entry.index} on ${reference.server} and not on ${server}`;
    faults.add(faultOfOneSided(operation), message, operation?.id ?? `at ${entry.index}`);
  }
};

const positionOf = (key: string, known: Known): number | undefined => {
  if (known.positions === null) {
    known.positions = new Map();
    for (const [position, entry] of known.reference.entries.entries()) {
      const own = keyOf(entry);
      if (!known.positions.has(own)) known.positions.set(own, position);
    }
  }
  return known.positions.get(key);
};

/** What it is when some servers have an entry and others do not. */
const faultOfOneSided = (operation: Operation | undefined): Fault => {
  if (operation === undefined || operation.outcome.type === 'refused') return 'phantoms';
  return operation.outcome.type === 'acknowledged' ? 'lost' : 'reordered';
};

/** Says what an entry is that the reference does not have there; takes it out of `missing` when it has only moved. */
const explainExtra = (
  entry: Entry,
  server: string,
  missing: Map<string, Entry>,
  known: Known,
  faults: Faults,
): void => {
  const key = keyOf(entry);
  const { index } = entry;
  const elsewhere = missing.get(key);
  const other = known.reference.server;
  if (elsewhere !== undefined) {
    missing.delete(key);
    const message = () =>
      `${wordsOf(entry)} is at ${elsewhere.index} on ${other}, and at ${index} or changed on ${server}`;
    faults.add('reordered', message, key);
  } else if (positionOf(key, known) !== undefined) {
    const fault = rules[entry.type].recurs ? 'reordered' : 'duplicated';
    faults.add(fault, () => `${wordsOf(entry)} is on ${server} once more, at ${index}`, key);
  } else {
    const { unplaced } = known.placement;
    const message = () => `${wordsOf(entry)} is at ${index} on ${server} and not on ${other}`;
    faults.add(faultOfOneSided(unplaced.get(key)), message, unplaced.get(key)?.id ?? key);
  }
};
