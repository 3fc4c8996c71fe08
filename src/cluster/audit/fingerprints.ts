/**
 * Compares fingerprints at the same index: of servers with each other, and of each server with what it said before. A
 * few indices from the whole time of the audit are kept; as the hash is chained, they speak for all between.
 */

export interface Fingerprints {
  /** Takes in what a server says of an index; null, that it does not have it, says nothing. */
  told(server: string, index: number, fingerprint: string | null): void;
  /** Indices that are kept, the oldest first. */
  readonly checkpoints: readonly number[];
  /** `unknown` until two servers have told of one index. */
  readonly verdict: 'equal' | 'different' | 'unknown';
  /** The newest index that two servers have told of. */
  readonly comparedAt: number | null;
}

interface Checkpoint {
  readonly fingerprint: string;
  readonly servers: Set<string>;
}

const checkpointsMax = 16;

/** @param onFault called with a sentence for each index with two fingerprints */
export const newFingerprints = (onFault: (sentence: string) => void): Fingerprints => {
  const checkpoints = new Map<number, Checkpoint>();
  let verdict: Fingerprints['verdict'] = 'unknown';
  let comparedAt: number | null = null;

  /** Drops every other one between the oldest and the newest. */
  const thin = (): void => {
    const indices = [...checkpoints.keys()];
    for (let at = 1; at < indices.length - 1; at += 2) checkpoints.delete(indices[at]!);
  };

  return {
    told: (server, index, fingerprint) => {
      if (fingerprint === null) return;
      const kept = checkpoints.get(index);
      if (kept === undefined) {
        if (checkpoints.size >= checkpointsMax) thin();
        checkpoints.set(index, { fingerprint, servers: new Set([server]) });
        return;
      }
      if (kept.fingerprint !== fingerprint) {
        if (verdict !== 'different') {
          onFault(`at index ${index} ${server} has another fingerprint than ${[...kept.servers].join(', ')} had`);
        }
        verdict = 'different';
      }
      kept.servers.add(server);
      if (kept.servers.size < 2) return;
      comparedAt = Math.max(comparedAt ?? 0, index);
      if (verdict === 'unknown') verdict = 'equal';
    },
    get checkpoints() {
      return [...checkpoints.keys()];
    },
    get verdict() {
      return verdict;
    },
    get comparedAt() {
      return comparedAt;
    },
  };
};
