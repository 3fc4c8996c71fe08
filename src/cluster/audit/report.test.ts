import { describe, expect, test } from 'vitest';
import { auditLine, auditText } from './report.ts';
import type { AuditView } from './run.ts';

const view: AuditView = {
  acknowledged: 9,
  found: { s1: 9, s2: 9 },
  lost: 0,
  doubled: 0,
  reordered: 0,
  phantoms: 0,
  refused: 0,
  fingerprints: 'equal',
  comparedAt: 140,
  compared: null,
  servers: { s1: 'up', s2: 'up' },
  seconds: 2.5,
};

describe('what an audit says', () => {
  test('is one line while it goes on, and that every promise held at its end', () => {
    expect(auditLine(view)).toBe(
      'holds | acknowledged 9 | found s1 9, s2 9 | lost 0 | doubled 0 | order kept | fingerprints equal at 140',
    );
    expect(auditText(view)).toMatch(/^Every promise held\. \(2\.5 s\)\n {2}acknowledged {2}9\n/);
  });

  test('does not claim what it could not look for', () => {
    const partly: AuditView = { ...view, found: { s1: 9, s2: 4 }, servers: { s1: 'up', s2: 'down' } };
    expect(auditText(partly)).toMatch(/^Nothing is wrong where it could be looked for; not all could be on s2\./);
    expect(auditText(partly)).toContain('s2 4 (down)');
    expect(auditText({ ...view, acknowledged: 0 })).toMatch(/^Nothing was acknowledged/);
  });

  test.each([
    [{ lost: 1 }, 'lost 1'],
    [{ doubled: 1 }, 'doubled 1'],
    [{ reordered: 2 }, 'order broken 2 times'],
    [{ phantoms: 1 }, 'phantoms 1'],
    [{ refused: 1 }, 'refused 1'],
    [{ fingerprints: 'different' as const }, 'fingerprints different'],
  ])('says first that a promise is broken: %o', (fault, words) => {
    expect(auditLine({ ...view, ...fault })).toMatch(/^BROKEN \| /);
    expect(auditLine({ ...view, ...fault })).toContain(words);
    expect(auditText({ ...view, ...fault })).toMatch(/^A PROMISE WAS BROKEN\./);
  });
});
