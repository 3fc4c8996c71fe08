/** A finished run with everything that belongs to it: what was set, what was predicted before, and what came out. */
import type { LabBatchView, LabFailoverView, LabThreadsView } from '../../protocol/index.ts';
import type { Setup } from './experiment-form.ts';
import type { SweepSetup } from './experiment-grid.ts';
import type { ExperimentNumber } from './experiment-kinds.ts';
import type { Planted } from './experiment-link.ts';
import type { Prediction } from './experiment-questions.ts';

interface Common {
  /** The job's id: one run is one report. */
  readonly id: string;
  /** Null: it was run without one. */
  readonly prediction: Prediction | null;
  /** The loss that theory was told instead of the right one, to see whether the test notices; null for none. */
  readonly planted: Planted;
}

type SetupOf<Kind extends Setup['kind']> = Setup & { readonly kind: Kind };

export type LinksReport = Common & {
  readonly kind: 'links';
  readonly setup: SetupOf<'links'>;
  readonly result: LabBatchView;
};
export type ThreadsReport = Common & {
  readonly kind: 'threads';
  readonly setup: SetupOf<'threads'>;
  readonly result: LabThreadsView;
};
export type FailoverReport = Common & {
  readonly kind: 'failover';
  readonly setup: SetupOf<'failover'>;
  readonly result: LabFailoverView;
};
export type SweepReport = Common & {
  readonly kind: 'sweep';
  readonly setup: SweepSetup;
  readonly result: LabBatchView;
};
export type Report = LinksReport | ThreadsReport | FailoverReport | SweepReport;

/** Which experiment a report is of; 0 of a sweep. */
export const numberOf = (report: Report): ExperimentNumber | 0 =>
  report.kind === 'sweep' ? 0 : report.setup.experiment;

/** A name for its files: what it is of, and its seed, where it has one. */
export const fileNameOf = (report: Report, extension: string, part?: string): string => {
  const what = report.kind === 'sweep' ? 'sweep' : `experiment-${report.setup.experiment}`;
  const seed = report.kind === 'failover' ? report.id.slice(0, 8) : `seed-${report.setup.seed}`;
  return `estafet-${[what, seed, part].filter((one) => one !== undefined).join('-')}.${extension}`;
};
