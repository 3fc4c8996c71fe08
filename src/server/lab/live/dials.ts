/** The dials: what the links do and how patient PubSub is, for all nodes at once, and who turned them last. */
import {
  type Bands,
  bandsOf,
  type Exchange,
  type LabSettings,
  type Method,
  type PresetName,
  presets,
  problemsOf,
} from '../../../lab/index.ts';
import type { LabDials, LabNews } from '../../../protocol/index.ts';
import { Refused } from './refused.ts';

export type DialsView = NonNullable<LabNews['dials']>;

const presetOf = (settings: LabSettings): PresetName | null => {
  const names = Object.keys(presets) as PresetName[];
  const fits = (name: PresetName): boolean =>
    Object.entries(presets[name]).every(([dial, value]) => settings[dial as keyof LabSettings] === value);
  return names.find(fits) ?? null;
};

export class Dials {
  readonly #exchange: Exchange;
  readonly #newSegment: () => void;
  #since: number;
  #changedBy: string | null;
  #bands = new Map<Method, Bands>();

  /** `newSegment` is called whenever the dials have changed. */
  constructor(exchange: Exchange, since: number, changedBy: string | null, newSegment: () => void) {
    this.#newSegment = newSegment;
    this.#exchange = exchange;
    this.#since = since;
    this.#changedBy = changedBy;
  }

  get settings(): LabSettings {
    return this.#exchange.settings;
  }

  get segment(): number {
    return this.#exchange.segment;
  }

  /** What theory says under the present dials. */
  theory(method: Method): Bands {
    let bands = this.#bands.get(method);
    if (bands === undefined) {
      bands = bandsOf(method, this.settings);
      this.#bands.set(method, bands);
    }
    return bands;
  }

  /** What the dials would be after a change. Throws `bad-dials`, with every reason. */
  changed(change: Partial<LabDials>): LabSettings {
    const settings = { ...this.settings, ...change };
    const problems = problemsOf(settings);
    if (problems.length > 0) throw new Refused('bad-dials', problems);
    return settings;
  }

  /** A new segment begins, with settings that were checked. */
  set(settings: LabSettings, by: string, nowMs: number): void {
    this.#exchange.change(settings);
    this.#since = nowMs;
    this.#changedBy = by;
    this.#bands = new Map();
    this.#newSegment();
  }

  view(who: DialsView['who']): DialsView {
    return {
      settings: this.settings,
      segment: this.segment,
      since: this.#since,
      who,
      changedBy: this.#changedBy,
      preset: presetOf(this.settings),
    };
  }
}
