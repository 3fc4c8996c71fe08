/** Times and days in words, in the language of the page. */

const formatters = new Map<string, Intl.DateTimeFormat>();

const format = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
};

/** Hours and minutes, as the language writes them. */
export const timeOf = (at: number, locale: string): string => format(locale, { timeStyle: 'short' }).format(at);

/** The same without what says morning or afternoon, for narrow places. */
export const shortTimeOf = (at: number, locale: string): string =>
  format(locale, { timeStyle: 'short' })
    .formatToParts(at)
    .filter((part) => part.type !== 'dayPeriod')
    .map((part) => part.value)
    .join('')
    .trim();

/** The whole date and time, for tooltips. */
export const momentOf = (at: number, locale: string): string =>
  format(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(at);

/** The date alone, in short words. */
export const dateOf = (at: number, locale: string): string => format(locale, { dateStyle: 'medium' }).format(at);

/** Date and time in short words, for lists. */
export const dateTimeOf = (at: number, locale: string): string =>
  format(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

const capital = (text: string, locale: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** A day: today, yesterday, or its date, with the year when that is another. `day` and `today` are starts of days. */
export const dayName = (day: number, today: number, locale: string): string => {
  const daysAgo = Math.round((today - day) / 86_400_000);
  if (daysAgo === 0 || daysAgo === 1) {
    return capital(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-daysAgo, 'day'), locale);
  }
  const sameYear = new Date(day).getFullYear() === new Date(today).getFullYear();
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
  return capital(format(locale, sameYear ? options : { ...options, year: 'numeric' }).format(day), locale);
};
