/** How much passed between servers since it was last asked: a number for each link and kind, whatever the rate. */
import { Type } from 'typebox';
import type { Flow, FlowKind } from '../../protocol/index.ts';
import { clusterViews } from '../../protocol/schemas.ts';
import { castOf } from '../checks.ts';

export class FlowCounts {
  readonly #flows = new Map<
    string,
    { readonly from: string; readonly to: string; readonly what: FlowKind; count: number }
  >();

  add(from: string, to: string, what: FlowKind, count: number): void {
    const key = `${from} ${to} ${what}`;
    const known = this.#flows.get(key);
    if (known === undefined) this.#flows.set(key, { from, to, what, count });
    else known.count += count;
  }

  /** Everything counted, which then begins anew. */
  take(): readonly Flow[] {
    const flows = [...this.#flows.values()];
    this.#flows.clear();
    return flows;
  }
}

interface FlowsCast {
  readonly flows: readonly Flow[];
}

export const readFlows = castOf(Type.Object({ flows: Type.Array(clusterViews.Flow) })) as (
  body: Uint8Array,
) => FlowsCast | null;

/** As many flows as fit one cast, with names of the greatest length. */
const flowsPerCast = 20;

/** Flows written as casts. */
export const writeFlows = (flows: readonly Flow[]): readonly Buffer[] => {
  const casts: Buffer[] = [];
  for (let at = 0; at < flows.length; at += flowsPerCast)
    casts.push(Buffer.from(JSON.stringify({ flows: flows.slice(at, at + flowsPerCast) })));
  return casts;
};
