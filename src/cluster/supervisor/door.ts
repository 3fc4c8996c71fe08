/**
 * The door at which the supervisor takes orders: HTTP on this machine's loopback, for who has the machine's key, which
 * are the servers. What it is asked for is in `protocol/orders.ts`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ClusterActionResult,
  EstafetError,
  type Order,
  type OrderAnswer,
  orderedActions,
  type SupervisorView,
} from '../../protocol/index.ts';

/** Who carries orders out. */
export interface OrderTaker {
  readonly view: SupervisorView;
  do(order: Order): Promise<ClusterActionResult>;
}

export interface DoorOptions {
  /** The machine's key. */
  readonly key: string;
  readonly orders: OrderTaker;
  /** Somebody watches how everything stands. */
  readonly onWatched?: () => void;
}

export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

const orderMaxBytes = 4_096;
/** A question that has not arrived whole after this long is cut off. */
const questionMaxMs = 5_000;

const sameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());

const readOrder = async (request: IncomingMessage): Promise<Order> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > orderMaxBytes) throw new EstafetError('too-large');
    chunks.push(chunk);
  }
  let given: unknown;
  try {
    given = JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new EstafetError('bad-json', undefined, { cause: error });
  }
  const { action, server, asker } = Object(given) as Readonly<Record<string, unknown>>;
  const known = orderedActions.find((one) => one === action);
  if (known === undefined) throw new EstafetError('bad-request', `There is no order ${String(action)}.`);
  return { action: known, ...nameIn('server', server), ...nameIn('asker', asker) };
};

const nameIn = <Field extends string>(field: Field, name: unknown): { readonly [K in Field]?: string } => {
  if (name === undefined) return {};
  if (typeof name !== 'string') throw new EstafetError('bad-request', `${field}: is a server’s name.`);
  return { [field]: name } as { readonly [K in Field]?: string };
};

const answerTo = async (request: IncomingMessage, { key, orders, onWatched }: DoorOptions): Promise<unknown> => {
  const given = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) throw new EstafetError('not-signed-in', 'The machine’s key is needed as a bearer.');
  if (!sameSecret(given, key)) throw new EstafetError('not-allowed', 'This is not the machine’s key.');
  switch (`${request.method} ${request.url}`) {
    case 'GET /view':
      return orders.view;
    case 'GET /watched':
      onWatched?.();
      return orders.view;
    case 'POST /orders': {
      const result = await orders.do(await readOrder(request));
      return { result, view: orders.view } satisfies OrderAnswer;
    }
    default:
      throw new EstafetError('not-found');
  }
};

const answer = async (request: IncomingMessage, response: ServerResponse, options: DoorOptions): Promise<void> => {
  const say = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  };
  try {
    say(200, await answerTo(request, options));
  } catch (error) {
    const known =
      error instanceof EstafetError
        ? error
        : new EstafetError('action-failed', error instanceof Error ? error.message : String(error), { cause: error });
    say(known.status, { error: known.toBody() });
  }
};

/** Opens the door at a free port. */
export const openDoor = async (options: DoorOptions): Promise<Door> => {
  const server = createServer({ requestTimeout: questionMaxMs }, (request, response) => {
    void answer(request, response, options);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
