/** Sentences of a report that take more than one word list to say: its reason, its rows’ names, its settings. */
import { useTranslation } from 'react-i18next';
import type { Quantity } from '../../lab/index.ts';
import type { LabRow } from '../../protocol/index.ts';
import { type ReportFormats, useReportFormats } from './report-formats.ts';
import type { Reason } from './report-verdict.ts';

export interface ReportWords {
  readonly formats: ReportFormats;
  readonly quantity: (quantity: Quantity) => string;
  /** What tells a row from the others of its run. */
  readonly row: (row: LabRow, among: readonly LabRow[]) => string;
  readonly reason: (reason: Reason, among: readonly LabRow[]) => string;
}

type Difference = 'loss' | 'latency' | 'retries' | 'timeout';

/** What differs between rows, in the order in which it is named. */
const differencesOf = (rows: readonly LabRow[]): readonly Difference[] => {
  const several = (key: (row: LabRow) => string | number): boolean => new Set(rows.map(key)).size > 1;
  const patient = rows.filter(({ method }) => method === 'pubsub');
  const severalPatient = (key: (row: LabRow) => number): boolean => new Set(patient.map(key)).size > 1;
  return [
    ...(several(({ settings }) => settings.loss) ? (['loss'] as const) : []),
    ...(several(({ settings }) => `${settings.latencyMinMs}-${settings.latencyMaxMs}`) ? (['latency'] as const) : []),
    ...(severalPatient(({ settings }) => settings.maxRetries) ? (['retries'] as const) : []),
    ...(severalPatient(({ settings }) => settings.ackTimeoutMs) ? (['timeout'] as const) : []),
  ];
};

export const useReportWords = (): ReportWords => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const quantity = (one: Quantity): string => t(`guided.quantities.${one}`);

  const row = ({ method, settings }: LabRow, among: readonly LabRow[]): string => {
    const parts = differencesOf(among).flatMap((difference) => {
      if (difference === 'loss') return [t('guided.rows.loss', { loss: formats.exact(settings.loss) })];
      if (difference === 'latency') {
        return [t('guided.rows.latency', { from: settings.latencyMinMs, to: settings.latencyMaxMs })];
      }
      if (method === 'direct') return [];
      if (difference === 'retries') return [t('guided.rows.retries', { count: settings.maxRetries })];
      return [t('guided.rows.timeout', { timeout: settings.ackTimeoutMs })];
    });
    const severalMethods = new Set(among.map((one) => one.method)).size > 1;
    return [...(severalMethods || parts.length === 0 ? [t(`methods.${method}`)] : []), ...parts].join(', ');
  };

  const reason = (why: Reason, among: readonly LabRow[]): string => {
    switch (why.code) {
      case 'inside':
        return t('guided.why.inside', { count: why.quantities });
      case 'strays':
        return t('guided.why.strays', { count: why.strays, rows: why.rows });
      case 'outside':
      case 'wide': {
        const { quantity: which, theory, interval } = why.judged;
        const named = { row: row(why.row, among), quantity: quantity(which) };
        if (interval === null) return t('guided.why.unmeasured', named);
        const values = { ...named, theory: formats.of(which, theory), interval: formats.range(which, interval) };
        return why.code === 'outside' ? t('guided.why.outside', values) : t('guided.why.wide', values);
      }
      case 'no-rows':
        return t('guided.why.noRows');
      case 'race-seen':
        return t('guided.why.raceSeen', { count: why.lost, threads: why.threads });
      case 'race-unseen':
        return t('guided.why.raceUnseen');
      case 'atomic-lost':
        return t('guided.why.atomicLost', { count: why.lost });
      case 'promise-kept':
        return t('guided.why.promiseKept', { count: why.acknowledged, most: formats.exact(why.most) });
      case 'promise-broken':
        return t('guided.why.promiseBroken', { count: why.lost });
      case 'no-kill':
        return t('guided.why.noKill');
    }
  };
  return { formats, quantity, row, reason };
};
