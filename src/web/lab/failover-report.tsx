/** What came out of experiment 6: what arrived when, and what was lost by each method. */
import { useTranslation } from 'react-i18next';
import type { LabFailoverView } from '../../protocol/index.ts';
import { ChartTable } from './chart-table.tsx';
import { Plot } from './experiment-plot.tsx';
import { FailoverPlot, failoverPlotHeight } from './failover-plot.tsx';
import { bySecond, killAt } from './failover-tenths.ts';
import { useReportFormats } from './report-formats.ts';

export const FailoverCharts = ({ view, file }: { readonly view: LabFailoverView; readonly file: string }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const kill = killAt(view);
  const [killed, after] = [view.killed ?? '–', view.primaryAfter ?? '–'];
  const killName = t('guided.failover.kill', { server: killed });
  return (
    <>
      <dl className="failover-sums">
        {(['direct', 'pubsub'] as const).map((method) => (
          <div key={method} className={`failover-sum chart-${method}`}>
            <dt>{t('guided.failover.lostBy', { method: t(`methods.${method}`), count: view[method].lost })}</dt>
            <dd>
              {t(`guided.failover.of.${method}`, {
                count: method === 'direct' ? view.direct.sent : view.pubsub.delivered,
              })}
            </dd>
          </div>
        ))}
      </dl>
      <div className="report-charts report-charts-single">
        <Plot
          title={t('guided.failover.title')}
          about={
            kill === null ? undefined : t('guided.failover.about', { server: killed, at: formats.seconds(kill), after })
          }
          keys={(['direct', 'pubsub'] as const).map((method) => ({ look: method, name: t(`methods.${method}`) }))}
          summary={t('guided.failover.summary', {
            at: kill === null ? '–' : formats.seconds(kill),
            direct: formats.ms(view.direct.gapMs),
            pubsub: formats.ms(view.pubsub.gapMs),
          })}
          table={{
            columns: [t('guided.failover.second'), t('methods.direct'), t('methods.pubsub')],
            rows: bySecond(view).map((one) => [
              one.killed ? `${one.second} (${killName})` : String(one.second),
              formats.count(one.direct),
              formats.count(one.pubsub),
            ]),
          }}
          file={`${file}-deliveries`}
          height={failoverPlotHeight}
        >
          {(width) => (
            <FailoverPlot
              view={view}
              width={width}
              names={{ direct: t('methods.direct'), pubsub: t('methods.pubsub') }}
              killName={killName}
              axis={t('guided.failover.axis')}
            />
          )}
        </Plot>
      </div>
    </>
  );
};

const counted = ['sent', 'delivered', 'lost', 'unacknowledged', 'doubled', 'retried'] as const;

export const FailoverTable = ({ view }: { readonly view: LabFailoverView }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  return (
    <ChartTable
      caption={t('guided.figures.title')}
      columns={[t('guided.failover.what'), t('methods.direct'), t('methods.pubsub')]}
      rows={[
        ...counted.map((what) => [
          t(`guided.failover.counts.${what}`),
          formats.count(view.direct[what]),
          formats.count(view.pubsub[what]),
        ]),
        [t('guided.failover.counts.gap'), formats.ms(view.direct.gapMs), formats.ms(view.pubsub.gapMs)],
      ]}
    />
  );
};
