/** What a server is given, and what it gives back. */
import type { PieceStore } from '../files/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import type { limits } from '../protocol/index.ts';

/** Where a server's own account goes. A pino logger is one. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The numbers of `protocol/limits.ts`; tests may tighten some. */
export type EdgeLimits = { readonly [K in keyof typeof limits]: number };

export interface ServerOptions {
  /** The server's name in the cluster, for instance `s1`. */
  readonly name: string;
  /** The replicated log. The server follows it and reports to it, but does not close it. */
  readonly log: ReplicatedLog;
  /** The server's own folder; the chat machine's database is made in it, and the pieces of files. */
  readonly dataDir: string;
  /** The pieces of files on this disk; without it they are in `files` of the server's own folder. */
  readonly pieces?: PieceStore;
  /** The folders in which the other servers' pieces are, as far as this one can read them. */
  readonly siblingPieces?: () => readonly string[];
  /** Address to listen on, for instance `127.0.0.1` or `0.0.0.0`. */
  readonly host: string;
  /** The server's own port; 0 for any free one. */
  readonly port: number;
  /** The port that all servers of this machine share, or null for none. */
  readonly frontPort: number | null;
  /** Folder of the built web app, or null. */
  readonly webRoot: string | null;
  /** Hexadecimal secret; whoever knows it may issue tokens. */
  readonly machineKey: string;
  /** The workspace's name, as people see it. */
  readonly workspace?: string;
  /** The program's version, for reports of experiments. */
  readonly version?: string;
  /** Whether people may break things on purpose; true unless said otherwise. */
  readonly chaos?: boolean;
  /** The port of this machine's loopback at which whoever runs the servers takes orders; null when nobody does. */
  readonly supervisorPort?: () => number | null;
  readonly logger: Logger;
  /** What the server does when a request is to fail at it: unless a test says otherwise, it kills its own process. */
  readonly die?: () => void;
  /** Overrides of limits, for tests. */
  readonly limits?: Partial<EdgeLimits>;
}

export interface RunningServer {
  /** The server's own address on this machine. */
  readonly url: string;
  readonly port: number;
  /** Stops taking requests, tells clients to go elsewhere, and ends, within 2 s. Leaves the log open. */
  close(): Promise<void>;
  /** Resolves when the server can serve no longer by itself, with the reason; whoever runs it says so and exits. */
  readonly failed: Promise<Error>;
}
