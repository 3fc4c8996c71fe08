/**
 * The channel `lab` on one server. The lab runs on the primary's server; here is what its other servers do, and how the
 * primary's own does the same: what sockets say goes to the host, what the host tells goes to sockets, between servers
 * over the relay. Every server knows what all have been told, so that newcomers need not ask, and so that whoever becomes
 * primary goes on from there: nodes stay where they sit, dials and class stay, what was on its way is lost.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { Chat } from '../../../chat/index.ts';
import type { ReplicatedLog, Topology } from '../../../log/index.ts';
import type { LabNews, LabNode, LabWords } from '../../../protocol/index.ts';
import type { EdgeLimits, Logger } from '../../options.ts';
import type { Channel, Watcher } from '../../socket/channels.ts';
import { clockMs, Hosting } from './hosting.ts';
import { type Kept, Known } from './known.ts';
import { Relay } from './relay.ts';
import type { Seat, Speaker } from './seat.ts';
import { newsFrame, refuse, tell, type Viewer, Viewers } from './viewers.ts';
import { aboutOf, readWord } from './words.ts';

/** Letters and digits that nobody takes for one another. */
const codeSigns = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const newCode = (): string => Array.from({ length: 5 }, () => codeSigns[randomInt(codeSigns.length)]).join('');

/** What a server says to the host of its sockets, now and then. */
interface Account {
  readonly nodes: readonly (readonly [LabNode, Seat])[];
  /** Casts that were lost on their way here. */
  readonly lost: number;
  /** Whether it wants to be told everything. */
  readonly isBehind: boolean;
  /** Whether the class's teacher has a page open there. */
  readonly hasTeacher: boolean;
}

export class LabChannel implements Channel {
  readonly #chat: Chat;
  readonly #limits: EdgeLimits;
  readonly #self: string;
  readonly #relay: Relay;
  readonly #known: Known;
  readonly #viewers: Viewers;
  readonly #hosting: Hosting;
  readonly #unsubscribe: () => void;
  readonly #interval: NodeJS.Timeout;
  /** Runs while there is a new primary that the lab does not follow yet. */
  #following: NodeJS.Timeout | null = null;
  #primary: string | null = null;
  #up: ReadonlySet<string> = new Set();
  /** Casts lost on their way here. */
  #lost = 0;
  /** Whether what is known here may lack something that the host has told. */
  #isBehind = true;
  #everything: string | null = null;

  constructor(log: ReplicatedLog, chat: Chat, limits: EdgeLimits, logger: Logger) {
    this.#chat = chat;
    this.#limits = limits;
    const topology = log.topology();
    this.#self = topology.self;
    const life = randomInt(2 ** 32);
    this.#known = new Known(limits);
    this.#viewers = new Viewers(limits, `${this.#self}:${life.toString(36)}`);
    this.#relay = new Relay(log, limits, life, {
      heard: (from, text) => this.#hosting.guard(() => this.#heard(from, text)),
      tooLong: (to, bytes) => logger.error({ to, bytes }, 'something that the lab says is too long, and is not said'),
      lost: (from, casts) => {
        this.#lost += casts;
        if (from === this.#primary) this.#isBehind = true;
        this.#hosting.host?.lost(this.#self, this.#lost);
      },
    });
    this.#hosting = new Hosting(limits, logger, {
      start: () => ({
        server: this.#self,
        seed: randomInt(2 ** 47),
        limits,
        known: this.#known,
        isUp: (server) => this.#up.has(server),
        newId: randomUUID,
        newCode,
      }),
      told: (seat, news) => this.#tellSeat(seat, news),
      toldAll: (news) => {
        const json = JSON.stringify(news);
        this.#relay.sendAll(`N${json}`);
        this.#shared(news, json);
      },
      kept: (kept) => {
        this.#known.kept = kept;
        this.#relay.sendAll(`K${JSON.stringify(kept)}`);
      },
    });
    this.#unsubscribe = log.onTopology((now, change) => {
      if (change !== 'roles') return;
      const isNew = now.primary !== null && now.primary !== this.#primary;
      this.#rolesChanged(isNew ? { ...now, primary: null } : now);
      if (!isNew) return;
      this.#following ??= setTimeout(() => {
        this.#following = null;
        this.#rolesChanged(log.topology());
      }, limits.labFollowMs).unref();
    });
    this.#interval = setInterval(() => this.#giveAccount(), limits.labAccountIntervalMs).unref();
    this.#rolesChanged(topology);
  }

  enter(watcher: Watcher): void {
    const viewer = this.#viewers.enter(watcher, clockMs());
    this.#tellEverything(viewer);
  }

  leave(watcher: Watcher): void {
    const viewer = this.#viewers.of(watcher);
    if (viewer === undefined) return;
    this.#viewers.leave(viewer);
    if (viewer.nodes.length === 0) return;
    if (this.#hosting.host !== null) this.#hosting.step((host, nowMs) => host.gone(viewer.seat, nowMs));
    else if (this.#primary !== null) this.#relay.send(this.#primary, `G${viewer.seat}`);
  }

  said(watcher: Watcher, body: unknown): void {
    const viewer = this.#viewers.of(watcher);
    if (viewer === undefined) return;
    const nowMs = clockMs();
    const { about, ref } = aboutOf(body);
    if (!(about === 'seen' ? viewer.seen : viewer.words).take(nowMs)) {
      if (nowMs - viewer.floodToldMs < this.#limits.labFloodToldMs) return;
      viewer.floodToldMs = nowMs;
      refuse(viewer, nowMs, 'flood', about, ref);
      return;
    }
    const word = readWord(body);
    if (word === null) refuse(viewer, nowMs, 'bad-word', about, ref);
    else if (this.#primary === null || this.#isBroken) refuse(viewer, nowMs, 'no-lab', about, ref);
    else this.#passOn(viewer, word);
  }

  stop(): void {
    this.#unsubscribe();
    clearTimeout(this.#following ?? undefined);
    this.#relay.stop();
    clearInterval(this.#interval);
    this.#hosting.end();
  }

  /** The lab should run here, and does not yet. */
  get #isBroken(): boolean {
    return this.#primary === this.#self && this.#hosting.host === null;
  }

  #passOn({ seat, watcher }: Viewer, word: LabWords): void {
    const user = this.#chat.user(watcher.userId);
    // Who has just come may not be in this server's chat yet; they were let in as somebody.
    const { name = '', role = 'member' } = user ?? {};
    const speaker: Speaker = { seat, server: this.#self, user: watcher.userId, name, isGuest: role === 'guest' };
    if (this.#hosting.host !== null) this.#hosting.step((host, nowMs) => host.heard(speaker, word, nowMs));
    else this.#relay.send(this.#primary!, `W${JSON.stringify([speaker, word])}`);
  }

  #tellSeat(seat: Seat, news: LabNews): void {
    const viewer = this.#viewers.at(seat);
    if (viewer === undefined) {
      const server = seat.slice(0, seat.indexOf(':'));
      if (server !== this.#self) this.#relay.send(server, `P${seat} ${JSON.stringify(news)}`);
      return;
    }
    if (news.you !== undefined) viewer.nodes = news.you.nodes;
    tell(viewer, news);
  }

  /** All are told this. */
  #shared(news: LabNews, json: string): void {
    this.#known.take(news);
    this.#everything = null;
    this.#viewers.tellAll(json, () => this.#everythingKnown());
  }

  #everythingKnown(): string {
    this.#everything ??= JSON.stringify(this.#known.all(clockMs(), this.#primary));
    return this.#everything;
  }

  #tellEverything(viewer: Viewer): void {
    const you = { server: this.#self, nodes: viewer.nodes };
    const json = `${this.#everythingKnown().slice(0, -1)},"you":${JSON.stringify(you)}}`;
    viewer.isBehind = !viewer.watcher.tell(newsFrame(json));
  }

  #heard(from: string, text: string): void {
    const rest = text.slice(1);
    switch (text[0]) {
      case 'W': {
        const [speaker, word] = JSON.parse(rest) as [Speaker, LabWords];
        this.#hosting.step((host, nowMs) => host.heard(speaker, word, nowMs));
        return;
      }
      case 'G':
        this.#hosting.step((host, nowMs) => host.gone(rest, nowMs));
        return;
      case 'A':
        this.#accountOf(from, JSON.parse(rest) as Account);
        return;
      case 'N':
        if (from === this.#primary) this.#shared(JSON.parse(rest) as LabNews, rest);
        return;
      case 'P': {
        const end = rest.indexOf(' ');
        this.#tellSeat(rest.slice(0, end), JSON.parse(rest.slice(end + 1)) as LabNews);
        return;
      }
      case 'K':
        if (from === this.#primary) this.#known.kept = JSON.parse(rest) as Kept;
        return;
      case 'F':
        if (from === this.#primary) this.#replace(...(JSON.parse(rest) as [LabNews, Kept]));
    }
  }

  /** The host has told everything anew. */
  #replace(news: LabNews, kept: Kept): void {
    this.#isBehind = false;
    this.#known.replace(news, kept);
    this.#everything = null;
    for (const viewer of this.#viewers.all()) this.#tellEverything(viewer);
  }

  #rolesChanged({ primary, replicas }: Topology): void {
    const up = new Set(replicas.flatMap(({ name, role }) => (role === 'down' ? [] : [name])));
    const gone = [...this.#up].filter((name) => !up.has(name));
    this.#up = up;
    const isOther = primary !== this.#primary;
    this.#primary = primary;
    if (isOther) {
      this.#everything = null;
      if (primary === this.#self) this.#begin();
      else this.#end();
    }
    for (const server of gone) this.#hosting.step((host, nowMs) => host.serverDown(server, nowMs));
  }

  /** The lab runs here from now on. */
  #begin(): void {
    this.#isBehind = false;
    this.#hosting.begin();
    this.#hosting.step((host) => host.lost(this.#self, this.#lost));
    // Who came here while nobody led, and wanted to be a node, could not be told so: now is the time to say it again.
    this.#everything = null;
    for (const viewer of this.#viewers.all()) this.#tellEverything(viewer);
  }

  /** The lab does not run here. */
  #end(): void {
    this.#hosting.end();
    if (this.#primary === null) {
      const json = JSON.stringify({ at: clockMs(), host: null } satisfies LabNews);
      this.#viewers.tellAll(json, () => this.#everythingKnown());
    } else {
      this.#isBehind = true;
      this.#giveAccount();
    }
  }

  /** Says which nodes the sockets here are, to the host: also when that is here. */
  #giveAccount(): void {
    const primary = this.#primary;
    if (primary === null) return;
    const teacher = this.#known.class?.teacher;
    const viewers = [...this.#viewers.all()];
    const nodes = viewers.flatMap(({ seat, nodes: ids }) =>
      ids.flatMap((id): [LabNode, Seat][] => {
        const node = this.#known.node(id);
        return node === undefined ? [] : [[node, seat]];
      }),
    );
    const hasTeacher = viewers.some(({ watcher }) => watcher.userId === teacher);
    const account: Account = { nodes, lost: this.#lost, isBehind: this.#isBehind, hasTeacher };
    if (primary === this.#self) this.#accountOf(primary, account);
    else this.#relay.send(primary, `A${JSON.stringify(account)}`);
  }

  #accountOf(from: string, { nodes, lost, isBehind, hasTeacher }: Account): void {
    if (this.#hosting.host === null) return;
    this.#hosting.step((host, nowMs) => {
      host.account(from, nodes, isBehind, nowMs);
      host.lost(from, lost);
      if (hasTeacher) host.teacherSeen(nowMs);
    });
    if (!isBehind) return;
    const everything: [LabNews, Kept] = [this.#known.all(clockMs(), this.#self), this.#hosting.host.kept()];
    this.#relay.send(from, `F${JSON.stringify(everything)}`);
  }
}
