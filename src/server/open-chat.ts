/**
 * Opens the chat machine's database beside the log it was made from. It holds nothing of its own: when the log's copy
 * here was started over, or the two do not agree, it is thrown away and made again from the log.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chat, openChat } from '../chat/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import type { Logger } from './options.ts';

const readOrigin = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8').trim() : null);

const writeOrigin = (path: string, origin: string): void => {
  writeFileSync(`${path}.new`, `${origin}\n`);
  renameSync(`${path}.new`, path);
};

/** Why the database is not of this log, or null. What the log does not know yet proves nothing. */
const disagreement = (chat: Chat, log: ReplicatedLog): string | null => {
  const { index, hash } = chat.position;
  const expected = index === 0 ? null : log.fingerprintAt(index);
  return expected === null || expected === hash ? null : `its history at ${index} is another one`;
};

/** The chat of the log in `dataDir`, which is made when it is not there. Throws when the database cannot be opened. */
export const openChatOf = (log: ReplicatedLog, dataDir: string, logger: Logger): Chat => {
  mkdirSync(dataDir, { recursive: true });
  const database = join(dataDir, 'chat.db');
  const originPath = join(dataDir, 'chat.origin');
  const discard = (reason: string): void => {
    logger.warn({ database, reason }, 'making the chat database again from the log');
    for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  };
  const origin = readOrigin(originPath);
  if (origin !== log.origin) {
    if (existsSync(database)) discard('it was made from another copy of the log');
    writeOrigin(originPath, log.origin);
  }
  const chat = openChat(database);
  const reason = disagreement(chat, log);
  if (reason === null) return chat;
  chat.close();
  discard(reason);
  return openChat(database);
};
