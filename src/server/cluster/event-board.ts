/**
 * Where a server's events of the cluster come together: those that it sees itself, from the traces of its log and from
 * its requests, and those that the others cast. Rare events are always told, to everybody; events about single entries
 * only where these are numbered requests, and so many a second; of ordinary messages only how many passed, and that only
 * while somebody watches anywhere.
 */
import type { Applied } from '../../chat/index.ts';
import { type ReplicatedLog, type Topology, type Trace, type Unsubscribe, wallMs } from '../../log/index.ts';
import type { ClusterEvent, Flow } from '../../protocol/index.ts';
import type { EdgeLimits } from '../options.ts';
import { type EntryTrace, EventMaker, isOfEntries, type Note, readEvents, writeEvents } from './events.ts';
import { EntryTraces } from './events-of-entries.ts';
import { FlowCounts, readFlows, writeFlows } from './flows.ts';
import { WatchedAnywhere } from './watching.ts';

const topics = { events: 'cluster.events', flows: 'cluster.flows' } as const;

/** What servers tell each other for this very purpose is not counted. */
const isOwnTopic = (topic: string): boolean => topic.startsWith('cluster.');

type EventsHandler = (events: readonly ClusterEvent[], leftOut: number) => void;
type FlowsHandler = (flows: readonly Flow[]) => void;

export class EventBoard {
  readonly watched: WatchedAnywhere;
  readonly #log: ReplicatedLog;
  readonly #self: string;
  readonly #limits: EdgeLimits;
  readonly #maker: EventMaker;
  readonly #traces: EntryTraces;
  readonly #flows = new FlowCounts();
  readonly #onEvents = new Set<EventsHandler>();
  readonly #onFlows = new Set<FlowsHandler>();
  readonly #ends: readonly Unsubscribe[];
  readonly #timer: NodeJS.Timeout;
  #backups: readonly string[] = [];
  #outgoing: ClusterEvent[] = [];
  #leftOut = 0;
  #second = { of: 0, told: 0 };

  constructor(log: ReplicatedLog, limits: EdgeLimits, startedAt: number) {
    const { self, epoch } = log.topology();
    this.#log = log;
    this.#self = self;
    this.#limits = limits;
    this.#maker = new EventMaker(self, startedAt);
    this.#maker.epoch = epoch;
    this.#traces = new EntryTraces(limits);
    this.watched = new WatchedAnywhere(log, limits);
    this.#ends = [
      log.onTrace((trace) => this.#traced(trace)),
      log.onTopology((topology) => this.#reached(topology)),
      log.onCast((topic, body, from) => this.#heard(topic, body, from)),
    ];
    this.#timer = setInterval(() => this.flush(), limits.clusterNewsIntervalMs).unref();
  }

  /** Events of all servers as they become known here, this one's among them; and how many were left out. */
  onEvents(handler: EventsHandler): Unsubscribe {
    this.#onEvents.add(handler);
    return () => this.#onEvents.delete(handler);
  }

  /** What passed between servers, as each of them says; only while somebody watches. */
  onFlows(handler: FlowsHandler): Unsubscribe {
    this.#onFlows.add(handler);
    return () => this.#onFlows.delete(handler);
  }

  /** Something rare happened. */
  note(note: Note): void {
    this.#tell([this.#maker.make(note)], 0);
  }

  /** Something happened about one numbered request. */
  noteRequest(note: Note): void {
    this.#tellExact([note]);
  }

  /** These commands have been applied here. */
  applied(applied: readonly Applied[]): void {
    for (const { index, firstIndex, id, outcome } of applied) {
      if (!outcome.ok || outcome.request === undefined || firstIndex !== index) continue;
      // Under load not even what there would be to tell is looked for.
      if (this.#room() === 0) {
        this.#tell([], 1);
        continue;
      }
      const request = { index, label: outcome.request, request: id };
      const at = wallMs();
      const { label } = request;
      const own: Note = { at, what: 'request-applied', from: index, upto: index, label, request: id };
      this.#tellExact([...this.#traces.of(request, at), own]);
    }
  }

  /** Casts what waits; what was cast is on its way at the end of this turn of the event loop. */
  flush(): void {
    if (this.#outgoing.length > 0 || this.#leftOut > 0) {
      const [events, leftOut] = [this.#outgoing, this.#leftOut];
      this.#outgoing = [];
      this.#leftOut = 0;
      for (const cast of writeEvents(events, leftOut, this.#limits.castMaxBytes)) this.#log.cast(topics.events, cast);
    }
    const flows = this.#flows.take();
    if (flows.length === 0) return;
    for (const handler of this.#onFlows) handler(flows);
    for (const cast of writeFlows(flows)) this.#log.cast(topics.flows, cast);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const end of this.#ends) end();
    this.watched.stop();
  }

  #reached({ epoch, replicas }: Topology): void {
    this.#maker.epoch = Math.max(this.#maker.epoch, epoch);
    this.#backups = replicas.flatMap(({ name, role }) => (name !== this.#self && role === 'backup' ? [name] : []));
  }

  #traced(trace: Trace): void {
    this.#maker.epoch = Math.max(this.#maker.epoch, trace.epoch);
    if (isOfEntries(trace)) {
      const { count, notes } = this.#traces.add(trace);
      if (notes.length > 0) this.#tellExact(notes);
      if (this.watched.is) this.#count(trace, count);
      // The one who hands over says so itself.
    } else if (trace.what !== 'released') this.#tell([this.#maker.ofTrace(trace)], 0);
  }

  #count({ what, peer = '' }: EntryTrace, count: number): void {
    if (what === 'sent') this.#flows.add(this.#self, peer, 'append', count);
    else if (what === 'stored') this.#flows.add(peer, this.#self, 'stored', count);
    else if (what === 'forwarded') this.#flows.add(this.#self, peer, 'forward', count);
    else if (what === 'committed') for (const to of this.#backups) this.#flows.add(this.#self, to, 'committed', count);
  }

  #heard(topic: string, body: Uint8Array, from: string): void {
    if (topic === topics.events) {
      const cast = readEvents(body);
      if (cast !== null) this.#hand(cast.events, cast.leftOut);
    } else if (topic === topics.flows) {
      const flows = readFlows(body)?.flows ?? [];
      for (const handler of this.#onFlows) handler(flows);
    } else if (!isOwnTopic(topic) && this.watched.is) this.#flows.add(from, this.#self, 'cast', 1);
  }

  /** How many more events about requests may be told this second. */
  #room(): number {
    const of = Math.floor(performance.now() / 1_000);
    if (of !== this.#second.of) this.#second = { of, told: 0 };
    return Math.max(0, this.#limits.clusterEventsPerSecondMax - this.#second.told);
  }

  /** As many a second as are told one by one. */
  #tellExact(notes: readonly Note[]): void {
    const told = notes.slice(0, this.#room());
    this.#second.told += told.length;
    this.#tell(
      told.map((note) => this.#maker.make(note)),
      notes.length - told.length,
    );
  }

  #tell(events: readonly ClusterEvent[], leftOut: number): void {
    this.#outgoing.push(...events);
    this.#leftOut += leftOut;
    this.#hand(events, leftOut);
  }

  #hand(events: readonly ClusterEvent[], leftOut: number): void {
    for (const handler of this.#onEvents) handler(events, leftOut);
  }
}
