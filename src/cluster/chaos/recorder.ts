/**
 * Writes down what the clients of a run ask and are answered, for the checker. Times are `performance.now()` of this
 * process, which all clients share, so that they can be compared.
 */
import type { Effect, Loss, Operation, OperationOutcome, Read } from '../checker/index.ts';

/** A command under way. Its first answer counts; a later one that contradicts it is noted. */
export interface Running {
  readonly id: string;
  readonly effect: Effect;
  readonly invokedAt: number;
  acknowledged(index: number, server: string | null): void;
  refused(code: string, server: string | null): void;
  /** No more answer will come. */
  abandoned(): void;
}

export interface Recorder {
  /** Begins a command of this id. */
  begin(client: string, effect: Effect, id: string): Running;
  read(read: Read): void;
  /** A server that is being killed has lost its disk. */
  lost(server: string): void;
  /** A text that is written once in a run. */
  newText(client: string): string;
  /** What was recorded; what is still open is unknown. */
  operations(): readonly Operation[];
  readonly reads: readonly Read[];
  readonly losses: readonly Loss[];
  /** Commands that were acknowledged at two indices, in words. */
  readonly contradictions: readonly string[];
  /** Commands begun and not ended. */
  readonly open: number;
  readonly acknowledged: number;
}

interface Recording {
  readonly client: string;
  readonly id: string;
  readonly effect: Effect;
  readonly invokedAt: number;
  server: string | null;
  completedAt: number | null;
  outcome: OperationOutcome | null;
}

/** What a server sent before it was killed arrives within this; the next process does not answer so soon. */
const lastWordsMs = 100;

const fillers = ['', ' ok', ' see you at eight', ` ${'and so on '.repeat(12)}`, ' ¿qué tal? 你好 👋'];

export const newRecorder = (): Recorder => {
  const recordings: Recording[] = [];
  const reads: Read[] = [];
  const losses: Loss[] = [];
  const contradictions: string[] = [];
  let open = 0;
  let acknowledged = 0;
  let texts = 0;

  const end = (recording: Recording, outcome: OperationOutcome, server: string | null): void => {
    const before = recording.outcome;
    if (before === null) {
      open--;
      if (outcome.type === 'acknowledged') acknowledged++;
      if (outcome.type !== 'unknown') recording.completedAt = performance.now();
      recording.server = server;
      recording.outcome = outcome;
    } else if (before.type === 'acknowledged' && outcome.type === 'acknowledged' && before.index !== outcome.index) {
      contradictions.push(`${recording.id} was acknowledged at ${before.index}, and again at ${outcome.index}`);
    } else if (before.type === 'acknowledged' && outcome.type === 'refused') {
      contradictions.push(`${recording.id} was acknowledged at ${before.index}, and then refused: ${outcome.code}`);
    }
  };

  return {
    begin: (client, effect, id) => {
      const invokedAt = performance.now();
      const recording: Recording = { client, id, effect, invokedAt, server: null, completedAt: null, outcome: null };
      recordings.push(recording);
      open++;
      return {
        id,
        effect,
        invokedAt,
        acknowledged: (index, server) => end(recording, { type: 'acknowledged', index }, server),
        refused: (code, server) => end(recording, { type: 'refused', code }, server),
        abandoned: () => end(recording, { type: 'unknown' }, null),
      };
    },
    read: (read) => reads.push(read),
    lost: (server) => losses.push({ server, at: performance.now() + lastWordsMs }),
    newText: (client) => `${client} ${++texts}${fillers[texts % fillers.length]}`,
    operations: () =>
      recordings.map((recording) => ({ ...recording, outcome: recording.outcome ?? { type: 'unknown' } })),
    reads,
    losses,
    contradictions,
    get open() {
      return open;
    },
    get acknowledged() {
      return acknowledged;
    },
  };
};
