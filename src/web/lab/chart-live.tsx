import { useEffect, useRef, useState } from 'react';
import { type LiveChartData, liveChart, type LiveChart as Picture } from './chart-draw.ts';

interface LiveChartProps {
  readonly data: LiveChartData;
  /** What is to be seen, in words. */
  readonly summary: string;
  /** In pixels; as wide as there is room. */
  readonly height: number;
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The picture of a live chart. What it shows is told in words too, and stands in a table beside it (`ChartFrame`). */
export const LiveChart = ({ data, summary, height }: LiveChartProps) => {
  const place = useRef<HTMLDivElement>(null);
  const picture = useRef<Picture | null>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const { current } = place;
    if (!current) return;
    const made = liveChart(current);
    picture.current = made;
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    sizes.observe(current);
    return () => {
      sizes.disconnect();
      made.end();
    };
  }, []);

  useEffect(() => {
    if (width > 0) picture.current?.draw(data, width, height, !calm.matches && !document.hidden);
  }, [data, width, height]);

  return <div ref={place} className="chart-picture" style={{ height }} role="img" aria-label={summary} />;
};
