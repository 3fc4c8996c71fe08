import { describe, expect, it } from 'vitest';
import { planFaults } from './nemesis.ts';
import { newRandom } from './random.ts';
import { type Findings, quantilesOf, reportOf, reportText } from './report.ts';

const findings: Findings = {
  options: {
    up: ['true'],
    kills: 1,
    pauses: 0,
    backups: 0,
    doubles: 0,
    rolling: 0,
    blackouts: 0,
    storms: 0,
    freezes: 0,
    wipes: 0,
    servers: 3,
    clients: 2,
    rate: 10,
    seed: 4,
    data: null,
    port: null,
  },
  verdict: {
    ok: true,
    acked: 1,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    gaps: 0,
    staleReads: 0,
    phantoms: 0,
    details: [],
  },
  records: [
    { kind: 'kill-primary', servers: ['s1'], writesResumedMs: 31.26, longestWritesMs: [], stolenMs: 40, inSyncMs: 400 },
  ],
  operations: [
    {
      client: 'anna',
      server: 's1',
      id: 'a',
      effect: { type: 'posted', room: 'r', subject: 'a', content: 'c' },
      invokedAt: 10,
      completedAt: 14,
      outcome: { type: 'acknowledged', index: 5 },
    },
  ],
  divergences: [],
  contradictions: [],
  turnedAway: [],
  received: 2,
  connections: 3,
  resets: 0,
  reads: 1,
  index: 5,
  fingerprint: 'ab'.repeat(32),
  loadMs: 2_000,
};

describe('quantiles', () => {
  it('are values that were seen, by nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, at) => 200 - at);
    expect(quantilesOf(values)).toEqual({ p50: 100, p99: 198, max: 200 });
    expect(quantilesOf([7.26])).toEqual({ p50: 7.3, p99: 7.3, max: 7.3 });
    expect(quantilesOf([])).toBeNull();
  });
});

describe('the report', () => {
  it('is fine when nothing was found', () => {
    const report = reportOf(findings);
    expect(report).toMatchObject({
      ok: true,
      kills: 1,
      pauses: 0,
      acked: 1,
      ackedByKind: { posted: 1 },
      lost: 0,
      takeoverMs: { p50: 31.3, p99: 31.3, max: 31.3 },
      pauseMs: null,
      stolenMs: 40,
      commandMs: { p50: 4, p99: 4, max: 4 },
    });
    expect(reportText(report)).toContain('Nothing acknowledged was lost');
  });

  it.each([
    { verdict: { ...findings.verdict, ok: false, lost: 1, details: [{ fault: 'lost', message: 'a is gone' }] } },
    { divergences: ['a is gone: s1 and s2 differ'] },
    { contradictions: ['a is gone: acknowledged twice'] },
    { turnedAway: ['a is gone: not-signed-in'] },
  ] satisfies Partial<Findings>[])('is not fine with %o, and says why', (more) => {
    const report = reportOf({ ...findings, ...more });
    expect(report.ok).toBe(false);
    expect(reportText(report)).toContain('BROKE ITS PROMISES');
    expect(reportText(report)).toContain('a is gone');
  });
});

describe('the plan of faults', () => {
  it('has as many of each kind as asked for, in an order that the seed repeats', () => {
    const plan = planFaults(
      { kills: 20, pauses: 3, backups: 5, doubles: 6, rolling: 7, blackouts: 1, storms: 2, freezes: 3, wipes: 4 },
      newRandom(1),
    );
    const count = (kind: string): number => plan.filter((one) => one === kind).length;
    expect(count('kill-primary')).toBe(20);
    expect(count('pause-primary')).toBe(3);
    expect(count('double')).toBe(6);
    expect(count('rolling')).toBe(7);
    expect(count('blackout')).toBe(1);
    expect(count('storm')).toBe(2);
    expect(count('freeze')).toBe(3);
    expect(count('wipe')).toBe(4);
    expect(count('kill-backup')).toBe(5);
  });
});
