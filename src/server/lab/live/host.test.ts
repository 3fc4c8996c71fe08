import { describe, expect, test } from 'vitest';
import { calm, labOf, VirtualLab } from './host-kit.ts';
import { Known } from './known.ts';

describe('the dials', () => {
  test('are refused with every reason, and nothing changes', () => {
    const { lab } = labOf(['A']);
    lab.playOut();
    const segment = lab.known.dials!.segment;
    lab.say('A', { what: 'dials', change: { loss: 1.5, maxRetries: 0.5, ackTimeoutMs: 0 }, ref: 'bad' });
    const { error } = lab.told('A').at(-1)!;
    expect(error).toMatchObject({ code: 'bad-dials', about: 'dials', ref: 'bad' });
    expect(error!.problems).toEqual([
      { setting: 'loss', reason: 'too-large', bound: 1 },
      { setting: 'maxRetries', reason: 'not-whole' },
      { setting: 'ackTimeoutMs', reason: 'too-small', bound: 1 },
    ]);
    expect(lab.refusal('A', { what: 'dials', change: { latencyMinMs: 101 } })).toBe('bad-dials');
    lab.playOut();
    expect(lab.known.dials!.segment).toBe(segment);
  });

  test('begin a segment, are told to all at once, and know a preset again', () => {
    const { lab } = labOf(['A', 'B']);
    lab.playOut();
    const { segment } = lab.known.dials!;
    lab.play(1_000);
    const before = lab.shared.length;
    lab.say('B', { what: 'preset', name: 'satellite' });
    expect(lab.shared.slice(before)).toMatchObject([
      { at: lab.nowMs, dials: { segment: segment + 1, preset: 'satellite', changedBy: 'user of B', who: 'everybody' } },
    ]);
    lab.say('B', { what: 'dials', change: { loss: 0.02 } });
    lab.playOut();
    expect(lab.known.dials).toMatchObject({ segment: segment + 2, preset: null, settings: { latencyMinMs: 250 } });
  });

  test('of before are no part of the figures of now', () => {
    const { lab, ids } = labOf(['A', 'B'], { ...calm, loss: 1 });
    const word = { what: 'send', node: ids[0]!, method: 'pubsub', to: { node: ids[1]! }, text: '' } as const;
    lab.say('A', { ...word, count: 50, perSecond: 100 });
    lab.play(400);
    lab.say('A', { what: 'stop', node: ids[0]! });
    lab.say('B', { what: 'dials', change: { loss: 0 } });
    lab.say('A', { ...word, count: 200 });
    lab.playOut();
    const { totals } = lab.known.all(0, null);
    expect(totals!.pubsub).toMatchObject({ messages: 200, delivered: 200, verdict: 'consistent' });
    expect(totals!.segment).toBe(lab.known.dials!.segment);
  });
});

describe('nodes', () => {
  test('have names of their own, and no more than they may', () => {
    const lab = new VirtualLab({ limits: { labNodesMax: 5 } });
    lab.join('s', 'Ann');
    expect(lab.refusal('t', { what: 'join', name: ' ANN ' })).toBe('name-taken');
    expect(lab.refusal('t', { what: 'join', name: '\u200b' })).toBe('name-invalid');
    for (const name of ['b', 'c', 'd']) lab.join('s', name);
    expect(lab.refusal('s', { what: 'join', name: 'e' })).toBe('too-many-nodes');
    lab.join('t', 'e');
    expect(lab.refusal('u', { what: 'join', name: 'f' })).toBe('too-many-nodes');
    lab.playOut();
    const [node] = lab.nodes();
    for (let topic = 0; topic < 10; topic++)
      lab.say('s', { what: 'subscribe', node: node!.id, topic: `${topic}`, on: true });
    expect(lab.refusal('s', { what: 'subscribe', node: node!.id, topic: 'x', on: true })).toBe('too-many-topics');
  });

  test('come again as who they were, from another socket of the same person only', () => {
    const lab = new VirtualLab();
    lab.sit('s2:1', 'ann');
    lab.sit('s3:1', 'ann');
    lab.sit('s3:2', 'bob');
    const id = lab.join('s2:1', 'A');
    lab.say('s2:1', { what: 'subscribe', node: id, topic: 'news', on: true });
    expect(lab.refusal('s3:2', { what: 'join', name: 'B', node: id })).toBe('not-your-node');
    lab.gone('s2:1');
    lab.playOut();
    expect(lab.nodes()).toEqual([]);
    expect(lab.refusal('s3:2', { what: 'join', name: 'B', node: id })).toBe('not-your-node');
    expect(lab.join('s3:1', 'A', id)).toBe(id);
    lab.playOut();
    expect(lab.nodes()).toMatchObject([{ id, server: 's3', topics: ['news'] }]);
    // Before anybody has missed it: the old socket is it no more.
    lab.sit('s2:2', 'ann');
    expect(lab.join('s2:2', 'A', id)).toBe(id);
    expect(lab.told('s3:1').at(-1)!.you!.nodes).toEqual([]);
    lab.gone('s3:1');
    lab.playOut();
    expect(lab.nodes()).toMatchObject([{ id, server: 's2' }]);
  });

  test('are put right by what a server says of its sockets', () => {
    const lab = new VirtualLab();
    const id = lab.join('s2:1', 'A');
    lab.playOut();
    const [node] = lab.nodes();
    lab.play(3_000);
    lab.host.account('s2', [[{ ...node!, id: 'lost', name: 'Lost' }, 's2:7']], false, lab.nowMs);
    lab.playOut();
    expect(lab.nodes().map((one) => one.id)).toEqual(['lost']);
    lab.host.account('s2', [], true, lab.nowMs);
    lab.playOut();
    expect(lab.nodes().map((one) => one.id)).toEqual(['lost']);
    expect(id).not.toBe('lost');
    lab.host.serverDown('s2', lab.nowMs);
    lab.playOut();
    expect(lab.nodes()).toEqual([]);
  });
});

test('another server goes on with the nodes that are there, the dials, the charts and the class', () => {
  const { lab, ids } = labOf(['s1:1', 's2:1', 's3:1'], { ...calm, loss: 0.3 });
  lab.say('s2:1', { what: 'class-open' });
  lab.say('s2:1', { what: 'class-join', node: ids[1]!, code: lab.known.class?.code ?? 'CODE3' });
  lab.say('s2:1', {
    what: 'send',
    node: ids[1]!,
    method: 'pubsub',
    to: { node: ids[2]! },
    text: '',
    count: 100,
    perSecond: 50,
  });
  lab.play(2_200);
  const samples = lab.known.samples.length;
  const next = new VirtualLab({
    known: lab.known,
    server: 's2',
    isUp: (server) => server !== 's1',
    startMs: lab.nowMs,
  });
  expect(next.nodes().map(({ name }) => name)).toEqual(['s2:1', 's3:1']);
  expect(next.known.dials).toMatchObject({ segment: 3, settings: { loss: 0.3 }, changedBy: 'user of s1:1' });
  expect(next.known.samples).toHaveLength(samples);
  expect(next.known.class).toMatchObject({ teacher: 'user of s2:1' });
  expect(next.events().map(({ what }) => what)).toEqual(['moved']);
  // Whoever was at the dead server comes again by itself, as who it was.
  next.sit('s3:9', 'user of s1:1');
  expect(next.join('s3:9', 's1:1', ids[0]!)).toBe(ids[0]);
  next.say('s3:9', { what: 'send', node: ids[0]!, method: 'direct', to: { node: ids[1]! }, text: '' });
  next.playOut();
  expect(next.progress('s3:9')[0]!.message).toBeGreaterThanOrEqual(1_000);
});

test('nothing goes on by itself when nothing is to do', () => {
  const { lab, ids } = labOf(['A', 'B']);
  lab.say('A', { what: 'send', node: ids[0]!, method: 'direct', to: { node: ids[1]! }, text: '' });
  lab.playOut();
  expect(lab.host.nextDueMs(lab.nowMs)).toBeNull();
  expect(new Known(lab.limits).all(0, null).nodes).toEqual([]);
});
