/** The sequence diagram and what can be done with it: looked at in detail, held, followed, read as a table, saved. */
import './sequence.css';
import { ArrowDownToLine, Pause, Play, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../app/media.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { useCluster, useClusterStore, useNumber } from './hooks.ts';
import { SequenceDiagram } from './sequence-diagram.tsx';
import { SequenceExport } from './sequence-export.tsx';
import { SequenceLegend } from './sequence-legend.tsx';
import { useBuiltSequence } from './sequence-source.ts';
import { SequenceTable } from './sequence-table.tsx';
import { useSequenceWords } from './sequence-words.ts';

/** Heights of a row, from a look at everything to one at each word. */
const rowHeights = [8, 13, 19, 24, 32] as const;
const usual = 3;

/** What is not on the diagram, and why. */
const Missing = ({ leftOut }: { readonly leftOut: number }) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  const notTold = useCluster((state) => state.live.eventsLeftOut);
  return (
    <>
      {leftOut > 0 ? (
        <p className="cluster-note">{t('sequence.leftOut', { count: leftOut, number: number(leftOut) })}</p>
      ) : null}
      {notTold > 0 ? (
        <p className="cluster-note">{t('sequence.notTold', { count: notTold, number: number(notTold) })}</p>
      ) : null}
    </>
  );
};

export const SequencePanel = () => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const narrow = useNarrow();
  const [view, setView] = useState<'diagram' | 'table'>('diagram');
  const [steps, setSteps] = useState(!narrow);
  const [zoom, setZoom] = useState(usual);
  const [paused, setPaused] = useState(false);
  const [follow, setFollow] = useState(true);
  const [chosen, setChosen] = useState<string | null>(null);
  const isPast = useCluster((state) => state.at !== null);
  const built = useBuiltSequence(paused && !isPast);
  const words = useSequenceWords();
  const { sequence } = built;
  const isEmpty = sequence.items.length === 0;
  useEffect(() => {
    // What happened before this page was opened. Without it the diagram begins now, which is no harm.
    store.loadHistory().catch(() => undefined);
  }, [store]);

  return (
    <div className="sequence">
      <div className="sequence-bar">
        <h2 className="cluster-heading">{t('sequence.title')}</h2>
        <fieldset className="cluster-switch" aria-label={t('sequence.view')}>
          {(['diagram', 'table'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>
              {t(`sequence.${one}`)}
            </button>
          ))}
        </fieldset>
        <label className="sequence-steps" title={t('sequence.stepsHint')}>
          <input type="checkbox" checked={steps} onChange={(event) => setSteps(event.target.checked)} />
          {t('sequence.steps')}
        </label>
        <div className="sequence-tools">
          {view === 'diagram' && !follow && !isEmpty ? (
            <Button look="quiet" small onPress={() => setFollow(true)}>
              <ArrowDownToLine size={16} aria-hidden="true" />
              {t('sequence.follow')}
            </Button>
          ) : null}
          <IconButton
            label={t('sequence.zoomOut')}
            isDisabled={zoom === 0}
            onPress={() => setZoom(Math.max(0, zoom - 1))}
          >
            <ZoomOut size={18} aria-hidden="true" />
          </IconButton>
          <IconButton
            label={t('sequence.zoomIn')}
            isDisabled={zoom === rowHeights.length - 1}
            onPress={() => setZoom(Math.min(rowHeights.length - 1, zoom + 1))}
          >
            <ZoomIn size={18} aria-hidden="true" />
          </IconButton>
          <IconButton
            label={paused ? t('sequence.goOn') : t('sequence.pause')}
            aria-pressed={paused}
            onPress={() => setPaused(!paused)}
          >
            {paused ? <Play size={18} aria-hidden="true" /> : <Pause size={18} aria-hidden="true" />}
          </IconButton>
          <SequenceExport built={built} words={words} steps={steps} />
        </div>
      </div>
      <p className="cluster-note">{paused ? t('sequence.paused') : t('sequence.about')}</p>
      {isEmpty ? (
        <p className="sequence-empty">{isPast ? t('sequence.emptyPast') : t('sequence.empty')}</p>
      ) : view === 'diagram' ? (
        <>
          <SequenceDiagram
            sequence={sequence}
            words={words}
            rowPx={rowHeights[zoom]!}
            steps={steps}
            chosen={chosen}
            onChoose={setChosen}
            follow={follow}
            onFollow={setFollow}
          />
          <SequenceLegend />
        </>
      ) : (
        <SequenceTable sequence={sequence} words={words} steps={steps} chosen={chosen} onChoose={setChosen} />
      )}
      <Missing leftOut={sequence.leftOut} />
    </div>
  );
};
