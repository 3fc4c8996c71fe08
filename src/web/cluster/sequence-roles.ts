/** Who led when, and who was gone when, as far as the events tell. */
import type { ClusterEvent } from '../../protocol/index.ts';
import type { Span } from './sequence-items.ts';

/** A server at the head of the log. */
export interface Lead {
  readonly epoch: number;
  readonly server: string;
  /** Null: it led before anything that is known. */
  readonly from: number | null;
  /** Null: it still leads. */
  readonly until: number | null;
}

/** Whom an event is about: that a server came or went may be told by another one. */
export const subjectOf = ({ what, server, peer }: ClusterEvent): string =>
  (what === 'server-up' || what === 'server-down') && peer !== undefined ? peer : server;

/** Events that only the primary of their epoch tells. */
const leading: ReadonlySet<ClusterEvent['what']> = new Set([
  'promoted',
  'sequenced',
  'sent',
  'stored',
  'committed',
  'dying',
  'stepped-down',
]);

/** Events after which the server that tells them leads no more. */
const ending: ReadonlySet<ClusterEvent['what']> = new Set(['dying', 'server-down', 'stepped-down', 'halted']);

/** Who led in the order of the epochs. `events` are in the order of time. */
export const leadsOf = (events: readonly ClusterEvent[]): readonly Lead[] => {
  const leads = new Map<number, { epoch: number; server: string; from: number | null; until: number | null }>();
  for (const event of events) {
    const { at, server, epoch, what, peer } = event;
    const leader = leading.has(what) ? server : what === 'following' || what === 'received' ? peer : undefined;
    const known = leads.get(epoch);
    if (leader !== undefined && known === undefined)
      leads.set(epoch, { epoch, server: leader, from: null, until: null });
    if (what === 'promoted') leads.set(epoch, { epoch, server, from: at, until: null });
    if (ending.has(what)) {
      for (const lead of leads.values()) if (lead.server === subjectOf(event)) lead.until ??= at;
    }
  }
  const inOrder = [...leads.values()].sort((a, b) => a.epoch - b.epoch);
  for (const [place, lead] of inOrder.entries()) {
    // A lead ends at the latest when the next one begins, though its end was told later.
    const next = inOrder[place + 1]?.from ?? null;
    if (next !== null && (lead.until === null || lead.until > next)) lead.until = next;
  }
  return inOrder;
};

/** Who led at `at`: of the epochs that had begun, the last. */
export const leadAt = (leads: readonly Lead[], at: number): Lead | null =>
  leads.findLast((lead) => lead.from === null || lead.from <= at) ?? null;

/** When a server is first known to be gone after `since`. */
export const goneAfter = (events: readonly ClusterEvent[], server: string, since: number): number | null => {
  for (const event of events) {
    if (event.at < since) continue;
    const itself = subjectOf(event) === server && (event.what === 'dying' || event.what === 'server-down');
    const seen = event.peer === server && (event.what === 'primary-lost' || event.what === 'primary-killed');
    if (itself || seen) return event.at;
  }
  return null;
};

/** Events that a server tells only when it is up. `server-down` is told by others. */
const alive = (what: ClusterEvent['what']): boolean => what !== 'server-down' && what !== 'dying' && what !== 'acted';

/** When servers led, and when they were gone. */
export const spansOf = (events: readonly ClusterEvent[], leads: readonly Lead[]): readonly Span[] => {
  const spans: Span[] = leads.map(({ epoch, server, from, until }) => ({
    id: `primary:${epoch}`,
    kind: 'primary',
    lane: server,
    epoch,
    from,
    until,
  }));
  const gone = new Map<string, { readonly id: string; readonly from: number }>();
  /** Servers that others have lost, and nothing was heard of since. */
  const lost = new Map<string, { readonly id: string; readonly from: number }>();
  const end = (lane: string, until: number | null): void => {
    const down = gone.get(lane);
    if (down === undefined) return;
    gone.delete(lane);
    spans.push({ id: down.id, kind: 'down', lane, epoch: null, from: down.from, until });
  };
  for (const event of events) {
    const { id, at, what, peer } = event;
    const server = subjectOf(event);
    if (what === 'dying' || what === 'server-down') {
      // That it is gone is told when somebody leads again; it was gone when it was lost.
      if (!gone.has(server)) gone.set(server, lost.get(server) ?? { id: `down:${id}`, from: at });
    } else if (alive(what)) {
      lost.delete(server);
      end(server, at);
    }
    const loses = (what === 'primary-lost' || what === 'primary-killed') && peer !== undefined;
    if (loses && !lost.has(peer)) lost.set(peer, { id: `down:${id}`, from: at });
  }
  for (const lane of gone.keys()) end(lane, null);
  return spans;
};
