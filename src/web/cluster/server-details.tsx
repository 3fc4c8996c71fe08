/** One server: what it is, what it says of itself, what it has processed and synchronised, and what can be done to it. */
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerDetails } from '../../protocol/index.ts';
import { IconButton } from '../ui/button.tsx';
import { useReason } from '../ui/problem.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { ConditionMark } from './condition-mark.tsx';
import { ControlTiles } from './control-tiles.tsx';
import { serverControls } from './controls.ts';
import { DetailFacts } from './detail-facts.tsx';
import { useActing, useClusterStore, useDerived, useNumber } from './hooks.ts';
import { serversOf } from './model.ts';
import { useAct } from './use-act.ts';
import { useDetails } from './use-details.ts';

/** So many of a list are shown; the newest. */
const labelsShown = 80;

interface LabelsProps {
  readonly kind: 'processed' | 'synchronised';
  readonly labels: readonly string[];
  readonly count: number;
}

/** What it has processed, or has from others, in the order of the log. */
const Labels = ({ kind, labels, count }: LabelsProps) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  const list = useRef<HTMLOListElement>(null);
  const shown = labels.slice(-labelsShown);
  const newest = shown.at(-1);
  const earlier = count - shown.length;
  useEffect(() => {
    if (newest !== undefined) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);
  return (
    <section className="details-list" data-list={kind}>
      <h3 className="cluster-subheading">
        {t(`details.${kind}`)} <span className="details-count">{number(count)}</span>
      </h3>
      {count === 0 ? (
        <p className="cluster-note">{t(`details.${kind}None`)}</p>
      ) : (
        <ol className="scroll" ref={list} {...scrollable} aria-label={t(`details.${kind}`)}>
          {earlier > 0 ? (
            <li className="details-earlier">{t('details.earlier', { count: earlier, number: number(earlier) })}</li>
          ) : null}
          {shown.map((label) => (
            <li key={label}>{label}</li>
          ))}
        </ol>
      )}
    </section>
  );
};

/** Whether what follows is of the server itself. */
const Source = ({ details, name }: { readonly details: ServerDetails | null; readonly name: string }) => {
  const { t } = useTranslation('cluster');
  if (details === null) return null;
  return (
    <p className="cluster-note">
      {details.askedItself ? t('details.askedItself', { name }) : t('details.notItself', { name })}
    </p>
  );
};

export const ServerDetailsView = ({ name }: { readonly name: string }) => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const acting = useActing();
  const act = useAct();
  const reason = useReason();
  const heading = useRef<HTMLHeadingElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const { details, code } = useDetails(name);
  const shown = useDerived((state) => serversOf(state.shown).find((server) => server.name === name) ?? null);
  const controls = useDerived((state) => (shown === null ? [] : serverControls(shown, state.shown, acting)));
  const [close] = useState(() => () => {
    store.select(null);
    document.querySelector<SVGGElement>(`.map-node[data-server="${CSS.escape(name)}"]`)?.focus();
  });
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const element = panel.current;
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && close();
    element?.addEventListener('keydown', onKey);
    return () => element?.removeEventListener('keydown', onKey);
  }, [close]);
  return (
    <div className="details" data-details={name} ref={panel}>
      <div className="details-head">
        <h2 className="cluster-heading" tabIndex={-1} ref={heading}>
          {name}
        </h2>
        {shown === null ? null : (
          <span className="details-role">
            <ConditionMark condition={shown.condition} />
            {t(`conditions.${shown.condition}`)}
          </span>
        )}
        <IconButton label={t('details.close')} onPress={close}>
          <X size={18} aria-hidden="true" />
        </IconButton>
      </div>
      {shown === null ? (
        <p className="cluster-note">{t('details.gone', { name })}</p>
      ) : (
        <>
          <p className="details-about">{t(`roleAbout.${shown.condition}`)}</p>
          {code === null ? (
            <Source details={details} name={name} />
          ) : (
            <p className="details-unanswered">{reason(code)}</p>
          )}
          <DetailFacts shown={shown} details={details} />
          {details === null ? null : (
            <>
              <Labels kind="processed" labels={details.processed} count={details.processedCount} />
              <Labels kind="synchronised" labels={details.synchronised} count={details.synchronisedCount} />
            </>
          )}
          <h3 className="cluster-subheading">{t('details.controls')}</h3>
          <ControlTiles
            controls={controls}
            server={name}
            act={act}
            slow={{ 'slow-link': shown.faults?.slowLinkMs ?? 0, 'slow-disk': shown.faults?.slowDiskMs ?? 0 }}
          />
        </>
      )}
    </div>
  );
};
