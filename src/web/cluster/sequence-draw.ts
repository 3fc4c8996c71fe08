/**
 * Draws the part of the diagram that is in sight: D3 on SVG, each thing known by its id, so that what stays is moved and
 * not made again. It owns everything inside its `svg`, and nothing outside.
 */
import { type Selection, select } from 'd3-selection';
import type { Item } from './sequence-items.ts';
import {
  between,
  type Layout,
  type PlacedArrow,
  type PlacedLane,
  type PlacedNote,
  type PlacedSpan,
  type TimeMark,
} from './sequence-layout.ts';
import { arrowLooks, glyphPath, isStroked, noteLook, toneOf } from './sequence-look.ts';
import { headPath, isHeadFilled, linePath } from './sequence-shapes.ts';
import type { SequenceWords } from './sequence-words.ts';

export interface Drawing {
  readonly layout: Layout;
  readonly words: SequenceWords;
  /** The height of a row. Below some height there are no words beside the lines. */
  readonly rowPx: number;
  /** What is in sight of the whole height. */
  readonly top: number;
  readonly bottom: number;
  /** The request whose way is shown; everything else steps back. */
  readonly chosen: string | null;
}

type Layer = Selection<SVGGElement, unknown, null, undefined>;

/** Rows lower than this have no room for words. */
const wordsFromPx = 18;
/** Drawn beyond what is in sight, so that most of scrolling only moves what is there. */
const marginPx = 480;
/** Words reach so far beyond what they belong to. */
const edgePx = 40;

const state = (item: Item, chosen: string | null): 'chosen' | 'aside' | null =>
  chosen === null ? null : item.request === chosen ? 'chosen' : 'aside';

const drawLanes = (layer: Layer, lanes: readonly PlacedLane[], top: number, bottom: number): void => {
  layer
    .selectAll<SVGLineElement, PlacedLane>('line')
    .data(lanes, ({ id }) => id)
    .join('line')
    .attr('class', ({ kind }) => `sequence-lane sequence-lane-${kind}`)
    .attr('x1', ({ x }) => x)
    .attr('x2', ({ x }) => x)
    .attr('y1', top)
    .attr('y2', bottom);
};

const drawSpans = (layer: Layer, spans: readonly PlacedSpan[]): void => {
  layer
    .selectAll<SVGLineElement, PlacedSpan>('line')
    .data(spans, ({ item }) => item.id)
    .join('line')
    .attr('class', ({ item }) => `sequence-span sequence-span-${item.kind}`)
    .attr('x1', ({ x }) => x)
    .attr('x2', ({ x }) => x)
    .attr('y1', ({ y1 }) => y1)
    .attr('y2', ({ y2 }) => y2);
};

const drawMarks = (layer: Layer, marks: readonly TimeMark[], { layout, words, rowPx }: Drawing): void => {
  const one = layer
    .selectAll<SVGGElement, TimeMark>('g')
    .data(marks, ({ at }) => at)
    .join((enter) => {
      const group = enter.append('g');
      group.append('line').attr('class', 'sequence-gap-line').attr('x1', 4);
      group.append('text').attr('class', 'sequence-gap').attr('x', 4);
      group.append('text').attr('class', 'sequence-time').attr('x', 4).attr('dy', '0.35em');
      return group;
    })
    .attr('transform', ({ y }) => `translate(0,${y})`);
  one.select('.sequence-time').text(({ at, sameSecond }) => (sameSecond ? words.fraction(at) : words.second(at)));
  one
    .select('.sequence-gap')
    .attr('y', -rowPx + 12)
    .text(({ gapMs }) => (gapMs === null ? '' : words.gap(gapMs)));
  one
    .select('.sequence-gap-line')
    .attr('x2', layout.width - 4)
    .attr('y1', -rowPx)
    .attr('y2', -rowPx)
    .attr('display', ({ gapMs }) => (gapMs === null ? 'none' : null));
};

const drawArrows = (layer: Layer, arrows: readonly PlacedArrow[], { words, rowPx, chosen }: Drawing): void => {
  const one = layer
    .selectAll<SVGGElement, PlacedArrow>('g')
    .data(arrows, ({ item }) => item.id)
    .join((enter) => {
      const group = enter.append('g');
      group.append('title');
      group.append('path').attr('class', 'sequence-line');
      group.append('path').attr('class', 'sequence-head');
      group.append('text');
      return group;
    })
    .attr('class', ({ item }) => `sequence-arrow sequence-${toneOf(item)}`)
    .attr('data-what', ({ item }) => item.what)
    .attr('data-fate', ({ item }) => item.fate)
    .attr('data-request', ({ item }) => item.request)
    .attr('data-state', ({ item }) => state(item, chosen));
  one.select('title').text(({ item }) => words.long(item));
  one
    .select('.sequence-line')
    .attr('d', linePath)
    .attr('stroke-dasharray', ({ item }) => arrowLooks[item.what].dash || null);
  one
    .select('.sequence-head')
    .attr('d', headPath)
    .attr('data-filled', (arrow) => (isHeadFilled(arrow) ? '' : null));
  one
    .select('text')
    .attr('x', ({ labelX }) => labelX)
    .attr('y', ({ labelY }) => labelY)
    .attr('text-anchor', ({ anchor }) => anchor)
    .text(({ item }) => (rowPx < wordsFromPx ? '' : words.short(item)));
};

const drawNotes = (layer: Layer, notes: readonly PlacedNote[], { words, rowPx, chosen }: Drawing): void => {
  const one = layer
    .selectAll<SVGGElement, PlacedNote>('g')
    .data(notes, ({ item }) => item.id)
    .join((enter) => {
      const group = enter.append('g');
      group.append('title');
      group.append('path');
      group.append('text').attr('dy', '0.35em');
      return group;
    })
    .attr('class', ({ item }) => `sequence-note sequence-${toneOf(item)}`)
    .attr('data-what', ({ item }) => item.what)
    .attr('data-request', ({ item }) => item.request)
    .attr('data-state', ({ item }) => state(item, chosen))
    .attr('transform', ({ x, y }) => `translate(${x},${y})`);
  one.select('title').text(({ item }) => words.long(item));
  one
    .select('path')
    .attr('d', ({ item }) => glyphPath(item.what))
    .attr('data-hollow', ({ item }) => (isStroked(item.what) || noteLook(item.what).hollow === true ? '' : null));
  one
    .select('text')
    .attr('x', ({ anchor }) => (anchor === 'start' ? 13 : -13))
    .attr('text-anchor', ({ anchor }) => anchor)
    .text(({ item }) => (rowPx < wordsFromPx ? '' : words.short(item)));
};

export interface SequencePicture {
  draw(drawing: Drawing): void;
  end(): void;
}

/** A picture in an empty `svg`, which is as large as what is in sight. */
export const sequencePicture = (element: SVGSVGElement): SequencePicture => {
  const root = select(element).append('g');
  const layer = (): Layer => root.append('g');
  const [lanes, spans, marks, arrows, notes] = [layer(), layer(), layer(), layer(), layer()] as const;
  let drawn: (Drawing & { readonly from: number; readonly until: number }) | null = null;
  /** Whether all that is to be seen is there already. */
  const isThere = ({ layout, words, rowPx, chosen, top, bottom }: Drawing): boolean =>
    drawn !== null &&
    drawn.layout === layout &&
    drawn.words === words &&
    drawn.rowPx === rowPx &&
    drawn.chosen === chosen &&
    (drawn.from <= top - edgePx || drawn.from <= 0) &&
    (drawn.until >= bottom + edgePx || drawn.until >= layout.height);
  return {
    draw: (drawing) => {
      const { layout, top, bottom } = drawing;
      root.attr('transform', `translate(0,${-top})`);
      if (isThere(drawing)) return;
      const [from, until] = [top - marginPx, bottom + marginPx];
      drawn = { ...drawing, from, until };
      drawLanes(lanes, layout.lanes, Math.max(0, from), Math.min(layout.height, until));
      drawSpans(
        spans,
        layout.spans.filter(({ y1, y2 }) => y1 < until && y2 > from),
      );
      drawMarks(
        marks,
        between(layout.marks, ({ y }) => y, from, until),
        drawing,
      );
      // Arrows are in the order in which they end; one that is in sight may end below.
      const here = between(layout.arrows, ({ y2 }) => y2, from, until + layout.reach);
      drawArrows(
        arrows,
        here.filter(({ y1 }) => y1 < until),
        drawing,
      );
      drawNotes(
        notes,
        between(layout.notes, ({ y }) => y, from, until),
        drawing,
      );
    },
    end: () => root.remove(),
  };
};
