/**
 * The map as it is drawn: D3 on one SVG element, all of whose content is its own. What there is to show comes in as a
 * scene, what moves as movers; what a person does on it goes out as calls. It knows no store and no component.
 */
import { type D3DragEvent, drag } from 'd3-drag';
import { type Selection, select } from 'd3-selection';
import { type Geometry, geometryOf, type MapSize, type Point, placeAt, pointOf } from './map-geometry.ts';
import { drawLinks, placeLinks, writeRates } from './map-links.ts';
import { Movers } from './map-movers.ts';
import { drawNodes, placeNodes } from './map-nodes.ts';
import { movedTo, type Places, placesFor } from './map-places.ts';
import type { Scene, SceneNode } from './map-scene.ts';
import type { Mover } from './map-traffic.ts';
import type { MapWords } from './map-words.ts';

/** Where servers stand, for as long as the page is open. */
export interface PlacesCell {
  places: Places;
}

export interface MapOptions {
  readonly words: MapWords;
  /** Nothing moves: links say in numbers what passes. */
  readonly still: boolean;
  readonly places: PlacesCell;
  readonly onSelect: (name: string | null) => void;
  /** By key: one that is chosen already stays chosen, and whoever asks wants to go to it. */
  readonly onOpen: (name: string) => void;
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

/** How far a key moves a server, of half the map. */
const stepOfKey = 0.06;
const steps: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

const patterns = (svg: Selection<SVGSVGElement, unknown, null, undefined>): void => {
  const defs = svg.append('defs');
  const lines: Readonly<Record<string, readonly [size: number, d: string]>> = {
    primary: [8, ''],
    backup: [8, 'M-2 2 2-2M0 8 8 0M6 10 10 6'],
    behind: [7, 'M3.5 3.5h.01'],
    paused: [7, 'M3.5 0v7'],
    down: [8, 'M0 0 8 8M8 0 0 8'],
  };
  for (const [condition, [size, d]] of Object.entries(lines)) {
    defs
      .append('pattern')
      .attr('id', `map-pattern-${condition}`)
      .attr('width', size)
      .attr('height', size)
      .attr('patternUnits', 'userSpaceOnUse')
      .append('path')
      .attr('class', `map-hatch map-hatch-${condition}`)
      .attr('d', d);
  }
};

export class MapView {
  readonly #svg: Selection<SVGSVGElement, unknown, null, undefined>;
  readonly #options: MapOptions;
  readonly #links: Group;
  readonly #nodes: Group;
  readonly #movers: Movers;
  #geometry: Geometry;
  #scene: Scene | null = null;
  /** Of each server, in pixels. */
  #points = new Map<string, Point>();

  constructor(svg: SVGSVGElement, size: MapSize, options: MapOptions) {
    this.#options = options;
    this.#geometry = geometryOf(size, 3);
    this.#svg = select(svg).attr('role', 'group');
    patterns(this.#svg);
    this.#links = this.#svg.append('g').attr('class', 'map-links').attr('aria-hidden', true);
    const movers = this.#svg.append('g').attr('class', 'map-movers').attr('aria-hidden', true);
    this.#nodes = this.#svg.append('g').attr('class', 'map-nodes');
    this.#movers = new Movers(movers.node()!, (name) => this.#points.get(name) ?? null);
    this.#svg.on('click', (event: MouseEvent) => {
      if (event.target === svg) options.onSelect(null);
    });
  }

  resize(size: MapSize): void {
    this.#geometry = { ...this.#geometry, ...size };
    if (this.#scene !== null) this.draw(this.#scene);
  }

  draw(scene: Scene): void {
    this.#scene = scene;
    const { places, words, still } = this.#options;
    const names = scene.nodes.map(({ name }) => name);
    places.places = placesFor(places.places, names);
    this.#geometry = geometryOf(this.#geometry, names.length);
    this.#movers.radius = this.#geometry.radius;
    this.#locate();
    drawLinks(this.#links, scene.links, this.#geometry.radius, this.#at);
    const nodes = drawNodes(this.#nodes, scene.nodes, { geometry: this.#geometry, words, still, at: this.#at });
    nodes
      .on('click', (_: MouseEvent, { name }) => this.#options.onSelect(name))
      .on('keydown', (event: KeyboardEvent, node) => this.#key(event, node))
      .call(this.#drag);
  }

  move(movers: readonly Mover[]): void {
    this.#movers.add(movers);
  }

  /** Writes how much passes on each link in a second. */
  rates(of: (a: string, b: string) => number): void {
    writeRates(this.#links, ({ a, b }) => {
      const rate = of(a, b);
      return rate === 0 ? '' : this.#options.words.rate(rate);
    });
  }

  /** Stops what moves, where the past is shown. */
  still(): void {
    this.#movers.stop();
  }

  destroy(): void {
    this.#movers.stop();
    this.#svg.on('click', null).selectAll('*').remove();
  }

  readonly #at = (name: string): Point => this.#points.get(name) ?? { x: 0, y: 0 };

  #locate(): void {
    const { places } = this.#options.places;
    this.#points = new Map(
      (this.#scene?.nodes ?? []).map(({ name }) => [name, pointOf(this.#geometry, places[name]!)] as const),
    );
  }

  #put(name: string, point: Point): void {
    const { x, y } = placeAt(this.#geometry, point);
    const cell = this.#options.places;
    cell.places = movedTo(cell.places, name, x, y);
    this.#locate();
    placeNodes(this.#nodes, this.#at);
    placeLinks(this.#links, this.#geometry.radius, this.#at);
  }

  readonly #drag = drag<SVGGElement, SceneNode>()
    .clickDistance(5)
    .subject((_, { name }) => this.#at(name))
    .on('drag', ({ x, y }: D3DragEvent<SVGGElement, SceneNode, Point>, { name }) => this.#put(name, { x, y }));

  #key(event: KeyboardEvent, { name }: SceneNode): void {
    const step = steps[event.key];
    if (event.key === 'Enter' || event.key === ' ') this.#options.onOpen(name);
    else if (event.key === 'Escape') this.#options.onSelect(null);
    else if (step === undefined) return;
    else if (event.shiftKey) {
      const { x, y } = this.#options.places.places[name]!;
      const moved = { x: x + step.x * stepOfKey, y: y + step.y * stepOfKey, turn: null };
      this.#put(name, pointOf(this.#geometry, moved));
    } else this.#focusBeside(name, step);
    event.preventDefault();
  }

  /** The focus goes to the nearest server in that direction. */
  #focusBeside(name: string, step: Point): void {
    const here = this.#at(name);
    let [best, least] = [null as string | null, Number.POSITIVE_INFINITY];
    for (const [other, { x, y }] of this.#points) {
      const ahead = (x - here.x) * step.x + (y - here.y) * step.y;
      if (other === name || ahead <= 0) continue;
      const aside = Math.abs((x - here.x) * step.y) + Math.abs((y - here.y) * step.x);
      if (ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
    }
    if (best === null) return;
    const found = best;
    this.#nodes
      .selectAll<SVGGElement, SceneNode>('.map-node')
      .filter((node) => node.name === found)
      .node()
      ?.focus();
  }
}
