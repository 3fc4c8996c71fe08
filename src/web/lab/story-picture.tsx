/** The space-time diagram of a message, drawn. What it shows stands in the table below it, too. */
import { useTranslation } from 'react-i18next';
import type { LabStory } from '../../protocol/index.ts';
import { useNarrow } from '../app/media.ts';
import { useFormats } from './formats.ts';
import { type Crossing, diagramOf } from './story-diagram.ts';

/** The picture is drawn in its own pixels: what is written in it stays as large as it is. */
const widths = { narrow: 320, wide: 590 } as const;

/** As high as there are attempts to tell apart. */
const heightOf = (story: LabStory): number =>
  Math.min(520, 240 + 34 * new Set(story.attempts.map((a) => a.attempt)).size);

/** The tip of an arrow at the end of a line. */
const tip = ({ from, to }: Crossing): string => {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const at = (turn: number): string => `${to[0] + 8 * Math.cos(angle + turn)} ${to[1] + 8 * Math.sin(angle + turn)}`;
  return `M${at(Math.PI - 0.45)}L${to[0]} ${to[1]}L${at(Math.PI + 0.45)}`;
};

const CrossingLine = ({ crossing }: { readonly crossing: Crossing }) => {
  const { kind, lost, copy, open, from, to, attempt } = crossing;
  return (
    <g className="story-crossing" data-kind={kind} data-lost={lost || undefined} data-open={open || undefined}>
      <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
      {lost ? <path className="story-lost" d={`M${to[0] - 5} ${to[1] - 5}l10 10m0 -10l-10 10`} /> : null}
      {lost || open ? null : <path className="story-tip" d={tip(crossing)} />}
      {kind === 'data' && !lost && !open ? (
        <circle className="story-arrival" data-copy={copy || undefined} cx={to[0]} cy={to[1]} r={5} />
      ) : null}
      {kind === 'data' ? (
        <text className="story-attempt" x={from[0] + 8} y={from[1] - 5}>
          {attempt + 1}
        </text>
      ) : null}
    </g>
  );
};

export const StoryPicture = ({ story, summary }: { readonly story: LabStory; readonly summary: string }) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const width = widths[useNarrow() ? 'narrow' : 'wide'];
  const diagram = diagramOf(story, width, heightOf(story));
  const { lanes, ticks, crossings, end, height } = diagram;
  const last = lanes.at(-1)!.x;
  return (
    <>
      <svg
        className={`story-picture chart-${story.method}`}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={summary}
      >
        {ticks.map(({ y, ms }) => (
          <g key={ms}>
            <line className="story-grid" x1={lanes[0]!.x} x2={last} y1={y} y2={y} />
            <text className="story-time" x={lanes[0]!.x - 8} y={y} dy="0.32em">
              {formats.ms(ms)}
            </text>
          </g>
        ))}
        {lanes.map(({ id, name, x }) => (
          <g key={id}>
            <line className="story-lane" x1={x} x2={x} y1={34} y2={height - 8} />
            <text className="story-name" x={x} y={22}>
              {name.length > 12 ? `${name.slice(0, 11)}…` : name}
            </text>
          </g>
        ))}
        {crossings.map((crossing) => (
          <CrossingLine key={crossing.key} crossing={crossing} />
        ))}
        {end === null ? null : (
          <g className="story-end" data-confirmed={end.confirmed || undefined}>
            <rect x={lanes[0]!.x - 6} y={end.y - 6} width={12} height={12} />
            <text x={lanes[0]!.x + 12} y={Math.min(height - 6, end.y + 14)}>
              {t(end.confirmed ? 'story.confirmed' : 'story.givenUp')}
            </text>
          </g>
        )}
      </svg>
      {diagram.without > 0 ? <p className="lab-faint">{t('story.without', { count: diagram.without })}</p> : null}
      <ul className={`story-keys chart-${story.method}`}>
        {(['arrived', 'copy', 'ack', 'lost'] as const).map((key) => (
          <li key={key}>
            <svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true">
              <g
                className="story-crossing"
                data-kind={key === 'ack' ? 'ack' : 'data'}
                data-lost={key === 'lost' || undefined}
              >
                <line x1="1" y1="6" x2={key === 'lost' ? 16 : 22} y2="6" />
                {key === 'lost' ? <path className="story-lost" d="M12 2l8 8m0 -8l-8 8" /> : null}
                {key === 'arrived' || key === 'copy' ? (
                  <circle className="story-arrival" data-copy={key === 'copy' || undefined} cx="22" cy="6" r="4.5" />
                ) : null}
                {key === 'ack' ? <path className="story-tip" d="M16 2L22 6L16 10" /> : null}
              </g>
            </svg>
            {t(`story.keys.${key}`)}
          </li>
        ))}
      </ul>
    </>
  );
};
