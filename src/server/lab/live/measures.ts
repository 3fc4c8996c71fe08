/** The lab's figures: a sample every half second while anything is measured, and what was settled under these dials. */
import { type Happening, type Method, methods } from '../../../lab/index.ts';
import type { LabNews, LabSample } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import { Accounts } from './accounts.ts';
import type { Dials } from './dials.ts';
import { Meter } from './meter.ts';
import type { Nodes } from './nodes.ts';

/** What a sample says beside the methods' own figures. */
export interface Around {
  readonly inFlight: number;
  readonly waiting: number;
  /** Messages that are not settled: more is to come. */
  readonly unsettled: number;
  /** Casts between servers that were lost since the lab began here. */
  readonly relayLost: number;
}

export class Measures {
  readonly #limits: EdgeLimits;
  readonly #dials: Dials;
  readonly #nodes: Nodes;
  readonly #meters: Readonly<Record<Method, Meter>> = { direct: new Meter('direct'), pubsub: new Meter('pubsub') };
  #accounts: Accounts;
  #waiting: LabSample[] = [];
  #fromMs: number | null = null;
  #relayLost = 0;

  constructor(limits: EdgeLimits, dials: Dials, nodes: Nodes) {
    this.#limits = limits;
    this.#dials = dials;
    this.#nodes = nodes;
    this.#accounts = new Accounts(limits.labDevicesMax);
  }

  /** When the next sample is due; null while nothing is measured. */
  get dueMs(): number | null {
    return this.#fromMs === null ? null : this.#fromMs + this.#limits.labSampleMs;
  }

  get hasNews(): boolean {
    return this.#waiting.length > 0;
  }

  /** There is something to measure from now on. */
  begin(nowMs: number): void {
    this.#fromMs ??= nowMs;
  }

  /** The dials have changed: what was settled under the old ones is no part of it. */
  newSegment(): void {
    this.#accounts = new Accounts(this.#limits.labDevicesMax);
    for (const method of methods) this.#meters[method].newSegment();
  }

  happened(happening: Happening): void {
    const { story } = happening;
    const meter = this.#meters[story.method];
    const isPresent = story.segment === this.#dials.segment;
    meter.happened(happening, isPresent);
    if (happening.what !== 'settled' || !isPresent) return;
    for (const pair of happening.pairs) {
      if (pair.leftOut) continue;
      meter.settled(pair);
      this.#accounts.add(story.method, story.from, this.#nodes.name(story.from), pair);
    }
  }

  /** Takes a sample when one is due. Measuring ends after an interval in which nothing was, when nothing is to come. */
  due(nowMs: number, around: () => Around): void {
    const { dueMs } = this;
    if (dueMs === null || nowMs < dueMs) return;
    const fromMs = this.#fromMs!;
    const { inFlight, waiting, unsettled, relayLost } = around();
    const isOver = unsettled + waiting === 0 && methods.every((method) => this.#meters[method].isQuiet);
    const { loss } = this.#dials.settings;
    const take = (method: Method) => this.#meters[method].take(this.#dials.theory(method), loss, fromMs, nowMs);
    this.#waiting.push({
      at: nowMs,
      segment: this.#dials.segment,
      overMs: nowMs - fromMs,
      direct: take('direct'),
      pubsub: take('pubsub'),
      inFlight,
      waiting,
      relayLost: relayLost - this.#relayLost,
    });
    this.#relayLost = relayLost;
    this.#fromMs = isOver ? null : nowMs;
  }

  takeNews(): Pick<LabNews, 'samples' | 'totals' | 'devices'> {
    if (!this.hasNews) return {};
    const samples = this.#waiting;
    this.#waiting = [];
    const totals = (method: Method) => this.#accounts.totals(method, this.#dials.theory(method));
    return {
      samples,
      totals: { segment: this.#dials.segment, direct: totals('direct'), pubsub: totals('pubsub') },
      devices: this.#accounts.takeChanged(),
    };
  }
}
