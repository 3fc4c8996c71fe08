import { describe, expect, test } from 'vitest';
import { playVariant, variantsOf } from '../../lab/index.ts';
import type { LabBatchView, LabFailoverView, LabRow, LabThreadsView } from '../../protocol/index.ts';
import { readForm, startForm } from './experiment-form.ts';
import type { LinkNumber } from './experiment-kinds.ts';
import { formIn, linkOf } from './experiment-link.ts';
import { compare, outcomesOf } from './experiment-predict.ts';
import { type Prediction, questionsOf } from './experiment-questions.ts';
import { type FailoverReport, fileNameOf, type LinksReport, type Report, type ThreadsReport } from './report.ts';
import { commandOf, csvOf, reportCsv, reportJson } from './report-csv.ts';
import { fitting, shelfMost, shelfMostChars } from './report-shelf.ts';
import { assess, assessRows, theoryOf } from './report-verdict.ts';

const histogram = { fromMs: 0, stepMs: 10, counts: [1, 2], beyond: 0 };
const job = { state: 'done' as const, startedAt: 1_000, endedAt: 3_500, version: '1.2.3', error: null, done: 1, of: 1 };

/** A run as a server would answer it: played here, by the same model. */
const played = (experiment: LinkNumber, messages = 2_000, seed = 7): LinksReport => {
  const reading = readForm(experiment, { ...startForm(experiment, seed), messages: String(messages) });
  if (!('setup' in reading) || reading.setup.kind !== 'links') throw new Error('not on links');
  const { setup } = reading;
  const rows = variantsOf(experiment, setup.change).map((variant): LabRow => {
    const { row, judgement } = playVariant(experiment, variant, seed, messages);
    return {
      ...row,
      judged: judgement.quantities.map((one) => ({ ...one })),
      latencies: histogram,
      confirmations: histogram,
    };
  });
  const result: LabBatchView = { ...job, id: `s1-${experiment}-${seed}`, seed, messages, rows };
  return { kind: 'links', id: result.id, setup, result, prediction: null, planted: null };
};

const threads = (lost: { readonly atomic: number; readonly plain: number }): ThreadsReport => {
  const row = (count: number, atomic: boolean): LabThreadsView['rows'][number] => {
    const lostUpdates = count === 1 ? 0 : atomic ? lost.atomic : lost.plain;
    const delivered = 9_000;
    return {
      ...{ threads: count, atomic, messages: 10_000, delivered, counted: delivered - lostUpdates, lostUpdates },
      ...{ ms: 10 / count, perSecond: 1_000_000 * count, speedUp: count * 0.9 },
    };
  };
  const rows = [true, false].flatMap((atomic) => [1, 2].map((count) => row(count, atomic)));
  const result = { ...job, id: 's1-threads', cores: 2, seed: 7, rows, fits: [], rounds: 1 } as LabThreadsView;
  const setup = { kind: 'threads', experiment: 5, messages: 10_000, threads: 2, seed: 7 } as const;
  return { kind: 'threads', id: result.id, setup, result, prediction: null, planted: null };
};

const failover = (pubsub: Partial<LabFailoverView['pubsub']> = {}, killed: string | null = 's1'): FailoverReport => {
  const counts = { sent: 400, delivered: 400, lost: 0, unacknowledged: 0, doubled: 0, retried: 3, gapMs: 640 };
  const result: LabFailoverView = {
    ...{ ...job, id: 's2-failover', server: 's2', killed, killedAt: 3_000, primaryAfter: 's2' },
    ...{ perSecond: 50, seconds: 8, directByTenth: [5, 5], pubsubByTenth: [5, 5] },
    direct: { ...counts, delivered: 370, lost: 30 },
    pubsub: { ...counts, ...pubsub },
  };
  const setup = { kind: 'failover', experiment: 6, perSecond: 50, seconds: 8, killAfterMs: 2_000 } as const;
  return { kind: 'failover', id: result.id, setup, result, prediction: null, planted: null };
};

const predict = (answers: Prediction['answers']): Prediction => ({ answers, lockedAt: 500, sawTheory: false });

describe('the verdict on a run', () => {
  test.each([1, 2, 3, 4] as const)(
    'of experiment %i is “consistent”, and says of how many quantities',
    (experiment) => {
      const report = played(experiment);
      const quantities = report.result.rows.reduce((sum, row) => sum + row.judged.length, 0);
      expect(assess(report)).toMatchObject({ verdict: 'consistent' });
      expect([quantities, 'strays']).toContain(
        ((reason) => (reason.code === 'inside' ? reason.quantities : reason.code))(assess(report).reason),
      );
    },
  );

  test.each([1, 2, 3, 4] as const)('of experiment %i held against another loss is “not consistent”', (experiment) => {
    const report = { ...played(experiment), planted: 0.65 };
    const { verdict, reason } = assess(report);
    expect(verdict).toBe('not-consistent');
    if (reason.code !== 'outside') throw new Error(reason.code);
    const { interval, theory } = reason.judged;
    expect(theory! < interval!.low || theory! > interval!.high).toBe(true);
  });

  test('planting changes what theory says, not what was measured', () => {
    const report = played(1);
    const [right, wrong] = [assessRows(report.result.rows, null), assessRows(report.result.rows, 0.2)];
    expect(right.map(({ row }) => row)).toEqual(wrong.map(({ row }) => row));
    expect(wrong[0]!.theory.delivered).toBeCloseTo(0.8, 12);
    expect(theoryOf(report.result.rows[0]!, null)).toBe(report.result.rows[0]!.theory);
  });

  test('of ten messages is “too few”, and names what is not known well enough', () => {
    const { verdict, reason } = assess(played(1, 10));
    expect(verdict).toBe('too-few');
    expect(['wide']).toContain(reason.code);
  });

  test('of many right rows together is wrong no more often than of one', () => {
    let wrong = 0;
    for (let seed = 0; seed < 40; seed++) if (assess(played(4, 400, seed)).verdict === 'not-consistent') wrong++;
    // The seeds are fixed: this figure is the same every time. 12 rows judged alone would come to about four.
    expect(wrong).toBeLessThanOrEqual(2);
  });

  test.each([
    [{ atomic: 0, plain: 900 }, 'consistent', 'race-seen'],
    [{ atomic: 0, plain: 0 }, 'too-few', 'race-unseen'],
    [{ atomic: 1, plain: 900 }, 'not-consistent', 'atomic-lost'],
  ] as const)('of threads that lost %o is “%s”', (lost, verdict, code) => {
    expect(assess(threads(lost))).toMatchObject({ verdict, reason: { code } });
  });

  test('of a failover is by what was promised: nothing acknowledged is lost, and nothing takes effect twice', () => {
    expect(assess(failover())).toMatchObject({ verdict: 'consistent', reason: { code: 'promise-kept' } });
    expect(assess(failover({ lost: 1 }))).toMatchObject({ verdict: 'not-consistent' });
    expect(assess(failover({ doubled: 7 }))).toMatchObject({ verdict: 'not-consistent' });
    expect(assess(failover({}, null))).toMatchObject({ verdict: 'too-few', reason: { code: 'no-kill' } });
  });
});

describe('a prediction', () => {
  test('is asked of everything that comes out, of each experiment', () => {
    const runs: Report[] = [
      ...([1, 2, 3, 4] as const).map((one) => played(one)),
      threads({ atomic: 0, plain: 9 }),
      failover(),
    ];
    for (const report of runs) {
      if (report.kind === 'sweep') throw new Error('a sweep predicts nothing');
      const asked = questionsOf(report.setup.experiment).map(({ id }) => id);
      expect(Object.keys(outcomesOf(report)).sort()).toEqual([...asked].sort());
    }
  });

  test('is right inside the interval of what was measured, and otherwise beside it by so much', () => {
    const report = { ...played(1), prediction: predict({ direct: 0.9, pubsub: 0.5, attempts: 1.226 }) };
    const [direct, pubsub, attempts] = compare(report);
    expect([direct!.right, pubsub!.right, attempts!.right]).toEqual([true, false, true]);
    expect(pubsub!.off).toBeCloseTo(0.5 - report.result.rows[1]!.delivered / 2_000, 12);
  });

  test('of experiment 4: five retries deliver 99 %, and a shorter timeout only brings them sooner', () => {
    const right = compare({ ...played(4, 4_000), prediction: predict({ retries: '5', timeout: 'sooner' }) });
    expect(right.map((one) => one.right)).toEqual([true, true]);
    const wrong = compare({ ...played(4, 4_000), prediction: predict({ retries: '1', timeout: 'both' }) });
    expect(wrong.map((one) => one.right)).toEqual([false, false]);
  });

  test('of experiment 3 compares quick links with slow ones', () => {
    const { directFactor, pubsubFactor } = outcomesOf(played(3, 5_000));
    expect(directFactor).toMatchObject({ kind: 'number' });
    expect(Number(directFactor!.value)).toBeCloseTo(350 / 30, 0);
    expect(Number(pubsubFactor!.value)).toBeLessThan(Number(directFactor!.value) / 2);
  });
});

/** CSV read back, by the rules of RFC 4180. */
const read = (csv: string): string[][] =>
  csv
    .split('\r\n')
    .slice(0, -1)
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)].slice(0, -1).map(([, cell = '']) => cell));

describe('the figures as files', () => {
  test.each([
    ['experiment 1', () => played(1), 2],
    ['experiment 3', () => played(3), 4],
    ['experiment 4', () => played(4, 200), 12],
    ['threads', () => threads({ atomic: 0, plain: 9 }), 4],
    ['a failover', () => failover(), 2],
  ] as const)('CSV of %s has a line a row, all as long as the first', (_, make, rows) => {
    const lines = read(reportCsv(make()));
    expect(lines).toHaveLength(rows + 1);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(new Set(lines[0]).size).toBe(lines[0]!.length);
  });

  test('CSV has what was measured, with its interval and its verdict, by the theory that is shown', () => {
    const [head, direct] = read(reportCsv({ ...played(1), planted: 0.2 }));
    const of = (name: string) => direct![head!.indexOf(name)];
    expect([of('method'), of('seed'), of('loss'), of('theoryLoss')]).toEqual(['direct', '7', '0.1', '0.2']);
    expect(Number(of('delivered.theory'))).toBeCloseTo(0.8, 12);
    expect(Number(of('delivered.low'))).toBeLessThan(Number(of('delivered.measured')));
    expect([of('delivered.verdict'), of('verdict')]).toEqual(['not-consistent', 'not-consistent']);
    expect(of('attempts.measured')).toBe('');
  });

  test('CSV quotes what has commas, quotes or lines in it', () => {
    expect(
      csvOf([
        [
          ['a', 'x,"y"\n'],
          ['b', null],
        ],
      ]),
    ).toBe('a,b\r\n"x,""y""\n",\r\n');
    expect(csvOf([])).toBe('');
  });

  test('JSON has everything: setup, seed, version, prediction, verdict, rows, and the link', () => {
    const report = { ...played(1), prediction: predict({ direct: 0.9, pubsub: 0.99, attempts: 2 }) };
    const json = JSON.parse(reportJson(report, 'http://here')) as Record<string, never>;
    expect(json).toMatchObject({
      ...{ format: 'estafet-lab-report', experiment: 1, version: '1.2.3', verdict: 'consistent', planted: null },
      setup: { seed: 7, messages: 2_000 },
      prediction: { answers: { direct: 0.9 } },
      result: { rows: [{ method: 'direct', verdict: 'consistent' }, { method: 'pubsub' }] },
    });
    const { search } = new URL(json.repeat);
    expect(readForm(1, formIn(1, search, 1))).toEqual({ setup: report.setup });
  });

  test('the command says the same as the link', () => {
    expect(commandOf(played(1))).toBe(
      'estafet lab run 1 --messages 2000 --seed 7 --loss 0.1 --latency 50-250 --retries 2 --timeout 600',
    );
    expect(commandOf(failover())).toBe('estafet lab run 6 --rate 50 --seconds 8 --kill-after 2000');
    expect(commandOf(threads({ atomic: 0, plain: 1 }))).toBe('estafet lab run 5 --messages 10000 --seed 7 --threads 2');
    expect(linkOf(played(1).setup)).toContain('seed=7');
  });

  test('files have names that tell runs apart', () => {
    expect(fileNameOf(played(1), 'csv')).toBe('estafet-experiment-1-seed-7.csv');
    expect(fileNameOf(played(4), 'svg', 'pareto')).toBe('estafet-experiment-4-seed-7-pareto.svg');
  });
});

describe('the shelf', () => {
  test('keeps the newest, so many and so large together', () => {
    const many = Array.from({ length: 40 }, (_, seed) => ({ ...threads({ atomic: 0, plain: 1 }), id: `s1-${seed}` }));
    expect(fitting(many).map(({ id }) => id)).toEqual(many.slice(0, shelfMost).map(({ id }) => id));
    const large = many.map((report) => ({ ...report, result: { ...report.result, error: 'x'.repeat(400_000) } }));
    expect(JSON.stringify(fitting(large)).length).toBeLessThan(shelfMostChars + 100);
    expect(fitting(large)).toHaveLength(3);
  });
});
