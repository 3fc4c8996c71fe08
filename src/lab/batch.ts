/** A part of a batch run: messages of these numbers, one method, one setting. Cut anywhere, the parts add up to the same. */
import type { LabSettings } from './settings.ts';
import { storyOf } from './story.ts';
import { Tally, type Totals } from './tally.ts';
import type { Method } from './theory.ts';

export interface BatchPart {
  readonly method: Method;
  readonly settings: LabSettings;
  readonly seed: number;
  /** Number of the first message. */
  readonly from: number;
  readonly count: number;
}

/** Plays the messages of a part, on virtual time. */
export const playPart = ({ method, settings, seed, from, count }: BatchPart): Totals => {
  const tally = new Tally();
  for (let message = from; message < from + count; message++) tally.add(storyOf(method, settings, seed, message));
  return tally.totals();
};
