/** The messages of one node, the newest first: each with its state, and a way to its whole story. */
import { ArrowDownLeft, ArrowUpRight, Check, CheckCheck, Copy, X } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabNode } from '../../protocol/index.ts';
import { scrollable } from '../ui/scrollable.ts';
import { useFormats } from './formats.ts';
import { useLab } from './hooks.ts';
import { emptyBox, type Letter, type ReceivedLetter, type SentLetter, type Target } from './letters.ts';
import { openStory } from './story-open.ts';

/** To whom, in words. Of a node that has gone nothing is known but that it was one. */
const useTargetName = (): ((target: Target | null) => string) => {
  const { t } = useTranslation('lab');
  const nodes = useLab((state) => state.model.nodes);
  return (target) => {
    if (target === null) return t('letter.somebody');
    if ('topic' in target) return `#${target.topic}`;
    return nodes.get(target.node)?.name ?? t('letter.somebody');
  };
};

const StateIcon = ({ letter }: { readonly letter: Letter }) => {
  if (letter.kind === 'received') {
    return letter.copy ? <Copy size={15} aria-hidden="true" /> : <ArrowDownLeft size={15} aria-hidden="true" />;
  }
  if (letter.state === 'confirmed') return <CheckCheck size={15} aria-hidden="true" />;
  if (letter.state === 'given-up') return <X size={15} aria-hidden="true" />;
  return letter.acknowledged > 0 ? (
    <Check size={15} aria-hidden="true" />
  ) : (
    <ArrowUpRight size={15} aria-hidden="true" />
  );
};

const stateOf = (letter: Letter): string => {
  if (letter.kind === 'received') return letter.copy ? 'copy' : 'received';
  if (letter.state !== 'sent') return letter.state;
  return letter.method === 'direct' ? 'sent' : 'waiting';
};

/** What became of a message that was sent, so far. */
const useSentState = (): ((letter: SentLetter) => string) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  return ({ state, method, at, endedAt, acknowledged, to }) => {
    const after = formats.ms(endedAt === null ? null : endedAt - at);
    if (state === 'confirmed') return t('letter.confirmed', { after });
    if (state === 'given-up') return t('letter.givenUp', { after, some: acknowledged, count: to });
    if (method === 'direct') return t('letter.sent');
    return to === 1 ? t('letter.waiting') : t('letter.acknowledged', { some: acknowledged, count: to });
  };
};

const useReceivedState = (): ((letter: ReceivedLetter) => string) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  return ({ copy, at, sentAt, dropped }) => {
    const after = formats.ms(at - sentAt);
    if (copy) return t('letter.copy', { after });
    return dropped > 0 ? t('letter.receivedDropped', { after, count: dropped }) : t('letter.received', { after });
  };
};

const LetterRow = memo(({ letter }: { readonly letter: Letter }) => {
  const { t } = useTranslation('lab');
  const targetName = useTargetName();
  const sentState = useSentState();
  const receivedState = useReceivedState();
  const way =
    letter.kind === 'sent'
      ? t('letter.to', { name: targetName(letter.target) })
      : letter.topic === null
        ? t('letter.from', { name: letter.from })
        : t('letter.fromTopic', { name: letter.from, topic: letter.topic });
  return (
    <li>
      <button type="button" className="letter" data-state={stateOf(letter)} onClick={() => openStory(letter.message)}>
        <span className="letter-icon">
          <StateIcon letter={letter} />
        </span>
        <span className="letter-way">
          {way} <span className="letter-method">{t(`methods.${letter.method}`)}</span>
        </span>
        <span className="letter-text">{letter.text}</span>
        <span className="letter-state">{letter.kind === 'sent' ? sentState(letter) : receivedState(letter)}</span>
      </button>
    </li>
  );
});

export const LetterList = ({ node }: { readonly node: LabNode }) => {
  const { t } = useTranslation('lab');
  const { letters } = useLab((state) => state.model.boxes.get(node.id) ?? emptyBox);
  if (letters.length === 0) return <p className="lab-faint lab-letters-none">{t('letter.none')}</p>;
  return (
    <ul className="lab-letters scroll" aria-label={t('letter.list', { name: node.name })} {...scrollable}>
      {letters.toReversed().map((letter) => (
        <LetterRow key={letter.key} letter={letter} />
      ))}
    </ul>
  );
};
