/**
 * Golden logs: logs of the chat that are kept with what they must come to, so that another machine, another Node or a
 * later version can be held to it. A log is a file of lines, an entry each; `expected.json` has what each comes to.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Applied, type LogEntry, openChat, type Retention } from '../../src/chat/index.ts';
import { roomName, userName } from '../../src/chat/machine/names.ts';

/** The logs, by name. */
export const goldenLogs = ['everyday', 'random'] as const;

/** Small, so that a log of a few hundred entries sees everything expire many times. */
const retention: Retention = { outcomesKeptPositions: 80, eventsKeptPositions: 40, stepPositions: 20 };

const folder = import.meta.dirname;
export const pathOf = (name: string): string => join(folder, `${name}.jsonl`);
export const expectedPath = join(folder, 'expected.json');

/** What a log comes to. */
export interface Content {
  readonly entries: number;
  /** Over everything that is in the database in the end. */
  readonly content: string;
  /** Over every answer and event on the way. */
  readonly answers: string;
}

/** What is written down of everything golden. */
export interface Expected {
  readonly logs: Readonly<Record<string, Content>>;
  /** Over what each character there is does to a name. */
  readonly names: string;
}

/** An entry as it is written in a line. Bytes that are no UTF-8 are written in base64. */
type Line = Omit<LogEntry, 'body' | 'hash'> & { readonly body?: string; readonly base64?: string };

const hashAt = (index: number): Uint8Array => createHash('sha256').update(`${index}`).digest();

export const lineOf = ({ index, epoch, at, id, kind, body }: LogEntry): string => {
  const text = Buffer.from(body).toString('utf8');
  const isText = Buffer.from(text).equals(body);
  const line: Line = {
    index,
    epoch,
    at,
    id,
    kind,
    ...(isText ? { body: text } : { base64: Buffer.from(body).toString('base64') }),
  };
  return JSON.stringify(line);
};

export const readLog = (name: string): readonly LogEntry[] =>
  readFileSync(pathOf(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { body, base64, ...rest } = JSON.parse(line) as Line;
      const bytes = body === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(body);
      return { ...rest, body: bytes, hash: hashAt(rest.index) };
    });

/** Applies a log from the beginning, in batches of several sizes. */
export const replay = (
  entries: readonly LogEntry[],
): { readonly content: Content; readonly applied: readonly Applied[] } => {
  const chat = openChat(':memory:', retention);
  const applied: Applied[] = [];
  for (let at = 0; at < entries.length; at = chat.position.index)
    applied.push(...chat.apply(entries.slice(at, at + 1 + (at % 7))));
  const answers = createHash('sha256').update(JSON.stringify(applied)).digest('hex');
  const content = { entries: entries.length, content: chat.contentHash(), answers };
  chat.close();
  return { content, applied };
};

/** What every character there is, or may once be, does to the name of a person and of a room. */
export const hashOfNames = (): string => {
  const hash = createHash('sha256');
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    hash.update(JSON.stringify([userName(`a${character}Σ`), roomName(`${character}Σ`)]));
  }
  return hash.digest('hex');
};

/** What the logs come to here and now. */
export const replayAll = (): Expected['logs'] =>
  Object.fromEntries(goldenLogs.map((name) => [name, replay(readLog(name)).content]));
