/** The links of the map, by the two names. Owns everything inside `.map-links`. */
import type { Selection } from 'd3-selection';
import { between, type Point } from './map-geometry.ts';
import type { SceneLink } from './map-scene.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;

export const placeLinks = (layer: Layer, radius: number, at: (name: string) => Point): void => {
  const links = layer.selectAll<SVGGElement, SceneLink>('.map-link');
  links.each(function place({ a, b }) {
    const { from, to } = between(at(a), at(b), radius + 3);
    const [line, sign, rate] = this.children as unknown as [SVGLineElement, SVGPathElement, SVGTextElement];
    line.setAttribute('x1', from.x.toFixed(1));
    line.setAttribute('y1', from.y.toFixed(1));
    line.setAttribute('x2', to.x.toFixed(1));
    line.setAttribute('y2', to.y.toFixed(1));
    const middle = `translate(${((from.x + to.x) / 2).toFixed(1)} ${((from.y + to.y) / 2).toFixed(1)})`;
    sign.setAttribute('transform', middle);
    rate.setAttribute('transform', middle);
  });
};

export const drawLinks = (
  layer: Layer,
  scene: readonly SceneLink[],
  radius: number,
  at: (name: string) => Point,
): void => {
  layer
    .selectAll<SVGGElement, SceneLink>('.map-link')
    .data(scene, ({ key }) => key)
    .join((fresh) => {
      const link = fresh.append('g').attr('class', 'map-link');
      link.append('line');
      // Shown on a link that is cut.
      link.append('path').attr('d', 'M-6-6 6 6M6-6-6 6');
      link.append('text').attr('dy', '0.35em');
      return link;
    })
    .attr('data-kind', ({ kind }) => kind)
    .attr('data-state', ({ state }) => state);
  placeLinks(layer, radius, at);
};

/** Writes on each link how much passes on it, where nothing moves that would show it. */
export const writeRates = (layer: Layer, rate: (link: SceneLink) => string): void => {
  layer
    .selectAll<SVGGElement, SceneLink>('.map-link')
    .select('text')
    .text((link) => rate(link));
};
