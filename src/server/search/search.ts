/**
 * Search, as the rest of a server knows it. Indexing and looking are done by a thread (`search-thread.ts`), off the path
 * of every acknowledgement; here are the queue to it, and what comes back. When the thread is in trouble, searches are
 * refused and everything else goes on. What it finds is looked up in the chat itself, with the right of who asks.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Chat } from '../../chat/index.ts';
import { rangesIn, type SearchRequest } from '../../chat/search/index.ts';
import { EstafetError, type SearchHit, type SearchPage } from '../../protocol/index.ts';
import type { EdgeLimits, Logger } from '../options.ts';
import { searchPathIn } from './databases.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';

type Answer = Extract<FromThread, { readonly type: 'found' }>;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: EstafetError) => void;
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const threadFile = new URL(`./search-thread.${extension}`, import.meta.url);

/** A thread that has more than this in its heap has gone wrong; what it has in SQLite does not count. */
const threadHeapMaxMb = 256;

export class Search {
  readonly #chat: Chat;
  readonly #data: ThreadData;
  readonly #limits: EdgeLimits;
  readonly #logger: Logger;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #onReleased: (() => void) | null = null;
  #isReleased = false;
  #isPausing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | null;
  #lastId = 0;
  #failures = 0;

  /** @param origin which life of the log the chat is made from */
  constructor(chat: Chat, dataDir: string, origin: string, limits: EdgeLimits, logger: Logger) {
    this.#chat = chat;
    this.#limits = limits;
    this.#logger = logger;
    this.#data = {
      chatPath: join(dataDir, 'chat.db'),
      searchPath: searchPathIn(dataDir),
      provenance: { origin, unicode: process.versions.unicode ?? '' },
    };
    // A server has more urgent things to do when it starts.
    this.#timer = setTimeout(() => this.#tell(), limits.searchStartMs).unref();
  }

  /** The chat has moved. */
  moved(): void {
    this.#timer ??= setTimeout(() => this.#tell(), this.#limits.searchIntervalMs).unref();
  }

  /**
   * A page of what is found. What was applied here before is found too, unless indexing it takes too long. Rejects with
   * `bad-query` when a name in it means nobody, and with `overloaded`.
   * @param signal aborts when nobody waits for it any more
   */
  async find(request: SearchRequest, signal: AbortSignal): Promise<SearchPage> {
    const { found, indexedUpTo } = await this.#ask(request, signal);
    const roomNames = new Map<string, string>();
    const hits = found.ids.flatMap((id): SearchHit[] => {
      const message = this.#chat.message(id, request.userId);
      if (message === null || message.deleted === true) return [];
      const { room, text } = message;
      const roomName = roomNames.get(room) ?? this.#chat.room(room, request.userId)?.name ?? '';
      roomNames.set(room, roomName);
      return [{ message, roomName, ranges: rangesIn(text, request.query) }];
    });
    return { hits, next: found.next, indexedUpTo };
  }

  /** The same chat; the thread lets go of its database while it is replaced. */
  around(chat: Chat): Chat {
    const install = async (path: string): Promise<void> => {
      await this.#release();
      try {
        await chat.install(path);
      } finally {
        this.#resume();
      }
    };
    return Object.create(chat, { install: { value: install } }) as Chat;
  }

  async #release(): Promise<void> {
    this.#isReleased = true;
    const worker = this.#worker;
    if (worker === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onReleased = resolve;
    worker.postMessage({ type: 'release' } satisfies ToThread);
    const timer = setTimeout(() => void worker.terminate().then(() => resolve()), this.#limits.searchDeadlineMs);
    await promise;
    clearTimeout(timer);
  }

  #resume(): void {
    this.#isReleased = false;
    this.#worker?.postMessage({ type: 'resume' } satisfies ToThread);
    this.moved();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer ?? undefined);
    this.#rejectAll(new EstafetError('shutting-down'));
    await this.#worker?.terminate();
  }

  #ask(request: SearchRequest, signal: AbortSignal): Promise<Answer> {
    if (this.#isClosed) throw new EstafetError('shutting-down');
    const worker = this.#thread();
    if (worker === null || this.#waiting.size >= this.#limits.searchesWaitingMax) {
      throw new EstafetError('overloaded', 'Too many searches are waiting here; try again in a moment.');
    }
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, { resolve, reject });
    worker.postMessage({ type: 'search', id, request, upto: this.#chat.position.index } satisfies ToThread);
    const giveUp = (): void => {
      reject(new EstafetError('overloaded', 'The search took too long here; try again in a moment.'));
      this.#worker?.postMessage({ type: 'forget', id } satisfies ToThread);
    };
    const timer = setTimeout(giveUp, this.#limits.searchDeadlineMs);
    signal.addEventListener('abort', giveUp);
    return promise.finally(() => {
      this.#waiting.delete(id);
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    });
  }

  #tell(): void {
    this.#timer = null;
    this.#thread()?.postMessage({ type: 'moved' } satisfies ToThread);
  }

  /** The thread; null while the chat is being replaced, and after the thread has failed for a moment. */
  #thread(): Worker | null {
    if (this.#isClosed || this.#isReleased || this.#isPausing) return null;
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Worker {
    const worker = new Worker(threadFile, {
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: threadHeapMaxMb },
    });
    // A server that has nothing else to do may end.
    worker.unref();
    worker.on('message', (message: FromThread) => this.#heard(message));
    worker.on('error', (error) => this.#logger.error({ err: error }, 'the search thread failed'));
    worker.on('exit', () => this.#ended());
    return worker;
  }

  #heard(message: FromThread): void {
    if (message.type === 'released') this.#onReleased?.();
    else if (message.type === 'trouble') this.#logger.warn({ reason: message.error }, message.what);
    else {
      this.#failures = 0;
      const waiting = this.#waiting.get(message.id);
      if (message.type === 'found') waiting?.resolve(message);
      else waiting?.reject(new EstafetError(message.code, message.message));
    }
  }

  /** Starts it again, later each time that it ends again. */
  #ended(): void {
    this.#worker = null;
    this.#onReleased?.();
    this.#rejectAll(new EstafetError('overloaded', 'The search has to begin anew; try again in a moment.'));
    if (this.#isClosed) return;
    const { searchRetryMs, searchRetryMaxMs } = this.#limits;
    const waitMs = Math.min(searchRetryMaxMs, searchRetryMs * 2 ** this.#failures++);
    clearTimeout(this.#timer ?? undefined);
    this.#isPausing = true;
    this.#timer = setTimeout(() => {
      this.#isPausing = false;
      this.#tell();
    }, waitMs).unref();
  }

  #rejectAll(error: EstafetError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
