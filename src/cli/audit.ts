/**
 * `estafet audit`: audits running servers and prints how they stand. Exit code 1 for a broken promise, 69 when there
 * was nobody to audit.
 */
import { type AuditView, auditLine, auditText, isBroken, runAudit } from '../cluster/audit/index.ts';
import { exitCodes, Refusal, runningServers } from '../cluster/supervisor/index.ts';
import { openAuditSession } from './audit-session.ts';

export interface AuditCommandOptions {
  readonly data: string;
  readonly url?: string;
  readonly token?: string;
  readonly rate: number;
  readonly seconds?: number;
  readonly json?: boolean;
}

/** How often a line is printed where it cannot be written over. */
const lineEveryMs = 5_000;

interface Target {
  readonly entries: () => readonly string[];
  readonly token: string;
  /** Gives back what was taken for the audit. */
  readonly release: () => Promise<void>;
}

/** Whom to audit, and with which right. */
const targetOf = async ({ data, url, token }: AuditCommandOptions): Promise<Target> => {
  if (url === undefined) {
    const entries = (): string[] => runningServers(data).map((server) => server.url);
    return { entries, ...(await openAuditSession(data, entries)) };
  }
  if (token === undefined) {
    throw new Refusal('usage', '--url needs a --token; "estafet token" makes one on the machine of the servers.');
  }
  if (!/^https?:\/\/[^/]+\/?$/.test(url)) {
    throw new Refusal('usage', `${url} is not the address of a server: it is like http://localhost:8080.`);
  }
  const entry = url.replace(/\/$/, '');
  return { token, entries: () => [entry], release: async () => undefined };
};

const exitCodeOf = (view: AuditView): number => {
  if (isBroken(view)) return 1;
  const isReached = Object.values(view.servers).some((state) => state !== 'down');
  return isReached && view.acknowledged > 0 ? 0 : exitCodes.unavailable;
};

interface Display {
  progress(view: AuditView): void;
  notice(sentence: string): void;
}

/** One line that is written over, for a person at a terminal; otherwise a line now and then. */
const displayFor = (isJson: boolean): Display => {
  const { stdout, stderr } = process;
  if (stdout.isTTY && !isJson) {
    return {
      progress: (view) => stdout.write(`\r\u001b[K${auditLine(view).slice(0, (stdout.columns ?? 80) - 1)}`),
      notice: (sentence) => stdout.write(`\r\u001b[K${sentence}\n`),
    };
  }
  let shownAt = performance.now();
  return {
    progress: (view) => {
      if (performance.now() - shownAt < lineEveryMs) return;
      shownAt = performance.now();
      stdout.write(isJson ? `${JSON.stringify(view)}\n` : `${auditLine(view)}\n`);
    },
    notice: (sentence) => stderr.write(`${sentence}\n`),
  };
};

/** Audits until Ctrl-C, or for `seconds`; a second Ctrl-C looks for nothing more. */
export const audit = async (options: AuditCommandOptions): Promise<void> => {
  const { rate, seconds, json = false } = options;
  const stopping = new AbortController();
  const hurrying = new AbortController();
  const stop = (): void => (stopping.signal.aborted ? hurrying : stopping).abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const { release, ...target } = await targetOf(options);
  const timer = seconds === undefined ? null : setTimeout(() => stopping.abort(), seconds * 1_000);
  const display = displayFor(json);
  const view = await runAudit(
    { ...target, rate, signal: stopping.signal, hurry: hurrying.signal },
    { onProgress: display.progress, onNotice: display.notice },
  );
  if (timer !== null) clearTimeout(timer);
  await release();
  const clearLine = process.stdout.isTTY ? '\r\u001b[K' : '';
  process.stdout.write(json ? `${JSON.stringify(view)}\n` : `${clearLine}${auditText(view)}`);
  process.exitCode = exitCodeOf(view);
};
