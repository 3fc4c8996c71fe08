/** Passwords: setting one's own, and signing in with it. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { userName } from '../../chat/index.ts';
import { EstafetError, limits, newCommandId, systemUser } from '../../protocol/index.ts';
import { passwordAllowances } from '../attempts.ts';
import { bodyWithId, IdQuery, Receipt } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { openRoute, sessionRoute } from '../route.ts';
import { hashToken, newToken, type Session } from '../sessions.ts';
import { deviceOf, Joined, openSession, SignInOptions, setCookie } from './session.ts';

const Password = Type.String({
  description: `${limits.passwordMinChars} to ${limits.passwordMaxChars} characters.`,
});

/** Counts a try to show a person's password. Throws when there have been too many. */
const countTry = (edge: Edge, request: FastifyRequest, person: string): void => {
  const address = request.raw.socket.remoteAddress ?? '';
  edge.attempts.take(passwordAllowances(address, person, edge.limits), performance.now());
};

/** The hash of somebody's password, on a server that knows the newest one. */
const hashOf = (edge: Edge, person: string): string | null => edge.chat.passwordHash(person)?.hash ?? null;

interface Change {
  readonly password: string;
  readonly current?: string | undefined;
  readonly id?: string | undefined;
}

/**
 * Sets the password of the session's person. Sent again with its id, it is the same command: the salt comes from the id.
 * By then `current` is not the password any more; that the new one is says that it was done.
 */
const setPassword = async (edge: Edge, { user, tokenHash }: Session, { password, current, id }: Change) => {
  const { passwords, chat, commands } = edge;
  const known = hashOf(edge, user.id);
  const isAllowed = known === null || (current !== undefined && (await passwords.matches(current, known)));
  if (!isAllowed) {
    const first = id === undefined ? null : chat.outcome(id, systemUser);
    const isTheirs = first?.outcome.ok === true && first.outcome.user === user.id;
    if (id === undefined || first === null || !isTheirs || !(await passwords.matches(password, known))) {
      throw new EstafetError('wrong-password', 'The present password is another one.');
    }
    return { id, index: first.index };
  }
  const command = id ?? newCommandId();
  const hash = await passwords.hash(password, createHash('sha256').update(`${command} ${user.id}`).digest());
  const body = { user: user.id, hash, endsOthers: tokenHash };
  const { index } = await commands.run({ id: command, by: systemUser, kind: 'password.set', body });
  return { id: command, index };
};

export const passwordRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'session';
  sessionRoute(
    app,
    edge,
    {
      method: 'PUT',
      url: '/password',
      operationId: 'setPassword',
      summary: 'Sets one’s password, and ends one’s other sessions; who has one already shows it',
      tag,
      query: IdQuery,
      body: bodyWithId({ password: Password, current: Type.Optional(Password) }),
      answer: Receipt,
    },
    async ({ query, body, request }, session) => {
      edge.passwords.checkForm(body.password);
      countTry(edge, request, session.user.id);
      await edge.sessions.whenKnown();
      return setPassword(edge, session, { ...query, ...body });
    },
  );

  openRoute(
    app,
    {
      method: 'POST',
      url: '/sign-in',
      operationId: 'signIn',
      summary: 'Another session for who has a password',
      tag,
      body: Type.Object(
        { name: Type.String(), password: Type.String(), ...SignInOptions },
        { additionalProperties: false },
      ),
      answer: Joined,
      status: 201,
    },
    async ({ body, request, reply }) => {
      const person = userName(body.name.slice(0, limits.userNameMaxChars * 2));
      countTry(edge, request, person?.key ?? '');
      await edge.sessions.whenKnown();
      const named = person === null ? null : edge.chat.passwordHash(person.shown);
      // The chat knows people by their ids too; tries are counted by name, so only a name will do.
      const found = named !== null && userName(named.user.name)?.key === person?.key ? named : null;
      const isRight = await edge.passwords.matches(body.password, found?.hash ?? null);
      if (found === null || !isRight) throw new EstafetError('wrong-password');
      const token = newToken();
      const tokenHash = hashToken(token);
      const open = { user: found.user.id, tokenHash, device: deviceOf(body, request) };
      const user = await openSession(edge, { id: newCommandId(), by: systemUser, kind: 'session.open', body: open });
      // Whoever sets a new password ends the sessions that were there: one that came in between, with the old one, too.
      if (hashOf(edge, user.id) !== found.hash) {
        await edge.commands.run({ id: newCommandId(), by: systemUser, kind: 'session.revoke', body: { tokenHash } });
        throw new EstafetError('wrong-password');
      }
      if (body.returnToken === true) return { user, token };
      setCookie(reply, token);
      return { user };
    },
  );
};
