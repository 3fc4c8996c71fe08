/**
 * The messages that move on the map. A fixed number of elements, made once, whose places are set once a frame; nothing is
 * joined, measured or made while they move. Owns everything inside `.map-movers`.
 */
import { type Timer, timer } from 'd3-timer';
import type { FlowKind } from '../../protocol/index.ts';
import { between, type Point } from './map-geometry.ts';
import { flowShapes } from './map-shapes.ts';
import { type Mover, trafficTimes } from './map-traffic.ts';

const poolSize = 128;
/** What waits for its step besides. Older ones go first. */
const waitingMax = 400;
/** Right of the middle, so that what comes and what goes do not meet. */
const asidePx = 5;

interface Dot {
  readonly element: SVGPathElement;
  what: FlowKind | null;
  shown: boolean;
}

export class Movers {
  readonly #dots: readonly Dot[];
  readonly #at: (name: string) => Point | null;
  #radius = 30;
  #movers: Mover[] = [];
  #timer: Timer | null = null;

  /** @param at where a server is now, null when it is not on the map */
  constructor(layer: SVGGElement, at: (name: string) => Point | null) {
    this.#at = at;
    this.#dots = Array.from({ length: poolSize }, (): Dot => {
      const element = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      element.setAttribute('visibility', 'hidden');
      layer.append(element);
      return { element, what: null, shown: false };
    });
  }

  set radius(radius: number) {
    this.#radius = radius;
  }

  add(movers: readonly Mover[]): void {
    if (movers.length === 0) return;
    this.#movers.push(...movers);
    if (this.#movers.length > waitingMax) this.#movers = this.#movers.slice(-waitingMax);
    this.#timer ??= timer(() => this.#frame(performance.now()));
  }

  stop(): void {
    this.#movers = [];
    this.#timer?.stop();
    this.#timer = null;
    for (const dot of this.#dots) this.#hide(dot);
  }

  #hide(dot: Dot): void {
    if (!dot.shown) return;
    dot.shown = false;
    dot.element.setAttribute('visibility', 'hidden');
  }

  #frame(now: number): void {
    let used = 0;
    let over = 0;
    for (const mover of this.#movers) {
      const part = (now - mover.startMs) / trafficTimes.flightMs;
      if (part >= 1) {
        over++;
        continue;
      }
      const dot = part < 0 ? undefined : this.#dots[used];
      if (dot === undefined) continue;
      const [from, to] = [this.#at(mover.from), this.#at(mover.to)];
      if (from === null || to === null) continue;
      used++;
      this.#put(dot, mover.what, between(from, to, this.#radius + 5, asidePx), part);
    }
    for (let at = used; at < this.#dots.length; at++) this.#hide(this.#dots[at]!);
    if (over > 0) this.#movers = this.#movers.filter((one) => now - one.startMs < trafficTimes.flightMs);
    if (this.#movers.length === 0) this.stop();
  }

  #put(dot: Dot, what: FlowKind, { from, to }: { from: Point; to: Point }, part: number): void {
    const { element } = dot;
    if (dot.what !== what) {
      dot.what = what;
      element.setAttribute('d', flowShapes[what]);
      element.setAttribute('class', `mover mover-${what}`);
    }
    const x = from.x + (to.x - from.x) * part;
    const y = from.y + (to.y - from.y) * part;
    element.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    if (dot.shown) return;
    dot.shown = true;
    element.removeAttribute('visibility');
  }
}
