/**
 * One client without the SDK: does what the load does over HTTP at one server at a time and, when it gets no answer, at
 * the next one: with the same id where the address takes one. Now and then it sends an answered command again to another
 * server, which must name the same index, and reads a room where it has just written, or where that should be known by
 * now.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isErrorCode, newCommandId, retryable } from '../../protocol/index.ts';
import { ask, codeOf } from './api.ts';
import { type Planned, planNext } from './kinds.ts';
import type { Client, LoadContext } from './load.ts';
import { chaosLimits } from './options.ts';
import { appliedAt, lookAt } from './reading.ts';
import type { Running } from './recorder.ts';

/** Codes that say nothing about the command: this server could not or would not look at it. */
const aboutTheRequest = new Set(['', 'not-signed-in', 'session-ended', 'internal', 'not-found']);

const againChance = 0.1;
const readChance = 0.3;
/** Of the reads, those at another server than the one that acknowledged. */
const elsewhereChance = 0.3;
/** Answered commands of which one may be sent again: late enough that other ones have come after it. */
const lateMax = 4;

interface Server {
  readonly name: string;
  readonly url: string;
}

type Answer = { readonly index: number } | { readonly code: string } | null;

/** Starts sending. */
export const startHttpClient = (context: LoadContext): Client => {
  const { actor, token, servers, rate } = context;
  const { name, random, recorder } = actor;
  const stopping = new AbortController();
  const answered: { readonly planned: Planned; readonly running: Running }[] = [];
  let turn = 0;
  const server = (): Server => servers[turn % servers.length]!;

  /** One attempt. Null when it is not known what became of it. */
  const attempt = async ({ http: { method, path, body } }: Planned, to: Server): Promise<Answer> => {
    const answer = await ask(to.url, path, { method, token, ...(body === undefined ? {} : { body }) }).catch(
      () => null,
    );
    if (answer === null) return null;
    if (answer.status < 300) return { index: (answer.body as { readonly index: number }).index };
    const code = codeOf(answer.body);
    return aboutTheRequest.has(code) || (isErrorCode(code) && retryable.has(code)) ? null : { code };
  };

  /** Sends until there is an answer. Returns the index, or null when it was refused or given up. */
  const insist = async (planned: Planned): Promise<number | null> => {
    const { effect, http } = planned;
    const deadline = performance.now() + chaosLimits.commandMaxMs;
    let running = recorder.begin(name, effect, planned.id);
    for (let attempts = 1; ; attempts++) {
      const to = server();
      const answer = await attempt(planned, to);
      if (answer !== null && 'index' in answer) {
        running.acknowledged(answer.index, to.name);
        if (http.takesId) answered.push({ planned, running });
        // An earlier attempt that was never answered may still take effect, and undo what comes after this.
        return http.takesId || attempts === 1 || http.method === 'DELETE' ? answer.index : null;
      }
      if (answer !== null) {
        if (attempts > 1 && answer.code === http.doneCode) running.abandoned();
        else running.refused(answer.code, to.name);
        return null;
      }
      turn++;
      if (performance.now() > deadline) {
        running.abandoned();
        return null;
      }
      if (!http.takesId) {
        running.abandoned();
        running = recorder.begin(name, effect, newCommandId());
      }
      await pause(random.between(1, 20));
    }
  };

  /** Sends an earlier command again: it must have no second effect, and name the same index. */
  const repeat = async (): Promise<void> => {
    const { planned, running } = answered.shift()!;
    const to = random.pick(servers);
    const answer = await attempt(planned, to);
    if (answer === null) return;
    if ('index' in answer) running.acknowledged(answer.index, to.name);
    else running.refused(answer.code, to.name);
  };

  const readAfter = async ({ effect: { room } }: Planned, index: number): Promise<void> => {
    const at = random.next() < elsewhereChance ? random.pick(servers) : server();
    const applied = at === server() ? 0 : await appliedAt(at.url, index);
    const what = random.next() < 0.7 ? 'page' : 'room';
    await lookAt(what, room, { client: name, token, server: at }, applied, recorder);
  };

  const doOnce = async (): Promise<void> => {
    const planned = planNext(actor);
    const index = await insist(planned);
    planned.ended?.();
    if (index === null) return;
    planned.done?.(index);
    if (answered.length > 0 && random.next() < againChance) await repeat();
    if (answered.length > lateMax) answered.shift();
    if (random.next() < readChance) await readAfter(planned, index);
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await doOnce();
      await pause(random.waitMs(rate), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = run();

  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
};
