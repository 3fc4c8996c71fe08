/** The class: one teacher, their students' nodes, who may turn the dials, and what the students predict. */
import type { LabClass, LabHistogram } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import { Refused } from './refused.ts';
import type { Speaker } from './seat.ts';

type Prediction = readonly [direct: number, pubsub: number];

interface Question {
  readonly experiment: 1 | 2;
  state: 'open' | 'locked' | 'done';
  readonly predictions: Map<string, Prediction>;
}

interface Open {
  readonly code: string;
  readonly teacher: string;
  readonly openedAt: number;
  dials: 'everybody' | 'teacher';
  question: Question | null;
  teacherSeenMs: number;
}

/** Steps of the histogram, of five points each. */
const steps = 20;

const histogramOf = (predictions: Iterable<Prediction>): LabHistogram => {
  const direct = new Array<number>(steps).fill(0);
  const pubsub = new Array<number>(steps).fill(0);
  const stepOf = (share: number): number => Math.min(steps - 1, Math.floor(share * steps));
  for (const [ofDirect, ofPubsub] of predictions) {
    direct[stepOf(ofDirect)]!++;
    pubsub[stepOf(ofPubsub)]!++;
  }
  return { direct, pubsub };
};

export class Classroom {
  readonly #limits: EdgeLimits;
  #open: Open | null = null;

  /** `last` and `predictions` are what another server told of it. */
  constructor(
    limits: EdgeLimits,
    last: LabClass | null,
    predictions: readonly (readonly [string, number, number])[],
    nowMs: number,
  ) {
    this.#limits = limits;
    if (last === null) return;
    const { code, teacher, openedAt, dials, question } = last;
    const told = new Map(predictions.map(([node, direct, pubsub]): [string, Prediction] => [node, [direct, pubsub]]));
    // A run that was under way is over with the server that played it: what it locked stays locked.
    const asked = question && { experiment: question.experiment, state: question.state, predictions: told };
    this.#open = { code, teacher, openedAt, dials, question: asked, teacherSeenMs: nowMs };
  }

  get teacher(): string | null {
    return this.#open?.teacher ?? null;
  }

  /** Whether the dials are the teacher’s. */
  get hasDials(): boolean {
    return this.#open?.dials === 'teacher';
  }

  /** When the class ends by itself, because its teacher has been away for so long; null while none is open. */
  get dueMs(): number | null {
    return this.#open === null ? null : this.#open.teacherSeenMs + this.#limits.labTeacherAwayMs;
  }

  /** What the other servers keep: node, and what it predicts. */
  predictions(): readonly (readonly [string, number, number])[] {
    return [...(this.#open?.question?.predictions ?? [])].map(([node, [direct, pubsub]]) => [node, direct, pubsub]);
  }

  view(nodes: number): LabClass | null {
    if (this.#open === null) return null;
    const { code, teacher, openedAt, dials, question } = this.#open;
    const told = question && {
      experiment: question.experiment,
      state: question.state,
      predictions: question.predictions.size,
      histogram: question.state === 'done' ? histogramOf(question.predictions.values()) : null,
    };
    return { code, teacher, dials, openedAt, nodes, question: told };
  }

  /** Whether it was not open before. Throws what speaks against it. */
  open({ user, isGuest }: Speaker, code: string, nowMs: number): boolean {
    if (isGuest) throw new Refused('guests-may-not');
    if (this.#open?.teacher === user) return false;
    if (this.#open !== null) throw new Refused('class-open');
    this.#open = { code, teacher: user, openedAt: nowMs, dials: 'everybody', question: null, teacherSeenMs: nowMs };
    return true;
  }

  /** The teacher has a page open somewhere. */
  teacherSeen(nowMs: number): void {
    if (this.#open !== null) this.#open.teacherSeenMs = nowMs;
  }

  end(): void {
    this.#open = null;
  }

  /** Throws unless a class is open and this is its teacher. */
  checkTeacher(user: string): void {
    if (this.#of().teacher !== user) throw new Refused('not-the-teacher');
  }

  /** Throws unless a node may join with this code, beside so many. */
  checkJoin(code: string, nodes: number): void {
    if (this.#open?.code !== code.trim().toUpperCase()) throw new Refused('no-such-class');
    if (nodes >= this.#limits.labClassNodesMax) throw new Refused('class-full');
  }

  giveDials(who: 'everybody' | 'teacher'): void {
    this.#of().dials = who;
  }

  ask(experiment: 1 | 2): void {
    this.#of().question = { experiment, state: 'open', predictions: new Map() };
  }

  /** Of a node in the class. */
  predict(node: string, direct: number, pubsub: number): void {
    const { question } = this.#of();
    if (question?.state !== 'open') throw new Refused('not-asked');
    question.predictions.set(node, [direct, pubsub]);
    // Who predicts, leaves and comes as somebody else may do so only so often.
    if (question.predictions.size > this.#limits.labClassNodesMax) {
      question.predictions.delete(question.predictions.keys().next().value!);
    }
  }

  lock(): void {
    const { question } = this.#of();
    if (question?.state !== 'open') throw new Refused('not-asked');
    question.state = 'locked';
  }

  /** A run of the class begins: what it is asked of it cannot be predicted any more. */
  runStarted(experiment: 1 | 2): void {
    const question = this.#open?.question;
    if (question?.experiment === experiment && question.state === 'open') question.state = 'locked';
  }

  /** A run of the class is done: everybody sees what was predicted. */
  runDone(experiment: 1 | 2): void {
    const question = this.#open?.question;
    if (question?.experiment === experiment) question.state = 'done';
  }

  #of(): Open {
    if (this.#open === null) throw new Refused('no-such-class');
    return this.#open;
  }
}
