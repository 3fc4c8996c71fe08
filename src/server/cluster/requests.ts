/**
 * Numbered requests: takes one to the log and says what became of it. Of a failing one the primary really dies: after
 * it has taken the request, before it has answered, and before anybody else has it. A backup becomes primary and
 * processes it, once: everybody who sends it again sends the same command, with the epoch whose primary was to die of
 * it, and never dies of another's.
 */
import type { Chat } from '../../chat/index.ts';
import type { ReplicatedLog } from '../../log/index.ts';
import { type Command, EstafetError, type RequestView, type Role, systemUser } from '../../protocol/index.ts';
import type { Commands } from '../commands.ts';
import type { EdgeLimits } from '../options.ts';
import type { Control } from './control.ts';
import type { EventBoard } from './event-board.ts';

/** What is asked for: the same wherever it is sent again. */
export interface Order {
  readonly id: string;
  /** Whose request it is: a person's id. */
  readonly user: string;
  /** The epoch whose primary is to die of it. */
  readonly failIn?: number;
}

/** What a server does to itself when a request is to fail at it; what comes after that in the program never happens. */
export type Die = () => void;

/** What became of a request. */
export type RequestAnswer = Pick<RequestView, 'id' | 'label' | 'index' | 'epoch' | 'processedBy'>;

interface Charge {
  readonly log: ReplicatedLog;
  readonly chat: Chat;
  readonly commands: Commands;
  readonly control: Control;
  readonly board: EventBoard;
  readonly chaos: boolean;
  readonly limits: EdgeLimits;
  readonly die: Die;
}

/** Who asks. */
export interface Asker {
  readonly id: string;
  readonly role: Role;
}

const mayFail: ReadonlySet<Role> = new Set(['owner', 'admin']);

export class Requests {
  readonly #charge: Charge;
  /** Of which request which epoch's primary has died lately, the newest last. */
  readonly #spent = new Map<string, number>();
  readonly #unsubscribe: () => void;

  constructor(charge: Charge) {
    this.#charge = charge;
    this.#unsubscribe = charge.board.onEvents((events) => {
      for (const { what, request, epoch } of events)
        if (what === 'dying' && request !== undefined) this.#spend(request, epoch);
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** Somebody asks here. Gives what came of it, when it was asked before and is done; throws for who may not ask. */
  take(id: string, { id: by, role }: Asker): RequestAnswer | null {
    if (role === 'guest') throw new EstafetError('not-allowed');
    const known = this.#known(id, by);
    if (known === null) this.#charge.board.noteRequest({ what: 'request-taken', request: id, by });
    return known;
  }

  /**
   * The order of a failing request, and who is to die of it: null when somebody has already, and it is only to be done.
   * Throws when it cannot be: `not-allowed`, `chaos-off`, `unavailable`, `last-server`, `no-supervisor`.
   */
  async failing(
    id: string,
    { id: user, role }: Asker,
  ): Promise<{ readonly order: Order; readonly victim: string | null }> {
    const { log, control, chaos } = this.#charge;
    if (!mayFail.has(role)) throw new EstafetError('not-allowed');
    if (!chaos) throw new EstafetError('chaos-off');
    const spent = this.#spent.get(id);
    if (spent !== undefined) return { order: { id, user, failIn: spent }, victim: null };
    const { epoch, primary } = log.topology();
    if (primary === null) throw new EstafetError('unavailable', 'No server is primary now, so none can die of it.');
    this.#requireHeir(primary);
    if ((await control.look()) === null) throw new EstafetError('no-supervisor');
    return { order: { id, user, failIn: epoch }, victim: primary };
  }

  /** Whether this server is the one that is to die of it. Throws `last-server` when nobody else has everything. */
  isVictim({ id, failIn }: Order): boolean {
    const { self, primary, epoch } = this.#charge.log.topology();
    if (primary !== self || epoch !== failIn || this.#spent.has(id)) return false;
    if (this.#charge.chat.outcome(id) !== null) return false;
    this.#requireHeir(self);
    return true;
  }

  /** This server takes the request and dies of it, before the end of the next turn of the event loop. */
  dieOf(order: Order): void {
    const { board, commands, die } = this.#charge;
    board.note({ what: 'dying', request: order.id, by: order.user, reason: 'a request that was to fail' });
    board.flush();
    // What was cast leaves at the end of this turn. The log would send a command to the others at the end of the next.
    setImmediate(() => {
      commands.submit(commandOf(order), () => {});
      die();
    });
  }

  /** Has it processed, by whoever is primary now or next. Rejects with the refusal, and as `Commands.run` does. */
  async complete(order: Order): Promise<RequestAnswer> {
    const { commands, board } = this.#charge;
    const { index } = await commands.run(commandOf(order));
    const answer = this.#answerAt(index, order.user);
    const { id: request, label } = answer;
    board.noteRequest({ what: 'request-answered', request, label, from: index, upto: index, by: order.user });
    return answer;
  }

  /** Servers that can process it when the primary is gone, by name. */
  heirs(): readonly { readonly name: string; readonly port: number }[] {
    const { primary, replicas } = this.#charge.log.topology();
    return replicas.flatMap(({ name, role, inSync, facts: { port } }) =>
      name !== primary && role === 'backup' && inSync && port > 0 ? [{ name, port }] : [],
    );
  }

  #requireHeir(primary: string): void {
    const { replicas } = this.#charge.log.topology();
    if (replicas.some(({ name, role, inSync }) => name !== primary && role === 'backup' && inSync)) return;
    throw new EstafetError(
      'last-server',
      `${primary} is the only server that has everything: nobody could process the request if it died.`,
    );
  }

  /** What came of a request of this id, when it is there already. Throws `id-reused` for what is somebody else's. */
  #known(id: string, user: string): RequestAnswer | null {
    const first = this.#charge.chat.outcome(id, systemUser);
    if (first === null) return null;
    if (!first.outcome.ok) throw new EstafetError(first.outcome.code);
    return this.#answerAt(first.index, user);
  }

  #answerAt(index: number, user: string): RequestAnswer {
    const { chat, log } = this.#charge;
    const row = chat.requestsAfter(index - 1, 1)[0];
    if (row?.index !== index) throw new EstafetError('id-too-old');
    if (row.by !== user) throw new EstafetError('id-reused');
    const { id, label, epoch } = row;
    const now = log.topology();
    // The first of an epoch may be there before the log says who leads it.
    return { id, label, index, epoch, processedBy: row.processedBy ?? (now.epoch === epoch ? now.primary : null) };
  }

  #spend(id: string, epoch: number): void {
    this.#spent.set(id, epoch);
    for (const oldest of this.#spent.keys()) {
      if (this.#spent.size <= this.#charge.limits.clusterRequestsRecentMax) break;
      this.#spent.delete(oldest);
    }
  }
}

const commandOf = ({ id, user, failIn }: Order): Command => ({
  id,
  by: systemUser,
  kind: 'request.run',
  body: failIn === undefined ? { user } : { user, failIn },
});
