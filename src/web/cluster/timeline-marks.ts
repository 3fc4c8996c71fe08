/**
 * What is marked on the timeline of the last ten minutes, and who led when. Pure: made of events and takeovers, each
 * once, in the order of time.
 */
import type { ClusterEvent, TakeoverView } from '../../protocol/index.ts';
import { subjectOf } from './sequence-roles.ts';

/** How far back one can look. */
export const windowMs = 600_000;

export const markKinds = ['failed', 'death', 'takeover', 'acted'] as const;
export type MarkKind = (typeof markKinds)[number];

export interface Mark {
  readonly id: string;
  readonly at: number;
  readonly kind: MarkKind;
  /** Whom it is about: who died, who took over, to whom something was done. */
  readonly server: string;
  /** Of a request that its primary died of. */
  readonly label: string | null;
  readonly epoch: number;
  readonly action: string | null;
}

/** The same death is told by who sees it coming and by who finds it: all that is told within this time is one. */
const sameDeathMs = 5_000;

/** When somebody began to lead, as near as it was measured. */
export const beganAt = ({ durableAt, lockedAt, detectedAt, acknowledgedAt }: TakeoverView): number | null =>
  durableAt ?? lockedAt ?? detectedAt ?? acknowledgedAt;

/** The label of a request that its primary died of is known only later, from what is told of it then. */
const labelsOf = (events: readonly ClusterEvent[]): ReadonlyMap<string, string> =>
  new Map(
    events.flatMap(({ request, label }) =>
      request === undefined || label === undefined ? [] : [[request, label] as const],
    ),
  );

/** @param events by time */
export const marksOf = (events: readonly ClusterEvent[], takeovers: readonly TakeoverView[]): readonly Mark[] => {
  const labels = labelsOf(events);
  const marks: Mark[] = [];
  const deaths = new Map<string, number>();
  const mark = (event: ClusterEvent, kind: MarkKind, server: string): void => {
    const label = event.label ?? labels.get(event.request ?? '') ?? null;
    const { id, at, epoch, action = null } = event;
    marks.push({ id, at, kind, server, label, epoch, action });
  };
  for (const event of events) {
    const { what, at, request, server } = event;
    if (what === 'acted') mark(event, 'acted', server);
    if (what !== 'dying' && what !== 'server-down') continue;
    const subject = subjectOf(event);
    const before = deaths.get(subject);
    deaths.set(subject, at);
    if (before !== undefined && at - before <= sameDeathMs) continue;
    mark(event, what === 'dying' && request !== undefined ? 'failed' : 'death', subject);
  }
  for (const takeover of takeovers) {
    const { epoch, primary, cause } = takeover;
    const at = beganAt(takeover);
    if (at === null || cause === 'founded') continue;
    marks.push({ id: `epoch-${epoch}`, at, kind: 'takeover', server: primary, label: null, epoch, action: null });
  }
  return marks.sort((a, b) => a.at - b.at);
};

/** A stretch of time in which one server led; `server` is null while nobody did. */
export interface Band {
  readonly id: string;
  readonly server: string | null;
  readonly epoch: number;
  readonly from: number;
  readonly until: number;
}

/** Who led between two moments. Before the first takeover that is known, its `previous` did. */
export const bandsOf = (takeovers: readonly TakeoverView[], from: number, until: number): readonly Band[] => {
  const known = takeovers.flatMap((takeover) => {
    const began = beganAt(takeover);
    return began === null ? [] : [{ ...takeover, began, lostAt: Math.min(began, takeover.lastSignAt ?? began) }];
  });
  known.sort((a, b) => a.began - b.began);
  const bands: Band[] = [];
  const add = (id: string, server: string | null, epoch: number, start: number, end: number): void => {
    const [first, last] = [Math.max(from, start), Math.min(until, end)];
    if (last > first) bands.push({ id, server, epoch, from: first, until: last });
  };
  const [first] = known;
  if (first !== undefined && first.previous !== null)
    add('before', first.previous, first.epoch - 1, from, first.lostAt);
  for (const [place, one] of known.entries()) {
    if (one.lostAt < one.began) add(`none-${one.epoch}`, null, one.epoch, one.lostAt, one.began);
    add(`led-${one.epoch}`, one.primary, one.epoch, one.began, known[place + 1]?.lostAt ?? until);
  }
  return bands;
};

/** Marks that would lie on each other, as one: the gravest of them stands for all. */
export interface MarkGroup {
  readonly mark: Mark;
  readonly count: number;
}

/** @param apartMs marks nearer to each other than this are one */
export const groupsOf = (marks: readonly Mark[], apartMs: number): readonly MarkGroup[] => {
  const groups: { mark: Mark; count: number; last: number }[] = [];
  for (const mark of marks) {
    const group = groups.at(-1);
    if (group === undefined || mark.at - group.last > apartMs) {
      groups.push({ mark, count: 1, last: mark.at });
      continue;
    }
    group.count++;
    if (markKinds.indexOf(mark.kind) < markKinds.indexOf(group.mark.kind)) group.mark = mark;
  }
  return groups;
};
