/**
 * Reads a server's frame without trusting it: what does not have the shape its type asks for is null, a list's bad
 * items are left out, and a type that this version does not know is null too, so that a newer server may say more.
 */
import {
  type ChatEvent,
  type ClusterBrief,
  isErrorCode,
  type Message,
  type ServerBrief,
  type ServerFrame,
  type User,
} from '../protocol/index.ts';

type Fields = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

const isUser = (value: unknown): value is User =>
  isObject(value) && isText(value.id) && isText(value.name) && isText(value.role);
const isMessage = (value: unknown): value is Message =>
  isObject(value) &&
  isText(value.id) &&
  isIndex(value.index) &&
  isText(value.room) &&
  isText(value.text) &&
  isText(value.by) &&
  isText(value.name) &&
  typeof value.at === 'number';
const isRoom = (value: unknown): boolean => isObject(value) && isText(value.id) && isText(value.name);

/** What each type of event must carry. */
const eventShapes: { readonly [T in ChatEvent['type']]: (event: Fields) => boolean } = {
  'message.posted': (event) => isMessage(event.message),
  'message.edited': (event) => isMessage(event.message),
  'message.deleted': (event) => isMessage(event.message),
  'message.reacted': ({ room, messageId, emoji, user, on, count }) =>
    [room, messageId, emoji, user].every(isText) && typeof on === 'boolean' && isIndex(count),
  'message.pinned': (event) => isMessage(event.message),
  'room.created': (event) => isRoom(event.room),
  'room.changed': (event) => isRoom(event.room),
  'room.notified': ({ room, level }) => isText(room) && (level === 'all' || level === 'mentions' || level === 'none'),
  'room.joined': (event) => isRoom(event.room) && isUser(event.user),
  'room.left': (event) => isRoom(event.room) && isUser(event.user),
  'user.joined': (event) => isUser(event.user),
  'user.changed': (event) => isUser(event.user),
  'read.marked': (event) => isText(event.room) && isText(event.user) && isIndex(event.readIndex),
};

const isEvent = (value: unknown): value is ChatEvent =>
  isObject(value) &&
  isIndex(value.index) &&
  isText(value.type) &&
  Object.hasOwn(eventShapes, value.type) &&
  eventShapes[value.type as ChatEvent['type']](value);

const isServerBrief = (value: unknown): value is ServerBrief =>
  isObject(value) &&
  isText(value.name) &&
  isText(value.url) &&
  (value.role === 'primary' || value.role === 'backup' || value.role === 'down') &&
  typeof value.inSync === 'boolean' &&
  isIndex(value.last);

const readCluster = (frame: Fields): ClusterBrief | null => {
  const { epoch, primary, front, servers } = frame;
  if (!isIndex(epoch) || !isTextOrNull(primary) || !isTextOrNull(front) || !Array.isArray(servers)) return null;
  return { epoch, primary, front, servers: servers.filter(isServerBrief) };
};

const isOutcome = (value: unknown): boolean =>
  isObject(value) && (value.ok === true || (value.ok === false && isErrorCode(value.code)));

const readers: { readonly [T in ServerFrame['type']]: (frame: Fields) => ServerFrame | null } = {
  welcome: (frame) => {
    const cluster = readCluster(frame);
    const { you, server, index, at } = frame;
    if (cluster === null || !isUser(you) || !isText(server) || !isIndex(index) || !Number.isFinite(at)) return null;
    return { type: 'welcome', ...cluster, you, server, index, at: at as number };
  },
  servers: (frame) => {
    const cluster = readCluster(frame);
    return cluster === null ? null : { type: 'servers', ...cluster };
  },
  done: (frame) =>
    isText(frame.id) && isIndex(frame.index) && isIndex(frame.stored) && isOutcome(frame.outcome)
      ? (frame as unknown as ServerFrame)
      : null,
  error: ({ id, code, message }) => {
    if ((id !== undefined && !isText(id)) || !isText(message)) return null;
    // A code of a newer server is still a refusal.
    const known = isErrorCode(code) ? code : 'internal';
    return { type: 'error', code: known, message, ...(id === undefined ? {} : { id }) };
  },
  events: ({ room, upto, events }) =>
    isTextOrNull(room) && isIndex(upto) && Array.isArray(events)
      ? { type: 'events', room, upto, events: events.filter(isEvent) }
      : null,
  reset: ({ index }) => (isIndex(index) ? { type: 'reset', index } : null),
  cast: ({ topic, room, user, online }) => {
    if (topic === 'typing' && isText(room) && isText(user)) return { type: 'cast', topic, room, user };
    if (topic === 'presence' && Array.isArray(online)) return { type: 'cast', topic, online: online.filter(isText) };
    return null;
  },
  news: ({ channel, body }) =>
    (channel === 'cluster' || channel === 'lab') && isObject(body) ? { type: 'news', channel, body } : null,
  pong: () => ({ type: 'pong' }),
};

/** The frame in a WebSocket message's data, or null when it is none that this version understands. */
export const parseFrame = (data: unknown): ServerFrame | null => {
  if (!isText(data)) return null;
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isObject(frame) || !isText(frame.type) || !Object.hasOwn(readers, frame.type)) return null;
  return readers[frame.type as ServerFrame['type']](frame);
};
