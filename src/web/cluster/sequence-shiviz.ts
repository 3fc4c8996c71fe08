/**
 * The events with vector clocks, as ShiViz reads them (https://bestchai.bitbucket.io/shiviz): the first line is the
 * expression that reads the log, the second would part several runs, and then two lines an event. Who sends requests has
 * lines of their own: that they sent a request before it was taken, and got the answer after it left, nobody has to tell.
 */
import type { ClusterEvent } from '../../protocol/index.ts';
import type { Built } from './sequence-build.ts';

/** ShiViz's own default, which it says on its page; a host's name has no white space in it. */
export const shivizExpression = '(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})';

type Clock = Map<string, number>;

const sentence = ({ what, peer, label, epoch, upto, reason, action, server }: ClusterEvent): string =>
  [
    what,
    action,
    label,
    peer === undefined || peer === server ? undefined : `(${peer})`,
    upto === undefined ? undefined : `at ${upto}`,
    `in epoch ${epoch}`,
    reason === undefined ? undefined : `because ${reason}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
    .replace(/\s+/g, ' ');

/** People by what they are called in the log, in the order in which they first ask for something. */
class People {
  readonly #names = new Map<string, string>();
  readonly #taken: ReadonlySet<string>;
  readonly #byRequest = new Map<string, string>();

  constructor(events: readonly ClusterEvent[]) {
    this.#taken = new Set(events.flatMap(({ server, peer = server }) => [server, peer]));
    for (const { request, by } of events)
      if (request !== undefined && by !== undefined) this.#byRequest.set(request, by);
  }

  /** Who sent a request. */
  of({ request = '' }: ClusterEvent): string {
    const id = this.#byRequest.get(request) ?? '';
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    let name = `person-${this.#names.size + 1}`;
    while (this.#taken.has(name)) name += '-';
    this.#names.set(id, name);
    return name;
  }
}

export const shivizOf = ({ events, causes }: Pick<Built, 'events' | 'causes'>): string => {
  const people = new People(events);
  const causesOf = new Map<string, string[]>();
  for (const { from, to } of causes) causesOf.set(to, [...(causesOf.get(to) ?? []), from]);
  /** The clock of each host now, and what it was at each event. */
  const hosts = new Map<string, Clock>();
  const stamps = new Map<string, Clock>();
  const lines: string[] = [shivizExpression, ''];

  const write = (host: string, text: string, after: readonly Clock[]): Clock => {
    const clock: Clock = new Map(hosts.get(host) ?? []);
    for (const other of after) {
      for (const [name, count] of other) clock.set(name, Math.max(count, clock.get(name) ?? 0));
    }
    clock.set(host, (hosts.get(host)?.get(host) ?? 0) + 1);
    hosts.set(host, clock);
    lines.push(text, `${host} ${JSON.stringify(Object.fromEntries(clock))}`);
    return clock;
  };

  for (const event of events) {
    const after = (causesOf.get(event.id) ?? []).flatMap((id) => stamps.get(id) ?? []);
    const what = event.label ?? 'a request';
    if (event.what === 'request-taken') after.push(write(people.of(event), `sends ${what}`, []));
    const stamp = write(event.server, sentence(event), after);
    stamps.set(event.id, stamp);
    if (event.what === 'request-answered') write(people.of(event), `has the answer to ${what}`, [stamp]);
  }
  return `${lines.join('\n')}\n`;
};
