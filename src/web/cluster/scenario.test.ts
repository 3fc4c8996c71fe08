import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EstafetError } from '../../client/index.ts';
import type { ClusterNews, ServerView } from '../../protocol/index.ts';
import { type ClusterModel, emptyModel, reduce } from './model.ts';
import { ScenarioPlayer } from './scenario-player.ts';
import { notesOf, scenarioIds, scenarios } from './scenario-steps.ts';
import { news, processView, requestView, topologyView } from './test-news.ts';

type Servers = Readonly<Record<string, Partial<ServerView>>>;

/** A cluster that does what it is told to by the test, and a player that does things to it. */
const stage = (count = 3) => {
  const did: string[] = [];
  let refusal: unknown = null;
  let at = 1;
  const processes = new Map(Array.from({ length: count }, (_, i) => [`s${i + 1}`, processView(`s${i + 1}`)]));
  const supervisor = () => ({ pid: 1, servers: [...processes.values()], doing: null, audit: null });
  let model: ClusterModel = reduce(emptyModel, news(at, { topology: topologyView(count), supervisor: supervisor() }));
  const player = new ScenarioPlayer({
    now: () => model,
    send: (fail) => {
      did.push(fail ? 'send failing' : 'send');
      return 'r1';
    },
    act: async (action, server) => {
      did.push(server === undefined ? action : `${action} ${server}`);
      if (refusal !== null) throw refusal;
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const hear = async (servers: Servers, more: Partial<ClusterNews> = {}) => {
    model = reduce(model, news(++at, { topology: topologyView(count, servers), supervisor: supervisor(), ...more }));
    player.look();
    await settle();
  };
  const refuse = (error: unknown) => {
    refusal = error;
  };
  const at_ = () => {
    const state = player.get();
    return state.kind === 'idle' ? 'idle' : `${state.kind} ${scenarios[state.id].steps[state.step]!.id}`;
  };
  return { player, did, hear, settle, refuse, processes, where: at_ };
};

describe('scenarios', () => {
  test('begin only where there is a primary and enough servers live', () => {
    const three = reduce(emptyModel, news(1, { topology: topologyView(3) }));
    expect(notesOf(three, 3)).toMatchObject({ first: 's1', other: 's2', epoch: 1 });
    expect(notesOf(three, 4)).toBeNull();
    const none = reduce(emptyModel, news(1, { topology: topologyView(3, { s1: { role: 'down' } }) }));
    expect(notesOf(none, 1)).toBeNull();
    expect(notesOf(emptyModel, 1)).toBeNull();
  });

  test('each has steps, and each step its words', () => {
    const file = new URL('./words/en.json', import.meta.url);
    const words = JSON.parse(readFileSync(file, 'utf8')) as { scenarios: Record<string, Record<string, string>> };
    for (const id of scenarioIds) {
      const { title, about, ...told } = words.scenarios[id]!;
      expect(
        [title, about].every((text) => text !== undefined),
        id,
      ).toBe(true);
      expect(Object.keys(told), id).toEqual(scenarios[id].steps.map((step) => step.id));
      const ids = scenarios[id].steps.map((step) => step.id);
      expect(ids.length, id).toBeGreaterThan(1);
      expect(new Set(ids).size, id).toBe(ids.length);
    }
  });

  test('a failing request: its steps follow what the servers do, and nothing else', async () => {
    const { player, did, hear, processes, where, settle } = stage();
    player.play('failing');
    await settle();
    expect(did).toEqual(['send failing']);
    await hear({});
    expect(where()).toBe('playing sent');
    processes.set('s1', processView('s1', { state: 'waiting', pid: null }));
    await hear({ s1: { role: 'down' } }, { topology: topologyView(3, { s1: { role: 'down' } }) });
    expect(where()).toBe('playing promoted');
    const after: Servers = { s1: { role: 'down' }, s2: { role: 'primary', epoch: 2 }, s3: { epoch: 2 } };
    await hear(after);
    expect(where()).toBe('playing completed');
    // The request was not processed twice: it has one place, in the new epoch.
    const request = requestView(11, { id: 'r1', epoch: 2, processedBy: 's2', failed: 1 });
    await hear(after, { requests: [request] });
    expect(where()).toBe('playing synchronised');
    const there = { applied: 11, last: 11 };
    await hear({ s1: { role: 'down' }, s2: { role: 'primary', epoch: 2, ...there }, s3: { epoch: 2, ...there } });
    expect(where()).toBe('playing returned');
    processes.set('s1', processView('s1', { pid: 900 }));
    const back = { s2: { role: 'primary', epoch: 2, ...there }, s3: { epoch: 2, ...there } } as const;
    await hear({ ...back, s1: { role: 'backup', inSync: false } });
    expect(where()).toBe('playing whole');
    await hear({ ...back, s1: { role: 'backup', ...there } });
    expect(where()).toBe('done whole');
  });

  test('a step is not over while what it begins is under way', async () => {
    const { player, where } = stage(1);
    player.play('request');
    // Not a turn later.
    expect(where()).toBe('playing sent');
    player.look();
    expect(where()).toBe('playing sent');
  });

  test('a refusal ends it, says why, and mends what was broken', async () => {
    const { player, did, hear, refuse, processes, settle } = stage();
    player.play('hung');
    await settle();
    processes.set('s1', processView('s1', { state: 'paused' }));
    await hear({});
    player.stop();
    await settle();
    expect(did).toEqual(['pause s1', 'resume s1']);
    refuse(new EstafetError('chaos-off'));
    processes.set('s1', processView('s1'));
    await hear({});
    player.play('backup');
    await settle();
    expect(player.get()).toMatchObject({ kind: 'failed', code: 'chaos-off' });
  });

  test('the last server with everything is not killed: that it is refused is what is to be seen', async () => {
    const { player, did, hear, processes, where, settle, refuse } = stage(2);
    player.play('last');
    await settle();
    processes.set('s2', processView('s2', { state: 'paused' }));
    await hear({});
    expect(where()).toBe('playing dropped');
    await hear({ s2: { inSync: false } });
    expect(where()).toBe('playing goesOn');
    await hear({ s2: { inSync: false }, s1: { applied: 11 } }, { requests: [requestView(11, { id: 'r1' })] });
    // It was not refused: the scenario says so, and does not go on.
    expect(did).toEqual(['pause s2', 'send', 'kill s1', 'resume s2']);
    expect(player.get()).toMatchObject({ kind: 'failed', code: null });

    processes.set('s2', processView('s2'));
    await hear({});
    did.length = 0;
    player.play('last');
    await settle();
    processes.set('s2', processView('s2', { state: 'paused' }));
    await hear({ s2: { inSync: false } });
    expect(where()).toBe('playing dropped');
    await hear({ s2: { inSync: false } });
    refuse(new EstafetError('last-server'));
    await hear({ s2: { inSync: false }, s1: { applied: 11 } });
    expect(player.get()).toMatchObject({ notes: { refused: 'last-server' } });
  });

  test('stops where it is told to, and can be played again', async () => {
    const { player, where, settle } = stage();
    player.play('request');
    player.stop();
    expect(where()).toBe('stopped sent');
    expect(player.play('request')).toBe(true);
    await settle();
    expect(player.play('roll')).toBe(false);
  });
});
