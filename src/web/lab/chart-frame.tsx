/** What is around every chart: its name, what its lines mean, and the same figures as a table. */
import './chart.css';
import { Table2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';
import { scrollable } from '../ui/scrollable.ts';
import type { ChartLook } from './chart-geometry.ts';
import { ChartMark } from './chart-mark.tsx';
import { ChartTable, type ChartTableProps } from './chart-table.tsx';

/** One line of a chart, as its legend names it. */
export interface ChartKey {
  readonly look: ChartLook;
  readonly name: string;
  /** Its newest value, or what it comes to. */
  readonly value: string;
  /** What theory expects, when it expects anything. */
  readonly theory?: string | undefined;
}

type Figures = Omit<ChartTableProps, 'caption'>;

interface ChartFrameProps {
  readonly title: string;
  /** What is measured, in a few words: said below the title. */
  readonly about?: string | undefined;
  readonly keys?: readonly ChartKey[];
  /** The same as figures; made only when somebody wants to see them, where it is a function. */
  readonly table: Figures | (() => Figures);
  /** A chart beside others: no table of its own unless it is asked for, and less room. */
  readonly small?: boolean;
  /** The picture. */
  readonly children: ReactNode;
}

const Key = ({ look, name, value, theory }: ChartKey) => {
  const { t } = useTranslation('lab');
  return (
    <li className="chart-key">
      <ChartMark look={look} />
      <span className="chart-key-name">{name}</span>
      <strong className="chart-key-value">{value}</strong>
      {theory === undefined ? null : <span className="chart-key-theory">{t('chart.expected', { value: theory })}</span>}
    </li>
  );
};

export const ChartFrame = ({ title, about, keys = [], table, small = false, children }: ChartFrameProps) => {
  const { t } = useTranslation('lab');
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure className="chart" data-small={small || undefined} aria-labelledby={id}>
      <figcaption className="chart-head">
        <div className="chart-names">
          <h3 className="chart-title" id={id}>
            {title}
          </h3>
          {about === undefined ? null : <p className="chart-about">{about}</p>}
        </div>
        <IconButton
          className="chart-switch"
          label={t('chart.table', { chart: title })}
          aria-pressed={asTable}
          onPress={() => setAsTable(!asTable)}
        >
          <Table2 size={16} aria-hidden="true" />
        </IconButton>
      </figcaption>
      {keys.length === 0 ? null : (
        <ul className="chart-keys">
          {keys.map((key) => (
            <Key key={key.name} {...key} />
          ))}
        </ul>
      )}
      {asTable ? (
        <div className="chart-figures scroll" {...scrollable}>
          <ChartTable caption={title} {...(typeof table === 'function' ? table() : table)} />
        </div>
      ) : (
        children
      )}
    </figure>
  );
};
