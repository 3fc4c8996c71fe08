/** Where things are on the map in pixels, for its size and the number of servers. Pure. */
import type { Place } from './map-places.ts';

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Geometry extends MapSize {
  /** Of a server's circle. */
  readonly radius: number;
  /** Of a server's log. */
  readonly stripWidth: number;
}

/** What stands above and below a circle. */
const above = 26;
const below = 58;

/** How high a map of this width is. */
export const heightFor = (width: number): number => Math.round(Math.max(340, Math.min(600, width * 0.82)));

export const geometryOf = (size: MapSize, servers: number): Geometry => {
  const narrow = size.width < 480;
  const radius = servers <= 3 ? (narrow ? 32 : 42) : servers <= 5 ? (narrow ? 26 : 36) : narrow ? 20 : 30;
  return { ...size, radius, stripWidth: Math.round(radius * (narrow ? 2.2 : 2.5)) };
};

const extent = ({ width, height, radius, stripWidth }: Geometry) => {
  const sides = Math.max(radius, stripWidth / 2) + 14;
  return {
    middle: { x: width / 2, y: above + radius + (height - above - below - 2 * radius) / 2 },
    halfX: Math.max(0, width / 2 - sides),
    halfY: Math.max(0, (height - above - below) / 2 - radius),
  };
};

export const pointOf = (geometry: Geometry, place: Place): Point => {
  const { middle, halfX, halfY } = extent(geometry);
  return { x: middle.x + place.x * halfX, y: middle.y + place.y * halfY };
};

/** The other way round. */
export const placeAt = (geometry: Geometry, point: Point): Point => {
  const { middle, halfX, halfY } = extent(geometry);
  return {
    x: halfX === 0 ? 0 : (point.x - middle.x) / halfX,
    y: halfY === 0 ? 0 : (point.y - middle.y) / halfY,
  };
};

/** The stretch between two circles, `aside` pixels to the right of whoever goes from `a` to `b`. */
export const between = (a: Point, b: Point, radius: number, aside = 0): { from: Point; to: Point } => {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const trim = Math.min(radius, length / 2);
  const [sx, sy] = [-uy * aside, ux * aside];
  return {
    from: { x: a.x + ux * trim + sx, y: a.y + uy * trim + sy },
    to: { x: b.x - ux * trim + sx, y: b.y - uy * trim + sy },
  };
};
