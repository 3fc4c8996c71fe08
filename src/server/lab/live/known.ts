/**
 * The lab as a server knows it that only passes on: what the news have said so far, put together. It is what whoever
 * begins to watch is told first, and what this server goes on from when it becomes the one at which the lab runs.
 */
import type { LabClass, LabDevice, LabEvent, LabNews, LabNode, LabRun, LabSample } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import type { Seat } from './seat.ts';

/** What the servers tell each other and nobody else, for a takeover. */
export interface Kept {
  /** Where each node sits: pairs of id and seat. */
  readonly seats: readonly (readonly [string, Seat])[];
  readonly nextMessage: number;
  readonly nextEvent: number;
  /** Predictions: node, and the shares predicted for Direct and PubSub. */
  readonly predictions: readonly (readonly [string, number, number])[];
}

export const nothingKept: Kept = { seats: [], nextMessage: 0, nextEvent: 1, predictions: [] };

export class Known {
  readonly #limits: EdgeLimits;
  readonly #nodes = new Map<string, LabNode>();
  readonly #devices = new Map<string, LabDevice>();
  #dials: LabNews['dials'];
  #samples: readonly LabSample[] = [];
  #totals: LabNews['totals'];
  #events: readonly LabEvent[] = [];
  #class: LabClass | null = null;
  #run: LabRun | null = null;
  #relayLost = 0;
  kept = nothingKept;

  constructor(limits: EdgeLimits) {
    this.#limits = limits;
  }

  get dials(): LabNews['dials'] {
    return this.#dials;
  }

  get samples(): readonly LabSample[] {
    return this.#samples;
  }

  get class(): LabClass | null {
    return this.#class;
  }

  get run(): LabRun | null {
    return this.#run;
  }

  nodes(): Iterable<LabNode> {
    return this.#nodes.values();
  }

  node(id: string): LabNode | undefined {
    return this.#nodes.get(id);
  }

  take(news: LabNews): void {
    this.#takeNodes(news);
    if (news.dials !== undefined) {
      if (news.dials.segment !== this.#dials?.segment) {
        this.#devices.clear();
        this.#totals = undefined;
      }
      this.#dials = news.dials;
    }
    if (news.samples !== undefined) {
      this.#samples = [...this.#samples, ...news.samples].slice(-this.#limits.labSamplesKept);
    }
    if (news.totals !== undefined) this.#totals = news.totals;
    for (const device of news.devices ?? []) this.#devices.set(`${device.method} ${device.node}`, device);
    if (news.events !== undefined) {
      this.#events = [...this.#events, ...news.events].slice(-this.#limits.labEventsKept);
    }
    if (news.class !== undefined) this.#class = news.class;
    if (news.run !== undefined) this.#run = news.run;
    if (news.relayLost !== undefined) this.#relayLost = news.relayLost;
  }

  /** Everything, for whoever begins. */
  all(atMs: number, host: string | null): LabNews {
    return {
      at: atMs,
      host,
      nodes: [...this.#nodes.values()],
      ...(this.#dials === undefined ? {} : { dials: this.#dials }),
      samples: this.#samples,
      ...(this.#totals === undefined ? {} : { totals: this.#totals }),
      devices: [...this.#devices.values()],
      events: this.#events,
      class: this.#class,
      run: this.#run,
      relayLost: this.#relayLost,
    };
  }

  /** Everything, as another server knows it, in the place of what was known here. */
  replace(news: LabNews, kept: Kept): void {
    this.#nodes.clear();
    this.#devices.clear();
    this.#samples = [];
    this.#events = [];
    this.#totals = undefined;
    this.take(news);
    this.kept = kept;
  }

  #takeNodes({ nodes, nodesChanged, nodesGone }: LabNews): void {
    if (nodes !== undefined) this.#nodes.clear();
    for (const node of [...(nodes ?? []), ...(nodesChanged ?? [])]) this.#nodes.set(node.id, node);
    for (const id of nodesGone ?? []) this.#nodes.delete(id);
  }
}
