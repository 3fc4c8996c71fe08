/**
 * The description of the HTTP API, made from the routes' own shapes. What comes out of the routes is put into the form
 * that programs which generate clients want: shapes that have a name in the protocol are there once, by that name.
 */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { labApi, views } from '../protocol/schemas.ts';
import { Receipt } from './command-route.ts';
import { ErrorAnswer } from './http-errors.ts';

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Estafet',
    description: 'A team chat on several servers at once. Every server answers every request.',
    version: '1',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  tags: [
    { name: 'session', description: 'Coming in, coming back, and leaving' },
    { name: 'people', description: 'Who is in the workspace' },
    { name: 'rooms', description: 'Rooms and conversations' },
    { name: 'members', description: 'Who is in a room' },
    { name: 'messages', description: 'What is said' },
    { name: 'reactions', description: 'Emoji on messages' },
    { name: 'pins', description: 'Messages that a room keeps at hand' },
    { name: 'files', description: 'Files of messages. They are uploaded by the tus protocol, at `/files`' },
    { name: 'cluster', description: 'The servers' },
    { name: 'lab', description: 'Experiments with delivery' },
  ],
  components: {
    securitySchemes: {
      session: { type: 'http', scheme: 'bearer', description: 'A session’s token.' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'estafet' },
      machine: { type: 'http', scheme: 'bearer', description: 'The machine’s key.' },
    },
  },
} as const;

type Json = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (object: Json, change: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

/** A constant as the plugin writes it. */
const written = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(written);
  if (!isObject(value)) return value;
  const { const: only, ...rest } = mapValues(value, written);
  return only === undefined ? rest : { ...rest, enum: [only] };
};

const shapes = written(JSON.parse(JSON.stringify({ ...views, ...labApi, Receipt, Error: ErrorAnswer }))) as Json;

/** The text of a shape, without what is said of it: that stands at the shape itself. */
const textOf = (shape: unknown): string => {
  if (!isObject(shape)) return '';
  const { description: _, ...rest } = shape;
  return JSON.stringify(rest);
};

const names = new Map(
  Object.entries(shapes)
    .filter(([, shape]) => isObject(shape) && shape.type === 'object')
    .map(([name, shape]) => [textOf(shape), name]),
);

/** Puts a reference wherever a shape stands that has a name. */
const byName = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(byName);
  if (!isObject(value)) return value;
  const name = value.type === 'object' ? names.get(textOf(value)) : undefined;
  return name === undefined ? mapValues(value, byName) : { $ref: `#/components/schemas/${name}` };
};

const schemas = (): Json =>
  Object.fromEntries([...names.values()].map((name) => [name, mapValues(shapes[name] as Json, byName)]));

/** An operation as it is told: a body of which nothing is needed may be left out. */
const operationOf = (operation: unknown): unknown => {
  if (!isObject(operation) || !isObject(operation.requestBody)) return byName(operation);
  const { requestBody } = operation;
  const required = JSON.stringify(requestBody.content).includes('"required":');
  return byName({ ...operation, requestBody: { ...requestBody, required } });
};

/** Whatever can be got can be asked about, which need not be said; and an operation has its name once. */
const pathOf = (methods: unknown): unknown => {
  if (!isObject(methods)) return methods;
  const { head: _, ...others } = methods;
  return mapValues(others, operationOf);
};

/** How the plugin that collects the routes describes them. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
  openapi: about as unknown as NonNullable<FastifyDynamicSwaggerOptions['openapi']>,
  transformObject: (document) => {
    if (!('openapiObject' in document)) return document.swaggerObject;
    const { paths = {}, components = {}, ...rest } = document.openapiObject;
    return {
      ...rest,
      components: { ...components, schemas: schemas() },
      paths: mapValues(paths as Json, pathOf),
    } as typeof document.openapiObject;
  },
};
