import type { User } from '../../client/index.ts';
import type { Directory } from './directory.ts';
import type { MembersByRoom } from './directory-members.ts';
import type { PendingMessage, Timeline } from './timeline.ts';

/** What a page begins with whose device remembers the person (`web/offline`): the state after one position of the log. */
export interface Restored {
  readonly you: User;
  readonly workspace: string | null;
  readonly position: number;
  readonly at: number;
  readonly directory: Directory;
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly members: MembersByRoom;
  /** When each room was last looked at. */
  readonly visited: ReadonlyMap<string, number>;
  /** How messages were shown that were on their way; the outbox knows whether they still are. */
  readonly onTheirWay: ReadonlyMap<string, PendingMessage>;
}
