import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterEach, describe, expect, it } from 'vitest';
import { type ScriptedServer, scriptedServer, welcomeOf, welcoming } from '../../test/support/scripted-server.ts';

const door = fileURLToPath(new URL('./index.ts', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

it('the SDK is one small file for a browser: no package in it, nothing of Node, no import left', async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      lib: { entry: door, formats: ['es'] },
      rolldownOptions: { external: /.*:.*/ },
    },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  const chunks = outputs.filter((one) => one.type === 'chunk');
  expect(chunks).toHaveLength(1);
  const [chunk] = chunks;
  const rooms = Object.keys(chunk!.modules).map((path) => /\/src\/(?:client|protocol)\//.test(path));
  expect(rooms.length).toBeGreaterThan(10);
  expect(rooms.every(Boolean)).toBe(true);
  expect([...chunk!.imports, ...chunk!.dynamicImports]).toEqual([]);
  expect(chunk!.code.length).toBeLessThan(60_000);
});

/** Runs a program that uses the SDK against a server; `url` stands for its address. */
const run = async (server: ScriptedServer, program: string): Promise<{ stdout: string; stderr: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'estafet-client-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const script = join(folder, 'bot.mjs');
  const head = `import { connect } from ${JSON.stringify(door)}; const url = ${JSON.stringify(server.url)};\n`;
  await writeFile(script, head + program);
  return await promisify(execFile)(process.execPath, [script], { timeout: 50_000 });
};

describe('a program in Node', () => {
  it('ends by itself after close', async () => {
    const server = await scriptedServer('s1');
    cleanups.push(() => server.close());
    welcoming([server]);
    const program = `
      const chat = connect({ servers: [url] });
      await chat.ready();
      chat.room('general').send('never answered').catch((error) => console.log(error.code));
      chat.close();`;
    expect(await run(server, program)).toEqual({ stdout: 'unknown\n', stderr: '' });
  });

  it('ends by itself after close though its server has stopped, and would never answer', async () => {
    const server = await scriptedServer('s1');
    cleanups.push(() => server.close());
    server.onFrame = (frame, socket) => {
      if (frame.type === 'hello') socket.send(welcomeOf(server, 0, [server]));
      else socket.pause();
    };
    const program = `
      const chat = connect({ servers: [url] });
      await chat.ready();
      chat.room('general').send('never answered').catch((error) => console.log(error.code));
      setTimeout(() => chat.close(), 200);`;
    expect(await run(server, program)).toEqual({ stdout: 'unknown\n', stderr: '' });
  });

  it('ends by itself after close while no server is there', async () => {
    const server = await scriptedServer('s1');
    await server.close();
    const program = `
      const chat = connect({ servers: [url] });
      chat.on('state', ({ kind }) => kind === 'backing-off' && chat.close());
      await chat.ready().catch((error) => console.log(error.code));`;
    expect(await run(server, program)).toEqual({ stdout: 'shutting-down\n', stderr: '' });
  });
});
