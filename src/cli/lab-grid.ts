/** `estafet lab grid`: a sweep over settings, in threads, as CSV or as the lines of JSON that `estafet lab run` prints. */
import { availableParallelism } from 'node:os';
import { Refusal } from '../cluster/supervisor/index.ts';
import { defaultSettings, type Method, type Variant } from '../lab/index.ts';
import { type LabRow, limits } from '../protocol/index.ts';
import { BatchPool } from '../server/index.ts';
import { checkSettings, contradicts } from './lab.ts';

export interface LabGridOptions {
  readonly messages: number;
  readonly seed: number;
  readonly method: readonly Method[];
  readonly loss: readonly number[];
  readonly latency: readonly (readonly [number, number])[];
  readonly retries: readonly number[];
  readonly timeout: readonly number[];
  readonly window: readonly number[];
  readonly offered?: number;
  readonly json?: boolean;
}

/** All settings with all others. Direct knows neither retries nor a timeout: of what differs in those only, it is one. */
const variantsIn = ({ method, loss, latency, retries, timeout, window, offered }: LabGridOptions): Variant[] => {
  const all = method.flatMap((one) =>
    loss.flatMap((p) =>
      latency.flatMap(([latencyMinMs, latencyMaxMs]) =>
        (one === 'direct' ? retries.slice(0, 1) : retries).flatMap((maxRetries) =>
          (one === 'direct' ? timeout.slice(0, 1) : timeout).flatMap((ackTimeoutMs) =>
            window.map((w): Variant => {
              const links = { loss: p, latencyMinMs, latencyMaxMs };
              const settings = { ...defaultSettings, ...links, maxRetries, ackTimeoutMs, window: w };
              return { method: one, settings, offeredPerSecond: offered ?? null };
            }),
          ),
        ),
      ),
    ),
  );
  for (const { settings } of all) checkSettings(settings);
  return all;
};

/** The row that `estafet lab run --json` prints of the same. */
const shown = ({ judged: _, latencies: __, confirmations: ___, ...row }: LabRow) => row;

const judgedNames = ['delivered', 'latency', 'confirmed', 'attempts', 'duplicates', 'throughput'] as const;

/** A row's columns: those of a report's CSV. */
const columnsOf = (row: LabRow): readonly (readonly [string, string | number | null | undefined])[] => [
  ['seed', row.seed],
  ['method', row.method],
  ...Object.entries(row.settings),
  ...(['sent', 'delivered', 'confirmed', 'duplicates', 'attempts'] as const).map((name) => [name, row[name]] as const),
  ['latencyMeanMs', row.latencyMs.mean],
  ['latencyP50Ms', row.latencyMs.p50],
  ['latencyP95Ms', row.latencyMs.p95],
  ['offeredPerSecond', row.throughput?.offeredPerSecond],
  ['sentPerSecond', row.throughput?.sentPerSecond],
  ['goodPerSecond', row.throughput?.goodPerSecond],
  ...judgedNames.flatMap((name) => {
    const found = row.judged.find(({ quantity }) => quantity === name);
    return [
      [`${name}.measured`, found?.measured],
      [`${name}.low`, found?.interval?.low],
      [`${name}.high`, found?.interval?.high],
      [`${name}.theory`, found?.theory],
      [`${name}.verdict`, found?.verdict],
    ] as const;
  }),
  ['verdict', row.verdict],
];

const csvOf = (rows: readonly LabRow[]): string => {
  const [first] = rows;
  const heads = first === undefined ? [] : columnsOf(first).map(([name]) => name);
  const lines = [heads, ...rows.map((row) => columnsOf(row).map(([, cell]) => cell ?? ''))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
};

/** Plays it and prints it. Exit code 1 when something is not consistent with theory. */
export const runLabGrid = async (options: LabGridOptions): Promise<void> => {
  const variants = variantsIn(options);
  const { messages, seed, json = false } = options;
  const of = variants.length * messages;
  if (variants.length > limits.labRowsKeptMax || of > limits.labBatchMaxMessages) {
    const most = `${limits.labRowsKeptMax} settings and ${limits.labBatchMaxMessages} messages`;
    throw new Refusal('usage', `A grid has at most ${most}; this one has ${variants.length} and ${of}.`);
  }
  const pool = new BatchPool(availableParallelism());
  const { stderr } = process;
  const onProgress = stderr.isTTY
    ? (done: number): void => void stderr.write(`\r\u001b[K${Math.floor((100 * done) / of)} %`)
    : () => undefined;
  const rows = await pool.run({ experiment: 0, seed, messages, variants }, { onProgress });
  await pool.close();
  if (stderr.isTTY) stderr.write('\r\u001b[K');
  process.stdout.write(json ? rows.map((row) => `${JSON.stringify(shown(row))}\n`).join('') : csvOf(rows));
  if (rows.some((row) => contradicts(row, rows.length))) process.exitCode = 1;
};
