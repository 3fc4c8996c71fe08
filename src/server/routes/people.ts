/** Who is in the workspace. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { views } from '../../protocol/schemas.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';

export const peopleRoutes = (app: FastifyInstance, edge: Edge): void => {
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/users',
      summary: 'Everybody, in the order they joined',
      tag: 'people',
      answer: Type.Object({ users: Type.Array(views.User) }),
    },
    () => ({ users: [...edge.chat.users()] }),
  );
};
