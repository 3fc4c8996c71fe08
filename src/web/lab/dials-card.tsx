/** The dials: what the links do and how patient PubSub is. Changed by one, seen by all; each change begins a segment. */
import { useTranslation } from 'react-i18next';
import {
  expected,
  type LabSettings,
  methods,
  type NumericSetting,
  numericSettings,
  type PresetName,
  presets,
} from '../../lab/index.ts';
import { useChat } from '../store/hooks.ts';
import { Check } from '../ui/check.tsx';
import { DialField } from './dial-field.tsx';
import { useFormats } from './formats.ts';
import { useLab, useLabStore } from './hooks.ts';
import { Refused } from './refused.tsx';

const presetNames = Object.keys(presets) as readonly PresetName[];

/** What may be expected under these dials, before anything is sent. */
const Expectation = ({ settings }: { readonly settings: LabSettings }) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const both = methods.map((method) => ({ method, theory: expected(method, settings) }));
  return (
    <div className="lab-expectation">
      <table>
        <caption>{t('dials.expectation')}</caption>
        <thead>
          <tr>
            <td />
            {methods.map((method) => (
              <th key={method} scope="col">
                {t(`methods.${method}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('quantities.delivered')}</th>
            {both.map(({ method, theory }) => (
              <td key={method}>{formats.share(theory.delivered)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('quantities.confirmed')}</th>
            {both.map(({ method, theory }) => (
              <td key={method}>{formats.share(method === 'direct' ? null : theory.confirmed)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('quantities.latency')}</th>
            {both.map(({ method, theory }) => (
              <td key={method}>{formats.ms(theory.latencyMs)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('quantities.attempts')}</th>
            {both.map(({ method, theory }) => (
              <td key={method}>{formats.mean(theory.attempts)}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
};

/** Whether this person may turn the dials now, and if not, why. */
const useHeld = (): 'teacher' | 'run' | null => {
  const who = useLab((state) => state.model.dials?.who ?? 'everybody');
  const teacher = useLab((state) => state.model.class?.teacher ?? null);
  const you = useChat((state) => state.you?.id ?? null);
  if (who === 'run') return 'run';
  return who === 'teacher' && teacher !== you ? 'teacher' : null;
};

/** Who turned the dials last, as far as this page knows people. */
const ChangedBy = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation('lab');
  const name = useChat((state) => state.directory.users.get(id)?.name ?? null);
  return name === null ? null : <p className="lab-faint">{t('dials.changedBy', { name })}</p>;
};

export const DialsCard = () => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const dials = useLab((state) => state.model.dials);
  const held = useHeld();
  if (dials === null) return null;
  const { settings, preset, changedBy } = dials;
  const change = (setting: NumericSetting) => (value: number) =>
    void store.say('dials', { what: 'dials', change: { [setting]: value } });
  return (
    <section className="lab-card" aria-label={t('dials.title')}>
      <div className="lab-card-head">
        <h2 className="lab-card-title">{t('dials.title')}</h2>
        <span className="lab-faint">{t('chart.segment', { segment: dials.segment })}</span>
      </div>
      <p className="lab-note">{held === null ? t('dials.about') : t(`dials.held.${held}`)}</p>
      <fieldset className="lab-presets" disabled={held !== null}>
        <legend className="hidden-visually">{t('dials.presets')}</legend>
        {presetNames.map((name) => (
          <button
            key={name}
            type="button"
            className="lab-chip"
            aria-pressed={name === preset}
            onClick={() => store.say('dials', { what: 'preset', name })}
          >
            {t(`presets.${name}`)}
          </button>
        ))}
      </fieldset>
      <div className="lab-dials">
        {numericSettings.map((setting) => (
          <DialField
            key={setting}
            setting={setting}
            settings={settings}
            disabled={held !== null}
            onChange={change(setting)}
          />
        ))}
      </div>
      <Check
        label={t('dials.deduplicate')}
        hint={t('dials.deduplicateAbout')}
        checked={settings.deduplicate}
        disabled={held !== null}
        onChange={(deduplicate) => store.say('dials', { what: 'dials', change: { deduplicate } })}
      />
      <Refused scope="dials" />
      {changedBy === null ? null : <ChangedBy id={changedBy} />}
      <Expectation settings={settings} />
    </section>
  );
};
