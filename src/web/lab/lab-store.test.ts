import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../client/index.ts';
import type { LabNews, LabWords } from '../../protocol/index.ts';
import { LabStore } from './lab-store.ts';
import { delivery, firstNews, node } from './test-news.ts';

type Said = LabWords & { readonly ref?: string };

/** A connection that keeps what is said, and tells what the test wants told. */
class FakeChat {
  readonly said: Said[] = [];
  readonly clockOffsetMs = 0;
  state = { kind: 'online' };
  watching = 0;
  #hear: ((news: LabNews) => void) | null = null;
  #state: ((state: { readonly kind: string }) => void) | null = null;

  watch(_: 'lab', hear: (news: LabNews) => void): () => void {
    this.#hear = hear;
    this.watching += 1;
    return () => {
      this.watching -= 1;
    };
  }

  on(_: 'state', handler: (state: { readonly kind: string }) => void): () => void {
    this.#state = handler;
    return () => undefined;
  }

  say(_: 'lab', word: Said): boolean {
    if (this.state.kind === 'online') this.said.push(word);
    return this.state.kind === 'online';
  }

  tell(news: Partial<LabNews>): void {
    this.#hear?.({ at: Date.now(), ...news });
  }

  go(kind: 'online' | 'offline'): void {
    this.state = { kind };
    this.#state?.(this.state);
  }

  last(what: LabWords['what']): Said {
    const found = this.said.findLast((word) => word.what === what);
    if (!found) throw new Error(`Nothing was said of ${what}.`);
    return found;
  }
}

describe('the store of the lab', () => {
  let chat: FakeChat;
  let store: LabStore;
  let stop: () => void;
  beforeEach(() => {
    vi.useFakeTimers();
    chat = new FakeChat();
    store = new LabStore(chat as unknown as Chat);
    stop = store.start();
    chat.tell(firstNews());
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const joined = (name: string, id: string): void => {
    store.join(name);
    const { ref } = chat.last('join');
    const nodes = [...store.state.model.mine, id];
    chat.tell({ you: { server: 's1', nodes, ref: ref! }, nodesChanged: [node(id, { name })] });
  };

  test('answers deliveries at once, by node, with each attempt', () => {
    chat.tell({ deliveries: [delivery(1), delivery(2, { attempt: 1 }), delivery(3, { node: 'c' })] });
    expect(chat.said).toEqual([
      {
        what: 'seen',
        node: 'b',
        seen: [
          [1, 0],
          [2, 1],
        ],
      },
      { what: 'seen', node: 'c', seen: [[3, 0]] },
    ]);
  });

  test('says no more at once than the protocol takes', () => {
    chat.tell({ deliveries: Array.from({ length: 1_100 }, (_, n) => delivery(n)) });
    expect(chat.said.map((word) => (word.what === 'seen' ? word.seen.length : 0))).toEqual([500, 500, 100]);
  });

  test('is the same node again after a lost connection, with its topics and in its class', () => {
    joined('A', 'a');
    store.subscribeTo('a', 'news', true);
    store.joinClass('XYZ', 'a');
    chat.go('offline');
    chat.said.length = 0;
    chat.go('online');
    const open = { code: 'XYZ', teacher: 't', dials: 'teacher', openedAt: 1, nodes: 0, question: null } as const;
    chat.tell(firstNews({ you: { server: 's2', nodes: [] }, class: open }));
    expect(chat.said).toMatchObject([{ what: 'join', name: 'A', node: 'a' }]);
    const { ref } = chat.last('join');
    chat.tell({ you: { server: 's2', nodes: ['a'], ref: ref! }, nodesChanged: [node('a')] });
    expect(chat.said.slice(1)).toMatchObject([
      { what: 'subscribe', node: 'a', topic: 'news', on: true },
      { what: 'class-join', code: 'XYZ', node: 'a' },
    ]);
  });

  test('tries again while its old connection is not known to be gone, and gives up in the end', () => {
    joined('A', 'a');
    chat.tell(firstNews());
    const refuse = (): void =>
      chat.tell({ error: { code: 'name-taken', message: '', about: 'join', ref: chat.last('join').ref! } });
    const before = chat.said.length;
    refuse();
    expect(store.state.refusals.join).toBeUndefined();
    vi.advanceTimersByTime(1_000);
    expect(chat.said.slice(before)).toMatchObject([{ what: 'join', node: 'a' }]);
    for (let tries = 0; tries < 30; tries++) {
      refuse();
      vi.advanceTimersByTime(1_000);
    }
    expect(store.state.refusals.join).toMatchObject({ code: 'name-taken' });
    expect(chat.said.length).toBeLessThan(30);
  });

  test('a name that is taken is refused where it was asked for, and not tried again', () => {
    store.join('A');
    chat.tell({ error: { code: 'name-taken', message: '', about: 'join', ref: chat.last('join').ref! } });
    expect(store.state.refusals.join).toEqual({ code: 'name-taken' });
    vi.advanceTimersByTime(60_000);
    expect(chat.said).toHaveLength(1);
    store.join('B');
    expect(store.state.refusals.join).toBeUndefined();
  });

  test('a node that was left stays gone', () => {
    joined('A', 'a');
    store.leave('a');
    chat.tell(firstNews());
    expect(chat.said.filter(({ what }) => what === 'join')).toHaveLength(1);
  });

  test('with no server to hear it, says so', () => {
    chat.go('offline');
    expect(store.say('dials', { what: 'dials', change: { loss: 0.5 } })).toBe(false);
    expect(store.state.refusals.dials).toEqual({ code: 'offline' });
  });

  test('reasons come with the dials that they are about', () => {
    store.say('dials', { what: 'dials', change: { loss: 2 } });
    const problems = [{ setting: 'loss', reason: 'too-large', bound: 1 }] as const;
    chat.tell({ error: { code: 'bad-dials', message: '', about: 'dials', ref: chat.last('dials').ref!, problems } });
    expect(store.state.refusals).toEqual({ dials: { code: 'bad-dials', problems } });
  });

  test('goes on watching for its nodes when the page is left, and ends with them', () => {
    joined('A', 'a');
    stop();
    expect(chat.watching).toBe(1);
    store.leave('a');
    chat.tell({ you: { server: 's1', nodes: [] } });
    expect(chat.watching).toBe(0);
  });

  test('is drawn a few times a second, however fast the news come', () => {
    let drawn = 0;
    store.subscribe(() => {
      drawn += 1;
    });
    vi.advanceTimersByTime(1_000);
    for (let at = 0; at < 100; at++) {
      chat.tell({ deliveries: [delivery(at)] });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1_000);
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(12);
    expect(store.state.model.boxes.get('b')?.received).toBe(100);
  });

  test('is drawn more seldom where drawing takes long, and answers all the same', () => {
    let clock = 10_000;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => clock);
    let drawn = 0;
    store.subscribe(() => {
      drawn += 1;
      clock += 200;
    });
    for (let at = 0; at < 400; at++) {
      chat.tell({ deliveries: [delivery(at)] });
      clock += 10;
      vi.advanceTimersByTime(10);
    }
    now.mockRestore();
    expect(drawn).toBeGreaterThan(2);
    expect(drawn).toBeLessThan(12);
    expect(chat.said.filter(({ what }) => what === 'seen')).toHaveLength(400);
  });
});
