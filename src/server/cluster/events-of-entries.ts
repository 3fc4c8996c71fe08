/**
 * What the engine did with entries lately, so that it can be told exactly for those that turn out to be numbered
 * requests: the engine speaks of ranges of the log and does not know what is in them. It remembers a bounded number of
 * ranges of about the last second. Time comes in with the traces.
 */
import type { ClusterEventKind } from '../../protocol/index.ts';
import type { EdgeLimits } from '../options.ts';
import type { EntryTrace, Note } from './events.ts';

/** A numbered request, where it stands in the log. */
export interface NumberedRequest {
  readonly index: number;
  readonly label: string;
  /** The id of its command. */
  readonly request: string;
}

interface Range {
  readonly trace: EntryTrace;
  readonly from: number;
  readonly upto: number;
}

type Limits = Pick<EdgeLimits, 'clusterRangesMax' | 'clusterRangesMaxAgeMs' | 'clusterRequestsRecentMax'>;

const noteOf = ({ trace: { at, epoch, what, peer } }: Range, { index, label, request }: NumberedRequest): Note => ({
  at,
  epoch,
  what: what as ClusterEventKind,
  ...(peer === undefined ? {} : { peer }),
  from: index,
  upto: index,
  label,
  request,
});

export class EntryTraces {
  readonly #limits: Limits;
  /** Oldest first, from `#first` on. */
  #ranges: Range[] = [];
  #first = 0;
  #recent: { readonly request: NumberedRequest; readonly at: number }[] = [];
  /** Up to where entries had been stored by each peer, and committed: where the next such range begins. */
  readonly #reached = new Map<string, { readonly epoch: number; readonly upto: number }>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Takes note of a trace. Gives how many entries it is about, and what it says of requests that are known already. */
  add(trace: EntryTrace): { readonly count: number; readonly notes: readonly Note[] } {
    const { upto } = trace;
    if (upto === undefined) return { count: trace.count ?? 1, notes: [] };
    const { from, count } =
      trace.from === undefined ? this.#since(trace, upto) : { from: trace.from, count: upto - trace.from + 1 };
    const range = { trace, from, upto };
    this.#ranges.push(range);
    this.#forget(trace.at);
    const late = this.#recent.filter(({ request: { index } }) => index >= from && index <= upto);
    return { count, notes: late.map(({ request }) => noteOf(range, request)) };
  }

  /** What was done with the entry of a request until now; what is still to come is told by `add`. */
  of(request: NumberedRequest, at: number): readonly Note[] {
    this.#recent.push({ request, at });
    const { clusterRequestsRecentMax, clusterRangesMaxAgeMs } = this.#limits;
    const tooMany = this.#recent.length - clusterRequestsRecentMax;
    this.#recent = this.#recent.filter((one, place) => place >= tooMany && at - one.at <= clusterRangesMaxAgeMs);
    const notes: Note[] = [];
    for (let place = this.#first; place < this.#ranges.length; place++) {
      const range = this.#ranges[place];
      if (range !== undefined && range.from <= request.index && range.upto >= request.index)
        notes.push(noteOf(range, request));
    }
    return notes;
  }

  /**
   * `stored` and `committed` say up to where; they are about what came since they last said so. The first of an epoch is
   * about everything up to there, and one message all the same.
   */
  #since({ what, peer = '', epoch }: EntryTrace, upto: number): { readonly from: number; readonly count: number } {
    const key = `${what} ${peer}`;
    const before = this.#reached.get(key);
    this.#reached.set(key, { epoch, upto });
    if (before?.epoch !== epoch) return { from: 1, count: 1 };
    return before.upto < upto ? { from: before.upto + 1, count: upto - before.upto } : { from: upto, count: 1 };
  }

  #forget(at: number): void {
    const { clusterRangesMax, clusterRangesMaxAgeMs } = this.#limits;
    for (;;) {
      const oldest = this.#ranges[this.#first];
      const isSpent =
        this.#ranges.length - this.#first > clusterRangesMax || at - (oldest?.trace.at ?? at) > clusterRangesMaxAgeMs;
      if (oldest === undefined || !isSpent) break;
      this.#first++;
    }
    if (this.#first < clusterRangesMax) return;
    this.#ranges = this.#ranges.slice(this.#first);
    this.#first = 0;
  }
}
