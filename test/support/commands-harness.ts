/** Commands with a wire that writes down what goes onto it, and outboxes to try them with. */
import { Commands } from '../../src/client/commands.ts';
import { memoryOutbox, type Outbox, type OutboxEntry } from '../../src/client/outbox.ts';
import type { CommandProgress } from '../../src/client/types.ts';
import { type ClientFrame, type ErrorCode, type EstafetError, newCommandId } from '../../src/protocol/index.ts';

type DoFrame = Extract<ClientFrame, { type: 'do' }>;

/** Commands with a wire that writes down what goes onto it. */
export const harness = ({ outbox = memoryOutbox(), by = 'me' as string | null } = {}) => {
  const wire: DoFrame[] = [];
  const steps: CommandProgress[] = [];
  const failures: unknown[] = [];
  let buffered = 0;
  const commands = new Commands({
    outbox,
    write: (frame) => {
      if (frame.type === 'do') wire.push(frame);
      return true;
    },
    bufferedBytes: () => buffered,
    by: () => by,
    progress: (step) => steps.push(step),
    failed: (error) => failures.push(error),
  });
  const post = (text: string, id = newCommandId()) => {
    const settled = commands.do('message.post', { room: 'general', text }, id).then(
      (result) => ({ ok: true as const, result }),
      (error: EstafetError) => ({ ok: false as const, code: error.code }),
    );
    return { id, settled };
  };
  const done = (id: string, index = 1, stored = 2) =>
    commands.done({ type: 'done', id, index, outcome: { ok: true }, stored });
  const error = (id: string, code: ErrorCode) => commands.error({ type: 'error', id, code, message: code });
  const texts = () => wire.map(({ body }) => (body as { text: string }).text);
  return {
    commands,
    wire,
    steps,
    failures,
    post,
    done,
    error,
    texts,
    loaded: async () => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    fill: (bytes: number) => {
      buffered = bytes;
    },
  };
};

export const outboxOf = (entries: OutboxEntry[]): Outbox & { readonly ids: () => string[] } => {
  const kept = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    add: async (entry) => void kept.set(entry.id, entry),
    remove: async (id) => void kept.delete(id),
    all: async () => [...kept.values()],
    ids: () => [...kept.keys()],
  };
};

/** The same as a browser's: it outlives the program, and other programs leave entries behind. */
export const lastingOf = (entries: OutboxEntry[]) => {
  let found: (entries: readonly OutboxEntry[]) => void = () => {};
  const outbox = outboxOf(entries);
  return {
    ...outbox,
    lasting: true,
    watch: (handler: typeof found) => {
      found = handler;
      return () => {};
    },
    leave: (left: readonly OutboxEntry[]) => found(left),
  };
};

export const entryOf = (text: string, by: string | null): OutboxEntry => ({
  id: newCommandId(),
  kind: 'message.post',
  body: { room: 'general', text },
  by,
});
