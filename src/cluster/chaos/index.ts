/** The door of the chaos runner. */

export type { ChaosOptions } from './options.ts';
export { type ChaosReport, type Quantiles, reportText } from './report.ts';
export { type ChaosWatch, runChaos } from './run.ts';
