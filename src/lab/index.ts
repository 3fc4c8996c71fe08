/** The door of the lab's model. All of it is pure: pages use it as well as servers. */

export { type AmdahlFit, amdahl, fitAmdahl, type SpeedUp } from './amdahl.ts';
export { type BatchPart, playPart } from './batch.ts';
export { rowOfParts } from './batch-row.ts';
export {
  Exchange,
  type ExchangeLimits,
  type Happening,
  type LiveAttempt,
  type LiveStory,
  type Output,
  type Publication,
  type Refusal,
} from './exchange.ts';
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
export { type Ended, Receiver, Sender, type Transmission } from './pubsub.ts';
export {
  defaultSettings,
  type LabSettings,
  type NumericSetting,
  numericSettings,
  type PresetName,
  presets,
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
} from './statistics.ts';
export { type Attempt, type Story, storyOf } from './story.ts';
export { mergeTotals, summarise, Tally, type Totals } from './tally.ts';
export { type Expected, type ExpectedRate, expected, expectedRate, type Method, methods } from './theory.ts';
export { type BurstRates, type BurstResult, burstRates, playBurst } from './throughput.ts';
export {
  type Judgeable,
  type Judged,
  type JudgedRate,
  type JudgedRow,
  type Judgement,
  judge,
  judgeAgain,
  type Quantity,
  type Verdict,
} from './verdict.ts';
