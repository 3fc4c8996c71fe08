/**
 * Prepares the workspace for a run: people with tokens, rooms, and a witness who is in every room, so that what each
 * server tells the witness is the whole of what happened in public.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { newCommandId } from '../../protocol/index.ts';
import type { Effect } from '../checker/index.ts';
import type { Landmark, Rooms } from './actor.ts';
import { ask, askFor } from './api.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { factsOf, type NameOf } from './events.ts';
import { chaosLimits } from './options.ts';
import type { Recorder } from './recorder.ts';
import { ChaosFailure } from './waiting.ts';

export interface Workspace {
  /** Token by person's name. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly nameOf: NameOf;
  readonly rooms: Rooms;
  /** The room that the probes write to, in which there are only they, the witness and a few. */
  readonly probeRoom: string;
}

/** The person who is in every room and says nothing. */
export const witness = 'witness';

/** The wait before the witness asks the next server. */
const againMs = 20;

/** Rooms that the load may make in a run. */
const madeMax = 40;

/** Who is to be there. */
export interface Company {
  /** Everybody but the witness. */
  readonly people: readonly string[];
  /** Those of them who are in the probes' room. */
  readonly nearProbes: readonly string[];
  /** Rooms for all. */
  readonly rooms: number;
}

/** Makes the people and the rooms, through the first server. */
export const prepareWorkspace = async (
  cluster: ClusterUnderTest,
  { people, nearProbes, rooms: count }: Company,
  recorder: Recorder,
): Promise<Workspace> => {
  const [server] = cluster.names;
  const base = cluster.url(server!);
  const tokens = new Map<string, string>();
  const names = new Map<string, string>();
  for (const name of [witness, ...people]) {
    const { token, user } = await askFor<{ readonly token: string; readonly user: { readonly id: string } }>(
      base,
      '/tokens',
      { method: 'POST', token: cluster.machineKey, body: { name, role: 'member' } },
    );
    tokens.set(name, token);
    names.set(user.id, name);
  }

  const write = async (name: string, path: string, id: string, effect: Effect, body: unknown): Promise<void> => {
    const running = recorder.begin(name, effect, id);
    const { index } = await askFor<{ readonly index: number }>(base, path, {
      method: 'POST',
      token: tokens.get(name)!,
      body,
    });
    running.acknowledged(index, server!);
  };
  const enter = (name: string, room: string): Promise<void> =>
    write(name, `/rooms/${room}/join`, newCommandId(), { type: 'joined', room, subject: name, content: '' }, {});
  const make = async (members: readonly string[]): Promise<string> => {
    const id = newCommandId();
    const name = `chaos-${id.slice(-12)}`;
    const effect: Effect = { type: 'created', room: id, subject: witness, content: factsOf(name, '') };
    await write(witness, '/rooms', id, effect, { id, name });
    for (const member of members) await enter(member, id);
    return id;
  };

  const fixed: string[] = [];
  for (let at = 0; at < count; at++) fixed.push(await make(people));
  const probeRoom = await make(nearProbes);
  const bring = (room: string): Promise<number | null> => {
    const effect: Effect = { type: 'joined', room, subject: witness, content: '' };
    return insist(cluster, tokens.get(witness)!, { path: `/rooms/${room}/join`, effect, body: {} }, recorder);
  };
  const landmarks: Landmark[] = [];
  for (const room of fixed) {
    const [id, text] = [newCommandId(), recorder.newText(witness)];
    await write(
      witness,
      `/rooms/${room}/messages`,
      id,
      { type: 'posted', room, subject: id, content: text },
      { id, text },
    );
    landmarks.push({ id, room });
  }
  const [first, ...others] = [...names].map(([id, name]) => ({ id, name }));
  const rooms = newRooms({ fixed, landmarks, people: others, witness: first! }, bring);
  return { tokens, nameOf: (id) => names.get(id) ?? id, rooms, probeRoom };
};

const newRooms = (
  given: Pick<Rooms, 'fixed' | 'landmarks' | 'people' | 'witness'>,
  bringWitness: (room: string) => Promise<number | null>,
): Rooms => {
  const made: string[] = [];
  let reserved = 0;
  return {
    ...given,
    made,
    reserve: () => reserved++ < madeMax,
    opened: (room) => {
      void bringWitness(room).then((index) => {
        if (index !== null) made.push(room);
      });
    },
  };
};

/** What the witness asks of whichever server answers first. */
interface Wish {
  readonly path: string;
  readonly effect: Effect;
  /** Its id, when the address takes one: else each attempt is a command of its own. */
  readonly id?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks one server after the other. Resolves with the index, or null when none has answered within the bound. */
const insist = async (
  cluster: ClusterUnderTest,
  token: string,
  { path, effect, id, body }: Wish,
  recorder: Recorder,
): Promise<number | null> => {
  const deadline = performance.now() + chaosLimits.commandMaxMs;
  let running = recorder.begin(witness, effect, id ?? newCommandId());
  for (let turn = 0; performance.now() < deadline; turn++) {
    const server = cluster.names[turn % cluster.names.length]!;
    const question = { method: 'POST', token, body: id === undefined ? body : { ...body, id } } as const;
    const answer = await ask(cluster.url(server), path, question).catch(() => null);
    if (answer !== null && answer.status < 300) {
      const { index } = answer.body as { readonly index: number };
      running.acknowledged(index, server);
      return index;
    }
    await pause(againMs);
    if (id !== undefined) continue;
    running.abandoned();
    running = recorder.begin(witness, effect, newCommandId());
  }
  running.abandoned();
  return null;
};

/** Says in a room of all that it is over: who has received that has received everything. Resolves with its index. */
export const sayTheEnd = async (
  cluster: ClusterUnderTest,
  { tokens, rooms }: Workspace,
  recorder: Recorder,
): Promise<number> => {
  const room = rooms.fixed[0]!;
  const [id, text] = [newCommandId(), recorder.newText(witness)];
  const effect: Effect = { type: 'posted', room, subject: id, content: text };
  const wish: Wish = { path: `/rooms/${room}/messages`, effect, id, body: { text } };
  const index = await insist(cluster, tokens.get(witness)!, wish, recorder);
  if (index === null) throw new ChaosFailure('no server takes the last message');
  return index;
};
