/** The door of the lab's model. All of it is pure: pages use it as well as servers. */

export { type AmdahlFit, amdahl, fitAmdahl, type SpeedUp } from './amdahl.ts';
export { type Bands, bandsOf } from './bands.ts';
export { type BatchPart, playPart } from './batch.ts';
export { rowOfParts } from './batch-row.ts';
export { Exchange, settlingMs } from './exchange.ts';
export type * from './exchange-types.ts';
export {
  type LinkExperiment,
  linkExperiments,
  type Played,
  playVariant,
  type Row,
  type Variant,
  variantsOf,
} from './experiments.ts';
export { type Histogram, histogramOf } from './histogram.ts';
export type { CrossingKey } from './keyed-random.ts';
export { type Crossing, cross } from './link.ts';
export { type Ended, Sender, type Transmission } from './pubsub.ts';
export {
  defaultSettings,
  type LabSettings,
  type NumericSetting,
  numericSettings,
  type PresetName,
  presets,
  problemSentence,
  problemsOf,
  type SettingsProblem,
  settingBounds,
} from './settings.ts';
export {
  contains,
  type Interval,
  meanInterval,
  mostWithoutFailure,
  quantile,
  Running,
  samplesForError,
  samplesToTell,
  wilson,
  zOf,
} from './statistics.ts';
export { type Attempt, type Story, storyOf } from './story.ts';
export { type Moments, mergeTotals, summarise, Tally, type Totals } from './tally.ts';
export {
  type Expected,
  type ExpectedRate,
  expected,
  expectedRate,
  type Method,
  methods,
  undeliveredAt,
} from './theory.ts';
export { type BurstRates, type BurstResult, burstRates, playBurst } from './throughput.ts';
export {
  type Counted,
  type Judgeable,
  type Judged,
  type JudgedRate,
  type JudgedRow,
  type Judgement,
  judge,
  judgeAgain,
  judgeCounted,
  type Quantity,
  type Verdict,
} from './verdict.ts';
