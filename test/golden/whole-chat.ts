/**
 * The second part of the golden log of everyday life: what came to the chat later. Replies, mentions, reactions, pins,
 * wordings, rooms that are renamed, archived and filled, conversations, profiles, passwords, and files.
 */
import { createHash } from 'node:crypto';
import { sha256, type TestLog } from '../../src/chat/test-log.ts';
import { encodeCommandBody, limits, systemUser } from '../../src/protocol/index.ts';

/** Each row is one emoji in several forms, or none. */
const emoji = [
  ...['👍', '👍🏽', '❤', '❤️', '👩‍🚀', '👩🏽‍🚀', '🏳️‍🌈', '🏳‍🌈', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇧🇷', '1️⃣', '1⃣', '🫩', '🪾', '🫪', '☺', '☺️'],
  ...['x', '👍👍', '🇧', '\u200d', '👍\u200d', '#', '\ufe0f', '😀x', '🏴\u{e0067}', '٣\u20e3'],
] as const;

const mentions = [
  ...[
    '@Zoë',
    '@zoe\u0308!',
    '@İnci, @inci e @ınci',
    '@ΖΕΎΣ.',
    '@WEISS @weiß',
    '＠Ａｎｎ',
    '@ＫＫelvin',
    '@FINN',
    '@한글님',
  ],
  ...[
    '@日本 太郎さん',
    '@日本　太郎',
    '@👩‍🚀',
    '@\u{16ea0}Ann',
    '@Annex',
    'ann@ann',
    '@@Ann',
    '@room',
    '@ROOMS',
    '`@Ann` @Ann',
  ],
  ...['```\n@Ann\n```\n@finn', '~~~\n@Ann', '``@Ann` @finn``', '`@Ann', '@نیماجان و @دعاء', '@नमस्ते', '@ⓡⓞⓞⓜ', '@aͅ'],
] as const;

/** Appends to a log in which these people have joined; the first is made an owner again. */
export const wholeChat = (log: TestLog, people: readonly string[]): void => {
  const [ana = '', zoe = '', ...others] = people;
  const person = (at: number): string => people[at % people.length]!;
  const post = (by: string, text: string, more: { replyTo?: string; files?: string[] } = {}): string =>
    log.command(by, 'message.post', { room: 'general', text, ...more }).id;
  const again = (back: number): void => {
    const { body, id, kind } = log.entries[log.entries.length - back]!;
    if (kind === 'command') log.bytes(body, id);
  };

  log.command(systemUser, 'token.issue', { name: 'Ana', role: 'owner', tokenHash: sha256('ana, owner') });

  const said = mentions.map((text, at) => post(person(at * 5), text));
  const answered = said.map((id, at) => post(person(at), `re ${at}`, { replyTo: id }));
  post(ana, 'to nothing', { replyTo: log.newId() });
  for (const [at, id] of answered.entries()) {
    if (at % 3 === 0)
      log.command(person(at), 'message.edit', { message: id, text: mentions[(at * 7) % mentions.length]! });
    if (at % 7 === 0) log.command(person(at), 'message.delete', { message: id });
  }
  for (let at = 0; at < emoji.length * 3; at++) {
    const message = said[Math.floor(at / emoji.length)]!;
    log.command(person(at % 11), 'message.react', { message, emoji: emoji[at % emoji.length]!, on: at % 5 !== 4 });
    if (at % 6 === 5) again(3);
  }
  for (let at = 0; at < limits.reactionsPerMessageMax + 2; at++) {
    log.command(zoe, 'message.react', { message: said[4]!, emoji: String.fromCodePoint(0x1f600 + at), on: true });
  }
  log.command(zoe, 'message.react', { message: said[4]!, emoji: String.fromCodePoint(0x1f600), on: false });

  for (let at = 0; at <= limits.pinsPerRoomMax; at++) {
    log.command(ana, 'message.pin', { message: post(ana, `pin ${at}`), on: true });
    if (at % 20 === 0) again(1);
  }
  log.command(zoe, 'message.pin', { message: said[1]!, on: false });
  log.command(ana, 'message.delete', { message: said[1]! });
  log.command(ana, 'message.react', { message: said[1]!, emoji: '👍', on: true });

  const { id: room } = log.command(zoe, 'room.create', { name: 'Ações', topic: 'x', access: 'closed' });
  for (const user of [...others.slice(0, 9), zoe, 'nobody']) log.command(zoe, 'room.invite', { room, user });
  log.command(zoe, 'room.edit', { room, name: 'AÇÕES_e_mais', topic: ' y ' });
  log.command(zoe, 'room.edit', { room, name: 'AC\u0327O\u0303ES', topic: ' y ' });
  log.command(zoe, 'room.edit', { room, name: 'General' });
  log.command(others[0]!, 'room.remove', { room, user: zoe });
  for (const user of [others[0]!, others[0]!, 'nobody']) log.command(zoe, 'room.remove', { room, user });
  for (const level of ['none', 'all', 'all', 'mentions'] as const) log.command(zoe, 'room.notify', { room, level });
  for (const archived of [true, true]) log.command(zoe, 'room.archive', { room, archived });
  log.command(zoe, 'message.post', { room, text: 'too late' });
  log.command(zoe, 'room.archive', { room, archived: false });
  log.command(ana, 'room.archive', { room: 'general', archived: true });

  for (const users of [[zoe], [zoe, ana], [others[1]!, zoe, others[2]!], [ana], ['nobody']]) {
    const { id } = log.command(ana, 'direct.open', { users });
    log.command(users[0]!, 'direct.open', { users: [...users.slice(1), ana] });
    again(1);
    log.command(zoe, 'message.post', { room: id, text: '@room' });
    log.command(zoe, 'room.leave', { room: id });
  }

  const names = ['Zoe\u0301', 'ANA', 'ana', '\u{16ea0}', ' Zoë  da  Silva ', 'x'.repeat(60)];
  for (const name of names) log.command(zoe, 'profile.edit', { name, about: ` ${name}\ud800 ` });
  log.command(ana, 'message.post', { room: 'general', text: '@Zoë Da Silva, @Zoë' });
  for (const [at, role] of (['owner', 'admin', 'guest', 'member', 'bot'] as const).entries()) {
    log.command(ana, 'user.role', { user: others[at]!, role });
    log.command(others[1]!, 'user.role', { user: others[3]!, role });
    log.command(zoe, 'user.role', { user: ana, role });
  }
  log.command(others[2]!, 'direct.open', { users: [others[5]!] });

  for (const device of ['a phone', '']) {
    log.command(systemUser, 'session.open', { user: zoe, tokenHash: sha256(`open ${device}`), device });
  }
  log.command(systemUser, 'session.open', { user: 'nobody', tokenHash: sha256('open'), device: '' });
  log.command(systemUser, 'password.set', { user: zoe, hash: '$argon2id$x', endsOthers: sha256('open ') });
  log.command(systemUser, 'password.set', { user: 'nobody', hash: '$argon2id$x' });
  log.mark();
  requests(log, ana, people);
  files(log, ana, zoe, post);
};

/** Numbered requests of people of every role, before and after it is known who leads, and who took over and how fast. */
const requests = (log: TestLog, ana: string, people: readonly string[]): void => {
  const ask = (user: string, failIn?: number): void => {
    log.command(systemUser, 'request.run', failIn === undefined ? { user } : { user, failIn });
  };
  const begin = (server: string, previous: string | null, cause: 'founded' | 'died' | 'hung'): void => {
    const { epoch } = log;
    const before = previous === null ? {} : { previousEpoch: epoch - 1 };
    log.command(systemUser, 'takeover.begun', { epoch, server, previous, cause, ...before });
  };
  const time = (epoch: number, acknowledgedAt: number | null): void => {
    const [lastSignAt, detectedAt, lockedAt] = [log.atMs - 9.875, log.atMs - 8.5, log.atMs - 0.1];
    log.command(systemUser, 'takeover.timed', {
      ...{ epoch, lastSignAt, detectedAt, lockedAt, durableAt: log.atMs, acknowledgedAt },
    });
  };
  for (const user of people.slice(0, 12)) ask(user);
  begin('s1', null, 'founded');
  begin('s2', null, 'founded');
  ask(ana);
  time(log.epoch, log.atMs + 0.5);
  time(log.epoch, log.atMs + 1.5);
  time(log.epoch + 1, null);
  for (const user of [ana, ...people.slice(1, 8), 'nobody']) ask(user, log.epoch);
  log.mark();
  ask(ana);
  log.mark();
  begin('s3', 's2', 'died');
  ask(ana);
  log.mark();
  begin('S-1.e_2', 's3', 'hung');
  time(log.epoch, null);
  log.command(ana, 'request.run', { user: ana });
};

/** Files as clients send them: whole, twice the same, wrong, too large, given up, used and no longer used. */
const files = (
  log: TestLog,
  ana: string,
  zoe: string,
  post: (by: string, text: string, more: { replyTo?: string; files?: string[] }) => string,
): void => {
  const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const open = (user: string, name: string, size: number, type = 'image/png', sha?: string): string =>
    log.command(systemUser, 'upload.open', { user, name, type, size, width: 3, ...(sha ? { sha256: sha } : {}) }).id;
  const write = (upload: string, offset: number, chunk: Uint8Array): void => {
    log.bytes(encodeCommandBody({ by: systemUser, kind: 'upload.write', body: { upload, offset } }, chunk));
  };
  const finish = (upload: string, bytes: Uint8Array): void => {
    log.command(systemUser, 'upload.finish', { upload, sha256: hashOf(bytes) });
  };
  const bytes = Buffer.from('olá, ficheiro');
  const upload = (user: string, name: string, type?: string): string => {
    const id = open(user, name, bytes.length, type);
    write(id, 0, bytes.subarray(0, 5));
    write(id, 0, bytes.subarray(0, 5));
    finish(id, bytes);
    write(id, 5, bytes.subarray(5));
    finish(id, bytes);
    finish(id, bytes);
    return id;
  };
  const [one, two, three] = [
    upload(ana, '/tmp/\u202eFoto 1.png'),
    upload(ana, 'b.png'),
    upload(zoe, '日本.txt', 'Text/Plain; q'),
  ];
  for (const name of ['', '..', 'x'.repeat(201)]) open(ana, name, 1);
  open(ana, 'too large', limits.fileMaxBytes + 1);
  const wrong = open(zoe, 'wrong', 3, '?', sha256('else'));
  write(wrong, 0, Buffer.from('abcd'));
  write(wrong, 0, Buffer.from('abc'));
  finish(wrong, Buffer.from('abc'));
  const message = post(ana, '', { files: [one, two] });
  post(ana, 'not mine', { files: [three] });
  post(ana, 'twice', { files: [one, one] });
  post(zoe, 'a quote', { replyTo: message, files: [three] });
  log.command(ana, 'profile.edit', { avatar: two });
  log.command(ana, 'profile.edit', { avatar: three });
  log.command(ana, 'message.delete', { message });
  log.command(ana, 'profile.edit', { avatar: '' });
  const left = open(zoe, 'left', 3);
  for (let at = 0; at < 2; at++) log.command(systemUser, 'upload.cancel', { upload: left });
  open(zoe, 'forgotten', 3);
  for (let at = 0; at < 21; at++) open(ana, `large ${at}`, limits.fileMaxBytes);
  for (let at = 0; at < limits.uploadsPerUserMax; at++) open(zoe, `many ${at}`, 0);
  log.command(systemUser, 'upload.expire', { before: log.atMs });
};
