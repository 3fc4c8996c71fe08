import { describe, expect, test } from 'vitest';
import { diagramOf } from './story-diagram.ts';
import { story } from './test-news.ts';

const diagram = diagramOf(story, 560, 400);
const crossing = (key: string) => diagram.crossings.find((one) => one.key === key)!;

describe('the space-time diagram of a message', () => {
  test('has a lane for the sender and one for each receiver, in that order', () => {
    expect(diagram.lanes.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    expect(diagram.lanes.map(({ x }) => x)).toEqual(diagram.lanes.map(({ x }) => x).toSorted((a, b) => a - b));
  });

  test('what arrives reaches its lane, what is lost does not', () => {
    const [, b, c] = diagram.lanes;
    expect(crossing('b 0 data').to[0]).toBe(b!.x);
    expect(crossing('c 0 data')).toMatchObject({ lost: true });
    expect(crossing('c 0 data').to[0]).toBeLessThan(c!.x);
    expect(crossing('b 0 ack')).toMatchObject({ lost: true });
    expect(crossing('b 0 ack').to[0]).toBeGreaterThan(diagram.lanes[0]!.x);
  });

  test('time goes down: each crossing ends below its beginning, and later attempts begin below earlier ones', () => {
    for (const { from, to } of diagram.crossings) expect(to[1]).toBeGreaterThan(from[1]);
    expect(crossing('b 1 data').from[1]).toBeGreaterThan(crossing('b 0 data').from[1]);
    expect(crossing('b 1 data').copy).toBe(true);
  });

  test('what the page took is no part of the ACK’s way', () => {
    expect(crossing('b 1 ack').from[1]).toBeCloseTo(crossing('b 1 data').to[1], 6);
  });

  test('its end is where the sender was done with it, inside the picture', () => {
    expect(diagram.end).toMatchObject({ confirmed: true });
    expect(diagram.end!.y).toBeCloseTo(crossing('c 1 ack').to[1], 6);
    expect(diagram.end!.y).toBeLessThan(400);
  });

  test('tells how many receivers have no lane, and leaves their crossings out', () => {
    const nodes = Array.from({ length: 40 }, (_, n) => `n${n}`);
    const attempts = nodes.map((id) => ({ ...story.attempts[0]!, node: id }));
    const many = diagramOf({ ...story, nodes, attempts }, 560, 400);
    expect(many.lanes).toHaveLength(6);
    expect(many.without).toBe(35);
    expect(many.crossings).toHaveLength(10);
  });
});
