import { expect, it } from 'vitest';
import type { Input } from '../replica/effects.ts';
import { Agenda } from './agenda.ts';
import { Random } from './random.ts';
import { VirtualNetwork } from './virtual-network.ts';

/** A process that knows whether it has a link. */
class Process {
  readonly paused = false;
  isLinked = false;

  input({ type }: Input): void {
    if (type === 'linked') this.isLinked = true;
    if (type === 'unlinked') this.isLinked = false;
  }
}

const latencyMs = 5;

/** Two hosts whose processes die again and again, with their link cut besides; then all is quiet for a while. */
const afterStorm = (seed: number) => {
  const agenda = new Agenda();
  const random = new Random(seed);
  const hosts = ['s1', 's2'].map((name) => ({
    name,
    disk: { incarnation: name },
    process: new Process() as Process | null,
  }));
  const [a, b] = hosts as [(typeof hosts)[number], (typeof hosts)[number]];
  const network = new VirtualNetwork<Process>(
    agenda,
    random.stream('network'),
    { latencyMs, bufferMaxBytes: 1_000 },
    {
      deliver: (host, process, input) => {
        if (host.process === process) process.input(input);
      },
      introduce: () => {},
    },
  );
  network.connect(a, b);
  for (let atMs = 0; atMs < 1_000; atMs += random.delay(30)) {
    const host = random.pick(hosts)!;
    agenda.after(atMs, () => {
      if (random.chance(0.3)) network.cut(a, b, random.delay(20), random.delay(60), () => {});
      if (host.process === null) return;
      host.process = null;
      network.gone(
        host,
        hosts.filter((other) => other !== host),
      );
      agenda.after(random.delay(10), () => {
        host.process = new Process();
        network.connect(a, b);
      });
    });
  }
  while (agenda.nowMs < 10_000 && agenda.step());
  return hosts.map(({ process }) => process?.isLinked);
};

it('both ends of a link know in the end whether there is one, however late the greetings of the dead are read', () => {
  for (let seed = 1; seed <= 300; seed++) expect(afterStorm(seed), `seed ${seed}`).toEqual([true, true]);
});
