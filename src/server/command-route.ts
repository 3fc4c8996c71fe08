/**
 * Routes that do one command. What the command needs comes from the address, from what the route itself fixes, and for
 * the rest from the request's body, whose shape is therefore the command's without those. Whoever may do it is not
 * decided here but when the command is applied.
 */
import type { FastifyInstance } from 'fastify';
import { type TProperties, type TSchema, Type } from 'typebox';
import { type ClientCommandKind, type Command, type CommandBody, limits, newCommandId } from '../protocol/index.ts';
import { clientCommands, clientFrames } from '../protocol/schemas.ts';
import { lengthCodesOf } from './checks.ts';
import type { Edge } from './edge.ts';
import { sessionRoute } from './route.ts';
import type { Session } from './sessions.ts';

/** For writes that can be sent again: born at the client, it has one effect however often it is sent. */
export const CommandId = clientFrames.do.properties.id;

const maybeId = { id: Type.Optional(CommandId) };
const closed = { additionalProperties: false } as const;

/** A request's body with an id for its command. */
export const bodyWithId = <P extends TProperties>(properties: P) => Type.Object({ ...maybeId, ...properties }, closed);
/** The id in the address, for requests without a body. */
export const IdQuery = Type.Object(maybeId, closed);

export const Receipt = Type.Object(
  {
    id: Type.String({ description: 'The command’s id, and the id of what it created.' }),
    index: Type.Integer({ minimum: 0, description: 'Where it stands in the log; for a retry, the first time.' }),
  },
  { description: 'Committed, and applied on the server that answers.' },
);

/** Characters of what stands in an address between two slashes. */
export const addressPartMaxChars = 64;

const part = (description: string, maxLength = addressPartMaxChars) =>
  Type.String({ minLength: 1, maxLength, description });

/** What may stand in an address. */
const addressParts = {
  room: part('A room’s id or name.'),
  message: part('A message’s id.'),
  user: part('A person’s id.'),
  emoji: part('One emoji, percent-encoded as everything in an address.', limits.emojiMaxChars),
} as const;

export const RoomParams = Type.Object({ room: addressParts.room });
export const MessageParams = Type.Object({ message: addressParts.message });

const isPart = (name: string): name is keyof typeof addressParts => Object.hasOwn(addressParts, name);

interface Receipted {
  readonly id: string;
  readonly index: number;
  /** Which room a command opened. */
  readonly room?: string;
}

/** Does a command in the name of who asks; a new id unless one is given. Throws the refusal. */
export const doCommand = async <K extends ClientCommandKind>(
  edge: Edge,
  { user }: Session,
  kind: K,
  body: CommandBody<K>,
  id: string = newCommandId(),
): Promise<Receipted> => {
  const { index, room } = await edge.commands.run({ id, by: user.id, kind, body } as Command);
  return { id, index, ...(room === null ? {} : { room }) };
};

interface CommandRoute<K extends ClientCommandKind> {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Its parameters have the names of the command's fields. */
  readonly url: string;
  readonly kind: K;
  /** Fields that the route itself gives. */
  readonly fixed?: Partial<CommandBody<K>>;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  /** What is answered; a receipt when it is not named. */
  readonly answer?: TSchema;
  /** 201 for what creates something. */
  readonly status?: 200 | 201;
}

/** Adds a route that does a command. Its id is in the body or in the query; without one the server makes it. */
export const commandRoute = <K extends ClientCommandKind>(
  app: FastifyInstance,
  edge: Edge,
  { method, url, kind, fixed = {}, answer = Receipt, status = 200, ...described }: CommandRoute<K>,
): void => {
  const fields: TProperties = clientCommands[kind].properties;
  const inAddress = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '').filter(isPart);
  const isElsewhere = (name: string): boolean => isPart(name) && inAddress.includes(name);
  const inBody = Object.fromEntries(
    Object.entries(fields).filter(([name]) => !isElsewhere(name) && !Object.hasOwn(fixed, name)),
  );
  sessionRoute(
    app,
    edge,
    {
      ...described,
      method,
      url,
      params: Type.Object(Object.fromEntries(inAddress.map((name) => [name, addressParts[name]]))),
      query: IdQuery,
      ...(method === 'DELETE' ? {} : { body: bodyWithId(inBody) }),
      answer,
      status,
      codes: lengthCodesOf(kind),
    },
    ({ params, query, body = {} }, session) => {
      const { id = query.id, ...given } = body as { readonly id?: string };
      // The checks of the parts are the command's own, so together they make its body.
      return doCommand(edge, session, kind, { ...params, ...given, ...fixed } as CommandBody<K>, id);
    },
  );
};
