import * as fc from 'fast-check';
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory } from './index.ts';
import { mutations } from './mutations.ts';
import { correctHistory, type Plan, type Step } from './random-history.ts';

const step: fc.Arbitrary<Step> = fc.record({
  client: fc.nat(20),
  server: fc.nat(4),
  room: fc.nat(5),
  kind: fc.constantFrom(
    'opened',
    ...(['posted', 'posted', 'posted', 'edited', 'edited', 'deleted'] as const),
    ...(['attached', 'attached', 'attached', 'detached', 'detached', 'detached', 'changed'] as const),
    ...(['created', 'joined', 'left', 'marked'] as const),
  ),
  target: fc.nat(30),
  commitDelay: fc.nat(10),
  answerDelay: fc.nat(10),
  fate: fc.constantFrom('acknowledged', 'acknowledged', 'acknowledged', 'refused', 'unknown-done', 'unknown-not-done'),
  reads: fc.boolean(),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(step, { maxLength: 60 }),
  servers: fc.integer({ min: 2, max: 4 }),
  clients: fc.integer({ min: 1, max: 5 }),
  rooms: fc.integer({ min: 1, max: 3 }),
});

describe('random histories', () => {
  it('that are correct have no faults', () => {
    assert(
      property(plan, (given) => {
        const history = correctHistory(given);
        const verdict = checkHistory(history);
        expect(verdict.details).toEqual([]);
        expect(verdict.ok).toBe(true);
        expect(verdict.acked).toBe(history.operations.filter(({ outcome }) => outcome.type === 'acknowledged').length);
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.entries(mutations))('are caught when %s', (_, { faults, mutate }) => {
    let broken = 0;
    assert(
      property(plan, fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 4 }), (given, picks) => {
        let drawn = 0;
        const history = mutate(correctHistory(given), (length) => picks[drawn++ % picks.length]! % length);
        if (history === null) return;
        broken++;
        const verdict = checkHistory(history);
        expect(verdict.ok).toBe(false);
        expect(
          faults.some((fault) => verdict[fault] > 0),
          JSON.stringify(verdict.details),
        ).toBe(true);
      }),
      { numRuns: 600 },
    );
    // Some faults need a history of a certain shape, which not every plan has.
    expect(broken).toBeGreaterThan(0);
  });

  // No figure of speed is demanded, only a time that no machine needs for this unless the work grows with the square.
  it('of 30,000 operations are checked in time that grows with their number, not its square', {
    timeout: 180_000,
  }, () => {
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 8;
    };
    const fates = ['acknowledged', 'acknowledged', 'acknowledged', 'unknown-done'] as const;
    const kinds = ['posted', 'posted', 'posted', 'edited', 'deleted', 'joined', 'left', 'marked'] as const;
    const steps = Array.from({ length: 30_000 }, (): Step => {
      const [fate, kind] = [fates[next() % fates.length]!, kinds[next() % kinds.length]!];
      const [client, server, room, target] = [next(), next(), next(), next()];
      return {
        client,
        server,
        room,
        target,
        kind,
        fate,
        commitDelay: next() % 10,
        answerDelay: next() % 10,
        reads: false,
      };
    });
    const correct = correctHistory({ steps, servers: 3, clients: 2, rooms: 4 });
    // Lists of their own, as if read from each server.
    const servers = correct.servers.map(({ server, entries }) => ({ server, entries: structuredClone(entries) }));
    const startedAt = performance.now();
    expect(checkHistory({ ...correct, servers }).details).toEqual([]);
    console.log(
      `30,000 operations on 3 servers, 2 streams: checked in ${Math.round(performance.now() - startedAt)} ms`,
    );
  });
});
