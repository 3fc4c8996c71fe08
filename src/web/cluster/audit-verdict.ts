/**
 * What the audit's figures come to in one word. Pure. Green only when everything that was looked for was found on every
 * server: while one of them is away, what it has is not known, and that is said instead.
 */
import type { AuditPanelView } from '../../protocol/index.ts';

/** `waiting`: nothing is wrong, and not everything could be looked at. */
export const verdicts = ['holds', 'waiting', 'broken'] as const;
export type Verdict = (typeof verdicts)[number];

/** How a server stands with the audit. */
export type AuditedState = 'up' | 'down' | 'behind';

export interface AuditedServer {
  readonly name: string;
  readonly state: AuditedState;
  /** How many of the acknowledged messages its history shows; null when it was not asked yet. */
  readonly found: number | null;
  readonly fingerprint: string | null;
  /** Whether its fingerprint is what most have; null when there is nothing to compare. */
  readonly same: boolean | null;
}

const stateOf = (state: string | undefined): AuditedState => (state === 'up' || state === 'behind' ? state : 'down');

/** What most servers have, if there are any. */
const commonest = (values: readonly string[]): string | null => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
};

/** Every server that the audit knows of, by name. */
export const auditedServers = ({ servers, found, fingerprints }: AuditPanelView): readonly AuditedServer[] => {
  const names = new Set([...Object.keys(servers), ...Object.keys(found), ...Object.keys(fingerprints?.byServer ?? {})]);
  const prints = Object.values(fingerprints?.byServer ?? {}).filter((print) => print !== null);
  const common = commonest(prints);
  return [...names]
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => {
      const fingerprint = fingerprints?.byServer[name] ?? null;
      const same = fingerprint === null || prints.length < 2 ? null : fingerprint === common;
      return { name, state: stateOf(servers[name]), found: found[name] ?? null, fingerprint, same };
    });
};

/** Null while it has nothing to say: it is not running. */
export const verdictOf = (audit: AuditPanelView): Verdict | null => {
  const { lost, doubled, outOfOrder, strange, fingerprints, holds, state } = audit;
  if (lost + doubled + outOfOrder + strange > 0 || fingerprints?.equal === false) return 'broken';
  if (state !== 'running') return null;
  const all = auditedServers(audit).every((server) => server.state === 'up');
  return holds && all && audit.acknowledged > 0 && fingerprints !== null ? 'holds' : 'waiting';
};
