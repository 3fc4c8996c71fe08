/** How figures of a report are written: one way for each quantity, in the language of the page. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interval, Quantity } from '../../lab/index.ts';
import { localeOf } from '../i18n/index.ts';
import { type Formats, formatsOf } from './formats.ts';

export interface ReportFormats extends Formats {
  /** A share with the digits that tell 99.9 % from 99.93 %. */
  readonly exact: (value: number | null) => string;
  /** A number as it is, with three digits that count at most. */
  readonly plain: (value: number) => string;
  readonly of: (quantity: Quantity, value: number | null) => string;
  readonly range: (quantity: Quantity, interval: Interval | null) => string;
  readonly moment: (at: number) => string;
  readonly seconds: (ms: number) => string;
}

export const reportFormatsOf = (locale: string): ReportFormats => {
  const formats = formatsOf(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const thousandth = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const none = formats.ms(null);
  const exact = (value: number | null): string => (value === null ? none : percent.format(value));
  const of = (quantity: Quantity, value: number | null): string => {
    if (value === null) return none;
    if (quantity === 'delivered' || quantity === 'confirmed') return exact(value);
    if (quantity === 'latency') return `${tenths.format(value)} ms`;
    if (quantity === 'throughput') return `${digits.format(value)}/s`;
    return thousandth.format(value);
  };
  return {
    ...formats,
    exact,
    plain: (value) => digits.format(value),
    of,
    range: (quantity, interval) =>
      interval === null ? none : `${of(quantity, interval.low)} – ${of(quantity, interval.high)}`,
    moment: (at) => moment.format(at),
    seconds: (ms) => `${tenths.format(ms / 1_000)} s`,
  };
};

export const useReportFormats = (): ReportFormats => {
  const { i18n } = useTranslation('lab');
  return useMemo(() => reportFormatsOf(localeOf(i18n.language)), [i18n.language]);
};
