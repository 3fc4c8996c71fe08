/** The diagram's things in words: short beside their lines, and whole sentences for tables, tooltips and screen readers. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/index.ts';
import { useChat } from '../store/hooks.ts';
import { actionWord } from './sequence-action-word.ts';
import { type Item, type Lane, type Note, peopleLane } from './sequence-items.ts';
import type { SvgWords } from './sequence-svg.ts';

export interface SequenceWords extends SvgWords {
  /** A whole sentence. */
  readonly long: (item: Item) => string;
  /** Where it happened. */
  readonly where: (item: Item) => string;
  /** The time of day to the second, for narrow margins. */
  readonly second: (at: number) => string;
  /** What of a second has passed, to the millisecond: `.412`. */
  readonly fraction: (at: number) => string;
}

/** A length of time in the unit that suits it: 4.2 ms, 3.1 s, 2 min. */
export const useDuration = (): ((ms: number) => string) => {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  return useMemo(() => {
    const unit = (name: 'millisecond' | 'second' | 'minute', digits: number) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
    const [tenths, whole] = [unit('millisecond', 1), unit('millisecond', 0)];
    const [secondTenths, seconds, minutes] = [unit('second', 1), unit('second', 0), unit('minute', 0)];
    return (ms) => {
      if (ms < 10) return tenths.format(ms);
      if (ms < 1_000) return whole.format(ms);
      if (ms < 10_000) return secondTenths.format(ms / 1_000);
      if (ms < 120_000) return seconds.format(ms / 1_000);
      return minutes.format(Math.floor(ms / 60_000));
    };
  }, [locale]);
};

/** Times of day: to the second, and to the millisecond. */
export const useClock = (): { readonly second: (at: number) => string; readonly fine: (at: number) => string } => {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  return useMemo(() => {
    const base = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    const [second, fine] = [
      new Intl.DateTimeFormat(locale, base),
      new Intl.DateTimeFormat(locale, { ...base, fractionalSecondDigits: 3 }),
    ];
    return { second: (at) => second.format(at), fine: (at) => fine.format(at) };
  }, [locale]);
};

export const useSequenceWords = (): SequenceWords => {
  const { t } = useTranslation('cluster');
  const people = useChat((state) => state.directory.users);
  const { second, fine } = useClock();
  const duration = useDuration();
  return useMemo(() => {
    const lane = ({ id, kind }: Pick<Lane, 'id' | 'kind'>): string => (kind === 'people' ? t('sequence.people') : id);
    const place = (id: string): string => (id === peopleLane ? t('sequence.people') : id);
    const valuesOf = (item: Item) => ({
      what: item.label ?? t('sequence.aRequest'),
      index: item.index ?? '',
      epoch: item.epoch,
      ...(item.kind === 'arrow'
        ? { from: place(item.from), to: place(item.to) }
        : {
            server: item.lane,
            peer: item.peer ?? t('sequence.noPeer'),
            action: actionWord(t, item.action),
            who: people.get(item.by ?? '')?.name ?? t('sequence.somebody'),
          }),
    });
    const noteSentence = (item: Note): string =>
      item.what === 'synchronised'
        ? t('sequence.long.synchronisedAlone', valuesOf(item))
        : t(`sequence.long.${item.what}`, valuesOf(item));
    const long = (item: Item): string => {
      if (item.kind === 'note') {
        const sentence = noteSentence(item);
        return item.reason === null ? sentence : t('sequence.because', { sentence, reason: item.reason });
      }
      const sentence = t(`sequence.long.${item.what}`, valuesOf(item));
      if (item.fate === 'arrived') return sentence;
      return item.fate === 'lost' ? t('sequence.lostTail', { sentence }) : t('sequence.openTail', { sentence });
    };
    return {
      title: '',
      lane,
      short: (item) => t(`sequence.short.${item.what}`, valuesOf(item)),
      long,
      where: (item) =>
        item.kind === 'note' ? item.lane : t('sequence.between', { from: place(item.from), to: place(item.to) }),
      arrow: (what) => t(`sequence.arrows.${what}`),
      gap: (ms) => t('sequence.gap', { time: duration(ms) }),
      time: fine,
      second,
      fraction: (at) => `.${String(Math.floor(at % 1_000)).padStart(3, '0')}`,
    };
  }, [t, people, second, fine, duration]);
};
