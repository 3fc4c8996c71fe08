/** Days as people have them: where a day begins, and how a moment is written, in a time zone. */
import { EstafetError } from '../../protocol/index.ts';

export interface Zone {
  /** Its IANA name. */
  readonly name: string;
  /** When a day begins there: ms since 1970. */
  dayStart(year: number, month: number, day: number): number;
  /** A moment there: the date as `2026-03-31`, and the time of day as `14:05`. */
  at(ms: number): { readonly date: string; readonly time: string };
}

/** The zone of this IANA name. Throws `bad-request` when there is none. */
export const zoneNamed = (name = 'UTC'): Zone => {
  const format = formatIn(name);
  const partsAt = (ms: number): Readonly<Record<string, string>> =>
    Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  /** How far the clocks there are ahead of UTC. */
  const aheadMs = (ms: number): number => {
    const { year, month, day, hour, minute, second } = partsAt(ms);
    const shown = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return shown - Math.floor(ms / 1_000) * 1_000;
  };
  return {
    name,
    dayStart: (year, month, day) => {
      const there = Date.UTC(year, month - 1, day);
      // The clocks may be changed between the guess and the moment itself.
      const guess = there - aheadMs(there);
      return there - aheadMs(guess);
    },
    at: (ms) => {
      const { year, month, day, hour, minute } = partsAt(ms);
      return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}` };
    },
  };
};

const formatIn = (timeZone: string): Intl.DateTimeFormat => {
  const digits = '2-digit';
  try {
    return new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
  } catch (error) {
    throw new EstafetError('bad-request', `zone: ${timeZone} is no time zone; one is Asia/Jakarta.`, { cause: error });
  }
};
