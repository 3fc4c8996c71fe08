/** Some of the calls that `npm run disk` fails one at a time: a few of each kind, and of each file. */
import { afterAll, describe, expect, test } from 'vitest';
import { type DiskCase, diskCase, nameOf, resultOf } from '../support/disk-campaign.ts';

const cases: readonly DiskCase[] = [
  diskCase('primary', 'write', 13, false),
  diskCase('primary', 'write', 131, false),
  diskCase('primary', 'write', 164, true),
  diskCase('primary', 'file', 1, false),
  diskCase('primary', 'sync', 20, false),
  diskCase('primary', 'sync', 28, true),
  diskCase('backup', 'write', 119, false),
  diskCase('backup', 'sync', 19, true),
  diskCase('backup', 'rename', 1, false),
  { part: 'backup', fault: { kind: 'write', nth: 130, forGood: true, error: 'EROFS' } },
];

describe('P1 R16 a call that fails loses nothing, and is said in a sentence', () => {
  const met = new Set<string | null>();
  test.each(cases.map((one) => ({ one, name: nameOf(one) })))('$name', async ({ one }) => {
    const { failed, broken } = await resultOf(one);
    expect(broken).toEqual([]);
    met.add(failed);
  });
  afterAll(() => {
    expect([...met]).toEqual(expect.arrayContaining(['log.db-wal', 'chat.db-wal', 'estafet.json', 'server.json']));
  });
});
