/** The table of handlers: one for each kind of command. A later room adds its kinds here. */
import type { DatabaseSync } from 'node:sqlite';
import type { ClientCommandKind, CommandBody, Outcome, SystemCommandKind } from '../../protocol/index.ts';
import type { Directory, Person } from './directory.ts';
import type { EventStore } from './event-store.ts';
import { messageHandlers } from './messages.ts';
import { peopleHandlers } from './people.ts';
import { readHandlers } from './reads.ts';
import { roomHandlers } from './rooms.ts';
import { openSessions, sessionHandlers, tokenHandlers } from './sessions.ts';
import type { Turn } from './turn.ts';

/** What a command of a person does. `person` is who sent it. Writes only once nothing can be refused any more. */
export type ClientHandlers = {
  readonly [K in ClientCommandKind]: (turn: Turn, person: Person, body: CommandBody<K>) => Outcome;
};

/** What a server's own command does. */
export type SystemHandlers = {
  readonly [K in SystemCommandKind]: (turn: Turn, body: CommandBody<K>) => Outcome;
};

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
    system: { ...peopleHandlers(directory, sessions), ...tokenHandlers(sessions) },
  };
};
