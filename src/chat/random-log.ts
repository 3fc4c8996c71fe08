/**
 * For tests: a long log of all kinds of commands, sensible and not, from a seed. Everything in it (names, rooms,
 * messages) is drawn from few values, so that commands meet: names clash, rooms fill and empty, ids come again.
 */
import { createHash } from 'node:crypto';
import { type CommandKind, encodeCommandBody } from '../protocol/index.ts';
import type { LogEntry } from './index.ts';
import { sha256, type TestLog, testId, testLog } from './test-log.ts';

const firstPeople = 8;
const names = [
  'Person 1',
  'Person 2',
  'person 3',
  'Person 4',
  'Person 5',

  'Ann',
  'bob',
  'ＢＯＢ',
  'Zoë',
  'Ζεύς',
  'İnci',
  'ınci',
  ' ',
  'weiß',
  'WEISS',
  'Cy',
  'Dee',
  'Eve',
  'x'.repeat(41),
];
const rooms = ['general', 'plans', 'Plans', 'straße', 'STRASSE', 'ışık', 'a b', 'secret', '日本'];
const texts = [
  ...['hello', 'İI ıi', '  ', '\ud800', 'a\u0000b', 'ﬃ ﷺ', '😀'],
  ...['@person 1, @Person 2', '@room', '`@Ann` ＠ＡＮＮ', '@ann@bob @BOB!'],
];
const emoji = ['👍', '👍', '❤', '❤️', '👩🏽‍🚀', '🇧🇷', '1️⃣', 'x', ''];
const servers = ['s1', 's2', 's3'];
const causes = ['founded', 'died', 'hung', 'handed-over', 'started'];
const roles = ['owner', 'admin', 'member', 'guest', 'guest', 'guest', 'bot'];
const clientKinds: readonly CommandKind[] = [
  'message.post',
  'message.post',
  'message.post',
  'message.edit',
  'message.delete',
  'room.create',
  'room.join',
  'room.join',
  'room.leave',
  'read.mark',
  'session.close',
  'message.post',
  'message.post',
  'message.post',
  'message.post',
  'message.edit',
  'message.delete',
  'message.react',
  'message.react',
  'message.react',
  'message.pin',
  'message.pin',
  'room.join',
  'room.edit',
  'room.archive',
  'room.invite',
  'room.remove',
  'room.notify',
  'direct.open',
  'direct.open',
  'profile.edit',
  'profile.edit',
  'user.role',
];
const systemKinds: readonly CommandKind[] = [
  ...(['user.join', 'token.issue', 'session.open', 'session.revoke', 'password.set'] as const),
  ...(['upload.open', 'upload.write', 'upload.write', 'upload.write', 'upload.finish', 'upload.finish'] as const),
  ...(['upload.open', 'upload.finish', 'upload.cancel', 'upload.expire'] as const),
  ...(['request.run', 'request.run', 'request.run', 'takeover.begun', 'takeover.begun', 'takeover.timed'] as const),
];

const isWhole = ({ bytes, offset }: Upload): boolean => offset === bytes.length;

/** An upload as its client sees it. */
interface Upload {
  readonly id: string;
  readonly owner: string;
  readonly bytes: Uint8Array;
  offset: number;
}

/** Numbers from a seed, the same every time. */
const numbersFrom = (seed: number): ((below: number) => number) => {
  let count = 0;
  return (below) => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32LE() % below;
};

/** A log of `length` entries. */
export const randomLog = (seed: number, length: number): readonly LogEntry[] => {
  const next = numbersFrom(seed);
  const log: TestLog = testLog();
  const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
  const anyId = (): string => log.entries[next(log.entries.length || 1)]?.id ?? log.newId();
  const recentId = (): string => log.entries[Math.max(0, log.entries.length - 1 - next(20))]?.id ?? log.newId();
  const starting = (): boolean => log.entries.length < firstPeople;
  const joined: string[] = [];
  const posted: string[] = [];
  const made: string[] = [];
  const directs: string[] = [];
  /** Who wrote a message, and who made the room of a name. */
  const authors = new Map<string, string>();
  const uploads: Upload[] = [];

  const anybody = (): string => pick([...joined, recentId()]);
  /** One of the newest uploads: they are to be finished and used. */
  const upload = (): Upload =>
    uploads.at(-1 - next(Math.min(3, uploads.length || 1))) ?? {
      id: log.newId(),
      owner: 'nobody',
      bytes: new Uint8Array(),
      offset: 0,
    };

  /** One whose bytes are all there, as a rule. */
  const ready = (): Upload => (next(4) > 0 && uploads.findLast(isWhole)) || upload();

  const ownerOf = (file: unknown): string | undefined => uploads.find(({ id }) => id === file)?.owner;

  const messageId = (): string => posted.at(-1 - next(Math.min(6, posted.length || 1))) ?? log.newId();

  /** This epoch or a recent one, whoever has said already who led it. */
  const epoch = (): number => Math.max(1, log.epoch - next(3));

  const nextName = (): string => (starting() ? `Person ${log.entries.length}` : pick(names));

  const bodyOf = (kind: CommandKind): Readonly<Record<string, unknown>> => {
    const dice = next(12);
    const named =
      dice === 0 ? recentId() : dice < 5 ? pick(made.length > 0 && next(3) > 0 ? made.slice(-4) : rooms) : 'general';
    const room = dice === 11 ? (directs.at(-1 - next(3)) ?? named) : named;
    const tokenHash = sha256(`token ${starting() ? log.entries.length : next(50)}`);
    switch (kind) {
      case 'message.post':
        if (next(5) === 0) return { room: 'general', text: pick(texts), files: [ready().id] };
        return {
          ...{ room, text: pick(texts) },
          ...(next(5) === 0 ? { replyTo: messageId() } : {}),
          ...(next(8) === 0 ? { files: [ready().id, upload().id] } : {}),
        };
      case 'message.edit':
        return { message: messageId(), text: pick(texts) };
      case 'message.delete':
        return { message: messageId() };
      case 'message.react':
        return { message: messageId(), emoji: pick(emoji), on: next(3) > 0 };
      case 'message.pin':
        return { message: messageId(), on: next(3) > 0 };
      case 'room.edit':
        return {
          room,
          ...(next(2) === 0 ? { name: pick(rooms) } : {}),
          ...(next(2) === 0 ? { topic: pick(texts) } : {}),
        };
      case 'room.archive':
        return { room, archived: next(2) === 0 };
      case 'room.invite':
      case 'room.remove':
        return { room, user: anybody() };
      case 'room.notify':
        return { room, level: pick(['all', 'mentions', 'none']) };
      case 'direct.open':
        return { users: Array.from({ length: 1 + next(3) }, anybody) };
      case 'profile.edit':
        return {
          ...(next(2) === 0 ? { name: pick(names) } : {}),
          ...(next(2) === 0 ? { about: pick(texts) } : {}),
          ...(next(3) === 0 ? { avatar: next(4) === 0 ? '' : ready().id } : {}),
        };
      case 'user.role':
        return { user: anybody(), role: pick(roles) };
      case 'session.open':
        return { user: anybody(), tokenHash, device: pick(texts) };
      case 'password.set':
        return { user: anybody(), hash: pick(texts), ...(next(2) === 0 ? { endsOthers: tokenHash } : {}) };
      case 'upload.open':
        return {
          ...{ user: anybody(), name: pick(['photo.png', '../a\u202eb', '日本.txt', ' ']), size: next(3) * 3 },
          ...{ type: pick(['image/png', 'image/png', 'image/png', 'text/plain; charset=utf-8', '?']) },
          ...(next(3) === 0 ? { width: 640, height: 480 } : {}),
          ...(next(6) === 0 ? { sha256: sha256('?') } : {}),
        };
      case 'upload.write':
        return { upload: upload().id, offset: next(4) };
      case 'upload.finish':
        return { upload: upload().id, sha256: sha256('?') };
      case 'upload.cancel':
        return { upload: pick(uploads)?.id ?? anyId() };
      case 'upload.expire':
        return { before: log.atMs - next(8_000) };
      case 'request.run':
        return { user: anybody(), ...(next(4) === 0 ? { failIn: 1 + next(log.epoch) } : {}) };
      case 'takeover.begun':
        return {
          ...{ epoch: epoch(), server: pick(servers), previous: pick([...servers, null]), cause: pick(causes) },
          ...(next(3) > 0 ? { previousEpoch: epoch() } : {}),
        };
      case 'takeover.timed': {
        const [lastSignAt, detectedAt, lockedAt] = [log.atMs + 0.125, log.atMs + 1.5, log.atMs + 2];
        const acknowledgedAt = next(4) === 0 ? null : log.atMs + 9.75;
        return { epoch: epoch(), lastSignAt, detectedAt, lockedAt, durableAt: log.atMs + 4, acknowledgedAt };
      }
      case 'room.create':
        return { name: pick(rooms), access: pick(['open', 'closed']), topic: pick(texts) };
      case 'read.mark':
        return { room, index: next(log.entries.length + 5) };
      case 'session.close':
      case 'session.revoke':
        return { tokenHash };
      case 'user.join':
        return { name: nextName(), local: next(2) === 0, tokenHash, device: pick(texts) };
      case 'token.issue':
        return { name: pick(names), role: pick(roles), tokenHash };
      default:
        return { room };
    }
  };

  /** What a client that means well sends next of an upload; the same content comes again and again. */
  const moreOf = (kind: CommandKind): Uint8Array | null => {
    const of = kind === 'upload.finish' ? ready() : upload();
    if (kind === 'upload.write') {
      const body = { upload: of.id, offset: of.offset };
      const chunk = of.bytes.subarray(of.offset, of.offset + 3);
      // Now and then it does not hear that the servers have it, and sends it again.
      if (next(4) > 0) of.offset += chunk.length;
      return encodeCommandBody({ by: 'system', kind, body }, chunk);
    }
    if (kind !== 'upload.finish') return null;
    const hash = createHash('sha256').update(of.bytes).digest('hex');
    return encodeCommandBody({ by: 'system', kind, body: { upload: of.id, sha256: hash } });
  };

  while (log.entries.length < length) {
    const kind = starting() ? 'user.join' : pick(next(5) === 0 ? systemKinds : clientKinds);
    const person = joined[next(joined.length + 1)] ?? 'nobody';
    const body = bodyOf(kind);
    const [file] = Array.isArray(body.files) ? body.files : [body.avatar];
    const thing = String(kind.startsWith('room.') ? body.room : body.message);
    const speaker = kind === 'profile.edit' ? authors.get(posted.at(-1) ?? '') : undefined;
    const author = next(2) === 0 ? (authors.get(thing) ?? speaker) : ownerOf(file);
    const by = systemKinds.includes(kind) && (starting() || next(8) > 0) ? 'system' : (author ?? person);
    const dice = starting() ? 99 : next(100);
    log.atMs += next(3);
    if (dice < 3) log.mark();
    else if (dice < 6) log.bytes(createHash('sha256').update(`${dice} ${log.entries.length}`).digest());
    else if (dice < 12) {
      const { id, body: again } = pick(log.entries);
      log.bytes(again, id);
    } else {
      const id = dice < 14 ? anyId() : dice < 18 ? testId(log.atMs + next(400) - 200, log.entries.length) : undefined;
      const entry = log.bytes((next(6) > 0 && moreOf(kind)) || Buffer.from(JSON.stringify({ by, kind, body })), id);
      if (kind === 'upload.open') {
        uploads.push({
          id: entry.id,
          owner: String(body.user),
          offset: 0,
          bytes: new Uint8Array(Number(body.size)).fill(next(2)),
        });
      }
      if (joined.length < firstPeople) joined.push(entry.id);
      if (kind === 'room.create') {
        made.push(String(body.name));
        authors.set(String(body.name), by);
      }
      if (kind === 'direct.open') directs.push(entry.id);
      if (kind !== 'message.post') continue;
      // What is said in other rooms is often not said at all.
      if (body.room === 'general' || next(3) === 0) posted.push(entry.id);
      authors.set(entry.id, by);
    }
  }
  return log.entries;
};
