/** The points at which a server is killed, who is killed there, and what makes it come by. */

/** Has all points met, and not every third only: `npm run kill-points`. */
export const allPointsVariable = 'ESTAFET_ALL_KILL_POINTS';

/** Names the folder of the files that arm a point (see `preload.ts`). */
export const armingFolderVariable = 'ESTAFET_KILL_POINTS';

/** What happens besides the load that always goes on. */
export type Cause =
  | 'nothing'
  /** The primary is killed; the point is armed on every backup. */
  | 'primary-killed'
  /** A backup, another than the victim, is killed and comes back. */
  | 'other-killed'
  /** The victim is killed once more before, and meets the point as it comes back. */
  | 'victim-killed'
  /** The same, and its folder is lost. */
  | 'victim-wiped'
  /** The primary is asked to stop, in order. */
  | 'primary-stopped';

export interface KillPoint {
  readonly phase:
    | 'append'
    | 'replicate'
    | 'commit'
    | 'apply'
    | 'takeover'
    | 'join'
    | 'hand-over'
    | 'snapshot'
    | 'install';
  readonly point: string;
  readonly victim: 'primary' | 'backup';
  readonly cause: Cause;
}

const at = (
  phase: KillPoint['phase'],
  victim: KillPoint['victim'],
  cause: Cause,
  ...points: readonly string[]
): readonly KillPoint[] => points.map((point) => ({ phase, point, victim, cause }));

export const killPoints: readonly KillPoint[] = [
  ...at('append', 'primary', 'nothing', 'send append: before', 'send append: after', 'store entries: before'),
  ...at('append', 'primary', 'nothing', 'log commit: before', 'store entries: after'),
  ...at('replicate', 'backup', 'nothing', 'send forward: before', 'send forward: after', 'store entries: before'),
  ...at('replicate', 'backup', 'nothing', 'log commit: before', 'store entries: after', 'send stored: after'),
  ...at('commit', 'primary', 'nothing', 'send committed: before', 'send committed: after'),
  ...at('apply', 'primary', 'nothing', 'chat commit: before', 'chat commit: after'),
  ...at('apply', 'backup', 'nothing', 'chat commit: before', 'chat commit: after'),
  ...at('takeover', 'backup', 'primary-killed', 'lock gained: after', 'manifest: before', 'manifest: after'),
  ...at('takeover', 'backup', 'primary-killed', 'send lead: before', 'store entries: after'),
  ...at('join', 'primary', 'other-killed', 'manifest: before', 'manifest: after'),
  ...at('join', 'backup', 'victim-killed', 'send state: before', 'send state: after', 'store entries: before'),
  ...at('hand-over', 'primary', 'primary-stopped', 'lock released: before', 'lock released: after'),
  ...at('snapshot', 'primary', 'nothing', 'snapshot kept: before', 'snapshot named: before', 'snapshot named: after'),
  ...at('snapshot', 'backup', 'nothing', 'store trim: before', 'store trim: after'),
  ...at('install', 'backup', 'victim-wiped', 'snapshot named: before', 'store install: before'),
  ...at('install', 'backup', 'victim-wiped', 'store install: after', 'chat replaced: before', 'chat replaced: after'),
];
