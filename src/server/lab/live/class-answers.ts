/** Does what is said of runs and of the class, or throws why not. */
import { variantsOf } from '../../../lab/index.ts';
import type { LabWords } from '../../../protocol/index.ts';
import type { Member } from './nodes.ts';
import type { LabParts } from './parts.ts';
import { Refused } from './refused.ts';
import type { Speaker } from './seat.ts';

type Word<W extends LabWords['what']> = Extract<LabWords, { readonly what: W }>;
export type ClassWord = Word<
  | 'run'
  | 'run-cancel'
  | 'class-open'
  | 'class-close'
  | 'class-join'
  | 'class-dials'
  | 'class-ask'
  | 'class-predict'
  | 'class-lock'
>;

export const inClass = ({ nodes }: LabParts): readonly Member[] => [...nodes.all()].filter((member) => member.inClass);

/** Who sends to whom: the class in a ring, or one node to another. Throws what speaks against it. */
const waysOf = (
  parts: LabParts,
  { user }: Speaker,
  { from, to }: Word<'run'>,
): readonly { from: string; to: string }[] => {
  const { nodes, classroom } = parts;
  if (from === undefined && to === undefined) {
    classroom.checkTeacher(user);
    const members = inClass(parts);
    if (members.length < 2) throw new Refused('class-too-small');
    return members.map(({ id }, at) => ({ from: id, to: members[(at + 1) % members.length]!.id }));
  }
  const sender = from === undefined ? undefined : nodes.get(from);
  const receiver = to === undefined ? undefined : nodes.get(to);
  if (sender === undefined || receiver === undefined || sender === receiver) throw new Refused('no-such-node');
  const isTeacher = classroom.teacher === user;
  if (sender.user !== user && receiver.user !== user && !isTeacher) throw new Refused('not-your-node');
  return [{ from: sender.id, to: receiver.id }];
};

const run = (parts: LabParts, speaker: Speaker, word: Word<'run'>, nowMs: number): void => {
  const { runs, classroom, dials, measures, outbox, newId } = parts;
  const { experiment, messages, perSecond, change = {} } = word;
  if (classroom.hasDials && classroom.teacher !== speaker.user) throw new Refused('dials-of-teacher');
  if (runs.isUnderWay) throw new Refused('run-under-way');
  const ofClass = word.from === undefined && word.to === undefined;
  const ways = waysOf(parts, speaker, word);
  const settings = dials.changed(variantsOf(experiment, change)[0]!.settings);
  const by = { by: speaker.user, byName: speaker.name };
  runs.start({ id: newId(), experiment, ...by, settings, ways, messages, perSecond, ofClass }, nowMs);
  measures.begin(nowMs);
  if (!ofClass) return;
  classroom.runStarted(experiment);
  outbox.parts.add('class');
};

const cancel = ({ runs, classroom }: LabParts, { user }: Speaker, nowMs: number): void => {
  if (!runs.isUnderWay) throw new Refused('no-run');
  const isOthers = classroom.hasDials && classroom.teacher !== user && runs.startedBy !== user;
  if (isOthers) throw new Refused('not-the-teacher');
  runs.cancel(nowMs);
};

/** The class is over: its nodes stay, as everybody else's. */
export const closeClass = (parts: LabParts, nowMs: number): void => {
  const { classroom, nodes, outbox, events } = parts;
  classroom.end();
  for (const member of inClass(parts)) {
    member.inClass = false;
    outbox.node(member.id);
  }
  nodes.forgetClass();
  outbox.parts.add('class').add('dials');
  events.add('class-closed', nowMs);
};

/** Throws a `Refused`. */
export const takeClassWord = (parts: LabParts, speaker: Speaker, word: ClassWord, nowMs: number): void => {
  const { classroom, nodes, outbox, events, runs, newCode } = parts;
  const { user, seat } = speaker;
  switch (word.what) {
    case 'run':
      run(parts, speaker, word, nowMs);
      return;
    case 'run-cancel':
      cancel(parts, speaker, nowMs);
      return;
    case 'class-open':
      if (classroom.open(speaker, newCode(), nowMs)) events.add('class-opened', nowMs, () => ({ node: speaker.name }));
      break;
    case 'class-close':
      classroom.checkTeacher(user);
      closeClass(parts, nowMs);
      return;
    case 'class-join': {
      const member = nodes.own(word.node, seat);
      classroom.checkJoin(word.code, inClass(parts).length - (member.inClass ? 1 : 0));
      member.inClass = true;
      outbox.node(member.id);
      break;
    }
    case 'class-dials':
      classroom.checkTeacher(user);
      classroom.giveDials(word.who);
      outbox.parts.add('dials');
      break;
    case 'class-ask':
      classroom.checkTeacher(user);
      if (runs.isUnderWay) throw new Refused('run-under-way');
      classroom.ask(word.experiment);
      break;
    case 'class-predict': {
      const member = nodes.own(word.node, seat);
      if (!member.inClass) throw new Refused('no-such-class');
      classroom.predict(member.id, word.direct, word.pubsub);
      break;
    }
    case 'class-lock':
      classroom.checkTeacher(user);
      classroom.lock();
  }
  outbox.parts.add('class');
};
