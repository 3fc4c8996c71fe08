/** The description of the HTTP API is what programs are generated from: it has everything, and names it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from './test-kit.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Record<string, { readonly schema: { readonly properties?: object } }>;
  };
  readonly responses: object;
  readonly security?: readonly object[];
}

interface Document {
  readonly components: { readonly schemas: Record<string, { readonly properties: Record<string, object> }> };
}

let cluster: TestCluster;
let document: Document;
let operations: readonly (Operation & { readonly address: string })[];

beforeAll(async () => {
  cluster = await startTestCluster();
  const { body } = await cluster.ask('GET', '/api/v1/openapi.json');
  const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, Operation>> };
  document = body as Document;
  expect(openapi).toBe('3.1.0');
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      address: `${method.toUpperCase()} ${path}`,
    })),
  );
});

afterAll(() => cluster?.close());

describe('the OpenAPI document', () => {
  it('has every operation by a name of its own', () => {
    const named = Object.fromEntries(operations.map(({ operationId, address }) => [operationId, address]));
    expect(Object.keys(named)).toHaveLength(operations.length);
    expect(named).toMatchObject({
      addReaction: 'PUT /api/v1/messages/{message}/reactions/{emoji}',
      changeRoom: 'PATCH /api/v1/rooms/{room}',
      createRoom: 'POST /api/v1/rooms',
      deleteMessage: 'DELETE /api/v1/messages/{message}',
      editMessage: 'PATCH /api/v1/messages/{message}',
      editProfile: 'PATCH /api/v1/profile',
      getFingerprint: 'GET /api/v1/fingerprints/{index}',
      getHealth: 'GET /healthz',
      getMessage: 'GET /api/v1/messages/{message}',
      getReadiness: 'GET /readyz',
      getRoom: 'GET /api/v1/rooms/{room}',
      getSession: 'GET /api/v1/session',
      getTopology: 'GET /api/v1/topology',
      inviteMember: 'PUT /api/v1/rooms/{room}/members/{user}',
      issueToken: 'POST /api/v1/tokens',
      join: 'POST /api/v1/join',
      joinRoom: 'POST /api/v1/rooms/{room}/join',
      leaveRoom: 'POST /api/v1/rooms/{room}/leave',
      listMembers: 'GET /api/v1/rooms/{room}/members',
      listMessages: 'GET /api/v1/rooms/{room}/messages',
      listPins: 'GET /api/v1/rooms/{room}/pins',
      listReplies: 'GET /api/v1/messages/{message}/replies',
      listRooms: 'GET /api/v1/rooms',
      listUsers: 'GET /api/v1/users',
      listWordings: 'GET /api/v1/messages/{message}/wordings',
      markRead: 'PUT /api/v1/rooms/{room}/read',
      openDirect: 'POST /api/v1/direct',
      pinMessage: 'PUT /api/v1/messages/{message}/pin',
      postMessage: 'POST /api/v1/rooms/{room}/messages',
      removeMember: 'DELETE /api/v1/rooms/{room}/members/{user}',
      removeReaction: 'DELETE /api/v1/messages/{message}/reactions/{emoji}',
      setPassword: 'PUT /api/v1/password',
      setRole: 'PUT /api/v1/users/{user}/role',
      signIn: 'POST /api/v1/sign-in',
      signOut: 'POST /api/v1/sign-out',
      unpinMessage: 'DELETE /api/v1/messages/{message}/pin',
    });
  });

  it('has what the protocol has a name for once, by that name', () => {
    const { schemas } = document.components;
    expect(schemas.Message?.properties).toMatchObject({
      text: { type: 'string' },
      replyTo: { $ref: '#/components/schemas/Quote' },
      reactions: { items: { $ref: '#/components/schemas/Reaction' } },
    });
    const named = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
    expect(Object.keys(schemas).filter((name) => !named.includes(name))).toEqual([]);
  });

  it('says which bodies may be left out', () => {
    const bodies = operations.filter(({ requestBody }) => requestBody !== undefined);
    const optional = bodies.filter(({ requestBody }) => requestBody?.required === false);
    expect(optional.map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(['pinMessage', 'joinRoom']));
    expect(optional.map(({ operationId }) => operationId)).not.toContain('postMessage');
  });

  it('says of each what it does, what it is refused with, and who may ask', () => {
    for (const { address, summary, responses, security } of operations) {
      expect(summary, address).toMatch(/\w/);
      expect(responses, address).toHaveProperty('default');
      expect(security, address).toBeDefined();
    }
  });

  it('every write to the log takes the id of its command', () => {
    const idless = operations.filter(({ address, parameters = [], requestBody }) => {
      const inBody = Object.keys(requestBody?.content['application/json']?.schema.properties ?? {});
      const inQuery = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      return !address.startsWith('GET ') && ![...inBody, ...inQuery].includes('id');
    });
    // What makes a session makes its token too, and that is told once; what is done to the servers is in no log, and no
    // more are experiments.
    const toServers = ['act', 'changeFaults', 'stepDown'];
    const inLog = idless.filter(({ address }) => !/^\w+ \/api\/v1\/lab\//.test(address));
    expect(inLog.map(({ operationId }) => operationId).sort()).toEqual(
      [...toServers, 'issueToken', 'join', 'signIn'].sort(),
    );
  });
});
