/** Search: what was said in the rooms that one may see. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { parseQuery } from '../../chat/search/index.ts';
import { limits } from '../../protocol/index.ts';
import { views } from '../../protocol/schemas.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';
import { zoneNamed } from '../search/zone.ts';

const language =
  'Words that all occur, the last as the beginning of one; "a phrase"; -without; from:ann, from:"Ann Lee", from:me; ' +
  'in:plans, in:@ann; to:me; has:file, has:image, has:link; before:2026-03-31, after:2026-03, on:2026. ' +
  `At most ${limits.searchQueryMaxChars} characters.`;

export const ZoneName = Type.String({
  maxLength: 64,
  description: 'The time zone that days are of, by its IANA name; UTC when it is not named.',
});

const SearchQuery = Type.Object(
  {
    q: Type.String({ description: language }),
    before: Type.Optional(Type.Integer({ minimum: 0, description: 'Only messages before this index.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.searchHitsMax })),
    zone: Type.Optional(ZoneName),
  },
  { additionalProperties: false },
);

export const searchRoutes = (app: FastifyInstance, edge: Edge): void =>
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/search',
      operationId: 'search',
      summary: 'Messages that are found, the newest first; a page with few of them may have a next one all the same',
      tag: 'messages',
      query: SearchQuery,
      answer: views.SearchPage,
    },
    ({ query: { q, before = null, limit = limits.searchHitsDefault, zone }, reply }, { user }) => {
      const query = parseQuery(q, zoneNamed(zone).dayStart);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      return edge.search.find({ query, userId: user.id, before, limit }, gone.signal);
    },
  );
