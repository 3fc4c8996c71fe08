/**
 * The golden log of everyday life: every kind of command, done and refused, by people whose names and words are hard on
 * a program that is not careful with letters, with retries, clocks that are wrong and enough time for all to expire.
 */
import type { LogEntry } from '../../src/chat/index.ts';
import { userName } from '../../src/chat/machine/names.ts';
import { sha256, testId, testLog } from '../../src/chat/test-log.ts';
import { systemUser } from '../../src/protocol/index.ts';
import { wholeChat } from './whole-chat.ts';

/** Two in each row are one name, or differ by a mark, a width or a form only. */
const names = [
  ...['Zoë', 'Zoë', 'İnci', 'inci', 'ınci', 'INCI', 'Ζεύς', 'ΖΕΎΣ', 'Weiß', 'WEISS', 'weiẞ'],
  ...['Ａｎｎ', 'Ann', 'K\u212aelvin', 'kkelvin', '\u212bngström', 'ångström', 'ﬁnn', 'finn', '한글', '한글'],
  ...['دعاء', 'דָּנִי', 'نیما\u200cجان', '👩‍🚀', '👩🏽‍🚀', '🇧🇷', 'é́́́', 'नमस्ते', 'ไทย', '日本 太郎', '日本　太郎'],
  ...['ǅ', 'ǆ', 'ŉ', 'ʼn', 'ϒ', 'ϓ', 'ẛ̣', '𝕬𝖓𝖓𝖆', 'ʕσ', 'Ꮳ', 'ꮳ', 'ა', 'Ა', 'a\u0345', 'x'.repeat(40), '😀'.repeat(40)],
] as const;
const texts = [
  ...[
    'hello',
    'Olá, tudo bem? Ação!',
    'é is é is not e',
    'İI ıi — Işık ile ışık',
    'שלום עולם ‏(כן)‎',
    'مرحبا\u200f بالعالم ۱۲۳',
  ],
  ...['👨‍👩‍👧‍👦 🏳️‍🌈 🫠 🪿', 'ﷺ ﬃ ǆ', 'a\u0000b', '\ud800 half', 'half \udc00', 'Z̷̢͑a̸͖͝l̶̹̓g̵̨̈o', "'); DROP TABLE messages; --"],
  ...[
    'line\nline\r\nline\u2028line',
    '\u202eright to left\u202c',
    '  spaces stay  ',
    '<b>&amp;</b>',
    '𠮷野家 ｶﾞ が',
    '٣ ３ 3 ₃ ³',
  ],
] as const;
const rooms = [
  'Ｐlans',
  'straße',
  'ışık',
  'IŞIK',
  'Ωmega',
  'ωΜΈΓΑ',
  '日本',
  'مرحبا',
  'café',
  'café',
  'ǆungla',
  'a-b_c',
  '٣٤',
] as const;

export const everydayLog = (): readonly LogEntry[] => {
  const log = testLog();
  // The last seconds of a year, a leap day's eve, and the hour that some places skip: none may matter.
  log.atMs = Date.UTC(2027, 11, 31, 23, 59, 59, 900);
  const join = (name: string, local = false): string =>
    log.command(systemUser, 'user.join', {
      name,
      local,
      tokenHash: sha256(`of ${name} ${log.entries.length}`),
      device: name,
    }).id;
  const people = [join('Ana', true), ...names.map((name) => join(name))];
  const person = (at: number): string => people[at % people.length]!;
  log.atMs = Date.UTC(2028, 1, 28, 23, 59, 59, 990);

  log.command(systemUser, 'token.issue', { name: 'Ana', role: 'guest', tokenHash: sha256('last owner') });
  for (const role of ['owner', 'admin', 'member', 'guest', 'bot'] as const) {
    log.command(systemUser, 'token.issue', { name: `Ölçer ${role}`, role, tokenHash: sha256(role) });
  }
  log.command(systemUser, 'token.issue', { name: 'ANA', tokenHash: sha256('ana again') });
  log.command(systemUser, 'token.issue', { name: 'Ana', role: 'guest', tokenHash: sha256('no more') });

  const made = rooms.map(
    (name, at) =>
      log.command(person(at), 'room.create', { name, topic: texts[at]!, access: at % 3 === 0 ? 'closed' : 'open' }).id,
  );
  for (const bad of ['', '-', 'a b', '!', 'x'.repeat(200), '\u200d'])
    log.command(person(0), 'room.create', { name: bad });
  log.mark();

  const posted: string[] = [];
  const talk = (rounds: number): void => {
    for (let at = 0; at < rounds; at++) {
      const by = person(at * 7);
      const room = at % 4 === 0 ? made[at % made.length]! : at % 4 === 1 ? rooms[at % rooms.length]! : 'GENERAL';
      if (at % 3 === 0) log.command(by, 'room.join', { room });
      // An id from a clock that is behind, right, or ahead.
      const id = testId(log.atMs + (at % 5) * 90 - 180, `talk ${log.entries.length}`);
      const text = texts[at % texts.length]!;
      posted.push(log.command(by, 'message.post', { room, text }, id).id);
      const before = posted.at(-1 - (at % 6))!;
      if (at % 5 === 1) log.command(by, 'message.edit', { message: before, text: `${text} — edited` });
      if (at % 8 === 2) log.command(at % 16 === 2 ? by : person(0), 'message.delete', { message: before });
      if (at % 6 === 3) log.command(by, 'read.mark', { room, index: log.entries.length - (at % 9) });
      if (at % 9 === 4) log.command(by, 'room.leave', { room });
      const again = log.entries[log.entries.length - 1 - ((at * 13) % 120)];
      if (at % 4 === 3 && again?.kind === 'command') log.bytes(again.body, again.id);
      if (at % 20 === 11) log.command(person(at), 'room.leave', { room: 'general' });
    }
  };
  talk(90);

  const oops = log.command(person(1), 'message.post', { room: 'general', text: 'oops' }).id;
  for (let time = 0; time < 2; time++) log.command(person(1), 'message.delete', { message: oops });

  // What is no command at all, and an id that is none.
  for (const bytes of [
    '',
    '{',
    'null',
    '[]',
    '{"by":"x","kind":"no.such","body":{}}',
    '{"by":"","kind":"message.post","body":{}}',
  ])
    log.bytes(Buffer.from(bytes));
  log.bytes(Buffer.from([0xff, 0xfe, 0x00, 0xc3]));
  log.bytes(Buffer.from('{}'), 'not an id');
  log.command(person(3), 'message.post', { room: 'general', text: 'x'.repeat(9_000) });
  log.command(systemUser, 'session.revoke', { tokenHash: sha256('bot') });
  log.command(systemUser, 'session.revoke', { tokenHash: sha256('nobody') });
  log.command(people[0]!, 'session.close', { tokenHash: sha256('ana again') });
  log.command(people[1]!, 'session.close', { tokenHash: sha256('guest') });
  log.command(people[2]!, 'session.revoke', { tokenHash: sha256('guest') });

  // An hour that does not exist in some time zones, and one that comes twice in others.
  log.atMs = Date.UTC(2028, 2, 26, 1, 30);
  talk(60);
  log.mark();
  // Those who really joined: the others' names were taken, or are none.
  const keys = ['Ana', ...names].map((name) => userName(name)?.key);
  wholeChat(
    log,
    people.filter((_, at) => keys[at] !== undefined && keys.indexOf(keys[at]) === at),
  );
  return log.entries;
};
