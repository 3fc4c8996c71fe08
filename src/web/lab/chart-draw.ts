/**
 * Draws live charts with D3, by changing what is drawn: the axis once in a while, the lines at each sample, and then one
 * transform that slides them to the left for as long as the next sample takes. It owns everything inside its element;
 * React gives it data and never looks inside.
 */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { type Selection, select } from 'd3-selection';
import { area, curveStepBefore, line } from 'd3-shape';
import {
  type ChartBreak,
  type ChartPoint,
  type ChartSeries,
  type Slide,
  slideOf,
  ticksOf,
  topOf,
} from './chart-geometry.ts';

export interface LiveChartData {
  readonly series: readonly ChartSeries[];
  readonly breaks: readonly ChartBreak[];
  /** How many samples lie side by side, and how far they are apart. */
  readonly points: number;
  readonly everyMs: number;
  /** The end of the axis, when it does not follow from the data: 1 for shares. */
  readonly top?: number | undefined;
  /** The axis never ends below. */
  readonly least: number;
  readonly format: (value: number) => string;
  /** What is written under the oldest and the newest sample. */
  readonly ends: readonly [string, string];
}

export interface LiveChart {
  /** Shows these data in this many pixels. `moves` is whether it slides. */
  draw(data: LiveChartData, width: number, height: number, moves: boolean): void;
  end(): void;
}

/** Room for the axis on the left, and for what is written below. */
const margin = { left: 58, right: 2, top: 8, bottom: 20 } as const;
/** So far marks may reach over the plot’s edges. */
const over = 4;
/** Samples that have left the picture are kept until they have slid out. */
const leaving = 2;

type Group<E extends SVGElement = SVGGElement> = Selection<E, unknown, null, undefined>;

/** A circle for Direct, a square for PubSub, a diamond for the rest: methods are told without their colours. */
const markPath = (look: ChartSeries['look']): string => {
  if (look === 'direct') return 'M-2.8 0a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0';
  return look === 'pubsub' ? 'M-2.6 -2.6h5.2v5.2h-5.2z' : 'M0 -3.2L3.2 0L0 3.2L-3.2 0z';
};

const drawAxis = (
  svg: Group<SVGSVGElement>,
  y: ScaleLinear<number, number>,
  data: LiveChartData,
  width: number,
): void => {
  const [bottom, top] = y.range() as [number, number];
  const ticks = ticksOf(y.domain()[1]!, bottom - top);
  svg
    .selectAll<SVGLineElement, number>('line.chart-grid')
    .data(ticks)
    .join((enter) => enter.insert('line', 'text').attr('class', 'chart-grid'))
    .attr('data-base', (tick) => (tick === 0 ? '' : null))
    .attr('x1', margin.left)
    .attr('x2', width - margin.right)
    .attr('y1', (tick) => Math.round(y(tick)) + 0.5)
    .attr('y2', (tick) => Math.round(y(tick)) + 0.5);
  svg
    .selectAll<SVGTextElement, number>('text.chart-tick')
    .data(ticks)
    .join('text')
    .attr('class', 'chart-tick')
    .attr('x', margin.left - 6)
    .attr('y', (tick) => y(tick))
    .attr('dy', '0.32em')
    .text(data.format);
  svg
    .selectAll<SVGTextElement, string>('text.chart-end')
    .data(data.ends)
    .join('text')
    .attr('class', 'chart-end')
    .attr('x', (_, n) => (n === 0 ? margin.left : width - margin.right))
    .attr('y', bottom + 15)
    .attr('text-anchor', (_, n) => (n === 0 ? 'start' : 'end'))
    .text((text) => text);
};

const drawSeries = (picture: Group, series: readonly ChartSeries[], y: ScaleLinear<number, number>, x: Slide['x']) => {
  const one = picture
    .selectAll<SVGGElement, ChartSeries>('g.chart-series')
    .data(series, ({ id }) => id)
    .join((enter) => {
      const group = enter.append('g');
      for (const part of ['band', 'theory', 'line']) group.append('path').attr('class', `chart-${part}`);
      return group;
    })
    .attr('class', ({ look }) => `chart-series chart-${look}`);
  const band = area<ChartPoint>()
    .defined(({ low, high }) => low !== null && high !== null)
    .curve(curveStepBefore)
    .x(({ at }) => x(at))
    .y0(({ low }) => y(low ?? 0))
    .y1(({ high }) => y(high ?? 0));
  const theory = line<ChartPoint>()
    .defined((point) => point.theory !== null)
    .curve(curveStepBefore)
    .x(({ at }) => x(at))
    .y((point) => y(point.theory ?? 0));
  const measured = line<ChartPoint>()
    .defined(({ value }) => value !== null)
    .x(({ at }) => x(at))
    .y(({ value }) => y(value ?? 0));
  one.select('path.chart-band').attr('d', ({ points }) => band(points));
  one.select('path.chart-theory').attr('d', ({ points }) => theory(points));
  one.select('path.chart-line').attr('d', ({ points }) => measured(points));
  one
    .selectAll<SVGPathElement, ChartPoint & Pick<ChartSeries, 'look'>>('path.chart-dot')
    .data(
      ({ points, look }) => points.filter(({ value }) => value !== null).map((point) => ({ ...point, look })),
      ({ at }) => at,
    )
    .join((enter) => enter.append('path').attr('class', 'chart-dot'))
    .attr('d', ({ look }) => markPath(look))
    .attr('transform', ({ at, value }) => `translate(${x(at)},${y(value ?? 0)})`);
};

const drawBreaks = (picture: Group, breaks: readonly ChartBreak[], height: number, x: Slide['x']): void => {
  const one = picture
    .selectAll<SVGGElement, ChartBreak>('g.chart-break')
    .data(breaks, ({ at }) => at)
    .join((enter) => {
      const group = enter.append('g').attr('class', 'chart-break');
      group.append('line').attr('y1', 0);
      group.append('text').attr('dx', 3).attr('dy', '0.9em');
      return group;
    })
    .attr('transform', ({ at }) => `translate(${x(at)},0)`);
  one.select('line').attr('y2', height);
  one.select('text').text(({ label }) => label);
};

/** A live chart in an empty element. */
export const liveChart = (element: HTMLElement): LiveChart => {
  const root = select(element);
  const axis = root.append('svg').attr('class', 'chart-axis');
  // What slides is a layer of its own in a window that clips it: the compositor moves it, a pixel at a time, and nothing is drawn meanwhile.
  const frame = root.append('div').attr('class', 'chart-window');
  const layer = frame.append('svg').attr('class', 'chart-layer');
  const picture = layer.append('g');
  let top: number | null = null;
  let drawn: { readonly width: number; readonly newest: number } | null = null;
  let sliding: Animation | null = null;

  return {
    draw: (data, width, height, moves) => {
      const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
      if (inner.width <= 0 || inner.height <= 0) return;
      const newest = Math.max(...data.series.map(({ points }) => points.at(-1)?.at ?? 0));
      // A picture of another width, or one that was away for long, is put in its place; any other slides there.
      const slides = drawn?.width === width && newest > drawn.newest && newest - drawn.newest < 4 * data.everyMs;
      const { x, shift } = slideOf(newest, slides ? drawn!.newest : null, inner.width, data.points, data.everyMs);
      const oldest = newest - (data.points - 1 + leaving) * data.everyMs;
      const series = data.series.map((one) => ({ ...one, points: one.points.filter(({ at }) => at >= oldest) }));
      top = data.top ?? topOf(series, top, data.least);
      const y = scaleLinear([0, top], [inner.height + over, over]);

      axis.attr('width', width).attr('height', height);
      drawAxis(axis, y.copy().range([margin.top + inner.height, margin.top]), data, width);
      frame.style('left', `${margin.left}px`).style('top', `${margin.top - over}px`);
      frame.style('width', `${inner.width}px`).style('height', `${inner.height + 2 * over}px`);
      layer.attr('width', inner.width).attr('height', inner.height + 2 * over);
      drawSeries(picture, series, y, x);
      const breaks = data.breaks.filter(({ at }) => at >= oldest && at <= newest);
      drawBreaks(picture, breaks, inner.height + over, x);

      if (drawn?.width !== width || newest !== drawn.newest) {
        sliding?.cancel();
        const frames = { transform: [`translateX(${shift}px)`, 'none'] };
        sliding =
          moves && shift > 0
            ? layer
                .node()!
                .animate(frames, { duration: data.everyMs, easing: `steps(${Math.max(1, Math.round(shift))})` })
            : null;
      }
      drawn = { width, newest };
    },
    end: () => {
      sliding?.cancel();
      root.selectAll('*').remove();
    },
  };
};
