/** The table of handlers: one for each kind of command. A later room adds its kinds here. */
import type { DatabaseSync } from 'node:sqlite';
import type { Directory } from './directory.ts';
import type { EventStore } from './event-store.ts';
import { openFiles, uploadHandlers } from './files.ts';
import type { ClientHandlers, SystemHandlers } from './handler-types.ts';
import { openMessageStore } from './message-store.ts';
import { messageHandlers } from './messages.ts';
import { peopleHandlers } from './people.ts';
import { profileHandlers } from './profile.ts';
import { pinHandlers, reactionHandlers } from './reactions.ts';
import { readHandlers } from './reads.ts';
import { requestHandlers } from './requests.ts';
import { invitationHandlers, roomHandlers, roomSettingHandlers } from './rooms.ts';
import { openSessions, sessionHandlers, tokenHandlers } from './sessions.ts';
import { takeoverHandlers } from './takeovers.ts';

export interface Handlers {
  readonly client: ClientHandlers;
  readonly system: SystemHandlers;
}

export const makeHandlers = (db: DatabaseSync, directory: Directory, events: EventStore): Handlers => {
  const sessions = openSessions(db);
  const files = openFiles(db);
  const messages = openMessageStore(db, directory);
  return {
    client: {
      ...roomHandlers(directory),
      ...roomSettingHandlers(db, directory),
      ...invitationHandlers(directory),
      ...messageHandlers(db, directory, events, messages, files),
      ...reactionHandlers(db, directory, messages),
      ...pinHandlers(db, directory, messages),
      ...profileHandlers(directory, files),
      ...readHandlers(db, directory),
      ...sessionHandlers(sessions),
    },
    system: {
      ...peopleHandlers(directory, sessions),
      ...tokenHandlers(db, directory, sessions),
      ...uploadHandlers(db, directory),
      ...requestHandlers(db, directory),
      ...takeoverHandlers(db),
    },
  };
};
