/** Numbered requests: sending them, one or many, whole or failing, and what became of each on which server. */
import './requests-panel.css';
import { Flame, Send } from 'lucide-react';
import { useId, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { useReason } from '../ui/problem.tsx';
import { useActing, useCluster, useClusterStore, useNumber } from './hooks.ts';
import { deskLimits, type RequestDesk, type Sent } from './request-desk.ts';
import { RequestsList } from './requests-list.tsx';

const counts = [1, 10, 100] as const;

/** One that has no answer yet. */
const OpenRequest = ({ one }: { readonly one: Sent }) => {
  const { t } = useTranslation('cluster');
  const reason = useReason();
  const words =
    one.state === 'refused' && one.code !== null
      ? t('requests.refused', { reason: reason(one.code) })
      : t(one.state === 'again' ? 'requests.again' : one.fail ? 'requests.waitingToFail' : 'requests.waiting');
  return (
    <li className="request-open" data-state={one.state}>
      {words}
    </li>
  );
};

const shownOpen = 4;

const OpenRequests = ({ open, onClear }: { readonly open: readonly Sent[]; readonly onClear: () => void }) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  if (open.length === 0) return null;
  // What was refused is what somebody has to read.
  const first = [...open].sort((a, b) => Number(b.state === 'refused') - Number(a.state === 'refused'));
  const more = open.length - shownOpen;
  return (
    <div className="requests-open">
      <ul role="status">
        {first.slice(0, shownOpen).map((one) => (
          <OpenRequest key={one.id} one={one} />
        ))}
        {more > 0 ? <li>{t('requests.moreOpen', { count: more, number: number(more) })}</li> : null}
      </ul>
      {open.some(({ state }) => state === 'refused') ? (
        <Button look="bare" onPress={onClear}>
          {t('requests.clear')}
        </Button>
      ) : null}
    </div>
  );
};

/** How many at once. */
const Count = ({ value, onChange }: { readonly value: number; readonly onChange: (count: number) => void }) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  return (
    <div className="requests-count">
      <span aria-hidden="true">{t('requests.atOnce')}</span>
      <fieldset className="cluster-switch" aria-label={t('requests.atOnce')}>
        {counts.map((count) => (
          <button key={count} type="button" aria-pressed={count === value} onClick={() => onChange(count)}>
            {t('requests.times', { number: number(count) })}
          </button>
        ))}
      </fieldset>
    </div>
  );
};

const Rate = ({ desk, disabled }: { readonly desk: RequestDesk; readonly disabled: boolean }) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  const { rate, heldBack } = useSyncExternalStore(desk.subscribe, desk.get);
  const id = useId();
  return (
    <div className="requests-rate">
      <label htmlFor={id}>{t('requests.rate')}</label>
      <output htmlFor={id}>
        {rate === 0 ? t('requests.rateOff') : t('requests.rateValue', { number: number(rate) })}
      </output>
      <input
        id={id}
        type="range"
        min={0}
        max={deskLimits.rate}
        step={1}
        value={rate}
        disabled={disabled}
        aria-valuetext={t('requests.rateValue', { number: number(rate) })}
        onChange={(event) => desk.setRate(Number(event.target.value))}
      />
      {heldBack ? <p className="requests-held">{t('requests.heldBack')}</p> : null}
    </div>
  );
};

export const RequestsPanel = () => {
  const { t } = useTranslation('cluster');
  const { desk } = useClusterStore();
  const { open } = useSyncExternalStore(desk.subscribe, desk.get);
  const [count, setCount] = useState(1);
  const acting = useActing();
  const primary = useCluster((state) => state.shown.topology?.primary ?? null);
  /** Nobody could complete what the only server dies of. */
  const alone = useCluster((state) => state.shown.topology?.servers.length === 1);
  const why = useId();
  const whyFail = acting.requests ?? acting.processes;
  return (
    <div className="requests">
      <h2 className="cluster-heading">{t('panels.requests')}</h2>
      <p className="cluster-note">{t('requests.about')}</p>
      <div className="requests-send">
        <Button isDisabled={acting.requests !== null} onPress={() => desk.send(count, false)}>
          <Send size={18} aria-hidden="true" />
          {t('requests.send')}
        </Button>
        <Count value={count} onChange={setCount} />
        <Button
          look="danger"
          isDisabled={whyFail !== null || alone}
          aria-describedby={why}
          onPress={() => desk.send(1, true)}
        >
          <Flame size={18} aria-hidden="true" />
          {t('requests.sendFailing')}
        </Button>
        <p className="cluster-note" id={why}>
          {whyFail !== null
            ? t(`acting.${whyFail}`)
            : alone
              ? t('cannot.alone')
              : primary === null
                ? t('requests.failingAnyone')
                : t('requests.failing', { name: primary })}
        </p>
      </div>
      <Rate desk={desk} disabled={acting.requests !== null} />
      <OpenRequests open={open} onClear={() => desk.clear()} />
      <RequestsList />
    </div>
  );
};
