/**
 * The settings of the lab, the same for live links and batches: what the links do, and how patient PubSub is. Frozen into
 * each message when it is sent, so that a change never touches a message that is already on its way.
 */

export interface LabSettings {
  /** Probability that a crossing is lost, 0 to 1; messages and ACKs alike. */
  readonly loss: number;
  /** The shortest crossing, in milliseconds. */
  readonly latencyMinMs: number;
  /** The longest crossing. Latency is uniform between the two. */
  readonly latencyMaxMs: number;
  /** How often a message is sent again at most: N = maxRetries + 1 attempts. */
  readonly maxRetries: number;
  /** From sending to sending again, counted from the send. */
  readonly ackTimeoutMs: number;
  /** Messages of one sender on their way at a time; 0 is any number. */
  readonly window: number;
  /** Whether receivers drop copies of what they have. Off, to see why it exists. */
  readonly deduplicate: boolean;
}

/** What each setting may be. */
export const settingBounds = {
  loss: { min: 0, max: 1 },
  latencyMinMs: { min: 0, max: 10_000 },
  latencyMaxMs: { min: 0, max: 10_000 },
  maxRetries: { min: 0, max: 20 },
  ackTimeoutMs: { min: 1, max: 60_000 },
  window: { min: 0, max: 1_000 },
} as const satisfies Partial<Record<keyof LabSettings, { readonly min: number; readonly max: number }>>;

export type NumericSetting = keyof typeof settingBounds;
export const numericSettings = Object.keys(settingBounds) as readonly NumericSetting[];
const whole: ReadonlySet<NumericSetting> = new Set(['maxRetries', 'window']);

/** Why settings are not taken: which one, and by which stable reason. */
export interface SettingsProblem {
  readonly setting: keyof LabSettings;
  readonly reason: 'not-a-number' | 'not-whole' | 'too-small' | 'too-large' | 'min-above-max';
  /** The bound that it breaks, when it breaks one. */
  readonly bound?: number;
}

const problemOf = (setting: NumericSetting, value: number): SettingsProblem | null => {
  const { min, max } = settingBounds[setting];
  if (!Number.isFinite(value)) return { setting, reason: 'not-a-number' };
  if (value < min) return { setting, reason: 'too-small', bound: min };
  if (value > max) return { setting, reason: 'too-large', bound: max };
  return whole.has(setting) && !Number.isInteger(value) ? { setting, reason: 'not-whole' } : null;
};

/** Everything that is wrong with settings; empty when they can be used. */
export const problemsOf = (settings: LabSettings): readonly SettingsProblem[] => {
  const problems = numericSettings.flatMap((setting) => problemOf(setting, settings[setting]) ?? []);
  if (problems.length === 0 && settings.latencyMinMs > settings.latencyMaxMs) {
    return [{ setting: 'latencyMinMs', reason: 'min-above-max', bound: settings.latencyMaxMs }];
  }
  return problems;
};

const reasons = {
  'not-a-number': 'is not a number',
  'not-whole': 'must be a whole number',
  'too-small': 'must be at least',
  'too-large': 'must be at most',
  'min-above-max': 'must not be above latencyMaxMs, which is',
} as const satisfies Record<SettingsProblem['reason'], string>;

/** A problem in words, without a full stop: `loss must be at most 1`. */
export const problemSentence = ({ setting, reason, bound }: SettingsProblem): string =>
  [setting, reasons[reason], ...(bound === undefined ? [] : [bound])].join(' ');

/** An office network on a bad day: what the dials show at first. */
export const defaultSettings: LabSettings = {
  loss: 0.1,
  latencyMinMs: 50,
  latencyMaxMs: 250,
  maxRetries: 2,
  ackTimeoutMs: 600,
  window: 0,
  deduplicate: true,
};

/** Settings that are worth a name. */
export const presets = {
  perfect: { loss: 0, latencyMinMs: 1, latencyMaxMs: 1, maxRetries: 2, ackTimeoutMs: 600 },
  office: { loss: 0.001, latencyMinMs: 1, latencyMaxMs: 10, maxRetries: 3, ackTimeoutMs: 100 },
  mobile: { loss: 0.05, latencyMinMs: 40, latencyMaxMs: 200, maxRetries: 3, ackTimeoutMs: 500 },
  satellite: { loss: 0.01, latencyMinMs: 250, latencyMaxMs: 300, maxRetries: 3, ackTimeoutMs: 800 },
  broken: { loss: 0.5, latencyMinMs: 200, latencyMaxMs: 500, maxRetries: 5, ackTimeoutMs: 1_000 },
} as const satisfies Record<string, Partial<LabSettings>>;
export type PresetName = keyof typeof presets;
