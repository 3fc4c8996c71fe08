import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../test/support/eventually.ts';
import { startTestCluster, type TestCluster } from '../server/test-kit.ts';
import { connect } from './chat.ts';
import type { Chat } from './types.ts';

const door = fileURLToPath(new URL('./index.ts', import.meta.url));
const guide = fileURLToPath(new URL('../../docs/sdk.md', import.meta.url));

let cluster: TestCluster;
let folder: string;
let ana: Chat;
const running: ChildProcess[] = [];

interface Run {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

/** Runs the guide's program of this name, as a bot of its own. */
const start = async (name: string, token: string): Promise<Run> => {
  const text = await readFile(guide, 'utf8');
  const program = text.split('```ts\n').find((block) => block.startsWith(`// ${name}\n`));
  const code = program?.split('\n```')[0]?.replace("'estafet/client'", JSON.stringify(door));
  const path = join(folder, name);
  await writeFile(path, `${code}\n`);
  const env = {
    ...process.env,
    ESTAFET_URL: cluster.url(),
    ESTAFET_TOKEN: token,
    POSITION_FILE: join(folder, 'position'),
  };
  const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { process: child, output: () => output, ended };
};

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
  folder = await mkdtemp(join(tmpdir(), 'estafet-docs-'));
  ana = connect({ servers: [cluster.url()], token: (await cluster.join('Ana')).token });
  await ana.ready();
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  ana?.close();
  await cluster?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the guide’s program', () => {
  it('send.ts sends and ends', async () => {
    const { output, ended } = await start('send.ts', (await cluster.join('Sender')).token);
    expect(await ended).toBe(0);
    expect(output()).toMatch(/^sent as [0-9a-f-]{36}, at position \d+, stored on 2 servers\n$/);
  });

  it('history.ts reads all pages and ends', async () => {
    const texts = Array.from({ length: 120 }, (_, n) => `line ${n}.`);
    await Promise.all(texts.map((text) => ana.room('general').send(text)));
    const { output, ended } = await start('history.ts', (await cluster.join('Reader')).token);
    expect(await ended).toBe(0);
    expect(output().match(/line \d+\./g)).toEqual(texts);
  });

  it('listen.ts hears what is said', async () => {
    const { token, user } = await cluster.join('Listener');
    const { output } = await start('listen.ts', token);
    await eventually('its being online', async () => {
      await ana.room('general').send('can you hear me?');
      return output().includes('Ana: can you hear me?');
    });
    expect(user.name).toBe('Listener');
  });

  it('meeting.ts makes a room, and does in it what people do', async () => {
    const { output, ended } = await start('meeting.ts', (await cluster.join('Host')).token);
    expect(await ended).toBe(0);
    expect(output()).toBe('pinned: **Agenda**: who brings the tea?; 1 reply, 2 people\n');
    const meeting = (await ana.rooms()).find(({ name }) => name === 'meeting');
    expect(meeting).toMatchObject({ access: 'closed', archived: true, topic: 'Monday, 9:00' });
  });

  it('bot.ts answers what was said while it was away', async () => {
    const { token } = await cluster.join('Bot');
    const answers: string[] = [];
    ana.room('general').on('message', ({ name, text }) => name === 'Bot' && answers.push(text));
    const first = await start('bot.ts', token);
    await eventually('its first answer', async () => {
      await ana.room('general').send('!hello');
      return answers.length > 0;
    });
    first.process.kill('SIGTERM');
    await first.ended;
    const before = answers.length;
    const { index } = await ana.room('general').send('!hello');
    const second = await start('bot.ts', token);
    await eventually('the answer to what it missed', () => answers.length > before);
    second.process.kill('SIGTERM');
    await second.ended;
    expect(Number(await readFile(join(folder, 'position'), 'utf8'))).toBeGreaterThanOrEqual(index);
  });
});
