/** Operations by where they stand in the reference, so that the checks of a long history look nothing up twice. */
import type { Operation } from './history.ts';
import type { Reference } from './reference.ts';

export interface Operations {
  /** By position in the reference's entries; undefined where nobody is known to have written. */
  readonly byPosition: readonly (Operation | undefined)[];
  /** Those that are not in the reference, by id. */
  readonly absent: ReadonlyMap<string, Operation>;
}

/** Places all operations. An id that two of them share is a mistake of whoever recorded the history, and throws. */
export const placeOperations = (operations: readonly Operation[], reference: Reference): Operations => {
  const byPosition = new Array<Operation | undefined>(reference.entries.length).fill(undefined);
  const absent = new Map<string, Operation>();
  for (const operation of operations) {
    const position = reference.byId.get(operation.id);
    const taken = position === undefined ? absent.has(operation.id) : byPosition[position] !== undefined;
    if (taken) throw new Error(`two operations of this history share an id: ${operation.id}`);
    if (position === undefined) absent.set(operation.id, operation);
    else byPosition[position] = operation;
  }
  return { byPosition, absent };
};
