/**
 * A run: experiment 1 or 2 between real nodes. It sets the dials and keeps them, sends its messages by both methods in
 * turn, and is done when all of them are settled: only then is it known what theory says of them.
 */
import { type Exchange, type LabSettings, type LiveStory, methods, type SettledPair } from '../../../lab/index.ts';
import type { LabRun } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import { Accounts } from './accounts.ts';
import type { Burst, Bursts } from './bursts.ts';
import type { Dials } from './dials.ts';
import type { Events } from './events.ts';
import type { Nodes } from './nodes.ts';
import type { Outbox } from './outbox.ts';
import { Refused } from './refused.ts';

export interface RunPlan {
  readonly id: string;
  readonly experiment: 1 | 2;
  /** A person’s id, and their name. */
  readonly by: string;
  readonly byName: string;
  readonly settings: LabSettings;
  /** Who sends to whom: ids of nodes. */
  readonly ways: readonly { readonly from: string; readonly to: string }[];
  /** Of each method and way. */
  readonly messages: number;
  /** Of each way, both methods together. */
  readonly perSecond: number;
  readonly ofClass: boolean;
}

interface Going {
  readonly view: Omit<LabRun, 'state' | 'sent' | 'settled' | 'leftOut' | 'results' | 'devices'>;
  readonly accounts: Accounts;
  sent: number;
  settled: number;
  /** Of those that were sent, and of those that never will be. */
  leftOut: number;
  unsent: number;
}

/** What a run stands on. */
interface Around {
  readonly limits: EdgeLimits;
  readonly exchange: Exchange;
  readonly nodes: Nodes;
  readonly bursts: Bursts;
  readonly dials: Dials;
  readonly events: Events;
  readonly outbox: Outbox;
}

export class Runs {
  readonly #around: Around;
  readonly #ended: (run: LabRun, nowMs: number) => void;
  #going: Going | null = null;
  #last: LabRun | null;

  /** `last` is the run that another server told of; `ended` is called when one is over, however. */
  constructor(around: Around, last: LabRun | null, ended: (run: LabRun, nowMs: number) => void) {
    const wasGoing = last?.state === 'running' || last?.state === 'settling';
    this.#around = around;
    this.#ended = ended;
    this.#last = last !== null && wasGoing ? { ...last, state: 'interrupted' } : last;
  }

  get isUnderWay(): boolean {
    return this.#going !== null;
  }

  /** Who began the one under way. */
  get startedBy(): string | null {
    return this.#going?.view.by ?? null;
  }

  view(): LabRun | null {
    return this.#going === null ? this.#last : this.#viewOf(this.#going, this.#stateOf(this.#going));
  }

  /** Throws what speaks against it. The settings must have been checked. */
  start(plan: RunPlan, nowMs: number): void {
    const { limits, bursts, dials, events } = this.#around;
    const { id, experiment, by, byName, settings, ways, messages, perSecond, ofClass } = plan;
    if (this.isUnderWay) throw new Refused('run-under-way');
    const of = messages * ways.length * methods.length;
    if (of > limits.labRunMaxMessages || perSecond * ways.length > limits.labRunPerSecondMax) {
      throw new Refused('burst-too-large');
    }
    if (!bursts.hasRoom(of, ways.length * methods.length)) throw new Refused('too-many-messages');
    dials.set(settings, by, nowMs);
    const view = { id, experiment, by, startedAt: nowMs, segment: dials.segment, settings, of, ofClass };
    const accounts = new Accounts(limits.labDevicesMax);
    this.#going = { view, accounts, sent: 0, settled: 0, leftOut: 0, unsent: of };
    const everyMs = (methods.length * 1_000) / perSecond;
    for (const [at, { from, to }] of ways.entries()) {
      for (const [turn, method] of methods.entries()) {
        // One after the other, so that they do not all come at once.
        const startMs = nowMs + (turn / methods.length + at / (ways.length * methods.length)) * everyMs;
        const way = { from, method, to: { node: to }, text: `experiment ${experiment}`, run: id, ref: undefined };
        bursts.add({ ...way, count: messages, startMs, everyMs });
      }
    }
    events.add('run-started', nowMs, () => ({ node: byName, count: of, text: `${experiment}` }));
    this.#tell();
  }

  cancel(nowMs: number): void {
    const going = this.#going;
    if (going === null) throw new Refused('no-run');
    this.#end(going, 'cancelled', nowMs);
    this.#around.bursts.stop(({ run }) => run === going.view.id, nowMs);
  }

  sent({ run }: Burst): void {
    const going = this.#goingOf(run);
    if (going === null) return;
    going.sent++;
    going.unsent--;
    if (going.unsent === 0) this.#tell();
  }

  /** So many of a burst are not sent, because somebody has left. */
  burstEnded({ run }: Burst, left: number, nowMs: number): void {
    const going = this.#goingOf(run);
    if (going === null) return;
    going.leftOut += left;
    going.unsent -= left;
    this.#endWhenOver(going, nowMs);
  }

  settled({ run, method, from }: LiveStory, pairs: readonly SettledPair[], nowMs: number): void {
    const going = this.#goingOf(run);
    if (going === null) return;
    for (const pair of pairs) {
      if (pair.leftOut) going.leftOut++;
      else {
        going.settled++;
        going.accounts.add(method, from, this.#around.nodes.name(from), pair);
      }
    }
    this.#endWhenOver(going, nowMs);
  }

  #goingOf(run: string | null): Going | null {
    return run !== null && this.#going?.view.id === run ? this.#going : null;
  }

  #stateOf({ unsent }: Going): LabRun['state'] {
    return unsent > 0 ? 'running' : 'settling';
  }

  #endWhenOver(going: Going, nowMs: number): void {
    if (going.settled + going.leftOut === going.view.of) this.#end(going, 'done', nowMs);
  }

  #end(going: Going, state: 'done' | 'cancelled', nowMs: number): void {
    const { dials, events } = this.#around;
    const totals = (method: 'direct' | 'pubsub') => going.accounts.totals(method, dials.theory(method));
    const results = state === 'done' ? { direct: totals('direct'), pubsub: totals('pubsub') } : null;
    const run: LabRun = { ...this.#viewOf(going, state), results, devices: going.accounts.devices() };
    this.#last = run;
    this.#going = null;
    events.add('run-ended', nowMs, () => ({ count: going.settled, text: state }));
    this.#tell();
    this.#ended(run, nowMs);
  }

  #viewOf({ view, sent, settled, leftOut }: Going, state: LabRun['state']): LabRun {
    return { ...view, state, sent, settled, leftOut, results: null, devices: [] };
  }

  /** The dials are the run’s, or belong again to whom they belonged. */
  #tell(): void {
    this.#around.outbox.parts.add('run').add('dials');
  }
}
