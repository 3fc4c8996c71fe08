import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { newCommandId } from '../../protocol/index.ts';
import { type ContractCluster, collect, contract, until } from '../contract.ts';
import type { ReplicatedLog } from '../log.ts';
import { openEmbeddedLog } from './index.ts';

const open = async (size: number): Promise<ContractCluster & { readonly data: string }> => {
  const data = await mkdtemp(join(tmpdir(), 'estafet-log-'));
  const names = Array.from({ length: size }, (_, at) => `s${at + 1}`);
  const logs = await Promise.all(names.map((name) => openEmbeddedLog({ name, data })));
  return {
    logs,
    data,
    dispose: async () => {
      await Promise.all(logs.map((log) => log.close()));
      await rm(data, { recursive: true, force: true });
    },
  };
};

contract('the embedded engine', open);

const command = (text: string) => ({ id: newCommandId(), body: new TextEncoder().encode(text) });
const primaryOf = (logs: readonly ReplicatedLog[]): number => {
  const { primary } = logs.find((log) => log.topology().primary !== null)?.topology() ?? { primary: null };
  return logs.findIndex((log) => log.topology().self === primary);
};
const allInSync = (logs: readonly ReplicatedLog[], size = logs.length): Promise<void> =>
  until(
    () => logs.every((log) => log.topology().replicas.filter((replica) => replica.inSync).length === size),
    `${size} in sync`,
  );

describe('the embedded engine takes over', () => {
  let cluster: Awaited<ReturnType<typeof open>> | null = null;
  afterEach(async () => {
    await cluster?.dispose();
    cluster = null;
  });

  it('P1 P4 commands in flight when the primary goes are committed by the next, once answered never lost', async () => {
    cluster = await open(3);
    const { logs } = cluster;
    await allInSync(logs);
    const first = primaryOf(logs);
    const backups = logs.filter((_, at) => at !== first);
    const sent = Array.from({ length: 200 }, (_, at) => backups[at % 2]!.append(command(`${at}`)));
    await logs[first]!.close();
    const answers = await Promise.all(sent);
    const [a, b] = await Promise.all(
      backups.map((log) => collect(log, 0, new Set(answers.map((one) => one.index)).size)),
    );
    expect(a!.map((one) => one.index)).toEqual(b!.map((one) => one.index));
    for (const answer of answers) expect(a!.find((one) => one.index === answer.index)?.id).toBe(answer.id);
    expect(backups[0]!.topology().epoch).toBe(2);
  });

  it('the primary hands over in order, and commands appended meanwhile are committed', async () => {
    cluster = await open(3);
    const { logs } = cluster;
    await allInSync(logs);
    const before = primaryOf(logs);
    const sent = logs.map((log, at) => log.append(command(`${at}`)));
    await logs[before]!.stepDown();
    await Promise.all(sent);
    await until(() => primaryOf(logs) >= 0 && primaryOf(logs) !== before, 'another primary');
    await Promise.all(logs.map((log) => log.append(command('after'))));
    await allInSync(logs);
    expect(logs[before]!.topology().epoch).toBe(2);
  });

  it('R6 a backup that was away catches up and is in the set again', async () => {
    cluster = await open(3);
    const { logs, data } = cluster;
    await allInSync(logs);
    const first = primaryOf(logs);
    const away = (first + 1) % 3;
    const name = logs[away]!.topology().self;
    await logs[away]!.close();
    const rest = logs.filter((_, at) => at !== away);
    await allInSync(rest, 2);
    await Promise.all(Array.from({ length: 3_000 }, (_, at) => rest[at % 2]!.append(command(`${at}`))));
    const back = await openEmbeddedLog({ name, data });
    try {
      await allInSync([...rest, back], 3);
      expect(await collect(back, 0, 3_000)).toHaveLength(3_000);
    } finally {
      await back.close();
    }
  });
});
