/** Whether what was acknowledged, refused or left open agrees with what the servers hold, and with real time. */
import type { Fault, Faults } from './faults.ts';
import type { Entry, Operation, ServerHistory } from './history.ts';
import type { Operations } from './operations.ts';
import type { Reference } from './reference.ts';

const isAcknowledged = (operation: Operation | undefined): boolean => operation?.outcome.type === 'acknowledged';

/** Every answer against the reference, and every entry of the reference against the operations. */
export const checkAnswers = (operations: Operations, reference: Reference, faults: Faults): void => {
  for (const { id, client, outcome } of operations.absent.values()) {
    if (outcome.type !== 'acknowledged') continue;
    const { index } = outcome;
    faults.add('lost', () => `${id} of ${client}, acknowledged at ${index}, is not on ${reference.server}`, id);
  }
  for (const [position, entry] of reference.entries.entries()) {
    const operation = operations.byPosition[position];
    if (operation !== undefined) checkAnswer(operation, entry, reference.server, faults);
    else if (!reference.copies.has(position)) {
      faults.add('phantoms', () => `${entry.id} at ${entry.index} was written by nobody`, entry.id);
    }
  }
};

/** One answer against the entry it led to. */
const checkAnswer = (operation: Operation, entry: Entry, server: string, faults: Faults): void => {
  const { id, client, room, content, outcome } = operation;
  if (outcome.type === 'refused') {
    faults.add('phantoms', () => `${id} was refused (${outcome.code}) and is at ${entry.index}`, id);
  } else if (entry.content !== content || entry.room !== room) {
    const fault = outcome.type === 'acknowledged' ? 'lost' : 'phantoms';
    faults.add(fault, () => `${id} of ${client} is at ${entry.index} with another content or room`, id);
  } else if (outcome.type === 'acknowledged' && outcome.index !== entry.index) {
    const { index } = outcome;
    faults.add('reordered', () => `${id} was acknowledged at ${index} and is at ${entry.index} on ${server}`, id);
  }
};

/**
 * Real-time order: what was acknowledged before another was invoked stands before it. Walking from the newest entry to
 * the oldest with the earliest acknowledgement seen so far finds each that breaks it, without sorting anything.
 */
export const checkRealTime = ({ byPosition }: Operations, faults: Faults): void => {
  let earliest: Operation | null = null;
  let earliestAt = Number.POSITIVE_INFINITY;
  for (let position = byPosition.length - 1; position >= 0; position--) {
    const operation = byPosition[position];
    if (operation === undefined) continue;
    const before = earliest;
    if (before !== null && earliestAt < operation.invokedAt) {
      const message = () => `${operation.id} was invoked after ${before.id} was acknowledged, and stands before it`;
      faults.add('reordered', message, operation.id);
    }
    if (isAcknowledged(operation) && operation.completedAt !== null && operation.completedAt < earliestAt) {
      earliestAt = operation.completedAt;
      earliest = operation;
    }
  }
};

const same = (a: Entry, b: Entry): boolean => a.id === b.id && a.content === b.content && a.room === b.room;

/** Another server against the reference: the same entries at the same indices. */
export const checkServer = (
  server: ServerHistory,
  reference: Reference,
  operations: Operations,
  faults: Faults,
): void => {
  const missing = new Map<string, Entry>();
  const extra: Entry[] = [];
  // A copy in the reference has been counted there, and is missed by nobody.
  const miss = (entry: Entry, position: number): void => {
    if (!reference.copies.has(position)) missing.set(entry.id, entry);
  };
  let newest = 0;
  let at = 0;
  for (const entry of server.entries) {
    if (entry.index <= newest) {
      const message = () => `${entry.id} on ${server.server}: index ${entry.index} follows ${newest}`;
      faults.add('reordered', message, entry.id);
    }
    newest = entry.index;
    let expected = reference.entries[at];
    while (expected !== undefined && expected.index < entry.index) {
      miss(expected, at);
      expected = reference.entries[++at];
    }
    if (expected?.index !== entry.index) {
      extra.push(entry);
      continue;
    }
    if (!same(expected, entry)) {
      miss(expected, at);
      extra.push(entry);
    }
    at++;
  }
  for (; at < reference.entries.length; at++) miss(reference.entries[at]!, at);

  for (const entry of extra) explainExtra(entry, server.server, missing, reference, operations, faults);
  for (const { id, index } of missing.values()) {
    faults.add(
      faultOfOneSided(operationOf(id, operations, reference)),
      () => `${id} is at ${index} on ${reference.server} and not on ${server.server}`,
      id,
    );
  }
};

const operationOf = (id: string, { byPosition, absent }: Operations, reference: Reference): Operation | undefined => {
  const position = reference.byId.get(id);
  return position === undefined ? absent.get(id) : byPosition[position];
};

/** What it is when some servers have an entry and others do not. */
const faultOfOneSided = (operation: Operation | undefined): Fault => {
  if (operation === undefined || operation.outcome.type === 'refused') return 'phantoms';
  return isAcknowledged(operation) ? 'lost' : 'reordered';
};

/** Says what an entry is that the reference does not have there; takes it out of `missing` when it has only moved. */
const explainExtra = (
  { id, index }: Entry,
  server: string,
  missing: Map<string, Entry>,
  reference: Reference,
  operations: Operations,
  faults: Faults,
): void => {
  const elsewhere = missing.get(id);
  if (elsewhere !== undefined) {
    missing.delete(id);
    const message = () =>
      `${id} is at ${elsewhere.index} on ${reference.server}, and at ${index} or changed on ${server}`;
    faults.add('reordered', message, id);
  } else if (reference.byId.has(id)) {
    faults.add('duplicated', () => `${id} is on ${server} a second time, at ${index}`, id);
  } else {
    faults.add(
      faultOfOneSided(operationOf(id, operations, reference)),
      () => `${id} is at ${index} on ${server} and not on ${reference.server}`,
      id,
    );
  }
};
