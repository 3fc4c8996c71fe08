/** What the parts of one running server share. Made once, in `start.ts`. */
import type { Chat } from '../chat/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import type { Applier } from './applier.ts';
import type { Attempts } from './attempts.ts';
import type { Control } from './cluster/control.ts';
import type { History } from './cluster/history.ts';
import type { OwnDetails } from './cluster/own-details.ts';
import type { Requests } from './cluster/requests.ts';
import type { Commands } from './commands.ts';
import type { Library } from './files/library.ts';
import type { Uploads } from './files/uploads.ts';
import type { Lab } from './lab/lab.ts';
import type { EdgeLimits, Logger } from './options.ts';
import type { Passwords } from './passwords.ts';
import type { Presence } from './presence.ts';
import type { Search } from './search/search.ts';
import type { Sessions } from './sessions.ts';
import type { Channels } from './socket/channels.ts';
import type { Corks } from './socket/corks.ts';
import type { Hub } from './socket/hub.ts';
import type { Resumer } from './socket/resumer.ts';
import type { Roster } from './socket/roster.ts';
import type { ClusterView } from './topology-view.ts';
import type { Typing } from './typing.ts';

export interface Edge {
  readonly name: string;
  readonly workspace: string;
  /** The host name in addresses for clients that named none. */
  readonly defaultHostname: string;
  readonly machineKey: string;
  /** Whether people may break things on purpose. */
  readonly chaos: boolean;
  readonly limits: EdgeLimits;
  readonly logger: Logger;
  readonly log: ReplicatedLog;
  readonly chat: Chat;
  readonly applier: Applier;
  readonly commands: Commands;
  readonly sessions: Sessions;
  readonly search: Search;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  readonly cluster: ClusterView;
  readonly control: Control;
  readonly requests: Requests;
  readonly details: OwnDetails;
  readonly history: History;
  readonly hub: Hub;
  readonly roster: Roster;
  readonly resumer: Resumer;
  readonly corks: Corks;
  readonly channels: Channels;
  readonly presence: Presence;
  readonly typing: Typing;
  readonly library: Library;
  readonly uploads: Uploads;
  readonly lab: Lab;
  /** Whether the server is stopping. */
  readonly isClosing: () => boolean;
}
