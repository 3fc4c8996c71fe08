/** The table of handlers: one for each kind of command. A later room adds its kinds here. */
import type { DatabaseSync } from 'node:sqlite';
import type { Directory } from './directory.ts';
import type { EventStore } from './event-store.ts';
import { uploadHandlers } from './files.ts';
import type { ClientHandlers, SystemHandlers } from './handler-types.ts';
import { messageHandlers } from './messages.ts';
import { peopleHandlers } from './people.ts';
import { readHandlers } from './reads.ts';
import { roomHandlers } from './rooms.ts';
import { openSessions, sessionHandlers, tokenHandlers } from './sessions.ts';

export interface Handlers {
  readonly client: ClientHandlers;
  readonly system: SystemHandlers;
}

export const makeHandlers = (db: DatabaseSync, directory: Directory, events: EventStore): Handlers => {
  const sessions = openSessions(db);
  return {
    client: {
      ...roomHandlers(directory),
      ...messageHandlers(db, directory, events),
      ...readHandlers(db, directory),
      ...sessionHandlers(sessions),
    },
    system: { ...peopleHandlers(directory, sessions), ...tokenHandlers(sessions), ...uploadHandlers(db, directory) },
  };
};
