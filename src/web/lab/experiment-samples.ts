/** How many messages a question needs, and what those that are sent can tell. Pure. */
import { expected, mostWithoutFailure, samplesToTell, variantsOf, wilson } from '../../lab/index.ts';
import type { Setup } from './experiment-form.ts';

/** At most so many are looked at: past it, two shares are too close for a classroom. */
const mostSamples = 2_000;
/** Looked at first, because looking takes the square of it. */
const firstSamples = 125;
/** An answer this far below what was looked at cannot be an accident of where looking ended. */
const wellBelow = 0.8;

/** `samplesToTell`, quick enough to follow a form: small numbers are tried before large ones. */
export const samplesNeeded = (one: number, other: number): number | null => {
  for (let most = firstSamples; most < mostSamples; most *= 2) {
    const found = samplesToTell(one, other, 0.95, 0.95, most);
    if (found !== null && found <= wellBelow * most) return found;
  }
  return samplesToTell(one, other, 0.95, 0.95, mostSamples);
};

export interface SampleAdvice {
  readonly messages: number;
  /** How exactly a share near that of Direct becomes known: plus or minus so much, 0 to 1. */
  readonly error: number;
  /** The two shares that are to be told apart, and how many messages that takes; null when it takes too many. */
  readonly direct: number;
  readonly pubsub: number;
  readonly needed: number | null;
  /** Whether the two are the same by theory, so that no number of messages tells them apart. */
  readonly same: boolean;
  /** Failures of PubSub that so many messages may well not show at all: when none fails, at most this share does. */
  readonly unseen: number | null;
}

/** What to say beside the number of messages of experiments 1 to 4. */
export const adviceOn = (setup: Setup & { readonly kind: 'links' }): SampleAdvice => {
  const { experiment, change, messages } = setup;
  const settings = variantsOf(experiment, change)[0]!.settings;
  const [direct, pubsub] = [expected('direct', settings).delivered, expected('pubsub', settings).delivered];
  const { low, high } = wilson(Math.round(direct * messages), messages);
  const failures = (1 - pubsub) * messages;
  return {
    messages,
    error: (high - low) / 2,
    direct,
    pubsub,
    same: direct === pubsub,
    needed: samplesNeeded(direct, pubsub),
    unseen: failures < 3 ? mostWithoutFailure(messages) : null,
  };
};
