/** docs/protocol.md is what a client's author has: it must name everything there is. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, errors, retryable } from '../protocol/index.ts';
import { clientCommands, clientFrames } from '../protocol/schemas.ts';
import { startTestCluster, type TestCluster } from './test-kit.ts';

const doc = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster?.close());

describe('docs/protocol.md', () => {
  it('lists every error code as it is', () => {
    for (const [code, { status, message }] of Object.entries(errors)) {
      const mark = [...retryable].some((one) => one === code) ? ' ↻' : '';
      expect(doc).toContain(`| \`${code}\` | ${status} | ${message}${mark} |`);
    }
  });

  it('lists every command, every frame and every close code', () => {
    for (const kind of Object.keys(clientCommands)) expect(doc).toContain(`\`${kind}\``);
    for (const type of Object.keys(clientFrames)) expect(doc).toContain(`{type: "${type}"`);
    for (const code of Object.values(closeCodes)) expect(doc).toContain(`| ${code} |`);
  });

  it('lists every address', async () => {
    const { body } = await cluster.ask('GET', '/api/v1/openapi.json');
    const written = doc.replaceAll('`, `…/leave`', '`, `POST /api/v1/rooms/:room/leave`');
    for (const [path, methods] of Object.entries((body as { paths: Record<string, object> }).paths)) {
      for (const method of Object.keys(methods)) {
        expect(written).toContain(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
      }
    }
  });
});
