/** Which events belong together in the log's filter, and which of them are about a node or a message. Pure. */
import type { LabEvent, LabEventKind } from '../../protocol/index.ts';
import type { LogLine } from './model.ts';

export const eventGroups = {
  messages: ['sent', 'resent', 'delivered', 'burst'],
  losses: ['lost', 'ack-lost', 'given-up'],
  acks: ['acknowledged', 'confirmed'],
  copies: ['copy'],
  lab: [
    'joined',
    'left',
    'subscribed',
    'unsubscribed',
    'dials',
    'run-started',
    'run-ended',
    'class-opened',
    'class-closed',
    'moved',
  ],
} as const satisfies Record<string, readonly LabEventKind[]>;
export type EventGroup = keyof typeof eventGroups;
export const groupNames = Object.keys(eventGroups) as readonly EventGroup[];

const groups = new Map<LabEventKind, EventGroup>(
  groupNames.flatMap((group) => eventGroups[group].map((kind) => [kind, group] as const)),
);

export const groupOf = (kind: LabEventKind): EventGroup => groups.get(kind) ?? 'lab';

/** Whether an event is about what is looked for: part of a node's name, a topic, or a message's number. */
const isAbout = ({ node, other, topic, message }: LabEvent, wanted: string): boolean => {
  if (wanted === '') return true;
  if (message !== undefined && (wanted === `${message}` || wanted === `#${message}`)) return true;
  return [node, other, topic].some((name) => name?.toLocaleLowerCase().includes(wanted) ?? false);
};

/** The lines that are wanted. That some were left out is told whatever is wanted: they might have been among them. */
export const linesWanted = (
  lines: readonly LogLine[],
  hidden: ReadonlySet<EventGroup>,
  wanted: string,
): readonly LogLine[] => {
  const what = wanted.trim().toLocaleLowerCase();
  return lines.filter(
    (line) => 'leftOut' in line || (!hidden.has(groupOf(line.event.what)) && isAbout(line.event, what)),
  );
};
