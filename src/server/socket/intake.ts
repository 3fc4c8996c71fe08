/** What a signed-in socket asks for: commands, with a bound on those that wait for their answer, and casts, with a rate. */
import { type CastFrame, type Command, type DoFrame, EstafetError, type ServerFrame } from '../../protocol/index.ts';
import { checkCommandBody } from '../checks.ts';
import type { Answer } from '../commands.ts';
import type { Edge } from '../edge.ts';

/** Whose socket it is. */
interface Holder {
  readonly userId: string;
  readonly tokenHash: string;
}

const answerFrame = (id: string, answer: Answer): ServerFrame =>
  answer.kind === 'failed'
    ? { type: 'error', id, ...answer.error.toBody() }
    : { type: 'done', id, index: answer.index, outcome: answer.outcome, stored: answer.stored };

export class Intake {
  readonly #edge: Edge;
  readonly #holder: Holder;
  readonly #answer: (frame: ServerFrame) => void;
  #inFlight = 0;
  #castSecond = 0;
  #casts = 0;

  constructor(edge: Edge, holder: Holder, answer: (frame: ServerFrame) => void) {
    this.#edge = edge;
    this.#holder = holder;
    this.#answer = answer;
  }

  /** Throws an `EstafetError` for what is not a command, or one too many. */
  do({ id, kind, body: given }: DoFrame): void {
    const { limits, commands } = this.#edge;
    const { userId: by, tokenHash } = this.#holder;
    const checked = checkCommandBody(kind, given);
    if (this.#inFlight >= limits.socketInFlightMax) throw new EstafetError('too-many-in-flight');
    this.#inFlight++;
    // The check has shown that kind and body go together; whose session it is, the client has no say in.
    const body = kind === 'session.close' ? { tokenHash } : checked;
    commands.submit({ id, by, kind, body } as Command, (answer) => {
      this.#inFlight--;
      this.#answer(answerFrame(id, answer));
    });
  }

  cast({ room }: CastFrame): void {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#castSecond) this.#casts = 0;
    this.#castSecond = second;
    if (++this.#casts <= this.#edge.limits.socketCastsPerSecondMax) this.#edge.typing.typed(room, this.#holder.userId);
  }
}
