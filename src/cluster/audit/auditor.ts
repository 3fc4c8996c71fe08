/**
 * Judges a running cluster from outside, as its figures come in: what was acknowledged, what each server's own history
 * shows, and fingerprints. It is given facts and asks for none: no clock, no network. A message is forgotten as soon as
 * every server has shown it, so that an audit may go on for ever.
 *
 * Messages are numbered from 1, and each is begun after the one before was acknowledged or refused: so every history
 * must show them in the order of their numbers.
 */
import { type Fingerprints, newFingerprints } from './fingerprints.ts';

/** A message of this audit, as a server's history shows it. */
export interface Shown {
  readonly number: number;
  readonly id: string;
  readonly index: number;
}

/** What one server's history is from `after` (without) up to `upto` (with), in the order in which it showed it. */
export interface Stretch {
  readonly after: number;
  readonly upto: number;
  readonly messages: readonly Shown[];
}

export interface Findings {
  readonly acknowledged: number;
  /** Acknowledged messages that each server's own history has shown. */
  readonly found: Readonly<Record<string, number>>;
  /** Acknowledged messages that a server's history lacks where it should have them. */
  readonly lost: number;
  /** Messages that a server shows twice. */
  readonly doubled: number;
  /** Messages elsewhere than they were acknowledged, or out of order. */
  readonly reordered: number;
  /** What is there though it was never posted, or was refused. */
  readonly phantoms: number;
  /** Messages that were refused, though nothing was wrong with them. */
  readonly refused: number;
  readonly fingerprints: 'equal' | 'different' | 'unknown';
  /** The newest index at which fingerprints were compared. */
  readonly comparedAt: number | null;
}

export interface Auditor extends Fingerprints {
  /** The next message's number. */
  begin(id: string): number;
  acknowledged(number: number, index: number): void;
  refused(number: number, code: string): void;
  /** Takes in a server's history; stretches of one server follow each other without a gap. */
  read(server: string, stretch: Stretch): void;
  /** Up to which index the server's history has been taken in. */
  upto(server: string): number;
  /** One server more: all of its history is to be taken in. */
  admit(server: string): void;
  /** One server less: nothing is expected of it any more. */
  dismiss(server: string): void;
  /** All of a server's history is taken in again: it may have lost what it had, and got it back from the others. */
  startOver(server: string): void;
  /** Up to which index a history must be read to have everything acknowledged. */
  readonly last: number;
  readonly findings: Findings;
  /** How many messages are remembered. */
  readonly remembered: number;
}

export interface AuditorOptions {
  readonly servers: readonly string[];
  /** Histories are read from here on. */
  readonly after: number;
  /** Messages remembered for a server that is away; the oldest are then forgotten, and not missed there. */
  readonly rememberMax?: number;
  /** Called with a sentence for each fault. */
  readonly onFault?: (sentence: string) => void;
}

type Fault = 'lost' | 'doubled' | 'reordered' | 'phantoms';

interface Posted {
  readonly id: string;
  index: number | null;
  isRefused: boolean;
  /** Index by server; null where it is missing. */
  readonly places: Map<string, number | null>;
  readonly faults: Set<Fault>;
}

interface Trail {
  upto: number;
  lastNumber: number;
  lastIndex: number;
  found: number;
}

/** Starts an audit of these servers. */
export const newAuditor = ({ servers, after, rememberMax = 100_000, onFault }: AuditorOptions): Auditor => {
  const say = onFault ?? (() => undefined);
  const newTrail = (): Trail => ({ upto: after, lastNumber: 0, lastIndex: 0, found: 0 });
  const trails = new Map<string, Trail>(servers.map((name) => [name, newTrail()]));
  const posted = new Map<number, Posted>();
  const counts = { lost: 0, doubled: 0, reordered: 0, phantoms: 0 };
  const fingerprints = newFingerprints(say);
  let [begun, acknowledged, refused, last] = [0, 0, 0, after];

  const trailOf = (server: string): Trail => {
    const trail = trails.get(server);
    if (trail === undefined) throw new Error(`${server} is not audited`);
    return trail;
  };

  /** Counts a fault; one of a kind a message. */
  const fault = (kind: Fault, message: Posted | null, sentence: string): void => {
    if (message?.faults.has(kind)) return;
    message?.faults.add(kind);
    counts[kind]++;
    say(sentence);
  };

  const forgetSettled = (number: number, message: Posted): void => {
    if (message.index !== null && message.places.size === trails.size) posted.delete(number);
  };

  const forgetPlaces = (server: string): void => {
    for (const message of posted.values()) message.places.delete(server);
  };

  /** Compares where a server shows a message with where it was acknowledged. */
  const compare = (number: number, message: Posted, server: string, index: number): void => {
    const sentence = `message ${number} was acknowledged at ${message.index}, and stands at ${index} on ${server}`;
    if (message.index !== null && message.index !== index) fault('reordered', message, sentence);
  };

  const miss = (number: number, message: Posted, server: string): void => {
    message.places.set(server, null);
    fault('lost', message, `message ${number}, acknowledged at ${message.index}, is not on ${server}`);
  };

  const show = (server: string, trail: Trail, { number, id, index }: Shown): void => {
    const message = posted.get(number) ?? null;
    if (number > begun || message?.isRefused || (message !== null && message.id !== id)) {
      fault('phantoms', message, `${server} shows a message ${number} (${id}) that nobody posted`);
      return;
    }
    const place = message?.places.get(server);
    if (typeof place === 'number' || (message === null && number <= trail.lastNumber)) {
      fault('doubled', message, `message ${number} is on ${server} twice: again at ${index}`);
      return;
    }
    if (number < trail.lastNumber || index <= trail.lastIndex) {
      fault('reordered', message, `message ${number} stands after message ${trail.lastNumber} on ${server}`);
    }
    // What is remembered no more, every server had.
    for (let missed = trail.lastNumber + 1; missed < number; missed++) {
      if (!posted.has(missed)) fault('lost', null, `message ${missed}, acknowledged before, is not on ${server}`);
    }
    trail.lastNumber = Math.max(trail.lastNumber, number);
    trail.lastIndex = Math.max(trail.lastIndex, index);
    if (message === null) {
      trail.found++;
      return;
    }
    if (message.index !== null && place === undefined) trail.found++;
    message.places.set(server, index);
    compare(number, message, server, index);
  };

  return {
    begin: (id) => {
      begun++;
      posted.set(begun, { id, index: null, isRefused: false, places: new Map(), faults: new Set() });
      return begun;
    },

    acknowledged: (number, index) => {
      const message = posted.get(number);
      if (message === undefined || message.index !== null) throw new Error(`message ${number} is not waiting`);
      acknowledged++;
      message.index = index;
      if (index <= last) {
        fault('reordered', message, `message ${number} was acknowledged at ${index}, which is not after ${last}`);
      }
      last = Math.max(last, index);
      for (const [server, trail] of trails) {
        const place = message.places.get(server);
        if (typeof place === 'number') {
          trail.found++;
          compare(number, message, server, place);
        } else if (index <= trail.upto) miss(number, message, server);
      }
      forgetSettled(number, message);
      if (posted.size > rememberMax) {
        const oldest = posted.keys().next().value;
        if (oldest !== undefined) posted.delete(oldest);
      }
    },

    refused: (number, code) => {
      const message = posted.get(number);
      if (message === undefined) throw new Error(`message ${number} is not waiting`);
      message.isRefused = true;
      refused++;
      say(`message ${number} was refused: ${code}`);
    },

    read: (server, { after: from, upto, messages }) => {
      const trail = trailOf(server);
      if (from !== trail.upto) throw new Error(`${server} was read up to ${trail.upto}, not ${from}`);
      for (const message of messages) show(server, trail, message);
      trail.upto = Math.max(trail.upto, upto);
      for (const [number, message] of posted) {
        if (message.index === null) continue;
        if (message.index <= trail.upto && !message.places.has(server)) miss(number, message, server);
        forgetSettled(number, message);
      }
    },

    upto: (server) => trailOf(server).upto,

    admit: (server) => {
      if (!trails.has(server)) trails.set(server, newTrail());
    },

    dismiss: (server) => {
      trails.delete(server);
      forgetPlaces(server);
      for (const [number, message] of posted) forgetSettled(number, message);
    },

    startOver: (server) => {
      trailOf(server);
      trails.set(server, newTrail());
      forgetPlaces(server);
    },

    get last() {
      return last;
    },

    get findings(): Findings {
      const { verdict, comparedAt } = fingerprints;
      const found = Object.fromEntries([...trails].map(([name, trail]) => [name, trail.found]));
      return { acknowledged, found, ...counts, refused, fingerprints: verdict, comparedAt };
    },

    get remembered() {
      return posted.size;
    },

    told: fingerprints.told,
    get checkpoints() {
      return fingerprints.checkpoints;
    },
    get verdict() {
      return fingerprints.verdict;
    },
    get comparedAt() {
      return fingerprints.comparedAt;
    },
  };
};

/** Whether a promise was broken. */
export const isBroken = ({ lost, doubled, reordered, phantoms, refused, fingerprints }: Findings): boolean =>
  lost + doubled + reordered + phantoms + refused > 0 || fingerprints === 'different';
