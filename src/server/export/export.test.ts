/** Rooms as files: whole, in order, for those who may read them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits, type Message, type User } from '../../protocol/index.ts';
import { startTestCluster, type TestCluster } from '../test-kit.ts';

interface Member {
  readonly token: string;
  readonly user: User;
}

let cluster: TestCluster;
let ann: Member;
let bo: Member;

beforeAll(async () => {
  cluster = await startTestCluster();
  ann = await cluster.join('Ann *Lee*');
  bo = await cluster.join('Bo');
});

afterAll(() => cluster?.close());

const api = async (
  who: Member,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ id: string; room?: string }> => {
  const answer = await cluster.ask(method, `/api/v1${path}`, {
    token: who.token,
    ...(body === undefined ? {} : { body }),
  });
  expect(answer).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
  return answer.body as { id: string; room?: string };
};

const makeRoom = async (name: string, access = 'open'): Promise<void> => {
  await api(ann, 'POST', '/rooms', { name, access, topic: 'What *to* do' });
};
const post = async (who: Member, room: string, text: string, more = {}): Promise<string> =>
  (await api(who, 'POST', `/rooms/${room}/messages`, { text, ...more })).id;
const exported = (who: Member, room: string, query = '') =>
  cluster.ask('GET', `/api/v1/rooms/${room}/export${query}`, { token: who.token });

interface Exported {
  readonly format: string;
  readonly room: { readonly name: string };
  readonly members: readonly { readonly name: string }[];
  readonly messages: readonly Omit<Message, 'room'>[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly count: number;
}

describe('a room as a file', () => {
  it('has everything that the room has, as JSON', async () => {
    await makeRoom('plans');
    await api(bo, 'POST', '/rooms/plans/join');
    const first = await post(ann, 'plans', 'Tea?');
    const answer = await post(bo, 'plans', 'Yes', { replyTo: first });
    await api(bo, 'PUT', `/messages/${first}/reactions/${encodeURIComponent('👍')}`);
    await api(ann, 'PUT', `/messages/${answer}/pin`);
    const gone = await post(ann, 'plans', 'never mind');
    await api(ann, 'DELETE', `/messages/${gone}`);
    await api(ann, 'PATCH', `/messages/${first}`, { text: 'Green tea?' });
    await api(bo, 'POST', '/rooms/plans/leave');

    const { status, headers, body } = await exported(ann, 'plans');
    expect(status).toBe(200);
    const today = new Date().toISOString().slice(0, 10);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="plans-${today}.json"; filename*=UTF-8''plans-${today}.json`,
    );
    const { messages, people, ...rest } = body as Exported;
    expect(rest).toMatchObject({
      format: 'estafet-room',
      version: 1,
      room: { name: 'plans', topic: 'What *to* do', access: 'open' },
      members: [{ name: 'Ann *Lee*' }],
      count: 3,
    });
    expect(messages).toMatchObject([
      { id: first, text: 'Green tea?', by: ann.user.id, reactions: [{ emoji: '👍', count: 1, by: [bo.user.id] }] },
      { id: answer, text: 'Yes', replyTo: { id: first }, pinned: { by: ann.user.id } },
      { id: gone, text: '', deleted: true },
    ]);
    expect(messages[0]?.editedAt).toBeGreaterThan(0);
    expect(people.map(({ name }) => name).sort()).toEqual(['Ann *Lee*', 'Bo']);
    expect(await exported(ann, 'plans')).toMatchObject({ body: JSON.parse(JSON.stringify(body)) });
  });

  it('can be read as Markdown, in which nobody breaks out of what they said', async () => {
    await makeRoom('lines');
    const first = await post(ann, 'lines', '# No heading\n<b>no tag</b> but `<code>`\n```\n# code <b>');
    await post(ann, 'lines', 'after it', { replyTo: first });
    const { headers, body } = await exported(ann, 'lines', '?format=markdown&zone=America/Sao_Paulo');
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(headers.get('content-disposition')).toContain('.md"');
    const text = String(body)
      .replace(/entry \d+/, 'entry N')
      .replace(/\d{4}-\d\d-\d\d/, 'DAY')
      .replace(/\d\d:\d\d$/gm, 'TIME');
    expect(text).toBe(`# lines

What \\*to\\* do

Estafet, up to entry N. Times are of America/Sao_Paulo. Members: Ann \\*Lee\\*.

## DAY

**Ann \\*Lee\\*** TIME

\\# No heading
\\<b>no tag\\</b> but \`<code>\`
\`\`\`
# code <b>
\`\`\`

**Ann \\*Lee\\*** TIME

> **Ann \\*Lee\\*:** \\# No heading \\<b\\>no tag\\</b\\> but \\\`\\<code\\>\\\` \\\`\\\`\\\` \\# code \\<b\\>

after it

---

*2 messages.*
`);
  });

  it('is whole and in order, however many pages it has', async () => {
    await makeRoom('long');
    const socket = await cluster.socket(ann.token);
    const count = limits.pageMaxMessages * 2 + 1;
    const ids = Array.from({ length: count }, (_, n) => socket.do('message.post', { room: 'long', text: `${n}` }));
    await Promise.all(ids.map((one) => socket.frame('done', ({ id }) => id === one)));
    const { body } = await exported(ann, 'long');
    expect((body as Exported).messages.map(({ text }) => text)).toEqual(ids.map((_, n) => `${n}`));
    expect((body as Exported).count).toBe(count);
    const markdown = String((await exported(ann, 'long', '?format=markdown')).body);
    expect(markdown).toContain(`*${count} messages.*`);
  });

  it('is for those who may read the room', async () => {
    await makeRoom('secret', 'closed');
    expect(await exported(ann, 'secret')).toMatchObject({ status: 200 });
    expect(await exported(bo, 'secret')).toMatchObject({ status: 404, body: { error: { code: 'no-such-room' } } });
    expect(await cluster.ask('GET', '/api/v1/rooms/secret/export')).toMatchObject({ status: 401 });
    expect(await exported(ann, 'plans', '?format=pdf')).toMatchObject({ status: 400 });
    expect(await exported(ann, 'plans', '?zone=Nowhere')).toMatchObject({ status: 400 });
  });

  it('is not gone through for who asks for the head only', async () => {
    const idle = await startTestCluster({ limits: { exportsAtOnceMax: 0 } });
    try {
      const { token } = await idle.join('Ann');
      const path = '/api/v1/rooms/general/export';
      expect(await idle.ask('GET', path, { token })).toMatchObject({ status: 503 });
      const { status, headers } = await idle.ask('HEAD', path, { token });
      expect([status, headers.get('content-disposition')]).toEqual([200, expect.stringContaining('general-')]);
      expect(await idle.ask('HEAD', '/api/v1/rooms/nowhere/export', { token })).toMatchObject({ status: 404 });
    } finally {
      await idle.close();
    }
  });

  it('has a name that every disk takes', async () => {
    await makeRoom('日本-çay');
    const name = (await exported(ann, encodeURIComponent('日本-çay'))).headers.get('content-disposition') ?? '';
    expect(name).toMatch(/^attachment; filename="cay-[-\d]+\.json"; filename\*=UTF-8''%E6%97%A5[-%\w]+\.json$/);
    const { room } = await api(ann, 'POST', '/direct', { users: [bo.user.id] });
    await post(bo, room ?? '', 'between us');
    const direct = await exported(ann, room ?? '', '?format=markdown');
    expect(direct.headers.get('content-disposition')).toContain('filename="Bo-');
    expect(String(direct.body)).toMatch(/^# Bo\n/);
    expect((await exported(bo, room ?? '')).headers.get('content-disposition')).toContain('filename="Ann-Lee-');
  });
});
