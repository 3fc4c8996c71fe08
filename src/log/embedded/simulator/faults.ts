/** Lets the faults of a scenario strike a world, each where it applies and the promise allows it. */
import { limits } from '../../../protocol/index.ts';
import type { Node } from './node.ts';
import type { Random } from './random.ts';
import type { Fault, FaultKind } from './scenario.ts';
import type { World } from './world.ts';

/** Puts all of them on the agenda. `struck` counts those that did something. */
export const scheduleFaults = (world: World, faults: readonly Fault[], struck: Map<FaultKind, number>): void => {
  const random = world.random.stream('faults');
  for (const fault of faults) {
    world.agenda.after(fault.atMs, () => {
      if (!strike(world, fault, random)) return;
      world.happened('fault', fault.kind);
      world.liveness.shock(world.agenda.nowMs);
      struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1);
    });
  }
};

/** Does it; false when it cannot be done, or must not. */
const strike = (world: World, fault: Fault, random: Random): boolean => {
  const { agenda, lock, nodes } = world;
  if (fault.kind === 'power-cut') {
    for (const node of nodes) world.crash(node, fault.downMs * (0.5 + random.fraction()));
    return true;
  }
  if (fault.kind === 'failing-manifest') {
    lock.medium.failing = { there: fault.there };
    return true;
  }
  if (fault.kind === 'full-disk') {
    const full = fault.node === null ? [lock, ...nodes] : nodes.filter(({ name }) => name === fault.node);
    for (const { medium } of full) medium.fullUntilMs = Math.max(medium.fullUntilMs, agenda.nowMs + fault.forMs);
    lasts(world, fault.forMs);
    return true;
  }
  const node = world.node(fault.node);
  if (node === undefined) return false;
  const { process } = node;
  switch (fault.kind) {
    case 'crash':
      if (process === null) return false;
      if (fault.afterOutputs === 0) world.crash(node, fault.downMs);
      else node.crash = { afterOutputs: fault.afterOutputs, downMs: fault.downMs };
      return true;
    case 'pause':
      return world.pause(node, fault.forMs);
    case 'pause-with-lock':
      node.pauseWithLockMs = fault.forMs;
      return true;
    case 'cut': {
      const other = world.node(fault.other);
      if (other === undefined || other === node) return false;
      const done = world.network.cut(node, other, fault.forMs, fault.lateMs, () => world.liveness.over(agenda.nowMs));
      if (done) world.liveness.begin();
      return done;
    }
    case 'step-down':
      process?.input({ type: 'step-down' });
      return process !== null;
    case 'wipe':
      if (!world.othersSurvive(node)) return false;
      for (const one of fault.all ? nodes : [node]) world.crash(one, random.delay(300));
      world.replaceDisk(node, 'wiped');
      return true;
    case 'failing-write':
      node.medium.failing = { there: fault.there };
      return true;
    case 'slow-disk':
      node.medium.slowUntilMs = agenda.nowMs + fault.forMs;
      node.medium.slowTimes = fault.times;
      lasts(world, fault.forMs);
      return true;
    case 'bit-flip':
      return flip(world, node, fault, random);
    case 'left-behind':
      if (!world.pause(node, limits.memberSilenceMaxMs + 300)) return false;
      agenda.after(limits.memberSilenceMaxMs + 250, () => {
        for (const other of nodes) if (other !== node) world.crash(other, fault.downMs);
      });
      return true;
    case 'late-kill':
      if (process === null) return false;
      agenda.after(fault.lateMs, () => {
        if (node.process === process) world.crash(node, random.delay(300));
      });
      return true;
  }
};

const lasts = (world: World, forMs: number): void => {
  world.liveness.begin();
  world.agenda.after(forMs, () => world.liveness.over(world.agenda.nowMs));
};

/** Rots one of the entries that this disk knows to be committed. */
const flip = (world: World, node: Node, fault: Extract<Fault, { kind: 'bit-flip' }>, random: Random): boolean => {
  const { disk } = node;
  const { index: base } = disk.base;
  if (disk.committed === base || !world.othersSurvive(node)) return false;
  disk.rot(base + 1 + Math.floor(fault.along * (disk.committed - base - 1)), fault.part);
  if (fault.restart) world.crash(node, random.delay(300));
  return true;
};
