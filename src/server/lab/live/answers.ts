/** Does what is said to the lab, or throws why not. What belongs to the class and to runs is in `class-answers.ts`. */
import { presets } from '../../../lab/index.ts';
import type { LabDialsChange, LabWords } from '../../../protocol/index.ts';
import { everyMsOf } from './bursts.ts';
import { takeClassWord } from './class-answers.ts';
import type { LabParts } from './parts.ts';
import { Refused } from './refused.ts';
import type { Seat, Speaker } from './seat.ts';
import { storyView } from './story-view.ts';

type Word<W extends LabWords['what']> = Extract<LabWords, { readonly what: W }>;

const turn = (
  { runs, classroom, dials, events, outbox }: LabParts,
  by: Speaker,
  change: LabDialsChange,
  nowMs: number,
): void => {
  if (runs.isUnderWay) throw new Refused('dials-of-run');
  if (classroom.hasDials && classroom.teacher !== by.user) throw new Refused('dials-of-teacher');
  dials.set(dials.changed(change), by.user, nowMs);
  outbox.parts.add('dials');
  events.add('dials', nowMs, () => ({ node: by.name }));
};

const send = (parts: LabParts, seat: Seat, word: Word<'send'>, nowMs: number): void => {
  const { nodes, exchange, bursts, events, measures, limits } = parts;
  const { node, method, to, text, ref, count = 1, perSecond } = word;
  const { name } = nodes.own(node, seat);
  if (count > limits.labBurstMaxMessages || (perSecond ?? 0) > limits.labBurstPerSecondMax) {
    throw new Refused('burst-too-large');
  }
  if (exchange.receivers(node, to).length === 0) throw new Refused('node' in to ? 'no-such-node' : 'nobody-there');
  if (!bursts.hasRoom(count)) throw new Refused('too-many-messages');
  const everyMs = everyMsOf(perSecond);
  bursts.add({ from: node, method, to, text, run: null, ref, count, startMs: nowMs, everyMs });
  const target = 'node' in to ? { other: nodes.name(to.node) } : { topic: to.topic };
  if (count > 1) events.add('burst', nowMs, () => ({ node: name, method, count, ...target }));
  measures.begin(nowMs);
};

const subscribe = (
  { nodes, exchange, events, outbox }: LabParts,
  seat: Seat,
  word: Word<'subscribe'>,
  nowMs: number,
): void => {
  const { topic, on } = word;
  const member = nodes.own(word.node, seat);
  if (member.topics.has(topic) === on) return;
  nodes.subscribe(member, topic, on);
  exchange.subscribe(member.id, topic, on);
  outbox.node(member.id);
  events.add(on ? 'subscribed' : 'unsubscribed', nowMs, () => ({ node: member.name, topic }));
};

const tellStory = ({ exchange, nodes, outbox }: LabParts, seat: Seat, { message, ref }: Word<'story'>): void => {
  const story = exchange.story(message);
  if (story === null) throw new Refused('no-such-message');
  const view = storyView(story, (id) => nodes.name(id));
  outbox.tell(seat, { story: ref === undefined ? view : { ...view, ref } });
};

/** Throws a `Refused`. */
export const takeWord = (parts: LabParts, speaker: Speaker, word: LabWords, nowMs: number): void => {
  const { nodes, membership, bursts, exchange, newId } = parts;
  const { seat } = speaker;
  switch (word.what) {
    case 'join':
      membership.join(speaker, word.name, word.node ?? newId(), word.ref, nowMs);
      return;
    case 'leave':
      membership.leave(nodes.own(word.node, seat), nowMs);
      membership.tellYou(seat, speaker.server, word.ref);
      return;
    case 'subscribe':
      subscribe(parts, seat, word, nowMs);
      return;
    case 'send':
      send(parts, seat, word, nowMs);
      return;
    case 'stop':
      nodes.own(word.node, seat);
      bursts.stop(({ from, run }) => from === word.node && run === null, nowMs);
      return;
    case 'seen':
      // It may have been on its way while the node left; that is nobody's mistake.
      if (nodes.get(word.node)?.seat !== seat) return;
      for (const [message, attempt] of word.seen) exchange.seen(word.node, message, attempt, nowMs);
      return;
    case 'dials':
      turn(parts, speaker, word.change, nowMs);
      return;
    case 'preset':
      turn(parts, speaker, presets[word.name], nowMs);
      return;
    case 'story':
      tellStory(parts, seat, word);
      return;
    default:
      takeClassWord(parts, speaker, word, nowMs);
  }
};
