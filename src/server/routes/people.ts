/** Who is in the workspace, what they say of themselves, and what they may do. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { views } from '../../protocol/schemas.ts';
import { commandRoute } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';

export const peopleRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'people';
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/users',
      operationId: 'listUsers',
      summary: 'Everybody, in the order they joined',
      tag,
      answer: Type.Object({ users: Type.Array(views.User) }),
    },
    () => ({ users: [...edge.chat.users()] }),
  );
  commandRoute(app, edge, {
    method: 'PATCH',
    url: '/profile',
    kind: 'profile.edit',
    operationId: 'editProfile',
    summary: 'Changes one’s name, what one says of oneself, or one’s picture',
    tag,
  });
  commandRoute(app, edge, {
    method: 'PUT',
    url: '/users/:user/role',
    kind: 'user.role',
    operationId: 'setRole',
    summary: 'Gives somebody another role: owners any, admins any but owner and admin',
    tag,
  });
};
