/**
 * `estafet lab run 6`: has a running cluster kill its primary while a backup sends by both methods, and prints what
 * became of the messages. Exit code 1 when something that was acknowledged is lost or was done twice, 69 when it could not be run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal, runningServers } from '../cluster/supervisor/index.ts';
import type { ErrorBody, LabFailoverRequest, LabFailoverView } from '../protocol/index.ts';
import { issueToken } from './token.ts';

export interface LabFailoverOptions extends LabFailoverRequest {
  readonly data: string;
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

const pollMs = 250;
const answerMs = 10_000;
/** The server that plays it may be slow to answer while it takes over. */
const silentMaxMs = 30_000;

interface Target {
  readonly token: string;
  readonly urls: () => readonly string[];
  readonly release: () => Promise<void>;
}

type Answer<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly error: ErrorBody };

/** The first server's answer that is one; null when none gave any, or only that it cannot now. */
const ask = async <T>(
  { urls, token }: Target,
  method: string,
  path: string,
  body?: object,
): Promise<Answer<T> | null> => {
  for (const url of urls()) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const asked = fetch(`${url}/api/v1${path}`, { method, headers, ...sent, signal: AbortSignal.timeout(answerMs) });
    const answer = await asked.catch(() => null);
    const told = (await answer?.json().catch(() => null)) as (T & { readonly error?: ErrorBody }) | null | undefined;
    if (answer?.ok === true && told) return { ok: true, body: told };
    if (answer !== null && answer.status < 500 && told?.error) return { ok: false, error: told.error };
    // What only this cluster lacks is said at once; who cannot answer now is passed over.
    if (told?.error && told.error.code !== 'unavailable') return { ok: false, error: told.error };
  }
  return null;
};

const targetOf = async ({ data, url, token }: LabFailoverOptions): Promise<Target> => {
  if (url !== undefined) {
    if (token === undefined) throw new Refusal('usage', '--url needs the --token of an owner or an admin.');
    if (!/^https?:\/\/[^/]+\/?$/.test(url)) {
      throw new Refusal('usage', `${url} is not the address of a server: it is like http://localhost:8080.`);
    }
    return { token, urls: () => [url.replace(/\/$/, '')], release: async () => undefined };
  }
  const issued = await issueToken({ data, name: 'lab', role: 'admin' });
  const target = { token: issued.token, urls: () => runningServers(data).map((server) => server.url) };
  return {
    ...target,
    release: async () => void (await ask({ ...target, release: async () => {} }, 'POST', '/sign-out')),
  };
};

const rowsOf = (view: LabFailoverView) => {
  const { server, killed, killedAt, startedAt, primaryAfter, perSecond, seconds } = view;
  const about = { server, killed, killedAtMs: killedAt === null ? null : killedAt - startedAt, primaryAfter };
  return (['direct', 'pubsub'] as const).map((method) => ({
    ...{ experiment: 6, method, perSecond, seconds, ...about, ...view[method] },
    byTenth: method === 'direct' ? view.directByTenth : view.pubsubByTenth,
  }));
};

const describe = (view: LabFailoverView): string => {
  const { perSecond, seconds, server, killed, primaryAfter } = view;
  const lines = [
    `${perSecond} messages a second by each method for ${seconds} s from ${server}; ${killed} was killed, ${primaryAfter} took over`,
    '         sent  delivered  lost  not acknowledged  doubled  sent again     gap',
  ];
  for (const { method, sent, delivered, lost, unacknowledged, doubled, retried, gapMs } of rowsOf(view)) {
    const gap = gapMs === null ? '–' : `${gapMs.toFixed(0)} ms`;
    const cells = [String(delivered).padStart(11), String(lost).padStart(6), String(unacknowledged).padStart(18)];
    const more = [String(doubled).padStart(9), String(retried).padStart(12), gap.padStart(8)];
    lines.push(`${method.padEnd(7)}${String(sent).padStart(6)}${[...cells, ...more].join('')}`);
  }
  return `${lines.join('\n')}\n`;
};

/** Waits for its end; Ctrl-C cancels it. */
const followed = async (target: Target, id: string): Promise<LabFailoverView> => {
  const cancel = (): void => void ask(target, 'DELETE', `/lab/failovers/${id}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, cancel);
  let heardMs = performance.now();
  for (;;) {
    await pause(pollMs);
    const answer = await ask<LabFailoverView>(target, 'GET', `/lab/failovers/${id}`);
    if (answer?.ok === true) {
      heardMs = performance.now();
      if (answer.body.state !== 'running') return answer.body;
    } else if (answer !== null) {
      throw new Refusal('unavailable', `What came of it cannot be told: ${answer.error.message}`);
    } else if (performance.now() - heardMs > silentMaxMs) {
      throw new Refusal('unavailable', 'The server that played it answers no more.');
    }
  }
};

/** Runs it and prints it: with `json` a line a method. */
export const runLabFailover = async (options: LabFailoverOptions): Promise<void> => {
  const { perSecond, seconds, killAfterMs, json = false } = options;
  const target = await targetOf(options);
  try {
    const request = { perSecond, seconds, ...(killAfterMs === undefined ? {} : { killAfterMs }) };
    const begun = await ask<LabFailoverView>(target, 'POST', '/lab/failovers', request);
    if (begun === null) throw new Refusal('unavailable', 'No server takes it at the moment.');
    if (!begun.ok) throw new Refusal('unavailable', `It was not begun: ${begun.error.message} (${begun.error.code})`);
    const view = await followed(target, begun.body.id);
    if (view.state !== 'done') throw new Refusal('unavailable', `It was ${view.state}. ${view.error ?? ''}`.trim());
    process.stdout.write(
      json
        ? rowsOf(view)
            .map((row) => `${JSON.stringify(row)}\n`)
            .join('')
        : describe(view),
    );
    if (view.pubsub.lost + view.pubsub.doubled > 0) process.exitCode = 1;
  } finally {
    await target.release();
  }
};
