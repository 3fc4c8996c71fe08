/** The figures of a report as CSV (RFC 4180), one line a row, and the whole of it as JSON. Numbers as they are, in English. Pure. */
import type { Quantity } from '../../lab/index.ts';
import type { LabFailoverView, LabThreadsView } from '../../protocol/index.ts';
import { sweepLink } from './experiment-grid.ts';
import { linkOf } from './experiment-link.ts';
import { compare } from './experiment-predict.ts';
import { numberOf, type Report } from './report.ts';
import { assess, assessRows } from './report-verdict.ts';

type Cell = string | number | boolean | null | undefined;

const cellOf = (cell: Cell): string => {
  const text = cell === null || cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Records with the same columns, which come first, as a line of their own. */
export const csvOf = (records: readonly (readonly (readonly [string, Cell])[])[]): string => {
  const [first] = records;
  if (first === undefined) return '';
  const lines = [first.map(([name]) => name), ...records.map((record) => record.map(([, cell]) => cell))];
  return lines.map((line) => `${line.map(cellOf).join(',')}\r\n`).join('');
};

const quantities: readonly Quantity[] = ['delivered', 'latency', 'confirmed', 'attempts', 'duplicates', 'throughput'];

const linkRecords = (report: Report & { readonly kind: 'links' | 'sweep' }) =>
  assessRows(report.result.rows, report.planted).map(({ row, judgement }): (readonly [string, Cell])[] => [
    ['experiment', row.experiment],
    ['seed', row.seed],
    ['method', row.method],
    ['loss', row.settings.loss],
    ['latencyMinMs', row.settings.latencyMinMs],
    ['latencyMaxMs', row.settings.latencyMaxMs],
    ['maxRetries', row.settings.maxRetries],
    ['ackTimeoutMs', row.settings.ackTimeoutMs],
    ['window', row.settings.window],
    ['sent', row.sent],
    ['delivered', row.delivered],
    ['confirmed', row.confirmed],
    ['duplicates', row.duplicates],
    ['attempts', row.attempts],
    ['latencyMeanMs', row.latencyMs.mean],
    ['latencyP50Ms', row.latencyMs.p50],
    ['latencyP95Ms', row.latencyMs.p95],
    ['offeredPerSecond', row.throughput?.offeredPerSecond],
    ['sentPerSecond', row.throughput?.sentPerSecond],
    ['goodPerSecond', row.throughput?.goodPerSecond],
    ...quantities.flatMap((quantity): (readonly [string, Cell])[] => {
      const found = judgement.quantities.find((one) => one.quantity === quantity);
      return [
        [`${quantity}.measured`, found?.measured],
        [`${quantity}.low`, found?.interval?.low],
        [`${quantity}.high`, found?.interval?.high],
        [`${quantity}.theory`, found?.theory],
        [`${quantity}.verdict`, found?.verdict],
      ];
    }),
    ['theoryLoss', report.planted ?? row.settings.loss],
    ['verdict', judgement.verdict],
  ]);

const threadRecords = ({ rows, cores, seed }: LabThreadsView) =>
  rows.map((row): (readonly [string, Cell])[] => [
    ['experiment', 5],
    ['seed', seed],
    ['cores', cores],
    ['threads', row.threads],
    ['atomic', row.atomic],
    ['messages', row.messages],
    ['delivered', row.delivered],
    ['counted', row.counted],
    ['lostUpdates', row.lostUpdates],
    ['ms', row.ms],
    ['perSecond', row.perSecond],
    ['speedUp', row.speedUp],
  ]);

const failoverRecords = (view: LabFailoverView) =>
  (['direct', 'pubsub'] as const).map((method): (readonly [string, Cell])[] => [
    ['experiment', 6],
    ['method', method],
    ['perSecond', view.perSecond],
    ['seconds', view.seconds],
    ['server', view.server],
    ['killed', view.killed],
    ['killedAtMs', view.killedAt === null ? null : view.killedAt - view.startedAt],
    ['primaryAfter', view.primaryAfter],
    ['sent', view[method].sent],
    ['delivered', view[method].delivered],
    ['lost', view[method].lost],
    ['unacknowledged', view[method].unacknowledged],
    ['doubled', view[method].doubled],
    ['retried', view[method].retried],
    ['gapMs', view[method].gapMs],
  ]);

export const reportCsv = (report: Report): string => {
  if (report.kind === 'threads') return csvOf(threadRecords(report.result));
  if (report.kind === 'failover') return csvOf(failoverRecords(report.result));
  return csvOf(linkRecords(report));
};

/** The address, without its host, that repeats a report's run. */
export const repeatLink = (report: Report): string =>
  report.kind === 'sweep' ? sweepLink(report.setup) : linkOf(report.setup, report.planted);

/** Everything that a report has. `origin` is where the page is from, for the link. */
export const reportJson = (report: Report, origin: string): string => {
  const { kind, id, setup, prediction, planted, result } = report;
  const rows = kind === 'links' || kind === 'sweep' ? assessRows(result.rows, planted) : [];
  const whole = {
    format: 'estafet-lab-report',
    formatVersion: 1,
    experiment: numberOf(report),
    id,
    version: result.version,
    startedAt: new Date(result.startedAt).toISOString(),
    endedAt: result.endedAt === null ? null : new Date(result.endedAt).toISOString(),
    repeat: `${origin}${repeatLink(report)}`,
    setup,
    planted,
    prediction,
    comparison: compare(report).map(({ question, predicted, outcome, right, off }) => ({
      question: question.id,
      predicted,
      measured: outcome.value,
      interval: outcome.kind === 'number' ? outcome.interval : null,
      right,
      off,
    })),
    verdict: assess(report).verdict,
    result:
      kind === 'threads' || kind === 'failover'
        ? result
        : {
            ...result,
            rows: rows.map(({ row, theory, judgement }) => ({
              ...row,
              theory,
              judged: judgement.quantities,
              verdict: judgement.verdict,
            })),
          },
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
};

/** The same run on the command line; null of a sweep, which has several there. */
export const commandOf = (report: Report): string | null => {
  if (report.kind === 'sweep') return null;
  const { experiment } = report.setup;
  return `estafet lab run ${experiment} ${optionsOf(report)
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]))
    .join(' ')}`;
};

const optionsOf = (report: Exclude<Report, { readonly kind: 'sweep' }>): [string, string | number | undefined][] => {
  if (report.kind === 'failover') {
    const { perSecond, seconds, killAfterMs } = report.setup;
    return [
      ['rate', perSecond],
      ['seconds', seconds],
      ['kill-after', killAfterMs],
    ];
  }
  const { messages, seed } = report.setup;
  const run: [string, number][] = [
    ['messages', messages],
    ['seed', seed],
  ];
  if (report.kind === 'threads') return [...run, ['threads', report.setup.threads]];
  const { loss, latencyMinMs, latencyMaxMs, maxRetries, ackTimeoutMs, window } = report.setup.change;
  return [
    ...run,
    ['loss', loss],
    ['latency', latencyMinMs === undefined ? undefined : `${latencyMinMs}-${latencyMaxMs}`],
    ['retries', maxRetries],
    ['timeout', ackTimeoutMs],
    ['window', window],
  ];
};
