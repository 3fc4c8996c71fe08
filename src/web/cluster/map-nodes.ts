/** The servers of the map: joins what the scene says with what is drawn, by name. Owns everything inside `.map-nodes`. */
import { type Selection, select } from 'd3-selection';
import { arc } from 'd3-shape';
import 'd3-transition';
import type { Geometry, Point } from './map-geometry.ts';
import type { SceneNode } from './map-scene.ts';
import { conditionShapes } from './map-shapes.ts';
import type { MapWords } from './map-words.ts';

export interface NodesOptions {
  readonly geometry: Geometry;
  readonly words: MapWords;
  /** Without motion. */
  readonly still: boolean;
  readonly at: (name: string) => Point;
}

type Layer = Selection<SVGGElement, unknown, null, undefined>;
type Nodes = Selection<SVGGElement, SceneNode, SVGGElement, unknown>;

/** So many clients are drawn one by one. */
const clientsDrawn = 7;
const stripHeight = 8;

const enter = (name: string): SVGGElement => {
  const node = select(document.createElementNS('http://www.w3.org/2000/svg', 'g'));
  node.attr('class', 'map-node').attr('data-server', name).attr('role', 'button').attr('tabindex', 0);
  for (const [tag, part] of [
    ['circle', 'map-focus'],
    ['circle', 'map-wave'],
    ['circle', 'map-body'],
    ['circle', 'map-pattern'],
    ['path', 'map-fetched'],
    ['path', 'map-mark'],
    ['text', 'map-name'],
    ['g', 'map-clients'],
    ['text', 'map-role'],
    ['g', 'map-strip'],
    ['text', 'map-note'],
  ] as const) {
    node.append(tag).attr('class', part);
  }
  const strip = node.select('.map-strip');
  strip.append('rect').attr('class', 'strip-all');
  for (const part of ['stored', 'committed', 'applied']) strip.append('rect').attr('class', `strip-${part}`);
  node.select('.map-name').text(name);
  return node.node()!;
};

const drawClients = (nodes: Nodes, { radius }: Geometry, words: MapWords): void => {
  nodes.select<SVGGElement>('.map-clients').each(function drawn(node) {
    const count = Math.min(node.clients, clientsDrawn);
    const apart = 0.27;
    const point = (at: number): [number, number] => {
      const angle = -Math.PI / 2 + (at - (count - 1) / 2) * apart;
      return [Math.cos(angle) * (radius + 13), Math.sin(angle) * (radius + 13)];
    };
    const dots = Array.from({ length: count }, (_, at) => ({ at, you: node.here && at === 0 }));
    select(this)
      .selectAll<SVGCircleElement, (typeof dots)[number]>('circle')
      .data(dots, ({ at }) => at)
      .join('circle')
      .attr('r', 4)
      .attr('data-you', ({ you }) => (you ? '' : null))
      .attr('cx', ({ at }) => point(at)[0])
      .attr('cy', ({ at }) => point(at)[1]);
    const more = node.clients - count;
    select(this)
      .selectAll<SVGTextElement, number>('text')
      .data(more > 0 ? [more] : [])
      .join('text')
      .attr('x', () => point(count)[0] + 2)
      .attr('y', () => point(count)[1] + 4)
      .text((number) => words.moreClients(number));
  });
};

const drawStrip = (nodes: Nodes, { radius, stripWidth }: Geometry): void => {
  const strips = nodes
    .select<SVGGElement>('.map-strip')
    .attr('transform', `translate(${-stripWidth / 2} ${radius + 24})`);
  strips.attr('visibility', ({ strip }) => (strip === null ? 'hidden' : null));
  strips.select('.strip-all').attr('width', stripWidth).attr('height', stripHeight).attr('rx', 2);
  for (const part of ['stored', 'committed', 'applied'] as const) {
    strips
      .select(`.strip-${part}`)
      .attr('height', part === 'stored' ? stripHeight : part === 'committed' ? stripHeight - 2 : stripHeight - 4)
      .attr('y', part === 'stored' ? 0 : part === 'committed' ? 1 : 2)
      .attr('width', ({ strip }) => (strip?.[part] ?? 0) * stripWidth);
  }
};

/** How much of a snapshot is there, as a ring that closes. */
const drawFetched = (nodes: Nodes, { radius }: Geometry): void => {
  const ring = arc<number>()
    .innerRadius(radius - 5)
    .outerRadius(radius)
    .startAngle(0)
    .endAngle((part) => part * 2 * Math.PI);
  nodes.select('.map-fetched').attr('d', ({ fetched }) => (fetched === null ? null : ring(fetched)));
};

/** A ring that runs out from whoever has just become primary. */
const wave = (node: SVGGElement, radius: number): void => {
  select(node)
    .select('.map-wave')
    .attr('r', radius)
    .attr('stroke-opacity', 1)
    .transition()
    .duration(900)
    .attr('r', radius * 2.1)
    .attr('stroke-opacity', 0);
};

export const placeNodes = (layer: Layer, at: (name: string) => Point): void => {
  layer.selectAll<SVGGElement, SceneNode>('.map-node').attr('transform', ({ name }) => {
    const { x, y } = at(name);
    return `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  });
};

export const drawNodes = (layer: Layer, scene: readonly SceneNode[], options: NodesOptions): Nodes => {
  const { geometry, words, still } = options;
  const { radius } = geometry;
  const nodes = layer
    .selectAll<SVGGElement, SceneNode>('.map-node')
    .data(scene, ({ name }) => name)
    .join((fresh) => fresh.append(({ name }) => enter(name)));
  nodes.each(function changed({ condition }) {
    const before = this.getAttribute('data-condition');
    if (before !== null && before !== condition && condition === 'primary' && !still) wave(this, radius);
    if (before !== condition) this.setAttribute('data-condition', condition);
  });
  nodes.attr('aria-pressed', ({ selected }) => selected).attr('aria-label', words.node);
  nodes.select('.map-focus').attr('r', radius + 6);
  nodes.select('.map-body').attr('r', radius);
  nodes
    .select('.map-pattern')
    .attr('r', radius - 1)
    .attr('fill', ({ condition }) => `url(#map-pattern-${condition})`);
  nodes
    .select('.map-mark')
    .attr('d', ({ condition }) => conditionShapes[condition].d)
    .attr('data-line', ({ condition }) => (conditionShapes[condition].line ? '' : null))
    .attr('transform', `translate(${-radius * 0.24} ${-radius * 0.66}) scale(${radius * 0.03})`);
  nodes
    .select('.map-name')
    .attr('y', radius * 0.42)
    .attr('font-size', Math.max(12, radius * 0.42));
  nodes
    .select('.map-role')
    .attr('y', radius + 17)
    .text(words.role);
  nodes
    .select('.map-note')
    .attr('y', radius + 46)
    .text(words.note);
  drawFetched(nodes, geometry);
  drawStrip(nodes, geometry);
  drawClients(nodes, geometry, words);
  placeNodes(layer, options.at);
  return nodes;
};
