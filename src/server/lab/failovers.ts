/** Experiment 6 as people ask for it: one at a time of a server, and only from one that lives on. */
import type { Applied } from '../../chat/index.ts';
import { EstafetError, type LabFailoverRequest, type LabFailoverView } from '../../protocol/index.ts';
import { Failover, type FailoverTools } from './failover.ts';
import { type About, type Job, JobLife } from './jobs.ts';

export class Failovers {
  readonly #tools: FailoverTools;
  #running: Failover | null = null;

  constructor(tools: FailoverTools) {
    this.#tools = tools;
  }

  /**
   * The server that can play it: this one when it is a backup that has everything, otherwise another one that is.
   * Throws `not-possible` when there is none, or no primary to be killed.
   */
  player(): string {
    const { primary, self, replicas } = this.#tools.log.topology();
    if (primary === null)
      throw new EstafetError('not-possible', 'There is no primary at the moment that could be killed.');
    const backups = replicas.filter(({ role, inSync }) => role === 'backup' && inSync).map(({ name }) => name);
    const [first] = backups;
    if (first === undefined) {
      throw new EstafetError('not-possible', 'There is no backup that has everything: nobody could take over.');
    }
    return backups.includes(self) ? self : first;
  }

  /** Throws `bad-request` for a kill after the end, and `not-possible` while another one is under way here. */
  begin(request: LabFailoverRequest, { by, version, onBug }: About): Job<LabFailoverView> {
    const { log } = this.#tools;
    const { seconds, perSecond, killAfterMs = 0 } = request;
    if (killAfterMs >= seconds * 1_000) {
      throw new EstafetError('bad-request', `killAfterMs: must be within the ${seconds} s in which messages are sent.`);
    }
    if (this.#running !== null) throw new EstafetError('not-possible', 'Another failover is under way on this server.');
    const server = log.topology().self;
    if (this.player() !== server) throw new EstafetError('not-possible', `${server} is no backup that has everything.`);
    const life = new JobLife();
    const failover = new Failover(this.#tools, request, by, life.signal);
    this.#running = failover;
    const running = failover.run().finally(() => {
      this.#running = null;
    });
    life.follow(running, onBug);
    return {
      by,
      life,
      view: (id) => {
        const { state, startedAt, endedAt, error } = life;
        return { id, state, server, startedAt, endedAt, version, perSecond, seconds, error, ...failover.view() };
      },
    };
  }

  /** Commands have been applied here. One that stands in the log again, under the same id, has no effect there. */
  applied(commands: readonly Applied[]): void {
    if (this.#running === null) return;
    for (const { id, index, firstIndex } of commands) if (index === firstIndex) this.#running.applied(id);
  }
}
