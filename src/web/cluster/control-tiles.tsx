/**
 * The controls: a tile each, which says what it will do or why it cannot, and does it at once when pressed. Tiles that
 * cannot be used keep the focus and their reason, so that they can be read by those who do not see them.
 */
import './control-tiles.css';
import {
  ArrowRightLeft,
  Eraser,
  HardDrive,
  Link2,
  Minus,
  Pause,
  Play,
  Plus,
  RefreshCw,
  RotateCw,
  Skull,
  Snail,
  Unlink,
} from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClusterAction } from '../../protocol/index.ts';
import { useReason } from '../ui/problem.tsx';
import type { Control } from './controls.ts';
import { slowSteps } from './controls.ts';
import { useNumber } from './hooks.ts';
import type { Act, ActResult } from './use-act.ts';

const icons = {
  kill: Skull,
  pause: Pause,
  resume: Play,
  restart: RotateCw,
  'cut-link': Unlink,
  'heal-link': Link2,
  'slow-link': Snail,
  'slow-disk': HardDrive,
  wipe: Eraser,
  add: Plus,
  remove: Minus,
  'step-down': ArrowRightLeft,
  roll: RefreshCw,
} as const satisfies Record<ClusterAction, unknown>;

/** Why a control cannot be used, in words. */
const useWhy = (): ((why: NonNullable<Control['why']>) => string) => {
  const { t } = useTranslation('cluster');
  return (why) => {
    switch (why) {
      case 'past':
      case 'not-heard':
      case 'role':
      case 'chaos-off':
      case 'no-supervisor':
        return t(`acting.${why}`);
      default:
        return t(`why.${why}`);
    }
  };
};

interface TileProps {
  readonly control: Control;
  /** Of a server; null of the cluster. */
  readonly server: string | null;
  readonly act: Act;
  /** Said already above all of them: not repeated on each. */
  readonly common: Control['why'];
}

const Tile = ({ control: { action, why }, server, act, common }: TileProps) => {
  const { t } = useTranslation('cluster');
  const words = useWhy();
  const id = useId();
  const Icon = icons[action];
  const off = why !== null;
  return (
    <button
      type="button"
      className="tile"
      data-action={action}
      data-busy={act.busy === action || undefined}
      aria-disabled={off || undefined}
      aria-describedby={id}
      onClick={() => {
        if (!off && act.busy === null) void act.run(action, server === null ? {} : { server });
      }}
    >
      <Icon size={18} aria-hidden="true" />
      <span className="tile-name">{t(`actions.${action}`)}</span>
      <span className="tile-about" id={id}>
        {off && why !== common ? words(why) : t(`actionsAbout.${action}`)}
      </span>
    </button>
  );
};

interface SlowTileProps extends TileProps {
  readonly control: Control & { readonly action: 'slow-link' | 'slow-disk' };
  readonly server: string;
  /** What it is now. */
  readonly ms: number;
}

const SlowTile = ({ control: { action, why }, server, act, ms, common }: SlowTileProps) => {
  const { t } = useTranslation('cluster');
  const words = useWhy();
  const number = useNumber();
  const id = useId();
  const Icon = icons[action];
  const off = why !== null;
  return (
    <div className="tile tile-choice" data-action={action} aria-disabled={off || undefined}>
      <Icon size={18} aria-hidden="true" />
      <span className="tile-name" id={`${id}-name`}>
        {t(`actions.${action}`)}
      </span>
      <span className="tile-about" id={id}>
        {off && why !== common ? words(why) : t(`actionsAbout.${action}`)}
      </span>
      <fieldset className="cluster-switch" aria-labelledby={`${id}-name`} aria-describedby={id}>
        {slowSteps[action].map((step) => (
          <button
            key={step}
            type="button"
            aria-pressed={ms === step}
            aria-disabled={off || undefined}
            onClick={() => {
              if (!off && act.busy === null) void act.run(action, { server, ms: step });
            }}
          >
            {step === 0 ? t('actionsSlow.none') : t('actionsSlow.ms', { number: number(step) })}
          </button>
        ))}
      </fieldset>
    </div>
  );
};

/** Of two that take each other's place: the tile stays, and with it the focus of whoever pressed it. */
const placeOf = (action: ClusterAction): ClusterAction =>
  action === 'resume' ? 'pause' : action === 'heal-link' ? 'cut-link' : action;

/** Which sentence says that it was done: that of a slowness which is over is another one. */
const doneKey = ({ action, ms }: Extract<ActResult, { kind: 'done' }>) =>
  ms === 0 && (action === 'slow-link' || action === 'slow-disk') ? (`${action}-over` as const) : action;

/** What came of the last one; there is room for it before there is anything to say. */
const Result = ({ result }: { readonly result: ActResult | null }) => {
  const { t } = useTranslation('cluster');
  const reason = useReason();
  const number = useNumber();
  return (
    <div className="act-result" role="status" data-kind={result?.kind}>
      {result === null ? null : result.kind === 'done' ? (
        t(`done.${doneKey(result)}`, { name: result.server ?? '', number: number(result.ms ?? 0) })
      ) : (
        <>
          <strong>{t('done.refused')}</strong> {reason(result.code)}
          {result.detail === null ? null : (
            <span className="act-detail" lang="en">
              {result.detail}
            </span>
          )}
        </>
      )}
    </div>
  );
};

interface ControlTilesProps {
  readonly controls: readonly Control[];
  readonly server: string | null;
  readonly slow?: { readonly 'slow-link': number; readonly 'slow-disk': number };
  readonly act: Act;
}

export const ControlTiles = ({ controls, server, slow, act }: ControlTilesProps) => {
  const words = useWhy();
  const { t } = useTranslation('cluster');
  const [first] = controls;
  const common = first?.why && controls.every(({ why }) => why === first.why) ? first.why : null;
  return (
    <>
      {common === null ? null : <p className="cluster-note">{words(common)}</p>}
      <Result result={act.result} />
      <fieldset className="tiles" aria-label={t('details.controls')}>
        {controls.map((control) => {
          const { action } = control;
          return server !== null && (action === 'slow-link' || action === 'slow-disk') ? (
            <SlowTile
              key={action}
              control={{ ...control, action }}
              server={server}
              act={act}
              ms={slow?.[action] ?? 0}
              common={common}
            />
          ) : (
            <Tile key={placeOf(action)} control={control} server={server} act={act} common={common} />
          );
        })}
      </fieldset>
    </>
  );
};
