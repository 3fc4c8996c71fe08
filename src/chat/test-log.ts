/** For tests: writes a log as a primary would, and applies it to a chat. */
import { createHash } from 'node:crypto';
import { type CommandBody, type CommandKind, commandIdFrom, systemUser } from '../protocol/index.ts';
import type { Applied, Chat, LogEntry } from './index.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A command id of a given time; `salt` tells ids of one millisecond apart. */
export const testId = (atMs: number, salt: number | string): string =>
  commandIdFrom(atMs, createHash('sha256').update(`${salt}`).digest());

export interface TestLog {
  readonly entries: LogEntry[];
  /** The clock that stamps the next entry: ms since 1970. Each entry moves it by one. */
  atMs: number;
  /** The epoch of the next entry: each mark begins one. */
  epoch: number;
  /** An id that nothing has used. */
  newId(): string;
  /** Sequences a command. */
  command<K extends CommandKind>(by: string, kind: K, body: CommandBody<K>, id?: string): LogEntry;
  /** Sequences bytes of any kind. */
  bytes(body: Uint8Array, id?: string): LogEntry;
  /** Sequences a mark. */
  mark(): LogEntry;
}

export const testLog = (): TestLog => {
  let salt = 0;
  const log: TestLog = {
    entries: [],
    atMs: Date.UTC(2026, 0, 1),
    epoch: 1,
    newId: () => testId(log.atMs, salt++),
    command: (by, kind, body, id) => log.bytes(Buffer.from(JSON.stringify({ by, kind, body })), id),
    bytes: (body, id = log.newId()) => push(id, body, 'command'),
    mark: () => {
      log.epoch++;
      return push('', new Uint8Array(), 'mark');
    },
  };
  const push = (id: string, body: Uint8Array, kind: LogEntry['kind']): LogEntry => {
    const index = log.entries.length + 1;
    const hash = createHash('sha256').update(`${index}`).digest();
    const entry: LogEntry = { index, epoch: log.epoch, at: log.atMs++, id, body, hash, kind };
    log.entries.push(entry);
    return entry;
  };
  return log;
};

/** A chat and the log it follows, one command at a time. */
export interface Scene {
  readonly chat: Chat;
  readonly log: TestLog;
  /** Sequences and applies a command. */
  run<K extends CommandKind>(by: string, kind: K, body: CommandBody<K>, id?: string): Applied;
  /** What became of it: `ok` or the code of the refusal. */
  say<K extends CommandKind>(by: string, kind: K, body: CommandBody<K>, id?: string): string;
  /** A new person; their id. Their token's hash is `sha256('token of ' + name)`. */
  person(name: string): string;
  /** A person of a role, through `token.issue`; their id. */
  withRole(name: string, role: NonNullable<CommandBody<'token.issue'>['role']>): string;
  /** A new room; its id. */
  room(by: string, name: string, access?: 'open' | 'closed'): string;
  post(by: string, room: string, text: string): Applied;
  /** Marks until the log has this many entries. */
  passTime(entries: number): void;
}

export const verdict = ({ outcome }: Pick<Applied, 'outcome'>): string => (outcome.ok ? 'ok' : outcome.code);

export const scene = (chat: Chat, log: TestLog = testLog()): Scene => {
  const userOf = ({ outcome }: Applied): string => {
    if (!outcome.ok || outcome.user === undefined) throw new Error(`no person came of it: ${JSON.stringify(outcome)}`);
    return outcome.user;
  };
  const self: Scene = {
    chat,
    log,
    run: (by, kind, body, id) => chat.apply([log.command(by, kind, body, id)])[0]!,
    say: (by, kind, body, id) => verdict(self.run(by, kind, body, id)),
    person: (name) => {
      const tokenHash = sha256(`token of ${name}`);
      return userOf(self.run(systemUser, 'user.join', { name, local: false, tokenHash, device: 'a test' }));
    },
    withRole: (name, role) => {
      const tokenHash = sha256(`issued to ${name} at ${log.entries.length}`);
      return userOf(self.run(systemUser, 'token.issue', { name, role, tokenHash }));
    },
    room: (by, name, access = 'open') => {
      const made = self.run(by, 'room.create', { name, access });
      if (!made.outcome.ok) throw new Error(`no room came of it: ${made.outcome.code}`);
      return made.id;
    },
    post: (by, room, text) => self.run(by, 'message.post', { room, text }),
    passTime: (entries) => {
      while (log.entries.length < entries) chat.apply([log.mark()]);
    },
  };
  return self;
};
