import { describe, expect, test } from 'vitest';
import { formOf, numberIn, readForm, type Setup, startForm } from './experiment-form.ts';
import { readSweep, rowsOf, startSweep, sweepFormOf, sweepIn, sweepLink } from './experiment-grid.ts';
import { type ExperimentNumber, experimentNumbers, fieldsOf } from './experiment-kinds.ts';
import { formIn, linkOf, plantedIn } from './experiment-link.ts';
import { adviceOn, samplesNeeded } from './experiment-samples.ts';

const setupOf = (experiment: ExperimentNumber, change: Readonly<Record<string, string>> = {}): Setup => {
  const reading = readForm(experiment, { ...startForm(experiment, 7), ...change });
  if (!('setup' in reading)) throw new Error(JSON.stringify(reading.problems));
  return reading.setup;
};
const problemsOf = (experiment: ExperimentNumber, change: Readonly<Record<string, string>>) => {
  const reading = readForm(experiment, { ...startForm(experiment, 7), ...change });
  return 'problems' in reading ? reading.problems.map(({ field, reason }) => `${field} ${reason}`) : [];
};

describe('the form of an experiment', () => {
  test.each(experimentNumbers)('%i begins with what can be run, and is the same after being read', (experiment) => {
    expect(formOf(setupOf(experiment))).toEqual(startForm(experiment, 7));
  });

  test('takes numbers as people write them, and nothing else', () => {
    expect([numberIn(' 12,5 '), numberIn('.5'), numberIn('-3')]).toEqual([12.5, 0.5, -3]);
    for (const text of ['', ' ', '1e9', '0x10', 'Infinity', '1,000.5', 'ten']) expect(numberIn(text)).toBeNaN();
  });

  test('loss is a percentage there, and a share in what is run', () => {
    expect(setupOf(1, { loss: '7' })).toMatchObject({ change: { loss: 0.07 } });
    expect(formOf(setupOf(1, { loss: '7' })).loss).toBe('7');
  });

  test.each([
    [{ loss: '101' }, 'loss too-large'],
    [{ loss: '-1' }, 'loss too-small'],
    [{ messages: '0' }, 'messages too-small'],
    [{ messages: 'many' }, 'messages not-a-number'],
    [{ retries: '1.5' }, 'retries not-whole'],
    [{ timeout: '0' }, 'timeout too-small'],
    [{ latencyMin: '300' }, 'latencyMin min-above-max'],
  ])('%o is refused: %s', (change, problem) => {
    expect(problemsOf(1, change)).toEqual([problem]);
  });

  test('a kill at the end would have nothing behind it', () => {
    expect(problemsOf(6, { seconds: '3', killAfter: '2600' })).toEqual(['killAfter kill-too-late']);
  });
});

describe('the link that repeats a run', () => {
  test.each(experimentNumbers)('of experiment %i leads back to the very same setup', (experiment) => {
    const setup = setupOf(experiment);
    const link = new URL(linkOf(setup), 'http://here');
    expect(link.pathname).toBe(`/lab/experiments/${experiment}`);
    const reading = readForm(experiment, formIn(experiment, link.search, 1));
    expect(reading).toEqual({ setup });
  });

  test('keeps each setting that was changed, and the planted model', () => {
    const setup = setupOf(1, { loss: '12.5', latencyMin: '10', latencyMax: '40', retries: '4', timeout: '250' });
    const { search } = new URL(linkOf(setup, 0.3), 'http://here');
    expect(readForm(1, formIn(1, search, 1))).toEqual({ setup });
    expect(plantedIn(search)).toBe(0.3);
  });

  test('speaks as the command line does', () => {
    expect(formIn(1, '?seed=7&messages=1000&loss=0.3&latency=20-80&retries=1&timeout=300', 1)).toEqual({
      ...{ seed: '7', messages: '1000', loss: '30', latencyMin: '20', latencyMax: '80', retries: '1', timeout: '300' },
    });
  });

  test('what is wrong in it stands in the form and is told there; what is unknown or missing does not matter', () => {
    const form = formIn(1, '?loss=2&seed=many&colour=red', 5);
    const reading = readForm(1, form);
    const fields = 'problems' in reading ? reading.problems.map(({ field }) => field) : [];
    expect(fields).toEqual(['loss', 'seed']);
    expect(form.messages).toBe('1000');
    expect(Object.keys(form).sort()).toEqual([...fieldsOf(1)].sort());
    expect([plantedIn('?against=2'), plantedIn('?against=x'), plantedIn('')]).toEqual([null, null, null]);
  });
});

describe('a sweep', () => {
  const setup = () => {
    const reading = readSweep({ ...startSweep(7), methods: ['direct', 'pubsub'], latency: '50-250, 10' });
    if (!('setup' in reading)) throw new Error(JSON.stringify(reading.problems));
    return reading.setup;
  };

  test('crosses all values; Direct, which knows no retries, has one row for each link', () => {
    const rows = rowsOf(setup());
    expect(rows.filter(({ method }) => method === 'direct')).toHaveLength(4 * 2);
    expect(rows.filter(({ method }) => method === 'pubsub')).toHaveLength(4 * 2 * 4 * 3);
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length);
    expect(rows[1]).toMatchObject({ settings: { loss: 0.01, latencyMinMs: 10, latencyMaxMs: 10 } });
  });

  test('has a link that leads back to it', () => {
    const { search } = new URL(sweepLink(setup()), 'http://here');
    expect(readSweep(sweepIn(search, 1))).toEqual({ setup: setup() });
    expect(readSweep(sweepFormOf(setup()))).toEqual({ setup: setup() });
  });

  test.each([
    [{ loss: '' }, 'loss none'],
    [{ loss: '10, 200' }, 'loss too-large'],
    [{ latency: '300-100' }, 'latency min-above-max'],
    [{ latency: '300-' }, 'latency not-a-number'],
    [{ retries: '1.5' }, 'retries not-whole'],
    [{ methods: [] }, 'methods none'],
    [{ loss: Array.from({ length: 60 }, (_, n) => n).join(' ') }, 'all too-many-rows'],
    [{ messages: '1000000' }, 'messages too-many-messages'],
  ])('%o is refused: %s', (change, problem) => {
    const reading = readSweep({ ...startSweep(7), ...change });
    expect('problems' in reading ? reading.problems.map(({ field, reason }) => `${field} ${reason}`) : []).toEqual([
      problem,
    ]);
  });
});

describe('how many messages it takes', () => {
  test('to tell 90 % from 99 %: 84; equal shares cannot be told apart, close ones take too many', () => {
    expect(samplesNeeded(0.9, 0.99)).toBe(84);
    expect(samplesNeeded(0.99, 0.9)).toBe(84);
    expect(samplesNeeded(0.9, 0.9)).toBeNull();
    expect(samplesNeeded(0.9, 0.901)).toBeNull();
  });

  test('is said beside the number that is asked for', () => {
    const setup = setupOf(1, { messages: '10' });
    if (setup.kind !== 'links') throw new Error('not on links');
    const few = adviceOn(setup);
    expect(few).toMatchObject({ direct: 0.9, same: false });
    expect(few.needed).toBeGreaterThan(10);
    expect(few.error).toBeGreaterThan(0.15);
    // None of ten failing says no more than that at most a quarter do.
    expect(few.unseen).toBeCloseTo(0.2589, 3);
    expect(adviceOn({ ...setup, messages: 10_000 })).toMatchObject({ unseen: null });
    expect(adviceOn({ ...setup, change: { ...setup.change, loss: 0 } }).same).toBe(true);
  });
});
