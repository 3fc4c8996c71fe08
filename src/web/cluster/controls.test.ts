import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Acting } from './acting.ts';
import { clusterControls, serverControls } from './controls.ts';
import { emptyModel, reduce, serversOf } from './model.ts';
import { news, processView, topologyView } from './test-news.ts';

const may: Acting = { faults: null, processes: null, requests: null };

const modelOf = (count: number, some: Partial<Parameters<typeof news>[1]> = {}) => {
  const processes = Array.from({ length: count }, (_, at) => processView(`s${at + 1}`));
  const supervisor = { pid: 1, servers: processes, doing: null, audit: null };
  return reduce(emptyModel, news(1, { topology: topologyView(count), supervisor, ...some }));
};

const why = (model: ReturnType<typeof modelOf>, name: string, acting = may) => {
  const shown = serversOf(model).find((server) => server.name === name)!;
  return Object.fromEntries(serverControls(shown, model, acting).map(({ action, why }) => [action, why]));
};

describe('what can be done', () => {
  test('every action has its place, on a server or on the cluster', () => {
    const paused = modelOf(3, {
      faults: { s2: { cutFrom: ['s1'], slowLinkMs: 0, slowDiskMs: 0 } },
      supervisor: { pid: 1, servers: [processView('s2', { state: 'paused' })], doing: null, audit: null },
    });
    const all = [...Object.keys(why(modelOf(3), 's2')), ...Object.keys(why(paused, 's2'))];
    const cluster = clusterControls(modelOf(3), may).map(({ action }) => action as string);
    const file = new URL('./words/en.json', import.meta.url);
    const { actions } = JSON.parse(readFileSync(file, 'utf8')) as { actions: object };
    expect([...new Set([...all, ...cluster])].sort()).toEqual(Object.keys(actions).sort());
  });

  test('all of it to a healthy backup', () => {
    expect(Object.values(why(modelOf(3), 's2')).every((reason) => reason === null)).toBe(true);
  });

  test('the baton is handed on by whoever has it', () => {
    expect(why(modelOf(3), 's1')).toHaveProperty('step-down', null);
    expect(why(modelOf(3), 's2')).not.toHaveProperty('step-down');
    expect(why(modelOf(3), 's1')).toHaveProperty('cut-link', 'primary-link');
  });

  test('a dead server is started again, and nothing else', () => {
    const topology = topologyView(3, { s2: { role: 'down' } });
    expect(why(modelOf(3, { topology }), 's2')).toMatchObject({ kill: 'down', pause: 'down', restart: null });
  });

  test('the only server is not wiped, removed or relieved', () => {
    expect(why(modelOf(1), 's1')).toMatchObject({ wipe: 'alone', remove: 'alone', 'step-down': 'alone' });
    expect(clusterControls(modelOf(1), may)).toEqual([
      { action: 'add', why: null },
      { action: 'step-down', why: 'alone' },
      { action: 'roll', why: 'alone' },
    ]);
  });

  test('a tenth server is not added', () => {
    expect(clusterControls(modelOf(9), may)[0]).toEqual({ action: 'add', why: 'most' });
  });

  test('what takes long waits for what is under way; killing does not', () => {
    const supervisor = { pid: 1, servers: [], doing: 'roll', audit: null };
    expect(why(modelOf(3, { supervisor }), 's2')).toMatchObject({ kill: null, restart: 'busy', wipe: 'busy' });
  });

  test('with the supervisor gone, links and disks can be broken still', () => {
    const gone = why(modelOf(3, { supervisor: null }), 's2', { ...may, processes: 'no-supervisor' });
    expect(gone).toMatchObject({ kill: 'no-supervisor', wipe: 'no-supervisor', 'cut-link': null, 'slow-disk': null });
  });

  test('without the right, nothing', () => {
    const reasons = Object.values(why(modelOf(3), 's1', { ...may, faults: 'role', processes: 'role' }));
    expect(reasons.every((reason) => reason === 'role')).toBe(true);
  });
});
