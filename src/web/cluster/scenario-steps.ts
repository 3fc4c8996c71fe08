/**
 * The scenarios: what is done to the servers in each, and what must be seen of them before it goes on. A step is over when
 * the servers say so, whenever that is; none waits for a time. Pure: what is done goes through the hands it is given.
 *
 * The words of a step are `scenarios.<id>.<step>`, of the page's words.
 */
import type { ErrorCode } from '../../client/index.ts';
import type { ClusterAction, RequestView } from '../../protocol/index.ts';
import { holdsEverything } from './headline.ts';
import { type ClusterModel, isSynchronised, processOf, type ShownServer, serverNamed, serversOf } from './model.ts';

/** What a scenario remembers, and what its sentences name. */
export interface Notes {
  /** The primary as it began. */
  readonly first: string;
  /** A backup. */
  readonly other: string;
  /** The epoch as it began. */
  readonly epoch: number;
  /** By server, as it began. */
  readonly pids: Readonly<Record<string, number | null>>;
  /** The request that was sent. */
  readonly request: string | null;
  /** Why what was to be refused was refused. */
  readonly refused: ErrorCode | null;
}

/** What a scenario may do. */
export interface Hands {
  /** Sends a request; gives its id. */
  send(fail: boolean): string;
  /** Rejects with an `EstafetError`. */
  act(action: ClusterAction, server?: string): Promise<unknown>;
  /** Does what must be refused; gives the code. Rejects when it was not. */
  refused(action: ClusterAction, server: string): Promise<ErrorCode>;
}

export interface Step {
  readonly id: string;
  /** What is done as it begins; gives what is to be remembered. */
  readonly begin?: (hands: Hands, notes: Notes, now: ClusterModel) => Promise<Partial<Notes>>;
  /** Whether it is over. */
  readonly isOver: (now: ClusterModel, notes: Notes) => boolean;
}

export interface Scenario {
  readonly id: ScenarioId;
  /** Of how many servers it needs. */
  readonly servers: number;
  /** Whether it does something to servers, and so needs the right. */
  readonly breaks: boolean;
  readonly steps: readonly Step[];
  /** Mends what it broke, when it is stopped or over. */
  readonly mend?: (hands: Hands, notes: Notes, now: ClusterModel) => Promise<unknown>;
}

export const scenarioIds = [
  'request',
  'failing',
  'backup',
  'hung',
  'double',
  'last',
  'cut',
  'handOver',
  'wipe',
  'roll',
] as const;
export type ScenarioId = (typeof scenarioIds)[number];

/** How things are as a scenario begins; null when there is no primary, or too few servers live. */
export const notesOf = (now: ClusterModel, servers: number): Notes | null => {
  const first = now.topology?.primary ?? null;
  const all = serversOf(now);
  const other = all.find(({ name, condition }) => name !== first && condition === 'backup')?.name ?? '';
  const living = all.filter(({ condition }) => condition === 'primary' || condition === 'backup').length;
  if (first === null || living < servers) return null;
  const pids = Object.fromEntries(all.map(({ name }) => [name, processOf(now, name)?.pid ?? null]));
  return { first, other, epoch: now.topology?.epoch ?? 0, pids, request: null, refused: null };
};

const shown = (now: ClusterModel, name: string): ShownServer | null =>
  serversOf(now).find((server) => server.name === name) ?? null;

const isDown = (now: ClusterModel, name: string): boolean => shown(now, name)?.condition === 'down';

/** Whether the process that was there as it began is there no more. */
const isGone = (now: ClusterModel, name: string, { pids }: Notes): boolean =>
  isDown(now, name) || (processOf(now, name)?.pid ?? null) !== (pids[name] ?? null);

/** A process that was not there as it began, and that the others hear of. */
const isBack = (now: ClusterModel, name: string, notes: Notes): boolean => {
  const pid = processOf(now, name)?.pid ?? null;
  return pid !== null && pid !== notes.pids[name] && serverNamed(now, name)?.role !== 'down';
};

/** Another primary, in a later epoch. */
const hasMoved = ({ topology }: ClusterModel, { first, epoch }: Notes): boolean =>
  topology !== null && topology.primary !== null && topology.primary !== first && topology.epoch > epoch;

const isWhole = (now: ClusterModel): boolean =>
  now.topology?.primary !== null && serversOf(now).every((one) => holdsEverything(one) && one.condition !== 'paused');

export const requestOf = (now: ClusterModel, { request }: Notes): RequestView | null =>
  now.requests.findLast(({ id }) => id === request) ?? null;

/** Whether the request is in the databases of all that must have it. */
const isEverywhere = (now: ClusterModel, notes: Notes): boolean => {
  const request = requestOf(now, notes);
  return (
    request !== null &&
    serversOf(now)
      .filter(holdsEverything)
      .every(({ server }) => server !== null && isSynchronised(server, request))
  );
};

const has = (now: ClusterModel, name: string, notes: Notes): boolean => {
  const [request, server] = [requestOf(now, notes), serverNamed(now, name)];
  return request !== null && server !== null && isSynchronised(server, request);
};

const send =
  (fail: boolean): NonNullable<Step['begin']> =>
  async (hands) => ({ request: hands.send(fail) });

const acts =
  (action: ClusterAction, on: (notes: Notes) => string | undefined): NonNullable<Step['begin']> =>
  async (hands, notes) => {
    await hands.act(action, on(notes));
    return {};
  };

const first = ({ first }: Notes): string => first;
const other = ({ other }: Notes): string => other;
const backups = (now: ClusterModel, notes: Notes): readonly string[] =>
  serversOf(now)
    .map(({ name }) => name)
    .filter((name) => name !== notes.first);

const whole: Step = { id: 'whole', isOver: isWhole };

/** Whoever it paused goes on. */
const resumeAll: NonNullable<Scenario['mend']> = async (hands, _, now) => {
  const paused = serversOf(now).filter(({ condition }) => condition === 'paused');
  await Promise.allSettled(paused.map(({ name }) => hands.act('resume', name)));
};

const isCut = (now: ClusterModel, notes: Notes): boolean =>
  now.faults[notes.other]?.cutFrom.includes(notes.first) === true ||
  now.faults[notes.first]?.cutFrom.includes(notes.other) === true;

export const scenarios: Readonly<Record<ScenarioId, Scenario>> = {
  request: {
    id: 'request',
    servers: 1,
    breaks: false,
    steps: [
      { id: 'sent', begin: send(false), isOver: (now, notes) => requestOf(now, notes) !== null },
      { id: 'copied', isOver: isEverywhere },
    ],
  },
  failing: {
    id: 'failing',
    servers: 2,
    breaks: true,
    steps: [
      {
        id: 'sent',
        begin: send(true),
        isOver: (now, notes) => isGone(now, notes.first, notes) || hasMoved(now, notes),
      },
      { id: 'promoted', isOver: hasMoved },
      { id: 'completed', isOver: (now, notes) => (requestOf(now, notes)?.epoch ?? 0) > notes.epoch },
      { id: 'synchronised', isOver: isEverywhere },
      { id: 'returned', isOver: (now, notes) => isBack(now, notes.first, notes) },
      { id: 'whole', isOver: (now, notes) => isWhole(now) && has(now, notes.first, notes) },
    ],
  },
  backup: {
    id: 'backup',
    servers: 2,
    breaks: true,
    steps: [
      { id: 'killed', begin: acts('kill', other), isOver: (now, notes) => isGone(now, notes.other, notes) },
      { id: 'goesOn', begin: send(false), isOver: (now, notes) => has(now, notes.first, notes) },
      { id: 'returned', isOver: (now, notes) => isBack(now, notes.other, notes) },
      { id: 'whole', isOver: (now, notes) => isWhole(now) && has(now, notes.other, notes) },
    ],
  },
  hung: {
    id: 'hung',
    servers: 2,
    breaks: true,
    steps: [
      {
        id: 'paused',
        begin: acts('pause', first),
        isOver: (now, notes) => shown(now, notes.first)?.condition === 'paused' || hasMoved(now, notes),
      },
      { id: 'promoted', isOver: hasMoved },
      { id: 'returned', isOver: (now, notes) => isBack(now, notes.first, notes) },
      whole,
    ],
    mend: resumeAll,
  },
  double: {
    id: 'double',
    servers: 3,
    breaks: true,
    steps: [
      {
        id: 'killed',
        begin: async (hands, notes) => {
          await hands.act('kill', notes.other);
          await hands.act('kill', notes.first);
          return {};
        },
        isOver: (now, notes) => isGone(now, notes.first, notes) && isGone(now, notes.other, notes),
      },
      { id: 'promoted', isOver: hasMoved },
      {
        id: 'returned',
        isOver: (now, notes) => isBack(now, notes.first, notes) && isBack(now, notes.other, notes),
      },
      whole,
    ],
  },
  last: {
    id: 'last',
    servers: 2,
    breaks: true,
    steps: [
      {
        id: 'paused',
        begin: async (hands, notes, now) => {
          for (const name of backups(now, notes)) await hands.act('pause', name);
          return {};
        },
        isOver: (now, notes) => backups(now, notes).every((name) => shown(now, name)?.condition === 'paused'),
      },
      {
        id: 'dropped',
        isOver: (now, notes) => backups(now, notes).every((name) => serverNamed(now, name)?.inSync === false),
      },
      { id: 'goesOn', begin: send(false), isOver: (now, notes) => has(now, notes.first, notes) },
      {
        id: 'refused',
        begin: async (hands, notes) => ({ refused: await hands.refused('kill', notes.first) }),
        isOver: (_, { refused }) => refused !== null,
      },
      {
        id: 'resumed',
        begin: async (hands, notes, now) => {
          await resumeAll(hands, notes, now);
          return {};
        },
        isOver: (now, notes) => isWhole(now) && backups(now, notes).every((name) => has(now, name, notes)),
      },
    ],
    mend: resumeAll,
  },
  cut: {
    id: 'cut',
    servers: 2,
    breaks: true,
    steps: [
      { id: 'cut', begin: acts('cut-link', other), isOver: isCut },
      { id: 'dropped', isOver: (now, notes) => serverNamed(now, notes.other)?.inSync === false },
      {
        id: 'goesOn',
        begin: send(false),
        isOver: (now, notes) => has(now, notes.first, notes) && !has(now, notes.other, notes),
      },
      { id: 'healed', begin: acts('heal-link', other), isOver: (now, notes) => !isCut(now, notes) },
      { id: 'whole', isOver: (now, notes) => isWhole(now) && has(now, notes.other, notes) },
    ],
    mend: async (hands, notes, now) => (isCut(now, notes) ? hands.act('heal-link', notes.other) : null),
  },
  handOver: {
    id: 'handOver',
    servers: 2,
    breaks: true,
    steps: [{ id: 'steppedDown', begin: acts('step-down', () => undefined), isOver: hasMoved }, whole],
  },
  wipe: {
    id: 'wipe',
    servers: 2,
    breaks: true,
    steps: [
      { id: 'wiped', begin: acts('wipe', other), isOver: (now, notes) => isGone(now, notes.other, notes) },
      { id: 'returned', isOver: (now, notes) => isBack(now, notes.other, notes) },
      whole,
    ],
  },
  roll: {
    id: 'roll',
    servers: 2,
    breaks: true,
    steps: [
      {
        id: 'begun',
        begin: acts('roll', () => undefined),
        isOver: (now, notes) => serversOf(now).some(({ name }) => isGone(now, name, notes)),
      },
      {
        id: 'eachInTurn',
        isOver: (now, notes) => Object.keys(notes.pids).every((name) => isBack(now, name, notes)),
      },
      whole,
    ],
  },
};

type Words = typeof import('./words/en.json')['scenarios'];
/** `request.sent`: under `scenarios` of the page's words. That there is one for each step is held by a test. */
export type StepKey = {
  [Id in ScenarioId]: `${Id}.${Exclude<keyof Words[Id], 'title' | 'about' | number | symbol>}`;
}[ScenarioId];

export const stepKey = (id: ScenarioId, step: Step): StepKey => `${id}.${step.id}` as StepKey;
