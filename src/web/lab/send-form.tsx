/** How a node sends: to whom, by which method, and once or in a burst. */
import { Send, Square } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabMethod, LabNode } from '../../protocol/index.ts';
import { Button } from '../ui/button.tsx';
import { useFormats } from './formats.ts';
import { useLab, useLabStore } from './hooks.ts';
import type { Target } from './letters.ts';
import { topicsOf } from './model.ts';
import { Switch } from './switch.tsx';

const methods = ['direct', 'pubsub'] as const satisfies readonly LabMethod[];

/** A target as the value of an option, and back. */
const optionOf = (target: Target): string => ('node' in target ? `node ${target.node}` : `topic ${target.topic}`);
const targetOf = (value: string): Target =>
  value.startsWith('node ') ? { node: value.slice(5) } : { topic: value.slice(6) };

interface Burst {
  readonly count: number;
  /** Null: as fast as the window lets through. */
  readonly perSecond: number | null;
}

interface BurstFieldsProps {
  readonly burst: Burst;
  readonly onChange: (burst: Burst) => void;
}

/** A number from a field; null while there is none in it. */
const numberIn = (text: string): number | null =>
  text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);

const BurstFields = ({ burst, onChange }: BurstFieldsProps) => {
  const { t } = useTranslation('lab');
  return (
    <div className="lab-burst">
      <label className="lab-label">
        {t('burst.count')}
        <input
          className="lab-input"
          type="number"
          min={1}
          value={burst.count}
          onChange={({ target }) => onChange({ ...burst, count: Math.max(1, Math.round(numberIn(target.value) ?? 1)) })}
        />
      </label>
      <label className="lab-label">
        {t('burst.perSecond')}
        <input
          className="lab-input"
          type="number"
          min={0}
          step="any"
          placeholder={t('burst.fast')}
          value={burst.perSecond ?? ''}
          onChange={({ target }) => {
            const perSecond = numberIn(target.value);
            onChange({ ...burst, perSecond: perSecond !== null && perSecond > 0 ? perSecond : null });
          }}
        />
      </label>
    </div>
  );
};

/** To whom one can send: each other node, and each topic. */
const useTargets = (node: LabNode): readonly { readonly value: string; readonly text: string }[] => {
  const { t } = useTranslation('lab');
  const nodes = useLab((state) => state.model.nodes);
  const others = [...nodes.values()].filter(({ id }) => id !== node.id);
  return [
    ...others.map(({ id, name }) => ({ value: optionOf({ node: id }), text: t('send.node', { name }) })),
    ...topicsOf(nodes).map(([topic, count]) => ({
      value: optionOf({ topic }),
      text: t('send.topic', { topic, count }),
    })),
  ];
};

export const SendForm = ({ node }: { readonly node: LabNode }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const formats = useFormats();
  const targets = useTargets(node);
  const [chosen, setChosen] = useState<string | null>(null);
  const [method, setMethod] = useState<LabMethod>('pubsub');
  const [text, setText] = useState('');
  const [burst, setBurst] = useState<Burst | null>(null);
  const value = targets.some((target) => target.value === chosen) ? chosen : (targets[0]?.value ?? null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (value === null) return;
    const { count, perSecond } = burst ?? { count: 1, perSecond: null };
    const more = burst === null ? {} : { count, ...(perSecond === null ? {} : { perSecond }) };
    store.send({ node: node.id, method, to: targetOf(value), text: text.trim() || t('send.hello'), ...more });
    if (burst === null) setText('');
  };
  if (value === null) return <p className="lab-note lab-alone">{t('send.alone')}</p>;
  const label =
    burst === null
      ? t('send.send')
      : burst.perSecond === null
        ? t('burst.sendFast', { count: burst.count })
        : t('burst.send', { count: burst.count, rate: formats.rate(burst.perSecond) });
  return (
    <form className="lab-send" onSubmit={send}>
      <div className="lab-send-line">
        <label className="lab-label">
          {t('send.to')}
          <select className="lab-select" value={value} onChange={({ target }) => setChosen(target.value)}>
            {targets.map((target) => (
              <option key={target.value} value={target.value}>
                {target.text}
              </option>
            ))}
          </select>
        </label>
        <div className="lab-label">
          <span aria-hidden="true">{t('send.by')}</span>
          <Switch
            title={t('send.by')}
            value={method}
            options={methods.map((name) => ({ value: name, text: t(`methods.${name}`) }))}
            onChange={setMethod}
          />
        </div>
      </div>
      <p className="lab-faint">{t(`send.${method}`)}</p>
      <input
        className="lab-input"
        aria-label={t('send.text')}
        placeholder={t('send.hello')}
        value={text}
        maxLength={200}
        onChange={({ target }) => setText(target.value)}
      />
      {burst === null ? null : <BurstFields burst={burst} onChange={setBurst} />}
      <div className="lab-send-line">
        <Button type="submit" small>
          <Send size={14} aria-hidden="true" />
          {label}
        </Button>
        <Button
          look="quiet"
          small
          aria-pressed={burst !== null}
          onPress={() => setBurst(burst === null ? { count: 100, perSecond: 20 } : null)}
        >
          {t('burst.title')}
        </Button>
        {burst === null ? null : (
          <Button look="quiet" small onPress={() => store.say(`node ${node.id}`, { what: 'stop', node: node.id })}>
            <Square size={14} aria-hidden="true" />
            {t('burst.stop')}
          </Button>
        )}
      </div>
    </form>
  );
};
