/** Files: their bytes, what they are, and which a room has. Uploading is in `files/tus-routes.ts`. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { StoredFile } from '../../chat/index.ts';
import { EstafetError, type FileView, limits } from '../../protocol/index.ts';
import { views } from '../../protocol/schemas.ts';
import { RoomParams } from '../command-route.ts';
import { clusterSources } from '../content-policy.ts';
import type { Edge } from '../edge.ts';
import { byteRange } from '../files/byte-range.ts';
import { fileHeaders } from '../files/file-headers.ts';
import type { Range } from '../files/library.ts';
import { ErrorAnswer } from '../http-errors.ts';
import { sessionOf, sessionRoute } from '../route.ts';
import { roomFor } from './rooms.ts';

const FileParams = Type.Object({ file: Type.String({ minLength: 1, maxLength: 64, description: 'A file’s id.' }) });

const RoomFiles = Type.Object({
  files: Type.Array(
    Type.Object({
      file: views.FileView,
      message: Type.String({ description: 'The id of the message that has it.' }),
      index: Type.Integer({ minimum: 0, description: 'The message’s place in the log.' }),
      by: Type.String({ description: 'The author’s id.' }),
      name: Type.String({ description: 'The author’s name.' }),
      at: Type.Integer({ description: 'When it was posted: ms since 1970.' }),
    }),
  ),
  next: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
});

const RoomFilesQuery = Type.Object(
  {
    before: Type.Optional(Type.Integer({ minimum: 0, description: 'Files of messages before this index.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageMaxMessages })),
  },
  { additionalProperties: false },
);

/** The file, when this person may have it; else it is as if there were none. */
const fileFor = ({ chat }: Edge, id: string, userId: string): StoredFile => {
  const file = chat.maySeeFile(id, userId) ? chat.file(id) : null;
  if (file === null) throw new EstafetError('no-such-file');
  return file;
};

const viewOf = ({ by: _by, at: _at, pieces: _pieces, ...view }: StoredFile): FileView => view;

/** Whether one of the tags in the header is the file's. */
const hasTag = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((one) => ['*', tag, `W/${tag}`].includes(one.trim())) === true;

const rangeOf = ({ headers }: FastifyRequest, { size, sha256 }: StoredFile): Range | 'whole' | 'none' => {
  const condition = headers['if-range'];
  // A range of another content than the client has is of no use to it.
  return condition !== undefined && condition !== `"${sha256}"` ? 'whole' : byteRange(headers.range, size);
};

/** Answers with the bytes, all or a range of them. The first are read before anything is said, so that an error can be. */
const sendFile = async (
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  file: StoredFile,
): Promise<FastifyReply> => {
  const saves = typeof request.query === 'object' && request.query !== null && 'download' in request.query;
  const headers = fileHeaders(file, saves, clusterSources(request.raw));
  if (hasTag(request.headers['if-none-match'], headers.etag ?? '')) return reply.code(304).headers(headers).send();
  const range = rangeOf(request, file);
  if (range === 'none') {
    return reply
      .code(416)
      .header('content-range', `bytes */${file.size}`)
      .send({ error: new EstafetError('bad-request', 'range: the file ends before it.').toBody() });
  }
  const { first, last } = range === 'whole' ? { first: 0, last: file.size - 1 } : range;
  const body = edge.library.read(file.pieces, { first, last });
  const isHead = request.method === 'HEAD';
  const beginning = isHead ? null : await body.next();
  reply
    .code(range === 'whole' ? 200 : 206)
    .headers(headers)
    .header('content-length', last - first + 1);
  if (range !== 'whole') reply.header('content-range', `bytes ${first}-${last}/${file.size}`);
  if (beginning === null || beginning.done === true) return reply.send('');
  return reply.send(Readable.from(withBeginning(beginning.value, body), { objectMode: false, highWaterMark: 1 }));
};

const withBeginning = async function* (first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
};

export const fileRoutes = (app: FastifyInstance, edge: Edge): void => {
  const give = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { user } = await sessionOf(edge, request);
    const { file: id } = request.params as { readonly file: string };
    return sendFile(edge, request, reply, fileFor(edge, id, user.id));
  };

  app.head('/files/:file', { schema: { hide: true, params: FileParams } }, give);
  app.route({
    method: 'GET',
    url: '/files/:file',
    exposeHeadRoute: false,
    schema: {
      operationId: 'getFile',
      summary: 'A file’s bytes; ranges of them too',
      description: 'With `?download` a browser saves it. Uploading is the tus protocol at `/files`.',
      tags: ['files'],
      security: [{ session: [] }, { cookie: [] }],
      params: FileParams,
      querystring: Type.Object({ download: Type.Optional(Type.String({ maxLength: 10 })) }),
      response: { 200: Type.Any({ description: 'The bytes, with the type of the file.' }), default: ErrorAnswer },
    },
    handler: give,
  });

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/files/:file/info',
      operationId: 'getFileInfo',
      summary: 'What a file is',
      tag: 'files',
      params: FileParams,
      answer: views.FileView,
    },
    ({ params }, { user }) => viewOf(fileFor(edge, params.file, user.id)),
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room/files',
      operationId: 'listRoomFiles',
      summary: 'The files of a room’s messages, the newest first',
      tag: 'files',
      params: RoomParams,
      query: RoomFilesQuery,
      answer: RoomFiles,
    },
    ({ params, query: { before, limit = limits.pageDefaultMessages } }, { user }) => {
      const room = roomFor(edge, params.room, user.id);
      const { files, next } = edge.chat.filesOf(room.id, { limit, ...(before === undefined ? {} : { before }) });
      return { files: [...files], next };
    },
  );
};
