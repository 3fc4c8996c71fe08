/**
 * The orders that take a while: a server is stopped in order, and what else is to be done waits until the others have
 * let it go. Each ends with every server that is meant to run started again, whatever became of it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderedAction } from '../../protocol/index.ts';
import { dropAside, putAside } from './aside.ts';
import { canDoWithout, isLetGo } from './goes-on.ts';
import type { Member } from './member.ts';
import type { Supervision } from './supervision.ts';

/** What of the supervisor a lengthy order works with. */
export interface Hands {
  readonly supervision: Supervision;
  readonly data: string;
  /** Stops a server, once it is certain that the cluster goes on without it. Rejects with `last-server` otherwise. */
  readonly stop: (member: Member) => Promise<void>;
}

/** An order that is looked at already, and what becomes of its one server. */
type Lengthy = (hands: Hands, member: Member) => Promise<void>;

const pollMs = 100;
/** The others let a server go when its link breaks, or 1 s after it was silent. */
const letGoMaxMs = 10_000;
/** A server that has this long to get what it lacks, from little or from nothing. */
const inSyncMaxMs = 120_000;

/** Waits until `holds`, no longer than `maxMs` and no longer than the cluster runs. False when that was in vain. */
const until = async (
  { supervision }: Hands,
  maxMs: number,
  holds: () => Promise<boolean> | boolean,
): Promise<boolean> => {
  const deadline = performance.now() + maxMs;
  while (!(await holds())) {
    if (supervision.isStopping || performance.now() > deadline) return false;
    await pause(pollMs);
  }
  return true;
};

const isInSync = async ({ supervision }: Hands, member: Member): Promise<boolean> =>
  member.ready &&
  (await supervision.look())?.servers.some(({ name, inSync }) => name === member.name && inSync) === true;

const inSync = async (hands: Hands, member: Member): Promise<void> => {
  const isSettled = async (): Promise<boolean> => member.isPaused || (await isInSync(hands, member));
  const settled = await until(hands, inSyncMaxMs, isSettled);
  if (hands.supervision.isStopping) return;
  // Nobody waits for what somebody has stopped.
  if (member.isPaused) throw new Error(`${member.name} was paused meanwhile`);
  if (settled) return;
  throw new Error(`${member.name} was not in sync within ${inSyncMaxMs / 1_000} s`);
};

const restart: Lengthy = async (hands, member) => {
  if (member.process.mark !== null) await hands.stop(member);
  member.process.start();
};

/** Stops it, and has its folder once nothing depends on that any more. Starts it as it was, and rejects, when it cannot be had. */
const takeFolder = async (hands: Hands, member: Member, take: () => void): Promise<void> => {
  if (member.process.mark !== null) await hands.stop(member);
  else await member.stop();
  const letGo = await until(hands, letGoMaxMs, () => isLetGo(hands.supervision, member));
  if (letGo && !hands.supervision.isStopping) {
    take();
    return;
  }
  member.process.start();
  throw new Error(`the others still count on the disk of ${member.name}, so that was left as it is`);
};

const wipe: Lengthy = async (hands, member) => {
  let aside = '';
  await takeFolder(hands, member, () => {
    aside = putAside(hands.data, member.name);
    mkdirSync(join(hands.data, member.name), { mode: 0o700 });
    member.process.start();
  });
  await inSync(hands, member);
  // Only now it has everything again: until then what it had is kept.
  if (!hands.supervision.isStopping) dropAside(aside);
};

const remove: Lengthy = (hands, member) =>
  takeFolder(hands, member, () => {
    hands.supervision.dismiss(member);
    putAside(hands.data, member.name);
  });

/** It has been started already, when it was given its name and port. */
const add: Lengthy = inSync;

/**
 * Each in turn, the next only when the last is in sync again, and the primary, as it is then, last: it hands its role
 * over when it is asked to stop.
 */
export const roll = async (hands: Hands): Promise<void> => {
  const { supervision } = hands;
  const left = new Set(supervision.members);
  while (left.size > 0 && !supervision.isStopping) {
    const primary = (await supervision.look())?.primary;
    const next = [...left].find(({ name }) => name !== primary) ?? [...left][0]!;
    left.delete(next);
    await until(hands, inSyncMaxMs, () => canDoWithout(supervision, next));
    await restart(hands, next);
    await inSync(hands, next);
  }
};

export const lengthy: Readonly<Record<Extract<OrderedAction, 'restart' | 'wipe' | 'add' | 'remove'>, Lengthy>> = {
  restart,
  wipe,
  add,
  remove,
};
