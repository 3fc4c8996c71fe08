/**
 * What PubSub and Direct do on average, in closed form, for one subscriber. Where the formulas come from is derived in
 * docs/lab.md; the test holds each one to a simulation of 100,000 messages and more.
 *
 * Letters, as there: p loss, q = 1 − p, s = q² (a message and its ACK both cross), N attempts, T the ACK timeout, a and
 * b the shortest and longest crossing, F the distribution of a round trip, S_k the probability that the first k attempts
 * have brought no ACK by kT.
 */
import type { LabSettings } from './settings.ts';

/** Expectations for one message to one subscriber. Times in milliseconds. */
export interface Expected {
  /** Probability that it arrives at all. */
  readonly delivered: number;
  /** Probability that its sender learns so. */
  readonly confirmed: number;
  /** Mean number of times it is sent. */
  readonly attempts: number;
  /** Mean number of copies that arrive beyond the first. */
  readonly duplicates: number;
  /** Mean time to the first arrival, given that it arrives; null when it never does. */
  readonly latencyMs: number | null;
  /** Mean time to the first ACK, given that there is one; null when there never is. */
  readonly confirmedMs: number | null;
  /** Mean time that the message takes one of its sender's slots. */
  readonly slotMs: number;
  /** Variances from message to message, of what has a mean here. */
  readonly variance: {
    readonly attempts: number;
    readonly duplicates: number;
    /** Of the time to the first arrival, given that it arrives, ms²; 0 when it never does. */
    readonly latency: number;
  };
  /** How much later a message arrives that has to be sent again, ms; 0 when it never is. */
  readonly resendMs: number;
}

/** Distribution of one crossing, uniform on [a, b]; a step when a = b. */
const crossingBy = ({ latencyMinMs: a, latencyMaxMs: b }: LabSettings, t: number): number => {
  if (t >= b) return 1;
  return t < a ? 0 : (t - a) / (b - a);
};

/** Distribution of a round trip, the sum of two crossings: a triangle on [2a, 2b]; a step at 2a when a = b. */
export const roundTripBy = ({ latencyMinMs: a, latencyMaxMs: b }: LabSettings, t: number): number => {
  if (t >= 2 * b) return 1;
  if (t < 2 * a) return 0;
  const u = (t - 2 * a) / (b - a);
  return u <= 1 ? (u * u) / 2 : 1 - (2 - u) ** 2 / 2;
};

/** Nodes and weights of Gauss and Legendre's rule with five points: exact for polynomials of degree nine. */
const gauss = [
  [0, 0.5688888888888889],
  [0.5384693101056831, 0.47862867049936647],
  [-0.5384693101056831, 0.47862867049936647],
  [0.906179845938664, 0.23692688505618908],
  [-0.906179845938664, 0.23692688505618908],
] as const;

/** Parts into which each piece between two kinks is cut, for products of many attempts. */
const partsPerPiece = 8;

/** The integral of a function that is smooth between the given points. */
const integrate = (f: (t: number) => number, kinks: readonly number[], end: number): number => {
  const points = [...new Set([0, end, ...kinks.filter((t) => t > 0 && t < end)])].sort((x, y) => x - y);
  let sum = 0;
  for (let piece = 1; piece < points.length; piece++) {
    const step = (points[piece]! - points[piece - 1]!) / partsPerPiece;
    for (let part = 0; part < partsPerPiece; part++) {
      const middle = points[piece - 1]! + (part + 0.5) * step;
      for (const [node, weight] of gauss) sum += weight * (step / 2) * f(middle + (node * step) / 2);
    }
  }
  return sum;
};

/** Direct: one crossing, no answer. A slot is taken until the message would have arrived. */
export const expectedDirect = (settings: LabSettings): Expected => {
  const delivered = 1 - settings.loss;
  const mean = (settings.latencyMinMs + settings.latencyMaxMs) / 2;
  return {
    delivered,
    confirmed: 0,
    attempts: 1,
    duplicates: 0,
    latencyMs: delivered > 0 ? mean : null,
    confirmedMs: null,
    slotMs: mean,
    variance: {
      attempts: 0,
      duplicates: 0,
      latency: delivered > 0 ? (settings.latencyMaxMs - settings.latencyMinMs) ** 2 / 12 : 0,
    },
    resendMs: 0,
  };
};

/**
 * The probability that nothing has been acknowledged by t, ms from the first sending, while the sender waits: of each
 * attempt made before, the round trip failed or takes longer.
 */
export const unconfirmedAt = (settings: LabSettings, t: number): number => {
  const { loss, maxRetries, ackTimeoutMs: timeout } = settings;
  const s = (1 - loss) ** 2;
  let product = 1;
  for (let k = 0; k <= maxRetries && k * timeout <= t; k++) product *= 1 - s * roundTripBy(settings, t - k * timeout);
  return product;
};

/** The probability that nothing has arrived by t. That an ACK stops the resending is no matter: then something has. */
export const undeliveredAt = (settings: LabSettings, t: number): number => {
  const { loss, maxRetries, ackTimeoutMs: timeout } = settings;
  const q = 1 - loss;
  let product = 1;
  for (let k = 0; k <= maxRetries && k * timeout <= t; k++) product *= 1 - q * crossingBy(settings, t - k * timeout);
  return product;
};

/**
 * PubSub to one subscriber: sent again every T until acknowledged, N times at most; the sender waits T after the last.
 * Exact for any settings: latencies are integrals of the probability that nothing has come yet, of which the design's
 * closed forms for T ≥ b − a and T ≥ 2b are special cases.
 */
export const expectedPubSub = (settings: LabSettings): Expected => {
  const { loss: p, latencyMinMs: a, latencyMaxMs: b, ackTimeoutMs: timeout } = settings;
  const attempts = settings.maxRetries + 1;
  const q = 1 - p;
  const end = attempts * timeout;
  const kinksOf = (...offsets: readonly number[]): number[] =>
    Array.from({ length: attempts }, (_, k) => offsets.map((offset) => k * timeout + offset)).flat();

  let sent = 0;
  let sentSquares = 0;
  for (let k = 0; k < attempts; k++) {
    const stillSending = unconfirmedBefore(settings, k);
    sent += stillSending;
    sentSquares += (2 * k + 1) * stillSending;
  }
  const delivered = 1 - p ** attempts;
  const unconfirmed = unconfirmedBefore(settings, attempts);
  const confirmed = 1 - unconfirmed;
  const lastArrival = (attempts - 1) * timeout + b;
  const waited = integrate((t) => undeliveredAt(settings, t), kinksOf(0, a, b), lastArrival);
  const slotMs = integrate((t) => unconfirmedAt(settings, t), kinksOf(0, 2 * a, a + b, 2 * b), end);
  const latencyMs = delivered > 0 ? (waited - lastArrival * p ** attempts) / delivered : null;
  const waitedTwice = integrate((t) => 2 * t * undeliveredAt(settings, t), kinksOf(0, a, b), lastArrival);
  const latencySquares = delivered > 0 ? (waitedTwice - lastArrival ** 2 * p ** attempts) / delivered : 0;
  // Rounding must not make a mean of copies less than none.
  const duplicates = Math.max(0, q * sent - delivered);
  // Of A arrivals, A − 1 are copies, or none of none: E[(A−1)²; A ≥ 1] = E[A²] − 2E[A] + P(A ≥ 1), and E[A] = q·E[sent].
  const copySquares = 2 * arrivingPairs(settings) - q * sent + delivered;
  return {
    delivered,
    confirmed,
    attempts: sent,
    duplicates,
    latencyMs,
    confirmedMs: confirmed > 1e-12 ? (slotMs - end * unconfirmed) / confirmed : null,
    slotMs,
    variance: {
      attempts: Math.max(0, sentSquares - sent ** 2),
      duplicates: Math.max(0, copySquares - duplicates ** 2),
      latency: Math.max(0, latencySquares - (latencyMs ?? 0) ** 2),
    },
    resendMs: settings.maxRetries === 0 ? 0 : timeout,
  };
};

/**
 * How many pairs of attempts of one message arrive both, on average: Σ over j < k of the chance that j arrives and is
 * not acknowledged before k is sent, that no other before k is, and that k arrives. (An attempt that arrives has no ACK
 * after t with probability q − s·F(t).)
 */
const arrivingPairs = (settings: LabSettings): number => {
  const { loss, maxRetries, ackTimeoutMs: timeout } = settings;
  const q = 1 - loss;
  const acknowledgedIn = (timeouts: number): number => q * q * roundTripBy(settings, timeouts * timeout);
  let pairs = 0;
  for (let k = 1; k <= maxRetries; k++) {
    for (let j = 0; j < k; j++) {
      let chance = q * (q - acknowledgedIn(k - j));
      for (let i = 0; i < k; i++) if (i !== j) chance *= 1 - acknowledgedIn(k - i);
      pairs += chance;
    }
  }
  return pairs;
};

/** S_k = ∏_{j=1..k} (1 − s·F(jT)): the first k attempts have brought no ACK by kT. S_0 = 1. */
export const unconfirmedBefore = (settings: LabSettings, k: number): number => {
  const s = (1 - settings.loss) ** 2;
  let product = 1;
  for (let j = 1; j <= k; j++) product *= 1 - s * roundTripBy(settings, j * settings.ackTimeoutMs);
  return product;
};

export type Method = 'direct' | 'pubsub';
export const methods = ['direct', 'pubsub'] as const satisfies readonly Method[];

/** What is expected of a message sent by this method. */
export const expected = (method: Method, settings: LabSettings): Expected =>
  method === 'direct' ? expectedDirect(settings) : expectedPubSub(settings);

/** Throughput of one sender, messages a second. */
export interface ExpectedRate {
  readonly sentPerSecond: number;
  /** Of these, what arrives (Direct) or is confirmed (PubSub). */
  readonly goodPerSecond: number;
}

/**
 * What a sender with a window of W messages achieves that has `offeredPerSecond` to send: W messages each take a slot
 * for H, so at most W/H a second (J. Little, Operations Research 9, 1961). Without a window latency lowers nothing.
 */
export const expectedRate = (method: Method, settings: LabSettings, offeredPerSecond: number): ExpectedRate => {
  const { slotMs, delivered, confirmed } = expected(method, settings);
  const limit = settings.window === 0 || slotMs === 0 ? Number.POSITIVE_INFINITY : (settings.window * 1_000) / slotMs;
  const sentPerSecond = Math.min(offeredPerSecond, limit);
  return { sentPerSecond, goodPerSecond: sentPerSecond * (method === 'direct' ? delivered : confirmed) };
};
