/** What a run found, as data for scripts and as text for people. */
import type { Operation, Verdict } from '../checker/index.ts';
import type { FaultKind, FaultRecord } from './nemesis.ts';
import type { ChaosOptions } from './options.ts';

/** Nearest-rank quantiles, in ms. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The result of a run. With `--json` it is printed as one line. */
export interface ChaosReport {
  /** Nothing was lost, doubled, reordered, left out, stale or made up, and all servers had one fingerprint. */
  readonly ok: boolean;
  /** SIGKILLs of the primary. */
  readonly kills: number;
  /** SIGSTOPs of the primary. */
  readonly pauses: number;
  /** Commands that were acknowledged. */
  readonly acked: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly gaps: number;
  readonly staleReads: number;
  readonly phantoms: number;
  /** Servers that had different fingerprints at one index. */
  readonly diverged: number;
  /** Commands that were acknowledged, and then otherwise. */
  readonly contradicted: number;
  /** Clients that were told that their session, which was good, was not. */
  readonly turnedAway: number;
  /** From a kill of the primary to the first acknowledged write begun after it. Null when none was killed. */
  readonly takeoverMs: Quantiles | null;
  /** The same for a primary that hangs. */
  readonly pauseMs: Quantiles | null;
  /** The same for a kill of a backup. */
  readonly backupKillMs: Quantiles | null;
  /** What the host of this machine withheld of the processors' time from those signals until all were in sync; null where nobody counts it. */
  readonly stolenMs: number | null;
  /** From a command to its acknowledgement, over the whole run, faults included. */
  readonly commandMs: Quantiles | null;
  /** Rolling restarts: the longest that a write took while a server restarted, from its beginning to its answer. */
  readonly rollingMs: Quantiles | null;
  readonly backupKills: number;
  readonly doubles: number;
  readonly rolling: number;
  readonly blackouts: number;
  readonly storms: number;
  readonly freezes: number;
  readonly wipes: number;
  readonly servers: number;
  readonly clients: number;
  readonly rate: number;
  /** Acknowledged commands by what they did. */
  readonly ackedByKind: Readonly<Record<string, number>>;
  /** Commands begun, refused, and never answered. */
  readonly begun: number;
  readonly refused: number;
  /** How many were refused, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly unknown: number;
  /** Events that the SDK clients received, how often they connected, and how often they were told that they had missed some. */
  readonly received: number;
  readonly connections: number;
  readonly resets: number;
  readonly reads: number;
  /** The index at which all servers ended, and their fingerprint there. */
  readonly index: number;
  readonly fingerprint: string;
  readonly seed: number;
  /** Length of the load, and acknowledged commands a second of it. */
  readonly seconds: number;
  readonly perSecond: number;
  /** The first faults, in words. */
  readonly details: readonly string[];
}

/** Everything a report is made of. */
export interface Findings {
  readonly options: ChaosOptions;
  readonly verdict: Verdict;
  readonly records: readonly FaultRecord[];
  readonly operations: readonly Operation[];
  readonly divergences: readonly string[];
  readonly contradictions: readonly string[];
  readonly turnedAway: readonly string[];
  readonly received: number;
  readonly connections: number;
  readonly resets: number;
  readonly reads: number;
  readonly index: number;
  readonly fingerprint: string;
  readonly loadMs: number;
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** Quantiles of a list by nearest rank; null when it is empty. */
export const quantilesOf = (values: readonly number[]): Quantiles | null => {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number): number => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!);
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) };
};

const sumOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);

const refusalsOf = (operations: readonly Operation[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of operations) {
    if (outcome.type === 'refused') counts[outcome.code] = (counts[outcome.code] ?? 0) + 1;
  }
  return counts;
};

const kindsOf = (operations: readonly Operation[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome, effect } of operations) {
    if (outcome.type === 'acknowledged') counts[effect.type] = (counts[effect.type] ?? 0) + 1;
  }
  return counts;
};

/** Puts the report together. */
export const reportOf = (findings: Findings): ChaosReport => {
  const { options, verdict, records, operations, divergences, contradictions, turnedAway, loadMs } = findings;
  const { ok, details, ...counts } = verdict;
  const of = (kind: FaultKind): readonly FaultRecord[] => records.filter((record) => record.kind === kind);
  const resumed = (kind: FaultKind) => quantilesOf(of(kind).flatMap(({ writesResumedMs }) => writesResumedMs ?? []));
  const ended = (type: Operation['outcome']['type']): number =>
    operations.filter(({ outcome }) => outcome.type === type).length;
  const answered = operations.flatMap(({ outcome, invokedAt, completedAt }) =>
    outcome.type === 'acknowledged' && completedAt !== null ? [completedAt - invokedAt] : [],
  );
  return {
    ok: ok && [divergences, contradictions, turnedAway].every(({ length }) => length === 0),
    kills: of('kill-primary').length,
    pauses: of('pause-primary').length,
    ...counts,
    diverged: divergences.length,
    contradicted: contradictions.length,
    turnedAway: turnedAway.length,
    takeoverMs: resumed('kill-primary'),
    pauseMs: resumed('pause-primary'),
    backupKillMs: resumed('kill-backup'),
    rollingMs: quantilesOf(of('rolling').flatMap(({ longestWritesMs }) => longestWritesMs)),
    stolenMs: sumOf(records.flatMap((record) => record.stolenMs ?? [])),
    commandMs: quantilesOf(answered),
    backupKills: of('kill-backup').length,
    doubles: of('double').length,
    rolling: of('rolling').length,
    blackouts: of('blackout').length,
    storms: of('storm').length,
    freezes: of('freeze').length,
    wipes: of('wipe').length,
    servers: options.servers,
    clients: options.clients,
    rate: options.rate,
    ackedByKind: kindsOf(operations),
    begun: operations.length,
    refused: ended('refused'),
    refusals: refusalsOf(operations),
    unknown: ended('unknown'),
    received: findings.received,
    connections: findings.connections,
    resets: findings.resets,
    reads: findings.reads,
    index: findings.index,
    fingerprint: findings.fingerprint,
    seed: options.seed,
    seconds: round(loadMs / 1_000),
    perSecond: Math.round((counts.acked * 1_000) / loadMs),
    details: [
      ...turnedAway,
      ...divergences,
      ...contradictions,
      ...details.map(({ fault, message }) => `${fault}: ${message}`),
    ],
  };
};

const count = (number: number): string => number.toLocaleString('en');

const line = (what: string, quantiles: Quantiles | null): string[] =>
  quantiles === null
    ? []
    : [`  ${what.padEnd(34)}p50 ${quantiles.p50} ms, p99 ${quantiles.p99} ms, max ${quantiles.max} ms`];

/** The report for a person. */
export const reportText = (report: ChaosReport): string => {
  const faults = [
    'lost',
    'duplicated',
    'reordered',
    'gaps',
    'staleReads',
    'phantoms',
    'diverged',
    'contradicted',
    'turnedAway',
  ] as const;
  const hits = [
    `${report.kills} kills of the primary`,
    `${report.pauses} pauses of it`,
    `${report.backupKills} kills of a backup`,
    `${report.doubles} double kills`,
    `${report.rolling} rolling restarts`,
    `${report.blackouts} kills of all at once`,
    `${report.storms} storms`,
    `${report.freezes} freezes`,
    `${report.wipes} wipes`,
  ];
  const codes = report.refused === 0 ? '' : ` (${Object.entries(report.refusals).join('; ')})`;
  return [
    report.ok ? 'Nothing acknowledged was lost, doubled or reordered.' : 'THE CLUSTER BROKE ITS PROMISES.',
    '',
    `  ${report.servers} servers, ${report.clients} clients, ${report.seconds} s: ${hits.join(', ')}`,
    `  acknowledged ${count(report.acked)} of ${count(report.begun)} commands (${report.perSecond} a second), refused ${report.refused}${codes}, never answered ${report.unknown}`,
    `  of them ${Object.entries(report.ackedByKind)
      .map(([kind, number]) => `${kind} ${count(number)}`)
      .join(', ')}`,
    `  received ${count(report.received)} events over ${report.connections} connections (${report.resets} resets), read ${count(report.reads)} times`,
    `  ${faults.map((fault) => `${fault} ${report[fault]}`).join(', ')}`,
    `  all servers at index ${report.index} with fingerprint ${report.fingerprint.slice(0, 16)}`,
    '',
    '  from the signal to the first acknowledged write begun after it:',
    ...line('  primary killed', report.takeoverMs),
    ...line('  primary paused', report.pauseMs),
    ...line('  backup killed', report.backupKillMs),
    ...line('a command, sent to acknowledged', report.commandMs),
    ...line('longest write, rolling restart', report.rollingMs),
    ...(report.details.length === 0 ? [] : ['', ...report.details.map((detail) => `  ${detail}`)]),
    '',
    `  the same faults again: --seed ${report.seed}`,
    '',
  ].join('\n');
};
