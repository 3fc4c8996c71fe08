/** What several parts of the SDK's public API speak of. */
import type { Outcome } from '../protocol/index.ts';

export type Unsubscribe = () => void;

/** What became of a command. */
export interface Result {
  readonly id: string;
  /** Its position in the log. */
  readonly index: number;
  readonly outcome: Outcome;
  /** On how many servers' disks it was when it was acknowledged. */
  readonly stored: number;
}

/** What became of a message. */
export type Sent = Omit<Result, 'outcome'>;

/** Someone types: ids of the room and of the person. */
export interface Typing {
  readonly room: string;
  readonly user: string;
}
