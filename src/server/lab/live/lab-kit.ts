/** For tests of the lab on real servers: a socket that watches it and behaves as a page does, without the SDK. */
import type { LabNews, LabWords, NewsFrame } from '../../../protocol/index.ts';
import type { TestCluster, TestSocket } from '../../test-kit.ts';

/** A page: what it has been told, and its nodes. It says `seen` of all that is delivered to it. */
export class LabPage {
  readonly socket: TestSocket;
  readonly user: string;
  #read = 0;

  constructor(socket: TestSocket, user: string) {
    this.socket = socket;
    this.user = user;
    socket.ws.on('message', () => this.#see());
    socket.send({ type: 'watch', channel: 'lab', on: true });
  }

  news(): readonly LabNews[] {
    return this.socket.frames.flatMap((frame) =>
      frame.type === 'news' && frame.channel === 'lab' ? [(frame as NewsFrame).body as LabNews] : [],
    );
  }

  say(word: LabWords): void {
    this.socket.send({ type: 'say', channel: 'lab', body: word });
  }

  /** The first of what the news give, from the place `from` on. */
  until<T>(gives: (news: LabNews) => T | null | undefined | false, from = 0, what = gives.toString()): Promise<T> {
    return this.socket.until(() => {
      for (const news of this.news().slice(from)) {
        const value = gives(news);
        if (value !== null && value !== undefined && value !== false) return value;
      }
      return null;
    }, what);
  }

  /** What comes after this is new. */
  get place(): number {
    return this.news().length;
  }

  /** Becomes a node; gives its id. */
  async join(name: string, node?: string): Promise<string> {
    const ref = `join ${name} ${this.place}`;
    const word = { what: 'join', name, ref } as const;
    this.say(node === undefined ? word : { ...word, node });
    return this.until(({ you, error }) => {
      if (error?.ref === ref) throw new Error(`join: ${error.code}`);
      return you?.ref === ref && you.nodes.at(-1);
    });
  }

  /** What is said is refused so. */
  async refusal(word: LabWords): Promise<string> {
    const ref = `refused ${this.place} ${Math.trunc(performance.now())}`;
    this.say({ ...word, ref });
    return this.until(({ error }) => error?.ref === ref && error.code);
  }

  #see(): void {
    const news = this.news();
    const seen = new Map<string, [number, number][]>();
    for (const { deliveries = [] } of news.slice(this.#read)) {
      for (const { node, message, attempt } of deliveries) {
        const pairs = seen.get(node) ?? [];
        pairs.push([message, attempt]);
        seen.set(node, pairs);
      }
    }
    this.#read = news.length;
    for (const [node, pairs] of seen) this.say({ what: 'seen', node, seen: pairs });
  }
}

/** A new person’s page at the server of this place. */
export const openLabPage = async (cluster: TestCluster, name: string, at = 0): Promise<LabPage> => {
  const { user, token } = await cluster.join(name, at);
  const page = new LabPage(await cluster.socket(token, { at }), user.id);
  await page.until(({ dials }) => dials);
  return page;
};
