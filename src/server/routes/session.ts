/** Joining, who one is, and signing out; and the tokens that whoever holds the machine's key may issue. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  type Command,
  EstafetError,
  limits,
  newCommandId,
  sessionCookie,
  systemUser,
  type User,
} from '../../protocol/index.ts';
import { views } from '../../protocol/schemas.ts';
import { bodyWithId, doCommand, IdQuery, Receipt } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { sourceOf } from '../http-guards.ts';
import { isLocal } from '../origin.ts';
import { machineRoute, openRoute, sessionRoute } from '../route.ts';
import { hashToken, newToken } from '../sessions.ts';

const cookieMaxAgeS = 400 * 24 * 60 * 60;

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

/** What else a request for a session may say. */
export const SignInOptions = {
  device: Type.Optional(Type.String({ maxLength: 200 })),
  returnToken: Type.Optional(Type.Boolean({ description: 'Answer with the token instead of a cookie.' })),
};

const UserName = Type.String({ description: `At most ${limits.userNameMaxChars} characters.` });

export const Joined = Type.Object({
  user: views.User,
  token: Type.Optional(Type.String({ description: 'With `returnToken`; otherwise it is in the cookie.' })),
});

export const setCookie = (reply: FastifyReply, token: string): void => {
  reply.setCookie(sessionCookie, token, { ...cookieOptions, maxAge: cookieMaxAgeS });
};

/** Runs a command that makes a session, and gives its person. */
export const openSession = async (edge: Edge, command: Command): Promise<User> => {
  const { user } = await edge.commands.run(command);
  const found = edge.chat.user(user ?? command.id);
  if (found === null) throw new EstafetError('internal');
  return found;
};

/** What a session is told apart by in a list of one's own. */
export const deviceOf = ({ device }: { readonly device?: string }, request: FastifyRequest): string =>
  device ?? (request.headers['user-agent'] ?? '').slice(0, 200);

const checkNameLength = (name: string): void => {
  if ([...name].length <= limits.userNameMaxChars) return;
  throw new EstafetError('name-invalid', `name: must not have more than ${limits.userNameMaxChars} characters.`);
};

export const sessionRoutes = (app: FastifyInstance, edge: Edge): void => {
  openRoute(
    app,
    {
      method: 'POST',
      url: '/join',
      operationId: 'join',
      summary: 'A new person, with a first session',
      tag: 'session',
      body: Type.Object({ name: UserName, ...SignInOptions }, { additionalProperties: false }),
      answer: Joined,
      status: 201,
    },
    async ({ body, request, reply }) => {
      const { name, returnToken = false } = body;
      checkNameLength(name);
      const device = deviceOf(body, request);
      const token = newToken();
      const local = isLocal(request.raw.socket.remoteAddress, sourceOf(request).host);
      const join = { name, local, tokenHash: hashToken(token), device };
      const user = await openSession(edge, { id: newCommandId(), by: systemUser, kind: 'user.join', body: join });
      if (returnToken) return { user, token };
      setCookie(reply, token);
      return { user };
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/session',
      operationId: 'getSession',
      summary: 'Who one is',
      tag: 'session',
      answer: views.SessionView,
    },
    (_call, { user }) => ({
      user,
      workspace: edge.workspace,
      hasPassword: edge.chat.passwordHash(user.id) !== null,
    }),
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/sign-out',
      operationId: 'signOut',
      summary: 'Ends this session, everywhere',
      tag: 'session',
      query: IdQuery,
      body: bodyWithId({}),
      answer: Receipt,
    },
    async ({ query, body, reply }, session) => {
      const { tokenHash } = session;
      const receipt = await doCommand(edge, session, 'session.close', { tokenHash }, body.id ?? query.id);
      reply.clearCookie(sessionCookie, cookieOptions);
      return receipt;
    },
  );

  machineRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/tokens',
      operationId: 'issueToken',
      summary: 'A session for a person or bot, made if need be; the bearer is the machine’s key',
      tag: 'session',
      body: Type.Object(
        { name: UserName, role: Type.Optional(views.User.properties.role) },
        { additionalProperties: false },
      ),
      answer: Type.Required(Joined),
      status: 201,
    },
    async ({ body }) => {
      const { name, role } = body;
      checkNameLength(name);
      const token = newToken();
      const issue = { name, ...(role === undefined ? {} : { role }), tokenHash: hashToken(token) };
      const user = await openSession(edge, { id: newCommandId(), by: systemUser, kind: 'token.issue', body: issue });
      return { token, user };
    },
  );
};
