/** Search as people use it: through the HTTP API of real servers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchPage, User } from '../../protocol/index.ts';
import { startTestCluster, type TestCluster, until } from '../test-kit.ts';

interface Member {
  readonly token: string;
  readonly user: User;
}

let cluster: TestCluster;
let ann: Member;
let bo: Member;

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
  ann = await cluster.join('Ann Lee');
  bo = await cluster.join('Bo');
});

afterAll(() => cluster?.close());

const search = async (who: Member, q: string, more = '', at = 0): Promise<SearchPage> => {
  const { status, body } = await cluster.ask('GET', `/api/v1/search?q=${encodeURIComponent(q)}${more}`, who, at);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as SearchPage;
};

const textsOf = ({ hits }: SearchPage): string[] => hits.map(({ message }) => message.text);

const post = async (who: Member, room: string, text: string): Promise<{ id: string; index: number }> => {
  const { status, body } = await cluster.ask('POST', `/api/v1/rooms/${room}/messages`, { ...who, body: { text } });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body as { id: string; index: number };
};

describe('search', () => {
  it('finds at once what has just been said, on the server where it was said', async () => {
    for (let n = 0; n < 5; n++) {
      const { index } = await post(ann, 'general', `a quokka, number ${n}`);
      const page = await search(ann, `quokka ${n}`);
      expect(page.hits[0]?.message.index).toBe(index);
      expect(page.indexedUpTo).toBeGreaterThanOrEqual(index);
    }
    expect(textsOf(await search(bo, 'quokka', '&limit=3'))).toEqual([4, 3, 2].map((n) => `a quokka, number ${n}`));
  });

  it('shows where the words stand, and in which room', async () => {
    await post(ann, 'general', 'Olá, João disse «ação» às 10');
    const [hit] = (await search(bo, 'joao acao')).hits;
    expect(hit?.roomName).toBe('general');
    expect(hit?.ranges.map(([from, to]) => hit.message.text.slice(from, to))).toEqual(['João', 'ação']);
  });

  it('finds what a message says now, on every server', async () => {
    const { id, index } = await post(ann, 'general', 'a numbat');
    const path = `/api/v1/messages/${id}`;
    await cluster.ask('PATCH', path, { ...ann, body: { text: 'a bilby' } });
    expect(textsOf(await search(bo, 'bilby'))).toEqual(['a bilby']);
    expect(textsOf(await search(bo, 'numbat'))).toEqual([]);
    await until(async () => (await search(bo, 'bilby', '', 1)).hits[0]?.message.index === index);
    await cluster.ask('DELETE', path, ann);
    expect(textsOf(await search(bo, 'bilby'))).toEqual([]);
    await until(async () => (await search(bo, 'bilby', '', 1)).hits.length === 0);
  });

  it('finds nothing in rooms that are closed to who asks, and does not say whether there are such', async () => {
    await cluster.ask('POST', '/api/v1/rooms', { ...ann, body: { name: 'burrow', access: 'closed' } });
    await post(ann, 'burrow', 'a wombat');
    expect(textsOf(await search(ann, 'wombat'))).toEqual(['a wombat']);
    expect(textsOf(await search(bo, 'wombat'))).toEqual([]);
    const refusals = await Promise.all(
      ['burrow', 'nowhere'].map((room) => cluster.ask('GET', `/api/v1/search?q=in:${room}`, bo)),
    );
    const because = 'there is no such room, or it is closed to you.';
    expect(refusals.map(({ status, body }) => [status, body])).toEqual([
      [400, { error: { code: 'bad-query', message: `in:burrow: ${because}` } }],
      [400, { error: { code: 'bad-query', message: `in:nowhere: ${because}` } }],
    ]);
    expect(await cluster.ask('GET', '/api/v1/search?q=wombat')).toMatchObject({ status: 401 });
  });

  it('pages through what it finds, each once', async () => {
    for (let n = 0; n < 7; n++) await post(ann, 'general', `potoroo ${n}`);
    const found: string[] = [];
    for (let next: number | null = 0; next !== null; ) {
      const page: SearchPage = await search(bo, 'potoroo', `&limit=3${next === 0 ? '' : `&before=${next}`}`);
      found.push(...textsOf(page));
      next = page.next;
    }
    expect(found).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `potoroo ${n}`));
  });

  it('takes days as they are where one is', async () => {
    const { body } = await cluster.ask('GET', '/api/v1/search?q=tea%20on:2026&zone=Mars%2FOlympus', ann);
    expect(body).toMatchObject({ error: { code: 'bad-request', message: expect.stringContaining('Mars/Olympus') } });
    const today = new Date().toISOString().slice(0, 10);
    await post(ann, 'general', 'a dunnart');
    expect((await search(ann, `dunnart before:${today}`, '&zone=Asia/Jakarta')).hits).toHaveLength(0);
    expect((await search(ann, 'dunnart after:2020', '&zone=Asia/Jakarta')).hits).toHaveLength(1);
  });

  it('answers whatever it is asked', async () => {
    const odd = [
      '',
      ' ',
      '%00',
      '%22',
      '%F0%9F%8E%89',
      'NEAR(a%20b)',
      '*',
      'a*',
      'x'.repeat(200),
      '%C2%BD'.repeat(200),
    ];
    for (const q of [...odd, 'x'.repeat(201), '%ED%A0%80', 'from:', 'has:x', 'before:x', '-', '"', "'", 'text%3Aa']) {
      const { status, body } = await cluster.ask('GET', `/api/v1/search?q=${q}`, ann);
      if (status !== 200) expect({ q, status, body }).toMatchObject({ status: 400, body: { error: {} } });
    }
    for (const more of ['', '?q=a&limit=0', '?q=a&limit=51', '?q=a&before=-1', '?q=a&before=x', '?q=a&other=1']) {
      expect(await cluster.ask('GET', `/api/v1/search${more}`, ann)).toMatchObject({ status: 400 });
    }
    expect((await search(ann, 'a', '&before=9007199254740991')).hits.length).toBeGreaterThan(0);
  });
});

describe('a server with many searches', () => {
  it('refuses those that it has no place for, and goes on', async () => {
    const busy = await startTestCluster({ limits: { searchesWaitingMax: 2 } });
    try {
      const { token } = await busy.join('Ann');
      const ask = () => busy.ask('GET', '/api/v1/search?q=tea', { token });
      const answers = await Promise.all(Array.from({ length: 12 }, ask));
      const refused = answers.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]?.body).toMatchObject({ error: { code: 'overloaded' } });
      expect(answers.filter(({ status }) => status === 200).length).toBe(12 - refused.length);
      expect(await ask()).toMatchObject({ status: 200 });
    } finally {
      await busy.close();
    }
  });
});
