import { closeSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { diskRefusal, diskTrouble } from './disk-trouble.ts';
import { createFile, replaceFile } from './files.ts';
import { openWordsFile } from './last-words.ts';
import { exitCodes } from './refusal.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-trouble-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const thrownBy = (what: () => unknown): unknown => {
  try {
    what();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
};

/** Writing to this file fails as on a full disk (full(4)). */
const fullDisk = '/dev/full';

describe('a disk that cannot be used is told from a bug', () => {
  test('as the operating system says it, or SQLite, or whoever passes it on', () => {
    const full = thrownBy(() => writeFileSync(fullDisk, 'x'));
    expect(diskTrouble(full)).toBe('full');
    expect(diskTrouble(new Error('The log cannot be applied', { cause: full }))).toBe('full');
    const path = join(folder, 'a.db');
    writeFileSync(path, 'no database'.repeat(100));
    expect(diskTrouble(thrownBy(() => new DatabaseSync(path).exec('CREATE TABLE a (b)')))).toBe('damaged');
    const made = new DatabaseSync(join(folder, 'b.db'));
    made.exec('CREATE TABLE a (b)');
    const readOnly = new DatabaseSync(join(folder, 'b.db'), { readOnly: true });
    expect(diskTrouble(thrownBy(() => readOnly.exec('INSERT INTO a VALUES (1)')))).toBe('read-only');
    expect(diskTrouble(thrownBy(() => made.exec('INSERT INTO c VALUES (1)')))).toBeNull();
    expect(diskTrouble(new TypeError('a bug'))).toBeNull();
  });

  test('in a sentence that names the folder and says what to do', () => {
    const refusal = diskRefusal(
      'data/s1',
      thrownBy(() => writeFileSync(fullDisk, 'x')),
    );
    expect(refusal).toMatchObject({
      exitCode: 74,
      message: expect.stringMatching(/^The disk of data\/s1 is full\..*Free/),
    });
  });
});

describe('a file that could not be written', () => {
  test.each([
    ['createFile', createFile],
    ['replaceFile', replaceFile],
  ] as const)('leaves nothing behind (%s)', (_, write) => {
    symlinkSync(fullDisk, join(folder, `a.json.${process.pid}.new`));
    expect(diskTrouble(thrownBy(() => write(join(folder, 'a.json'), '{}')))).toBe('full');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('and was left by a process that was killed does not make the folder another program’s', () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'estafet.json.123.new'), '');
    expect(openDataFolder(data, '1.0.0')).toMatchObject({ createdBy: '1.0.0' });
  });
});

describe('a server’s last words', () => {
  test('are its own last sentence, and their place is taken beforehand', () => {
    const words = openWordsFile(folder);
    writeSync(words.descriptor!, 'a warning\ns1: It cannot go on.\n');
    closeSync(words.descriptor!);
    expect(words.lastWords('s1', 70)).toBe('It cannot go on.');
    expect(words.lastWords('s2', 70)).toBe('s1: It cannot go on.');
  });

  test('are the disk’s trouble when the server could not write them', () => {
    symlinkSync(fullDisk, join(folder, 'stderr.log'));
    const words = openWordsFile(folder);
    if (words.descriptor !== null) closeSync(words.descriptor);
    expect(words.lastWords('s1', exitCodes.io)).toMatch(/^The disk of .* is full\./);
    expect(words.lastWords('s1', exitCodes.software)).toBe('');
  });
});
