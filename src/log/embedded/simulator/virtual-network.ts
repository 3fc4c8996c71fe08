/**
 * A network in virtual time: a connection a pair of processes, whose bytes arrive late, in order, and perhaps not at
 * all; a connection that breaks may still deliver what was under way. Messages cross it in their wire form.
 */
import { decodeMessage, encodeMessage, frameHeaderBytes } from '../codec.ts';
import type { Input } from '../replica/effects.ts';
import type { PeerMessage } from '../replica/messages.ts';
import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';

/** A place on the network, with the process that runs there at the moment. */
export interface Host<Process> {
  readonly name: string;
  readonly disk: { readonly incarnation: string };
  readonly process: Process | null;
}

/** One end of a connection: what arrives there, and whether it has seen the end of the stream. */
interface End<Process> {
  readonly host: Host<Process>;
  readonly process: Process;
  arrivesAtMs: number;
  open: boolean;
}

interface Connection<Process> {
  readonly ends: readonly [End<Process>, End<Process>];
  up: boolean;
}

export class VirtualNetwork<Process> {
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #latencyMs: number;
  readonly #deliver: (host: Host<Process>, process: Process, input: Input) => void;
  readonly #connections = new Map<string, Connection<Process>>();
  readonly #cut = new Set<string>();
  /** When each pair was last without a connection. */
  readonly #apartAtMs = new Map<string, number>();

  /** @param deliver gives an input to a process, unless that process is no more */
  constructor(
    agenda: Agenda,
    random: Random,
    latencyMs: number,
    deliver: (host: Host<Process>, process: Process, input: Input) => void,
  ) {
    this.#agenda = agenda;
    this.#random = random;
    this.#latencyMs = latencyMs;
    this.#deliver = deliver;
  }

  /** Connects two hosts after a while, if by then both have a process and nothing is in the way. */
  connect(a: Host<Process>, b: Host<Process>): void {
    this.#agenda.after(this.#random.delay(3), () => {
      const key = pair(a.name, b.name);
      if (this.#connections.has(key) || this.#cut.has(key) || a.process === null || b.process === null) return;
      const end = (host: Host<Process>, process: Process): End<Process> => ({
        host,
        process,
        arrivesAtMs: 0,
        open: true,
      });
      const ends = [end(a, a.process), end(b, b.process)] as const;
      this.#connections.set(key, { ends, up: true });
      this.#apartAtMs.set(key, this.#agenda.nowMs);
      this.#deliver(a, ends[0].process, { type: 'linked', peer: b.name, incarnation: b.disk.incarnation });
      this.#deliver(b, ends[1].process, { type: 'linked', peer: a.name, incarnation: a.disk.incarnation });
    });
  }

  /** Nothing more is sent. What is under way may still arrive, all of it or not; then each end sees that it is over. */
  disconnect(a: Host<Process>, b: Host<Process>, afterMs: number): void {
    const key = pair(a.name, b.name);
    const connection = this.#connections.get(key);
    if (connection === undefined || !connection.up) return;
    connection.up = false;
    for (const end of connection.ends) {
      const lastBytesMs = this.#random.chance(0.5) ? end.arrivesAtMs - this.#agenda.nowMs : 0;
      this.#agenda.after(Math.max(afterMs, lastBytesMs), () => {
        end.open = false;
        this.#deliver(end.host, end.process, { type: 'unlinked', peer: end.host === a ? b.name : a.name });
        if (connection.ends.some(({ open }) => open)) return;
        this.#connections.delete(key);
        this.connect(a, b);
      });
    }
  }

  /** Whether two hosts have been connected all this time. */
  wereTogether(a: Host<Process>, b: Host<Process>, forMs: number): boolean {
    const key = pair(a.name, b.name);
    const connection = this.#connections.get(key);
    return connection?.up === true && this.#agenda.nowMs - (this.#apartAtMs.get(key) ?? 0) >= forMs;
  }

  /** Keeps two hosts apart for a while; false when they are already. */
  cut(a: Host<Process>, b: Host<Process>, forMs: number): boolean {
    const key = pair(a.name, b.name);
    if (this.#cut.has(key)) return false;
    this.#cut.add(key);
    this.disconnect(a, b, 0);
    this.#agenda.after(forMs, () => {
      this.#cut.delete(key);
      this.connect(a, b);
    });
    return true;
  }

  send(from: Host<Process>, to: string, message: PeerMessage): void {
    const connection = this.#connections.get(pair(from.name, to));
    const end = connection?.ends.find(({ host }) => host.name === to);
    if (connection === undefined || end === undefined || !connection.up) return;
    const payload = encodeMessage(message).subarray(frameHeaderBytes);
    end.arrivesAtMs = Math.max(end.arrivesAtMs, this.#agenda.nowMs + this.#random.delay(this.#latencyMs));
    this.#agenda.after(end.arrivesAtMs - this.#agenda.nowMs, () => {
      if (!end.open) return;
      this.#deliver(end.host, end.process, { type: 'message', from: from.name, message: decodeMessage(payload) });
    });
  }
}

const pair = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
