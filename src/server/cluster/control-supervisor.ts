/** The way to whoever runs the servers: asks how the processes stand, and has things done to them. */
import { EstafetError, type Order, type OrderAnswer, type SupervisorView } from '../../protocol/index.ts';
import { type Asking, askAt, type Question } from './passing.ts';

/** Only this machine's loopback has it. */
const hostname = '127.0.0.1';
const name = 'the supervisor';

export class SupervisorLine {
  readonly #asking: Asking;
  readonly #port: () => number | null;

  /** @param port where the supervisor takes orders now; null when there is none */
  constructor(asking: Asking, port: () => number | null) {
    this.#asking = asking;
    this.#port = port;
  }

  /**
   * How the processes stand; null when nobody runs them, or whoever does says nothing.
   * @param watched whether somebody watches, for whom the audit goes on
   */
  async view(watched: boolean): Promise<SupervisorView | null> {
    const port = this.#port();
    if (port === null) return null;
    const { limits } = this.#asking;
    return await this.#ask<SupervisorView>(port, {
      method: 'GET',
      path: watched ? '/watched' : '/view',
      deadlineMs: limits.siblingDeadlineMs,
    }).catch(() => null);
  }

  /** Has it done. Rejects with the supervisor's refusal, and with `no-supervisor` when there is none. */
  async order(order: Order): Promise<OrderAnswer> {
    const port = this.#port();
    if (port === null) throw new EstafetError('no-supervisor');
    const { orderDeadlineMs: deadlineMs } = this.#asking.limits;
    try {
      return await this.#ask<OrderAnswer>(port, { method: 'POST', path: '/orders', body: order, deadlineMs });
    } catch (error) {
      if (!(error instanceof EstafetError) || error.code !== 'unavailable') throw error;
      // It may have died over it; then nobody has it done. Otherwise it may still do it.
      if (this.#port() === null) throw new EstafetError('no-supervisor', undefined, { cause: error });
      throw new EstafetError('action-failed', `${error.message} It may have been done: look.`, { cause: error });
    }
  }

  #ask<T>(port: number, question: Question): Promise<T> {
    return askAt<T>(this.#asking, { name, hostname, port }, question);
  }
}
