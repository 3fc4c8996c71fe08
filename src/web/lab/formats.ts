/** How the lab writes numbers, in the language of the page. */
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/index.ts';

export interface Formats {
  /** Milliseconds, whole from 10 on: “140 ms”. */
  readonly ms: (value: number | null) => string;
  /** A share of one: “87.5 %”. */
  readonly share: (value: number | null) => string;
  /** Messages a second: “12.5/s”. */
  readonly rate: (value: number | null) => string;
  /** A mean of something countable: “2.14”. */
  readonly mean: (value: number | null) => string;
  /** A whole number. */
  readonly count: (value: number) => string;
  /** The time of day, with seconds. */
  readonly time: (at: number) => string;
}

/** Written where there is no value. */
const none = '–';

const make = (locale: string): Formats => {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const whole = number({ maximumFractionDigits: 0 });
  const tenth = number({ maximumFractionDigits: 1 });
  const hundredth = number({ maximumFractionDigits: 2 });
  const percent = number({ style: 'percent', maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const or = (format: (value: number) => string) => (value: number | null) => (value === null ? none : format(value));
  return {
    ms: or((value) => `${(value < 10 ? tenth : whole).format(value)} ms`),
    share: or((value) => percent.format(value)),
    rate: or((value) => `${tenth.format(value)}/s`),
    mean: or((value) => hundredth.format(value)),
    count: (value) => whole.format(value),
    time: (at) => clock.format(at),
  };
};

const made = new Map<string, Formats>();

/** Those of a locale, made once: what makes them takes longer than a whole row that is written with them. */
export const formatsOf = (locale: string): Formats => {
  const formats = made.get(locale) ?? make(locale);
  made.set(locale, formats);
  return formats;
};

export const useFormats = (): Formats => {
  const { i18n } = useTranslation('lab');
  return formatsOf(localeOf(i18n.language));
};
