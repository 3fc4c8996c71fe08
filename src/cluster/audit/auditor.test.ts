import { describe, expect, test } from 'vitest';
import { type Auditor, isBroken, newAuditor, type Shown } from './auditor.ts';

const servers = ['s1', 's2', 's3'];
const idOf = (number: number): string => `id-${number}`;
const at = (number: number, index: number, id = idOf(number)): Shown => ({ number, id, index });

const start = (options: { rememberMax?: number } = {}): { auditor: Auditor; said: string[] } => {
  const said: string[] = [];
  return { auditor: newAuditor({ servers, after: 100, onFault: (sentence) => said.push(sentence), ...options }), said };
};

/** Posts the next message, acknowledged at `index`. */
const post = (auditor: Auditor, index: number): Shown => {
  const number = auditor.begin(idOf(auditor.findings.acknowledged + 1));
  auditor.acknowledged(number, index);
  return at(number, index);
};

const readAll = (auditor: Auditor, messages: readonly Shown[], upto: number): void => {
  for (const server of servers) auditor.read(server, { after: auditor.upto(server), upto, messages });
};

const clean = { lost: 0, doubled: 0, reordered: 0, phantoms: 0, refused: 0 };

describe('an audit', () => {
  test('P1 P2 finds nothing wrong when every server shows what was acknowledged, once and in its place', () => {
    const { auditor, said } = start();
    readAll(auditor, [post(auditor, 101), post(auditor, 103)], 104);
    readAll(auditor, [post(auditor, 105)], 105);
    expect(auditor.findings).toMatchObject({ ...clean, acknowledged: 3, found: { s1: 3, s2: 3, s3: 3 } });
    expect(isBroken(auditor.findings)).toBe(false);
    expect(said).toEqual([]);
  });

  test('a message may be in a history before its acknowledgement arrives', () => {
    const { auditor } = start();
    const number = auditor.begin(idOf(1));
    readAll(auditor, [at(1, 101)], 110);
    expect(auditor.findings.found).toEqual({ s1: 0, s2: 0, s3: 0 });
    auditor.acknowledged(number, 101);
    expect(auditor.findings).toMatchObject({ ...clean, acknowledged: 1, found: { s1: 1, s2: 1, s3: 1 } });
  });

  test('a message without an answer is neither lost nor found', () => {
    const { auditor } = start();
    auditor.begin(idOf(1));
    readAll(auditor, [], 200);
    expect(auditor.findings).toMatchObject({ ...clean, acknowledged: 0 });
  });

  test('P1 one that a server does not show where it should be is lost, once, on however many servers', () => {
    const { auditor, said } = start();
    const [first, second] = [post(auditor, 101), post(auditor, 102)];
    auditor.read('s1', { after: 100, upto: 102, messages: [first, second] });
    auditor.read('s2', { after: 100, upto: 102, messages: [second] });
    expect(said).toEqual(['message 1, acknowledged at 101, is not on s2']);
    auditor.read('s3', { after: 100, upto: 102, messages: [second] });
    expect(auditor.findings).toMatchObject({ ...clean, lost: 1, found: { s1: 2, s2: 1, s3: 1 } });
    expect(isBroken(auditor.findings)).toBe(true);
  });

  test('P1 one that is acknowledged after its place was read, and was not there, is lost', () => {
    const { auditor } = start();
    const number = auditor.begin(idOf(1));
    readAll(auditor, [], 110);
    auditor.acknowledged(number, 105);
    expect(auditor.findings.lost).toBe(1);
  });

  test('a server that is behind, or away, has lost nothing yet, and is held to it when it is back', () => {
    const { auditor } = start();
    const messages = [post(auditor, 101), post(auditor, 102), post(auditor, 103)];
    auditor.read('s1', { after: 100, upto: 103, messages });
    auditor.read('s2', { after: 100, upto: 101, messages: messages.slice(0, 1) });
    expect(auditor.findings).toMatchObject({ ...clean, found: { s1: 3, s2: 1, s3: 0 } });
    auditor.read('s2', { after: 101, upto: 103, messages: messages.slice(1) });
    auditor.read('s3', { after: 100, upto: 103, messages: messages.slice(0, 2) });
    expect(auditor.findings).toMatchObject({ ...clean, lost: 1, found: { s1: 3, s2: 3, s3: 2 } });
  });

  test.each([
    ['in one page', 1],
    ['after every server has confirmed it', 3],
  ])('P4 one that a server shows again is doubled: %s', (_when, confirmations) => {
    const { auditor } = start();
    const message = post(auditor, 101);
    for (const server of servers.slice(0, confirmations)) {
      auditor.read(server, { after: 100, upto: 101, messages: [message] });
    }
    auditor.read('s1', { after: 101, upto: 108, messages: [at(1, 107)] });
    expect(auditor.findings).toMatchObject({ ...clean, doubled: 1 });
    expect(isBroken(auditor.findings)).toBe(true);
  });

  test('P2 two that changed places on one server are reordered', () => {
    const { auditor } = start();
    const messages = [post(auditor, 101), post(auditor, 102)];
    auditor.read('s1', { after: 100, upto: 102, messages });
    auditor.read('s2', { after: 100, upto: 102, messages: [at(2, 101), at(1, 102)] });
    expect(auditor.findings).toMatchObject({ ...clean, reordered: 2 });
    expect(isBroken(auditor.findings)).toBe(true);
  });

  test('P2 an index that does not grow from one acknowledgement to the next is a broken order', () => {
    const { auditor } = start();
    post(auditor, 150);
    post(auditor, 120);
    expect(auditor.findings.reordered).toBe(1);
  });

  test('what nobody posted, or was refused, is a phantom; a refusal itself is told', () => {
    const { auditor } = start();
    auditor.refused(auditor.begin(idOf(1)), 'not-allowed');
    auditor.read('s1', { after: 100, upto: 110, messages: [at(1, 101), at(7, 102)] });
    expect(auditor.findings).toMatchObject({ ...clean, phantoms: 2, refused: 1 });
    const other = start().auditor;
    post(other, 101);
    other.read('s1', { after: 100, upto: 101, messages: [at(1, 101, 'another id')] });
    expect(other.findings.phantoms).toBe(1);
  });

  test('remembers nothing that every server has confirmed, and a bounded number of the rest', () => {
    const { auditor } = start({ rememberMax: 10 });
    for (let index = 101; index <= 200; index++) readAll(auditor, [post(auditor, index)], index);
    expect(auditor.remembered).toBe(0);
    const missed: Shown[] = [];
    for (let index = 201; index <= 300; index++) {
      const message = post(auditor, index);
      missed.push(message);
      for (const server of ['s1', 's2']) auditor.read(server, { after: index - 1, upto: index, messages: [message] });
    }
    expect(auditor.remembered).toBe(10);
    auditor.read('s3', { after: 200, upto: 300, messages: missed });
    expect(auditor.remembered).toBe(0);
    expect(auditor.findings).toMatchObject({ ...clean, found: { s1: 200, s2: 200, s3: 200 } });
  });
});

describe('servers that come, go and start over', () => {
  /** Three messages that all servers have shown, and that are remembered no more. */
  const settled = () => {
    const { auditor, said } = start();
    const messages = [101, 102, 103].map((index) => post(auditor, index));
    readAll(auditor, messages, 103);
    return { auditor, said, messages };
  };

  test('P1 one that was added is held to everything, also to what is remembered no more', () => {
    const { auditor, messages } = settled();
    auditor.admit('s4');
    const next = post(auditor, 104);
    readAll(auditor, [next], 104);
    expect(auditor.remembered).toBe(1);
    auditor.read('s4', { after: 100, upto: 104, messages: [...messages, next] });
    expect(auditor.findings).toMatchObject({ ...clean, found: { s1: 4, s2: 4, s3: 4, s4: 4 } });
    expect(auditor.remembered).toBe(0);
  });

  test('P1 one that started over and lacks what it had has lost it', () => {
    const { auditor, said, messages } = settled();
    auditor.startOver('s2');
    const next = post(auditor, 104);
    auditor.read('s2', { after: 100, upto: 104, messages: [messages[0]!, next] });
    expect(auditor.findings).toMatchObject({ ...clean, lost: 2 });
    expect(said).toEqual([
      'message 2, acknowledged before, is not on s2',
      'message 3, acknowledged before, is not on s2',
    ]);
  });

  test('P4 one that started over shows everything again without having it twice, and may still double it', () => {
    const { auditor, messages } = settled();
    const next = post(auditor, 104);
    auditor.read('s2', { after: 103, upto: 104, messages: [next] });
    auditor.startOver('s2');
    auditor.read('s2', { after: 100, upto: 104, messages: [...messages, next] });
    expect(auditor.findings).toMatchObject({ ...clean, found: { s1: 3, s2: 4, s3: 3 } });
    auditor.read('s2', { after: 104, upto: 105, messages: [{ ...messages[0]!, index: 105 }] });
    expect(auditor.findings.doubled).toBe(1);
  });

  test('nothing is expected of one that was removed', () => {
    const { auditor } = settled();
    const next = post(auditor, 104);
    for (const server of ['s1', 's2']) auditor.read(server, { after: 103, upto: 104, messages: [next] });
    expect(auditor.remembered).toBe(1);
    auditor.dismiss('s3');
    expect(auditor.findings).toMatchObject({ ...clean, found: { s1: 4, s2: 4 } });
    expect(auditor.remembered).toBe(0);
    expect(() => auditor.upto('s3')).toThrow('s3 is not audited');
  });
});

describe('fingerprints', () => {
  test('are unknown until two servers have told of one index, and equal when they agree', () => {
    const { auditor } = start();
    auditor.told('s1', 110, 'aa');
    auditor.told('s2', 111, 'bb');
    auditor.told('s3', 110, null);
    expect(auditor.findings).toMatchObject({ fingerprints: 'unknown', comparedAt: null });
    auditor.told('s3', 110, 'aa');
    expect(auditor.findings).toMatchObject({ fingerprints: 'equal', comparedAt: 110 });
  });

  test('P2 two at one index are a broken promise, and stay one', () => {
    const { auditor, said } = start();
    auditor.told('s1', 110, 'aa');
    auditor.told('s2', 110, 'ab');
    auditor.told('s1', 120, 'cc');
    auditor.told('s2', 120, 'cc');
    expect(auditor.findings.fingerprints).toBe('different');
    expect(isBroken(auditor.findings)).toBe(true);
    expect(said).toEqual(['at index 110 s2 has another fingerprint than s1 had']);
  });

  test('P2 a server may not take back what it said', () => {
    const { auditor } = start();
    auditor.told('s1', 110, 'aa');
    auditor.told('s1', 110, 'ab');
    expect(auditor.findings.fingerprints).toBe('different');
  });

  test('a few from the whole time are kept, the first and the newest among them', () => {
    const { auditor } = start();
    for (let index = 1; index <= 1_000; index++) auditor.told('s1', index, `${index}`);
    expect(auditor.checkpoints.length).toBeLessThanOrEqual(16);
    expect(auditor.checkpoints[0]).toBe(1);
    expect(auditor.checkpoints.at(-1)).toBe(1_000);
  });
});
