/** Batches that people ask for: what a request comes to, and how one stands. */
import {
  defaultSettings,
  type LabSettings,
  problemSentence,
  problemsOf,
  type Variant,
  variantsOf,
} from '../../lab/index.ts';
import { EstafetError, type LabBatchRequest, type LabBatchView, type LabRow, limits } from '../../protocol/index.ts';
import type { BatchPool } from './batch-pool.ts';
import type { BatchPlan } from './batch-work.ts';
import { type About, type Job, JobLife } from './jobs.ts';

const variantsIn = ({ experiment, rows, change = {} }: LabBatchRequest): readonly Variant[] => {
  if ((experiment === undefined) === (rows === undefined)) {
    throw new EstafetError('bad-request', 'A batch is of an experiment or of rows: name one of the two.');
  }
  if (rows === undefined) return variantsOf(experiment as Parameters<typeof variantsOf>[0], change);
  return rows.map(({ method, settings, offeredPerSecond = null }) => ({
    method,
    settings: { ...defaultSettings, ...settings, ...change },
    offeredPerSecond,
  }));
};

/** What a request comes to. Throws `bad-request`, naming the setting, for one that is out of its bounds; `too-large`. */
export const planOf = (request: LabBatchRequest): BatchPlan => {
  const variants = variantsIn(request);
  const check = ({ settings }: { readonly settings: LabSettings }, at: number): void => {
    const [problem] = problemsOf(settings);
    if (problem !== undefined) throw new EstafetError('bad-request', `Row ${at + 1}: ${problemSentence(problem)}.`);
  };
  variants.forEach(check);
  const of = variants.length * request.messages;
  if (of > limits.labBatchMaxMessages) {
    const sentence = `A batch has at most ${limits.labBatchMaxMessages} messages, all its rows together, and this one ${of}.`;
    throw new EstafetError('too-large', sentence);
  }
  return { experiment: request.experiment ?? 0, seed: request.seed, messages: request.messages, variants };
};

/** Begins a batch. */
export const beginBatch = (pool: BatchPool, plan: BatchPlan, { by, version, onBug }: About): Job<LabBatchView> => {
  const life = new JobLife();
  const of = plan.messages * plan.variants.length;
  let done = 0;
  let rows: readonly LabRow[] = [];
  const playing = pool.run(plan, {
    signal: life.signal,
    onProgress: (played) => {
      done = played;
    },
  });
  life.follow(
    playing.then((made) => {
      rows = made;
    }),
    onBug,
  );
  const { seed, messages } = plan;
  return {
    by,
    life,
    view: (id) => {
      const { state, startedAt, endedAt, error } = life;
      return { id, state, done, of, startedAt, endedAt, seed, messages, version, rows: [...rows], error };
    },
  };
};
