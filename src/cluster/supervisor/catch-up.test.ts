import { expect, test } from 'vitest';
import type { ServerView, TopologyView } from '../../protocol/index.ts';
import { CatchUps } from './catch-up.ts';

const server = (name: string, view: Partial<ServerView>): ServerView => ({
  name,
  url: '',
  pid: 1,
  role: 'backup',
  epoch: 1,
  last: 0,
  committed: 0,
  applied: 0,
  inSync: false,
  fetching: null,
  fingerprint: '',
  connections: 0,
  uptimeMs: 0,
  ...view,
});
const topology = (added: Partial<ServerView>): TopologyView => ({
  cluster: 'c',
  epoch: 1,
  primary: 's1',
  you: 's1',
  servers: [server('s1', { role: 'primary', inSync: true, last: 50_000 }), server('s4', added)],
});

test('a server far behind is told of once a second, with how far it is, until it has caught up', () => {
  const catchUps = new CatchUps();
  expect(catchUps.look(topology({ fetching: { done: 10, of: 40 } }), 0)).toEqual([
    { what: 'catching-up', name: 's4', unit: 'bytes', done: 10, of: 40 },
  ]);
  expect(catchUps.look(topology({ fetching: { done: 20, of: 40 } }), 400)).toEqual([]);
  expect(catchUps.look(topology({ last: 30_000 }), 1_000)).toEqual([
    { what: 'catching-up', name: 's4', unit: 'entries', done: 30_000, of: 50_000 },
  ]);
  expect(catchUps.look(topology({ last: 49_999 }), 2_500)).toEqual([]);
  expect(catchUps.look(topology({ last: 50_000, inSync: true }), 2_600)).toEqual([{ what: 'caught-up', name: 's4' }]);
  expect(catchUps.look(topology({ last: 50_000, inSync: true }), 3_600)).toEqual([]);
});

test('a server that is only just behind, down, or was never told of is not worth a word', () => {
  const catchUps = new CatchUps();
  expect(catchUps.look(topology({ last: 49_000 }), 0)).toEqual([]);
  expect(catchUps.look(topology({ role: 'down', last: 10 }), 0)).toEqual([]);
  expect(catchUps.look(topology({ last: 50_000, inSync: true }), 0)).toEqual([]);
});
