/**
 * Uploads as tus clients know them (tus.io, version 1.0.0, with creation and termination), at `/files`. Errors are the
 * API's own. An upload is its owner's only: to anybody else it does not exist.
 *
 * Before anything is said of an upload, this server knows what all have acknowledged: an offset that a client was once
 * told is never taken back, whichever server it asks next.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { UploadState } from '../../chat/index.ts';
import { type CommandBody, EstafetError, isCommandId, limits } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';
import { sessionOf } from '../route.ts';
import { whenFresh } from './freshness.ts';
import { metadataOf, parseMetadata } from './tus-metadata.ts';

const version = '1.0.0';

const bodyType = 'application/offset+octet-stream';

const exposedHeaders =
  'Location, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Length, Upload-Metadata, Upload-Offset';

const requestHeaders =
  'authorization, content-type, tus-resumable, upload-length, upload-metadata, upload-offset, x-requested-with';

/** How long a browser may remember what a preflight said. */
const preflightMaxAgeS = 600;

type UploadRequest = FastifyRequest<{ Params: { readonly id: string } }>;

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** A header that is a number of bytes; throws `bad-request` when it is none. */
const bytesIn = (request: FastifyRequest, name: string): number => {
  const value = header(request, name) ?? '';
  if (!/^\d{1,15}$/.test(value)) throw new EstafetError('bad-request', `${name}: a number of bytes is needed.`);
  return Number(value);
};

const pixels = (value: string | undefined): number | null =>
  value !== undefined && /^[1-9]\d{0,4}$/.test(value) ? Number(value) : null;

const openingOf = (request: FastifyRequest, user: string): CommandBody<'upload.open'> => {
  const said = parseMetadata(header(request, 'upload-metadata'));
  const sha256 = said.get('sha256')?.toLowerCase();
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new EstafetError('bad-request', 'sha256: 64 hexadecimal digits are needed.');
  }
  const name = said.get('filename') ?? said.get('name') ?? '';
  if (name === '' || name.length > limits.fileNameMaxChars) throw new EstafetError('file-name-invalid');
  const [width, height] = [pixels(said.get('width')), pixels(said.get('height'))];
  return {
    user,
    name,
    type: (said.get('filetype') ?? said.get('type') ?? '').slice(0, 100),
    size: bytesIn(request, 'upload-length'),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(width === null || height === null ? {} : { width, height }),
  };
};

/** What is still to come of a refused request is read and thrown away, so that its client gets to read the answer. */
const drain = (request: FastifyRequest): void => {
  const { raw } = request;
  if (raw.readableEnded || raw.destroyed) return;
  const timer = setTimeout(() => raw.destroy(), limits.uploadDrainMaxMs);
  raw.once('close', () => clearTimeout(timer));
  raw.resume();
};

export const tusRoutes = async (app: FastifyInstance, edge: Edge): Promise<void> => {
  const { uploads, chat, cluster } = edge;

  // The body is taken as it comes, by `uploads`. One of another type is refused unread: it would be gathered in memory.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(bodyType, (_request, payload, done) => done(null, payload));
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(new EstafetError('bad-request', `content-type: ${bodyType} is needed.`));
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('tus-resumable', version).header('cache-control', 'no-store');
    if (reply.hasHeader('access-control-allow-origin')) reply.header('access-control-expose-headers', exposedHeaders);
    if (request.method === 'OPTIONS') return;
    if (header(request, 'tus-resumable') === version) return;
    drain(request);
    const error = new EstafetError('bad-request', `tus-resumable: ${version} is needed.`);
    return reply.code(412).header('tus-version', version).send({ error: error.toBody() });
  });
  app.addHook('onError', async (request) => drain(request));

  const options = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reply
      .header('tus-version', version)
      .header('tus-extension', 'creation,termination')
      .header('tus-max-size', edge.limits.fileMaxBytes);
    if (reply.hasHeader('access-control-allow-origin')) {
      reply
        .header('access-control-allow-methods', 'POST, HEAD, PATCH, DELETE')
        .header('access-control-allow-headers', requestHeaders)
        .header('access-control-max-age', preflightMaxAgeS);
    }
    return reply.code(204).send();
  };

  /** The upload that is asked for, as it is on all servers; its owner asks. */
  const uploadOf = async (request: UploadRequest): Promise<UploadState> => {
    const { user } = await sessionOf(edge, request);
    const { id } = request.params;
    if (!isCommandId(id)) throw new EstafetError('no-such-file');
    const isOwn = (): boolean => chat.upload(id)?.by === user.id;
    // The client may have come back before this server has noticed that it was gone.
    if (isOwn()) await uploads.interrupt(id);
    await whenFresh(edge);
    const upload = chat.upload(id);
    if (upload === null || !isOwn()) throw new EstafetError('no-such-file');
    return upload;
  };

  const hidden = { schema: { hide: true } } as const;
  app.options('/files', hidden, options);
  app.options('/files/:id', hidden, options);

  app.post('/files', hidden, async (request, reply) => {
    const { user } = await sessionOf(edge, request);
    const id = await uploads.open(openingOf(request, user.id), cluster.stored);
    return reply.code(201).header('location', `/files/${id}`).header('upload-offset', 0).send();
  });

  app.head('/files/:id', hidden, async (request: UploadRequest, reply) => {
    const upload = await uploadOf(request);
    // The server that took its last chunk may have died before it could do this.
    if (!upload.isFinished && upload.offset === upload.size) await uploads.finish(upload.id);
    const { name: filename, type: filetype, sha256 } = upload;
    return reply
      .header('upload-offset', upload.offset)
      .header('upload-length', upload.size)
      .header('upload-metadata', metadataOf({ filename, filetype, sha256 }))
      .send();
  });

  app.patch('/files/:id', hidden, async (request: UploadRequest, reply) => {
    const upload = await uploadOf(request);
    if (bytesIn(request, 'upload-offset') !== upload.offset) throw new EstafetError('offset-mismatch');
    request.raw.setTimeout(limits.httpIdleMaxMs, () => request.raw.destroy());
    const offset = upload.isFinished ? upload.offset : await uploads.receive(upload, request.raw);
    return reply.code(204).header('upload-offset', offset).send();
  });

  app.delete('/files/:id', hidden, async (request: UploadRequest, reply) => {
    const { id } = await uploadOf(request);
    await uploads.cancel(id);
    return reply.code(204).send();
  });
};
