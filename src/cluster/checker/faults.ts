/** Counts what is wrong with a history, and keeps the first few faults in words. */

/**
 * - `lost`: acknowledged, and absent from a server or there with another content.
 * - `duplicated`: one id or one content twice on a server, or one event twice in a client's stream.
 * - `reordered`: servers disagree, or the order is not the acknowledged one, or contradicts real time, or a stream goes back.
 * - `gaps`: a client's stream, or a page, leaves out what is in the history.
 * - `staleReads`: a server did not show what it had acknowledged or shown before.
 * - `phantoms`: something is there that nobody wrote, or that was refused.
 */
export type Fault = 'lost' | 'duplicated' | 'reordered' | 'gaps' | 'staleReads' | 'phantoms';

export interface FaultDetail {
  readonly fault: Fault;
  readonly message: string;
}

/** Faults that are kept in words; the rest are only counted. */
export const detailsMax = 50;

export interface Faults {
  readonly counts: Readonly<Record<Fault, number>>;
  readonly details: readonly FaultDetail[];
  /** Counts a fault. With `once`, a second fault of the same kind about the same thing is not counted again. */
  add(fault: Fault, message: () => string, once?: string): void;
}

/** An empty account of faults. */
export const newFaults = (): Faults => {
  const counts: Record<Fault, number> = { lost: 0, duplicated: 0, reordered: 0, gaps: 0, staleReads: 0, phantoms: 0 };
  const details: FaultDetail[] = [];
  const told = new Set<string>();
  return {
    counts,
    details,
    add(fault, message, once) {
      if (once !== undefined) {
        const key = `${fault} ${once}`;
        if (told.has(key)) return;
        told.add(key);
      }
      counts[fault]++;
      if (details.length < detailsMax) details.push({ fault, message: message() });
    },
  };
};
