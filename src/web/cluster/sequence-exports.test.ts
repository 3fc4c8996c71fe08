import { describe, expect, test } from 'vitest';
import { buildSequence } from './sequence-build.ts';
import { type Item, isStep, type Lane, momentsOf } from './sequence-items.ts';
import { between, layOut } from './sequence-layout.ts';
import { mermaidOf } from './sequence-mermaid.ts';
import { shivizExpression, shivizOf } from './sequence-shiviz.ts';
import { svgOf } from './sequence-svg.ts';
import { play } from './sequence-test-kit.ts';

const played = play(21, { requests: 20, failing: 0.3 });
const built = buildSequence(played.events, { servers: played.servers, most: 3_000 });
/** Words that would break each of the formats if they were not escaped. */
const nasty = 'a <b> & "c"; #d\n\u0001e';
const words = {
  title: nasty,
  lane: ({ id }: Lane) => `${id} ${nasty}`,
  short: ({ what }: Item) => `${what} ${nasty}`,
  gap: (ms: number) => `${ms} ms ${nasty}`,
  time: (at: number) => new Date(at).toISOString(),
  arrow: (what: string) => what,
};

describe('as Mermaid', () => {
  const lines = mermaidOf(built.sequence, words, true).trimEnd().split('\n');

  test('every line is a statement that Mermaid knows, whatever the words', () => {
    const text = /(?:[^#;\n]|#(?:35|59);)+/.source;
    const lane = /p\d+/.source;
    const statement = new RegExp(
      `^  (?:(?:actor|participant) ${lane} as ${text}|Note over ${lane}(?:,${lane})?: ${text}|${lane}(?:-->>|->>|-x|-\\))${lane}: ${text})$`,
    );
    expect(lines[0]).toBe('sequenceDiagram');
    for (const line of lines.slice(1)) expect(line).toMatch(statement);
  });

  test('every item is there once, and only the story when the steps are not wanted', () => {
    const said = (all: readonly string[]): number =>
      all.filter((line) => /^ {2}(Note over p\d+:|p\d+-)/.test(line)).length;
    expect(said(lines)).toBe(built.sequence.items.length);
    const story = mermaidOf(built.sequence, words, false).split('\n');
    expect(said(story)).toBe(built.sequence.items.filter((item) => !isStep(item)).length);
  });
});

describe('as a log for ShiViz', () => {
  const log = shivizOf(built);
  const [expression, delimiter, ...rest] = log.split('\n');
  const found = [...rest.join('\n').matchAll(new RegExp(shivizExpression, 'g'))].map(({ groups }) => ({
    event: groups!.event!,
    host: groups!.host!,
    clock: JSON.parse(groups!.clock!) as Record<string, number>,
  }));

  test('it begins with its expression, which reads every line of it', () => {
    expect([expression, delimiter]).toEqual([shivizExpression, '']);
    expect(found.length).toBe((rest.length - 1) / 2);
    expect(found.length).toBeGreaterThan(played.events.length);
  });

  test('each host counts its own events from 1 without a gap, and knows of others only what came before', () => {
    const counts = new Map<string, number>();
    for (const { host, clock, event } of found) {
      expect(clock[host], event).toBe((counts.get(host) ?? 0) + 1);
      for (const [other, count] of Object.entries(clock)) {
        if (other !== host) expect(count).toBeLessThanOrEqual(counts.get(other) ?? 0);
      }
      counts.set(host, clock[host]!);
    }
  });

  test('what caused another thing is in its clock', () => {
    // The n-th line of a server is its n-th event in causal order.
    const clocks = new Map<string, { host: string; clock: Record<string, number> }>();
    const byHost = Map.groupBy(built.events, ({ server }) => server);
    for (const [host, events] of byHost) {
      const lines = found.filter((line) => line.host === host);
      for (const [place, { id }] of events.entries()) clocks.set(id, lines[place]!);
    }
    for (const [cause, effect] of played.causes) {
      const [before, after] = [clocks.get(cause)!, clocks.get(effect)!];
      expect(after.clock[before.host] ?? 0).toBeGreaterThanOrEqual(before.clock[before.host]!);
    }
  });
});

describe('as SVG', () => {
  const svg = svgOf(built.sequence, words, true);

  test('it is one well-formed picture that asks for nothing from outside', () => {
    const open: string[] = [];
    for (const [, close, name, rest] of svg.matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^>"])*)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!rest!.endsWith('/')) open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg).not.toMatch(/href|url\(|@import|var\(--|NaN|undefined/);
    expect([...svg].filter((c) => c < ' ' && c !== '\n')).toEqual([]);
  });

  test('it has every item', () => {
    expect(svg.match(/class="label"/g)).toHaveLength(built.sequence.items.length);
  });
});

describe('the layout', () => {
  const frame = { width: 600, rowPx: 24, gutter: 60, laneMin: 90, steps: true };

  test('puts later moments lower, and each moment on one height', () => {
    const layout = layOut(built.sequence, frame);
    const heights = new Map<number, number>();
    for (const { item, y1, y2 } of layout.arrows) {
      const moments = momentsOf(item);
      heights.set(moments[0]!.place, y1);
      heights.set(moments.at(-1)!.place, y2);
      expect(y2).toBeGreaterThanOrEqual(y1);
    }
    for (const { item, y } of layout.notes) {
      expect(heights.get(item.place) ?? y).toBe(y);
      heights.set(item.place, y);
    }
    const inOrder = [...heights].sort((a, b) => a[0] - b[0]).map(([, y]) => y);
    expect(inOrder).toEqual([...new Set(inOrder)].sort((a, b) => a - b));
    expect(inOrder.at(-1)!).toBeLessThan(layout.height);
  });

  test('gives what lies between two heights, and all of it', () => {
    const { notes, height } = layOut(built.sequence, frame);
    const y = (note: (typeof notes)[number]): number => note.y;
    for (const [top, bottom] of [
      [0, height],
      [100, 300],
      [height, 0],
      [-50, 24],
    ] as const) {
      expect(between(notes, y, top, bottom)).toEqual(notes.filter((note) => note.y >= top && note.y < bottom));
    }
  });
});
