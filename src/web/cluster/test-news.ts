/** A cluster for tests of the page's logic: pieces of news as the servers would tell them. */
import type { ClusterNews, RequestView, ServerView, SupervisedView, TopologyView } from '../../protocol/index.ts';

export const serverView = (name: string, some: Partial<ServerView> = {}): ServerView => ({
  name,
  url: `http://127.0.0.1:${5000 + Number(name.slice(1))}`,
  pid: 100 + Number(name.slice(1)),
  role: name === 's1' ? 'primary' : 'backup',
  epoch: 1,
  last: 10,
  committed: 10,
  applied: 10,
  inSync: true,
  fetching: null,
  fingerprint: 'ab'.repeat(32),
  connections: 1,
  uptimeMs: 60_000,
  ...some,
});

/** `some`: by name, what is different about a server. */
export const topologyView = (
  count: number,
  some: Readonly<Record<string, Partial<ServerView>>> = {},
  rest: Partial<TopologyView> = {},
): TopologyView => {
  const servers = Array.from({ length: count }, (_, at) => serverView(`s${at + 1}`, some[`s${at + 1}`]));
  const primary = servers.find(({ role }) => role === 'primary');
  return { cluster: 'c', epoch: primary?.epoch ?? 1, primary: primary?.name ?? null, you: 's1', servers, ...rest };
};

export const processView = (name: string, some: Partial<SupervisedView> = {}): SupervisedView => ({
  name,
  port: 5000 + Number(name.slice(1)),
  pid: 100 + Number(name.slice(1)),
  state: 'running',
  startsAt: null,
  added: false,
  ...some,
});

export const requestView = (num: number, some: Partial<RequestView> = {}): RequestView => ({
  id: `r${num}`,
  label: `data-${num}`,
  index: num,
  epoch: 1,
  at: 1_000 + num,
  by: 'u1',
  processedBy: 's1',
  failed: null,
  ...some,
});

export const news = (at: number, some: Partial<ClusterNews> = {}): ClusterNews => ({
  at,
  server: 's1',
  chaos: true,
  ...some,
});
