/**
 * Histories for testing the checker: a plan, which is plain random numbers, becomes a correct history, as a perfect
 * cluster would have produced it. Used by tests only.
 */
import type { Entry, History, Operation, Read, Received } from './history.ts';

/** One operation of a plan. Times count in steps; everything is taken modulo what there is. */
export interface Step {
  readonly client: number;
  readonly server: number;
  readonly room: number;
  /** Steps between the invocation and the commit, and between the commit and the answer. */
  readonly commitDelay: number;
  readonly answerDelay: number;
  readonly fate: 'acknowledged' | 'refused' | 'unknown-done' | 'unknown-not-done';
  /** Whether the client then reads the room on that server. */
  readonly reads: boolean;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly servers: number;
  readonly clients: number;
  readonly rooms: number;
}

interface Attempt extends Step {
  readonly id: string;
  readonly roomName: string;
  readonly invokedAt: number;
  readonly committedAt: number;
  readonly completedAt: number;
}

const pageLength = 5;

/** A correct history of this plan. Each client is subscribed to every room, from before the first entry to the last. */
export const correctHistory = (plan: Plan): History => {
  const attempts = plan.steps.map((step, at): Attempt => {
    const committedAt = at * 2 + step.commitDelay + 0.5;
    return {
      ...step,
      id: `op-${at}`,
      roomName: `room-${step.room % plan.rooms}`,
      invokedAt: at * 2,
      committedAt,
      completedAt: committedAt + step.answerDelay + 0.25,
    };
  });
  const done = attempts
    .filter(({ fate }) => fate === 'acknowledged' || fate === 'unknown-done')
    .sort((a, b) => a.committedAt - b.committedAt || a.invokedAt - b.invokedAt);
  // Indices have holes, as in the log, where other commands and marks stand between messages.
  const indices = new Map(done.map(({ id }, at) => [id, (at + 1) * 3]));
  const entries: Entry[] = done.map(({ id, roomName }) => {
    return { index: indices.get(id)!, id, room: roomName, content: `text of ${id}` };
  });

  const operations = attempts.map((attempt): Operation => {
    const { id, roomName: room, invokedAt, completedAt, fate } = attempt;
    const of = { client: `client-${attempt.client % plan.clients}`, id, room, content: `text of ${id}`, invokedAt };
    const server = `s${(attempt.server % plan.servers) + 1}`;
    if (fate === 'refused') return { ...of, server, completedAt, outcome: { type: 'refused', code: 'not-a-member' } };
    if (fate !== 'acknowledged') return { ...of, server: null, completedAt: null, outcome: { type: 'unknown' } };
    return { ...of, server, completedAt, outcome: { type: 'acknowledged', index: indices.get(id)! } };
  });

  const reads: Read[] = [];
  for (const [at, attempt] of attempts.entries()) {
    const { client, server, completedAt } = operations[at]!;
    if (!attempt.reads || server === null || completedAt === null) continue;
    const invokedAt = completedAt + 0.125;
    const seen = done.filter((other) => other.roomName === attempt.roomName && other.committedAt <= invokedAt);
    const page = seen.slice(-pageLength).map(({ id }) => ({ index: indices.get(id)!, id }));
    reads.push({ client, server, room: attempt.roomName, invokedAt, completedAt: invokedAt + 0.0625, entries: page });
  }

  const rooms = Array.from({ length: plan.rooms }, (_, at) => `room-${at}`);
  const upto = entries.at(-1)?.index ?? 0;
  const received = entries.map(({ index, id, room }): Received => ({ index, id, room, connection: 1 }));
  return {
    operations,
    reads,
    streams: Array.from({ length: plan.clients }, (_, at) => {
      return { client: `client-${at}`, rooms, after: 0, upto, received };
    }),
    servers: Array.from({ length: plan.servers }, (_, at) => ({ server: `s${at + 1}`, entries })),
  };
};
