/**
 * The audit that goes on while somebody watches the cluster: the same that `estafet audit` does, slowly, begun when
 * somebody asks how it stands and ended a while after the last one did.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type AuditPanelView, limits } from '../../protocol/index.ts';
import { isBroken } from './auditor.ts';
import { type AuditView, runAudit } from './run.ts';

/** The right to post and to read; `release` gives it back. */
export interface AuditSession {
  readonly token: string;
  readonly release: () => Promise<void>;
}

export interface AuditPanelOptions {
  /** Addresses to ask where the servers are, as they are now. */
  readonly entries: () => readonly string[];
  readonly openSession: () => Promise<AuditSession>;
  /** `limits.auditPanelIdleMs` unless told. */
  readonly idleMs?: number;
  /** What audits; another for tests. */
  readonly run?: typeof runAudit;
}

export interface AuditPanel {
  /** How it stands, or how it stood at the end; null before it has ever been asked for. */
  readonly view: AuditPanelView | null;
  /** Somebody watches: it goes on, or begins. */
  watched(): void;
  /** Ends it, without looking for what is still missing. */
  stop(): Promise<void>;
}

type State = AuditPanelView['state'];
type Notice = AuditPanelView['notices'][number];

/** How often it is looked whether somebody still watches, at most. */
const lookEveryMs = 1_000;

const nothingYet: AuditView = {
  ...{ acknowledged: 0, found: {}, lost: 0, doubled: 0, reordered: 0, phantoms: 0, refused: 0 },
  ...{ fingerprints: 'unknown', comparedAt: null, compared: null, servers: {}, seconds: 0 },
};

const fingerprintsOf = ({ compared, fingerprints }: AuditView): AuditPanelView['fingerprints'] =>
  compared === null ? null : { ...compared, equal: fingerprints !== 'different' };

const panelOf = (state: State, view: AuditView, notices: readonly Notice[]): AuditPanelView => ({
  state,
  acknowledged: view.acknowledged,
  found: view.found,
  lost: view.lost,
  doubled: view.doubled,
  outOfOrder: view.reordered,
  strange: view.phantoms,
  servers: view.servers,
  fingerprints: fingerprintsOf(view),
  holds: !isBroken(view),
  seconds: view.seconds,
  notices: [...notices],
});

/** An audit that is begun and ended by whether somebody watches. */
export const newAuditPanel = ({ entries, openSession, idleMs, run = runAudit }: AuditPanelOptions): AuditPanel => {
  const goesOnMs = idleMs ?? limits.auditPanelIdleMs;
  let state: State | null = null;
  let view = nothingYet;
  let notices: readonly Notice[] = [];
  let watchedAtMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;
  let stopping: AbortController | null = null;
  let isStopped = false;

  const isWatched = (): boolean => !isStopped && performance.now() - watchedAtMs < goesOnMs;

  const note = (text: string): void => {
    notices = [...notices, { at: Date.now(), text }].slice(-limits.auditPanelNoticesMax);
  };

  const auditOnce = async (): Promise<void> => {
    state = 'starting';
    const session = await openSession();
    const over = new AbortController();
    stopping = over;
    const look = setInterval(
      () => {
        if (!isWatched()) over.abort();
      },
      Math.min(lookEveryMs, goesOnMs / 4),
    );
    try {
      const { token } = session;
      // Nobody is there who would wait for what is still missing at the end.
      const { signal } = over;
      view = await run(
        { entries, token, rate: limits.auditPanelPerSecond, signal, hurry: signal },
        {
          onProgress: (now) => {
            state = 'running';
            view = now;
          },
          onNotice: note,
        },
      );
    } finally {
      clearInterval(look);
      stopping = null;
      await session.release();
    }
  };

  const goOn = async (): Promise<void> => {
    [view, notices] = [nothingYet, []];
    while (isWatched()) {
      try {
        await auditOnce();
      } catch (error) {
        note(error instanceof Error ? error.message : String(error));
        await pause(limits.auditPanelRetryMs, undefined, { ref: false });
      }
    }
    [state, running] = ['stopped', null];
  };

  return {
    get view() {
      return state === null ? null : panelOf(state, view, notices);
    },
    watched: () => {
      watchedAtMs = performance.now();
      if (!isStopped) running ??= goOn();
    },
    stop: async () => {
      isStopped = true;
      stopping?.abort();
      await running;
    },
  };
};
