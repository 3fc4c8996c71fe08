/**
 * Stands in for `estafet serve` where the supervisor itself is under test and its servers must misbehave on demand. It
 * announces itself and answers what the supervisor asks; the running server with the lowest number calls itself primary.
 * A file `fails` in the server's folder (`{"code": 65, "words": "…"}`) makes it fail at once, a file `<data>/../s2-behind` has
 * it said that s2 is not in sync, and on a stop it adds its name to `<data>/../stopped`.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { announceServer, runningServers, urlOf, withdrawServer } from '../../src/cluster/supervisor/index.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    name: { type: 'string', default: '' },
    port: { type: 'string', default: '' },
    front: { type: 'string' },
    host: { type: 'string', default: '' },
    data: { type: 'string', default: '' },
  },
});
const { name, data, host } = values;
const port = Number(values.port);

try {
  const { code, words } = JSON.parse(readFileSync(join(data, name, 'fails'), 'utf8')) as {
    code: number;
    words: string;
  };
  process.stderr.write(`${words}\n`);
  process.exit(code);
} catch {
  // It is not to fail.
}

const front = values.front === undefined ? null : Number(values.front);
announceServer(data, { name, startedAt: Date.now(), port, front, url: urlOf(host, port), version: '0' });

const isBehind = (each: string): boolean => existsSync(join(data, '..', `${each}-behind`));

const topology = (): object => {
  const names = runningServers(data).map((server) => server.name);
  const servers = names.map((each, at) => ({
    name: each,
    role: at === 0 ? 'primary' : 'backup',
    inSync: !isBehind(each),
  }));
  return { cluster: 'fake', epoch: 1, primary: names[0], you: name, servers };
};
const server = createServer((request, response) => {
  response.setHeader('x-remote', request.socket.remoteAddress ?? '');
  response.end(request.url === '/api/v1/topology' ? JSON.stringify(topology()) : name);
});
server.listen(port, host);
if (front !== null) createServer((_, response) => response.end(name)).listen({ port: front, host, reusePort: true });

process.on('SIGTERM', () => {
  appendFileSync(join(data, '..', 'stopped'), `${name}\n`);
  withdrawServer(data, name);
  process.exit(0);
});
