/** One replica, alone, for tests: what it is told and what it then wants done. No clock, no disk, no network. */
import { commandIdFrom, limits } from '../../../protocol/index.ts';
import type { NewEntry } from '../../log.ts';
import type { Input, Manifest, Output } from './effects.ts';
import { type Entry, entrySize, genesis, mark, type Point, sequence } from './entry.ts';
import { LogWindow } from './log-window.ts';
import type { PeerMessage } from './messages.ts';
import { Replica } from './replica.ts';

let made = 0;
export const command = (): NewEntry => ({
  id: commandIdFrom(1_700_000_000_000 + made++, new Uint8Array(10)),
  body: new Uint8Array([made & 0xff]),
});
export const place = ({ index, hash }: Point): Point => ({ index, hash });

/** A replica with a log that is as durable as it says, and everything that it has asked for so far. */
export class Bench {
  readonly replica: Replica;
  readonly disk: Entry[];
  nowMs = 1_000;
  outputs: Output[] = [];

  constructor(
    options: { name?: string; epoch?: number; cluster?: string; committed?: number; log?: readonly Entry[] } = {},
  ) {
    const { name = 's1', epoch = 0, cluster = '', committed = 0, log = [] } = options;
    this.disk = [...log];
    const reader = {
      read: (from: number, maxEntries: number, maxBytes: number) => {
        let bytes = 0;
        return this.disk.slice(from - 1, from - 1 + maxEntries).filter((entry, at) => {
          bytes += entrySize(entry);
          return at === 0 || bytes <= maxBytes;
        });
      },
    };
    const window = new LogWindow(
      reader,
      { maxEntries: 100, maxBytes: 1 << 20 },
      {
        base: genesis,
        last: this.disk.at(-1) ?? null,
      },
    );
    const boot = {
      name,
      cluster,
      newCluster: 'new',
      incarnation: `${name}-log`,
      epoch,
      committed,
      patienceMs: 0,
      snapshot: null,
    };
    this.replica = new Replica(
      boot,
      window,
      { ...limits, minInSync: 1, unsafePromote: false, logKeepEntries: 0 },
      this.#now,
    );
    this.give({ type: 'tick' });
  }

  get #now() {
    return { monotonicMs: this.nowMs, wallMs: 1_700_000_000_000 + this.nowMs };
  }

  give(input: Input): void {
    this.outputs.push(...this.replica.step(input, this.#now));
  }

  /** The disk has done everything it was asked to. */
  settle(): void {
    for (;;) {
      const stores = this.take('store');
      if (stores.length === 0) return;
      for (const { operation } of stores) {
        if (operation.truncateAfter !== undefined) this.disk.splice(operation.truncateAfter);
        this.disk.push(...operation.entries);
      }
      this.give({ type: 'stored', count: stores.length });
    }
  }

  /** Removes and returns the outputs of a type. */
  take<T extends Output['type']>(type: T): Extract<Output, { type: T }>[] {
    const taken = this.outputs.filter((output) => output.type === type) as Extract<Output, { type: T }>[];
    this.outputs = this.outputs.filter((output) => output.type !== type);
    return taken;
  }

  /** Removes and returns the messages of a type. */
  sent<T extends PeerMessage['type']>(type: T): Extract<PeerMessage, { type: T }>[] {
    const isIt = (output: Output) => output.type === 'send' && output.message.type === type;
    const found = this.outputs.filter(isIt);
    this.outputs = this.outputs.filter((output) => !isIt(output));
    return found.map(
      (output) => (output as Extract<Output, { type: 'send' }>).message as Extract<PeerMessage, { type: T }>,
    );
  }

  say(from: string, message: PeerMessage): void {
    this.give({ type: 'message', from, message });
  }

  link(peer: string): void {
    this.give({ type: 'linked', peer, incarnation: `${peer}-log` });
  }

  /** Ticks through a time, as a process that is not paused does. */
  pass(ms: number): void {
    for (let at = 0; at < ms; at += limits.tickIntervalMs) {
      this.nowMs += limits.tickIntervalMs;
      this.give({ type: 'tick' });
    }
  }

  promote(manifest: Manifest | null): void {
    this.give({ type: 'lock-gained', manifest, fresh: true });
    this.take('write-manifest');
    this.give({ type: 'manifest-stored' });
  }
}

export const lead = (epoch: number, began: number): PeerMessage => ({
  type: 'lead',
  epoch,
  cluster: 'c',
  began,
  committed: 0,
  serving: true,
  inSync: ['s1', 's2'],
});
export const chain = (epoch: number, count: number, after: Point = genesis): Entry[] => {
  const entries = [mark(after, epoch, 1)];
  while (entries.length < count) entries.push(sequence(entries.at(-1)!, epoch, 2, command()));
  return entries;
};
export const members = (...names: string[]) => names.map((name) => ({ name, incarnation: `${name}-log` }));

/** A primary, s1, of members that are in step with it. */
const primaryOf = (...others: string[]): Bench => {
  const bench = new Bench({ cluster: 'c' });
  for (const name of others) bench.link(name);
  bench.promote({ cluster: 'c', epoch: 0, inSync: members('s1', ...others) });
  bench.settle();
  for (const name of others) {
    bench.say(name, { type: 'state', epoch: 1, incarnation: `${name}-log`, last: genesis, kept: genesis });
    bench.say(name, { type: 'stored', epoch: 1, upto: 1 });
  }
  bench.settle();
  return bench;
};
export const primaryOfTwo = (): Bench => primaryOf('s2');
export const primaryOfThree = (): Bench => primaryOf('s2', 's3');

/** A follower, s2, of s1; s3 is another. */
export const following = (): Bench => {
  const bench = new Bench({ name: 's2', cluster: 'c' });
  bench.link('s1');
  bench.link('s3');
  bench.say('s1', lead(1, 1));
  bench.settle();
  return bench;
};
