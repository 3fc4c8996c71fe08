/** The heat maps of a sweep: over any two of its settings, with the others held at one value each. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Method } from '../../lab/index.ts';
import { type FigureRow, measuredFigures } from './experiment-figures.ts';
import { type Axis, axes, differing, stopOf, stopsOf } from './heat-grid.ts';
import { HeatMaps, stopText } from './heat-maps.tsx';
import { useReportFormats } from './report-formats.ts';
import type { AssessedRow } from './report-verdict.ts';

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

const Select = ({ label, value, options, onChange }: SelectProps) => (
  <label className="sweep-select">
    <span className="field-label">{label}</span>
    <select value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

const rank = (axis: Axis): number => ['retries', 'timeout', 'latency', 'loss'].indexOf(axis);

/** Of rows, those that have the chosen value on each of the axes that are not shown. */
const sliceOf = (rows: readonly FigureRow[], held: readonly Axis[], values: Readonly<Partial<Record<Axis, string>>>) =>
  rows.filter(({ settings }) => held.every((axis) => stopOf(axis, settings).key === values[axis]));

export const SweepCharts = ({ rows, file }: { readonly rows: readonly AssessedRow[]; readonly file: string }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const figures = measuredFigures(rows);
  const present = [...new Set(figures.map(({ method }) => method))];
  const [method, setMethod] = useState<Method>(present.at(-1) ?? 'pubsub');
  const own = figures.filter((row) => row.method === method);
  const settings = own.map((row) => row.settings);
  const free = differing(settings);
  const [wished, setWished] = useState<{ readonly down?: Axis; readonly across?: Axis }>({});
  const [values, setValues] = useState<Readonly<Partial<Record<Axis, string>>>>({});
  // What can be chosen comes before what cannot: nobody chooses their loss.
  const choice = [...(free.length > 0 ? free : axes)].sort((one, other) => rank(one) - rank(other));
  const down = wished.down !== undefined && choice.includes(wished.down) ? wished.down : choice[0]!;
  const rest = (free.length > 1 ? choice : axes).filter((axis) => axis !== down);
  const across = wished.across !== undefined && rest.includes(wished.across) ? wished.across : rest[0]!;
  const held = free.filter((axis) => axis !== down && axis !== across);
  const heldValues = Object.fromEntries(
    held.map((axis) => {
      const stops = stopsOf(axis, settings).map(({ key }) => key);
      const wish = values[axis];
      return [axis, wish !== undefined && stops.includes(wish) ? wish : stops[0]];
    }),
  );
  const axisOptions = (some: readonly Axis[]) => some.map((axis) => [axis, t(`guided.axes.${axis}`)] as const);
  return (
    <>
      <div className="sweep-selects">
        {present.length > 1 ? (
          <Select
            label={t('guided.sweep.method')}
            value={method}
            options={present.map((one) => [one, t(`methods.${one}`)] as const)}
            onChange={(value) => setMethod(value as Method)}
          />
        ) : null}
        <Select
          label={t('guided.sweep.down')}
          value={down}
          options={axisOptions(choice)}
          onChange={(value) => setWished({ ...wished, down: value as Axis })}
        />
        <Select
          label={t('guided.sweep.across')}
          value={across}
          options={axisOptions(rest)}
          onChange={(value) => setWished({ ...wished, across: value as Axis })}
        />
        {held.map((axis) => (
          <Select
            key={axis}
            label={t(`guided.axes.${axis}`)}
            value={heldValues[axis] ?? ''}
            options={stopsOf(axis, settings).map(({ key }) => [key, stopText(formats, axis, key)] as const)}
            onChange={(value) => setValues({ ...values, [axis]: value })}
          />
        ))}
      </div>
      <HeatMaps rows={sliceOf(own, held, heldValues)} down={down} across={across} file={file} />
    </>
  );
};
