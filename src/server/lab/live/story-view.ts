/** One message's story as pages get it. */
import type { LiveStory } from '../../../lab/index.ts';
import type { LabStory } from '../../../protocol/index.ts';

/** `name` says what a node is called. */
export const storyView = (story: LiveStory, name: (id: string) => string): LabStory => {
  const { message, from, method, to, text, segment, settings, sentAtMs, nodes, endedAtMs, confirmed } = story;
  const attempts = story.attempts.map((one) => ({
    attempt: one.attempt,
    node: one.node,
    sentAtMs: one.sentAtMs,
    data: one.data,
    arrivedAtMs: one.arrivedAtMs,
    seenAtMs: one.seenAtMs,
    isCopy: one.isCopy,
    ack: one.ack,
    ackArrivedAtMs: one.ackArrivedAtMs,
  }));
  const names = Object.fromEntries([from, ...nodes].map((id) => [id, name(id)]));
  const head = { message, from, method, to, text, segment, settings, sentAtMs, nodes };
  return { ...head, attempts, endedAtMs, confirmed, names };
};
