/** Search as people use it: through the HTTP API of real servers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchPage, User } from '../../protocol/index.ts';
import { startTestCluster, type TestCluster } from '../test-kit.ts';

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
});
