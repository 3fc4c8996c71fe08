/**
 * Hands a client's connection to a small process of its own, so that the client is answered although this server dies
 * before it can: what happened to the request is for the others to say.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import type { Edge } from '../edge.ts';
import type { Order } from './requests.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const program = join(import.meta.dirname, `heir-answer.${extension}`);

/** Where servers have an order of another one processed. */
export const completePath = '/api/v1/cluster/requests/complete';

/** What the answer says of itself besides its content, as far as it is known already. */
const headersOf = (reply: FastifyReply): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...reply.raw.getHeaders(), ...reply.getHeaders() })) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return headers;
};

/**
 * Has the client of `reply` answered by the heirs of this server. When it returns, the process has the connection, and
 * this one may die. Throws when no process can be started; then the connection is as it was.
 */
export const leaveToHeirs = (
  edge: Pick<Edge, 'machineKey' | 'defaultHostname' | 'limits' | 'logger'>,
  reply: FastifyReply,
  order: Order,
  heirs: readonly { readonly name: string; readonly port: number }[],
): void => {
  const { socket } = reply.raw;
  if (socket === null) throw new Error('The client has gone.');
  const { appendDeadlineMs, clusterRequestRetryMs } = edge.limits;
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', socket],
    cwd: '/',
    env: {},
  });
  child.on('error', (error) => edge.logger.warn({ err: error }, 'no process could be started to answer a client'));
  if (child.pid === undefined) throw new Error('No process could be started.');
  child.unref();
  // What goes into a pipe's buffer is there when the process reads it, whatever became of who wrote it.
  child.stdin?.end(
    JSON.stringify({
      hostname: edge.defaultHostname,
      path: completePath,
      machineKey: edge.machineKey,
      heirs,
      order,
      headers: headersOf(reply),
      deadlineMs: appendDeadlineMs,
      retryMs: clusterRequestRetryMs,
    }),
  );
  reply.hijack();
};
