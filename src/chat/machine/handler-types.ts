/** What a handler of each kind of command is: what it is given, and that it answers with an outcome. */
import type { ClientCommandKind, CommandBody, Outcome, SystemCommandKind } from '../../protocol/index.ts';
import type { Person } from './directory.ts';
import type { Turn } from './turn.ts';

/** What a command of a person does. `person` is who sent it. Writes only once nothing can be refused any more. */
export type ClientHandlers = {
  readonly [K in ClientCommandKind]: (turn: Turn, person: Person, body: CommandBody<K>) => Outcome;
};

/** What a server's own command does. */
export type SystemHandlers = {
  readonly [K in SystemCommandKind]: (turn: Turn, body: CommandBody<K>) => Outcome;
};
