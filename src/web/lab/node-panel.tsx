/** One of this page’s nodes: what it sends, what it hears, and what became of both. */
import './node-panel.css';
import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabNode } from '../../protocol/index.ts';
import { Button } from '../ui/button.tsx';
import { useFormats } from './formats.ts';
import { useLab, useLabStore } from './hooks.ts';
import { LetterList } from './letter-list.tsx';
import { emptyBox } from './letters.ts';
import { NodeMark } from './node-mark.tsx';
import { Refused } from './refused.tsx';
import { SendForm } from './send-form.tsx';

/** What the node has subscribed to, and how it subscribes to more. */
const Topics = ({ node }: { readonly node: LabNode }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const [topic, setTopic] = useState('');
  const subscribe = (event: FormEvent) => {
    event.preventDefault();
    const name = topic.trim();
    if (name === '') return;
    store.subscribeTo(node.id, name, true);
    setTopic('');
  };
  return (
    <form className="lab-topics" onSubmit={subscribe}>
      <span className="lab-topics-title">{t('topics.title')}</span>
      {node.topics.map((name) => (
        <button
          key={name}
          type="button"
          className="lab-chip"
          aria-label={t('topics.leave', { topic: name })}
          onClick={() => store.subscribeTo(node.id, name, false)}
        >
          #{name}
          <X size={12} aria-hidden="true" />
        </button>
      ))}
      <input
        className="lab-input lab-topic-input"
        aria-label={t('topics.name')}
        placeholder={t('topics.example')}
        value={topic}
        maxLength={40}
        onChange={(event) => setTopic(event.target.value)}
      />
      <Button type="submit" look="quiet" small isDisabled={topic.trim() === ''}>
        {t('topics.subscribe')}
      </Button>
    </form>
  );
};

const counted = ['sent', 'confirmed', 'givenUp', 'received', 'copies'] as const;

const Counts = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const box = useLab((state) => state.model.boxes.get(id) ?? emptyBox);
  return (
    <dl className="lab-counts">
      {counted.map((name) => (
        <div key={name}>
          <dt>{t(`counts.${name}`)}</dt>
          <dd>{formats.count(box[name])}</dd>
        </div>
      ))}
    </dl>
  );
};

export const NodePanel = ({ node }: { readonly node: LabNode }) => {
  const { t } = useTranslation('lab');
  return (
    <section className="lab-card lab-panel" aria-label={t('panel.title', { name: node.name })}>
      <header className="lab-panel-head">
        <NodeMark name={node.name} mine />
        <h2 className="lab-card-title">{t('panel.title', { name: node.name })}</h2>
        <span className="lab-faint">{t('panel.via', { server: node.server })}</span>
      </header>
      <Counts id={node.id} />
      <SendForm node={node} />
      <Refused scope={`node ${node.id}`} />
      <Topics node={node} />
      <LetterList node={node} />
    </section>
  );
};
