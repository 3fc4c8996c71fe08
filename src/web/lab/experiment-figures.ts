/** Rows as charts over a grid of settings take them: measured, or expected where nothing has been run yet. Pure. */
import { expected, type LabSettings, type Method, variantsOf } from '../../lab/index.ts';
import type { LabRow } from '../../protocol/index.ts';
import type { LinkNumber } from './experiment-kinds.ts';
import type { AssessedRow } from './report-verdict.ts';

export const mapped = ['delivered', 'latency', 'attempts'] as const;
export type Mapped = (typeof mapped)[number];

export interface Figure {
  readonly value: number | null;
  readonly theory: number | null;
  readonly wrong: boolean;
}

export interface FigureRow {
  readonly id: string;
  readonly method: Method;
  readonly settings: LabRow['settings'];
  readonly figures: Readonly<Record<Mapped, Figure>>;
}

const idOf = (method: Method, settings: LabRow['settings']): string => `${method} ${JSON.stringify(settings)}`;

/** What was measured. */
export const measuredFigures = (rows: readonly AssessedRow[]): readonly FigureRow[] =>
  rows.map(({ row, judgement, theory }) => {
    const verdictOf = (quantity: Mapped) => judgement.quantities.find((one) => one.quantity === quantity);
    const figure = (quantity: Mapped, value: number | null, expectation: number | null): Figure => ({
      value,
      theory: expectation,
      wrong: verdictOf(quantity)?.verdict === 'not-consistent',
    });
    return {
      id: idOf(row.method, row.settings),
      method: row.method,
      settings: row.settings,
      figures: {
        delivered: figure('delivered', row.sent === 0 ? null : row.delivered / row.sent, theory.delivered),
        latency: figure('latency', row.latencyMs.mean, theory.latencyMs),
        attempts: figure('attempts', row.sent === 0 ? null : row.attempts / row.sent, theory.attempts),
      },
    };
  });

/** What theory expects of the settings that an experiment compares. */
export const expectedFigures = (experiment: LinkNumber, change: Partial<LabSettings>): readonly FigureRow[] =>
  variantsOf(experiment, change).map(({ method, settings }) => {
    const { delivered, latencyMs, attempts } = expected(method, settings);
    const figure = (value: number | null): Figure => ({ value, theory: null, wrong: false });
    return {
      id: idOf(method, settings),
      method,
      settings,
      figures: { delivered: figure(delivered), latency: figure(latencyMs), attempts: figure(attempts) },
    };
  });
