/** The sockets of this server that watch the lab, each under a name that no other socket of any server has. */
import type { LabNews, LabRefusal, LabWordKind } from '../../../protocol/index.ts';
import { labRefusals } from '../../../protocol/schemas.ts';
import type { EdgeLimits } from '../../options.ts';
import type { Watcher } from '../../socket/channels.ts';
import { textFrame } from '../../socket/text-frame.ts';
import { Bucket } from './bucket.ts';
import type { Seat } from './seat.ts';

/** The frame around news that are encoded already. */
export const newsFrame = (json: string): Buffer => textFrame(`{"type":"news","channel":"lab","body":${json}}`);

export interface Viewer {
  readonly seat: Seat;
  readonly watcher: Watcher;
  readonly words: Bucket;
  readonly seen: Bucket;
  /** Ids of the nodes that it is. */
  nodes: readonly string[];
  floodToldMs: number;
  /** It was too slow for something that all were told, and is to be told everything again. */
  isBehind: boolean;
}

export class Viewers {
  readonly #limits: EdgeLimits;
  readonly #prefix: string;
  readonly #bySeat = new Map<Seat, Viewer>();
  readonly #byWatcher = new Map<Watcher, Viewer>();
  #next = 1;

  /** `prefix` is this life of this server's own. */
  constructor(limits: EdgeLimits, prefix: string) {
    this.#limits = limits;
    this.#prefix = prefix;
  }

  get size(): number {
    return this.#bySeat.size;
  }

  all(): IterableIterator<Viewer> {
    return this.#bySeat.values();
  }

  of(watcher: Watcher): Viewer | undefined {
    return this.#byWatcher.get(watcher);
  }

  at(seat: Seat): Viewer | undefined {
    return this.#bySeat.get(seat);
  }

  enter(watcher: Watcher, nowMs: number): Viewer {
    const { labWordsPerSecondMax, labSeenPerSecondMax } = this.#limits;
    const viewer: Viewer = {
      seat: `${this.#prefix}:${this.#next++}`,
      watcher,
      words: new Bucket(labWordsPerSecondMax, nowMs),
      seen: new Bucket(labSeenPerSecondMax, nowMs),
      nodes: [],
      floodToldMs: Number.NEGATIVE_INFINITY,
      isBehind: false,
    };
    this.#bySeat.set(viewer.seat, viewer);
    this.#byWatcher.set(watcher, viewer);
    return viewer;
  }

  leave(viewer: Viewer): void {
    this.#bySeat.delete(viewer.seat);
    this.#byWatcher.delete(viewer.watcher);
  }

  /** Encoded once, for all who have everything so far; `everything` is for those who have not. */
  tellAll(json: string, everything: () => string): void {
    const frame = newsFrame(json);
    let whole: Buffer | null = null;
    for (const viewer of this.#bySeat.values()) {
      if (viewer.isBehind) whole ??= newsFrame(everything());
      viewer.isBehind = !viewer.watcher.tell(viewer.isBehind ? whole! : frame);
    }
  }
}

export const tell = ({ watcher }: Viewer, news: LabNews): boolean => watcher.tell(newsFrame(JSON.stringify(news)));

export const refuse = (
  viewer: Viewer,
  atMs: number,
  code: LabRefusal,
  about: LabWordKind | null,
  ref: string | undefined,
): void => {
  const error = { code, message: labRefusals[code], about, ...(ref === undefined ? {} : { ref }) };
  tell(viewer, { at: atMs, error });
};
