/**
 * A small process that outlives the server which began it: it has the connection of a client whose request that server
 * dies of, asks the others to process the request, and writes the answer. It ends by itself, within a bounded time. What
 * it is to do comes as JSON on its standard input (`LastWill`), the connection as file descriptor 3.
 */
import { request, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';

/** What the dying server leaves. Everything in it fits a pipe's buffer. */
interface LastWill {
  readonly hostname: string;
  readonly path: string;
  readonly machineKey: string;
  readonly heirs: readonly { readonly name: string; readonly port: number }[];
  readonly order: object;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly retryMs: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** An answer that another server may better. */
const isNoAnswer = ({ status }: Answer): boolean => status === 503 || status === 504;

const ask = (will: LastWill, port: number): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(will.order);
    const headers = {
      authorization: `Bearer ${will.machineKey}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const address = `http://${will.hostname}:${port}${will.path}`;
    const asked = request(address, { method: 'POST', agent: false, headers });
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject).end(text);
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks one heir after the other until one has an answer; whoever is asked waits for a primary itself. */
const answerOf = async (will: LastWill): Promise<Answer> => {
  const endMs = performance.now() + will.deadlineMs;
  let last: Answer = {
    status: 504,
    text: JSON.stringify({
      error: { code: 'unknown', message: 'No server answered. Send it again with the same id.' },
    }),
  };
  for (let turn = 0; performance.now() < endMs; turn++) {
    const heir = will.heirs[turn % will.heirs.length];
    if (heir === undefined) break;
    const answer = await ask(will, heir.port).catch(() => null);
    if (answer !== null && !isNoAnswer(answer)) return answer;
    last = answer ?? last;
    await pause(will.retryMs);
  }
  return last;
};

const write = (connection: Socket, { headers }: LastWill, { status, text }: Answer): void => {
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  connection.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`, () => {
    connection.destroy();
  });
};

const readWill = async (): Promise<LastWill> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as LastWill;
};

const connection = new Socket({ fd: 3, readable: true, writable: true });
const end = (): never => process.exit(0);
// Whoever asked has gone: the request is done all the same, by whom it was handed to.
connection.on('error', end).on('close', end).resume();
const will = await readWill();
// Whatever hangs, this process does not.
setTimeout(end, will.deadlineMs * 2).unref();
write(connection, will, await answerOf(will));
