/**
 * What every engine behind the port promises, as one suite of tests that each engine runs. A failing line here means
 * that the rooms above would lose, double or reorder something.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { newCommandId } from '../protocol/index.ts';
import type { Committed, Index, ReplicatedLog } from './log.ts';

/** A cluster of some engine, made for one test. */
export interface ContractCluster {
  readonly logs: readonly ReplicatedLog[];
  /** Ends everything and removes what it stored. */
  dispose(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (entry: Committed): string => new TextDecoder().decode(entry.body);
const entry = (body: string) => ({ id: newCommandId(), body: bytes(body) });

/** Waits until `condition` holds; fails after `withinMs`. */
export const until = async (condition: () => boolean, what: string, withinMs = 30_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** The commands after an index, until there are `count` of them. */
export const collect = async (log: ReplicatedLog, after: Index, count: number): Promise<Committed[]> => {
  const got: Committed[] = [];
  for await (const batch of log.follow(after)) {
    for (const one of batch) if (one.kind === 'command') got.push(one);
    if (got.length >= count) break;
  }
  return got;
};

const settled = (logs: readonly ReplicatedLog[]): Promise<void> =>
  until(
    () =>
      logs.every((log) => {
        const { primary, replicas } = log.topology();
        return primary !== null && replicas.filter((replica) => replica.inSync).length === logs.length;
      }),
    'every replica in sync and known to all',
  );

/**
 * @param open makes a cluster of `size` replicas
 */
export const contract = (name: string, open: (size: number) => Promise<ContractCluster>): void => {
  describe(`${name} keeps the log's contract`, () => {
    let cluster: ContractCluster | null = null;
    const start = async (size: number): Promise<readonly ReplicatedLog[]> => {
      cluster = await open(size);
      await settled(cluster.logs);
      return cluster.logs;
    };
    afterEach(async () => {
      await cluster?.dispose();
      cluster = null;
    });

    it('a command appended through any server is committed once, with its index, time and hash', async () => {
      const logs = await start(3);
      const answers = await Promise.all(logs.map((log, at) => log.append(entry(`from ${at}`))));
      const indices = answers.map((answer) => answer.index);
      expect(new Set(indices).size).toBe(3);
      const everywhere = await Promise.all(logs.map((log) => collect(log, 0, 3)));
      for (const entries of everywhere) expect(entries.map(text).sort()).toEqual(['from 0', 'from 1', 'from 2']);
      for (const answer of answers) {
        expect(answer.hash).toHaveLength(32);
        expect(Math.abs(answer.at - Date.now())).toBeLessThan(60_000);
      }
    });

    it('P2 every server gives the same entries in the same order, contiguous from any index', async () => {
      const logs = await start(3);
      await Promise.all(Array.from({ length: 300 }, (_, at) => logs[at % 3]!.append(entry(`${at}`))));
      const [first, ...others] = await Promise.all(logs.map((log) => collect(log, 0, 300)));
      const plain = (entries: readonly Committed[] | undefined) =>
        entries?.map(
          (one) =>
            `${one.epoch} ${one.index} ${one.at} ${one.id} ${Buffer.from(one.hash).toString('hex')} ${text(one)}`,
        );
      for (const other of others) expect(plain(other)).toEqual(plain(first));
      const from = first![100]!.index;
      const rest = await collect(logs[1]!, from, 199);
      expect(rest.map((one) => one.index)).toEqual(Array.from({ length: 199 }, (_, at) => from + 1 + at));
    });

    it('commands of one server keep the order in which they were appended', async () => {
      const [, backup] = await start(3);
      const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => backup!.append(entry(`${at}`))));
      const indices = answers.map((answer) => answer.index);
      expect(indices).toEqual([...indices].sort((a, b) => a - b));
    });

    it('appending an id again is answered, from any server', async () => {
      const logs = await start(3);
      const command = entry('once');
      const [a, b] = await Promise.all([logs[0]!.append(command), logs[0]!.append(command)]);
      const again = await logs[1]!.append(command);
      for (const answer of [a, b, again]) expect(answer.id).toBe(command.id);
      expect(again.index).toBeGreaterThanOrEqual(Math.max(a.index, b.index));
    });

    it('fingerprints at the same index are the same on every server', async () => {
      const logs = await start(3);
      const { index } = await logs[2]!.append(entry('mark this'));
      await until(() => logs.every((log) => log.fingerprintAt(index) !== null), 'the index is committed everywhere');
      expect(new Set(logs.map((log) => log.fingerprintAt(index))).size).toBe(1);
      expect(logs[0]!.fingerprintAt(index + 1_000)).toBeNull();
    });

    it('a cast reaches the other servers and not its sender', async () => {
      const logs = await start(3);
      const heard: string[] = [];
      for (const [at, log] of logs.entries())
        log.onCast((topic, body, from) => heard.push(`${at} ${topic} ${from} ${new TextDecoder().decode(body)}`));
      logs[0]!.cast('typing', bytes('ana'));
      const self = logs[0]!.topology().self;
      await until(() => heard.length === 2, 'two casts heard');
      expect(heard.sort()).toEqual([`1 typing ${self} ana`, `2 typing ${self} ana`]);
    });

    it('what a server reports of itself is in every server’s topology', async () => {
      const logs = await start(2);
      const facts = { port: 5001, fingerprint: 'ab', connections: 7, startedAt: 12 };
      logs[0]!.report(0, facts);
      const self = logs[0]!.topology().self;
      await until(
        () => logs[1]!.topology().replicas.find((replica) => replica.name === self)?.facts.connections === 7,
        'the report arrived',
      );
      expect(logs[1]!.topology().replicas.find((replica) => replica.name === self)?.facts).toEqual(facts);
    });

    it('P3 there is one primary, and every server names the same', async () => {
      const logs = await start(3);
      const views = logs.map((log) => log.topology());
      expect(new Set(views.map((view) => view.primary)).size).toBe(1);
      expect(new Set(views.map((view) => view.epoch)).size).toBe(1);
      for (const view of views) {
        expect(view.replicas.filter((replica) => replica.role === 'primary').map((replica) => replica.name)).toEqual([
          view.primary,
        ]);
      }
    });

    it('refuses what cannot be a command, with stable codes', async () => {
      const [log] = await start(1);
      await expect(log!.append({ id: 'no uuid', body: bytes('x') })).rejects.toMatchObject({ code: 'bad-id' });
      await expect(log!.append({ id: newCommandId(), body: new Uint8Array(400_000) })).rejects.toMatchObject({
        code: 'too-large',
      });
      expect((await log!.append(entry('still here'))).index).toBeGreaterThan(0);
    });

    it('a closed log refuses commands and ends its followers', async () => {
      const [log] = await start(1);
      await log!.append(entry('one'));
      const reading = (async () => {
        for await (const _ of log!.follow(0));
        return 'ended';
      })();
      await log!.close();
      await expect(log!.append(entry('two'))).rejects.toMatchObject({ code: 'shutting-down' });
      expect(await reading).toBe('ended');
      expect(await log!.closed).toBeNull();
    });
  });
};
