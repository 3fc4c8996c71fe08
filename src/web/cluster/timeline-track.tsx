/** The timeline's picture: who led when as bands, and marks for what happened. The slider lies over it and takes the hand. */
import { useTranslation } from 'react-i18next';
import { actionWord } from './sequence-action-word.ts';
import { type Band, groupsOf, type Mark, type MarkGroup, type MarkKind, windowMs } from './timeline-marks.ts';

const glyphs = {
  failed: 'M7 1 13 12.5H1zM7 5v3.4M7 10v.8',
  death: 'M2.5 2.5 11.5 11.5M11.5 2.5 2.5 11.5',
  takeover: 'M7 .8 8.9 5l4.5.5-3.4 3 1 4.5L7 10.7 3 13l1-4.5-3.4-3L5.1 5z',
  acted: 'M7 1.5 12.5 7 7 12.5 1.5 7z',
} as const satisfies Record<MarkKind, string>;

export const MarkGlyph = ({ kind }: { readonly kind: MarkKind }) => (
  <svg className="timeline-glyph" data-kind={kind} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
    <path d={glyphs[kind]} />
  </svg>
);

/** A mark in words. */
export const useMarkWords = (): ((group: MarkGroup) => string) => {
  const { t } = useTranslation('cluster');
  const one = ({ kind, server, label, epoch, action }: Mark): string =>
    t(`rewind.marks.${kind}`, {
      server,
      epoch,
      label: label ?? t('sequence.aRequest'),
      action: actionWord(t, action),
    });
  return ({ mark, count }) => {
    const words = one(mark);
    const more = count - 1;
    return more === 0 ? words : t('rewind.more', { count: more, number: more, mark: words });
  };
};

/** Marks nearer than this part of the window are one. */
const apartMs = windowMs / 70;

interface TrackProps {
  readonly from: number;
  readonly bands: readonly Band[];
  readonly marks: readonly Mark[];
}

export const TimelineTrack = ({ from, bands, marks }: TrackProps) => {
  const { t } = useTranslation('cluster');
  const words = useMarkWords();
  const percent = (at: number): string => `${(100 * (at - from)) / windowMs}%`;
  const shown = marks.filter(({ at }) => at >= from && at <= from + windowMs);
  return (
    <div className="timeline-track">
      {bands.map(({ id, server, epoch, from: began, until }) => (
        <span
          key={id}
          className="timeline-band"
          data-odd={epoch % 2 === 1 || undefined}
          data-nobody={server === null || undefined}
          style={{ left: percent(began), width: `${(100 * (until - began)) / windowMs}%` }}
          title={server === null ? t('rewind.ledNobody') : t('rewind.led', { server, epoch })}
        >
          {server !== null && (until - began) / windowMs > 0.05 ? server : null}
        </span>
      ))}
      {groupsOf(shown, apartMs).map((group) => (
        <span
          key={group.mark.id}
          className="timeline-mark"
          data-kind={group.mark.kind}
          style={{ left: percent(group.mark.at) }}
          title={words(group)}
        >
          <MarkGlyph kind={group.mark.kind} />
        </span>
      ))}
    </div>
  );
};
