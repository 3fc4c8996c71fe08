/** The live charts: each figure by method, the last twenty samples of it, with what theory expects. */
import { Pause, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabSample } from '../../protocol/index.ts';
import { Button } from '../ui/button.tsx';
import type { LiveChartData } from './chart-draw.ts';
import { ChartFrame, type ChartKey } from './chart-frame.tsx';
import { type ChartBreak, digestOf } from './chart-geometry.ts';
import { LiveChart } from './chart-live.tsx';
import { useFormats } from './formats.ts';
import { useLab } from './hooks.ts';
import {
  breaksOf,
  figureOf,
  type MetricKind,
  metricKinds,
  ownKind,
  type Quantile,
  seriesOf,
  tableSamples,
} from './metrics-data.ts';
import { samplesShown } from './model.ts';
import { Switch } from './switch.tsx';

interface MetricChartProps {
  readonly kind: MetricKind;
  readonly quantile: Quantile;
  readonly samples: readonly LabSample[];
  readonly breaks: readonly ChartBreak[];
}

const everyMs = 500;
const heightPx = 132;
const quantiles = ['p50', 'p95'] as const satisfies readonly Quantile[];

const MetricChart = ({ kind, quantile, samples, breaks }: MetricChartProps) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const { metric, methods, unit, top, least } = kind;
  const format = formats[unit];
  const data = useMemo((): LiveChartData => {
    const names = { direct: t('methods.direct'), pubsub: t('methods.pubsub') };
    const series = seriesOf(kind, quantile, samples, names);
    const seconds = ((samplesShown - 1) * everyMs) / 1_000;
    const ends = [t('chart.ago', { seconds }), t('chart.now')] as const;
    return { series, breaks, points: samplesShown, everyMs, top, least, format, ends };
  }, [kind, quantile, samples, breaks, top, least, format, t]);
  const title = t(`metrics.${metric}.title`);
  const digests = data.series.map((series) => ({ series, ...digestOf(series) }));
  const keys = digests.map(
    ({ series: { look, name }, newest, theory }): ChartKey => ({
      look,
      name,
      value: format(newest),
      theory: theory === null ? undefined : format(theory),
    }),
  );
  const told = digests.map(({ series: { name }, newest, least: low, most, theory }) =>
    newest === null
      ? t('chart.nothing', { name })
      : t(theory === null ? 'chart.told' : 'chart.toldTheory', {
          name,
          newest: format(newest),
          least: format(low),
          most: format(most),
          theory: format(theory),
        }),
  );
  const table = () => ({
    columns: [
      t('chart.time'),
      ...methods.flatMap((method) => {
        const name = t(`methods.${method}`);
        return [name, t('chart.count', { name }), t('chart.theory', { name })];
      }),
    ],
    rows: tableSamples(samples).map((sample) => [
      formats.time(sample.at),
      ...methods.flatMap((method) => {
        const { value, count, theory } = figureOf(metric, quantile, sample[method]);
        return [format(value), formats.count(count), format(theory)];
      }),
    ]),
  });
  return (
    <ChartFrame title={title} about={t(`metrics.${metric}.about`)} keys={keys} table={table}>
      <LiveChart data={data} summary={`${title}. ${told.join(' ')}`} height={heightPx} />
    </ChartFrame>
  );
};

/** What the servers did themselves, apart from what the links were to do. */
const OwnCost = ({ samples, breaks }: Pick<MetricChartProps, 'samples' | 'breaks'>) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const relayLost = useLab((state) => state.model.relayLost);
  const newest = samples.at(-1);
  return (
    <section className="lab-own" aria-label={t('own.title')}>
      <MetricChart kind={ownKind} quantile="p50" samples={samples} breaks={breaks} />
      <div className="lab-own-facts">
        <p className="lab-note">{t('own.about')}</p>
        <dl className="lab-facts">
          <dt>{t('own.inFlight')}</dt>
          <dd>{formats.count(newest?.inFlight ?? 0)}</dd>
          <dt>{t('own.waiting')}</dt>
          <dd>{formats.count(newest?.waiting ?? 0)}</dd>
          <dt>{t('own.relayLost')}</dt>
          <dd>{formats.count(relayLost)}</dd>
        </dl>
      </div>
    </section>
  );
};

export const Metrics = () => {
  const { t } = useTranslation('lab');
  const live = useLab((state) => state.model.samples);
  const turns = useLab((state) => state.model.turns);
  const [paused, setPaused] = useState<readonly LabSample[] | null>(null);
  const [quantile, setQuantile] = useState<Quantile>('p50');
  const samples = paused ?? live;
  const breaks = useMemo(
    () => breaksOf(turns, samples, (segment) => t('chart.segment', { segment })),
    [turns, samples, t],
  );
  return (
    <section className="lab-metrics" aria-label={t('metrics.title')}>
      <div className="lab-card-head">
        <h2 className="lab-card-title">{t('metrics.title')}</h2>
        <div className="lab-card-tools">
          <Switch
            title={t('metrics.quantile')}
            value={quantile}
            options={quantiles.map((value) => ({ value, text: t(`metrics.${value}`) }))}
            onChange={setQuantile}
          />
          <Button look="quiet" small onPress={() => setPaused(paused === null ? live : null)}>
            {paused === null ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
            {paused === null ? t('metrics.pause') : t('metrics.go')}
          </Button>
        </div>
      </div>
      {samples.length === 0 ? <p className="lab-note">{t('metrics.empty')}</p> : null}
      <div className="lab-charts">
        {metricKinds.map((kind) => (
          <MetricChart key={kind.metric} kind={kind} quantile={quantile} samples={samples} breaks={breaks} />
        ))}
        <OwnCost samples={samples} breaks={breaks} />
      </div>
    </section>
  );
};
