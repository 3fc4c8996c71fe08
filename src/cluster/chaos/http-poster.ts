/**
 * One client without the SDK: posts over HTTP to one server at a time and, when it gets no answer, to the next one with
 * the same id. Now and then it sends an answered message again to another server, which must name the same index, and
 * reads a room where it has just written.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isErrorCode, type MessagePage, retryable } from '../../protocol/index.ts';
import { ask, codeOf } from './api.ts';
import type { LoadContext, Poster } from './load.ts';
import { chaosLimits } from './options.ts';
import type { Post } from './recorder.ts';

/** Codes that say nothing about the message: this server could not or would not look at it. */
const aboutTheRequest = new Set(['', 'not-signed-in', 'session-ended', 'internal', 'not-found']);

const pageLength = 30;
const againChance = 0.1;
const readChance = 0.3;

/** Starts posting. */
export const startHttpPoster = (context: LoadContext): Poster => {
  const { name, token, servers, rooms, rate, random, recorder } = context;
  const stopping = new AbortController();
  let turn = 0;
  const server = () => servers[turn % servers.length]!;

  /** One attempt. Returns whether the post has its answer. */
  const attempt = async (post: Post, to: { readonly name: string; readonly url: string }): Promise<boolean> => {
    const path = `/rooms/${post.room}/messages`;
    const answer = await ask(to.url, path, { method: 'POST', token, body: { id: post.id, text: post.text } }).catch(
      () => null,
    );
    if (answer === null) return false;
    if (answer.status < 300) {
      post.acknowledged((answer.body as { readonly index: number }).index, to.name);
      return true;
    }
    const code = codeOf(answer.body);
    if (aboutTheRequest.has(code) || (isErrorCode(code) && retryable.has(code))) return false;
    post.refused(code, to.name);
    return true;
  };

  const postOnce = async (): Promise<void> => {
    const post = recorder.post(name, random.pick(rooms));
    const deadline = performance.now() + chaosLimits.postMaxMs;
    while (!(await attempt(post, server()))) {
      if (performance.now() > deadline) return post.abandoned();
      turn++;
      await pause(random.between(1, 20));
    }
    if (random.next() < againChance) await attempt(post, random.pick(servers));
    if (random.next() < readChance) await readOnce(post.room);
  };

  const readOnce = async (room: string): Promise<void> => {
    const { name: from, url } = server();
    const invokedAt = performance.now();
    const answer = await ask(url, `/rooms/${room}/messages?limit=${pageLength}`, { token }).catch(() => null);
    if (answer?.status !== 200) return;
    const entries = (answer.body as MessagePage).messages.map(({ index, id }) => ({ index, id }));
    recorder.read({ client: name, server: from, room, invokedAt, completedAt: performance.now(), entries });
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await postOnce();
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
