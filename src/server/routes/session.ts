/** Joining, who one is, and signing out; and the tokens that whoever holds the machine's key may issue. */
import type { FastifyInstance, FastifyReply } from 'fastify';
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
import type { Edge } from '../edge.ts';
import { bearerOf, sourceOf } from '../http-guards.ts';
import { isLocal } from '../origin.ts';
import { openRoute, sessionRoute } from '../route.ts';
import { hashToken, newToken, sameSecret } from '../sessions.ts';
import { Receipt } from './receipt.ts';

const cookieMaxAgeS = 400 * 24 * 60 * 60;

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

const UserName = Type.String({ description: `At most ${limits.userNameMaxChars} characters.` });

const Joined = Type.Object({
  user: views.User,
  token: Type.Optional(Type.String({ description: 'With `returnToken`; otherwise it is in the cookie.' })),
});

const setCookie = (reply: FastifyReply, token: string): void => {
  reply.setCookie(sessionCookie, token, { ...cookieOptions, maxAge: cookieMaxAgeS });
};

/** Runs a command that makes a session, and gives its person. */
const openSession = async (edge: Edge, command: Command): Promise<User> => {
  const { user } = await edge.commands.run(command);
  const found = edge.chat.user(user ?? command.id);
  if (found === null) throw new EstafetError('internal');
  return found;
};

const checkNameLength = (name: string): void => {
  if (name.length <= limits.userNameMaxChars) return;
  throw new EstafetError('name-invalid', `name: must not have more than ${limits.userNameMaxChars} characters.`);
};

export const sessionRoutes = (app: FastifyInstance, edge: Edge): void => {
  openRoute(
    app,
    {
      method: 'POST',
      url: '/join',
      summary: 'A new person, with a first session',
      tag: 'session',
      body: Type.Object(
        {
          name: UserName,
          device: Type.Optional(Type.String({ maxLength: 200 })),
          returnToken: Type.Optional(Type.Boolean({ description: 'Answer with the token instead of a cookie.' })),
        },
        { additionalProperties: false },
      ),
      answer: Joined,
      status: 201,
    },
    async ({ body, request, reply }) => {
      const { name, device = (request.headers['user-agent'] ?? '').slice(0, 200), returnToken = false } = body;
      checkNameLength(name);
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
    { method: 'GET', url: '/session', summary: 'Who one is', tag: 'session', answer: views.SessionView },
    (_call, { user }) => ({ user, workspace: edge.workspace }),
  );

  sessionRoute(
    app,
    edge,
    { method: 'POST', url: '/sign-out', summary: 'Ends this session, everywhere', tag: 'session', answer: Receipt },
    async ({ reply }, { user, tokenHash }) => {
      const id = newCommandId();
      const { index } = await edge.commands.run({ id, by: user.id, kind: 'session.close', body: { tokenHash } });
      reply.clearCookie(sessionCookie, cookieOptions);
      return { id, index };
    },
  );

  openRoute(
    app,
    {
      method: 'POST',
      url: '/tokens',
      summary: 'A session for a person or bot, made if need be; the bearer is the machine’s key',
      tag: 'session',
      body: Type.Object(
        { name: UserName, role: Type.Optional(views.User.properties.role) },
        { additionalProperties: false },
      ),
      answer: Type.Required(Joined),
      status: 201,
    },
    async ({ body, request }) => {
      const key = bearerOf(request);
      if (key === null) throw new EstafetError('not-signed-in', 'The machine’s key is needed as a bearer.');
      if (!sameSecret(key, edge.machineKey)) throw new EstafetError('not-allowed', 'This is not the machine’s key.');
      const { name, role } = body;
      checkNameLength(name);
      const token = newToken();
      const issue = { name, ...(role === undefined ? {} : { role }), tokenHash: hashToken(token) };
      const user = await openSession(edge, { id: newCommandId(), by: systemUser, kind: 'token.issue', body: issue });
      return { token, user };
    },
    ['machine'],
  );
};
