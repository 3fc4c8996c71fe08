/**
 * The file that a server's standard error goes to, and what is in it when the server has died: the last thing it said.
 * It must be readable above all when the disk is the trouble.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { diskRefusal } from './disk-trouble.ts';
import { exitCodes } from './refusal.ts';

/** Room for a server's last words, taken before they are needed: its disk may be full by then. */
const reserved = Buffer.alloc(4_096, '\n');
const maxChars = 500;
/** How much of the file's end is looked at: a server may have said a lot before. */
const readMaxBytes = 64 * 1024;

export interface WordsFile {
  /** For the server's standard error, and to be closed; null when it could not be opened. */
  readonly descriptor: number | null;
  /** What the server `name` said last when it ended with `code`: its own sentence, or else its last line, or why there is none. */
  lastWords(name: string, code: number | null): string;
}

const lastIn = (text: string, name: string): string => {
  const lines = text.trimEnd().split('\n');
  const own = lines.findLast((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  return (own ?? lines.at(-1) ?? '').replace(/^estafet: /, '').slice(0, maxChars);
};

/** Opens the file in a server's `folder`, emptied of what an earlier process said. Never throws for a disk's sake. */
export const openWordsFile = (folder: string): WordsFile => {
  const path = join(folder, 'stderr.log');
  let descriptor: number | null = null;
  let trouble = '';
  try {
    mkdirSync(folder, { recursive: true });
    descriptor = openSync(path, 'w');
    // At a position of its own, so that the server begins to write where the file begins.
    writeSync(descriptor, reserved, 0, reserved.length, 0);
  } catch (error) {
    const refusal = diskRefusal(folder, error);
    if (refusal === null) throw error;
    trouble = refusal.message;
  }
  return {
    descriptor,
    lastWords: (name, code) => {
      const said = descriptor === null ? '' : wordsAt(path, name);
      return said === '' && code === exitCodes.io ? trouble || `The disk of ${folder} is full or fails.` : said;
    },
  };
};

const wordsAt = (path: string, name: string): string => {
  try {
    const file = openSync(path, 'r');
    try {
      const newest = Buffer.alloc(Math.min(fstatSync(file).size, readMaxBytes));
      const read = readSync(file, newest, 0, newest.length, Math.max(0, fstatSync(file).size - newest.length));
      return lastIn(newest.toString('utf8', 0, read), name);
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
};
