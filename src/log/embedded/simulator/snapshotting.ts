/**
 * A process makes snapshots and fetches those of others, in virtual time: what it derives from the log is the log's
 * history itself, so a snapshot is no more than its place. One may be lost half-made, be damaged, or be another than
 * the one asked for.
 */
import type { Base, Point } from '../replica/entry.ts';
import type { Node, Process } from './node.ts';
import type { Surroundings } from './surroundings.ts';

/** How much longer than a write of the log it takes to make or copy one. */
const times = 20;
/** A copy that takes longer would have clients wait longer than the simulation lets them. */
const copyMaxMs = 500;
const damagedChance = 0.1;
/** How often another file than was asked for is there, or one that says what it is not. */
const wrongChance = 0.1;

export class Snapshotting {
  readonly #world: Surroundings;
  readonly #node: Node;
  readonly #process: Process;
  readonly #later: (delayMs: number, act: () => void) => void;
  #making = false;

  constructor(world: Surroundings, node: Node, process: Process, later: (delayMs: number, act: () => void) => void) {
    this.#world = world;
    this.#node = node;
    this.#process = process;
    this.#later = later;
  }

  /** Whether enough has come since the last snapshot. */
  isDue(givenOut: number): boolean {
    const { snapshotEvery } = this.#world.scenario;
    return snapshotEvery > 0 && givenOut - (this.#node.disk.snapshot?.index ?? 0) >= snapshotEvery;
  }

  /** Makes one of this place, unless one is being made. What cannot be written is not there, and nothing comes of it. */
  make({ index, hash, epoch, at }: Base): void {
    if (this.#making) return;
    this.#making = true;
    this.#later(this.#world.random.delay(times * this.#world.scenario.diskMs), () => {
      this.#making = false;
      const { disk, medium } = this.#node;
      if (medium.fails(this.#world.agenda.nowMs) !== null) return;
      if (index <= (disk.snapshot?.index ?? 0)) return;
      const snapshot = { index, hash, epoch, at };
      disk.snapshot = snapshot;
      this.#process.input({ type: 'snapshot-stored', snapshot });
    });
  }

  /** Copies the snapshot that a sibling has by then. */
  fetch(from: string, wanted: Base): void {
    const { random, scenario, diskOf, agenda, liveness } = this.#world;
    this.#later(Math.min(random.delay(times * scenario.diskMs), copyMaxMs), () => {
      const { disk, medium } = this.#node;
      const theirs = diskOf(from)?.snapshot ?? null;
      const failed = medium.fails(agenda.nowMs) !== null || random.chance(damagedChance);
      const found = random.chance(wrongChance) && theirs !== null ? wrong(theirs, random.chance(0.5)) : theirs;
      if (failed || found !== theirs) liveness.shock(agenda.nowMs);
      if (theirs === null || found === null || failed) {
        this.#process.input({ type: 'not-fetched', asked: wanted, reason: 'it is damaged, gone, or finds no room' });
      } else {
        disk.fetched.push(found);
        if (found === theirs && theirs.index >= (disk.snapshot?.index ?? 0)) disk.snapshot = theirs;
        this.#process.input({ type: 'fetched', asked: wanted, found });
      }
    });
  }
}

const wrong = ({ index, hash }: Point, otherIndex: boolean): Point =>
  otherIndex ? { index: index + 1, hash } : { index, hash: hash.map((byte) => byte ^ 1) };
