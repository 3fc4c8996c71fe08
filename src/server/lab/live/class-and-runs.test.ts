import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../lab/index.ts';
import { VirtualLab, type VirtualOptions } from './host-kit.ts';

const labOf = (names: readonly string[], options: VirtualOptions = {}) => {
  const lab = new VirtualLab({ pageMs: 1, ...options });
  return { lab, ids: names.map((name) => lab.join(name)) };
};

const run = { what: 'run', experiment: 1, messages: 1_000, perSecond: 100 } as const;

describe('a run', () => {
  test.each([1, 2] as const)(
    'of experiment %i between two nodes agrees with theory in 1,000 messages each',
    (experiment) => {
      const { lab, ids } = labOf(['A', 'B'], { seed: 5 });
      lab.say('A', { ...run, experiment, from: ids[0]!, to: ids[1]! });
      lab.play(200);
      expect(lab.known.run).toMatchObject({ state: 'running', of: 2_000, by: 'user of A', ofClass: false });
      expect(lab.known.dials).toMatchObject({ who: 'run', settings: { loss: experiment === 1 ? 0.1 : 0.5 } });
      lab.play(10_000);
      expect(lab.known.run!.sent).toBeGreaterThan(900);
      expect(lab.known.run!.sent).toBeLessThan(1_100);
      lab.play(10_700);
      expect(lab.known.run).toMatchObject({ state: 'settling', sent: 2_000 });
      lab.playOut();
      const { state, settled, leftOut, results, devices } = lab.known.run!;
      expect({ state, settled, leftOut }).toEqual({ state: 'done', settled: 2_000, leftOut: 0 });
      for (const method of ['direct', 'pubsub'] as const) {
        expect(results![method]).toMatchObject({ messages: 1_000, verdict: 'consistent' });
        const { interval, theory } = results![method].deliveryShare;
        expect(interval!.low).toBeLessThan(theory!);
        expect(interval!.high).toBeGreaterThan(theory!);
      }
      expect(devices.map(({ name, method, messages }) => [name, method, messages])).toEqual([
        ['A', 'direct', 1_000],
        ['A', 'pubsub', 1_000],
      ]);
      expect(lab.known.dials).toMatchObject({ who: 'everybody' });
    },
  );

  test('counts only its own messages, and keeps the dials', () => {
    const { lab, ids } = labOf(['A', 'B', 'C']);
    lab.say('A', { ...run, messages: 50, from: ids[0]!, to: ids[1]! });
    expect(lab.refusal('C', { what: 'dials', change: { loss: 1 } })).toBe('dials-of-run');
    expect(lab.refusal('C', { what: 'preset', name: 'broken' })).toBe('dials-of-run');
    expect(lab.refusal('C', { ...run, from: ids[2]!, to: ids[1]! })).toBe('run-under-way');
    lab.say('C', { what: 'send', node: ids[2]!, method: 'direct', to: { node: ids[1]! }, text: '', count: 30 });
    // Stopping one's burst stops no run.
    lab.say('A', { what: 'stop', node: ids[0]! });
    lab.playOut();
    expect(lab.known.run).toMatchObject({ state: 'done', settled: 100 });
    expect(lab.known.all(0, null).totals!.direct.messages).toBe(80);
  });

  test('can be cancelled', () => {
    const { lab, ids } = labOf(['A', 'B']);
    expect(lab.refusal('A', { what: 'run-cancel' })).toBe('no-run');
    lab.say('A', { ...run, from: ids[0]!, to: ids[1]! });
    lab.play(3_000);
    lab.say('B', { what: 'run-cancel' });
    lab.playOut(5_000);
    expect(lab.known.run).toMatchObject({ state: 'cancelled', results: null });
    expect(lab.refusal('A', { what: 'dials', change: { loss: 0 } })).toBeNull();
  });

  test('goes to its end when a node leaves, and leaves out what does not count', () => {
    for (const leaver of ['A', 'B']) {
      const { lab, ids } = labOf(['A', 'B']);
      lab.say('A', { ...run, from: ids[0]!, to: ids[1]! });
      lab.play(5_000);
      lab.gone(leaver);
      lab.playOut(10_000);
      const { state, settled, leftOut, results } = lab.known.run!;
      expect(state).toBe('done');
      expect(settled + leftOut).toBe(2_000);
      expect(settled).toBeGreaterThan(200);
      expect(settled).toBeLessThan(500);
      expect(results!.direct.verdict).not.toBe('not-consistent');
      expect(results!.pubsub.verdict).not.toBe('not-consistent');
    }
  });

  test('is interrupted by the end of the server that plays it, and says so', () => {
    const { lab, ids } = labOf(['A', 'B']);
    lab.say('A', { ...run, from: ids[0]!, to: ids[1]! });
    lab.play(5_000);
    const next = new VirtualLab({ known: lab.known, server: 's2', startMs: lab.nowMs });
    expect(next.known.run).toMatchObject({ state: 'interrupted', experiment: 1 });
    expect(next.known.run!.sent).toBeGreaterThan(400);
    expect(next.known.dials).toMatchObject({ who: 'everybody' });
    next.say('A', { ...run, messages: 10, from: ids[0]!, to: ids[1]! });
    next.playOut();
    expect(next.known.run).toMatchObject({ state: 'done', settled: 20 });
  });

  test('is refused where it cannot be played', () => {
    const { lab, ids } = labOf(['A', 'B', 'C']);
    const [from, to] = [ids[0]!, ids[1]!];
    expect(lab.refusal('A', { ...run, from, to: 'x' })).toBe('no-such-node');
    expect(lab.refusal('A', { ...run, from, to: from })).toBe('no-such-node');
    expect(lab.refusal('A', { ...run, from })).toBe('no-such-node');
    expect(lab.refusal('C', { ...run, from, to })).toBe('not-your-node');
    expect(lab.refusal('A', { ...run, from, to, messages: 25_001 })).toBe('burst-too-large');
    expect(lab.refusal('A', { ...run, from, to, perSecond: 501 })).toBe('burst-too-large');
    expect(lab.refusal('A', { ...run, from, to, change: { ackTimeoutMs: 0 } })).toBe('bad-dials');
    expect(lab.refusal('A', run)).toBe('no-such-class');
    lab.playOut();
    expect(lab.known.run).toBeNull();
    expect(lab.known.dials).toMatchObject({ segment: 1, settings: defaultSettings });
  });
});

describe('a class', () => {
  const classOf = (students: number, options: VirtualOptions = {}) => {
    const names = ['T', ...Array.from({ length: students }, (_, n) => `s${n}`)];
    const { lab, ids } = labOf(names, options);
    lab.say('T', { what: 'class-open' });
    lab.play(200);
    const { code } = lab.known.class!;
    for (const [at, name] of names.entries()) {
      if (at > 0) lab.say(name, { what: 'class-join', node: ids[at]!, code: ` ${code.toLowerCase()}` });
    }
    lab.play(200);
    return { lab, ids, code };
  };

  test('is one at a time, opened by members and joined by its code', () => {
    const { lab, ids, code } = classOf(3);
    expect(lab.known.class).toMatchObject({ code, teacher: 'user of T', dials: 'everybody', nodes: 3, question: null });
    expect(lab.nodes().filter(({ inClass }) => inClass)).toHaveLength(3);
    lab.sit('G', 'guest', { isGuest: true });
    expect(lab.refusal('G', { what: 'class-open' })).toBe('guests-may-not');
    expect(lab.refusal('s0', { what: 'class-open' })).toBe('class-open');
    expect(lab.refusal('T', { what: 'class-open' })).toBeNull();
    expect(lab.refusal('s0', { what: 'class-join', node: ids[1]!, code: 'OTHER' })).toBe('no-such-class');
    expect(lab.refusal('s0', { what: 'class-join', node: ids[2]!, code })).toBe('not-your-node');
    expect(lab.refusal('s0', { what: 'class-close' })).toBe('not-the-teacher');
    lab.say('T', { what: 'class-close' });
    lab.play(200);
    expect(lab.known.class).toBeNull();
    expect(lab.nodes().filter(({ inClass }) => inClass)).toEqual([]);
    expect(lab.refusal('s0', { what: 'class-open' })).toBeNull();
  });

  test('has room for so many', () => {
    const { lab, ids, code } = classOf(2, { limits: { labClassNodesMax: 2 } });
    expect(lab.refusal('T', { what: 'class-join', node: ids[0]!, code })).toBe('class-full');
    // Who is in it may say so again.
    expect(lab.refusal('s0', { what: 'class-join', node: ids[1]!, code })).toBeNull();
  });

  test('has dials of its teacher, when the teacher wants them', () => {
    const { lab, ids } = classOf(2);
    expect(lab.refusal('s0', { what: 'class-dials', who: 'teacher' })).toBe('not-the-teacher');
    lab.say('T', { what: 'class-dials', who: 'teacher' });
    lab.play(200);
    expect(lab.known.dials).toMatchObject({ who: 'teacher' });
    expect(lab.refusal('s0', { what: 'dials', change: { loss: 1 } })).toBe('dials-of-teacher');
    expect(lab.refusal('s0', { ...run, from: ids[1]!, to: ids[2]! })).toBe('dials-of-teacher');
    expect(lab.refusal('T', { what: 'dials', change: { loss: 1 } })).toBeNull();
    lab.say('T', { ...run, from: ids[1]!, to: ids[2]! });
    expect(lab.refusal('s0', { what: 'run-cancel' })).toBe('not-the-teacher');
    expect(lab.refusal('T', { what: 'run-cancel' })).toBeNull();
    lab.say('T', { what: 'class-dials', who: 'everybody' });
    expect(lab.refusal('s0', { what: 'dials', change: { loss: 1 } })).toBeNull();
  });

  test('predicts, runs on all of its nodes, and sees the predictions only then', () => {
    const { lab, ids } = classOf(4, { seed: 2 });
    const predict = (at: number, direct: number, pubsub: number) =>
      lab.refusal(`s${at}`, { what: 'class-predict', node: ids[at + 1]!, direct, pubsub });
    expect(predict(0, 0.5, 0.5)).toBe('not-asked');
    expect(lab.refusal('s0', { what: 'class-ask', experiment: 1 })).toBe('not-the-teacher');
    lab.say('T', { what: 'class-ask', experiment: 1 });
    expect(lab.refusal('T', { what: 'class-predict', node: ids[0]!, direct: 1, pubsub: 1 })).toBe('no-such-class');
    expect([predict(0, 0.1, 1), predict(1, 0.9, 0.99), predict(1, 0.91, 1), predict(2, 0, 0.949)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    lab.play(200);
    expect(lab.known.class!.question).toEqual({ experiment: 1, state: 'open', predictions: 3, histogram: null });
    expect(lab.refusal('s0', run)).toBe('not-the-teacher');
    lab.say('T', { ...run, messages: 300 });
    expect(predict(3, 1, 1)).toBe('not-asked');
    expect(lab.refusal('T', { what: 'class-ask', experiment: 2 })).toBe('run-under-way');
    lab.play(1_000);
    expect(lab.known.class!.question).toMatchObject({ state: 'locked', histogram: null });
    expect(JSON.stringify(lab.shared)).not.toContain('0.949');
    lab.play(20_000);
    expect(lab.known.run).toMatchObject({ state: 'done', ofClass: true, of: 2_400, settled: 2_400 });
    expect(lab.known.run!.results).toMatchObject({ direct: { messages: 1_200, verdict: 'consistent' } });
    expect(lab.known.run!.devices).toHaveLength(8);
    const { state, histogram } = lab.known.class!.question!;
    expect(state).toBe('done');
    const where = (counts: readonly number[]) => counts.flatMap((count, step) => (count === 0 ? [] : [[step, count]]));
    expect(where(histogram!.direct)).toEqual([
      [0, 1],
      [2, 1],
      [18, 1],
    ]);
    expect(where(histogram!.pubsub)).toEqual([
      [18, 1],
      [19, 2],
    ]);
    lab.say('T', { what: 'class-ask', experiment: 2 });
    lab.play(200);
    expect(lab.known.class!.question).toMatchObject({ state: 'open', predictions: 0 });
    lab.say('T', { what: 'class-lock' });
    expect(predict(3, 1, 1)).toBe('not-asked');
  });

  test('needs two nodes for a run, and plays in a ring', () => {
    const { lab } = classOf(1);
    expect(lab.refusal('T', run)).toBe('class-too-small');
    const { lab: other, ids } = classOf(3);
    other.say('T', { ...run, messages: 1, change: { loss: 0 } });
    other.play(10_000);
    const from = (seat: string) => other.deliveries(seat).map((delivery) => delivery.from);
    expect([from('s0'), from('s1'), from('s2')]).toEqual([
      [ids[3], ids[3]],
      [ids[1], ids[1]],
      [ids[2], ids[2]],
    ]);
  });

  test('and its predictions live on at another server; a student who comes again is in it', () => {
    const { lab, ids } = classOf(2);
    lab.say('T', { what: 'class-ask', experiment: 2 });
    lab.say('s0', { what: 'class-predict', node: ids[1]!, direct: 0.5, pubsub: 0.9 });
    lab.play(200);
    lab.gone('s1');
    expect(lab.join('s1', 's1', ids[2]!)).toBe(ids[2]);
    lab.play(200);
    expect(lab.known.class!.nodes).toBe(2);
    const next = new VirtualLab({ known: lab.known, server: 's2', startMs: lab.nowMs, pageMs: 1 });
    next.say('T', { ...run, experiment: 2, messages: 10 });
    next.play(20_000);
    expect(next.known.class!.question).toMatchObject({ state: 'done', predictions: 1 });
    expect(next.known.run).toMatchObject({ state: 'done', of: 40 });
  });

  test('is over when its teacher has been away for long', () => {
    const { lab } = classOf(2);
    lab.play(9 * 60_000);
    lab.host.teacherSeen(lab.nowMs);
    lab.play(9 * 60_000);
    expect(lab.known.class).not.toBeNull();
    lab.play(2 * 60_000);
    expect(lab.known.class).toBeNull();
    expect(lab.events().at(-1)).toMatchObject({ what: 'class-closed' });
  });
});
