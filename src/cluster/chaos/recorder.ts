/**
 * Writes down what the clients of a run ask and are answered, for the checker. Times are `performance.now()` of this
 * process, which all clients share, so that they can be compared.
 */
import { createHash } from 'node:crypto';
import { newCommandId } from '../../protocol/index.ts';
import type { Operation, OperationOutcome, Read } from '../checker/index.ts';

/** How the checker knows a text. */
export const contentOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** A post under way. Its first answer counts; a later one that contradicts it is noted. */
export interface Post {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  readonly invokedAt: number;
  readonly isOpen: boolean;
  acknowledged(index: number, server: string | null): void;
  refused(code: string, server: string | null): void;
  /** No more answer will come. */
  abandoned(): void;
}

export interface Recorder {
  /** Begins a post with an id and a text of its own. */
  post(client: string, room: string): Post;
  read(read: Read): void;
  /** What was recorded; what is still open is unknown. */
  operations(): readonly Operation[];
  readonly reads: readonly Read[];
  /** Messages that were acknowledged at two indices, in words. */
  readonly contradictions: readonly string[];
  /** Posts begun and not ended. */
  readonly open: number;
  readonly acknowledged: number;
}

interface Recording {
  readonly operation: Omit<Operation, 'server' | 'completedAt' | 'outcome'>;
  server: string | null;
  completedAt: number | null;
  outcome: OperationOutcome | null;
}

const fillers = ['', ' ok', ' see you at eight', ` ${'and so on '.repeat(12)}`, ' ¿qué tal? 你好 👋'];

export const newRecorder = (): Recorder => {
  const recordings: Recording[] = [];
  const reads: Read[] = [];
  const contradictions: string[] = [];
  let open = 0;
  let acknowledged = 0;

  const end = (recording: Recording, outcome: OperationOutcome, server: string | null): void => {
    const before = recording.outcome;
    if (before === null) {
      open--;
      if (outcome.type === 'acknowledged') acknowledged++;
      if (outcome.type !== 'unknown') recording.completedAt = performance.now();
      recording.server = server;
      recording.outcome = outcome;
    } else if (before.type === 'acknowledged' && outcome.type === 'acknowledged' && before.index !== outcome.index) {
      contradictions.push(
        `${recording.operation.id} was acknowledged at ${before.index}, and again at ${outcome.index}`,
      );
    }
  };

  return {
    post: (client, room) => {
      const id = newCommandId();
      const text = `${client} ${recordings.length}${fillers[recordings.length % fillers.length]} (${id.slice(-6)})`;
      const operation = { client, id, room, content: contentOf(text), invokedAt: performance.now() };
      const recording: Recording = { operation, server: null, completedAt: null, outcome: null };
      recordings.push(recording);
      open++;
      return {
        id,
        room,
        text,
        invokedAt: operation.invokedAt,
        get isOpen() {
          return recording.outcome === null;
        },
        acknowledged: (index, server) => end(recording, { type: 'acknowledged', index }, server),
        refused: (code, server) => end(recording, { type: 'refused', code }, server),
        abandoned: () => end(recording, { type: 'unknown' }, null),
      };
    },
    read: (read) => reads.push(read),
    operations: () =>
      recordings.map(({ operation, server, completedAt, outcome }) => {
        return { ...operation, server, completedAt, outcome: outcome ?? { type: 'unknown' } };
      }),
    reads,
    contradictions,
    get open() {
      return open;
    },
    get acknowledged() {
      return acknowledged;
    },
  };
};
