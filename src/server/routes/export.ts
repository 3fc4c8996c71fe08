/** A whole room as a file, to keep or to read elsewhere. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { EstafetError } from '../../protocol/index.ts';
import { RoomParams } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { roomAsJson } from '../export/json.ts';
import { roomAsMarkdown } from '../export/markdown.ts';
import { messagesOf } from '../export/messages-of.ts';
import { namesIn, titleOf, type Writing } from '../export/written.ts';
import { sessionRoute } from '../route.ts';
import { zoneNamed } from '../search/zone.ts';
import { roomFor } from './rooms.ts';
import { ZoneName } from './search.ts';

const forms = {
  json: { write: roomAsJson, type: 'application/json; charset=utf-8', ending: 'json' },
  markdown: { write: roomAsMarkdown, type: 'text/markdown; charset=utf-8', ending: 'md' },
} as const;

const ExportQuery = Type.Object(
  {
    format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('markdown')])),
    zone: Type.Optional(ZoneName),
  },
  { additionalProperties: false },
);

const text = { schema: { type: 'string' } } as const;
const Download = Type.Unsafe<Readable>({
  description: 'The room: itself, its members, and all messages with replies, reactions and files.',
  content: { 'application/json': { schema: { type: 'object' } }, 'text/markdown': text },
});

/** A name for the file: what everybody's disk takes, and the whole name for those that take more (RFC 6266). */
const dispositionOf = (title: string, date: string, ending: string): string => {
  const whole = `${title.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '') || 'room'}-${date}.${ending}`;
  const plain = whole
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '')
    .replace(/^[-.]+/, '');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(whole)}`;
};

export const exportRoutes = (app: FastifyInstance, edge: Edge): void => {
  let running = 0;
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room/export',
      operationId: 'exportRoom',
      summary: 'A whole room as a file, for whoever may read it: JSON, or Markdown',
      tag: 'rooms',
      params: RoomParams,
      query: ExportQuery,
      answer: Download,
    },
    ({ params, query: { format = 'json', zone: zoneName }, request, reply }, { user }) => {
      const room = roomFor(edge, params.room, user.id);
      const zone = zoneNamed(zoneName);
      const { write, type, ending } = forms[format];
      const upto = edge.chat.position.index;
      const send = (parts: AsyncIterable<string> | Iterable<string>): Readable => {
        const title = titleOf(room, user.id, namesIn(edge));
        reply.header('content-type', type);
        reply.header('content-disposition', dispositionOf(title, zone.at(Date.now()).date, ending));
        // One page waits while another is sent; nothing is read ahead of a client that reads slowly.
        return Readable.from(parts, { highWaterMark: 1 });
      };
      // Who asks for the head only would have the whole room gone through for nothing, and as fast as it goes.
      if (request.method === 'HEAD') return send([]);
      if (running >= edge.limits.exportsAtOnceMax) {
        throw new EstafetError('overloaded', 'Too many rooms are being written out here; try again in a moment.');
      }
      running++;
      reply.raw.once('close', () => {
        running--;
      });
      const messages = messagesOf(edge, room.id, user.id, upto);
      const writing: Writing = { edge, room, userId: user.id, upto, zone, messages };
      return send(write(writing));
    },
  );
};
