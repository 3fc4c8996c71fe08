/**
 * Audits a running cluster as a client would: posts numbered messages into a room of its own, through all servers in
 * turn, and reads every server's own history and fingerprints meanwhile. It changes nothing else, and a server that is
 * away is looked at when it is back.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { newCommandId } from '../../protocol/index.ts';
import { closeConnections } from '../chaos/api.ts';
import { Refusal } from '../supervisor/index.ts';
import { Addresses } from './addresses.ts';
import { type Auditor, type Findings, newAuditor } from './auditor.ts';
import { fingerprintOf, historyOf, type Position, positionOf, textOf, type Written, write } from './servers.ts';

const room = 'audit';

export interface AuditOptions {
  /** Addresses to ask where the servers are, as they are now. */
  readonly entries: () => readonly string[];
  readonly token: string;
  /** Messages a second. */
  readonly rate: number;
  /** Ends the posting; what was posted is still looked for. */
  readonly signal: AbortSignal;
  /** Ends the looking too. */
  readonly hurry: AbortSignal;
}

/** What an audit has found so far. `behind`, at the end: the server answers and has not yet shown everything. */
export interface AuditView extends Findings {
  /** The fingerprints that were compared last. */
  readonly compared: Compared | null;
  readonly servers: Readonly<Record<string, 'up' | 'down' | 'behind'>>;
  readonly seconds: number;
}

/** Each server's fingerprint at one index; null where it does not know it. */
export interface Compared {
  readonly index: number;
  readonly byServer: Readonly<Record<string, string | null>>;
}

export interface AuditWatch {
  /** About once a second. */
  readonly onProgress: (view: AuditView) => void;
  /** A sentence for each fault, and for each server that goes or comes back. */
  readonly onNotice: (sentence: string) => void;
}

/** Bounds of what the audit does, times in ms. */
const bounds = {
  /** From the start to knowing where the servers are, */
  reachMaxMs: 5_000,
  /** and to being in the room. */
  startMaxMs: 15_000,
  /** Between two looks at all servers. */
  roundMs: 500,
  /** Between two attempts to post a message. */
  retryMs: 50,
  /** From the end of the posting to the last message's answer. */
  drainMaxMs: 10_000,
  /** From then until all servers have shown everything; a restart may be held back for 10 s. */
  settleMaxMs: 20_000,
  /** A session that no server knows for this long has been forgotten. */
  turnedAwayMaxMs: 10_000,
  /** A server that was started again is asked for all of the audit's messages again, when they are not more than this. */
  rereadMaxMessages: 10_000,
} as const;

const isForgotten = (written: Written): boolean => 'unanswered' in written && written.unanswered === 'session-ended';

/** Makes the room if need be and goes in. Returns the index after which this audit's messages stand. */
const enter = async (addresses: Addresses, token: string, signal: AbortSignal): Promise<number> => {
  const startedAt = performance.now();
  const isLate = (): boolean =>
    performance.now() - startedAt > (addresses.names.length === 0 ? bounds.reachMaxMs : bounds.startMaxMs);
  const topic = 'estafet audit posts here, and looks for it on every server';
  let trouble = '';
  let isMade = false;
  for (let turn = 0; !isLate() && !signal.aborted; turn++) {
    await addresses.refresh();
    const names = addresses.names.filter((name) => addresses.url(name) !== '');
    const name = names[turn % names.length];
    if (name !== undefined) {
      const url = addresses.url(name);
      const written: Written = isMade
        ? await write(url, `/rooms/${room}/join`, token, {})
        : await write(url, '/rooms', token, { name: room, topic });
      if ('index' in written && isMade) return written.index;
      const isThere = 'refused' in written && written.refused === 'room-name-taken';
      if (!isMade && ('index' in written || isThere)) {
        isMade = true;
        continue;
      }
      if ('refused' in written) {
        throw new Refusal('noPermission', `The room #${room} cannot be entered with this token: ${written.refused}.`);
      }
      if ('unanswered' in written && written.unanswered !== '') trouble = ` The last answer: ${written.unanswered}.`;
    }
    await pause(bounds.retryMs);
  }
  throw new Refusal('unavailable', `No server could be reached that takes messages.${trouble}`);
};

/** Posts messages until it is told to stop. */
const postAll = async (options: AuditOptions, addresses: Addresses, auditor: Auditor, run: string): Promise<void> => {
  const { token, rate, signal, hurry } = options;
  let turn = 0;

  const postOne = async (): Promise<boolean> => {
    const id = newCommandId();
    const number = auditor.begin(id);
    let drainUntil = Number.POSITIVE_INFINITY;
    let forgottenSince: number | null = null;
    for (;;) {
      const url = addresses.url(addresses.names[turn++ % addresses.names.length] ?? '');
      const body = { id, text: textOf(run, number) };
      const written: Written =
        url === '' ? { unanswered: '' } : await write(url, `/rooms/${room}/messages`, token, body);
      if ('index' in written) auditor.acknowledged(number, written.index);
      if ('refused' in written) auditor.refused(number, written.refused);
      if (!('unanswered' in written)) return true;
      const now = performance.now();
      if (isForgotten(written)) forgottenSince ??= now;
      else if (written.unanswered !== '') forgottenSince = null;
      if (forgottenSince !== null && now - forgottenSince > bounds.turnedAwayMaxMs) {
        auditor.refused(number, 'session-ended');
        return false;
      }
      if (signal.aborted) drainUntil = Math.min(drainUntil, now + bounds.drainMaxMs);
      if (now > drainUntil || hurry.aborted) return false;
      await pause(bounds.retryMs);
    }
  };

  while (!signal.aborted) {
    const begunAt = performance.now();
    if (!(await postOne())) return;
    const waitMs = begunAt + 1_000 / rate - performance.now();
    await pause(Math.max(0, waitMs), undefined, { signal }).catch(() => undefined);
  }
};

/**
 * Audits until `signal`, and then until every server has shown everything, within a bound.
 * @throws Refusal when no server can be reached at the start, or the room cannot be entered
 */
export const runAudit = async (options: AuditOptions, watch: AuditWatch): Promise<AuditView> => {
  const startedAt = performance.now();
  const { token, signal, hurry } = options;
  const run = newCommandId();
  const addresses = new Addresses(options.entries);
  const after = await enter(addresses, token, signal);
  const auditor = newAuditor({ servers: addresses.names, after, onFault: watch.onNotice });
  const isUp = new Map<string, boolean>(addresses.names.map((name) => [name, true]));
  const pids = new Map<string, number>();
  let compared: Compared | null = null;

  /** Takes note of servers that have come or gone since the last look. */
  const heedNames = (): void => {
    for (const name of addresses.names) {
      if (isUp.has(name)) continue;
      auditor.admit(name);
      isUp.set(name, false);
      watch.onNotice(`${name} is a server from now on`);
    }
    for (const name of isUp.keys()) {
      if (addresses.names.includes(name)) continue;
      auditor.dismiss(name);
      isUp.delete(name);
      pids.delete(name);
      watch.onNotice(`${name} is no server any more`);
    }
  };

  /** A process that was started again shows everything anew, when that is not too much; one that is behind itself must. */
  const heedProcess = (name: string, { pid, applied }: Position): void => {
    const isAnother = pid !== (pids.get(name) ?? pid);
    pids.set(name, pid);
    const isShort = auditor.findings.acknowledged <= bounds.rereadMaxMessages;
    if ((isAnother && isShort) || applied < auditor.upto(name)) auditor.startOver(name);
  };

  /** Reads what is new on a server. Null when it did not answer everything, as one process. */
  const look = async (name: string): Promise<Position | null> => {
    const url = addresses.url(name);
    const before = url === '' ? null : await positionOf(name, url);
    if (before === null) return null;
    heedProcess(name, before);
    const { applied } = before;
    const stretch = await historyOf({ url, token, room, run, after: auditor.upto(name), applied });
    const now = await positionOf(name, url);
    if (stretch === null || now?.pid !== before.pid) return null;
    auditor.read(name, stretch);
    return before;
  };

  const lookAtAll = async (): Promise<void> => {
    await addresses.refresh();
    heedNames();
    const names = addresses.names;
    const positions = await Promise.all(names.map(look));
    for (const [at, name] of names.entries()) {
      const answers = positions[at] !== null;
      if (answers !== isUp.get(name)) watch.onNotice(answers ? `${name} answers again` : `${name} does not answer`);
      isUp.set(name, answers);
    }
    const index = Math.min(...positions.flatMap((position) => position?.applied ?? []));
    if (Number.isFinite(index) && index > 0) await compareAt(index);
  };

  const compareAt = async (index: number): Promise<void> => {
    const up = addresses.names.filter((name) => isUp.get(name));
    const told = await Promise.all(up.map((name) => fingerprintOf(addresses.url(name), index)));
    for (const [at, name] of up.entries()) auditor.told(name, index, told[at] ?? null);
    compared = { index, byServer: Object.fromEntries(up.map((name, at) => [name, told[at] ?? null])) };
  };

  const view = (isOver: boolean): AuditView => {
    const stateOf = (name: string) =>
      !isUp.get(name) ? 'down' : isOver && auditor.upto(name) < auditor.last ? 'behind' : 'up';
    const servers = Object.fromEntries([...isUp.keys()].sort().map((name) => [name, stateOf(name)] as const));
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    return { ...auditor.findings, compared, servers, seconds };
  };

  const lookUntil = async (isOver: () => boolean): Promise<void> => {
    do {
      await lookAtAll();
      watch.onProgress(view(false));
      if (!isOver()) await pause(bounds.roundMs);
    } while (!isOver());
  };

  let hasPosted = false;
  const posting = postAll(options, addresses, auditor, run).finally(() => {
    hasPosted = true;
  });
  await Promise.all([posting, lookUntil(() => hasPosted)]);
  const deadline = performance.now() + bounds.settleMaxMs;
  const isSettled = (): boolean =>
    [...isUp.keys()].every((name) => isUp.get(name) && auditor.upto(name) >= auditor.last);
  await lookUntil(() => isSettled() || hurry.aborted || performance.now() > deadline);
  for (const index of auditor.checkpoints) if (!hurry.aborted) await compareAt(index);
  closeConnections();
  return view(true);
};
