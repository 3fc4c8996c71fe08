/**
 * One message’s story as a space-time diagram: a lane for its sender and one for each node that it went to, time from
 * above to below, each crossing a line between two lanes. Where it all lies, without drawing it. Pure.
 */
import type { LabStory } from '../../protocol/index.ts';

export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly x: number;
}

export interface Crossing {
  readonly key: string;
  readonly kind: 'data' | 'ack';
  readonly attempt: number;
  readonly lost: boolean;
  /** The message had come before. */
  readonly copy: boolean;
  /** Not there yet: it is on its way, or nobody has said that it came. */
  readonly open: boolean;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
  readonly crossings: readonly Crossing[];
  readonly ticks: readonly { readonly y: number; readonly ms: number }[];
  /** Where its sender was done with it. */
  readonly end: { readonly y: number; readonly confirmed: boolean } | null;
  /** Nodes that it went to and that have no lane. */
  readonly without: number;
}

/** Lanes of receivers that can be told apart on a phone. */
const lanesMax = 5;
const top = 44;
const bottom = 18;
const side = 64;
const tickMs = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 120_000];
const ticksAbout = 7;
/** A crossing that is lost gets so far. */
const lostShare = 0.55;

/** When the last thing happened, counted from the sending; never so little that nothing can be told apart. */
const lengthOf = (story: LabStory): number => {
  const times = story.attempts.flatMap(({ sentAtMs, arrivedAtMs, seenAtMs, ackArrivedAtMs, data, ack }) => [
    sentAtMs + data.latencyMs,
    seenAtMs ?? sentAtMs,
    ackArrivedAtMs ?? sentAtMs,
    arrivedAtMs !== null && ack !== null ? arrivedAtMs + ack.latencyMs : sentAtMs,
  ]);
  return Math.max(10, ...times.map((at) => at - story.sentAtMs), (story.endedAtMs ?? story.sentAtMs) - story.sentAtMs);
};

export const diagramOf = (story: LabStory, width: number, height: number): Diagram => {
  const shown = story.nodes.slice(0, lanesMax);
  const nameOf = (id: string): string => story.names[id] ?? id;
  const gap = (width - 2 * side) / Math.max(1, shown.length);
  const lanes: Lane[] = [
    { id: story.from, name: nameOf(story.from), x: side },
    ...shown.map((id, n) => ({ id, name: nameOf(id), x: side + gap * (n + 1) })),
  ];
  const lasted = lengthOf(story);
  const y = (at: number): number => top + ((at - story.sentAtMs) / lasted) * (height - top - bottom);
  const x = new Map(lanes.slice(1).map((lane) => [lane.id, lane.x]));

  const crossings = story.attempts.flatMap((one): Crossing[] => {
    const there = x.get(one.node);
    if (there === undefined) return [];
    const { attempt, sentAtMs, arrivedAtMs, seenAtMs, data, ack, ackArrivedAtMs, isCopy } = one;
    const arrives = arrivedAtMs ?? sentAtMs + data.latencyMs;
    const part = data.lost ? lostShare : 1;
    const sending: Crossing = {
      key: `${one.node} ${attempt} data`,
      kind: 'data',
      attempt,
      lost: data.lost,
      copy: isCopy,
      open: !data.lost && arrivedAtMs === null,
      from: [side, y(sentAtMs)],
      to: [side + (there - side) * part, y(sentAtMs + (arrives - sentAtMs) * part)],
    };
    if (ack === null || seenAtMs === null) return [sending];
    // The link takes the ACK from the moment it had the message there; what the page took is not the link’s.
    const leaves = ackArrivedAtMs === null ? arrives : ackArrivedAtMs - ack.latencyMs;
    const back = leaves + ack.latencyMs;
    const ackPart = ack.lost ? lostShare : 1;
    const answer: Crossing = {
      key: `${one.node} ${attempt} ack`,
      kind: 'ack',
      attempt,
      lost: ack.lost,
      copy: isCopy,
      open: false,
      from: [there, y(leaves)],
      to: [there - (there - side) * ackPart, y(leaves + (back - leaves) * ackPart)],
    };
    return [sending, answer];
  });

  const step = tickMs.find((ms) => lasted / ms <= ticksAbout) ?? tickMs.at(-1)!;
  const ticks = Array.from({ length: Math.floor(lasted / step) + 1 }, (_, n) => ({
    ms: n * step,
    y: y(story.sentAtMs + n * step),
  }));
  const isOver = story.endedAtMs !== null && story.confirmed !== null && story.method === 'pubsub';
  const end = isOver ? { y: y(story.endedAtMs!), confirmed: story.confirmed! } : null;
  return { width, height, lanes, crossings, ticks, end, without: story.nodes.length - shown.length };
};
