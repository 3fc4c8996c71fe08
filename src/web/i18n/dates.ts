/** Times and days in words, in the language of the page. */

const formatters = new Map<Intl.DateTimeFormatOptions, Map<string, Intl.DateTimeFormat>>();

/** Formatters are dear, and a list asks for them at every row: `options` is one of the constants below. */
const format = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const made = formatters.get(options) ?? new Map<string, Intl.DateTimeFormat>();
  formatters.set(options, made);
  const known = made.get(locale) ?? new Intl.DateTimeFormat(locale, options);
  made.set(locale, known);
  return known;
};

const shortTime: Intl.DateTimeFormatOptions = { timeStyle: 'short' };
const moment: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeStyle: 'medium' };
const mediumDate: Intl.DateTimeFormatOptions = { dateStyle: 'medium' };
const mediumMoment: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };
const dayOfYear: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
const dayWithYear: Intl.DateTimeFormatOptions = { ...dayOfYear, year: 'numeric' };

/** Hours and minutes, as the language writes them. */
export const timeOf = (at: number, locale: string): string => format(locale, shortTime).format(at);

/** The same without what says morning or afternoon, for narrow places. */
export const shortTimeOf = (at: number, locale: string): string =>
  format(locale, shortTime)
    .formatToParts(at)
    .filter((part) => part.type !== 'dayPeriod')
    .map((part) => part.value)
    .join('')
    .trim();

/** The whole date and time, for tooltips. */
export const momentOf = (at: number, locale: string): string => format(locale, moment).format(at);

/** The date alone, in short words. */
export const dateOf = (at: number, locale: string): string => format(locale, mediumDate).format(at);

/** Date and time in short words, for lists. */
export const dateTimeOf = (at: number, locale: string): string => format(locale, mediumMoment).format(at);

const capital = (text: string, locale: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** A day: today, yesterday, or its date, with the year when that is another. `day` and `today` are starts of days. */
export const dayName = (day: number, today: number, locale: string): string => {
  const daysAgo = Math.round((today - day) / 86_400_000);
  if (daysAgo === 0 || daysAgo === 1) {
    return capital(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-daysAgo, 'day'), locale);
  }
  const sameYear = new Date(day).getFullYear() === new Date(today).getFullYear();
  return capital(format(locale, sameYear ? dayOfYear : dayWithYear).format(day), locale);
};
