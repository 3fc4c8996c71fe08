import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newRotatingFile } from './server-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the log is moved aside when it is full, and one old one is kept', () => {
  const path = join(folder, 's1', 'server.log');
  const file = newRotatingFile(path, 10);
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n', 'seven\n', 'eight\n']) file.write(line);
  file.close();
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('six\nseven\n');
  expect(readFileSync(path, 'utf8')).toBe('eight\n');
  expect(existsSync(`${path}.2`)).toBe(false);
});

test('a log that is there already is continued, and counts', () => {
  const path = join(folder, 'server.log');
  writeFileSync(path, '12345678\n');
  const file = newRotatingFile(path, 10);
  file.write('9\n');
  file.write('new\n');
  file.close();
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('12345678\n9\n');
  expect(readFileSync(path, 'utf8')).toBe('new\n');
});

test('a log that cannot be written stops nobody', () => {
  writeFileSync(join(folder, 'file'), '');
  const file = newRotatingFile(join(folder, 'file', 'server.log'), 10);
  expect(() => file.write('lost\n')).not.toThrow();
});
