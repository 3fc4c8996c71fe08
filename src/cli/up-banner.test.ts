import { expect, test } from 'vitest';
import { type BannerFacts, banner, eventLine, summary } from './up-banner.ts';

const facts: BannerFacts = {
  front: 'http://127.0.0.1:8080',
  servers: [
    { name: 's1', url: 'http://127.0.0.1:5000', pid: 101, role: 'backup' },
    { name: 's2', url: 'http://127.0.0.1:5001', pid: 102, role: 'primary' },
    { name: 's3', url: 'http://127.0.0.1:5002', pid: null, role: 'down' },
  ],
  data: '/srv/estafet',
  lan: 'http://192.168.1.7:8080',
  isTerminal: true,
};

test('the banner suggests to kill the very process that is primary', () => {
  expect(banner(facts)).toContain('kill -9 102\n');
});

test('the banner draws a code for phones on a terminal, and only when they could get in', () => {
  expect(banner(facts)).toMatch(/[▀▄█]/);
  expect(banner({ ...facts, isTerminal: false })).not.toMatch(/[▀▄█]/);
  expect(banner({ ...facts, lan: null })).not.toMatch(/[▀▄█]|other devices/);
});

test('the summary is one line with exactly what a script needs', () => {
  const line = summary(facts);
  expect(line).not.toContain('\n');
  expect(Object.keys(JSON.parse(line) as object)).toEqual(['front', 'servers', 'data']);
});

test('a death is always told, with pid, reason and last words; a start only once the cluster has been ready', () => {
  const death = { pid: 7, code: 74, signal: null, lastWords: 'the disk is full' };
  expect(eventLine({ what: 'died', name: 's1', death, restartInMs: 4_000 }, false)).toBe(
    's1 (pid 7) exited with 74. It said: the disk is full. Starting it again in 4 s.',
  );
  const killed = { pid: 7, code: null, signal: 'SIGKILL', lastWords: '' } as const;
  expect(eventLine({ what: 'died', name: 's1', death: killed, restartInMs: 250 }, true)).toBe(
    's1 (pid 7) was ended by SIGKILL. Starting it again.',
  );
  expect(eventLine({ what: 'ready', name: 's1', pid: 8 }, false)).toBeNull();
  expect(eventLine({ what: 'ready', name: 's1', pid: 8 }, true)).toBe('s1 serves again (pid 8).');
  expect(eventLine({ what: 'primary', name: 's2', epoch: 4 }, true)).toBe('s2 is the primary now (epoch 4).');
});

test('a server that is far behind is told of while the others wait for it, too', () => {
  const behind = { what: 'catching-up', name: 's4' } as const;
  expect(eventLine({ ...behind, unit: 'bytes', done: 5e6, of: 20e6 }, false)).toBe(
    's4 copies a snapshot of 20.0 MB: 25 %.',
  );
  expect(eventLine({ ...behind, unit: 'entries', done: 30_000, of: 40_000 }, false)).toBe(
    's4 catches up: 30,000 of 40,000 entries, 75 %.',
  );
  expect(eventLine({ what: 'caught-up', name: 's4' }, true)).toBe('s4 has everything now, and counts from here on.');
});
