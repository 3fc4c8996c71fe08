/** What the lab has to tell and has not told yet: to all who watch, and to single sockets. */
import type {
  LabDelivery,
  LabDialProblem,
  LabNews,
  LabProgress,
  LabRefusal,
  LabWordKind,
} from '../../../protocol/index.ts';
import { labRefusals } from '../../../protocol/schemas.ts';
import type { Seat } from './seat.ts';

/** The parts of the news that are the same for all, and are told as they are when they leave. */
export type SharedPart = 'host' | 'dials' | 'class' | 'run';

type Personal = Omit<LabNews, 'at' | 'deliveries' | 'progress'> & {
  deliveries?: LabDelivery[];
  progress?: LabProgress[];
};

export class Outbox {
  readonly parts = new Set<SharedPart>();
  readonly #nodes = new Set<string>();
  readonly #seats = new Map<Seat, Personal[]>();

  /** Ids of nodes that have changed; those among them that are there no more have gone. */
  get nodes(): ReadonlySet<string> {
    return this.#nodes;
  }

  /** Whether something waits for all. */
  get hasShared(): boolean {
    return this.parts.size > 0 || this.#nodes.size > 0;
  }

  /** A node has come, changed, or gone. */
  node(id: string): void {
    this.#nodes.add(id);
  }

  /** What waited for all has been told. */
  sharedTaken(): void {
    this.parts.clear();
    this.#nodes.clear();
  }

  deliver(seat: Seat, delivery: LabDelivery): void {
    const news = this.#last(seat);
    news.deliveries ??= [];
    news.deliveries.push(delivery);
  }

  progress(seat: Seat, progress: LabProgress): void {
    const news = this.#last(seat);
    news.progress ??= [];
    news.progress.push(progress);
  }

  /** Something of its own: an answer. */
  tell(seat: Seat, news: Omit<LabNews, 'at' | 'deliveries' | 'progress'>): void {
    const waiting = this.#seats.get(seat);
    if (waiting === undefined) this.#seats.set(seat, [news]);
    else waiting.push(news);
  }

  refuse(
    seat: Seat,
    about: LabWordKind | null,
    ref: string | undefined,
    code: LabRefusal,
    problems: readonly LabDialProblem[] = [],
  ): void {
    const error = { code, message: labRefusals[code], about };
    const more = { ...(ref === undefined ? {} : { ref }), ...(problems.length === 0 ? {} : { problems }) };
    this.tell(seat, { error: { ...error, ...more } });
  }

  takeSeats(atMs: number): readonly (readonly [Seat, LabNews])[] {
    const all = [...this.#seats].flatMap(([seat, news]) =>
      news.map((one): readonly [Seat, LabNews] => [seat, { at: atMs, ...one }]),
    );
    this.#seats.clear();
    return all;
  }

  /** The news that deliveries and progress are added to: the last, so that a socket is told in order. */
  #last(seat: Seat): Personal {
    const waiting = this.#seats.get(seat);
    if (waiting === undefined) {
      const first: Personal = {};
      this.#seats.set(seat, [first]);
      return first;
    }
    return waiting.at(-1)!;
  }
}
