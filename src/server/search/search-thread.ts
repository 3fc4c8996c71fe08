/**
 * The thread that owns a server's search database. It brings the index forward from the chat database and answers
 * searches, in turns of some milliseconds each, so that none holds the others up. It never writes to the chat database
 * and never holds it open for long. Reached by messages only; whatever fails here is said and tried again, and costs the
 * server nothing.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { removeSearchDb, type SearchRun } from '../../chat/search/index.ts';
import { EstafetError, limits } from '../../protocol/index.ts';
import { stepBack } from '../thread-priority.ts';
import { needsRemaking, type Open, openDatabases } from './databases.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';

interface Task {
  readonly message: Extract<ToThread, { readonly type: 'search' }>;
  readonly sinceMs: number;
  run: SearchRun | null;
}

const data = workerData as ThreadData;
const tasks = new Map<number, Task>();
const nowMs = (): number => performance.now();
const send = (message: FromThread): void => parentPort?.postMessage(message);

let open: Open | null = null;
let isReleased = false;
let isIndexed = false;
let isTurnDue = false;
let failures = 0;
let notBeforeMs = 0;

const close = (): void => {
  const closing = open;
  open = null;
  isIndexed = false;
  // What was found so far hangs on the databases.
  for (const task of tasks.values()) task.run = null;
  closing?.close();
};

const failed = (what: string, error: unknown): void => {
  close();
  if (needsRemaking(error)) removeSearchDb(data.searchPath);
  const waitMs = Math.min(limits.searchRetryMaxMs, limits.searchRetryMs * 2 ** failures++);
  notBeforeMs = nowMs() + waitMs;
  setTimeout(due, waitMs);
  send({ type: 'trouble', what, error: error instanceof Error ? error.message : String(error) });
};

const answer = (task: Task, message: FromThread): void => {
  tasks.delete(task.message.id);
  send(message);
};

const refuse = (task: Task, error: EstafetError): void =>
  answer(task, { type: 'refused', id: task.message.id, code: error.code, message: error.message });

const hasWaited = ({ sinceMs }: Task): boolean => nowMs() - sinceMs >= limits.searchWaitMaxMs;

/** Whether the index has what was said before somebody asked, or they have waited for it long enough. */
const isReady = (task: Task, { indexer }: Open): boolean =>
  isIndexed || indexer.upto >= task.message.upto || hasWaited(task);

const look = (task: Task, { searcher, indexer }: Open): void => {
  const { id, request } = task.message;
  try {
    task.run ??= searcher(request);
    const found = task.run.step(nowMs);
    if (found !== null) answer(task, { type: 'found', id, found, indexedUpTo: indexer.complete });
    // The others have their turn first.
    else if (tasks.delete(id)) tasks.set(id, task);
  } catch (error) {
    if (!(error instanceof EstafetError)) throw error;
    refuse(task, error);
  }
};

/** One slice of the index, and one turn of one search. */
const turn = (): void => {
  isTurnDue = false;
  if (isReleased || nowMs() < notBeforeMs) return;
  try {
    open ??= openDatabases(data);
  } catch (error) {
    failed('the search index cannot be opened', error);
    return;
  }
  try {
    isIndexed = !open.indexer.step(limits.searchSliceMessages);
    failures = 0;
  } catch (error) {
    failed('the search index cannot go on', error);
    return;
  }
  try {
    for (const task of tasks.values()) {
      if (!isReady(task, open)) continue;
      look(task, open);
      break;
    }
  } catch (error) {
    for (const task of tasks.values()) refuse(task, new EstafetError('overloaded', 'The search has to begin anew.'));
    failed('the search index cannot be read', error);
    return;
  }
  if (!isIndexed || tasks.size > 0) due();
};

const due = (): void => {
  if (isTurnDue) return;
  isTurnDue = true;
  setImmediate(turn);
};

const handlers: { readonly [T in ToThread['type']]: (message: Extract<ToThread, { readonly type: T }>) => void } = {
  moved: due,
  search: (message) => {
    tasks.set(message.id, { message, sinceMs: nowMs(), run: null });
    due();
  },
  forget: ({ id }) => void tasks.delete(id),
  release: () => {
    isReleased = true;
    close();
    send({ type: 'released' });
  },
  resume: () => {
    isReleased = false;
    notBeforeMs = 0;
    due();
  },
};

// Answers are worth more than the index: when the machine is busy, this thread comes after those that serve.
stepBack(5);
parentPort?.on('message', (message: ToThread) => {
  (handlers[message.type] as (message: ToThread) => void)(message);
});
due();
