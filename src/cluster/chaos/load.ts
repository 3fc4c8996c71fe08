/** The clients of a run: what they share, and how they are made. */
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';

/** What every client of the load is given. */
export interface LoadContext {
  readonly name: string;
  readonly token: string;
  /** Addresses of all servers with their names, its own first one first. */
  readonly servers: readonly { readonly name: string; readonly url: string }[];
  /** Ids of the rooms it posts to. */
  readonly rooms: readonly string[];
  /** Messages a second that it tries to post. */
  readonly rate: number;
  readonly random: Random;
  readonly recorder: Recorder;
}

/** Posts until it is stopped. Resolves, at `stop`, when nothing more will be posted; answers may still come. */
export interface Poster {
  stop(): Promise<void>;
}
