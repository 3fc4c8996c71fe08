/** What an audit asks of the servers, over HTTP, each by its own address. Nothing here judges. */
import {
  type FingerprintView,
  isErrorCode,
  type MessagePage,
  retryable,
  type TopologyView,
} from '../../protocol/index.ts';
import { ask, codeOf } from '../chaos/api.ts';
import type { Shown, Stretch } from './auditor.ts';

/** A server that does not answer within this time is away: whoever wants an answer asks the next one. */
const answerMaxMs = 2_000;
const pageLength = 200;
/** Pages read in one go; what is left is read in the next round. */
const pagesMax = 10;

/** How far a server's process has applied the log. */
export interface Position {
  readonly pid: number;
  readonly applied: number;
}

/** What became of a request to write: an index, a refusal for good, or nothing that says anything. */
export type Written = { readonly index: number } | { readonly refused: string } | { readonly unanswered: string };

/** Codes that say nothing about what was asked for: this server could not or would not look at it. */
const aboutTheServer = new Set(['', 'not-signed-in', 'session-ended', 'internal', 'not-found']);

const get = async <Body>(url: string, path: string, token?: string): Promise<Body | null> => {
  const question = { maxMs: answerMaxMs, ...(token === undefined ? {} : { token }) };
  const answer = await ask(url, path, question).catch(() => null);
  return answer?.status === 200 ? (answer.body as Body) : null;
};

/** Where the server `name` is. Null when it does not answer, or another one does at its address. */
export const positionOf = async (name: string, url: string): Promise<Position | null> => {
  const topology = await get<TopologyView>(url, '/topology');
  if (topology?.you !== name) return null;
  return topology.servers.find((server) => server.name === name) ?? null;
};

/** The server's fingerprint at an index; null when it has or says none. */
export const fingerprintOf = async (url: string, index: number): Promise<string | null> =>
  (await get<FingerprintView>(url, `/fingerprints/${index}`))?.fingerprint ?? null;

/** Asks one server to write. */
export const write = async (url: string, path: string, token: string, body: unknown): Promise<Written> => {
  const answer = await ask(url, path, { method: 'POST', token, body, maxMs: answerMaxMs }).catch(() => null);
  if (answer === null) return { unanswered: '' };
  if (answer.status < 300) return { index: (answer.body as { readonly index: number }).index };
  const code = codeOf(answer.body);
  const isFinal = !aboutTheServer.has(code) && !(isErrorCode(code) && retryable.has(code));
  return isFinal ? { refused: code } : { unanswered: code };
};

/** What a message of the audit `run` says. */
export const textOf = (run: string, number: number): string => `audit ${run} ${number}`;

const numberIn = (run: string, text: string): number | null => {
  const [word, ofRun, number] = text.split(' ');
  return word === 'audit' && ofRun === run && /^[1-9]\d*$/.test(number ?? '') ? Number(number) : null;
};

export interface HistoryQuery {
  readonly url: string;
  readonly token: string;
  readonly room: string;
  readonly run: string;
  readonly after: number;
  /** How far the server had applied the log before it is asked. */
  readonly applied: number;
}

/** The server's history of the room after an index, with the messages of this run. Null when it does not answer. */
export const historyOf = async (query: HistoryQuery): Promise<Stretch | null> => {
  const { url, token, room, run, after, applied } = query;
  const messages: Shown[] = [];
  let upto = after;
  for (let pages = 0; pages < pagesMax; pages++) {
    const page = await get<MessagePage>(url, `/rooms/${room}/messages?after=${upto}&limit=${pageLength}`, token);
    if (page === null) return null;
    for (const { id, index, text } of page.messages) {
      const number = numberIn(run, text);
      if (number !== null) messages.push({ number, id, index });
    }
    if (page.next === null) {
      return { after, upto: Math.max(upto, applied, page.messages.at(-1)?.index ?? 0), messages };
    }
    upto = page.next;
  }
  return { after, upto, messages };
};
