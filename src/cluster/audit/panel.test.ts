/** When the audit beside the cluster page goes on, and what it gives of it; what it finds is `auditor.test.ts`. */
import { afterEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { type AuditPanel, newAuditPanel } from './panel.ts';
import type { AuditOptions, AuditView, AuditWatch } from './run.ts';

const found: AuditView = {
  ...{ acknowledged: 3, found: { s1: 3, s2: 2 }, lost: 0, doubled: 0, reordered: 0, phantoms: 0, refused: 0 },
  ...{ fingerprints: 'equal', comparedAt: 9, servers: { s1: 'up', s2: 'up' }, seconds: 1.5 },
  compared: { index: 9, byServer: { s1: 'aa', s2: 'aa' } },
};

/** An audit that does nothing until it is ended. */
class Pretended {
  readonly runs: { readonly options: AuditOptions; readonly watch: AuditWatch; readonly over: () => void }[] = [];
  sessions = 0;
  released = 0;
  refuses = 0;
  readonly panel: AuditPanel;

  constructor(idleMs: number) {
    this.panel = newAuditPanel({
      entries: () => [],
      idleMs,
      openSession: async () => {
        if (this.refuses-- > 0) throw new Error('No server answered.');
        this.sessions++;
        return {
          token: `token ${this.sessions}`,
          release: async () => {
            this.released++;
          },
        };
      },
      run: (options, watch) =>
        new Promise((resolve) => {
          const over = (): void => resolve(found);
          options.signal.addEventListener('abort', over);
          this.runs.push({ options, watch, over });
        }),
    });
  }
}

describe('the audit of a cluster that is watched', () => {
  let audit: Pretended;
  afterEach(() => audit.panel.stop());

  test('begins when somebody watches, and not again while it goes on', async () => {
    audit = new Pretended(60_000);
    expect(audit.panel.view).toBe(null);
    audit.panel.watched();
    expect(audit.panel.view).toMatchObject({ state: 'starting', acknowledged: 0, holds: true, fingerprints: null });
    audit.panel.watched();
    await expect.poll(() => audit.runs).toHaveLength(1);
    const { options, watch } = audit.runs[0]!;
    expect([options.token, options.rate]).toEqual(['token 1', limits.auditPanelPerSecond]);
    watch.onProgress(found);
    const { notices, ...figures } = audit.panel.view!;
    expect(notices).toEqual([]);
    expect(figures).toEqual({
      ...{ state: 'running', acknowledged: 3, found: { s1: 3, s2: 2 }, lost: 0, doubled: 0, outOfOrder: 0, strange: 0 },
      ...{ servers: { s1: 'up', s2: 'up' }, holds: true, seconds: 1.5 },
      fingerprints: { index: 9, byServer: { s1: 'aa', s2: 'aa' }, equal: true },
    });
  });

  test('says so when a promise is broken, and keeps the newest sentences', async () => {
    audit = new Pretended(60_000);
    audit.panel.watched();
    await expect.poll(() => audit.runs).toHaveLength(1);
    const { watch } = audit.runs[0]!;
    for (let at = 1; at <= limits.auditPanelNoticesMax + 5; at++) watch.onNotice(`notice ${at}`);
    watch.onProgress({ ...found, lost: 1, fingerprints: 'different' });
    expect(audit.panel.view).toMatchObject({ holds: false, lost: 1, fingerprints: { equal: false } });
    const { notices } = audit.panel.view!;
    expect(notices).toHaveLength(limits.auditPanelNoticesMax);
    expect(notices.at(-1)?.text).toBe(`notice ${limits.auditPanelNoticesMax + 5}`);
  });

  test('ends when nobody has watched for a while, gives its right back, and begins anew with the next', async () => {
    audit = new Pretended(40);
    audit.panel.watched();
    await expect.poll(() => audit.panel.view?.state).toBe('stopped');
    expect([audit.sessions, audit.released]).toEqual([1, 1]);
    expect(audit.panel.view).toMatchObject({ acknowledged: 3 });
    audit.panel.watched();
    expect(audit.panel.view).toMatchObject({ state: 'starting', acknowledged: 0 });
    await expect.poll(() => audit.sessions).toBe(2);
  });

  test('tries again when it cannot begin, and says why', async () => {
    audit = new Pretended(60_000);
    audit.refuses = 1;
    audit.panel.watched();
    await expect.poll(() => audit.panel.view?.notices.map(({ text }) => text)).toEqual(['No server answered.']);
    expect(audit.panel.view?.state).toBe('starting');
    await expect.poll(() => audit.runs).toHaveLength(1);
  });

  test('is over for good when it is stopped', async () => {
    audit = new Pretended(60_000);
    audit.panel.watched();
    await expect.poll(() => audit.runs).toHaveLength(1);
    await audit.panel.stop();
    expect([audit.panel.view?.state, audit.released]).toEqual(['stopped', 1]);
    audit.panel.watched();
    expect(audit.panel.view?.state).toBe('stopped');
  });
});
