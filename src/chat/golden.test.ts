/** The golden logs of `test/golden/`, replayed here and in processes elsewhere in the world. Node 24 is in `test/package/`. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { everydayLog } from '../../test/golden/everyday-log.ts';
import {
  type Expected,
  expectedPath,
  goldenLogs,
  lineOf,
  readLog,
  replay,
  replayAll,
} from '../../test/golden/golden-log.ts';
import { splitCommandBody } from '../protocol/index.ts';
import { commands } from '../protocol/schemas.ts';
import { randomLog } from './random-log.ts';
import { verdict } from './test-log.ts';

const expected = JSON.parse(readFileSync(expectedPath, 'utf8')) as Expected;
const replayPath = join(import.meta.dirname, '../../test/golden/replay.ts');
const kindOf = (body: Uint8Array): unknown => {
  try {
    const json = splitCommandBody(body)?.json ?? body;
    return (JSON.parse(Buffer.from(json).toString('utf8')) as { readonly kind?: unknown } | null)?.kind;
  } catch {
    return null;
  }
};

describe('the golden logs', () => {
  test('R20 come to what they came to when they were made', () => {
    const meant = 'if the chat machine is meant to do something else than before: node scripts/golden.ts --expected';
    expect(replayAll(), meant).toEqual(expected.logs);
  });

  test('are what the script makes', () => {
    const read = goldenLogs.map((name) => readLog(name).map(lineOf));
    const made = [everydayLog(), randomLog(2026, 400)].map((log) => log.map(lineOf));
    expect(read, 'node scripts/golden.ts').toEqual(made);
  });

  test('have every kind of command, done; most refusals; retries, and outcomes and events that are forgotten', () => {
    const done = new Set<unknown>();
    const verdicts = new Set<string>();
    let retries = 0;
    for (const name of goldenLogs) {
      const entries = readLog(name);
      for (const one of replay(entries).applied) {
        verdicts.add(verdict(one));
        if (one.firstIndex !== one.index) retries++;
        else if (one.outcome.ok) done.add(kindOf(entries[one.index - 1]!.body));
      }
    }
    expect([...done].sort()).toEqual(Object.keys(commands).sort());
    expect([...verdicts].sort()).toEqual(
      [
        ...['ok', 'bad-id', 'bad-json', 'bad-request', 'unknown-command', 'id-reused', 'id-too-old', 'name-taken'],
        ...['name-invalid', 'room-name-taken', 'room-name-invalid', 'no-such-room', 'no-such-message', 'no-such-user'],
        ...['not-a-member', 'not-the-author', 'text-empty', 'text-too-long', 'message-deleted', 'cannot-leave-general'],
        ...['not-allowed', 'session-ended', 'last-owner', 'room-archived', 'room-direct', 'emoji-invalid'],
        ...['too-many-reactions', 'too-many-pins', 'no-such-file', 'too-many-files', 'file-name-invalid'],
        ...['file-too-large', 'files-full', 'too-many-uploads', 'offset-mismatch', 'upload-incomplete'],
        ...['upload-finished', 'checksum-mismatch', 'too-large'],
      ].sort(),
    );
    expect(retries).toBeGreaterThan(30);
  });
});

describe('R14 R20 the golden logs come to the same in a process', () => {
  test.each([
    ['of no place', { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }, 'UTC en-US'],
    [
      'of Kiritimati that speaks Turkish',
      { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' },
      'Pacific/Kiritimati tr-TR',
    ],
    [
      'of Newfoundland that speaks Lithuanian',
      { TZ: 'America/St_Johns', LC_ALL: 'lt_LT.UTF-8' },
      'America/St_Johns lt-LT',
    ],
    [
      'of Lord Howe that speaks Arabic',
      { TZ: 'Australia/Lord_Howe', LC_ALL: 'ar_EG.UTF-8' },
      'Australia/Lord_Howe ar-EG',
    ],
    [
      'with no ICU data but its own',
      { TZ: 'Asia/Tokyo', LC_ALL: 'az_AZ.UTF-8', NODE_ICU_DATA: import.meta.dirname },
      'Asia/Tokyo az-AZ',
    ],
  ])('%s', async (_, place, where) => {
    const env = { ...process.env, ...place };
    const { stdout } = await promisify(execFile)(process.execPath, [replayPath], { env });
    const { zone, locale, logs } = JSON.parse(stdout) as Pick<Expected, 'logs'> & { zone: string; locale: string };
    expect(`${zone} ${locale}`).toBe(where);
    expect(logs).toEqual(expected.logs);
  });
});
