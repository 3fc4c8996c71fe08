/**
 * Where everything on the diagram lies. Time runs downwards, a row a moment: what happens within a few milliseconds has
 * as much room as what takes seconds, and where nothing happened for long the rows say how long. Pure; what is drawn
 * on the page and what is exported are both laid out here.
 */
import {
  type Arrow,
  type Item,
  isStep,
  type Lane,
  momentsOf,
  type Note,
  type Sequence,
  type Span,
} from './sequence-items.ts';

export interface Frame {
  /** The whole width that there is. */
  readonly width: number;
  /** The height of a row. */
  readonly rowPx: number;
  /** Room for times at the left. */
  readonly gutter: number;
  /** No lane is narrower; where there is no room for that, the picture is wider than `width`. */
  readonly laneMin: number;
  /** Whether the steps of each copy are shown as well. */
  readonly steps: boolean;
}

export interface PlacedLane extends Lane {
  readonly x: number;
}

export interface PlacedArrow {
  readonly item: Arrow;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Where its words stand, and which end of them is there. */
  readonly labelX: number;
  readonly labelY: number;
  readonly anchor: 'start' | 'end';
}

export interface PlacedNote {
  readonly item: Note;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

export interface PlacedSpan {
  readonly item: Span;
  readonly x: number;
  readonly y1: number;
  readonly y2: number;
}

/** A time in the margin. `gapMs`: how long nothing happened before it, when that was long. */
export interface TimeMark {
  readonly y: number;
  readonly at: number;
  readonly gapMs: number | null;
  /** Whether the one before it is of the same second: then only what comes after the point is news. */
  readonly sameSecond: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly PlacedLane[];
  /** In the order of `y2`. */
  readonly arrows: readonly PlacedArrow[];
  /** In the order of `y`. */
  readonly notes: readonly PlacedNote[];
  readonly spans: readonly PlacedSpan[];
  readonly marks: readonly TimeMark[];
  /** The longest that an arrow reaches up from its end: what is to be drawn of a part begins no earlier. */
  readonly reach: number;
}

/** Nothing for so long is said, and has a row of its own. */
const gapMs = 1_000;
/** Times in the margin are at least so far apart. */
const markEveryPx = 66;
/** How far words are from the line that they belong to. */
const besidePx = 10;
const belowPx = 11;
/** Words need about so much room. */
const wordsPx = 112;
/** A message without an end is drawn so far of its way. */
const cutShort = 0.62;

const lanesAt = (
  lanes: readonly Lane[],
  { width, gutter, laneMin }: Frame,
): { readonly lanes: PlacedLane[]; readonly width: number } => {
  const lane = Math.max(laneMin, (width - gutter) / Math.max(1, lanes.length));
  const x = (place: number): number => gutter + (place + 0.5) * lane;
  return { lanes: lanes.map((one, place) => ({ ...one, x: x(place) })), width: gutter + lane * lanes.length };
};

/** The row of each place that something shown touches, and the rows at which a long time had passed. */
const rowsOf = (items: readonly Item[], clocks: readonly number[]) => {
  const used = new Set(items.flatMap((item) => momentsOf(item).map(({ place }) => place)));
  const rows = new Map<number, number>();
  const gaps = new Map<number, number>();
  let row = 0;
  let before: number | null = null;
  for (let place = 0; place < clocks.length; place++) {
    if (!used.has(place)) continue;
    const clock = clocks[place]!;
    if (before !== null && clock - before >= gapMs) {
      gaps.set(place, clock - before);
      row++;
    }
    rows.set(place, row++);
    before = clock;
  }
  return { rows, gaps, count: row };
};

/** How many of `clocks` are before `at`. */
const placesBefore = (clocks: readonly number[], at: number): number => {
  let [low, high] = [0, clocks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (clocks[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

const arrowAt = (
  item: Arrow,
  x: ReadonlyMap<string, number>,
  y: (place: number) => number,
  { width, rowPx }: Pick<Frame, 'width' | 'rowPx'>,
): PlacedArrow => {
  const [x1, xEnd] = [x.get(item.from)!, x.get(item.to)!];
  const y1 = y((item.left ?? item.arrived)!.place);
  const end = y((item.arrived ?? item.left)!.place);
  // One that never arrived still was on its way for a while.
  const y2 = item.fate === 'arrived' ? end : y1 + rowPx / 2;
  const x2 = item.fate === 'arrived' ? xEnd : x1 + (xEnd - x1) * cutShort;
  // Words stand where the arrow ends; those of a request stand with who sent it, where no other arrow begins.
  const atStart = item.what === 'taken';
  const towardsRight = atStart === xEnd > x1;
  const labelX = (atStart ? x1 : x2) + (towardsRight ? besidePx : -besidePx);
  const line = { item, x1, y1, x2, y2, labelY: y2 + belowPx };
  if (!towardsRight) return { ...line, labelX, anchor: 'end' };
  // At the edge of a narrow picture they end at the edge.
  return width - labelX < wordsPx
    ? { ...line, labelX: width - 4, anchor: 'end' }
    : { ...line, labelX, anchor: 'start' };
};

export const layOut = (sequence: Sequence, frame: Frame): Layout => {
  const items = frame.steps ? sequence.items : sequence.items.filter((item) => !isStep(item));
  const { lanes, width } = lanesAt(sequence.lanes, frame);
  const x = new Map(lanes.map((lane) => [lane.id, lane.x]));
  const { rows, gaps, count } = rowsOf(items, sequence.clocks);
  const y = (place: number): number => (rows.get(place)! + 0.75) * frame.rowPx;
  const height = (count + 1) * frame.rowPx;

  const arrows: PlacedArrow[] = [];
  /** Places at which an arrow comes to its lane from the right: a note there stands on the left. */
  const fromRight = new Set<number>();
  for (const item of items) {
    if (item.kind !== 'arrow') continue;
    const placed = arrowAt(item, x, y, { width, rowPx: frame.rowPx });
    arrows.push(placed);
    const { place } = (item.arrived ?? item.left)!;
    const onRight = item.arrived === null ? placed.x2 > placed.x1 : placed.x2 < placed.x1;
    if (onRight) fromRight.add(place);
  }
  const notes: PlacedNote[] = [];
  for (const item of items) {
    if (item.kind !== 'note') continue;
    const here = x.get(item.lane)!;
    const narrow = width - here < wordsPx && here > wordsPx;
    notes.push({ item, x: here, y: y(item.place), anchor: fromRight.has(item.place) || narrow ? 'end' : 'start' });
  }

  /** The height at which a time is: of the first moment that is shown and not before it. */
  const shown = [...rows.keys()];
  const shownClocks = shown.map((place) => sequence.clocks[place]!);
  const heightOf = (at: number): number => {
    const place = shown[placesBefore(shownClocks, at)];
    return place === undefined ? height : y(place);
  };
  const spans = sequence.spans.map((item) => ({
    item,
    x: x.get(item.lane)!,
    y1: item.from === null ? 0 : heightOf(item.from),
    y2: item.until === null ? height : heightOf(item.until),
  }));

  const marks: TimeMark[] = [];
  for (const place of shown) {
    const gap = gaps.get(place) ?? null;
    const before = marks.at(-1);
    if (before !== undefined && gap === null && y(place) - before.y < markEveryPx) continue;
    const at = sequence.clocks[place]!;
    const sameSecond = before !== undefined && gap === null && Math.floor(before.at / 1_000) === Math.floor(at / 1_000);
    if (at !== before?.at) marks.push({ y: y(place), at, gapMs: gap, sameSecond });
  }
  const reach = Math.max(0, ...arrows.map(({ y1, y2 }) => y2 - y1));
  return { width, height, lanes, arrows, notes, spans: spans.filter(({ y1, y2 }) => y2 > y1), marks, reach };
};

/** The part of a list, in the order of `y`, that lies between two heights. */
export const between = <T>(list: readonly T[], y: (item: T) => number, top: number, bottom: number): readonly T[] => {
  const first = (limit: number): number => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (y(list[middle]!) < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return list.slice(first(top), first(bottom));
};
