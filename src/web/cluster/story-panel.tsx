/** The scenario player: chooses one, plays it on the running servers, and says at each step what happens and why it is safe. */
import './story-panel.css';
import { Check, Play, Square, X } from 'lucide-react';
import { useEffect, useId, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { useReason } from '../ui/problem.tsx';
import type { Acting } from './acting.ts';
import { useActing, useClusterStore, useDerived } from './hooks.ts';
import type { PlayerState } from './scenario-player.ts';
import { notesOf, requestOf, type ScenarioId, scenarioIds, scenarios, stepKey } from './scenario-steps.ts';

/** Why one cannot be played now; null when it can. */
const useWhyNot = (acting: Acting): ((id: ScenarioId) => string | null) => {
  const { t } = useTranslation('cluster');
  const ready = useDerived(({ live }) => ({ 1: notesOf(live, 1), 2: notesOf(live, 2), 3: notesOf(live, 3) }));
  return (id) => {
    const { breaks, servers } = scenarios[id];
    const why = acting.requests ?? (breaks ? acting.processes : null);
    if (why !== null) return t(`acting.${why}`);
    return ready[servers as 1 | 2 | 3] === null ? t('story.notNow', { count: servers }) : null;
  };
};

/** After so long a step is said to take long. It goes on all the same. */
const longMs = 20_000;

const Waiting = ({ step }: { readonly step: string }) => {
  const { t } = useTranslation('cluster');
  const [long, setLong] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setLong(step), longMs);
    return () => clearTimeout(timer);
  }, [step]);
  return <p className="story-waiting">{long === step ? t('story.long') : t('story.waiting')}</p>;
};

const Steps = ({ state }: { readonly state: Exclude<PlayerState, { kind: 'idle' }> }) => {
  const { t } = useTranslation('cluster');
  const { id, notes, step: current, kind } = state;
  const label = useDerived(({ live }) => requestOf(live, notes)?.label ?? null);
  const { steps } = scenarios[id];
  const shown = steps.slice(0, current + 1);
  return (
    <ol className="story-steps" aria-live="polite">
      {shown.map((step, at) => {
        const isOver = at < current || kind === 'done';
        const broke = at === current && (kind === 'failed' || kind === 'stopped');
        return (
          <li key={step.id} data-over={isOver || undefined} data-current={at === current || undefined}>
            <span className="story-mark" aria-hidden="true">
              {isOver ? <Check size={13} strokeWidth={3} /> : broke ? <X size={13} strokeWidth={3} /> : at + 1}
            </span>
            <p>{t(`scenarios.${stepKey(id, step)}`, { ...notes, request: label ?? t('story.theRequest') })}</p>
          </li>
        );
      })}
    </ol>
  );
};

const Outcome = ({ state }: { readonly state: PlayerState }) => {
  const { t } = useTranslation('cluster');
  const reason = useReason();
  return (
    <p className="story-outcome" role="status" data-kind={state.kind}>
      {state.kind === 'done' ? t('story.done') : null}
      {state.kind === 'stopped' ? t('story.stopped') : null}
      {state.kind === 'failed'
        ? state.code === null
          ? t('story.notRefused')
          : t('story.failed', { reason: reason(state.code) })
        : null}
    </p>
  );
};

export const StoryPanel = () => {
  const { t } = useTranslation('cluster');
  const { player } = useClusterStore();
  const state = useSyncExternalStore(player.subscribe, player.get);
  const [chosen, setChosen] = useState<ScenarioId>('failing');
  const acting = useActing();
  const whyNot = useWhyNot(acting)(chosen);
  const id = useId();
  const playing = state.kind === 'playing';
  return (
    <div className="story">
      <div className="story-head">
        <h2 className="cluster-heading" id={id}>
          {t('panels.story')}
        </h2>
        <select
          className="story-choice"
          aria-labelledby={id}
          value={chosen}
          disabled={playing}
          onChange={(event) => setChosen(event.target.value as ScenarioId)}
        >
          {scenarioIds.map((one) => (
            <option key={one} value={one}>
              {t(`scenarios.${one}.title`)}
            </option>
          ))}
        </select>
        {playing ? (
          <Button look="quiet" onPress={() => player.stop()}>
            <Square size={16} aria-hidden="true" />
            {t('story.stop')}
          </Button>
        ) : (
          <Button isDisabled={whyNot !== null} aria-describedby={`${id}-why`} onPress={() => player.play(chosen)}>
            <Play size={16} aria-hidden="true" />
            {t('story.play')}
          </Button>
        )}
      </div>
      {playing ? null : (
        <p className="cluster-note" id={`${id}-why`}>
          {whyNot ?? t(`scenarios.${chosen}.about`)}
        </p>
      )}
      {state.kind === 'idle' ? null : <Steps state={state} />}
      {playing ? <Waiting step={`${state.id} ${state.step}`} /> : <Outcome state={state} />}
    </div>
  );
};
