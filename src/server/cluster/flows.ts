/** How much passed between servers since it was last asked: a number for each link and kind, whatever the rate. */
import type { Flow, FlowKind } from '../../protocol/index.ts';

export class FlowCounts {
  readonly #counts = new Map<string, { readonly from: string; readonly to: string; readonly what: FlowKind; count: number }>();

  add(from: string, to: string, what: FlowKind, count: number): void {
    const key = `${from} ${to} ${what}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { from, to, what, count });
    else known.count += count;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Everything counted, which then begins anew. */
  take(): readonly Flow[] {
    const flows = [...this.#counts.values()];
    this.#counts.clear();
    return flows;
  }
}

/** As many flows as one cast may need to name, for servers of names of any usual length. */
export const flowsPerCast = 30;

