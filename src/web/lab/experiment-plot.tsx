/** What is around a chart of a report: its title, its keys, its picture as wide as there is room, its figures as a table,
 * and the picture as a file. */
import './chart.css';
import './experiment-plot.css';
import { Download, Table2 } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';
import { scrollable } from '../ui/scrollable.ts';
import type { ChartLook } from './chart-geometry.ts';
import { ChartMark } from './chart-mark.tsx';
import { ChartTable, type ChartTableProps } from './chart-table.tsx';
import { drawingOf, pngOf, saveFile, saveText } from './report-save.ts';

export interface PlotKey {
  readonly look: ChartLook;
  readonly name: string;
}

interface PlotProps {
  readonly title: string;
  readonly about?: string | undefined;
  readonly keys?: readonly PlotKey[];
  /** What is to be seen, in words. */
  readonly summary: string;
  readonly table: Omit<ChartTableProps, 'caption'>;
  /** The beginning of the names of its files; without one it cannot be saved. */
  readonly file?: string | undefined;
  readonly height: number | ((width: number) => number);
  /** Draws in so many pixels. */
  readonly children: (width: number) => ReactNode;
}

const Save = ({ title, file, figure }: { title: string; file: string; figure: () => HTMLElement | null }) => {
  const { t } = useTranslation('lab');
  const save = async (kind: 'svg' | 'png'): Promise<void> => {
    const element = figure();
    if (element === null) return;
    const drawing = drawingOf(element, title);
    if (kind === 'svg') saveText(`${file}.svg`, drawing.text, 'image/svg+xml');
    else saveFile(`${file}.png`, await pngOf(drawing));
  };
  return (['svg', 'png'] as const).map((kind) => (
    <button
      key={kind}
      type="button"
      className="plot-save"
      aria-label={t('guided.plot.save', { chart: title, kind: kind.toUpperCase() })}
      onClick={() => void save(kind)}
    >
      <Download size={13} aria-hidden="true" />
      {kind.toUpperCase()}
    </button>
  ));
};

export const Plot = ({ title, about, keys = [], summary, table, file, height, children }: PlotProps) => {
  const { t } = useTranslation('lab');
  const id = useId();
  const figure = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [asTable, setAsTable] = useState(false);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    const sizes = new ResizeObserver(() => setWidth(Math.floor(current.clientWidth)));
    sizes.observe(current);
    setWidth(Math.floor(current.clientWidth));
    return () => sizes.disconnect();
  }, []);
  const tall = typeof height === 'number' ? height : height(width);
  return (
    <figure className="chart plot-figure" ref={figure} aria-labelledby={id}>
      <figcaption className="chart-head">
        <div className="chart-names">
          <h4 className="chart-title" id={id}>
            {title}
          </h4>
        </div>
        <div className="plot-tools">
          {file === undefined ? null : <Save title={title} file={file} figure={() => figure.current} />}
          <IconButton
            className="chart-switch"
            label={t('chart.table', { chart: title })}
            aria-pressed={asTable}
            onPress={() => setAsTable(!asTable)}
          >
            <Table2 size={16} aria-hidden="true" />
          </IconButton>
        </div>
      </figcaption>
      {about === undefined ? null : <p className="chart-about">{about}</p>}
      {keys.length === 0 ? null : (
        <ul className="chart-keys">
          {keys.map(({ look, name }) => (
            <li className="chart-key" key={name}>
              <ChartMark look={look} />
              <span className="chart-key-name">{name}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="plot-box" ref={box}>
        {width > 0 ? (
          <svg className="plot" role="img" aria-label={summary} viewBox={`0 0 ${width} ${tall}`} height={tall}>
            {children(width)}
          </svg>
        ) : null}
      </div>
      {asTable ? (
        <div className="plot-figures scroll" {...scrollable}>
          <ChartTable caption={title} {...table} />
        </div>
      ) : null}
    </figure>
  );
};
