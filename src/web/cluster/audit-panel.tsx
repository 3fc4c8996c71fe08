/**
 * The running proof, as whoever runs the servers keeps it: how many messages were acknowledged, and what each server's
 * own history shows of them. It is always of the present: of the past there is only what was written down.
 */
import './audit.css';
import { CircleCheck, CircleDashed, OctagonX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AuditPanelView } from '../../protocol/index.ts';
import { type AuditedServer, auditedServers, type Verdict, verdictOf } from './audit-verdict.ts';
import { useCluster, useNumber } from './hooks.ts';
import { useClock, useDuration } from './sequence-words.ts';

const marks = { holds: CircleCheck, waiting: CircleDashed, broken: OctagonX } as const satisfies Record<
  Verdict,
  unknown
>;
const figures = ['acknowledged', 'lost', 'doubled', 'outOfOrder', 'strange'] as const;

const VerdictLine = ({ verdict, seconds }: { readonly verdict: Verdict; readonly seconds: number }) => {
  const { t } = useTranslation('cluster');
  const duration = useDuration();
  const Mark = marks[verdict];
  return (
    <p className="audit-verdict" data-verdict={verdict}>
      <Mark size={22} aria-hidden="true" />
      <span>
        <strong>{t(`audit.verdicts.${verdict}`)}</strong>{' '}
        <span className="audit-since">{t('audit.since', { time: duration(seconds * 1_000) })}</span>
      </span>
    </p>
  );
};

const Figures = ({ audit }: { readonly audit: AuditPanelView }) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  return (
    <dl className="audit-figures">
      {figures.map((name) => (
        <div
          key={name}
          data-bad={name !== 'acknowledged' && audit[name] > 0 ? '' : undefined}
          title={name === 'strange' ? t('audit.strangeHint') : undefined}
        >
          <dt>{t(`audit.figures.${name}`)}</dt>
          <dd>{number(audit[name])}</dd>
        </div>
      ))}
    </dl>
  );
};

/** How much of what was acknowledged a server shows. */
const Found = ({ server, count }: { readonly server: AuditedServer; readonly count: number }) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  const { name, state, found } = server;
  const part = found === null || count === 0 ? 0 : Math.min(1, found / count);
  return (
    <li className="audit-server" data-state={state}>
      <span className="audit-name">{name}</span>
      <span className="audit-found">
        {found === null ? t('audit.foundNone') : t('audit.foundOf', { found: number(found), count: number(count) })}
      </span>
      <span className="audit-track" aria-hidden="true">
        <span style={{ width: `${100 * part}%` }} />
      </span>
      {state === 'up' ? null : <span className="audit-state">{t(`audit.states.${state}`)}</span>}
    </li>
  );
};

const shown = 12;

const Fingerprints = ({ audit }: { readonly audit: AuditPanelView }) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  const { fingerprints } = audit;
  if (fingerprints === null) return <p className="cluster-note">{t('audit.fingerprintsNone')}</p>;
  return (
    <section className="audit-prints">
      <h3 className="cluster-subheading">{t('audit.fingerprints', { index: number(fingerprints.index) })}</h3>
      <p className="audit-equal" data-equal={fingerprints.equal}>
        <span className="audit-sign" aria-hidden="true">
          {fingerprints.equal ? '=' : '≠'}
        </span>
        {fingerprints.equal ? t('audit.equal') : t('audit.different')}
      </p>
      <ul>
        {auditedServers(audit).map(({ name, fingerprint, same }) => (
          <li key={name} data-same={same === false ? 'no' : undefined}>
            <span className="audit-name">{name}</span>
            {fingerprint === null ? (
              <span className="cluster-note">{t('audit.fingerprintNone')}</span>
            ) : (
              <code title={fingerprint}>{fingerprint.slice(0, shown)}…</code>
            )}
            {same === null ? null : <span className="audit-same">{same ? t('audit.same') : t('audit.other')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
};

const Notices = ({ notices }: { readonly notices: AuditPanelView['notices'] }) => {
  const { t } = useTranslation('cluster');
  const { second } = useClock();
  if (notices.length === 0) return null;
  return (
    <details className="audit-notices">
      <summary>{t('audit.notices')}</summary>
      <ul>
        {[...notices].reverse().map(({ at, text }) => (
          // What it noticed is told as the audit tells it, in English.
          <li key={`${at} ${text}`} lang="en">
            <time dateTime={new Date(at).toISOString()}>{second(at)}</time> {text}
          </li>
        ))}
      </ul>
    </details>
  );
};

const Running = ({ audit }: { readonly audit: AuditPanelView }) => {
  const { t } = useTranslation('cluster');
  const verdict = verdictOf(audit);
  if (audit.state === 'starting' && verdict === null) return <p className="audit-none">{t('audit.starting')}</p>;
  return (
    <>
      {verdict === null ? null : <VerdictLine verdict={verdict} seconds={audit.seconds} />}
      {audit.state === 'stopped' ? <p className="cluster-note">{t('audit.stopped')}</p> : null}
      <Figures audit={audit} />
      <section>
        <h3 className="cluster-subheading">{t('audit.found')}</h3>
        <ul className="audit-servers">
          {auditedServers(audit).map((server) => (
            <Found key={server.name} server={server} count={audit.acknowledged} />
          ))}
        </ul>
      </section>
      <Fingerprints audit={audit} />
      <Notices notices={audit.notices} />
    </>
  );
};

export const AuditPanel = () => {
  const { t } = useTranslation('cluster');
  const supervisor = useCluster((state) => state.live.supervisor);
  const isPast = useCluster((state) => state.at !== null);
  const isHeard = useCluster((state) => state.live.at > 0);
  const audit = supervisor?.audit ?? null;
  return (
    <div className="audit">
      <h2 className="cluster-heading">{t('audit.title')}</h2>
      <p className="cluster-note">{isPast ? t('audit.present') : t('audit.about')}</p>
      {audit === null ? (
        <p className="audit-none">
          {!isHeard ? t('acting.not-heard') : supervisor === null ? t('audit.none') : t('audit.off')}
        </p>
      ) : (
        <Running audit={audit} />
      )}
    </div>
  );
};
