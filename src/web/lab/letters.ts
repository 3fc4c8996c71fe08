/** The messages of one's own nodes, as their panels list them: what was sent and what became of it, and what came. Pure. */
import type { LabDelivery, LabMethod, LabNews, LabProgress } from '../../protocol/index.ts';

/** To whom a message goes. */
export type Target = { readonly node: string } | { readonly topic: string };

export interface SentLetter {
  readonly kind: 'sent';
  readonly key: string;
  readonly message: number;
  readonly method: LabMethod;
  readonly text: string;
  /** To how many nodes. */
  readonly to: number;
  readonly target: Target | null;
  readonly at: number;
  /** Nodes that have acknowledged. */
  readonly acknowledged: number;
  /** Of Direct nobody ever learns more than that it was sent. */
  readonly state: 'sent' | 'confirmed' | 'given-up';
  readonly endedAt: number | null;
}

export interface ReceivedLetter {
  readonly kind: 'received';
  readonly key: string;
  readonly message: number;
  readonly attempt: number;
  readonly method: LabMethod;
  readonly from: string;
  readonly topic: string | null;
  readonly text: string;
  readonly sentAt: number;
  readonly at: number;
  /** Shown although it had come before: deduplication is off. */
  readonly copy: boolean;
  /** Copies that came after it and were dropped. */
  readonly dropped: number;
}

export type Letter = SentLetter | ReceivedLetter;

export interface Box {
  /** The newest last. */
  readonly letters: readonly Letter[];
  readonly sent: number;
  readonly confirmed: number;
  readonly givenUp: number;
  readonly received: number;
  readonly copies: number;
}

export const lettersKept = 60;

export const emptyBox: Box = { letters: [], sent: 0, confirmed: 0, givenUp: 0, received: 0, copies: 0 };

const add = (box: Box, letter: Letter): readonly Letter[] => [...box.letters, letter].slice(-lettersKept);

const delivered = (box: Box, delivery: LabDelivery, at: number): Box => {
  const { message, attempt, method, fromName, topic, text, sentAt, copy, show } = delivery;
  const received = copy ? box.received : box.received + 1;
  const copies = copy ? box.copies + 1 : box.copies;
  const drop = (letter: Letter): Letter =>
    letter.kind === 'received' && letter.message === message && !letter.copy
      ? { ...letter, dropped: letter.dropped + 1 }
      : letter;
  if (!show) return { ...box, received, copies, letters: box.letters.map(drop) };
  const key = `in ${message} ${attempt}`;
  const shown = { kind: 'received', key, message, attempt, method, topic, text, sentAt, at, copy, dropped: 0 } as const;
  return { ...box, received, copies, letters: add(box, { ...shown, from: fromName }) };
};

const sent = (box: Box, progress: LabProgress, target: Target | null): Box => {
  const { message, at, method = 'direct', to = 1, text = '' } = progress;
  const letter: SentLetter = {
    kind: 'sent',
    key: `out ${message}`,
    message,
    method,
    text,
    to,
    target,
    at,
    acknowledged: 0,
    state: 'sent',
    endedAt: null,
  };
  return { ...box, sent: box.sent + 1, letters: add(box, letter) };
};

const progressed = (box: Box, { what, message, at }: LabProgress): Box => {
  const change = (letter: SentLetter): SentLetter => {
    if (what === 'acknowledged') return { ...letter, acknowledged: letter.acknowledged + 1 };
    return { ...letter, state: what, endedAt: at };
  };
  return {
    ...box,
    confirmed: box.confirmed + (what === 'confirmed' ? 1 : 0),
    givenUp: box.givenUp + (what === 'given-up' ? 1 : 0),
    letters: box.letters.map((letter) =>
      letter.kind === 'sent' && letter.message === message ? change(letter) : letter,
    ),
  };
};

/** The boxes after a piece of news. A node that is gone takes its own along. */
export const boxesAfter = (
  boxes: ReadonlyMap<string, Box>,
  news: LabNews,
  sends: ReadonlyMap<string, Target>,
): ReadonlyMap<string, Box> => {
  const { nodesGone = [], deliveries = [], progress = [] } = news;
  if (nodesGone.length === 0 && deliveries.length === 0 && progress.length === 0) return boxes;
  const next = new Map(boxes);
  for (const id of nodesGone) next.delete(id);
  for (const delivery of deliveries) {
    next.set(delivery.node, delivered(next.get(delivery.node) ?? emptyBox, delivery, news.at));
  }
  for (const one of progress) {
    const box = next.get(one.node) ?? emptyBox;
    const target = one.ref === undefined ? null : (sends.get(one.ref) ?? null);
    next.set(one.node, one.what === 'sent' ? sent(box, one, target) : progressed(box, one));
  }
  return next;
};
