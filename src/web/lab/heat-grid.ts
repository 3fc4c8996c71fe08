/** Rows laid out as a grid over two of their settings: what a heat map shows. Pure. */

/** A setting by which rows can be told apart. Latency is one setting: the shortest and the longest crossing together. */
export const axes = ['loss', 'latency', 'retries', 'timeout'] as const;
export type Axis = (typeof axes)[number];

interface Placed {
  readonly loss: number;
  readonly latencyMinMs: number;
  readonly latencyMaxMs: number;
  readonly maxRetries: number;
  readonly ackTimeoutMs: number;
}

/** A value on an axis, as a key and for its order. */
export interface Stop {
  readonly key: string;
  readonly order: number;
  readonly second: number;
}

export const stopOf = (axis: Axis, settings: Placed): Stop => {
  const { loss, latencyMinMs, latencyMaxMs, maxRetries, ackTimeoutMs } = settings;
  const single = (value: number): Stop => ({ key: String(value), order: value, second: 0 });
  if (axis === 'loss') return single(loss);
  if (axis === 'retries') return single(maxRetries);
  if (axis === 'timeout') return single(ackTimeoutMs);
  return { key: `${latencyMinMs}-${latencyMaxMs}`, order: latencyMinMs, second: latencyMaxMs };
};

/** The different values on an axis, ascending. */
export const stopsOf = (axis: Axis, settings: readonly Placed[]): readonly Stop[] => {
  const stops = new Map(settings.map((one) => stopOf(axis, one)).map((stop) => [stop.key, stop]));
  return [...stops.values()].sort((one, other) => one.order - other.order || one.second - other.second);
};

/** The axes on which the rows differ. */
export const differing = (settings: readonly Placed[]): readonly Axis[] =>
  axes.filter((axis) => stopsOf(axis, settings).length > 1);

export interface Grid<Row> {
  /** From top to bottom. */
  readonly down: readonly Stop[];
  /** From left to right. */
  readonly across: readonly Stop[];
  /** By row, then by column; null where nothing was run. */
  readonly cells: readonly (readonly (Row | null)[])[];
}

/**
 * Lays rows out. Of several at one place the first is shown: choose rows that agree on all other axes.
 *
 * @param settingsOf what lays a row at its place
 */
export const gridOf = <Row>(
  rows: readonly Row[],
  settingsOf: (row: Row) => Placed,
  down: Axis,
  across: Axis,
): Grid<Row> => {
  const settings = rows.map(settingsOf);
  const [downStops, acrossStops] = [stopsOf(down, settings), stopsOf(across, settings)];
  const cells = downStops.map((low) =>
    acrossStops.map((right) => {
      const at = settings.findIndex(
        (one) => stopOf(down, one).key === low.key && stopOf(across, one).key === right.key,
      );
      return rows[at] ?? null;
    }),
  );
  return { down: downStops, across: acrossStops, cells };
};

/** Where a value lies between the least and the most, 0 to 1; the middle when all are the same. */
export const heatOf = (value: number, values: readonly number[]): number => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return most === least ? 0.5 : (value - least) / (most - least);
};
