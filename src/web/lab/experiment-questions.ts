/** What one is asked to predict before an experiment is run, and a prediction as it is kept. Pure. */
import { variantsOf } from '../../lab/index.ts';
import { boundsOf, type ExperimentNumber } from './experiment-kinds.ts';

export type QuestionId =
  | 'direct'
  | 'pubsub'
  | 'attempts'
  | 'directFactor'
  | 'pubsubFactor'
  | 'retries'
  | 'timeout'
  | 'speedUp'
  | 'lostUpdates'
  | 'directLost'
  | 'pubsubLost'
  | 'gap';

/** `share` is asked for in percent and kept as 0 to 1; the others are as they are asked for. */
export type Unit = 'share' | 'times' | 'count' | 'ms';

export type Question =
  | {
      readonly id: QuestionId;
      readonly kind: 'number';
      readonly unit: Unit;
      readonly min: number;
      readonly max: number;
    }
  | { readonly id: QuestionId; readonly kind: 'choice'; readonly options: readonly string[] };

const number = (id: QuestionId, unit: Unit, min: number, max: number): Question => ({
  id,
  kind: 'number',
  unit,
  min,
  max,
});
const share = (id: QuestionId): Question => number(id, 'share', 0, 1);

/** What is asked before an experiment. */
export const questionsOf = (experiment: ExperimentNumber): readonly Question[] => {
  switch (experiment) {
    case 1:
    case 2:
      return [share('direct'), share('pubsub'), number('attempts', 'times', 1, boundsOf(1, 'retries').max + 1)];
    case 3:
      return [number('directFactor', 'times', 0, 1_000), number('pubsubFactor', 'times', 0, 1_000)];
    case 4: {
      const retries = new Set(variantsOf(4).map(({ settings }) => String(settings.maxRetries)));
      return [
        { id: 'retries', kind: 'choice', options: [...retries, 'none'] },
        { id: 'timeout', kind: 'choice', options: ['more', 'sooner', 'both', 'neither'] },
      ];
    }
    case 5:
      return [
        number('speedUp', 'times', 0, 8),
        { id: 'lostUpdates', kind: 'choice', options: ['none', 'few', 'many'] },
      ];
    case 6:
      return [
        number('directLost', 'count', 0, 10_000),
        number('pubsubLost', 'count', 0, 10_000),
        number('gap', 'ms', 0, 30_000),
      ];
  }
};

/** What was predicted: by question, a number or the option that was chosen. It never changes once it is locked. */
export interface Prediction {
  readonly answers: Readonly<Partial<Record<QuestionId, number | string>>>;
  /** Milliseconds since 1970, on this device's clock. */
  readonly lockedAt: number;
  /** Whether what theory expects had been looked at before. */
  readonly sawTheory: boolean;
}
