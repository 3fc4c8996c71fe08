/** What a server and its search thread say to each other. */
import type { Provenance, SearchFound, SearchRequest } from '../../chat/search/index.ts';
import type { ErrorCode } from '../../protocol/index.ts';

/** With what the thread begins. */
export interface ThreadData {
  readonly chatPath: string;
  readonly searchPath: string;
  readonly provenance: Provenance;
}

export type ToThread =
  /** The chat has moved. */
  | { readonly type: 'moved' }
  /** Look for this, when everything up to `upto` can be found, or when that takes too long. */
  | { readonly type: 'search'; readonly id: number; readonly request: SearchRequest; readonly upto: number }
  /** Nobody waits for this any more. */
  | { readonly type: 'forget'; readonly id: number }
  /** Let the chat database go: it is about to be replaced. Answered by `released`. */
  | { readonly type: 'release' }
  /** There is a chat database again. */
  | { readonly type: 'resume' };

export type FromThread =
  | { readonly type: 'found'; readonly id: number; readonly found: SearchFound; readonly indexedUpTo: number }
  | { readonly type: 'refused'; readonly id: number; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'released' }
  /** Something went wrong, and is tried again. */
  | { readonly type: 'trouble'; readonly what: string; readonly error: string };
