/** How a file stands in its table, and what people get to see of it. */
import type { SQLOutputValue } from 'node:sqlite';
import type { FileView } from '../../protocol/index.ts';

/** An upload, or the file that it has become. */
export interface FileRow {
  readonly num: number;
  readonly id: string;
  /** Number of the person who uploads it. */
  readonly owner: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** What it has once it is finished; before, what its client says that it will have, if it does. */
  readonly sha256: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** When it was begun, last written to, or finished: ms since 1970. */
  readonly at: number;
  /** Bytes that are there. */
  readonly arrived: number;
  readonly isFinished: boolean;
  /** Messages and pictures that use it. */
  readonly uses: number;
  /** Number of the content that has its pieces. */
  readonly content: number;
}

/** Selects what `toFileRow` reads. */
export const fileColumns = `SELECT f.num, f.id, f.owner, f.name, f.type, f.size, f.sha256, f.width, f.height, f.at,
  f.arrived, f.finished, f.uses, f.content FROM files f`;

const numberOrNull = (value: SQLOutputValue | undefined): number | null => (value === null ? null : Number(value));

export const toFileRow = (row: Record<string, SQLOutputValue>): FileRow => ({
  num: Number(row.num),
  id: String(row.id),
  owner: Number(row.owner),
  name: String(row.name),
  type: String(row.type),
  size: Number(row.size),
  sha256: row.sha256 === null ? null : String(row.sha256),
  width: numberOrNull(row.width),
  height: numberOrNull(row.height),
  at: Number(row.at),
  arrived: Number(row.arrived),
  isFinished: row.finished === 1,
  uses: Number(row.uses),
  content: Number(row.content),
});

/** What people get to see of a finished file. */
export const toFileView = ({ id, name, type, size, sha256, width, height }: FileRow): FileView => ({
  id,
  name,
  type,
  size,
  sha256: sha256 ?? '',
  ...(width === null ? {} : { width }),
  ...(height === null ? {} : { height }),
});
