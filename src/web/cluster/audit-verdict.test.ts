import { describe, expect, test } from 'vitest';
import type { AuditPanelView } from '../../protocol/index.ts';
import { auditedServers, verdictOf } from './audit-verdict.ts';

const audit = (more: Partial<AuditPanelView> = {}): AuditPanelView => ({
  state: 'running',
  acknowledged: 100,
  found: { s1: 100, s2: 100, s3: 100 },
  lost: 0,
  doubled: 0,
  outOfOrder: 0,
  strange: 0,
  servers: { s1: 'up', s2: 'up', s3: 'up' },
  fingerprints: { index: 900, byServer: { s1: 'aa', s2: 'aa', s3: 'aa' }, equal: true },
  holds: true,
  seconds: 60,
  notices: [],
  ...more,
});

describe('the audit is green', () => {
  test('when everything was looked for and found everywhere', () => {
    expect(verdictOf(audit())).toBe('holds');
  });

  test('not while a server is away or behind, nothing was acknowledged, or no fingerprints were compared', () => {
    expect(verdictOf(audit({ servers: { s1: 'up', s2: 'down', s3: 'up' } }))).toBe('waiting');
    expect(verdictOf(audit({ servers: { s1: 'up', s2: 'behind', s3: 'up' } }))).toBe('waiting');
    expect(verdictOf(audit({ fingerprints: null }))).toBe('waiting');
    expect(verdictOf(audit({ acknowledged: 0, found: {} }))).toBe('waiting');
    expect(verdictOf(audit({ holds: false }))).toBe('waiting');
  });

  test('never when anything is lost, doubled, out of order, strange or different, also when it has ended', () => {
    for (const fault of [{ lost: 1 }, { doubled: 1 }, { outOfOrder: 1 }, { strange: 1 }]) {
      expect(verdictOf(audit(fault))).toBe('broken');
      expect(verdictOf(audit({ ...fault, state: 'stopped' }))).toBe('broken');
    }
    const different = { index: 9, byServer: { s1: 'aa', s2: 'bb', s3: 'aa' }, equal: false };
    expect(verdictOf(audit({ fingerprints: different }))).toBe('broken');
    expect(auditedServers(audit({ fingerprints: different })).map(({ same }) => same)).toEqual([true, false, true]);
  });

  test('and says nothing while it does not run', () => {
    expect(verdictOf(audit({ state: 'starting' }))).toBeNull();
    expect(verdictOf(audit({ state: 'stopped' }))).toBeNull();
  });
});

test('every server that the audit knows of is there, in the order of their numbers', () => {
  const all = auditedServers(audit({ servers: { s10: 'up', s2: 'down' }, found: { s1: 4 }, fingerprints: null }));
  expect(all.map(({ name, state, found }) => [name, state, found])).toEqual([
    ['s1', 'down', 4],
    ['s2', 'down', null],
    ['s10', 'up', null],
  ]);
});
