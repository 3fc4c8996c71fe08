/** Messages of the outbox as a timeline shows them: what the command says, and what this device remembers beside it. Pure. */
import { type CommandBody, type CommandProgress, EstafetError } from '../../client/index.ts';
import { commandIdTime, limits, type Message, type Quote } from '../../protocol/index.ts';
import type { PendingMessage, Timeline } from './timeline.ts';
import { addPending, setPending, setStored } from './timeline-pending.ts';

type Post = CommandBody<'message.post'>;

/** The room and the step of a command that posts a message; null for any other. */
export const postIn = (progress: CommandProgress): Post | null =>
  progress.kind === 'message.post' ? (progress.body as Post) : null;

/** The command that posts a message. */
export const postOf = (room: string, { text, replyTo, files }: PendingMessage): Post => ({
  room,
  text,
  ...(replyTo ? { replyTo: replyTo.id } : {}),
  ...(files?.length ? { files: files.map((file) => file.id) } : {}),
});

/** Waits for a command whose end is told by the `sent` signal, refusals included. */
export const quietly = async (end: Promise<unknown>): Promise<void> => {
  try {
    await end;
  } catch (error) {
    if (!(error instanceof EstafetError)) throw error;
  }
};

const quoteOf = ({ id, index, by, name, text, deleted }: Message): Quote => ({
  id,
  index,
  by,
  name,
  text: text.slice(0, limits.quoteMaxChars),
  ...(deleted ? { deleted } : {}),
});

/** How many messages of the page no server has acknowledged. */
export const unsentIn = (timelines: ReadonlyMap<string, Timeline>): number => {
  let count = 0;
  for (const { pending } of timelines.values()) {
    for (const { state } of pending) if (state === 'waiting' || state === 'sent') count++;
  }
  return count;
};

/** What an earlier page wrote, as well as it can be shown: with its files and its quote, if this device knows them. */
const recalled = (
  id: string,
  body: Post,
  messages: readonly Message[],
  remembered: PendingMessage | undefined,
): PendingMessage => {
  const answered = body.replyTo === undefined ? undefined : messages.find((message) => message.id === body.replyTo);
  const quote = remembered?.replyTo ?? (answered && quoteOf(answered));
  return {
    id,
    text: body.text,
    at: remembered?.at ?? Math.min(Date.now(), commandIdTime(id)),
    state: 'waiting',
    ...(quote ? { replyTo: quote } : {}),
    ...(remembered?.files ? { files: remembered.files } : {}),
  };
};

/** The timeline after one step of a message's way. */
export const withProgress = (
  timeline: Timeline,
  progress: CommandProgress,
  body: Post,
  remembered: PendingMessage | undefined,
): Timeline => {
  const { id } = progress;
  if (progress.state === 'done') return setStored(timeline, id, progress.stored);
  const code = progress.state === 'refused' ? progress.code : undefined;
  const state = progress.state === 'refused' ? 'failed' : progress.state === 'sent' ? 'sent' : 'waiting';
  const known = timeline.pending.some((one) => one.id === id) || timeline.messages.some((one) => one.id === id);
  const shown = known ? timeline : addPending(timeline, recalled(id, body, timeline.messages, remembered));
  const kept = 'kept' in progress && progress.kept === true;
  return setPending(shown, id, state, code, kept);
};
