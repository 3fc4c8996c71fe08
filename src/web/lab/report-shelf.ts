/**
 * The last runs of one person on one device: a bounded shelf in the browser's own storage, newest first. What does not
 * fit pushes the oldest off. What is there is checked when it is read: another version may have written it.
 */
import { readSetting, writeSetting } from '../app/settings.ts';
import type { Report } from './report.ts';

/** At most so many runs, and so many characters of them together. */
export const shelfMost = 20;
export const shelfMostChars = 1_500_000;

/** Grows when a report is written another way: what is of another one is not shown. */
const shelfVersion = 1;

interface Shelf {
  readonly version: number;
  readonly reports: readonly Report[];
}

const isReport = (value: unknown): value is Report =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'kind' in value &&
  ['links', 'threads', 'failover', 'sweep'].includes(String(value.kind)) &&
  'setup' in value &&
  'result' in value;

/** Those that stay, of runs that are newest first. Histograms of a long sweep are the first thing to go. */
export const fitting = (reports: readonly Report[]): readonly Report[] => {
  let left = shelfMostChars;
  const kept: Report[] = [];
  for (const report of reports.slice(0, shelfMost)) {
    const size = JSON.stringify(report).length;
    if (size > left) break;
    left -= size;
    kept.push(report);
  }
  return kept;
};

/** A sweep of hundreds of rows is kept without what only charts of single rows need. */
const rowsWithHistograms = 60;
const nothing = { fromMs: 0, stepMs: 1, counts: [], beyond: 0 } as const;

const slim = (report: Report): Report => {
  if (report.kind !== 'sweep' || report.result.rows.length <= rowsWithHistograms) return report;
  const rows = report.result.rows.map((row) => ({
    ...row,
    latencies: { ...nothing, counts: [] },
    confirmations: { ...nothing, counts: [] },
  }));
  return { ...report, result: { ...report.result, rows } };
};

const nameOf = (user: string): string => `lab.reports.${user}`;

/** What is on the shelf, newest first. */
export const readShelf = (user: string): readonly Report[] => {
  try {
    const shelf = JSON.parse(readSetting(nameOf(user)) ?? 'null') as Shelf | null;
    return shelf?.version === shelfVersion && Array.isArray(shelf.reports) ? shelf.reports.filter(isReport) : [];
  } catch {
    return [];
  }
};

const writeShelf = (user: string, reports: readonly Report[]): void => {
  const shelf: Shelf = { version: shelfVersion, reports: fitting(reports) };
  writeSetting(nameOf(user), JSON.stringify(shelf));
};

/** Puts a run on the shelf, or in the place of what it was. Resolves to what is there then. */
export const keepReport = (user: string, report: Report): readonly Report[] => {
  writeShelf(user, [slim(report), ...readShelf(user).filter(({ id }) => id !== report.id)]);
  return readShelf(user);
};

/** Takes a run off the shelf. */
export const forgetReport = (user: string, id: string): readonly Report[] => {
  writeShelf(
    user,
    readShelf(user).filter((report) => report.id !== id),
  );
  return readShelf(user);
};
