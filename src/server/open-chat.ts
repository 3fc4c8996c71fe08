/**
 * Opens the chat machine's database beside the log it was made from. It holds nothing of its own: when the log's copy
 * here was started over, the two do not agree, or another version made it, it is thrown away and made again from the log.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Chat, isDamaged, isOutdated, openChat } from '../chat/index.ts';
import { removeSearchDb } from '../chat/search/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import type { Logger } from './options.ts';
import { searchPathIn } from './search/databases.ts';

const originPathIn = (dataDir: string): string => join(dataDir, 'chat.origin');

const readOrigin = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8').trim() : null);

const writeOrigin = (path: string, origin: string): void => {
  writeFileSync(`${path}.new`, `${origin}\n`);
  renameSync(`${path}.new`, path);
};

/** Whether the database and the log agree on what came before. A log that does not know yet proves nothing. */
export const agrees = (chat: Chat, log: ReplicatedLog): boolean => {
  const { index, hash } = chat.position;
  const expected = index === 0 ? null : log.fingerprintAt(index);
  return expected === null || expected === hash;
};

/** Has the database made again at the next start. */
export const distrust = (dataDir: string): void => rmSync(originPathIn(dataDir), { force: true });

/** What was made from the database goes with it. */
const remove = (database: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  removeSearchDb(searchPathIn(dirname(database)));
};

/** The chat of the log in `dataDir`, which is made when it is not there. Throws when the database cannot be opened. */
export const openChatOf = (log: ReplicatedLog, dataDir: string, logger: Logger): Chat => {
  mkdirSync(dataDir, { recursive: true });
  const database = join(dataDir, 'chat.db');
  const originPath = originPathIn(dataDir);
  const origin = readOrigin(originPath);
  if (origin !== log.origin) {
    if (existsSync(database)) {
      logger.warn({ database, origin: log.origin }, 'making the chat database again: it is of another copy of the log');
    }
    remove(database);
    writeOrigin(originPath, log.origin);
  }
  try {
    return openChat(database);
  } catch (error) {
    if (!isDamaged(error) && !isOutdated(error)) throw error;
    const why = isOutdated(error) ? 'an older version made it' : 'it is damaged';
    logger.warn({ database, err: error }, `making the chat database again: ${why}`);
    remove(database);
    return openChat(database);
  }
};
