/** News of a lab as its server tells them, for tests. */
import type {
  LabDelivery,
  LabEvent,
  LabFigure,
  LabMethodSample,
  LabNews,
  LabNode,
  LabSample,
  LabStory,
} from '../../protocol/index.ts';

const settings = {
  loss: 0.1,
  latencyMinMs: 50,
  latencyMaxMs: 250,
  maxRetries: 2,
  ackTimeoutMs: 600,
  window: 0,
  deduplicate: true,
} as const;

export const node = (id: string, more: Partial<LabNode> = {}): LabNode => ({
  id,
  name: id.toUpperCase(),
  user: 'ana',
  server: 's1',
  joinedAt: 1,
  topics: [],
  inClass: false,
  ...more,
});

export const dials = (segment: number, change: object = {}): NonNullable<LabNews['dials']> => ({
  settings: { ...settings, ...change },
  segment,
  since: segment * 10_000,
  who: 'everybody',
  changedBy: null,
  preset: null,
});

const figure = (value: number | null): LabFigure => ({ value, count: 10, theory: 0.9, band: { low: 0.8, high: 1 } });

const measured = (value: number | null): LabMethodSample => ({
  sent: 10,
  arrived: 9,
  latencyP50: figure(value),
  latencyP95: figure(value === null ? null : value * 2),
  confirmedP50: figure(value),
  confirmedP95: figure(value),
  throughput: figure(value),
  delivery: figure(value),
  confirmation: figure(value),
  duplicates: figure(value),
  retries: figure(value),
  loss: figure(value),
  ownMs: figure(value),
});

export const sample = (at: number, value: number | null = 100): LabSample => ({
  at,
  segment: 1,
  overMs: 500,
  direct: measured(value),
  pubsub: measured(value),
  inFlight: 0,
  waiting: 0,
  relayLost: 0,
});

export const event = (number: number, more: Partial<LabEvent> = {}): LabEvent => ({
  number,
  at: 1_000 + number,
  what: 'sent',
  node: 'A',
  other: 'B',
  method: 'pubsub',
  message: number,
  attempt: 0,
  ...more,
});

export const delivery = (message: number, more: Partial<LabDelivery> = {}): LabDelivery => ({
  node: 'b',
  message,
  attempt: 0,
  from: 'a',
  fromName: 'A',
  method: 'pubsub',
  topic: null,
  text: 'Hello',
  sentAt: 900,
  copy: false,
  show: true,
  ...more,
});

/** The first news of a connection: it has everything. */
export const firstNews = (more: Partial<LabNews> = {}): LabNews => ({
  at: 1_000,
  host: 's1',
  you: { server: 's1', nodes: [] },
  nodes: [],
  dials: dials(1),
  samples: [],
  class: null,
  run: null,
  ...more,
});

/** To B and C: B gets the first attempt and its ACK is lost; the second comes twice as late. C’s first is lost. */
export const story: LabStory = {
  message: 7,
  from: 'a',
  method: 'pubsub',
  to: { topic: 'news' },
  text: 'Hello',
  segment: 1,
  settings,
  sentAtMs: 1_000,
  nodes: ['b', 'c'],
  attempts: [
    {
      attempt: 0,
      node: 'b',
      sentAtMs: 1_000,
      data: { lost: false, latencyMs: 100 },
      arrivedAtMs: 1_100,
      seenAtMs: 1_105,
      isCopy: false,
      ack: { lost: true, latencyMs: 80 },
      ackArrivedAtMs: null,
    },
    {
      attempt: 0,
      node: 'c',
      sentAtMs: 1_000,
      data: { lost: true, latencyMs: 200 },
      arrivedAtMs: null,
      seenAtMs: null,
      isCopy: false,
      ack: null,
      ackArrivedAtMs: null,
    },
    {
      attempt: 1,
      node: 'b',
      sentAtMs: 1_600,
      data: { lost: false, latencyMs: 120 },
      arrivedAtMs: 1_720,
      seenAtMs: 1_722,
      isCopy: true,
      ack: { lost: false, latencyMs: 80 },
      ackArrivedAtMs: 1_800,
    },
    {
      attempt: 1,
      node: 'c',
      sentAtMs: 1_600,
      data: { lost: false, latencyMs: 150 },
      arrivedAtMs: 1_750,
      seenAtMs: 1_751,
      isCopy: false,
      ack: { lost: false, latencyMs: 250 },
      ackArrivedAtMs: 2_000,
    },
  ],
  endedAtMs: 2_000,
  confirmed: true,
  names: { a: 'A', b: 'B', c: 'C' },
};
